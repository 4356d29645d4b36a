/* SPDX-License-Identifier: MIT */
#include "pilar/csv.h"
#include "pilar/i18n.h"

#include "xlsx.h"
#include "xlsx_text.h"

/* The rows of one sheet, while its XML is told. */
struct rows {
	const struct xlsx_values *v;
	const struct workbook_to *to;
	void *handle;
	struct str name;
	struct report *rep;
	bool data;          /* inside <sheetData> */
	struct arena arena; /* of one row */
	struct xlsx_text text;
	uint32_t at;
	size_t column; /* of the cell that is open */
	bool outside;  /* that column is beyond the last */
	struct xlsx_cell cell;
	struct str cells[CSV_MAX_COLUMNS];
	size_t n, next; /* the next cell that does not say where it is */
};

static struct str attr_of(const struct sax_attr *attrs, size_t n,
			  const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(attrs[i].name, name))
			return attrs[i].value;
	return (struct str){ 0 };
}

/* "AB12" is column 27; a cell that does not say is behind the one before. */
static bool column_read(struct str ref, size_t otherwise, size_t *column)
{
	size_t n = 0;

	for (size_t i = 0; i < ref.n && ref.p[i] >= 'A' && ref.p[i] <= 'Z';
	     i++) {
		n = n * 26 + (size_t)(ref.p[i] - 'A' + 1);
		if (n > CSV_MAX_COLUMNS)
			return false;
	}
	*column = n ? n - 1 : otherwise;
	return *column < CSV_MAX_COLUMNS;
}

static void row_begin(struct rows *r, struct str at)
{
	uint64_t n;

	r->at++;
	if (str_to_u64(at, &n) && n > 0 && n < UINT32_MAX)
		r->at = (uint32_t)n;
	r->n = r->next = 0;
	arena_reset(&r->arena);
}

/* "B4" */
static bool cell_read(struct str ref, uint32_t *row, size_t *column)
{
	size_t letters = 0;
	uint64_t n;

	while (letters < ref.n && ref.p[letters] >= 'A' &&
	       ref.p[letters] <= 'Z')
		letters++;
	if (!letters || !column_read(ref, 0, column) ||
	    !str_to_u64(str_sub(ref, letters, ref.n), &n) || !n ||
	    n >= UINT32_MAX)
		return false;
	*row = (uint32_t)n;
	return true;
}

/* "B4:C6" */
static enum err merged_told(struct rows *r, struct str ref)
{
	size_t colon = str_find(ref, STR(":"), 0);
	struct workbook_merged m;

	if (!r->to->merged || colon == SIZE_MAX ||
	    !cell_read(str_sub(ref, 0, colon), &m.row, &m.column) ||
	    !cell_read(str_sub(ref, colon + 1, ref.n), &m.last_row,
		       &m.last_column))
		return ERR_NONE;
	return r->to->merged(r->to->arg, r->handle, &m);
}

static enum err on_open(void *arg, struct str name,
			const struct sax_attr *attrs, size_t n)
{
	struct rows *r = arg;

	if (!r->data) {
		r->data = str_is(name, "sheetData");
		return str_is(name, "mergeCell")
			       ? merged_told(r, attr_of(attrs, n, "ref"))
			       : ERR_NONE;
	}
	if (str_is(name, "row"))
		row_begin(r, attr_of(attrs, n, "r"));
	if (str_is(name, "c")) {
		buf_reset(&r->text.got);
		r->outside = !column_read(attr_of(attrs, n, "r"), r->next,
					  &r->column);
		r->cell.type = arena_dup(&r->arena, attr_of(attrs, n, "t"));
		r->cell.style = arena_dup(&r->arena, attr_of(attrs, n, "s"));
	}
	xlsx_text_open(&r->text, name);
	return ERR_NONE;
}

static enum err on_text(void *arg, struct str piece)
{
	struct rows *r = arg;

	if (r->data)
		xlsx_text_add(&r->text, piece);
	return r->text.got.failed;
}

static enum err cell_end(struct rows *r)
{
	struct str text;

	r->cell.raw = buf_str(&r->text.got);
	text = xlsx_value(r->v, &r->cell, &r->arena);
	if (!str_trim(text).n) {
		r->next++;
		return ERR_NONE;
	}
	if (r->outside || text.n > CSV_MAX_CELL) {
		report_add(r->rep, PROBLEM_ERROR,
			   workbook_place(&r->arena, r->name, r->at,
					  (struct str){ 0 }),
			   _("terlalu banyak kolom atau sel terlalu "
			     "panjang"));
		return ERR_TOOBIG;
	}
	while (r->n <= r->column)
		r->cells[r->n++] = (struct str){ 0 };
	r->cells[r->column] = arena_dup(&r->arena, text);
	r->next = r->column + 1;
	return r->cells[r->column].p ? ERR_NONE : ERR_NOMEM;
}

static enum err on_close(void *arg, struct str name)
{
	struct rows *r = arg;

	if (!r->data)
		return ERR_NONE;
	xlsx_text_close(&r->text, name);
	if (str_is(name, "sheetData"))
		r->data = false;
	if (str_is(name, "c"))
		return cell_end(r);
	if (!str_is(name, "row") || !r->n)
		return ERR_NONE;
	return r->to->row(r->to->arg, r->handle, r->at, r->cells, r->n);
}

enum err xlsx_rows(const struct xlsx_values *v, struct str xml, struct str name,
		   const struct workbook_to *to, void *handle,
		   struct report *rep)
{
	struct rows r = {
		.v = v, .to = to, .handle = handle, .name = name, .rep = rep
	};
	const struct sax_to sax = { &r, on_open, on_text, on_close };
	struct arena a = { 0 };
	enum err rc = sax_read(&sax, xml, arena_cstr(&a, name), rep);

	arena_release(&r.arena);
	arena_release(&a);
	buf_release(&r.text.got);
	return rc;
}
