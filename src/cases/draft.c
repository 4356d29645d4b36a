/* SPDX-License-Identifier: MIT */
#include "pilar/draft.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/tree.h"

#include "draft_priv.h"

/* Acts after which the rows become the base: replaying stays quick. */
#define ACTS_KEPT 200
/* What stands half typed is at most this old on the disk. */
#define TYPING_MS 1000
#define BASE_MAX  ((size_t)16 << 20)

struct str draft_id(const struct draft *d)
{
	return str_from(d->key.text);
}

/* Leaves the disk as it is. */
static void draft_free(struct draft *d)
{
	if (!d)
		return;
	buf_release(&d->cursor);
	buf_release(&d->typed);
	buf_release(&d->kept);
	arena_release(&d->arena);
	free(d);
}

struct draft *draft_alloc(struct cases *c)
{
	struct draft *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->c = c;
	d->cursor = d->typed = d->kept = BUF_INIT((size_t)1 << 19);
	return d;
}

/* How many questions that stand open to the person have an answer. */
static uint64_t count_answers(struct session *s)
{
	struct arena a = { 0 };
	struct step *steps = NULL;
	uint64_t answers = 0;
	size_t n = 0;

	if (session_walk(s, &a, &steps, &n))
		n = 0;
	for (size_t i = 0; i < n; i++)
		answers += steps[i].kind == STEP_QUESTION &&
			   !session_readonly(s, steps[i].ref) &&
			   session_value(s, steps[i].ref).n > 0;
	arena_release(&a);
	return answers;
}

/* The state of the session becomes the base; rows before it are gone. */
static enum err put_base(struct draft *d, struct txn *t)
{
	struct buf xml = BUF_INIT(BASE_MAX);
	enum err rc = session_save_xml(d->session, &xml);

	if (!rc)
		rc = draft_base_put(t, &d->key.id, buf_str(&xml));
	buf_release(&xml);
	if (!rc)
		rc = draft_acts_del(t, &d->key.id);
	if (rc)
		return rc;
	d->head.acts = d->acts;
	d->head.cursor = buf_str(&d->cursor);
	d->head.at = sys_now(d->c->sys);
	d->head.answered = count_answers(d->session);
	return draft_head_put(t, &d->key.id, &d->head);
}

/* ---- beginning */
static enum err fill_head(struct draft *d, struct str dataset,
			  struct str entity)
{
	const struct form *f = session_form(d->session);
	struct draft_head *h = &d->head;
	struct arena *a = &d->arena;
	struct entity e;
	enum err rc;

	h->form = arena_dup(a, form_id(f));
	h->version = arena_dup(a, form_version(f));
	h->title = arena_dup(a, form_title(f));
	h->dataset = arena_dup(a, dataset);
	h->entity = arena_dup(a, entity);
	h->worker = arena_dup(a, d->c->worker.code);
	h->instance_id =
		arena_dup(a, submission_meta(session_root(d->session).node,
					     "instanceID", a));
	h->holder = holder_self(d->c->sys, a);
	if (!entity.n)
		return ERR_NONE;
	rc = cases_entity(d->c, dataset, entity, a, &e);
	if (!rc)
		h->entity_title = arena_dup(a, cases_title(d->c, &e));
	return rc;
}

enum err draft_new(struct draft **out, struct cases *c, struct session *s,
		   struct str dataset, struct str entity)
{
	struct draft *d = draft_alloc(c);
	struct txn *t = NULL;
	enum err rc;

	if (!d)
		return ERR_NOMEM;
	d->session = s;
	sys_uuid(c->sys, d->key.text);
	rc = draft_key_parse(str_from(d->key.text), &d->key) ? ERR_NONE
							     : ERR_INVALID;
	if (!rc)
		rc = fill_head(d, dataset, entity);
	if (!rc)
		rc = txn_begin(&t, c->store, STORE_DRAFTS, TXN_WRITE);
	if (!rc)
		rc = put_base(d, t);
	if (!rc)
		rc = draft_seen_note(d, t);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	if (rc)
		draft_free(d);
	else
		*out = d;
	return rc;
}

/* ---- going on */
static enum err still_mine(struct draft *d, struct txn *t)
{
	struct arena a = { 0 };
	struct draft_head now;
	enum err rc = draft_head_get(t, &d->key.id, &a, &now);

	if (!rc && !holder_same(&now.holder, &d->head.holder))
		rc = ERR_LOCKED;
	arena_release(&a);
	return rc;
}

static enum err set_text(struct buf *b, struct str text)
{
	buf_reset(b);
	buf_addstr(b, text);
	return b->failed;
}

static enum err put_kept(struct draft *d, struct txn *t)
{
	if (!d->unkept)
		return ERR_NONE;
	return draft_kept_put(t, &d->key.id, buf_str(&d->kept));
}

static enum err put_act(struct draft *d, struct txn *t, struct str record)
{
	struct draft_act_row row = { .at = sys_now(d->c->sys),
				     .cursor = buf_str(&d->cursor),
				     .record = record };

	if (d->acts - d->head.acts >= ACTS_KEPT)
		return put_base(d, t);
	return draft_act_put(t, &d->key.id, d->acts, &row);
}

enum err draft_act(struct draft *d, struct str record, struct str cursor)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, d->c->store, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		return rc;
	rc = still_mine(d, t);
	if (!rc)
		rc = set_text(&d->cursor, cursor);
	d->acts++;
	if (!rc)
		rc = put_act(d, t, record);
	if (!rc)
		rc = put_kept(d, t);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	if (rc) {
		d->acts--;
		return rc;
	}
	d->unkept = false;
	/* What stood half typed belongs to the act before. */
	buf_reset(&d->typed);
	d->pending = false;
	return ERR_NONE;
}

static enum err keep_now(struct draft *d)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, d->c->store, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		return rc;
	rc = still_mine(d, t);
	if (!rc)
		rc = put_kept(d, t);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	d->unkept = rc != ERR_NONE;
	return rc;
}

enum err draft_keep(struct draft *d, struct str bytes, bool now)
{
	enum err rc = ERR_NONE;

	if (!str_eq(buf_str(&d->kept), bytes)) {
		rc = set_text(&d->kept, bytes);
		d->unkept = true;
	}
	if (!rc && now && d->unkept)
		rc = keep_now(d);
	return rc;
}

static enum err write_typed(struct draft *d)
{
	struct draft_typed typed = { .acts = d->acts,
				     .cursor = buf_str(&d->cursor),
				     .text = buf_str(&d->typed) };
	enum err rc = draft_typed_put(d->c->store, &d->key, &typed);

	d->written = sys_now(d->c->sys);
	d->pending = rc != ERR_NONE;
	return rc;
}

int draft_due(const struct draft *d)
{
	int64_t since = sys_now(d->c->sys) - d->written;

	if (!d->pending)
		return -1;
	/* A clock that was put back must not hold it up. */
	if (since < 0 || since >= TYPING_MS)
		return 0;
	return (int)(TYPING_MS - since);
}

enum err draft_flush(struct draft *d)
{
	return draft_due(d) == 0 ? write_typed(d) : ERR_NONE;
}

void draft_cursor(struct draft *d, struct str cursor)
{
	if (str_eq(buf_str(&d->cursor), cursor))
		return;
	if (!set_text(&d->cursor, cursor))
		buf_reset(&d->typed);
	d->pending = true;
}

enum err draft_typing(struct draft *d, struct str text, bool now)
{
	enum err rc = ERR_NONE;

	if (!str_eq(buf_str(&d->typed), text)) {
		rc = set_text(&d->typed, text);
		d->pending = true;
	}
	if (rc)
		return rc;
	if (now && d->pending)
		return write_typed(d);
	return draft_flush(d);
}

/* ---- leaving */
static enum err give_up(struct draft *d)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, d->c->store, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		return rc;
	rc = still_mine(d, t);
	d->head.holder.pid = 0;
	if (d->session)
		d->head.answered = count_answers(d->session);
	if (!rc)
		rc = draft_head_put(t, &d->key.id, &d->head);
	if (!rc)
		rc = put_kept(d, t);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

void draft_close(struct draft *d)
{
	enum err rc;

	if (!d)
		return;
	/* Failing here loses nothing but the place of the cursor: a holder
	 * that is dead is replaced. */
	rc = give_up(d);
	if (!rc && d->pending)
		rc = write_typed(d);
	(void)rc;
	draft_free(d);
}
