/* SPDX-License-Identifier: MIT */
#include "pilar/search.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "compute.h"
#include "find.h"
#include "index.h"

/*
 * The index is read from the sealed records when it is first asked, and kept
 * current by the change log: nothing is read while the store's last
 * transaction is the one seen.
 */
struct finder {
	struct index *index; /* NULL: not read yet */
	uint64_t txn;        /* of the store, when it was last looked at */
	uint64_t change;     /* the last one taken in */
};

enum err finder_new(struct finder **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? ERR_NONE : ERR_NOMEM;
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	index_free(f->index);
	free(f);
}

/* ---- reading records */
/* Made by another version of the folding: made anew, in memory. */
static enum err put_again(struct cases *c, struct txn *t, struct str dataset,
			  const struct id *id, struct arena *a)
{
	struct record record;
	struct state s;
	enum err rc = state_get(t, dataset, id, a, &s);

	if (rc)
		return rc == ERR_NOMEM ? rc : ERR_NONE;
	rc = compute_record(c, &s, a, &record);
	if (!rc)
		rc = index_put(c->finder->index, dataset, id->b,
			       buf_str(&record.bytes));
	buf_release(&record.bytes);
	return rc;
}

static enum err put_record(struct cases *c, struct txn *t, struct str dataset,
			   const struct id *id, struct str value,
			   struct arena *a)
{
	if (!record_current(value))
		return put_again(c, t, dataset, id, a);
	return index_put(c->finder->index, dataset, id->b, value);
}

static enum err read_all(struct cases *c, struct txn *t)
{
	struct cur cur = { 0 };
	struct arena a = { 0 };
	struct str value;
	struct key prefix;
	enum err rc;

	key_index(&prefix, INDEX_SEARCH);
	rc = cur_begin(&cur, t, TABLE_INDEX, key_str(&prefix), STR(""), false);
	while (!rc) {
		struct str dataset;
		struct id id;
		struct rd r;

		rc = cur_next(&cur);
		if (rc)
			break;
		r = RD_INIT(cur.key);
		rd_u8(&r);
		dataset = rd_name(&r);
		id = rd_id(&r);
		rc = cur_value(&cur, &value);
		if (!rc && rd_done(&r))
			rc = put_record(c, t, dataset, &id, value, &a);
		/* A damaged one is not found; store check names it. */
		if (rc == ERR_CORRUPT)
			rc = ERR_NONE;
		arena_reset(&a);
	}
	cur_end(&cur);
	arena_release(&a);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err load(struct cases *c, struct txn *t)
{
	struct finder *f = c->finder;
	enum err rc;

	index_free(f->index);
	f->index = index_new();
	if (!f->index)
		return ERR_NOMEM;
	rc = change_last(t, &f->change);
	if (!rc)
		rc = read_all(c, t);
	if (!rc)
		rc = index_settle(f->index);
	if (rc) {
		index_free(f->index);
		f->index = NULL;
	}
	return rc;
}

/* ---- what changed since */
static enum err take_target(struct cases *c, struct txn *t,
			    const struct target *what, struct arena *a)
{
	struct str value;
	struct key k;
	enum err rc;

	key_index(&k, INDEX_SEARCH);
	key_name(&k, what->dataset);
	key_id(&k, &what->id);
	rc = txn_get(t, TABLE_INDEX, key_str(&k), &value);
	if (!rc)
		return put_record(c, t, what->dataset, &what->id, value, a);
	index_del(c->finder->index, what->id.b);
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

/* ERR_NOTFOUND: read everything again. */
static enum err take_changes(struct cases *c, struct txn *t, struct arena *a)
{
	struct finder *f = c->finder;
	struct target *what = NULL;
	uint64_t last = 0;
	size_t n = 0;
	enum err rc = change_last(t, &last);

	if (!rc && last < f->change)
		rc = ERR_NOTFOUND;
	while (!rc && f->change < last) {
		rc = change_read(t, f->change + 1, a, &what, &n);
		if (!rc && !n)
			rc = ERR_NOTFOUND;
		for (size_t i = 0; i < n && !rc; i++)
			rc = take_target(c, t, &what[i], a);
		f->change += !rc;
	}
	return rc;
}

static enum err look(struct cases *c)
{
	struct finder *f = c->finder;
	struct arena a = { 0 };
	struct view v;
	enum err rc;

	if (f->index && !c->writing &&
	    f->txn == store_last_txn(c->store, STORE_MAIN))
		return ERR_NONE;
	rc = view_begin(&v, c);
	if (rc)
		return rc;
	rc = f->index ? take_changes(c, v.t, &a) : ERR_NOTFOUND;
	if (rc == ERR_NOTFOUND || rc == ERR_CORRUPT)
		rc = load(c, v.t);
	if (!rc && index_waiting(f->index) > INDEX_WAITING)
		rc = index_settle(f->index);
	f->txn = txn_id(v.t);
	view_end(&v);
	arena_release(&a);
	return rc;
}

/* ---- asking */
static enum err give(const struct index_hit *found, size_t n, struct arena *a,
		     struct hit **out)
{
	*out = arena_array(a, n + 1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		char text[UUID_LEN + 1];
		struct id id;

		memcpy(id.b, found[i].id, ID_BYTES);
		(*out)[i].dataset = arena_dup(a, found[i].dataset);
		(*out)[i].id = arena_dup(a, id_text(&id, text));
		(*out)[i].rank = found[i].rank;
		if (!(*out)[i].id.p)
			return ERR_NOMEM;
	}
	return ERR_NONE;
}

enum err cases_search(struct cases *c, const struct search_query *q,
		      struct arena *a, struct hit **hits, size_t *n,
		      size_t *total)
{
	struct question ask = { .dataset = q->dataset, .limit = q->limit };
	struct arena scratch = { 0 };
	struct index_hit *found = NULL;
	struct str words;
	enum err rc = look(c);

	*n = *total = 0;
	*hits = NULL;
	if (rc)
		return rc;
	words = search_fold(&scratch, q->text, true);
	while (ask.n < QUESTION_WORDS && str_word(&words, &ask.words[ask.n])) {
		ask.words[ask.n] = str_sub(ask.words[ask.n], 0, RECORD_WORD);
		ask.n++;
	}
	rc = index_ask(c->finder->index, &ask, &scratch, &found, n, total);
	if (!rc)
		rc = give(found, *n, a, hits);
	arena_release(&scratch);
	return rc;
}
