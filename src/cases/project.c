/* SPDX-License-Identifier: MIT */
#include "project.h"

#include "pilar/i18n.h"

#include "compute.h"
#include "index.h"
#include "lists.h"
#include "verdict.h"

/* In a long run, memory of what was read is given back this often. */
#define RESET_EVERY 256
/* No form is longer (TREE_MAX_BYTES). */
#define ROW_MAX ((size_t)16 << 20)

enum err project_begin(struct project *p, struct cases *c, struct txn *t,
		       struct report *rep)
{
	enum err rc = ERR_NONE;

	*p = (struct project){ .c = c, .t = t, .rep = rep };
	c->writing = t;
	if (!c->computing)
		rc = store_lists_new(&c->computing, c, CASES_NOW);
	if (!rc && !c->looked) {
		c->looked = formula_cache_new();
		rc = c->looked ? ERR_NONE : ERR_NOMEM;
	}
	if (!rc)
		store_lists_void(c->computing);
	return rc;
}

static void targets_release(struct targets *t)
{
	vec_release(&t->list);
	map_release(&t->seen);
}

static void forget(struct project *p)
{
	vec_release(&p->counted);
	map_release(&p->props);
	targets_release(&p->folded);
	targets_release(&p->compute);
	targets_release(&p->related);
	targets_release(&p->again);
	arena_reset(&p->keep);
}

void project_end(struct project *p)
{
	if (!p->c)
		return;
	p->c->writing = NULL;
	if (p->c->computing)
		store_lists_void(p->c->computing);
	forget(p);
	if (p->search)
		index_end(p->search);
	arena_release(&p->arena);
	arena_release(&p->keep);
	p->c = NULL;
}

enum err targets_add(struct project *p, struct targets *to, struct str dataset,
		     const struct id *id)
{
	struct target *t;
	struct str name;
	struct key k;

	if (!dataset.n || dataset.n > KEY_NAME_MAX)
		return ERR_INVALID;
	key_entity(&k, dataset, id);
	if (map_get(&to->seen, key_str(&k)))
		return ERR_NONE;
	name = arena_dup(&p->keep, key_str(&k));
	t = vec_push(&to->list);
	if (!t || !name.p)
		return ERR_NOMEM;
	t->dataset = str_sub(name, 0, dataset.n);
	t->id = *id;
	return map_put(&to->seen, name, to);
}

/* ---- noting what an event did */
static bool first_of(const struct deeds *d, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (id_eq(&d->at[k].id, &d->at[i].id))
			return false;
	return true;
}

static size_t count_of(const struct deeds *d, size_t first)
{
	size_t n = 0;

	for (size_t i = first; i < d->n; i++)
		n += id_eq(&d->at[i].id, &d->at[first].id);
	return n;
}

static enum err put_row(struct project *p, const struct id *id,
			const struct row *row)
{
	struct buf b = BUF_INIT(ROW_MAX);
	struct key k;
	enum err rc;

	row_write(&b, row);
	key_touch(&k, id, &row->stamp);
	rc = b.failed;
	if (!rc)
		rc = txn_put(p->t, TABLE_ENTITY_EVENT, key_str(&k),
			     buf_str(&b));
	buf_release(&b);
	return rc;
}

static struct row new_row(const struct stamp *s, const struct envelope *e)
{
	return (struct row){ .stamp = *s,
			     .at = e->at,
			     .offset_min = e->offset_min };
}

static enum err note_entity(struct project *p, const struct stamp *s,
			    const struct envelope *e, const struct deeds *d,
			    size_t first)
{
	const struct deed *one = &d->at[first];
	struct deed *mine =
		arena_array(&p->arena, count_of(d, first), sizeof(*mine));
	const struct seen *seen = envelope_seen(e, one->op.dataset, &one->id);
	struct row row = new_row(s, e);
	enum err rc = ERR_NONE;

	if (!mine)
		return ERR_NOMEM;
	for (size_t i = first; i < d->n && !rc; i++) {
		if (!id_eq(&d->at[i].id, &one->id))
			continue;
		mine[row.n_deeds++] = d->at[i];
		rc = targets_add(p, &p->folded, d->at[i].op.dataset, &one->id);
	}
	row.deeds = mine;
	if (seen) {
		row.seen = seen->last;
		row.has_branch = seen->has_branch;
		row.branch = seen->branch;
	}
	row.decides = decides(p->c, one->op.dataset, e);
	if (!str_to_u64(one->op.base_version, &row.claimed))
		row.claimed = 0;
	return rc ? rc : put_row(p, &one->id, &row);
}

/* An edit of an old record never changes an entity (ODK.md 13), but stands in
 * its timeline. */
static enum err note_edit(struct project *p, const struct stamp *s,
			  const struct envelope *e, const struct deeds *d,
			  size_t i)
{
	struct row row = new_row(s, e);

	return put_row(p, &d->at[i].id, &row);
}

static enum err note_mentions(struct project *p, const struct stamp *s,
			      const struct envelope *e, const struct deeds *d)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < d->n_mentioned && !rc; i++) {
		struct row row = new_row(s, e);
		bool changed = false;

		for (size_t k = 0; k < d->n && !changed; k++)
			changed = id_eq(&d->at[k].id, &d->mentioned[i]);
		if (!changed)
			rc = put_row(p, &d->mentioned[i], &row);
	}
	return rc;
}

enum err project_rows(struct project *p, const struct stamp *s,
		      const struct envelope *e, const struct deeds *d)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < d->n && !rc; i++)
		if (first_of(d, i))
			rc = e->deprecated_id.n ? note_edit(p, s, e, d, i)
						: note_entity(p, s, e, d, i);
	if (!rc)
		rc = note_mentions(p, s, e, d);
	arena_reset(&p->arena);
	return rc;
}

/* ---- folding */
static void warn(struct project *p, const struct target *what,
		 const struct row *r, const struct stamp *mine,
		 enum applied how)
{
	if (how == APPLIED || !mine || !stamp_eq(&r->stamp, mine))
		return;
	report_add(
		p->rep, PROBLEM_WARNING, what->dataset,
		how == APPLIED_UNKNOWN
			? _("isian ini mengubah data yang belum ada di sini; "
			    "isian tetap disimpan")
			: _("isian ini membuat data yang sudah ada; isian "
			    "tetap disimpan, data tidak berubah"));
}

static enum err apply_rows(struct project *p, const struct target *what,
			   const struct stamp *mine, struct state *s)
{
	struct verdicts v = { .n = 0 };
	struct row *rows = NULL;
	size_t n = 0;
	enum applied how;
	enum err rc = rows_read(p->t, &what->id, &p->arena, &rows, &n);

	if (!rc)
		rc = verdicts_init(&v, n, &p->arena);
	for (size_t i = 0; i < n && !rc; i++) {
		verdict_before(&v, s, &rows[i]);
		for (size_t k = 0; k < rows[i].n_deeds && !rc; k++) {
			const struct deed *d = &rows[i].deeds[k];

			if (!str_eq(d->op.dataset, what->dataset))
				continue;
			rc = state_apply(s, &rows[i], d, &p->arena, &how);
			warn(p, what, &rows[i], mine, how);
		}
		verdict_after(&v, s, &rows[i]);
	}
	return rc;
}

/* What made it was taken back. */
static enum err vanish(struct project *p, const struct state *old,
		       const struct state *now)
{
	struct key k;
	enum err rc;

	if (!old->exists)
		return ERR_NONE;
	key_entity(&k, old->dataset, &old->id);
	rc = txn_del(p->t, TABLE_ENTITY, key_str(&k));
	if (!rc)
		rc = links_update(p, old, now);
	return rc ? rc : compute_gone(p, old);
}

enum err project_fold(struct project *p, const struct target *what,
		      const struct stamp *mine)
{
	struct state old, now = { .dataset = what->dataset, .id = what->id };
	enum err rc =
		state_get(p->t, what->dataset, &what->id, &p->arena, &old);

	if (rc && rc != ERR_NOTFOUND)
		goto out;
	rc = apply_rows(p, what, mine, &now);
	if (!rc && !now.exists)
		rc = vanish(p, &old, &now);
	if (!rc)
		rc = conflict_update(p, &old, &now);
	if (rc || !now.exists)
		goto out;
	now.trunk = old.trunk;
	now.shown = old.shown;
	now.n_shown = old.n_shown;
	rc = state_put(p->t, &now);
	if (!rc)
		rc = links_update(p, &old, &now);
	if (!rc)
		rc = targets_add(p, &p->compute, what->dataset, &what->id);
out:
	arena_reset(&p->arena);
	return rc;
}

/* ---- what follows */
static enum err compute_each(struct project *p, const struct targets *what,
			     bool related)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < what->list.n && !rc; i++) {
		rc = compute_entity(p, &what->list.at[i], related);
		arena_reset(&p->arena);
		if (i % RESET_EVERY != RESET_EVERY - 1)
			continue;
		store_lists_void(p->c->computing);
		arena_reset(txn_arena(p->t));
	}
	return rc;
}

enum err project_settle(struct project *p)
{
	enum err rc;

	store_lists_void(p->c->computing);
	rc = counts_write(p);
	if (!rc)
		rc = compute_each(p, &p->compute, false);
	if (!rc)
		rc = compute_each(p, &p->related, true);
	for (size_t i = 0; i < p->again.list.n && !rc; i++) {
		rc = compute_found(p, &p->again.list.at[i]);
		arena_reset(&p->arena);
	}
	forget(p);
	return rc;
}

enum err project_finish(struct project *p)
{
	enum err rc = project_settle(p);

	return !rc && p->search ? index_finish(p->search) : rc;
}
