/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "events.h"
#include "notes.h"

/* A batch of one sync file (DESIGN 8) is far smaller. */
#define BATCH_MAX ((size_t)64 << 20)

enum err outbox_put(struct txn *t, const struct stamp *s,
		    struct str instance_id)
{
	struct key k;

	key_event(&k, s);
	return txn_put(t, TABLE_OUTBOX, key_str(&k), instance_id);
}

bool event_mine(const struct cases *c, const struct stamp *s)
{
	return memcmp(s->device.b, c->device.b, DEVICE_BYTES) == 0;
}

static struct stamp mine(struct cases *c, uint64_t seq)
{
	return (struct stamp){ .device = c->device, .seq = seq };
}

static enum err read_outbox(struct txn *t, struct arena *a,
			    struct outbox_row *rows, size_t *n)
{
	struct cur cur = { 0 };
	struct str value;
	enum err rc = cur_begin(&cur, t, TABLE_OUTBOX, STR(""), STR(""), false);

	while (!rc) {
		struct rd r;

		rc = cur_read(&cur, &value);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		rows[*n].seq = rd_stamp(&r).seq;
		rows[*n].instance_id = arena_dup(a, value);
		++*n;
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err cases_outbox(struct cases *c, struct arena *a,
		      struct outbox_row **rows, size_t *n)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	*rows = arena_array(a, txn_count(v.t, TABLE_OUTBOX) + 1,
			    sizeof(**rows));
	rc = *rows ? read_outbox(v.t, a, *rows, n) : ERR_NOMEM;
	view_end(&v);
	return rc;
}

size_t cases_waiting(struct cases *c)
{
	struct view v;
	size_t n;

	if (view_begin(&v, c))
		return 0;
	n = txn_count(v.t, TABLE_OUTBOX);
	view_end(&v);
	return n;
}

/* ---- batches */
static void batch_key(struct key *k, uint64_t seq)
{
	k->n = 0;
	key_u64(k, seq);
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Sequences as runs: a batch is mostly one. */
static void write_runs(struct buf *b, const uint64_t *seqs, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t k = i + 1;

		while (k < n && seqs[k] == seqs[k - 1] + 1)
			k++;
		buf_u64(b, seqs[i]);
		buf_u64(b, k - i);
		i = k;
	}
}

static void batch_write(struct buf *b, const struct batch *in,
			const uint64_t *seqs, size_t n)
{
	buf_u64(b, (uint64_t)in->at);
	buf_u64(b, in->first);
	buf_u64(b, in->last);
	buf_u64(b, in->events);
	buf_u64(b, in->bytes);
	buf_text(b, in->file);
	buf_text(b, in->manifest_hash);
	write_runs(b, seqs, n);
}

static enum err batch_read(struct rd *r, struct arena *a, struct batch *out)
{
	out->at = (int64_t)rd_u64(r);
	out->first = rd_u64(r);
	out->last = rd_u64(r);
	out->events = rd_u64(r);
	out->bytes = rd_u64(r);
	out->file = arena_dup(a, rd_text(r));
	out->manifest_hash = arena_dup(a, rd_text(r));
	return r->failed;
}

static enum err take_off(struct cases *c, struct txn *t, const uint64_t *seqs,
			 size_t n)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		struct stamp s = mine(c, seqs[i]);
		struct key k;

		key_event(&k, &s);
		rc = txn_del(t, TABLE_OUTBOX, key_str(&k));
		if (rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	return rc;
}

enum err cases_batch_put(struct cases *c, const struct batch *batch,
			 const uint64_t *seqs, size_t n,
			 const struct note *note)
{
	struct buf b = BUF_INIT(BATCH_MAX);
	struct arena a = { 0 };
	struct txn *t = NULL;
	uint64_t *sorted = arena_array(&a, n + 1, sizeof(*sorted));
	struct key k;
	enum err rc;

	if (!sorted) {
		rc = ERR_NOMEM;
		goto out;
	}
	if (n) {
		memcpy(sorted, seqs, n * sizeof(*sorted));
		qsort(sorted, n, sizeof(*sorted), by_number);
	}
	batch_write(&b, batch, sorted, n);
	batch_key(&k, batch->seq);
	rc = b.failed;
	if (!rc)
		rc = txn_begin(&t, c->store, STORE_MAIN, TXN_WRITE);
	if (!rc)
		rc = txn_put(t, TABLE_BATCH, key_str(&k), buf_str(&b));
	if (!rc)
		rc = take_off(c, t, sorted, n);
	if (!rc && note)
		rc = notes_put(t, note, 1);
	if (!rc)
		rc = audit_put(c, t, AUDIT_EXPORT, STR(""), batch->file);
	if (!rc)
		rc = txn_commit(&t);
out:
	txn_abort(&t);
	buf_release(&b);
	arena_release(&a);
	return rc;
}

enum err cases_batches(struct cases *c, struct arena *a, struct batch **out,
		       size_t *n)
{
	struct cur cur = { 0 };
	struct str value;
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	*out = arena_array(a, txn_count(v.t, TABLE_BATCH) + 1, sizeof(**out));
	rc = *out ? cur_begin(&cur, v.t, TABLE_BATCH, STR(""), STR(""), false)
		  : ERR_NOMEM;
	while (!rc) {
		struct batch *b = &(*out)[*n];
		struct rd r;

		rc = cur_read(&cur, &value);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		b->seq = rd_u64(&r);
		r = RD_INIT(value);
		rc = batch_read(&r, a, b);
		*n += !rc;
	}
	cur_end(&cur);
	view_end(&v);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- after a rebuild */
static enum err take_runs(struct cases *c, struct txn *t, struct rd *r)
{
	enum err rc = ERR_NONE;

	while (r->rest.n && !r->failed && !rc) {
		uint64_t from = rd_u64(r), count = rd_u64(r);

		for (uint64_t i = 0; i < count && !rc; i++) {
			uint64_t seq = from + i;

			rc = take_off(c, t, &seq, 1);
		}
	}
	return rc ? rc : r->failed;
}

enum err outbox_again(struct cases *c, struct txn *t)
{
	struct arena a = { 0 };
	struct cur cur = { 0 };
	struct str value;
	enum err rc = cur_begin(&cur, t, TABLE_BATCH, STR(""), STR(""), false);

	while (!rc) {
		struct batch b = { 0 };
		struct rd r;

		rc = cur_read(&cur, &value);
		if (rc)
			break;
		r = RD_INIT(value);
		rc = batch_read(&r, &a, &b);
		if (!rc)
			rc = take_runs(c, t, &r);
		arena_reset(&a);
	}
	cur_end(&cur);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
