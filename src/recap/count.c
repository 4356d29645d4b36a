/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "recap.h"

#include "pilar/i18n.h"
#include "pilar/lists.h"

/*
 * Counting: a record counts once in each of its rows and once in the total,
 * so that the total is of records, however many rows each stands in. Keys are
 * gathered as they are met; then they are put in the order of their list, or
 * of the alphabet.
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

/* Places of what is not a row or column: all of them, how many records. */
#define TOTAL   SIZE_MAX
#define PRESENT (SIZE_MAX - 1)

struct counting {
	const struct recap_ask *ask;
	const struct line *rows, *by;
	const struct source *source;
	bool by_row; /* an expression looks at `row` */
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
		assert(k->list.at);
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

/* People know numbered things by their number. */
static struct str coded(struct str key, struct str label, struct arena *a)
{
	if (key.n && key.p[0] >= '0' && key.p[0] <= '9')
		return arena_printf(a, "%.*s %.*s", STR_ARG(key),
				    STR_ARG(label));
	return arena_dup(a, label);
}

/* The column of labels in the language in use, else of those of the list. */
static size_t label_column(const struct list *list)
{
	size_t label = SIZE_MAX;

	if (str_is(str_from(i18n_lang()), "en"))
		label = list_column(list, STR("label_en"));
	return label == SIZE_MAX ? list_column(list, STR("label")) : label;
}

/* A key for each row of the list, in its order; how many goes to `n`. */
static enum err keys_of_list(struct keys *k, struct list *list,
			     struct arena *out, size_t *n)
{
	size_t name = list_column(list, STR("name"));
	size_t label = label_column(list);
	struct arena a = { 0 };
	const uint32_t *rows = NULL;
	enum err rc = list->ops->all(list, &a, &rows, n);

	for (size_t i = 0; !rc && name != SIZE_MAX && i < *n; i++) {
		struct str text = list->ops->cell(list, rows[i], name);
		struct key *key;
		size_t at = 0;

		rc = key_at(k, out, text, &at);
		if (rc)
			break;
		key = &k->list.at[at];
		key->rank = i;
		if (label != SIZE_MAX)
			key->label = coded(
				key->text,
				list->ops->cell(list, rows[i], label), out);
	}
	arena_release(&a);
	return rc;
}

/* The list gives order and labels, and its rows stand there also empty. */
static enum err keys_given(struct counting *c, struct keys *k,
			   const struct line *l)
{
	struct lists *lists = cases_lists(c->ask->cases);
	struct report none = { 0 };
	struct arena a = { 0 };
	struct list *list = NULL;
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (!l || !l->name.n)
		return ERR_NONE;
	rc = lists->open(
		lists, l->name,
		arena_printf(&a, "jr://file-csv/%.*s.csv", STR_ARG(l->name)),
		&list, &none);
	if (!rc)
		rc = keys_of_list(k, list, &c->out->arena, &n);
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

/* A condition that holds is 1, what is no number 0. */
static double worth(struct record *r, const struct line *l)
{
	struct str text = record_text(r, l);
	double n = str_is(text, "true")
			   ? 1
			   : strtod(arena_cstr(&r->arena, text), NULL);

	return isfinite(n) ? n : 0;
}

static enum err count_row(struct counting *c, struct record *r, size_t part,
			  size_t row)
{
	enum err rc = add(c, part, row, PRESENT, 1);

	for (size_t i = 0; i < c->source->n && !rc; i++) {
		const struct line *l = &c->source->lines[i];
		size_t column = 0;

		if (l->kind != LINE_MEASURE)
			continue;
		rc = key_at(&c->column_keys, &c->out->arena, line_label(l),
			    &column);
		if (!rc)
			rc = add(c, part, row, column, worth(r, l));
	}
	return rc;
}

static enum err count_key(struct counting *c, struct record *r, size_t part,
			  struct str key)
{
	size_t row = 0;
	enum err rc = key_at(&c->row_keys, &c->out->arena, key, &row);

	if (!rc && c->by_row)
		rc = record_row(r, key);
	return rc ? rc : count_row(c, r, part, row);
}

/* With a list the value is words, without it is one key. */
static enum err count_record(void *arg, struct record *r)
{
	struct counting *c = arg;
	struct str keys = str_trim(record_text(r, c->rows)), word;
	struct str name = str_trim(record_text(r, c->by));
	size_t part = 0;
	enum err rc;

	if (!keys.n)
		return ERR_NONE;
	rc = key_at(&c->parts, &c->out->arena,
		    c->by && !name.n ? str_from(_("(tidak diketahui)")) : name,
		    &part);
	if (!rc && !c->rows->name.n)
		rc = count_key(c, r, part, keys);
	else
		while (!rc && str_word(&keys, &word))
			rc = count_key(c, r, part, word);
	return rc ? rc : count_row(c, r, part, TOTAL);
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
	struct column *out = arena_array(&c->out->arena, n + 1, sizeof(*out));

	if (!out)
		return ERR_NOMEM;
	out[0] = (struct column){ STR("name"), line_label(c->rows), false };
	for (size_t i = 0; i < n; i++)
		out[1 + i] = (struct column){ columns[i]->text,
					      columns[i]->label, true };
	t->columns = out;
	t->n_columns = n + 1;
	return ERR_NONE;
}

static void fill_row(struct counting *c, size_t part, size_t row,
		     const struct key **columns, struct str *cells)
{
	struct arena *a = &c->out->arena;

	cells[0] = row == TOTAL ? str_from(_("Jumlah"))
				: c->row_keys.list.at[row].label;
	for (size_t i = 0; i < c->column_keys.list.n; i++)
		cells[1 + i] = number(
			a, count_of(c, part, row,
				    place_of(&c->column_keys, columns[i])));
}

/* What a list names stands in the whole also when it is nothing. */
static bool is_shown(const struct counting *c, size_t part, size_t row)
{
	return (c->row_keys.given && !c->by) ||
	       count_of(c, part, row, PRESENT) != 0;
}

static enum err make_grid(struct counting *c, const struct key *part,
			  const struct key **rows, const struct key **columns)
{
	struct arena *a = &c->out->arena;
	size_t n = c->row_keys.list.n, width = c->column_keys.list.n + 1;
	struct grid *t = vec_push(&c->out->list);
	struct str *cells = arena_array(a, (n + 1) * width, sizeof(*cells));
	size_t at = part ? place_of(&c->parts, part) : 0;

	if (!t || !cells)
		return ERR_NOMEM;
	*t = (struct grid){ .part = part ? part->text : STR(""),
			    .cells = cells,
			    .counted = true,
			    .total = true };
	for (size_t i = 0; i < n; i++) {
		size_t row = place_of(&c->row_keys, rows[i]);

		if (is_shown(c, at, row))
			fill_row(c, at, row, columns,
				 cells + t->n_rows++ * width);
	}
	fill_row(c, at, TOTAL, columns, cells + t->n_rows++ * width);
	return make_columns(c, columns, t);
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
	if (*out && str_is((*out)->name, "-"))
		*out = NULL;
	return *out || !ask->by.n;
}

static bool by_row(const struct source *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->lines[i].kind == LINE_MEASURE &&
		    str_find(s->lines[i].value, STR("row"), 0) != SIZE_MAX)
			return true;
	return false;
}

/* Columns stand in the order of their lines, also when nothing is counted. */
static enum err measure_keys(struct counting *c, const struct source *s)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < s->n && !rc; i++) {
		size_t column = 0;

		if (s->lines[i].kind != LINE_MEASURE)
			continue;
		rc = key_at(&c->column_keys, &c->out->arena,
			    line_label(&s->lines[i]), &column);
		if (!rc)
			c->column_keys.list.at[column].rank = column;
	}
	return rc;
}

static enum err count_source(struct counting *c, const struct source *s,
			     struct report *rep)
{
	bool first = !c->rows;
	enum err rc = ERR_NONE;

	if (!choose_by(c->ask, s, &c->by)) {
		report_add(rep, PROBLEM_ERROR, STR("--by"),
			   _("rekap ini tidak bisa dipilah menurut itu"));
		return ERR_INVALID;
	}
	c->source = s;
	c->by_row = by_row(s);
	c->rows = source_line(s, LINE_ROWS);
	if (!c->rows)
		return ERR_NONE;
	if (first)
		rc = keys_given(c, &c->row_keys, c->rows);
	if (!rc)
		rc = measure_keys(c, s);
	return rc ? rc : recap_walk(c->ask, s, count_record, c);
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
