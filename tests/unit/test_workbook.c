/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/csv.h"
#include "pilar/sax.h"
#include "pilar/workbook.h"
#include "pilar/zip.h"

#include "../lib/expect.h"

/* ---- what is told, as text: "3:a|b\n" */
struct heard {
	struct buf text;
	struct report rep;
	const char *wanted; /* NULL: every sheet */
	enum err rc;
};

static enum err on_sheet(void *arg, const struct workbook_sheet *s,
			 void **handle)
{
	struct heard *h = arg;

	buf_addf(&h->text, "[%.*s%s%s]", STR_ARG(s->name),
		 s->only ? " only" : "", s->hidden ? " hidden" : "");
	if (!h->wanted || str_is(s->name, h->wanted))
		*handle = h;
	return ERR_NONE;
}

static enum err on_row(void *arg, void *handle, uint32_t at,
		       const struct str *cells, size_t n)
{
	struct heard *h = arg;

	assert_ptr_equal(handle, h);
	buf_addf(&h->text, "%u:", (unsigned)at);
	for (size_t i = 0; i < n; i++)
		buf_addf(&h->text, "%s%.*s", i ? "|" : "", STR_ARG(cells[i]));
	buf_addc(&h->text, '\n');
	return ERR_NONE;
}

static enum err on_merged(void *arg, void *handle,
			  const struct workbook_merged *m)
{
	struct heard *h = arg;

	assert_ptr_equal(handle, h);
	buf_addf(&h->text, "(%u-%u,%zu-%zu)", (unsigned)m->row,
		 (unsigned)m->last_row, m->column, m->last_column);
	return ERR_NONE;
}

static void hear(struct heard *h, struct str bytes)
{
	const struct workbook_to to = { h, on_sheet, on_row, on_merged };

	h->text = BUF_INIT((size_t)8 << 20);
	h->rc = workbook_read(bytes, WORKBOOK_XLSX, &to, &h->rep);
	if (h->rc)
		assert_true(h->rep.errors > 0);
}

static void done(struct heard *h)
{
	buf_release(&h->text);
	report_release(&h->rep);
}

/* ---- a workbook of two sheets */
#define BOOK                                                            \
	"<workbook xmlns:r=\"r\"><workbookPr %s/><sheets><sheet "       \
	"name=\"Satu\" "                                                \
	"r:id=\"a\"/><sheet name=\"Dua\" state=\"hidden\" r:id=\"b\"/>" \
	"</sheets></workbook>"
#define RELS                                                            \
	"<Relationships><Relationship Id=\"a\" Target=\"/xl/s1.xml\"/>" \
	"<Relationship Id=\"b\" Target=\"s2.xml\"/></Relationships>"
#define STYLES                                                             \
	"<styleSheet><numFmts><numFmt numFmtId=\"200\" "                   \
	"formatCode=\"dd/mm/yy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/>" \
	"<xf numFmtId=\"14\"/><xf numFmtId=\"200\"/></cellXfs></styleSheet>"
#define SHARED                                                           \
	"<sst><si><t>bersama</t></si><si><r><t>dua </t></r><r><t>bagian" \
	"</t></r><rPh><t>bunyi</t></rPh></si></sst>"

#define MERGED                                                           \
	"<mergeCells><mergeCell ref=\"B7:AA9\"/><mergeCell ref=\"C1\"/>" \
	"<mergeCell ref=\"B0:B2\"/><mergeCell/><mergeCell ref=\":\"/>"   \
	"<mergeCell ref=\"ZZZ1:B2\"/></mergeCells>"
#define TOLD "(7-9,1-26)"

static void make(struct buf *out, const char *how, const char *rows)
{
	struct buf book = BUF_INIT(10000), sheet = BUF_INIT((size_t)8 << 20);
	struct zip_out *z;

	*out = BUF_INIT((size_t)8 << 20);
	buf_addf(&book, BOOK, how);
	buf_adds(&sheet, "<worksheet><sheetData>");
	buf_adds(&sheet, rows);
	buf_adds(&sheet, "</sheetData><x><row><c><v>99</v></c></row></x>" MERGED
			 "</worksheet>");
	ok(zip_out_new(&z, out));
	ok(zip_out_add(z, "xl/s1.xml", buf_str(&sheet)));
	ok(zip_out_add(z, "xl/s2.xml",
		       STR("<worksheet><sheetData/></worksheet>")));
	ok(zip_out_add(z, "xl/workbook.xml", buf_str(&book)));
	ok(zip_out_add(z, "xl/_rels/workbook.xml.rels", STR(RELS)));
	ok(zip_out_add(z, "xl/styles.xml", STR(STYLES)));
	ok(zip_out_add(z, "xl/sharedStrings.xml", STR(SHARED)));
	ok(zip_out_close(z));
	buf_release(&book);
	buf_release(&sheet);
}

static void assert_rows(const char *how, const char *rows, const char *want)
{
	struct heard h = { .wanted = "Satu" };
	struct buf book;

	make(&book, how, rows);
	hear(&h, buf_str(&book));
	ok(h.rc);
	assert_string_equal(h.text.p, want);
	done(&h);
	buf_release(&book);
}

static void rows_are_told_as_they_stand(void **state)
{
	(void)state;
	assert_rows("",
		    "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"C2\">"
		    "<v>3.0</v></c><c t=\"b\"><v>1</v></c></row><row/>"
		    "<row><c t=\"inlineStr\"><is><t>a&amp;b</t></is></c>"
		    "<c t=\"str\"><f>1+1</f><v>hasil</v></c></row>",
		    "[Satu]2:dua bagian||3|TRUE\n4:a&b|hasil\n" TOLD
		    "[Dua hidden]");
}

static void days_are_numbers_with_a_format(void **state)
{
	static const char row[] =
		"<row><c s=\"1\"><v>45322</v></c><c s=\"2\"><v>45322.5</v></c>"
		"<c s=\"0\"><v>45322</v></c></row>";

	(void)state;
	assert_rows("", row,
		    "[Satu]1:2024-01-31 00:00:00|2024-01-31 12:00:00|45322\n"
		    "" TOLD "[Dua hidden]");
	assert_rows("date1904=\"1\"", "<row><c s=\"1\"><v>43860</v></c></row>",
		    "[Satu]1:2024-01-31 00:00:00\n" TOLD "[Dua hidden]");
}

/* 2 to the 53rd is the last that is exact; Excel keeps 15 digits. */
static void long_numbers_keep_what_they_have(void **state)
{
	(void)state;
	assert_rows("",
		    "<row><c><v>1871011203040001</v></c>"
		    "<c><v>1.87101120304E+15</v></c>"
		    "<c><v>1871011203040000</v></c></row>",
		    "[Satu]1:1871011203040001|1.87101120304e+15|"
		    "1.87101120304e+15\n" TOLD "[Dua hidden]");
}

static struct heard of_cell(const char *ref, size_t length)
{
	struct heard h = { .wanted = "Satu" };
	struct buf row = BUF_INIT((size_t)1 << 20), book;

	buf_addf(&row, "<row><c r=\"%s\" t=\"inlineStr\"><is><t>", ref);
	for (size_t i = 0; i < length; i++)
		buf_addc(&row, 'x');
	buf_adds(&row, "</t></is></c></row>");
	make(&book, "", row.p);
	hear(&h, buf_str(&book));
	buf_release(&book);
	buf_release(&row);
	return h;
}

static void cells_and_columns_have_limits(void **state)
{
	static const struct {
		const char *ref;
		size_t length;
		enum err rc;
	} rows[] = {
		{ "A1", CSV_MAX_CELL, ERR_NONE },
		{ "A1", CSV_MAX_CELL + 1, ERR_TOOBIG },
		{ "IV1", 1, ERR_NONE },
		{ "IW1", 1, ERR_TOOBIG },
		{ "IW1", 0, ERR_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct heard h = of_cell(rows[i].ref, rows[i].length);

		assert_int_equal(h.rc, rows[i].rc);
		done(&h);
	}
}

static void what_is_no_workbook_is_said_so(void **state)
{
	static const char *const bad[] = { "<row>", "<row></c>",
					   "<!DOCTYPE x [<!ENTITY a \"b\">]>" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct heard h = { .wanted = NULL };
		struct buf book;

		make(&book, "", bad[i]);
		hear(&h, buf_str(&book));
		assert_int_not_equal(h.rc, ERR_NONE);
		done(&h);
		/* Any cut of it, too. */
		memset(&h, 0, sizeof(h));
		hear(&h, str_of(book.p, book.n / 2));
		assert_int_not_equal(h.rc, ERR_NONE);
		done(&h);
		buf_release(&book);
	}
}

static void another_office_program_is_named(void **state)
{
	static const char ods[] =
		"PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\56\0\0\0\56\0\0\0\10"
		"\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
	struct heard h = { .wanted = NULL };

	(void)state;
	hear(&h, str_of(ods, sizeof(ods) - 1));
	assert_int_not_equal(h.rc, ERR_NONE);
	assert_int_not_equal(
		str_find(report_first(&h.rep, &h.rep.arena), STR(".ods"), 0),
		SIZE_MAX);
	done(&h);
}

/* ---- writing */
static const struct str table[3][3] = {
	{ STR_INIT("NIK"), STR_INIT("a<b>&\"c\""), STR_INIT("") },
	{ STR_INIT("1871011203040001"), STR_INIT(" x "), STR_INIT("1,87E+15") },
	{ STR_INIT(""), STR_INIT(""), STR_INIT("00123") },
};

static enum err next(void *arg, const struct str **cells, size_t *n)
{
	size_t *at = arg;

	if (*at == ARRAY_LEN(table))
		return ERR_NOTFOUND;
	*cells = table[(*at)++];
	*n = 3;
	return ERR_NONE;
}

static void what_is_written_reads_back_as_text(void **state)
{
	size_t at = 0;
	const struct workbook_from from = { &at, next };
	struct buf out = BUF_INIT((size_t)1 << 20);
	struct heard h = { .wanted = NULL };

	(void)state;
	ok(workbook_write(&out, &from));
	hear(&h, buf_str(&out));
	ok(h.rc);
	assert_string_equal(h.text.p,
			    "[Daftar only]1:NIK|a<b>&\"c\"\n"
			    "2:1871011203040001| x |1,87E+15\n3:||00123\n");
	done(&h);
	buf_release(&out);
}

/* ---- XML told while it is read */
static enum err count_open(void *arg, struct str name,
			   const struct sax_attr *attrs, size_t n)
{
	(void)name;
	(void)attrs;
	*(size_t *)arg += 1 + n;
	return ERR_NONE;
}

static enum err count_text(void *arg, struct str piece)
{
	(void)arg;
	(void)piece;
	return ERR_NONE;
}

static enum err read_xml(const struct buf *xml, size_t *seen)
{
	const struct sax_to to = { seen, count_open, count_text, count_text };
	struct report rep = { 0 };
	enum err rc;

	*seen = 0;
	rc = sax_read(&to, buf_str(xml), "uji", &rep);
	assert_true(!rc == !rep.errors);
	report_release(&rep);
	return rc;
}

static enum err nested(size_t depth)
{
	struct buf b = BUF_INIT(10000);
	size_t seen;
	enum err rc;

	for (size_t i = 0; i < depth; i++)
		buf_adds(&b, "<a>");
	for (size_t i = 0; i < depth; i++)
		buf_adds(&b, "</a>");
	rc = read_xml(&b, &seen);
	buf_release(&b);
	return rc;
}

/* `before` and a number, `between` and the number, `behind`; so many times. */
struct piece {
	const char *open, *before, *between, *behind, *close;
};

static enum err repeated(const struct piece *p, size_t n)
{
	struct buf b = BUF_INIT((size_t)8 << 20);
	size_t seen;
	enum err rc;

	buf_adds(&b, p->open);
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s%zu%s%zu%s", p->before, i, p->between, i,
			 p->behind);
	buf_adds(&b, p->close);
	rc = read_xml(&b, &seen);
	buf_release(&b);
	return rc;
}

static void xml_has_the_limits_of_a_tree(void **state)
{
	const struct piece attrs = { "<a", " a", "=\"", "\"", "/>" };
	const struct piece spaces = { "<a>", "<b xmlns:p", "=\"u", "\"/>",
				      "</a>" };
	const struct piece names = { "<a>", "<b", " y=\"", "\"/>", "</a>" };

	(void)state;
	ok(nested(64));
	assert_int_equal(nested(65), ERR_TOOBIG);
	ok(repeated(&attrs, 256));
	assert_int_equal(repeated(&attrs, 257), ERR_TOOBIG);
	ok(repeated(&spaces, 128));
	assert_int_equal(repeated(&spaces, 129), ERR_TOOBIG);
	ok(repeated(&names, 40000));
	assert_int_equal(repeated(&names, 60000), ERR_TOOBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_told_as_they_stand),
		cmocka_unit_test(days_are_numbers_with_a_format),
		cmocka_unit_test(long_numbers_keep_what_they_have),
		cmocka_unit_test(cells_and_columns_have_limits),
		cmocka_unit_test(what_is_no_workbook_is_said_so),
		cmocka_unit_test(another_office_program_is_named),
		cmocka_unit_test(what_is_written_reads_back_as_text),
		cmocka_unit_test(xml_has_the_limits_of_a_tree),
	};

	return cmocka_run_group_tests_name("workbook", tests, NULL, NULL);
}
