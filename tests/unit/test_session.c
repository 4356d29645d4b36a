/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* Forms being filled in: each test is a form and what a person sees of it. */

static void calculations_follow_answers(void **state)
{
	(void)state;
	scenario(XFORM("<a/><b/><c/>",
		       BIND("a", "type=\"int\"") BIND(
			       "c", "type=\"int\" calculate=\"/data/b * 2\"")
			       BIND("b", "type=\"int\" calculate=\"/data/a + "
					 "1\""),
		       INPUT("a")),
		 "is /data/c\n"
		 "set /data/a 4\n"
		 "is /data/b 5\n"
		 "is /data/c 10\n"
		 "set /data/a x\n"
		 "is /data/a\n"
		 "is /data/c\n");
}

static void what_is_hidden_reads_as_empty_and_comes_back(void **state)
{
	(void)state;
	scenario(XFORM("<umur/><g><kerja/><upah/></g><cat/>",
		       BIND("umur", "type=\"int\"") BIND(
			       "g", "relevant=\"/data/umur &gt;= 15\"")
			       BIND("g/upah", "relevant=\"../kerja = 'ya'\"")
				       BIND("cat",
					    "calculate=\"if(/data/g/kerja "
					    "= '', 'kosong', 'isi')\""),
		       INPUT("umur") "<group ref=\"/data/g\">" INPUT("g/kerja")
			       INPUT("g/upah") "</group>"),
		 "hidden /data/g\n"
		 "hidden /data/g/upah\n"
		 "walk umur\n"
		 "no /data/g/kerja ya\n"
		 "set /data/umur 20\n"
		 "set /data/g/kerja ya\n"
		 "set /data/g/upah 100\n"
		 "is /data/cat isi\n"
		 "walk umur g kerja upah\n"
		 "set /data/umur 9\n"
		 "is /data/g/upah\n"
		 "is /data/cat kosong\n"
		 "set /data/umur 30\n"
		 "is /data/g/upah 100\n"
		 "is /data/cat isi\n");
}

static void a_broken_constraint_is_stored_and_said(void **state)
{
	(void)state;
	scenario(XFORM("<umur/><nama/>",
		       BIND("umur",
			    "type=\"int\" constraint=\". &gt;= 0\" "
			    "jr:constraintMsg=\"Umur tidak boleh negatif\"")
			       BIND("nama", "required=\"true()\" "
					    "jr:requiredMsg=\"Isi dulu\""),
		       INPUT("umur") INPUT("nama")),
		 "refuse /data/umur -1 Umur tidak boleh negatif\n"
		 "is /data/umur -1\n"
		 "wrong /data/umur /data/nama\n"
		 "set /data/umur 3\n"
		 "set /data/nama Siti\n"
		 "wrong\n"
		 "set /data/nama\n"
		 "wrong /data/nama\n");
}

static void read_only_is_inherited(void **state)
{
	(void)state;
	scenario(XFORM("<kunci/><g><a>x</a></g>",
		       BIND("g", "readonly=\"/data/kunci = '1'\""),
		       INPUT("kunci") INPUT("g/a")),
		 "set /data/g/a y\n"
		 "set /data/kunci 1\n"
		 "no /data/g/a z\n"
		 "set /data/kunci 0\n"
		 "set /data/g/a z\n");
}

#define LIST                                                            \
	"<instance id=\"l\"><root>"                                     \
	"<item><name>a1</name><induk>a</induk><label>A1</label></item>" \
	"<item><name>a2</name><induk>a</induk><label>A2</label></item>" \
	"<item><name>b1</name><induk>b</induk><label>B1</label></item>" \
	"</root></instance>"
#define CHOICES(filter)                                     \
	"<itemset nodeset=\"instance('l')/root/item" filter \
	"\"><value ref=\"name\"/><label ref=\"label\"/></itemset>"

static void choices_are_filtered_and_answers_with_them(void **state)
{
	(void)state;
	scenario(
		XFORM("<induk/><satu/><banyak/><baca/>",
		      LIST BIND("baca", "calculate=\"concat(/data/satu, '|', "
					"/data/banyak)\""),
		      INPUT("induk") "<select1 ref=\"/data/satu\">" CHOICES(
			      "[induk = /data/induk]") "</select1><select "
						       "ref=\"/data/"
						       "banyak\">" CHOICES(
							       "[ind"
							       "uk "
							       "= "
							       "/dat"
							       "a/"
							       "indu"
							       "k]") "</"
								     "select>"),
		"offers /data/satu\n"
		"set /data/induk a\n"
		"offers /data/satu a1 a2\n"
		"no /data/satu b1\n"
		"set /data/satu a2\n"
		"set /data/banyak a2 a1\n"
		"is /data/banyak a1 a2\n"
		"no /data/banyak a1 b1\n"
		"is /data/baca a2|a1 a2\n"
		"set /data/induk b\n"
		"is /data/satu\n"
		"is /data/baca |\n"
		"set /data/induk a\n"
		"is /data/baca a2|a1 a2\n");
}

static void a_rank_holds_every_choice(void **state)
{
	(void)state;
	scenario(XFORM("<r/>", LIST,
		       "<odk:rank ref=\"/data/r\">" CHOICES("") "</odk:rank>"),
		 "no /data/r a1 a2\n"
		 "set /data/r b1 a1 a2\n"
		 "is /data/r b1 a1 a2\n"
		 "set /data/r\n"
		 "is /data/r\n");
}

static void labels_speak_the_language_and_the_answers(void **state)
{
	struct scenario s = { 0 };
	struct ref r;

	(void)state;
	scenario_open(
		&s,
		XFORM("<nama/><umur/><jk/>",
		      "<itext><translation lang=\"Indonesia (id)\">"
		      "<text id=\"u\"><value>Umur <output value=\"../nama\"/>"
		      "</value></text><text id=\"l\"><value>Laki</value></text>"
		      "</translation><translation lang=\"English (en)\">"
		      "<text id=\"u\"><value><output value=\"../nama\"/>'s age"
		      "</value></text></translation></itext>",
		      INPUT("nama") "<input ref=\"/data/umur\"><label "
				    "ref=\"jr:itext('u')\"/></input>"
				    "<select1 ref=\"/data/jk\"><label>Jenis "
				    "<output value=\"/data/nama\"/></label>"
				    "<item><label ref=\"jr:itext('l')\"/>"
				    "<value>l</value></item></select1>"));
	scenario_play(&s, "set /data/nama Budi\n"
			  "label /data/umur Umur Budi\n"
			  "label /data/jk Jenis Budi\n"
			  "lang English (en)\n"
			  "label /data/umur Budi's age\n"
			  "set /data/jk l\n");
	/* A text that a language lacks is taken from the first one. */
	r = session_find(s.session, STR("/data/jk"));
	assert_true(str_is(session_display(s.session, r, &s.arena), "Laki"));
	assert_int_equal(session_set_language(s.session, STR("id")), 0);
	assert_int_equal(session_set_language(s.session, STR("fr")),
			 ERR_NOTFOUND);
	assert_true(str_is(session_language(s.session), "Indonesia (id)"));
	scenario_close(&s);
}

/* It is chosen before there is anything to compute. */
static void a_session_starts_in_the_language_asked_for(void **state)
{
	struct session_options opt = { .language = STR("en") };
	struct scenario s = { 0 };
	struct session *t = NULL;
	struct ref r;

	(void)state;
	scenario_open(
		&s,
		XFORM("<jk>l</jk><kata/>",
		      "<itext><translation lang=\"Indonesia (id)\">"
		      "<text id=\"l\"><value>Laki</value></text>"
		      "</translation><translation lang=\"English (en)\">"
		      "<text id=\"l\"><value>Male</value></text>"
		      "</translation></itext>" BIND(
			      "kata", "calculate=\"jr:choice-name(/data/jk, "
				      "'/data/jk')\""),
		      "<select1 ref=\"/data/jk\"><item><label "
		      "ref=\"jr:itext('l')\"/><value>l</value></item>"
		      "</select1>"));
	assert_int_equal(session_new(&t, session_form(s.session), &opt), 0);
	r = session_find(t, STR("/data/kata"));
	assert_true(str_is(session_value(t, r), "Male"));
	session_free(t);
	scenario_close(&s);
}

static void actions_run_on_their_events(void **state)
{
	(void)state;
	scenario(
		XFORM("<a/><b>lama</b><n/><r jr:template=\"\"><x/><y/></r>",
		      "<setvalue event=\"odk-instance-first-load\" "
		      "ref=\"/data/a\" value=\"1 + 1\"/>",
		      "<input ref=\"/data/a\"><setvalue "
		      "event=\"xforms-value-changed\" ref=\"/data/b\" "
		      "value=\"concat('a', /data/a)\"/></input>" INPUT("n")
			      INPUT("b") "<repeat nodeset=\"/data/r\">"
					 "<setvalue event=\"odk-new-repeat\" "
					 "ref=\"/data/r/x\" value=\"/data/n\"/>"
					 "<input ref=\"x\"><setvalue "
					 "event=\"xforms-value-changed\" "
					 "ref=\"../y\">baru"
					 "</setvalue></input></repeat>"),
		"is /data/a 2\n"
		"is /data/b a2\n"
		"set /data/a 3\n"
		"is /data/b a3\n"
		"set /data/b lain\n"
		"set /data/a 3\n"
		"is /data/b lain\n"
		"set /data/n 9\n"
		"add /data/r\n"
		"set /data/n 8\n"
		"add /data/r\n"
		"is /data/r[1]/x 9\n"
		"is /data/r[2]/x 8\n"
		"set /data/r[1]/x 1\n"
		"is /data/r[1]/y baru\n"
		"is /data/r[2]/y baru\n");
}

static void circles_of_actions_end(void **state)
{
	(void)state;
	scenario(XFORM("<a>0</a><b>0</b>", "",
		       "<input ref=\"/data/a\"><setvalue "
		       "event=\"xforms-value-changed\" ref=\"/data/b\" "
		       "value=\"/data/b + 1\"/></input>"
		       "<input ref=\"/data/b\"><setvalue "
		       "event=\"xforms-value-changed\" ref=\"/data/a\" "
		       "value=\"/data/a + 1\"/></input>"),
		 "set /data/a 5\n"
		 "shown /data/a\n");
}

static void ways_that_never_settle_are_left(void **state)
{
	(void)state;
	scenario(XFORM("<a>1</a><b/>",
		       BIND("b", "calculate=\"/data/a\"")
			       BIND("a", "relevant=\"/data/b = ''\""),
		       INPUT("a")),
		 "shown /data/b\n");
}

static void layout_groups_show_with_what_is_in_them(void **state)
{
	(void)state;
	scenario(XFORM("<a/><b/>", BIND("b", "relevant=\"/data/a = '1'\""),
		       INPUT("a") "<group><label>L</label>" INPUT(
			       "b") "</group>"),
		 "walk a\n"
		 "set /data/a 1\n"
		 "walk a - b\n");
}

static void an_answer_tells_what_moved(void **state)
{
	struct scenario s = { 0 };
	struct str paths[3];

	(void)state;
	scenario_open(&s, XFORM("<a/><b/><c/><d/>",
				BIND("c", "calculate=\"/data/a\"")
					BIND("b", "relevant=\"/data/a = '1'\""),
				INPUT("a") INPUT("b") INPUT("d")));
	scenario_play(&s, "set /data/a 1");
	assert_int_equal(s.changes.list.n, 3);
	for (size_t i = 0; i < 3; i++)
		paths[i] = session_path(s.session, s.changes.list.at[i].ref,
					&s.arena);
	assert_true(str_is(paths[0], "/data/a"));
	assert_true(str_is(paths[1], "/data/b"));
	assert_true(str_is(paths[2], "/data/c"));
	assert_int_equal(s.changes.list.at[1].kind, CHANGE_STATE);
	assert_int_equal(s.changes.list.at[2].kind, CHANGE_VALUE);
	scenario_play(&s, "set /data/a 1");
	assert_int_equal(s.changes.list.n, 0);
	scenario_close(&s);
}

static void only_dependents_are_evaluated(void **state)
{
	struct scenario s = { 0 };
	uint64_t before;

	(void)state;
	scenario_open(&s, XFORM("<r jr:template=\"\"><x/><y/></r><lain/><l2/>"
				"<jumlah/>",
				BIND("r/y", "calculate=\"../x * 2\"") BIND(
					"l2", "calculate=\"/data/lain\"")
					BIND("jumlah",
					     "calculate=\"sum(/data/r/y)\""),
				"<repeat nodeset=\"/data/r\"><input "
				"ref=\"x\"/></repeat>" INPUT("lain")));
	for (int i = 0; i < 50; i++)
		scenario_play(&s, "add /data/r");
	before = session_evaluations(s.session);
	scenario_play(&s, "set /data/r[20]/x 4");
	assert_int_equal(session_evaluations(s.session) - before, 2);
	scenario_play(&s, "is /data/r[20]/y 8");
	scenario_close(&s);
}

static void a_heavy_form_stops_with_a_sentence(void **state)
{
	struct scenario s = { 0 };
	struct session_options opt = { .report = &s.report };

	(void)state;
	assert_int_equal(
		scenario_load(
			&s,
			XFORM("<n>5000</n><r><x>1</x></r><z/>",
			      BIND("z", "calculate=\"count(/data/r[count("
					"/data/r[x = current()/../n]) = 1])\""),
			      "<repeat nodeset=\"/data/r\" "
			      "jr:count=\"/data/n\"><input ref=\"x\"/>"
			      "</repeat>")),
		ERR_NONE);
	assert_int_not_equal(session_new(&s.session, s.form, &opt), ERR_NONE);
	assert_int_equal(s.report.errors, 1);
	scenario_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calculations_follow_answers),
		cmocka_unit_test(what_is_hidden_reads_as_empty_and_comes_back),
		cmocka_unit_test(a_broken_constraint_is_stored_and_said),
		cmocka_unit_test(read_only_is_inherited),
		cmocka_unit_test(choices_are_filtered_and_answers_with_them),
		cmocka_unit_test(a_rank_holds_every_choice),
		cmocka_unit_test(labels_speak_the_language_and_the_answers),
		cmocka_unit_test(a_session_starts_in_the_language_asked_for),
		cmocka_unit_test(actions_run_on_their_events),
		cmocka_unit_test(circles_of_actions_end),
		cmocka_unit_test(ways_that_never_settle_are_left),
		cmocka_unit_test(layout_groups_show_with_what_is_in_them),
		cmocka_unit_test(an_answer_tells_what_moved),
		cmocka_unit_test(only_dependents_are_evaluated),
		cmocka_unit_test(a_heavy_form_stops_with_a_sentence),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
