/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "bind.h"
#include "rows.h"

static struct str default_uri(const struct xpath_scope *scope)
{
	struct str uri = prefix_uri(scope, STR(""));

	return uri.p ? uri : STR("");
}

static uint32_t path_slot(const struct xpath *x)
{
	return x->root->op == OP_PATH ? x->root->path->slot : TREE_NO_SLOT;
}

static enum err failure(const struct parser *p)
{
	return p->nomem ? ERR_NOMEM : ERR_SYNTAX;
}

enum err xpath_compile(struct xpath **out, struct arena *a, struct str text,
		       const struct xpath_scope *scope, struct report *rep)
{
	struct parser p = { .a = a, .scope = scope, .rep = rep };
	struct xpath *x = parse_alloc_hot(&p, sizeof(*x));
	enum err rc;

	*out = NULL;
	if (!x)
		return ERR_NOMEM;
	x->text = p.text = arena_dup(a, text);
	if (!x->text.p)
		return ERR_NOMEM;
	x->uri = default_uri(scope);
	x->shape = scope->shape;
	x->pooled = scope->pool;
	x->slot = scope->shape ? scope->slot : TREE_NO_SLOT;
	x->root = parse_xpath(&p);
	if (!x->root || p.failed)
		return failure(&p);
	rc = bind_xpath(&p, x);
	if (rc)
		return rc;
	x->uses = p.uses;
	x->path_slot = path_slot(x);
	*out = x;
	return ERR_NONE;
}

struct str xpath_text(const struct xpath *x)
{
	return x->text;
}

const struct xpath_dep *xpath_deps(const struct xpath *x, size_t *n)
{
	*n = x->n_deps;
	return x->deps;
}

unsigned xpath_uses(const struct xpath *x)
{
	return x->uses;
}

uint32_t xpath_path_slot(const struct xpath *x)
{
	return x->path_slot;
}

static struct eval start(const struct xpath *x, struct xpath_env *env,
			 struct node *context, struct arena *a)
{
	env->evaluations++;
	return (struct eval){
		.env = env,
		.arena = a,
		.x = x,
		.context = context,
		.current = context,
		.position = 1,
		.size = 1,
		.loose = x->slot != TREE_NO_SLOT &&
			 (!context || context->slot != x->slot),
	};
}

static enum err run(struct eval *e, struct val *out)
{
	if (e->loose && e->x->pooled)
		return eval_fail(e, "%s", _("simpulnya dari bagian lain"));
	return eval(e, e->x->root, out);
}

static enum err give_nodes(const struct val *v, struct arena *a,
			   struct xpath_value *out)
{
	out->type = XPATH_NODESET;
	out->n = v->n;
	out->nodes = v->nodes;
	if (v->n != 1 || v->nodes)
		return ERR_NONE;
	out->nodes = arena_alloc(a, sizeof(struct node *));
	if (!out->nodes)
		return ERR_NOMEM;
	out->nodes[0] = v->one;
	return ERR_NONE;
}

static enum err give(struct eval *e, const struct val *v,
		     struct xpath_value *out)
{
	*out = (struct xpath_value){ .type = XPATH_STRING };
	switch (v->kind) {
	case VAL_STRING:
		out->string = v->text;
		break;
	case VAL_NUMBER:
	case VAL_DATE:
		out->type = XPATH_NUMBER;
		out->number = v->number;
		if (v->kind == VAL_DATE || v->text.p)
			out->string = val_str(e, v);
		break;
	case VAL_BOOLEAN:
		out->type = XPATH_BOOLEAN;
		out->boolean = v->boolean;
		break;
	case VAL_NODES:
		return give_nodes(v, e->arena, out);
	}
	return ERR_NONE;
}

enum err xpath_eval(const struct xpath *x, struct xpath_env *env,
		    struct node *context, struct arena *a,
		    struct xpath_value *out)
{
	struct eval e = start(x, env, context, a);
	struct val v;
	enum err rc = run(&e, &v);

	env->steps += e.steps;
	return rc ? rc : give(&e, &v, out);
}

enum err xpath_eval_rows(const struct xpath *x, struct xpath_env *env,
			 struct node *context, struct arena *a,
			 struct xpath_rows *out)
{
	struct eval e = start(x, env, context, a);
	struct xpath_value v = { 0 };
	struct rows rows = { 0 };
	struct val set = { 0 };
	enum err rc = ERR_NONE;

	*out = (struct xpath_rows){ 0 };
	if (x->root->op == OP_PATH && x->root->path->start == START_LIST)
		rc = eval_list_rows(&e, x->root->path, &out->list, &rows);
	env->steps += e.steps;
	if (rc || out->list) {
		out->rows = rows.at;
		out->n_rows = rows.n;
		return rc;
	}
	rc = run(&e, &set);
	env->steps += e.steps;
	if (!rc && set.kind != VAL_NODES)
		rc = eval_fail(&e, "%s", _("hasilnya bukan simpul"));
	if (!rc)
		rc = give_nodes(&set, a, &v);
	out->nodes = v.nodes;
	out->n_nodes = v.n;
	return rc;
}

enum err xpath_eval_row(const struct xpath *x, struct xpath_env *env,
			struct node *context, struct xpath_equal which,
			struct arena *a, struct xpath_rows *out)
{
	struct eval e = start(x, env, context, a);
	struct rows rows = { 0 };
	enum err rc = ERR_NONE;

	*out = (struct xpath_rows){ 0 };
	if (x->root->op == OP_PATH && x->root->path->start == START_LIST)
		rc = eval_list_row(&e, x->root->path, which, &out->list, &rows);
	env->steps += e.steps;
	out->rows = rows.at;
	out->n_rows = rows.n;
	return rc;
}
