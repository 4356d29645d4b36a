/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/when.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/* Another process that begins to write and stays. */
static struct world w;

static void reopen(unsigned wait_ms)
{
	struct store_open how = { .dir = w.dir,
				  .sys = &w.clock.sys,
				  .wait_ms = wait_ms };

	ok(store_open(&w.store, &how, &w.report));
	ok(cases_open(&w.cases, w.store, &w.clock.sys, STR(""), &w.report));
}

static pid_t hold(enum store_env env)
{
	struct txn *t = NULL;
	int fd[2];
	char c = 'x';
	pid_t pid;

	ok(pipe(fd));
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		reopen(0);
		if (txn_begin(&t, w.store, env, TXN_WRITE) ||
		    write(fd[1], &c, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(fd[0], &c, 1), 1);
	close(fd[0]);
	close(fd[1]);
	return pid;
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static int setup(void **state)
{
	(void)state;
	world_make(&w);
	world_close(&w); /* no store goes through a fork */
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_remove(&w);
	return 0;
}

static const char *wanted(pid_t pid)
{
	struct when at;

	when_local(&w.clock.sys, sys_now(&w.clock.sys), &at);
	return arena_printf(&w.arena,
			    "proses %lld menulis sejak %02d:%02d:%02d, "
			    "coba lagi",
			    (long long)pid, at.hour, at.minute, at.second)
		.p;
}

static void a_save_that_waits_in_vain_says_for_whom(void **state)
{
	struct submission s;
	pid_t pid = hold(STORE_MAIN);
	const char *want = wanted(pid);

	(void)state;
	reopen(1);
	s = world_house(&w, world_uuid(&w), "Siti", "1", "Palapa");
	assert_int_equal(cases_submit(w.cases, &s, STR(""), &w.report),
			 ERR_BUSY);
	assert_string_equal(
		arena_cstr(&w.arena, report_first(&w.report, &w.arena)), want);
	end(pid);
	ok(cases_submit(w.cases, &s, STR(""), &w.report));
}

static void drafts_have_a_holder_of_their_own(void **state)
{
	pid_t pid = hold(STORE_DRAFTS);
	struct str said;

	(void)state;
	reopen(1);
	said = cases_busy(w.cases, STORE_DRAFTS, &w.arena);
	assert_string_equal(arena_cstr(&w.arena, said), wanted(pid));
	end(pid);
}

static void one_that_stopped_yesterday_is_told_with_its_day(void **state)
{
	pid_t pid = hold(STORE_MAIN);
	struct when at;
	struct str said, want;

	(void)state;
	reopen(1);
	when_local(&w.clock.sys, sys_now(&w.clock.sys), &at);
	w.clock.at += INT64_C(86400000);
	said = cases_busy(w.cases, STORE_MAIN, &w.arena);
	want = arena_printf(&w.arena,
			    "proses %lld menulis sejak %02d-%02d-%04d, "
			    "coba lagi",
			    (long long)pid, at.day, at.month, at.year);
	assert_true(str_eq(said, want));
	end(pid);
}

static void an_unsigned_lock_is_still_told(void **state)
{
	(void)state;
	reopen(1);
	/* what signed last is overwritten as on a full disk */
	assert_int_equal(
		truncate(arena_printf(&w.arena, "%s/lock", w.dir).p, 0), 0);
	assert_string_equal(cases_busy(w.cases, STORE_MAIN, &w.arena).p,
			    "proses lain sedang menulis, coba lagi");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_save_that_waits_in_vain_says_for_whom, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			drafts_have_a_holder_of_their_own, setup, teardown),
		cmocka_unit_test_setup_teardown(
			one_that_stopped_yesterday_is_told_with_its_day, setup,
			teardown),
		cmocka_unit_test_setup_teardown(an_unsigned_lock_is_still_told,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
