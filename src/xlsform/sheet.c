/* SPDX-License-Identifier: MIT */
#include "sheet.h"

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"
#include "pilar/workbook.h"

static struct sheet *sheet_find(const struct book *b, struct str name)
{
	struct sheet *s = b->sheets;

	while (s && !str_eq_nocase(s->name, name))
		s = s->next;
	return s;
}

/* A sheet of this name means something to an XLSForm. */
static bool sheet_known(struct str name)
{
	static const char *const names[] = { "survey",   "choices",
					     "settings", "external_choices",
					     "entities", "osm" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(name, str_from(names[i])))
			return true;
	return false;
}

struct sheet *book_sheet(const struct book *b, const char *name)
{
	return sheet_find(b, str_from(name));
}

enum err book_add(struct book *b, struct str name, struct sheet **out)
{
	struct sheet *s;

	if (sheet_find(b, name))
		return ERR_EXISTS;
	if (b->n_sheets == CSV_MAX_COLUMNS)
		return ERR_TOOBIG;
	s = arena_alloc(b->arena, sizeof(*s));
	if (!s)
		return ERR_NOMEM;
	s->name = arena_dup(b->arena, name);
	s->next = b->sheets;
	b->sheets = s;
	b->n_sheets++;
	*out = s;
	return ERR_NONE;
}

void book_release(struct book *b)
{
	for (struct sheet *s = b->sheets; s; s = s->next)
		vec_release(&s->rows);
	b->sheets = NULL;
}

/* Trimmed, no-break spaces made plain; in a header runs of blanks are one. */
static struct str cell_text(struct arena *a, struct str cell, bool header)
{
	char *p = arena_cstr(a, cell);
	size_t n = 0;

	if (!p)
		return (struct str){ 0 };
	for (size_t i = 0; i < cell.n; i++) {
		char c = p[i];

		if (c == '\xc2' && i + 1 < cell.n && p[i + 1] == '\xa0') {
			c = ' ';
			i++;
		}
		if (c != ' ' || !header || !n || p[n - 1] != ' ')
			p[n++] = c;
	}
	return str_trim(str_of(p, n));
}

static enum err add_header(struct book *b, struct sheet *s, uint32_t at,
			   const struct str *cells, size_t n)
{
	struct str *headers;

	while (n && !str_trim(cells[n - 1]).n)
		n--;
	headers = arena_array(b->arena, n ? n : 1, sizeof(*headers));
	if (!headers)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		headers[i] = cell_text(b->arena, cells[i], true);
	s->at = at;
	s->headers = headers;
	s->n_headers = (uint32_t)n;
	return ERR_NONE;
}

/* Those that are not empty; `out` has room for them. */
static enum err add_cells(struct book *b, struct row *row, struct cell *out,
			  const struct str *cells, size_t n)
{
	row->cells = out;
	for (size_t i = 0; i < n; i++) {
		struct str text;

		if (!str_trim(cells[i]).n)
			continue;
		text = cell_text(b->arena, cells[i], false);
		if (!text.p)
			return ERR_NOMEM;
		if (!text.n)
			continue; /* no-break spaces only */
		out[row->n].column = (uint32_t)i;
		out[row->n++].text = text;
		b->text += text.n;
	}
	return ERR_NONE;
}

enum err sheet_add(struct book *b, struct sheet *s, uint32_t at,
		   uint32_t number, const struct str *cells, size_t n)
{
	struct cell *kept;
	struct row *row;
	size_t used = 0;

	if (!s->headers)
		return add_header(b, s, at, cells, n);
	for (size_t i = 0; i < n; i++)
		used += str_trim(cells[i]).n > 0;
	if (b->text > SHEET_MAX_TEXT || s->rows.n >= CSV_MAX_ROWS)
		return ERR_TOOBIG;
	kept = arena_array(b->arena, used ? used : 1, sizeof(*kept));
	row = vec_push(&s->rows);
	if (!kept || !row)
		return ERR_NOMEM;
	row->at = at;
	row->number = number ? number : (uint32_t)s->rows.n + 1;
	return add_cells(b, row, kept, cells, n);
}

/* ---- workbooks: a workbook of one sheet has the survey in it, whatever its
 * name */
static enum err begin_sheet(void *arg, const struct workbook_sheet *in,
			    void **handle)
{
	bool known = sheet_known(in->name);
	struct sheet *s = NULL;
	enum err rc = ERR_NONE;

	if (known || in->only)
		rc = book_add(arg, known ? in->name : STR("survey"), &s);
	if (rc == ERR_EXISTS) /* a name twice is taken once */
		return ERR_NONE;
	*handle = s;
	return rc;
}

/* Rows are numbered by the sheet: row 1 is its header. */
static enum err add_row(void *arg, void *handle, uint32_t at,
			const struct str *cells, size_t n)
{
	return sheet_add(arg, handle, at, at, cells, n);
}

static enum err read_workbook(struct book *b, struct str bytes,
			      enum workbook_kind kind, struct report *rep)
{
	const struct workbook_to to = { b, begin_sheet, add_row, NULL };

	return workbook_read(bytes, kind, &to, rep);
}

static enum err read_xlsx(struct book *b, struct str bytes, struct report *rep)
{
	return read_workbook(b, bytes, WORKBOOK_XLSX, rep);
}

static enum err read_xls(struct book *b, struct str bytes, struct report *rep)
{
	return read_workbook(b, bytes, WORKBOOK_XLS, rep);
}

enum err book_read(struct book *b, struct str bytes, enum sheet_format format,
		   struct report *rep)
{
	static enum err (*const readers[])(struct book *, struct str,
					   struct report *) = {
		[SHEETS_CSV] = book_read_csv,
		[SHEETS_MD] = book_read_md,
		[SHEETS_XLSX] = read_xlsx,
		[SHEETS_XLS] = read_xls,
	};

	if (bytes.n > SHEET_MAX_BYTES) {
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
			   _("berkas lebih besar daripada %u MB"),
			   (unsigned)(SHEET_MAX_BYTES >> 20));
		return ERR_TOOBIG;
	}
	if (format < SHEETS_XLSX && !utf8_valid(bytes)) {
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
			   _("berkas bukan teks UTF-8; simpan ulang sebagai "
			     "UTF-8"));
		return ERR_SYNTAX;
	}
	return readers[format](b, bytes, rep);
}
