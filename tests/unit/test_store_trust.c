/* SPDX-License-Identifier: MIT */
/* A large store is not looked at again when nobody has touched it since. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/store/trust.h"
#include "../lib/bare.h"
#include "../lib/expect.h"

#define MIB  ((size_t)1 << 20)
#define PAGE 4096

static char data[96];
static struct sys_fixed clock_at;

static struct store *opened(void)
{
	struct store_open how = { .dir = bare_dir(), .sys = &clock_at.sys };
	struct report rep = { 0 };
	struct store *st = NULL;

	ok(store_open(&st, &how, &rep));
	report_release(&rep);
	return st;
}

static int setup(void **state)
{
	struct store_create how = { .sys = &clock_at.sys };
	struct report rep = { 0 };
	char *big = calloc(1, MIB);
	struct store *st;
	struct txn *t;

	bare_setup(state);
	sys_fixed_init(&clock_at, INT64_C(1790000000000), 420, 1);
	assert_non_null(big);
	how.dir = bare_dir();
	snprintf(data, sizeof(data), "%s/data.mdb", how.dir);
	ok(store_create(&how, &rep));
	st = opened();
	ok(txn_begin(&t, st, STORE_MAIN, TXN_WRITE));
	for (int i = 0; i < 40; i++) {
		char key = (char)('A' + i);

		ok(txn_put(t, TABLE_EVENT, str_of(&key, 1), str_of(big, MIB)));
	}
	ok(txn_commit(&t));
	store_close(st);
	free(big);
	report_release(&rep);
	return 0;
}

static bool known(int64_t later)
{
	int64_t looked;
	int fd = -1;
	bool is;

	ok(lock_open(&fd, bare_dir()));
	is = trust_known(fd, LOCK_MAIN, data, clock_at.at + later, &looked);
	close(fd);
	return is;
}

static void closed_in_order_it_is_known_for_a_week(void **state)
{
	(void)state;
	assert_true(known(0));
	assert_true(known(TRUST_MS));
	assert_false(known(TRUST_MS + 1));
	assert_false(known(-1));
	store_close(opened());
	assert_true(known(0));
}

static void while_one_who_looked_has_it_open_it_is_known(void **state)
{
	struct store *st = opened();
	struct txn *t;

	(void)state;
	ok(txn_begin(&t, st, STORE_MAIN, TXN_WRITE));
	ok(txn_put(t, TABLE_OUTBOX, STR("x"), STR("y")));
	ok(txn_commit(&t));
	assert_true(known(0));
	store_close(st);
	assert_true(known(0));
}

static void after_a_kill_it_is_looked_at(void **state)
{
	pid_t pid = fork();
	struct txn *t;
	int status;

	(void)state;
	if (!pid) {
		struct store *st = opened();

		ok(txn_begin(&t, st, STORE_MAIN, TXN_WRITE));
		ok(txn_put(t, TABLE_OUTBOX, STR("x"), STR("z")));
		ok(txn_commit(&t));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(known(0));
	store_close(opened());
	assert_true(known(0));
}

static void count_up(void *arg, size_t done, size_t total)
{
	size_t *last = arg;

	assert_true(done > *last && done <= total);
	*last = done;
}

static void looking_at_it_tells_how_far_it_is(void **state)
{
	size_t last = 0;
	struct store_open how = { .dir = bare_dir(),
				  .sys = &clock_at.sys,
				  .progress = count_up,
				  .progress_arg = &last };
	struct store *st = NULL;

	(void)state;
	ok(store_open(&st, &how, NULL));
	store_close(st);
	assert_int_equal(last, 0); /* it is known */
	clock_at.at += TRUST_MS + 1;
	ok(store_open(&st, &how, NULL));
	store_close(st);
	assert_true(last > 0);
}

/* The number of a page in use, in the middle of the file. */
static void what_others_touched_is_looked_at(void **state)
{
	struct store_open how = { .dir = bare_dir(), .sys = &clock_at.sys };
	struct report rep = { 0 };
	struct store *st = NULL;
	FILE *f = fopen(data, "r+b");

	(void)state;
	assert_non_null(f);
	for (long page = 2; page < 12; page++) {
		ok(fseek(f, page * PAGE, SEEK_SET) != 0);
		assert_int_equal(fwrite("\xff\xff", 1, 2, f), 2);
	}
	fclose(f);
	assert_false(known(0));
	assert_int_equal(store_open(&st, &how, &rep), ERR_CORRUPT);
	store_close(st);
	report_release(&rep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_in_order_it_is_known_for_a_week),
		cmocka_unit_test(while_one_who_looked_has_it_open_it_is_known),
		cmocka_unit_test(after_a_kill_it_is_looked_at),
		cmocka_unit_test(looking_at_it_tells_how_far_it_is),
		cmocka_unit_test(what_others_touched_is_looked_at),
	};

	return cmocka_run_group_tests_name("store trust", tests, setup,
					   bare_teardown);
}
