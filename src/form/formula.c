/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/formula.h"
#include "pilar/vec.h"
#include "pilar/xpath.h"

/* An expression over one row of named texts. */

struct formula {
	struct arena arena;
	struct xpath *x;
};

struct opened {
	struct str id;
	struct list *list;
};

struct formula_cache {
	struct arena arena;
	struct xpath_cache *rows;
	/*
	 * Only for its names: rows come by the thousand with the same ones in
	 * the same places, so most are found without looking.
	 */
	struct tree *names;
	VEC(const struct qname *) last;
	VEC(struct opened) lists;
	struct report report;
};

struct formula_row {
	struct xpath_env env;
	const struct formula_env *with;
	struct tree *tree;
	struct arena scratch; /* of one expression */
	struct formula_cache *cache, *own;
};

enum err formula_new(struct formula **out, struct str text, struct str place,
		     struct report *rep)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT,
				     .place = place,
				     .events = true };
	struct formula *f = calloc(1, sizeof(*f));
	enum err rc;

	*out = NULL;
	if (!f)
		return ERR_NOMEM;
	rc = xpath_compile(&f->x, &f->arena, text, &scope, rep);
	if (rc)
		formula_free(f);
	else
		*out = f;
	return rc;
}

void formula_free(struct formula *f)
{
	if (!f)
		return;
	arena_release(&f->arena);
	free(f);
}

bool formula_uses_lists(const struct formula *f)
{
	return (xpath_uses(f->x) & XPATH_USES_LISTS) != 0;
}

static struct formula_row *row_of(struct xpath_env *env)
{
	return env->owner;
}

static enum err open_list(struct formula_row *r, struct str id,
			  struct list **list)
{
	struct formula_cache *c = r->cache;
	struct lists *from = r->with->lists;
	struct str src =
		arena_printf(&c->arena, "jr://file-csv/%.*s.csv", STR_ARG(id));
	struct opened *o = vec_push(&c->lists);
	enum err rc;

	if (!o || !src.p)
		return ERR_NOMEM;
	o->id = arena_dup(&c->arena, id);
	rc = from->open(from, id, src, &o->list, &c->report);
	if (rc)
		o->list = NULL;
	*list = o->list;
	return rc;
}

static enum err find_list(struct xpath_env *env, struct str id,
			  struct node **element, struct list **list)
{
	struct formula_row *r = row_of(env);

	*element = NULL;
	*list = NULL;
	if (!r->with->lists)
		return ERR_NOTFOUND;
	vec_each (o, &r->cache->lists)
		if (str_eq(o->id, id)) {
			*list = o->list;
			return o->list ? ERR_NONE : ERR_NOTFOUND;
		}
	return open_list(r, id, list);
}

static enum err find_events(struct xpath_env *env, struct str form,
			    struct node **all)
{
	const struct formula_env *with = row_of(env)->with;

	return with->events ? with->events(with, form, all) : ERR_NONE;
}

static const struct qname *name_at(struct formula_cache *c, size_t i,
				   struct str name)
{
	const struct qname **slot;

	if (i < c->last.n && str_eq(c->last.at[i]->local, name))
		return c->last.at[i];
	slot = i < c->last.n ? &c->last.at[i] : vec_push(&c->last);
	if (slot)
		*slot = tree_name(c->names, STR(""), name, STR(""));
	if (slot && !*slot)
		c->last.n = i;
	return slot ? *slot : NULL;
}

static enum err row_build(struct formula_cache *c, struct tree *t,
			  const struct entity_prop *row, size_t n)
{
	const struct qname *q =
		tree_name(c->names, STR(""), STR("row"), STR(""));
	enum err rc = ERR_NONE;

	t->element = q ? node_new(t, NODE_ELEMENT, q, STR("")) : NULL;
	if (!t->element)
		return ERR_NOMEM;
	node_append(t->root, t->element);
	for (size_t i = 0; i < n && !rc; i++) {
		struct node *k;

		q = name_at(c, i, row[i].name);
		k = q ? node_new(t, NODE_ELEMENT, q, STR("")) : NULL;
		if (!k)
			return ERR_NOMEM;
		rc = node_set_value(t, k, row[i].value);
		node_append(t->element, k);
	}
	return rc;
}

struct formula_cache *formula_cache_new(void)
{
	struct formula_cache *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->rows = xpath_cache_new();
	c->names = tree_new();
	if (c->rows && c->names)
		return c;
	formula_cache_free(c);
	return NULL;
}

void formula_cache_free(struct formula_cache *c)
{
	if (!c)
		return;
	vec_each (o, &c->lists)
		if (o->list)
			o->list->ops->release(o->list);
	vec_release(&c->lists);
	vec_release(&c->last);
	if (c->rows)
		xpath_cache_free(c->rows);
	tree_free(c->names);
	arena_release(&c->arena);
	report_release(&c->report);
	free(c);
}

void formula_row_free(struct formula_row *r)
{
	if (!r)
		return;
	formula_cache_free(r->own);
	arena_release(&r->scratch);
	tree_free(r->tree);
	free(r);
}

enum err formula_row_new(struct formula_row **out,
			 const struct formula_env *env,
			 const struct entity_prop *row, size_t n)
{
	struct formula_row *r = calloc(1, sizeof(*r));
	enum err rc;

	*out = NULL;
	if (!r)
		return ERR_NOMEM;
	r->with = env;
	r->tree = tree_new();
	if (!env->cache)
		r->own = formula_cache_new();
	r->cache = env->cache ? env->cache : r->own;
	r->env =
		(struct xpath_env){ .owner = r,
				    .sys = env->sys ? env->sys : sys_real(),
				    .tree = r->tree,
				    .instance = find_list,
				    .events = find_events,
				    .lang = env->lang,
				    .cache = r->cache ? r->cache->rows : NULL };
	rc = r->tree && r->cache ? row_build(r->cache, r->tree, row, n)
				 : ERR_NOMEM;
	if (rc)
		formula_row_free(r);
	else
		*out = r;
	return rc;
}

enum err formula_row_set(struct formula_row *r, size_t i, struct str value)
{
	struct node *k = r->tree->element->first;

	while (k && i--)
		k = k->next;
	return k ? node_set_value(r->tree, k, value) : ERR_INVALID;
}

enum err formula_row_text(struct formula_row *r, const struct formula *f,
			  struct arena *a, struct str *out)
{
	struct xpath_value v = { .type = XPATH_STRING };
	enum err rc =
		xpath_eval(f->x, &r->env, r->tree->element, &r->scratch, &v);

	*out = STR("");
	if (!rc) {
		*out = arena_dup(a, xpath_string(&v, &r->scratch));
		rc = out->p ? ERR_NONE : ERR_NOMEM;
	}
	arena_reset(&r->scratch);
	return rc;
}
