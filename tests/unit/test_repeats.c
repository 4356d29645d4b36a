/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* Repeats in forms being filled in: they come, go, move and are counted. */

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
	scenario(MEMBERS, "count /data/anggota 0\n"
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
	scenario(MEMBERS, "add /data/anggota\n"
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
	scenario(XFORM("<n/><r><x/></r>", BIND("n", "type=\"int\""),
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
	scenario(XFORM("<n/><r><x/></r>", BIND("n", "type=\"int\""),
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instances_come_and_go),
		cmocka_unit_test(acts_are_undone_and_done_again),
		cmocka_unit_test(rows_take_another_order_in_one_act),
		cmocka_unit_test(large_acts_can_be_undone_a_few_times),
		cmocka_unit_test(
			a_count_makes_instances_and_keeps_what_it_takes),
		cmocka_unit_test(a_count_has_a_limit),
		cmocka_unit_test(running_totals_settle_whichever_way_they_run),
	};

	return cmocka_run_group_tests_name("repeats", tests, NULL, NULL);
}
