/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "closed.h"
#include "lists.h"

/*
 * A dataset as a list. Rows are numbered as they are met. By name and by a
 * property that links to a parent they come from the store's indexes; for any
 * other column one pass over the dataset makes an index in memory, which holds
 * until the list is void.
 */
static const char *const fixed[] = { "name",       "label",
				     "__version",  "__trunkVersion",
				     "__branchId", "__closed" };
enum {
	FIXED_NAME,
	FIXED_LABEL,
	FIXED_VERSION,
	FIXED_TRUNK,
	FIXED_BRANCH,
	FIXED_CLOSED,
	FIXED_COUNT
};

/* Of a row only the cells that are asked for are kept: rows come by the ten
 * thousand, with a few columns of many. */
struct entity_row {
	struct id *id;
	struct str *cells; /* as many columns as were asked for then */
	uint32_t n_cells;
	bool read;
};

struct entity_column {
	struct str name;
	uint32_t slot; /* among the cells that are kept, from 1; 0: none */
};

/* A value and the rows that have it, in order. */
struct cell_at {
	struct str value;
	uint32_t row, place;
};

struct column_index {
	size_t column;
	struct cell_at *cells;
	uint32_t *rows; /* the same order */
	size_t n;
};

struct entity_list {
	struct list base;
	struct cases *c;
	char *dataset;
	int64_t until;      /* as it was when that was over; CASES_NOW */
	struct arena cells; /* of the rows that were read */
	struct arena arena; /* everything else below */
	VEC(struct entity_column) columns;
	VEC(size_t) asked; /* the column of each slot */
	VEC(struct entity_row) rows;
	struct arena last; /* of the state that was read last */
	struct state state;
	uint32_t state_of; /* its row; NO_ROW */
	struct map by_id;
	uint32_t *all; /* in order of creation; NULL: not read */
	size_t n_all;
	VEC(struct column_index) indexes;
};

#define NO_ROW UINT32_MAX

static struct str dataset_of(const struct entity_list *l)
{
	return str_from(l->dataset);
}

/* ---- columns */
static enum err read_columns(struct entity_list *l, struct txn *t)
{
	struct cur cur = { 0 };
	struct key prefix;
	enum err rc;

	key_index(&prefix, INDEX_PROP);
	key_name(&prefix, dataset_of(l));
	rc = cur_begin(&cur, t, TABLE_INDEX, key_str(&prefix), STR(""), false);
	while (!rc) {
		struct entity_column *slot;

		rc = cur_next(&cur);
		if (rc || cur.key.n <= prefix.n)
			continue;
		slot = vec_push(&l->columns);
		if (!slot)
			rc = ERR_NOMEM;
		else
			slot->name =
				arena_dup(&l->arena, str_sub(cur.key, prefix.n,
							     cur.key.n - 1));
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static void need_columns(struct entity_list *l)
{
	struct view v;

	if (l->columns.n)
		return;
	for (size_t i = 0; i < FIXED_COUNT; i++) {
		struct entity_column *slot = vec_push(&l->columns);

		if (slot)
			slot->name = str_from(fixed[i]);
	}
	if (view_begin(&v, l->c))
		return;
	if (read_columns(l, v.t))
		l->columns.n = FIXED_COUNT;
	view_end(&v);
}

static struct entity_list *self(const struct list *l)
{
	return (struct entity_list *)(uintptr_t)l;
}

static size_t columns(const struct list *l)
{
	need_columns(self(l));
	return self(l)->columns.n;
}

static struct str column(const struct list *l, size_t at)
{
	need_columns(self(l));
	return at < self(l)->columns.n ? self(l)->columns.at[at].name
				       : (struct str){ NULL, 0 };
}

/* ---- rows */
static enum err row_of(struct entity_list *l, const struct id *id,
		       uint32_t *row)
{
	struct str key = str_of((const char *)id->b, ID_BYTES);
	uintptr_t known = (uintptr_t)map_get(&l->by_id, key);
	struct entity_row *r;

	if (known) {
		*row = (uint32_t)(known - 1);
		return ERR_NONE;
	}
	key = arena_dup(&l->arena, key);
	r = vec_push(&l->rows);
	if (!r || !key.p)
		return ERR_NOMEM;
	r->id = arena_alloc(&l->arena, sizeof(*r->id));
	if (!r->id)
		return ERR_NOMEM;
	*r->id = *id;
	*row = (uint32_t)(l->rows.n - 1);
	return map_put(&l->by_id, key, (void *)(uintptr_t)l->rows.n);
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

/*
 * Calls `each` for every entity of the dataset with its state, which is lent
 * for the call. One that is damaged is left out: store check names it.
 */
static enum err walk(struct entity_list *l, struct txn *t,
		     enum err (*each)(struct entity_list *l,
				      const struct state *s, void *arg),
		     void *arg)
{
	struct key prefix = { .n = 0 };
	struct arena a = { 0 };
	struct cur cur = { 0 };
	struct str value;
	enum err rc;

	key_name(&prefix, dataset_of(l));
	rc = cur_begin(&cur, t, TABLE_ENTITY, key_str(&prefix), STR(""), false);
	while (!rc) {
		struct state s = { .dataset = dataset_of(l) };
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		r = RD_INIT(str_sub(cur.key, prefix.n, cur.key.n));
		s.id = rd_id(&r);
		rc = cur_value(&cur, &value);
		if (!rc)
			rc = state_read(value, &a, &s);
		if (!rc)
			rc = state_back(t, l->until, &a, &s);
		if (!rc)
			rc = each(l, &s, arg);
		else if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND)
			rc = ERR_NONE;
		arena_reset(&a);
	}
	cur_end(&cur);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static struct str state_cell(const struct entity_list *l, const struct state *s,
			     size_t column, struct arena *a)
{
	char text[UUID_LEN + 1];

	switch (column) {
	case FIXED_NAME:
		return arena_dup(a, id_text(&s->id, text));
	case FIXED_LABEL:
		return s->label;
	case FIXED_VERSION:
		return arena_printf(a, "%llu", (unsigned long long)s->version);
	case FIXED_TRUNK:
		if (!s->trunk)
			break;
		return arena_printf(a, "%llu", (unsigned long long)s->trunk);
	case FIXED_BRANCH:
		if (!s->has_branch)
			break;
		return arena_dup(a, id_text(&s->branch, text));
	case FIXED_CLOSED:
		return closed_name(l->c, s);
	default:
		return state_prop(s, l->columns.at[column].name);
	}
	return STR("");
}

/* What one pass over the dataset brings: their order, cells of a column. */
struct gathering {
	VEC(struct born) births; /* unless the order is known */
	VEC(struct cell_at) cells;
	size_t column; /* NO_COLUMN: no cells */
};
#define NO_COLUMN SIZE_MAX

static enum err gather_one(struct entity_list *l, const struct state *s,
			   void *arg)
{
	struct gathering *g = arg;
	struct cell_at *c = NULL;
	struct born *b = NULL;
	uint32_t row;
	enum err rc = row_of(l, &s->id, &row);

	if (rc)
		return rc;
	if (!l->all) {
		b = vec_push(&g->births);
		if (!b)
			return ERR_NOMEM;
		*b = (struct born){ s->created, s->created_at_op, row };
	}
	if (g->column == NO_COLUMN)
		return ERR_NONE;
	c = vec_push(&g->cells);
	if (!c)
		return ERR_NOMEM;
	c->row = row;
	c->value = arena_dup(&l->arena, state_cell(l, s, g->column, &l->arena));
	return c->value.p ? ERR_NONE : ERR_NOMEM;
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

static enum err gather(struct entity_list *l, struct gathering *g)
{
	struct view v;
	enum err rc = view_begin(&v, l->c);

	if (rc)
		return rc;
	rc = walk(l, v.t, gather_one, g);
	view_end(&v);
	if (!rc && !l->all)
		rc = put_in_order(l, g);
	vec_release(&g->births);
	return rc;
}

static enum err all(struct list *base, struct arena *a, const uint32_t **rows,
		    size_t *n)
{
	struct gathering g = { .column = NO_COLUMN };
	struct entity_list *l = self(base);
	enum err rc = l->all ? ERR_NONE : gather(l, &g);

	(void)a;
	*rows = l->all;
	*n = rc ? 0 : l->n_all;
	return rc;
}

/* ---- cells */
/* The whole row; only the last one is kept. */
static enum err read_state(struct entity_list *l, uint32_t row)
{
	struct view v;
	enum err rc;

	if (l->state_of == row)
		return ERR_NONE;
	l->state_of = NO_ROW;
	arena_reset(&l->last);
	rc = view_begin(&v, l->c);
	if (rc)
		return rc;
	rc = state_get(v.t, dataset_of(l), l->rows.at[row].id, &l->last,
		       &l->state);
	if (!rc)
		rc = state_back(v.t, l->until, &l->last, &l->state);
	view_end(&v);
	if (!rc)
		l->state_of = row;
	return rc;
}

/* With all columns that anybody asked for so far. */
static enum err keep_row(struct entity_list *l, uint32_t row)
{
	struct entity_row *r = &l->rows.at[row];
	struct str *cells;
	enum err rc = read_state(l, row);

	if (rc)
		return rc;
	cells = arena_array(&l->cells, l->asked.n + 1, sizeof(*cells));
	if (!cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < l->asked.n; i++) {
		cells[i] = state_cell(l, &l->state, l->asked.at[i], &l->last);
		if (cells[i].p)
			cells[i] = arena_dup(&l->cells, cells[i]);
	}
	r->cells = cells;
	r->n_cells = (uint32_t)l->asked.n;
	r->read = true;
	return ERR_NONE;
}

static enum err read_row(struct entity_list *l, uint32_t row)
{
	return l->rows.at[row].read ? ERR_NONE : keep_row(l, row);
}

static uint32_t slot_of(struct entity_list *l, size_t at)
{
	struct entity_column *c = &l->columns.at[at];
	size_t *asked = c->slot ? NULL : vec_push(&l->asked);

	if (!asked)
		return c->slot;
	*asked = at;
	c->slot = (uint32_t)l->asked.n;
	return c->slot;
}

static struct str cell(struct list *base, uint32_t row, size_t at)
{
	struct entity_list *l = self(base);
	uint32_t slot;

	need_columns(l);
	if (row >= l->rows.n || at >= l->columns.n)
		return (struct str){ NULL, 0 };
	slot = slot_of(l, at);
	if (!slot || read_row(l, row) ||
	    (slot > l->rows.at[row].n_cells && keep_row(l, row)))
		return (struct str){ NULL, 0 };
	return l->rows.at[row].cells[slot - 1];
}

/* ---- rows where a column has a value */
/* A damaged one is there; its cells are empty. */
static enum err find_name(struct entity_list *l, struct str value,
			  struct arena *a, const uint32_t **rows, size_t *n)
{
	uint32_t *one = arena_alloc(a, sizeof(*one));
	struct id id;
	enum err rc;

	if (!one)
		return ERR_NOMEM;
	*rows = one;
	*n = 0;
	if (!id_parse(value, &id))
		return ERR_NONE;
	rc = row_of(l, &id, one);
	if (!rc)
		rc = read_row(l, *one);
	*n = !rc || rc == ERR_CORRUPT;
	return rc == ERR_NOTFOUND || rc == ERR_CORRUPT ? ERR_NONE : rc;
}

static bool links(struct entity_list *l, size_t at)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(l->c), dataset_of(l));

	for (size_t i = 0; ds && i < ds->n; i++)
		if ((ds->rows[i].kind == DATASET_PARENT ||
		     ds->rows[i].kind == DATASET_MERGED) &&
		    str_eq(ds->rows[i].value, l->columns.at[at].name))
			return true;
	return false;
}

static enum err find_children(struct entity_list *l, size_t at,
			      const struct id *parent, struct arena *a,
			      const uint32_t **rows, size_t *n)
{
	VEC(uint32_t) found = { 0 };
	struct cur cur = { 0 };
	struct key prefix;
	struct view v;
	enum err rc = view_begin(&v, l->c);

	if (rc)
		return rc;
	link_prefix(&prefix, dataset_of(l), l->columns.at[at].name, parent);
	rc = cur_begin(&cur, v.t, TABLE_INDEX, key_str(&prefix), STR(""),
		       false);
	while (!rc) {
		uint32_t *slot;
		struct id id;

		rc = cur_next(&cur);
		if (rc || cur.key.n < ID_BYTES)
			continue;
		memcpy(id.b, cur.key.p + cur.key.n - ID_BYTES, ID_BYTES);
		slot = vec_push(&found);
		rc = slot ? row_of(l, &id, slot) : ERR_NOMEM;
	}
	cur_end(&cur);
	view_end(&v);
	rc = vec_give(&found, a, rows, n, rc);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

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

static enum err index_of(struct entity_list *l, size_t at,
			 const struct column_index **out)
{
	struct column_index made = { .column = at }, *slot;
	struct gathering g = { .column = at };
	enum err rc;

	vec_each (ix, &l->indexes)
		if (ix->column == at) {
			*out = ix;
			return ERR_NONE;
		}
	rc = gather(l, &g);
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

static size_t bound(const struct column_index *ix, struct str value, bool after)
{
	size_t lo = 0, hi = ix->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = str_cmp(ix->cells[mid].value, value);

		if (c < 0 || (after && c == 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static enum err find(struct list *base, size_t at, struct str value,
		     struct arena *a, const uint32_t **rows, size_t *n)
{
	struct entity_list *l = self(base);
	const struct column_index *ix;
	struct id parent;
	size_t from;
	enum err rc;

	need_columns(l);
	*rows = NULL;
	*n = 0;
	if (at >= l->columns.n)
		return ERR_INVALID;
	if (at == FIXED_NAME)
		return find_name(l, value, a, rows, n);
	if (l->until == CASES_NOW && id_parse(value, &parent) && links(l, at))
		return find_children(l, at, &parent, a, rows, n);
	rc = index_of(l, at, &ix);
	if (rc)
		return rc;
	from = bound(ix, value, false);
	*rows = ix->rows + from;
	*n = bound(ix, value, true) - from;
	return ERR_NONE;
}

static void release(struct list *l)
{
	(void)l; /* it stays with the store's lists */
}

static const struct list_ops ops = {
	.columns = columns,
	.column = column,
	.all = all,
	.find = find,
	.cell = cell,
	.release = release,
};

struct list *entity_list_new(struct cases *c, struct str dataset, int64_t until)
{
	struct entity_list *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->base.ops = &ops;
	l->c = c;
	l->until = until;
	l->state_of = NO_ROW;
	l->dataset = strndup(dataset.p, dataset.n);
	if (!l->dataset) {
		free(l);
		return NULL;
	}
	return &l->base;
}

void entity_list_void(struct list *base)
{
	struct entity_list *l = self(base);

	base->version++;
	vec_reset(&l->columns);
	vec_reset(&l->asked);
	vec_reset(&l->rows);
	l->state_of = NO_ROW;
	vec_reset(&l->indexes);
	map_release(&l->by_id);
	l->all = NULL;
	l->n_all = 0;
	arena_reset(&l->arena);
	arena_reset(&l->cells);
	arena_reset(&l->last);
}

void entity_list_trim(struct list *base)
{
	struct entity_list *l = self(base);

	if (l->cells.used < LIST_KEPT)
		return;
	base->version++;
	vec_each (r, &l->rows)
		r->read = false;
	arena_reset(&l->cells);
}

void entity_list_free(struct list *base)
{
	struct entity_list *l = self(base);

	if (!base)
		return;
	entity_list_void(base);
	vec_release(&l->columns);
	vec_release(&l->asked);
	vec_release(&l->rows);
	vec_release(&l->indexes);
	arena_release(&l->arena);
	arena_release(&l->cells);
	arena_release(&l->last);
	free(l->dataset);
	free(l);
}
