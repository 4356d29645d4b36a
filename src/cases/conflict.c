/* SPDX-License-Identifier: MIT */
#include "decide.h"
#include "events.h"
#include "verdict.h"

/* Entities in conflict, from the index. */
enum err cases_conflicts(struct cases *c, struct arena *a,
			 struct conflict_at **out, size_t *n)
{
	VEC(struct conflict_at) found = { 0 };
	struct cur cur = { 0 };
	struct key prefix;
	struct str value;
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	key_index(&prefix, INDEX_CONFLICT);
	rc = cur_begin(&cur, v.t, TABLE_INDEX, key_str(&prefix), STR(""),
		       false);
	while (!rc) {
		struct conflict_at *one;
		char text[UUID_LEN + 1];
		struct id id;
		struct rd r;

		rc = cur_read(&cur, &value);
		if (rc)
			break;
		one = vec_push(&found);
		if (!one) {
			rc = ERR_NOMEM;
			break;
		}
		r = RD_INIT(cur.key);
		rd_u8(&r);
		one->dataset = arena_dup(a, rd_name(&r));
		id = rd_id(&r);
		one->id = arena_dup(a, id_text(&id, text));
		one->hard = str_eq(value, STR("2"));
	}
	cur_end(&cur);
	view_end(&v);
	rc = vec_give(&found, a, out, n, rc);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- one of them, side by side */
struct sides {
	struct txn *t;
	struct arena *a;
	VEC(struct conflict_side) list;
};

static void who(struct sides *s, const struct row *r, struct conflict_who *out)
{
	struct event e = { .seq = 0 };

	out->at = r->at;
	/* Of a damaged event only the time is known. */
	if (event_give(s->t, &r->stamp, false, s->a, &e))
		return;
	out->worker = e.worker;
	out->device = e.device;
	out->title = e.title;
}

/* The operation since `base` that gave the property its value. */
static const struct row *giver(const struct verdicts *v,
			       const struct past *base, struct str name)
{
	size_t from = base ? (size_t)(base - v->at) + 1 : 0;

	for (size_t i = v->n; i-- > from;) {
		const struct row *r = v->at[i].row;

		for (size_t k = 0; k < r->n_deeds; k++)
			for (size_t m = 0; m < r->deeds[k].op.n_props; m++)
				if (str_eq(r->deeds[k].op.props[m].name, name))
					return r;
	}
	return NULL;
}

static enum err add_side(struct sides *s, const struct verdicts *v,
			 const struct past *base, const struct state *now,
			 const struct row *r, const struct entity_prop *prop)
{
	const struct row *other = giver(v, base, prop->name);
	struct conflict_side *one;
	struct str then = { NULL, 0 };

	if (!verdict_clash(base, now, prop->name, prop->value))
		return ERR_NONE;
	if (base)
		then = state_prop(&base->after, prop->name);
	one = vec_push(&s->list);
	if (!one)
		return ERR_NOMEM;
	one->property = arena_dup(s->a, prop->name);
	one->before = arena_dup(s->a, then);
	one->first = arena_dup(s->a, state_prop(now, prop->name));
	one->second = arena_dup(s->a, prop->value);
	if (other)
		who(s, other, &one->first_by);
	who(s, r, &one->second_by);
	return ERR_NONE;
}

static enum err add_row(struct sides *s, const struct verdicts *v,
			const struct state *now, const struct row *r)
{
	const struct past *base;
	enum err rc = ERR_NONE;

	if (verdict_decides(now, r))
		s->list.n = 0; /* what was before is settled */
	else if (verdict_of(v, now, r, &base) == CONFLICT_HARD)
		for (size_t i = 0; i < r->n_deeds && !rc; i++) {
			const struct deed *d = &r->deeds[i];

			if (!str_eq(d->op.dataset, now->dataset))
				continue;
			for (size_t k = 0; k < d->op.n_props && !rc; k++)
				rc = add_side(s, v, base, now, r,
					      &d->op.props[k]);
		}
	return rc;
}

static enum err all_rows(struct sides *s, struct state *now)
{
	struct verdicts v = { .n = 0 };
	struct row *rows = NULL;
	enum applied how;
	size_t n = 0;
	enum err rc = rows_read(s->t, &now->id, s->a, &rows, &n);

	if (!rc)
		rc = verdicts_init(&v, n, s->a);
	for (size_t i = 0; i < n && !rc; i++) {
		rc = add_row(s, &v, now, &rows[i]);
		for (size_t k = 0; k < rows[i].n_deeds && !rc; k++)
			if (str_eq(rows[i].deeds[k].op.dataset, now->dataset))
				rc = state_apply(now, &rows[i],
						 &rows[i].deeds[k], s->a, &how);
		verdict_after(&v, now, &rows[i]);
	}
	return rc;
}

enum err cases_conflict(struct cases *c, const struct entity *e,
			struct arena *a, struct conflict_side **out, size_t *n)
{
	struct sides s = { .a = a };
	struct state now = { .dataset = e->dataset };
	struct view v;
	enum err rc;

	*n = 0;
	if (!id_parse(e->id, &now.id))
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	s.t = v.t;
	rc = all_rows(&s, &now);
	view_end(&v);
	rc = vec_give(&s.list, a, out, n, rc);
	return rc ? rc : decide_texts(c, e, a, *out, *n);
}
