/* SPDX-License-Identifier: MIT */
#ifndef PILAR_UTF8_H
#define PILAR_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/buf.h"
#include "pilar/str.h"

/* Text tables are utf8proc's; nothing here depends on the locale. */

bool utf8_valid(struct str s);
/* Where its first byte stands that is none; SIZE_MAX: nowhere. */
size_t utf8_wrong(struct str s);

/*
 * Decodes the code point at `*at` and moves `*at` behind it. A byte that
 * cannot begin or go on a sequence gives U+FFFD and moves one byte.
 */
uint32_t utf8_next(struct str s, size_t *at);
size_t utf8_encode(uint32_t cp, char out[4]); /* 0 when not a scalar value */

/* Number of code points. */
size_t utf8_count(struct str s);

/* Byte index of the cluster boundary after / before `at`. */
size_t utf8_cluster_next(struct str s, size_t at);
size_t utf8_cluster_prev(struct str s, size_t at);

/* Terminal columns. */
size_t utf8_width(struct str s);
/* The longest start of `s` that takes at most `columns`, in bytes. */
size_t utf8_fit(struct str s, size_t columns);
/* Takes the next line of at most `columns` off `rest`, at a blank where there
 * is one or at a newline. False at the end. */
bool utf8_wrap(struct str *rest, size_t columns, struct str *line);

/* Normal form C; invalid bytes become U+FFFD. p == NULL when memory is out. */
struct str utf8_nfc(struct arena *a, struct str s);

/* Appends UTF-16 as UTF-8; unpaired halves become U+FFFD. */
void utf8_add_utf16(struct buf *out, struct str bytes, bool big_endian);
/* The same of text in which bytes that are no UTF-8 are Windows-1252. */
void utf8_add_windows(struct buf *out, struct str bytes);

/* Case folded, diacritics off, compatibility forms resolved: for searching. */
struct str utf8_fold(struct arena *a, struct str s);

/* May this code point stand in text shown on a terminal? */
bool utf8_printable(uint32_t cp);

/*
 * Appends `s` with everything that could steer a terminal (C0, DEL, C1, bidi
 * controls, unassigned, invalid bytes) shown as U+FFFD; newline and tab become
 * one blank. Every text that leaves the program for a person passes here.
 */
void utf8_clean(struct buf *out, struct str s);

#endif
