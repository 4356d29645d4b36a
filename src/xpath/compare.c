/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/map.h"

#include "eval.h"

/* From so many pairs on, comparing all of them gives way to a table. */
#define PAIRS_MAX 256

static bool numbers(double a, enum join join, double b)
{
	switch ((int)join) {
	case JOIN_EQ:
		return a == b;
	case JOIN_NE:
		return a != b;
	case JOIN_LT:
		return a < b;
	case JOIN_LE:
		return a <= b;
	case JOIN_GT:
		return a > b;
	default:
		return a >= b;
	}
}

static bool is_number(const struct val *v)
{
	return v->kind == VAL_NUMBER || v->kind == VAL_DATE;
}

static bool is_relation(enum join join)
{
	return join != JOIN_EQ && join != JOIN_NE;
}

/* Neither is a node-set with other than one node (XPath 1.0, 3.4). Greater and
 * less ask for the numbers of nodes also against a truth, as ODK does. */
static bool singles(struct eval *e, const struct val *a, enum join join,
		    const struct val *b)
{
	if (is_relation(join) || is_number(a) || is_number(b))
		return numbers(val_num(e, a), join, val_num(e, b));
	return str_eq(val_str(e, a), val_str(e, b)) == (join == JOIN_EQ);
}

static bool truths(const struct val *a, enum join join, const struct val *b)
{
	return numbers(val_bool(a), join, val_bool(b));
}

/* Any node of `a` against a single `b`. */
static bool any_node(struct eval *e, const struct val *a, enum join join,
		     const struct val *b)
{
	struct val one = { .kind = VAL_NODES, .n = 1 };
	bool found = false;

	for (size_t i = 0; i < a->n && !found; i++) {
		one.one = val_node(a, i);
		found = singles(e, &one, join, b);
	}
	return found;
}

static bool all_equal(struct eval *e, const struct val *v, struct str to)
{
	bool same = true;

	for (size_t i = 0; i < v->n && same; i++)
		same = str_eq(val_str_at(e, v, i), to);
	return same;
}

/* One text of `b` that is among those of `a`. */
static enum err any_text(struct eval *e, const struct val *a,
			 const struct val *b, bool *out)
{
	struct map seen = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < a->n && !rc; i++)
		rc = map_put(&seen, val_str_at(e, a, i), &seen);
	for (size_t i = 0; i < b->n && !rc && !*out; i++)
		*out = map_get(&seen, val_str_at(e, b, i));
	map_release(&seen);
	return rc;
}

/* The number of a set that is most likely to make the relation hold. */
static double extreme(struct eval *e, const struct val *v, bool greatest)
{
	double best = (double)NAN;

	for (size_t i = 0; i < v->n; i++) {
		double n = val_num_at(e, v, i);

		if (isnan(best) || (greatest ? n > best : n < best))
			best = n;
	}
	return best;
}

static enum err node_sets(struct eval *e, const struct val *a, enum join join,
			  const struct val *b, bool *out)
{
	bool less = join == JOIN_LT || join == JOIN_LE;

	*out = false;
	if (!a->n || !b->n)
		return ERR_NONE;
	if (join == JOIN_EQ && a->n * b->n > PAIRS_MAX)
		return any_text(e, a, b, out);
	if (is_relation(join)) {
		*out = numbers(extreme(e, a, !less), join, extreme(e, b, less));
	} else if (join == JOIN_NE) {
		struct str s = val_str_at(e, a, 0);

		*out = !all_equal(e, a, s) || !all_equal(e, b, s);
	} else {
		struct val one = { .kind = VAL_NODES, .n = 1 };

		for (size_t i = 0; i < a->n && !*out; i++) {
			one.one = val_node(a, i);
			*out = any_node(e, b, join, &one);
		}
	}
	return ERR_NONE;
}

static enum join mirrored(enum join join)
{
	switch ((int)join) {
	case JOIN_LT:
		return JOIN_GT;
	case JOIN_LE:
		return JOIN_GE;
	case JOIN_GT:
		return JOIN_LT;
	case JOIN_GE:
		return JOIN_LE;
	default:
		return join;
	}
}

static bool is_many(const struct val *v)
{
	return v->kind == VAL_NODES && v->n != 1;
}

enum err val_compare(struct eval *e, const struct val *a, enum join join,
		     const struct val *b, bool *out)
{
	enum err rc = eval_spend(e, val_count(a) + val_count(b));

	if (rc)
		return rc;
	if (!is_relation(join) &&
	    (a->kind == VAL_BOOLEAN || b->kind == VAL_BOOLEAN))
		*out = truths(a, join, b);
	else if (is_many(a) && b->kind == VAL_NODES)
		return node_sets(e, a, join, b, out);
	else if (is_many(a))
		*out = any_node(e, a, join, b);
	else if (is_many(b))
		*out = any_node(e, b, mirrored(join), a);
	else
		*out = singles(e, a, join, b);
	return ERR_NONE;
}
