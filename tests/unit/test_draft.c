/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/draft.h"

#include "../lib/expect.h"
#include "../lib/world.h"

static struct world w;

/* A visit being filled in, and its draft. */
struct filling {
	struct session *s;
	struct draft *d;
	struct str id;
	struct ref fixed;
};

static struct str a_house(void)
{
	return world_put_house(&w, "Siti", "1", "Palapa");
}

static struct filling begin(struct str house)
{
	struct cases_start how = { .form = STR("kunjung"),
				   .dataset = STR("rumah"),
				   .entity = house };
	struct filling f = { 0 };

	ok(cases_start(w.cases, &how, &f.s, &f.fixed, &w.report));
	ok(draft_new(&f.d, w.cases, f.s, how.dataset, house));
	f.id = arena_dup(&w.arena, draft_id(f.d));
	return f;
}

static enum err answer(struct filling *f, const char *path, const char *text)
{
	struct changes changes = { 0 };
	enum err rc;

	ok(session_answer(f->s, session_find(f->s, str_from(path)),
			  str_from(text), &changes));
	rc = draft_act(f->d, changes.record, str_from(path));
	changes_release(&changes);
	return rc;
}

static void leave(struct filling *f)
{
	draft_close(f->d);
	session_free(f->s);
}

static struct draft_open resume(struct str id)
{
	struct draft_open o;

	ok(draft_open(&o, w.cases, id, false, &w.arena, &w.report));
	return o;
}

static void done(struct draft_open *o)
{
	draft_close(o->draft);
	session_free(o->session);
}

static struct str value(struct session *s, const char *path)
{
	return session_value(s, session_find(s, str_from(path)));
}

static int number(struct str text)
{
	int64_t n = -1;

	assert_true(str_to_i64(text, &n));
	return (int)n;
}

static struct draft_row *rows(size_t *n)
{
	struct draft_row *all;

	ok(draft_list(w.cases, &w.arena, &all, n));
	return all;
}

static void a_draft_goes_on_where_it_was_left(void **state)
{
	struct str house = a_house();
	struct filling f = begin(house);
	struct draft_open o;
	struct str instance;

	(void)state;
	instance = arena_dup(&w.arena, value(f.s, "/data/meta/instanceID"));
	ok(answer(&f, "/data/kondisi", "ganti"));
	ok(answer(&f, "/data/nama", "Sutinah"));
	draft_cursor(f.d, STR("/data/catatan"));
	ok(draft_typing(f.d, STR("setengah ka"), false));
	leave(&f);
	o = resume(f.id);
	assert_text(o.cursor, "/data/catatan");
	assert_text(o.typed, "setengah ka");
	assert_text(o.dataset, "rumah");
	assert_text(session_value(o.session, o.fixed), house.p);
	assert_text(value(o.session, "/data/kondisi"), "ganti");
	assert_text(value(o.session, "/data/nama"), "Sutinah");
	assert_text(value(o.session, "/data/meta/instanceID"), instance.p);
	done(&o);
}

static void the_list_says_what_and_how_far(void **state)
{
	struct filling f = begin(a_house());
	struct draft_row *all;
	size_t n;

	(void)state;
	all = rows(&n);
	assert_int_equal(n, 1);
	assert_true(all[0].held);
	w.clock.at += 5000;
	ok(answer(&f, "/data/kondisi", "baik"));
	all = rows(&n);
	assert_int_equal(all[0].acts, 1);
	assert_int_equal(all[0].at, w.clock.at);
	assert_text(all[0].cursor, "/data/kondisi");
	leave(&f);
	all = rows(&n);
	assert_int_equal(n, 1);
	assert_false(all[0].held);
	assert_int_equal(all[0].answered, 2);
	assert_text(all[0].form_title, "Kunjung");
	assert_text(all[0].title, "Siti");
	assert_text(all[0].worker, "dewi");
	assert_text(all[0].id, f.id.p);
}

static void drafts_are_listed_newest_first(void **state)
{
	struct str house = a_house();
	struct filling f = begin(house), g;
	struct draft_row *all;
	size_t n;

	(void)state;
	w.clock.at += 1000;
	g = begin(house);
	w.clock.at += 1000;
	ok(answer(&f, "/data/kondisi", "baik"));
	all = rows(&n);
	assert_int_equal(n, 2);
	assert_text(all[0].id, f.id.p);
	leave(&f);
	leave(&g);
}

/* Rows go into the base after so many acts; both sides of the edge. */
static void many_acts_are_folded_into_the_base(void **state)
{
	static const int lengths[] = { 199, 200, 201, 450 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct filling f = begin(a_house());
		struct draft_row *all;
		struct draft_open o;
		char text[32];
		size_t n;

		for (int k = 0; k < lengths[i]; k++) {
			snprintf(text, sizeof(text), "catatan %d", k);
			ok(answer(&f, "/data/catatan", text));
		}
		leave(&f);
		o = resume(f.id);
		assert_text(value(o.session, "/data/catatan"), text);
		assert_text(o.cursor, "/data/catatan");
		all = rows(&n);
		assert_int_equal(all[0].acts, lengths[i]);
		done(&o);
		ok(draft_delete(w.cases, f.id));
	}
}

static void typing_reaches_the_disk_once_a_second(void **state)
{
	struct filling f = begin(a_house());
	struct draft_open o;

	(void)state;
	draft_cursor(f.d, STR("/data/catatan"));
	w.clock.at += 5000;
	ok(draft_typing(f.d, STR("a"), false)); /* at once: long ago */
	assert_int_equal(draft_due(f.d), -1);
	w.clock.at += 300;
	ok(draft_typing(f.d, STR("ab"), false));
	assert_int_equal(draft_due(f.d), 700);
	ok(draft_flush(f.d));
	assert_int_equal(draft_due(f.d), 700);
	w.clock.at += 700;
	assert_int_equal(draft_due(f.d), 0);
	ok(draft_flush(f.d));
	assert_int_equal(draft_due(f.d), -1);
	ok(draft_typing(f.d, STR("abc"), false));
	w.clock.at -= 60000; /* the clock is put back */
	assert_int_equal(draft_due(f.d), 0);
	ok(draft_typing(f.d, STR("abcd"), true));
	assert_int_equal(draft_due(f.d), -1);
	/* As after a kill: what was not closed is read by another. */
	ok(draft_open(&o, w.cases, f.id, true, &w.arena, &w.report));
	assert_text(o.typed, "abcd");
	done(&o);
	leave(&f);
}

static void an_answer_makes_what_was_typed_before_it_void(void **state)
{
	struct filling f = begin(a_house());
	struct draft_open o;

	(void)state;
	draft_cursor(f.d, STR("/data/kondisi"));
	ok(draft_typing(f.d, STR("ba"), true));
	ok(answer(&f, "/data/kondisi", "baik"));
	leave(&f);
	o = resume(f.id);
	assert_int_equal(o.typed.n, 0);
	done(&o);
}

static void a_draft_taken_over_cannot_be_written_by_its_old_holder(void **state)
{
	struct filling f = begin(a_house());
	struct draft_open o;

	(void)state;
	ok(draft_open(&o, w.cases, f.id, true, &w.arena, &w.report));
	assert_int_equal(answer(&f, "/data/kondisi", "lama"), ERR_LOCKED);
	draft_close(f.d); /* nor does it free what is not its own */
	assert_int_equal(rows(&(size_t){ 0 })[0].held, true);
	session_free(f.s);
	f.s = o.session;
	f.d = o.draft;
	ok(answer(&f, "/data/kondisi", "baru"));
	leave(&f);
	o = resume(f.id);
	assert_text(value(o.session, "/data/kondisi"), "baru");
	done(&o);
}

/* Runs `act` in a process of its own that is then killed or ends. */
static pid_t elsewhere(struct str id, int *ready, bool stay)
{
	int pipes[2];
	pid_t pid;
	char c = 'x';

	assert_int_equal(pipe(pipes), 0);
	world_close(&w);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct draft_open o;

		world_open(&w);
		o = resume(id);
		if (write(pipes[1], &c, 1) != 1)
			_exit(1);
		alarm(60); /* not longer than the test */
		while (stay)
			pause();
		_exit(o.draft ? 0 : 1);
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &c, 1), 1);
	close(pipes[0]);
	world_open(&w);
	*ready = 1;
	return pid;
}

static void a_living_holder_is_asked_and_a_dead_one_replaced(void **state)
{
	struct filling f = begin(a_house());
	struct draft_open o;
	int ready, status;
	pid_t pid;

	(void)state;
	leave(&f);
	pid = elsewhere(f.id, &ready, true);
	assert_int_equal(
		draft_open(&o, w.cases, f.id, false, &w.arena, &w.report),
		ERR_LOCKED);
	assert_int_equal(w.report.errors, 1);
	assert_int_equal(draft_delete(w.cases, f.id), ERR_LOCKED);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	o = resume(f.id);
	done(&o);
}

/* kill -9 between and in acts: what was acknowledged is there. */
static void no_acknowledged_act_is_lost_to_a_kill(void **state)
{
	struct str house = a_house();

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct filling f;
		struct draft_open o;
		int pipes[2], status, acked = -1, got;
		pid_t pid;

		assert_int_equal(pipe(pipes), 0);
		f = begin(house);
		leave(&f);
		world_close(&w);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			world_open(&w);
			o = resume(f.id);
			f.s = o.session;
			f.d = o.draft;
			for (int k = 0;; k++) {
				char text[16];

				snprintf(text, sizeof(text), "%d", k);
				if (answer(&f, "/data/catatan", text) ||
				    write(pipes[1], &k, sizeof(k)) !=
					    (ssize_t)sizeof(k))
					_exit(1);
			}
		}
		close(pipes[1]);
		/* After so many acknowledgements, wherever it is then. */
		while (acked < round * 19) {
			assert_int_equal(read(pipes[0], &acked, sizeof(acked)),
					 sizeof(acked));
		}
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		while (read(pipes[0], &acked, sizeof(acked)) ==
		       (ssize_t)sizeof(acked))
			;
		close(pipes[0]);
		world_open(&w);
		o = resume(f.id);
		got = number(value(o.session, "/data/catatan"));
		assert_true(got == acked || got == acked + 1);
		done(&o);
		ok(draft_delete(w.cases, f.id));
	}
}

static void a_submitted_draft_is_gone(void **state)
{
	struct filling f = begin(a_house());
	struct submission sub = { 0 };
	struct draft_open o;
	size_t n;

	(void)state;
	ok(answer(&f, "/data/kondisi", "baik"));
	ok(session_finalise(f.s, &sub, &w.report));
	ok(cases_submit(w.cases, &sub, f.id, &w.report));
	leave(&f);
	rows(&n);
	assert_int_equal(n, 0);
	assert_int_equal(
		draft_open(&o, w.cases, f.id, false, &w.arena, &w.report),
		ERR_NOTFOUND);
	submission_release(&sub);
}

static void a_draft_left_behind_by_a_crash_is_dropped(void **state)
{
	struct filling f = begin(a_house());
	struct submission sub = { 0 };
	struct draft_open o;
	size_t n;

	(void)state;
	ok(answer(&f, "/data/kondisi", "baik"));
	ok(session_finalise(f.s, &sub, &w.report));
	ok(cases_submit(w.cases, &sub, STR(""), &w.report)); /* not told */
	assert_int_equal(
		draft_open(&o, w.cases, f.id, true, &w.arena, &w.report),
		ERR_NOTFOUND);
	leave(&f);
	f = begin(a_house());
	submission_release(&sub);
	ok(answer(&f, "/data/kondisi", "baik"));
	ok(session_finalise(f.s, &sub, &w.report));
	ok(cases_submit(w.cases, &sub, STR(""), &w.report));
	leave(&f);
	rows(&n);
	assert_int_equal(n, 0);
	assert_int_equal(draft_delete(w.cases, f.id), ERR_NOTFOUND);
	submission_release(&sub);
}

static void a_draft_keeps_the_version_it_was_begun_with(void **state)
{
	struct filling f = begin(a_house());
	const struct form *form = session_form(f.s);
	struct str xml = form_xml(form), newer;
	size_t at = str_find(xml, STR("version=\"1\""), 0);
	struct draft_open o;

	(void)state;
	newer = arena_printf(&w.arena, "%.*sversion=\"2\"%.*s", (int)at, xml.p,
			     (int)(xml.n - at - 11), xml.p + at + 11);
	ok(answer(&f, "/data/kondisi", "baik"));
	leave(&f);
	ok(cases_form_add(w.cases, newer, "kunjung.xml", &w.report));
	ok(cases_form(w.cases, STR("kunjung"), STR(""), &form, &w.report));
	assert_text(form_version(form), "2");
	o = resume(f.id);
	assert_text(form_version(session_form(o.session)), "1");
	done(&o);
}

static void what_others_changed_meanwhile_is_told(void **state)
{
	struct str house = world_uuid(&w);
	struct submission s = world_house(&w, house, "Siti", "111", "Palapa");
	struct prop_change *c;
	struct draft_open o;
	struct filling f;
	size_t n;

	(void)state;
	world_submit(&w, &s);
	f = begin(house);
	ok(draft_changed(f.d, &w.arena, &c, &n));
	assert_int_equal(n, 0);
	s = world_visit(&w, house, "baik", NULL);
	world_submit(&w, &s);
	s = world_visit(&w, house, "lapuk", NULL);
	world_submit(&w, &s);
	leave(&f);
	o = resume(f.id); /* also after an interruption */
	ok(draft_changed(o.draft, &w.arena, &c, &n));
	assert_int_equal(n, 1);
	assert_text(c[0].property, "kondisi");
	assert_text(c[0].was, "");
	assert_text(c[0].value, "lapuk");
	assert_text(c[0].worker, "dewi");
	s = world_visit(&w, house, "", NULL);
	world_submit(&w, &s);
	ok(draft_changed(o.draft, &w.arena, &c, &n));
	assert_int_equal(n, 0); /* as it was */
	done(&o);
}

static void nonsense_is_no_draft(void **state)
{
	struct draft_open o;

	(void)state;
	assert_int_equal(
		draft_open(&o, w.cases, STR("x"), false, &w.arena, &w.report),
		ERR_NOTFOUND);
	assert_int_equal(draft_open(&o, w.cases, world_uuid(&w), false,
				    &w.arena, &w.report),
			 ERR_NOTFOUND);
	assert_int_equal(draft_delete(w.cases, STR("")), ERR_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_draft_goes_on_where_it_was_left, &w),
		world_test(the_list_says_what_and_how_far, &w),
		world_test(drafts_are_listed_newest_first, &w),
		world_test(many_acts_are_folded_into_the_base, &w),
		world_test(typing_reaches_the_disk_once_a_second, &w),
		world_test(an_answer_makes_what_was_typed_before_it_void, &w),
		world_test(
			a_draft_taken_over_cannot_be_written_by_its_old_holder,
			&w),
		world_test(a_living_holder_is_asked_and_a_dead_one_replaced,
			   &w),
		world_test(no_acknowledged_act_is_lost_to_a_kill, &w),
		world_test(a_submitted_draft_is_gone, &w),
		world_test(a_draft_left_behind_by_a_crash_is_dropped, &w),
		world_test(a_draft_keeps_the_version_it_was_begun_with, &w),
		world_test(what_others_changed_meanwhile_is_told, &w),
		world_test(nonsense_is_no_draft, &w),
	};

	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
