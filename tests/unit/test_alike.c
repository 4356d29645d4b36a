/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/search.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/* Likely doubles: who is one, in what order, and why. */
static const char lists[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"rumah,title,judul,Rumah,House,,,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,,,nama\n"
	"rumah,unique,nomor,Nomor,Number,,,,,\n"
	"rumah,alike,desa,Desa,Village,,,,,desa\n"
	"rumah,merged,kembar,Kembar,Double,,,,,kondisi\n";

static struct world w;

static int setup(void **state)
{
	(void)state;
	world_make(&w);
	world_datasets_put(&w, lists);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_remove(&w);
	return 0;
}

static struct str house(const char *name, const char *number,
			const char *village)
{
	return world_put_house(&w, name, number, village);
}

static struct alike *alike(struct str id, size_t *n)
{
	struct alike *list;
	struct entity e;

	ok(cases_entity(w.cases, STR("rumah"), id, &w.arena, &e));
	ok(cases_alike(w.cases, &e, &w.arena, &list, n));
	return list;
}

static struct alike *alike_name(const char *name, size_t *n)
{
	struct alike *list;

	ok(cases_alike_name(w.cases, STR("rumah"), str_from(name), &w.arena,
			    &list, n));
	return list;
}

/* Is exactly this one, or with NULL none, like it? */
static void expect_one(struct str id, const struct str *other)
{
	size_t n;
	struct alike *list = alike(id, &n);

	assert_int_equal(n, other ? 1 : 0);
	if (other)
		assert_true(str_eq(list[0].id, *other));
}

static void the_same_number_is_likelier_than_the_same_name(void **state)
{
	struct str self = house("Siti Aminah", "1871010203040003", "Palapa");
	struct str near = house("Siti Amina", "", "Palapa");
	struct str far = house("Siti Amirah", "", "Palapa");
	struct str number = house("Budi Santoso", "1871010203040003", "Enggal");
	size_t n;
	struct alike *list = alike(self, &n);

	(void)state;
	assert_int_equal(n, 3);
	assert_true(str_eq(list[0].id, number));
	assert_true(str_eq(list[1].id, near));
	assert_true(str_eq(list[2].id, far));
	assert_true(list[0].score < list[1].score);
	assert_true(list[1].score < list[2].score);
}

static void the_reasons_are_said(void **state)
{
	struct str self = house("Siti Aminah", "1871010203040003", "Palapa");
	size_t n;
	struct alike *list;

	(void)state;
	house("Sitti Aminnah", "", "Palapa");
	house("Siti Amimah", "", "Palapa");
	house("Budi", "1871010203040003", "Enggal");
	list = alike(self, &n);
	assert_int_equal(n, 3);
	assert_true(str_is(list[0].why, "Nomor sama"));
	assert_true(str_is(list[1].why, "nama sama; Desa sama"));
	assert_true(str_is(list[2].why, "nama mirip; Desa sama"));
}

/* Both in one village, so that only the names tell. */
static const struct {
	const char *a, *b;
	bool alike;
} names[] = {
	{ "Aminah", "Aminah", true },
	{ "Aminah", "Amimah", true },                  /* one letter */
	{ "Aminah", "Amima", true },                   /* a last h is not one */
	{ "Aminah", "Amimun", false },                 /* two of six */
	{ "Sulastri Aminah", "Sulastri Amimu", true }, /* two of ten and more */
	{ "Sulastri Aminah", "Sulastri Amumu", false },
	{ "Siti Aminah", "Siti Amimu", false }, /* two of nine */
	{ "Siti Aminah", "Aminah Siti", true },
	{ "Siti Aminah", "Siti", false },
	{ "Siti Aminah", "Siti Aminah Ana", false },
	{ "Moh. Ali", "Muhammad Ali", true },
	{ "Soekarno", "Sukarno", true },
	{ "Drs. H. Rahmat", "Rahmat", true },
};

static void names_are_compared_letter_by_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char village[20];
		size_t n, hits = 0;
		struct alike *list;
		struct str self, other;

		snprintf(village, sizeof(village), "Desa %zu", i);
		self = house(names[i].a, "", village);
		other = house(names[i].b, "", village);
		list = alike(self, &n);
		for (size_t k = 0; k < n; k++)
			hits += str_eq(list[k].id, other);
		if ((hits == 1) != names[i].alike)
			fail_msg("%s and %s: %zu", names[i].a, names[i].b,
				 hits);
	}
}

static void another_village_tells_them_apart_but_not_the_number(void **state)
{
	struct str self = house("Siti Aminah", "1871010203040003", "Palapa");
	struct str number;

	(void)state;
	house("Siti Aminah", "", "Enggal");
	expect_one(self, NULL);
	number = house("Siti Aminah", "1871010203040003", "Enggal");
	expect_one(self, &number);
}

/* A near name alone may be anybody; the same name is asked about. */
static void where_the_village_is_unknown_only_the_same_name_counts(void **state)
{
	struct str self = house("Siti Aminah", "", "");
	struct str same;

	(void)state;
	house("Siti Amimah", "", "Palapa");
	expect_one(self, NULL);
	same = house("Siti Aminah", "", "Palapa");
	expect_one(self, &same);
}

static void a_name_typed_finds_those_that_are_near(void **state)
{
	struct str same = house("Siti Aminah", "1", "Palapa");
	struct str near = house("Siti Amimah", "2", "Enggal");
	struct alike *list;
	size_t n;

	(void)state;
	house("Budi Santoso", "3", "Palapa");
	list = alike_name("sitti aminah", &n);
	assert_int_equal(n, 2);
	assert_true(str_eq(list[0].id, same));
	assert_true(str_eq(list[1].id, near));
	assert_true(str_is(list[0].why, "nama sama"));
	assert_true(str_is(list[1].why, "nama mirip"));
	alike_name("", &n);
	assert_int_equal(n, 0);
}

static void whom_another_stands_for_is_no_double_any_more(void **state)
{
	struct str self = house("Siti Aminah", "", "Palapa");
	struct str other = house("Siti Aminah", "", "Palapa");
	struct submission s;

	(void)state;
	expect_one(self, &other);
	s = world_visit(&w, other, arena_cstr(&w.arena, self), NULL);
	world_submit(&w, &s);
	expect_one(self, NULL);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_same_number_is_likelier_than_the_same_name),
		T(the_reasons_are_said),
		T(names_are_compared_letter_by_letter),
		T(another_village_tells_them_apart_but_not_the_number),
		T(where_the_village_is_unknown_only_the_same_name_counts),
		T(a_name_typed_finds_those_that_are_near),
		T(whom_another_stands_for_is_no_double_any_more),
	};

	return cmocka_run_group_tests_name("alike", tests, NULL, NULL);
}
