/* SPDX-License-Identifier: MIT */
#ifndef PILAR_VEC_H
#define PILAR_VEC_H

#include <stddef.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"

/*
 * A growing array on the heap: `VEC(struct hit) hits = { 0 };`
 * A zeroed vector is empty. Elements move when it grows.
 */
#define VEC(type)           \
	struct {            \
		type *at;   \
		size_t n;   \
		size_t cap; \
	}

/* Pointer to a new zeroed element at the end, or NULL when memory is out. */
#define vec_push(v)                                                    \
	((__typeof__((v)->at))vec_push_raw((void **)&(v)->at, &(v)->n, \
					   &(v)->cap, sizeof(*(v)->at)))
/* `e` runs over the addresses of the elements. */
#define vec_each(e, v) \
	for (__typeof__(*(v)->at) *e = (v)->at; e && e < (v)->at + (v)->n; e++)
#define vec_reset(v)   ((v)->n = 0)
#define vec_release(v) vec_release_raw((void **)&(v)->at, &(v)->n, &(v)->cap)
/*
 * Hands the elements to an arena and releases the vector: `*out` gets a copy
 * (an array also when there are none), `*count` how many. `rc` is how finding
 * them ended: it is returned, or ERR_NOMEM, when `*out` is NULL and `*count` 0.
 */
#define vec_give(v, a, out, count, rc)                                \
	(*(out) = arena_copy((a), (v)->at, (v)->n, sizeof(*(v)->at)), \
	 *(count) = *(out) ? (v)->n : 0, vec_release(v),              \
	 *(out) ? (rc) : ERR_NOMEM)

/* For the macros above. */
void *vec_push_raw(void **at, size_t *n, size_t *cap, size_t size) MUST_CHECK;
void vec_release_raw(void **at, size_t *n, size_t *cap);

#endif
