/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "lists.h"
#include "project.h"

/* Everything, one after the other: for counts and printed lists. */

enum err cases_entity_at(struct cases *c, struct str dataset, struct str id,
			 int64_t until, struct arena *a, struct entity *out)
{
	struct state s;
	struct view v;
	struct id of;
	enum err rc;

	if (!id_parse(id, &of))
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = state_get(v.t, dataset, &of, a, &s);
	if (!rc)
		rc = state_back(v.t, until, a, &s);
	if (!rc)
		rc = state_entity(&s, a, out);
	view_end(&v);
	return rc;
}

struct entity_teller {
	enum err (*each)(void *arg, const struct entity *e);
	void *arg;
};

static enum err tell_entity(const struct state *s, struct arena *a, void *arg)
{
	const struct entity_teller *w = arg;
	struct entity e;
	enum err rc = state_entity(s, a, &e);

	return rc ? rc : w->each(w->arg, &e);
}

enum err cases_each_at(struct cases *c, struct str dataset, int64_t until,
		       enum err (*each)(void *arg, const struct entity *e),
		       void *arg)
{
	struct entity_teller w = { each, arg };
	struct view v;
	enum err rc;

	if (!dataset.n || dataset.n > KEY_NAME_MAX)
		return ERR_NONE;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = state_each(v.t, dataset, until, tell_entity, &w);
	view_end(&v);
	return rc;
}

enum err cases_each(struct cases *c, struct str dataset,
		    enum err (*each)(void *arg, const struct entity *e),
		    void *arg)
{
	return cases_each_at(c, dataset, CASES_NOW, each, arg);
}

/* ---- submissions */
/*
 * What was taken back or edited since, and which submission is of which form:
 * a report asks several times, so it is kept until the store moves on.
 */
struct noted {
	uint32_t form; /* as numbered in `forms` */
	char key[STAMP_BYTES];
};

struct replaced {
	uint64_t txn; /* 0: not known */
	struct arena arena;
	struct map gone;  /* taken back */
	struct map edits; /* to what took its place */
	struct map forms; /* to its number, from 1 */
	VEC(struct noted) noted;
	bool heads; /* every event has its INDEX_EVENT */
};

struct telling {
	struct txn *t;
	struct replaced *replaced;
	struct str form; /* empty: all */
	enum err (*each)(void *arg, const struct event *e);
	void *arg;
	size_t met; /* events */
};

/* Every event of the table whose keys begin so; damaged ones are left out. */
static enum err each_under(struct telling *w, enum table table,
			   struct str prefix,
			   enum err (*with)(struct telling *w, struct str key,
					    const struct envelope *e))
{
	struct arena a = { 0 };
	struct cur cur = { 0 };
	struct envelope e;
	struct str value;
	enum err rc = cur_begin(&cur, w->t, table, prefix, STR(""), false);

	w->met = 0;
	while (!rc) {
		arena_reset(&a);
		rc = cur_next(&cur);
		if (rc)
			break;
		rc = cur_value(&cur, &value);
		if (!rc)
			rc = envelope_read(value, &a, &e);
		w->met += !rc;
		if (!rc)
			rc = with(w, str_sub(cur.key, prefix.n, cur.key.n), &e);
		else if (rc == ERR_CORRUPT)
			rc = ERR_NONE;
	}
	cur_end(&cur);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err each_envelope(struct telling *w,
			      enum err (*with)(struct telling *w,
					       struct str key,
					       const struct envelope *e))
{
	return each_under(w, TABLE_EVENT, STR(""), with);
}

/* The same without what is long. */
static enum err each_head(struct telling *w,
			  enum err (*with)(struct telling *w, struct str key,
					   const struct envelope *e))
{
	struct key prefix;

	key_index(&prefix, INDEX_EVENT);
	return each_under(w, TABLE_INDEX, key_str(&prefix), with);
}

static enum err note_form(struct replaced *r, struct str key, struct str form)
{
	uintptr_t number = (uintptr_t)map_get(&r->forms, form);
	struct noted *noted;

	if (key.n != sizeof(noted->key))
		return ERR_NONE;
	noted = vec_push(&r->noted);
	if (!noted)
		return ERR_NOMEM;
	memcpy(noted->key, key.p, key.n);
	noted->form = (uint32_t)(number ? number : r->forms.n + 1);
	if (number)
		return ERR_NONE;
	form = arena_dup(&r->arena, form);
	return form.p ? map_put(&r->forms, form, (void *)(uintptr_t)noted->form)
		      : ERR_NOMEM;
}

static enum err note(struct telling *w, struct str key,
		     const struct envelope *e)
{
	struct replaced *r = w->replaced;
	struct str old, *new;
	enum err rc = ERR_NONE;

	if (e->kind == EVENT_SUBMISSION)
		rc = note_form(r, key, e->form);
	if (rc || e->kind == EVENT_LIST || !e->deprecated_id.n)
		return rc;
	new = arena_alloc(&r->arena, sizeof(*new));
	old = arena_dup(&r->arena, e->deprecated_id);
	if (!new || !old.p)
		return ERR_NOMEM;
	*new = arena_dup(&r->arena, e->instance_id);
	return map_put(e->kind == EVENT_WITHDRAWN ? &r->gone : &r->edits, old,
		       new);
}

/* An edit that was taken back itself changes nothing. */
static bool stands(const struct replaced *r, struct str instance_id)
{
	const struct str *edit = map_get(&r->edits, instance_id);

	return !map_get(&r->gone, instance_id) &&
	       !(edit && !map_get(&r->gone, *edit));
}

static enum err tell(struct telling *w, struct str key,
		     const struct envelope *from)
{
	struct event e = { .worker = from->worker,
			   .instance_id = from->instance_id,
			   .form_id = from->form,
			   .form_version = from->version,
			   .title = from->title,
			   .name = from->name,
			   .at = from->at,
			   .offset_min = from->offset_min,
			   .doubtful = from->doubtful,
			   .xml = from->xml };

	if (from->kind != EVENT_SUBMISSION ||
	    !stands(w->replaced, from->instance_id))
		return ERR_NONE;
	e.exported = !txn_has(w->t, TABLE_OUTBOX, key);
	return w->each(w->arg, &e);
}

static void forget(struct replaced *r)
{
	map_release(&r->gone);
	map_release(&r->edits);
	map_release(&r->forms);
	vec_reset(&r->noted);
	arena_reset(&r->arena);
	r->txn = 0;
}

void replaced_free(struct replaced *r)
{
	if (!r)
		return;
	forget(r);
	vec_release(&r->noted);
	arena_release(&r->arena);
	free(r);
}

/* A store from before there were heads has them after a rebuild. */
static enum err note_all(struct telling *w, struct replaced *r)
{
	enum err rc = each_head(w, note);

	r->heads = !rc && w->met == txn_count(w->t, TABLE_EVENT);
	if (rc || r->heads)
		return rc;
	forget(r);
	return each_envelope(w, note);
}

static enum err learn(struct telling *w, struct cases *c)
{
	enum err rc;

	if (!c->replaced)
		c->replaced = calloc(1, sizeof(*c->replaced));
	w->replaced = c->replaced;
	if (!c->replaced)
		return ERR_NOMEM;
	if (!c->writing && c->replaced->txn == txn_id(w->t))
		return ERR_NONE;
	forget(c->replaced);
	rc = note_all(w, c->replaced);
	if (!rc && !c->writing)
		c->replaced->txn = txn_id(w->t);
	return rc;
}

/* Only those are opened. */
static enum err tell_of_form(struct telling *w)
{
	const struct replaced *r = w->replaced;
	uintptr_t form = (uintptr_t)map_get(&r->forms, w->form);
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	vec_each (n, &r->noted) {
		struct str key = str_of(n->key, sizeof(n->key)), value;
		struct envelope e;

		if (rc)
			break;
		if (n->form != form)
			continue;
		arena_reset(&a);
		rc = txn_get(w->t, TABLE_EVENT, key, &value);
		if (!rc)
			rc = envelope_read(arena_dup(&a, value), &a, &e);
		if (!rc)
			rc = tell(w, key, &e);
		else if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	arena_release(&a);
	return rc;
}

/* All that stand; those that `with` is given are whole or only heads. */
static enum err each_standing(struct cases *c, struct telling *w, bool whole)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	w->t = v.t;
	rc = learn(w, c);
	if (!rc && w->form.n)
		rc = tell_of_form(w);
	else if (!rc)
		rc = whole || !c->replaced->heads ? each_envelope(w, tell)
						  : each_head(w, tell);
	view_end(&v);
	return rc;
}

enum err cases_each_event(struct cases *c, struct str form,
			  enum err (*each)(void *arg, const struct event *e),
			  void *arg)
{
	struct telling w = { .form = form, .each = each, .arg = arg };

	return each_standing(c, &w, true);
}

enum err cases_each_head(struct cases *c,
			 enum err (*each)(void *arg, const struct event *e),
			 void *arg)
{
	struct telling w = { .each = each, .arg = arg };

	return each_standing(c, &w, false);
}
