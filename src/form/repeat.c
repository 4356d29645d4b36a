/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "ses.h"

/* Instances of repeats come and go. */

bool repeat_fixed(const struct session *s, uint32_t slot)
{
	const struct item_def *r = s->form->slots[slot].repeat;

	return !r || r->fixed || r->count_text.n;
}

/* The last node below `holder` that stands before slot `slot`. */
static struct node *before_slot(const struct session *s,
				const struct node *holder, uint32_t slot)
{
	const struct shape_slot *slots = s->form->shape.slots;
	const struct shape_slot *up = &slots[slots[slot].parent];
	struct node *k = NULL;

	for (uint32_t i = slots[slot].ordinal; i > 0 && !k; i--)
		if (!slots[up->kids[i - 1]].attribute)
			k = holder->kids[i - 1];
	while (k && next_of(k))
		k = next_of(k);
	return k;
}

void instance_attach(struct session *s, struct node *n, struct node *holder,
		     struct node *after)
{
	struct node *before = after ? after : before_slot(s, holder, n->slot);

	if (!before)
		node_insert_first(holder, n);
	else if (before == holder->last)
		node_append(holder, n);
	else
		node_insert_after(before, n);
	n->position = after ? after->position + 1 : 1;
	if (!after)
		holder->kids[s->form->shape.slots[n->slot].ordinal] = n;
	for (struct node *k = next_of(n); k; k = next_of(k))
		k->position++;
}

void instance_detach(struct session *s, struct node *n)
{
	struct node *holder = n->parent, *next = next_of(n);
	struct node **first =
		&holder->kids[s->form->shape.slots[n->slot].ordinal];

	if (*first == n)
		*first = next;
	for (struct node *k = next; k; k = next_of(k))
		k->position--;
	node_remove(n);
	s->work.removed = true;
}

static enum err arrive(struct session *s, struct node *n, struct node *holder,
		       struct node *after)
{
	enum err rc;

	instance_attach(s, n, holder, after);
	rc = act_shift(s, true, n, holder);
	/* While it was away what is around it may have been hidden or shown. */
	if (!rc)
		rc = hide(s, n, holder->hidden || cell(n)->self_hidden);
	if (!rc)
		rc = work_subtree(s, n);
	return rc ? rc : work_shift(s, holder, n->slot, next_of(n) != NULL);
}

enum err repeat_insert(struct session *s, uint32_t slot, struct node *holder,
		       struct node *after, struct node **out)
{
	const struct slot *def = &s->form->slots[slot];
	struct build b = { .s = s, .clear = def->clear };
	struct node *n;
	enum err rc;

	rc = build_node(&b, slot, def->pattern, &n);
	if (rc)
		return rc;
	rc = arrive(s, n, holder, after);
	if (!rc)
		rc = preload_all(s, n);
	if (!rc)
		rc = fire_birth(s, n);
	if (out)
		*out = n;
	return rc;
}

enum err repeat_delete(struct session *s, struct node *n)
{
	struct node *holder = n->parent;
	bool moved = next_of(n) != NULL;
	enum err rc;

	rc = act_shift(s, false, n, holder);
	if (rc)
		return rc;
	instance_detach(s, n);
	return work_shift(s, holder, n->slot, moved);
}

enum err repeat_move(struct session *s, struct node *n, struct node *after)
{
	struct node *holder = n->parent;
	enum err rc = act_shift(s, false, n, holder);

	if (rc)
		return rc;
	instance_detach(s, n);
	rc = arrive(s, n, holder, after);
	/* also those before it stand elsewhere now */
	return rc ? rc : work_shift(s, holder, n->slot, true);
}

/* ---- counts */

struct parked_key {
	const struct node *holder;
	uint64_t slot;
};

static struct str key_str(const struct parked_key *key)
{
	return str_of((const char *)key, sizeof(*key));
}

static struct parked *parked_of(struct session *s, uint32_t slot,
				struct node *holder)
{
	const struct parked_key key = { holder, slot };
	const void *at = map_get(&s->parked_at, key_str(&key));

	return at ? &s->parked.at[(uintptr_t)at - 1] : NULL;
}

static struct parked *parked_new(struct session *s, uint32_t slot,
				 struct node *holder)
{
	struct parked_key *key = arena_alloc(&s->arena, sizeof(*key));
	struct parked *p = vec_push(&s->parked);

	if (!key || !p)
		return NULL;
	*key = (struct parked_key){ holder, slot };
	if (map_put(&s->parked_at, key_str(key),
		    (void *)(uintptr_t)s->parked.n))
		return NULL;
	return p;
}

static enum err park(struct session *s, struct node *holder, struct node *n)
{
	struct parked *p = parked_of(s, n->slot, holder);
	struct ref *top;

	if (!p)
		p = parked_new(s, n->slot, holder);
	top = p ? vec_push(&p->nodes) : NULL;
	if (!top)
		return ERR_NOMEM;
	top->node = n;
	return ERR_NONE;
}

/* The instance that a falling count took last, if it is still away. */
static struct node *unpark(struct session *s, uint32_t slot,
			   struct node *holder)
{
	struct parked *p = parked_of(s, slot, holder);

	while (p && p->nodes.n) {
		struct node *n = p->nodes.at[--p->nodes.n].node;

		if (!n->parent)
			return n;
	}
	return NULL;
}

static enum err grow(struct session *s, uint32_t slot, struct node *holder,
		     struct node **last)
{
	struct node *n = unpark(s, slot, holder);
	enum err rc;

	if (!n) {
		rc = repeat_insert(s, slot, holder, *last, &n);
		*last = n;
		return rc;
	}
	rc = arrive(s, n, holder, *last);
	if (!rc && cell(n)->unborn)
		rc = fire_birth(s, n);
	cell(n)->unborn = false;
	*last = n;
	return rc;
}

static enum err shrink(struct session *s, struct node *holder,
		       struct node **last)
{
	struct node *n = *last;
	enum err rc;

	if (!n)
		return ERR_NONE;
	*last = n->position > 1 ? n->prev : NULL;
	cell(n)->unborn = s->loading && !s->reopening;
	rc = repeat_delete(s, n);
	return rc ? rc : park(s, holder, n);
}

enum err repeat_set_count(struct session *s, uint32_t slot, struct node *holder,
			  double count)
{
	uint64_t bit = (uint64_t)1 << (s->form->slots[slot].nth_repeat & 63);
	struct node *last = first_of(holder, s, slot);
	size_t want, have;
	enum err rc = ERR_NONE;

	/* An answer taken away changes nothing until there is another. */
	if (isnan(count) && (cell(holder)->counted & bit))
		return ERR_NONE;
	cell(holder)->counted |= bit;
	if (isnan(count) || count < 0)
		count = 0;
	want = count > FORM_MAX_REPEATS ? FORM_MAX_REPEATS : (size_t)count;
	while (last && next_of(last))
		last = next_of(last);
	have = last ? last->position : 0;
	for (; have < want && !rc; have++)
		rc = grow(s, slot, holder, &last);
	for (; have > want && !rc; have--)
		rc = shrink(s, holder, &last);
	return rc;
}
