/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "draft_priv.h"
#include "start.h"

/* Drafts one store keeps: more are not read by any person. */
#define DRAFTS_MAX 10000

/* ---- whose submission is an event already */
static bool submitted(struct cases *c, struct str instance_id)
{
	struct view v;
	struct key k;
	bool there;

	if (!instance_id.n || view_begin(&v, c))
		return false;
	key_instance(&k, instance_id);
	there = txn_has(v.t, TABLE_BY_INSTANCE, key_str(&k));
	view_end(&v);
	return there;
}

static enum err drop(struct cases *c, const struct draft_key *key, bool force)
{
	struct arena a = { 0 };
	struct txn *t = NULL;
	struct draft_head h;
	enum err rc = txn_begin(&t, c->store, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		return rc;
	rc = draft_head_get(t, &key->id, &a, &h);
	if (!rc && !force && holder_alive(&h.holder) &&
	    h.holder.pid != holder_pid())
		rc = ERR_LOCKED;
	/* A damaged head does not keep a draft for ever. */
	if (!rc || rc == ERR_CORRUPT)
		rc = draft_all_del(t, &key->id);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	arena_release(&a);
	return rc ? rc : journal_del(c->store, str_from(key->text));
}

enum err draft_delete(struct cases *c, struct str id)
{
	struct draft_key key;

	if (!draft_key_parse(id, &key))
		return ERR_NOTFOUND;
	return drop(c, &key, false);
}

/* ---- the list */
struct listing {
	struct cases *c;
	struct arena *a;
	VEC(struct draft_row) rows;
	VEC(struct draft_key) done; /* to be dropped */
};

static enum err last_act(struct txn *t, const struct id *id, struct arena *a,
			 struct draft_row *row)
{
	struct draft_acts acts;
	enum err rc = draft_acts_get(t, id, true, a, &acts);

	if (rc || !acts.n)
		return rc;
	row->cursor = acts.rows[0].cursor;
	row->at = acts.rows[0].at;
	row->acts = acts.first;
	return ERR_NONE;
}

static enum err list_one(struct listing *l, struct txn *t, const struct id *id)
{
	struct draft_key key = { .id = *id };
	struct draft_head h;
	struct draft_row *row;
	struct draft_key *gone;
	enum err rc = draft_head_get(t, id, l->a, &h);

	/* A damaged draft is named by store check. */
	if (rc)
		return rc == ERR_CORRUPT ? ERR_NONE : rc;
	id_text(id, key.text);
	if (submitted(l->c, h.instance_id)) {
		gone = vec_push(&l->done);
		if (gone)
			*gone = key;
		return gone ? ERR_NONE : ERR_NOMEM;
	}
	row = vec_push(&l->rows);
	if (!row)
		return ERR_NOMEM;
	*row = (struct draft_row){
		.id = arena_dup(l->a, str_from(key.text)),
		.form_id = h.form,
		.form_version = h.version,
		.form_title = h.title,
		.dataset = h.dataset,
		.entity = h.entity,
		.title = h.entity_title,
		.worker = h.worker,
		.cursor = h.cursor,
		.at = h.at,
		.acts = h.acts,
		.answered = h.answered,
		.held = holder_alive(&h.holder),
	};
	return last_act(t, id, l->a, row);
}

static enum err list_all(struct listing *l, struct txn *t)
{
	struct cur cur = { 0 };
	enum err rc = cur_begin(&cur, t, TABLE_DRAFT, STR(""), STR(""), false);

	while (!rc && l->rows.n < DRAFTS_MAX) {
		struct id id;

		rc = cur_next(&cur);
		if (rc || cur.key.n != ID_BYTES)
			continue;
		memcpy(id.b, cur.key.p, ID_BYTES);
		rc = list_one(l, t, &id);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static int newest_first(const void *a, const void *b)
{
	const struct draft_row *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return str_cmp(x->id, y->id);
}

enum err draft_list(struct cases *c, struct arena *a, struct draft_row **rows,
		    size_t *n)
{
	struct listing l = { .c = c, .a = a };
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, c->store, STORE_DRAFTS, TXN_READ);

	*n = 0;
	if (rc)
		return rc;
	rc = list_all(&l, t);
	txn_abort(&t);
	if (l.rows.n)
		qsort(l.rows.at, l.rows.n, sizeof(*l.rows.at), newest_first);
	rc = vec_give(&l.rows, a, rows, n, rc);
	/* One that cannot be dropped now is hidden all the same. */
	vec_each (key, &l.done)
		if (drop(c, key, true))
			break;
	vec_release(&l.rows);
	vec_release(&l.done);
	return rc;
}

/* ---- opening one */
struct stored {
	struct str base, kept;
	struct draft_acts acts;
};

static enum err refuse(struct report *rep, const char *text, enum err rc)
{
	report_add(rep, PROBLEM_ERROR, str_from(_("draf")), "%s", text);
	return rc;
}

static enum err check_holder(const struct holder *h, bool take,
			     struct report *rep)
{
	if (take || h->pid == holder_pid() || !holder_alive(h))
		return ERR_NONE;
	report_add(rep, PROBLEM_ERROR, str_from(_("draf")),
		   _("sedang dibuka di tempat lain (proses %lld, %.*s)"),
		   (long long)h->pid, STR_ARG(h->tty));
	return ERR_LOCKED;
}

/* Reads all of it and becomes its holder, in one transaction. */
static enum err take_over(struct draft *d, bool take, struct stored *out,
			  struct report *rep)
{
	struct arena *a = &d->arena;
	struct txn *t = NULL;

	enum err rc = txn_begin(&t, d->c->store, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		return rc;
	rc = draft_head_get(t, &d->key.id, a, &d->head);
	if (!rc)
		rc = check_holder(&d->head.holder, take, rep);
	if (!rc)
		rc = draft_base_get(t, &d->key.id, a, &out->base);
	if (!rc)
		rc = draft_kept_get(t, &d->key.id, a, &out->kept);
	if (!rc)
		rc = draft_acts_get(t, &d->key.id, false, a, &out->acts);
	d->head.holder = holder_self(d->c->sys, a);
	if (!rc)
		rc = draft_head_put(t, &d->key.id, &d->head);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	if (rc == ERR_NOTFOUND)
		refuse(rep, _("draf ini tidak ada"), rc);
	else if (rc == ERR_CORRUPT)
		refuse(rep, _("draf ini rusak; jalankan pilar store check"),
		       rc);
	d->acts = d->head.acts + out->acts.n;
	return rc;
}

static enum err replay(struct draft *d, const struct stored *in,
		       struct report *rep)
{
	struct session *s = NULL;
	enum err rc =
		cases_session(d->c, d->head.form, d->head.version, &s, rep);

	if (rc)
		return rc;
	d->session = s;
	rc = session_restore(s, in->base, false, rep);
	for (size_t i = 0; i < in->acts.n && !rc; i++)
		rc = session_replay(s, in->acts.rows[i].record);
	if (!rc)
		rc = session_resume(s);
	if (rc)
		refuse(rep, _("isian draf ini tidak cocok dengan formulirnya"),
		       rc);
	return rc;
}

static void read_typed(struct draft *d, const struct stored *in,
		       struct draft_open *out, struct arena *a)
{
	struct draft_typed typed = { .acts = 0 };

	out->cursor = in->acts.n ? in->acts.rows[in->acts.n - 1].cursor
				 : d->head.cursor;
	if (!draft_typed_get(d->c->store, &d->key, a, &typed) &&
	    typed.acts == d->acts) {
		out->cursor = typed.cursor;
		out->typed = typed.text;
	}
	out->cursor = arena_dup(a, out->cursor);
	out->kept = arena_dup(a, in->kept);
	out->dataset = arena_dup(a, d->head.dataset);
	out->entity = arena_dup(a, d->head.entity);
	buf_addstr(&d->cursor, out->cursor);
	buf_addstr(&d->typed, out->typed);
}

enum err draft_open(struct draft_open *out, struct cases *c, struct str id,
		    bool take, struct arena *a, struct report *rep)
{
	struct stored stored = { .acts = { .n = 0 } };
	struct draft *d = draft_alloc(c);
	enum err rc;

	*out = (struct draft_open){ .draft = NULL };
	if (!d)
		return ERR_NOMEM;
	if (!draft_key_parse(id, &d->key))
		rc = refuse(rep, _("draf ini tidak ada"), ERR_NOTFOUND);
	else
		rc = take_over(d, take, &stored, rep);
	if (!rc && submitted(c, d->head.instance_id)) {
		rc = drop(c, &d->key, true);
		if (!rc)
			rc = refuse(rep, _("isian ini sudah tersimpan"),
				    ERR_NOTFOUND);
	}
	if (!rc)
		rc = replay(d, &stored, rep);
	if (rc) {
		session_free(d->session);
		d->session = NULL;
		draft_close(d);
		return rc;
	}
	read_typed(d, &stored, out, a);
	out->draft = d;
	out->session = d->session;
	out->fixed = start_select(d->session, d->head.dataset);
	return ERR_NONE;
}
