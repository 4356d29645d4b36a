/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/i18n.h"

#include "def.h"

/*
 * Who must be evaluated when what changes. For every slot there is a list of
 * the vertices that read it, and for every repeat a list of those that read
 * it or what is in it and are therefore touched when an instance comes or
 * goes.
 *
 * A dependent says how many levels to climb from the changed node: below that
 * ancestor lie all nodes of the vertex that may read it. Inside a repeat this
 * is the own instance; for a sum over all instances it is the root.
 */

enum err vertex_add(struct form *f, enum vertex_kind kind, uint32_t slot,
		    const struct xpath *x)
{
	uint32_t *known = &f->slots[slot].vertex[kind];
	struct vertex *v;

	if (*known != TREE_NO_SLOT) {
		f->draft.at[*known].x = x; /* a later bind says it anew */
		return ERR_NONE;
	}
	v = vec_push(&f->draft);
	if (!v)
		return ERR_NOMEM;
	*v = (struct vertex){ kind, slot, x, false };
	*known = (uint32_t)f->draft.n - 1;
	return ERR_NONE;
}

uint32_t vertex_home(const struct form *f, const struct vertex *v)
{
	return v->kind == V_COUNT ? f->shape.slots[v->slot].parent : v->slot;
}

static uint32_t depth(const struct form *f, uint32_t slot)
{
	return f->shape.slots[slot].depth;
}

/* Who reads: a vertex or a watcher, by its number and where its nodes are. */
struct reader {
	uint32_t number, home;
	const struct xpath *x;
};

/* The slot below which all readers lie. */
static uint32_t reach(const struct form *f, const struct reader *r,
		      const struct xpath_dep *d)
{
	return d->same ? slot_common(f, r->home, d->slot) : 0;
}

struct edge {
	uint32_t slot;
	struct dependent to;
};

typedef VEC(struct edge) edge_vec;

static enum err edge_add(edge_vec *v, uint32_t slot, struct dependent to)
{
	struct edge *e = vec_push(v);

	if (!e)
		return ERR_NOMEM;
	*e = (struct edge){ slot, to };
	return ERR_NONE;
}

static int edge_cmp(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	if (x->to.vertex != y->to.vertex)
		return x->to.vertex < y->to.vertex ? -1 : 1;
	if (x->to.climb != y->to.climb)
		return x->to.climb > y->to.climb ? -1 : 1;
	return (int)x->to.place - (int)y->to.place;
}

/* Of several edges between the same two the one that climbs highest stays. */
static void edges_unique(edge_vec *v)
{
	size_t n = 0;

	if (v->n)
		qsort(v->at, v->n, sizeof(*v->at), edge_cmp);
	for (size_t i = 0; i < v->n; i++)
		if (!n || v->at[n - 1].slot != v->at[i].slot ||
		    v->at[n - 1].to.vertex != v->at[i].to.vertex)
			v->at[n++] = v->at[i];
	v->n = n;
}

static enum err edges_pack(struct form *f, edge_vec *v, struct readers *out)
{
	size_t e = 0;

	edges_unique(v);
	out->at = arena_array(&f->arena, f->shape.n + 1, sizeof(*out->at));
	out->to = arena_array(&f->arena, v->n, sizeof(*out->to));
	if (!out->at || !out->to)
		return ERR_NOMEM;
	for (size_t s = 0; s < f->shape.n; s++) {
		out->at[s] = (uint32_t)e;
		for (; e < v->n && v->at[e].slot == s; e++)
			out->to[e] = v->at[e].to;
	}
	out->at[f->shape.n] = (uint32_t)e;
	return ERR_NONE;
}

static enum err deps_of(struct form *f, const struct reader *r, edge_vec *out)
{
	size_t n;
	const struct xpath_dep *d = xpath_deps(r->x, &n);
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		struct dependent to = { .vertex = r->number };

		to.climb = depth(f, d[i].slot) - depth(f, reach(f, r, &d[i]));
		rc = edge_add(out, d[i].slot, to);
	}
	return rc;
}

/* The repeats that `slot` is or stands in concern the reader, too. */
static enum err shifts_of_dep(struct form *f, const struct reader *reader,
			      const struct xpath_dep *d, edge_vec *out)
{
	enum err rc = ERR_NONE;

	for (uint32_t r = d->slot; r != 0 && !rc;
	     r = f->shape.slots[r].parent) {
		uint32_t holder = f->shape.slots[r].parent;
		bool own = d->same && slot_below(f, reader->home, r);
		uint32_t top = reach(f, reader, d);
		struct dependent to = { .vertex = reader->number,
					.place = own };

		/* Within its own instance a node sees no other come or go,
		 * unless it asks for its place among them. */
		if (!f->shape.slots[r].repeat || (own && r != d->slot))
			continue;
		if (depth(f, top) > depth(f, holder))
			top = holder;
		to.climb = depth(f, holder) - depth(f, top);
		rc = edge_add(out, r, to);
	}
	return rc;
}

static enum err shifts_of(struct form *f, const struct reader *r, edge_vec *out)
{
	size_t n;
	const struct xpath_dep *d = xpath_deps(r->x, &n);
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++)
		rc = shifts_of_dep(f, r, &d[i], out);
	return rc;
}

typedef struct reader (*reader_at)(const struct form *f, uint32_t number);

static struct reader vertex_reader(const struct form *f, uint32_t number)
{
	const struct vertex *v = &f->vertices[number];

	return (struct reader){ number, vertex_home(f, v), v->x };
}

static struct reader watcher_reader(const struct form *f, uint32_t number)
{
	const struct watcher *w = &f->watchers.at[number];

	return (struct reader){ number, w->slot, w->x };
}

/* Who reads each slot, and whom an instance of each repeat concerns. */
static enum err edges_build(struct form *f, reader_at reader, size_t n,
			    struct readers *values, struct readers *instances)
{
	edge_vec deps = { 0 }, shifts = { 0 };
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < n && !rc; i++) {
		struct reader r = reader(f, i);

		rc = deps_of(f, &r, &deps);
		if (!rc)
			rc = shifts_of(f, &r, &shifts);
	}
	if (!rc)
		rc = edges_pack(f, &deps, values);
	if (!rc)
		rc = edges_pack(f, &shifts, instances);
	vec_release(&deps);
	vec_release(&shifts);
	return rc;
}

enum err watcher_add(struct form *f, enum watch_kind kind, uint32_t slot,
		     const struct xpath *x)
{
	struct watcher *w;
	size_t n;

	if (slot == TREE_NO_SLOT || !x)
		return ERR_NONE;
	xpath_deps(x, &n);
	if (!n)
		return ERR_NONE;
	w = vec_push(&f->watchers);
	if (!w)
		return ERR_NOMEM;
	*w = (struct watcher){ kind, slot, x };
	return ERR_NONE;
}

enum err deps_build(struct form *f)
{
	enum err rc;

	rc = order_vertices(f);
	if (!rc)
		rc = edges_build(f, vertex_reader, f->n_vertices, &f->deps,
				 &f->shifts);
	if (!rc)
		rc = edges_build(f, watcher_reader, f->watchers.n, &f->watches,
				 &f->watched_repeats);
	vec_release(&f->draft);
	return rc;
}
