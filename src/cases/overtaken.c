/* SPDX-License-Identifier: MIT */
#include "overtaken.h"

/* Is it a list? The map has an address of one's own for either answer. */
static enum err look(struct overtaken *o, const struct stamp *s, bool *list)
{
	char *known;
	struct envelope e;
	struct arena a = { 0 };
	struct str value, name;
	struct key k;
	enum err rc;

	key_event(&k, s);
	known = map_get(&o->kinds, key_str(&k));
	*list = known == &o->mark[1];
	if (known)
		return ERR_NONE;
	rc = txn_get(o->t, TABLE_EVENT, key_str(&k), &value);
	if (!rc)
		rc = envelope_read(value, &a, &e);
	arena_release(&a);
	if (rc)
		return rc;
	*list = e.kind == EVENT_LIST;
	name = arena_dup(&o->arena, key_str(&k));
	return name.p ? map_put(&o->kinds, name, &o->mark[*list]) : ERR_NOMEM;
}

enum err overtaken_begin(struct overtaken *o, const struct id *id,
			 struct arena *a)
{
	return rows_read(o->t, id, a, &o->rows, &o->n);
}

/* What that operation made it; false when it did not. */
static bool set_by(const struct deed *d, struct str dataset, struct str name,
		   struct str *value)
{
	if (!str_eq(d->op.dataset, dataset))
		return false;
	if (!name.n) {
		*value = d->op.label;
		return d->op.label.n > 0;
	}
	for (size_t i = 0; i < d->op.n_props; i++) {
		if (!str_eq(d->op.props[i].name, name))
			continue;
		*value = d->op.props[i].value;
		return true;
	}
	return false;
}

/* What lists and people said of one property, one after the other. */
struct story {
	struct str said, now; /* by the last list; by anybody */
	bool listed, had, changed;
};

static enum err hear(struct overtaken *o, const struct row *r, struct str value,
		     struct str asked, struct story *s)
{
	bool list = false;
	enum err rc = look(o, &r->stamp, &list);

	if (list) {
		s->said = value;
		s->listed = true;
		s->changed = false;
	} else if (!str_eq(value, s->now)) {
		s->changed = true;
	}
	s->now = value;
	s->had |= str_eq(value, asked);
	return rc;
}

enum err overtaken_ask(struct overtaken *o, struct str dataset,
		       const struct entity_prop *p, bool *yes)
{
	struct story s = { .had = false };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < o->n && !rc; i++)
		for (size_t k = 0; k < o->rows[i].n_deeds && !rc; k++) {
			struct str value;

			if (set_by(&o->rows[i].deeds[k], dataset, p->name,
				   &value))
				rc = hear(o, &o->rows[i], value, p->value, &s);
		}
	*yes = s.changed && (s.listed ? str_eq(s.said, p->value) : s.had);
	return rc;
}

void overtaken_end(struct overtaken *o)
{
	map_release(&o->kinds);
	arena_release(&o->arena);
}
