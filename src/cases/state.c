/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "event.h"

#define STATE_FORMAT 2
#define STATE_MAX    ((size_t)32 << 20)

/* ---- applying operations */
static size_t prop_place(const struct entity_prop *props, size_t n,
			 struct str name, bool *there)
{
	size_t lo = 0, hi = n;

	*there = false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = str_cmp(props[mid].name, name);

		if (!c) {
			*there = true;
			return mid;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct str props_get(const struct entity_prop *props, size_t n, struct str name)
{
	bool there;
	size_t at = prop_place(props, n, name, &there);

	return there ? props[at].value : (struct str){ NULL, 0 };
}

struct str state_prop(const struct state *s, struct str name)
{
	return props_get(s->props, s->n_props, name);
}

/* A saved blank is written as well: it says that the answer is gone. */
static enum err merge(struct state *s, const struct entity_op *op,
		      struct arena *a)
{
	struct entity_prop *all =
		arena_array(a, s->n_props + op->n_props + 1, sizeof(*all));

	if (!all)
		return ERR_NOMEM;
	if (s->n_props)
		memcpy(all, s->props, s->n_props * sizeof(*all));
	s->props = all;
	for (size_t i = 0; i < op->n_props; i++) {
		bool there;
		size_t at =
			prop_place(all, s->n_props, op->props[i].name, &there);

		if (!there) {
			memmove(all + at + 1, all + at,
				(s->n_props - at) * sizeof(*all));
			all[at].name = op->props[i].name;
			s->n_props++;
		}
		all[at].value = op->props[i].value;
	}
	if (op->label.n)
		s->label = op->label;
	return ERR_NONE;
}

enum err state_apply(struct state *s, const struct row *r, const struct deed *d,
		     struct arena *a, enum applied *how)
{
	bool create = d->op.verb != ENTITY_UPDATE;

	*how = APPLIED;
	if (!s->exists && !create) {
		*how = APPLIED_UNKNOWN;
		return ERR_NONE;
	}
	if (s->exists && d->op.verb == ENTITY_CREATE) {
		*how = APPLIED_TWICE;
		return ERR_NONE;
	}
	if (!s->exists) {
		s->exists = true;
		s->has_branch = r->has_branch;
		s->branch = r->branch;
		s->created = r->stamp;
		s->created_at_op = d->at;
	}
	s->version++;
	s->last = r->stamp;
	s->changed_at = r->at;
	s->offset_min = r->offset_min;
	return merge(s, &d->op, a);
}

/* ---- as stored */
void state_write(struct buf *b, const struct state *s)
{
	buf_u8(b, STATE_FORMAT);
	buf_u64(b, s->version);
	buf_u64(b, s->trunk);
	buf_u8(b, (uint8_t)s->conflict);
	buf_u8(b, s->has_branch);
	buf_id(b, &s->branch);
	buf_stamp(b, &s->created);
	buf_u32(b, s->created_at_op);
	buf_stamp(b, &s->last);
	buf_u64(b, (uint64_t)s->changed_at);
	buf_u32(b, (uint32_t)s->offset_min);
	buf_text(b, s->label);
	buf_u32(b, (uint32_t)s->n_props);
	for (size_t i = 0; i < s->n_props; i++) {
		buf_text(b, s->props[i].name);
		buf_text(b, s->props[i].value);
	}
	buf_u32(b, (uint32_t)s->n_shown);
	for (size_t i = 0; i < s->n_shown; i++)
		buf_text(b, s->shown[i]);
}

static enum err read_props(struct rd *r, struct arena *a, struct state *s)
{
	uint32_t n = rd_u32(r);

	if (r->failed || n > r->rest.n)
		return ERR_CORRUPT;
	s->props = arena_array(a, (size_t)n + 1, sizeof(*s->props));
	if (!s->props)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < n; i++) {
		s->props[i].name = rd_text(r);
		s->props[i].value = rd_text(r);
	}
	s->n_props = n;
	return r->failed;
}

static enum err read_shown(struct rd *r, struct arena *a, struct state *s)
{
	uint32_t n = rd_u32(r);

	if (r->failed || n > r->rest.n)
		return ERR_CORRUPT;
	s->shown = arena_array(a, (size_t)n + 1, sizeof(*s->shown));
	if (!s->shown)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < n; i++)
		s->shown[i] = rd_text(r);
	s->n_shown = n;
	return r->failed;
}

enum err state_read(struct str value, struct arena *a, struct state *s)
{
	struct rd r = RD_INIT(value);
	uint8_t format;
	enum err rc;

	format = rd_u8(&r);
	if (format < 1 || format > STATE_FORMAT)
		return ERR_CORRUPT;
	s->version = rd_u64(&r);
	s->trunk = rd_u64(&r);
	if (format > 1)
		s->conflict = (enum entity_conflict)rd_u8(&r);
	s->has_branch = rd_u8(&r) != 0;
	s->branch = rd_id(&r);
	s->created = rd_stamp(&r);
	s->created_at_op = rd_u32(&r);
	s->last = rd_stamp(&r);
	s->changed_at = (int64_t)rd_u64(&r);
	s->offset_min = (int32_t)rd_u32(&r);
	s->label = rd_text(&r);
	rc = read_props(&r, a, s);
	if (!rc)
		rc = read_shown(&r, a, s);
	if (rc)
		return rc;
	s->exists = true;
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

enum err state_get(struct txn *t, struct str dataset, const struct id *id,
		   struct arena *a, struct state *s)
{
	struct str value;
	struct key k;
	enum err rc;

	*s = (struct state){ .dataset = dataset, .id = *id };
	if (dataset.n > KEY_NAME_MAX)
		return ERR_NOTFOUND;
	key_entity(&k, dataset, id);
	rc = txn_get(t, TABLE_ENTITY, key_str(&k), &value);
	if (rc)
		return rc;
	value = arena_dup(a, value);
	return value.p ? state_read(value, a, s) : ERR_NOMEM;
}

enum err state_put(struct txn *t, const struct state *s)
{
	struct buf b = BUF_INIT(STATE_MAX);
	struct key k;
	enum err rc;

	state_write(&b, s);
	key_entity(&k, s->dataset, &s->id);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_ENTITY, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

enum err state_entity(const struct state *s, struct arena *a,
		      struct entity *out)
{
	char text[UUID_LEN + 1];

	*out = (struct entity){
		.dataset = arena_dup(a, s->dataset),
		.id = arena_dup(a, id_text(&s->id, text)),
		.label = s->label,
		.version = s->version,
		.trunk_version = s->trunk,
		.conflict = s->conflict,
		.props = s->props,
		.n_props = s->n_props,
		.changed_at = s->changed_at,
		.shown = s->shown,
		.n_shown = s->n_shown,
	};
	if (s->has_branch)
		out->branch = arena_dup(a, id_text(&s->branch, text));
	return out->id.p && out->dataset.p ? ERR_NONE : ERR_NOMEM;
}

/* ---- as it was */
static enum err apply_until(struct state *s, const struct row *r, int64_t until,
			    struct arena *a)
{
	enum applied how;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < r->n_deeds && r->at <= until && !rc; i++)
		if (str_eq(r->deeds[i].op.dataset, s->dataset))
			rc = state_apply(s, r, &r->deeds[i], a, &how);
	return rc;
}

/* Only where people did not know of each other is the last one by order not
 * the last one by time. */
static bool as_then(int64_t changed_at, enum entity_conflict conflict,
		    int64_t until)
{
	return until == CASES_NOW ||
	       (changed_at <= until && conflict == CONFLICT_NONE);
}

bool entity_as_then(const struct entity *e, int64_t until)
{
	return as_then(e->changed_at, e->conflict, until);
}

enum err state_back(struct txn *t, int64_t until, struct arena *a,
		    struct state *s)
{
	struct state then = { .dataset = s->dataset,
			      .id = s->id,
			      .conflict = s->conflict,
			      .trunk = s->trunk };
	struct row *rows = NULL;
	size_t n = 0;
	enum err rc;

	if (as_then(s->changed_at, s->conflict, until))
		return ERR_NONE;
	rc = rows_read(t, &s->id, a, &rows, &n);
	for (size_t i = 0; i < n && !rc; i++)
		rc = apply_until(&then, &rows[i], until, a);
	*s = then;
	if (rc)
		return rc;
	return then.exists ? ERR_NONE : ERR_NOTFOUND;
}

enum err state_each(struct txn *t, struct str dataset, int64_t until,
		    enum err (*each)(const struct state *s, struct arena *a,
				     void *arg),
		    void *arg)
{
	struct key prefix = { .n = 0 };
	struct arena a = { 0 };
	struct cur cur = { 0 };
	enum err rc;

	key_name(&prefix, dataset);
	rc = cur_begin(&cur, t, TABLE_ENTITY, key_str(&prefix), STR(""), false);
	while (!rc) {
		struct state s = { .dataset = dataset };
		struct str value;
		struct rd r;

		arena_reset(&a);
		rc = cur_next(&cur);
		if (rc)
			break;
		if (key_is_record(cur.key))
			continue;
		r = RD_INIT(str_sub(cur.key, prefix.n, cur.key.n));
		s.id = rd_id(&r);
		rc = cur_value(&cur, &value);
		if (!rc)
			rc = state_read(value, &a, &s);
		if (!rc)
			rc = state_back(t, until, &a, &s);
		if (!rc)
			rc = each(&s, &a, arg);
		else if (rc == ERR_CORRUPT || rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	cur_end(&cur);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
