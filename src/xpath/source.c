/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "source.h"

struct row_cell {
	struct node *node; /* NULL: free */
	uint32_t row;
};

/*
 * Marks of elements made from a list, in `text`, which elements do not use.
 * `data` is the source; a row's number is its `index`.
 */
static const char mark_root[] = "root", mark_row[] = "row";

bool rows_is_root(const struct node *n)
{
	return n->kind == NODE_ELEMENT && n->text.p == mark_root;
}

bool rows_is_row(const struct node *n)
{
	return n->kind == NODE_ELEMENT && n->text.p == mark_row;
}

uint32_t source_row_of(const struct node *row)
{
	return row->line;
}

static void forget(struct source *s)
{
	index_forget(s);
	arena_release(&s->arena);
	tree_free(s->tree);
	free(s->rows);
	s->rows = NULL;
	s->n_rows = s->cap = 0;
	s->tree = NULL;
	s->element = s->root = NULL;
	s->names = NULL;
	s->probe = NULL;
}

struct xpath_cache *xpath_cache_new(void)
{
	return calloc(1, sizeof(struct xpath_cache));
}

void xpath_cache_free(struct xpath_cache *c)
{
	while (c && c->first) {
		struct source *s = c->first;

		c->first = s->next;
		forget(s);
		free((char *)(uintptr_t)s->id.p);
		free(s);
	}
	free(c);
}

static struct node *element(struct source *s, const char *name)
{
	const struct qname *q =
		tree_name(s->tree, STR(""), str_from(name), STR(""));

	return q ? node_new(s->tree, NODE_ELEMENT, q, STR("")) : NULL;
}

static enum err name_columns(struct source *s)
{
	struct arena *a = &s->tree->arena;

	s->columns = s->list->ops->columns(s->list);
	s->names = arena_array(a, s->columns + 1, sizeof(struct qname *));
	s->item = tree_name(s->tree, STR(""), STR("item"), STR(""));
	if (!s->names || !s->item)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->columns; i++) {
		struct str name = s->list->ops->column(s->list, i);

		s->names[i] = tree_name(s->tree, STR(""), name, STR(""));
		if (!s->names[i])
			return ERR_NOMEM;
	}
	return ERR_NONE;
}

/* instance and root stand; rows come when asked for. */
static enum err open_list(struct source *s)
{
	s->tree = tree_new();
	if (!s->tree)
		return ERR_NOMEM;
	s->version = s->list->version;
	s->element = element(s, "instance");
	s->root = element(s, "root");
	if (!s->element || !s->root)
		return ERR_NOMEM;
	node_append(s->element, s->root);
	s->root->text.p = mark_root;
	s->root->indexed = true;
	s->root->data = s;
	return name_columns(s);
}

static enum err open_source(struct source *s, struct node *n, struct list *l)
{
	enum err rc = ERR_NONE;

	forget(s);
	s->list = l;
	s->element = n;
	if (l)
		rc = open_list(s);
	if (rc)
		forget(s);
	return rc;
}

static bool is_fresh(const struct source *s, const struct node *n,
		     const struct list *l)
{
	if (!s->element)
		return false;
	return l ? s->list == l && s->version == l->version
		 : !s->list && s->element == n;
}

static struct source *by_id(struct xpath_cache *c, struct str id)
{
	struct source *s = c->first;

	while (s && !str_eq(s->id, id))
		s = s->next;
	return s;
}

static struct source *add(struct xpath_cache *c, struct str id)
{
	struct source *s = calloc(1, sizeof(*s));
	char *copy = malloc(id.n + 1);

	if (!s || !copy) {
		free(s);
		free(copy);
		return NULL;
	}
	if (id.n)
		memcpy(copy, id.p, id.n);
	s->id = (struct str){ copy, id.n };
	s->next = c->first;
	c->first = s;
	return s;
}

enum err source_find(struct eval *e, struct str id, struct source **out)
{
	struct xpath_env *env = e->env;
	struct node *n = NULL;
	struct list *l = NULL;
	struct source *s;
	enum err rc;

	*out = NULL;
	if (!env->instance || !env->cache)
		return ERR_NONE;
	rc = env->instance(env, id, &n, &l);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	s = by_id(env->cache, id);
	if (!s)
		s = add(env->cache, id);
	if (!s)
		return ERR_NOMEM;
	if (!is_fresh(s, n, l))
		rc = open_source(s, n, l);
	if (!rc)
		*out = s;
	return rc;
}

size_t source_column(const struct source *s, struct str name)
{
	return list_column(s->list, name);
}

static struct row_cell *cell_of(struct row_cell *cells, size_t cap,
				uint32_t row)
{
	size_t i = ((size_t)row * 2654435761u) & (cap - 1);

	while (cells[i].node && cells[i].row != row)
		i = (i + 1) & (cap - 1);
	return &cells[i];
}

static enum err make_room(struct source *s)
{
	size_t cap = s->cap ? s->cap * 2 : 64;
	struct row_cell *cells;

	if (s->n_rows * 2 < s->cap)
		return ERR_NONE;
	cells = calloc(cap, sizeof(*cells));
	if (!cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->cap; i++) {
		if (s->rows[i].node)
			*cell_of(cells, cap, s->rows[i].row) = s->rows[i];
	}
	free(s->rows);
	s->rows = cells;
	s->cap = cap;
	return ERR_NONE;
}

static struct node *row_new(struct source *s, uint32_t row)
{
	struct node *n = node_new(s->tree, NODE_ELEMENT, s->item, STR(""));

	if (!n)
		return NULL;
	n->kids = arena_array(&s->tree->arena, s->columns + 1,
			      sizeof(struct node *));
	if (!n->kids)
		return NULL;
	n->parent = s->root;
	n->text.p = mark_row;
	n->index = n->line = row;
	n->indexed = true;
	n->data = s;
	return n;
}

enum err source_row(struct source *s, uint32_t row, struct node **out)
{
	enum err rc = make_room(s);
	struct row_cell *cell;

	if (rc)
		return rc;
	cell = cell_of(s->rows, s->cap, row);
	if (!cell->node) {
		cell->node = row_new(s, row);
		cell->row = row;
		s->n_rows += cell->node != NULL;
	}
	*out = cell->node;
	return *out ? ERR_NONE : ERR_NOMEM;
}

/* The text of a cell, in the text node that `data` keeps for it. */
static void put_cell(struct source *s, const struct node *row, struct node *n)
{
	struct node *text = n->data;

	text->text = s->list->ops->cell(s->list, source_row_of(row), n->index);
	n->first = n->last = text->text.n ? text : NULL;
}

/* The element of a cell, with its text as only child. */
static enum err cell_node(struct source *s, struct node *row, size_t column,
			  struct node **out)
{
	struct node *n = row->kids[column], *text;

	*out = n;
	if (n)
		return ERR_NONE;
	n = node_new(s->tree, NODE_ELEMENT, s->names[column], STR(""));
	text = node_new(s->tree, NODE_TEXT, NULL, STR(""));
	if (!n || !text)
		return ERR_NOMEM;
	n->parent = row;
	n->index = (uint32_t)column;
	n->data = text;
	text->parent = n;
	put_cell(s, row, n);
	*out = row->kids[column] = n;
	return ERR_NONE;
}

enum err source_probe(struct source *s, uint32_t row, struct node **out)
{
	struct node *n = s->probe;

	if (!n)
		n = s->probe = row_new(s, row);
	if (!n)
		return ERR_NOMEM;
	n->index = n->line = row;
	for (size_t i = 0; i < s->columns; i++) {
		if (n->kids[i])
			put_cell(s, n, n->kids[i]);
	}
	*out = n;
	return ERR_NONE;
}

enum err rows_column(struct eval *e, struct node *row, const struct step *step,
		     struct node **out)
{
	struct source *s = row->data;
	size_t column = source_column(s, step->local);

	(void)e;
	return column == SIZE_MAX ? ERR_NONE : cell_node(s, row, column, out);
}

static void link_last(struct node *parent, struct node *n)
{
	n->prev = parent->last;
	*(parent->last ? &parent->last->next : &parent->first) = n;
	parent->last = n;
}

static enum err fill_row(struct source *s, struct node *row)
{
	for (size_t i = 0; i < s->columns; i++) {
		struct node *n;
		enum err rc = cell_node(s, row, i, &n);

		if (rc)
			return rc;
		link_last(row, n);
	}
	return ERR_NONE;
}

static enum err fill_root(struct eval *e, struct source *s)
{
	const uint32_t *rows = NULL;
	size_t n = 0;
	enum err rc = s->list->ops->all(s->list, e->arena, &rows, &n);

	if (!rc)
		rc = eval_spend(e, n);
	for (size_t i = 0; i < n && !rc; i++) {
		struct node *row = NULL;

		rc = source_row(s, rows[i], &row);
		if (rc)
			break;
		row->index = (uint32_t)i;
		link_last(s->root, row);
	}
	return rc;
}

enum err rows_fill(struct eval *e, struct node *n)
{
	struct source *s = n->data;

	return rows_is_root(n) ? fill_root(e, s) : fill_row(s, n);
}
