/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "priv.h"
#include "trust.h"

/* Dead readers make only writers pay: they look for them, by the minute. */
#define TICK_MS 60000

MDB_dbi txn_dbi(const struct txn *t, enum table table)
{
	MDB_dbi d = t->env->dbi[table];

	assert(d); /* else a table of the other environment */
	return d;
}

static enum lock lock_of(const struct env *env)
{
	return env->which == STORE_MAIN ? LOCK_MAIN : LOCK_DRAFTS;
}

bool txn_awaited(const struct txn *t)
{
	return lock_awaited(t->st->lock_fd, lock_of(t->env));
}

bool txn_in_company(const struct txn *t)
{
	return trust_shared(t->st->lock_fd, lock_of(t->env));
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
	if (store_gone(st)) {
		lock_drop(st->lock_fd, lock_of(t->env));
		return ERR_LOCKED;
	}
	me.since = sys_now(st->sys);
	lock_sign(st->lock_fd, lock_of(t->env), &me);
	hold_signals(st);
	if (me.since < st->ticked || me.since - st->ticked > TICK_MS)
		store_tick(st);
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

enum err txn_unseal(struct txn *t, enum table table, struct str key,
		    struct str sealed, struct buf *out)
{
	struct place at;

	buf_reset(out);
	return unseal(out, t->st->values, place(t, &at, table, key), sealed);
}

/* LMDB's own failures, and those of values, that make a commit impossible. */
static enum err keep_failure(struct txn *t, enum err rc)
{
	if (rc && rc != ERR_NOTFOUND && !t->failed)
		t->failed = rc;
	return rc;
}

enum err txn_genuine(struct txn *t, enum table table, MDB_val k, MDB_val v)
{
	struct str key = str_of_val(k), sealed = str_of_val(v);
	struct proof *proofs = t->st->proofs;
	struct place at;
	enum err rc;

	if (v.mv_size > PROOF_MAX || proof_known(proofs, table, key, sealed))
		return ERR_NONE;
	rc = seal_check(t->st->values, place(t, &at, table, key), sealed);
	if (!rc)
		proof_keep(proofs, table, key, sealed);
	return rc;
}

/*
 * That a key is not there is proved by its neighbours. A key altered on the
 * disk still stands between them, else its page would have been refused, and
 * its value does not open under the altered key.
 */
static enum err prove_absent(struct txn *t, enum table table, struct str key)
{
	MDB_cursor *c = NULL;
	MDB_val k = val_of(key), v;
	enum err rc = ERR_NONE;
	int e = mdb_cursor_open(t->mdb, txn_dbi(t, table), &c);

	if (e)
		return err_from_mdb(e);
	e = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
	if (!e) {
		rc = txn_genuine(t, table, k, v);
		e = mdb_cursor_get(c, &k, &v, MDB_PREV);
	} else if (e == MDB_NOTFOUND) {
		e = mdb_cursor_get(c, &k, &v, MDB_LAST);
	}
	if (!rc && !e)
		rc = txn_genuine(t, table, k, v);
	mdb_cursor_close(c);
	return rc ? rc : ERR_NOTFOUND;
}

/* The sealed value, or a proved absence. */
static enum err find(struct txn *t, enum table table, struct str key,
		     MDB_val *v)
{
	MDB_val k = val_of(key);
	enum err rc;

	if (!key_ok(key))
		return ERR_NOTFOUND;
	rc = err_from_mdb(mdb_get(t->mdb, txn_dbi(t, table), &k, v));
	if (rc == ERR_NOTFOUND)
		rc = prove_absent(t, table, key);
	return keep_failure(t, rc);
}

enum err txn_get(struct txn *t, enum table table, struct str key,
		 struct str *value)
{
	MDB_val v;
	enum err rc = find(t, table, key, &v);

	*value = (struct str){ NULL, 0 };
	if (rc)
		return rc;
	rc = txn_unseal(t, table, key, str_of_val(v), &t->scratch);
	if (rc)
		return keep_failure(t, rc);
	*value = arena_dup(&t->arena, buf_str(&t->scratch));
	return value->p ? ERR_NONE : ERR_NOMEM;
}

/* What is sealed anew begins otherwise: version, epoch and a random nonce. */
enum err txn_get_new(struct txn *t, enum table table, struct str key,
		     uint8_t tag[STORE_TAG], bool *same, struct str *value)
{
	MDB_val v;
	enum err rc = find(t, table, key, &v);

	*same = false;
	*value = (struct str){ NULL, 0 };
	if (rc)
		return rc;
	if (v.mv_size < STORE_TAG)
		return keep_failure(t, ERR_CORRUPT);
	*same = memcmp(v.mv_data, tag, STORE_TAG) == 0;
	if (*same)
		return ERR_NONE;
	rc = txn_unseal(t, table, key, str_of_val(v), &t->scratch);
	if (rc)
		return keep_failure(t, rc);
	memcpy(tag, v.mv_data, STORE_TAG);
	*value = buf_str(&t->scratch);
	return ERR_NONE;
}

bool txn_has(struct txn *t, enum table table, struct str key)
{
	MDB_val v;

	return find(t, table, key, &v) == ERR_NONE;
}

static enum err put(struct txn *t, enum table table, struct str key,
		    struct str value, unsigned flags)
{
	struct place at;
	MDB_val k = val_of(key), v;
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
	v = val_of(buf_str(&t->scratch));
	e = mdb_put(t->mdb, txn_dbi(t, table), &k, &v, flags);
	if (e == MDB_KEYEXIST && flags == MDB_NOOVERWRITE)
		return ERR_EXISTS;
	if (e == MDB_KEYEXIST) /* appended, but not the greatest */
		e = mdb_put(t->mdb, txn_dbi(t, table), &k, &v, 0);
	return keep_failure(t, err_from_mdb(e));
}

enum err txn_put(struct txn *t, enum table table, struct str key,
		 struct str value)
{
	return put(t, table, key, value, 0);
}

enum err txn_add(struct txn *t, enum table table, struct str key,
		 struct str value)
{
	return put(t, table, key, value, MDB_NOOVERWRITE);
}

enum err txn_append(struct txn *t, enum table table, struct str key,
		    struct str value)
{
	return put(t, table, key, value, MDB_APPEND);
}

enum err txn_del(struct txn *t, enum table table, struct str key)
{
	MDB_val k = val_of(key);

	assert(t->mode == TXN_WRITE);
	if (t->failed)
		return t->failed;
	if (!key_ok(key))
		return ERR_NOTFOUND;
	return keep_failure(
		t, err_from_mdb(mdb_del(t->mdb, txn_dbi(t, table), &k, NULL)));
}

enum err txn_clear(struct txn *t, enum table table)
{
	assert(t->mode == TXN_WRITE);
	if (t->failed)
		return t->failed;
	return keep_failure(
		t, err_from_mdb(mdb_drop(t->mdb, txn_dbi(t, table), 0)));
}

size_t txn_count(struct txn *t, enum table table)
{
	MDB_stat st = { 0 };

	mdb_stat(t->mdb, txn_dbi(t, table), &st);
	return st.ms_entries;
}
