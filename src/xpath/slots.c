/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "slots.h"

/* Sets up to here are searched from the end. */
#define SMALL_SET 32

uint32_t slot_meet(const struct shape *sh, uint32_t a, uint32_t b)
{
	while (a != b) {
		if (sh->slots[a].depth >= sh->slots[b].depth)
			a = sh->slots[a].parent;
		else
			b = sh->slots[b].parent;
	}
	return a;
}

bool slot_within(const struct shape *sh, uint32_t slot, uint32_t top)
{
	return slot_meet(sh, slot, top) == top;
}

bool slot_repeats(const struct shape *sh, uint32_t slot, uint32_t top)
{
	for (; slot != top; slot = sh->slots[slot].parent) {
		if (sh->slots[slot].repeat)
			return true;
	}
	return false;
}

uint32_t slot_repeat_above(const struct shape *sh, uint32_t slot)
{
	while (slot != TREE_NO_SLOT && !sh->slots[slot].repeat)
		slot = sh->slots[slot].parent;
	return slot;
}

static bool uri_fits(const struct step *s, const struct qname *name)
{
	if (!s->prefixed && !name->uri.n)
		return true;
	return str_eq(s->uri, name->uri);
}

static bool finds_leaves(enum test test)
{
	return test == TEST_NODE || test == TEST_TEXT || test == TEST_COMMENT ||
	       test == TEST_PI;
}

bool slot_matches(const struct shape *sh, uint32_t slot, const struct step *s)
{
	const struct qname *name = sh->slots[slot].name;

	if (s->test == TEST_NAME)
		return str_eq(s->local, name->local) && uri_fits(s, name);
	if (s->test == TEST_ANY_IN)
		return str_eq(s->uri, name->uri);
	return s->test == TEST_ANY || finds_leaves(s->test);
}

static bool is_kind(const struct shape *sh, uint32_t slot, enum axis axis)
{
	return sh->slots[slot].attribute == (axis == AXIS_ATTRIBUTE);
}

/* The next child of that local name, whatever its namespace. */
static uint32_t next_named(const struct xpath_scope *scope, uint32_t parent,
			   struct str local, uint64_t *at)
{
	const struct shape_slot *top = &scope->shape->slots[parent];

	if (scope->names)
		return names_next(scope->names, parent, local, at);
	while (*at < top->n_kids) {
		uint32_t kid = top->kids[(*at)++];

		if (str_eq(scope->shape->slots[kid].name->local, local))
			return kid;
	}
	return TREE_NO_SLOT;
}

/*
 * A name without prefix that no child has in the expected namespaces means
 * the only child of that name in another: forms declare one namespace and use
 * two.
 */
uint32_t slot_child(const struct xpath_scope *scope, uint32_t parent,
		    const struct step *s)
{
	const struct shape *sh = scope->shape;
	uint32_t other = TREE_NO_SLOT, others = 0, kid;
	uint64_t at = 0;

	for (;;) {
		kid = next_named(scope, parent, s->local, &at);
		if (kid == TREE_NO_SLOT)
			break;
		if (!is_kind(sh, kid, s->axis))
			continue;
		if (slot_matches(sh, kid, s))
			return kid;
		other = kid;
		others++;
	}
	return others == 1 && !s->prefixed ? other : TREE_NO_SLOT;
}

static size_t find(const struct slot_set *set, uint32_t slot)
{
	size_t i = set->n;

	if (set->where)
		return set->where[slot] ? set->where[slot] - 1 : SIZE_MAX;
	while (i && set->at[i - 1] != slot)
		i--;
	return i ? i - 1 : SIZE_MAX;
}

static bool widen(struct parser *p, struct slot_set *set)
{
	size_t cap = set->cap ? set->cap * 2 : 4;
	uint32_t *at = parse_alloc(p, cap * sizeof(*at));

	if (!at)
		return false;
	if (set->n)
		memcpy(at, set->at, set->n * sizeof(*at));
	set->at = at;
	set->cap = cap;
	if (cap <= SMALL_SET || set->where)
		return true;
	set->where = parse_alloc(p, p->scope->shape->n * sizeof(uint32_t));
	for (uint32_t i = 0; i < set->n && set->where; i++)
		set->where[set->at[i]] = i + 1;
	return set->where;
}

size_t slot_add(struct parser *p, struct slot_set *set, uint32_t slot)
{
	size_t place = find(set, slot);

	if (place != SIZE_MAX)
		return place;
	if (set->n == set->cap && !widen(p, set))
		return SIZE_MAX;
	if (set->where)
		set->where[slot] = (uint32_t)set->n + 1;
	set->at[set->n] = slot;
	return set->n++;
}

/* What a step from one slot adds to a set. */
struct reach {
	struct parser *p;
	const struct shape *sh;
	const struct step *step;
	struct slot_set *out;
};

static void meet(struct reach *r, uint32_t slot)
{
	if (is_kind(r->sh, slot, r->step->axis) &&
	    slot_matches(r->sh, slot, r->step))
		slot_add(r->p, r->out, slot);
}

static void meet_kids(struct reach *r, uint32_t from)
{
	const struct shape_slot *s = &r->sh->slots[from];

	for (uint32_t i = 0; i < s->n_kids && parse_look(r->p); i++)
		meet(r, s->kids[i]);
}

static void meet_below(struct reach *r, uint32_t from)
{
	for (uint32_t i = 0; i < r->sh->n && parse_look(r->p); i++) {
		if (i != from && slot_within(r->sh, i, from))
			meet(r, i);
	}
}

static void meet_above(struct reach *r, uint32_t from)
{
	for (from = r->sh->slots[from].parent; from != TREE_NO_SLOT;
	     from = r->sh->slots[from].parent)
		meet(r, from);
}

static void meet_all(struct reach *r)
{
	for (uint32_t i = 0; i < r->sh->n && parse_look(r->p); i++)
		meet(r, i);
}

static void meet_siblings(struct reach *r, uint32_t from)
{
	uint32_t parent = r->sh->slots[from].parent;

	if (parent != TREE_NO_SLOT)
		meet_kids(r, parent);
}

static void meet_parent(struct reach *r, uint32_t from)
{
	uint32_t parent = r->sh->slots[from].parent;

	if (parent != TREE_NO_SLOT)
		meet(r, parent);
}

static void meet_none(struct reach *r, uint32_t from)
{
	(void)r;
	(void)from;
}

static void meet_any(struct reach *r, uint32_t from)
{
	(void)from;
	meet_all(r);
}

static const struct {
	void (*meet)(struct reach *r, uint32_t from);
	bool self;   /* the slot itself, too */
	bool above;  /* from above the root: every slot */
	bool leaves; /* texts and comments */
} reaches[] = {
	[AXIS_CHILD] = { meet_kids, false, false, true },
	[AXIS_DESCENDANT] = { meet_below, false, true, true },
	[AXIS_DESCENDANT_OR_SELF] = { meet_below, true, true, true },
	[AXIS_PARENT] = { meet_parent, false, false, false },
	[AXIS_ANCESTOR] = { meet_above, false, false, false },
	[AXIS_ANCESTOR_OR_SELF] = { meet_above, true, false, false },
	[AXIS_FOLLOWING_SIBLING] = { meet_siblings, false, false, true },
	[AXIS_PRECEDING_SIBLING] = { meet_siblings, false, false, true },
	[AXIS_FOLLOWING] = { meet_any, false, false, true },
	[AXIS_PRECEDING] = { meet_any, false, false, true },
	[AXIS_ATTRIBUTE] = { meet_kids, false, false, false },
	[AXIS_NAMESPACE] = { meet_none, false, false, false },
	[AXIS_SELF] = { meet_none, true, false, false },
};

static void from_above(struct reach *r)
{
	if (r->step->axis == AXIS_CHILD)
		meet(r, 0);
	else if (reaches[r->step->axis].above)
		meet_all(r);
}

static void from_slot(struct reach *r, uint32_t from)
{
	if (reaches[r->step->axis].self)
		meet(r, from);
	reaches[r->step->axis].meet(r, from);
}

/*
 * Texts and comments belong to the slot of their element: of a child they lead
 * to where they start from, of a descendant to all below as well.
 */
static void reach_leaves(struct reach *r, uint32_t from)
{
	enum axis axis = r->step->axis;

	if (!reaches[axis].leaves)
		return;
	r->out->leaves = true;
	if (from == TREE_NO_SLOT)
		return;
	if (axis == AXIS_CHILD || axis == AXIS_DESCENDANT ||
	    axis == AXIS_DESCENDANT_OR_SELF)
		slot_add(r->p, r->out, from);
	else if (axis == AXIS_FOLLOWING_SIBLING ||
		 axis == AXIS_PRECEDING_SIBLING)
		meet_parent(r, from);
}

/* What a leaf of the slot has for parent and siblings. */
static void from_leaf(struct reach *r, uint32_t from)
{
	enum axis axis = r->step->axis;

	if (axis == AXIS_PARENT || axis == AXIS_ANCESTOR ||
	    axis == AXIS_ANCESTOR_OR_SELF)
		meet(r, from);
	else if (axis == AXIS_FOLLOWING_SIBLING ||
		 axis == AXIS_PRECEDING_SIBLING)
		meet_kids(r, from);
}

/* Only node() finds the document, from itself or from below. */
static bool finds_document(uint32_t from, const struct step *s)
{
	bool up = s->axis == AXIS_ANCESTOR || s->axis == AXIS_ANCESTOR_OR_SELF;

	if (s->test != TEST_NODE)
		return false;
	if (from == TREE_NO_SLOT)
		return s->axis == AXIS_SELF ||
		       s->axis == AXIS_DESCENDANT_OR_SELF ||
		       s->axis == AXIS_ANCESTOR_OR_SELF;
	return up || (s->axis == AXIS_PARENT && from == 0);
}

static void step_from(struct reach *r, uint32_t from)
{
	const struct step *s = r->step;
	uint32_t kid;

	r->out->above |= finds_document(from, s);
	if (finds_leaves(s->test))
		reach_leaves(r, from);
	if (finds_leaves(s->test) && s->test != TEST_NODE &&
	    s->axis == AXIS_CHILD)
		return;
	if (from == TREE_NO_SLOT) {
		from_above(r);
	} else if (s->test == TEST_NAME && s->axis == AXIS_CHILD) {
		kid = slot_child(r->p->scope, from, s);
		if (kid != TREE_NO_SLOT)
			slot_add(r->p, r->out, kid);
	} else {
		from_slot(r, from);
	}
}

bool slot_step(struct parser *p, const struct slot_set *from,
	       const struct step *s, struct slot_set *out)
{
	struct reach r = { p, p->scope->shape, s, out };

	if (reaches[s->axis].self)
		out->leaves = from->leaves;
	if (from->above)
		step_from(&r, TREE_NO_SLOT);
	for (size_t i = 0; i < from->n && !p->failed; i++) {
		step_from(&r, from->at[i]);
		if (from->leaves)
			from_leaf(&r, from->at[i]);
	}
	return !p->failed;
}
