/* SPDX-License-Identifier: MIT */
#include "notes.h"

#include <string.h>

#include "pilar/paradata.h"

/* In `meta`, beside what the other files of this module keep there. */
#define NOTE_PREFIX "note/"

static bool note_key(struct key *k, struct str name)
{
	struct str prefix = STR(NOTE_PREFIX);

	if (!name.n || prefix.n + name.n > KEY_NAME_MAX)
		return false;
	k->n = 0;
	for (size_t i = 0; i < prefix.n; i++)
		k->p[k->n++] = prefix.p[i];
	for (size_t i = 0; i < name.n; i++)
		k->p[k->n++] = name.p[i];
	return true;
}

static enum err read_all(struct txn *t, struct str prefix, struct arena *a,
			 struct note **out, size_t *n)
{
	VEC(struct note) found = { 0 };
	struct cur cur = { 0 };
	struct str whole = arena_printf(a, NOTE_PREFIX "%.*s", STR_ARG(prefix));
	enum err rc = cur_begin(&cur, t, TABLE_META, whole, STR(""), false);

	while (!rc) {
		struct note *one;
		struct str value;

		rc = cur_read(&cur, &value);
		if (rc)
			break;
		one = vec_push(&found);
		if (!one) {
			rc = ERR_NOMEM;
			break;
		}
		one->name = arena_dup(
			a, str_sub(cur.key, strlen(NOTE_PREFIX), cur.key.n));
		one->value = arena_dup(a, value);
	}
	cur_end(&cur);
	rc = vec_give(&found, a, out, n, rc);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err cases_notes(struct cases *c, struct str prefix, struct arena *a,
		     struct note **out, size_t *n)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	rc = read_all(v.t, prefix, a, out, n);
	view_end(&v);
	return rc;
}

static enum err note_get(struct txn *t, struct str name, struct arena *a,
			 struct str *value)
{
	struct key k;
	enum err rc;

	if (!note_key(&k, name))
		return ERR_NOTFOUND;
	rc = txn_get(t, TABLE_META, key_str(&k), value);
	if (rc)
		return rc;
	*value = arena_dup(a, *value);
	return value->p ? ERR_NONE : ERR_NOMEM;
}

enum err cases_note(struct cases *c, struct str name, struct arena *a,
		    struct str *value)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = note_get(v.t, name, a, value);
	view_end(&v);
	return rc;
}

enum err notes_put(struct txn *t, const struct note *notes, size_t n)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		struct key k;

		if (!note_key(&k, notes[i].name))
			return ERR_INVALID;
		if (notes[i].value.n) {
			rc = txn_put(t, TABLE_META, key_str(&k),
				     notes[i].value);
			continue;
		}
		rc = txn_del(t, TABLE_META, key_str(&k));
		rc = rc == ERR_NOTFOUND ? ERR_NONE : rc;
	}
	return rc;
}

enum err cases_notes_put(struct cases *c, const struct note *notes, size_t n)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, c->store, STORE_MAIN, TXN_WRITE);

	if (!rc)
		rc = notes_put(t, notes, n);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

/* ---- the audit log beside a submission */
static struct str log_name(struct str instance_id, struct arena *a)
{
	char uuid[UUID_LEN + 1];

	cases_file_uuid(instance_id, uuid);
	return arena_printf(a, "log/%s", uuid);
}

enum err notes_put_log(struct txn *t, struct str instance_id, struct str log)
{
	struct arena a = { 0 };
	struct note note = { log_name(instance_id, &a), log };
	enum err rc = ERR_NONE;

	if (log.n > AUDIT_LOG_MAX)
		rc = ERR_TOOBIG;
	else if (log.n)
		rc = notes_put(t, &note, 1);
	arena_release(&a);
	return rc;
}

enum err notes_get_log(struct txn *t, const struct event *e, struct arena *a,
		       struct str *log)
{
	enum err rc;

	*log = STR("");
	if (!paradata_named(e->xml))
		return ERR_NONE;
	rc = note_get(t, log_name(e->instance_id, a), a, log);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
