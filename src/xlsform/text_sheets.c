/* SPDX-License-Identifier: MIT */
/* Workbooks in text: CSV with the sheet's name in column 1, and pipe tables. */
#include "sheet.h"

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/workbook.h"
#include "pilar/xlsform.h"

static bool blank_row(const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_trim(cells[i]).n)
			return false;
	return true;
}

/* What both formats do with a row: a first cell opens a sheet, the others are
 * its header or data. */
static enum err text_row(struct book *b, struct sheet **sheet, uint32_t at,
			 const struct str *cells, size_t n, struct report *rep)
{
	struct str name = n ? str_trim(cells[0]) : (struct str){ 0 };
	enum err rc;

	if (name.n) {
		rc = book_add(b, name, sheet);
		if (rc == ERR_EXISTS)
			report_add(rep, PROBLEM_ERROR,
				   workbook_place(b->arena, name, at,
						  (struct str){ 0 }),
				   _("lembar ini sudah ada di atas"));
		if (rc == ERR_TOOBIG)
			report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
				   _("lebih dari %d lembar"), CSV_MAX_COLUMNS);
		if (rc)
			return rc;
	}
	if (n < 2 || blank_row(cells + 1, n - 1))
		return ERR_NONE;
	if (*sheet)
		return sheet_add(b, *sheet, at, 0, cells + 1, n - 1);
	report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
		   _("baris %u: nama lembar (misalnya survey) harus ada di "
		     "kolom pertama"),
		   (unsigned)at);
	return ERR_SYNTAX;
}

enum err book_read_csv(struct book *b, struct str bytes, struct report *rep)
{
	struct sheet *sheet = NULL;
	struct csv csv;
	enum err rc;

	csv_init(&csv, bytes);
	for (rc = csv_row(&csv); !rc; rc = csv_row(&csv)) {
		rc = text_row(b, &sheet, (uint32_t)csv.row, csv.cells.at,
			      csv.cells.n, rep);
		if (rc)
			goto out;
	}
	if (rc == ERR_NOTFOUND)
		rc = ERR_NONE;
	else if (csv.problem)
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
			   _("baris %zu: %s"), csv.line, _(csv.problem));
out:
	csv_release(&csv);
	return rc;
}

bool xlsform_is_csv(struct str bytes)
{
	static const char *const sheets[] = { "survey", "choices", "settings",
					      "entities" };
	bool found = false;
	struct csv csv;

	csv_init(&csv, bytes);
	if (!csv_row(&csv) && csv.cells.n) {
		for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
			found |= str_is(str_trim(csv.cells.at[0]), sheets[i]);
	}
	csv_release(&csv);
	return found;
}

/* "|---|---|" under a header says nothing. */
static bool md_rule(struct str inner)
{
	for (size_t i = 0; i < inner.n; i++)
		if (inner.p[i] != '|' && inner.p[i] != '-')
			return false;
	return inner.n > 0;
}

/* What stands between the first and the last pipe; false: no table row. */
static bool md_inner(struct str line, struct str *inner)
{
	size_t end;

	line = str_trim(line);
	if (!line.n || line.p[0] != '|')
		return false;
	for (end = line.n; end && line.p[end - 1] != '|'; end--)
		;
	if (end < 2)
		return false;
	*inner = str_sub(line, 1, end - 1);
	return !md_rule(*inner);
}

/* `\|` is a pipe in a cell. */
static struct str md_cell(struct arena *a, struct str cell)
{
	char *p = arena_cstr(a, str_trim(cell));
	size_t n = 0;

	if (!p)
		return (struct str){ 0 };
	for (size_t i = 0; p[i]; i++)
		if (p[i] != '\\' || p[i + 1] != '|')
			p[n++] = p[i];
	return str_of(p, n);
}

typedef VEC(struct str) cell_vec;

static enum err md_split(struct arena *a, struct str inner, cell_vec *cells)
{
	size_t from = 0;

	vec_reset(cells);
	for (size_t i = 0; i <= inner.n; i++) {
		struct str *cell;

		if (i < inner.n &&
		    (inner.p[i] != '|' || (i && inner.p[i - 1] == '\\')))
			continue;
		if (cells->n == CSV_MAX_COLUMNS || i - from > CSV_MAX_CELL)
			return ERR_TOOBIG;
		cell = vec_push(cells);
		if (!cell)
			return ERR_NOMEM;
		*cell = md_cell(a, str_sub(inner, from, i));
		from = i + 1;
	}
	return ERR_NONE;
}

enum err book_read_md(struct book *b, struct str bytes, struct report *rep)
{
	cell_vec cells = { 0 };
	struct sheet *sheet = NULL;
	struct str rest = bytes, line, inner;
	uint32_t at = 0;
	enum err rc = ERR_NONE;

	while (!rc && str_split(&rest, '\n', &line)) {
		at++;
		if (!md_inner(line, &inner))
			continue;
		rc = md_split(b->arena, inner, &cells);
		if (rc == ERR_TOOBIG)
			report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
				   _("baris %u: sel atau kolom terlalu "
				     "banyak"),
				   (unsigned)at);
		if (!rc)
			rc = text_row(b, &sheet, at, cells.at, cells.n, rep);
	}
	vec_release(&cells);
	return rc;
}
