/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"

#include "events.h"
#include "notes.h"
#include "project.h"
#include "writing.h"

/*
 * The one door. Everything that can be refused is looked at before the
 * transaction; inside it the event is written, then what follows from it.
 */

struct prepared {
	const struct submission *sub;
	const struct form *form;
	struct deeds deeds;
	uint8_t hash[EVENT_HASH];
};

struct submitting {
	struct writing w;
	struct arena arena;
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
/*
 * The same again: nothing is changed, but there is something to commit, so
 * that what was written before a failed sync counts only after a good one.
 */
static enum err commit_again(struct txn *t)
{
	return txn_put(t, TABLE_META, STR("again"), STR(""));
}

static enum err already(struct submitting *s, const struct prepared *in,
			bool *done)
{
	struct str value;
	struct key k;
	enum err rc;

	key_instance(&k, in->sub->instance_id);
	rc = txn_get(s->w.p.t, TABLE_BY_INSTANCE, key_str(&k), &value);
	*done = !rc;
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	if (value.n == STAMP_BYTES + EVENT_HASH &&
	    memcmp(value.p + STAMP_BYTES, in->hash, EVENT_HASH) == 0)
		return commit_again(s->w.p.t);
	report_add(s->w.p.rep, PROBLEM_ERROR, in->sub->form_id,
		   _("isian dengan instanceID yang sama sudah disimpan dengan "
		     "isi lain"));
	return ERR_EXISTS;
}

static struct envelope describe(struct submitting *s, const struct prepared *in)
{
	const struct sys *sys = s->w.p.c->sys;
	const struct submission *sub = in->sub;
	struct envelope e = { .kind = EVENT_SUBMISSION,
			      .at = sub->at ? sub->at : sys_now(sys),
			      .worker = s->w.p.c->worker.code,
			      .instance_id = sub->instance_id,
			      .deprecated_id = sub->deprecated_id,
			      .form = form_id(in->form),
			      .version = form_version(in->form),
			      .title = form_title(in->form),
			      .name = sub->name,
			      .xml = sub->xml };

	writing_clock(&s->w, &e);
	return e;
}

static enum err submit_one(struct submitting *s, const struct prepared *in)
{
	struct envelope e = describe(s, in);
	bool done = false;
	enum err rc = already(s, in, &done);

	if (rc || done)
		return rc;
	rc = writing_seen(&s->w, &s->arena, &in->deeds, &e);
	if (rc)
		return rc;
	rc = writing_event(&s->w, &e);
	if (!rc)
		rc = outbox_put(s->w.p.t, &s->w.last, e.instance_id);
	if (!rc)
		rc = notes_put_log(s->w.p.t, e.instance_id, in->sub->audit);
	return rc ? rc : writing_follow(&s->w, &e, &in->deeds);
}

static enum err submit_prepared(struct submitting *s, struct cases *c,
				struct report *rep)
{
	struct txn *t = NULL;
	enum err rc = write_begin(&t, c, rep);

	if (rc)
		return rc;
	rc = project_begin(&s->w.p, c, t, rep);
	if (!rc)
		rc = writing_begin(&s->w);
	for (size_t i = 0; i < s->n && !rc; i++)
		rc = submit_one(s, &s->at[i]);
	if (!rc)
		rc = project_finish(&s->w.p);
	project_end(&s->w.p);
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
	/*
	 * After a failed sync nobody knows what reached the disk. The store
	 * has been opened anew: what is missing is written again, what is
	 * there is made sure of by another commit.
	 */
	if (rc == ERR_IO)
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
