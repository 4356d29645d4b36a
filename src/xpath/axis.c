/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "eval.h"

/*
 * What is collected along an axis. Names of one tree are interned, so the
 * answer for the last name seen serves its equals.
 */
struct walker {
	struct eval *e;
	const struct step *step;
	struct nodes *out;
	const struct qname *name; /* last seen */
	bool named;               /* does it match? */
	enum err rc;
};

static bool uri_matches(const struct step *s, const struct qname *name)
{
	if (!s->prefixed && !name->uri.n)
		return true;
	return str_eq(s->uri, name->uri);
}

static bool name_matches(const struct step *s, const struct qname *name)
{
	return s->local.n == name->local.n && str_eq(s->local, name->local) &&
	       uri_matches(s, name);
}

static bool test_name(struct walker *w, const struct node *n)
{
	if (n->name != w->name) {
		w->name = n->name;
		w->named = n->name && name_matches(w->step, n->name);
	}
	return w->named;
}

/* The kind of node an axis has most of: names and * mean only that. */
static enum node_kind principal(enum axis axis)
{
	if (axis == AXIS_ATTRIBUTE)
		return NODE_ATTR;
	return axis == AXIS_NAMESPACE ? NODE_NS : NODE_ELEMENT;
}

static bool test_node(struct walker *w, const struct node *n)
{
	const struct step *s = w->step;

	switch (s->test) {
	case TEST_NODE:
		return true;
	case TEST_TEXT:
		return n->kind == NODE_TEXT;
	case TEST_COMMENT:
		return n->kind == NODE_COMMENT;
	case TEST_PI:
		return n->kind == NODE_PI &&
		       (!s->local.p || str_eq(s->local, n->name->local));
	case TEST_ANY:
		return n->kind == principal(s->axis);
	case TEST_ANY_IN:
		return n->kind == principal(s->axis) &&
		       str_eq(s->uri, n->name->uri);
	case TEST_NAME:
		break;
	}
	return n->kind == principal(s->axis) && test_name(w, n);
}

static void visit(struct walker *w, struct node *n)
{
	if (w->rc)
		return;
	w->rc = eval_spend(w->e, 1);
	if (!w->rc && test_node(w, n))
		w->rc = nodes_push(w->e, w->out, n);
}

static struct node *first_child(struct walker *w, struct node *n)
{
	if (n->kind == NODE_ELEMENT && n->text.p && !n->first && !w->rc)
		w->rc = rows_fill(w->e, n);
	return n->first;
}

/* Children of a slot need no look at any other child. */
static void bound_children(struct walker *w, struct node *n)
{
	const struct step *s = w->step;
	struct node *k = n->kids[s->ordinal];

	for (; k && !w->rc; k = s->repeat ? k->next : NULL) {
		w->rc = eval_spend(w->e, 1);
		if (!w->rc && k->slot == s->slot)
			w->rc = nodes_push(w->e, w->out, k);
	}
}

/* By name, the commonest of all steps: what is another name costs little. */
static void named_children(struct walker *w, struct node *n)
{
	size_t seen = 0;

	for (struct node *k = first_child(w, n); k && !w->rc; k = k->next) {
		seen++;
		if (k->kind == NODE_ELEMENT && test_name(w, k))
			w->rc = nodes_push(w->e, w->out, k);
	}
	if (!w->rc)
		w->rc = eval_spend(w->e, seen);
}

static void walk_child(struct walker *w, struct node *n)
{
	const struct step *s = w->step;

	if (s->slot != TREE_NO_SLOT && n->kids && !w->e->loose) {
		bound_children(w, n);
		return;
	}
	if (s->test == TEST_NAME && rows_is_row(n)) {
		struct node *cell = NULL;

		w->rc = rows_column(w->e, n, s, &cell);
		if (cell)
			visit(w, cell);
		return;
	}
	if (s->test == TEST_NAME) {
		named_children(w, n);
		return;
	}
	for (struct node *k = first_child(w, n); k && !w->rc; k = k->next)
		visit(w, k);
}

/* The node after `n` in document order within `top`. */
static struct node *next_within(struct walker *w, struct node *n,
				const struct node *top)
{
	struct node *k = first_child(w, n);

	if (k)
		return k;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

static void walk_descendant(struct walker *w, struct node *n)
{
	for (struct node *k = first_child(w, n); k && !w->rc;
	     k = next_within(w, k, n))
		visit(w, k);
}

static bool has_siblings(const struct node *n)
{
	return n->kind != NODE_ATTR && n->kind != NODE_NS;
}

static void walk_descendant_or_self(struct walker *w, struct node *n)
{
	visit(w, n);
	if (has_siblings(n))
		walk_descendant(w, n);
}

static void walk_parent(struct walker *w, struct node *n)
{
	if (n->parent)
		visit(w, n->parent);
}

static void walk_ancestor(struct walker *w, struct node *n)
{
	for (n = n->parent; n && !w->rc; n = n->parent)
		visit(w, n);
}

static void walk_ancestor_or_self(struct walker *w, struct node *n)
{
	visit(w, n);
	walk_ancestor(w, n);
}

/* Rows of a list know their siblings only once all are there. */
static void know_siblings(struct walker *w, struct node *n)
{
	if (n->parent && (rows_is_root(n->parent) || rows_is_row(n->parent)))
		first_child(w, n->parent);
}

static void walk_following_sibling(struct walker *w, struct node *n)
{
	know_siblings(w, n);
	if (!has_siblings(n))
		return;
	for (n = n->next; n && !w->rc; n = n->next)
		visit(w, n);
}

static void walk_preceding_sibling(struct walker *w, struct node *n)
{
	know_siblings(w, n);
	if (!has_siblings(n))
		return;
	for (n = n->prev; n && !w->rc; n = n->prev)
		visit(w, n);
}

static void walk_following(struct walker *w, struct node *n)
{
	if (!has_siblings(n)) {
		n = n->parent;
		walk_descendant(w, n);
	}
	for (; n && !w->rc; n = n->parent) {
		know_siblings(w, n);
		for (struct node *k = n->next; k && !w->rc; k = k->next)
			walk_descendant_or_self(w, k);
	}
}

static struct node *deepest_last(struct walker *w, struct node *n)
{
	while (first_child(w, n))
		n = n->last;
	return n;
}

/* A subtree backwards: children before their parent. */
static void walk_backwards(struct walker *w, struct node *top)
{
	struct node *n = deepest_last(w, top);

	while (!w->rc) {
		visit(w, n);
		if (n == top)
			break;
		n = n->prev ? deepest_last(w, n->prev) : n->parent;
	}
}

static void walk_preceding(struct walker *w, struct node *n)
{
	if (!has_siblings(n))
		n = n->parent;
	for (; n && !w->rc; n = n->parent) {
		know_siblings(w, n);
		for (struct node *k = n->prev; k && !w->rc; k = k->prev)
			walk_backwards(w, k);
	}
}

static void walk_attribute(struct walker *w, struct node *n)
{
	for (n = n->attrs; n && !w->rc; n = n->next)
		visit(w, n);
}

static bool is_shadowed(const struct nodes *seen, size_t from,
			const struct node *decl)
{
	for (size_t i = from; i < seen->n; i++) {
		if (str_eq(seen->at[i]->name->local, decl->name->local))
			return true;
	}
	return false;
}

/* The declarations in scope; that of xml is not written anywhere. */
static void walk_namespace(struct walker *w, struct node *n)
{
	size_t from = w->out->n;

	if (n->kind != NODE_ELEMENT)
		return;
	for (; n && !w->rc; n = n->parent) {
		for (struct node *d = n->decls; d && !w->rc; d = d->next)
			if (d->text.n && !is_shadowed(w->out, from, d))
				visit(w, d);
	}
}

typedef void (*axis_walker)(struct walker *w, struct node *n);

static const struct {
	axis_walker walk;
	bool reverse;
} axes[] = {
	[AXIS_CHILD] = { walk_child, false },
	[AXIS_DESCENDANT] = { walk_descendant, false },
	[AXIS_DESCENDANT_OR_SELF] = { walk_descendant_or_self, false },
	[AXIS_PARENT] = { walk_parent, false },
	[AXIS_ANCESTOR] = { walk_ancestor, true },
	[AXIS_ANCESTOR_OR_SELF] = { walk_ancestor_or_self, true },
	[AXIS_FOLLOWING_SIBLING] = { walk_following_sibling, false },
	[AXIS_PRECEDING_SIBLING] = { walk_preceding_sibling, true },
	[AXIS_FOLLOWING] = { walk_following, false },
	[AXIS_PRECEDING] = { walk_preceding, true },
	[AXIS_ATTRIBUTE] = { walk_attribute, false },
	[AXIS_NAMESPACE] = { walk_namespace, false },
	[AXIS_SELF] = { visit, false },
};

bool axis_is_reverse(enum axis axis)
{
	return axes[axis].reverse;
}

enum err axis_walk(struct eval *e, const struct step *s, struct node *from,
		   struct nodes *out)
{
	struct walker w = { .e = e, .step = s, .out = out };

	axes[s->axis].walk(&w, from);
	return w.rc;
}
