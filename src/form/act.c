/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "ses.h"

/*
 * An act is all that one call of a person's changes: it tells the screen what
 * to draw again, the draft what to keep, and undo what to put back.
 */

/*
 * Acts that can be undone: so many, and of large ones as many as fit, but
 * always a few. Older ones are forgotten.
 */
#define UNDO_MAX   200
#define UNDO_MIN   20
#define UNDO_BYTES ((size_t)512 << 10)

void act_release(struct act *a)
{
	arena_release(&a->arena);
	vec_release(&a->nodes);
	vec_release(&a->shifts);
	buf_release(&a->record);
}

void act_begin(struct session *s)
{
	struct act *a = &s->this_act;

	arena_reset(&a->arena);
	vec_reset(&a->nodes);
	vec_reset(&a->shifts);
	s->act = a;
}

void act_drop(struct session *s)
{
	s->act = NULL;
}

/*
 * What a cell says of an earlier act is not erased: its node does not stand
 * there now.
 */
static const struct touched *touched(const struct act *a, const struct node *n)
{
	uint32_t at = cell(n)->touched;

	return at < a->nodes.n && a->nodes.at[at].node == n ? &a->nodes.at[at]
							    : NULL;
}

enum err act_touch(struct session *s, struct node *n)
{
	struct act *a = s->act;
	struct str shown = shown_value(n), raw = raw_value(n);
	struct cell *c = cell(n);
	struct touched *t;

	if (!a || touched(a, n))
		return ERR_NONE;
	shown = arena_dup(&a->arena, shown);
	raw = c->choice ? arena_dup(&a->arena, raw) : shown;
	t = vec_push(&a->nodes);
	if (!t || !shown.p || !raw.p)
		return ERR_NOMEM;
	c->touched = (uint32_t)a->nodes.n - 1;
	*t = (struct touched){ .node = n,
			       .shown = shown.p,
			       .raw = raw.p,
			       .shown_n = (uint32_t)shown.n,
			       .raw_n = (uint32_t)raw.n,
			       .hidden = n->hidden,
			       .readonly = c->readonly,
			       .required = c->required };
	return ERR_NONE;
}

enum err act_shift(struct session *s, bool added, struct node *n,
		   struct node *holder)
{
	struct shift *x;

	if (!s->act)
		return ERR_NONE;
	x = vec_push(&s->act->shifts);
	if (!x)
		return ERR_NOMEM;
	*x = (struct shift){ added, n, holder, n->position };
	return ERR_NONE;
}

/* ---- what changed, for the caller */

static unsigned kind_of(const struct session *s, const struct touched *t)
{
	const struct cell *c = cell(t->node);
	struct str before = t->hidden ? STR("") : was_shown(t);
	unsigned kind = 0;

	if (!str_eq(before, seen_value(t->node)))
		kind |= CHANGE_VALUE;
	if (t->hidden != t->node->hidden || t->readonly != c->readonly ||
	    t->required != c->required)
		kind |= CHANGE_STATE;
	/* Read-only comes from above, too. */
	for (const struct node *p = t->node->parent; p && p->data && !kind;
	     p = p->parent) {
		const struct touched *up = touched(s->act, p);

		if (up && up->readonly != cell(p)->readonly)
			kind = CHANGE_STATE;
	}
	return kind;
}

static enum err change_add(struct changes *c, struct node *n, unsigned kind)
{
	struct change *x = vec_push(&c->list);

	if (!x)
		return ERR_NOMEM;
	*x = (struct change){ { n }, kind };
	return ERR_NONE;
}

static int change_order(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return node_order(x->ref.node, y->ref.node);
}

/* Several things may be true of one node. */
static void merge_changes(struct changes *c)
{
	size_t n = 0, in_order = 1;

	/* Most acts go through the form from top to bottom. */
	while (in_order < c->list.n && change_order(&c->list.at[in_order - 1],
						    &c->list.at[in_order]) <= 0)
		in_order++;
	if (in_order < c->list.n)
		qsort(c->list.at, c->list.n, sizeof(*c->list.at), change_order);
	for (size_t i = 0; i < c->list.n; i++) {
		if (n && c->list.at[n - 1].ref.node == c->list.at[i].ref.node)
			c->list.at[n - 1].kind |= c->list.at[i].kind;
		else
			c->list.at[n++] = c->list.at[i];
	}
	c->list.n = n;
}

static enum err list_changes(struct session *s, struct changes *c)
{
	const struct act *a = s->act;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < a->shifts.n && !rc; i++) {
		const struct shift *x = &a->shifts.at[i];
		struct node *n = x->added ? x->node : x->holder;

		if (attached(s, n))
			rc = change_add(
				c, n, x->added ? CHANGE_ADDED : CHANGE_REMOVED);
	}
	for (size_t i = 0; i < a->nodes.n && !rc; i++) {
		const struct touched *t = &a->nodes.at[i];
		unsigned kind = kind_of(s, t);

		if (kind && attached(s, t->node))
			rc = change_add(c, t->node, kind);
	}
	if (!rc)
		rc = watch_tell(s, c);
	merge_changes(c);
	return rc;
}

static bool act_empty(const struct act *a)
{
	if (a->shifts.n)
		return false;
	for (size_t i = 0; i < a->nodes.n; i++)
		if (!str_eq(was_raw(&a->nodes.at[i]),
			    raw_value(a->nodes.at[i].node)))
			return false;
	return true;
}

static enum err tell(struct session *s, struct changes *c)
{
	struct buf *b = &s->this_act.record;
	enum err rc;

	changes_forget(c);
	buf_reset(b);
	b->max = TREE_MAX_BYTES;
	rc = list_changes(s, c);
	if (rc || act_empty(s->act))
		return rc;
	rc = record_write(s, s->act, b);
	if (rc)
		return rc;
	c->record = arena_dup(&c->arena, buf_str(b));
	return c->record.p ? ERR_NONE : ERR_NOMEM;
}

void changes_forget(struct changes *c)
{
	if (!c)
		return;
	vec_reset(&c->list);
	arena_reset(&c->arena);
	c->record = STR("");
}

void changes_release(struct changes *c)
{
	vec_release(&c->list);
	arena_release(&c->arena);
	*c = (struct changes){ 0 };
}

/* ---- keeping and putting back */

static void forget_oldest(struct past_list *list)
{
	size_t gone = 0;

	while (list->n - gone >= UNDO_MAX ||
	       (list->n - gone >= UNDO_MIN && list->bytes > UNDO_BYTES)) {
		list->bytes -= list->at[gone]->bytes;
		free(list->at[gone++]);
	}
	list->n -= gone;
	if (gone)
		memmove(list->at, list->at + gone,
			list->n * sizeof(struct past *));
}

struct past *act_last(struct past_list *list)
{
	struct past *p = list->at[--list->n];

	list->bytes -= p->bytes;
	return p;
}

static struct past *past_new(const struct act *a)
{
	size_t bytes = sizeof(struct past) +
		       a->shifts.n * sizeof(struct shift) +
		       a->nodes.n * sizeof(struct was);
	struct past *p;
	char *text;

	vec_each (t, &a->nodes)
		bytes += was_raw(t).n;
	p = malloc(bytes);
	if (!p)
		return NULL;
	*p = (struct past){ .n = a->nodes.n,
			    .n_shifts = a->shifts.n,
			    .bytes = bytes };
	p->shifts = (struct shift *)(void *)(p + 1);
	p->nodes = (struct was *)(void *)(p->shifts + p->n_shifts);
	text = (char *)(p->nodes + p->n);
	if (p->n_shifts)
		memcpy(p->shifts, a->shifts.at,
		       p->n_shifts * sizeof(*p->shifts));
	for (size_t i = 0; i < p->n; i++) {
		struct str raw = was_raw(&a->nodes.at[i]);

		p->nodes[i] =
			(struct was){ a->nodes.at[i].node, (uint32_t)raw.n };
		memcpy(text, raw.p, raw.n);
		text += raw.n;
	}
	p->end = text;
	return p;
}

enum err act_take(struct session *s, struct past **out)
{
	*out = past_new(s->act);
	s->act = NULL;
	return *out ? ERR_NONE : ERR_NOMEM;
}

enum err act_keep(struct session *s, struct past_list *list)
{
	struct past *p = NULL, **slot;
	enum err rc;

	if (!s->act || act_empty(s->act)) {
		act_drop(s);
		return ERR_NONE;
	}
	rc = act_take(s, &p);
	if (rc)
		return rc;
	forget_oldest(list);
	slot = vec_push_raw((void **)&list->at, &list->n, &list->cap,
			    sizeof(struct past *));
	if (!slot) {
		free(p);
		return ERR_NOMEM;
	}
	*slot = p;
	list->bytes += p->bytes;
	return ERR_NONE;
}

void acts_clear(struct past_list *list)
{
	vec_each (p, list)
		free(*p);
	vec_reset(list);
	list->bytes = 0;
}

enum err act_end(struct session *s, struct changes *c)
{
	enum err rc = ERR_NONE;

	if (c)
		rc = tell(s, c);
	if (rc)
		act_drop(s);
	return rc;
}

static enum err revert_shift(struct session *s, const struct shift *x)
{
	enum err rc;

	if (x->added) {
		rc = act_shift(s, false, x->node, x->holder);
		instance_detach(s, x->node);
	} else {
		uint32_t slot = x->node->slot;

		instance_attach(s, x->node, x->holder,
				x->position > 1 ? nth_of(x->holder, s, slot,
							 x->position - 1)
						: NULL);
		rc = act_shift(s, true, x->node, x->holder);
		if (!rc)
			rc = hide(s, x->node,
				  x->holder->hidden ||
					  cell(x->node)->self_hidden);
		if (!rc)
			rc = work_subtree(s, x->node);
	}
	return rc ? rc : work_shift(s, x->holder, x->node->slot, true);
}

enum err act_revert(struct session *s, const struct past *p)
{
	const char *text = p->end;
	enum err rc = ERR_NONE;

	s->work.states_only = true;
	s->work.removed = true; /* what it touched may be gone since */
	for (size_t i = p->n_shifts; i > 0 && !rc; i--)
		rc = revert_shift(s, &p->shifts[i - 1]);
	for (size_t i = p->n; i > 0 && !rc; i--) {
		text -= p->nodes[i - 1].n;
		rc = value_put(s, p->nodes[i - 1].node,
			       str_of(text, p->nodes[i - 1].n));
	}
	if (!rc)
		rc = settle(s);
	s->work.states_only = false;
	return rc;
}
