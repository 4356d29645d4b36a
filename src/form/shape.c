/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "def.h"

/*
 * The shape: one slot for every node of the primary instance. Elements of one
 * name below one parent share a slot, so the instances of a repeat and its
 * template are one node of the definition.
 */

#define NAME_MAX_BYTES 255

struct ref_to {
	const struct node *node;
};

struct grower {
	struct form *f;
	VEC(struct shape_slot) slots;
	VEC(struct ref_to) first; /* in the definition, by slot */
	bool too_big, long_name;
};

/* A key of the map of children: parent, kind and name. */
struct key {
	char bytes[5 + 2 * NAME_MAX_BYTES + 2];
	size_t n;
};

static void key_add(struct key *k, const void *p, size_t n)
{
	memcpy(k->bytes + k->n, p, n);
	k->n += n;
}

/* `uri` of NULL: whatever the namespace. */
static bool key_make(struct key *k, uint32_t parent, bool attribute,
		     struct str local, const struct str *uri)
{
	k->n = 0;
	if (!local.n || local.n > NAME_MAX_BYTES ||
	    (uri && uri->n > NAME_MAX_BYTES))
		return false;
	key_add(k, &parent, sizeof(parent));
	key_add(k, attribute ? "@" : "/", 1);
	key_add(k, local.p, local.n);
	if (uri) {
		key_add(k, " ", 1);
		if (uri->n)
			key_add(k, uri->p, uri->n);
	}
	return true;
}

static uint32_t key_find(const struct form *f, const struct key *k)
{
	const void *v = map_get(&f->children, str_of(k->bytes, k->n));

	return v ? (uint32_t)(uintptr_t)v - 1 : TREE_NO_SLOT;
}

static enum err key_put(struct form *f, const struct key *k, uint32_t slot)
{
	struct str copy = arena_dup(&f->arena, str_of(k->bytes, k->n));

	if (!copy.p)
		return ERR_NOMEM;
	return map_put(&f->children, copy, (void *)(uintptr_t)(slot + 1));
}

uint32_t shape_find(const struct form *f, uint32_t parent, struct str local,
		    const struct str *uri, bool attribute)
{
	struct key k;

	if (!key_make(&k, parent, attribute, local, uri))
		return TREE_NO_SLOT;
	return key_find(f, &k);
}

/*
 * Instances travel without the namespace of XForms, which most forms only
 * have because the model around them does.
 */
static const struct qname *instance_name(struct form *f, const struct node *n)
{
	const struct qname *q = n->name;

	if (q->prefix.n || !str_eq(q->uri, NS_XFORMS))
		return q;
	return tree_name(f->doc, STR(""), q->local, STR(""));
}

static enum err slot_new(struct grower *g, const struct node *n,
			 uint32_t parent, uint32_t *slot)
{
	struct shape_slot *s;
	struct ref_to *first;

	if (g->slots.n >= FORM_MAX_SLOTS) {
		g->too_big = true;
		return ERR_TOOBIG;
	}
	*slot = (uint32_t)g->slots.n;
	s = vec_push(&g->slots);
	first = vec_push(&g->first);
	if (!s || !first)
		return ERR_NOMEM;
	first->node = n;
	s->name = instance_name(g->f, n);
	if (!s->name)
		return ERR_NOMEM;
	s->parent = parent;
	s->attribute = n->kind == NODE_ATTR;
	if (parent != TREE_NO_SLOT) {
		s->depth = g->slots.at[parent].depth + 1;
		s->ordinal = g->slots.at[parent].n_kids++;
	}
	return ERR_NONE;
}

/* The slot of `n` below `parent`: known already, or new. */
static enum err slot_for(struct grower *g, const struct node *n,
			 uint32_t parent, uint32_t *slot)
{
	bool attribute = n->kind == NODE_ATTR;
	struct key exact, loose;
	enum err rc;

	if (!key_make(&exact, parent, attribute, n->name->local,
		      &n->name->uri) ||
	    !key_make(&loose, parent, attribute, n->name->local, NULL)) {
		g->long_name = true;
		return ERR_INVALID;
	}
	*slot = key_find(g->f, &exact);
	if (*slot != TREE_NO_SLOT)
		return ERR_NONE;
	rc = slot_new(g, n, parent, slot);
	if (!rc)
		rc = key_put(g->f, &exact, *slot);
	if (!rc && key_find(g->f, &loose) == TREE_NO_SLOT)
		rc = key_put(g->f, &loose, *slot);
	return rc;
}

static enum err grow(struct grower *g, struct node *n, uint32_t slot);

static enum err grow_child(struct grower *g, struct node *n, uint32_t parent)
{
	enum err rc;

	rc = slot_for(g, n, parent, &n->slot);
	if (rc || n->kind == NODE_ATTR)
		return rc;
	return grow(g, n, n->slot);
}

/* jr:template says something about the form, it is no part of the data. */
static bool is_template_mark(const struct node *a)
{
	return str_is(a->name->local, "template") &&
	       str_eq(a->name->uri, NS_JR);
}

static enum err grow(struct grower *g, struct node *n, uint32_t slot)
{
	enum err rc = ERR_NONE;

	n->slot = slot;
	for (struct node *a = n->attrs; a && !rc; a = a->next)
		if (!is_template_mark(a))
			rc = grow_child(g, a, slot);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->kind == NODE_ELEMENT)
			rc = grow_child(g, k, slot);
	return rc;
}

/* kids arrays, now that every number of kids is known. */
static enum err link_kids(struct form *f)
{
	struct shape_slot *s = f->shape_slots;
	uint32_t **kids;

	kids = arena_array(&f->scratch, f->shape.n, sizeof(uint32_t *));
	if (!kids)
		return ERR_NOMEM;
	for (size_t i = 0; i < f->shape.n; i++) {
		if (!s[i].n_kids)
			continue;
		kids[i] = arena_array(&f->arena, s[i].n_kids, sizeof(uint32_t));
		if (!kids[i])
			return ERR_NOMEM;
		s[i].kids = kids[i];
	}
	for (uint32_t i = 1; i < f->shape.n; i++)
		kids[s[i].parent][s[i].ordinal] = i;
	return ERR_NONE;
}

static enum err take_slots(struct form *f, struct grower *g)
{
	size_t n = g->slots.n;

	f->shape_slots = arena_array(&f->arena, n, sizeof(*f->shape_slots));
	f->slots = arena_array(&f->arena, n, sizeof(*f->slots));
	if (!f->shape_slots || !f->slots)
		return ERR_NOMEM;
	memcpy(f->shape_slots, g->slots.at, n * sizeof(*g->slots.at));
	for (size_t i = 0; i < n; i++) {
		f->slots[i].blank = g->first.at[i].node;
		for (int k = 0; k < VERTEX_KINDS; k++)
			f->slots[i].vertex[k] = TREE_NO_SLOT;
	}
	f->shape.slots = f->shape_slots;
	f->shape.n = n;
	return link_kids(f);
}

enum err shape_build(struct form *f, struct node *root)
{
	struct grower g = { .f = f };
	enum err rc;

	rc = slot_new(&g, root, TREE_NO_SLOT, &(uint32_t){ 0 });
	if (rc)
		goto out;
	rc = grow(&g, root, 0);
	if (g.too_big)
		def_error(f, f->name, _("lebih dari %d simpul"),
			  FORM_MAX_SLOTS);
	if (g.long_name)
		def_error(f, f->name, _("nama simpul lebih dari %d bita"),
			  NAME_MAX_BYTES);
	if (!rc)
		rc = take_slots(f, &g);
out:
	vec_release(&g.slots);
	vec_release(&g.first);
	return rc;
}

bool slot_is_leaf(const struct form *f, uint32_t slot)
{
	const struct shape_slot *s = &f->shape.slots[slot];

	for (uint32_t i = 0; i < s->n_kids; i++)
		if (!f->shape.slots[s->kids[i]].attribute)
			return false;
	return true;
}

static uint32_t up(const struct form *f, uint32_t slot, uint32_t depth)
{
	while (f->shape.slots[slot].depth > depth)
		slot = f->shape.slots[slot].parent;
	return slot;
}

bool slot_below(const struct form *f, uint32_t slot, uint32_t ancestor)
{
	return up(f, slot, f->shape.slots[ancestor].depth) == ancestor;
}

uint32_t slot_common(const struct form *f, uint32_t a, uint32_t b)
{
	a = up(f, a, f->shape.slots[b].depth);
	b = up(f, b, f->shape.slots[a].depth);
	while (a != b) {
		a = f->shape.slots[a].parent;
		b = f->shape.slots[b].parent;
	}
	return a;
}

/* ---- paths as text */

static const struct str *uri_of(const struct form *f, struct str prefix)
{
	for (size_t i = 0; i < f->n_prefixes; i++)
		if (prefix.n && str_eq(f->prefixes[i].prefix, prefix))
			return &f->prefixes[i].uri;
	return NULL;
}

/* One name of a path: "x", "p:x" or "@x", predicates taken off. */
static uint32_t step_name(const struct form *f, uint32_t slot, struct str step)
{
	struct str name =
		str_trim(str_sub(step, 0, str_find(step, STR("["), 0)));
	bool attribute = name.n && name.p[0] == '@';
	const struct str *uri = NULL;
	size_t colon;

	if (attribute)
		name = str_sub(name, 1, name.n);
	colon = str_find(name, STR(":"), 0);
	if (colon != SIZE_MAX) {
		uri = uri_of(f, str_sub(name, 0, colon));
		name = str_sub(name, colon + 1, name.n);
	}
	if (slot != TREE_NO_SLOT)
		return shape_find(f, slot, name, uri, attribute);
	return str_eq(f->shape.slots[0].name->local, name) ? 0 : TREE_NO_SLOT;
}

static uint32_t step_slot(const struct form *f, uint32_t slot, struct str step)
{
	step = str_trim(step);
	if (str_is(step, ".") || str_is(step, "current()"))
		return slot;
	if (str_is(step, "..") && slot != TREE_NO_SLOT)
		return f->shape.slots[slot].parent;
	return step_name(f, slot, step);
}

/* The next step of a path; a slash within a predicate is no border. */
static struct str take_step(struct str *rest)
{
	struct str step = *rest;
	int depth = 0;
	size_t i = 0;

	for (; i < rest->n; i++) {
		if (rest->p[i] == '[')
			depth++;
		else if (rest->p[i] == ']')
			depth--;
		else if (rest->p[i] == '/' && depth <= 0)
			break;
	}
	step.n = i;
	*rest = str_sub(*rest, i + 1, rest->n);
	return step;
}

uint32_t slot_resolve(const struct form *f, uint32_t context, struct str path)
{
	uint32_t slot = context;
	bool absolute;

	path = str_trim(path);
	absolute = path.n && path.p[0] == '/';
	if (!path.n)
		return TREE_NO_SLOT;
	if (absolute) {
		path = str_sub(path, 1, path.n);
		slot = step_slot(f, TREE_NO_SLOT, take_step(&path));
	}
	while (path.n && slot != TREE_NO_SLOT)
		slot = step_slot(f, slot, take_step(&path));
	return slot;
}

/* From the end to the front, into a text of the right length. */
struct str slot_path(const struct form *f, uint32_t slot, struct arena *a)
{
	const struct shape_slot *s = &f->shape.slots[slot];
	const struct qname *q = s->name;
	struct str up_path = STR("");

	if (slot != 0 && s->parent != TREE_NO_SLOT)
		up_path = slot_path(f, s->parent, a);
	return arena_printf(a, "%.*s/%s%.*s%s%.*s", STR_ARG(up_path),
			    s->attribute ? "@" : "", STR_ARG(q->prefix),
			    q->prefix.n ? ":" : "", STR_ARG(q->local));
}
