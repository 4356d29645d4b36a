/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "eval.h"

/*
 * indexed-repeat(target, repeat, index, ...): the target within the index-th
 * instance of each repeat. Repeats on the way that are not named are the
 * context's own instance where it stands in one, as in any path, else all.
 */

/* Deeper repeats than this are not counted; ODK knows three. */
#define PICKS_MAX 8

struct pick {
	uint32_t slot;
	double index;
	struct nodes all; /* where nothing is bound: what the path gave */
};

struct picker {
	struct eval *e;
	struct pick picks[PICKS_MAX];
	size_t n;
	struct nodes *out;
};

static const struct path *arg_path(const struct expr *arg)
{
	return arg->op == OP_PATH ? arg->path : NULL;
}

static bool is_bound(struct eval *e, const struct expr *x)
{
	uint32_t i = 0;

	if (!e->x->shape || e->loose)
		return false;
	for (const struct expr *arg = x->args; arg; arg = arg->next, i++) {
		const struct path *p = arg_path(arg);

		if (i && i % 2 == 0)
			continue;
		if (!p || p->walk == WALK_STEPS || p->slot == TREE_NO_SLOT)
			return false;
	}
	return true;
}

static enum err read_picks(struct picker *pk, const struct expr *x)
{
	const struct expr *arg = x->args->next;
	enum err rc = ERR_NONE;

	for (; arg && !rc; arg = arg->next->next) {
		struct pick *p = &pk->picks[pk->n];

		if (arg_path(arg))
			p->slot = arg->path->slot;
		rc = eval_num(pk->e, arg->next, &p->index);
		pk->n++;
	}
	return rc;
}

/* A repeat that the target is not in leaves nothing to pick. */
static bool on_the_way(const struct picker *pk, uint32_t target)
{
	const struct shape_slot *slots = pk->e->x->shape->slots;
	bool ok = true;

	for (size_t i = 0; i < pk->n && ok; i++) {
		uint32_t slot = target;

		while (slot != TREE_NO_SLOT && slot != pk->picks[i].slot)
			slot = slots[slot].parent;
		ok = slot != TREE_NO_SLOT;
	}
	return ok;
}

static const struct pick *pick_of(const struct picker *pk, uint32_t slot)
{
	for (size_t i = 0; i < pk->n; i++) {
		if (pk->picks[i].slot == slot)
			return &pk->picks[i];
	}
	return NULL;
}

/* The context's own instance of a repeat, if it stands in one. */
static struct node *own_instance(struct eval *e, uint32_t slot)
{
	struct node *n = e->context;

	while (n && n->slot != slot)
		n = n->parent;
	return n;
}

static bool wanted(struct picker *pk, const struct node *n)
{
	const struct pick *p = pick_of(pk, n->slot);
	const struct node *own;

	if (p)
		return (double)n->position == p->index;
	if (!pk->e->x->shape->slots[n->slot].repeat)
		return true;
	own = own_instance(pk->e, n->slot);
	return !own || own == n || own->parent != n->parent;
}

/* From `n` down to the target's slot. */
static enum err descend(struct picker *pk, struct node *n, uint32_t target)
{
	const struct shape_slot *slots = pk->e->x->shape->slots;
	uint32_t next = target;
	struct node *k;
	enum err rc = eval_spend(pk->e, 1);

	if (rc)
		return rc;
	if (n->slot == target)
		return nodes_push(pk->e, pk->out, n);
	while (slots[next].parent != n->slot)
		next = slots[next].parent;
	k = n->kids ? n->kids[slots[next].ordinal] : NULL;
	for (; k && !rc; k = slots[next].repeat ? k->next : NULL) {
		if (k->slot == next && wanted(pk, k))
			rc = descend(pk, k, target);
	}
	return rc;
}

static bool is_inside(const struct node *n, const struct node *top)
{
	while (n && n != top)
		n = n->parent;
	return n;
}

static enum err eval_all(struct eval *e, const struct expr *x,
			 struct nodes *out)
{
	struct val v;
	enum err rc = eval(e, x, &v);

	if (!rc && v.kind != VAL_NODES)
		rc = eval_fail(e, "%s", _("isian fungsi harus simpul"));
	return rc ? rc : nodes_add(e, out, &v);
}

/* The outermost repeat that is not resolved yet. */
static struct pick *next_pick(struct picker *pk)
{
	struct pick *best = NULL;

	for (size_t i = 0; i < pk->n; i++) {
		struct pick *p = &pk->picks[i];

		if (p->all.n && (!best || node_depth(p->all.at[0]) <
						  node_depth(best->all.at[0])))
			best = p;
	}
	return best;
}

/* The index-th node of the pick inside `top`; NULL: there is none. */
static struct node *resolve(struct pick *p, const struct node *top)
{
	double place = 0;

	for (size_t i = 0; i < p->all.n; i++) {
		if (top && !is_inside(p->all.at[i], top))
			continue;
		place++;
		if (place == p->index)
			return p->all.at[i];
	}
	return NULL;
}

/* Where paths are not bound: by the nodes they give, whatever instance. */
static enum err by_nodes(struct picker *pk, const struct expr *x)
{
	const struct expr *arg = x->args->next;
	struct nodes targets = { 0 };
	struct node *top = NULL;
	enum err rc = eval_all(pk->e, x->args, &targets);

	for (size_t i = 0; i < pk->n && !rc; i++, arg = arg->next->next) {
		rc = eval_all(pk->e, arg, &pk->picks[i].all);
		if (!pk->picks[i].all.n)
			return rc;
	}
	for (size_t i = 0; i < pk->n && !rc; i++) {
		struct pick *p = next_pick(pk);

		top = p ? resolve(p, top) : NULL;
		if (!top)
			return ERR_NONE;
		p->all.n = 0;
	}
	for (size_t i = 0; i < targets.n && !rc; i++) {
		if (is_inside(targets.at[i], top))
			rc = nodes_push(pk->e, pk->out, targets.at[i]);
	}
	return rc;
}

static enum err fn_indexed_repeat(struct eval *e, const struct expr *x,
				  struct val *out)
{
	struct nodes found = { 0 };
	struct picker pk = { .e = e, .out = &found };
	struct tree *t = e->env->tree;
	enum err rc = read_picks(&pk, x);

	if (rc)
		return rc;
	if (!is_bound(e, x))
		rc = by_nodes(&pk, x);
	else if (t && t->element && on_the_way(&pk, x->args->path->slot))
		rc = descend(&pk, t->element, x->args->path->slot);
	nodes_out(&found, out);
	return rc;
}

static const struct func rows[] = {
	{ STR_INIT("indexed-repeat"), 3, 1 + 2 * PICKS_MAX, FN_NODES,
	  FN_CONTEXT | FN_WHOLE | FN_NODES_ONLY | FN_INDEXED | FN_POSITION |
		  FN_PAIRS,
	  NULL, fn_indexed_repeat },
	{ .min = 0 },
};

const struct func *func_repeat(void)
{
	return rows;
}
