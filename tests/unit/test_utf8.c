/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pilar/utf8.h"

static void bad_bytes_never_eat_their_neighbours(void **state)
{
	struct str s = STR("a\xc3"
			   "b\xff"
			   "c");
	struct buf b = BUF_INIT(100);

	(void)state;
	assert_false(utf8_valid(s));
	utf8_clean(&b, s);
	assert_string_equal(b.p, "a\xef\xbf\xbd"
				 "b\xef\xbf\xbd"
				 "c");
	buf_release(&b);
}

/* Plain letters are looked over eight at a time. */
static void a_bad_byte_is_found_wherever_it_stands(void **state)
{
	static const char *const bad[] = {
		"\xff", "\xc1\xa4", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80",
	};
	char text[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		for (size_t at = 0; at < 32; at++) {
			memset(text, 'a', sizeof(text));
			memcpy(text + at, bad[i], strlen(bad[i]));
			assert_int_equal(utf8_wrong(str_of(text, sizeof(text))),
					 at);
			/* one letter that is whole, then the end cuts it */
			memset(text, 'a', sizeof(text));
			memcpy(text + at, "\xc3\xa9", 2);
			assert_true(utf8_valid(str_of(text, at + 2)));
			assert_int_equal(utf8_wrong(str_of(text, at + 1)), at);
		}
	assert_true(utf8_valid(STR("")));
}

static void nothing_that_steers_a_terminal_comes_through(void **state)
{
	static const char *const hostile[] = {
		"\x1b",             /* ESC */
		"\xc2\x9b",         /* C1 CSI */
		"\x7f",             /* DEL */
		"\xe2\x80\xae",     /* right-to-left override */
		"\xe2\x81\xa6",     /* isolate */
		"\xef\xbb\xbf",     /* byte order mark */
		"\xf3\xb0\x80\x80", /* private use */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct buf b = BUF_INIT(100);

		utf8_clean(&b, str_from(hostile[i]));
		assert_string_equal(b.p, "\xef\xbf\xbd");
		buf_release(&b);
	}
}

static void clusters_are_walked_the_same_in_both_directions(void **state)
{
	/* x, e with an accent as a mark, a wide letter, z */
	struct str s = STR("xe\xcc\x81\xe4\xb8\xadz");
	static const size_t edges[] = { 0, 1, 4, 7, 8 };

	(void)state;
	for (size_t i = 0; i + 1 < ARRAY_LEN(edges); i++) {
		assert_int_equal(utf8_cluster_next(s, edges[i]), edges[i + 1]);
		assert_int_equal(utf8_cluster_prev(s, edges[i + 1]), edges[i]);
	}
	assert_int_equal(utf8_width(s), 5);
	assert_int_equal(utf8_fit(s, 3), 4);
	assert_int_equal(utf8_fit(s, 4), 7);
}

static void folding_drops_case_and_marks(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_string_equal(utf8_fold(&a, STR("S\xc3\x89RT\xc3\xa9")).p,
			    "serte");
	assert_string_equal(utf8_nfc(&a, STR("e\xcc\x81")).p, "\xc3\xa9");
	assert_string_equal(utf8_nfc(&a, STR("\xff")).p, "\xef\xbf\xbd");
	arena_release(&a);
}

/* Which are folded without tables where nothing else stands among them. */
static void plain_letters_fold_as_they_do_among_others(void **state)
{
	char text[('~' - ' ' + 1) + 3] = "";
	struct arena a = { 0 };
	size_t n = 0;
	struct str among;

	(void)state;
	for (char c = ' '; c <= '~'; c++)
		text[n++] = c;
	memcpy(text + n, "\xc3\xa9", 3);
	among = utf8_fold(&a, str_of(text, n + 2));
	assert_int_equal(among.n, n + 1);
	assert_true(
		str_eq(utf8_fold(&a, str_of(text, n)), str_sub(among, 0, n)));
	assert_string_equal(utf8_fold(&a, STR("A\tb\x01")).p, "a b");
	assert_string_equal(utf8_fold(&a, STR("")).p, "");
	arena_release(&a);
}

static void encoding_refuses_what_is_no_scalar_value(void **state)
{
	char raw[4];

	(void)state;
	assert_int_equal(utf8_encode(0xd800, raw), 0);
	assert_int_equal(utf8_encode(0x110000, raw), 0);
	assert_int_equal(utf8_encode(0x10ffff, raw), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_bytes_never_eat_their_neighbours),
		cmocka_unit_test(a_bad_byte_is_found_wherever_it_stands),
		cmocka_unit_test(nothing_that_steers_a_terminal_comes_through),
		cmocka_unit_test(
			clusters_are_walked_the_same_in_both_directions),
		cmocka_unit_test(folding_drops_case_and_marks),
		cmocka_unit_test(plain_letters_fold_as_they_do_among_others),
		cmocka_unit_test(encoding_refuses_what_is_no_scalar_value),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
