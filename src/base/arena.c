/* SPDX-License-Identifier: MIT */
#include "pilar/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double from the first to the last size: a small session stays small.
 */
#define BLOCK_FIRST ((size_t)4 * 1024)
#define BLOCK_LAST  ((size_t)256 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t cap;
	size_t len;
	alignas(max_align_t) unsigned char data[];
};

/* What is kept here needs no more than pointers and doubles do. */
#define ALIGN alignof(double)

static struct arena_block *block_new(size_t cap)
{
	struct arena_block *b;

	if (cap > SIZE_MAX - sizeof(*b))
		return NULL;
	b = malloc(sizeof(*b) + cap);
	if (!b)
		return NULL;
	b->cap = cap;
	b->len = 0;
	return b;
}

/*
 * A block with room for `size`. What is large gets one of its own behind the
 * head, so that the rest of the head is not lost and the next one not larger.
 */
static struct arena_block *block_for(struct arena *a, size_t size)
{
	struct arena_block *b = a->head;
	/* One that was made full says nothing about the next. */
	size_t cap = b && b->len < b->cap ? b->cap * 2 : BLOCK_FIRST;

	if (cap > BLOCK_LAST)
		cap = BLOCK_LAST;
	b = block_new(size > cap / 2 ? size : cap);
	if (!b)
		return NULL;
	if (a->head && size > cap / 2) {
		b->next = a->head->next;
		a->head->next = b;
	} else {
		b->next = a->head;
		a->head = b;
	}
	return b;
}

static void *take(struct arena *a, size_t size, size_t align)
{
	struct arena_block *b = a->head;
	size_t at = b ? (b->len + align - 1) / align * align : 0;
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	if (!b || at > b->cap || b->cap - at < size) {
		b = block_for(a, size);
		if (!b)
			return NULL;
		at = 0;
	}
	p = b->data + at;
	b->len = at + size;
	a->used += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p = take(a, size, ALIGN);

	return p ? memset(p, 0, size) : NULL;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return arena_alloc(a, n * size);
}

void *arena_copy(struct arena *a, const void *from, size_t n, size_t size)
{
	void *out = arena_array(a, n + 1, size);

	if (out && n)
		memcpy(out, from, n * size);
	return out;
}

char *arena_cstr(struct arena *a, struct str s)
{
	char *p = s.n < SIZE_MAX ? take(a, s.n + 1, 1) : NULL;

	if (!p)
		return NULL;
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	return (struct str){ p, p ? s.n : 0 };
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *p = NULL;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n >= 0)
		p = take(a, (size_t)n + 1, 1);
	if (!p)
		return (struct str){ NULL, 0 };
	va_start(args, format);
	n = vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return (struct str){ p, (size_t)n };
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head, **at = &a->head;

	if (!keep)
		return;
	for (struct arena_block *b = keep->next; b; b = b->next)
		keep = b->cap > keep->cap ? b : keep;
	while (*at != keep)
		at = &(*at)->next;
	*at = keep->next;
	arena_release(a);
	keep->next = NULL;
	keep->len = 0;
	a->head = keep;
}

void arena_release(struct arena *a)
{
	while (a->head) {
		struct arena_block *b = a->head;

		a->head = b->next;
		free(b);
	}
	a->used = 0;
}
