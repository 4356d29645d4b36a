/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* Drafts: a base instance and one record an act give the session back. */

static const char form[] = XFORM(
	"<nama/><pilih/><banyak/><acak/><waktu/><n>1</n>"
	"<anggota jr:template=\"\"><nama>?</nama><umur/><ke/>"
	"<anak jr:template=\"\"><x>d</x></anak></anggota>"
	"<baris><y/></baris><jumlah/><buka/>",
	"<instance id=\"l\"><root><item><name>a</name><g>1</g></item>"
	"<item><name>b</name><g>2</g></item></root></instance>"
	"<bind nodeset=\"/data/acak\" calculate=\"random()\"/>"
	"<bind nodeset=\"/data/waktu\" calculate=\"concat(now(), "
	"/data/nama)\"/>"
	"<bind nodeset=\"/data/anggota/umur\" type=\"int\"/>"
	"<bind nodeset=\"/data/anggota/ke\" calculate=\"position(..)\"/>"
	"<bind nodeset=\"/data/jumlah\" calculate=\"sum(/data/anggota/umur)\"/>"
	"<bind nodeset=\"/data/banyak\" relevant=\"/data/nama != ''\"/>"
	"<setvalue event=\"odk-instance-load\" ref=\"/data/buka\" "
	"value=\"concat(/data/buka, '+')\"/>",
	"<input ref=\"/data/nama\"/><input ref=\"/data/n\"/>"
	"<select1 ref=\"/data/pilih\"><itemset nodeset=\"instance('l')/root/"
	"item[g = /data/n]\"><value ref=\"name\"/><label ref=\"name\"/>"
	"</itemset></select1>"
	"<select ref=\"/data/banyak\"><item><value>p</value></item><item>"
	"<value>q</value></item></select>"
	"<repeat nodeset=\"/data/anggota\"><setvalue event=\"odk-new-repeat\" "
	"ref=\"/data/anggota/nama\" value=\"concat('n', position(..))\"/>"
	"<input ref=\"nama\"/><input ref=\"umur\"/>"
	"<repeat nodeset=\"/data/anggota/anak\"><input ref=\"x\"/></repeat>"
	"</repeat>"
	"<repeat nodeset=\"/data/baris\" jr:count=\"/data/n\">"
	"<input ref=\"y\"/></repeat>");

static const char *const acts[] = {
	"set /data/nama Siti",
	"add /data/anggota",
	"set /data/anggota[1]/umur 30",
	"add /data/anggota",
	"add /data/anggota[2]/anak",
	"set /data/anggota[2]/anak[1]/x satu",
	"add /data/anggota[2]/anak",
	"set /data/pilih a",
	"set /data/banyak q p",
	"set /data/n 2",
	"set /data/baris[2]/y dua",
	"set /data/pilih b",
	"set /data/n 1",
	"remove /data/anggota[1]",
	"undo",
	"redo",
	"undo",
	"set /data/nama",
	"undo",
	"set /data/n 3",
	"set /data/baris[3]/y tiga",
	"set /data/n 2",
	"add /data/anggota",
	"remove /data/anggota[2]",
	"undo",
};

static struct str saved(struct scenario *s)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str out;

	assert_int_equal(session_save_xml(s->session, &b), ERR_NONE);
	out = arena_dup(&s->arena, buf_str(&b));
	buf_release(&b);
	return out;
}

static void assert_same(struct str a, struct str b)
{
	if (!str_eq(a, b))
		print_error("%.*s\n%.*s\n", STR_ARG(a), STR_ARG(b));
	assert_true(str_eq(a, b));
}

/* As draft_open() does it, an hour later and with other chance. */
static void resumed(struct scenario *s, struct str base,
		    const struct str *records, size_t n)
{
	struct session_options opt = { .sys = &s->clock.sys };

	assert_int_equal(scenario_load(s, form), ERR_NONE);
	sys_fixed_init(&s->clock, INT64_C(1767301445678), 7 * 60, 99);
	assert_int_equal(session_new(&s->session, s->form, &opt), ERR_NONE);
	assert_int_equal(session_restore(s->session, base, false, &s->report),
			 ERR_NONE);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(session_replay(s->session, records[i]),
				 ERR_NONE);
	assert_int_equal(session_resume(s->session), ERR_NONE);
}

/* Opening adds a + through the load action, and nothing else. */
static struct str opened_once_more(struct scenario *s, struct str xml)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	size_t at = str_find(xml, STR("</buka>"), 0);
	struct str out;

	assert_int_not_equal(at, SIZE_MAX);
	buf_addstr(&b, str_sub(xml, 0, at));
	buf_addc(&b, '+');
	buf_addstr(&b, str_sub(xml, at, xml.n));
	out = arena_dup(&s->arena, buf_str(&b));
	buf_release(&b);
	return out;
}

static void a_draft_comes_back_at_every_act(void **state)
{
	struct scenario s = { 0 };
	struct str records[ARRAY_LEN(acts)], base;

	(void)state;
	scenario_open(&s, form);
	base = saved(&s);
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		struct scenario again = { 0 };

		scenario_play(&s, acts[i]);
		records[i] = arena_dup(&s.arena, s.changes.record);
		assert_true(records[i].n > 4);
		resumed(&again, base, records, i + 1);
		assert_same(saved(&again), opened_once_more(&s, saved(&s)));
		scenario_close(&again);
	}
	scenario_close(&s);
}

static void a_draft_without_acts_comes_back_too(void **state)
{
	struct scenario s = { 0 }, again = { 0 };
	struct str base;

	(void)state;
	scenario_open(&s, form);
	base = saved(&s);
	resumed(&again, base, NULL, 0);
	assert_same(saved(&again), opened_once_more(&s, base));
	scenario_close(&again);
	scenario_close(&s);
}

static void a_record_is_small(void **state)
{
	struct scenario s = { 0 };

	(void)state;
	scenario_open(&s, form);
	scenario_play(&s, "set /data/n 7");
	scenario_play(&s, "set /data/pilih");
	scenario_play(&s, "add /data/anggota");
	scenario_play(&s, "set /data/anggota[1]/umur 30");
	/* Fingerprint, two values: four bytes and their text. */
	assert_in_range(s.changes.record.n, 8, 20);
	scenario_close(&s);
}

static void broken_records_are_refused(void **state)
{
	struct scenario s = { 0 };
	struct str record, base;

	(void)state;
	scenario_open(&s, form);
	base = saved(&s);
	scenario_play(&s, "add /data/anggota");
	record = arena_dup(&s.arena, s.changes.record);
	for (size_t cut = 1; cut < record.n; cut++) {
		struct scenario again = { 0 };

		resumed(&again, base, NULL, 0);
		/* Whatever it makes of the start, it does not crash. */
		if (session_replay(again.session, str_sub(record, 0, cut)))
			assert_true(cut != 4);
		scenario_close(&again);
	}
	record = arena_dup(&s.arena, record);
	((char *)(uintptr_t)record.p)[0] ^= 1;
	assert_int_equal(session_replay(s.session, record), ERR_VERSION);
	scenario_close(&s);
}

static void a_submission_comes_back_as_it_was_sent(void **state)
{
	struct scenario s = { 0 };
	struct buf sent = BUF_INIT(TREE_MAX_BYTES), again = sent;

	(void)state;
	scenario_open(&s, form);
	for (size_t i = 0; i < 11; i++)
		scenario_play(&s, acts[i]);
	assert_int_equal(session_submit_xml(s.session, &sent), ERR_NONE);
	assert_int_equal(
		session_restore(s.session, buf_str(&sent), false, &s.report),
		ERR_NONE);
	scenario_play(&s, "is /data/anggota[2]/anak[1]/x satu\n"
			  "is /data/baris[2]/y dua\n"
			  "is /data/buka ++\n");
	assert_int_equal(
		session_restore(s.session, STR("<lain/>"), false, &s.report),
		ERR_INVALID);
	scenario_play(&s, "is /data/baris[2]/y dua\n");
	buf_release(&sent);
	buf_release(&again);
	scenario_close(&s);
}

static void an_edit_keeps_the_name_of_what_it_edits(void **state)
{
	struct scenario s = { 0 };
	struct buf sent = BUF_INIT(TREE_MAX_BYTES);
	struct str id, now;

	(void)state;
	scenario_open(&s, form);
	id = arena_dup(
		&s.arena,
		session_value(s.session,
			      session_find(s.session, STR("/data/meta/"
							  "instanceID"))));
	assert_true(str_starts(id, STR("uuid:")));
	assert_int_equal(session_submit_xml(s.session, &sent), ERR_NONE);
	assert_int_equal(str_find(buf_str(&sent), STR("deprecatedID"), 0),
			 SIZE_MAX);
	assert_int_equal(
		session_restore(s.session, buf_str(&sent), true, &s.report),
		ERR_NONE);
	now = session_value(
		s.session,
		session_find(s.session, STR("/data/meta/instanceID")));
	assert_false(str_eq(id, now));
	assert_same(session_value(s.session,
				  session_find(s.session, STR("/data/meta/"
							      "deprecatedID"))),
		    id);
	buf_release(&sent);
	scenario_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draft_comes_back_at_every_act),
		cmocka_unit_test(a_draft_without_acts_comes_back_too),
		cmocka_unit_test(a_record_is_small),
		cmocka_unit_test(broken_records_are_refused),
		cmocka_unit_test(a_submission_comes_back_as_it_was_sent),
		cmocka_unit_test(an_edit_keeps_the_name_of_what_it_edits),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
