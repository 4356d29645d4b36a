/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/store.h"

static char folder[64], dir[80];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/pilar-store-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(dir, sizeof(dir), "%s/s", folder);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static struct store *make(void)
{
	const struct store_create how = { .dir = dir, .sys = sys_real() };
	const struct store_open open = { .dir = dir, .sys = sys_real() };
	struct report rep = { 0 };
	struct store *st = NULL;
	enum err rc = store_create(&how, &rep);

	if (rc)
		print_error("%d %s\n", rc, report_first(&rep, &rep.arena).p);
	assert_int_equal(rc, ERR_NONE);
	assert_int_equal(store_open(&st, &open, &rep), ERR_NONE);
	report_release(&rep);
	return st;
}

static void a_value_comes_back(void **state)
{
	struct store *st = make();
	struct txn *t = NULL;
	struct str v;

	(void)state;
	assert_int_equal(txn_begin(&t, st, STORE_MAIN, TXN_WRITE), ERR_NONE);
	assert_int_equal(txn_put(t, TABLE_META, STR("k"), STR("nilai")), 0);
	assert_int_equal(txn_commit(&t), ERR_NONE);
	assert_int_equal(txn_begin(&t, st, STORE_MAIN, TXN_READ), ERR_NONE);
	assert_int_equal(txn_get(t, TABLE_META, STR("k"), &v), ERR_NONE);
	assert_true(str_is(v, "nilai"));
	txn_abort(&t);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_value_comes_back, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
