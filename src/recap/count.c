/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "recap.h"

#include "pilar/i18n.h"
#include "pilar/lists.h"

/*
 * Counting: what a record counts goes into each of its rows, each of its
 * columns and the row's total. Keys are gathered as they are met; then they
 * are put in the order of their list, or of the alphabet.
 */
#define KEYS_MAX 5000 /* rows, columns or parts */

struct key {
	struct str text, label;
	size_t rank;
};

struct keys {
	VEC(struct key) list;
	struct map at; /* text to place + 1 */
	bool given;    /* by a list: only what is in it has a label */
};

struct tally {
	size_t part, row, column;
	double n;
};

#define TOTAL_COLUMN SIZE_MAX

struct counting {
	const struct recap_ask *ask;
	const struct line *rows, *columns, *sum, *by;
	struct grids *out;
	struct keys parts, row_keys, column_keys;
	VEC(struct tally) tallies;
	struct map at; /* "part.row.column" to place + 1 */
};

static enum err key_at(struct keys *k, struct arena *a, struct str text,
		       size_t *at)
{
	uintptr_t known = (uintptr_t)map_get(&k->at, text);
	struct key *new;

	if (known) {
		*at = known - 1;
		return ERR_NONE;
	}
	if (k->list.n >= KEYS_MAX)
		return ERR_TOOBIG;
	new = vec_push(&k->list);
	if (!new)
		return ERR_NOMEM;
	*new = (struct key){ .text = arena_dup(a, text), .rank = SIZE_MAX };
	new->label = new->text;
	*at = k->list.n - 1;
	return map_put(&k->at, new->text, (void *)(uintptr_t)k->list.n);
}

static void keys_release(struct keys *k)
{
	vec_release(&k->list);
	map_release(&k->at);
}

/* The list gives order and labels, and its rows stand there also empty. */
static enum err keys_given(struct counting *c, struct keys *k,
			   const struct line *l)
{
	struct lists *lists = cases_lists(c->ask->cases);
	struct report none = { 0 };
	struct arena a = { 0 };
	struct list *list = NULL;
	const uint32_t *rows = NULL;
	size_t n = 0, name, label;
	enum err rc = ERR_NONE;

	if (!l || !l->name.n)
		return ERR_NONE;
	rc = lists->open(
		lists, l->name,
		arena_printf(&a, "jr://file-csv/%.*s.csv", STR_ARG(l->name)),
		&list, &none);
	if (!rc)
		rc = list->ops->all(list, &a, &rows, &n);
	name = rc ? SIZE_MAX : list_column(list, STR("name"));
	label = rc || !str_is(str_from(i18n_lang()), "en")
			? SIZE_MAX
			: list_column(list, STR("label_en"));
	if (!rc && label == SIZE_MAX)
		label = list_column(list, STR("label"));
	for (size_t i = 0; !rc && name != SIZE_MAX && i < n; i++) {
		size_t at = 0;

		rc = key_at(k, &c->out->arena,
			    list->ops->cell(list, rows[i], name), &at);
		if (rc)
			break;
		k->list.at[at].rank = i;
		if (label != SIZE_MAX)
			k->list.at[at].label = arena_dup(
				&c->out->arena,
				list->ops->cell(list, rows[i], label));
	}
	k->given = !rc && n > 0;
	if (list)
		list->ops->release(list);
	report_release(&none);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err add(struct counting *c, size_t part, size_t row, size_t column,
		    double n)
{
	struct str key =
		arena_printf(&c->out->arena, "%zu.%zu.%zu", part, row, column);
	uintptr_t known = (uintptr_t)map_get(&c->at, key);
	struct tally *t;

	if (known) {
		c->tallies.at[known - 1].n += n;
		return ERR_NONE;
	}
	t = vec_push(&c->tallies);
	if (!t || !key.p)
		return ERR_NOMEM;
	*t = (struct tally){ part, row, column, n };
	return map_put(&c->at, key, (void *)(uintptr_t)c->tallies.n);
}

static double worth(struct counting *c, struct record *r)
{
	struct str text = record_text(r, c->sum);
	double n = c->sum ? strtod(arena_cstr(&r->arena, text), NULL) : 1;

	return isfinite(n) ? n : 0;
}

static enum err count_columns(struct counting *c, struct record *r, size_t part,
			      size_t row)
{
	struct str words = record_text(r, c->columns), word;
	double n = worth(c, r);
	enum err rc = add(c, part, row, TOTAL_COLUMN, n);

	while (!rc && str_word(&words, &word)) {
		size_t column = 0;

		rc = key_at(&c->column_keys, &c->out->arena, word, &column);
		if (!rc)
			rc = add(c, part, row, column, n);
	}
	return rc;
}

static enum err count_record(void *arg, struct record *r)
{
	struct counting *c = arg;
	struct str words = record_text(r, c->rows), word;
	struct str name = str_trim(record_text(r, c->by));
	size_t part = 0, row = 0;
	enum err rc = ERR_NONE;

	if (words.n)
		rc = key_at(&c->parts, &c->out->arena,
			    c->by && !name.n ? str_from(_("(tidak diketahui)"))
					     : name,
			    &part);
	while (!rc && str_word(&words, &word)) {
		rc = key_at(&c->row_keys, &c->out->arena, word, &row);
		if (!rc)
			rc = count_columns(c, r, part, row);
	}
	return rc;
}

/* ---- from tallies to tables */
static int by_rank(const void *a, const void *b)
{
	const struct key *const *x = a, *const *y = b;

	if ((*x)->rank != (*y)->rank)
		return (*x)->rank < (*y)->rank ? -1 : 1;
	return str_cmp((*x)->text, (*y)->text);
}

static const struct key **in_order(const struct keys *k, struct arena *a)
{
	const struct key **out = arena_array(a, k->list.n + 1, sizeof(*out));

	for (size_t i = 0; out && i < k->list.n; i++)
		out[i] = &k->list.at[i];
	if (out && k->list.n)
		qsort(out, k->list.n, sizeof(struct key *), by_rank);
	return out;
}

static double count_of(const struct counting *c, size_t part, size_t row,
		       size_t column)
{
	char text[80];
	struct buf b = BUF_INIT(sizeof(text));
	uintptr_t at;

	buf_addf(&b, "%zu.%zu.%zu", part, row, column);
	at = (uintptr_t)map_get(&c->at, buf_str(&b));
	buf_release(&b);
	return at ? c->tallies.at[at - 1].n : 0;
}

static struct str number(struct arena *a, double n)
{
	return n == 0 ? STR("-") : arena_printf(a, "%.10g", n);
}

static size_t place_of(const struct keys *k, const struct key *key)
{
	return (size_t)(key - k->list.at);
}

static enum err make_columns(struct counting *c, const struct key **columns,
			     struct grid *t)
{
	size_t n = c->column_keys.list.n;
	struct column *out = arena_array(&c->out->arena, n + 2, sizeof(*out));

	if (!out)
		return ERR_NOMEM;
	out[0] = (struct column){ c->rows->name, line_label(c->rows), false };
	for (size_t i = 0; i < n; i++)
		out[1 + i] = (struct column){ columns[i]->text,
					      columns[i]->label, true };
	out[n + 1] = (struct column){ STR("n"), str_from(_("Jumlah")), true };
	t->columns = out;
	t->n_columns = n + 2;
	return ERR_NONE;
}

/* One row; `key` NULL: of all rows together. Adds to `sums`. */
static void fill_row(struct counting *c, size_t part, const struct key *key,
		     const struct key **columns, double *sums, struct str *row)
{
	struct arena *a = &c->out->arena;
	size_t n = c->column_keys.list.n;

	row[0] = key ? key->label : str_from(_("Jumlah"));
	for (size_t i = 0; i <= n; i++) {
		size_t column = i < n ? place_of(&c->column_keys, columns[i])
				      : TOTAL_COLUMN;

		if (key)
			sums[i] += count_of(
				c, part, place_of(&c->row_keys, key), column);
		row[1 + i] = number(
			a, key ? count_of(c, part, place_of(&c->row_keys, key),
					  column)
			       : sums[i]);
	}
}

static enum err make_grid(struct counting *c, const struct key *part,
			  const struct key **rows, const struct key **columns)
{
	struct arena *a = &c->out->arena;
	size_t n = c->row_keys.list.n, width = c->column_keys.list.n + 2;
	struct grid *t = vec_push(&c->out->list);
	struct str *cells = arena_array(a, (n + 1) * width, sizeof(*cells));
	double *sums = arena_array(a, width, sizeof(*sums));
	size_t at = part ? place_of(&c->parts, part) : 0;
	enum err rc;

	if (!t || !cells || !sums)
		return ERR_NOMEM;
	*t = (struct grid){ .part = part ? part->text : STR(""),
			    .cells = cells,
			    .total = true };
	rc = make_columns(c, columns, t);
	for (size_t i = 0; i < n && !rc; i++) {
		struct str *row = cells + t->n_rows * width;

		/* What a list names stands there also when it is nothing. */
		if (!c->row_keys.given &&
		    count_of(c, at, place_of(&c->row_keys, rows[i]),
			     TOTAL_COLUMN) == 0)
			continue;
		fill_row(c, at, rows[i], columns, sums, row);
		t->n_rows++;
	}
	fill_row(c, at, NULL, columns, sums, cells + t->n_rows++ * width);
	return rc;
}

static enum err make_grids(struct counting *c)
{
	struct arena *a = &c->out->arena;
	const struct key **parts = in_order(&c->parts, a);
	const struct key **rows = in_order(&c->row_keys, a);
	const struct key **columns = in_order(&c->column_keys, a);
	enum err rc = ERR_NONE;

	if (!parts || !rows || !columns)
		return ERR_NOMEM;
	for (size_t i = 0; i < c->parts.list.n && !rc; i++)
		rc = make_grid(c, parts[i], rows, columns);
	if (!rc && !c->parts.list.n)
		rc = make_grid(c, NULL, rows, columns);
	return rc;
}

/* The way to part it that was asked for; false: there is none of that name. */
static bool choose_by(const struct recap_ask *ask, const struct source *s,
		      const struct line **out)
{
	*out = NULL;
	if (str_is(ask->by, "-"))
		return true;
	for (size_t i = 0; i < s->n && !*out; i++)
		if (s->lines[i].kind == LINE_BY &&
		    (!ask->by.n || str_eq(ask->by, s->lines[i].name)))
			*out = &s->lines[i];
	return *out || !ask->by.n;
}

static enum err count_source(struct counting *c, const struct source *s,
			     struct report *rep)
{
	const struct line *rows = source_line(s, LINE_ROWS);
	const struct line *columns = source_line(s, LINE_COLUMNS);
	enum err rc = ERR_NONE;

	if (!choose_by(c->ask, s, &c->by)) {
		report_add(rep, PROBLEM_ERROR, STR("--by"),
			   _("rekap ini tidak bisa dipilah menurut itu"));
		return ERR_INVALID;
	}
	c->sum = source_line(s, LINE_SUM);
	if (!c->rows) {
		c->rows = rows;
		rc = keys_given(c, &c->row_keys, rows);
		if (!rc)
			rc = keys_given(c, &c->column_keys, columns);
	}
	c->columns = columns;
	if (rc || !rows)
		return rc;
	c->rows = rows;
	return recap_walk(c->ask, s, count_record, c);
}

enum err count_grids(const struct recap_ask *ask, struct grids *out,
		     struct report *rep)
{
	struct counting c = { .ask = ask, .out = out };
	struct source s;
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && recap_source(ask->recap, i, &s); i++)
		rc = count_source(&c, &s, rep);
	if (!rc)
		rc = make_grids(&c);
	if (rc == ERR_TOOBIG)
		report_add(rep, PROBLEM_ERROR, ask->recap->name,
			   _("terlalu banyak baris atau kolom"));
	keys_release(&c.parts);
	keys_release(&c.row_keys);
	keys_release(&c.column_keys);
	vec_release(&c.tallies);
	map_release(&c.at);
	return rc;
}
