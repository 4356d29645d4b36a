/* SPDX-License-Identifier: MIT */
#ifndef TEST_NAMES_H
#define TEST_NAMES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Names as they are made here, spelled old and new, plain and rare, and the
 * chance that makes them: the same from the same start.
 */
struct rng {
	uint64_t s;
};
uint32_t draw(struct rng *r, uint32_t n); /* [0, n) */

/* The i-th word of names; NULL behind the last. */
const char *name_part(size_t i);
/* One to four of them. */
#define NAME_MADE 128
void some_name(struct rng *r, char out[NAME_MADE]);

#endif
