/* SPDX-License-Identifier: MIT */
#include "closed.h"

#include <string.h>

/* A double of a double of a double: further ones are not followed. */
#define HOPS_MAX 16

/* What an expression of kind `closed` says; texts of XPath's false are no. */
static bool says_yes(struct str text)
{
	return text.n && !str_is(text, "false") && !str_is(text, "0");
}

const struct dataset_row *closed_row(const struct dataset *ds,
				     const struct str *shown, size_t n)
{
	const struct dataset_row *row;

	for (size_t i = 0;; i++) {
		row = dataset_row(ds, DATASET_CLOSED, i);
		if (!row)
			return NULL;
		if (row->shown < n && says_yes(shown[row->shown]))
			return row;
	}
}

struct str closed_name(struct cases *c, const struct state *s)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), s->dataset);
	const struct dataset_row *row = closed_row(ds, s->shown, s->n_shown);

	return row ? row->name : STR("");
}

bool merged_into(const struct dataset *ds, const struct state *s,
		 struct id *into)
{
	const struct dataset_row *row = dataset_row(ds, DATASET_MERGED, 0);

	return row && id_parse(str_trim(state_prop(s, row->value)), into) &&
	       !id_eq(into, &s->id);
}

enum err merged_last(struct txn *t, const struct dataset *ds, struct id *id,
		     struct arena *a)
{
	for (int i = 0; i < HOPS_MAX && ds; i++) {
		struct state s;
		struct id into;
		enum err rc = state_get(t, ds->name, id, a, &s);

		if (rc)
			return rc == ERR_NOMEM ? rc : ERR_NONE;
		if (!merged_into(ds, &s, &into))
			break;
		*id = into;
	}
	return ERR_NONE;
}

/* ---- those that one stands for */
struct gathering {
	struct txn *t;
	struct ids *out;
	struct map met; /* doubles of each other are a ring */
	struct arena keys;
};

static enum err meet(struct gathering *g, const struct id *id)
{
	struct str key = str_of((const char *)id->b, ID_BYTES);
	struct id *slot;

	if (map_get(&g->met, key))
		return ERR_NONE;
	slot = vec_push(&g->out->list);
	key = arena_dup(&g->keys, key);
	if (!slot || !key.p)
		return ERR_NOMEM;
	*slot = *id;
	return map_put(&g->met, key, g);
}

static enum err meet_all(struct gathering *g, const struct key *prefix)
{
	struct ids found = { 0 };
	enum err rc = ids_under(g->t, prefix, &found);

	for (size_t i = 0; i < found.list.n && !rc; i++)
		rc = meet(g, &found.list.at[i]);
	vec_release(&found.list);
	return rc;
}

enum err merged_list(struct txn *t, const struct dataset *ds,
		     const struct id *id, struct ids *out)
{
	const struct dataset_row *row = dataset_row(ds, DATASET_MERGED, 0);
	struct gathering g = { .t = t, .out = out };
	enum err rc = meet(&g, id);

	for (size_t i = 0; row && i < out->list.n && !rc; i++) {
		struct id at = out->list.at[i];
		struct key prefix;

		link_prefix(&prefix, ds->name, row->value, &at);
		rc = meet_all(&g, &prefix);
	}
	map_release(&g.met);
	arena_release(&g.keys);
	return rc;
}

/* All above it, too: their words are those of all below them. */
enum err merged_again(struct project *p, const struct state *s)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(p->c), s->dataset);
	struct state at = *s;
	struct id into;
	enum err rc = ERR_NONE;

	if (!merged_into(ds, &at, &into))
		return ERR_NONE;
	rc = targets_add(p, &p->again, s->dataset, &s->id);
	for (int i = 0; i < HOPS_MAX && !rc; i++) {
		rc = targets_add(p, &p->again, s->dataset, &into);
		if (!rc)
			rc = state_get(p->t, s->dataset, &into, &p->arena, &at);
		if (!rc && !merged_into(ds, &at, &into))
			break;
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- asking */
enum err cases_doubles(struct cases *c, const struct entity *e, size_t *n)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), e->dataset);
	struct ids all = { 0 };
	struct view v;
	struct id id;
	enum err rc = id_parse(e->id, &id) ? view_begin(&v, c) : ERR_INVALID;

	*n = 0;
	if (rc)
		return rc;
	rc = merged_list(v.t, ds, &id, &all);
	view_end(&v);
	if (!rc)
		*n = all.list.n - 1; /* without itself */
	vec_release(&all.list);
	return rc;
}

enum err cases_survivor(struct cases *c, struct entity *e, struct arena *a)
{
	enum err rc = ERR_NONE;

	for (int i = 0; i < HOPS_MAX && e->merged.n; i++) {
		struct entity next = { 0 };

		rc = cases_entity(c, e->dataset, e->merged, a, &next);
		if (rc)
			break; /* what is not here stands for nothing */
		*e = next;
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
