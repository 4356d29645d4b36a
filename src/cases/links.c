/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "closed.h"

/* ---- number of entities */
static void count_key(struct key *k, struct str dataset)
{
	key_index(k, INDEX_COUNT);
	key_name(k, dataset);
}

enum err count_get(struct txn *t, struct str dataset, uint64_t *n)
{
	struct str value;
	struct key k;
	enum err rc;

	*n = 0;
	if (dataset.n > KEY_NAME_MAX)
		return ERR_NONE;
	count_key(&k, dataset);
	rc = txn_get(t, TABLE_INDEX, key_str(&k), &value);
	if (!rc) {
		struct rd r = RD_INIT(value);

		*n = rd_u64(&r);
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err count_put(struct txn *t, struct str dataset, uint64_t n)
{
	struct buf b = BUF_INIT(8);
	struct key k;
	enum err rc;

	count_key(&k, dataset);
	if (!n)
		return txn_del(t, TABLE_INDEX, key_str(&k));
	buf_u64(&b, n);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_INDEX, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

/* It came into being, or was taken back. */
static enum err count(struct project *p, const struct state *old,
		      const struct state *now)
{
	int64_t by = now->exists - old->exists;
	struct counted *new;

	if (!by)
		return ERR_NONE;
	vec_each (c, &p->counted)
		if (str_eq(c->dataset, now->dataset)) {
			c->by += by;
			return ERR_NONE;
		}
	new = vec_push(&p->counted);
	if (!new)
		return ERR_NOMEM;
	*new = (struct counted){ arena_dup(&p->keep, now->dataset), by };
	return new->dataset.p ? ERR_NONE : ERR_NOMEM;
}

enum err counts_write(struct project *p)
{
	enum err rc = ERR_NONE;

	vec_each (c, &p->counted) {
		uint64_t n;

		rc = count_get(p->t, c->dataset, &n);
		if (!rc && c->by)
			rc = count_put(p->t, c->dataset, n + (uint64_t)c->by);
		if (rc)
			break;
	}
	vec_reset(&p->counted);
	return rc;
}

/* ---- properties seen: the columns of the dataset as a list */
static enum err note_prop(struct txn *t, struct str dataset, struct str name)
{
	struct key k;

	if (name.n > KEY_NAME_MAX)
		return ERR_NONE;
	key_index(&k, INDEX_PROP);
	key_name(&k, dataset);
	key_name(&k, name);
	if (txn_has(t, TABLE_INDEX, key_str(&k)))
		return ERR_NONE;
	return txn_put(t, TABLE_INDEX, key_str(&k), STR(""));
}

enum err props_seen(struct txn *t, const struct entity_op *op)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < op->n_props && !rc; i++)
		rc = note_prop(t, op->dataset, op->props[i].name);
	return rc;
}

/* Most were noted just before, for another entity. */
static enum err note_once(struct project *p, struct str dataset,
			  struct str name)
{
	struct key k = { .n = 0 };
	struct str known;
	enum err rc;

	if (name.n > KEY_NAME_MAX)
		return ERR_NONE;
	key_name(&k, dataset);
	key_name(&k, name);
	if (map_get(&p->props, key_str(&k)))
		return ERR_NONE;
	known = arena_dup(&p->keep, key_str(&k));
	rc = known.p ? map_put(&p->props, known, p) : ERR_NOMEM;
	return rc ? rc : note_prop(p->t, dataset, name);
}

/* Both are sorted by name. */
static enum err note_props(struct project *p, const struct state *old,
			   const struct state *now)
{
	size_t k = 0;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < now->n_props && !rc; i++) {
		struct str name = now->props[i].name;

		while (k < old->n_props &&
		       str_cmp(old->props[k].name, name) < 0)
			k++;
		if (k == old->n_props || !str_eq(old->props[k].name, name))
			rc = note_once(p, now->dataset, name);
	}
	return rc;
}

/* ---- parents and children */
void link_prefix(struct key *k, struct str dataset, struct str property,
		 const struct id *parent)
{
	key_index(k, INDEX_LINK);
	key_name(k, dataset);
	key_name(k, property);
	key_id(k, parent);
}

enum err ids_under(struct txn *t, const struct key *prefix, struct ids *out)
{
	struct cur cur = { 0 };
	enum err rc = cur_begin(&cur, t, TABLE_INDEX, key_str(prefix), STR(""),
				false);

	while (!rc) {
		struct id *slot;

		rc = cur_next(&cur);
		if (rc || cur.key.n < ID_BYTES)
			continue;
		slot = vec_push(&out->list);
		if (slot)
			memcpy(slot->b, cur.key.p + cur.key.n - ID_BYTES,
			       ID_BYTES);
		rc = slot ? ERR_NONE : ERR_NOMEM;
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static void link_key(struct key *k, const struct state *s, struct str property,
		     const struct id *parent)
{
	link_prefix(k, s->dataset, property, parent);
	key_stamp(k, &s->created);
	key_u32(k, s->created_at_op);
	key_id(k, &s->id);
}

static enum err link_put(struct txn *t, const struct state *s,
			 struct str property, const struct id *parent)
{
	struct key k;

	link_key(&k, s, property, parent);
	return txn_put(t, TABLE_INDEX, key_str(&k), STR(""));
}

static enum err link_del(struct txn *t, const struct state *s,
			 struct str property, const struct id *parent)
{
	struct key k;
	enum err rc;

	link_key(&k, s, property, parent);
	rc = txn_del(t, TABLE_INDEX, key_str(&k));
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* An old state may have come into being otherwise (a late event). */
static bool same_place(const struct state *a, const struct state *b)
{
	return stamp_eq(&a->created, &b->created) &&
	       a->created_at_op == b->created_at_op;
}

/* What is shown of a parent may look at its children. */
static enum err add_related(struct project *p, struct str dataset,
			    const struct id *id)
{
	const struct dataset *ds = datasets_find(cases_datasets(p->c), dataset);

	if (p->all || !ds || !ds->looks)
		return ERR_NONE;
	return targets_add(p, &p->related, dataset, id);
}

static enum err link_update(struct project *p, const struct dataset_row *row,
			    const struct state *old, const struct state *now)
{
	struct str was = state_prop(old, row->value);
	struct str is = state_prop(now, row->value);
	bool same = old->exists && str_eq(was, is) && same_place(old, now);
	struct id parent;
	enum err rc = ERR_NONE;

	if (old->exists && !same && id_parse(was, &parent)) {
		rc = link_del(p->t, old, row->value, &parent);
		if (!rc)
			rc = add_related(p, row->name, &parent);
	}
	if (rc || !id_parse(is, &parent))
		return rc;
	if (!same)
		rc = link_put(p->t, now, row->value, &parent);
	if (!rc)
		rc = add_related(p, row->name, &parent);
	return rc;
}

/* What is shown of its children may look at it. */
static enum err add_children(struct project *p, const struct dataset *ds,
			     const struct dataset_row *row, const struct id *id)
{
	struct ids children = { 0 };
	struct key prefix;
	enum err rc;

	link_prefix(&prefix, ds->name, row->value, id);
	rc = ids_under(p->t, &prefix, &children);
	for (size_t i = 0; i < children.list.n && !rc; i++)
		rc = targets_add(p, &p->related, ds->name,
				 &children.list.at[i]);
	vec_release(&children.list);
	return rc;
}

static enum err note_children(struct project *p, const struct state *s)
{
	const struct datasets *all = cases_datasets(p->c);
	const struct dataset_row *row;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < datasets_count(all); i++) {
		const struct dataset *ds = datasets_at(all, i);

		for (size_t k = 0; !rc && ds->looks; k++) {
			row = dataset_row(ds, DATASET_PARENT, k);
			if (!row)
				break;
			if (str_eq(row->name, s->dataset))
				rc = add_children(p, ds, row, &s->id);
		}
	}
	return rc;
}

/* ---- values that should stand only once */
static enum err unique_prefix(struct cases *c, struct key *k,
			      struct str dataset, struct str property,
			      struct str value)
{
	struct buf b = BUF_INIT((size_t)16 << 20);
	struct id hash;
	enum err rc;

	buf_text(&b, dataset);
	buf_text(&b, property);
	buf_text(&b, str_trim(value));
	seal_index_hash(hash.b, store_index_key(c->store), buf_str(&b));
	key_index(k, INDEX_UNIQUE);
	key_id(k, &hash);
	rc = b.failed;
	buf_release(&b);
	return rc;
}

static enum err unique_put(struct project *p, const struct state *s,
			   struct str property, struct str value)
{
	struct key k;
	enum err rc = unique_prefix(p->c, &k, s->dataset, property, value);

	if (rc)
		return rc;
	key_id(&k, &s->id);
	return txn_put(p->t, TABLE_INDEX, key_str(&k), STR(""));
}

static enum err unique_del(struct project *p, const struct state *s,
			   struct str property, struct str value)
{
	struct key k;
	enum err rc = unique_prefix(p->c, &k, s->dataset, property, value);

	if (rc)
		return rc;
	key_id(&k, &s->id);
	rc = txn_del(p->t, TABLE_INDEX, key_str(&k));
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static void leave_out(struct ids *all, const struct id *but)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->list.n; i++)
		if (!id_eq(&all->list.at[i], but))
			all->list.at[kept++] = all->list.at[i];
	all->list.n = kept;
}

enum err unique_others(struct cases *c, struct txn *t, const struct state *s,
		       struct str property, struct arena *a, struct others *out)
{
	struct str value = str_trim(state_prop(s, property));
	struct ids found = { 0 };
	struct key prefix;
	enum err rc;

	*out = (struct others){ .n = 0 };
	if (!value.n)
		return ERR_NONE;
	rc = unique_prefix(c, &prefix, s->dataset, property, value);
	if (!rc)
		rc = ids_under(t, &prefix, &found);
	leave_out(&found, &s->id);
	return vec_give(&found.list, a, &out->ids, &out->n, rc);
}

static enum err unique_warn(struct project *p, const struct dataset_row *row,
			    const struct state *now)
{
	struct others others;
	enum err rc =
		unique_others(p->c, p->t, now, row->name, &p->arena, &others);

	if (!rc && others.n && p->rep)
		report_add(p->rep, PROBLEM_WARNING, dataset_label(row),
			   _("isi yang sama sudah ada pada %zu data lain"),
			   others.n);
	return rc;
}

static enum err unique_update(struct project *p, const struct dataset_row *row,
			      const struct state *old, const struct state *now)
{
	struct str was = str_trim(state_prop(old, row->name));
	struct str is = str_trim(state_prop(now, row->name));
	enum err rc = ERR_NONE;

	if (str_eq(was, is))
		return ERR_NONE;
	if (was.n)
		rc = unique_del(p, old, row->name, was);
	if (rc || !is.n)
		return rc;
	rc = unique_put(p, now, row->name, is);
	return rc || p->all ? rc : unique_warn(p, row, now);
}

/* ---- all of it */
static enum err update_rows(struct project *p, const struct state *old,
			    const struct state *now)
{
	static const struct {
		enum dataset_kind kind;
		enum err (*update)(struct project *p,
				   const struct dataset_row *row,
				   const struct state *old,
				   const struct state *now);
	} kinds[] = {
		{ DATASET_PARENT, link_update },
		{ DATASET_MERGED, link_update },
		{ DATASET_UNIQUE, unique_update },
	};
	const struct dataset *ds =
		datasets_find(cases_datasets(p->c), now->dataset);
	enum err rc = ERR_NONE;

	for (size_t i = 0; ds && i < ds->n && !rc; i++)
		for (size_t k = 0; k < ARRAY_LEN(kinds) && !rc; k++)
			if (ds->rows[i].kind == kinds[k].kind)
				rc = kinds[k].update(p, &ds->rows[i], old, now);
	return rc;
}

enum err links_update(struct project *p, const struct state *old,
		      const struct state *now)
{
	enum err rc = count(p, old, now);

	if (!rc)
		rc = note_props(p, old, now);
	if (!rc)
		rc = update_rows(p, old, now);
	if (!rc)
		rc = merged_again(p, old);
	if (!rc)
		rc = merged_again(p, now);
	if (!rc && !p->all)
		rc = note_children(p, now);
	return rc;
}

enum err links_again(struct project *p, const struct state *s)
{
	struct state none = { .dataset = s->dataset, .id = s->id };

	enum err rc = update_rows(p, &none, s);

	return rc ? rc : merged_again(p, s);
}

enum err index_clear(struct txn *t, enum index_kind kind)
{
	struct cur cur = { 0 };
	struct key k;
	enum err rc;

	key_index(&k, kind);
	rc = cur_begin(&cur, t, TABLE_INDEX, key_str(&k), STR(""), false);
	while (!rc) {
		rc = cur_next(&cur);
		if (!rc)
			rc = txn_del(t, TABLE_INDEX, cur.key);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
