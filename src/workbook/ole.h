/* SPDX-License-Identifier: MIT */
#ifndef WORKBOOK_OLE_H
#define WORKBOOK_OLE_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"

/* Little-endian numbers; 0 behind the end of the bytes. */
uint16_t le16(struct str s, size_t at);
uint32_t le32(struct str s, size_t at);

/* UTF-16LE as UTF-8, in the arena; unpaired halves become U+FFFD. */
struct str utf16_text(struct arena *a, struct str bytes);

/*
 * A stream of a compound file (MS-CFB), which old office programs keep their
 * documents in. ERR_NOTFOUND: no stream of that name; ERR_CORRUPT: no
 * compound file, or a broken one; ERR_TOOBIG: larger than 7 MB.
 */
enum err ole_stream(struct arena *a, struct str file, const char *name,
		    struct str *out) MUST_CHECK;

#endif
