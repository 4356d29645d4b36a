/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <lmdb.h>

#include "pilar/file.h"

#include "../lib/bare.h"
#include "../lib/expect.h"

/* ---- values */

static void a_value_comes_back_after_reopening(void **state)
{
	struct store *st = bare_make();

	(void)state;
	bare_put(st, "k", "nilai");
	bare_put(st, "empty", "");
	store_close(st);
	st = bare_again();
	bare_is(st, "k", "nilai");
	bare_is(st, "empty", "");
	store_close(st);
}

static void an_aborted_write_leaves_nothing(void **state)
{
	struct store *st = bare_make();
	struct txn *t;

	(void)state;
	bare_put(st, "k", "old");
	t = bare_begin(st, TXN_WRITE);
	ok(txn_put(t, TABLE_META, STR("k"), STR("new")));
	ok(txn_put(t, TABLE_META, STR("other"), STR("x")));
	txn_abort(&t);
	assert_null(t);
	bare_is(st, "k", "old");
	assert_false(bare_has(st, "other"));
	store_close(st);
}

static void keys_and_values_have_limits(void **state)
{
	struct store *st = bare_make();
	struct txn *t = bare_begin(st, TXN_WRITE);
	char key[STORE_KEY_MAX + 1];
	char *big = calloc(1, STORE_VALUE_MAX + 1);
	struct str v;

	(void)state;
	memset(key, 'k', sizeof(key));
	ok(txn_put(t, TABLE_META, str_of(key, STORE_KEY_MAX), STR("v")));
	ok(txn_put(t, TABLE_MEDIA, STR("b"), str_of(big, STORE_VALUE_MAX)));
	ok(txn_get(t, TABLE_MEDIA, STR("b"), &v));
	assert_int_equal(v.n, STORE_VALUE_MAX);
	assert_int_equal(
		txn_put(t, TABLE_META, str_of(key, STORE_KEY_MAX + 1), STR("")),
		ERR_TOOBIG);
	txn_abort(&t);
	t = bare_begin(st, TXN_WRITE);
	assert_int_equal(txn_put(t, TABLE_MEDIA, STR("b"),
				 str_of(big, STORE_VALUE_MAX + 1)),
			 ERR_TOOBIG);
	/* What failed on the way cannot be committed. */
	assert_int_equal(txn_commit(&t), ERR_TOOBIG);
	free(big);
	store_close(st);
}

static void a_reader_sees_one_state(void **state)
{
	struct store *st = bare_make();
	struct txn *r;
	struct str v;
	uint64_t before;

	(void)state;
	bare_put(st, "k", "one");
	r = bare_begin(st, TXN_READ);
	before = store_last_txn(st, STORE_MAIN);
	assert_int_equal(txn_id(r), before);
	bare_put(st, "k", "two");
	assert_true(store_last_txn(st, STORE_MAIN) > before);
	ok(txn_get(r, TABLE_META, STR("k"), &v));
	assert_true(str_is(v, "one"));
	txn_abort(&r);
	bare_is(st, "k", "two");
	store_close(st);
}

static void the_values_are_not_in_the_file(void **state)
{
	struct buf file = BUF_INIT(1 << 24);
	struct store *st = bare_make();
	char path[128];

	(void)state;
	bare_put(st, "k", "Siti Aminah 1871010203040003");
	store_close(st);
	snprintf(path, sizeof(path), "%s/data.mdb", bare_dir());
	ok(file_read(path, &file));
	assert_int_equal(str_find(buf_str(&file), STR("Aminah"), 0), SIZE_MAX);
	assert_int_equal(str_find(buf_str(&file), STR("18710102"), 0),
			 SIZE_MAX);
	buf_release(&file);
}

/* ---- cursors */

static struct txn *with_keys(struct store *st, const char *const *keys)
{
	struct txn *t = bare_begin(st, TXN_WRITE);

	for (; *keys; keys++)
		ok(txn_put(t, TABLE_META, str_from(*keys), str_from(*keys)));
	return t;
}

/* The keys a cursor meets, each followed by a blank. */
static const char *walk(struct txn *t, const char *prefix, const char *from,
			bool back)
{
	static char met[512];
	struct cur c;
	struct str v;
	size_t n = 0;
	enum err rc;

	met[0] = '\0';
	ok(cur_begin(&c, t, TABLE_META, str_from(prefix), str_from(from),
		     back));
	while ((rc = cur_next(&c)) == ERR_NONE) {
		ok(cur_value(&c, &v));
		assert_true(str_eq(v, c.key));
		n += (size_t)snprintf(met + n, sizeof(met) - n, "%.*s ",
				      STR_ARG(c.key));
	}
	assert_int_equal(rc, ERR_NOTFOUND);
	assert_int_equal(cur_next(&c), ERR_NOTFOUND);
	cur_end(&c);
	return met;
}

static const char *const letters[] = { "a",  "b1", "b2",       "b3",
				       "ba", "c",  "\xff\xff", NULL };

static void a_cursor_walks_both_ways_within_a_prefix(void **state)
{
	static const struct {
		const char *prefix, *from;
		bool back;
		const char *met;
	} rows[] = {
		{ "", "", false, "a b1 b2 b3 ba c \xff\xff " },
		{ "", "", true, "\xff\xff c ba b3 b2 b1 a " },
		{ "b", "", false, "b1 b2 b3 ba " },
		{ "b", "", true, "ba b3 b2 b1 " },
		{ "b", "b2", false, "b2 b3 ba " },
		{ "b", "b2", true, "b2 b1 " },
		{ "b", "b25", false, "b3 ba " },
		{ "b", "b25", true, "b2 b1 " },
		{ "b", "a", false, "b1 b2 b3 ba " }, /* never outside */
		{ "b", "a", true, "" },
		{ "b", "zz", true, "ba b3 b2 b1 " },
		{ "b", "zz", false, "" },
		{ "x", "", false, "" },
		{ "x", "", true, "" },
		{ "\xff", "", true, "\xff\xff " },
	};
	struct store *st = bare_make();
	struct txn *t = with_keys(st, letters);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(
			walk(t, rows[i].prefix, rows[i].from, rows[i].back),
			rows[i].met);
	ok(txn_commit(&t));
	t = bare_begin(st, TXN_READ);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(
			walk(t, rows[i].prefix, rows[i].from, rows[i].back),
			rows[i].met);
	txn_abort(&t);
	store_close(st);
}

static void a_cursor_survives_deleting_what_it_stands_on(void **state)
{
	struct store *st = bare_make();

	(void)state;
	for (int back = 0; back < 2; back++) {
		struct txn *t = with_keys(st, letters);
		struct cur c;
		size_t n = 0;

		ok(cur_begin(&c, t, TABLE_META, STR("b"), STR(""), back));
		while (cur_next(&c) == ERR_NONE) {
			ok(txn_del(t, TABLE_META, c.key));
			ok(txn_put(t, TABLE_META, STR("a0"), STR("a0")));
			n++;
		}
		cur_end(&c);
		assert_int_equal(n, 4);
		assert_string_equal(walk(t, "", "", false), "a a0 c \xff\xff ");
		txn_abort(&t);
	}
	store_close(st);
}

static void appending_out_of_order_still_puts(void **state)
{
	struct store *st = bare_make();
	struct txn *t = bare_begin(st, TXN_WRITE);

	(void)state;
	ok(txn_append(t, TABLE_META, STR("a"), STR("a")));
	ok(txn_append(t, TABLE_META, STR("c"), STR("c")));
	ok(txn_append(t, TABLE_META, STR("b"), STR("b")));
	assert_string_equal(walk(t, "", "", false), "a b c ");
	assert_int_equal(txn_count(t, TABLE_META), 3);
	ok(txn_clear(t, TABLE_META));
	assert_int_equal(txn_count(t, TABLE_META), 0);
	ok(txn_commit(&t));
	store_close(st);
}

/* ---- opening */

static enum err try_open(struct store_open how, char **said)
{
	static char text[512];
	struct store *st = NULL;
	struct report rep = { 0 };
	enum err rc;

	how.dir = bare_dir();
	how.sys = sys_real();
	rc = store_open(&st, &how, &rep);
	snprintf(text, sizeof(text), "%.*s",
		 STR_ARG(report_first(&rep, &rep.arena)));
	if (said)
		*said = text;
	store_close(st);
	report_release(&rep);
	return rc;
}

static void no_store_is_said(void **state)
{
	char *said;

	(void)state;
	assert_int_equal(try_open((struct store_open){ 0 }, &said),
			 ERR_NOTFOUND);
	assert_non_null(strstr(said, bare_dir()));
	assert_non_null(strstr(said, "pilar init"));
}

static void a_store_is_not_made_over_something(void **state)
{
	const struct store_create how = { .dir = bare_dir(),
					  .sys = sys_real() };
	struct report rep = { 0 };
	struct store *st = bare_make();

	(void)state;
	bare_put(st, "k", "v");
	store_close(st);
	assert_int_equal(store_create(&how, &rep), ERR_EXISTS);
	assert_int_equal(rep.errors, 1);
	report_release(&rep);
	st = bare_again();
	bare_is(st, "k", "v");
	store_close(st);
	/* Nor is a folder with something else in it, nor a file. */
	bare_shell("rm -r s; mkdir s; touch s/x");
	assert_int_equal(store_create(&how, NULL), ERR_EXISTS);
	bare_shell("rm -r s; touch s");
	assert_int_equal(store_create(&how, NULL), ERR_EXISTS);
	/* An empty folder may become one. */
	bare_shell("rm s; mkdir s");
	bare_create();
	store_close(bare_again());
}

static void files_are_the_owners_alone(void **state)
{
	static const char *const names[] = {
		"",         "/data.mdb", "/lock.mdb",       "/lock",
		"/journal", "/drafts",   "/drafts/data.mdb"
	};
	struct stat st;
	char path[128];

	(void)state;
	store_close(bare_make());
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s%s", bare_dir(), names[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 077, 0);
	}
}

static enum err refuse(void *arg, struct store *st)
{
	(void)arg;
	bare_put(st, "k", "v");
	return ERR_INVALID;
}

static enum err fill(void *arg, struct store *st)
{
	bare_put(st, "k", arg);
	return ERR_NONE;
}

static size_t entries(void)
{
	struct arena a = { 0 };
	struct str *names;
	size_t n;

	ok(dir_list(bare_folder(), &a, &names, &n));
	arena_release(&a);
	return n;
}

static void a_store_is_filled_before_it_is_there(void **state)
{
	struct store_create how = { .dir = bare_dir(), .sys = sys_real() };
	char first[] = "first";
	struct store *st;

	(void)state;
	how.fill = refuse;
	assert_int_equal(store_create(&how, NULL), ERR_INVALID);
	assert_int_equal(entries(), 0); /* no half store */
	how.fill = fill;
	how.arg = first;
	ok(store_create(&how, NULL));
	assert_int_equal(entries(), 1);
	st = bare_again();
	bare_is(st, "k", "first");
	store_close(st);
}

static void a_half_made_store_goes_at_the_next_start(void **state)
{
	(void)state;
	bare_create();
	bare_shell("mkdir -p s.tmp-00000001/drafts s.tmp-00000002 && "
		   "cd s.tmp-00000001 && touch lock data.mdb drafts/data.mdb");
	assert_int_equal(entries(), 3);
	store_close(bare_again());
	assert_int_equal(entries(), 1);
}

static void a_passphrase_is_asked_and_tried(void **state)
{
	const struct store_create how = { .dir = bare_dir(),
					  .sys = sys_real(),
					  .passphrase = STR("empat kata yang"),
					  .slot_name = STR("dw") };
	char *said;

	(void)state;
	ok(store_create(&how, NULL));
	assert_int_equal(try_open((struct store_open){ 0 }, &said), ERR_LOCKED);
	assert_int_equal(
		try_open((struct store_open){ .passphrase = STR("salah") },
			 &said),
		ERR_LOCKED);
	assert_non_null(strstr(said, "kata sandi"));
	assert_int_equal(
		try_open((struct store_open){ .passphrase = how.passphrase,
					      .slot_name = STR("xy") },
			 NULL),
		ERR_LOCKED);
	ok(try_open((struct store_open){ .passphrase = how.passphrase,
					 .slot_name = STR("dw") },
		    NULL));
}

static void a_store_that_may_not_be_written_is_read(void **state)
{
	struct store *st = bare_make();
	struct txn *t = NULL;

	(void)state;
	bare_put(st, "k", "v");
	store_close(st);
	st = bare_open((struct store_open){ .read_only = true });
	assert_true(store_read_only(st));
	bare_is(st, "k", "v");
	assert_int_equal(txn_begin(&t, st, STORE_MAIN, TXN_WRITE), ERR_REFUSED);
	assert_int_equal(journal_put(st, STR("d"), STR("x")), ERR_REFUSED);
	store_close(st);
	if (geteuid() == 0)
		return; /* may write anything */
	bare_shell("cd s && chmod 0400 data.mdb lock lock.mdb journal "
		   "drafts/*.mdb "
		   "&& chmod 0500 drafts .");
	st = bare_again();
	assert_true(store_read_only(st));
	bare_is(st, "k", "v");
	store_close(st);
	bare_shell("chmod -R u+rwX s");
}

/* ---- what large transactions leave */
#define LARGE 12000 /* four fill a page */

static void put_many(struct store *st)
{
	static char quarter[900];
	struct txn *t = bare_begin(st, TXN_WRITE);

	for (uint32_t i = 0; i < LARGE; i++)
		ok(txn_append(t, TABLE_EVENT,
			      str_of((char[]){ (char)(i >> 8), (char)i }, 2),
			      str_of(quarter, sizeof(quarter))));
	ok(txn_commit(&t));
}

static size_t longest_free_record(MDB_txn *txn)
{
	MDB_cursor *cur;
	MDB_val key, value;
	size_t most = 0;

	ok(mdb_cursor_open(txn, 0, &cur));
	while (!mdb_cursor_get(cur, &key, &value, MDB_NEXT))
		if (value.mv_size > most)
			most = value.mv_size;
	mdb_cursor_close(cur);
	return most;
}

/* Else every save reads and writes the whole list of them. */
static void free_pages_stand_in_records_of_a_page(void **state)
{
	struct store *st = bare_make();
	struct txn *t;
	MDB_env *env;
	MDB_txn *txn;
	MDB_stat pages;

	(void)state;
	put_many(st);
	t = bare_begin(st, TXN_WRITE);
	ok(txn_clear(t, TABLE_EVENT));
	ok(txn_commit(&t));
	for (int i = 0; i < 3; i++)
		bare_put(st, "k", "v");
	store_close(st);
	ok(mdb_env_create(&env));
	ok(mdb_env_open(env, bare_dir(), MDB_RDONLY | MDB_NOLOCK, 0600));
	ok(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
	ok(mdb_stat(txn, 0, &pages));
	assert_true(pages.ms_entries > LARGE / 4000);
	assert_true(longest_free_record(txn) <= pages.ms_psize);
	mdb_txn_abort(txn);
	mdb_env_close(env);
}

/* ---- what is asked of the disk before it is needed */
static void drop_cache(void)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/data.mdb", bare_dir());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fsync(fd), 0);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

/* How often reading all values then waits for the disk. */
static uint64_t waits_of_a_walk(bool asked)
{
	static const struct ahead_range all = { .table = TABLE_EVENT };
	struct ahead_at at = { .n_next = 0 };
	struct store *st;
	struct txn *t;
	struct cur cur;
	struct str value;
	uint64_t before;

	st = bare_again(); /* looks at all pages */
	drop_cache();
	t = bare_begin(st, TXN_READ);
	while (asked && txn_ahead_part(t, &all, &at))
		continue;
	before = store_waits();
	ok(cur_begin(&cur, t, TABLE_EVENT, STR(""), STR(""), false));
	while (!cur_read(&cur, &value))
		continue;
	cur_end(&cur);
	before = store_waits() - before;
	txn_abort(&t);
	store_close(st);
	return before;
}

static void a_range_that_was_asked_for_is_not_waited_for(void **state)
{
	struct store *st = bare_make();
	uint64_t without;

	(void)state;
	put_many(st);
	store_close(st);
	without = waits_of_a_walk(false);
	if (without < LARGE / 8)
		skip(); /* the cache cannot be emptied here */
	assert_true(waits_of_a_walk(true) < without / 10);
}

static void a_page_that_never_comes_is_waited_for_a_while(void **state)
{
	static const struct ahead_range all = { .table = TABLE_EVENT };
	struct ahead_at at = { .asked = LARGE / 8 };
	struct store *st = bare_make();
	struct txn *t;
	size_t calls = 0;

	(void)state;
	put_many(st);
	store_close(st);
	st = bare_again();
	drop_cache();
	t = bare_begin(st, TXN_READ);
	while (at.asked == LARGE / 8 && txn_ahead_part(t, &all, &at))
		calls++;
	assert_true(calls <= AHEAD_CALLS + 1);
	txn_abort(&t);
	store_close(st);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, bare_setup, bare_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_value_comes_back_after_reopening),
		test(an_aborted_write_leaves_nothing),
		test(keys_and_values_have_limits),
		test(a_reader_sees_one_state),
		test(the_values_are_not_in_the_file),
		test(a_cursor_walks_both_ways_within_a_prefix),
		test(a_cursor_survives_deleting_what_it_stands_on),
		test(appending_out_of_order_still_puts),
		test(no_store_is_said),
		test(a_store_is_not_made_over_something),
		test(files_are_the_owners_alone),
		test(a_store_is_filled_before_it_is_there),
		test(a_half_made_store_goes_at_the_next_start),
		test(a_passphrase_is_asked_and_tried),
		test(a_store_that_may_not_be_written_is_read),
		test(free_pages_stand_in_records_of_a_page),
		test(a_range_that_was_asked_for_is_not_waited_for),
		test(a_page_that_never_comes_is_waited_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
