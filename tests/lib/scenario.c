/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct line {
	struct scenario *s;
	struct str all, rest;
};

static void wrong(const struct line *l, struct str got)
{
	print_error("%.*s\n  but: %.*s\n", STR_ARG(l->all), STR_ARG(got));
	fail();
}

static void expect(const struct line *l, bool holds, const char *got)
{
	if (!holds)
		wrong(l, str_from(got));
}

static void expect_text(const struct line *l, struct str want, struct str got)
{
	if (!str_eq(want, got))
		wrong(l, got);
}

static struct str word(struct line *l)
{
	struct str w = { NULL, 0 };

	(void)!str_word(&l->rest, &w);
	return w;
}

static struct str rest(struct line *l)
{
	return str_trim(l->rest);
}

static struct ref place(struct line *l)
{
	struct ref r = session_find(l->s->session, word(l));

	expect(l, r.node != NULL, "no such node");
	return r;
}

static const char *outcome(enum err rc)
{
	return rc ? err_str(rc) : "done";
}

static void do_set(struct line *l)
{
	struct ref r = place(l);
	enum err rc = session_answer(l->s->session, r, rest(l), &l->s->changes);

	expect(l, rc == ERR_NONE, outcome(rc));
}

static void do_refuse(struct line *l)
{
	struct ref r = place(l);
	enum err rc = session_answer(l->s->session, r, word(l), &l->s->changes);

	expect(l, rc == ERR_CONSTRAINT, outcome(rc));
	expect_text(l, rest(l), session_message(l->s->session, r));
}

static void do_no(struct line *l)
{
	struct ref r = place(l);
	struct str before =
		arena_dup(&l->s->arena, session_value(l->s->session, r));
	enum err rc = session_answer(l->s->session, r, rest(l), &l->s->changes);

	expect(l, rc == ERR_REFUSED, outcome(rc));
	expect_text(l, before, session_value(l->s->session, r));
}

static void do_is(struct line *l)
{
	struct ref r = place(l);

	expect_text(l, rest(l), session_value(l->s->session, r));
}

static void do_shown(struct line *l)
{
	struct ref r = place(l);

	expect(l, session_relevant(l->s->session, r), "hidden");
}

static void do_hidden(struct line *l)
{
	struct ref r = place(l);

	expect(l, !session_relevant(l->s->session, r), "shown");
}

static void do_label(struct line *l)
{
	struct ref r = place(l);

	expect_text(l, rest(l), session_label(l->s->session, r));
}

static const struct item *repeat(struct line *l, struct ref *holder)
{
	const struct item *i =
		session_find_repeat(l->s->session, word(l), holder);

	expect(l, i != NULL, "not a repeat");
	return i;
}

static void do_add(struct line *l)
{
	struct ref holder;
	const struct item *i = repeat(l, &holder);
	enum err rc =
		session_add(l->s->session, i, holder, SIZE_MAX, &l->s->changes);

	expect(l, rc == ERR_NONE, outcome(rc));
}

static void do_remove(struct line *l)
{
	struct ref r = place(l);
	enum err rc = session_remove(l->s->session, r, &l->s->changes);

	expect(l, rc == ERR_NONE, outcome(rc));
}

static void do_count(struct line *l)
{
	struct ref holder;
	const struct item *i = repeat(l, &holder);
	size_t n = session_count(l->s->session, i, holder, NULL);

	expect_text(l, rest(l), arena_printf(&l->s->arena, "%zu", n));
}

static void do_offers(struct line *l)
{
	struct ref r = place(l);
	struct buf got = BUF_INIT(10000);
	const struct choice *c;
	size_t n;

	expect(l, !session_choices(l->s->session, r, &l->s->arena, &c, &n),
	       "no choices");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(&got, ' ');
		buf_addstr(&got, c[i].value);
	}
	expect_text(l, rest(l), buf_str(&got));
	buf_release(&got);
}

/* "nama", "anggota[2]", "prompt": enough to tell steps apart. */
static void step_name(struct scenario *s, const struct step *step,
		      struct buf *b)
{
	struct str path = session_path(s->session, step->ref, &s->arena);
	size_t slash = path.n;

	while (slash > 0 && path.p[slash - 1] != '/')
		slash--;
	if (b->n)
		buf_addc(b, ' ');
	if (step->kind == STEP_PROMPT)
		buf_adds(b, "prompt");
	else if (!step->ref.node)
		buf_adds(b, "-");
	else
		buf_addstr(b, str_sub(path, slash, path.n));
}

static void do_walk(struct line *l)
{
	struct buf got = BUF_INIT(10000);
	struct step *steps;
	size_t n;

	expect(l, !session_walk(l->s->session, &l->s->arena, &steps, &n),
	       "no walk");
	for (size_t i = 0; i < n; i++)
		step_name(l->s, &steps[i], &got);
	expect_text(l, rest(l), buf_str(&got));
	buf_release(&got);
}

static void do_wrong(struct line *l)
{
	struct buf got = BUF_INIT(10000);
	struct violation *v;
	size_t n;

	expect(l, !session_validate(l->s->session, &l->s->arena, &v, &n),
	       "no verdict");
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(&got, ' ');
		buf_addstr(&got,
			   session_path(l->s->session, v[i].ref, &l->s->arena));
	}
	expect_text(l, rest(l), buf_str(&got));
	buf_release(&got);
}

static void do_undo(struct line *l)
{
	enum err rc = session_undo(l->s->session, &l->s->changes);

	expect(l, rc == ERR_NONE, outcome(rc));
}

static void do_redo(struct line *l)
{
	enum err rc = session_redo(l->s->session, &l->s->changes);

	expect(l, rc == ERR_NONE, outcome(rc));
}

static void do_lang(struct line *l)
{
	enum err rc = session_set_language(l->s->session, rest(l));

	expect(l, rc == ERR_NONE, outcome(rc));
}

static const struct {
	const char *name;
	void (*run)(struct line *l);
} verbs[] = {
	{ "set", do_set },     { "refuse", do_refuse }, { "no", do_no },
	{ "is", do_is },       { "shown", do_shown },   { "hidden", do_hidden },
	{ "label", do_label }, { "add", do_add },       { "remove", do_remove },
	{ "count", do_count }, { "offers", do_offers }, { "walk", do_walk },
	{ "wrong", do_wrong }, { "undo", do_undo },     { "redo", do_redo },
	{ "lang", do_lang },
};

static void play(struct line *l)
{
	struct str verb = word(l);

	if (!verb.n)
		return;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_is(verb, verbs[i].name)) {
			verbs[i].run(l);
			return;
		}
	wrong(l, STR("no such verb"));
}

void scenario_play(struct scenario *s, const char *lines)
{
	struct str all = str_from(lines), one;

	while (str_split(&all, '\n', &one)) {
		struct line l = { s, str_trim(one), one };

		play(&l);
	}
}

enum err scenario_load(struct scenario *s, const char *xml)
{
	struct form_options opt = { .lists = s->lists, .name = "uji.xml" };

	return form_new(&s->form, str_from(xml), &opt, &s->report);
}

void scenario_open(struct scenario *s, const char *xml)
{
	struct session_options opt = { .sys = &s->clock.sys,
				       .report = &s->report };
	enum err rc;

	sys_fixed_init(&s->clock, INT64_C(1767297845678), 7 * 60, 1);
	rc = scenario_load(s, xml);
	if (!rc)
		rc = session_new(&s->session, s->form, &opt);
	vec_each (p, &s->report.problems)
		if (rc)
			print_error("%.*s: %.*s\n", STR_ARG(p->place),
				    STR_ARG(p->text));
	assert_int_equal(rc, ERR_NONE);
}

void scenario_close(struct scenario *s)
{
	session_free(s->session);
	form_free(s->form);
	changes_release(&s->changes);
	report_release(&s->report);
	arena_release(&s->arena);
}

void scenario(const char *xml, const char *lines)
{
	struct scenario s = { 0 };

	scenario_open(&s, xml);
	scenario_play(&s, lines);
	scenario_close(&s);
}
