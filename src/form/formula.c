/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

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

struct run {
	struct xpath_env env;
	const struct formula_env *with;
	struct arena arena;
	VEC(struct opened) lists;
	struct report report;
};

enum err formula_new(struct formula **out, struct str text, struct str place,
		     struct report *rep)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT, .place = place };
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

static struct run *run_of(struct xpath_env *env)
{
	return env->owner;
}

static enum err open_list(struct run *r, struct str id, struct list **list)
{
	struct lists *from = r->with->lists;
	struct str src =
		arena_printf(&r->arena, "jr://file-csv/%.*s.csv", STR_ARG(id));
	struct opened *o = vec_push(&r->lists);
	enum err rc;

	if (!o || !src.p)
		return ERR_NOMEM;
	o->id = id;
	rc = from->open(from, id, src, &o->list, &r->report);
	if (rc)
		o->list = NULL;
	*list = o->list;
	return rc;
}

static enum err find_list(struct xpath_env *env, struct str id,
			  struct node **element, struct list **list)
{
	struct run *r = run_of(env);

	*element = NULL;
	*list = NULL;
	if (!r->with->lists)
		return ERR_NOTFOUND;
	vec_each (o, &r->lists)
		if (str_eq(o->id, id)) {
			*list = o->list;
			return o->list ? ERR_NONE : ERR_NOTFOUND;
		}
	return open_list(r, id, list);
}

static enum err row_build(struct tree *t, const struct entity_prop *row,
			  size_t n)
{
	const struct qname *q = tree_name(t, STR(""), STR("row"), STR(""));
	enum err rc = ERR_NONE;

	t->element = q ? node_new(t, NODE_ELEMENT, q, STR("")) : NULL;
	if (!t->element)
		return ERR_NOMEM;
	node_append(t->root, t->element);
	for (size_t i = 0; i < n && !rc; i++) {
		struct node *k;

		q = tree_name(t, STR(""), row[i].name, STR(""));
		k = q ? node_new(t, NODE_ELEMENT, q, STR("")) : NULL;
		if (!k)
			return ERR_NOMEM;
		rc = node_set_value(t, k, row[i].value);
		node_append(t->element, k);
	}
	return rc;
}

static void run_release(struct run *r)
{
	vec_each (o, &r->lists)
		if (o->list)
			o->list->ops->release(o->list);
	vec_release(&r->lists);
	xpath_cache_free(r->env.cache);
	arena_release(&r->arena);
	report_release(&r->report);
}

enum err formula_text(const struct formula *f, const struct formula_env *env,
		      const struct entity_prop *row, size_t n, struct arena *a,
		      struct str *out)
{
	struct xpath_value v = { .type = XPATH_STRING };
	struct run r = { .with = env };
	struct tree *t = tree_new();
	enum err rc = t ? ERR_NONE : ERR_NOMEM;

	*out = STR("");
	r.env = (struct xpath_env){ .owner = &r,
				    .sys = env->sys ? env->sys : sys_real(),
				    .tree = t,
				    .instance = find_list,
				    .lang = env->lang,
				    .cache = xpath_cache_new() };
	if (!rc)
		rc = row_build(t, row, n);
	if (!rc)
		rc = xpath_eval(f->x, &r.env, t->element, &r.arena, &v);
	if (!rc) {
		*out = arena_dup(a, xpath_string(&v, &r.arena));
		rc = out->p ? ERR_NONE : ERR_NOMEM;
	}
	run_release(&r);
	tree_free(t);
	return rc;
}
