/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/sheets.h"

/* What is said about a sheet that is wrong: its first problem. */
struct fault {
	const char *md, *says;
};

static const struct fault faults[] = {
	{ "| choices |\n| | list_name | name | label |\n",
	  "tidak ada lembar survey" },
	{ "| survey |\n| | name | label |\n| | a | A |\n",
	  "survey, baris 2: harus ada kolom type" },
	{ "| survey |\n| | type | name | label | value |\n"
	  "| | text | a | A | |\n",
	  "survey, baris 2, kolom value: sama artinya dengan kolom "
	  "name" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | teks | a | A |\n",
	  "survey, baris 3, kolom type: jenis pertanyaan \"teks\" "
	  "tidak dikenal" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | text | a b | A |\n",
	  "survey, baris 3, kolom name: nama \"a b\" tidak sah: mulai "
	  "dengan huruf atau garis bawah, lalu huruf, angka, _, - atau "
	  "." },
	{ "| survey |\n| | type | name | label |\n"
	  "| | text | a | A |\n\n| | text | a | A |\n",
	  "survey, baris 5, kolom name: nama \"a\" sudah ada di "
	  "kelompok ini" },
	{ "| survey |\n| | type | name | label | relevant |\n"
	  "| | text | a | A | ${b} = 1 |\n",
	  "survey, baris 3, kolom relevant: tidak ada pertanyaan "
	  "bernama \"b\"" },
	{ "| survey |\n| | type | name | label | relevant |\n"
	  "| | text | a | A | ${a = 1 |\n",
	  "survey, baris 3, kolom relevant: rujukan ditulis "
	  "${nama_pertanyaan}" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | begin_group | g | G |\n| | text | a | A |\n",
	  "survey, baris 3, kolom type: begin ini tidak ditutup dengan "
	  "end" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | text | a | A |\n| | end_group | | |\n",
	  "survey, baris 4, kolom type: \"end_group\" tanpa begin yang "
	  "cocok" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | select_one l | a | A |\n",
	  "survey, baris 3, kolom type: daftar \"l\" tidak ada di "
	  "lembar choices" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | calculate | a | A |\n",
	  "survey, baris 3, kolom calculation: rumus belum diisi" },
	{ "| survey |\n| | type | name |\n| | text | a |\n",
	  "survey, baris 3, kolom label: pertanyaan \"a\" tanpa label "
	  "dan hint" },
	{ "| survey |\n| | type | name | label | save_to |\n"
	  "| | text | a | A | x |\n",
	  "survey, baris 3, kolom save_to: save_to memerlukan lembar "
	  "entities" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | text | a | A |\n| entities |\n| | list_name |\n"
	  "| | d |\n",
	  "entities, baris 6, kolom label: membuat entitas memerlukan "
	  "label" },
	{ "| survey |\n| | type | name | label |\n"
	  "| | select_one l | a | A |\n| choices |\n"
	  "| | list_name | name | label |\n| | l | 1 | x |\n"
	  "| | l | 1 | y |\n",
	  "choices, baris 7, kolom name: nama pilihan \"1\" sudah ada "
	  "di daftar l" },
	{ "| survey |\n| | type | name | label | parameters |\n"
	  "| | text | a | A | rows=banyak |\n",
	  "survey, baris 3, kolom parameters: rows harus bilangan "
	  "bulat" },
	{ "| survey |\n| | type | name | label | bind::x:y |\n"
	  "| | text | a | A | 1 |\n",
	  "survey, baris 3, kolom bind::x:y: \"x:y\" tidak bisa "
	  "menjadi "
	  "nama atribut" },
};

static void every_fault_names_sheet_row_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct converted r = sheets_convert(faults[i].md, SHEETS_MD);
		struct arena a = { 0 };
		struct str said = report_first(&r.rep, &a);

		if (!str_is(said, faults[i].says))
			fail_msg("said:   %.*s\nwanted: %s", STR_ARG(said),
				 faults[i].says);
		assert_int_not_equal(r.rc, ERR_NONE);
		assert_int_equal(r.xform.n, 0);
		arena_release(&a);
		sheets_release(&r);
	}
}

static void rows_of_a_csv_file_count_as_a_spreadsheet_shows_them(void **state)
{
	struct converted r = sheets_convert("survey\n"
					    ",type,name,label\n"
					    ",text,a,\"dua\nbaris\"\n"
					    ",,,\n"
					    ",teks,b,B\n",
					    SHEETS_CSV);
	struct arena a = { 0 };

	(void)state;
	assert_true(str_starts(report_first(&r.rep, &a),
			       STR("survey, baris 5, kolom type:")));
	arena_release(&a);
	sheets_release(&r);
}

static void all_faults_are_said_at_once(void **state)
{
	struct converted r =
		sheets_convert("| survey |\n"
			       "| | type | name | label | constraint |\n"
			       "| | teks | a | A | |\n"
			       "| | text | b | B | ${x} |\n"
			       "| | integer | b | B | ${y} ${z} |\n",
			       SHEETS_MD);

	(void)state;
	assert_int_equal(r.rc, ERR_INVALID);
	assert_int_equal(r.rep.errors, 5);
	sheets_release(&r);
}

static void warnings_do_not_refuse(void **state)
{
	struct converted r = sheets_convert("| survey |\n"
					    "| | type | name | label |\n"
					    "| | begin_group | g | |\n"
					    "| | text | a | A |\n"
					    "| | text | A | B |\n"
					    "| | end_group | | |\n",
					    SHEETS_MD);

	(void)state;
	assert_int_equal(r.rc, ERR_NONE);
	assert_int_equal(r.rep.errors, 0);
	assert_int_equal(r.rep.problems.n, 2);
	sheets_release(&r);
}

/* `depth` groups in one another. */
static enum err nested(int depth)
{
	struct buf md = BUF_INIT(1 << 16);
	struct converted r;

	buf_adds(&md, "| survey |\n| | type | name | label |\n");
	for (int i = 0; i < depth; i++)
		buf_addf(&md, "| | begin_group | g%d | G |\n", i);
	buf_adds(&md, "| | text | a | A |\n");
	for (int i = 0; i < depth; i++)
		buf_adds(&md, "| | end_group | | |\n");
	r = sheets_convert(md.p, SHEETS_MD);
	sheets_release(&r);
	buf_release(&md);
	return r.rc;
}

/* A label with `n` references. */
static enum err referring(int n)
{
	struct buf md = BUF_INIT(1 << 16);
	struct converted r;

	buf_adds(&md, "| survey |\n| | type | name | label |\n| | text | a | ");
	for (int i = 0; i < n; i++)
		buf_adds(&md, "${a}");
	buf_adds(&md, " |\n");
	r = sheets_convert(md.p, SHEETS_MD);
	sheets_release(&r);
	buf_release(&md);
	return r.rc;
}

/* What comes of a form with `n` of something. */
static enum err outcome(struct buf *md)
{
	struct buf xform = BUF_INIT((size_t)64 << 20);
	struct report rep = { 0 };
	enum err rc = xlsform_convert(buf_str(md), SHEETS_MD, STR("coba"),
				      &xform, &rep);

	report_release(&rep);
	buf_release(&xform);
	buf_release(md);
	return rc;
}

static enum err with_questions(int n)
{
	struct buf md = BUF_INIT((size_t)16 << 20);

	buf_adds(&md, "| survey |\n| | type | name | label |\n");
	for (int i = 0; i < n; i++)
		buf_addf(&md, "| | text | q%d | L |\n", i);
	return outcome(&md);
}

static enum err with_entities(int n)
{
	struct buf md = BUF_INIT(1 << 20);

	buf_adds(&md, "| survey |\n| | type | name | label | save_to |\n");
	for (int i = 0; i < n; i++)
		buf_addf(
			&md,
			"| | begin_group | g%d | G | |\n"
			"| | text | q%d | Q | e%d#p |\n| | end_group | | | |\n",
			i, i, i);
	buf_adds(&md, "| entities |\n| | list_name | label |\n");
	for (int i = 0; i < n; i++)
		buf_addf(&md, "| | e%d | x |\n", i);
	return outcome(&md);
}

static enum err with_parameters(int n)
{
	struct buf md = BUF_INIT(1 << 20);

	buf_adds(&md, "| survey |\n| | type | name | label | parameters |\n"
		      "| | integer | a | A |");
	for (int i = 0; i < n; i++)
		buf_addf(&md, " p%d=1", i);
	buf_adds(&md, " |\n");
	return outcome(&md);
}

static enum err with_scale_labels(int n)
{
	struct buf md = BUF_INIT(1 << 20);

	buf_addf(&md,
		 "| survey |\n| | type | name | label | parameters |\n"
		 "| | range | a | A | end=%d tick_labelset=l |\n"
		 "| choices |\n| | list_name | name | label |\n",
		 n);
	for (int i = 1; i <= n; i++)
		buf_addf(&md, "| | l | %d | x |\n", i);
	return outcome(&md);
}

/* No sheet in it, so the form is missing; above the limit it is not read. */
static enum err of_bytes(size_t n)
{
	struct buf md = BUF_INIT(n);

	while (md.n < n)
		buf_addc(&md, md.n % 64 ? 'x' : '\n');
	return outcome(&md);
}

static void limits_hold_on_both_sides(void **state)
{
	(void)state;
	assert_int_equal(nested(48), ERR_NONE);
	assert_int_equal(nested(49), ERR_TOOBIG);
	assert_int_equal(referring(2000), ERR_NONE);
	assert_int_equal(referring(2001), ERR_INVALID);
	/* The root, <meta> and instanceID are nodes, too. */
	assert_int_equal(with_questions(199997), ERR_NONE);
	assert_int_equal(with_questions(199998), ERR_TOOBIG);
	assert_int_equal(with_entities(64), ERR_NONE);
	assert_int_equal(with_entities(65), ERR_INVALID);
	assert_int_equal(with_parameters(32), ERR_NONE);
	assert_int_equal(with_parameters(33), ERR_INVALID);
	assert_int_equal(with_scale_labels(1000), ERR_NONE);
	assert_int_equal(with_scale_labels(1001), ERR_INVALID);
	assert_int_equal(of_bytes((size_t)16 << 20), ERR_INVALID);
	assert_int_equal(of_bytes(((size_t)16 << 20) + 1), ERR_TOOBIG);
}

/* Where a problem that names a node is said to be. */
static void located(const struct xlsform_rows *rows, const char *node,
		    const char *says)
{
	struct report rep = { 0 };

	report_add(&rep, PROBLEM_ERROR, str_from(node), "x");
	xlsform_locate(rows, &rep);
	if (!str_is(rep.problems.at[0].place, says))
		fail_msg("%s is at %.*s, not %s", node,
			 STR_ARG(rep.problems.at[0].place), says);
	report_release(&rep);
}

static void faults_of_expressions_are_at_their_cells(void **state)
{
	struct buf xform = BUF_INIT(1 << 20);
	struct xlsform_rows *rows = NULL;
	struct report rep = { 0 };

	(void)state;
	assert_int_equal(xlsform_convert_rows(
				 STR("| survey |\n"
				     "| | type | name | label | relevance |\n"
				     "| | begin_repeat | r | R | 1 |\n"
				     "| | text | a | A | 1 |\n"
				     "| | end_repeat | | | |\n"
				     "| entities |\n"
				     "| | list_name | label | create_if |\n"
				     "| | d | ${a} | 1 |\n"),
				 SHEETS_MD, STR("coba"), &xform, &rep, &rows),
			 ERR_NONE);
	located(rows, "/data/r/a, relevant",
		"survey, baris 4, kolom relevance");
	located(rows, "/data/r/a, output", "survey, baris 4, kolom label");
	located(rows, "/data/r", "survey, baris 3");
	located(rows, "/data/r/meta/entity/@create, calculate",
		"entities, baris 8, kolom create_if");
	located(rows, "/data/lain, relevant", "/data/lain, relevant");
	xlsform_rows_free(rows);
	report_release(&rep);
	buf_release(&xform);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_names_sheet_row_and_column),
		cmocka_unit_test(
			rows_of_a_csv_file_count_as_a_spreadsheet_shows_them),
		cmocka_unit_test(all_faults_are_said_at_once),
		cmocka_unit_test(warnings_do_not_refuse),
		cmocka_unit_test(limits_hold_on_both_sides),
		cmocka_unit_test(faults_of_expressions_are_at_their_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
