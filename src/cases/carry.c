/* SPDX-License-Identifier: MIT */
#include "arriving.h"

#define LIST_MAX ((size_t)16 << 20)

enum err cases_media_names(struct cases *c, struct arena *a, struct str **out,
			   size_t *n)
{
	struct cur cur = { 0 };
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	*out = arena_array(a, txn_count(v.t, TABLE_MEDIA) + 1, sizeof(**out));
	rc = *out ? cur_begin(&cur, v.t, TABLE_MEDIA, STR(""), STR(""), false)
		  : ERR_NOMEM;
	while (!rc) {
		rc = cur_next(&cur);
		if (!rc)
			(*out)[(*n)++] = arena_dup(a, cur.key);
	}
	cur_end(&cur);
	view_end(&v);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- going out */
static void give_touch(const struct seen *s, struct arena *a, struct touch *t)
{
	char text[UUID_LEN + 1], device[2 * DEVICE_BYTES + 1];

	t->dataset = s->dataset;
	t->id = arena_dup(a, id_text(&s->id, text));
	t->seen_seq = s->last.seq;
	if (s->last.seq)
		t->seen_device =
			arena_dup(a, device_text(s->last.device, device));
	if (s->has_branch)
		t->branch = arena_dup(a, id_text(&s->branch, text));
}

static enum err give_list(const struct stamp *stamp, struct str value,
			  struct arena *a, carried_fn fn, void *arg)
{
	char device[2 * DEVICE_BYTES + 1];
	struct carried_list l = { .seq = stamp->seq };
	struct carried_row *rows;
	struct envelope e;
	struct deeds d;
	enum err rc = envelope_read(value, a, &e);

	if (rc || e.kind != EVENT_LIST)
		return rc;
	rc = list_read(e.xml, a, &d);
	rows = arena_array(a, d.n + 1, sizeof(*rows));
	if (rc || !rows)
		return rc ? rc : ERR_NOMEM;
	for (size_t i = 0; i < d.n; i++) {
		const struct deed *one = &d.at[i];
		const struct seen *seen =
			envelope_seen(&e, one->op.dataset, &one->id);

		if (!seen)
			return ERR_CORRUPT;
		give_touch(seen, a, &rows[i].touch);
		rows[i].label = one->op.label;
		rows[i].verb = (int)one->op.verb;
		rows[i].props = one->op.props;
		rows[i].n_props = one->op.n_props;
	}
	l.device = arena_dup(a, device_text(stamp->device, device));
	l.worker = e.worker;
	l.instance_id = e.instance_id;
	l.source = e.title;
	l.at = e.at;
	l.offset_min = e.offset_min;
	l.rows = rows;
	l.n = d.n;
	return fn(arg, &l);
}

enum err cases_each_list(struct cases *c, carried_fn fn, void *arg)
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
		struct stamp s;
		struct rd r;

		arena_reset(&a);
		rc = cur_read(&cur, &value);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		s = rd_stamp(&r);
		rc = give_list(&s, value, &a, fn, arg);
	}
	cur_end(&cur);
	view_end(&v);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- coming in */
static enum err take_rows(struct arriving *a, const struct carried_list *l,
			  struct envelope *e, struct deeds *d)
{
	struct seen *seen = arena_array(&a->arena, l->n + 1, sizeof(*seen));

	d->at = arena_array(&a->arena, l->n + 1, sizeof(*d->at));
	if (!seen || !d->at)
		return ERR_NOMEM;
	e->seen = seen;
	for (size_t i = 0; i < l->n; i++) {
		const struct carried_row *r = &l->rows[i];
		struct deed *one = &d->at[i];
		struct seen *s = &seen[e->n_seen];
		enum err rc;

		if (!id_parse(r->touch.id, &one->id) || !r->touch.dataset.n ||
		    r->touch.dataset.n > KEY_NAME_MAX ||
		    r->verb < (int)ENTITY_CREATE ||
		    r->verb > (int)ENTITY_UPSERT)
			return ERR_INVALID;
		one->at = (uint32_t)i;
		one->op = (struct entity_op){
			.verb = (enum entity_verb)r->verb,
			.dataset = r->touch.dataset,
			.id = r->touch.id,
			.label = r->label,
			.props = r->props,
			.n_props = r->n_props,
		};
		if (envelope_seen(e, r->touch.dataset, &one->id))
			continue;
		s->dataset = r->touch.dataset;
		s->id = one->id;
		rc = arriving_touch(&r->touch, e, one, s);
		if (rc)
			return rc;
		e->n_seen++;
	}
	d->n = l->n;
	return ERR_NONE;
}

/* The bytes are those that the store it comes from has. */
static enum err put_list(struct arriving *a, const struct stamp *s,
			 struct envelope *e, const struct deeds *d, bool *again)
{
	struct buf b = BUF_INIT(LIST_MAX);
	enum err rc;

	list_write(&b, d);
	e->xml = buf_str(&b);
	rc = b.failed;
	if (!rc)
		rc = arriving_look(a, s, e, again);
	if (!rc && !*again)
		rc = arriving_put(a, s, e);
	if (!rc && !*again)
		rc = project_rows(&a->p, s, e, d);
	buf_release(&b);
	return rc;
}

enum err arrive_list(struct arriving *a, const struct carried_list *l,
		     bool *again)
{
	struct envelope e = { .kind = EVENT_LIST,
			      .at = l->at,
			      .offset_min = l->offset_min,
			      .worker = l->worker,
			      .instance_id = l->instance_id,
			      .title = l->source };
	struct stamp s = { .seq = l->seq };
	struct deeds d = { .n = 0 };
	enum err rc = device_parse(l->device, &s.device);

	if (!rc && (!l->seq || !l->instance_id.n || l->n > CARRIED_ROWS_MAX))
		rc = ERR_INVALID;
	if (!rc)
		rc = take_rows(a, l, &e, &d);
	if (!rc)
		rc = put_list(a, &s, &e, &d, again);
	arena_reset(&a->arena);
	return rc;
}
