/* SPDX-License-Identifier: MIT */
#ifndef PILAR_ARENA_H
#define PILAR_ARENA_H

#include <stddef.h>

#include "pilar/attr.h"
#include "pilar/str.h"

/*
 * A bump allocator. Everything allocated from it lives until arena_reset() or
 * arena_release(); nothing in it is freed on its own.
 *
 * A zeroed `struct arena` is a valid, empty arena.
 */
struct arena {
	struct arena_block *head;
	size_t used; /* bytes handed out, for tests and the bench */
};

/* Zeroed memory aligned for pointers and doubles, or NULL when it is out. */
void *arena_alloc(struct arena *a, size_t size) MUST_CHECK;

/* `n` zeroed elements of `size`; NULL on overflow too. */
void *arena_array(struct arena *a, size_t n, size_t size) MUST_CHECK;

/* A copy of `n` elements of `size` and a zeroed one behind them. */
void *arena_copy(struct arena *a, const void *from, size_t n,
		 size_t size) MUST_CHECK;

/*
 * Copies text into the arena, with a NUL behind it. On failure (p == NULL) the
 * length is 0; an empty text gives a valid empty string.
 */
struct str arena_dup(struct arena *a, struct str s);

/* As arena_dup, for C strings that a library wants. NULL when memory is out. */
char *arena_cstr(struct arena *a, struct str s) MUST_CHECK;

/* printf into the arena; p == NULL when memory is out. */
struct str arena_printf(struct arena *a, const char *format, ...)
	PRINTF_LIKE(2, 3);

/* Empties it and keeps its largest block for the next use. */
void arena_reset(struct arena *a);

/* Forgets every allocation. Release then reuse is allowed. */
void arena_release(struct arena *a);

#endif
