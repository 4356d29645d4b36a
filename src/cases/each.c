/* SPDX-License-Identifier: MIT */
#include "event.h"
#include "lists.h"
#include "project.h"

/* Everything, one after the other: for counts and printed lists. */

enum err cases_each(struct cases *c, struct str dataset,
		    enum err (*each)(void *arg, const struct entity *e),
		    void *arg)
{
	struct key prefix = { .n = 0 };
	struct arena a = { 0 };
	struct cur cur = { 0 };
	struct view v;
	enum err rc;

	if (!dataset.n || dataset.n > KEY_NAME_MAX)
		return ERR_NONE;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	key_name(&prefix, dataset);
	rc = cur_begin(&cur, v.t, TABLE_ENTITY, key_str(&prefix), STR(""),
		       false);
	while (!rc) {
		struct entity e;
		struct state s;
		struct id id;
		struct rd r;

		arena_reset(&a);
		rc = cur_next(&cur);
		if (rc)
			break;
		r = RD_INIT(str_sub(cur.key, prefix.n, cur.key.n));
		id = rd_id(&r);
		rc = state_get(v.t, dataset, &id, &a, &s);
		if (!rc)
			rc = state_entity(&s, &a, &e);
		if (!rc)
			rc = each(arg, &e);
		else if (rc == ERR_CORRUPT) /* store check names it */
			rc = ERR_NONE;
	}
	cur_end(&cur);
	view_end(&v);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static void give(const struct envelope *from, struct event *e)
{
	*e = (struct event){ .worker = from->worker,
			     .instance_id = from->instance_id,
			     .form_id = from->form,
			     .form_version = from->version,
			     .title = from->title,
			     .name = from->name,
			     .at = from->at,
			     .offset_min = from->offset_min,
			     .doubtful = from->doubtful,
			     .xml = from->xml };
}

enum err cases_each_event(struct cases *c, struct str form,
			  enum err (*each)(void *arg, const struct event *e),
			  void *arg)
{
	struct arena a = { 0 };
	struct cur cur = { 0 };
	struct str value;
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = cur_begin(&cur, v.t, TABLE_EVENT, STR(""), STR(""), false);
	while (!rc) {
		struct envelope from;
		struct event e;

		arena_reset(&a);
		rc = cur_next(&cur);
		if (!rc)
			rc = cur_value(&cur, &value);
		if (!rc)
			rc = envelope_read(value, &a, &from);
		if (rc == ERR_CORRUPT) {
			rc = ERR_NONE;
			continue;
		}
		if (rc || from.kind == EVENT_LIST ||
		    (form.n && !str_eq(form, from.form)))
			continue;
		give(&from, &e);
		e.exported = !txn_has(v.t, TABLE_OUTBOX, cur.key);
		rc = each(arg, &e);
	}
	cur_end(&cur);
	view_end(&v);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
