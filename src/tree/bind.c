/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/tree.h"

#include "place.h"

/*
 * Children mostly come in the order of the shape, so the slot after the last
 * one found is tried first. Only when that fails is the slot's list of kids
 * sorted by name, once, and searched.
 */
struct binder {
	struct tree *tree;
	const struct shape *shape;
	struct report *report;
	struct arena arena;
	struct entry **sorted; /* by slot */
};

struct entry {
	struct str local;
	uint32_t slot;
	bool attribute;
};

static int entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->attribute != y->attribute)
		return x->attribute ? 1 : -1;
	return str_cmp(x->local, y->local);
}

static struct entry *sorted_kids(struct binder *b, uint32_t slot)
{
	const struct shape_slot *s = &b->shape->slots[slot];
	struct entry *e;

	if (!b->sorted)
		b->sorted = arena_array(&b->arena, b->shape->n,
					sizeof(struct entry *));
	if (!b->sorted || b->sorted[slot])
		return b->sorted ? b->sorted[slot] : NULL;
	e = arena_array(&b->arena, s->n_kids, sizeof(*e));
	if (!e)
		return NULL;
	for (uint32_t i = 0; i < s->n_kids; i++) {
		const struct shape_slot *k = &b->shape->slots[s->kids[i]];

		e[i] = (struct entry){ k->name->local, s->kids[i],
				       k->attribute };
	}
	qsort(e, s->n_kids, sizeof(*e), entry_order);
	b->sorted[slot] = e;
	return e;
}

static bool same_name(const struct qname *a, const struct qname *b)
{
	return a == b || (str_eq(a->local, b->local) && str_eq(a->uri, b->uri));
}

/* The namespace decides between several of one local name. */
static uint32_t pick(const struct binder *b, const struct entry *from,
		     const struct entry *end, const struct qname *name)
{
	const struct entry *e = from;

	for (; e < end && !entry_order(from, e); e++)
		if (str_eq(b->shape->slots[e->slot].name->uri, name->uri))
			return e->slot;
	return e == from + 1 ? from->slot : TREE_NO_SLOT;
}

static enum err slot_search(struct binder *b, uint32_t parent,
			    const struct node *n, uint32_t *slot)
{
	struct entry want = { n->name->local, 0, n->kind == NODE_ATTR };
	uint32_t count = b->shape->slots[parent].n_kids;
	const struct entry *e, *end;

	*slot = TREE_NO_SLOT;
	if (!count)
		return ERR_NONE;
	e = sorted_kids(b, parent);
	if (!e)
		return ERR_NOMEM;
	end = e + count;
	e = bsearch(&want, e, count, sizeof(*e), entry_order);
	if (!e)
		return ERR_NONE;
	while (e > b->sorted[parent] && !entry_order(e - 1, &want))
		e--;
	*slot = pick(b, e, end, n->name);
	return ERR_NONE;
}

/* `*cursor` is the ordinal at which the next child is expected. */
static enum err slot_of(struct binder *b, uint32_t parent, const struct node *n,
			uint32_t *cursor, uint32_t *slot)
{
	const struct shape_slot *s = &b->shape->slots[parent];
	uint32_t from = *cursor ? *cursor - 1 : 0;
	enum err rc;

	for (uint32_t i = from; i < s->n_kids && i < from + 3; i++) {
		const struct shape_slot *k = &b->shape->slots[s->kids[i]];

		if (k->attribute == (n->kind == NODE_ATTR) &&
		    same_name(k->name, n->name)) {
			*cursor = i + 1;
			*slot = s->kids[i];
			return ERR_NONE;
		}
	}
	rc = slot_search(b, parent, n, slot);
	if (!rc && *slot != TREE_NO_SLOT)
		*cursor = b->shape->slots[*slot].ordinal + 1;
	return rc;
}

/* Going forward leaves the last of each slot in kids, going back the first. */
static void number_children(struct node *n, const struct shape *shape)
{
	for (struct node *k = n->first; k; k = k->next) {
		struct node **seen;

		if (k->slot == TREE_NO_SLOT)
			continue;
		assert(n->kids);
		seen = &n->kids[shape->slots[k->slot].ordinal];
		k->position = *seen ? (*seen)->position + 1 : 1;
		*seen = k;
	}
	for (struct node *k = n->last; k; k = k->prev)
		if (k->slot != TREE_NO_SLOT && n->kids)
			n->kids[shape->slots[k->slot].ordinal] = k;
}

static enum err refuse(struct binder *b, const struct node *n, const char *why)
{
	char place[PLACE_MAX];

	report_add(b->report, PROBLEM_ERROR, line_place(place, NULL, n->line),
		   "<%.*s>: %s", STR_ARG(n->name->local), why);
	return ERR_INVALID;
}

static enum err bind_attrs(struct binder *b, struct node *n)
{
	uint32_t cursor = 0;
	enum err rc;

	for (struct node *a = n->attrs; a; a = a->next) {
		rc = slot_of(b, n->slot, a, &cursor, &a->slot);
		if (rc)
			return rc;
		a->position = 1;
		if (a->slot != TREE_NO_SLOT && n->kids)
			n->kids[b->shape->slots[a->slot].ordinal] = a;
	}
	return ERR_NONE;
}

static enum err bind(struct binder *b, struct node *n, uint32_t slot);

static enum err bind_kids(struct binder *b, struct node *n)
{
	uint32_t cursor = 0;
	enum err rc;

	for (struct node *k = n->first; k; k = k->next) {
		uint32_t slot;

		if (k->kind != NODE_ELEMENT)
			continue;
		rc = slot_of(b, n->slot, k, &cursor, &slot);
		if (rc)
			return rc;
		if (slot == TREE_NO_SLOT)
			return refuse(b, k, _("tidak ada dalam formulir"));
		rc = bind(b, k, slot);
		if (rc)
			return rc;
	}
	number_children(n, b->shape);
	for (struct node *k = n->first; k; k = k->next)
		if (k->slot != TREE_NO_SLOT && k->position > 1 &&
		    !b->shape->slots[k->slot].repeat)
			return refuse(b, k,
				      _("ada lebih dari satu, padahal "
					"bukan pengulangan"));
	return ERR_NONE;
}

static enum err bind(struct binder *b, struct node *n, uint32_t slot)
{
	uint32_t n_kids = b->shape->slots[slot].n_kids;
	enum err rc;

	n->slot = slot;
	n->kids = NULL;
	if (n_kids) {
		n->kids = arena_array(&b->tree->arena, n_kids,
				      sizeof(struct node *));
		if (!n->kids)
			return ERR_NOMEM;
	}
	rc = bind_attrs(b, n);
	return rc ? rc : bind_kids(b, n);
}

enum err tree_bind(struct tree *t, struct node *n, uint32_t slot,
		   const struct shape *shape, struct report *rep)
{
	struct binder b = { .tree = t, .shape = shape, .report = rep };
	enum err rc;

	if (!n->parent || n->parent->slot == TREE_NO_SLOT)
		n->position = 1;
	rc = bind(&b, n, slot);
	arena_release(&b.arena);
	return rc;
}
