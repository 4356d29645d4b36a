/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "priv.h"

struct txn {
	struct store *st;
	struct env *env;
	MDB_txn *mdb;
	enum txn_mode mode;
	enum err failed; /* the first write that failed: no commit */
	struct arena arena;
	struct buf scratch; /* a value being sealed or opened */
};

static MDB_val val(struct str s)
{
	return (MDB_val){ s.n, (void *)(uintptr_t)s.p };
}

static struct str str_val(MDB_val v)
{
	return str_of(v.mv_data, v.mv_size);
}

static MDB_dbi dbi(const struct txn *t, enum table table)
{
	MDB_dbi d = t->env->dbi[table];

	assert(d); /* else a table of the other environment */
	return d;
}

static enum lock lock_of(const struct env *env)
{
	return env->which == STORE_MAIN ? LOCK_MAIN : LOCK_DRAFTS;
}

/* ---- begin and end */

/* A process stopped (^Z) while it writes would stop all others. */
static void hold_signals(struct store *st)
{
	sigset_t stops;

	if (st->writing++)
		return;
	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stops, &st->signals);
}

static void release_signals(struct store *st)
{
	if (--st->writing == 0)
		sigprocmask(SIG_SETMASK, &st->signals, NULL);
}

static enum err writer_enter(struct txn *t)
{
	struct store *st = t->st;
	struct store_holder me = { getpid(), 0 };
	enum err rc;

	if (st->read_only)
		return ERR_REFUSED;
	rc = lock_take(st->lock_fd, lock_of(t->env), st->wait_ms);
	if (rc)
		return rc;
	me.since = sys_now(st->sys);
	lock_sign(st->lock_fd, lock_of(t->env), &me);
	hold_signals(st);
	return ERR_NONE;
}

static void writer_leave(struct txn *t)
{
	release_signals(t->st);
	lock_drop(t->st->lock_fd, lock_of(t->env));
}

enum err txn_begin(struct txn **out, struct store *st, enum store_env env,
		   enum txn_mode mode)
{
	struct txn *t = NULL;
	bool write = mode == TXN_WRITE;
	enum err rc = st->damaged ? ERR_CORRUPT : env_ready(&st->env[env]);

	if (rc)
		goto out;
	t = calloc(1, sizeof(*t));
	if (!t) {
		rc = ERR_NOMEM;
		goto out;
	}
	t->st = st;
	t->env = &st->env[env];
	t->mode = mode;
	t->scratch = BUF_INIT(SEALED_MAX);
	if (write)
		rc = writer_enter(t);
	if (rc)
		goto out;
	rc = env_txn(t->env, &t->mdb, write);
	if (rc && write)
		writer_leave(t);
	if (!rc)
		t->env->active++;
out:
	if (rc) {
		free(t);
		t = NULL;
	}
	*out = t;
	return rc;
}

/* After LMDB's transaction is gone. */
static void finish(struct txn **t)
{
	(*t)->env->active--;
	if ((*t)->mode == TXN_WRITE)
		writer_leave(*t);
	arena_release(&(*t)->arena);
	buf_release(&(*t)->scratch);
	free(*t);
	*t = NULL;
}

void txn_abort(struct txn **t)
{
	if (!*t)
		return;
	mdb_txn_abort((*t)->mdb);
	finish(t);
}

enum err txn_commit(struct txn **t)
{
	enum err rc = (*t)->failed;

	if (rc || (*t)->mode == TXN_READ) {
		txn_abort(t);
		return rc;
	}
	rc = err_from_mdb(mdb_txn_commit((*t)->mdb));
	if (rc)
		(*t)->env->broken = true;
	finish(t);
	return rc;
}

uint64_t txn_id(const struct txn *t)
{
	return mdb_txn_id(t->mdb);
}

struct arena *txn_arena(struct txn *t)
{
	return &t->arena;
}

/* ---- one value */

static struct str place(const struct txn *t, struct place *at, enum table table,
			struct str key)
{
	return place_of(at, t->st->uuid, table_name(table), key);
}

static bool key_ok(struct str key)
{
	return key.n >= 1 && key.n <= STORE_KEY_MAX;
}

static enum err open_value(struct txn *t, enum table table, struct str key,
			   struct str sealed, struct buf *out)
{
	struct place at;

	buf_reset(out);
	return unseal(out, t->st->values, place(t, &at, table, key), sealed);
}

enum err txn_get(struct txn *t, enum table table, struct str key,
		 struct str *value)
{
	MDB_val k = val(key), v;
	enum err rc;

	*value = (struct str){ NULL, 0 };
	if (!key_ok(key))
		return ERR_NOTFOUND;
	rc = err_from_mdb(mdb_get(t->mdb, dbi(t, table), &k, &v));
	if (rc)
		return rc;
	rc = open_value(t, table, key, str_val(v), &t->scratch);
	if (rc)
		return rc;
	*value = arena_dup(&t->arena, buf_str(&t->scratch));
	return value->p ? ERR_NONE : ERR_NOMEM;
}

bool txn_has(struct txn *t, enum table table, struct str key)
{
	MDB_val k = val(key), v;

	return key_ok(key) && mdb_get(t->mdb, dbi(t, table), &k, &v) == 0;
}

static enum err keep_failure(struct txn *t, enum err rc)
{
	if (rc && rc != ERR_NOTFOUND && !t->failed)
		t->failed = rc;
	return rc;
}

static enum err put(struct txn *t, enum table table, struct str key,
		    struct str value, unsigned flags)
{
	struct place at;
	MDB_val k = val(key), v;
	enum err rc;
	int e;

	assert(t->mode == TXN_WRITE);
	if (t->failed)
		return t->failed;
	if (!key_ok(key) || value.n > STORE_VALUE_MAX)
		return keep_failure(t, ERR_TOOBIG);
	buf_reset(&t->scratch);
	rc = seal(&t->scratch, t->st->values, place(t, &at, table, key), value);
	if (rc)
		return keep_failure(t, rc);
	v = val(buf_str(&t->scratch));
	e = mdb_put(t->mdb, dbi(t, table), &k, &v, flags);
	if (e == MDB_KEYEXIST) /* appended, but not the greatest */
		e = mdb_put(t->mdb, dbi(t, table), &k, &v, 0);
	return keep_failure(t, err_from_mdb(e));
}

enum err txn_put(struct txn *t, enum table table, struct str key,
		 struct str value)
{
	return put(t, table, key, value, 0);
}

enum err txn_append(struct txn *t, enum table table, struct str key,
		    struct str value)
{
	return put(t, table, key, value, MDB_APPEND);
}

enum err txn_del(struct txn *t, enum table table, struct str key)
{
	MDB_val k = val(key);

	assert(t->mode == TXN_WRITE);
	if (t->failed)
		return t->failed;
	if (!key_ok(key))
		return ERR_NOTFOUND;
	return keep_failure(
		t, err_from_mdb(mdb_del(t->mdb, dbi(t, table), &k, NULL)));
}

enum err txn_clear(struct txn *t, enum table table)
{
	assert(t->mode == TXN_WRITE);
	if (t->failed)
		return t->failed;
	return keep_failure(t,
			    err_from_mdb(mdb_drop(t->mdb, dbi(t, table), 0)));
}

size_t txn_count(struct txn *t, enum table table)
{
	MDB_stat st = { 0 };

	mdb_stat(t->mdb, dbi(t, table), &st);
	return st.ms_entries;
}

/* ---- many */

struct cur_state {
	struct txn *txn;
	enum table table;
	MDB_cursor *mdb;
	bool back, begun, ended;
	struct str sealed; /* lent by LMDB, copied when writing */
	size_t prefix_n, key_n, from_n;
	struct buf copy, plain;
	char prefix[STORE_KEY_MAX], from[STORE_KEY_MAX];
	char key[STORE_KEY_MAX];
};

static int seek(struct cur_state *c, struct str key, MDB_val *k, MDB_val *v)
{
	*k = val(key);
	return mdb_cursor_get(c->mdb, k, v, MDB_SET_RANGE);
}

/* The first key at or above `from`, or the last at or below it. */
static int first(struct cur_state *c, MDB_val *k, MDB_val *v)
{
	struct str from = str_of(c->from, c->from_n);
	int e;

	if (!from.n)
		return mdb_cursor_get(c->mdb, k, v,
				      c->back ? MDB_LAST : MDB_FIRST);
	e = seek(c, from, k, v);
	if (!c->back)
		return e;
	if (e == MDB_NOTFOUND)
		return mdb_cursor_get(c->mdb, k, v, MDB_LAST);
	if (e || str_eq(str_val(*k), from))
		return e;
	return mdb_cursor_get(c->mdb, k, v, MDB_PREV);
}

/*
 * While writing, the record stepped on may be gone or have moved: the place is
 * found again by its key.
 */
static int next(struct cur_state *c, MDB_val *k, MDB_val *v)
{
	struct str at = str_of(c->key, c->key_n);
	MDB_cursor_op step = c->back ? MDB_PREV : MDB_NEXT;
	int e;

	if (c->txn->mode == TXN_READ)
		return mdb_cursor_get(c->mdb, k, v, step);
	e = seek(c, at, k, v);
	if (c->back && e == MDB_NOTFOUND)
		return mdb_cursor_get(c->mdb, k, v, MDB_LAST);
	if (e || (!c->back && !str_eq(str_val(*k), at)))
		return e;
	return mdb_cursor_get(c->mdb, k, v, step);
}

/* Where the keys with this prefix end: the prefix counted up by one. */
static struct str prefix_end(struct str prefix, char *room)
{
	size_t n = prefix.n;

	while (n && (unsigned char)prefix.p[n - 1] == 0xff)
		n--;
	if (n) {
		memcpy(room, prefix.p, n);
		room[n - 1]++;
	}
	return str_of(room, n);
}

/* Begins at `from`, but never outside the keys that have the prefix. */
static void set_start(struct cur_state *c, struct str from)
{
	struct str prefix = str_of(c->prefix, c->prefix_n);
	char room[STORE_KEY_MAX];
	struct str edge = c->back ? prefix_end(prefix, room) : prefix;
	bool inside =
		from.n && (!edge.n || (c->back ? str_cmp(from, edge) < 0
					       : str_cmp(from, edge) > 0));

	if (!inside)
		from = edge;
	c->from_n = from.n;
	if (from.n)
		memcpy(c->from, from.p, from.n);
}

enum err cur_begin(struct cur *cur, struct txn *t, enum table table,
		   struct str prefix, struct str from, bool back)
{
	struct cur_state *c;
	enum err rc;

	*cur = (struct cur){ .state = NULL };
	if (prefix.n > STORE_KEY_MAX || from.n > STORE_KEY_MAX)
		return ERR_TOOBIG;
	c = calloc(1, sizeof(*c));
	if (!c)
		return ERR_NOMEM;
	c->txn = t;
	c->table = table;
	c->back = back;
	c->copy = c->plain = BUF_INIT(SEALED_MAX);
	c->prefix_n = prefix.n;
	if (prefix.n)
		memcpy(c->prefix, prefix.p, prefix.n);
	set_start(c, from);
	rc = err_from_mdb(mdb_cursor_open(t->mdb, dbi(t, table), &c->mdb));
	if (rc)
		free(c);
	else
		cur->state = c;
	return rc;
}

static enum err keep(struct cur *cur, MDB_val k, MDB_val v)
{
	struct cur_state *c = cur->state;

	if (k.mv_size > STORE_KEY_MAX)
		return ERR_CORRUPT;
	memcpy(c->key, k.mv_data, k.mv_size);
	c->key_n = k.mv_size;
	cur->key = str_of(c->key, c->key_n);
	c->sealed = str_val(v);
	if (c->txn->mode == TXN_READ)
		return ERR_NONE;
	buf_reset(&c->copy);
	buf_addstr(&c->copy, c->sealed);
	c->sealed = buf_str(&c->copy);
	return c->copy.failed;
}

static bool within(const struct cur_state *c, MDB_val k)
{
	return str_starts(str_val(k), str_of(c->prefix, c->prefix_n));
}

enum err cur_next(struct cur *cur)
{
	struct cur_state *c = cur->state;
	MDB_val k, v;
	int e;

	if (!c || c->ended)
		return ERR_NOTFOUND;
	e = c->begun ? next(c, &k, &v) : first(c, &k, &v);
	/* Going down, the end of the prefix may itself be a key. */
	if (!e && !c->begun && c->back && !within(c, k))
		e = mdb_cursor_get(c->mdb, &k, &v, MDB_PREV);
	c->begun = true;
	if (!e && !within(c, k))
		e = MDB_NOTFOUND;
	c->ended = e != 0;
	return e ? err_from_mdb(e) : keep(cur, k, v);
}

enum err cur_value(struct cur *cur, struct str *value)
{
	struct cur_state *c = cur->state;
	enum err rc;

	*value = (struct str){ NULL, 0 };
	if (!c || !c->begun || c->ended)
		return ERR_NOTFOUND;
	rc = open_value(c->txn, c->table, cur->key, c->sealed, &c->plain);
	if (!rc)
		*value = buf_str(&c->plain);
	return rc;
}

void cur_end(struct cur *cur)
{
	struct cur_state *c = cur->state;

	if (!c)
		return;
	mdb_cursor_close(c->mdb);
	buf_release(&c->copy);
	buf_release(&c->plain);
	free(c);
	*cur = (struct cur){ .state = NULL };
}
