/* SPDX-License-Identifier: MIT */
/*
 * The store against bare LMDB with the same keys and bytes, in turns in one
 * run: p50 of each. The floor of the journal is one page written and synced.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#include "pilar/store.h"

#include "../lib/measure.h"

#define SAVES   1000
#define RECORDS 50000
#define RECORD  600 /* bytes of one */

static char folder[] = "/var/tmp/pilar-bench-XXXXXX";

/* ---- what is written: the records of one visit, one draft act */

struct put {
	enum table table;
	size_t key, value; /* lengths */
};

static const struct put visit[] = {
	{ TABLE_EVENT, 16, 3200 },     { TABLE_BY_INSTANCE, 16, 16 },
	{ TABLE_ENTITY, 24, RECORD },  { TABLE_ENTITY_EVENT, 32, 8 },
	{ TABLE_ENTITY_EVENT, 32, 8 }, { TABLE_OUTBOX, 8, 40 },
	{ TABLE_META, 8, 16 },
};
static const struct put act[] = { { TABLE_DRAFT, 36, 200 },
				  { TABLE_DRAFT_ACT, 44, 120 } };

static struct str key_of(unsigned char *room, const struct put *p, unsigned i)
{
	memset(room, (int)p->key, p->key);
	for (int b = 0; b < 4; b++) /* random order, as UUIDs have it */
		room[b] = (unsigned char)(i * 2654435761u >> (8 * b));
	if (p->table == TABLE_META || p->table == TABLE_DRAFT)
		memset(room, 'm', 4);
	return str_of((char *)room, p->key);
}

static const char text[4096];

/* ---- the store */

static void save(struct store *st, enum store_env env, const struct put *p,
		 size_t n, unsigned i)
{
	unsigned char room[64];
	struct txn *t = NULL;

	must(txn_begin(&t, st, env, TXN_WRITE), "begin");
	for (size_t k = 0; k < n; k++)
		must(txn_put(t, p[k].table,
			     key_of(room, &p[k], i * 8 + (unsigned)k),
			     str_of(text, p[k].value)),
		     "put");
	must(txn_commit(&t), "commit");
}

/* ---- bare LMDB */

struct bare {
	MDB_env *env;
	MDB_dbi dbi[TABLE_COUNT];
};

static void bare_open(struct bare *b, const char *name)
{
	char path[128];
	MDB_txn *t;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	must(mkdir(path, 0700), "mkdir");
	must(mdb_env_create(&b->env), "create");
	must(mdb_env_set_maxdbs(b->env, TABLE_COUNT), "maxdbs");
	must(mdb_env_set_mapsize(b->env, (size_t)1 << 30), "mapsize");
	must(mdb_env_open(b->env, path, MDB_NORDAHEAD, 0600), "open");
	must(mdb_txn_begin(b->env, NULL, 0, &t), "begin");
	for (int i = 0; i < TABLE_COUNT; i++)
		must(mdb_dbi_open(t, table_name((enum table)i), MDB_CREATE,
				  &b->dbi[i]),
		     "dbi");
	must(mdb_txn_commit(t), "commit");
}

static void bare_save(struct bare *b, const struct put *p, size_t n, unsigned i)
{
	unsigned char room[64];
	MDB_txn *t;

	must(mdb_txn_begin(b->env, NULL, 0, &t), "begin");
	for (size_t k = 0; k < n; k++) {
		struct str key = key_of(room, &p[k], i * 8 + (unsigned)k);
		MDB_val mk = { key.n, (void *)(uintptr_t)key.p };
		MDB_val mv = { p[k].value, (void *)(uintptr_t)text };

		must(mdb_put(t, b->dbi[p[k].table], &mk, &mv, 0), "put");
	}
	must(mdb_txn_commit(t), "commit");
}

/* ---- the measurements */

static void bench_saves(struct store *st, struct bare *b, const char *name,
			enum store_env env, const struct put *p, size_t n)
{
	static double ours[SAVES], theirs[SAVES];

	for (unsigned i = 0; i < SAVES; i++) {
		double start = now_us();

		save(st, env, p, n, i);
		ours[i] = now_us() - start;
		start = now_us();
		bare_save(b, p, n, i);
		theirs[i] = now_us() - start;
	}
	row(name, at_rank(ours, SAVES, 50) / 1e3, "ms",
	    at_rank(theirs, SAVES, 50) / 1e3);
}

static void bench_journal(struct store *st)
{
	static double ours[SAVES], theirs[SAVES];
	static char page[4096];
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/page", folder);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	for (int i = 0; i < 16; i++)
		must(pwrite(fd, page, sizeof(page), i * 4096) < 0, "pwrite");
	must(fsync(fd), "fsync");
	for (unsigned i = 0; i < SAVES; i++) {
		double start = now_us();

		must(journal_put(st,
				 STR("0e9c2c70-8a1b-4f1e-9d55-1b1d7f00a001"),
				 str_of(text, 40)),
		     "journal");
		ours[i] = now_us() - start;
		start = now_us();
		must(pwrite(fd, page, sizeof(page), i % 16 * 4096) < 0,
		     "pwrite");
		must(fdatasync(fd), "fdatasync");
		theirs[i] = now_us() - start;
	}
	close(fd);
	row("store: half-typed text durable", at_rank(ours, SAVES, 50) / 1e3,
	    "ms", at_rank(theirs, SAVES, 50) / 1e3);
}

static void load(struct store *st, struct bare *b)
{
	static const struct put p = { TABLE_ENTITY, 24, RECORD };
	unsigned char room[64];
	struct txn *t = NULL;
	double start = now_us(), ours, theirs;
	MDB_txn *bt;

	must(txn_begin(&t, st, STORE_MAIN, TXN_WRITE), "begin");
	for (unsigned i = 0; i < RECORDS; i++)
		must(txn_put(t, p.table, key_of(room, &p, i),
			     str_of(text, RECORD)),
		     "put");
	must(txn_commit(&t), "commit");
	ours = now_us() - start;
	start = now_us();
	must(mdb_txn_begin(b->env, NULL, 0, &bt), "begin");
	for (unsigned i = 0; i < RECORDS; i++) {
		struct str key = key_of(room, &p, i);
		MDB_val mk = { key.n, (void *)(uintptr_t)key.p };
		MDB_val mv = { RECORD, (void *)(uintptr_t)text };

		must(mdb_put(bt, b->dbi[p.table], &mk, &mv, 0), "put");
	}
	must(mdb_txn_commit(bt), "commit");
	theirs = now_us() - start;
	row("store: 50,000 records in one commit", ours / 1e3, "ms",
	    theirs / 1e3);
}

static void scan(struct store *st, struct bare *b)
{
	struct txn *t = NULL;
	struct cur c;
	struct str v;
	size_t sum = 0, bare_sum = 0;
	double start = now_us(), ours, theirs;
	MDB_cursor *bc;
	MDB_txn *bt;
	MDB_val mk, mv;

	must(txn_begin(&t, st, STORE_MAIN, TXN_READ), "begin");
	must(cur_begin(&c, t, TABLE_ENTITY, STR(""), STR(""), false), "cur");
	while (!cur_next(&c)) {
		must(cur_value(&c, &v), "value");
		sum += v.n;
	}
	cur_end(&c);
	txn_abort(&t);
	ours = now_us() - start;
	start = now_us();
	must(mdb_txn_begin(b->env, NULL, MDB_RDONLY, &bt), "begin");
	must(mdb_cursor_open(bt, b->dbi[TABLE_ENTITY], &bc), "cursor");
	while (!mdb_cursor_get(bc, &mk, &mv, MDB_NEXT))
		bare_sum += mv.mv_size;
	mdb_cursor_close(bc);
	mdb_txn_abort(bt);
	theirs = now_us() - start;
	must(sum != bare_sum, "sums differ");
	row("store: 50,000 records opened in order", ours / 1e3, "ms",
	    theirs / 1e3);
}

static struct store *reopen(const char *dir)
{
	const struct store_open how = { .dir = dir, .sys = sys_real() };
	struct store *st = NULL;

	must(store_open(&st, &how, NULL), "open");
	return st;
}

static void bench_open(const char *dir)
{
	static double ours[50], theirs[50];
	char path[128];

	snprintf(path, sizeof(path), "%s/bare", folder);
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		double start = now_us();
		MDB_env *env;
		MDB_txn *t;

		store_close(reopen(dir));
		ours[i] = now_us() - start;
		start = now_us();
		must(mdb_env_create(&env), "create");
		must(mdb_env_open(env, path, MDB_RDONLY, 0600), "open");
		must(mdb_txn_begin(env, NULL, MDB_RDONLY, &t), "begin");
		mdb_txn_abort(t);
		mdb_env_close(env);
		theirs[i] = now_us() - start;
	}
	row("store: opened, every page looked at", at_rank(ours, 50, 50) / 1e3,
	    "ms", at_rank(theirs, 50, 50) / 1e3);
}

static void check(struct store *st)
{
	double start = now_us();
	size_t n = 0;

	must(store_check(st, NULL, NULL, NULL, &n), "check");
	row("store: check, microseconds a value",
	    (now_us() - start) / (double)n, "us", 1);
}

int main(void)
{
	char dir[128], command[128];
	struct store_create how = { .dir = dir, .sys = sys_real() };
	struct bare main_env = { 0 }, small_env = { 0 };
	struct store *st;

	must(!mkdtemp(folder), "mkdtemp");
	snprintf(dir, sizeof(dir), "%s/s", folder);
	must(store_create(&how, NULL), "create");
	st = reopen(dir);
	bare_open(&main_env, "bare");
	bare_open(&small_env, "small");
	bench_saves(st, &main_env, "store: visit durable, new store",
		    STORE_MAIN, visit, ARRAY_LEN(visit));
	load(st, &main_env);
	scan(st, &main_env);
	bench_saves(st, &main_env, "store: visit durable, 50,000 records",
		    STORE_MAIN, visit, ARRAY_LEN(visit));
	bench_saves(st, &small_env, "store: draft act durable", STORE_DRAFTS,
		    act, ARRAY_LEN(act));
	bench_journal(st);
	check(st);
	store_close(st);
	bench_open(dir);
	mdb_env_close(main_env.env);
	mdb_env_close(small_env.env);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}
