/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/map.h"
#include "pilar/tree.h"

#include "names.h"

#define NO_URI ((struct str){ NULL, 0 })

/* Names by their length-prefixed parts: uri, prefix, local. */
struct tree_names {
	struct map map;
	struct buf key;
};

struct tree *tree_new(void)
{
	struct tree *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->names = calloc(1, sizeof(*t->names));
	t->root = arena_alloc(&t->arena, sizeof(*t->root));
	if (!t->names || !t->root) {
		tree_free(t);
		return NULL;
	}
	t->names->key = BUF_INIT(SIZE_MAX / 2);
	t->root->slot = TREE_NO_SLOT;
	return t;
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	if (t->names) {
		map_release(&t->names->map);
		buf_release(&t->names->key);
	}
	free(t->names);
	arena_release(&t->arena);
	free(t);
}

/* The three parts of a new name lie in the key under which it is kept. */
static struct qname *name_add(struct tree *t)
{
	struct str key = arena_dup(&t->arena, buf_str(&t->names->key));
	struct qname *q = arena_alloc(&t->arena, sizeof(*q));
	struct rd parts = RD_INIT(key);

	if (!key.p || !q)
		return NULL;
	q->uri = rd_text(&parts);
	q->prefix = rd_text(&parts);
	q->local = rd_text(&parts);
	return map_put(&t->names->map, key, q) ? NULL : q;
}

size_t tree_count_names(const struct tree *t)
{
	return t->names->map.n;
}

const struct qname *tree_name(struct tree *t, struct str prefix,
			      struct str local, struct str uri)
{
	struct buf *key = &t->names->key;
	const struct qname *q;

	buf_reset(key);
	buf_text(key, uri);
	buf_text(key, prefix);
	buf_text(key, local);
	if (key->failed)
		return NULL;
	q = map_get(&t->names->map, buf_str(key));
	return q ? q : name_add(t);
}

struct node *node_new(struct tree *t, enum node_kind kind,
		      const struct qname *name, struct str text)
{
	struct node *n = arena_alloc(&t->arena, sizeof(*n));

	if (!n)
		return NULL;
	n->kind = (uint8_t)kind;
	n->name = name;
	n->slot = TREE_NO_SLOT;
	if (text.n) {
		n->text = arena_dup(&t->arena, text);
		if (!n->text.p)
			return NULL;
	}
	return n;
}

/* Links `child` between two neighbours, of which either may be missing. */
static void link_between(struct node *parent, struct node *before,
			 struct node *child, struct node *after)
{
	child->parent = parent;
	child->prev = before;
	child->next = after;
	*(before ? &before->next : &parent->first) = child;
	*(after ? &after->prev : &parent->last) = child;
}

void node_append(struct node *parent, struct node *child)
{
	struct node *last = parent->last;

	link_between(parent, last, child, NULL);
	child->index = last ? last->index + 1 : 0;
	parent->indexed = parent->indexed && child->index;
}

void node_insert_after(struct node *where, struct node *child)
{
	where->parent->indexed = false;
	link_between(where->parent, where, child, where->next);
}

void node_insert_first(struct node *parent, struct node *child)
{
	parent->indexed = false;
	link_between(parent, NULL, child, parent->first);
}

static void remove_from(struct node **list, struct node *n)
{
	while (*list && *list != n)
		list = &(*list)->next;
	if (*list)
		*list = n->next;
}

void node_remove(struct node *n)
{
	struct node *parent = n->parent;

	if (!parent)
		return;
	if (n->kind == NODE_ATTR) {
		remove_from(&parent->attrs, n);
	} else {
		*(n->prev ? &n->prev->next : &parent->first) = n->next;
		*(n->next ? &n->next->prev : &parent->last) = n->prev;
	}
	n->parent = n->prev = n->next = NULL;
}

static bool has_children(const struct node *n)
{
	return n->kind == NODE_ELEMENT || n->kind == NODE_ROOT;
}

static struct node *copy_one(struct tree *t, const struct node *n)
{
	const struct qname *name = NULL;
	struct node *c;

	if (n->name) {
		name = tree_name(t, n->name->prefix, n->name->local,
				 n->name->uri);
		if (!name)
			return NULL;
	}
	c = node_new(t, n->kind, name, has_children(n) ? NO_URI : n->text);
	if (!c)
		return NULL;
	c->line = n->line;
	c->slot = n->slot;
	c->position = n->position;
	c->hidden = n->hidden;
	return c;
}

static bool copy_list(struct tree *t, struct node *owner, struct node **to,
		      const struct node *from)
{
	for (; from; from = from->next) {
		*to = copy_one(t, from);
		if (!*to)
			return false;
		(*to)->parent = owner;
		to = &(*to)->next;
	}
	return true;
}

struct node *node_copy(struct tree *t, const struct node *n)
{
	struct node *c = copy_one(t, n);

	if (!c || !copy_list(t, c, &c->attrs, n->attrs) ||
	    !copy_list(t, c, &c->decls, n->decls))
		return NULL;
	for (const struct node *k = n->first; k; k = k->next) {
		struct node *kid = node_copy(t, k);

		if (!kid)
			return NULL;
		node_append(c, kid);
	}
	return c;
}

static bool name_is(const struct qname *q, const char *local, struct str uri)
{
	return str_is(q->local, local) && str_eq(q->uri, uri);
}

static bool node_is(const struct node *n, const char *local, struct str uri)
{
	return n->kind == NODE_ELEMENT && name_is(n->name, local, uri);
}

struct node *node_attr(const struct node *n, const char *local, struct str uri)
{
	struct node *a = n->attrs;

	while (a && !name_is(a->name, local, uri))
		a = a->next;
	return a;
}

struct str node_attr_text(const struct node *n, const char *local)
{
	const struct node *a = node_attr(n, local, NO_URI);

	return a ? a->text : NO_URI;
}

enum err node_set_attr(struct tree *t, struct node *n, const struct qname *name,
		       struct str value)
{
	struct node **at = &n->attrs;
	struct node *a;

	while (*at && !(str_eq((*at)->name->local, name->local) &&
			str_eq((*at)->name->uri, name->uri)))
		at = &(*at)->next;
	if (*at)
		return node_set_value(t, *at, value);
	a = node_new(t, NODE_ATTR, name, value);
	if (!a)
		return ERR_NOMEM;
	a->parent = n;
	*at = a;
	return ERR_NONE;
}

static struct node *element_from(struct node *n, const char *local,
				 struct str uri)
{
	while (n && !(local ? node_is(n, local, uri) : n->kind == NODE_ELEMENT))
		n = n->next;
	return n;
}

struct node *node_child(const struct node *n, const char *local, struct str uri)
{
	return element_from(n->first, local, uri);
}

struct node *node_next(const struct node *n, const char *local, struct str uri)
{
	return element_from(n->next, local, uri);
}

/* Adds up the texts below `n`; copies them where `to` is given. */
static size_t gather(const struct node *n, char *to)
{
	size_t len = 0;

	for (const struct node *k = n->first; k; k = k->next) {
		if (k->kind == NODE_ELEMENT && !k->hidden)
			len += gather(k, to ? to + len : NULL);
		if (k->kind != NODE_TEXT)
			continue;
		if (to && k->text.n)
			memcpy(to + len, k->text.p, k->text.n);
		len += k->text.n;
	}
	return len;
}

struct str node_value(const struct node *n, struct arena *a)
{
	const struct node *only = n->first;
	struct str s = NO_URI;

	if (n->hidden || (n->parent && n->parent->hidden && !has_children(n)))
		return s;
	if (n->text.n)
		return n->text;
	if (!has_children(n))
		return n->text;
	if (!only)
		return s;
	if (!only->next && only->kind == NODE_TEXT)
		return only->text;
	s.n = gather(n, NULL);
	s.p = arena_alloc(a, s.n + 1);
	if (!s.p)
		return NO_URI;
	gather(n, (char *)(uintptr_t)s.p);
	return s;
}

static enum err set_text(struct tree *t, struct node *n, struct str text)
{
	struct str copy = NO_URI;

	if (str_eq(n->text, text))
		return ERR_NONE;
	if (text.n) {
		copy = arena_dup(&t->arena, text);
		if (!copy.p)
			return ERR_NOMEM;
	}
	n->text = copy;
	return ERR_NONE;
}

enum err node_set_value(struct tree *t, struct node *n, struct str text)
{
	struct node *only = n->first;

	if (!has_children(n))
		return set_text(t, n, text);
	n->text = NO_URI;
	if (only && !only->next && only->kind == NODE_TEXT && text.n)
		return set_text(t, only, text);
	only = text.n ? node_new(t, NODE_TEXT, NULL, text) : NULL;
	if (text.n && !only)
		return ERR_NOMEM;
	while (n->first)
		node_remove(n->first);
	if (only)
		node_append(n, only);
	return ERR_NONE;
}
