/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/form.h"
#include "pilar/session.h"
#include "pilar/xpath.h"

/*
 * Another client of libpilar.a, written from the three headers above and
 * nothing else: it asks one question a line, as a telephone service would,
 * and takes the answers from a table. It is also the shortest example of how
 * a form is loaded, filled in, kept as a draft and handed in.
 */

static const char visit_form[] =
	"<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
	"xmlns:h=\"http://www.w3.org/1999/xhtml\" "
	"xmlns:jr=\"http://openrosa.org/javarosa\"><h:head>"
	"<h:title>Kunjungan</h:title><model><itext>"
	"<translation lang=\"Indonesia (id)\"><text id=\"n\"><value>Nama "
	"kepala</value></text></translation>"
	"<translation lang=\"English (en)\"><text id=\"n\"><value>Name of "
	"the head</value></text></translation></itext>"
	"<instance><data id=\"kunjungan\" version=\"3\"><nama/><umur/>"
	"<setuju/><sebab/><anak jr:template=\"\"><siapa/></anak><jumlah/>"
	"<meta><instanceID/></meta></data></instance>"
	"<bind nodeset=\"/data/nama\" required=\"true()\"/>"
	"<bind nodeset=\"/data/umur\" type=\"int\" constraint=\". &lt; 120\" "
	"jr:constraintMsg=\"Umur di bawah 120\"/>"
	"<bind nodeset=\"/data/sebab\" relevant=\"/data/setuju = 't'\"/>"
	"<bind nodeset=\"/data/jumlah\" type=\"int\" "
	"calculate=\"count(/data/anak)\"/>"
	"<bind nodeset=\"/data/meta/instanceID\" jr:preload=\"uid\"/>"
	"</model></h:head><h:body>"
	"<input ref=\"/data/nama\"><label ref=\"jr:itext('n')\"/></input>"
	"<input ref=\"/data/umur\"><label>Umur <output value=\"/data/nama\"/>"
	"</label></input>"
	"<select1 ref=\"/data/setuju\"><label>Setuju?</label>"
	"<item><label>Ya</label><value>y</value></item>"
	"<item><label>Tidak</label><value>t</value></item></select1>"
	"<input ref=\"/data/sebab\"><label>Mengapa?</label></input>"
	"<group ref=\"/data/anak\"><label>Anak</label>"
	"<repeat nodeset=\"/data/anak\"><input ref=\"/data/anak/siapa\">"
	"<label>Nama anak</label></input></repeat></group>"
	"</h:body></h:html>";

struct client {
	struct form *form;
	struct session *session;
	struct report report;
	struct changes changes;
	struct arena arena;
	struct buf said;
};

static void client_open(struct client *c)
{
	struct form_options opt = { .name = "kunjungan.xml" };

	*c = (struct client){ .said = BUF_INIT(10000) };
	assert_int_equal(
		form_new(&c->form, str_from(visit_form), &opt, &c->report), 0);
	assert_int_equal(session_new(&c->session, c->form, NULL), 0);
}

static void client_close(struct client *c)
{
	changes_release(&c->changes);
	session_free(c->session);
	form_free(c->form);
	report_release(&c->report);
	arena_release(&c->arena);
	buf_release(&c->said);
}

/* "Setuju? 1 Ya 2 Tidak: Ya" */
static void say_question(struct client *c, struct ref r)
{
	const struct choice *choices;
	size_t n = 0;

	buf_addstr(&c->said, session_label(c->session, r));
	if (session_item(c->session, r)->kind == ITEM_SELECT1)
		assert_int_equal(
			session_choices(c->session, r, &c->arena, &choices, &n),
			0);
	for (size_t i = 0; i < n; i++)
		buf_addf(&c->said, " %zu %.*s", i + 1,
			 STR_ARG(choices[i].label));
	buf_addf(&c->said, ": %.*s\n",
		 STR_ARG(session_display(c->session, r, &c->arena)));
}

/* The whole form as it stands, one line a step. */
static const char *read_out(struct client *c)
{
	struct step *steps;
	size_t n;

	buf_reset(&c->said);
	assert_int_equal(session_walk(c->session, &c->arena, &steps, &n), 0);
	for (size_t i = 0; i < n; i++) {
		if (steps[i].kind == STEP_QUESTION)
			say_question(c, steps[i].ref);
		else if (steps[i].kind == STEP_PROMPT)
			buf_addf(&c->said, "(%zu) lagi?\n", steps[i].instance);
	}
	buf_u8(&c->said, 0);
	return (const char *)buf_str(&c->said).p;
}

static enum err say(struct client *c, const char *path, const char *text)
{
	struct ref r = session_find(c->session, str_from(path));

	return session_answer(c->session, r, str_from(text), &c->changes);
}

static void a_form_is_read_out_and_filled_in(void **state)
{
	struct client c;

	(void)state;
	client_open(&c);
	assert_string_equal(read_out(&c), "Nama kepala: \nUmur: \n"
					  "Setuju? 1 Ya 2 Tidak: \n(0) "
					  "lagi?\n");
	assert_int_equal(say(&c, "/data/nama", "Budi"), 0);
	assert_int_equal(say(&c, "/data/setuju", "t"), 0);
	assert_string_equal(read_out(&c), "Nama kepala: Budi\nUmur Budi: \n"
					  "Setuju? 1 Ya 2 Tidak: Tidak\n"
					  "Mengapa?: \n(0) lagi?\n");
	assert_int_equal(session_set_language(c.session, STR("en")), 0);
	assert_non_null(strstr(read_out(&c), "Name of the head: Budi"));
	client_close(&c);
}

static void what_is_refused_and_what_is_doubtful_is_told_apart(void **state)
{
	struct client c;
	struct ref r;

	(void)state;
	client_open(&c);
	r = session_find(c.session, STR("/data/umur"));
	assert_int_equal(say(&c, "/data/sebab", "x"), ERR_REFUSED);
	assert_int_equal(say(&c, "/data/setuju", "mungkin"), ERR_REFUSED);
	assert_false(session_castable(c.session, r, STR("tua")));
	assert_int_equal(say(&c, "/data/umur", "130"), ERR_CONSTRAINT);
	assert_true(str_is(session_value(c.session, r), "130"));
	assert_true(str_is(session_message(c.session, r), "Umur di bawah 120"));
	assert_int_equal(session_undo(c.session, &c.changes), 0);
	assert_true(str_is(session_value(c.session, r), ""));
	client_close(&c);
}

static void add_child(struct client *c, const char *name)
{
	struct ref holder;
	const struct item *repeat =
		session_find_repeat(c->session, STR("/data/anak"), &holder);
	bool fixed;
	size_t n;
	struct ref row;

	assert_non_null(repeat);
	assert_int_equal(
		session_add(c->session, repeat, holder, SIZE_MAX, &c->changes),
		0);
	n = session_count(c->session, repeat, holder, &fixed);
	row = session_repeat(c->session, repeat, holder, n);
	row = session_near(c->session, repeat->first, row);
	assert_int_equal(session_answer(c->session, row, str_from(name), NULL),
			 0);
}

static void a_draft_is_a_base_and_the_acts_after_it(void **state)
{
	struct client a, b;
	struct buf base = BUF_INIT(100000);

	(void)state;
	client_open(&a);
	client_open(&b);
	add_child(&a, "Ani");
	assert_int_equal(session_save_xml(a.session, &base), 0);
	assert_int_equal(say(&a, "/data/nama", "Siti"), 0);

	assert_int_equal(
		session_restore(b.session, buf_str(&base), false, &b.report),
		0);
	assert_int_equal(session_replay(b.session, a.changes.record), 0);
	assert_int_equal(session_resume(b.session), 0);
	assert_string_equal(read_out(&b), "Nama kepala: Siti\nUmur Siti: \n"
					  "Setuju? 1 Ya 2 Tidak: \n"
					  "Nama anak: Ani\n(1) lagi?\n");
	buf_release(&base);
	client_close(&a);
	client_close(&b);
}

static void what_is_missing_is_named_and_then_it_is_handed_in(void **state)
{
	struct submission sub = { 0 };
	struct violation *v;
	struct client c;
	size_t n;

	(void)state;
	client_open(&c);
	add_child(&c, "Ani");
	add_child(&c, "Edo");
	assert_int_equal(session_finalise(c.session, &sub, &c.report),
			 ERR_CONSTRAINT);
	assert_int_equal(session_validate(c.session, &c.arena, &v, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(v[0].verdict, MISSING);
	assert_true(str_is(session_path(c.session, v[0].ref, &c.arena),
			   "/data/nama"));
	assert_int_equal(say(&c, "/data/nama", "Budi"), 0);
	assert_int_equal(session_finalise(c.session, &sub, &c.report), 0);
	assert_true(str_is(sub.form_id, "kunjungan"));
	assert_int_not_equal(str_find(sub.xml, STR("<jumlah>2</jumlah>"), 0),
			     SIZE_MAX);
	assert_int_equal(str_find(sub.xml, STR("<sebab"), 0), SIZE_MAX);
	submission_release(&sub);
	client_close(&c);
}

static bool says(const struct report *rep, struct str what)
{
	for (size_t i = 0; i < rep->problems.n; i++)
		if (str_find(rep->problems.at[i].text, what, 0) != SIZE_MAX)
			return true;
	return false;
}

static void a_form_that_cannot_run_says_everything_at_once(void **state)
{
	static const char bad[] =
		"<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
		"xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><model>"
		"<instance><data id=\"x\"><a/><b/><c/></data></instance>"
		"<bind nodeset=\"/data/a\" calculate=\"/data/b + 1\"/>"
		"<bind nodeset=\"/data/b\" calculate=\"/data/a + 1\"/>"
		"<bind nodeset=\"/data/c\" relevant=\"foo(1)\" "
		"constraint=\"substr(.)\"/></model></h:head><h:body/></h:html>";
	struct report rep = { 0 };
	struct form *f;

	(void)state;
	assert_int_not_equal(form_new(&f, str_from(bad), NULL, &rep), 0);
	assert_null(f);
	assert_int_equal(rep.errors, 3);
	assert_true(says(&rep, STR("kolom 1: fungsi \"foo\"")));
	assert_true(says(&rep, STR("/data/a -> /data/b -> /data/a")));
	report_release(&rep);
}

static void an_expression_is_asked_of_what_was_answered(void **state)
{
	struct xpath_value v;
	struct client c;

	(void)state;
	client_open(&c);
	add_child(&c, "Ani");
	assert_int_equal(
		session_eval(c.session, STR("concat(/data/anak[1]/siapa, '!')"),
			     session_root(c.session), &c.arena, &v, &c.report),
		0);
	assert_true(str_is(xpath_string(&v, &c.arena), "Ani!"));
	client_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_read_out_and_filled_in),
		cmocka_unit_test(
			what_is_refused_and_what_is_doubtful_is_told_apart),
		cmocka_unit_test(a_draft_is_a_base_and_the_acts_after_it),
		cmocka_unit_test(
			what_is_missing_is_named_and_then_it_is_handed_in),
		cmocka_unit_test(
			a_form_that_cannot_run_says_everything_at_once),
		cmocka_unit_test(an_expression_is_asked_of_what_was_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
