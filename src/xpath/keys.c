/* SPDX-License-Identifier: MIT */
#include "parse.h"

/* Does it look at the row, so that it differs from row to row? */
static bool looks_at_row(const struct expr *x);

static bool any_looks(const struct expr *x)
{
	while (x && !looks_at_row(x))
		x = x->next;
	return x;
}

static bool path_looks(const struct path *p)
{
	if (p->start == START_CONTEXT)
		return true;
	return p->start == START_EXPR && looks_at_row(p->head);
}

static bool call_looks(const struct expr *x)
{
	if (x->func->flags & (FN_RANDOM | FN_ONCE))
		return true;
	if ((x->func->flags & FN_CONTEXT) && (x->func->lazy || !x->n_args))
		return true;
	return any_looks(x->args);
}

static bool looks_at_row(const struct expr *x)
{
	if (x->op == OP_NUMBER || x->op == OP_STRING)
		return false;
	if (x->op == OP_PATH)
		return path_looks(x->path);
	if (x->op == OP_CALL)
		return call_looks(x);
	return x->op == OP_BROKEN || any_looks(x->args);
}

/* A path of nothing but the name of a child. */
static const struct step *column_of(const struct expr *x)
{
	const struct step *s = x->op == OP_PATH ? x->path->steps : NULL;

	if (!s || x->path->start != START_CONTEXT || s->next || s->preds ||
	    s->axis != AXIS_CHILD || s->test != TEST_NAME)
		return NULL;
	return s;
}

/* Does it look at nothing of the row but its cells? */
static bool is_flat(const struct expr *x);

static bool all_flat(const struct expr *x)
{
	while (x && is_flat(x))
		x = x->next;
	return !x;
}

static bool path_is_flat(const struct expr *x)
{
	const struct path *p = x->path;

	if (p->start == START_CONTEXT)
		return column_of(x);
	return p->start != START_EXPR || is_flat(p->head);
}

static bool is_flat(const struct expr *x)
{
	if (x->op == OP_NUMBER || x->op == OP_STRING)
		return true;
	if (x->op == OP_PATH)
		return path_is_flat(x);
	if (x->op == OP_CALL &&
	    ((x->func->flags & FN_ONCE) ||
	     ((x->func->flags & FN_CONTEXT) && (x->func->lazy || !x->n_args))))
		return false;
	return x->op != OP_BROKEN && all_flat(x->args);
}

static struct key *key_of(struct parser *p, const struct expr *x)
{
	const struct expr *a = x->args, *b;
	struct key *k;

	if (x->op != OP_COMPARE || x->n_args != 2 || a->next->join != JOIN_EQ)
		return NULL;
	b = a->next;
	if (!column_of(a) || looks_at_row(b)) {
		b = a;
		a = a->next;
	}
	if (!column_of(a) || looks_at_row(b))
		return NULL;
	k = parse_alloc(p, sizeof(*k));
	if (!k)
		return NULL;
	k->column = column_of(a);
	k->value = b;
	return k;
}

static bool is_numeric(const struct expr *x)
{
	if (x->op == OP_CALL)
		return x->func->result == FN_NUMBER ||
		       x->func->result == FN_ANY;
	return x->op == OP_NUMBER || x->op == OP_ARITH || x->op == OP_NEGATE ||
	       x->op == OP_BROKEN;
}

void pred_find_keys(struct parser *p, struct pred *pred)
{
	const struct expr *x = pred->test;
	struct key **at = &pred->keys;
	uint32_t parts = 1, found = 0;

	pred->positional |= is_numeric(x);
	pred->flat = is_flat(x);
	if (pred->positional)
		return;
	if (x->op == OP_AND) {
		parts = x->n_args;
		x = x->args;
	}
	for (uint32_t i = 0; i < parts; i++, x = x->next) {
		*at = key_of(p, x);
		if (!*at)
			continue;
		at = &(*at)->next;
		found++;
	}
	pred->all_keys = found == parts;
}
