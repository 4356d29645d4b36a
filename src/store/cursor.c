/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "priv.h"

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
	*k = val_of(key);
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
	if (e || str_eq(str_of_val(*k), from))
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
	if (e || (!c->back && !str_eq(str_of_val(*k), at)))
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
	rc = err_from_mdb(mdb_cursor_open(t->mdb, txn_dbi(t, table), &c->mdb));
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
	c->sealed = str_of_val(v);
	if (c->txn->mode == TXN_READ)
		return ERR_NONE;
	buf_reset(&c->copy);
	buf_addstr(&c->copy, c->sealed);
	c->sealed = buf_str(&c->copy);
	return c->copy.failed;
}

static bool within(const struct cur_state *c, MDB_val k)
{
	return str_starts(str_of_val(k), str_of(c->prefix, c->prefix_n));
}

/*
 * The neighbour on the near side of where the cursor begins must be genuine,
 * as prove_absent() has it, or a key altered there would be missed.
 */
static enum err prove_start(struct cur_state *c)
{
	MDB_cursor_op away = c->back ? MDB_NEXT : MDB_PREV;
	MDB_val k, v;
	int e = first(c, &k, &v);

	if (!c->from_n)
		return ERR_NONE;
	if (!e)
		e = mdb_cursor_get(c->mdb, &k, &v, away);
	else if (e == MDB_NOTFOUND)
		e = mdb_cursor_get(c->mdb, &k, &v,
				   c->back ? MDB_FIRST : MDB_LAST);
	return e ? ERR_NONE : txn_genuine(c->txn, c->table, k, v);
}

static int step(struct cur_state *c, MDB_val *k, MDB_val *v)
{
	int e;

	if (c->begun)
		return next(c, k, v);
	c->begun = true;
	e = first(c, k, v);
	/* Going down, the end of the prefix may itself be a key. */
	if (!e && c->back && !within(c, *k))
		e = mdb_cursor_get(c->mdb, k, v, MDB_PREV);
	return e;
}

enum err cur_next(struct cur *cur)
{
	struct cur_state *c = cur->state;
	enum err rc = ERR_NONE;
	MDB_val k, v;
	int e;

	if (!c || c->ended)
		return ERR_NOTFOUND;
	if (!c->begun)
		rc = prove_start(c);
	if (rc)
		return rc;
	e = step(c, &k, &v);
	c->ended = e || !within(c, k);
	if (!c->ended)
		return keep(cur, k, v);
	/* What ends the walk must be genuine, too. */
	rc = e ? err_from_mdb(e) : txn_genuine(c->txn, c->table, k, v);
	return rc ? rc : ERR_NOTFOUND;
}

enum err cur_value(struct cur *cur, struct str *value)
{
	struct cur_state *c = cur->state;
	enum err rc;

	*value = (struct str){ NULL, 0 };
	if (!c || !c->begun || c->ended)
		return ERR_NOTFOUND;
	rc = txn_unseal(c->txn, c->table, cur->key, c->sealed, &c->plain);
	if (!rc)
		*value = buf_str(&c->plain);
	return rc;
}

enum err cur_read(struct cur *cur, struct str *value)
{
	enum err rc = cur_next(cur);

	return rc ? rc : cur_value(cur, value);
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
