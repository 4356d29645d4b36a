/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "ses.h"

/*
 * Acts as bytes, for drafts. A record begins with the fingerprint of the
 * shape; then come steps: instances that came or went, in the order in which
 * they did, the whole content of those that came, and the values that
 * changed. A node is its slot and the position in every repeat above it.
 * Numbers take seven bits a byte.
 */
enum step_op { OP_VALUE = 1, OP_ADD, OP_REMOVE, OP_COUNT };

static void put_number(struct buf *b, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_u8(b, (uint8_t)(n | 0x80));
	buf_u8(b, (uint8_t)n);
}

static void put_positions(struct buf *b, const struct session *s,
			  const struct node *n)
{
	if (n->parent && n->parent->data)
		put_positions(b, s, n->parent);
	if (s->form->shape.slots[n->slot].repeat)
		put_number(b, n->position);
}

static void put_node(struct buf *b, const struct session *s,
		     const struct node *n)
{
	put_number(b, n->slot);
	put_positions(b, s, n);
}

static void put_value(struct buf *b, const struct session *s,
		      const struct node *n)
{
	struct str text = raw_value(n);

	buf_u8(b, OP_VALUE);
	put_node(b, s, n);
	put_number(b, text.n);
	buf_addstr(b, text);
}

/* An instance at a place, whether it still stands there or not. */
static void put_shift(struct buf *b, const struct session *s,
		      const struct shift *x)
{
	buf_u8(b, x->added ? OP_ADD : OP_REMOVE);
	put_number(b, x->node->slot);
	put_positions(b, s, x->holder);
	put_number(b, x->position);
}

static void put_counts(struct buf *b, const struct session *s,
		       const struct node *n)
{
	const struct shape_slot *shape = &s->form->shape.slots[n->slot];

	for (uint32_t i = 0; i < shape->n_kids; i++) {
		uint32_t slot = shape->kids[i];

		if (!s->form->shape.slots[slot].repeat)
			continue;
		buf_u8(b, OP_COUNT);
		put_number(b, slot);
		put_positions(b, s, n);
		put_number(b, count_of(n, s, slot));
	}
}

static void put_all(struct buf *b, const struct session *s,
		    const struct node *n)
{
	if (cell(n)->leaf)
		put_value(b, s, n);
	for (const struct node *a = n->attrs; a; a = a->next)
		if (a->data)
			put_value(b, s, a);
	put_counts(b, s, n);
	for (const struct node *k = n->first; k; k = k->next)
		if (k->data)
			put_all(b, s, k);
}

static bool in_fresh(const struct node *n)
{
	for (; n && n->data; n = n->parent)
		if (cell(n)->fresh)
			return true;
	return false;
}

static void mark_fresh(const struct act *a, bool fresh)
{
	for (size_t i = 0; i < a->shifts.n; i++)
		if (a->shifts.at[i].added)
			cell(a->shifts.at[i].node)->fresh = fresh;
}

static void put_act(struct buf *b, struct session *s, const struct act *a)
{
	for (size_t i = 0; i < a->shifts.n; i++)
		put_shift(b, s, &a->shifts.at[i]);
	for (size_t i = 0; i < a->shifts.n; i++) {
		const struct shift *x = &a->shifts.at[i];

		/* Within another that came it is told with that. */
		if (x->added && attached(s, x->node) &&
		    !in_fresh(x->node->parent))
			put_all(b, s, x->node);
	}
	for (size_t i = 0; i < a->nodes.n; i++) {
		const struct touched *t = &a->nodes.at[i];

		if (!str_eq(was_raw(t), raw_value(t->node)) &&
		    attached(s, t->node) && !in_fresh(t->node))
			put_value(b, s, t->node);
	}
}

enum err record_write(struct session *s, const struct act *a, struct buf *out)
{
	buf_u32(out, s->form->fingerprint);
	mark_fresh(a, true);
	put_act(out, s, a);
	mark_fresh(a, false);
	return out->failed;
}

/* ---- reading */

static uint64_t get_number(struct rd *r)
{
	uint64_t n = 0;
	uint8_t byte;
	int shift = 0;

	do {
		byte = rd_u8(r);
		n |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while ((byte & 0x80) && shift < 63);
	return n;
}

/* The node of `slot` behind the positions that follow; NULL: none such. */
static struct node *get_at(struct session *s, struct rd *r, uint32_t slot)
{
	const struct shape_slot *shape = &s->form->shape.slots[slot];
	struct node *up;

	if (slot == 0)
		return s->root;
	up = get_at(s, r, shape->parent);
	if (!up)
		return NULL;
	return nth_of(up, s, slot, shape->repeat ? get_number(r) : 1);
}

static uint32_t get_slot(struct session *s, struct rd *r)
{
	uint64_t slot = get_number(r);

	return slot < s->form->shape.n ? (uint32_t)slot : TREE_NO_SLOT;
}

static enum err replay_value(struct session *s, struct rd *r, uint32_t slot)
{
	struct node *n = get_at(s, r, slot);
	struct str text = rd_bytes(r, get_number(r));

	if (!n || r->failed || !cell(n)->leaf)
		return ERR_CORRUPT;
	return value_put(s, n, text);
}

static enum err blank_add(struct session *s, uint32_t slot, struct node *holder,
			  struct node *after)
{
	const struct slot *def = &s->form->slots[slot];
	struct build b = { .s = s, .clear = def->clear };
	struct node *n;
	enum err rc;

	rc = build_node(&b, slot, def->pattern, &n);
	if (!rc)
		instance_attach(s, n, holder, after);
	return rc;
}

/* The holder of instances of a repeat, and one position. */
static struct node *get_holder(struct session *s, struct rd *r, uint32_t slot,
			       size_t *position)
{
	struct node *holder = NULL;

	if (slot != 0 && s->form->shape.slots[slot].repeat)
		holder = get_at(s, r, s->form->shape.slots[slot].parent);
	*position = (size_t)get_number(r);
	return r->failed ? NULL : holder;
}

static enum err replay_add(struct session *s, struct rd *r, uint32_t slot)
{
	size_t position;
	struct node *holder = get_holder(s, r, slot, &position);
	size_t n = holder ? count_of(holder, s, slot) : 0;

	if (!holder || position == 0 || position > n + 1 ||
	    n >= FORM_MAX_REPEATS)
		return ERR_CORRUPT;
	return blank_add(s, slot, holder,
			 position > 1 ? nth_of(holder, s, slot, position - 1)
				      : NULL);
}

static enum err replay_remove(struct session *s, struct rd *r, uint32_t slot)
{
	size_t position;
	struct node *holder = get_holder(s, r, slot, &position);
	struct node *n = holder ? nth_of(holder, s, slot, position) : NULL;

	if (!n || n->position != position)
		return ERR_CORRUPT;
	instance_detach(s, n);
	return ERR_NONE;
}

static enum err replay_count(struct session *s, struct rd *r, uint32_t slot)
{
	size_t want;
	struct node *holder = get_holder(s, r, slot, &want), *last;
	size_t have = holder ? count_of(holder, s, slot) : 0;
	enum err rc = ERR_NONE;

	if (!holder || want > FORM_MAX_REPEATS)
		return ERR_CORRUPT;
	last = have ? nth_of(holder, s, slot, have) : NULL;
	for (; have > want; have--) {
		struct node *n = last;

		last = have > 1 ? n->prev : NULL;
		instance_detach(s, n);
	}
	for (; have < want && !rc; have++) {
		rc = blank_add(s, slot, holder, last);
		last = last ? next_of(last) : first_of(holder, s, slot);
	}
	return rc;
}

static enum err replay_step(struct session *s, struct rd *r)
{
	uint8_t op = rd_u8(r);
	uint32_t slot = get_slot(s, r);

	if (slot == TREE_NO_SLOT)
		return ERR_CORRUPT;
	switch (op) {
	case OP_VALUE:
		return replay_value(s, r, slot);
	case OP_ADD:
		return replay_add(s, r, slot);
	case OP_REMOVE:
		return replay_remove(s, r, slot);
	case OP_COUNT:
		return replay_count(s, r, slot);
	default:
		return ERR_CORRUPT;
	}
}

/* What opening computed is put back: the record knows better. */
static enum err rewind_restore(struct session *s)
{
	struct past *p = s->rewind;
	enum err rc;

	s->rewind = NULL;
	if (!p)
		return ERR_NONE;
	rc = act_revert(s, p);
	free(p);
	return rc;
}

enum err session_replay(struct session *s, struct str record)
{
	struct rd r = RD_INIT(record);
	enum err rc;

	call_begin(s);
	if (!record.n)
		return ERR_NONE;
	if (rd_u32(&r) != s->form->fingerprint)
		return ERR_VERSION;
	rc = rewind_restore(s);
	s->work.states_only = true;
	while (!rc && !r.failed && r.rest.n)
		rc = replay_step(s, &r);
	work_forget(s);
	s->work.states_only = false;
	return rc ? rc : r.failed;
}

enum err session_resume(struct session *s)
{
	enum err rc;

	call_begin(s);
	rc = rewind_restore(s);
	if (rc)
		return rc;
	s->loading = s->work.states_only = true;
	rc = work_subtree(s, s->root);
	if (!rc)
		rc = settle(s);
	s->work.states_only = false;
	if (!rc)
		rc = fire_load(s, EVENT_LOAD);
	s->loading = false;
	return rc;
}
