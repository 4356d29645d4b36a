/* SPDX-License-Identifier: MIT */
#ifndef PILAR_MAP_H
#define PILAR_MAP_H

#include "pilar/err.h"
#include "pilar/str.h"

/*
 * Text to pointer. Keys are lent: they must outlive the map. A zeroed map is
 * empty. Hashing is keyed with a random seed, so hostile keys cannot make it
 * slow.
 */
struct map {
	struct map_cell *cells;
	size_t n, cap;
	uint64_t seed;
};

/* Instead of the value it had, if any. */
enum err map_put(struct map *m, struct str key, void *value) MUST_CHECK;
void *map_get(const struct map *m, struct str key); /* NULL when absent */
void map_del(struct map *m, struct str key);
void map_release(struct map *m);

/* The same keyed hash, for other tables of text. */
uint64_t map_seed(void);
uint64_t map_hash(struct str key, uint64_t seed);

#endif
