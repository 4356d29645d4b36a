/* SPDX-License-Identifier: MIT */
#include "pilar/tally.h"

#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* In `meta`: the prefix, the day, a keyed hash of worker and form. */
#define TALLY_PREFIX "tally/"
#define TALLY_FORMAT 1
#define TALLY_MAX    4096

/* ---- as bytes */
static void tally_write(struct buf *b, const struct tally *w)
{
	buf_u8(b, TALLY_FORMAT);
	buf_text(b, w->worker);
	buf_text(b, w->form);
	buf_text(b, w->title);
	buf_u64(b, (uint64_t)w->day);
	for (size_t i = 0; i < TALLY_COUNTS; i++)
		buf_u64(b, w->n[i]);
}

/* Texts are lent from `value`. */
static enum err tally_read(struct str value, struct tally *w)
{
	struct rd r = RD_INIT(value);

	if (rd_u8(&r) != TALLY_FORMAT)
		return ERR_CORRUPT;
	w->worker = rd_text(&r);
	w->form = rd_text(&r);
	w->title = rd_text(&r);
	w->day = (int64_t)rd_u64(&r);
	for (size_t i = 0; i < TALLY_COUNTS; i++)
		w->n[i] = rd_u64(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

static enum err tally_key(const struct cases *c, const struct tally *w,
			  struct key *k)
{
	struct buf b = BUF_INIT(TALLY_MAX);
	uint8_t hash[16];
	enum err rc;

	buf_text(&b, w->worker);
	buf_text(&b, w->form);
	rc = b.failed;
	if (!rc)
		seal_index_hash(hash, store_index_key(c->store), buf_str(&b));
	buf_release(&b);
	k->n = strlen(TALLY_PREFIX);
	memcpy(k->p, TALLY_PREFIX, k->n);
	key_u32(k, (uint32_t)w->day);
	if (!rc) {
		memcpy(k->p + k->n, hash, sizeof(hash));
		k->n += sizeof(hash);
	}
	return rc;
}

/* ---- adding */
static enum err add_one(struct cases *c, struct txn *t, const struct tally *w)
{
	struct buf b = BUF_INIT(TALLY_MAX);
	struct tally sum = { .day = 0 };
	struct str value;
	struct key k;
	enum err rc = tally_key(c, w, &k);

	if (rc)
		return rc;
	rc = txn_get(t, TABLE_META, key_str(&k), &value);
	if (!rc)
		rc = tally_read(value, &sum);
	/* numbers about work are not worth stopping the work for */
	if (rc == ERR_NOTFOUND || rc == ERR_CORRUPT) {
		sum = (struct tally){ .day = 0 };
		rc = ERR_NONE;
	}
	if (rc)
		return rc;
	for (size_t i = 0; i < TALLY_COUNTS; i++)
		sum.n[i] += w->n[i];
	sum.worker = w->worker;
	sum.form = w->form;
	sum.title = w->title;
	sum.day = w->day;
	tally_write(&b, &sum);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_META, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

enum err tally_add(struct cases *c, const struct tally *w)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, c->store, STORE_MAIN, TXN_WRITE);

	if (!rc)
		rc = add_one(c, t, w);
	if (!rc)
		rc = txn_commit(&t);
	txn_abort(&t);
	return rc;
}

/* ---- reading */
static int by_day_worker_form(const void *pa, const void *pb)
{
	const struct tally *a = pa, *b = pb;
	int order = (a->day > b->day) - (a->day < b->day);

	if (!order)
		order = str_cmp(a->worker, b->worker);
	return order ? order : str_cmp(a->form, b->form);
}

static enum err read_rows(struct txn *t, int64_t from, int64_t to,
			  struct arena *a, struct tally **out, size_t *n)
{
	VEC(struct tally) found = { 0 };
	struct cur cur = { 0 };
	enum err rc = cur_begin(&cur, t, TABLE_META, STR(TALLY_PREFIX), STR(""),
				false);

	while (!rc) {
		struct str value;
		struct tally w, *slot;

		rc = cur_read(&cur, &value);
		if (rc)
			break;
		if (tally_read(value, &w) || w.day < from || w.day > to)
			continue;
		slot = vec_push(&found);
		if (!slot) {
			rc = ERR_NOMEM;
			break;
		}
		w.worker = arena_dup(a, w.worker);
		w.form = arena_dup(a, w.form);
		w.title = arena_dup(a, w.title);
		*slot = w;
	}
	cur_end(&cur);
	rc = vec_give(&found, a, out, n, rc);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err tally_list(struct cases *c, int64_t from, int64_t to, struct arena *a,
		    struct tally **out, size_t *n)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	*n = 0;
	if (rc)
		return rc;
	rc = read_rows(v.t, from, to, a, out, n);
	view_end(&v);
	if (*n)
		qsort(*out, *n, sizeof(**out), by_day_worker_form);
	return rc;
}

/* ---- adding up */
static bool alike(const struct tally *a, const struct tally *b)
{
	return a->day == b->day && str_eq(a->worker, b->worker) &&
	       str_eq(a->form, b->form);
}

size_t tally_sum(struct tally *w, size_t n, enum tally_by by)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct tally one = w[i];
		size_t at = 0;

		if (by != TALLY_BY_DAY)
			one.day = 0;
		if (by != TALLY_BY_WORKER)
			one.worker = STR("");
		if (by != TALLY_BY_FORM)
			one.form = one.title = STR("");
		while (at < kept && !alike(&w[at], &one))
			at++;
		if (at == kept) {
			w[kept++] = one;
			continue;
		}
		for (size_t k = 0; k < TALLY_COUNTS; k++)
			w[at].n[k] += one.n[k];
	}
	return kept;
}

static uint64_t ratio(uint64_t part, uint64_t times, uint64_t whole)
{
	if (!whole)
		return 0;
	return part > UINT64_MAX / times ? part / whole * times
					 : part * times / whole;
}

uint64_t tally_hourly(const struct tally *w)
{
	return ratio(w->n[TALLY_STROKES], 3600000, w->n[TALLY_MS]);
}

uint64_t tally_errors(const struct tally *w)
{
	return ratio(w->n[TALLY_CORRECTED] + w->n[TALLY_REFUSED], 10000,
		     w->n[TALLY_STROKES]);
}

uint64_t tally_form_seconds(const struct tally *w)
{
	return ratio(w->n[TALLY_MS], 1, w->n[TALLY_FORMS] * 1000);
}

uint64_t tally_keyer_errors(const struct tally *w)
{
	return ratio(w->n[TALLY_KEYER], 10000, w->n[TALLY_FIELDS]);
}
