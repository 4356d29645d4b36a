/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <string.h>

#include "pilar/seal.h"

#define EVENT_FORMAT 1
#define ROW_FORMAT   2
#define LIST_FORMAT  1
#define LIST_HASH    32 /* of all its bytes, with zeros in its place */
enum { FLAG_DOUBTFUL = 1 };

/* No form has so many repeats (RELIABILITY F13: 5,000). */
#define SEEN_MAX 20000

void envelope_write(struct buf *b, const struct envelope *e)
{
	buf_u8(b, EVENT_FORMAT);
	buf_u8(b, (uint8_t)e->kind);
	buf_u64(b, (uint64_t)e->at);
	buf_u32(b, (uint32_t)e->offset_min);
	buf_u8(b, e->doubtful ? FLAG_DOUBTFUL : 0);
	buf_text(b, e->worker);
	buf_text(b, e->instance_id);
	buf_text(b, e->deprecated_id);
	buf_text(b, e->form);
	buf_text(b, e->version);
	buf_text(b, e->title);
	buf_text(b, e->name);
	buf_u32(b, (uint32_t)e->n_seen);
	for (size_t i = 0; i < e->n_seen; i++) {
		const struct seen *s = &e->seen[i];

		buf_text(b, s->dataset);
		buf_id(b, &s->id);
		buf_stamp(b, &s->last);
		buf_u8(b, s->has_branch);
		buf_id(b, &s->branch);
	}
	buf_text(b, e->xml);
}

static enum err read_seen(struct rd *r, struct arena *a, struct envelope *e)
{
	uint32_t n = rd_u32(r);
	struct seen *seen;

	if (r->failed || n > SEEN_MAX)
		return ERR_CORRUPT;
	seen = arena_array(a, n + 1, sizeof(*seen));
	if (!seen)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < n && !r->failed; i++) {
		seen[i].dataset = rd_text(r);
		seen[i].id = rd_id(r);
		seen[i].last = rd_stamp(r);
		seen[i].has_branch = rd_u8(r) != 0;
		seen[i].branch = rd_id(r);
	}
	e->seen = seen;
	e->n_seen = n;
	return r->failed;
}

enum err envelope_read(struct str value, struct arena *a, struct envelope *e)
{
	struct rd r = RD_INIT(value);
	enum err rc;

	*e = (struct envelope){ .n_seen = 0 };
	if (rd_u8(&r) != EVENT_FORMAT)
		return ERR_CORRUPT;
	e->kind = (enum event_kind)rd_u8(&r);
	e->at = (int64_t)rd_u64(&r);
	e->offset_min = (int32_t)rd_u32(&r);
	e->doubtful = (rd_u8(&r) & FLAG_DOUBTFUL) != 0;
	e->worker = rd_text(&r);
	e->instance_id = rd_text(&r);
	e->deprecated_id = rd_text(&r);
	e->form = rd_text(&r);
	e->version = rd_text(&r);
	e->title = rd_text(&r);
	e->name = rd_text(&r);
	rc = read_seen(&r, a, e);
	if (rc)
		return rc;
	e->xml = rd_text(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

const struct seen *envelope_seen(const struct envelope *e, struct str dataset,
				 const struct id *id)
{
	for (size_t i = 0; i < e->n_seen; i++)
		if (id_eq(&e->seen[i].id, id) &&
		    str_eq(e->seen[i].dataset, dataset))
			return &e->seen[i];
	return NULL;
}

/* ---- rows of entity_event */
static void write_deed(struct buf *b, const struct deed *d)
{
	buf_u32(b, d->at);
	buf_u8(b, (uint8_t)d->op.verb);
	buf_text(b, d->op.dataset);
	buf_text(b, d->op.label);
	buf_u32(b, (uint32_t)d->op.n_props);
	for (size_t k = 0; k < d->op.n_props; k++) {
		buf_text(b, d->op.props[k].name);
		buf_text(b, d->op.props[k].value);
	}
}

void row_write(struct buf *b, const struct row *r)
{
	buf_u8(b, ROW_FORMAT);
	buf_stamp(b, &r->seen);
	buf_u64(b, (uint64_t)r->at);
	buf_u32(b, (uint32_t)r->offset_min);
	buf_u8(b, r->has_branch);
	buf_id(b, &r->branch);
	buf_u8(b, r->decides);
	buf_u64(b, r->claimed);
	buf_u32(b, (uint32_t)r->n_deeds);
	for (size_t i = 0; i < r->n_deeds; i++)
		write_deed(b, &r->deeds[i]);
}

/* A count from the bytes can ask for no more memory than they justify. */
static void *array_of(struct rd *r, struct arena *a, uint32_t n, size_t size)
{
	if (r->failed || n > r->rest.n) {
		r->failed = ERR_CORRUPT;
		return NULL;
	}
	return arena_array(a, (size_t)n + 1, size);
}

static enum err read_deed(struct rd *r, struct arena *a, struct deed *d)
{
	struct entity_prop *props;
	uint32_t n;

	d->at = rd_u32(r);
	d->op.verb = (enum entity_verb)rd_u8(r);
	d->op.dataset = rd_text(r);
	d->op.label = rd_text(r);
	n = rd_u32(r);
	props = array_of(r, a, n, sizeof(*props));
	if (!props)
		return r->failed ? r->failed : ERR_NOMEM;
	for (uint32_t i = 0; i < n; i++) {
		props[i].name = rd_text(r);
		props[i].value = rd_text(r);
	}
	d->op.props = props;
	d->op.n_props = n;
	return r->failed;
}

enum err row_read(struct str value, struct arena *a, struct row *row)
{
	struct rd r = RD_INIT(value);
	struct deed *deeds;
	enum err rc = ERR_NONE;
	uint32_t n;
	uint8_t format;

	format = rd_u8(&r);
	if (format < 1 || format > ROW_FORMAT)
		return ERR_CORRUPT;
	row->seen = rd_stamp(&r);
	row->at = (int64_t)rd_u64(&r);
	row->offset_min = (int32_t)rd_u32(&r);
	row->has_branch = rd_u8(&r) != 0;
	row->branch = rd_id(&r);
	row->decides = format > 1 && rd_u8(&r) != 0;
	row->claimed = format > 1 ? rd_u64(&r) : 0;
	n = rd_u32(&r);
	deeds = array_of(&r, a, n, sizeof(*deeds));
	if (!deeds)
		return r.failed ? r.failed : ERR_NOMEM;
	for (uint32_t i = 0; i < n && !rc; i++)
		rc = read_deed(&r, a, &deeds[i]);
	row->deeds = deeds;
	row->n_deeds = n;
	if (rc)
		return rc;
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

/* ---- lists */
void list_write(struct buf *b, const struct deeds *d)
{
	uint8_t hash[LIST_HASH] = { 0 };
	size_t at;

	buf_reset(b);
	buf_u8(b, LIST_FORMAT);
	at = b->n;
	buf_add(b, hash, LIST_HASH);
	buf_u32(b, (uint32_t)d->n);
	for (size_t i = 0; i < d->n; i++) {
		buf_id(b, &d->at[i].id);
		write_deed(b, &d->at[i]);
	}
	if (b->failed)
		return;
	sha256(hash, buf_str(b));
	memcpy(b->p + at, hash, LIST_HASH);
}

enum err list_read(struct str value, struct arena *a, struct deeds *out)
{
	struct rd r = RD_INIT(value);
	enum err rc = ERR_NONE;
	uint32_t n;

	*out = (struct deeds){ .n = 0 };
	if (rd_u8(&r) != LIST_FORMAT)
		return ERR_CORRUPT;
	rd_bytes(&r, LIST_HASH);
	n = rd_u32(&r);
	out->at = array_of(&r, a, n, sizeof(*out->at));
	if (!out->at)
		return r.failed ? r.failed : ERR_NOMEM;
	for (uint32_t i = 0; i < n && !rc; i++) {
		char text[UUID_LEN + 1];

		out->at[i].id = rd_id(&r);
		out->at[i].op.id = arena_dup(a, id_text(&out->at[i].id, text));
		rc = read_deed(&r, a, &out->at[i]);
	}
	out->n = n;
	if (rc)
		return rc;
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}
