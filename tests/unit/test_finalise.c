/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* What finalising gives: the XML as it is sent and the entity operations. */

#define UUID_A "11111111-1111-4111-8111-111111111111"
#define UUID_B "22222222-2222-4222-9222-222222222222"

#define ENTITY(dataset, attrs, label)                          \
	"<meta><entity dataset=\"" dataset "\" id=\"\" " attrs \
	"><label>" label "</label></entity></meta>"

static const char household[] = XFORM(
	"<pilih/><desa/><rahasia/><anggota jr:template=\"\"><nama/><umur/>"
	"<g><hp/></g>" ENTITY(
		"orang", "create=\"1\"",
		"Orang") "</anggota>"
			 "<akhir/>" ENTITY("keluarga",
					   "create=\"\" update=\"\" "
					   "baseVersion=\"\" trunkVersion=\"\" "
					   "branchId=\"\"",
					   "Keluarga"),
	"<bind nodeset=\"/data/desa\" entities:saveto=\"desa\" "
	"required=\"true()\" jr:requiredMsg=\"Desa?\"/>"
	"<bind nodeset=\"/data/rahasia\" entities:saveto=\"rahasia\" "
	"relevant=\"/data/desa = 'x'\"/>"
	"<bind nodeset=\"/data/akhir\" jr:preload=\"timestamp\" "
	"jr:preloadParams=\"end\"/>"
	"<bind nodeset=\"/data/anggota/nama\" entities:saveto=\"nama\"/>"
	"<bind nodeset=\"/data/anggota/umur\" type=\"int\" "
	"entities:saveto=\"umur\"/>"
	"<bind nodeset=\"/data/anggota/g/hp\" entities:saveto=\"hp\"/>"
	"<bind nodeset=\"/data/meta/entity/@id\" calculate=\"if(/data/pilih "
	"= 'ubah', '" UUID_A "', '" UUID_B "')\"/>"
	"<bind nodeset=\"/data/meta/entity/@create\" calculate=\"/data/pilih "
	"!= 'ubah'\"/>"
	"<bind nodeset=\"/data/meta/entity/@update\" calculate=\"/data/pilih "
	"!= 'baru'\"/>"
	"<bind nodeset=\"/data/meta/entity/@baseVersion\" "
	"calculate=\"if(/data/pilih = 'ubah', 3, '')\"/>"
	"<bind nodeset=\"/data/meta/entity/label\" calculate=\"concat('K-', "
	"/data/desa)\"/>",
	"<input ref=\"/data/pilih\"/><input ref=\"/data/desa\"/>"
	"<input ref=\"/data/rahasia\"/>"
	"<repeat nodeset=\"/data/anggota\"><setvalue event=\"odk-new-repeat\" "
	"ref=\"/data/anggota/meta/entity/@id\" value=\"uuid()\"/>"
	"<input ref=\"nama\"/><input ref=\"umur\"/><group ref=\"g\">"
	"<input ref=\"hp\"/></group></repeat>");

static struct str prop(const struct entity_op *op, const char *name)
{
	for (size_t i = 0; i < op->n_props; i++)
		if (str_is(op->props[i].name, name))
			return op->props[i].value;
	return STR("(none)");
}

static void entities_are_created_in_a_repeat_and_at_the_root(void **state)
{
	struct scenario s = { 0 };
	struct submission sub;

	(void)state;
	scenario_open(&s, household);
	scenario_play(&s, "set /data/pilih baru\n"
			  "set /data/desa d1\n"
			  "add /data/anggota\n"
			  "set /data/anggota[1]/nama Ani\n"
			  "set /data/anggota[1]/g/hp 0812\n"
			  "add /data/anggota\n"
			  "set /data/anggota[2]/umur 8\n");
	assert_int_equal(session_finalise(s.session, &sub, &s.report), 0);
	assert_int_equal(sub.n_ops, 3);
	assert_int_equal(sub.ops[0].verb, ENTITY_CREATE);
	assert_true(str_is(sub.ops[0].dataset, "keluarga"));
	assert_true(str_is(sub.ops[0].id, UUID_B));
	assert_true(str_is(sub.ops[0].label, "K-d1"));
	assert_int_equal(sub.ops[0].n_props, 1);
	assert_true(str_is(prop(&sub.ops[0], "desa"), "d1"));
	assert_true(str_is(sub.ops[1].dataset, "orang"));
	assert_true(str_is(prop(&sub.ops[1], "nama"), "Ani"));
	assert_true(str_is(prop(&sub.ops[1], "hp"), "0812"));
	/* A blank that is relevant is written, too. */
	assert_true(str_is(prop(&sub.ops[1], "umur"), ""));
	assert_true(str_is(prop(&sub.ops[2], "umur"), "8"));
	assert_int_equal(sub.ops[1].id.n, UUID_LEN);
	assert_false(str_eq(sub.ops[1].id, sub.ops[2].id));
	submission_release(&sub);
	scenario_close(&s);
}

static void both_conditions_make_an_upsert(void **state)
{
	struct scenario s = { 0 };
	struct submission sub;

	(void)state;
	scenario_open(&s, household);
	scenario_play(&s, "set /data/desa x\nset /data/rahasia r\n");
	assert_int_equal(session_finalise(s.session, &sub, &s.report), 0);
	assert_int_equal(sub.n_ops, 1);
	assert_int_equal(sub.ops[0].verb, ENTITY_UPSERT);
	assert_true(str_is(prop(&sub.ops[0], "rahasia"), "r"));
	submission_release(&sub);
	scenario_play(&s, "set /data/pilih ubah\nset /data/desa d\n");
	assert_int_equal(session_finalise(s.session, &sub, &s.report), 0);
	assert_int_equal(sub.ops[0].verb, ENTITY_UPDATE);
	assert_true(str_is(sub.ops[0].id, UUID_A));
	assert_true(str_is(sub.ops[0].base_version, "3"));
	assert_true(str_is(prop(&sub.ops[0], "rahasia"), "(none)"));
	submission_release(&sub);
	scenario_close(&s);
}

static void a_submission_says_who_it_is(void **state)
{
	struct scenario s = { 0 };
	struct submission sub;
	struct tree *t;

	(void)state;
	scenario_open(&s, household);
	scenario_play(&s, "set /data/pilih baru\nset /data/desa d1\n");
	assert_int_equal(session_finalise(s.session, &sub, &s.report), 0);
	assert_true(str_is(sub.form_id, "uji"));
	assert_true(str_is(sub.form_version, "1"));
	assert_int_equal(sub.instance_id.n, 5 + UUID_LEN);
	assert_int_equal(tree_parse(&t, sub.xml, "kirim", NULL), 0);
	assert_true(str_eq(submission_meta(t->element, "instanceID", &s.arena),
			   sub.instance_id));
	assert_int_equal(str_find(sub.xml, STR("rahasia"), 0), SIZE_MAX);
	assert_int_equal(str_find(sub.xml, STR("template"), 0), SIZE_MAX);
	assert_int_not_equal(
		str_find(sub.xml,
			 STR("<akhir>2026-01-02T03:04:05.678+07:00</akhir>"),
			 0),
		SIZE_MAX);
	tree_free(t);
	submission_release(&sub);
	scenario_close(&s);
}

/* The other door: an event that is applied. */
static void operations_are_read_from_a_parsed_submission(void **state)
{
	struct scenario s = { 0 };
	struct submission sub;
	struct entity_op *ops;
	struct tree *t;
	size_t n;

	(void)state;
	scenario_open(&s, household);
	scenario_play(&s, "set /data/pilih baru\nset /data/desa d1\n"
			  "add /data/anggota\n"
			  "set /data/anggota[1]/nama Ani\n");
	assert_int_equal(session_finalise(s.session, &sub, &s.report), 0);
	assert_int_equal(tree_parse(&t, sub.xml, "kirim", NULL), 0);
	assert_int_equal(form_entities(s.form, t->element, &s.arena, &ops, &n,
				       &s.report),
			 0);
	assert_int_equal(n, sub.n_ops);
	for (size_t i = 0; i < n; i++) {
		assert_true(str_eq(ops[i].id, sub.ops[i].id));
		assert_int_equal(ops[i].n_props, sub.ops[i].n_props);
		assert_true(str_eq(ops[i].path, sub.ops[i].path));
	}
	tree_free(t);
	submission_release(&sub);
	scenario_close(&s);
}

static void an_id_must_be_version_four(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"11111111-1111-1111-8111-111111111111",
		"11111111-1111-7111-8111-111111111111",
		"11111111-1111-4111-7111-111111111111",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct scenario s = { 0 };
		struct submission sub;

		scenario_open(&s, XFORM("<id/>" ENTITY("o", "create=\"1\"", ""),
					"<bind nodeset=\"/data/meta/entity/@id"
					"\" calculate=\"/data/id\"/>",
					"<input ref=\"/data/id\"/>"));
		assert_int_equal(
			session_answer(s.session,
				       session_find(s.session, STR("/data/id")),
				       str_from(bad[i]), NULL),
			0);
		assert_int_equal(session_finalise(s.session, &sub, &s.report),
				 ERR_INVALID);
		assert_int_equal(s.report.errors, 1);
		scenario_play(&s, "set /data/id uuid:" UUID_A);
		assert_int_equal(session_finalise(s.session, &sub, &s.report),
				 0);
		assert_true(str_is(sub.ops[0].id, UUID_A));
		submission_release(&sub);
		scenario_close(&s);
	}
}

static void what_is_wrong_keeps_it_back(void **state)
{
	struct scenario s = { 0 };
	struct submission sub;

	(void)state;
	scenario_open(&s, household);
	assert_int_equal(session_finalise(s.session, &sub, &s.report),
			 ERR_CONSTRAINT);
	assert_int_equal(s.report.errors, 1);
	assert_true(str_is(s.report.problems.at[0].place, "/data/desa"));
	assert_true(str_is(s.report.problems.at[0].text, "Desa?"));
	scenario_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			entities_are_created_in_a_repeat_and_at_the_root),
		cmocka_unit_test(both_conditions_make_an_upsert),
		cmocka_unit_test(a_submission_says_who_it_is),
		cmocka_unit_test(operations_are_read_from_a_parsed_submission),
		cmocka_unit_test(an_id_must_be_version_four),
		cmocka_unit_test(what_is_wrong_keeps_it_back),
	};

	return cmocka_run_group_tests_name("finalise", tests, NULL, NULL);
}
