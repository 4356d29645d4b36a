/* SPDX-License-Identifier: MIT */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/store.h"

/* What the test does is done or the test ends here. */
#define ok(call) assert_int_equal((call), ERR_NONE)

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

/* In the folder that holds the store, which is called s there. */
static void shell(const char *commands)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && (%s)", folder, commands);
	ok(system(line));
}

static void create(void)
{
	const struct store_create how = { .dir = dir, .sys = sys_real() };

	ok(store_create(&how, NULL));
}

static struct store *open_with(struct store_open how)
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

static struct store *reopen(void)
{
	return open_with((struct store_open){ 0 });
}

static struct store *make(void)
{
	create();
	return reopen();
}

static struct txn *begin(struct store *st, enum txn_mode mode)
{
	struct txn *t = NULL;

	ok(txn_begin(&t, st, STORE_MAIN, mode));
	return t;
}

static void put(struct store *st, const char *key, const char *value)
{
	struct txn *t = begin(st, TXN_WRITE);

	ok(txn_put(t, TABLE_META, str_from(key), str_from(value)));
	ok(txn_commit(&t));
}

static void is(struct store *st, const char *key, const char *value)
{
	struct txn *t = begin(st, TXN_READ);
	struct str v;

	ok(txn_get(t, TABLE_META, str_from(key), &v));
	assert_int_equal(v.n, strlen(value));
	assert_memory_equal(v.p, value, v.n);
	txn_abort(&t);
}

static bool has(struct store *st, const char *key)
{
	struct txn *t = begin(st, TXN_READ);
	bool there = txn_has(t, TABLE_META, str_from(key));

	txn_abort(&t);
	return there;
}

/* ---- values */

static void a_value_comes_back_after_reopening(void **state)
{
	struct store *st = make();

	(void)state;
	put(st, "k", "nilai");
	put(st, "empty", "");
	store_close(st);
	st = reopen();
	is(st, "k", "nilai");
	is(st, "empty", "");
	store_close(st);
}

static void an_aborted_write_leaves_nothing(void **state)
{
	struct store *st = make();
	struct txn *t;

	(void)state;
	put(st, "k", "old");
	t = begin(st, TXN_WRITE);
	ok(txn_put(t, TABLE_META, STR("k"), STR("new")));
	ok(txn_put(t, TABLE_META, STR("other"), STR("x")));
	txn_abort(&t);
	assert_null(t);
	is(st, "k", "old");
	assert_false(has(st, "other"));
	store_close(st);
}

static void keys_and_values_have_limits(void **state)
{
	struct store *st = make();
	struct txn *t = begin(st, TXN_WRITE);
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
	t = begin(st, TXN_WRITE);
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
	struct store *st = make();
	struct txn *r;
	struct str v;
	uint64_t before;

	(void)state;
	put(st, "k", "one");
	r = begin(st, TXN_READ);
	before = store_last_txn(st, STORE_MAIN);
	assert_int_equal(txn_id(r), before);
	put(st, "k", "two");
	assert_true(store_last_txn(st, STORE_MAIN) > before);
	ok(txn_get(r, TABLE_META, STR("k"), &v));
	assert_true(str_is(v, "one"));
	txn_abort(&r);
	is(st, "k", "two");
	store_close(st);
}

static void the_values_are_not_in_the_file(void **state)
{
	struct buf file = BUF_INIT(1 << 24);
	struct store *st = make();
	char path[128];

	(void)state;
	put(st, "k", "Siti Aminah 1871010203040003");
	store_close(st);
	snprintf(path, sizeof(path), "%s/data.mdb", dir);
	ok(file_read(path, &file));
	assert_int_equal(str_find(buf_str(&file), STR("Aminah"), 0), SIZE_MAX);
	assert_int_equal(str_find(buf_str(&file), STR("18710102"), 0),
			 SIZE_MAX);
	buf_release(&file);
}

/* ---- cursors */

static struct txn *with_keys(struct store *st, const char *const *keys)
{
	struct txn *t = begin(st, TXN_WRITE);

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
	struct store *st = make();
	struct txn *t = with_keys(st, letters);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(
			walk(t, rows[i].prefix, rows[i].from, rows[i].back),
			rows[i].met);
	ok(txn_commit(&t));
	t = begin(st, TXN_READ);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(
			walk(t, rows[i].prefix, rows[i].from, rows[i].back),
			rows[i].met);
	txn_abort(&t);
	store_close(st);
}

static void a_cursor_survives_deleting_what_it_stands_on(void **state)
{
	struct store *st = make();

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
	struct store *st = make();
	struct txn *t = begin(st, TXN_WRITE);

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

/* ---- several processes */

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
	const struct store_open how = { .dir = dir,
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
	create();
	pa = spawn(grow, &a);
	pb = spawn(grow, &b);
	assert_int_equal(ended(pa), 0);
	assert_int_equal(ended(pb), 0);
	st = open_with((struct store_open){ .map_start = 1 << 20 });
	t = begin(st, TXN_READ);
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
	create();
	st = open_with((struct store_open){ .map_start = 1 << 20 });
	/* The room before a write is half the map, or what is there again. */
	for (int i = 0; i < 12; i++) {
		char key = (char)('a' + i);

		t = begin(st, TXN_WRITE);
		ok(txn_put(t, TABLE_MEDIA, str_of(&key, 1),
			   str_of(big, 400000)));
		ok(txn_commit(&t));
	}
	t = begin(st, TXN_WRITE); /* everything anew */
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
	create();
	st = reopen();
	t = begin(st, TXN_WRITE);
	assert_false(txn_awaited(t));
	pid = spawn(grow, &one);
	while (!txn_awaited(t))
		sched_yield();
	txn_abort(&t);
	assert_int_equal(ended(pid), 0);
	t = begin(st, TXN_WRITE);
	assert_false(txn_awaited(t));
	txn_abort(&t);
	store_close(st);
}

/* Has the store open until the pipe is closed. */
static int look_on(void *arg)
{
	const int *pipes = arg;
	struct store *st = reopen();
	char c = 'x';

	close(pipes[3]);
	if (write(pipes[1], &c, 1) != 1 || read(pipes[2], &c, 1) < 0)
		return 1;
	store_close(st);
	return 0;
}

static void who_writes_is_told_who_else_may_want_to(void **state)
{
	struct store *st;
	struct txn *t;
	int pipes[4];
	pid_t pid;
	char c;

	(void)state;
	create();
	ok(pipe(pipes));
	ok(pipe(pipes + 2));
	pid = spawn(look_on, pipes);
	assert_int_equal(read(pipes[0], &c, 1), 1);
	st = reopen();
	t = begin(st, TXN_WRITE);
	assert_true(txn_in_company(t));
	close(pipes[3]);
	assert_int_equal(ended(pid), 0);
	assert_false(txn_in_company(t));
	txn_abort(&t);
	store_close(st);
	for (int i = 0; i < 3; i++)
		close(pipes[i]);
}

static int hold_the_lock(void *arg)
{
	const int *pipes = arg;
	struct store *st = reopen();
	struct txn *t = begin(st, TXN_WRITE);
	char c = 'x';

	if (write(pipes[1], &c, 1) != 1 || read(pipes[2], &c, 1) < 0)
		return 1;
	txn_abort(&t);
	store_close(st);
	return 0;
}

static void a_writer_that_stays_is_named(void **state)
{
	struct store_holder who = { 0 };
	struct store *st;
	struct txn *t = NULL;
	int pipes[4];
	pid_t pid;
	char c;

	(void)state;
	create();
	ok(pipe(pipes));
	ok(pipe(pipes + 2));
	pid = spawn(hold_the_lock, pipes);
	assert_int_equal(read(pipes[0], &c, 1), 1);
	st = open_with((struct store_open){ .wait_ms = 1 });
	assert_int_equal(txn_begin(&t, st, STORE_MAIN, TXN_WRITE), ERR_BUSY);
	assert_null(t);
	assert_true(store_holder(st, STORE_MAIN, &who));
	assert_int_equal(who.pid, pid);
	/* The drafts have a lock of their own; reading needs none. */
	ok(txn_begin(&t, st, STORE_DRAFTS, TXN_WRITE));
	txn_abort(&t);
	t = begin(st, TXN_READ);
	txn_abort(&t);
	/* Killed, it holds nothing any more. */
	kill(pid, SIGKILL);
	assert_int_equal(ended(pid), -SIGKILL);
	put(st, "k", "v");
	for (int i = 0; i < 4; i++)
		close(pipes[i]);
	store_close(st);
}

static int read_for_ever(void *arg)
{
	const int *fd = arg;
	struct store *st = reopen();
	struct txn *t = begin(st, TXN_READ);
	char c = (char)(txn_count(t, TABLE_META) & 1);

	if (write(fd[1], &c, 1) != 1)
		return 1;
	for (;;)
		pause();
}

/* LMDB keeps every page a reader may still see. */
static void a_killed_reader_does_not_hold_pages(void **state)
{
	char value[2000] = { 0 }, c;
	struct sys_fixed clock;
	const struct store_open how = { .dir = dir, .sys = &clock.sys };
	struct store *st = NULL;
	size_t size;
	int fd[2];

	(void)state;
	create();
	sys_fixed_init(&clock, 1000, 0, 0);
	ok(store_open(&st, &how, NULL));
	ok(pipe(fd));
	for (int i = 0; i < 20; i++) {
		pid_t pid = spawn(read_for_ever, fd);

		assert_int_equal(read(fd[0], &c, 1), 1);
		kill(pid, SIGKILL);
		assert_int_equal(ended(pid), -SIGKILL);
		put(st, "k", "v");
	}
	clock.at += 61000; /* writers look by the minute */
	size = store_file_size(st);
	for (int i = 0; i < 200; i++) {
		struct txn *t = begin(st, TXN_WRITE);

		ok(txn_put(t, TABLE_META, STR("k"),
			   str_of(value, sizeof(value))));
		ok(txn_commit(&t));
	}
	assert_true(store_file_size(st) < size + 100000);
	close(fd[0]);
	close(fd[1]);
	store_close(st);
}

/* ---- opening */

static enum err try_open(struct store_open how, char **said)
{
	static char text[512];
	struct store *st = NULL;
	struct report rep = { 0 };
	enum err rc;

	how.dir = dir;
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
	assert_non_null(strstr(said, dir));
	assert_non_null(strstr(said, "pilar init"));
}

static void a_store_is_not_made_over_something(void **state)
{
	const struct store_create how = { .dir = dir, .sys = sys_real() };
	struct report rep = { 0 };
	struct store *st = make();

	(void)state;
	put(st, "k", "v");
	store_close(st);
	assert_int_equal(store_create(&how, &rep), ERR_EXISTS);
	assert_int_equal(rep.errors, 1);
	report_release(&rep);
	st = reopen();
	is(st, "k", "v");
	store_close(st);
	/* Nor is a folder with something else in it, nor a file. */
	shell("rm -r s; mkdir s; touch s/x");
	assert_int_equal(store_create(&how, NULL), ERR_EXISTS);
	shell("rm -r s; touch s");
	assert_int_equal(store_create(&how, NULL), ERR_EXISTS);
	/* An empty folder may become one. */
	shell("rm s; mkdir s");
	create();
	store_close(reopen());
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
	store_close(make());
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, names[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 077, 0);
	}
}

static enum err refuse(void *arg, struct store *st)
{
	(void)arg;
	put(st, "k", "v");
	return ERR_INVALID;
}

static enum err fill(void *arg, struct store *st)
{
	put(st, "k", arg);
	return ERR_NONE;
}

static size_t entries(void)
{
	struct arena a = { 0 };
	struct str *names;
	size_t n;

	ok(dir_list(folder, &a, &names, &n));
	arena_release(&a);
	return n;
}

static void a_store_is_filled_before_it_is_there(void **state)
{
	struct store_create how = { .dir = dir, .sys = sys_real() };
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
	st = reopen();
	is(st, "k", "first");
	store_close(st);
}

static void a_half_made_store_goes_at_the_next_start(void **state)
{
	(void)state;
	create();
	shell("mkdir -p s.tmp-00000001/drafts s.tmp-00000002 && "
	      "cd s.tmp-00000001 && touch lock data.mdb drafts/data.mdb");
	assert_int_equal(entries(), 3);
	store_close(reopen());
	assert_int_equal(entries(), 1);
}

static void a_passphrase_is_asked_and_tried(void **state)
{
	const struct store_create how = { .dir = dir,
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
	struct store *st = make();
	struct txn *t = NULL;

	(void)state;
	put(st, "k", "v");
	store_close(st);
	st = open_with((struct store_open){ .read_only = true });
	assert_true(store_read_only(st));
	is(st, "k", "v");
	assert_int_equal(txn_begin(&t, st, STORE_MAIN, TXN_WRITE), ERR_REFUSED);
	assert_int_equal(journal_put(st, STR("d"), STR("x")), ERR_REFUSED);
	store_close(st);
	if (geteuid() == 0)
		return; /* may write anything */
	shell("cd s && chmod 0400 data.mdb lock lock.mdb journal drafts/*.mdb "
	      "&& chmod 0500 drafts .");
	st = reopen();
	assert_true(store_read_only(st));
	is(st, "k", "v");
	store_close(st);
	shell("chmod -R u+rwX s");
}

/* ---- the journal */

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
	struct store *st = make();

	(void)state;
	assert_string_equal(typed(st, "d1"), "(none)");
	ok(journal_put(st, STR("d1"), STR("Si")));
	ok(journal_put(st, STR("d2"), STR("other")));
	ok(journal_put(st, STR("d1"), STR("Siti")));
	store_close(st);
	st = reopen();
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
	struct store_open how = { .dir = dir, .sys = &clock.sys };
	struct store *st = NULL;
	char key[16];

	(void)state;
	create();
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
	struct store *st = make();
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

	snprintf(path, sizeof(path), "%s/journal", dir);
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
	struct store *st = make();

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

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
		test(two_processes_outgrow_a_small_map),
		test(one_transaction_outgrows_a_small_map),
		test(who_writes_is_told_that_another_waits),
		test(who_writes_is_told_who_else_may_want_to),
		test(a_writer_that_stays_is_named),
		test(a_killed_reader_does_not_hold_pages),
		test(no_store_is_said),
		test(a_store_is_not_made_over_something),
		test(files_are_the_owners_alone),
		test(a_store_is_filled_before_it_is_there),
		test(a_half_made_store_goes_at_the_next_start),
		test(a_passphrase_is_asked_and_tried),
		test(a_store_that_may_not_be_written_is_read),
		test(half_typed_text_survives_reopening),
		test(the_draft_not_typed_in_for_longest_gives_way),
		test(a_long_text_is_kept_too),
		test(a_torn_record_is_as_if_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
