/* SPDX-License-Identifier: MIT */
#include <sched.h>
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

#include "../lib/bare.h"
#include "../lib/expect.h"

/* A store that several processes have open. */

/* Runs `child` in a process of its own; its result is the exit status. */
static pid_t spawn(int (*child)(void *arg), void *arg)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child(arg));
	return pid;
}

static int ended(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static enum err put_number(struct store *st, unsigned who, unsigned i)
{
	char key[32], value[1000];
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_WRITE);

	snprintf(key, sizeof(key), "%u-%06u", who, i);
	memset(value, 'v', sizeof(value));
	if (!rc)
		rc = txn_put(t, TABLE_META, str_from(key),
			     str_of(value, sizeof(value)));
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

struct growing {
	unsigned who, n;
};

static int grow(void *arg)
{
	const struct growing *g = arg;
	const struct store_open how = { .dir = bare_dir(),
					.sys = sys_real(),
					.map_start = (size_t)1 << 20,
					.wait_ms = 60000 };
	struct store *st = NULL;
	enum err rc = store_open(&st, &how, NULL);

	for (unsigned i = 0; !rc && i < g->n; i++)
		rc = put_number(st, g->who, i);
	store_close(st);
	return rc ? 1 : 0;
}

static void two_processes_outgrow_a_small_map(void **state)
{
	struct growing a = { 1, 1500 }, b = { 2, 1500 };
	struct store *st;
	struct txn *t;
	pid_t pa, pb;

	(void)state;
	bare_create();
	pa = spawn(grow, &a);
	pb = spawn(grow, &b);
	assert_int_equal(ended(pa), 0);
	assert_int_equal(ended(pb), 0);
	st = bare_open((struct store_open){ .map_start = 1 << 20 });
	t = bare_begin(st, TXN_READ);
	assert_int_equal(txn_count(t, TABLE_META), 3000);
	txn_abort(&t);
	assert_true(store_file_size(st) > (size_t)2 << 20);
	store_close(st);
}

static void one_transaction_outgrows_a_small_map(void **state)
{
	struct store *st;
	struct txn *t;
	char *big = calloc(1, 400000);

	(void)state;
	bare_create();
	st = bare_open((struct store_open){ .map_start = 1 << 20 });
	/* The room before a write is half the map, or what is there again. */
	for (int i = 0; i < 12; i++) {
		char key = (char)('a' + i);

		t = bare_begin(st, TXN_WRITE);
		ok(txn_put(t, TABLE_MEDIA, str_of(&key, 1),
			   str_of(big, 400000)));
		ok(txn_commit(&t));
	}
	t = bare_begin(st, TXN_WRITE); /* everything anew */
	for (int i = 0; i < 12; i++) {
		char key = (char)('a' + i);

		ok(txn_put(t, TABLE_MEDIA, str_of(&key, 1),
			   str_of(big, 400000)));
	}
	ok(txn_commit(&t));
	free(big);
	store_close(st);
}

static void who_writes_is_told_that_another_waits(void **state)
{
	struct growing one = { 1, 1 };
	struct store *st;
	struct txn *t;
	pid_t pid;

	(void)state;
	bare_create();
	st = bare_again();
	t = bare_begin(st, TXN_WRITE);
	assert_false(txn_awaited(t));
	pid = spawn(grow, &one);
	while (!txn_awaited(t))
		sched_yield();
	txn_abort(&t);
	assert_int_equal(ended(pid), 0);
	t = bare_begin(st, TXN_WRITE);
	assert_false(txn_awaited(t));
	txn_abort(&t);
	store_close(st);
}

/*
 * Another process with the store in some state: it says when it is there and
 * stays until it is told to go, or killed.
 */
struct other {
	pid_t pid;
	int said[2], told[2];
};

/* In the other process. */
static bool stay(const struct other *o)
{
	char c = 'x';

	close(o->told[1]);
	return write(o->said[1], &c, 1) == 1 && read(o->told[0], &c, 1) == 0;
}

static void other_begin(struct other *o, int (*be)(void *arg))
{
	char c;

	ok(pipe(o->said));
	ok(pipe(o->told));
	o->pid = spawn(be, o);
	assert_int_equal(read(o->said[0], &c, 1), 1);
	close(o->told[0]);
}

static void other_end(struct other *o)
{
	close(o->told[1]);
	assert_int_equal(ended(o->pid), 0);
	close(o->said[0]);
	close(o->said[1]);
}

static void other_kill(struct other *o)
{
	kill(o->pid, SIGKILL);
	assert_int_equal(ended(o->pid), -SIGKILL);
	close(o->told[1]);
	close(o->said[0]);
	close(o->said[1]);
}

static int look_on(void *arg)
{
	struct store *st = bare_again();
	bool stayed = stay(arg);

	store_close(st);
	return !stayed;
}

static void who_writes_is_told_who_else_may_want_to(void **state)
{
	struct other o;
	struct store *st;
	struct txn *t;

	(void)state;
	bare_create();
	other_begin(&o, look_on);
	st = bare_again();
	t = bare_begin(st, TXN_WRITE);
	assert_true(txn_in_company(t));
	other_end(&o);
	assert_false(txn_in_company(t));
	txn_abort(&t);
	store_close(st);
}

static int hold_the_lock(void *arg)
{
	struct store *st = bare_again();
	struct txn *t = bare_begin(st, TXN_WRITE);
	bool stayed = stay(arg);

	txn_abort(&t);
	store_close(st);
	return !stayed;
}

static void a_writer_that_stays_is_named(void **state)
{
	struct store_holder who = { 0 };
	struct other o;
	struct store *st;
	struct txn *t = NULL;

	(void)state;
	bare_create();
	other_begin(&o, hold_the_lock);
	st = bare_open((struct store_open){ .wait_ms = 1 });
	assert_int_equal(txn_begin(&t, st, STORE_MAIN, TXN_WRITE), ERR_BUSY);
	assert_null(t);
	assert_true(store_holder(st, STORE_MAIN, &who));
	assert_int_equal(who.pid, o.pid);
	/* The drafts have a lock of their own; reading needs none. */
	ok(txn_begin(&t, st, STORE_DRAFTS, TXN_WRITE));
	txn_abort(&t);
	t = bare_begin(st, TXN_READ);
	txn_abort(&t);
	/* Killed, it holds nothing any more. */
	other_kill(&o);
	bare_put(st, "k", "v");
	store_close(st);
}

static int read_on(void *arg)
{
	struct store *st = bare_again();
	struct txn *t = bare_begin(st, TXN_READ);
	bool stayed = stay(arg);

	txn_abort(&t);
	store_close(st);
	return !stayed;
}

/* LMDB keeps every page a reader may still see. */
static void a_killed_reader_does_not_hold_pages(void **state)
{
	char value[2000] = { 0 };
	struct sys_fixed clock;
	const struct store_open how = { .dir = bare_dir(), .sys = &clock.sys };
	struct store *st = NULL;
	size_t size;

	(void)state;
	bare_create();
	sys_fixed_init(&clock, 1000, 0, 0);
	ok(store_open(&st, &how, NULL));
	for (int i = 0; i < 20; i++) {
		struct other o;

		other_begin(&o, read_on);
		other_kill(&o);
		bare_put(st, "k", "v");
	}
	clock.at += 61000; /* writers look by the minute */
	size = store_file_size(st);
	for (int i = 0; i < 200; i++) {
		struct txn *t = bare_begin(st, TXN_WRITE);

		ok(txn_put(t, TABLE_META, STR("k"),
			   str_of(value, sizeof(value))));
		ok(txn_commit(&t));
	}
	assert_true(store_file_size(st) < size + 100000);
	store_close(st);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, bare_setup, bare_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(two_processes_outgrow_a_small_map),
		test(one_transaction_outgrows_a_small_map),
		test(who_writes_is_told_that_another_waits),
		test(who_writes_is_told_who_else_may_want_to),
		test(a_writer_that_stays_is_named),
		test(a_killed_reader_does_not_hold_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
