/* SPDX-License-Identifier: MIT */
#include "pilar/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *vec_push_raw(void **at, size_t *n, size_t *cap, size_t size)
{
	char *base;

	if (*n == *cap) {
		size_t want = *cap ? *cap * 2 : 8;

		if (want > SIZE_MAX / 2 / size)
			return NULL;
		base = realloc(*at, want * size);
		if (!base)
			return NULL;
		*at = base;
		*cap = want;
	}
	base = *at;
	return memset(base + (*n)++ * size, 0, size);
}

void vec_release_raw(void **at, size_t *n, size_t *cap)
{
	free(*at);
	*at = NULL;
	*n = 0;
	*cap = 0;
}
