/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/csv.h"
#include "pilar/file.h"
#include "pilar/lists.h"

#include "../lib/expect.h"

static struct list *listed(const char *csv)
{
	struct report rep = { 0 };
	struct list *l = NULL;

	assert_int_equal(
		csv_list_new(&l, str_from(csv), false, "uji.csv", &rep), 0);
	assert_int_equal(rep.problems.n, 0);
	return l;
}

/* Row numbers as text: "0 2 5". */
static void assert_found(struct list *l, const char *column, const char *value,
			 const char *want)
{
	struct buf got = BUF_INIT(1000);
	struct arena a = { 0 };
	const uint32_t *rows;
	size_t n;

	assert_int_equal(l->ops->find(l, list_column(l, str_from(column)),
				      str_from(value), &a, &rows, &n),
			 0);
	for (size_t i = 0; i < n; i++)
		buf_addf(&got, i ? " %u" : "%u", rows[i]);
	assert_text(buf_str(&got), want);
	buf_release(&got);
	arena_release(&a);
}

static void assert_refused(const char *csv, enum err want, const char *message)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct list *l = NULL;

	assert_int_equal(csv_list_new(&l, str_from(csv), true, "uji.csv", &rep),
			 want);
	assert_null(l);
	assert_text(report_first(&rep, &a), message);
	report_release(&rep);
	arena_release(&a);
}

static void cells_are_found_by_row_and_column(void **state)
{
	struct list *l = listed("\xef\xbb\xbfname,label,n\r\n"
				"a,\"Satu, dua\",1\r\n"
				"\r\n"
				"b,\"kata \"\"x\"\"\",\n"
				"c\r\r\n"
				"\"\",\"tiga\nbaris\",3\n\n\r\n");
	static const char *const want[][3] = {
		{ "a", "Satu, dua", "1" },  { "", "", "" },
		{ "b", "kata \"x\"", "" },  { "c\r", "", "" },
		{ "", "tiga\nbaris", "3" },
	};

	(void)state;
	assert_int_equal(l->ops->columns(l), 3);
	assert_text(l->ops->column(l, 0), "name");
	assert_int_equal(list_column(l, STR("n")), 2);
	assert_int_equal(list_column(l, STR("N")), SIZE_MAX);
	for (uint32_t r = 0; r < ARRAY_LEN(want); r++)
		for (size_t c = 0; c < 3; c++)
			assert_text(l->ops->cell(l, r, c), want[r][c]);
	assert_text(l->ops->cell(l, 5, 0), "");
	assert_text(l->ops->cell(l, 0, 3), "");
	l->ops->release(l);
}

static void equal_cells_are_found_in_order(void **state)
{
	struct list *l =
		listed("k,v\n"
		       "x,1\ny,2\nx,3\n\"x\",4\nX,5\n,6\n\"a\"\"b\",7\n");

	(void)state;
	assert_found(l, "k", "x", "0 2 3");
	assert_found(l, "k", "X", "4");
	assert_found(l, "k", "", "5");
	assert_found(l, "k", "a\"b", "6");
	assert_found(l, "k", "z", "");
	assert_found(l, "v", "4", "3");
	l->ops->release(l);
}

static void many_values_are_found_one_by_one(void **state)
{
	struct buf csv = BUF_INIT(CSV_MAX_BYTES);
	struct list *l;
	char key[16], want[16];

	(void)state;
	buf_adds(&csv, "k\n");
	for (int i = 0; i < 3000; i++)
		buf_addf(&csv, "%d\n", i);
	l = listed(csv.p);
	for (int i = 0; i < 3000; i += 7) {
		snprintf(key, sizeof(key), "%d", i);
		snprintf(want, sizeof(want), "%d", i);
		assert_found(l, "k", key, want);
	}
	assert_found(l, "k", "3000", "");
	l->ops->release(l);
	buf_release(&csv);
}

static void all_rows_come_in_order(void **state)
{
	struct list *l = listed("k\n1\n2\n");
	struct arena a = { 0 };
	const uint32_t *rows;
	size_t n;

	(void)state;
	assert_int_equal(l->ops->all(l, &a, &rows, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(rows[1], 1);
	l->ops->release(l);
	l = listed("k\n");
	assert_int_equal(l->ops->all(l, &a, &rows, &n), 0);
	assert_int_equal(n, 0);
	assert_found(l, "k", "", "");
	l->ops->release(l);
	arena_release(&a);
}

static void separators_and_line_ends_of_others_are_known(void **state)
{
	static const char *const texts[] = {
		"name;label\na;\"A;B\"\n", "name|label\na|A;B\n",
		"name\tlabel\na\tA;B",     "name;label\ra;\"A;B\"\r",
		"name,label\r\na,A;B\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct list *l = listed(texts[i]);

		assert_found(l, "name", "a", "0");
		assert_text(l->ops->cell(l, 0, 1), "A;B");
		l->ops->release(l);
	}
}

static void a_copied_list_outlives_its_text(void **state)
{
	char text[] = "k\nx\n";
	struct list *l = NULL;

	(void)state;
	assert_int_equal(
		csv_list_new(&l, str_from(text), true, "uji.csv", NULL), 0);
	memset(text, '?', sizeof(text));
	assert_found(l, "k", "x", "0");
	l->ops->release(l);
}

static void bad_lists_are_refused_with_their_line(void **state)
{
	(void)state;
	assert_refused("", ERR_INVALID,
		       "uji.csv, baris 1: tidak ada baris "
		       "judul");
	assert_refused(",\n", ERR_INVALID,
		       "uji.csv, baris 1: tidak ada baris judul");
	assert_refused("a,b c\n", ERR_INVALID,
		       "uji.csv, baris 1: judul kolom ke-2 bukan nama (huruf, "
		       "angka, _ - .; tanpa spasi)");
	assert_refused("a\nx\n\"y\n", ERR_SYNTAX,
		       "uji.csv, baris 3: tanda kutip tidak ditutup");
}

static void a_row_longer_than_the_heading_is_a_warning(void **state)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct list *l;

	(void)state;
	assert_int_equal(
		csv_list_new(&l, STR("a,\nx,,\ny,z\n"), false, "uji.csv", &rep),
		0);
	assert_int_equal(rep.errors, 0);
	assert_text(report_first(&rep, &a),
		    "uji.csv, baris 3: baris ini lebih panjang dari judulnya");
	l->ops->release(l);
	report_release(&rep);
	arena_release(&a);
}

static void lists_of_a_folder_go_by_the_last_segment(void **state)
{
	char dir[] = "/tmp/pilar-lists-XXXXXX";
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct lists *d = NULL;
	struct list *l = NULL;
	struct str text = { 0 };
	const char *path;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = path_join(&a, dir, "x.csv");
	assert_int_equal(file_write(path, STR("k\nv\n")), 0);
	assert_int_equal(dir_lists_new(&d, dir), 0);
	assert_int_equal(
		d->open(d, STR("x"), STR("jr://file-csv/x.csv"), &l, &rep), 0);
	assert_found(l, "k", "v", "0");
	l->ops->release(l);
	assert_int_equal(d->file(d, STR("jr://file/x.csv"), &a, &text), 0);
	assert_text(text, "k\nv\n");
	assert_int_equal(
		d->open(d, STR("x"), STR("jr://file-csv/y.csv"), &l, &rep),
		ERR_NOTFOUND);
	assert_int_equal(d->open(d, STR("x"), STR("jr://file/.."), &l, &rep),
			 ERR_NOTFOUND);
	assert_int_equal(d->file(d, STR("jr://file/.."), &a, &text),
			 ERR_NOTFOUND);
	dir_lists_free(d);
	assert_int_equal(dir_remove(dir), 0);
	report_release(&rep);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_found_by_row_and_column),
		cmocka_unit_test(equal_cells_are_found_in_order),
		cmocka_unit_test(many_values_are_found_one_by_one),
		cmocka_unit_test(all_rows_come_in_order),
		cmocka_unit_test(separators_and_line_ends_of_others_are_known),
		cmocka_unit_test(a_copied_list_outlives_its_text),
		cmocka_unit_test(bad_lists_are_refused_with_their_line),
		cmocka_unit_test(a_row_longer_than_the_heading_is_a_warning),
		cmocka_unit_test(lists_of_a_folder_go_by_the_last_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
