/* SPDX-License-Identifier: MIT */
#include "xls.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/csv.h"

#include "number.h"
#include "ole.h"

struct xls_cell {
	uint32_t row, column;
	struct str text;
};

/* The cells of one sheet, while its records are read. */
struct cells {
	const struct xls_globals *g;
	VEC(struct xls_cell) all;
	struct xls_cell *formula; /* waits for its text */
	enum err failed;
};

static struct xls_cell *cell_add(struct cells *c, unsigned row, unsigned column,
				 struct str text)
{
	struct xls_cell *cell = NULL;

	if (column >= CSV_MAX_COLUMNS || text.n > CSV_MAX_CELL) {
		c->failed = ERR_TOOBIG;
		return NULL;
	}
	cell = vec_push(&c->all);
	if (!cell) {
		c->failed = ERR_NOMEM;
		return NULL;
	}
	*cell = (struct xls_cell){ row, column, text };
	return cell;
}

static struct str number_text(const struct xls_globals *g, unsigned style,
			      double n)
{
	if (style < g->n_styles && g->dates[style] && number_dateable(n))
		return number_date(g->arena, g->since_1904 ? n + DAYS_1904 : n);
	return number_plain(g->arena, n);
}

static double double_of(struct str data, size_t at)
{
	uint64_t bits = le32(data, at) | (uint64_t)le32(data, at + 4) << 32;
	double n;

	memcpy(&n, &bits, sizeof(n));
	return n == n && n - n == 0 ? n : 0; /* finite */
}

/* 30 bits of a number: whole or the upper end of a double, maybe times 100. */
static double rk_number(uint32_t rk)
{
	uint64_t bits = (uint64_t)(rk & ~(uint32_t)3) << 32;
	int32_t whole;
	double n;

	if (rk & 2) {
		memcpy(&whole, &rk, sizeof(whole));
		n = whole >> 2;
	} else {
		memcpy(&n, &bits, sizeof(n));
	}
	if (n != n || n - n != 0)
		n = 0;
	return rk & 1 ? n / 100 : n;
}

static struct str bool_text(unsigned value)
{
	return value ? STR("TRUE") : STR("FALSE");
}

static struct str shared_text(const struct xls_globals *g, uint32_t i)
{
	return i < g->n_strings ? g->strings[i] : (struct str){ 0 };
}

/* Results that are no number say so in the upper end of a NaN. */
static void formula_cell(struct cells *c, struct str d)
{
	const struct xls_globals *g = c->g;
	unsigned row = le16(d, 0), column = le16(d, 2), kind;
	struct str text = { 0 };

	if (d.n < 14)
		return;
	kind = (unsigned char)d.p[6];
	if (le16(d, 12) != 0xffff)
		text = number_text(g, le16(d, 4), double_of(d, 6));
	else if (kind == 1)
		text = bool_text((unsigned char)d.p[8]);
	c->formula = NULL;
	if (text.n || (le16(d, 12) == 0xffff && kind == 0))
		c->formula = cell_add(c, row, column, text);
}

static void rk_cells(struct cells *c, struct str d)
{
	unsigned column = le16(d, 2);

	for (size_t at = 4; at + 8 <= d.n && !c->failed; at += 6, column++)
		cell_add(c, le16(d, 0), column,
			 number_text(c->g, le16(d, at),
				     rk_number(le32(d, at + 2))));
}

static void plain_cell(struct cells *c, unsigned type, struct str d)
{
	struct arena *a = c->g->arena;
	struct str text = { 0 };

	if (type == RECORD_LABELSST)
		text = shared_text(c->g, le32(d, 6));
	else if (type == RECORD_LABEL || type == RECORD_RSTRING)
		text = xls_text(a, str_sub(d, 6, d.n), 2);
	else if (type == RECORD_NUMBER)
		text = number_text(c->g, le16(d, 4), double_of(d, 6));
	else if (type == RECORD_RK)
		text = number_text(c->g, le16(d, 4), rk_number(le32(d, 6)));
	else if (type == RECORD_BOOLERR && d.n >= 8 && !d.p[7])
		text = bool_text((unsigned char)d.p[6]);
	if (text.n)
		cell_add(c, le16(d, 0), le16(d, 2), text);
}

static void cell_record(struct cells *c, const struct record *r)
{
	switch (r->type) {
	case RECORD_FORMULA:
		formula_cell(c, r->data);
		break;
	case RECORD_STRING:
		if (c->formula)
			c->formula->text = xls_text(c->g->arena, r->data, 2);
		c->formula = NULL;
		break;
	case RECORD_MULRK:
		rk_cells(c, r->data);
		break;
	default:
		plain_cell(c, r->type, r->data);
		break;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct xls_cell *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

static enum err rows_add(struct cells *c, const struct workbook_to *to,
			 void *handle)
{
	size_t i = 0;
	enum err rc = ERR_NONE;

	if (c->all.n)
		qsort(c->all.at, c->all.n, sizeof(*c->all.at), by_place);
	while (i < c->all.n && !rc) {
		struct str cells[CSV_MAX_COLUMNS] = { 0 };
		uint32_t row = c->all.at[i].row;
		size_t n = 0;

		for (; i < c->all.n && c->all.at[i].row == row; i++) {
			n = c->all.at[i].column;
			cells[n++] = c->all.at[i].text;
		}
		rc = to->row(to->arg, handle, row + 1, cells, n);
	}
	return rc;
}

/* Records of merged cells: how many, then first and last row and column. */
static enum err merged_told(const struct record *r,
			    const struct workbook_to *to, void *handle)
{
	enum err rc = ERR_NONE;

	for (size_t at = 2; at + 8 <= r->data.n && !rc; at += 8) {
		const struct workbook_merged m = {
			.row = le16(r->data, at) + 1,
			.last_row = le16(r->data, at + 2) + 1,
			.column = le16(r->data, at + 4),
			.last_column = le16(r->data, at + 6),
		};

		rc = to->merged(to->arg, handle, &m);
	}
	return rc;
}

static enum err all_merged(const struct xls_globals *g, size_t at,
			   const struct workbook_to *to, void *handle)
{
	struct record r;
	enum err rc = ERR_NONE;

	for (; !rc && record_at(g->stream, at, &r) && r.type != RECORD_EOF;
	     at = r.next)
		if (r.type == RECORD_MERGED)
			rc = merged_told(&r, to, handle);
	return rc;
}

enum err xls_rows_read(const struct xls_globals *g, size_t at,
		       const struct workbook_to *to, void *handle)
{
	struct cells c = { .g = g };
	const size_t first = at;
	struct record r;
	enum err rc;

	for (;
	     !c.failed && record_at(g->stream, at, &r) && r.type != RECORD_EOF;
	     at = r.next)
		cell_record(&c, &r);
	rc = c.failed;
	if (!rc)
		rc = rows_add(&c, to, handle);
	if (!rc && to->merged)
		rc = all_merged(g, first, to, handle);
	vec_release(&c.all);
	return rc;
}
