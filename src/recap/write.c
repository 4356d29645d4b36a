/* SPDX-License-Identifier: MIT */
#include "recap.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"
#include "pilar/when.h"

static bool is_day(struct str text)
{
	struct when w;

	return !text.n || (when_parse(text, &w) && w.has_date && !w.has_time);
}

static enum err check_ask(const struct recap_ask *ask, struct report *rep)
{
	if (is_day(ask->from) && is_day(ask->to))
		return ERR_NONE;
	report_add(rep, PROBLEM_ERROR,
		   is_day(ask->from) ? STR("--to") : STR("--from"),
		   _("tanggal ditulis tahun-bulan-hari, misalnya 2026-11-01"));
	return ERR_INVALID;
}

void grids_release(struct grids *t)
{
	vec_release(&t->list);
	arena_release(&t->arena);
}

/* One of the recaps under way. */
struct making {
	struct counting *counting;
	struct listing *listing;
};

static enum err make_begin(const struct recap_ask *ask, struct grids *out,
			   struct passes *passes, struct making *m,
			   struct report *rep)
{
	enum err rc = check_ask(ask, rep);

	if (rc)
		return rc;
	return ask->recap->kind == RECAP_COUNT
		       ? count_begin(ask, out, passes, &m->counting, rep)
		       : list_begin(ask, out, passes, &m->listing);
}

enum err recap_grids(const struct recap_ask *asks, size_t n, struct grids *out,
		     struct report *rep)
{
	struct passes passes = { 0 };
	struct arena a = { 0 };
	struct making *all = arena_array(&a, n + 1, sizeof(*all));
	enum err rc = all ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; i < n; i++)
		out[i] = (struct grids){ .separator = ',' };
	for (size_t i = 0; i < n && !rc; i++)
		rc = make_begin(&asks[i], &out[i], &passes, &all[i], rep);
	if (!rc && passes.list.n)
		rc = recap_walk(&asks[0], &passes);
	for (size_t i = 0; all && i < n; i++) {
		rc = count_end(all[i].counting, rc, rep);
		rc = list_end(all[i].listing, rc);
	}
	passes_release(&passes);
	arena_release(&a);
	return rc;
}

/* ---- as a document */
/* Of which days it is, and who printed it when. */
static void write_period(const struct recap_ask *ask, struct doc *d)
{
	const struct sys *sys = cases_sys(ask->cases);
	struct arena a = { 0 };
	struct str period = recap_period_text(ask->from, ask->to, &a);
	struct str who = cases_worker(ask->cases)->name;
	char text[WHEN_MAX];
	struct when w;

	when_local(sys, sys_now(sys), &w);
	doc_note(d, arena_printf(&a, _("Masa: %.*s. Dicetak %.*s, %.*s."),
				 STR_ARG(period),
				 STR_ARG(recap_day_text(
					 when_date_text(&w, text), &a)),
				 STR_ARG(who)));
	arena_release(&a);
}

/* Counts as people write them. */
static struct str cell_text(const struct doc *d, const struct grid *t,
			    size_t column, struct str cell, struct arena *a)
{
	char number[DOC_NUMBER_MAX];

	if (!t->counted || !column || str_is(cell, "-"))
		return cell;
	return arena_dup(a, doc_number(d, strtod(cell.p, NULL), number));
}

/* Lines of a list are numbered on paper. */
static void write_table(struct doc *d, const struct grid *t, struct arena *a)
{
	size_t extra = !t->counted, width = t->n_columns + extra;
	struct doc_column *columns = arena_array(a, width, sizeof(*columns));
	struct str *cells =
		arena_array(a, width * t->n_rows + 1, sizeof(*cells));
	struct doc_table out = { .columns = columns,
				 .n_columns = width,
				 .cells = cells,
				 .n_rows = t->n_rows,
				 .last_is_total = t->total };

	if (!columns || !cells) {
		d->out->failed = ERR_NOMEM;
		return;
	}
	columns[0] = (struct doc_column){ str_from(_("No.")), true, 0 };
	for (size_t i = 0; i < t->n_columns; i++)
		columns[extra + i] =
			(struct doc_column){ t->columns[i].label,
					     t->columns[i].right, 0 };
	for (size_t r = 0; r < t->n_rows; r++) {
		struct str *row = cells + r * width;

		row[0] = arena_printf(a, "%zu", r + 1);
		for (size_t i = 0; i < t->n_columns; i++)
			row[extra + i] = cell_text(
				d, t, i, t->cells[r * t->n_columns + i], a);
	}
	doc_table(d, &out);
}

/* More than these are no picture any more. */
#define BARS_MAX 40

static double drawn(const struct grid *t, size_t row)
{
	const struct str *cells = t->cells + row * t->n_columns;
	double n = 0;

	for (size_t i = 1; i < t->n_columns; i++)
		if (t->columns[i].drawn)
			n += strtod(cells[i].p, NULL);
	return n;
}

static void add_bar(struct doc_bar *bars, size_t *n, struct str label,
		    double value)
{
	if (value > 0 && *n <= BARS_MAX)
		bars[(*n)++] = (struct doc_bar){ label, value };
}

/* "Orang, KK": what they are the sum of. */
static struct str drawn_heads(const struct grid *t, struct arena *a)
{
	struct str out = STR("");

	for (size_t i = 1; i < t->n_columns; i++)
		if (t->columns[i].drawn)
			out = arena_printf(a, out.n ? "%.*s, %.*s" : "%.*s%.*s",
					   STR_ARG(out),
					   STR_ARG(t->columns[i].label));
	return out;
}

/* Where there is something to compare: the totals of the parts, or the rows
 * where there is one part, or too many. */
static void write_bars(struct doc *d, const struct grids *all, struct arena *a)
{
	struct doc_bar bars[BARS_MAX + 1];
	const struct grid *t = all->whole.n_rows ? &all->whole : all->list.at;
	size_t n = 0;

	if (!all->list.n || !t->counted)
		return;
	if (all->list.n > 1 && all->list.n <= BARS_MAX)
		vec_each (part, &all->list)
			add_bar(bars, &n, part->part,
				drawn(part, part->n_rows - 1));
	else
		for (size_t i = 0; i + t->total < t->n_rows; i++)
			add_bar(bars, &n, t->cells[i * t->n_columns],
				drawn(t, i));
	if (n > 1 && n <= BARS_MAX)
		doc_bars(d, drawn_heads(t, a), bars, n);
}

static void write_grid(struct doc *d, const struct grid *t, unsigned level,
		       struct arena *a)
{
	if (t->part.n)
		doc_heading(d, level + 1, t->part);
	if (!t->n_rows || (t->total && t->n_rows == 1))
		doc_text(d, str_from(_("Tidak ada.")));
	else
		write_table(d, t, a);
	arena_reset(a);
}

enum err grids_write(const struct recap_ask *ask, const struct grids *all,
		     struct doc *d, unsigned level)
{
	struct arena a = { 0 };

	doc_heading(d, level, recap_title(ask->recap));
	if (level == 1)
		write_period(ask, d);
	for (size_t i = 0; i < ask->recap->n; i++)
		if (ask->recap->lines[i].kind == LINE_NOTE)
			doc_note(d, line_label(&ask->recap->lines[i]));
	if (all->whole.n_rows)
		write_grid(d, &all->whole, level, &a);
	if (level == 1 && all->whole.n_rows)
		write_bars(d, all, &a);
	vec_each (t, &all->list)
		write_grid(d, t, level, &a);
	if (level == 1 && !all->whole.n_rows)
		write_bars(d, all, &a);
	arena_release(&a);
	return d->out->failed;
}

static enum err write_one(const struct recap_ask *ask, struct doc *d,
			  struct report *rep)
{
	struct grids all;
	enum err rc = recap_grids(ask, 1, &all, rep);

	if (!rc)
		rc = grids_write(ask, &all, d, 1);
	grids_release(&all);
	return rc;
}

enum err recap_doc(const struct recap_ask *ask, struct doc *d,
		   struct report *rep)
{
	enum err rc = check_ask(ask, rep);

	if (rc)
		return rc;
	return ask->recap->kind == RECAP_PAPER ? paper_write(ask, d, rep)
					       : write_one(ask, d, rep);
}

/* ---- as CSV */
/* As it may be shown, line by line; what a spreadsheet would take for a
 * formula is made a text. */
static void clean_cell(struct buf *out, struct str text)
{
	struct str line;

	if (text.n > 1 && strchr("=+-@", text.p[0]))
		buf_addc(out, '\'');
	for (bool first = true; str_split(&text, '\n', &line); first = false) {
		if (!first)
			buf_addc(out, '\n');
		utf8_clean(out, line);
	}
}

/* csv_put() quotes for a comma only. */
static void put_cell(struct buf *out, struct str text, char separator)
{
	struct buf cell = BUF_INIT(CSV_MAX_CELL * 2);

	clean_cell(&cell, text);
	if (separator == ',' ||
	    str_find(buf_str(&cell), str_of(&separator, 1), 0) == SIZE_MAX) {
		csv_put(out, buf_str(&cell));
		buf_release(&cell);
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, cell.p[i]);
	}
	buf_addc(out, '"');
	buf_release(&cell);
}

static bool parted(const struct grids *all)
{
	return all->list.n > 1 || (all->list.n && all->list.at[0].part.n);
}

static void csv_head(struct buf *out, const struct grids *all,
		     const struct grid *t)
{
	if (parted(all)) {
		buf_adds(out, _("bagian"));
		buf_addc(out, all->separator);
	}
	for (size_t i = 0; i < t->n_columns; i++) {
		if (i)
			buf_addc(out, all->separator);
		put_cell(out,
			 t->counted ? t->columns[i].label : t->columns[i].name,
			 all->separator);
	}
	buf_addc(out, '\n');
}

/* Numbers stand as they are, also those below zero. */
static void put_value(struct buf *out, const struct grids *all,
		      const struct grid *t, size_t row, size_t column)
{
	struct str text = t->cells[row * t->n_columns + column];

	if (!t->counted)
		put_cell(out, text, all->separator);
	else if (!column)
		put_cell(out, t->names[row], all->separator);
	else
		buf_addstr(out, str_is(text, "-") ? STR("0") : text);
}

static void csv_rows(struct buf *out, const struct grids *all,
		     const struct grid *t)
{
	for (size_t r = 0; r < t->n_rows; r++) {
		if (parted(all)) {
			put_cell(out, t->part_named, all->separator);
			buf_addc(out, all->separator);
		}
		for (size_t i = 0; i < t->n_columns; i++) {
			if (i)
				buf_addc(out, all->separator);
			put_value(out, all, t, r, i);
		}
		buf_addc(out, '\n');
	}
}

enum err recap_csv(const struct recap_ask *ask, struct buf *out,
		   struct report *rep)
{
	struct grids all;
	enum err rc;

	if (ask->recap->kind == RECAP_PAPER) {
		report_add(rep, PROBLEM_ERROR, ask->recap->name,
			   _("ini surat, bukan tabel: tidak ada CSV-nya"));
		return ERR_INVALID;
	}
	rc = recap_grids(ask, 1, &all, rep);
	vec_each (t, &all.list) {
		if (rc)
			break;
		if (t == all.list.at)
			csv_head(out, &all, t);
		csv_rows(out, &all, t);
	}
	grids_release(&all);
	return rc ? rc : out->failed;
}

/* ---- as JSON */
#define EXACT_MAX 1e15 /* a double keeps every whole number up to it */

/* 12, not 12.0: what is counted is whole. */
static struct json *count_json(struct str text)
{
	double n = strtod(text.p, NULL);

	if (n > -EXACT_MAX && n < EXACT_MAX && n == (double)(int64_t)n)
		return json_int_new((int64_t)n);
	return json_num_new(n);
}

static struct json *row_json(const struct grid *t, size_t r)
{
	struct json *row = json_object_new();

	for (size_t i = 0; row && i < t->n_columns; i++) {
		struct arena a = { 0 };
		struct str text = t->counted && !i
					  ? t->names[r]
					  : t->cells[r * t->n_columns + i];
		char *name =
			arena_cstr(&a, t->columns[i].name.n ? t->columns[i].name
							    : STR("name"));
		struct json *value =
			t->counted && i ? count_json(text) : json_str_new(text);

		if (!name || json_set(row, name, value)) {
			json_free(row);
			row = NULL;
		}
		arena_release(&a);
	}
	return row;
}

static struct json *table_json(const struct grid *t)
{
	struct json *j = json_object_new(), *rows = json_array_new();
	enum err rc = ERR_NONE;

	for (size_t r = 0; r < t->n_rows && !rc; r++)
		rc = json_push(rows, row_json(t, r));
	if (rc) {
		json_free(rows);
		json_free(j);
		return NULL;
	}
	if (t->part.n)
		rc = json_set(j, "part", json_str_new(t->part_named));
	if (json_set(j, "rows", rows) || rc) {
		json_free(j);
		return NULL;
	}
	return j;
}

enum err recap_json(const struct recap_ask *ask, struct json **out,
		    struct report *rep)
{
	struct grids all;
	enum err rc = ERR_INVALID;

	*out = NULL;
	if (ask->recap->kind == RECAP_PAPER) {
		report_add(rep, PROBLEM_ERROR, ask->recap->name,
			   _("ini surat, bukan tabel"));
		return rc;
	}
	rc = recap_grids(ask, 1, &all, rep);
	if (!rc)
		*out = json_array_new();
	vec_each (t, &all.list)
		if (!rc)
			rc = json_push(*out, table_json(t));
	grids_release(&all);
	if (rc) {
		json_free(*out);
		*out = NULL;
	}
	return rc;
}
