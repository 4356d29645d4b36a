/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "recap.h"

#include "pilar/i18n.h"

/* A register: a record a line, in the order of a text. */
#define LINES_MAX  1000000
#define NUMBER_MAX 7 /* digits */

struct entry {
	struct str sort;
	size_t n; /* as met: equal ones stay in that order */
	struct str *cells;
};

struct listing {
	struct grids *out;
	struct column *columns;
	size_t n_columns;
	VEC(struct entry) entries;
};

/* What one source adds to it. */
struct lister {
	struct listing *all;
	struct source source;
};

/* Cells of a source that has no such column stay empty. */
static enum err fill_cells(const struct lister *from, struct record *r,
			   struct entry *e)
{
	const struct listing *l = from->all;
	const struct source *s = &from->source;
	struct arena *a = &l->out->arena;

	e->sort = arena_dup(a, record_text(r, source_line(s, LINE_SORT)));
	e->cells = arena_array(a, l->n_columns, sizeof(*e->cells));
	if (!e->cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->n; i++) {
		const struct line *line = &s->lines[i];

		for (size_t c = 0; c < l->n_columns; c++)
			if (line->kind == LINE_COLUMN &&
			    str_eq(l->columns[c].name, line->name))
				e->cells[c] =
					arena_dup(a, record_text(r, line));
	}
	return ERR_NONE;
}

static enum err add_line(const struct lister *from, struct record *r)
{
	struct listing *l = from->all;
	struct entry *e;

	if (l->entries.n >= LINES_MAX)
		return ERR_TOOBIG;
	e = vec_push(&l->entries);
	if (!e)
		return ERR_NOMEM;
	e->n = l->entries.n;
	return fill_cells(from, r, e);
}

/* Once, or once for each word. */
static enum err add_record(void *arg, struct record *r)
{
	const struct lister *l = arg;
	const struct line *each = source_line(&l->source, LINE_EACH);
	struct str words = record_text(r, each), word;
	enum err rc = ERR_NONE;

	if (!each)
		return add_line(l, r);
	while (!rc && str_word(&words, &word)) {
		rc = record_set(r, PROP_ROW, word);
		if (!rc)
			rc = add_line(l, r);
	}
	return rc;
}

static int by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = str_cmp(x->sort, y->sort);

	if (c)
		return c;
	return x->n < y->n ? -1 : x->n > y->n;
}

/* Those of the first source. */
static enum err make_columns(struct listing *l, const struct source *s)
{
	struct column *out = arena_array(&l->out->arena, s->n, sizeof(*out));

	if (!out)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->n; i++)
		if (s->lines[i].kind == LINE_COLUMN)
			out[l->n_columns++] = (struct column){
				.name = s->lines[i].name,
				.label = line_label(&s->lines[i])
			};
	l->columns = out;
	return ERR_NONE;
}

/* Small numbers stand at the right; a number of identity is a text. */
static void find_numbers(struct listing *l)
{
	for (size_t i = 0; i < l->n_columns; i++) {
		bool any = false, right = true;

		vec_each (e, &l->entries) {
			int64_t n;

			any |= e->cells[i].n > 0;
			right = right && e->cells[i].n <= NUMBER_MAX &&
				(!e->cells[i].n || str_to_i64(e->cells[i], &n));
		}
		l->columns[i].right = any && right;
	}
}

static enum err make_grid(struct listing *l)
{
	struct arena *a = &l->out->arena;
	struct grid *t = vec_push(&l->out->list);
	struct str *cells;

	if (!t)
		return ERR_NOMEM;
	find_numbers(l);
	*t = (struct grid){ .columns = l->columns,
			    .n_columns = l->n_columns,
			    .n_rows = l->entries.n };
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
	return ERR_NONE;
}

static enum err add_source(struct listing *l, const struct source *s,
			   struct passes *passes)
{
	struct lister *lister = arena_alloc(&l->out->arena, sizeof(*lister));
	struct pass *pass = vec_push(&passes->list);

	if (!lister || !pass)
		return ERR_NOMEM;
	*lister = (struct lister){ l, *s };
	pass->source = *s;
	pass->each = add_record;
	pass->arg = lister;
	return ERR_NONE;
}

enum err list_begin(const struct recap_ask *ask, struct grids *out,
		    struct passes *passes, struct listing **l)
{
	const struct line *separator = recap_line(ask->recap, LINE_SEPARATOR);
	struct source s;
	enum err rc;

	*l = arena_alloc(&out->arena, sizeof(**l));
	if (!*l)
		return ERR_NOMEM;
	**l = (struct listing){ .out = out };
	if (separator)
		out->separator = separator->name.p[0];
	if (!recap_source(ask->recap, 0, &s))
		return ERR_INVALID;
	rc = make_columns(*l, &s);
	for (size_t i = 0; !rc && recap_source(ask->recap, i, &s); i++)
		rc = add_source(*l, &s, passes);
	return rc;
}

enum err list_end(struct listing *l, enum err rc)
{
	if (!l)
		return rc;
	if (!rc)
		rc = make_grid(l);
	vec_release(&l->entries);
	return rc;
}
