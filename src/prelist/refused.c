/* SPDX-License-Identifier: MIT */
#include "pilar/file.h"
#include "pilar/i18n.h"

#include "prelist.h"

/* The rows that were not taken, as a file that can be mended and taken in. */
static void put_cell(const struct prelist *p, struct buf *b, struct str cell,
		     bool first)
{
	if (!first)
		buf_addc(b, p->csv.separator);
	buf_addc(b, '"');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, cell.p[i]);
	}
	buf_addc(b, '"');
}

static void put_row(struct prelist *p, struct buf *b, bool heads,
		    struct str why)
{
	bool first = true;

	for (size_t i = 0; i < p->n_columns; i++) {
		if (p->columns[i].shown.by == PRELIST_REASON)
			continue; /* it is made anew */
		put_cell(p, b,
			 heads ? p->columns[i].shown.head : p->csv.cells.at[i],
			 first);
		first = false;
	}
	put_cell(p, b, why, first);
	buf_adds(b, "\r\n");
}

static enum err put_refused(struct prelist *p, struct buf *b)
{
	enum err rc = ERR_NONE;
	bool odd;

	for (size_t i = 0; i < p->places.n && !rc; i++) {
		const struct prelist_refusal *r = &p->refusals.at[i];
		struct str why = arena_printf(
			&p->memory, r->column.n ? "%.*s: %s" : "%.*s%s",
			STR_ARG(r->column), _(r->why));

		p->csv.at = p->places.at[i];
		p->csv.row = r->row - 1;
		rc = body_row(p, &odd);
		if (!rc)
			put_row(p, b, false, why);
		arena_reset(&p->memory);
	}
	return rc ? rc : b->failed;
}

/* ---- as a workbook: numbers that are typed over keep their digits */
static enum err next_row(void *arg, const struct str **cells, size_t *n)
{
	struct csv *c = arg;
	enum err rc = csv_row(c);

	*cells = c->cells.at;
	*n = c->cells.n;
	return rc;
}

static enum err as_workbook(const struct prelist *p, struct buf *b)
{
	struct buf out = BUF_INIT(WORKBOOK_MAX_BYTES);
	struct csv csv;
	const struct workbook_from from = { &csv, next_row };
	enum err rc;

	csv_init(&csv, buf_str(b));
	csv.separator = p->csv.separator;
	rc = workbook_write(&out, &from);
	csv_release(&csv);
	buf_release(b);
	*b = out;
	return rc;
}

enum err prelist_write_refused(struct prelist *p, const char *path,
			       struct report *rep)
{
	struct buf b = BUF_INIT(CSV_MAX_BYTES);
	enum err rc = body_begin(p);

	buf_adds(&b, "\xef\xbb\xbf"); /* so that Excel sees it is UTF-8 */
	put_row(p, &b, true, str_from(_(REASON_HEAD)));
	if (!rc)
		rc = put_refused(p, &b);
	if (!rc && str_ends(str_from(path), STR(".xlsx")))
		rc = as_workbook(p, &b);
	if (!rc)
		rc = file_write(path, buf_str(&b));
	buf_release(&b);
	if (rc)
		report_add(rep, PROBLEM_ERROR, str_from(path), "%s",
			   _("berkas tidak bisa ditulis"));
	return rc;
}
