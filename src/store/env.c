/* SPDX-License-Identifier: MIT */
#include "env.h"

#include <sys/statvfs.h>

#include "trust.h"

#include "pilar/file.h"
#include "pilar/i18n.h"

/* Readers at once over all processes; LMDB's 126 is little for an office. */
#define READERS 254
#define FLAGS   (MDB_NORDAHEAD | MDB_NOTLS)
/* What one transaction may always write: more than any import in one go. */
#define ROOM (sizeof(size_t) > 4 ? (size_t)1 << 30 : (size_t)32 << 20)
/* Room that is made even on a full disk: a commit that only deletes. */
#define ROOM_LEAST ((size_t)1 << 20)
#define SLOT_TABLE "slot"

static const struct {
	const char *name;
	enum store_env env;
} tables[TABLE_COUNT] = {
#define X(id, text, env) [TABLE_##id] = { text, STORE_##env },
	STORE_TABLES(X)
#undef X
};

const char *table_name(enum table t)
{
	return tables[t].name;
}

enum store_env table_env(enum table t)
{
	return tables[t].env;
}

static const struct {
	int mdb;
	enum err err;
} meanings[] = {
	{ MDB_SUCCESS, ERR_NONE },
	{ MDB_NOTFOUND, ERR_NOTFOUND },
	{ MDB_KEYEXIST, ERR_EXISTS },
	{ MDB_MAP_FULL, ERR_NOSPACE },
	{ MDB_MAP_RESIZED, ERR_BUSY },
	{ MDB_READERS_FULL, ERR_BUSY },
	{ MDB_CORRUPTED, ERR_CORRUPT },
	{ MDB_PAGE_NOTFOUND, ERR_CORRUPT },
	{ MDB_INVALID, ERR_CORRUPT },
	{ MDB_CURSOR_FULL, ERR_CORRUPT },
	{ MDB_INCOMPATIBLE, ERR_CORRUPT },
	{ MDB_VERSION_MISMATCH, ERR_VERSION },
	{ MDB_BAD_VALSIZE, ERR_TOOBIG },
	{ MDB_TXN_FULL, ERR_TOOBIG },
};

enum err err_from_mdb(int e)
{
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
		if (meanings[i].mdb == e)
			return meanings[i].err;
	}
	return e > 0 ? err_from_errno(e) : ERR_IO;
}

/* A transaction may write `room`, or everything anew. */
static size_t room_for(const struct env *env, size_t used)
{
	return used > env->room ? used : env->room;
}

/* How wide the map is to be for a file of which `used` bytes are in use. */
static size_t map_wanted(const struct env *env, size_t used)
{
	size_t wide = room_for(env, used);
	struct statvfs fs;

	if (env->start && used + wide <= env->start)
		return env->start;
	wide *= 2;
	if (!statvfs(env->path, &fs)) {
		uint64_t half = (uint64_t)fs.f_bavail * fs.f_frsize / 2;

		if (wide > half)
			wide = half > ROOM_LEAST ? (size_t)half : ROOM_LEAST;
	}
	return (used + wide) / ROOM_LEAST * ROOM_LEAST + ROOM_LEAST;
}

static size_t used_bytes(struct env *env, size_t *map)
{
	MDB_envinfo info;
	MDB_stat st;

	mdb_env_info(env->mdb, &info);
	mdb_env_stat(env->mdb, &st);
	*map = info.me_mapsize;
	return (info.me_last_pgno + 1) * st.ms_psize;
}

/* Widens the map; no transaction of ours may look at the old one. */
static enum err widen(struct env *env)
{
	size_t map = 0, used = used_bytes(env, &map);
	size_t want;
	int e;

	if (env->active || (map > used && map - used >= room_for(env, used)))
		return ERR_NONE;
	want = map_wanted(env, used);
	if (want <= map)
		return ERR_NONE;
	e = mdb_env_set_mapsize(env->mdb, want);
	if (e)
		env->broken = true;
	return err_from_mdb(e);
}

/* ---- making */

static enum err start(struct env *env, unsigned flags, size_t map)
{
	int e = mdb_env_create(&env->mdb);

	if (!e)
		e = mdb_env_set_maxdbs(env->mdb, TABLE_COUNT + 1);
	if (!e)
		e = mdb_env_set_maxreaders(env->mdb, READERS);
	if (!e)
		e = mdb_env_set_mapsize(env->mdb, map);
	if (!e)
		e = mdb_env_open(env->mdb, env->path, FLAGS | flags, 0600);
	return err_from_mdb(e);
}

static int open_tables(struct env *env, MDB_txn *txn, unsigned flags)
{
	int e = mdb_dbi_open(txn, SLOT_TABLE, flags, &env->slot);

	for (int t = 0; !e && t < TABLE_COUNT; t++) {
		if (tables[t].env == env->which)
			e = mdb_dbi_open(txn, tables[t].name, flags,
					 &env->dbi[t]);
	}
	return e;
}

static int put_records(struct env *env, MDB_txn *txn,
		       const struct env_record *r, size_t n)
{
	int e = 0;

	for (size_t i = 0; !e && i < n; i++) {
		MDB_val key = { r[i].key.n, (void *)(uintptr_t)r[i].key.p };
		MDB_val value = { r[i].value.n,
				  (void *)(uintptr_t)r[i].value.p };

		e = mdb_put(txn, env->slot, &key, &value, MDB_NOOVERWRITE);
	}
	return e;
}

enum err env_create(struct env *env, const struct env_record *records, size_t n)
{
	MDB_txn *txn = NULL;
	enum err rc = start(env, 0, ROOM_LEAST);
	int e = 0;

	if (rc)
		goto out;
	e = mdb_txn_begin(env->mdb, NULL, 0, &txn);
	if (!e)
		e = open_tables(env, txn, MDB_CREATE);
	if (!e)
		e = put_records(env, txn, records, n);
	if (!e) {
		e = mdb_txn_commit(txn);
		txn = NULL;
	}
	rc = err_from_mdb(e);
out:
	if (txn)
		mdb_txn_abort(txn);
	env_close(env);
	return rc;
}

/* ---- opening */

struct finding {
	struct report *rep;
	const struct env *env;
};

static enum err say_damage(void *arg, struct str table, size_t page,
			   const char *what)
{
	const struct finding *f = arg;

	report_add(f->rep, PROBLEM_ERROR, str_from(f->env->path),
		   _("berkas rusak: tabel %.*s, halaman %zu: %s"),
		   STR_ARG(table), page, _(what));
	return ERR_CORRUPT;
}

static void tell_pages(void *arg, size_t pages, size_t of)
{
	const struct finding *f = arg;

	if (f->env->progress)
		f->env->progress(f->env->progress_arg, pages, of);
}

static enum lock lock_of(const struct env *env)
{
	return env->which == STORE_MAIN ? LOCK_MAIN : LOCK_DRAFTS;
}

static enum err look_whole(struct env *env, struct image *im,
			   const struct image_visit *all)
{
	struct arena a = { 0 };
	char *file = path_join(&a, env->path, DATA_FILE);
	bool known = env->lock_fd >= 0 && file &&
		     trust_known(env->lock_fd, lock_of(env), file, env->now,
				 &env->looked);
	enum err rc = known ? ERR_NONE : image_walk(im, all);

	if (rc || env->lock_fd < 0)
		env->looked = 0;
	else
		trust_hold(env->lock_fd, lock_of(env));
	arena_release(&a);
	return rc;
}

/* The whole file is looked at before LMDB reads any page but the first two. */
static enum err look(struct env *env, struct image *im, const struct finding *f,
		     env_each each, void *arg)
{
	const struct image_visit all = { .damage = say_damage,
					 .progress = tell_pages,
					 .arg = (void *)(uintptr_t)f };
	const struct image_visit slots = { .only = STR(SLOT_TABLE),
					   .value = each,
					   .arg = arg };
	enum err whole = look_whole(env, im, &all);
	enum err rc = image_walk(im, &slots);

	return rc ? rc : whole;
}

/* A state of the file that stays: the picture of what `txn` reads. */
static enum err settle(struct env *env, struct image *im, MDB_txn **txn)
{
	enum err rc = ERR_NOTFOUND;

	for (int tries = 0; rc == ERR_NOTFOUND && tries < 100; tries++) {
		if (*txn)
			mdb_txn_abort(*txn);
		*txn = NULL;
		rc = err_from_mdb(
			mdb_txn_begin(env->mdb, NULL, MDB_RDONLY, txn));
		if (!rc)
			rc = image_pick(im, mdb_txn_id(*txn));
	}
	return rc == ERR_NOTFOUND ? ERR_BUSY : rc;
}

static enum err start_reading(struct env *env, const struct image *im)
{
	size_t used = (im->last + 1) * im->page;
	unsigned flags = env->read_only ? MDB_RDONLY : 0;
	enum err rc = start(env, flags, map_wanted(env, used));

	/* Less is wanted where addresses are short (ulimit -v). */
	if (rc == ERR_NOMEM) {
		env_close(env);
		rc = start(env, flags, used + 16 * ROOM_LEAST);
	}
	/* A folder we may not write in has no place for LMDB's lock file. */
	if (rc == ERR_REFUSED && env->read_only) {
		env_close(env);
		rc = start(env, flags | MDB_NOLOCK, used + ROOM_LEAST);
	}
	return rc;
}

static enum err open_image(struct env *env, struct image *im,
			   struct report *rep)
{
	struct arena a = { 0 };
	char *file = path_join(&a, env->path, DATA_FILE);
	enum err rc = file ? image_open(im, file) : ERR_NOMEM;

	if (rc == ERR_CORRUPT)
		report_add(rep, PROBLEM_ERROR, str_from(file),
			   _("berkas terpotong atau bukan berkas pilar"));
	arena_release(&a);
	return rc;
}

void env_hold(struct env *env)
{
	(void)mdb_env_set_flags(env->mdb, MDB_NOSYNC, 1);
}

enum err env_sync(struct env *env)
{
	int e = mdb_env_set_flags(env->mdb, MDB_NOSYNC, 0);

	return err_from_mdb(e ? e : mdb_env_sync(env->mdb, 1));
}

enum err env_open(struct env *env, env_each each, void *arg, struct report *rep)
{
	const struct finding f = { rep, env };
	struct image im = { 0 };
	MDB_txn *txn = NULL;
	enum err rc;

	if (!env->room)
		env->room = env->start ? env->start / 2 : ROOM;
	rc = open_image(env, &im, rep);
	if (rc)
		goto out;
	rc = start_reading(env, &im);
	if (rc)
		goto out;
	mdb_reader_check(env->mdb, NULL);
	rc = settle(env, &im, &txn);
	if (rc)
		goto out;
	rc = look(env, &im, &f, each, arg);
	if (rc)
		goto out;
	rc = err_from_mdb(open_tables(env, txn, 0));
	if (rc == ERR_NOTFOUND)
		rc = ERR_CORRUPT; /* a table is missing */
	if (rc)
		goto out;
	rc = err_from_mdb(mdb_txn_commit(txn)); /* keeps the handles */
	txn = NULL;
out:
	if (txn)
		mdb_txn_abort(txn);
	image_close(&im);
	if (rc)
		env_close(env);
	return rc;
}

void env_close(struct env *env)
{
	struct arena a = { 0 };
	char *file = env->mdb ? path_join(&a, env->path, DATA_FILE) : NULL;

	image_close(&env->image);
	if (env->mdb)
		mdb_env_close(env->mdb);
	if (file && env->looked && !env->broken)
		trust_keep(env->lock_fd, lock_of(env), file, env->looked);
	arena_release(&a);
	env->looked = 0;
	env->mdb = NULL;
	env->broken = false;
}

/* ---- working */

static enum err ignore(void *arg, struct str table, struct str key,
		       struct str value)
{
	(void)arg;
	(void)table;
	(void)key;
	(void)value;
	return ERR_NONE;
}

enum err env_ready(struct env *env)
{
	enum err rc = ERR_NONE;

	if (env->broken && env->active)
		return ERR_IO;
	if (env->broken || !env->mdb) {
		env_close(env);
		rc = env_open(env, ignore, NULL, NULL);
	}
	return rc;
}

enum err env_txn(struct env *env, MDB_txn **txn, bool write)
{
	unsigned flags = write ? 0 : MDB_RDONLY;
	enum err rc = write ? widen(env) : ERR_NONE;
	int e;

	if (rc)
		return rc;
	e = mdb_txn_begin(env->mdb, NULL, flags, txn);
	if (e == MDB_MAP_RESIZED) { /* another process has written more */
		rc = widen(env);
		if (rc)
			return rc;
		e = mdb_txn_begin(env->mdb, NULL, flags, txn);
	}
	if (e == MDB_READERS_FULL) {
		mdb_reader_check(env->mdb, NULL);
		e = mdb_txn_begin(env->mdb, NULL, flags, txn);
	}
	return err_from_mdb(e);
}

uint64_t env_last_txn(struct env *env)
{
	MDB_envinfo info;

	if (!env->mdb || mdb_env_info(env->mdb, &info))
		return 0;
	return info.me_last_txnid;
}

const struct image *env_image(struct env *env, uint64_t txn)
{
	struct image *im = &env->image;
	struct arena a = { 0 };
	const char *file = im->map ? NULL : path_join(&a, env->path, DATA_FILE);
	enum err rc = file ? image_open(im, file) : ERR_NONE;

	arena_release(&a);
	if (!rc && im->map)
		rc = image_pick(im, txn);
	return rc || !im->map ? NULL : im;
}
