/* SPDX-License-Identifier: MIT */
#include "bare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expect.h"

static char folder[64], dir[80];

int bare_setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/pilar-store-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(dir, sizeof(dir), "%s/s", folder);
	return 0;
}

int bare_teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

const char *bare_folder(void)
{
	return folder;
}

const char *bare_dir(void)
{
	return dir;
}

void bare_shell(const char *commands)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && (%s)", folder, commands);
	ok(system(line));
}

void bare_create(void)
{
	const struct store_create how = { .dir = dir, .sys = sys_real() };

	ok(store_create(&how, NULL));
}

struct store *bare_open(struct store_open how)
{
	struct store *st = NULL;
	struct report rep = { 0 };
	enum err rc;

	how.dir = dir;
	how.sys = sys_real();
	rc = store_open(&st, &how, &rep);
	if (rc)
		print_message("%s\n", report_first(&rep, &rep.arena).p);
	report_release(&rep);
	ok(rc);
	return st;
}

struct store *bare_again(void)
{
	return bare_open((struct store_open){ 0 });
}

struct store *bare_make(void)
{
	bare_create();
	return bare_again();
}

struct txn *bare_begin(struct store *st, enum txn_mode mode)
{
	struct txn *t = NULL;

	ok(txn_begin(&t, st, STORE_MAIN, mode));
	return t;
}

void bare_put(struct store *st, const char *key, const char *value)
{
	struct txn *t = bare_begin(st, TXN_WRITE);

	ok(txn_put(t, TABLE_META, str_from(key), str_from(value)));
	ok(txn_commit(&t));
}

void bare_is(struct store *st, const char *key, const char *value)
{
	struct txn *t = bare_begin(st, TXN_READ);
	struct str v;

	ok(txn_get(t, TABLE_META, str_from(key), &v));
	assert_int_equal(v.n, strlen(value));
	assert_memory_equal(v.p, value, v.n);
	txn_abort(&t);
}

bool bare_has(struct store *st, const char *key)
{
	struct txn *t = bare_begin(st, TXN_READ);
	bool there = txn_has(t, TABLE_META, str_from(key));

	txn_abort(&t);
	return there;
}
