/* SPDX-License-Identifier: MIT */
/*
 * Damages the two data files of a small store byte by byte. Whatever was done
 * to them: every value read is right, or something is reported; nothing
 * crashes. FLIP_STEP=1 tries every byte (minutes), the default a sample.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "../lib/bare.h"
#include "../lib/expect.h"

#define KEYS      60
#define FLIP_STEP 67

/* ---- the store that is damaged */

/* Of key i: one value is long, the others are small; some get deleted. */
static struct str key_of(unsigned i, char *room)
{
	snprintf(room, 16, "key-%05u", i * 7919u % 99991u);
	return str_from(room);
}

static struct str value_of(unsigned i)
{
	static char text[5100];

	if (!text[0]) {
		for (size_t k = 0; k < sizeof(text); k++)
			text[k] = (char)('a' + k * k % 26);
	}
	return str_of(text + i, i == 3 ? 5000 : i * 37 % 200);
}

static bool deleted(unsigned i)
{
	return i % 5 == 4;
}

static const struct {
	enum store_env env;
	enum table table;
} tables[] = { { STORE_MAIN, TABLE_EVENT },
	       { STORE_MAIN, TABLE_OUTBOX },
	       { STORE_DRAFTS, TABLE_DRAFT } };

static enum err fill(struct store *st, size_t which)
{
	char key[16];
	struct txn *t = NULL;
	enum err rc = ERR_NONE;

	for (unsigned i = 0; !rc && i < KEYS; i++) {
		if (i % 20 == 0)
			rc = txn_begin(&t, st, tables[which].env, TXN_WRITE);
		if (!rc)
			rc = txn_put(t, tables[which].table, key_of(i, key),
				     value_of(i));
		if (!rc && i % 20 == 19)
			rc = txn_commit(&t);
	}
	if (!rc)
		rc = txn_begin(&t, st, tables[which].env, TXN_WRITE);
	for (unsigned i = 0; !rc && i < KEYS; i++) {
		if (deleted(i))
			rc = txn_del(t, tables[which].table, key_of(i, key));
	}
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

static enum err open_store(struct store **st, bool damaged)
{
	const struct store_open how = { .dir = bare_dir(),
					.sys = sys_real(),
					.damaged = damaged };

	return store_open(st, &how, NULL);
}

static int setup(void **state)
{
	struct store *st = NULL;

	bare_setup(state);
	bare_create();
	ok(open_store(&st, false));
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		ok(fill(st, i));
	store_close(st);
	return 0;
}

/* ---- reading it */

enum verdict { RIGHT, REPORTED, WRONG };

static enum verdict worst(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

/* Every key asked for one by one. */
static enum verdict ask(struct txn *t, enum table table)
{
	char key[16];
	enum verdict all = RIGHT;

	for (unsigned i = 0; i < KEYS; i++) {
		struct str v;
		enum err rc = txn_get(t, table, key_of(i, key), &v);
		enum err expected = deleted(i) ? ERR_NOTFOUND : ERR_NONE;

		if (rc == ERR_CORRUPT)
			all = worst(all, REPORTED);
		else if (rc != expected)
			all = WRONG;
		else if (!rc && !str_eq(v, value_of(i)))
			all = WRONG;
	}
	return all;
}

/* All of them in a row, and those with a prefix. */
static enum verdict list(struct txn *t, enum table table, const char *prefix,
			 bool back)
{
	char room[16];
	struct cur c;
	unsigned want = 0, met = 0;
	struct str v;
	enum err rc = cur_begin(&c, t, table, str_from(prefix), STR(""), back);

	for (unsigned i = 0; i < KEYS; i++)
		want += !deleted(i) &&
			str_starts(key_of(i, room), str_from(prefix));
	while (!rc) {
		rc = cur_read(&c, &v);
		met += !rc;
	}
	cur_end(&c);
	if (rc != ERR_NOTFOUND)
		return REPORTED;
	return met == want ? RIGHT : WRONG;
}

static enum verdict read_all(struct store *st)
{
	enum verdict all = RIGHT;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		enum table table = tables[i].table;
		struct txn *t = NULL;

		if (txn_begin(&t, st, tables[i].env, TXN_READ))
			return REPORTED;
		all = worst(all, ask(t, table));
		all = worst(all, list(t, table, "", false));
		all = worst(all, list(t, table, "key-2", false));
		all = worst(all, list(t, table, "key-2", true));
		txn_abort(&t);
	}
	return all;
}

/* What a check says of the store as it lies there. */
static enum verdict check(void)
{
	struct report rep = { 0 };
	struct store *st = NULL;
	size_t n = 0;
	enum err rc = open_store(&st, true);

	if (!rc)
		rc = store_check(st, &rep, NULL, NULL, &n);
	store_close(st);
	if (rc && st && !rep.errors)
		return WRONG; /* reported without a sentence */
	report_release(&rep);
	return rc ? REPORTED : RIGHT;
}

static enum verdict judge(void)
{
	struct store *st = NULL;
	enum verdict seen = REPORTED, checked;

	if (!open_store(&st, false))
		seen = read_all(st);
	store_close(st);
	checked = check();
	if (seen == REPORTED && checked == RIGHT)
		return WRONG; /* the check missed it */
	return worst(seen, checked);
}

/* ---- damaging it */

struct file {
	char path[128];
	struct buf bytes;
	FILE *f;
};

static void file_load(struct file *f, const char *name)
{
	*f = (struct file){ .bytes = BUF_INIT((size_t)16 << 20) };
	snprintf(f->path, sizeof(f->path), "%s/%s", bare_dir(), name);
	ok(file_read(f->path, &f->bytes));
}

static void poke(const struct file *f, size_t at, char byte)
{
	FILE *out = fopen(f->path, "r+b");

	assert_non_null(out);
	assert_int_equal(fseek(out, (long)at, SEEK_SET), 0);
	assert_int_equal(fwrite(&byte, 1, 1, out), 1);
	fclose(out);
}

static size_t flip_step(void)
{
	const char *e = getenv("FLIP_STEP");
	int64_t n = 0;

	return e && str_to_i64(str_from(e), &n) && n > 0 ? (size_t)n
							 : FLIP_STEP;
}

/* Each page in a process of its own: a crash ends that one. */
static int flip_page(const struct file *f, size_t from, size_t step)
{
	enum { PAGE = 4096 };

	for (size_t i = from; i < from + PAGE && i < f->bytes.n; i++) {
		char old = f->bytes.p[i];
		enum verdict v;

		if (i % step)
			continue;
		poke(f, i, (char)(old ^ (1 << (i / step % 8))));
		v = judge();
		poke(f, i, old);
		if (v == WRONG) {
			fprintf(stderr, "# %s byte %zu\n", f->path, i);
			return 1;
		}
	}
	return 0;
}

static void flip_file(const char *name)
{
	struct file f;
	size_t step = flip_step();
	int bad = 0;

	file_load(&f, name);
	for (size_t at = 0; at < f.bytes.n; at += 4096) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0)
			_exit(flip_page(&f, at, step));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFSIGNALED(status))
			print_message("# page %zu: signal %d\n", at / 4096,
				      WTERMSIG(status));
		bad += status != 0;
		if (status) /* the byte may still be flipped */
			ok(file_write(f.path, buf_str(&f.bytes)));
	}
	buf_release(&f.bytes);
	assert_int_equal(bad, 0);
	assert_int_equal(judge(), RIGHT);
}

static void no_flipped_bit_goes_unseen_in_the_store(void **state)
{
	(void)state;
	flip_file("data.mdb");
}

static void no_flipped_bit_goes_unseen_in_the_drafts(void **state)
{
	(void)state;
	flip_file("drafts/data.mdb");
}

static void a_file_cut_short_is_refused(void **state)
{
	struct file f;
	struct store *st = NULL;

	(void)state;
	file_load(&f, "data.mdb");
	for (size_t n = 0; n < f.bytes.n; n += n < 9000 ? 97 : 2039) {
		ok(truncate(f.path, (off_t)n));
		assert_int_equal(open_store(&st, false), ERR_CORRUPT);
		assert_int_equal(open_store(&st, true), ERR_CORRUPT);
		ok(file_write(f.path, buf_str(&f.bytes)));
	}
	assert_int_equal(judge(), RIGHT);
	buf_release(&f.bytes);
}

static enum err look_for(struct store *st, const char *key)
{
	struct txn *t = NULL;
	struct str value;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_READ);

	if (!rc)
		rc = txn_get(t, TABLE_EVENT, str_from(key), &value);
	txn_abort(&t);
	return rc;
}

/* What was proved of a record holds for its key, not for another. */
static void a_key_that_changes_after_its_proof_is_seen(void **state)
{
	struct str first = STR("key-00000");
	struct store *st = NULL;
	struct file f;

	(void)state;
	file_load(&f, "data.mdb");
	ok(open_store(&st, false));
	for (int i = 0; i < 3; i++)
		assert_int_equal(look_for(st, "key-0000"), ERR_NOTFOUND);
	ok(look_for(st, "key-00000"));
	for (size_t at = 0;; at += first.n) {
		at = str_find(buf_str(&f.bytes), first, at);
		if (at == SIZE_MAX)
			break;
		poke(&f, at + first.n - 1, '1');
	}
	assert_int_equal(look_for(st, "key-00000"), ERR_CORRUPT);
	assert_int_equal(look_for(st, "key-00001"), ERR_CORRUPT);
	assert_int_equal(look_for(st, "key-0000"), ERR_CORRUPT);
	store_close(st);
	ok(file_write(f.path, buf_str(&f.bytes)));
	assert_int_equal(judge(), RIGHT);
	buf_release(&f.bytes);
}

/* To the end, from a key, to a key, of a table with nothing in it. */
static void hint_ranges(struct txn *t)
{
	static const struct ahead_range ranges[] = {
		{ .table = TABLE_EVENT },
		{ .table = TABLE_EVENT, .above = 1 },
		{ .table = TABLE_EVENT, .from = STR_INIT("key-3") },
		{ .table = TABLE_EVENT, .to = STR_INIT("key-3") },
		{ .table = TABLE_ENTITY },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		struct ahead_at at = { .n_next = 0 };
		size_t parts = 0;

		while (txn_ahead_part(t, &ranges[i], &at))
			assert_true(at.asked || parts++ < 100);
	}
}

/* More keys than are looked after; some are there, one is none. */
static void hint(struct store *st)
{
	struct str keys[AHEAD_MAX + 9];
	char text[ARRAY_LEN(keys)][16];
	struct txn *t = NULL;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		snprintf(text[i], sizeof(text[i]), "key-%05zu", i * 3);
		keys[i] = str_from(i ? text[i] : "");
	}
	ok(txn_begin(&t, st, STORE_MAIN, TXN_READ));
	txn_ahead(t, TABLE_EVENT, keys, ARRAY_LEN(keys));
	txn_ahead(t, TABLE_ENTITY, keys, 0);
	hint_ranges(t);
	txn_abort(&t);
}

/* The ways are looked at where LMDB looks too late: every byte of each head. */
static void a_hint_believes_nothing_of_the_file(void **state)
{
	struct store *st = NULL;
	struct file f;

	(void)state;
	file_load(&f, "data.mdb");
	ok(open_store(&st, false));
	hint(st);
	ok(look_for(st, "key-00000"));
	for (size_t at = 0; at < f.bytes.n; at++) {
		if (at % 4096 >= 64 && at % 199)
			continue;
		poke(&f, at, (char)~f.bytes.p[at]);
		hint(st);
		poke(&f, at, f.bytes.p[at]);
	}
	ok(look_for(st, "key-00000"));
	store_close(st);
	buf_release(&f.bytes);
}

static void a_check_names_each_bad_value(void **state)
{
	struct report rep = { 0 };
	struct store *st = NULL;
	struct file f;
	char room[16];
	size_t n = 0;
	bool event = false, outbox = false;

	(void)state;
	file_load(&f, "data.mdb");
	/* Also in pages no longer used, which does no harm. */
	for (size_t at = 0; at < f.bytes.n; at += 60) {
		at = str_find(buf_str(&f.bytes), key_of(1, room), at);
		if (at < f.bytes.n)
			poke(&f, at + 40, (char)(f.bytes.p[at + 40] ^ 1));
		else
			break;
	}
	ok(open_store(&st, false));
	assert_int_equal(store_check(st, &rep, NULL, NULL, &n), ERR_CORRUPT);
	store_close(st);
	assert_int_equal(rep.errors, 2);
	vec_each (p, &rep.problems) {
		/* 07919 in hexadecimal */
		assert_true(str_ends(p->text, STR("6b65792d3037393139")));
		event |= str_find(p->text, STR("tabel event"), 0) < 99;
		outbox |= str_find(p->text, STR("tabel outbox"), 0) < 99;
	}
	assert_true(event && outbox);
	/* Every value was looked at: three tables, two heads, a slot. */
	assert_int_equal(n, 3 * (KEYS - KEYS / 5) + 3);
	ok(file_write(f.path, buf_str(&f.bytes)));
	report_release(&rep);
	buf_release(&f.bytes);
}

/* The head is in clear, so that an older program can read it. */
static void a_newer_schema_is_refused(void **state)
{
	struct report rep = { 0 };
	struct store *st = NULL;
	struct file f;
	uint8_t sum[32];
	size_t at;

	(void)state;
	file_load(&f, "data.mdb");
	at = str_find(buf_str(&f.bytes), STR("PILAR\r\n\x1a"), 0);
	assert_true(at < f.bytes.n);
	f.bytes.p[at + 15] = STORE_SCHEMA + 1; /* least reader, big-endian */
	sha256(sum, str_of(f.bytes.p + at, 40));
	memcpy(f.bytes.p + at + 40, sum, 16);
	ok(file_write(f.path, buf_str(&f.bytes)));
	{
		const struct store_open how = { .dir = bare_dir(),
						.sys = sys_real() };

		assert_int_equal(store_open(&st, &how, &rep), ERR_VERSION);
	}
	assert_int_equal(rep.errors, 1);
	report_release(&rep);
	buf_release(&f.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_flipped_bit_goes_unseen_in_the_store),
		cmocka_unit_test(no_flipped_bit_goes_unseen_in_the_drafts),
		cmocka_unit_test(a_file_cut_short_is_refused),
		cmocka_unit_test(a_key_that_changes_after_its_proof_is_seen),
		cmocka_unit_test(a_hint_believes_nothing_of_the_file),
		cmocka_unit_test(a_check_names_each_bad_value),
		cmocka_unit_test(a_newer_schema_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, bare_teardown);
}
