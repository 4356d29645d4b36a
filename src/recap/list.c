/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "recap.h"

#include "pilar/i18n.h"

/* A register: a record a line, in the order of a text. */
#define LINES_MAX 1000000

struct entry {
	struct str sort;
	size_t n; /* as met: equal ones stay in that order */
	struct str *cells;
};

struct listing {
	struct grids *out;
	const struct source *source;
	size_t n_columns;
	VEC(struct entry) entries;
};

static enum err add_record(void *arg, struct record *r)
{
	struct listing *l = arg;
	struct arena *a = &l->out->arena;
	struct entry *e;
	size_t at = 0;

	if (l->entries.n >= LINES_MAX)
		return ERR_TOOBIG;
	e = vec_push(&l->entries);
	if (!e)
		return ERR_NOMEM;
	e->n = l->entries.n;
	e->sort =
		arena_dup(a, record_text(r, source_line(l->source, LINE_SORT)));
	e->cells = arena_array(a, l->n_columns, sizeof(*e->cells));
	if (!e->cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < l->source->n; i++)
		if (l->source->lines[i].kind == LINE_COLUMN)
			e->cells[at++] = arena_dup(
				a, record_text(r, &l->source->lines[i]));
	return ERR_NONE;
}

static int by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = str_cmp(x->sort, y->sort);

	if (c)
		return c;
	return x->n < y->n ? -1 : x->n > y->n;
}

static enum err make_columns(struct listing *l, struct grid *t)
{
	struct column *out =
		arena_array(&l->out->arena, l->n_columns + 1, sizeof(*out));
	size_t at = 0;

	if (!out)
		return ERR_NOMEM;
	for (size_t i = 0; i < l->source->n; i++) {
		const struct line *line = &l->source->lines[i];

		if (line->kind == LINE_COLUMN)
			out[at++] = (struct column){ line->name,
						     line_label(line), false };
	}
	t->columns = out;
	t->n_columns = l->n_columns;
	return ERR_NONE;
}

static enum err make_grid(struct listing *l)
{
	struct arena *a = &l->out->arena;
	struct grid *t = vec_push(&l->out->list);
	struct str *cells;

	if (!t)
		return ERR_NOMEM;
	*t = (struct grid){ .n_rows = l->entries.n };
	cells = arena_array(a, l->entries.n * l->n_columns + 1, sizeof(*cells));
	if (!cells)
		return ERR_NOMEM;
	t->cells = cells;
	if (l->entries.n)
		qsort(l->entries.at, l->entries.n, sizeof(*l->entries.at),
		      by_text);
	vec_each (e, &l->entries)
		for (size_t i = 0; i < l->n_columns; i++)
			*cells++ = e->cells[i];
	return make_columns(l, t);
}

enum err list_grid(const struct recap_ask *ask, struct grids *out)
{
	struct source s;
	struct listing l = { .out = out, .source = &s };
	const struct line *separator = recap_line(ask->recap, LINE_SEPARATOR);
	enum err rc;

	if (!recap_source(ask->recap, 0, &s))
		return ERR_INVALID;
	for (size_t i = 0; i < s.n; i++)
		l.n_columns += s.lines[i].kind == LINE_COLUMN;
	out->separator = ',';
	if (separator)
		out->separator = separator->name.p[0];
	rc = recap_walk(ask, &s, add_record, &l);
	if (!rc)
		rc = make_grid(&l);
	vec_release(&l.entries);
	return rc;
}
