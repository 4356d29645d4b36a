/* SPDX-License-Identifier: MIT */
#ifndef XPATH_VALUE_H
#define XPATH_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"
#include "pilar/tree.h"
#include "pilar/xpath.h"

/*
 * A value while an expression is evaluated. Text is lent from the tree, the
 * expression or the arena; nothing is freed.
 *
 * A date is a number of days since 1970-01-01T00:00Z (a local midnight thus
 * has a fraction) that is written as a date; VAL_NUMBER may carry a text of
 * its own in `text`, which then is its string (p == NULL: none).
 */
enum val_kind { VAL_STRING, VAL_NUMBER, VAL_BOOLEAN, VAL_DATE, VAL_NODES };

struct val {
	enum val_kind kind;
	bool boolean;
	struct str text; /* VAL_STRING; VAL_NUMBER with its own text */
	double number;   /* VAL_NUMBER, VAL_DATE */
	/*
	 * VAL_NODES, in document order: one node needs no array, so take them
	 * with val_node().
	 */
	size_t n;
	struct node *one;
	struct node **nodes;
};

/* One evaluation. Functions read it; only the evaluator writes it. */
struct eval {
	struct xpath_env *env;
	struct arena *arena; /* for texts and node arrays made on the way */
	const struct xpath *x;
	struct node *context; /* the context node */
	struct node *current; /* what current() answers */
	size_t position, size;
	uint32_t steps; /* so far, against XPATH_MAX_STEPS */
	bool loose;     /* the context is not of the scope's slot: by names */
};

static inline struct node *val_node(const struct val *v, size_t i)
{
	return v->n == 1 ? v->one : v->nodes[i];
}

/* Constructors. */
static inline enum err val_set_str(struct val *v, struct str s)
{
	v->kind = VAL_STRING;
	v->text = s;
	return s.p ? ERR_NONE : ERR_NOMEM;
}

static inline enum err val_set_num(struct val *v, double n)
{
	v->kind = VAL_NUMBER;
	v->text = (struct str){ NULL, 0 };
	v->number = n;
	return ERR_NONE;
}

static inline enum err val_set_bool(struct val *v, bool b)
{
	v->kind = VAL_BOOLEAN;
	v->boolean = b;
	return ERR_NONE;
}

/* Days since 1970; NaN is "Invalid Date". */
static inline enum err val_set_date(struct val *v, double days)
{
	v->kind = VAL_DATE;
	v->number = days;
	return ERR_NONE;
}

static inline enum err val_set_nodes(struct val *v, struct node **nodes,
				     size_t n)
{
	v->kind = VAL_NODES;
	v->n = n;
	v->nodes = nodes;
	v->one = n ? nodes[0] : NULL;
	return ERR_NONE;
}

static inline enum err val_set_node(struct val *v, struct node *node)
{
	v->kind = VAL_NODES;
	v->n = node ? 1 : 0;
	v->nodes = NULL;
	v->one = node;
	return ERR_NONE;
}

/*
 * The conversions. A text of p == NULL from val_str means that memory is out;
 * an empty text has p != NULL.
 */
struct str val_str(struct eval *e, const struct val *v) MUST_CHECK;
double val_num(struct eval *e, const struct val *v);
bool val_bool(const struct val *v);
/* The string-value of a node, lent where it can be. */
struct str val_node_str(struct eval *e, const struct node *n) MUST_CHECK;
/* How many values an argument stands for: a node-set its nodes, else one. */
static inline size_t val_count(const struct val *v)
{
	return v->kind == VAL_NODES ? v->n : 1;
}
/* The i-th of them as text, number, truth (of a node: its text not blank). */
struct str val_str_at(struct eval *e, const struct val *v, size_t i) MUST_CHECK;
double val_num_at(struct eval *e, const struct val *v, size_t i);
bool val_bool_at(struct eval *e, const struct val *v, size_t i);

/* Dates: days since 1970 of an ISO date or date-time, local without zone. */
bool text_to_days(struct str s, const struct sys *sys, double *days) MUST_CHECK;

/* Ends the evaluation with ERR_INVALID and a sentence in env->why. */
enum err eval_fail(struct eval *e, const char *format, ...)
	PRINTF_LIKE(2, 3) MUST_CHECK;

#endif
