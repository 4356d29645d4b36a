/* SPDX-License-Identifier: MIT */
#include "pilar/tree.h"

/*
 * Children are numbered when two of them are first compared, and again only
 * after an insertion before others: sorting the 5,000 instances of a repeat
 * walks its siblings once.
 */

size_t node_depth(const struct node *n)
{
	size_t depth = 0;

	while (n->parent) {
		n = n->parent;
		depth++;
	}
	return depth;
}

static int rank(const struct node *n)
{
	if (n->kind == NODE_NS)
		return 0;
	return n->kind == NODE_ATTR ? 1 : 2;
}

static uint32_t child_index(const struct node *n)
{
	struct node *parent = n->parent;
	uint32_t i = 0;

	if (!parent->indexed)
		for (struct node *k = parent->first; k; k = k->next)
			k->index = i++;
	parent->indexed = true;
	return n->index;
}

static int sibling_order(const struct node *a, const struct node *b)
{
	uint32_t ia, ib;

	if (rank(a) != rank(b))
		return rank(a) < rank(b) ? -1 : 1;
	if (rank(a) < 2) {
		const struct node *n = a;

		while (n && n != b)
			n = n->next;
		return n ? -1 : 1;
	}
	ia = child_index(a);
	ib = child_index(b);
	return ia < ib ? -1 : ia > ib;
}

int node_order(const struct node *a, const struct node *b)
{
	size_t da, db;
	int nested;

	if (a == b)
		return 0;
	if (a->parent && a->parent == b->parent)
		return sibling_order(a, b);
	da = node_depth(a);
	db = node_depth(b);
	nested = da < db ? -1 : 1;
	for (; da > db; da--)
		a = a->parent;
	for (; db > da; db--)
		b = b->parent;
	if (a == b)
		return nested;
	while (a->parent && b->parent && a->parent != b->parent) {
		a = a->parent;
		b = b->parent;
	}
	if (!a->parent)
		return (uintptr_t)a < (uintptr_t)b ? -1 : 1;
	return sibling_order(a, b);
}
