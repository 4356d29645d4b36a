/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "closed.h"
#include "compute.h"
#include "datasets.h"
#include "lists.h"
#include "past.h"

struct str entity_prop_of(const struct entity *e, struct str name)
{
	return props_get(e->props, e->n_props, name);
}

static enum err get(struct cases *c, struct txn *t, struct str dataset,
		    const struct id *id, struct arena *a, struct entity *out)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), dataset);
	char text[UUID_LEN + 1];
	struct state s;
	struct id into;
	enum err rc = state_get(t, dataset, id, a, &s);

	if (!rc)
		rc = state_entity(&s, a, out);
	if (rc || !ds)
		return rc;
	/* Texts kept under another datasets.csv say nothing of this one. */
	if (s.n_shown == ds->n_shown)
		out->closed = closed_row(ds, s.shown, s.n_shown);
	if (merged_into(ds, &s, &into))
		out->merged = arena_dup(a, id_text(&into, text));
	return ERR_NONE;
}

enum err cases_entity(struct cases *c, struct str dataset, struct str id,
		      struct arena *a, struct entity *out)
{
	struct view v;
	struct id bytes;
	enum err rc;

	if (!id_parse(id, &bytes))
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = get(c, v.t, dataset, &bytes, a, out);
	view_end(&v);
	return rc;
}

/* Datasets that have entities, by name. */
static enum err find_in_any(struct cases *c, struct txn *t, const struct id *id,
			    struct arena *a, struct entity *out)
{
	struct cur cur = { 0 };
	struct key prefix, k;
	enum err rc;

	key_index(&prefix, INDEX_COUNT);
	rc = cur_begin(&cur, t, TABLE_INDEX, key_str(&prefix), STR(""), false);
	while (!rc) {
		struct str name;
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		rd_u8(&r);
		name = rd_name(&r);
		key_entity(&k, name, id);
		if (r.failed || !txn_has(t, TABLE_ENTITY, key_str(&k)))
			continue;
		rc = get(c, t, name, id, a, out);
		break;
	}
	cur_end(&cur);
	return rc;
}

enum err cases_entity_any(struct cases *c, struct str id, struct arena *a,
			  struct entity *out)
{
	struct view v;
	struct id bytes;
	enum err rc;

	if (!id_parse(id, &bytes))
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = find_in_any(c, v.t, &bytes, a, out);
	view_end(&v);
	return rc;
}

size_t cases_count(struct cases *c, struct str dataset)
{
	uint64_t n = 0;
	struct view v;

	if (view_begin(&v, c))
		return 0;
	if (count_get(v.t, dataset, &n))
		n = 0;
	view_end(&v);
	return (size_t)n;
}

/* ---- parents and children */
static enum err list_children(struct cases *c, struct txn *t,
			      struct str dataset, const struct id *parent,
			      struct ids *out)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), dataset);
	const struct dataset_row *row;
	struct key prefix;
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc; i++) {
		row = dataset_row(ds, DATASET_PARENT, i);
		if (!row)
			break;
		link_prefix(&prefix, dataset, row->value, parent);
		rc = ids_under(t, &prefix, out);
	}
	return rc;
}

enum err cases_children(struct cases *c, struct str dataset, struct str id,
			struct arena *a, struct entity **out, size_t *n)
{
	struct ids found = { 0 };
	struct view v;
	struct id parent;
	enum err rc;

	*n = 0;
	*out = NULL;
	if (!id_parse(id, &parent) || dataset.n > KEY_NAME_MAX)
		return ERR_NONE;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = list_children(c, v.t, dataset, &parent, &found);
	*out = arena_array(a, found.list.n + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; i < found.list.n && !rc; i++) {
		rc = get(c, v.t, dataset, &found.list.at[i], a, &(*out)[*n]);
		*n += !rc && !(*out)[*n].merged.n;
		/* One that is damaged is named by store check. */
		if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	view_end(&v);
	vec_release(&found.list);
	return rc;
}

enum err cases_parent(struct cases *c, const struct entity *e, struct arena *a,
		      struct entity *out)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), e->dataset);
	const struct dataset_row *row;
	enum err rc = ERR_NOTFOUND;

	for (size_t i = 0; rc == ERR_NOTFOUND; i++) {
		row = dataset_row(ds, DATASET_PARENT, i);
		if (!row)
			break;
		rc = cases_entity(c, row->name, entity_prop_of(e, row->value),
				  a, out);
	}
	return rc;
}

enum err cases_same(struct cases *c, const struct entity *e,
		    struct str property, struct arena *a, struct str **ids,
		    size_t *n)
{
	struct state s = { .dataset = e->dataset, .n_props = 1 };
	struct entity_prop value = { property, entity_prop_of(e, property) };
	char text[UUID_LEN + 1];
	struct others found = { 0 };
	struct view v;
	enum err rc;

	*n = 0;
	*ids = NULL;
	s.props = &value;
	if (!id_parse(e->id, &s.id))
		return ERR_INVALID;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = unique_others(c, v.t, &s, property, a, &found);
	view_end(&v);
	if (rc)
		return rc;
	*ids = arena_array(a, found.n + 1, sizeof(**ids));
	if (!*ids)
		return ERR_NOMEM;
	for (size_t i = 0; i < found.n; i++)
		(*ids)[i] = arena_dup(a, id_text(&found.ids[i], text));
	*n = found.n;
	return ERR_NONE;
}

/* ---- what is shown of it */
enum err entity_texts(struct cases *c, const struct dataset *ds,
		      const struct entity *e, struct arena *a, struct str **out)
{
	struct view v;
	struct past past = { .t = NULL };
	const struct formula_env env = { .lists = cases_lists(c),
					 .events = past_events,
					 .owner = &past };
	struct state s = { .exists = true,
			   .dataset = e->dataset,
			   .label = e->label,
			   .version = e->version,
			   .trunk = e->trunk_version,
			   .changed_at = e->changed_at,
			   .n_props = e->n_props };
	enum err rc;

	s.has_branch = id_parse(e->branch, &s.branch);
	if (!id_parse(e->id, &s.id))
		return ERR_INVALID;
	s.props = arena_array(a, e->n_props + 1, sizeof(*s.props));
	if (!s.props)
		return ERR_NOMEM;
	if (e->n_props)
		memcpy(s.props, e->props, e->n_props * sizeof(*s.props));
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	past.t = v.t;
	past.id = s.id;
	rc = compute_shown(ds, &s, false, &env, a, out);
	past_release(&past);
	view_end(&v);
	return rc;
}

enum err cases_shown(struct cases *c, const struct entity *e,
		     const struct dataset_row *row, bool masked,
		     struct arena *a, struct str *out)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), e->dataset);
	const struct str *shown = e->shown;
	struct str *now = NULL;
	enum err rc = ERR_NONE;

	*out = (struct str){ NULL, 0 };
	if (!ds || row->shown >= ds->n_shown)
		return ERR_INVALID;
	/* Kept under another datasets.csv: computed here. */
	if (e->n_shown != ds->n_shown) {
		rc = entity_texts(c, ds, e, a, &now);
		shown = now;
	}
	if (rc)
		return rc;
	*out = shown[dataset_shown(row)];
	if (masked)
		*out = dataset_masked(row, *out, a);
	return ERR_NONE;
}

struct str cases_title(struct cases *c, const struct entity *e)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), e->dataset);
	const struct dataset_row *row = dataset_row(ds, DATASET_TITLE, 0);

	if (row && row->shown < e->n_shown && e->n_shown == ds->n_shown &&
	    e->shown[dataset_shown(row)].n)
		return e->shown[dataset_shown(row)];
	return e->label.n ? e->label : e->id;
}
