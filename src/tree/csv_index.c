/* SPDX-License-Identifier: MIT */
#include "csv_index.h"

#include <stdlib.h>

#include "pilar/map.h"

#define FIRST_CAP 64

struct build {
	struct csv_index *x;
	struct list *list;
	size_t column;
	uint32_t *group; /* of each row */
	uint32_t *first; /* row of each group */
};

static uint32_t *probe(const struct csv_index *x, struct str value,
		       struct list *l, size_t column, const uint32_t *first)
{
	size_t i = (size_t)map_hash(value, x->seed) & (x->cap - 1);

	while (x->table[i] &&
	       !str_eq(l->ops->cell(l, first[x->table[i] - 1], column), value))
		i = (i + 1) & (x->cap - 1);
	return &x->table[i];
}

static enum err grow(struct build *b)
{
	struct csv_index *x = b->x;

	x->cap = x->cap ? x->cap * 2 : FIRST_CAP;
	free(x->table);
	x->table = calloc(x->cap, sizeof(*x->table));
	if (!x->table)
		return ERR_NOMEM;
	for (size_t g = 0; g < x->n_groups; g++) {
		struct str v =
			b->list->ops->cell(b->list, b->first[g], b->column);

		*probe(x, v, b->list, b->column, b->first) = (uint32_t)(g + 1);
	}
	return ERR_NONE;
}

static enum err add_row(struct build *b, uint32_t row)
{
	struct csv_index *x = b->x;
	struct str v = b->list->ops->cell(b->list, row, b->column);
	uint32_t *slot;
	enum err rc;

	if (x->n_groups + 1 > x->cap / 2) {
		rc = grow(b);
		if (rc)
			return rc;
	}
	slot = probe(x, v, b->list, b->column, b->first);
	if (!*slot) {
		b->first[x->n_groups] = row;
		*slot = (uint32_t)++x->n_groups;
	}
	b->group[row] = *slot - 1;
	return ERR_NONE;
}

/* Counting sort by group; starts[g] runs through its group and is put back. */
static enum err arrange(struct build *b, size_t n_rows)
{
	struct csv_index *x = b->x;

	x->starts = calloc(x->n_groups + 2, sizeof(*x->starts));
	x->rows = calloc(n_rows + 1, sizeof(*x->rows));
	if (!x->starts || !x->rows)
		return ERR_NOMEM;
	for (size_t r = 0; r < n_rows; r++)
		x->starts[b->group[r] + 2]++;
	for (size_t g = 2; g < x->n_groups + 2; g++)
		x->starts[g] += x->starts[g - 1];
	for (size_t r = 0; r < n_rows; r++)
		x->rows[x->starts[b->group[r] + 1]++] = (uint32_t)r;
	return ERR_NONE;
}

enum err csv_index_build(struct csv_index *x, struct list *l, size_t column,
			 size_t n_rows)
{
	struct build b = { .x = x, .list = l, .column = column };
	enum err rc = ERR_NONE;

	*x = (struct csv_index){ .seed = map_seed() };
	b.group = calloc(n_rows + 1, sizeof(*b.group));
	b.first = calloc(n_rows + 1, sizeof(*b.first));
	if (!b.group || !b.first)
		rc = ERR_NOMEM;
	for (size_t r = 0; !rc && r < n_rows; r++)
		rc = add_row(&b, (uint32_t)r);
	if (!rc)
		rc = arrange(&b, n_rows);
	free(b.group);
	free(b.first);
	if (rc)
		csv_index_release(x);
	return rc;
}

const uint32_t *csv_index_find(const struct csv_index *x, struct list *l,
			       size_t column, struct str value, size_t *n)
{
	size_t i;

	*n = 0;
	if (!x->n_groups)
		return NULL;
	i = (size_t)map_hash(value, x->seed) & (x->cap - 1);
	for (; x->table[i]; i = (i + 1) & (x->cap - 1)) {
		uint32_t g = x->table[i] - 1;
		uint32_t row = x->rows[x->starts[g]];

		if (!str_eq(l->ops->cell(l, row, column), value))
			continue;
		*n = x->starts[g + 1] - x->starts[g];
		return x->rows + x->starts[g];
	}
	return NULL;
}

void csv_index_release(struct csv_index *x)
{
	free(x->rows);
	free(x->starts);
	free(x->table);
	*x = (struct csv_index){ 0 };
}
