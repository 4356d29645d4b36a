/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "eval.h"

static struct node *document(struct eval *e)
{
	return e->env->tree ? e->env->tree->root : NULL;
}

/* Where a bound path begins: its nearest node that is sure to be there. */
static struct node *base_of(struct eval *e, const struct path *p)
{
	struct node *n = e->context;

	if (p->from == FROM_ROOT)
		return e->env->tree->element;
	if (p->from == FROM_CURRENT)
		n = e->current;
	for (uint32_t i = p->up; i && n; i--)
		n = n->parent;
	return n;
}

static struct node *walk_one(struct eval *e, const struct path *p)
{
	struct node *n = base_of(e, p);

	for (uint32_t i = 0; i < p->n_down && n; i++)
		n = n->kids ? n->kids[p->down[i].ordinal] : NULL;
	return n;
}

/* The instances of a repeat stand among their siblings. */
static struct node *next_instance(struct node *n, const struct hop *hop)
{
	if (!hop->repeat)
		return NULL;
	for (n = n->next; n && n->slot != hop->slot;)
		n = n->next;
	return n;
}

static enum err walk_set(struct eval *e, const struct path *p, uint32_t depth,
			 struct node *n, struct nodes *set)
{
	enum err rc = eval_spend(e, 1);

	if (rc)
		return rc;
	if (depth == p->n_down)
		return nodes_push(e, set, n);
	n = n->kids ? n->kids[p->down[depth].ordinal] : NULL;
	while (n && !rc) {
		rc = walk_set(e, p, depth + 1, n, set);
		n = next_instance(n, &p->down[depth]);
	}
	return rc;
}

/* Numbers say which position is kept, all else whether the node is. */
enum err pred_keeps(struct eval *e, const struct pred *pred, bool *keep)
{
	struct val v;
	enum err rc = eval(e, pred->test, &v);

	if (rc)
		return rc;
	*keep = v.kind == VAL_NUMBER ? v.number == (double)e->position
				     : val_bool(&v);
	return ERR_NONE;
}

static enum err filter_each(struct eval *e, const struct pred *pred,
			    struct nodes *set, size_t from)
{
	size_t kept = from;
	enum err rc = ERR_NONE;

	e->size = set->n - from;
	for (size_t i = from; i < set->n && !rc; i++) {
		bool keep = false;

		e->context = set->at[i];
		e->position = i - from + 1;
		rc = pred_keeps(e, pred, &keep);
		if (keep)
			set->at[kept++] = set->at[i];
	}
	set->n = kept;
	return rc;
}

enum err filter_nodes(struct eval *e, const struct pred *preds,
		      struct nodes *set, size_t from)
{
	struct eval outer = *e;
	enum err rc = ERR_NONE;

	for (; preds && !rc; preds = preds->next)
		rc = filter_each(e, preds, set, from);
	e->context = outer.context;
	e->position = outer.position;
	e->size = outer.size;
	return rc;
}

static void reverse(struct nodes *set)
{
	for (size_t i = 0, j = set->n; i + 1 < j; i++) {
		struct node *n = set->at[--j];

		set->at[j] = set->at[i];
		set->at[i] = n;
	}
}

/*
 * Are the results of a step from several nodes in order as they come? They
 * are when none of the nodes is inside another and the step stays inside.
 */
static bool keeps_order(enum axis axis)
{
	return axis == AXIS_CHILD || axis == AXIS_ATTRIBUTE ||
	       axis == AXIS_SELF || axis == AXIS_DESCENDANT;
}

static enum err take_step(struct eval *e, const struct step *s,
			  struct nodes *set, bool *flat)
{
	struct nodes from = *set;
	enum err rc = ERR_NONE;

	*set = (struct nodes){ 0 };
	for (size_t i = 0; i < from.n && !rc; i++) {
		size_t begin = set->n;

		rc = axis_walk(e, s, from.at[i], set);
		if (!rc && s->preds)
			rc = filter_nodes(e, s->preds, set, begin);
	}
	if (rc)
		return rc;
	if (from.n < 2 && axis_is_reverse(s->axis))
		reverse(set);
	else if (from.n >= 2 && (!*flat || !keeps_order(s->axis)))
		rc = nodes_sort(e, set);
	*flat = *flat && (s->axis == AXIS_CHILD || s->axis == AXIS_ATTRIBUTE ||
			  s->axis == AXIS_SELF);
	return rc;
}

enum err walk_steps(struct eval *e, const struct step *steps, struct nodes *set)
{
	bool flat = set->n < 2;
	enum err rc = ERR_NONE;

	for (; steps && set->n && !rc; steps = steps->next)
		rc = take_step(e, steps, set, &flat);
	return rc;
}

static enum err start_head(struct eval *e, const struct path *p,
			   struct nodes *set)
{
	struct val v;
	enum err rc = eval(e, p->head, &v);

	if (rc)
		return rc;
	if (v.kind != VAL_NODES)
		return eval_fail(e, _("isi kurung bukan simpul"));
	return nodes_add(e, set, &v);
}

/* The nodes that a path not bound to slots begins with. */
static enum err start_nodes(struct eval *e, const struct path *p,
			    struct nodes *set)
{
	struct node *n = e->context;

	if (p->start == START_EXPR)
		return start_head(e, p, set);
	if (p->start == START_CURRENT)
		n = e->current;
	else if (p->start == START_ROOT)
		n = document(e);
	return n ? nodes_push(e, set, n) : ERR_NONE;
}

static enum err by_steps(struct eval *e, const struct path *p,
			 struct nodes *set)
{
	enum err rc = start_nodes(e, p, set);

	if (!rc && p->filters)
		rc = filter_nodes(e, p->filters, set, 0);
	return rc ? rc : walk_steps(e, p->steps, set);
}

static enum err bound(struct eval *e, const struct path *p, struct nodes *set)
{
	struct node *n;
	enum err rc;

	if (p->walk == WALK_ONE) {
		n = walk_one(e, p);
		rc = n ? nodes_push(e, set, n) : ERR_NONE;
	} else {
		n = base_of(e, p);
		rc = n ? walk_set(e, p, 0, n, set) : ERR_NONE;
	}
	return rc ? rc : walk_steps(e, p->rest, set);
}

enum err eval_path(struct eval *e, const struct path *p, struct val *out)
{
	struct nodes set = { 0 };
	bool is_bound = p->walk != WALK_STEPS && !e->loose;
	enum err rc;

	if (is_bound && p->walk == WALK_ONE && !p->rest)
		return val_set_node(out, walk_one(e, p));
	if (p->start == START_LIST)
		rc = eval_list(e, p, &set);
	else if (is_bound)
		rc = bound(e, p, &set);
	else
		rc = by_steps(e, p, &set);
	if (!rc)
		nodes_out(&set, out);
	return rc;
}
