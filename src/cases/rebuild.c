/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "events.h"
#include "project.h"
#include "undo.h"

/* Between two calls of `progress`, and between givings back of memory. */
#define STEP 64

struct rebuild {
	struct project p;
	struct report *rep;
	const struct store_watch *watch;
	size_t done, total;
};

static enum err step(struct rebuild *b)
{
	const struct store_watch *w = b->watch;

	if (b->done++ % STEP)
		return ERR_NONE;
	arena_reset(txn_arena(b->p.t));
	if (w->progress)
		w->progress(w->arg, b->done, b->total);
	return w->cancelled && w->cancelled(w->arg) ? ERR_CANCELLED : ERR_NONE;
}

static enum err clear(struct rebuild *b)
{
	static const enum table tables[] = { TABLE_BY_INSTANCE, TABLE_ENTITY,
					     TABLE_ENTITY_EVENT, TABLE_INDEX,
					     TABLE_OUTBOX };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(tables) && !rc; i++)
		rc = txn_clear(b->p.t, tables[i]);
	return rc;
}

static enum err damaged(struct rebuild *b, const struct stamp *s)
{
	char device[2 * DEVICE_BYTES + 1];

	report_add(b->rep, PROBLEM_ERROR, STR(""),
		   _("peristiwa %s nomor %llu rusak; tidak ada yang diubah"),
		   device_text(s->device, device).p,
		   (unsigned long long)s->seq);
	return ERR_CORRUPT;
}

static enum err take_submission(struct rebuild *b, const struct stamp *s,
				const struct envelope *e, struct arena *a,
				struct deeds *deeds)
{
	const struct form *form;
	enum err rc = ERR_NONE;

	/* Others' go on in the files they came in. */
	if (event_mine(b->p.c, s))
		rc = outbox_put(b->p.t, s, e->instance_id);
	if (!rc)
		rc = cases_form(b->p.c, e->form, e->version, &form, b->rep);
	return rc ? rc : deeds_read(form, e->xml, a, deeds, b->rep);
}

static enum err take_deeds(struct rebuild *b, const struct stamp *s,
			   const struct envelope *e, struct arena *a,
			   struct deeds *deeds)
{
	*deeds = (struct deeds){ .n = 0 };
	switch (e->kind) {
	case EVENT_LIST:
		return list_read(e->xml, a, deeds);
	case EVENT_WITHDRAWN:
		return undo_apply(&b->p, e->deprecated_id);
	case EVENT_SUBMISSION:
		break;
	}
	return take_submission(b, s, e, a, deeds);
}

/* One event: found by its instanceID, waiting, and noted at its entities. */
static enum err take_event(struct rebuild *b, const struct stamp *s,
			   struct str value)
{
	struct project *p = &b->p;
	struct arena a = { 0 };
	struct envelope e;
	struct deeds deeds;
	enum err rc = envelope_read(value, &a, &e);

	if (rc == ERR_CORRUPT)
		rc = damaged(b, s);
	if (!rc)
		rc = event_index(p->c, p->t, s, &e);
	if (!rc)
		rc = take_deeds(b, s, &e, &a, &deeds);
	if (!rc)
		rc = project_rows(p, s, &e, &deeds);
	arena_release(&a);
	return rc;
}

static enum err take_events(struct rebuild *b)
{
	struct cur cur = { 0 };
	struct str value;
	enum err rc =
		cur_begin(&cur, b->p.t, TABLE_EVENT, STR(""), STR(""), false);

	while (!rc) {
		struct stamp s;
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		s = rd_stamp(&r);
		rc = cur_value(&cur, &value);
		if (rc == ERR_CORRUPT || r.failed)
			rc = damaged(b, &s);
		if (!rc)
			rc = take_event(b, &s, value);
		if (!rc)
			rc = step(b);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err fold_all(struct rebuild *b)
{
	enum err rc = ERR_NONE;

	b->total += b->p.folded.list.n;
	for (size_t i = 0; i < b->p.folded.list.n && !rc; i++) {
		rc = project_fold(&b->p, &b->p.folded.list.at[i], NULL);
		if (!rc)
			rc = step(b);
	}
	return rc;
}

static enum err rebuild(struct rebuild *b)
{
	enum err rc = clear(b);

	if (!rc)
		rc = take_events(b);
	if (!rc)
		rc = outbox_again(b->p.c, b->p.t);
	if (!rc)
		rc = fold_all(b);
	if (!rc)
		rc = project_finish(&b->p);
	return rc;
}

enum err cases_rebuild(struct cases *c, store_progress progress, void *arg,
		       struct report *rep)
{
	const struct store_watch watch = { .progress = progress, .arg = arg };

	return cases_rebuild_watched(c, &watch, rep);
}

enum err cases_rebuild_watched(struct cases *c, const struct store_watch *watch,
			       struct report *rep)
{
	struct rebuild b = { .rep = rep, .watch = watch };
	struct txn *t = NULL;
	enum err rc = write_begin(&t, c, rep);

	if (rc)
		return rc;
	b.total = txn_count(t, TABLE_EVENT);
	rc = project_begin(&b.p, c, t, NULL);
	b.p.all = true;
	if (!rc)
		rc = rebuild(&b);
	project_end(&b.p);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	if (!rc && watch->progress)
		watch->progress(watch->arg, b.total, b.total);
	return rc ? rc : cases_refresh(c);
}
