/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/map.h"

#include "slots.h"

/* Slots by parent and local name: open addressing, at most half full. */
struct xpath_names {
	const struct shape *shape;
	uint32_t *cells; /* slot + 1 */
	size_t cap;
	uint64_t seed;
};

static size_t cell_of(const struct xpath_names *names, uint32_t parent,
		      struct str local)
{
	return (size_t)map_hash(local, names->seed + parent) & (names->cap - 1);
}

static void put(struct xpath_names *names, uint32_t slot)
{
	const struct shape_slot *s = &names->shape->slots[slot];
	size_t i = cell_of(names, s->parent, s->name->local);

	while (names->cells[i])
		i = (i + 1) & (names->cap - 1);
	names->cells[i] = slot + 1;
}

enum err xpath_names_new(struct xpath_names **out, const struct shape *shape)
{
	struct xpath_names *names = calloc(1, sizeof(*names));

	*out = NULL;
	if (!names)
		return ERR_NOMEM;
	names->shape = shape;
	names->seed = map_seed();
	for (names->cap = 16; names->cap < shape->n * 2;)
		names->cap *= 2;
	names->cells = calloc(names->cap, sizeof(*names->cells));
	if (!names->cells) {
		free(names);
		return ERR_NOMEM;
	}
	for (uint32_t i = 0; i < shape->n; i++)
		put(names, i);
	*out = names;
	return ERR_NONE;
}

void xpath_names_free(struct xpath_names *names)
{
	if (names)
		free(names->cells);
	free(names);
}

/* `at` counts the cells passed. */
uint32_t names_next(const struct xpath_names *names, uint32_t parent,
		    struct str local, uint64_t *at)
{
	size_t from = cell_of(names, parent, local), mask = names->cap - 1;

	for (;;) {
		uint32_t cell = names->cells[(from + (*at)++) & mask];
		const struct shape_slot *s;

		if (!cell)
			return TREE_NO_SLOT;
		s = &names->shape->slots[cell - 1];
		if (s->parent == parent && str_eq(s->name->local, local))
			return cell - 1;
	}
}
