/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pilar/csv.h"

static void quotes_newlines_and_marks_are_understood(void **state)
{
	struct csv c;

	(void)state;
	csv_init(&c, STR("\xef\xbb\xbf"
			 "a,\"b \"\"c\"\",\n d\",\r\n\nz"));
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_int_equal(c.line, 1);
	assert_int_equal(c.cells.n, 3);
	assert_true(str_is(c.cells.at[0], "a"));
	assert_true(str_is(c.cells.at[1], "b \"c\",\n d"));
	assert_true(str_is(c.cells.at[2], ""));
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_int_equal(c.line, 3);
	assert_int_equal(c.cells.n, 1);
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_true(str_is(c.cells.at[0], "z"));
	assert_int_equal(c.line, 4);
	assert_int_equal(csv_row(&c), ERR_NOTFOUND);
	csv_release(&c);
}

static void a_column_is_found_by_its_header_without_blanks(void **state)
{
	struct csv c;

	(void)state;
	csv_init(&c, STR("a, b ,a\n"));
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_int_equal(csv_column(&c, "a"), 0);
	assert_int_equal(csv_column(&c, "b"), 1);
	assert_int_equal(csv_column(&c, "c"), SIZE_MAX);
	assert_true(str_is(csv_cell(&c, 1), "b"));
	assert_int_equal(csv_cell(&c, 3).n, 0);
	assert_int_equal(csv_cell(&c, SIZE_MAX).n, 0);
	csv_release(&c);
}

static void faults_name_their_line(void **state)
{
	struct csv c;

	(void)state;
	csv_init(&c, STR("a,b\n\"tidak ditutup\n\n"));
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_int_equal(csv_row(&c), ERR_SYNTAX);
	assert_int_equal(c.line, 2);
	assert_non_null(c.problem);
	csv_release(&c);
	csv_init(&c, STR("\"a\"b\n"));
	assert_int_equal(csv_row(&c), ERR_SYNTAX);
	csv_release(&c);
}

static void limits_hold_on_both_sides(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct csv c;

	(void)state;
	for (int i = 1; i < CSV_MAX_COLUMNS; i++)
		buf_addc(&b, ',');
	csv_init(&c, buf_str(&b));
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_int_equal(c.cells.n, CSV_MAX_COLUMNS);
	csv_release(&c);
	buf_addc(&b, ',');
	csv_init(&c, buf_str(&b));
	assert_int_equal(csv_row(&c), ERR_TOOBIG);
	csv_release(&c);

	buf_reset(&b);
	for (size_t i = 0; i < CSV_MAX_CELL; i++)
		buf_addc(&b, 'x');
	csv_init(&c, buf_str(&b));
	assert_int_equal(csv_row(&c), ERR_NONE);
	csv_release(&c);
	buf_addc(&b, 'x');
	csv_init(&c, buf_str(&b));
	assert_int_equal(csv_row(&c), ERR_TOOBIG);
	csv_release(&c);
	buf_release(&b);
}

static void what_is_put_is_read_back(void **state)
{
	static const char *const cells[] = { "biasa", "a,b", "\"", "x\ny", "" };
	struct buf b = BUF_INIT(1000);
	struct csv c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		if (i)
			buf_addc(&b, ',');
		csv_put(&b, str_from(cells[i]));
	}
	csv_init(&c, buf_str(&b));
	assert_int_equal(csv_row(&c), ERR_NONE);
	assert_int_equal(c.cells.n, ARRAY_LEN(cells));
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		assert_true(str_is(c.cells.at[i], cells[i]));
	csv_release(&c);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_newlines_and_marks_are_understood),
		cmocka_unit_test(faults_name_their_line),
		cmocka_unit_test(
			a_column_is_found_by_its_header_without_blanks),
		cmocka_unit_test(limits_hold_on_both_sides),
		cmocka_unit_test(what_is_put_is_read_back),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
