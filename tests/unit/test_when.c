/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pilar/when.h"

static void days_count_from_1970_and_back(void **state)
{
	static const struct {
		int y, m, d;
		int64_t days;
	} rows[] = {
		{ 1970, 1, 1, 0 },      { 1969, 12, 31, -1 },
		{ 2000, 2, 29, 11016 }, { 1600, 2, 29, -135081 },
		{ 2100, 3, 1, 47541 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int y, m, d;

		assert_int_equal(when_days(rows[i].y, rows[i].m, rows[i].d),
				 rows[i].days);
		when_from_days(rows[i].days, &y, &m, &d);
		assert_int_equal(y, rows[i].y);
		assert_int_equal(m, rows[i].m);
		assert_int_equal(d, rows[i].d);
	}
}

static void dates_that_do_not_exist_are_refused(void **state)
{
	static const char *const bad[] = {
		"2026-02-29",
		"2026-13-01",
		"2026-00-10",
		"2026-1-1",
		"24:00",
		"10:60",
		"2026-01-01T",
		"2026-01-01 10:00",
		"",
		"10:00:00+15:00",
	};
	struct when w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(when_parse(str_from(bad[i]), &w));
}

static void a_time_with_zone_survives_the_round_trip(void **state)
{
	const char *text = "2026-01-02T03:04:05.678-07:00";
	char out[WHEN_MAX];
	struct when w;

	(void)state;
	assert_true(when_parse(str_from(text), &w));
	assert_int_equal(when_utc(sys_real(), &w), 1767348245678);
	assert_true(str_is(when_datetime_text(&w, out), text));
	assert_true(when_parse(STR("2026-01-02T03:04:05.6789Z"), &w));
	assert_int_equal(w.milli, 678);
	assert_int_equal(w.offset_min, 0);
}

static void local_time_follows_the_seam(void **state)
{
	struct sys_fixed f;
	struct when w;

	(void)state;
	sys_fixed_init(&f, -1, 7 * 60, 1);
	when_local(&f.sys, sys_now(&f.sys), &w);
	assert_int_equal(w.year, 1970);
	assert_int_equal(w.hour, 6);
	assert_int_equal(w.milli, 999);
	assert_int_equal(when_utc(&f.sys, &w), -1);
}

static void a_seed_repeats_itself(void **state)
{
	struct sys_fixed f, g;
	char a[UUID_LEN + 1], b[UUID_LEN + 1];
	uint8_t raw[16];

	(void)state;
	sys_fixed_init(&f, 0, 0, 42);
	sys_fixed_init(&g, 0, 0, 42);
	sys_uuid(&f.sys, a);
	sys_uuid(&g.sys, b);
	assert_string_equal(a, b);
	assert_int_equal(a[14], '4');
	assert_int_equal(uuid_from_text(str_from(a), raw), ERR_NONE);
	uuid_to_text(raw, b);
	assert_string_equal(a, b);
	assert_int_equal(uuid_from_text(STR("uuid:bukan"), raw), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_from_1970_and_back),
		cmocka_unit_test(dates_that_do_not_exist_are_refused),
		cmocka_unit_test(a_time_with_zone_survives_the_round_trip),
		cmocka_unit_test(local_time_follows_the_seam),
		cmocka_unit_test(a_seed_repeats_itself),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
