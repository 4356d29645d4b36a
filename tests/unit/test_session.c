/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* Forms being filled in: each test is a form and what a person sees of it. */

static void played(const char *xml, const char *lines)
{
	struct scenario s = { 0 };

	scenario_open(&s, xml);
	scenario_play(&s, lines);
	scenario_close(&s);
}

#define BIND(node, rest) "<bind nodeset=\"/data/" node "\" " rest "/>"
#define INPUT(node)      "<input ref=\"/data/" node "\"/>"

static void calculations_follow_answers(void **state)
{
	(void)state;
	played(XFORM("<a/><b/><c/>",
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
	played(XFORM("<umur/><g><kerja/><upah/></g><cat/>",
		     BIND("umur", "type=\"int\"")
			     BIND("g", "relevant=\"/data/umur &gt;= 15\"") BIND(
				     "g/upah", "relevant=\"../kerja = 'ya'\"")
				     BIND("cat", "calculate=\"if(/data/g/kerja "
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
	played(XFORM("<umur/><nama/>",
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
	played(XFORM("<kunci/><g><a>x</a></g>",
		     BIND("g", "readonly=\"/data/kunci = '1'\""),
		     INPUT("kunci") INPUT("g/a")),
	       "set /data/g/a y\n"
	       "set /data/kunci 1\n"
	       "no /data/g/a z\n"
	       "set /data/kunci 0\n"
	       "set /data/g/a z\n");
}

#define MEMBERS                                                               \
	XFORM("<anggota jr:template=\"\"><nama>?</nama><umur/><ke/>"          \
	      "</anggota><jumlah/><tua/>",                                    \
	      BIND("anggota/umur", "type=\"int\"")                            \
		      BIND("anggota/ke", "calculate=\"position(..)\"") BIND(  \
			      "jumlah", "calculate=\"count(/data/anggota)\"") \
			      BIND("tua", "calculate=\"max(/data/"            \
					  "anggota/umur)\""),                 \
	      "<repeat nodeset=\"/data/anggota\"><input ref=\"nama\"/>"       \
	      "<input ref=\"umur\"/></repeat>")

static void instances_come_and_go(void **state)
{
	(void)state;
	played(MEMBERS, "count /data/anggota 0\n"
			"is /data/jumlah 0\n"
			"walk prompt\n"
			"add /data/anggota\n"
			"add /data/anggota\n"
			"add /data/anggota\n"
			"is /data/anggota[2]/nama ?\n"
			"is /data/anggota[3]/ke 3\n"
			"set /data/anggota[1]/umur 30\n"
			"set /data/anggota[2]/umur 70\n"
			"set /data/anggota[3]/umur 5\n"
			"is /data/tua 70\n"
			"remove /data/anggota[2]\n"
			"is /data/jumlah 2\n"
			"is /data/tua 30\n"
			"is /data/anggota[2]/umur 5\n"
			"is /data/anggota[2]/ke 2\n"
			"walk anggota[1] nama umur anggota[2] nama umur "
			"prompt\n");
}

static void acts_are_undone_and_done_again(void **state)
{
	(void)state;
	played(MEMBERS, "add /data/anggota\n"
			"set /data/anggota[1]/umur 40\n"
			"add /data/anggota\n"
			"set /data/anggota[2]/umur 60\n"
			"remove /data/anggota[1]\n"
			"is /data/tua 60\n"
			"is /data/anggota[1]/ke 1\n"
			"undo\n"
			"count /data/anggota 2\n"
			"is /data/anggota[1]/umur 40\n"
			"is /data/anggota[2]/ke 2\n"
			"undo\n"
			"is /data/anggota[2]/umur\n"
			"redo\n"
			"is /data/tua 60\n"
			"undo\n"
			"undo\n"
			"count /data/anggota 1\n"
			"redo\n"
			"redo\n"
			"redo\n"
			"count /data/anggota 1\n"
			"is /data/anggota[1]/umur 60\n");
}

static void rows_take_another_order_in_one_act(void **state)
{
	static const size_t order[] = { 3, 1, 2 };
	static const size_t twice[] = { 1, 1, 2 }, beyond[] = { 1, 2, 4 };
	struct scenario s = { 0 }, again = { 0 };
	struct changes changes = { 0 };
	struct buf base = BUF_INIT((size_t)1 << 16);
	struct report rep = { 0 };
	const struct item *i;
	struct ref holder;

	(void)state;
	scenario_open(&s, MEMBERS);
	scenario_play(&s, "add /data/anggota\nadd /data/anggota\n"
			  "add /data/anggota\n"
			  "set /data/anggota[1]/nama Ani\n"
			  "set /data/anggota[2]/nama Budi\n"
			  "set /data/anggota[3]/nama Citra\n");
	assert_int_equal(session_save_xml(s.session, &base), 0);
	i = session_find_repeat(s.session, STR("/data/anggota"), &holder);
	assert_int_equal(session_reorder(s.session, i, holder, twice, 3, NULL),
			 ERR_REFUSED);
	assert_int_equal(session_reorder(s.session, i, holder, beyond, 3, NULL),
			 ERR_REFUSED);
	assert_int_equal(session_reorder(s.session, i, holder, order, 2, NULL),
			 ERR_REFUSED);
	assert_int_equal(
		session_reorder(s.session, i, holder, order, 3, &changes), 0);
	scenario_play(&s, "is /data/anggota[1]/nama Citra\n"
			  "is /data/anggota[1]/ke 1\n"
			  "is /data/anggota[2]/nama Ani\n"
			  "is /data/anggota[3]/nama Budi\n"
			  "is /data/anggota[3]/ke 3\n"
			  "undo\n"
			  "is /data/anggota[1]/nama Ani\n"
			  "is /data/anggota[3]/nama Citra\n"
			  "is /data/anggota[3]/ke 3\n"
			  "redo\n"
			  "is /data/anggota[1]/nama Citra\n"
			  "is /data/anggota[2]/ke 2\n");
	/* a draft that is taken up again has them in that order, too */
	scenario_open(&again, MEMBERS);
	assert_int_equal(
		session_restore(again.session, buf_str(&base), false, &rep), 0);
	assert_int_equal(session_replay(again.session, changes.record), 0);
	assert_int_equal(session_resume(again.session), 0);
	scenario_play(&again, "is /data/anggota[1]/nama Citra\n"
			      "is /data/anggota[3]/nama Budi\n"
			      "is /data/anggota[3]/ke 3\n"
			      "is /data/jumlah 3\n");
	changes_release(&changes);
	buf_release(&base);
	report_release(&rep);
	scenario_close(&again);
	scenario_close(&s);
}

/* Two answers by turns, so many; how many of them can be taken back. */
static size_t undone_of(const char *xml, const char *path, size_t answers)
{
	struct scenario s = { 0 };
	struct ref r;
	size_t n = 0;

	scenario_open(&s, xml);
	r = session_find(s.session, str_from(path));
	for (size_t i = 0; i < answers; i++)
		assert_int_equal(session_answer(s.session, r,
						i % 2 ? STR("1") : STR("2"),
						NULL),
				 ERR_NONE);
	while (!session_undo(s.session, NULL))
		n++;
	scenario_close(&s);
	return n;
}

#define ROWS_2000                                                         \
	XFORM("<a/><r><x/></r>", BIND("r/x", "calculate=\"/data/a\""),    \
	      INPUT("a") "<repeat nodeset=\"/data/r\" jr:count=\"2000\">" \
			 "<input ref=\"x\"/></repeat>")

static void large_acts_can_be_undone_a_few_times(void **state)
{
	(void)state;
	assert_int_equal(
		undone_of(XFORM("<a/>", "", INPUT("a")), "/data/a", 250), 200);
	assert_int_equal(undone_of(ROWS_2000, "/data/a", 15), 15);
	assert_in_range(undone_of(ROWS_2000, "/data/a", 60), 16, 30);
}

static void a_count_makes_instances_and_keeps_what_it_takes(void **state)
{
	(void)state;
	played(XFORM("<n/><r><x/></r>", BIND("n", "type=\"int\""),
		     INPUT("n") "<repeat nodeset=\"/data/r\" "
				"jr:count=\"/data/n\"><input ref=\"x\"/>"
				"</repeat>"),
	       "count /data/r 0\n"
	       "set /data/n 3\n"
	       "count /data/r 3\n"
	       "set /data/r[3]/x c\n"
	       "set /data/n 1\n"
	       "count /data/r 1\n"
	       "set /data/n\n"
	       "count /data/r 1\n"
	       "set /data/n 4\n"
	       "is /data/r[3]/x c\n"
	       "is /data/r[4]/x\n"
	       "walk n r[1] x r[2] x r[3] x r[4] x\n");
}

/* One more than the limit gives the limit. */
static void a_count_has_a_limit(void **state)
{
	(void)state;
	played(XFORM("<n/><r><x/></r>", BIND("n", "type=\"int\""),
		     INPUT("n") "<repeat nodeset=\"/data/r\" "
				"jr:count=\"/data/n\"><input ref=\"x\"/>"
				"</repeat>"),
	       "set /data/n 5000\n"
	       "count /data/r 5000\n"
	       "set /data/n 5001\n"
	       "count /data/r 5000\n"
	       "set /data/n 0\n"
	       "count /data/r 0\n");
}

static void running_totals_settle_whichever_way_they_run(void **state)
{
	struct scenario s = { 0 };

	(void)state;
	scenario_open(
		&s,
		XFORM("<n>400</n><r><x>1</x><depan/><belakang/></r>",
		      BIND("r/x", "type=\"int\"") BIND(
			      "r/depan",
			      "type=\"int\" calculate=\"../x + coalesce(/data/"
			      "r[position() = position(current()/..) - 1]/depan"
			      ", 0)\"")
			      BIND("r/belakang",
				   "type=\"int\" calculate=\"../x + coalesce("
				   "/data/r[position() = position(current()/..)"
				   " + 1]/belakang, 0)\""),
		      INPUT("n") "<repeat nodeset=\"/data/r\" "
				 "jr:count=\"/data/n\"><setvalue "
				 "event=\"odk-new-repeat\" ref=\"/data/r/x\" "
				 "value=\"1\"/><input ref=\"x\"/></repeat>"));
	scenario_play(&s, "is /data/r[400]/depan 400\n"
			  "is /data/r[1]/belakang 400\n"
			  "set /data/r[200]/x 11\n"
			  "is /data/r[199]/depan 199\n"
			  "is /data/r[400]/depan 410\n"
			  "is /data/r[1]/belakang 410\n"
			  "is /data/r[201]/belakang 200\n");
	/* Some rounds over 400 rows twice, not rows times rows. */
	assert_in_range(session_evaluations(s.session), 1, 20000);
	scenario_close(&s);
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
	played(XFORM("<induk/><satu/><banyak/><baca/>",
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
	played(XFORM("<r/>", LIST,
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
	played(XFORM("<a/><b>lama</b><n/><r jr:template=\"\"><x/><y/></r>",
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
	played(XFORM("<a>0</a><b>0</b>", "",
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
	played(XFORM("<a>1</a><b/>",
		     BIND("b", "calculate=\"/data/a\"")
			     BIND("a", "relevant=\"/data/b = ''\""),
		     INPUT("a")),
	       "shown /data/b\n");
}

static void layout_groups_show_with_what_is_in_them(void **state)
{
	(void)state;
	played(XFORM("<a/><b/>", BIND("b", "relevant=\"/data/a = '1'\""),
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
		cmocka_unit_test(instances_come_and_go),
		cmocka_unit_test(acts_are_undone_and_done_again),
		cmocka_unit_test(rows_take_another_order_in_one_act),
		cmocka_unit_test(large_acts_can_be_undone_a_few_times),
		cmocka_unit_test(
			a_count_makes_instances_and_keeps_what_it_takes),
		cmocka_unit_test(a_count_has_a_limit),
		cmocka_unit_test(running_totals_settle_whichever_way_they_run),
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
