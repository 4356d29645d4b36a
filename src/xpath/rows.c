/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "rows.h"

/* Rows before they are nodes, in the arena of the evaluation. */
static enum err rows_push(struct eval *e, struct rows *r, uint32_t row)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;
		uint32_t *at = arena_array(e->arena, cap, sizeof(*at));

		if (!at)
			return ERR_NOMEM;
		if (r->n)
			memcpy(at, r->at, r->n * sizeof(*at));
		r->at = at;
		r->cap = cap;
	}
	r->at[r->n++] = row;
	return ERR_NONE;
}

static enum err rows_copy(struct eval *e, struct rows *r, const uint32_t *rows,
			  size_t n)
{
	enum err rc = eval_spend(e, n);

	for (size_t i = 0; i < n && !rc; i++)
		rc = rows_push(e, r, rows[i]);
	return rc;
}

static enum err rows_all(struct eval *e, struct source *s, struct rows *r)
{
	const uint32_t *rows = NULL;
	size_t n = 0;
	enum err rc = s->list->ops->all(s->list, e->arena, &rows, &n);

	return rc ? rc : rows_copy(e, r, rows, n);
}

static enum err rows_equal(struct eval *e, struct source *s, size_t column,
			   struct str text, struct rows *r)
{
	const uint32_t *rows = NULL;
	size_t n = 0;
	enum err rc =
		s->list->ops->find(s->list, column, text, e->arena, &rows, &n);

	return rc ? rc : rows_copy(e, r, rows, n);
}

/* Keeps the rows whose cell compares equal to the value. */
static enum err rows_keep(struct eval *e, struct source *s, size_t column,
			  const struct val *value, struct rows *r)
{
	size_t kept = 0;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < r->n && !rc; i++) {
		struct val cell;
		bool same = false;

		val_set_str(&cell,
			    s->list->ops->cell(s->list, r->at[i], column));
		rc = val_compare(e, &cell, JOIN_EQ, value, &same);
		if (same)
			r->at[kept++] = r->at[i];
	}
	r->n = kept;
	return rc;
}

static bool is_text(const struct val *v)
{
	return v->kind == VAL_STRING || (v->kind == VAL_NODES && v->n == 1);
}

/* The rows that one key lets through: by the list's index where it can. */
static enum err rows_first(struct eval *e, struct source *s, size_t column,
			   const struct val *value, struct rows *r)
{
	enum err rc;

	if (value->kind == VAL_NODES && !value->n)
		return ERR_NONE;
	if (is_text(value))
		return rows_equal(e, s, column, val_str(e, value), r);
	rc = rows_all(e, s, r);
	return rc ? rc : rows_keep(e, s, column, value, r);
}

/* Narrows `r` by all keys of a predicate; `fresh`: `r` is all rows. */
static enum err rows_by_keys(struct eval *e, struct source *s,
			     const struct pred *pred, bool fresh,
			     struct rows *r)
{
	enum err rc = ERR_NONE;

	for (const struct key *k = pred->keys; k && !rc; k = k->next) {
		size_t column = source_column(s, k->column->local);
		struct val value;

		if (column == SIZE_MAX) {
			r->n = 0;
			return ERR_NONE;
		}
		rc = eval(e, k->value, &value);
		if (rc)
			return rc;
		rc = fresh ? rows_first(e, s, column, &value, r)
			   : rows_keep(e, s, column, &value, r);
		fresh = false;
	}
	return rc;
}

static void rows_pick(struct rows *r, double position)
{
	double n = (double)r->n;

	if (position >= 1 && position <= n &&
	    position == (double)(size_t)position) {
		r->at[0] = r->at[(size_t)position - 1];
		r->n = 1;
	} else {
		r->n = 0;
	}
}

/* Can it be decided without a node for every row? */
static bool by_cells(const struct source *s, const struct pred *pred)
{
	return pred->all_keys || pred->test->op == OP_NUMBER ||
	       (pred->flat && !s->probing);
}

/* One element stands for each row in turn: rows that fail leave nothing. */
static enum err rows_probe(struct eval *e, struct source *s,
			   const struct pred *pred, struct rows *r)
{
	struct eval outer = *e;
	size_t kept = 0;
	enum err rc = ERR_NONE;

	s->probing = true;
	e->size = r->n;
	for (size_t i = 0; i < r->n && !rc; i++) {
		bool keep = false;

		e->position = i + 1;
		rc = source_probe(s, r->at[i], &e->context);
		if (!rc)
			rc = pred_keeps(e, pred, &keep);
		if (keep)
			r->at[kept++] = r->at[i];
	}
	s->probing = false;
	r->n = kept;
	e->context = outer.context;
	e->position = outer.position;
	e->size = outer.size;
	return rc;
}

static enum err rows_decide(struct eval *e, struct source *s,
			    const struct pred *pred, struct rows *r)
{
	if (pred->all_keys)
		return ERR_NONE;
	if (pred->test->op != OP_NUMBER)
		return rows_probe(e, s, pred, r);
	rows_pick(r, pred->test->number);
	return ERR_NONE;
}

/*
 * Predicates as far as rows go without nodes; *rest is the first that needs
 * nodes (its keys, if any, have been used to narrow the rows). `fresh`: all
 * rows are meant and none are in `r` yet.
 */
static enum err rows_select(struct eval *e, struct source *s,
			    const struct pred *preds, bool fresh,
			    struct rows *r, const struct pred **rest)
{
	enum err rc = ERR_NONE;

	for (; preds && !rc; preds = preds->next) {
		if (preds->keys) {
			rc = rows_by_keys(e, s, preds, fresh, r);
			fresh = false;
		} else if (fresh) {
			rc = rows_all(e, s, r);
			fresh = false;
		}
		if (!by_cells(s, preds))
			break;
		if (!rc)
			rc = rows_decide(e, s, preds, r);
	}
	*rest = preds;
	return rc || !fresh ? rc : rows_all(e, s, r);
}

static enum err rows_nodes(struct eval *e, struct source *s,
			   const struct rows *r, struct nodes *out)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < r->n && !rc; i++) {
		struct node *n = NULL;

		rc = source_row(s, r->at[i], &n);
		if (!rc)
			rc = nodes_push(e, out, n);
	}
	return rc;
}

static bool is_child(const struct step *s, const char *name)
{
	return s && s->axis == AXIS_CHILD && s->test == TEST_NAME &&
	       str_is(s->local, name) && (!s->prefixed || !s->uri.n);
}

/* instance('x')/root/item..., the step of the items; else NULL. */
static const struct step *item_step(const struct path *p)
{
	const struct step *s = p->steps;

	if (p->filters || !is_child(s, "root") || s->preds ||
	    !is_child(s->next, "item"))
		return NULL;
	return s->next;
}

static enum err list_nodes(struct eval *e, struct source *s,
			   const struct step *item, struct nodes *out)
{
	struct rows r = { 0 };
	const struct pred *rest = NULL;
	enum err rc = rows_select(e, s, item->preds, true, &r, &rest);

	if (!rc)
		rc = rows_nodes(e, s, &r, out);
	if (!rc && rest)
		rc = filter_nodes(e, rest, out, 0);
	return rc ? rc : walk_steps(e, item->next, out);
}

/* The first step with a key, when all up to it are names of children. */
static bool key_step(const struct path *p, struct span *span)
{
	const struct step *s = p->steps;

	while (s && s->axis == AXIS_CHILD && s->test == TEST_NAME && !s->preds)
		s = s->next;
	span->first = p->steps;
	span->last = s;
	return s && s->axis == AXIS_CHILD && s->test == TEST_NAME &&
	       s->preds->keys && !p->filters;
}

/* ERR_TOOBIG: no index can answer it. */
static enum err tree_rows(struct eval *e, struct source *s,
			  const struct span *span, struct nodes *out)
{
	const struct key *key = span->last->preds->keys;
	struct val v;
	enum err rc = eval(e, key->value, &v);

	if (rc)
		return rc;
	if (v.kind != VAL_STRING && v.kind != VAL_NODES)
		return ERR_TOOBIG;
	for (size_t i = 0; i < val_count(&v) && !rc; i++)
		rc = index_find(e, s, span, key->column, val_str_at(e, &v, i),
				out);
	return rc || val_count(&v) < 2 ? rc : nodes_sort(e, out);
}

static enum err tree_nodes(struct eval *e, struct source *s,
			   const struct span *span, struct nodes *out)
{
	const struct pred *preds = span->last->preds;
	enum err rc = tree_rows(e, s, span, out);

	if (rc)
		return rc;
	if (preds->all_keys && !preds->keys->next)
		preds = preds->next;
	if (preds)
		rc = filter_nodes(e, preds, out, 0);
	return rc ? rc : walk_steps(e, span->last->next, out);
}

static enum err by_walking(struct eval *e, struct source *s,
			   const struct path *p, struct nodes *out)
{
	enum err rc;

	out->n = 0;
	rc = nodes_push(e, out, s->element);
	if (!rc && p->filters)
		rc = filter_nodes(e, p->filters, out, 0);
	return rc ? rc : walk_steps(e, p->steps, out);
}

enum err eval_list(struct eval *e, const struct path *p, struct nodes *out)
{
	const struct step *item = item_step(p);
	struct source *s = NULL;
	struct span span;
	enum err rc = source_find(e, p->list, &s);

	if (rc || !s)
		return rc;
	if (s->list && item)
		return list_nodes(e, s, item, out);
	if (!s->list && key_step(p, &span)) {
		rc = tree_nodes(e, s, &span, out);
		if (rc != ERR_TOOBIG)
			return rc;
	}
	return by_walking(e, s, p, out);
}

/* Rows through predicates that need nodes, and rows again. */
static enum err rows_filter(struct eval *e, struct source *s,
			    const struct pred *preds, struct rows *r)
{
	struct nodes set = { 0 };
	enum err rc = rows_nodes(e, s, r, &set);

	if (!rc)
		rc = filter_nodes(e, preds, &set, 0);
	for (size_t i = 0; i < set.n && !rc; i++)
		r->at[i] = source_row_of(set.at[i]);
	r->n = set.n;
	return rc;
}

/* Where the rows of instance('x')/root/item[..] come from; NULL: elsewhere. */
static enum err list_source(struct eval *e, const struct path *p,
			    struct source **s)
{
	const struct step *item = item_step(p);
	enum err rc;

	*s = NULL;
	if (!item || item->next)
		return ERR_NONE;
	rc = source_find(e, p->list, s);
	if (*s && !(*s)->list)
		*s = NULL;
	return rc;
}

static enum err rows_through(struct eval *e, struct source *s,
			     const struct pred *preds, bool fresh,
			     struct rows *r)
{
	const struct pred *rest = NULL;
	enum err rc = rows_select(e, s, preds, fresh, r, &rest);

	return rc || !rest ? rc : rows_filter(e, s, rest, r);
}

enum err eval_list_rows(struct eval *e, const struct path *p,
			struct list **list, struct rows *r)
{
	struct source *s = NULL;
	enum err rc = list_source(e, p, &s);

	*list = s ? s->list : NULL;
	if (rc || !s)
		return rc;
	return rows_through(e, s, item_step(p)->preds, true, r);
}

static bool counts_rows(const struct pred *preds)
{
	while (preds && !preds->positional)
		preds = preds->next;
	return preds;
}

enum err eval_list_row(struct eval *e, const struct path *p,
		       struct xpath_equal which, struct list **list,
		       struct rows *r)
{
	struct source *s = NULL;
	enum err rc = list_source(e, p, &s);
	size_t at;

	*list = NULL;
	if (rc || !s || counts_rows(item_step(p)->preds))
		return rc;
	at = source_column(s, which.column);
	if (at == SIZE_MAX)
		return ERR_NONE;
	*list = s->list;
	rc = rows_equal(e, s, at, which.value, r);
	return rc ? rc : rows_through(e, s, item_step(p)->preds, false, r);
}

static enum err pull_list(struct eval *e, struct source *s,
			  const struct str name[2], struct str value,
			  struct str *out)
{
	size_t want = source_column(s, name[0]);
	size_t key = source_column(s, name[1]);
	struct rows r = { 0 };
	enum err rc;

	if (want == SIZE_MAX || key == SIZE_MAX)
		return ERR_NONE;
	rc = rows_equal(e, s, key, value, &r);
	if (!rc && r.n)
		*out = s->list->ops->cell(s->list, r.at[0], want);
	return rc;
}

#define CHILD_STEP(name_)                                                \
	{                                                                \
		.axis = AXIS_CHILD, .test = TEST_NAME, .local = (name_), \
		.slot = TREE_NO_SLOT, .ordinal = TREE_NO_SLOT            \
	}

static enum err pull_tree(struct eval *e, struct source *s,
			  const struct str name[2], struct str value,
			  struct str *out)
{
	struct step item = CHILD_STEP(STR("item"));
	struct step root = CHILD_STEP(STR("root"));
	struct step key = CHILD_STEP(name[1]), want = CHILD_STEP(name[0]);
	struct nodes found = { 0 };
	struct span path = { &root, &item };
	enum err rc;

	root.next = &item;
	item.uri = root.uri = key.uri = want.uri = e->x->uri;
	rc = index_find(e, s, &path, &key, value, &found);
	if (!rc)
		rc = walk_steps(e, &want, &found);
	if (!rc && found.n)
		*out = val_node_str(e, found.at[0]);
	return rc;
}

enum err rows_pull(struct eval *e, struct str id, const struct str name[2],
		   struct str value, struct str *out)
{
	struct source *s = NULL;
	enum err rc = source_find(e, id, &s);

	*out = STR("");
	if (rc || !s)
		return rc;
	return s->list ? pull_list(e, s, name, value, out)
		       : pull_tree(e, s, name, value, out);
}
