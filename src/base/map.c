/* SPDX-License-Identifier: MIT */
#include "pilar/map.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/*
 * Open addressing, linear probing, at most three quarters full. A key is only
 * read where part of its hash and its length are those asked for, and never
 * to grow.
 */
struct map_cell {
	const char *key;
	uint32_t n, hash;
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

static bool is_key(const struct map_cell *c, struct str key, uint32_t hash)
{
	return c->hash == hash && c->n == key.n &&
	       (!key.n || memcmp(c->key, key.p, key.n) == 0);
}

/* Where the key is, or would be. */
static struct map_cell *cell_of(const struct map *m, struct str key,
				uint32_t hash)
{
	size_t i = hash & (m->cap - 1);

	while (m->cells[i].value && !is_key(&m->cells[i], key, hash))
		i = (i + 1) & (m->cap - 1);
	return &m->cells[i];
}

static struct map_cell *find(const struct map *m, struct str key)
{
	return cell_of(m, key, (uint32_t)map_hash(key, m->seed));
}

/* The key of the cell is not in the map. */
static void put_new(struct map *m, const struct map_cell *c)
{
	size_t i = c->hash & (m->cap - 1);

	while (m->cells[i].value)
		i = (i + 1) & (m->cap - 1);
	m->cells[i] = *c;
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
			put_new(&bigger, &m->cells[i]);
	free(m->cells);
	*m = bigger;
	return ERR_NONE;
}

enum err map_put(struct map *m, struct str key, void *value)
{
	struct map_cell *c;
	uint32_t hash;
	enum err rc;

	if (!value)
		return ERR_INVALID;
	if (key.n > UINT32_MAX)
		return ERR_TOOBIG;
	if (m->n + 1 > m->cap / 4 * 3) {
		rc = grow(m);
		if (rc)
			return rc;
	}
	hash = (uint32_t)map_hash(key, m->seed);
	c = cell_of(m, key, hash);
	if (!c->value)
		m->n++;
	*c = (struct map_cell){ key.p, (uint32_t)key.n, hash, value };
	return ERR_NONE;
}

void *map_get(const struct map *m, struct str key)
{
	return m->n ? find(m, key)->value : NULL;
}

/* Puts back what probed past the hole. */
void map_del(struct map *m, struct str key)
{
	struct map_cell *hole = m->n ? find(m, key) : NULL;
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
		put_new(m, &moved);
	}
}

void map_release(struct map *m)
{
	free(m->cells);
	*m = (struct map){ 0 };
}
