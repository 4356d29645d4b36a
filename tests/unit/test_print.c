/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/print.h"
#include "pilar/utf8.h"
#include "pilar/xpath.h"

static const char form_head[] =
	"<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
	"xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head>"
	"<h:title>T</h:title><model><instance><data id=\"t\">"
	"<a/><b/><flag/><n/><c/></data></instance>"
	"<bind nodeset=\"/data/a\" type=\"string\"/>"
	"<bind nodeset=\"/data/flag\" calculate=\"if(/data/a = 'x' and "
	"/data/b != '', 1, 0)\"/>"
	"<bind nodeset=\"/data/n\" readonly=\"true()\"/>"
	"<bind nodeset=\"/data/b\" type=\"int\" constraint=\". &lt;= 150\"/>"
	"<bind nodeset=\"/data/c\" relevant=\"";
static const char form_body_text[] =
	"\"/></model></h:head><h:body>"
	"<select1 ref=\"/data/a\"><label>A &lt;b&gt;</label>"
	"<item><label>Ya</label><value>x</value></item>"
	"<item><label>Tidak</label><value>y</value></item></select1>"
	"<input ref=\"/data/b\"><label>B</label></input>"
	"<input ref=\"/data/n\"><label>catatan</label></input>"
	"<input ref=\"/data/c\"><label>C</label></input>"
	"</h:body></h:html>";

static void load(struct form **f, const char *relevant)
{
	struct report rep = { 0 };
	struct buf xml = BUF_INIT(10000);

	buf_addf(&xml, "%s%s%s", form_head, relevant, form_body_text);
	assert_int_equal(form_new(f, buf_str(&xml), NULL, &rep), ERR_NONE);
	buf_release(&xml);
	report_release(&rep);
}

static void print(const struct form *f, enum doc_format format, struct buf *out)
{
	struct doc d;

	doc_open(&d, format, out, "id", form_title(f));
	assert_int_equal(print_form(&d, f, 0), ERR_NONE);
	doc_close(&d);
	buf_addc(out, '\0');
}

static void conditions_are_said_in_words(void **state)
{
	static const struct {
		const char *relevant, *words;
	} rows[] = {
		{ "/data/a = 'x'", "no. 1 = 1 Ya" },
		{ "/data/a != 'y'", "no. 1 bukan 2 Tidak" },
		{ "/data/b = ''", "no. 2 kosong" },
		{ "/data/b != ''", "no. 2 terisi" },
		{ "/data/b &gt;= 5 and /data/b &lt; 18",
		  "no. 2 >= 5 dan no. 2 < 18" },
		{ "selected(/data/a, 'y')", "no. 1 memuat 2 Tidak" },
		{ "selected('x y', /data/a)", "no. 1 = 1 Ya, 2 Tidak" },
		{ "/data/flag = 1", "(no. 1 = 1 Ya dan no. 2 terisi)" },
		{ "/data/flag = 0", "bukan (no. 1 = 1 Ya dan no. 2 terisi)" },
		{ "not(/data/a = 'x' or /data/b &gt; 3)",
		  "bukan (no. 1 = 1 Ya atau no. 2 > 3)" },
		{ "/data/a = 'x' and (/data/b = 1 or /data/b = 2)",
		  "no. 1 = 1 Ya dan (no. 2 = 1 atau no. 2 = 2)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = BUF_INIT(DOC_MAX);
		struct form *f = NULL;
		char wanted[200];

		load(&f, rows[i].relevant);
		print(f, DOC_TEXT, &out);
		snprintf(wanted, sizeof(wanted), "> Isi bila %s.",
			 rows[i].words);
		if (!strstr(out.p, wanted))
			fail_msg("%s\n%s", wanted, out.p);
		buf_release(&out);
		form_free(f);
	}
}

static void notes_have_no_number_and_bounds_give_the_boxes(void **state)
{
	struct buf out = BUF_INIT(DOC_MAX);
	struct form *f = NULL;

	(void)state;
	load(&f, "true()");
	print(f, DOC_TEXT, &out);
	assert_non_null(strstr(out.p, "  2. B\n     [ ][ ][ ]\n"));
	assert_non_null(strstr(out.p, "  3. C\n"));
	assert_null(strstr(out.p, "catatan"));
	buf_release(&out);
	form_free(f);
}

static void a_text_cannot_steer_browser_or_terminal(void **state)
{
	static const struct str evil =
		STR_INIT("<script>\x1b]0;x\x07&\"'</script>");
	struct doc_column columns[] = { { .head = evil } };
	struct doc_table t = { columns, 1, &evil, 1, false, false };
	struct doc_question q = {
		.number = evil, .label = evil, .hint = evil, .condition = evil
	};

	(void)state;
	for (int format = DOC_TEXT; format <= DOC_HTML; format++) {
		struct buf out = BUF_INIT(DOC_MAX);
		struct doc d;

		doc_open(&d, (enum doc_format)format, &out, "id", evil);
		doc_heading(&d, 1, evil);
		doc_text(&d, evil);
		doc_note(&d, evil);
		doc_pair(&d, evil, evil);
		doc_table(&d, &t);
		doc_bars(&d, evil, &(struct doc_bar){ evil, 1 }, 1);
		doc_question(&d, &q);
		doc_signatures(&d, &(struct doc_signature){ evil, evil }, 1);
		doc_close(&d);
		buf_addc(&out, '\0');
		assert_int_equal(out.failed, ERR_NONE);
		assert_null(memchr(out.p, 0x1b, out.n));
		assert_null(memchr(out.p, 0x07, out.n));
		if (format == DOC_HTML)
			assert_null(strstr(out.p, "<script"));
		buf_release(&out);
	}
}

static void a_table_of_text_stays_within_80_columns(void **state)
{
	static const struct str cells[] = {
		STR_INIT("sebuah teks yang panjang sekali sehingga harus "
			 "dilipat dalam selnya"),
		STR_INIT("1"),
		STR_INIT("katayangtidakadaspasinyasamasekalidansangatpanjang"),
	};
	static const struct doc_column columns[] = {
		{ STR_INIT("Satu"), false, 0 },
		{ STR_INIT("Dua"), true, 0 },
		{ STR_INIT("Tiga"), false, 0 },
	};
	struct doc_table t = {
		.columns = columns, .n_columns = 3, .cells = cells, .n_rows = 1
	};
	struct buf out = BUF_INIT(DOC_MAX);
	struct str rest, line;
	struct doc d;

	(void)state;
	doc_open(&d, DOC_TEXT, &out, "id", STR("x"));
	doc_table(&d, &t);
	doc_close(&d);
	rest = buf_str(&out);
	while (str_split(&rest, '\n', &line))
		assert_true(utf8_width(line) <= DOC_COLUMNS);
	assert_non_null(strstr(out.p, "katayang"));
	buf_release(&out);
}

static void assert_number(double n, const char *indonesian, const char *english)
{
	char text[DOC_NUMBER_MAX];
	struct doc d = { .english = false };

	assert_true(str_is(doc_number(&d, n, text), indonesian));
	d.english = true;
	assert_true(str_is(doc_number(&d, n, text), english));
}

static void numbers_are_written_as_the_language_does(void **state)
{
	(void)state;
	assert_number(0, "0", "0");
	assert_number(999, "999", "999");
	assert_number(1000, "1.000", "1,000");
	assert_number(172000000, "172.000.000", "172,000,000");
	assert_number(30.5, "30,5", "30.5");
	assert_number(-1234.56, "-1.234,6", "-1,234.6");
	assert_number(-100, "-100", "-100");
	assert_number(99999999999999, "99.999.999.999.999",
		      "99,999,999,999,999");
	assert_number(1e300, "1e+300", "1e+300");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_are_said_in_words),
		cmocka_unit_test(
			notes_have_no_number_and_bounds_give_the_boxes),
		cmocka_unit_test(a_text_cannot_steer_browser_or_terminal),
		cmocka_unit_test(a_table_of_text_stays_within_80_columns),
		cmocka_unit_test(numbers_are_written_as_the_language_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
