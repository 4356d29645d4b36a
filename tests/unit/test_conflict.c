/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/expect.h"
#include "../lib/world.h"

/* Two devices that know the same house, and an office that hears of both. */
static struct world one, two, office;

static int setup(void **state)
{
	(void)state;
	world_make_as(&one, 100);
	world_make_as(&two, 101);
	world_make_as(&office, 99);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_remove(&one);
	world_remove(&two);
	world_remove(&office);
	return 0;
}

static struct str same_house(void)
{
	struct str id = world_put_house(&one, "Asal", "", "Palapa");
	char *file = world_export(&one, one.folder);
	struct sync_incoming in;

	ok(world_take(&two, file, &in));
	ok(world_take(&office, file, &in));
	return id;
}

static struct submission change(struct world *w, struct str house,
				const char *condition, const char *name,
				const char *note, unsigned base)
{
	struct submission s = world_visit(w, house, condition, name);
	struct buf b = BUF_INIT(10000);
	size_t end = str_find(s.xml, STR("<meta>"), 0);
	size_t at = str_find(s.xml, STR("baseVersion=\"1\""), 0);

	buf_addstr(&b, str_sub(s.xml, 0, end));
	buf_addf(&b, "<catatan>%s</catatan>", note);
	buf_addstr(&b, str_sub(s.xml, end, at));
	buf_addf(&b, "baseVersion=\"%u\"", base);
	buf_addstr(&b,
		   str_sub(s.xml, at + strlen("baseVersion=\"1\""), s.xml.n));
	s.xml = arena_dup(&w->arena, buf_str(&b));
	buf_release(&b);
	return s;
}

static void both_changes_stand_when_disjoint_and_clash_otherwise(void **state)
{
	struct conflict_side *sides = NULL;
	struct submission s;
	struct entity e;
	size_t n = 9;
	struct str id;

	(void)state;
	id = same_house();
	s = change(&one, id, "ganti", "Baru Satu", "", 1);
	world_submit(&one, &s);
	world_carry(&one, &office);
	e = world_entity(&office, "rumah", id);
	assert_int_equal(e.conflict, CONFLICT_NONE);
	/* The same condition from another: nothing differs from it. */
	s = change(&two, id, "ganti", "Baru Satu", "", 1);
	world_submit(&two, &s);
	world_carry(&two, &office);
	e = world_entity(&office, "rumah", id);
	assert_int_equal(e.conflict, CONFLICT_SOFT);
	ok(cases_conflict(office.cases, &e, &office.arena, &sides, &n));
	assert_int_equal(n, 0);
	/* Another one: the later is shown, both are there to choose from. */
	s = change(&two, id, "rusak", NULL, "", 2);
	world_submit(&two, &s);
	s = change(&one, id, "ganti", "Baru Dua", "", 2);
	world_submit(&one, &s);
	world_carry(&two, &office);
	world_carry(&one, &office);
	e = world_entity(&office, "rumah", id);
	assert_int_equal(e.conflict, CONFLICT_HARD);
	ok(cases_conflict(office.cases, &e, &office.arena, &sides, &n));
	assert_true(n >= 1);
	assert_true(sides[0].first_by.device.n == 16);
	assert_false(str_eq(sides[0].first, sides[0].second));
	assert_false(
		str_eq(sides[0].first_by.device, sides[0].second_by.device));
}

static void only_a_decision_that_knew_everything_settles_it(void **state)
{
	static const char with_action[] =
		"dataset,kind,name,label::id,label::en,order,search,mask,class,"
		"value\n"
		"rumah,title,judul,Rumah,House,,,,,nama\n"
		"rumah,action,kunjung catatan=putusan,putuskan,settle,k,,,,"
		"conflict\n";
	struct conflict_at *list = NULL;
	struct conflict_side *sides = NULL;
	struct submission s;
	struct entity e;
	size_t n = 0;
	struct str id;

	(void)state;
	world_datasets_put(&office, with_action);
	ok(cases_refresh(office.cases));
	id = same_house();
	s = change(&one, id, "baik", NULL, "", 1);
	world_submit(&one, &s);
	s = change(&two, id, "rusak", NULL, "", 1);
	world_submit(&two, &s);
	world_carry(&one, &office);
	world_carry(&two, &office);
	ok(cases_conflicts(office.cases, &office.arena, &list, &n));
	assert_int_equal(n, 1);
	assert_true(list[0].hard && str_eq(list[0].id, id));
	/* A visit is no decision; nor one that had not seen all of it. */
	s = change(&office, id, "baik", NULL, "", 3);
	world_submit(&office, &s);
	s = change(&office, id, "baik", NULL, "putusan", 3);
	world_submit(&office, &s);
	e = world_entity(&office, "rumah", id);
	assert_int_equal(e.version, 5);
	assert_int_equal(e.conflict, CONFLICT_HARD);
	s = change(&office, id, "baik", NULL, "putusan", 5);
	world_submit(&office, &s);
	e = world_entity(&office, "rumah", id);
	assert_int_equal(e.conflict, CONFLICT_NONE);
	ok(cases_conflicts(office.cases, &office.arena, &list, &n));
	assert_int_equal(n, 0);
	ok(cases_conflict(office.cases, &e, &office.arena, &sides, &n));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			both_changes_stand_when_disjoint_and_clash_otherwise,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			only_a_decision_that_knew_everything_settles_it, setup,
			teardown),
	};

	return cmocka_run_group_tests_name("conflict", tests, NULL, NULL);
}
