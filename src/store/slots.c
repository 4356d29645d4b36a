/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "priv.h"

enum err slots_read(struct slots *s, struct txn *t)
{
	MDB_val k, v;
	MDB_cursor *c = NULL;
	enum err rc = err_from_mdb(mdb_cursor_open(t->mdb, t->env->slot, &c));
	enum err step = rc;

	while (!step) {
		step = err_from_mdb(mdb_cursor_get(c, &k, &v, MDB_NEXT));
		if (step || str_eq(str_of_val(k), HEAD_KEY))
			continue;
		if (s->n == STORE_SLOTS_MAX) {
			rc = ERR_CORRUPT;
			break;
		}
		s->at[s->n] = arena_dup(&s->arena, str_of_val(v));
		step = s->at[s->n++].p ? ERR_NONE : ERR_NOMEM;
	}
	mdb_cursor_close(c);
	return rc || step == ERR_NOTFOUND ? rc : step;
}

static enum err slots_write(const struct slots *s, struct txn *t)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < STORE_SLOTS_MAX; i++) {
		char name[SLOT_KEY_MAX];
		MDB_val k = val_of(slot_key(name, i + 1));
		MDB_val v = val_of(i < s->n ? s->at[i] : STR(""));

		if (i < s->n)
			rc = err_from_mdb(
				mdb_put(t->mdb, t->env->slot, &k, &v, 0));
		else
			rc = err_from_mdb(
				mdb_del(t->mdb, t->env->slot, &k, NULL));
		if (rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	return rc;
}

enum err store_slots(struct store *st, struct arena *a, struct store_slot **out,
		     size_t *n)
{
	struct slots s = { .n = 0 };
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_READ);

	if (!rc)
		rc = slots_read(&s, t);
	txn_abort(&t);
	*n = rc ? 0 : s.n;
	*out = arena_array(a, s.n + 1, sizeof(**out));
	if (!*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < s.n; i++) {
		struct slot slot;

		rc = slot_read(&slot, s.at[i]);
		if (!rc)
			(*out)[i] =
				(struct store_slot){ slot.kind,
						     arena_dup(a, slot.name) };
	}
	arena_release(&s.arena);
	return rc;
}

/* ---- changing them */
static bool is_slot(struct str record, enum slot_kind kind, struct str name)
{
	struct slot s;

	return !slot_read(&s, record) && s.kind == kind && str_eq(s.name, name);
}

static void drop(struct slots *s, size_t i)
{
	s->n--;
	memmove(&s->at[i], &s->at[i + 1], (s->n - i) * sizeof(s->at[0]));
}

static size_t find(const struct slots *s, enum slot_kind kind, struct str name)
{
	size_t i = 0;

	while (i < s->n && !is_slot(s->at[i], kind, name))
		i++;
	return i;
}

/* Open and guarded do not stand beside each other. */
static void drop_others(struct slots *s, enum slot_kind kind)
{
	for (size_t i = s->n; i-- > 0;) {
		struct slot slot;

		if (slot_read(&slot, s->at[i]) ||
		    (slot.kind == SLOT_OPEN) != (kind == SLOT_OPEN))
			drop(s, i);
	}
}

static enum err refuse(struct report *rep, const char *why)
{
	report_add(rep, PROBLEM_ERROR, STR(""), "%s", why);
	return ERR_REFUSED;
}

static enum err add(struct slots *s, struct str record,
		    const struct slot_new *how, struct report *rep)
{
	size_t i;

	drop_others(s, how->kind);
	i = find(s, how->kind, how->name);
	if (i == STORE_SLOTS_MAX)
		return refuse(rep, _("terlalu banyak kata sandi"));
	s->at[i] = record;
	if (i == s->n)
		s->n++;
	return ERR_NONE;
}

/* Before there is a transaction: a passphrase is slow by design. */
static enum err make(struct store *st, const struct slot_new *how,
		     struct arena *a, struct str *out)
{
	struct buf b = BUF_INIT(STORE_VALUE_MAX);
	enum err rc = slot_write(&b, st->uuid, st->sys, &st->ring, how);

	*out = buf_give(&b, a);
	return rc || out->p ? rc : ERR_NOMEM;
}

/* One that is forgotten must not be the last. */
static enum err enough(const struct slots *s, struct report *rep)
{
	struct slot first;

	if (s->n && !slot_read(&first, s->at[0]) && first.kind == SLOT_OPEN)
		return ERR_NONE;
	if (s->n >= 2)
		return ERR_NONE;
	return refuse(rep, _("harus tinggal sedikitnya dua jalan masuk; buat "
			     "kode kertas dengan: pilar key paper"));
}

/* Whoever has the store open is asked by its lock for what holds now. */
static enum err remember(struct store *st, const struct slots *s)
{
	struct slot old, new;
	size_t best = 0;

	if (slot_read(&old, buf_str(&st->slot)))
		return ERR_CORRUPT;
	for (size_t i = 0; i < s->n; i++) {
		if (slot_read(&new, s->at[i]))
			return ERR_CORRUPT;
		if (new.kind == old.kind && str_eq(new.name, old.name))
			best = i;
	}
	buf_reset(&st->slot);
	buf_addstr(&st->slot, s->at[best]);
	return st->slot.failed;
}

static enum err settle(struct slots *s, struct txn **t, struct store *st,
		       struct report *rep)
{
	enum err rc = enough(s, rep);

	if (!rc)
		rc = slots_write(s, *t);
	if (!rc)
		rc = txn_commit(t);
	return rc ? rc : remember(st, s);
}

enum err store_slots_put(struct store *st, const struct slot_new *list,
			 size_t n, struct report *rep)
{
	struct slots s = { .n = 0 };
	struct str *made = arena_array(&s.arena, n + 1, sizeof(*made));
	struct txn *t = NULL;
	enum err rc = made ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < n; i++)
		rc = make(st, &list[i], &s.arena, &made[i]);
	if (!rc)
		rc = txn_begin(&t, st, STORE_MAIN, TXN_WRITE);
	if (!rc)
		rc = slots_read(&s, t);
	for (size_t i = 0; !rc && i < n; i++)
		rc = add(&s, made[i], &list[i], rep);
	if (!rc)
		rc = settle(&s, &t, st, rep);
	txn_abort(&t);
	arena_release(&s.arena);
	return rc;
}

enum err store_slot_remove(struct store *st, enum slot_kind kind,
			   struct str name, struct report *rep)
{
	struct slots s = { .n = 0 };
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_MAIN, TXN_WRITE);
	size_t i;

	if (!rc)
		rc = slots_read(&s, t);
	i = rc ? 0 : find(&s, kind, name);
	if (!rc && i == s.n)
		rc = ERR_NOTFOUND;
	if (!rc) {
		drop(&s, i);
		rc = settle(&s, &t, st, rep);
	}
	txn_abort(&t);
	arena_release(&s.arena);
	return rc;
}
