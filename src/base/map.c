/* SPDX-License-Identifier: MIT */
#include "pilar/map.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/* Open addressing, linear probing, at most three quarters full. */
struct map_cell {
	struct str key;
	void *value; /* NULL: free */
};

uint64_t map_seed(void)
{
	uint64_t seed;

	randombytes_buf(&seed, sizeof(seed));
	return seed;
}

uint64_t map_hash(struct str key, uint64_t seed)
{
	unsigned char k[crypto_shorthash_KEYBYTES] = { 0 };
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t h;

	memcpy(k, &seed, sizeof(seed));
	crypto_shorthash(out, (const unsigned char *)(key.p ? key.p : ""),
			 key.n, k);
	memcpy(&h, out, sizeof(h));
	return h;
}

static struct map_cell *cell_of(const struct map *m, struct str key)
{
	size_t i = (size_t)map_hash(key, m->seed) & (m->cap - 1);

	while (m->cells[i].value && !str_eq(m->cells[i].key, key))
		i = (i + 1) & (m->cap - 1);
	return &m->cells[i];
}

static enum err grow(struct map *m)
{
	struct map bigger = { .n = m->n,
			      .cap = m->cap ? m->cap * 2 : 16,
			      .seed = m->seed };

	if (!m->cap)
		bigger.seed = map_seed();
	bigger.cells = calloc(bigger.cap, sizeof(*bigger.cells));
	if (!bigger.cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < m->cap; i++)
		if (m->cells[i].value)
			*cell_of(&bigger, m->cells[i].key) = m->cells[i];
	free(m->cells);
	*m = bigger;
	return ERR_NONE;
}

enum err map_put(struct map *m, struct str key, void *value)
{
	struct map_cell *c;
	enum err rc;

	if (!value)
		return ERR_INVALID;
	if (m->n + 1 > m->cap / 4 * 3) {
		rc = grow(m);
		if (rc)
			return rc;
	}
	c = cell_of(m, key);
	if (!c->value)
		m->n++;
	*c = (struct map_cell){ key, value };
	return ERR_NONE;
}

void *map_get(const struct map *m, struct str key)
{
	return m->n ? cell_of(m, key)->value : NULL;
}

/* Puts back what probed past the hole. */
void map_del(struct map *m, struct str key)
{
	struct map_cell *hole = m->n ? cell_of(m, key) : NULL;
	size_t i;

	if (!hole || !hole->value)
		return;
	hole->value = NULL;
	m->n--;
	i = (size_t)(hole - m->cells);
	for (i = (i + 1) & (m->cap - 1); m->cells[i].value;
	     i = (i + 1) & (m->cap - 1)) {
		struct map_cell moved = m->cells[i];

		m->cells[i].value = NULL;
		*cell_of(m, moved.key) = moved;
	}
}

void map_release(struct map *m)
{
	free(m->cells);
	*m = (struct map){ 0 };
}
