/* SPDX-License-Identifier: MIT */
/*
 * The input is a list of changes to the main file of a small store: where, and
 * what byte. Whatever they are, opening and reading the store must not crash,
 * and a value that is read must be the one that was written. Made in memory
 * once; each input is undone after it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEYS    40
#define CHANGE  4 /* bytes of one change: three of place, one of value */
#define CHANGES 64

static char dir[64];
static struct buf whole = { .max = (size_t)16 << 20 };
static int fd = -1;

static struct str value_of(unsigned i)
{
	static char text[6000];

	memset(text, (int)('a' + i % 26), sizeof(text));
	return str_of(text, i == 7 ? sizeof(text) : i * 29 % 300);
}

static void must(int failed)
{
	if (failed)
		abort();
}

static struct store *open_store(bool damaged)
{
	const struct store_open how = { .dir = dir,
					.sys = sys_real(),
					.damaged = damaged,
					.read_only = true };
	struct store *st = NULL;

	return store_open(&st, &how, NULL) ? NULL : st;
}

static void fill(struct store *st)
{
	struct txn *t = NULL;

	for (unsigned i = 0; i < KEYS; i++) {
		unsigned char key = (unsigned char)i;

		must(txn_begin(&t, st, STORE_MAIN, TXN_WRITE));
		must(txn_put(t, i % 2 ? TABLE_ENTITY : TABLE_EVENT,
			     str_of((char *)&key, 1), value_of(i)));
		must(txn_commit(&t));
	}
}

static enum err make(void *arg, struct store *st)
{
	(void)arg;
	fill(st);
	return ERR_NONE;
}

static void undo(void)
{
	must(pwrite(fd, whole.p, whole.n, 0) != (ssize_t)whole.n);
}

static void leave(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		fputs("fuzz_store: its folder stays\n", stderr);
}

static void begin(void)
{
	const struct store_create how = { .dir = dir,
					  .sys = sys_real(),
					  .fill = make };
	char path[128];

	snprintf(dir, sizeof(dir), "/dev/shm/pilar-fuzz-%d", (int)getpid());
	must(store_create(&how, NULL));
	atexit(leave);
	snprintf(path, sizeof(path), "%s/data.mdb", dir);
	must(file_read(path, &whole));
	fd = open(path, O_RDWR | O_CLOEXEC);
	must(fd < 0);
}

/* What is read is right, or is an error; of a salvaged one it may be lost. */
static void read_store(struct store *st, bool salvaged)
{
	struct txn *t = NULL;
	struct cur c;
	struct str v;

	must(txn_begin(&t, st, STORE_MAIN, TXN_READ));
	for (unsigned i = 0; i < KEYS; i++) {
		unsigned char key = (unsigned char)i;
		enum err rc = txn_get(t, i % 2 ? TABLE_ENTITY : TABLE_EVENT,
				      str_of((char *)&key, 1), &v);

		must(rc == ERR_NOTFOUND && !salvaged);
		must(!rc && !str_eq(v, value_of(i)));
	}
	must(cur_begin(&c, t, TABLE_EVENT, STR(""), STR(""), true));
	while (!cur_next(&c) && !cur_value(&c, &v))
		must(c.key.n != 1 ||
		     !str_eq(v, value_of((unsigned char)c.key.p[0])));
	cur_end(&c);
	txn_abort(&t);
}

/* What can be saved of it is right as well. */
static void salvage(void)
{
	char out[80], drafts[96];
	const struct store_create to = { .dir = out, .sys = sys_real() };
	const struct store_open how = { .dir = out, .sys = sys_real() };
	struct store_salvaged done;
	struct report rep = { 0 };
	struct store *st = NULL;

	snprintf(out, sizeof(out), "%s-out", dir);
	snprintf(drafts, sizeof(drafts), "%s/drafts", out);
	if (!store_salvage(dir, &to, &rep, &done)) {
		must(store_open(&st, &how, NULL));
		read_store(st, true);
		store_close(st);
		must(dir_remove(drafts));
		must(dir_remove(out));
	}
	report_release(&rep);
}

/* Of a store that was open before the changes: its ways are hints. */
static void look_ahead(struct store *st)
{
	unsigned char bytes[KEYS];
	static const struct ahead_range ranges[] = {
		{ .table = TABLE_EVENT },
		{ .table = TABLE_ENTITY, .above = 1 },
		{ .table = TABLE_EVENT, .to = STR_INIT("\x20") },
	};
	struct str keys[KEYS];
	struct txn *t = NULL;

	for (unsigned i = 0; i < KEYS; i++) {
		bytes[i] = (unsigned char)i;
		keys[i] = str_of((char *)&bytes[i], 1);
	}
	if (txn_begin(&t, st, STORE_MAIN, TXN_READ))
		return;
	txn_ahead(t, TABLE_EVENT, keys, KEYS);
	txn_ahead(t, TABLE_ENTITY, keys, KEYS);
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		struct ahead_at at = { .n_next = 0 };

		while (txn_ahead_part(t, &ranges[i], &at))
			continue;
	}
	txn_abort(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report rep = { 0 };
	struct store *before, *st;
	size_t n = 0;

	if (fd < 0)
		begin();
	before = open_store(false);
	must(!before);
	for (size_t i = 0; i + CHANGE <= size && i < CHANGES * CHANGE;
	     i += CHANGE) {
		size_t at = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 |
			    data[i + 2];

		must(pwrite(fd, &data[i + 3], 1, (off_t)(at % whole.n)) != 1);
	}
	look_ahead(before);
	store_close(before);
	st = open_store(false);
	if (st)
		read_store(st, false);
	store_close(st);
	st = open_store(true);
	if (st && store_check(st, &rep, NULL, NULL, &n))
		n = 0;
	store_close(st);
	salvage();
	report_release(&rep);
	undo();
	return 0;
}
