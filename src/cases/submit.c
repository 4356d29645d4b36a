/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"

#include "events.h"
#include "project.h"

/*
 * The one door. Everything that can be refused is looked at before the
 * transaction; inside it the event is written, then what follows from it.
 */

/* No submission is older than the program: 2026-01-01 UTC. */
#define CLOCK_FLOOR INT64_C(1767225600000)
/* The XML is at most TREE_MAX_BYTES; the rest is small. */
#define EVENT_MAX ((size_t)20 << 20)

struct prepared {
	const struct submission *sub;
	const struct form *form;
	struct deeds deeds;
	uint8_t hash[EVENT_HASH];
};

struct submitting {
	struct project p;
	struct arena arena;
	struct stamp last; /* of this device */
	int64_t last_at;   /* when it was made */
	struct prepared *at;
	size_t n;
};

/* ---- before the transaction */
static enum err prepare(struct submitting *s, struct cases *c,
			const struct submission *sub, struct prepared *out,
			struct report *rep)
{
	enum err rc;

	out->sub = sub;
	if (!sub->instance_id.n || !sub->xml.n) {
		report_add(rep, PROBLEM_ERROR, sub->form_id,
			   _("isian tanpa instanceID tidak dapat disimpan"));
		return ERR_INVALID;
	}
	rc = cases_form(c, sub->form_id, sub->form_version, &out->form, rep);
	if (rc)
		return rc;
	sha256(out->hash, sub->xml);
	return deeds_read(out->form, sub->xml, &s->arena, &out->deeds, rep);
}

/* ---- inside */
/* The event this device made last: where to go on, and whether the clock has
 * gone back since. */
static enum err read_last(struct submitting *s)
{
	struct envelope e;
	struct cur cur = { 0 };
	struct str value;
	struct key k = { .n = 0 };
	enum err rc;

	s->last.device = s->p.c->device;
	s->last.seq = UINT64_MAX;
	key_stamp(&k, &s->last);
	s->last.seq = 0;
	rc = cur_begin(&cur, s->p.t, TABLE_EVENT, str_of(k.p, DEVICE_BYTES),
		       key_str(&k), true);
	if (!rc)
		rc = cur_next(&cur);
	if (!rc) {
		struct rd r = RD_INIT(cur.key);

		s->last = rd_stamp(&r);
		rc = cur_value(&cur, &value);
	}
	if (!rc)
		rc = envelope_read(value, &s->p.arena, &e);
	if (!rc)
		s->last_at = e.at;
	cur_end(&cur);
	/* A damaged event does not stop new ones: only its time is lost. */
	return rc == ERR_NOTFOUND || rc == ERR_CORRUPT ? ERR_NONE : rc;
}

static enum err already(struct submitting *s, const struct prepared *in,
			bool *done)
{
	struct str value;
	struct key k;
	enum err rc;

	key_instance(&k, in->sub->instance_id);
	rc = txn_get(s->p.t, TABLE_BY_INSTANCE, key_str(&k), &value);
	*done = !rc;
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	if (value.n == STAMP_BYTES + EVENT_HASH &&
	    memcmp(value.p + STAMP_BYTES, in->hash, EVENT_HASH) == 0)
		return ERR_NONE;
	report_add(s->p.rep, PROBLEM_ERROR, in->sub->form_id,
		   _("isian dengan instanceID yang sama sudah disimpan dengan "
		     "isi lain"));
	return ERR_EXISTS;
}

/* What is known of each entity now, and a branchId for what is made here. */
static enum err take_seen(struct submitting *s, const struct prepared *in,
			  struct envelope *e)
{
	struct seen *all =
		arena_array(&s->arena, in->deeds.n + 1, sizeof(*all));

	if (!all)
		return ERR_NOMEM;
	e->seen = all;
	for (size_t i = 0; i < in->deeds.n; i++) {
		const struct deed *d = &in->deeds.at[i];
		struct seen *seen = &all[e->n_seen];
		const struct sys *sys = s->p.c->sys;
		char text[UUID_LEN + 1];
		struct state st;
		enum err rc;

		if (envelope_seen(e, d->op.dataset, &d->id))
			continue;
		rc = state_get(s->p.t, d->op.dataset, &d->id, &s->p.arena, &st);
		if (rc && rc != ERR_NOTFOUND)
			return rc;
		*seen = (struct seen){ .dataset = d->op.dataset,
				       .id = d->id,
				       .last = st.last };
		if (!st.exists && d->op.verb != ENTITY_UPDATE) {
			sys_uuid(sys, text);
			seen->has_branch =
				id_parse(str_from(text), &seen->branch);
		}
		e->n_seen++;
	}
	return ERR_NONE;
}

static struct envelope describe(struct submitting *s, const struct prepared *in)
{
	const struct sys *sys = s->p.c->sys;
	const struct submission *sub = in->sub;
	struct envelope e = { .kind = EVENT_SUBMISSION,
			      .at = sub->at ? sub->at : sys_now(sys),
			      .worker = s->p.c->worker.code,
			      .instance_id = sub->instance_id,
			      .deprecated_id = sub->deprecated_id,
			      .form = form_id(in->form),
			      .version = form_version(in->form),
			      .title = form_title(in->form),
			      .name = sub->name,
			      .xml = sub->xml };

	e.offset_min = sys->offset_min(sys->self, e.at);
	e.doubtful = e.at < s->last_at || e.at < CLOCK_FLOOR;
	return e;
}

static enum err put_event(struct submitting *s, const struct envelope *e)
{
	struct buf b = BUF_INIT(EVENT_MAX);
	struct key k;
	enum err rc;

	envelope_write(&b, e);
	key_event(&k, &s->last);
	rc = b.failed;
	if (!rc)
		rc = txn_append(s->p.t, TABLE_EVENT, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

static enum err follow(struct submitting *s, const struct envelope *e,
		       const struct prepared *in)
{
	enum err rc = project_rows(&s->p, &s->last, e, &in->deeds);

	for (size_t i = 0; i < e->n_seen && !rc; i++) {
		struct target t = { e->seen[i].dataset, e->seen[i].id };

		rc = project_fold(&s->p, &t, &s->last);
	}
	return rc;
}

static enum err submit_one(struct submitting *s, const struct prepared *in)
{
	struct envelope e = describe(s, in);
	bool done = false;
	enum err rc = already(s, in, &done);

	if (rc || done)
		return rc;
	rc = take_seen(s, in, &e);
	if (rc)
		return rc;
	s->last.seq++;
	s->last_at = e.at > s->last_at ? e.at : s->last_at;
	rc = put_event(s, &e);
	if (!rc)
		rc = event_index(s->p.c, s->p.t, &s->last, &e);
	if (!rc)
		rc = outbox_put(s->p.t, &s->last, e.instance_id);
	return rc ? rc : follow(s, &e, in);
}

static enum err submit_prepared(struct submitting *s, struct cases *c,
				struct report *rep)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, c->store, STORE_MAIN, TXN_WRITE);

	if (rc)
		return rc;
	rc = project_begin(&s->p, c, t, rep);
	if (!rc)
		rc = read_last(s);
	for (size_t i = 0; i < s->n && !rc; i++)
		rc = submit_one(s, &s->at[i]);
	if (!rc)
		rc = project_finish(&s->p);
	project_end(&s->p);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

enum err cases_submit_all(struct cases *c, const struct submission *subs,
			  size_t n, struct report *rep)
{
	struct submitting s = { .n = n };
	enum err rc = ERR_NONE;

	s.at = arena_array(&s.arena, n + 1, sizeof(*s.at));
	if (!s.at)
		rc = ERR_NOMEM;
	for (size_t i = 0; i < n && !rc; i++)
		rc = prepare(&s, c, &subs[i], &s.at[i], rep);
	if (!rc)
		rc = submit_prepared(&s, c, rep);
	arena_release(&s.arena);
	return rc ? rc : cases_refresh(c);
}

/*
 * The event is what counts: a draft that is left over is dropped when drafts
 * are listed next.
 */
static void forget_draft(struct cases *c, struct str draft)
{
	enum err rc = draft.n ? draft_delete(c, draft) : ERR_NONE;

	(void)rc;
}

enum err cases_submit(struct cases *c, const struct submission *sub,
		      struct str draft, struct report *rep)
{
	enum err rc = cases_submit_all(c, sub, 1, rep);

	if (!rc)
		forget_draft(c, draft);
	return rc;
}
