/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "prelist.h"

/*
 * In a sheet the number of a household often stands once, merged over the rows
 * of its members: each of them has it. Heads that are merged say nothing twice
 * and are left alone: only what begins under them is filled in.
 */
static int by_place(const void *x, const void *y)
{
	const struct merged *a = x, *b = y;

	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

enum err merged_add(struct source *t, const struct workbook_merged *m)
{
	struct merged *slot;

	if (m->last_row <= m->row || m->column >= CSV_MAX_COLUMNS)
		return ERR_NONE;
	slot = t->merged.n < CSV_MAX_ROWS ? vec_push(&t->merged) : NULL;
	if (!slot)
		return t->merged.n < CSV_MAX_ROWS ? ERR_NOMEM : ERR_TOOBIG;
	*slot = (struct merged){ m->column, m->row, m->last_row, STR("") };
	return ERR_NONE;
}

void merged_sort(struct source *t)
{
	if (t->merged.n)
		qsort(t->merged.at, t->merged.n, sizeof(*t->merged.at),
		      by_place);
}

/* The one over that cell, or NULL. */
static struct merged *over(struct source *t, size_t column, size_t row)
{
	size_t from = 0, to = t->merged.n;

	while (from < to) {
		size_t at = from + (to - from) / 2;
		const struct merged *m = &t->merged.at[at];

		if (m->column < column ||
		    (m->column == column && m->first <= row))
			from = at + 1;
		else
			to = at;
	}
	if (!from || t->merged.at[from - 1].column != column ||
	    t->merged.at[from - 1].last < row)
		return NULL;
	return &t->merged.at[from - 1];
}

enum err merged_fill(struct prelist *p)
{
	struct csv *c = &p->csv;

	for (size_t i = 0; p->source.merged.n && i < c->cells.n; i++) {
		struct merged *m = over(&p->source, i, c->row);

		if (!m)
			continue;
		if (m->first < c->row && !str_trim(c->cells.at[i]).n)
			c->cells.at[i] = m->value;
		if (m->first == c->row && !m->value.n)
			m->value = arena_dup(&p->arena, c->cells.at[i]);
		if (!m->value.p)
			return ERR_NOMEM;
	}
	return ERR_NONE;
}
