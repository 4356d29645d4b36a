/* SPDX-License-Identifier: MIT */
#include "bind.h"

/*
 * Steps with predicates, wildcards and other axes. The slots they may lead to
 * are followed as a set; what comes out is read from any instance unless no
 * repeat lies between it and the anchor.
 */

static const struct place any_place = { PLACE_ANY, TREE_NO_SLOT, TREE_NO_SLOT };

/* An anchor that is above every repeat the set may be in. */
static uint32_t lift(const struct shape *sh, uint32_t anchor,
		     const struct slot_set *set)
{
	for (size_t i = 0; i < set->n && anchor != TREE_NO_SLOT; i++) {
		uint32_t slot = set->at[i];

		if (sh->slots[slot].repeat)
			slot = sh->slots[slot].parent;
		anchor = slot == TREE_NO_SLOT ? slot
					      : slot_meet(sh, anchor, slot);
	}
	return anchor;
}

/* Only a name that leads to one slot needs no look at names later. */
static void fix_step(struct binder *b, struct step *s, uint32_t slot)
{
	const struct shape_slot *to = &b->shape->slots[slot];

	if (!b->fixed || s->axis != AXIS_CHILD || s->test != TEST_NAME)
		return;
	s->slot = slot;
	s->ordinal = to->ordinal;
	s->repeat = to->repeat;
}

/* Predicates of many slots are not fixed to any of them. */
static void preds_of(struct binder *b, struct step *s,
		     const struct slot_set *set, uint32_t anchor)
{
	bool fixed = b->fixed;

	if (set->n == 1 && !set->above && !set->leaves) {
		bind_preds(b, s->preds,
			   (struct place){ PLACE_SLOT, set->at[0], anchor });
		return;
	}
	b->fixed = false;
	bind_preds(b, s->preds, any_place);
	b->fixed = fixed;
}

/* All slots but the expression's own, which would be a cycle. */
void bind_all(struct binder *b)
{
	for (uint32_t i = 0; i < b->shape->n && parse_look(b->p); i++) {
		if (i != b->origin.slot)
			bind_dep(b, i, TREE_NO_SLOT, FN_NODES_ONLY);
	}
}

/*
 * Where nothing is known of the place, all slots of the last name; of a
 * wildcard all.
 */
static void by_name(struct binder *b, struct step *steps, struct place at,
		    unsigned flags)
{
	const struct step *last = NULL;

	for (; steps; steps = steps->next) {
		bind_preds(b, steps->preds, at);
		last = steps;
	}
	if (at.kind != PLACE_ANY || !last)
		return;
	if (last->test != TEST_NAME) {
		bind_all(b);
		return;
	}
	for (uint32_t i = 0; i < b->shape->n && parse_look(b->p); i++) {
		if (slot_matches(b->shape, i, last))
			bind_dep(b, i, TREE_NO_SLOT, flags);
	}
}

static void read_all(struct binder *b, const struct slot_set *set,
		     uint32_t anchor, unsigned flags)
{
	if (set->above)
		bind_dep(b, 0, anchor, flags);
	for (size_t i = 0; i < set->n; i++)
		bind_dep(b, set->at[i], anchor, flags);
}

void bind_rest(struct binder *b, struct step *steps, struct place at,
	       unsigned flags)
{
	struct slot_set set = { .above = at.kind == PLACE_ABOVE };
	uint32_t anchor = at.anchor;
	bool single = at.kind == PLACE_SLOT;

	if (at.kind == PLACE_OUTSIDE || at.kind == PLACE_ANY) {
		by_name(b, steps, at, flags);
		return;
	}
	if (single && slot_add(b->p, &set, at.slot) == SIZE_MAX)
		return;
	for (struct step *s = steps; s; s = s->next) {
		struct slot_set next = { 0 };

		if (!slot_step(b->p, &set, s, &next))
			return;
		anchor = lift(b->shape, anchor, &next);
		if (single && next.n == 1)
			fix_step(b, s, next.at[0]);
		single = next.n == 1 && !next.above && !next.leaves;
		preds_of(b, s, &next, anchor);
		set = next;
	}
	read_all(b, &set, anchor, flags);
}
