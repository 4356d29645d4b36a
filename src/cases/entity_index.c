/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "entity_list.h"

/* Passes over a dataset: the order of its rows, an index of a column, cells. */

static struct str dataset_of(const struct entity_list *l)
{
	return str_from(l->dataset);
}

struct born {
	struct stamp stamp;
	uint32_t op, row;
};

static int by_birth(const void *a, const void *b)
{
	const struct born *x = a, *y = b;
	int c = stamp_cmp(&x->stamp, &y->stamp);

	if (c)
		return c;
	return x->op < y->op ? -1 : x->op > y->op;
}

/* What one pass over the dataset brings: their order, cells of a column, and
 * the rows themselves while there is room. */
struct gathering {
	struct entity_list *l;
	VEC(struct born) births; /* unless the order is known */
	VEC(struct cell_at) cells;
	VEC(uint32_t) met;
	size_t column; /* NO_COLUMN: no cells */
	bool keep;
};
#define NO_COLUMN SIZE_MAX

static enum err keep_one(struct entity_list *l, const struct state *s,
			 struct gathering *g, uint32_t row)
{
	uint32_t *met = vec_push(&g->met);

	if (!met)
		return ERR_NOMEM;
	*met = row;
	g->keep = l->cells.used < LIST_KEPT;
	return entity_row_keep(l, row, s);
}

static enum err cell_one(struct entity_list *l, const struct state *s,
			 struct gathering *g, uint32_t row)
{
	struct cell_at *c = vec_push(&g->cells);

	if (!c)
		return ERR_NOMEM;
	c->row = row;
	c->value = arena_dup(&l->arena,
			     entity_cell_of(l, s, g->column, &l->arena));
	return c->value.p ? ERR_NONE : ERR_NOMEM;
}

static enum err gather_one(const struct state *s, struct arena *a, void *arg)
{
	struct gathering *g = arg;
	struct entity_list *l = g->l;
	struct born *b = NULL;
	uint32_t row;
	enum err rc = entity_row_of(l, &s->id, &row);

	(void)a;
	if (!rc && !l->all) {
		b = vec_push(&g->births);
		if (!b)
			return ERR_NOMEM;
		*b = (struct born){ s->created, s->created_at_op, row };
	}
	if (!rc && g->keep)
		rc = keep_one(l, s, g, row);
	if (!rc && g->column != NO_COLUMN)
		rc = cell_one(l, s, g, row);
	return rc;
}

static enum err put_in_order(struct entity_list *l, struct gathering *g)
{
	uint32_t *all = arena_array(&l->arena, g->births.n + 1, sizeof(*all));

	if (!all)
		return ERR_NOMEM;
	if (g->births.n)
		qsort(g->births.at, g->births.n, sizeof(*g->births.at),
		      by_birth);
	for (size_t i = 0; i < g->births.n; i++)
		all[i] = g->births.at[i].row;
	l->all = all;
	l->n_all = g->births.n;
	return ERR_NONE;
}

static void want_columns(struct entity_list *l)
{
	entity_columns_need(l);
	(void)entity_slot_of(l, FIXED_LABEL);
	for (size_t i = FIXED_COUNT; i < l->columns.n; i++)
		if (map_get(l->wants, l->columns.at[i].name))
			(void)entity_slot_of(l, i);
}

/* Too many to keep is not asked for again. */
static void note_kept(struct entity_list *l, const struct gathering *g)
{
	l->stored = g->keep ? arena_copy(&l->arena, g->met.at, g->met.n,
					 sizeof(*l->stored))
			    : NULL;
	l->n_stored = l->stored ? g->met.n : 0;
	if (!l->stored)
		l->wants = NULL;
}

static enum err gather(struct entity_list *l, struct gathering *g)
{
	bool keeps = l->wants && !l->stored;
	struct view v;
	enum err rc = view_begin(&v, l->c);

	if (rc)
		return rc;
	g->keep = keeps;
	if (keeps)
		want_columns(l);
	rc = state_each(v.t, dataset_of(l), l->until, gather_one, g);
	view_end(&v);
	if (!rc && !l->all)
		rc = put_in_order(l, g);
	if (!rc && keeps)
		note_kept(l, g);
	vec_release(&g->births);
	vec_release(&g->met);
	return rc;
}

enum err entity_order_need(struct entity_list *l)
{
	struct gathering g = { .l = l, .column = NO_COLUMN };

	return l->all ? ERR_NONE : gather(l, &g);
}

enum err entity_load(struct entity_list *l)
{
	struct gathering g = { .l = l, .column = NO_COLUMN };

	return l->stored || !l->wants ? ERR_NONE : gather(l, &g);
}

/* ---- an index of a column */
static int by_value(const void *a, const void *b)
{
	const struct cell_at *x = a, *y = b;
	int c = str_cmp(x->value, y->value);

	if (c)
		return c;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* In the order of creation; what came since that was read is not in it. */
static enum err fill_index(struct entity_list *l, struct gathering *g,
			   struct column_index *ix)
{
	struct arena a = { 0 };
	uint32_t *place = arena_array(&a, l->rows.n + 1, sizeof(*place));

	ix->cells = arena_array(&l->arena, g->cells.n + 1, sizeof(*ix->cells));
	ix->rows = arena_array(&l->arena, g->cells.n + 1, sizeof(*ix->rows));
	if (!ix->cells || !ix->rows || !place) {
		arena_release(&a);
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < l->n_all; i++)
		place[l->all[i]] = (uint32_t)i + 1;
	vec_each (c, &g->cells) {
		c->place = place[c->row];
		if (c->place)
			ix->cells[ix->n++] = *c;
	}
	if (ix->n)
		qsort(ix->cells, ix->n, sizeof(*ix->cells), by_value);
	for (size_t i = 0; i < ix->n; i++)
		ix->rows[i] = ix->cells[i].row;
	arena_release(&a);
	return ERR_NONE;
}

/* From rows that are kept nothing need be read. */
static enum err cells_kept(struct entity_list *l, struct gathering *g)
{
	uint32_t slot = l->columns.at[g->column].slot;

	for (size_t i = 0; i < l->n_stored; i++) {
		const struct entity_row *r = &l->rows.at[l->stored[i]];
		struct cell_at *c = vec_push(&g->cells);

		if (!c)
			return ERR_NOMEM;
		*c = (struct cell_at){ r->cells[slot - 1], l->stored[i], 0 };
	}
	return ERR_NONE;
}

static bool is_kept(const struct entity_list *l, size_t column)
{
	uint32_t slot = l->columns.at[column].slot;

	return l->stored && l->all && slot && l->n_stored &&
	       slot <= l->rows.at[l->stored[0]].n_cells;
}

enum err entity_index_of(struct entity_list *l, size_t at,
			 const struct column_index **out)
{
	struct column_index made = { .column = at }, *slot;
	struct gathering g = { .l = l, .column = at };
	enum err rc;

	vec_each (ix, &l->indexes)
		if (ix->column == at) {
			*out = ix;
			return ERR_NONE;
		}
	rc = entity_load(l);
	if (!rc)
		rc = is_kept(l, at) ? cells_kept(l, &g) : gather(l, &g);
	if (!rc)
		rc = fill_index(l, &g, &made);
	vec_release(&g.cells);
	if (rc)
		return rc;
	slot = vec_push(&l->indexes);
	if (!slot)
		return ERR_NOMEM;
	*slot = made;
	*out = slot;
	return ERR_NONE;
}

/* ---- all of them */
static enum err tell(struct entity_list *l, uint32_t row,
		     struct entity_prop *props,
		     enum err (*each)(void *arg, const struct entity *e),
		     void *arg)
{
	const struct entity_row *r = &l->rows.at[row];
	char id[UUID_LEN + 1];
	struct entity e = { .dataset = dataset_of(l),
			    .id = id_text(r->id, id),
			    .props = props,
			    .changed_at = r->changed_at,
			    .conflict = r->conflict };

	for (size_t i = 0; i < r->n_cells; i++) {
		size_t column = l->asked.at[i];

		if (column == FIXED_LABEL)
			e.label = r->cells[i];
		else if (column >= FIXED_COUNT)
			props[e.n_props++] = (struct entity_prop){
				l->columns.at[column].name, r->cells[i]
			};
	}
	return each(arg, &e);
}

enum err entity_each(struct entity_list *l,
		     enum err (*each)(void *arg, const struct entity *e),
		     void *arg)
{
	struct entity_prop *props = calloc(l->columns.n + 1, sizeof(*props));
	enum err rc = props ? ERR_NONE : ERR_NOMEM;

	l->walked = true;
	for (size_t i = 0; i < l->n_stored && !rc; i++)
		rc = tell(l, l->stored[i], props, each, arg);
	l->walked = false;
	free(props);
	return rc;
}
