/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "bind.h"

static const struct place outside = { PLACE_OUTSIDE, TREE_NO_SLOT,
				      TREE_NO_SLOT };
static const struct place any_place = { PLACE_ANY, TREE_NO_SLOT, TREE_NO_SLOT };

static bool grow_same(struct binder *b)
{
	size_t cap = b->reads.cap;
	bool *same;

	if (b->same_cap == cap)
		return true;
	same = parse_alloc(b->p, cap * sizeof(*same));
	if (!same)
		return false;
	if (b->same_cap)
		memcpy(same, b->same, b->same_cap * sizeof(*same));
	b->same = same;
	b->same_cap = cap;
	return true;
}

static void add_read(struct binder *b, uint32_t slot, bool same)
{
	size_t before = b->reads.n;
	size_t i = slot_add(b->p, &b->reads, slot);

	if (i == SIZE_MAX || !grow_same(b))
		return;
	b->same[i] = same && (i == before || b->same[i]);
}

void bind_dep(struct binder *b, uint32_t slot, uint32_t anchor, unsigned flags)
{
	const struct shape *sh = b->shape;
	bool inside = anchor != TREE_NO_SLOT;
	uint32_t meet = inside ? slot_meet(sh, slot, anchor) : 0;
	bool same = inside && !slot_repeats(sh, slot, meet);

	add_read(b, slot, same);
	if (!sh->slots[slot].n_kids || (flags & FN_NODES_ONLY))
		return;
	for (uint32_t i = 0; i < sh->n && parse_look(b->p); i++) {
		if (i != slot && i != b->origin.slot &&
		    slot_within(sh, i, slot))
			add_read(b, i, inside && !slot_repeats(sh, i, meet));
	}
}

static void bind_expr(struct binder *b, struct expr *x, struct place at,
		      unsigned flags);

void bind_preds(struct binder *b, struct pred *preds, struct place at)
{
	for (; preds; preds = preds->next)
		bind_expr(b, preds->test, at, 0);
}

/* Steps that the shape follows by name: ., .., name, @name. */
static bool is_plain(const struct step *s)
{
	if (s->preds)
		return false;
	if (s->axis == AXIS_SELF || s->axis == AXIS_PARENT)
		return s->test == TEST_NODE;
	return s->test == TEST_NAME &&
	       (s->axis == AXIS_CHILD || s->axis == AXIS_ATTRIBUTE);
}

/* A path while its plain steps are followed. */
struct trail {
	struct place at;
	uint32_t top;      /* the highest slot it went through */
	struct step *rest; /* the first step that is not plain */
	bool lost;         /* it leads to no node of the form */
};

static void follow_up(const struct shape *sh, struct trail *t)
{
	uint32_t parent;

	if (t->at.kind == PLACE_ABOVE) {
		t->lost = true;
		return;
	}
	parent = sh->slots[t->at.slot].parent;
	t->at.slot = parent;
	if (parent == TREE_NO_SLOT)
		t->at.kind = PLACE_ABOVE;
	else if (sh->slots[parent].depth < sh->slots[t->top].depth)
		t->top = parent;
}

static void follow_down(struct binder *b, struct trail *t, const struct step *s)
{
	uint32_t slot = 0;

	if (t->at.kind != PLACE_ABOVE)
		slot = slot_child(b->p->scope, t->at.slot, s);
	else if (s->axis == AXIS_ATTRIBUTE || !slot_matches(b->shape, 0, s))
		slot = TREE_NO_SLOT;
	t->lost = slot == TREE_NO_SLOT;
	if (t->at.kind == PLACE_ABOVE)
		t->top = 0;
	t->at.kind = PLACE_SLOT;
	t->at.slot = slot;
}

static void follow(struct binder *b, struct step *steps, struct trail *t)
{
	for (; steps && is_plain(steps) && !t->lost; steps = steps->next) {
		if (steps->axis == AXIS_PARENT)
			follow_up(b->shape, t);
		else if (steps->axis != AXIS_SELF)
			follow_down(b, t, steps);
	}
	t->rest = steps;
}

/*
 * The node that context and target share (ODK: steps that both have are the
 * same instance). Where all nodes are meant, an absolute path shares none of
 * the instances of its last repeat, and a relative one goes as high as it says.
 */
static uint32_t shared(const struct shape *sh, const struct path *p,
		       uint32_t from, const struct trail *t, unsigned flags)
{
	uint32_t meet = slot_meet(sh, from, t->at.slot), last;

	if (!(flags & FN_WHOLE))
		return meet;
	if (p->start != START_ROOT)
		return t->top;
	last = slot_repeat_above(sh, t->at.slot);
	if (last != TREE_NO_SLOT && slot_within(sh, meet, last))
		return sh->slots[last].parent;
	return meet;
}

static bool write_hops(struct binder *b, struct path *p, uint32_t top,
		       uint32_t slot)
{
	const struct shape_slot *slots = b->shape->slots;

	p->n_down = slots[slot].depth - slots[top].depth;
	p->down = parse_alloc_hot(b->p, (p->n_down + 1) * sizeof(*p->down));
	if (!p->down)
		return false;
	p->walk = WALK_ONE;
	for (uint32_t i = p->n_down; i; i--, slot = slots[slot].parent) {
		p->down[i - 1] = (struct hop){ slots[slot].ordinal, slot,
					       slots[slot].repeat };
		if (slots[slot].repeat)
			p->walk = WALK_SET;
	}
	return true;
}

/* The deepest slot that is still the context's own after going via `top`. */
static uint32_t anchor_of(const struct shape *sh, uint32_t anchor, uint32_t top,
			  uint32_t slot)
{
	uint32_t best = slot_meet(sh, anchor, top);

	if (best != top)
		return best;
	for (uint32_t i = slot; i != top; i = sh->slots[i].parent) {
		if (sh->slots[i].repeat)
			best = sh->slots[i].parent;
		else if (best == top && i == slot)
			best = slot;
	}
	return best;
}

/* Which node it starts from, and the place of that. */
static struct place base_place(struct binder *b, const struct path *p,
			       struct place at, enum from *from)
{
	if (at.kind == PLACE_SLOT && p->start != START_CURRENT) {
		*from = FROM_CONTEXT;
		return at;
	}
	if (b->origin.kind == PLACE_SLOT) {
		*from = FROM_CURRENT;
		return b->origin;
	}
	*from = FROM_ROOT;
	return (struct place){ PLACE_SLOT, 0, 0 };
}

/*
 * Bound to its end, the path is walked by slots alone. A single name may be
 * the column of a key.
 */
static void free_steps(struct binder *b, struct path *p)
{
	struct xpath_pool *pool = b->p->scope->pool;

	if (!pool || p->rest ||
	    (p->start == START_CONTEXT && p->steps->axis == AXIS_CHILD))
		return;
	while (p->steps) {
		struct step *s = p->steps;

		p->steps = s->next;
		s->next = pool->steps;
		pool->steps = s;
	}
}

static void bind_plain(struct binder *b, struct path *p, struct place at,
		       struct trail *t, unsigned flags)
{
	const struct shape *sh = b->shape;
	enum from from;
	struct place base = base_place(b, p, at, &from);
	uint32_t top = shared(sh, p, base.slot, t, flags);

	t->at.anchor = anchor_of(sh, base.anchor, top, t->at.slot);
	if (b->fixed && write_hops(b, p, top, t->at.slot)) {
		p->from = (uint8_t)from;
		p->up = sh->slots[base.slot].depth - sh->slots[top].depth;
		p->rest = t->rest;
		p->slot = t->rest ? TREE_NO_SLOT : t->at.slot;
		free_steps(b, p);
	}
	if (t->rest)
		bind_rest(b, t->rest, t->at, flags);
	else
		bind_dep(b, t->at.slot, t->at.anchor, flags);
}

static struct place start_place(struct binder *b, struct path *p,
				struct place at)
{
	switch (p->start) {
	case START_CONTEXT:
		return at;
	case START_CURRENT:
		return b->origin;
	case START_ROOT:
		return (struct place){ PLACE_ABOVE, TREE_NO_SLOT, 0 };
	case START_LIST:
		return outside;
	case START_EXPR:
		break;
	}
	bind_expr(b, p->head, at, p->steps ? FN_NODES_ONLY : 0);
	return any_place;
}

static void warn_lost(struct binder *b, const struct expr *x)
{
	parse_warn(b->p, x->at, "%s", _("tidak ada isian di sana"));
}

static void bind_path(struct binder *b, struct expr *x, struct place at,
		      unsigned flags)
{
	struct path *p = x->path;
	struct trail t = { .at = start_place(b, p, at) };

	bind_preds(b, p->filters, t.at);
	if (p->filters ||
	    (t.at.kind != PLACE_SLOT && t.at.kind != PLACE_ABOVE)) {
		bind_rest(b, p->steps, t.at, flags);
		return;
	}
	t.top = t.at.kind == PLACE_SLOT ? t.at.slot : 0;
	follow(b, p->steps, &t);
	if (t.lost)
		warn_lost(b, x);
	else if (t.at.kind == PLACE_ABOVE)
		bind_rest(b, t.rest, t.at, flags);
	else
		bind_plain(b, p, at, &t, flags);
}

/* The repeats and the target of indexed-repeat() are all their nodes; its
 * indexes, every second argument, are values. */
static unsigned arg_flags(const struct expr *x, uint32_t i)
{
	unsigned flags = x->func->flags & (FN_WHOLE | FN_NODES_ONLY);

	if ((x->func->flags & FN_WHOLE_ONE) && x->n_args == 1)
		flags |= FN_WHOLE;
	if ((x->func->flags & FN_INDEXED) && i && i % 2 == 0)
		flags = 0;
	return flags;
}

/* A path in a literal: what jr:choice-name() looks at. */
static void bind_literal(struct binder *b, const struct expr *arg,
			 struct place at)
{
	struct report quiet = { 0 };
	struct parser p = { .a = b->p->a,
			    .scope = b->p->scope,
			    .rep = &quiet,
			    .text = arg->text };
	struct expr *x = parse_xpath(&p);

	if (x && x->op == OP_PATH)
		bind_expr(b, x, at, 0);
	report_release(&quiet);
}

static void bind_call(struct binder *b, struct expr *x, struct place at)
{
	const struct expr *second = x->args ? x->args->next : NULL;
	uint32_t i = 0;

	for (struct expr *arg = x->args; arg; arg = arg->next)
		bind_expr(b, arg, at, arg_flags(x, i++));
	if (second && second->op == OP_STRING &&
	    str_is(x->func->name, "jr:choice-name"))
		bind_literal(b, second, at);
	if (x->func->flags & FN_ANYWHERE)
		bind_all(b);
	if ((x->func->flags & FN_CONTEXT) && !x->n_args &&
	    at.kind == PLACE_SLOT)
		bind_dep(b, at.slot, at.anchor, arg_flags(x, 0));
}

/* Where a number is wanted, all but the first instance would be lost. */
static void warn_many(struct binder *b, const struct expr *x)
{
	const struct path *p = x->op == OP_PATH ? x->path : NULL;

	if (p && p->walk == WALK_SET && !p->rest)
		parse_warn(b->p, x->at, "%s",
			   _("ada beberapa isian, hanya yang pertama "
			     "dihitung"));
}

static void bind_expr(struct binder *b, struct expr *x, struct place at,
		      unsigned flags)
{
	if (x->op == OP_PATH) {
		bind_path(b, x, at, flags);
	} else if (x->op == OP_CALL) {
		bind_call(b, x, at);
	} else if (x->op != OP_NUMBER && x->op != OP_STRING &&
		   x->op != OP_BROKEN) {
		unsigned pass = x->op == OP_UNION ? flags : 0;

		for (struct expr *arg = x->args; arg; arg = arg->next) {
			bind_expr(b, arg, at, pass);
			if (x->op == OP_ARITH || x->op == OP_NEGATE)
				warn_many(b, arg);
		}
	}
}

static enum err keep_deps(struct binder *b, struct xpath *x)
{
	struct xpath_dep *deps;

	deps = arena_array(b->p->a, b->reads.n + 1, sizeof(*deps));
	if (!deps || b->p->nomem)
		return ERR_NOMEM;
	if (b->p->failed)
		return ERR_TOOBIG;
	for (size_t i = 0; i < b->reads.n; i++)
		deps[i] = (struct xpath_dep){ b->reads.at[i], b->same[i] };
	x->deps = deps;
	x->n_deps = b->reads.n;
	return ERR_NONE;
}

enum err bind_xpath(struct parser *p, struct xpath *x)
{
	struct binder b = { .p = p, .shape = x->shape, .fixed = true };

	if (!x->shape || !x->shape->n)
		return ERR_NONE;
	b.origin = outside;
	if (x->slot != TREE_NO_SLOT)
		b.origin = (struct place){ PLACE_SLOT, x->slot, x->slot };
	bind_expr(&b, x->root, b.origin, 0);
	return keep_deps(&b, x);
}
