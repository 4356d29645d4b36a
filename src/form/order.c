/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/*
 * The order of evaluation. Vertices point at those that produce what they
 * read; Tarjan's algorithm gives the components of that graph with producers
 * first. A component of calculates is a cycle and refused; one that goes
 * through relevance or counts is evaluated until it rests.
 */

struct graph {
	size_t n;
	uint32_t *at; /* n + 1 */
	VEC(uint32_t) to;
};

struct walk {
	const struct graph *g;
	uint32_t *index, *low, *next, *stack, *path;
	bool *on_stack;
	size_t n_stack, n_path, counter;
	uint32_t *component; /* by vertex */
	uint32_t *order;     /* vertices, producers first */
	size_t n_order, n_components;
};

/* ---- the graph */

static enum err point(struct graph *g, uint32_t vertex)
{
	uint32_t *to;

	if (vertex == TREE_NO_SLOT)
		return ERR_NONE;
	if (g->to.n >= FORM_MAX_EDGES)
		return ERR_TOOBIG;
	to = vec_push(&g->to);
	if (!to)
		return ERR_NOMEM;
	*to = vertex;
	return ERR_NONE;
}

/* What decides whether nodes of `slot` are there and are relevant. */
static enum err point_at_being(const struct form *f, struct graph *g,
			       uint32_t slot)
{
	enum err rc = ERR_NONE;

	for (; slot != TREE_NO_SLOT && !rc;
	     slot = f->shape.slots[slot].parent) {
		rc = point(g, f->slots[slot].vertex[V_RELEVANT]);
		if (!rc)
			rc = point(g, f->slots[slot].vertex[V_COUNT]);
	}
	return rc;
}

static enum err point_at_value(const struct form *f, struct graph *g,
			       uint32_t slot)
{
	enum err rc;

	rc = point(g, f->slots[slot].vertex[V_CALCULATE]);
	if (!rc)
		rc = point(g, f->slots[slot].vertex[V_CHOICES]);
	return rc ? rc : point_at_being(f, g, slot);
}

static bool is_calculate(const struct form *f, uint32_t vertex)
{
	return f->draft.at[vertex].kind == V_CALCULATE;
}

static enum err point_at_all(const struct form *f, struct graph *g,
			     uint32_t vertex)
{
	const struct vertex *v = &f->draft.at[vertex];
	size_t n;
	const struct xpath_dep *d = xpath_deps(v->x, &n);
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++)
		rc = point_at_value(f, g, d[i].slot);
	if (!rc && (v->kind == V_CALCULATE || v->kind == V_CHOICES))
		rc = point_at_being(f, g, v->slot);
	return rc;
}

static enum err point_at_calculates(const struct form *f, struct graph *g,
				    uint32_t vertex)
{
	const struct vertex *v = &f->draft.at[vertex];
	size_t n;
	const struct xpath_dep *d = xpath_deps(v->x, &n);
	enum err rc = ERR_NONE;

	if (!is_calculate(f, vertex))
		return ERR_NONE;
	for (size_t i = 0; i < n && !rc; i++)
		if (d[i].slot != v->slot)
			rc = point(g, f->slots[d[i].slot].vertex[V_CALCULATE]);
	return rc;
}

typedef enum err (*pointer)(const struct form *f, struct graph *g,
			    uint32_t vertex);

static enum err graph_build(struct form *f, struct graph *g, pointer edges)
{
	enum err rc = ERR_NONE;

	g->n = f->draft.n;
	g->at = arena_array(&f->scratch, g->n + 1, sizeof(*g->at));
	if (!g->at)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < g->n && !rc; i++) {
		g->at[i] = (uint32_t)g->to.n;
		rc = edges(f, g, i);
	}
	g->at[g->n] = (uint32_t)g->to.n;
	return rc;
}

/* ---- Tarjan, with a path of our own instead of recursion */

static uint32_t *numbers(struct form *f, size_t n)
{
	return arena_array(&f->scratch, n + 1, sizeof(uint32_t));
}

static enum err walk_init(struct form *f, struct walk *w, const struct graph *g)
{
	*w = (struct walk){ .g = g };
	w->index = numbers(f, g->n);
	w->low = numbers(f, g->n);
	w->next = numbers(f, g->n);
	w->stack = numbers(f, g->n);
	w->path = numbers(f, g->n);
	w->component = numbers(f, g->n);
	w->order = numbers(f, g->n);
	w->on_stack = arena_array(&f->scratch, g->n + 1, sizeof(bool));
	if (!w->index || !w->low || !w->next || !w->stack || !w->path ||
	    !w->component || !w->order || !w->on_stack)
		return ERR_NOMEM;
	return ERR_NONE;
}

static void enter(struct walk *w, uint32_t v)
{
	w->index[v] = w->low[v] = (uint32_t)++w->counter;
	w->next[v] = w->g->at[v];
	w->stack[w->n_stack++] = v;
	w->on_stack[v] = true;
	w->path[w->n_path++] = v;
}

static void pop_component(struct walk *w, uint32_t root)
{
	uint32_t v;

	do {
		v = w->stack[--w->n_stack];
		w->on_stack[v] = false;
		w->component[v] = (uint32_t)w->n_components;
		w->order[w->n_order++] = v;
	} while (v != root);
	w->n_components++;
}

static void lower_to(uint32_t *low, uint32_t value)
{
	if (value < *low)
		*low = value;
}

/* One step at the end of the path: down an edge, or back up. */
static void step(struct walk *w)
{
	uint32_t v = w->path[w->n_path - 1];

	if (w->next[v] < w->g->at[v + 1]) {
		uint32_t to = w->g->to.at[w->next[v]++];

		if (!w->index[to])
			enter(w, to);
		else if (w->on_stack[to])
			lower_to(&w->low[v], w->index[to]);
		return;
	}
	w->n_path--;
	if (w->n_path)
		lower_to(&w->low[w->path[w->n_path - 1]], w->low[v]);
	if (w->low[v] == w->index[v])
		pop_component(w, v);
}

static void walk_all(struct walk *w)
{
	for (uint32_t v = 0; v < w->g->n; v++) {
		if (w->index[v])
			continue;
		enter(w, v);
		while (w->n_path)
			step(w);
	}
}

/* ---- cycles */

/* The shortest way from `start` back to it within its component. */
static size_t find_cycle(const struct walk *w, uint32_t start, uint32_t *queue,
			 uint32_t *from)
{
	size_t head = 0, tail = 0;

	queue[tail++] = start;
	while (head < tail) {
		uint32_t v = queue[head++];

		for (uint32_t e = w->g->at[v]; e < w->g->at[v + 1]; e++) {
			uint32_t to = w->g->to.at[e];

			if (w->component[to] != w->component[start] ||
			    from[to] != TREE_NO_SLOT)
				continue;
			from[to] = v;
			if (to == start)
				return head;
			queue[tail++] = to;
		}
	}
	return 0;
}

/* A cycle through every node of the largest form is still named in full. */
#define CYCLE_TEXT_MAX ((size_t)64 << 20)

/* `from` leads backwards from start, which is forwards for the reader. */
static void report_cycle(struct form *f, const uint32_t *from, uint32_t start)
{
	struct buf b = BUF_INIT(CYCLE_TEXT_MAX);
	uint32_t v = start;

	do {
		struct str path =
			slot_path(f, f->draft.at[v].slot, &f->scratch);

		buf_addstr(&b, path);
		buf_adds(&b, " -> ");
		v = from[v];
	} while (v != start && !b.failed);
	buf_addstr(&b, slot_path(f, f->draft.at[start].slot, &f->scratch));
	report_add(f->rep, PROBLEM_ERROR, f->name,
		   _("perhitungan berputar: %.*s"), STR_ARG(buf_str(&b)));
	buf_release(&b);
}

static enum err report_cycles(struct form *f, const struct walk *w)
{
	uint32_t *from = numbers(f, w->g->n), *queue = numbers(f, w->g->n);

	if (!from || !queue)
		return ERR_NOMEM;
	for (size_t i = 0; i < w->g->n; i++)
		from[i] = TREE_NO_SLOT;
	for (size_t i = 0, end; i < w->n_order; i = end) {
		uint32_t c = w->component[w->order[i]];

		for (end = i;
		     end < w->n_order && w->component[w->order[end]] == c;)
			end++;
		if (end > i + 1 &&
		    find_cycle(w, w->order[end - 1], queue, from))
			report_cycle(f, from, w->order[end - 1]);
	}
	return ERR_NONE;
}

static enum err check_calculates(struct form *f)
{
	struct graph g = { 0 };
	struct walk w;
	enum err rc;

	rc = graph_build(f, &g, point_at_calculates);
	if (!rc)
		rc = walk_init(f, &w, &g);
	if (!rc) {
		walk_all(&w);
		rc = report_cycles(f, &w);
	}
	vec_release(&g.to);
	return rc;
}

static const char *const kind_names[] = {
	[V_RELEVANT] = "relevant", [V_CALCULATE] = "calculate",
	[V_READONLY] = "readonly", [V_REQUIRED] = "required",
	[V_CHOICES] = "itemset",   [V_COUNT] = "jr:count",
};

static bool repeated(const struct form *f, uint32_t slot)
{
	for (; slot != 0; slot = f->shape.slots[slot].parent)
		if (f->shape.slots[slot].repeat)
			return true;
	return false;
}

/* A node may read other instances of itself, never itself. */
static void check_self(struct form *f, struct vertex *v)
{
	size_t n;
	const struct xpath_dep *d = xpath_deps(v->x, &n);

	for (size_t i = 0; i < n; i++) {
		if (d[i].slot != v->slot)
			continue;
		v->loop = true;
		if (v->kind == V_CHOICES || v->kind == V_COUNT)
			continue;
		if (d[i].same || !repeated(f, v->slot)) {
			def_error(f, def_place(f, v->slot, kind_names[v->kind]),
				  _("merujuk dirinya sendiri: %.*s"),
				  STR_ARG(xpath_text(v->x)));
			return;
		}
	}
}

/* ---- */

static enum err renumber(struct form *f, const struct walk *w)
{
	f->n_vertices = w->n_order;
	f->vertices = arena_array(&f->arena, w->n_order, sizeof(*f->vertices));
	if (!f->vertices)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < w->n_order; i++) {
		struct vertex *v = &f->vertices[i];
		uint32_t c = w->component[w->order[i]];

		*v = f->draft.at[w->order[i]];
		f->slots[v->slot].vertex[v->kind] = i;
		if ((i > 0 && w->component[w->order[i - 1]] == c) ||
		    (i + 1 < w->n_order && w->component[w->order[i + 1]] == c))
			v->loop = true;
	}
	return ERR_NONE;
}

enum err order_vertices(struct form *f)
{
	struct graph g = { 0 };
	struct walk w;
	enum err rc;

	vec_each (v, &f->draft)
		check_self(f, v);
	rc = check_calculates(f);
	if (!rc)
		rc = graph_build(f, &g, point_at_all);
	if (!rc)
		rc = walk_init(f, &w, &g);
	if (rc)
		goto out;
	walk_all(&w);
	rc = renumber(f, &w);
out:
	if (rc == ERR_TOOBIG)
		def_error(f, f->name,
			  _("ungkapan formulir terlalu saling bergantung"));
	vec_release(&g.to);
	return rc;
}
