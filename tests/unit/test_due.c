/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/when.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/* What a visit writes into `kondisi` is the day of the next one. */
static const char datasets[] =
	"dataset,kind,name,label::id,value\n"
	"rumah,title,judul,Rumah,nama\n"
	"rumah,due,lagi,Kunjungan,kondisi\n"
	"rumah,due,nama,Nama,\"if(nama = 'ganti', '2026-12-01', '')\"\n"
	"warga,title,judul,Warga,nama\n"
	"warga,parent,rumah,Rumah,rumah\n";

static struct world w;

static int setup(void **state)
{
	(void)state;
	world_make(&w);
	world_datasets_put(&w, datasets);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_remove(&w);
	return 0;
}

static struct str house(const char *due)
{
	struct str id = world_put_house(&w, "Siti", "1", "Palapa");
	struct submission s = world_visit(&w, id, due, NULL);

	world_submit(&w, &s);
	return id;
}

static void visit(struct str id, const char *due, const char *name)
{
	struct submission s = world_visit(&w, id, due, name);

	world_submit(&w, &s);
}

/* The days found, "2026-11-20 2026-11-24". */
static const char *days(int64_t from, int64_t to)
{
	struct str out = STR("");
	struct due *due;
	size_t n, counted;

	ok(cases_due(w.cases, from, to, &w.arena, &due, &n));
	ok(cases_due_count(w.cases, from, to, &counted));
	assert_int_equal(n, counted);
	for (size_t i = 0; i < n; i++) {
		int y, m, d;

		when_from_days(due[i].day, &y, &m, &d);
		out = arena_printf(&w.arena, "%.*s%s%04d-%02d-%02d",
				   STR_ARG(out), i ? " " : "", y, m, d);
	}
	return arena_cstr(&w.arena, out);
}

static const char *all_days(void)
{
	return days(INT64_MIN, INT64_MAX);
}

static void what_is_due_comes_by_day(void **state)
{
	struct str id;
	struct due *due;
	size_t n;

	(void)state;
	house("2026-11-24");
	id = house("2026-11-20");
	house("2026-12-30");
	house("1969-12-30");
	assert_string_equal(all_days(),
			    "1969-12-30 2026-11-20 2026-11-24 2026-12-30");
	ok(cases_due(w.cases, when_days(2026, 11, 1), when_days(2026, 11, 20),
		     &w.arena, &due, &n));
	assert_int_equal(n, 1);
	assert_true(str_eq(due[0].id, id));
	assert_true(str_is(due[0].dataset, "rumah"));
	assert_int_equal(due[0].row, 0);
}

static void both_ends_of_the_days_asked_for_belong_to_them(void **state)
{
	int64_t day = when_days(2026, 11, 24);

	(void)state;
	house("2026-11-24");
	assert_string_equal(days(day, day), "2026-11-24");
	assert_string_equal(days(day + 1, INT64_MAX), "");
	assert_string_equal(days(INT64_MIN, day - 1), "");
}

static void a_visit_moves_the_day(void **state)
{
	struct str id = house("2026-11-24");

	(void)state;
	visit(id, "2026-12-24", NULL);
	assert_string_equal(all_days(), "2026-12-24");
	visit(id, "tidak perlu", NULL);
	assert_string_equal(all_days(), "");
	visit(id, "2027-01-02", NULL);
	visit(id, "ganti", NULL);
	assert_string_equal(all_days(), "");
}

static void no_day_is_none(void **state)
{
	(void)state;
	house("");
	house("2026-02-30");
	house("besok");
	house("12:00");
	assert_string_equal(all_days(), "");
	house("2026-11-24T08:30:00.000+07:00");
	assert_string_equal(all_days(), "2026-11-24");
}

static void an_entity_may_be_due_for_two_reasons(void **state)
{
	struct str id = house("2026-11-24");
	struct due *due;
	size_t n;

	(void)state;
	visit(id, "ganti", "ganti");
	ok(cases_due(w.cases, INT64_MIN, INT64_MAX, &w.arena, &due, &n));
	assert_int_equal(n, 1);
	assert_int_equal(due[0].row, 1);
	visit(id, "2026-12-01", NULL);
	assert_string_equal(all_days(), "2026-12-01 2026-12-01");
}

static void a_rebuild_finds_the_same_days(void **state)
{
	struct str before;

	(void)state;
	house("2026-11-24");
	visit(house("2026-11-20"), "2026-12-20", NULL);
	before = world_dump(&w, &w.arena);
	assert_true(str_find(before, STR("\tD\t"), 0) != SIZE_MAX);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
	assert_string_equal(all_days(), "2026-11-24 2026-12-20");
}

static void other_rows_of_datasets_csv_are_due_at_once(void **state)
{
	static const char csv[] = "dataset,kind,name,value\n"
				  "rumah,title,judul,nama\n"
				  "rumah,due,lain,'2026-11-30'\n";

	(void)state;
	house("2026-11-24");
	house("");
	world_datasets_put(&w, csv);
	assert_string_equal(all_days(), "2026-11-30 2026-11-30");
	world_datasets_put(&w, "dataset,kind,name,value\n"
			       "rumah,title,judul,nama\n");
	assert_string_equal(all_days(), "");
	world_datasets_put(&w, datasets);
	assert_string_equal(all_days(), "2026-11-24");
}

static void what_is_due_may_follow_from_the_submissions(void **state)
{
	static const char csv[] =
		"dataset,kind,name,value\n"
		"rumah,title,judul,nama\n"
		"rumah,due,lain,\"if(count(events('kunjung')) > 1, "
		"events('kunjung')[last() - 1]/kondisi, "
		"events('daftar')/nama)\"\n"
		"rumah,due,tak,events('tidak ada')/kondisi\n";
	struct str id;

	(void)state;
	world_datasets_put(&w, csv);
	id = house("2026-11-24");
	assert_string_equal(all_days(), "");
	visit(id, "2026-12-24", NULL);
	assert_string_equal(all_days(), "2026-11-24");
	visit(id, "2026-12-25", NULL);
	assert_string_equal(all_days(), "2026-12-24");
	world_datasets_put(&w, datasets);
	world_datasets_put(&w, csv);
	assert_string_equal(all_days(), "2026-12-24");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_due_comes_by_day),
		T(both_ends_of_the_days_asked_for_belong_to_them),
		T(a_visit_moves_the_day),
		T(no_day_is_none),
		T(an_entity_may_be_due_for_two_reasons),
		T(a_rebuild_finds_the_same_days),
		T(other_rows_of_datasets_csv_are_due_at_once),
		T(what_is_due_may_follow_from_the_submissions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
