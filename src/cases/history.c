/* SPDX-License-Identifier: MIT */
#include "decide.h"
#include "events.h"

struct telling {
	struct txn *t;
	struct arena *a;
	VEC(struct prop_change) list;
};

static enum err tell(struct telling *h, const struct event *e, struct str name,
		     struct str was, struct str is)
{
	struct prop_change *c;

	if (str_eq(was, is))
		return ERR_NONE;
	c = vec_push(&h->list);
	if (!c)
		return ERR_NOMEM;
	*c = (struct prop_change){ .property = name,
				   .was = was,
				   .value = is,
				   .worker = e->worker,
				   .title = e->title,
				   .instance_id = e->instance_id,
				   .at = e->at };
	return ERR_NONE;
}

/* What one operation made of each property it has. */
static enum err tell_op(struct telling *h, const struct event *e,
			struct state *s, const struct row *r,
			const struct deed *d)
{
	struct state before = *s;
	enum applied how;
	enum err rc = state_apply(s, r, d, h->a, &how);

	for (size_t i = 0; i < d->op.n_props && !rc && how == APPLIED; i++) {
		struct str name = d->op.props[i].name;

		rc = tell(h, e, name, state_prop(&before, name),
			  state_prop(s, name));
	}
	return rc;
}

static enum err tell_rows(struct telling *h, struct str dataset,
			  const struct id *id)
{
	struct state s = { .dataset = dataset, .id = *id };
	struct row *rows = NULL;
	size_t n = 0;
	enum err rc = rows_read(h->t, id, h->a, &rows, &n);

	for (size_t i = 0; i < n && !rc; i++) {
		struct event e = { .seq = 0 };

		if (!rows[i].n_deeds)
			continue;
		/* Of a damaged event only the change is known. */
		rc = event_give(h->t, &rows[i].stamp, false, h->a, &e);
		if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND) {
			e = (struct event){ .at = rows[i].at };
			rc = ERR_NONE;
		}
		for (size_t k = 0; k < rows[i].n_deeds && !rc; k++)
			if (str_eq(rows[i].deeds[k].op.dataset, dataset))
				rc = tell_op(h, &e, &s, &rows[i],
					     &rows[i].deeds[k]);
	}
	return rc;
}

enum err cases_history(struct cases *c, const struct entity *e, struct arena *a,
		       struct prop_change **out, size_t *n)
{
	struct telling h = { .a = a };
	struct view v;
	struct id id;
	enum err rc;

	*n = 0;
	*out = NULL;
	if (!id_parse(e->id, &id))
		return ERR_INVALID;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	h.t = v.t;
	rc = tell_rows(&h, e->dataset, &id);
	view_end(&v);
	rc = vec_give(&h.list, a, out, n, rc);
	return rc ? rc : decide_words(c, e, a, *out, *n);
}
