/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "closed.h"
#include "entity_list.h"

/*
 * A dataset as a list. Rows are numbered as they are met. By name and by a
 * property that links to a parent they come from the store's indexes; for any
 * other column one pass over the dataset makes an index in memory, which holds
 * until the list is void.
 */
static const char *const fixed[] = { "name",       "label",
				     "__version",  "__trunkVersion",
				     "__branchId", "__closed" };
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

void entity_columns_need(struct entity_list *l)
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
	entity_columns_need(self(l));
	return self(l)->columns.n;
}

static struct str column(const struct list *l, size_t at)
{
	entity_columns_need(self(l));
	return at < self(l)->columns.n ? self(l)->columns.at[at].name
				       : (struct str){ NULL, 0 };
}

/* ---- rows */
enum err entity_row_of(struct entity_list *l, const struct id *id,
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

struct str entity_cell_of(const struct entity_list *l, const struct state *s,
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

static enum err all(struct list *base, struct arena *a, const uint32_t **rows,
		    size_t *n)
{
	struct entity_list *l = self(base);
	enum err rc = entity_order_need(l);

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

enum err entity_row_keep(struct entity_list *l, uint32_t row,
			 const struct state *s)
{
	struct entity_row *r = &l->rows.at[row];
	struct str *cells =
		arena_array(&l->cells, l->asked.n + 1, sizeof(*cells));

	if (!cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < l->asked.n; i++) {
		cells[i] = entity_cell_of(l, s, l->asked.at[i], &l->cells);
		if (cells[i].p)
			cells[i] = arena_dup(&l->cells, cells[i]);
	}
	r->cells = cells;
	r->n_cells = (uint32_t)l->asked.n;
	r->changed_at = s->changed_at;
	r->conflict = s->conflict;
	r->read = true;
	return ERR_NONE;
}

static enum err keep_row(struct entity_list *l, uint32_t row)
{
	enum err rc = read_state(l, row);

	return rc ? rc : entity_row_keep(l, row, &l->state);
}

/* So many are read that all are: one after the other is faster. */
#define LOAD_AFTER 256

static enum err read_row(struct entity_list *l, uint32_t row)
{
	enum err rc = ERR_NONE;

	if (l->rows.at[row].read)
		return ERR_NONE;
	if (l->wants && ++l->reads == LOAD_AFTER)
		rc = entity_load(l);
	return rc || l->rows.at[row].read ? rc : keep_row(l, row);
}

uint32_t entity_slot_of(struct entity_list *l, size_t at)
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

	entity_columns_need(l);
	if (row >= l->rows.n || at >= l->columns.n)
		return (struct str){ NULL, 0 };
	slot = entity_slot_of(l, at);
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
	rc = entity_row_of(l, &id, one);
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
	struct ids children = { 0 };
	uint32_t *found = NULL;
	struct key prefix;
	struct view v;
	enum err rc = view_begin(&v, l->c);

	if (rc)
		return rc;
	link_prefix(&prefix, dataset_of(l), l->columns.at[at].name, parent);
	rc = ids_under(v.t, &prefix, &children);
	view_end(&v);
	if (!rc)
		found = arena_array(a, children.list.n + 1, sizeof(*found));
	if (!rc && !found)
		rc = ERR_NOMEM;
	for (size_t i = 0; i < children.list.n && !rc; i++)
		rc = entity_row_of(l, &children.list.at[i], &found[i]);
	*rows = found;
	*n = rc ? 0 : children.list.n;
	vec_release(&children.list);
	return rc;
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

	entity_columns_need(l);
	*rows = NULL;
	*n = 0;
	if (at >= l->columns.n)
		return ERR_INVALID;
	if (at == FIXED_NAME)
		return find_name(l, value, a, rows, n);
	if (l->until == CASES_NOW && id_parse(value, &parent) && links(l, at))
		return find_children(l, at, &parent, a, rows, n);
	rc = entity_index_of(l, at, &ix);
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
	l->all = l->stored = NULL;
	l->n_all = l->n_stored = l->reads = 0;
	arena_reset(&l->arena);
	arena_reset(&l->cells);
	arena_reset(&l->last);
}

void entity_list_trim(struct list *base)
{
	struct entity_list *l = self(base);

	if (l->walked || l->cells.used < LIST_KEPT)
		return;
	l->stored = NULL;
	l->n_stored = 0;
	l->wants = NULL;
	base->version++;
	vec_each (r, &l->rows)
		r->read = false;
	arena_reset(&l->cells);
}

void entity_list_want(struct list *base, const struct map *names)
{
	self(base)->wants = names;
}

enum err entity_list_each(struct list *base,
			  enum err (*each)(void *arg, const struct entity *e),
			  void *arg, bool *kept)
{
	struct entity_list *l = self(base);
	enum err rc = entity_load(l);

	*kept = l->stored != NULL;
	return rc || !*kept ? rc : entity_each(l, each, arg);
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
