/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/*
 * What a new node of each slot is made like. A repeat is made like its
 * jr:template with the values there; without one, like its first instance in
 * the definition with all values left empty, as Collect and Web Forms do.
 */

bool is_template(const struct node *n)
{
	return node_attr(n, "template", NS_JR) != NULL;
}

static void take_pattern(struct form *f, const struct node *n)
{
	struct slot *s = &f->slots[n->slot];
	bool template = is_template(n);

	if (s->pattern && (!template || !s->clear))
		return;
	s->pattern = n;
	s->clear = !template && f->shape.slots[n->slot].repeat;
}

static void walk(struct form *f, const struct node *n)
{
	take_pattern(f, n);
	for (const struct node *a = n->attrs; a; a = a->next)
		if (a->slot != TREE_NO_SLOT)
			take_pattern(f, a);
	for (const struct node *k = n->first; k; k = k->next)
		if (k->kind == NODE_ELEMENT)
			walk(f, k);
}

/* ---- other documents of this form */

static void source_place(const struct form *f, struct node *parent,
			 struct node *k)
{
	bool attribute = k->kind == NODE_ATTR;
	struct node **first;

	k->slot = shape_find(f, parent->slot, k->name->local, &k->name->uri,
			     attribute);
	if (k->slot == TREE_NO_SLOT)
		k->slot = shape_find(f, parent->slot, k->name->local, NULL,
				     attribute);
	if (k->slot == TREE_NO_SLOT)
		return;
	first = &parent->kids[f->shape.slots[k->slot].ordinal];
	if (!*first)
		*first = k;
}

enum err source_bind(const struct form *f, struct arena *a, struct node *n,
		     uint32_t slot)
{
	uint32_t kids = f->shape.slots[slot].n_kids;
	enum err rc = ERR_NONE;

	n->slot = slot;
	n->kids = arena_array(a, kids, sizeof(struct node *));
	if (!n->kids)
		return ERR_NOMEM;
	for (struct node *k = n->attrs; k; k = k->next)
		source_place(f, n, k);
	for (struct node *k = n->first; k && !rc; k = k->next) {
		if (k->kind != NODE_ELEMENT)
			continue;
		source_place(f, n, k);
		if (k->slot != TREE_NO_SLOT)
			rc = source_bind(f, a, k, k->slot);
	}
	return rc;
}

/* FNV-1a: only to tell one shape from another. */
static uint32_t mix(uint32_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h;
}

static uint32_t fingerprint(const struct form *f)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < f->shape.n; i++) {
		const struct shape_slot *s = &f->shape.slots[i];

		h = mix(h, s->name->local);
		h = mix(h, str_of((const char *)&s->parent, sizeof(s->parent)));
		h = mix(h, str_of(s->repeat ? "r" : ".", 1));
	}
	return h;
}

/* Two nodes of one name below one parent, though nothing repeats them. */
static void check_doubles(struct form *f, const struct node *n)
{
	for (const struct node *k = n->first; k; k = k->next) {
		if (k->kind != NODE_ELEMENT)
			continue;
		check_doubles(f, k);
		if (f->shape.slots[k->slot].repeat ||
		    f->slots[k->slot].blank == k || k->slot == 0)
			continue;
		if (f->slots[k->slot].blank->parent == n)
			f->shape_slots[k->slot].repeat = true;
	}
}

static void number_repeats(struct form *f)
{
	for (uint32_t i = 0; i < f->shape.n; i++) {
		const struct shape_slot *s = &f->shape.slots[i];
		uint32_t nth = 0;

		f->slots[i].leaf = slot_is_leaf(f, i);
		for (uint32_t k = 0; k < s->n_kids; k++)
			if (f->shape.slots[s->kids[k]].repeat)
				f->slots[s->kids[k]].nth_repeat = nth++;
	}
}

enum err patterns_find(struct form *f)
{
	struct node *root = node_child(f->primary, NULL, NO_URI);
	enum err rc;

	check_doubles(f, root);
	walk(f, root);
	f->fingerprint = fingerprint(f);
	number_repeats(f);
	rc = source_bind(f, &f->arena, root, 0);
	return rc ? rc : xpath_names_new(&f->names, &f->shape);
}
