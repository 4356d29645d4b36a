/* SPDX-License-Identifier: MIT */
#include "shape.h"

#define SLOTS_MAX 20000

struct maker {
	struct tree *tree;
	struct arena *a;
	struct shape_slot *slots;
	uint32_t n;
};

static uint32_t find(const struct maker *m, uint32_t parent,
		     const struct node *n)
{
	for (uint32_t i = m->n; i; i--) {
		const struct shape_slot *s = &m->slots[i - 1];

		if (s->parent == parent && s->name == n->name &&
		    s->attribute == (n->kind == NODE_ATTR))
			return i - 1;
	}
	return TREE_NO_SLOT;
}

static uint32_t slot_for(struct maker *m, uint32_t parent, const struct node *n)
{
	uint32_t slot = find(m, parent, n);
	struct shape_slot *s;

	if (slot != TREE_NO_SLOT || m->n == SLOTS_MAX)
		return slot;
	s = &m->slots[m->n];
	s->name = n->name;
	s->parent = parent;
	s->attribute = n->kind == NODE_ATTR;
	if (parent != TREE_NO_SLOT) {
		s->ordinal = m->slots[parent].n_kids++;
		s->depth = m->slots[parent].depth + 1;
	}
	return m->n++;
}

static void take_repeat(struct shape_slot *s, struct node *n)
{
	struct node *mark = node_attr(n, "repeat", STR(""));

	if (!mark)
		return;
	s->repeat = true;
	node_remove(mark);
}

static void visit(struct maker *m, uint32_t parent, struct node *n)
{
	uint32_t slot = slot_for(m, parent, n);

	if (slot == TREE_NO_SLOT)
		return;
	n->slot = slot;
	take_repeat(&m->slots[slot], n);
	for (struct node *k = n->attrs; k; k = k->next)
		k->slot = slot_for(m, slot, k);
	for (struct node *k = n->first; k; k = k->next)
		if (k->kind == NODE_ELEMENT)
			visit(m, slot, k);
}

static bool list_kids(struct maker *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		struct shape_slot *s = &m->slots[i];
		uint32_t *kids =
			arena_array(m->a, s->n_kids + 1, sizeof(*kids));

		if (!kids)
			return false;
		for (uint32_t j = i + 1; j < m->n; j++)
			if (m->slots[j].parent == i)
				kids[m->slots[j].ordinal] = j;
		s->kids = kids;
	}
	return true;
}

static struct node **kid_of(const struct maker *m, struct node *parent,
			    const struct node *n)
{
	return &parent->kids[m->slots[n->slot].ordinal];
}

/* False where one stands twice that is no repeat. */
static bool number_kids(const struct maker *m, struct node *n)
{
	for (struct node *k = n->first; k; k = k->next) {
		struct node **before;

		if (k->slot == TREE_NO_SLOT)
			continue;
		before = kid_of(m, n, k);
		k->position = *before ? (*before)->position + 1 : 1;
		if (k->position > 1 && !m->slots[k->slot].repeat)
			return false;
		*before = k;
	}
	/* Going forward has left the last of each slot. */
	for (struct node *k = n->last; k; k = k->prev)
		if (k->slot != TREE_NO_SLOT)
			*kid_of(m, n, k) = k;
	return true;
}

static bool bind(const struct maker *m, struct node *n)
{
	if (n->slot == TREE_NO_SLOT)
		return false;
	n->kids = arena_array(&m->tree->arena, m->slots[n->slot].n_kids + 1,
			      sizeof(struct node *));
	if (!n->kids || !number_kids(m, n))
		return false;
	for (struct node *k = n->attrs; k; k = k->next) {
		k->position = 1;
		if (k->slot != TREE_NO_SLOT)
			*kid_of(m, n, k) = k;
	}
	for (struct node *k = n->first; k; k = k->next)
		if (k->kind == NODE_ELEMENT && !bind(m, k))
			return false;
	return true;
}

const struct shape *shape_of_tree(struct tree *t, struct arena *a)
{
	struct maker m = { .tree = t, .a = a };
	struct shape *shape = arena_alloc(a, sizeof(*shape));

	m.slots = arena_array(a, SLOTS_MAX, sizeof(*m.slots));
	if (!shape || !m.slots)
		return NULL;
	visit(&m, TREE_NO_SLOT, t->element);
	shape->slots = m.slots;
	shape->n = m.n;
	t->element->position = 1;
	return list_kids(&m) && bind(&m, t->element) ? shape : NULL;
}

static uint32_t child(const struct shape *shape, uint32_t parent,
		      struct str name)
{
	bool attribute = name.n && name.p[0] == '@';

	if (attribute)
		name = str_sub(name, 1, name.n);
	for (uint32_t i = 0; i < shape->n; i++) {
		const struct shape_slot *s = &shape->slots[i];

		if (s->parent == parent && s->attribute == attribute &&
		    str_eq(s->name->local, name))
			return i;
	}
	return TREE_NO_SLOT;
}

uint32_t shape_slot(const struct shape *shape, const char *path)
{
	struct str rest = str_from(path), name;
	uint32_t slot = TREE_NO_SLOT;

	str_split(&rest, '/', &name); /* before the first slash */
	while (str_split(&rest, '/', &name)) {
		slot = child(shape, slot, name);
		if (slot == TREE_NO_SLOT)
			break;
	}
	return slot;
}
