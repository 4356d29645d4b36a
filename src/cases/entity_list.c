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

struct entity_row {
	struct id *id;
	struct state *state; /* NULL: not read yet */
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
	int64_t until;       /* as it was when that was over; CASES_NOW */
	struct arena states; /* of the rows that were read */
	struct arena arena;  /* everything else below */
	VEC(struct str) columns;
	VEC(struct entity_row) rows;
	struct map by_id;
	uint32_t *all; /* in order of creation; NULL: not read */
	size_t n_all;
	VEC(struct column_index) indexes;
};

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
		struct str *slot;

		rc = cur_next(&cur);
		if (rc || cur.key.n <= prefix.n)
			continue;
		slot = vec_push(&l->columns);
		if (!slot)
			rc = ERR_NOMEM;
		else
			*slot = arena_dup(&l->arena, str_sub(cur.key, prefix.n,
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
		struct str *slot = vec_push(&l->columns);

		if (slot)
			*slot = str_from(fixed[i]);
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
	return at < self(l)->columns.n ? self(l)->columns.at[at]
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

struct births {
	VEC(struct born) list;
};

static enum err note_birth(struct entity_list *l, const struct state *s,
			   void *arg)
{
	struct births *all = arg;
	struct born *b = vec_push(&all->list);

	if (!b)
		return ERR_NOMEM;
	b->stamp = s->created;
	b->op = s->created_at_op;
	return row_of(l, &s->id, &b->row);
}

static enum err read_all(struct entity_list *l)
{
	struct births births = { 0 };
	struct view v;
	enum err rc;

	if (l->all)
		return ERR_NONE;
	rc = view_begin(&v, l->c);
	if (rc)
		return rc;
	rc = walk(l, v.t, note_birth, &births);
	view_end(&v);
	if (!rc)
		l->all = arena_array(&l->arena, births.list.n + 1,
				     sizeof(*l->all));
	if (!rc && !l->all)
		rc = ERR_NOMEM;
	if (rc)
		goto out;
	if (births.list.n)
		qsort(births.list.at, births.list.n, sizeof(*births.list.at),
		      by_birth);
	for (size_t i = 0; i < births.list.n; i++)
		l->all[i] = births.list.at[i].row;
	l->n_all = births.list.n;
out:
	vec_release(&births.list);
	return rc;
}

static enum err all(struct list *base, struct arena *a, const uint32_t **rows,
		    size_t *n)
{
	struct entity_list *l = self(base);
	enum err rc = read_all(l);

	(void)a;
	*rows = l->all;
	*n = rc ? 0 : l->n_all;
	return rc;
}

/* ---- cells */
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
		return state_prop(s, l->columns.at[column]);
	}
	return STR("");
}

static enum err read_row(struct entity_list *l, struct entity_row *r)
{
	struct state *s;
	struct view v;
	enum err rc;

	if (r->state)
		return ERR_NONE;
	s = arena_alloc(&l->states, sizeof(*s));
	if (!s)
		return ERR_NOMEM;
	rc = view_begin(&v, l->c);
	if (rc)
		return rc;
	rc = state_get(v.t, dataset_of(l), r->id, &l->states, s);
	if (!rc)
		rc = state_back(v.t, l->until, &l->states, s);
	view_end(&v);
	if (!rc)
		r->state = s;
	return rc;
}

static struct str cell(struct list *base, uint32_t row, size_t at)
{
	struct entity_list *l = self(base);

	need_columns(l);
	if (row >= l->rows.n || at >= l->columns.n ||
	    read_row(l, &l->rows.at[row]))
		return (struct str){ NULL, 0 };
	return state_cell(l, l->rows.at[row].state, at, &l->states);
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
		rc = read_row(l, &l->rows.at[*one]);
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
		    str_eq(ds->rows[i].value, l->columns.at[at]))
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
	link_prefix(&prefix, dataset_of(l), l->columns.at[at], parent);
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

struct filling {
	struct column_index *index;
	uint32_t *place; /* of each row in the order of creation */
};

static enum err note_cell(struct entity_list *l, const struct state *s,
			  void *arg)
{
	struct filling *f = arg;
	struct cell_at *c = &f->index->cells[f->index->n];
	enum err rc = row_of(l, &s->id, &c->row);

	/* What came since the rows were read is not in this index. */
	if (rc || f->index->n == l->n_all)
		return rc;
	c->place = f->place[c->row];
	c->value = arena_dup(&l->arena,
			     state_cell(l, s, f->index->column, &l->arena));
	f->index->n++;
	return c->value.p ? ERR_NONE : ERR_NOMEM;
}

static enum err fill_index(struct entity_list *l, struct column_index *ix)
{
	struct filling f = { .index = ix };
	struct arena a = { 0 };
	struct view v;
	enum err rc;

	ix->cells = arena_array(&l->arena, l->n_all + 1, sizeof(*ix->cells));
	ix->rows = arena_array(&l->arena, l->n_all + 1, sizeof(*ix->rows));
	f.place = arena_array(&a, l->rows.n + l->n_all + 1, sizeof(*f.place));
	rc = ix->cells && ix->rows && f.place ? view_begin(&v, l->c)
					      : ERR_NOMEM;
	if (rc)
		goto out;
	for (size_t i = 0; i < l->n_all; i++)
		f.place[l->all[i]] = (uint32_t)i;
	rc = walk(l, v.t, note_cell, &f);
	view_end(&v);
	if (ix->n)
		qsort(ix->cells, ix->n, sizeof(*ix->cells), by_value);
	for (size_t i = 0; i < ix->n; i++)
		ix->rows[i] = ix->cells[i].row;
out:
	arena_release(&a);
	return rc;
}

static enum err index_of(struct entity_list *l, size_t at,
			 const struct column_index **out)
{
	struct column_index made = { .column = at }, *slot;
	enum err rc;

	vec_each (ix, &l->indexes)
		if (ix->column == at) {
			*out = ix;
			return ERR_NONE;
		}
	rc = read_all(l);
	if (!rc)
		rc = fill_index(l, &made);
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
	vec_reset(&l->rows);
	vec_reset(&l->indexes);
	map_release(&l->by_id);
	l->all = NULL;
	l->n_all = 0;
	arena_reset(&l->arena);
	arena_reset(&l->states);
}

void entity_list_trim(struct list *base)
{
	struct entity_list *l = self(base);

	if (l->states.used < LIST_KEPT)
		return;
	base->version++;
	vec_each (r, &l->rows)
		r->state = NULL;
	arena_reset(&l->states);
}

void entity_list_free(struct list *base)
{
	struct entity_list *l = self(base);

	if (!base)
		return;
	entity_list_void(base);
	vec_release(&l->columns);
	vec_release(&l->rows);
	vec_release(&l->indexes);
	arena_release(&l->arena);
	arena_release(&l->states);
	free(l->dataset);
	free(l);
}
