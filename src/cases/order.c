/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "event.h"

/*
 * Rows form a forest: each names at most one that it comes after. The order
 * takes, again and again, the smallest (device, sequence) among those whose
 * predecessor is out. A predecessor that has not arrived holds nobody up; when
 * it comes the entity is folded anew. A knot is a row in that forest.
 */
struct knot {
	const struct row *row;
	size_t first, next; /* of those that name this one; SIZE_MAX ends */
	bool out;
};

struct order {
	struct knot *knots; /* by stamp */
	size_t n;
	size_t *heap; /* knots that may come next; the smallest on top */
	size_t n_heap;
};

static int by_stamp(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return stamp_cmp(&x->stamp, &y->stamp);
}

/* Knots stand by stamp, so the number says which is smaller. */
static void push(struct order *o, size_t number)
{
	size_t at = o->n_heap++;

	while (at && o->heap[(at - 1) / 2] > number) {
		o->heap[at] = o->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	o->heap[at] = number;
}

static size_t pop(struct order *o)
{
	size_t top = o->heap[0], last = o->heap[--o->n_heap], at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= o->n_heap)
			break;
		if (child + 1 < o->n_heap &&
		    o->heap[child + 1] < o->heap[child])
			child++;
		if (o->heap[child] >= last)
			break;
		o->heap[at] = o->heap[child];
		at = child;
	}
	o->heap[at] = last;
	return top;
}

static size_t find(const struct order *o, const struct stamp *s)
{
	size_t lo = 0, hi = o->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = stamp_cmp(&o->knots[mid].row->stamp, s);

		if (!c)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return SIZE_MAX;
}

static void connect(struct order *o)
{
	for (size_t i = 0; i < o->n; i++)
		o->knots[i].first = o->knots[i].next = SIZE_MAX;
	for (size_t i = 0; i < o->n; i++) {
		const struct row *r = o->knots[i].row;
		size_t before = r->seen.seq ? find(o, &r->seen) : SIZE_MAX;

		if (before == SIZE_MAX || before == i) {
			push(o, i);
			continue;
		}
		o->knots[i].next = o->knots[before].first;
		o->knots[before].first = i;
	}
}

static void drain(struct order *o, struct row *sorted, size_t *n)
{
	while (o->n_heap) {
		struct knot *k = &o->knots[pop(o)];

		k->out = true;
		sorted[(*n)++] = *k->row;
		for (size_t i = k->first; i != SIZE_MAX; i = o->knots[i].next)
			if (!o->knots[i].out)
				push(o, i);
	}
}

enum err rows_sort(struct row *rows, size_t n, struct arena *a)
{
	struct order o = { .n = n };
	struct row *sorted = arena_array(a, n + 1, sizeof(*sorted));
	size_t out = 0;

	o.knots = arena_array(a, n + 1, sizeof(*o.knots));
	o.heap = arena_array(a, n + 1, sizeof(*o.heap));
	if (!sorted || !o.knots || !o.heap)
		return ERR_NOMEM;
	if (!n)
		return ERR_NONE;
	qsort(rows, n, sizeof(*rows), by_stamp);
	for (size_t i = 0; i < n; i++)
		o.knots[i].row = &rows[i];
	connect(&o);
	drain(&o, sorted, &out);
	/* Rows that name each other in a ring begin somewhere. */
	for (size_t i = 0; i < n; i++) {
		if (o.knots[i].out)
			continue;
		push(&o, i);
		drain(&o, sorted, &out);
	}
	memcpy(rows, sorted, n * sizeof(*rows));
	return ERR_NONE;
}

static enum err read_row(struct cur *cur, struct arena *a, struct row *r)
{
	struct rd k = RD_INIT(cur->key);
	struct str value;
	enum err rc = cur_value(cur, &value);

	if (rc)
		return rc;
	rd_id(&k);
	r->stamp = rd_stamp(&k);
	value = arena_dup(a, value);
	return value.p ? row_read(value, a, r) : ERR_NOMEM;
}

enum err rows_read(struct txn *t, const struct id *id, struct arena *a,
		   struct row **out, size_t *n)
{
	VEC(struct row) rows = { 0 };
	struct cur cur = { 0 };
	struct key prefix = { .n = 0 };
	enum err rc;

	key_id(&prefix, id);
	rc = cur_begin(&cur, t, TABLE_ENTITY_EVENT, key_str(&prefix), STR(""),
		       false);
	while (!rc) {
		struct row *r;

		rc = cur_next(&cur);
		if (rc)
			break;
		r = vec_push(&rows);
		rc = r ? read_row(&cur, a, r) : ERR_NOMEM;
	}
	cur_end(&cur);
	rc = vec_give(&rows, a, out, n, rc);
	return rc == ERR_NOTFOUND ? rows_sort(*out, *n, a) : rc;
}
