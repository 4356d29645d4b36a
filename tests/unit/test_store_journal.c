/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/bare.h"
#include "../lib/expect.h"

/* Text that is half typed. */

static const char *typed(struct store *st, const char *key)
{
	static char text[20000];
	struct arena a = { 0 };
	struct str v;
	enum err rc = journal_get(st, str_from(key), &a, &v);

	snprintf(text, sizeof(text), "%.*s", STR_ARG(v));
	arena_release(&a);
	if (rc == ERR_NOTFOUND)
		return "(none)";
	ok(rc);
	return text;
}

static void half_typed_text_survives_reopening(void **state)
{
	struct store *st = bare_make();

	(void)state;
	assert_string_equal(typed(st, "d1"), "(none)");
	ok(journal_put(st, STR("d1"), STR("Si")));
	ok(journal_put(st, STR("d2"), STR("other")));
	ok(journal_put(st, STR("d1"), STR("Siti")));
	store_close(st);
	st = bare_again();
	assert_string_equal(typed(st, "d1"), "Siti");
	assert_string_equal(typed(st, "d2"), "other");
	ok(journal_del(st, STR("d1")));
	ok(journal_del(st, STR("d1")));
	assert_string_equal(typed(st, "d1"), "(none)");
	assert_string_equal(typed(st, "d2"), "other");
	store_close(st);
}

static void the_draft_not_typed_in_for_longest_gives_way(void **state)
{
	struct sys_fixed clock;
	struct store_open how = { .dir = bare_dir(), .sys = &clock.sys };
	struct store *st = NULL;
	char key[16];

	(void)state;
	bare_create();
	sys_fixed_init(&clock, 1000, 0, 0);
	ok(store_open(&st, &how, NULL));
	for (int i = 0; i <= JOURNAL_DRAFTS; i++) {
		clock.at += 1000;
		snprintf(key, sizeof(key), "d%d", i);
		ok(journal_put(st, str_from(key), str_from(key)));
	}
	assert_string_equal(typed(st, "d0"), "(none)");
	for (int i = 1; i <= JOURNAL_DRAFTS; i++) {
		snprintf(key, sizeof(key), "d%d", i);
		assert_string_equal(typed(st, key), key);
	}
	store_close(st);
}

static void a_long_text_is_kept_too(void **state)
{
	struct store *st = bare_make();
	char text[20000];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t n = 3500; n < sizeof(text); n += 333) {
		text[n] = '\0';
		ok(journal_put(st, STR("d"), str_of(text, n)));
		assert_string_equal(typed(st, "d"), text);
		text[n] = 'x';
	}
	ok(journal_put(st, STR("d"), STR("short")));
	assert_string_equal(typed(st, "d"), "short");
	ok(journal_del(st, STR("d")));
	assert_string_equal(typed(st, "d"), "(none)");
	store_close(st);
}

static void journal_bytes(const char *mode, char *bytes, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/journal", bare_dir());
	f = fopen(path, mode);
	assert_non_null(f);
	if (mode[0] == 'r' && mode[1] == 'b')
		assert_int_equal(fread(bytes, 1, n, f), n);
	else
		assert_int_equal(fwrite(bytes, 1, n, f), n);
	fclose(f);
}

static void a_torn_record_is_as_if_not_written(void **state)
{
	enum { SIZE = JOURNAL_DRAFTS * 8192 };
	char *before = malloc(SIZE), *after = malloc(SIZE),
	     *torn = malloc(SIZE);
	struct store *st = bare_make();

	(void)state;
	ok(journal_put(st, STR("d1"), STR("one")));
	ok(journal_put(st, STR("d1"), STR("two")));
	journal_bytes("rb", before, SIZE);
	ok(journal_put(st, STR("d1"), STR("three")));
	journal_bytes("rb", after, SIZE);
	for (size_t n = 0; n < SIZE; n++) {
		if (before[n] == after[n])
			continue;
		/* Only what lies before byte n has reached the disk. */
		memcpy(torn, after, n);
		memcpy(torn + n, before + n, SIZE - n);
		journal_bytes("r+", torn, SIZE);
		assert_string_equal(typed(st, "d1"), "two");
	}
	journal_bytes("r+", after, SIZE);
	assert_string_equal(typed(st, "d1"), "three");
	/* A flipped bit anywhere: one of the two, or nothing. */
	for (size_t n = 0; n < 8192; n++) {
		const char *t;

		after[n] ^= 0x10;
		journal_bytes("r+", after, SIZE);
		t = typed(st, "d1");
		assert_true(!strcmp(t, "two") || !strcmp(t, "three"));
		after[n] ^= 0x10;
	}
	free(before);
	free(after);
	free(torn);
	store_close(st);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, bare_setup, bare_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(half_typed_text_survives_reopening),
		test(the_draft_not_typed_in_for_longest_gives_way),
		test(a_long_text_is_kept_too),
		test(a_torn_record_is_as_if_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
