/* SPDX-License-Identifier: MIT */
#include "events.h"
#include "notes.h"

#include <stdlib.h>

#include "closed.h"

/* ---- finding them */
static void form_key(struct key *k, struct str form)
{
	key_index(k, INDEX_FORM);
	key_name(k, form);
}

/* Without the submission and what it touched: small enough to read them all. */
static enum err head_put(struct txn *t, const struct stamp *s,
			 const struct envelope *e)
{
	struct envelope head = *e;
	struct buf b = BUF_INIT(STORE_VALUE_MAX);
	struct key k;
	enum err rc;

	head.n_seen = 0;
	head.xml = STR("");
	envelope_write(&b, &head);
	key_index(&k, INDEX_EVENT);
	key_stamp(&k, s);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_INDEX, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

enum err event_index(struct cases *c, struct txn *t, const struct stamp *s,
		     const struct envelope *e)
{
	struct buf b = BUF_INIT(STAMP_BYTES + EVENT_HASH);
	uint8_t hash[EVENT_HASH];
	struct str value;
	struct key k;
	enum err rc;

	sha256(hash, e->xml);
	buf_stamp(&b, s);
	buf_add(&b, hash, sizeof(hash));
	value = buf_str(&b);
	key_instance(&k, e->instance_id);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_BY_INSTANCE, key_str(&k), value);
	form_key(&k, e->form);
	if (!rc && e->form.n && e->form.n <= KEY_FORM_MAX && event_mine(c, s))
		rc = txn_put(t, TABLE_INDEX, key_str(&k),
			     str_sub(value, 0, STAMP_BYTES));
	buf_release(&b);
	return rc ? rc : head_put(t, s, e);
}

static enum err stamp_at(struct txn *t, enum table table, const struct key *k,
			 struct stamp *s)
{
	struct str value;
	enum err rc = txn_get(t, table, key_str(k), &value);
	struct rd r = RD_INIT(value);

	if (rc)
		return rc;
	*s = rd_stamp(&r);
	return r.failed;
}

/* ---- as others see them */
static enum err give_touches(const struct envelope *e, struct arena *a,
			     struct event *out)
{
	struct touch *all = arena_array(a, e->n_seen + 1, sizeof(*all));
	char text[UUID_LEN + 1], device[2 * DEVICE_BYTES + 1];

	if (!all)
		return ERR_NOMEM;
	for (size_t i = 0; i < e->n_seen; i++) {
		const struct seen *s = &e->seen[i];

		all[i].dataset = arena_dup(a, s->dataset);
		all[i].id = arena_dup(a, id_text(&s->id, text));
		all[i].seen_seq = s->last.seq;
		if (s->last.seq)
			all[i].seen_device = arena_dup(
				a, device_text(s->last.device, device));
		if (s->has_branch)
			all[i].branch = arena_dup(a, id_text(&s->branch, text));
	}
	out->touched = all;
	out->n_touched = e->n_seen;
	return ERR_NONE;
}

enum err event_give(struct txn *t, const struct stamp *s, bool whole,
		    struct arena *a, struct event *out)
{
	char device[2 * DEVICE_BYTES + 1];
	struct envelope e;
	struct str value;
	struct key k;
	enum err rc;

	key_event(&k, s);
	rc = txn_get(t, TABLE_EVENT, key_str(&k), &value);
	if (!rc)
		rc = envelope_read(value, a, &e);
	if (rc)
		return rc;
	*out = (struct event){
		.seq = s->seq,
		.device = arena_dup(a, device_text(s->device, device)),
		.worker = arena_dup(a, e.worker),
		.instance_id = arena_dup(a, e.instance_id),
		.form_id = arena_dup(a, e.form),
		.form_version = arena_dup(a, e.version),
		.title = arena_dup(a, e.title),
		.name = arena_dup(a, e.name),
		.deprecated_id = arena_dup(a, e.deprecated_id),
		.at = e.at,
		.offset_min = e.offset_min,
		.doubtful = e.doubtful,
		.exported = !txn_has(t, TABLE_OUTBOX, key_str(&k)),
	};
	if (!whole || e.kind != EVENT_SUBMISSION)
		return ERR_NONE;
	out->xml = arena_dup(a, e.xml);
	if (!out->xml.p)
		return ERR_NOMEM;
	rc = notes_get_log(t, out, a, &out->audit);
	return rc ? rc : give_touches(&e, a, out);
}

enum err cases_event(struct cases *c, struct str instance_id, struct arena *a,
		     struct event *out)
{
	struct stamp s = { .seq = 0 };
	struct view v;
	struct key k;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	key_instance(&k, instance_id);
	rc = stamp_at(v.t, TABLE_BY_INSTANCE, &k, &s);
	if (!rc)
		rc = event_give(v.t, &s, true, a, out);
	view_end(&v);
	return rc;
}

enum err cases_event_number(struct cases *c, struct str device, uint64_t seq,
			    struct arena *a, struct str *instance_id)
{
	struct stamp s = { .seq = seq };
	struct event e = { .seq = 0 };
	struct view v;
	enum err rc = device_parse(device, &s.device);

	if (!rc)
		rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = event_give(v.t, &s, false, a, &e);
	view_end(&v);
	*instance_id = e.instance_id;
	return rc;
}

enum err cases_last_saved(struct cases *c, struct str form, struct arena *a,
			  struct str *xml)
{
	struct event e = { .seq = 0 };
	struct stamp s = { .seq = 0 };
	struct view v;
	struct key k;
	enum err rc;

	if (form.n > KEY_FORM_MAX)
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	form_key(&k, form);
	rc = stamp_at(v.t, TABLE_INDEX, &k, &s);
	if (!rc)
		rc = event_give(v.t, &s, true, a, &e);
	view_end(&v);
	*xml = e.xml;
	return rc;
}

size_t cases_event_count(struct cases *c)
{
	struct view v;
	size_t n;

	if (view_begin(&v, c))
		return 0;
	n = txn_count(v.t, TABLE_EVENT);
	view_end(&v);
	return n;
}

/* ---- of one entity */
struct stamps {
	VEC(struct stamp) list;
};

/*
 * By time, and those of one device in the order they were made: a clock that
 * was put back does not turn the past around. `at` of the sort is therefore
 * the latest time of its device until then.
 */
struct placed {
	struct event event;
	int64_t until;
};

static int by_device(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int c = str_cmp(x->event.device, y->event.device);

	if (c)
		return c;
	return x->event.seq < y->event.seq ? -1 : x->event.seq > y->event.seq;
}

static int newest_first(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->until != y->until)
		return x->until > y->until ? -1 : 1;
	return by_device(b, a);
}

static enum err sort_events(struct event *at, size_t n, struct arena *a)
{
	struct placed *p = arena_array(a, n + 1, sizeof(*p));

	if (!p)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		p[i] = (struct placed){ at[i], at[i].at };
	qsort(p, n, sizeof(*p), by_device);
	for (size_t i = 1; i < n; i++)
		if (str_eq(p[i].event.device, p[i - 1].event.device) &&
		    p[i].until < p[i - 1].until)
			p[i].until = p[i - 1].until;
	qsort(p, n, sizeof(*p), newest_first);
	for (size_t i = 0; i < n; i++)
		at[i] = p[i].event;
	return ERR_NONE;
}

/* One that touched two of them stands once. */
static enum err add_stamps(struct txn *t, const struct id *id,
			   struct stamps *all)
{
	struct cur cur = { 0 };
	struct key prefix = { .n = 0 };
	enum err rc;

	key_id(&prefix, id);
	rc = cur_begin(&cur, t, TABLE_ENTITY_EVENT, key_str(&prefix), STR(""),
		       false);
	while (!rc) {
		struct stamp *s;
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		s = vec_push(&all->list);
		r = RD_INIT(cur.key);
		rd_id(&r);
		if (s)
			*s = rd_stamp(&r);
		else
			rc = ERR_NOMEM;
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static int by_stamp(const void *a, const void *b)
{
	return stamp_cmp(a, b);
}

static void drop_twice(struct stamps *all)
{
	size_t kept = 0;

	if (all->list.n)
		qsort(all->list.at, all->list.n, sizeof(*all->list.at),
		      by_stamp);
	for (size_t i = 0; i < all->list.n; i++)
		if (!kept ||
		    !stamp_eq(&all->list.at[kept - 1], &all->list.at[i]))
			all->list.at[kept++] = all->list.at[i];
	all->list.n = kept;
}

/* Of the entity and of what it stands for, whichever dataset it is of. */
static enum err stamps_of(struct cases *c, struct txn *t, const struct id *id,
			  struct stamps *all)
{
	const struct datasets *ds = cases_datasets(c);
	struct ids who = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < datasets_count(ds) && !rc && who.list.n < 2;
	     i++) {
		vec_reset(&who.list);
		rc = merged_list(t, datasets_at(ds, i), id, &who);
	}
	if (!rc && !who.list.n)
		rc = merged_list(t, NULL, id, &who);
	for (size_t i = 0; i < who.list.n && !rc; i++)
		rc = add_stamps(t, &who.list.at[i], all);
	vec_release(&who.list);
	drop_twice(all);
	return rc;
}

enum err cases_timeline(struct cases *c, struct str id, struct arena *a,
			struct event **out, size_t *n)
{
	struct stamps stamps = { 0 };
	struct view v;
	struct id bytes;
	enum err rc;

	*n = 0;
	if (!id_parse(id, &bytes))
		return ERR_NOTFOUND;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = stamps_of(c, v.t, &bytes, &stamps);
	*out = arena_array(a, stamps.list.n + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; i < stamps.list.n && !rc; i++) {
		rc = event_give(v.t, &stamps.list.at[i], false, a, &(*out)[*n]);
		*n += !rc;
		/* A damaged event is named by store check; others are shown. */
		if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	view_end(&v);
	vec_release(&stamps.list);
	return rc ? rc : sort_events(*out, *n, a);
}
