/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "eval.h"

/* Arguments that need no memory of the arena. */
#define ARGS_NEAR 4

enum err eval_spend(struct eval *e, size_t n)
{
	if (n > XPATH_MAX_STEPS - e->steps)
		return eval_fail(e, _("perlu lebih dari %d langkah"),
				 XPATH_MAX_STEPS);
	e->steps += (uint32_t)n;
	return ERR_NONE;
}

static enum err nodes_grow(struct eval *e, struct nodes *set)
{
	size_t cap = set->cap ? set->cap * 2 : 8;
	struct node **at = arena_array(e->arena, cap, sizeof(struct node *));

	if (!at)
		return ERR_NOMEM;
	if (set->n)
		memcpy(at, set->at, set->n * sizeof(struct node *));
	set->at = at;
	set->cap = cap;
	return ERR_NONE;
}

enum err nodes_push(struct eval *e, struct nodes *set, struct node *n)
{
	enum err rc = set->n == set->cap ? nodes_grow(e, set) : ERR_NONE;

	if (!rc)
		set->at[set->n++] = n;
	return rc;
}

enum err nodes_add(struct eval *e, struct nodes *set, const struct val *v)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < v->n && !rc; i++)
		rc = nodes_push(e, set, val_node(v, i));
	return rc;
}

static int by_order(const void *a, const void *b)
{
	return node_order(*(struct node *const *)a, *(struct node *const *)b);
}

static bool in_order(const struct nodes *set)
{
	size_t i = 1;

	while (i < set->n && node_order(set->at[i - 1], set->at[i]) < 0)
		i++;
	return i >= set->n;
}

enum err nodes_sort(struct eval *e, struct nodes *set)
{
	size_t kept = 0;
	enum err rc = eval_spend(e, set->n);

	if (rc || in_order(set))
		return rc;
	qsort(set->at, set->n, sizeof(struct node *), by_order);
	for (size_t i = 0; i < set->n; i++) {
		if (!kept || set->at[kept - 1] != set->at[i])
			set->at[kept++] = set->at[i];
	}
	set->n = kept;
	return eval_spend(e, set->n * 8);
}

enum err nodes_out(const struct nodes *set, struct val *out)
{
	return val_set_nodes(out, set->at, set->n);
}

enum err eval_str(struct eval *e, const struct expr *x, struct str *out)
{
	struct val v;
	enum err rc = eval(e, x, &v);

	if (rc)
		return rc;
	*out = val_str(e, &v);
	return out->p ? ERR_NONE : ERR_NOMEM;
}

enum err eval_num(struct eval *e, const struct expr *x, double *out)
{
	struct val v;
	enum err rc = eval(e, x, &v);

	if (!rc)
		*out = val_num(e, &v);
	return rc;
}

enum err eval_bool(struct eval *e, const struct expr *x, bool *out)
{
	struct val v;
	enum err rc = eval(e, x, &v);

	if (!rc)
		*out = val_bool(&v);
	return rc;
}

static enum err eval_number(struct eval *e, const struct expr *x,
			    struct val *out)
{
	(void)e;
	return val_set_num(out, x->number);
}

static enum err eval_string(struct eval *e, const struct expr *x,
			    struct val *out)
{
	(void)e;
	return val_set_str(out, x->text);
}

/* Stops at the first operand that decides. */
static enum err eval_logic(struct eval *e, const struct expr *x,
			   struct val *out)
{
	bool stop = x->op == OP_OR, b = !stop;
	enum err rc = ERR_NONE;

	for (const struct expr *arg = x->args; arg && !rc && b != stop;
	     arg = arg->next)
		rc = eval_bool(e, arg, &b);
	val_set_bool(out, b);
	return rc;
}

static enum err eval_compare(struct eval *e, const struct expr *x,
			     struct val *out)
{
	const struct expr *arg = x->args;
	enum err rc = eval(e, arg, out);

	while (!rc && arg->next) {
		struct val right;
		bool b = false;

		arg = arg->next;
		rc = eval(e, arg, &right);
		if (!rc)
			rc = val_compare(e, out, arg->join, &right, &b);
		val_set_bool(out, b);
	}
	return rc;
}

static double arith(double a, enum join join, double b)
{
	switch ((int)join) {
	case JOIN_ADD:
		return a + b;
	case JOIN_SUB:
		return a - b;
	case JOIN_MUL:
		return a * b;
	case JOIN_DIV:
		return a / b;
	default:
		return fmod(a, b);
	}
}

static enum err eval_arith(struct eval *e, const struct expr *x,
			   struct val *out)
{
	double sum = 0, n;
	enum err rc = eval_num(e, x->args, &sum);

	for (const struct expr *arg = x->args->next; arg && !rc;
	     arg = arg->next) {
		rc = eval_num(e, arg, &n);
		if (!rc)
			sum = arith(sum, arg->join, n);
	}
	val_set_num(out, sum);
	return rc;
}

static enum err eval_negate(struct eval *e, const struct expr *x,
			    struct val *out)
{
	double n = 0;
	enum err rc = eval_num(e, x->args, &n);

	val_set_num(out, -n);
	return rc;
}

static enum err eval_union(struct eval *e, const struct expr *x,
			   struct val *out)
{
	struct nodes set = { 0 };
	enum err rc = ERR_NONE;

	for (const struct expr *arg = x->args; arg && !rc; arg = arg->next) {
		struct val v = { 0 };

		rc = eval(e, arg, &v);
		if (!rc && v.kind != VAL_NODES)
			rc = eval_fail(e, _("\"|\" hanya untuk simpul"));
		if (!rc)
			rc = nodes_add(e, &set, &v);
	}
	if (!rc)
		rc = nodes_sort(e, &set);
	nodes_out(&set, out);
	return rc;
}

/*
 * A node that is not relevant reads as empty (TRY.md); where all nodes of a
 * set are counted, summed or joined it is left out, as in Collect.
 */
static enum err drop_hidden(struct eval *e, struct val *v)
{
	struct nodes seen = { 0 };
	enum err rc = ERR_NONE;
	size_t i = 0;

	if (v->kind != VAL_NODES)
		return ERR_NONE;
	while (i < v->n && !val_node(v, i)->hidden)
		i++;
	if (i == v->n)
		return ERR_NONE;
	for (i = 0; i < v->n && !rc; i++)
		if (!val_node(v, i)->hidden)
			rc = nodes_push(e, &seen, val_node(v, i));
	nodes_out(&seen, v);
	return rc;
}

static bool takes_whole(const struct expr *x)
{
	if (x->func->flags & FN_INDEXED)
		return false;
	return (x->func->flags & FN_WHOLE) ||
	       ((x->func->flags & FN_WHOLE_ONE) && x->n_args == 1);
}

static enum err eval_call(struct eval *e, const struct expr *x, struct val *out)
{
	struct val near[ARGS_NEAR], *args = near;
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (x->func->lazy)
		return x->func->lazy(e, x, out);
	if (x->n_args > ARGS_NEAR)
		args = arena_array(e->arena, x->n_args, sizeof(*args));
	if (!args)
		return ERR_NOMEM;
	for (const struct expr *arg = x->args; arg && !rc; arg = arg->next) {
		rc = eval(e, arg, &args[n++]);
		if (!rc && takes_whole(x))
			rc = drop_hidden(e, &args[n - 1]);
	}
	return rc ? rc : x->func->call(e, args, n, out);
}

static enum err eval_place(struct eval *e, const struct expr *x,
			   struct val *out)
{
	return eval_path(e, x->path, out);
}

static enum err eval_broken(struct eval *e, const struct expr *x,
			    struct val *out)
{
	(void)out;
	return eval_fail(e, "%.*s", STR_ARG(x->text));
}

typedef enum err (*evaluator)(struct eval *e, const struct expr *x,
			      struct val *out);

static const evaluator evaluators[] = {
	[OP_NUMBER] = eval_number,   [OP_STRING] = eval_string,
	[OP_OR] = eval_logic,        [OP_AND] = eval_logic,
	[OP_COMPARE] = eval_compare, [OP_ARITH] = eval_arith,
	[OP_NEGATE] = eval_negate,   [OP_UNION] = eval_union,
	[OP_CALL] = eval_call,       [OP_PATH] = eval_place,
	[OP_BROKEN] = eval_broken,
};

enum err eval(struct eval *e, const struct expr *x, struct val *out)
{
	if (e->steps == XPATH_MAX_STEPS)
		return eval_spend(e, 1);
	e->steps++;
	return evaluators[x->op](e, x, out);
}
