/* SPDX-License-Identifier: MIT */
#ifndef PILAR_BUF_H
#define PILAR_BUF_H

#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * Bytes that grow up to a limit named at birth. The first failure
 * (ERR_NOMEM, ERR_TOOBIG) is kept in `failed` and every later call does
 * nothing, so an emitter asks once, at its end.
 */
struct buf {
	char *p; /* always NUL-terminated when not NULL */
	size_t n, cap, max;
	enum err failed;
};

#define BUF_INIT(limit) ((struct buf){ .max = (limit) })

/* What is added is copied. */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *cstr);
void buf_addstr(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* Big-endian integers and length-prefixed (u32) text, for stored values. */
void buf_u8(struct buf *b, uint8_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_text(struct buf *b, struct str s);

/* Lent until the next change. */
struct str buf_str(const struct buf *b);
void buf_reset(struct buf *b); /* empty, failure forgotten, memory kept */
void buf_release(struct buf *b);
/*
 * Hands the text to an arena and releases the buffer. `p` is NULL when memory
 * was out; of what was too big there is what fitted: ask `failed` before.
 */
struct arena;
struct str buf_give(struct buf *b, struct arena *a);

/*
 * Reads what the four writers above wrote. After the first failure `failed` is
 * ERR_CORRUPT and every getter returns 0 or the empty text. Text is lent from
 * the bytes being read.
 */
struct rd {
	struct str rest;
	enum err failed;
};

#define RD_INIT(s) ((struct rd){ .rest = (s) })
uint8_t rd_u8(struct rd *r);
uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
struct str rd_text(struct rd *r);
struct str rd_bytes(struct rd *r, size_t n);
bool rd_done(const struct rd *r); /* everything read, nothing failed */

#endif
