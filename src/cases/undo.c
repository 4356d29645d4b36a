/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "events.h"
#include "undo.h"
#include "writing.h"

/*
 * Taking back what this worker finalised last. The event stays in the log and
 * another one says that it counts no more; entities are folded as if it had
 * never been. Only what no sync file took and nothing was built upon.
 */

struct taking {
	struct writing w;
	struct cases *c;
	struct arena arena;
	struct report *rep;
	struct stamp stamp; /* of the act */
	struct envelope act;
	struct deeds deeds;
};

static enum err stamp_of(struct txn *t, struct str instance_id,
			 struct stamp *out)
{
	struct str value;
	struct key k;
	enum err rc;

	key_instance(&k, instance_id);
	rc = txn_get(t, TABLE_BY_INSTANCE, key_str(&k), &value);
	if (!rc) {
		struct rd r = RD_INIT(value);

		*out = rd_stamp(&r);
		rc = r.failed;
	}
	return rc;
}

static enum err del(struct txn *t, enum table table, const struct key *k)
{
	enum err rc = txn_del(t, table, key_str(k));

	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err del_row(struct txn *t, const struct id *id,
			const struct stamp *s)
{
	struct key k;

	key_touch(&k, id, s);
	return del(t, TABLE_ENTITY_EVENT, &k);
}

/* ---- what it says, the same when the store is rebuilt */
static enum err take_rows(struct project *p, const struct stamp *s,
			  const struct deeds *d)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < d->n && !rc; i++) {
		const struct deed *one = &d->at[i];

		rc = del_row(p->t, &one->id, s);
		if (!rc)
			rc = props_seen(p->t, &one->op);
		if (!rc)
			rc = targets_add(p, &p->folded, one->op.dataset,
					 &one->id);
	}
	for (size_t i = 0; i < d->n_mentioned && !rc; i++)
		rc = del_row(p->t, &d->mentioned[i], s);
	return rc;
}

static enum err read_act(struct cases *c, struct txn *t, const struct stamp *s,
			 struct arena *a, struct envelope *act,
			 struct deeds *deeds)
{
	const struct form *form;
	struct report unheard = { 0 };
	struct str value;
	struct key k;
	enum err rc;

	key_event(&k, s);
	rc = txn_get(t, TABLE_EVENT, key_str(&k), &value);
	if (!rc) {
		value = arena_dup(a, value);
		rc = value.p ? envelope_read(value, a, act) : ERR_NOMEM;
	}
	if (!rc)
		rc = cases_form(c, act->form, act->version, &form, &unheard);
	if (!rc)
		rc = deeds_read(form, act->xml, a, deeds, &unheard);
	report_release(&unheard);
	return rc;
}

enum err undo_apply(struct project *p, struct str instance_id)
{
	struct arena a = { 0 };
	struct envelope act;
	struct deeds deeds = { .n = 0 };
	struct stamp s = { .seq = 0 };
	struct key k;
	enum err rc = stamp_of(p->t, instance_id, &s);

	if (!rc)
		rc = read_act(p->c, p->t, &s, &a, &act, &deeds);
	if (!rc)
		rc = take_rows(p, &s, &deeds);
	if (!rc) {
		key_instance(&k, instance_id);
		rc = del(p->t, TABLE_BY_INSTANCE, &k);
	}
	if (!rc) {
		key_event(&k, &s);
		rc = del(p->t, TABLE_OUTBOX, &k);
	}
	arena_release(&a);
	return rc;
}

/* ---- which one, and whether it may be */
/* Not one that was taken back. */
static bool stands(struct txn *t, const struct envelope *e,
		   const struct stamp *at)
{
	struct stamp s;

	return e->kind == EVENT_SUBMISSION &&
	       !stamp_of(t, e->instance_id, &s) && stamp_eq(&s, at);
}

static enum err find_act(struct taking *k, struct txn *t)
{
	struct key start = { .n = 0 };
	struct cur cur = { 0 };
	struct arena a = { 0 };
	struct str value;
	enum err rc;

	k->stamp = (struct stamp){ k->c->device, UINT64_MAX };
	key_stamp(&start, &k->stamp);
	rc = cur_begin(&cur, t, TABLE_EVENT, str_of(start.p, DEVICE_BYTES),
		       key_str(&start), true);
	while (!rc) {
		struct envelope e;
		struct rd r;

		rc = cur_read(&cur, &value);
		if (!rc)
			rc = envelope_read(value, &a, &e);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		k->stamp = rd_stamp(&r);
		if (str_eq(e.worker, k->c->worker.code) &&
		    stands(t, &e, &k->stamp))
			break;
		arena_reset(&a);
	}
	cur_end(&cur);
	arena_release(&a);
	return rc ? rc
		  : read_act(k->c, t, &k->stamp, &k->arena, &k->act, &k->deeds);
}

static enum err refuse(struct taking *k, const char *why)
{
	report_add(k->rep, PROBLEM_ERROR, k->act.title, "%s", why);
	return ERR_REFUSED;
}

/* Was anything said of the entity after it, or by one who had seen it? */
static enum err built_upon(struct taking *k, struct txn *t, const struct id *id,
			   bool *found)
{
	struct row *rows = NULL;
	size_t n = 0;
	enum err rc = rows_read(t, id, &k->arena, &rows, &n);

	for (size_t i = 0; i < n && !rc; i++) {
		bool mine = str_eq(
			str_of((const char *)rows[i].stamp.device.b,
			       DEVICE_BYTES),
			str_of((const char *)k->stamp.device.b, DEVICE_BYTES));

		*found |= stamp_eq(&rows[i].seen, &k->stamp) ||
			  (mine && rows[i].stamp.seq > k->stamp.seq);
	}
	return rc;
}

static enum err may_be(struct taking *k, struct txn *t)
{
	struct key key;
	bool found = false;
	enum err rc = ERR_NONE;

	key_event(&key, &k->stamp);
	if (!txn_has(t, TABLE_OUTBOX, key_str(&key)))
		return refuse(k, _("sudah diekspor; tidak bisa ditarik lagi"));
	for (size_t i = 0; i < k->deeds.n && !rc; i++)
		rc = built_upon(k, t, &k->deeds.at[i].id, &found);
	if (!rc && found)
		rc = refuse(k, _("sesudahnya sudah ada isian lain untuk data "
				 "yang sama; tidak bisa ditarik"));
	return rc;
}

static enum err find_and_ask(struct taking *k, struct txn *t)
{
	enum err rc = find_act(k, t);

	if (rc == ERR_NOTFOUND)
		report_add(k->rep, PROBLEM_ERROR, k->c->worker.code,
			   _("belum ada isian yang bisa ditarik"));
	return rc ? rc : may_be(k, t);
}

enum err cases_undo_last(struct cases *c, struct arena *a, struct event *out,
			 struct report *rep)
{
	struct taking k = { .c = c, .rep = rep };
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = find_and_ask(&k, v.t);
	if (!rc)
		rc = event_give(v.t, &k.stamp, true, a, out);
	view_end(&v);
	arena_release(&k.arena);
	return rc;
}

/* ---- doing it */
static enum err put_event(struct taking *k)
{
	const struct sys *sys = k->c->sys;
	char uuid[UUID_LEN + 1];
	struct envelope e = { .kind = EVENT_WITHDRAWN,
			      .at = sys_now(sys),
			      .worker = k->c->worker.code,
			      .deprecated_id = k->act.instance_id,
			      .title = k->act.title };

	sys_uuid(sys, uuid);
	e.instance_id = arena_printf(&k->arena, "uuid:%s", uuid);
	writing_clock(&k->w, &e);
	return writing_event(&k->w, &e);
}

static enum err withdraw(struct taking *k, struct txn *t,
			 struct str instance_id)
{
	struct project *p = &k->w.p;
	enum err rc = find_and_ask(k, t);

	if (!rc && !str_eq(k->act.instance_id, instance_id))
		rc = refuse(k, _("bukan isian terakhir; tidak bisa ditarik"));
	if (!rc)
		rc = writing_begin(&k->w);
	if (!rc)
		rc = put_event(k);
	if (!rc)
		rc = undo_apply(p, instance_id);
	for (size_t i = 0; i < p->folded.list.n && !rc; i++)
		rc = project_fold(p, &p->folded.list.at[i], NULL);
	return rc ? rc : project_finish(p);
}

enum err cases_undo(struct cases *c, struct str instance_id, struct report *rep)
{
	struct taking k = { .c = c, .rep = rep };
	struct txn *t = NULL;
	enum err rc = write_begin(&t, c, rep);

	if (rc)
		return rc;
	rc = project_begin(&k.w.p, c, t, rep);
	if (!rc)
		rc = withdraw(&k, t, instance_id);
	project_end(&k.w.p);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	arena_release(&k.arena);
	return rc ? rc : cases_refresh(c);
}
