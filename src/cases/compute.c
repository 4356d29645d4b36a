/* SPDX-License-Identifier: MIT */
#include "compute.h"

#include <string.h>

#include "closed.h"
#include "find.h"
#include "index.h"
#include "lists.h"
#include "past.h"

/* Columns that every entity list has beside its properties. */
#define FIXED_COLUMNS 5

/* ---- the entity as a row that expressions look into */
static struct str number_text(struct arena *a, uint64_t n)
{
	return arena_printf(a, "%llu", (unsigned long long)n);
}

static enum err row_of(const struct state *s, struct arena *a,
		       struct entity_prop **row, size_t *n)
{
	char text[UUID_LEN + 1];
	struct entity_prop *r =
		arena_array(a, s->n_props + FIXED_COLUMNS, sizeof(*r));

	if (!r)
		return ERR_NOMEM;
	*row = r;
	*r++ = (struct entity_prop){ STR("name"),
				     arena_dup(a, id_text(&s->id, text)) };
	*r++ = (struct entity_prop){ STR("label"), s->label };
	*r++ = (struct entity_prop){ STR("__version"),
				     number_text(a, s->version) };
	*r++ = (struct entity_prop){ STR("__trunkVersion"),
				     s->trunk ? number_text(a, s->trunk)
					      : STR("") };
	*r++ = (struct entity_prop){
		STR("__branchId"),
		s->has_branch ? arena_dup(a, id_text(&s->branch, text))
			      : STR("")
	};
	if (s->n_props)
		memcpy(r, s->props, s->n_props * sizeof(*r));
	*n = s->n_props + FIXED_COLUMNS;
	return ERR_NONE;
}

/* One row; one that fails on this entity shows nothing. */
static enum err show(struct formula_row *row, const struct formula *f,
		     struct arena *a, struct str *out)
{
	enum err rc = formula_row_text(row, f, a, out);

	if (rc)
		*out = STR("");
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

/* The texts of one entity, in one language after the other. */
struct showing {
	const struct dataset *ds;
	const struct str *keep; /* of what does not look into lists; or NULL */
	struct entity_prop *props;
	size_t n_props;
	struct arena *arena;
	struct str *texts;
};

static enum err show_all(const struct showing *to, struct formula_env *env,
			 bool english)
{
	struct formula_row *row = NULL;
	enum err rc;

	env->lang = english ? STR("en") : STR("id");
	rc = formula_row_new(&row, env, to->props, to->n_props);
	for (size_t i = 0; i < to->ds->n && !rc; i++) {
		const struct dataset_row *r = &to->ds->rows[i];
		size_t at = english ? r->shown_en : r->shown;

		if (at == SIZE_MAX)
			continue;
		/* What is due hangs on whether it is closed, too. */
		if (to->keep && !r->looks && r->kind != DATASET_DUE)
			to->texts[at] = to->keep[at];
		else
			rc = show(row, english ? r->formula_en : r->formula,
				  to->arena, &to->texts[at]);
	}
	formula_row_free(row);
	return rc;
}

static bool differs_in_english(const struct dataset *ds)
{
	for (size_t i = 0; i < ds->n; i++)
		if (ds->rows[i].shown_en != SIZE_MAX)
			return true;
	return false;
}

/* What left the lists is not due. */
static void drop_due(const struct dataset *ds, const struct state *s,
		     struct str *shown)
{
	struct id into;

	if (!closed_row(ds, shown, ds->n_shown) && !merged_into(ds, s, &into))
		return;
	for (size_t i = 0; i < ds->n; i++)
		if (ds->rows[i].kind == DATASET_DUE)
			shown[ds->rows[i].shown] = STR("");
}

enum err compute_shown(const struct dataset *ds, const struct state *s,
		       bool looking, const struct formula_env *from,
		       struct arena *a, struct str **out)
{
	struct showing to = { .ds = ds,
			      .keep = looking ? s->shown : NULL,
			      .arena = a };
	struct sys_fixed clock;
	struct formula_env env = *from;
	enum err rc = row_of(s, a, &to.props, &to.n_props);

	if (rc)
		return rc;
	*out = to.texts = arena_array(a, ds->n_shown + 1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	sys_fixed_init(&clock, s->changed_at, s->offset_min, 1);
	env.sys = &clock.sys;
	rc = show_all(&to, &env, false);
	if (!rc && differs_in_english(ds))
		rc = show_all(&to, &env, true);
	if (!rc)
		drop_due(ds, s, *out);
	return rc;
}

/* ---- the search record */
static enum err add_rows(struct record *out, const struct dataset *ds,
			 const struct state *s, bool names, struct arena *a)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; ds && i < ds->n && !rc; i++) {
		const struct dataset_row *r = &ds->rows[i];

		if (!r->searched || r->shown >= s->n_shown ||
		    (r->searched == DATASET_NAME) != names)
			continue;
		rc = record_add(out, r->searched, s->shown[r->shown], a);
	}
	return rc;
}

static bool searches(const struct dataset *ds)
{
	for (size_t i = 0; ds && i < ds->n; i++)
		if (ds->rows[i].searched)
			return true;
	return false;
}

/* By the words of its doubles, too; of what is damaged by none. */
static enum err add_doubles(struct record *out, struct project *p,
			    const struct dataset *ds, const struct state *s)
{
	struct ids all = { 0 };
	enum err rc;

	if (!dataset_row(ds, DATASET_MERGED, 0))
		return ERR_NONE;
	rc = merged_list(p->t, ds, &s->id, &all);
	for (size_t i = 1; i < all.list.n && !rc; i++) {
		struct state other;

		rc = state_get(p->t, s->dataset, &all.list.at[i], &p->arena,
			       &other);
		if (!rc)
			rc = add_rows(out, ds, &other, true, &p->arena);
		if (!rc)
			rc = add_rows(out, ds, &other, false, &p->arena);
		if (rc == ERR_NOTFOUND || rc == ERR_CORRUPT)
			rc = ERR_NONE;
	}
	vec_release(&all.list);
	return rc;
}

/* The search record that follows from the state. */
static enum err make_record(struct project *p, const struct state *s,
			    struct record *out)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(p->c), s->dataset);
	enum err rc;

	record_begin(out);
	if (!searches(ds))
		return record_add(out, DATASET_NAME, s->label, &p->arena);
	rc = add_rows(out, ds, s, true, &p->arena);
	if (!rc)
		rc = add_rows(out, ds, s, false, &p->arena);
	return rc ? rc : add_doubles(out, p, ds, s);
}

/* A double is not found itself. */
static enum err put_record(struct project *p, const struct state *s)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(p->c), s->dataset);
	struct record record;
	struct id into;
	enum err rc;

	if (merged_into(ds, s, &into))
		return index_del(p->search, s->dataset, &s->id);
	rc = make_record(p, s, &record);
	if (!rc)
		rc = index_put(p->search, s->dataset, &s->id,
			       buf_str(&record.bytes));
	buf_release(&record.bytes);
	return rc;
}

/* Calls `each` for all entities. */
static enum err take_all(struct project *p,
			 enum err (*each)(struct project *p, struct str dataset,
					  const struct id *id))
{
	struct cur cur = { 0 };
	enum err rc =
		cur_begin(&cur, p->t, TABLE_ENTITY, STR(""), STR(""), false);

	while (!rc) {
		struct str name;
		struct id id;
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		if (key_is_record(cur.key))
			continue;
		r = RD_INIT(cur.key);
		name = rd_name(&r);
		id = rd_id(&r);
		rc = rd_done(&r) ? each(p, name, &id) : ERR_CORRUPT;
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err put_again(struct project *p, struct str dataset,
			  const struct id *id)
{
	struct state s;
	enum err rc = state_get(p->t, dataset, id, &p->arena, &s);

	if (!rc)
		rc = put_record(p, &s);
	arena_reset(&p->arena);
	arena_reset(txn_arena(p->t));
	/* A damaged one is not found; store check names it. */
	return rc == ERR_CORRUPT ? ERR_NONE : rc;
}

/*
 * Made by a folding of another version, or before there was one: all entities
 * go in. A rebuild has just begun with none and puts in each one.
 */
static enum err need_search(struct project *p)
{
	enum err rc;

	if (p->search)
		return ERR_NONE;
	p->search = finder_writer(p->c->finder);
	rc = index_begin(p->search, p->t);
	if (rc != ERR_VERSION)
		return rc;
	return p->all ? ERR_NONE : take_all(p, put_again);
}

enum err compute_search(struct cases *c)
{
	struct project p = { 0 };
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, c->store, STORE_MAIN, TXN_WRITE);

	if (rc)
		return rc;
	rc = project_begin(&p, c, t, NULL);
	if (!rc)
		rc = need_search(&p);
	if (!rc)
		rc = index_finish(p.search);
	project_end(&p);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

/* ---- storing both */
static bool same_shown(const struct state *s, struct str *now, size_t n)
{
	if (s->n_shown != n)
		return false;
	for (size_t i = 0; i < n && now; i++)
		if (!str_eq(s->shown[i], now[i]))
			return false;
	return true;
}

static const struct dataset *dataset_of(struct project *p,
					const struct state *s)
{
	return datasets_find(cases_datasets(p->c), s->dataset);
}

static enum err update_shown(struct project *p, struct state *s, bool related,
			     bool *changed)
{
	struct past past = { .t = p->t, .id = s->id };
	const struct formula_env env = { .lists = store_lists(p->c->computing),
					 .cache = p->c->looked,
					 .events = past_events,
					 .owner = &past };
	const struct dataset *ds = dataset_of(p, s);
	struct str *now = NULL;
	size_t n = ds ? ds->n_shown : 0;
	enum err rc = ERR_NONE;

	if (n)
		rc = compute_shown(ds, s, related && s->n_shown == n, &env,
				   &p->arena, &now);
	past_release(&past);
	if (!rc)
		rc = due_update(p, ds, s, now, n);
	*changed = !same_shown(s, now, n);
	if (rc || !*changed)
		return rc;
	s->shown = now;
	s->n_shown = n;
	return state_put(p->t, s);
}

enum err compute_entity(struct project *p, const struct target *t, bool related)
{
	bool changed = true;
	struct state s;
	enum err rc = need_search(p);

	if (rc)
		return rc;
	rc = state_get(p->t, t->dataset, &t->id, &p->arena, &s);
	if (rc == ERR_NOTFOUND)
		return ERR_NONE; /* a parent that is not here */
	if (rc)
		return rc;
	rc = update_shown(p, &s, related, &changed);
	/* Without searched texts it is the label that is found. */
	if (!p->all && !changed && searches(dataset_of(p, &s)))
		return rc;
	return rc ? rc : put_record(p, &s);
}

enum err compute_found(struct project *p, const struct target *t)
{
	struct state s;
	enum err rc = need_search(p);

	if (!rc)
		rc = state_get(p->t, t->dataset, &t->id, &p->arena, &s);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	return put_record(p, &s);
}

enum err compute_gone(struct project *p, const struct state *s)
{
	enum err rc = due_update(p, dataset_of(p, s), s, NULL, 0);

	if (!rc)
		rc = need_search(p);
	return rc ? rc : index_del(p->search, s->dataset, &s->id);
}

/* ---- everything */
static enum err add_target(struct project *p, struct str dataset,
			   const struct id *id)
{
	return targets_add(p, &p->compute, dataset, id);
}

static enum err link_all(struct project *p)
{
	struct state s;
	enum err rc = index_clear(p->t, INDEX_LINK);

	if (!rc)
		rc = index_clear(p->t, INDEX_UNIQUE);
	if (!rc)
		rc = index_clear(p->t, INDEX_DUE);
	for (size_t i = 0; i < p->compute.list.n && !rc; i++) {
		const struct target *t = &p->compute.list.at[i];

		rc = state_get(p->t, t->dataset, &t->id, &p->arena, &s);
		if (!rc)
			rc = links_again(p, &s);
		arena_reset(&p->arena);
		arena_reset(txn_arena(p->t));
	}
	return rc;
}

enum err compute_all(struct cases *c, struct txn *t)
{
	struct project p = { 0 };
	enum err rc;

	if (!txn_count(t, TABLE_ENTITY))
		return ERR_NONE;
	rc = project_begin(&p, c, t, NULL);
	p.all = true;
	if (!rc)
		rc = take_all(&p, add_target);
	if (!rc)
		rc = index_drop(t);
	if (!rc)
		rc = link_all(&p);
	if (!rc)
		rc = project_finish(&p);
	project_end(&p);
	return rc;
}
