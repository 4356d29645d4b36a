/* SPDX-License-Identifier: MIT */
#include "pilar/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/arena.h"

/* Makes room for `n` more bytes and a NUL. */
static bool room(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 64;
	char *p;

	if (b->failed)
		return false;
	if (n > b->max || b->n > b->max - n) {
		b->failed = ERR_TOOBIG;
		return false;
	}
	if (b->p && b->cap - b->n > n)
		return true;
	while (cap - b->n <= n)
		cap *= 2;
	p = realloc(b->p, cap);
	if (!p) {
		b->failed = ERR_NOMEM;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (!room(b, n))
		return;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_adds(struct buf *b, const char *cstr)
{
	buf_add(b, cstr, strlen(cstr));
}

void buf_addstr(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !room(b, (size_t)n))
		return;
	va_start(args, format);
	vsnprintf(b->p + b->n, (size_t)n + 1, format, args);
	va_end(args);
	b->n += (size_t)n;
}

void buf_u8(struct buf *b, uint8_t v)
{
	buf_add(b, &v, 1);
}

static void put_be(struct buf *b, uint64_t v, size_t bytes)
{
	uint8_t out[8];

	for (size_t i = 0; i < bytes; i++)
		out[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
	buf_add(b, out, bytes);
}

void buf_u32(struct buf *b, uint32_t v)
{
	put_be(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	put_be(b, v, 8);
}

void buf_text(struct buf *b, struct str s)
{
	if (s.n > UINT32_MAX) {
		b->failed = b->failed ? b->failed : ERR_TOOBIG;
		return;
	}
	buf_u32(b, (uint32_t)s.n);
	buf_addstr(b, s);
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->failed = ERR_NONE;
	if (b->p)
		b->p[0] = '\0';
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}

struct str buf_give(struct buf *b, struct arena *a)
{
	struct str out = { NULL, 0 };

	if (b->failed != ERR_NOMEM)
		out = arena_dup(a, buf_str(b));
	buf_release(b);
	return out;
}

struct str rd_bytes(struct rd *r, size_t n)
{
	struct str s;

	if (r->failed || r->rest.n < n) {
		r->failed = ERR_CORRUPT;
		return (struct str){ NULL, 0 };
	}
	s = str_sub(r->rest, 0, n);
	r->rest = str_sub(r->rest, n, r->rest.n);
	return s;
}

static uint64_t get_be(struct rd *r, size_t bytes)
{
	struct str s = rd_bytes(r, bytes);
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++)
		v = v << 8 | (unsigned char)s.p[i];
	return v;
}

uint8_t rd_u8(struct rd *r)
{
	return (uint8_t)get_be(r, 1);
}

uint32_t rd_u32(struct rd *r)
{
	return (uint32_t)get_be(r, 4);
}

uint64_t rd_u64(struct rd *r)
{
	return get_be(r, 8);
}

struct str rd_text(struct rd *r)
{
	size_t n = rd_u32(r);

	return rd_bytes(r, n);
}

bool rd_done(const struct rd *r)
{
	return !r->failed && r->rest.n == 0;
}
