/* SPDX-License-Identifier: MIT */
#include "csv_list.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/csv.h"
#include "pilar/i18n.h"

#include "csv_index.h"
#include "place.h"

/*
 * A list keeps the text and where each row begins in it, four bytes a row; a
 * cell is found by splitting its row again. Only cells with doubled quotes,
 * which stand nowhere in the text as they are, are kept beside it.
 */
struct odd_cell {
	uint32_t row, column;
	struct str value;
};

struct csv_list {
	struct list list;
	struct str text;
	char separator, newline;
	struct buf owned;
	struct arena arena;
	struct str *columns;
	size_t n_columns;
	VEC(uint32_t) starts; /* of the rows, and of the end */
	VEC(struct odd_cell) odd;
	uint32_t *all;
	struct csv_index *index; /* by column; rows NULL: not built yet */
};

static struct csv_list *self(struct list *l)
{
	return (struct csv_list *)l;
}

static const struct csv_list *self_const(const struct list *l)
{
	return (const struct csv_list *)l;
}

static size_t rows_of(const struct csv_list *c)
{
	return c->starts.n - 1;
}

static int odd_order(const void *a, const void *b)
{
	const struct odd_cell *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

static struct str odd_value(const struct csv_list *c, uint32_t row,
			    size_t column)
{
	struct odd_cell want = { .row = row, .column = (uint32_t)column };
	const struct odd_cell *hit =
		c->odd.n ? bsearch(&want, c->odd.at, c->odd.n, sizeof(want),
				   odd_order)
			 : NULL;

	return hit ? hit->value : (struct str){ NULL, 0 };
}

static bool ends_in(struct str s, char c)
{
	return s.n && s.p[s.n - 1] == c;
}

/* The row as it stands, without what ends it and blank lines after it. */
static struct str row_text(const struct csv_list *c, uint32_t row)
{
	struct str s =
		str_sub(c->text, c->starts.at[row], c->starts.at[row + 1]);

	do {
		s.n -= ends_in(s, c->newline);
		s.n -= ends_in(s, '\r');
	} while (ends_in(s, c->newline));
	return s;
}

/* Index of the closing quote. */
static size_t quoted_end(struct str row, bool *doubled)
{
	size_t end = 1;

	for (; end < row.n; end++) {
		if (row.p[end] != '"')
			continue;
		if (end + 1 == row.n || row.p[end + 1] != '"')
			break;
		*doubled = true;
		end++;
	}
	return end;
}

/*
 * Takes a cell off the row and says whether quotes are doubled in it. The row
 * has p == NULL when that was the last.
 */
static struct str take_cell(struct str *row, char separator, bool *doubled)
{
	bool quoted = row->n && row->p[0] == '"';
	size_t end, next;
	const char *stop;
	struct str cell;

	*doubled = false;
	end = quoted ? quoted_end(*row, doubled) : 0;
	stop = end < row->n ? memchr(row->p + end, separator, row->n - end)
			    : NULL;
	next = stop ? (size_t)(stop - row->p) : row->n;
	cell = quoted ? str_sub(*row, 1, end) : str_sub(*row, 0, next);
	*row = stop ? str_sub(*row, next + 1, row->n) : str_of(NULL, 0);
	return cell;
}

static struct str list_cell(struct list *l, uint32_t row, size_t column)
{
	const struct csv_list *c = self(l);
	struct str rest, cell = STR("");
	bool doubled = false;

	if (row >= rows_of(c) || column >= c->n_columns)
		return cell;
	rest = row_text(c, row);
	for (size_t i = 0; i <= column; i++) {
		if (!rest.p)
			return STR("");
		cell = take_cell(&rest, c->separator, &doubled);
	}
	return doubled ? odd_value(c, row, column) : cell;
}

static size_t list_columns(const struct list *l)
{
	return self_const(l)->n_columns;
}

static struct str list_column_name(const struct list *l, size_t column)
{
	return self_const(l)->columns[column];
}

static enum err list_all(struct list *l, struct arena *a, const uint32_t **rows,
			 size_t *n)
{
	struct csv_list *c = self(l);

	(void)a;
	*n = rows_of(c);
	if (!c->all) {
		c->all = calloc(*n + 1, sizeof(*c->all));
		if (!c->all)
			return ERR_NOMEM;
		for (size_t i = 0; i < *n; i++)
			c->all[i] = (uint32_t)i;
	}
	*rows = c->all;
	return ERR_NONE;
}

static enum err list_find(struct list *l, size_t column, struct str value,
			  struct arena *a, const uint32_t **rows, size_t *n)
{
	struct csv_list *c = self(l);
	enum err rc;

	(void)a;
	*rows = NULL;
	*n = 0;
	if (column >= c->n_columns)
		return ERR_NOTFOUND;
	if (!c->index[column].rows) {
		rc = csv_index_build(&c->index[column], l, column, rows_of(c));
		if (rc)
			return rc;
	}
	*rows = csv_index_find(&c->index[column], l, column, value, n);
	return ERR_NONE;
}

static void list_release(struct list *l)
{
	struct csv_list *c = self(l);

	for (size_t i = 0; c->index && i < c->n_columns; i++)
		csv_index_release(&c->index[i]);
	free(c->all);
	vec_release(&c->starts);
	vec_release(&c->odd);
	arena_release(&c->arena);
	buf_release(&c->owned);
	free(c);
}

static const struct list_ops csv_ops = {
	.columns = list_columns,
	.column = list_column_name,
	.all = list_all,
	.find = list_find,
	.cell = list_cell,
	.release = list_release,
};

/* ---- reading */

struct loader {
	struct csv_list *list;
	struct csv csv;
	const char *name;
	struct report *report;
	bool warned;
};

static enum err refuse(struct loader *ld, enum err rc, const char *why)
{
	char place[PLACE_MAX];

	report_add(ld->report, PROBLEM_ERROR,
		   line_place(place, ld->name, ld->csv.line), "%s", why);
	return rc;
}

static enum err bad_column(struct loader *ld, size_t i)
{
	char place[PLACE_MAX];

	report_add(ld->report, PROBLEM_ERROR,
		   line_place(place, ld->name, ld->csv.line),
		   _("judul kolom ke-%zu bukan nama (huruf, angka, _ - .; "
		     "tanpa spasi)"),
		   i + 1);
	return ERR_INVALID;
}

/* Empty headings at the end are what a spreadsheet leaves behind. */
static enum err read_header(struct loader *ld)
{
	struct csv_list *c = ld->list;
	struct csv *csv = &ld->csv;
	enum err rc = csv_row(csv);

	if (rc == ERR_NOTFOUND)
		return refuse(ld, ERR_INVALID, _("tidak ada baris judul"));
	if (rc)
		return refuse(ld, rc, csv->problem ? _(csv->problem) : "");
	c->n_columns = csv->cells.n;
	while (c->n_columns && !str_trim(csv->cells.at[c->n_columns - 1]).n)
		c->n_columns--;
	c->columns = arena_array(&c->arena, c->n_columns, sizeof(*c->columns));
	c->index = arena_array(&c->arena, c->n_columns, sizeof(*c->index));
	if (!c->columns || !c->index)
		return ERR_NOMEM;
	for (size_t i = 0; i < c->n_columns; i++) {
		struct str title = str_trim(csv->cells.at[i]);

		if (!str_is_name(title, "-."))
			return bad_column(ld, i);
		c->columns[i] = arena_dup(&c->arena, title);
		if (!c->columns[i].p)
			return ERR_NOMEM;
	}
	return c->n_columns
		       ? ERR_NONE
		       : refuse(ld, ERR_INVALID, _("tidak ada baris judul"));
}

static enum err add_start(struct csv_list *c, size_t at)
{
	uint32_t *start = vec_push(&c->starts);

	if (!start)
		return ERR_NOMEM;
	*start = (uint32_t)at;
	return ERR_NONE;
}

static bool in_text(const struct csv_list *c, struct str cell)
{
	uintptr_t at = (uintptr_t)cell.p, from = (uintptr_t)c->text.p;

	return !cell.n || (at >= from && at < from + c->text.n);
}

static enum err keep_odd(struct loader *ld, size_t column)
{
	struct csv_list *c = ld->list;
	struct odd_cell *o = vec_push(&c->odd);

	if (!o)
		return ERR_NOMEM;
	o->row = (uint32_t)(c->starts.n - 1);
	o->column = (uint32_t)column;
	o->value = arena_dup(&c->arena, ld->csv.cells.at[column]);
	return o->value.p ? ERR_NONE : ERR_NOMEM;
}

static void warn_of_more(struct loader *ld)
{
	char place[PLACE_MAX];

	if (ld->warned || ld->csv.cells.n <= ld->list->n_columns ||
	    !ld->csv.cells.at[ld->list->n_columns].n)
		return;
	ld->warned = true;
	report_add(ld->report, PROBLEM_WARNING,
		   line_place(place, ld->name, ld->csv.line),
		   _("baris ini lebih panjang dari judulnya"));
}

static enum err add_row(struct loader *ld, size_t at)
{
	struct csv_list *c = ld->list;
	const struct csv *csv = &ld->csv;
	enum err rc;

	rc = add_start(c, at);
	for (size_t i = 0; !rc && i < csv->cells.n && i < c->n_columns; i++)
		if (!in_text(c, csv->cells.at[i]))
			rc = keep_odd(ld, i);
	warn_of_more(ld);
	return rc;
}

/* Blank lines are rows of nothing, as in ODK Web Forms, but at the end. */
static enum err end_rows(struct csv_list *c)
{
	enum err rc = add_start(c, c->text.n);

	while (!rc && rows_of(c) && !row_text(c, (uint32_t)rows_of(c) - 1).n) {
		c->starts.n--;
		c->starts.at[rows_of(c)] = (uint32_t)c->text.n;
	}
	return rc;
}

static enum err load(struct loader *ld)
{
	struct csv_list *c = ld->list;
	struct csv *csv = &ld->csv;
	enum err rc;

	csv_init(csv, c->text);
	csv_detect(csv);
	c->separator = csv->separator;
	c->newline = csv->newline;
	rc = read_header(ld);
	while (!rc) {
		size_t at = csv->at;

		rc = csv_row(csv);
		if (!rc)
			rc = add_row(ld, at);
		else if (rc != ERR_NOTFOUND && csv->problem)
			return refuse(ld, rc, _(csv->problem));
	}
	return rc == ERR_NOTFOUND ? end_rows(c) : rc;
}

static enum err list_over(struct list **out, struct str text, const char *name,
			  struct report *rep)
{
	struct loader ld = { .name = name, .report = rep };
	enum err rc;

	ld.list = calloc(1, sizeof(*ld.list));
	if (!ld.list)
		return ERR_NOMEM;
	ld.list->list = (struct list){ .ops = &csv_ops, .version = 1 };
	ld.list->text = text;
	rc = load(&ld);
	csv_release(&ld.csv);
	if (rc) {
		list_release(&ld.list->list);
		return rc;
	}
	*out = &ld.list->list;
	return ERR_NONE;
}

enum err csv_list_take(struct list **out, struct buf *text, const char *name,
		       struct report *rep)
{
	enum err rc;

	*out = NULL;
	rc = list_over(out, buf_str(text), name, rep);
	if (rc)
		return rc;
	self(*out)->owned = *text;
	*text = BUF_INIT(text->max);
	return ERR_NONE;
}

enum err csv_list_new(struct list **out, struct str text, bool copy,
		      const char *name, struct report *rep)
{
	struct buf b = BUF_INIT(CSV_MAX_BYTES + 1);
	enum err rc;

	*out = NULL;
	if (!copy || text.n > CSV_MAX_BYTES)
		return list_over(out, text, name, rep);
	buf_addstr(&b, text);
	rc = b.failed;
	if (!rc)
		rc = csv_list_take(out, &b, name, rep);
	buf_release(&b);
	return rc;
}
