/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "event.h"

#define AUDIT_FORMAT 1
#define LINK_BYTES   16
#define ROW_MAX      4096

/*
 * Rows stand by number. Each holds a keyed hash of the one before it, so one
 * that was taken out or altered leaves a gap that shows.
 */
static void link_of(const struct cases *c, struct str value,
		    uint8_t out[LINK_BYTES])
{
	if (value.n)
		seal_index_hash(out, store_log_key(c->store), value);
	else
		memset(out, 0, LINK_BYTES);
}

static enum err last_row(struct txn *t, uint64_t *number, struct str *value)
{
	struct cur cur = { 0 };
	enum err rc = cur_begin(&cur, t, TABLE_AUDIT, STR(""), STR(""), true);

	*number = 0;
	*value = (struct str){ NULL, 0 };
	if (!rc)
		rc = cur_next(&cur);
	if (!rc) {
		struct rd r = RD_INIT(cur.key);

		*number = rd_u64(&r);
		rc = cur_value(&cur, value);
		*value = arena_dup(txn_arena(t), *value);
	}
	cur_end(&cur);
	/* A damaged row does not stop new ones; the chain shows it. */
	return rc == ERR_NOTFOUND || rc == ERR_CORRUPT ? ERR_NONE : rc;
}

enum err audit_put(struct cases *c, struct txn *t, enum audit_act act,
		   struct str list, struct str object)
{
	struct buf b = BUF_INIT(ROW_MAX);
	int64_t at = sys_now(c->sys);
	struct key k = { .n = 0 };
	uint8_t link[LINK_BYTES];
	struct str before;
	uint64_t number;
	enum err rc = last_row(t, &number, &before);

	if (rc)
		return rc;
	link_of(c, before, link);
	buf_u8(&b, AUDIT_FORMAT);
	buf_u8(&b, (uint8_t)act);
	buf_u64(&b, (uint64_t)at);
	buf_u32(&b, (uint32_t)c->sys->offset_min(c->sys->self, at));
	buf_text(&b, c->worker.code);
	buf_text(&b, list);
	buf_text(&b, object);
	buf_add(&b, link, sizeof(link));
	key_u64(&k, number + 1);
	rc = b.failed;
	if (!rc)
		rc = txn_append(t, TABLE_AUDIT, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

enum err cases_audit(struct cases *c, enum audit_act act, struct str list,
		     struct str object)
{
	struct txn *t = NULL;
	enum err rc;

	if (store_read_only(c->store))
		return ERR_NONE;
	rc = txn_begin(&t, c->store, STORE_MAIN, TXN_WRITE);
	if (!rc)
		rc = audit_put(c, t, act, list, object);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

/* ---- reading */
struct reading {
	struct cases *c;
	struct txn *t;
	struct arena *a;
	struct audit_row *rows;
	size_t n;
};

static enum err audit_read(struct reading *in, struct str value,
			   struct str before)
{
	struct audit_row *row = &in->rows[in->n];
	struct rd r = RD_INIT(value);
	uint8_t link[LINK_BYTES];
	struct str linked;

	if (rd_u8(&r) != AUDIT_FORMAT)
		return ERR_CORRUPT;
	row->act = (enum audit_act)rd_u8(&r);
	row->at = (int64_t)rd_u64(&r);
	row->offset_min = (int32_t)rd_u32(&r);
	row->worker = arena_dup(in->a, rd_text(&r));
	row->list = arena_dup(in->a, rd_text(&r));
	row->object = arena_dup(in->a, rd_text(&r));
	linked = rd_bytes(&r, LINK_BYTES);
	if (!rd_done(&r))
		return ERR_CORRUPT;
	link_of(in->c, before, link);
	row->gap = memcmp(link, linked.p, LINK_BYTES) != 0;
	in->n++;
	return ERR_NONE;
}

static enum err read_rows(struct reading *in)
{
	struct str value, before = { NULL, 0 };
	struct arena two[2] = { { 0 }, { 0 } };
	struct cur cur = { 0 };
	enum err rc =
		cur_begin(&cur, in->t, TABLE_AUDIT, STR(""), STR(""), false);

	for (size_t i = 0; !rc; i++) {
		rc = cur_read(&cur, &value);
		if (!rc)
			rc = audit_read(in, value, before);
		if (rc)
			break;
		arena_reset(&two[i % 2]);
		before = arena_dup(&two[i % 2], value);
	}
	cur_end(&cur);
	arena_release(&two[0]);
	arena_release(&two[1]);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err event_row(struct reading *in, struct str value)
{
	struct audit_row *row = &in->rows[in->n];
	struct arena a = { 0 };
	struct envelope e;
	enum err rc = envelope_read(value, &a, &e);

	if (!rc)
		*row = (struct audit_row){
			.act = e.kind == EVENT_WITHDRAWN ? AUDIT_UNDO
							 : AUDIT_SUBMIT,
			.at = e.at,
			.offset_min = e.offset_min,
			.worker = arena_dup(in->a, e.worker),
			.list = arena_dup(in->a, e.form),
			.object = arena_dup(in->a, e.kind == EVENT_WITHDRAWN
							   ? e.deprecated_id
							   : e.instance_id),
		};
	in->n += !rc;
	arena_release(&a);
	return rc;
}

static enum err read_events(struct reading *in)
{
	struct cur cur = { 0 };
	struct str value;
	enum err rc =
		cur_begin(&cur, in->t, TABLE_EVENT, STR(""), STR(""), false);

	while (!rc) {
		rc = cur_read(&cur, &value);
		if (!rc)
			rc = event_row(in, value);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* By time; what happened at once stays as it stood. */
static int by_time(const void *a, const void *b)
{
	const struct audit_row *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x < y ? -1 : x > y;
}

enum err cases_log(struct cases *c, struct arena *a, struct audit_row **out,
		   size_t *n)
{
	struct reading in = { .c = c, .a = a };
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	in.t = v.t;
	in.rows = arena_array(a,
			      txn_count(v.t, TABLE_AUDIT) +
				      txn_count(v.t, TABLE_EVENT) + 1,
			      sizeof(*in.rows));
	rc = in.rows ? read_rows(&in) : ERR_NOMEM;
	if (!rc)
		rc = read_events(&in);
	view_end(&v);
	if (!rc && in.n)
		qsort(in.rows, in.n, sizeof(*in.rows), by_time);
	*out = in.rows;
	*n = in.n;
	return rc;
}
