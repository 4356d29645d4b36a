/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pilar/arena.h"
#include "pilar/buf.h"
#include "pilar/map.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/vec.h"

static void arena_memory_is_zeroed_aligned_and_reusable(void **state)
{
	struct arena a = { 0 };
	unsigned char *p = arena_alloc(&a, 3);

	(void)state;
	assert_non_null(p);
	assert_int_equal((uintptr_t)p % _Alignof(double), 0);
	memset(p, 0xff, 3);
	arena_reset(&a);
	p = arena_alloc(&a, 3);
	assert_int_equal(p[0] | p[1] | p[2], 0);
	arena_release(&a);
	assert_int_equal(a.used, 0);
}

static void huge_allocations_fail_cleanly(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_array(&a, SIZE_MAX / 2, 8));
	arena_release(&a);
}

static void splitting_gives_every_field_also_the_last_empty_one(void **state)
{
	struct str rest = STR("a,,b,"), field;
	const char *want[] = { "a", "", "b", "" };
	size_t n = 0;

	(void)state;
	while (str_split(&rest, ',', &field))
		assert_true(str_is(field, want[n++]));
	assert_int_equal(n, 4);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
	int64_t v = 0;

	(void)state;
	assert_true(str_to_i64(STR("-9223372036854775808"), &v));
	assert_true(v == INT64_MIN);
	assert_false(str_to_i64(STR("9223372036854775808"), &v));
	assert_false(str_to_i64(STR("12a"), &v));
	assert_false(str_to_i64(STR(""), &v));
	assert_false(str_to_i64(STR("-"), &v));
}

static void hexadecimal_is_of_that_length_and_lower_case(void **state)
{
	(void)state;
	assert_true(str_is_hex(STR("09af"), 4));
	assert_true(str_is_hex(STR(""), 0));
	assert_false(str_is_hex(STR("09af"), 3));
	assert_false(str_is_hex(STR("09af"), 5));
	assert_false(str_is_hex(STR("09aF"), 4));
	assert_false(str_is_hex(STR("09ag"), 4));
	assert_false(str_is_hex(STR("/:`g"), 4));
}

static void names_begin_with_a_letter(void **state)
{
	(void)state;
	assert_true(str_is_name(STR("nama_2-a.b"), "-."));
	assert_true(str_is_name(STR("_\xc3\xa9"), ""));
	assert_false(str_is_name(STR(""), "-."));
	assert_false(str_is_name(STR("2a"), "-."));
	assert_false(str_is_name(STR("-a"), "-."));
	assert_false(str_is_name(STR("a.b"), "-"));
	assert_false(str_is_name(STR("a b"), "-."));
	assert_false(str_is_name(STR("a\0b"), "-."));
}

static void a_buffer_stops_at_its_limit_and_says_so_once(void **state)
{
	struct buf b = BUF_INIT(5);

	(void)state;
	buf_adds(&b, "12345");
	assert_int_equal(b.failed, ERR_NONE);
	buf_addc(&b, '6');
	assert_int_equal(b.failed, ERR_TOOBIG);
	assert_true(str_is(buf_str(&b), "12345"));
	buf_release(&b);
}

static void a_buffer_hands_its_text_to_an_arena(void **state)
{
	struct buf b = BUF_INIT(4);
	struct arena a = { 0 };

	(void)state;
	assert_true(str_is(buf_give(&b, &a), ""));
	buf_adds(&b, "1234");
	buf_addc(&b, '5');
	assert_true(str_is(buf_give(&b, &a), "1234"));
	assert_null(b.p);
	b.failed = ERR_NOMEM;
	assert_null(buf_give(&b, &a).p);
	assert_int_equal(b.failed, 0);
	arena_release(&a);
}

static void what_the_writers_wrote_the_readers_read(void **state)
{
	struct buf b = BUF_INIT(100);
	struct rd r;

	(void)state;
	buf_u8(&b, 7);
	buf_u32(&b, 0x01020304);
	buf_u64(&b, UINT64_MAX - 1);
	buf_text(&b, STR("teks"));
	r = RD_INIT(buf_str(&b));
	assert_int_equal(rd_u8(&r), 7);
	assert_int_equal(rd_u32(&r), 0x01020304);
	assert_true(rd_u64(&r) == UINT64_MAX - 1);
	assert_true(str_is(rd_text(&r), "teks"));
	assert_true(rd_done(&r));
	assert_int_equal(rd_u32(&r), 0);
	assert_int_equal(r.failed, ERR_CORRUPT);
	buf_release(&b);
}

static void a_map_finds_what_it_was_given_and_forgets_what_it_must(void **state)
{
	struct map m = { 0 };
	struct arena a = { 0 };
	struct str keys[500];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		keys[i] = arena_printf(&a, "kunci %zu", i);
		assert_int_equal(map_put(&m, keys[i], &keys[i]), ERR_NONE);
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i += 2)
		map_del(&m, keys[i]);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_ptr_equal(map_get(&m, keys[i]), i % 2 ? &keys[i] : NULL);
	assert_int_equal(m.n, ARRAY_LEN(keys) / 2);
	map_release(&m);
	arena_release(&a);
}

static void vectors_grow_with_zeroed_elements(void **state)
{
	VEC(int) v = { 0 };
	int sum = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		int *e = vec_push(&v);

		assert_int_equal(*e, 0);
		*e = i;
	}
	vec_each (e, &v) {
		sum += *e;
	}
	assert_int_equal(sum, 4950);
	vec_release(&v);
}

static void a_report_puts_the_first_error_before_warnings(void **state)
{
	struct report r = { 0 };
	struct arena a = { 0 };

	(void)state;
	report_add(&r, PROBLEM_WARNING, STR("baris 1"), "aneh");
	report_add(&r, PROBLEM_ERROR, STR("baris 2"), "salah: %d", 7);
	assert_int_equal(r.errors, 1);
	assert_string_equal(report_first(&r, &a).p, "baris 2: salah: 7");
	report_release(&r);
	arena_release(&a);
}

static void a_report_keeps_a_limited_number_of_problems(void **state)
{
	struct report r = { 0 };

	(void)state;
	for (size_t i = 0; i < REPORT_MAX + 1; i++)
		report_add(&r, PROBLEM_ERROR, STR(""), "%zu", i);
	assert_int_equal(r.problems.n, REPORT_MAX);
	assert_int_equal(r.errors, REPORT_MAX + 1);
	report_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_memory_is_zeroed_aligned_and_reusable),
		cmocka_unit_test(huge_allocations_fail_cleanly),
		cmocka_unit_test(
			splitting_gives_every_field_also_the_last_empty_one),
		cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
		cmocka_unit_test(hexadecimal_is_of_that_length_and_lower_case),
		cmocka_unit_test(names_begin_with_a_letter),
		cmocka_unit_test(a_buffer_stops_at_its_limit_and_says_so_once),
		cmocka_unit_test(a_buffer_hands_its_text_to_an_arena),
		cmocka_unit_test(what_the_writers_wrote_the_readers_read),
		cmocka_unit_test(
			a_map_finds_what_it_was_given_and_forgets_what_it_must),
		cmocka_unit_test(vectors_grow_with_zeroed_elements),
		cmocka_unit_test(a_report_puts_the_first_error_before_warnings),
		cmocka_unit_test(a_report_keeps_a_limited_number_of_problems),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
