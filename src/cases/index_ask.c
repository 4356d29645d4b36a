/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "index_tables.h"

/* What `seen` tells of a document in this round. */
enum {
	SEEN_HIT = 1,
	SEEN_NAME = 2,
	SEEN_FIRST = 4,
	SEEN_WHOLE = 8,
	SEEN_ALL = 15
};
#define ROUND_MAX 0xffffffu
/* One document in so many is many. */
#define MANY 3

/* Tokens that begin with a word of the question; the one that equals it. */
struct range {
	uint32_t from, to, whole;
};

struct ask {
	struct index *ix;
	const struct question *q;
	struct arena *a;
	struct range range[QUESTION_WORDS];
	uint32_t doc_from, doc_to; /* of the dataset asked for */
	size_t limit, total;
	/* The best so far, the worst of them on top. */
	struct best {
		struct index_hit hit;
		struct str record;
		uint32_t doc; /* UINT32_MAX: waiting */
	} * best;
	size_t n;
};

/* ---- keeping the best */
static int by_text(const struct best *x, const struct best *y)
{
	char a[RECORD_NAME_MAX], b[RECORD_NAME_MAX];
	size_t n, m;
	int c = str_cmp(x->hit.dataset, y->hit.dataset);

	if (c)
		return c;
	n = record_name(x->record, a);
	m = record_name(y->record, b);
	c = str_cmp(str_of(a, n), str_of(b, m));
	return c ? c : memcmp(x->hit.id, y->hit.id, INDEX_ID);
}

/* Documents are numbered in the order that settles equal ranks. */
static int by_merit(const void *a, const void *b)
{
	const struct best *x = a, *y = b;

	if (x->hit.rank != y->hit.rank)
		return x->hit.rank < y->hit.rank ? -1 : 1;
	if (x->doc != UINT32_MAX && y->doc != UINT32_MAX)
		return x->doc < y->doc ? -1 : x->doc > y->doc;
	return by_text(x, y);
}

static void sift_down(struct ask *k, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		struct best tmp;

		if (child >= k->n)
			return;
		if (child + 1 < k->n &&
		    by_merit(&k->best[child], &k->best[child + 1]) < 0)
			child++;
		if (by_merit(&k->best[at], &k->best[child]) >= 0)
			return;
		tmp = k->best[at];
		k->best[at] = k->best[child];
		k->best[child] = tmp;
		at = child;
	}
}

static void sift_up(struct ask *k, size_t at)
{
	while (at) {
		size_t up = (at - 1) / 2;
		struct best tmp = k->best[at];

		if (by_merit(&k->best[up], &tmp) >= 0)
			return;
		k->best[at] = k->best[up];
		k->best[up] = tmp;
		at = up;
	}
}

static void keep(struct ask *k, const struct best *b)
{
	if (k->n < k->limit) {
		k->best[k->n] = *b;
		sift_up(k, k->n++);
	} else if (k->limit && by_merit(b, &k->best[0]) < 0) {
		k->best[0] = *b;
		sift_down(k, 0);
	}
}

static void offer_doc(struct ask *k, uint32_t doc, unsigned rank)
{
	const struct doc *d = &k->ix->t.docs[doc];
	struct best b = { .hit = { .id = d->id, .rank = rank }, .doc = doc };

	k->total++;
	/* Most are worse than the worst kept: told without their text. */
	if (k->n == k->limit && (!k->limit || rank > k->best[0].hit.rank))
		return;
	for (size_t i = 0; i < k->ix->t.n_sets; i++)
		if (doc < k->ix->t.sets[i].to) {
			b.hit.dataset = k->ix->t.sets[i].name;
			break;
		}
	b.record = str_of(d->record, d->record_n);
	keep(k, &b);
}

/* ---- finding words */
/* <0: the token stands before all that begin with w; 0: it begins with it. */
static int against(const struct token *t, struct str w)
{
	size_t n = t->n < w.n ? t->n : w.n;
	int c = memcmp(t->p, w.p, n);

	if (c)
		return c;
	return t->n < w.n ? -1 : 0;
}

static uint32_t bound(const struct tables *t, struct str w, bool after)
{
	uint32_t lo = 0, hi = t->n_tokens;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = against(&t->tokens[mid], w);

		if (c < 0 || (after && c == 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct range range_of(const struct tables *t, struct str w)
{
	struct range r = { bound(t, w, false), bound(t, w, true), UINT32_MAX };

	if (r.from < r.to && t->tokens[r.from].n == w.n)
		r.whole = r.from;
	return r;
}

static uint32_t posts_in(const struct tables *t, const struct range *r)
{
	return t->posts_from[r->to] - t->posts_from[r->from];
}

/* ---- settled documents */
static void next_round(struct tables *t)
{
	if (t->round == ROUND_MAX) {
		memset(t->seen, 0, t->n_docs * sizeof(*t->seen));
		t->round = 0;
	}
	t->round++;
}

static bool wanted(const struct ask *k, uint32_t doc)
{
	return doc >= k->doc_from && doc < k->doc_to && !k->ix->t.dead[doc];
}

/* What `seen` says of a document, as a rank without the name's length. */
static void seen_ranks(unsigned ranks[SEEN_ALL + 1])
{
	for (unsigned seen = 0; seen <= SEEN_ALL; seen++) {
		struct match m = { .hit = 1 };

		m.whole = (seen & SEEN_WHOLE) != 0;
		m.first = (seen & SEEN_FIRST) != 0;
		m.in_order = (seen & SEEN_NAME) != 0;
		ranks[seen] = match_rank(&m, 1, 0);
	}
}

/* Notes in `seen` what the posts of one word tell; each document once. */
static uint32_t see_posts(struct ask *k, const struct range *r, uint32_t *found)
{
	struct tables *t = &k->ix->t;
	uint32_t from = t->posts_from[r->from], to = t->posts_from[r->to];
	uint32_t whole =
		r->whole == UINT32_MAX ? from : t->posts_from[r->whole + 1];
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i++) {
		uint32_t doc = t->posts[i];
		uint32_t bits = SEEN_HIT | (uint32_t)t->flags[i] << 1;

		bits |= i < whole ? SEEN_WHOLE : 0;
		if (t->seen[doc] >> 8 == t->round) {
			t->seen[doc] |= bits;
			continue;
		}
		t->seen[doc] = t->round << 8 | bits;
		found[n++] = doc;
	}
	return n;
}

static void offer_seen(struct ask *k, const unsigned ranks[SEEN_ALL + 1],
		       uint32_t doc)
{
	const struct tables *t = &k->ix->t;

	if (wanted(k, doc))
		offer_doc(k, doc,
			  ranks[t->seen[doc] & SEEN_ALL] + t->lengths[doc]);
}

/*
 * One word: nothing has to be looked up in the documents. Where it hits many
 * ("s" over a kecamatan) they are taken in order, which memory likes better.
 */
static enum err ask_one(struct ask *k)
{
	const struct tables *t = &k->ix->t;
	const struct range *r = &k->range[0];
	uint32_t *found =
		arena_array(k->a, (size_t)posts_in(t, r) + 1, sizeof(*found));
	unsigned ranks[SEEN_ALL + 1];
	uint32_t n;

	if (!found)
		return ERR_NOMEM;
	seen_ranks(ranks);
	n = see_posts(k, r, found);
	if (n > (k->doc_to - k->doc_from) / MANY) {
		for (uint32_t i = k->doc_from; i < k->doc_to; i++)
			if (t->seen[i] >> 8 == t->round)
				offer_seen(k, ranks, i);
		return ERR_NONE;
	}
	for (uint32_t i = 0; i < n; i++)
		offer_seen(k, ranks, found[i]);
	return ERR_NONE;
}

static unsigned doc_rank(const struct ask *k, uint32_t doc)
{
	const struct doc *d = &k->ix->t.docs[doc];
	const uint32_t *words = k->ix->t.word_of + d->words;
	size_t length = k->ix->t.lengths[doc];
	struct match m = { 0 };

	for (size_t w = 0; w < d->n_words; w++) {
		uint32_t token = words[w] & ~WORD_IS_NAME;
		unsigned hit = 0, whole = 0;

		for (size_t i = 0; i < k->q->n; i++) {
			const struct range *r = &k->range[i];

			hit |= (unsigned)(token >= r->from && token < r->to)
			       << i;
			whole |= (unsigned)(token == r->whole) << i;
		}
		match_word(&m, words[w] & WORD_IS_NAME, hit, whole);
	}
	return match_rank(&m, k->q->n, length);
}

/* Several words: the documents of the rarest one are looked at. */
static void ask_many(struct ask *k)
{
	struct tables *t = &k->ix->t;
	const struct range *rare = &k->range[0];

	for (size_t i = 1; i < k->q->n; i++)
		if (posts_in(t, &k->range[i]) < posts_in(t, rare))
			rare = &k->range[i];
	for (uint32_t i = t->posts_from[rare->from];
	     i < t->posts_from[rare->to]; i++) {
		uint32_t doc = t->posts[i];
		unsigned rank;

		if (t->seen[doc] >> 8 == t->round || !wanted(k, doc))
			continue;
		t->seen[doc] = t->round << 8 | SEEN_HIT;
		rank = doc_rank(k, doc);
		if (rank != RANK_NONE)
			offer_doc(k, doc, rank);
	}
}

/* No word: the first ones in order, the rest only counted. */
static void ask_all(struct ask *k)
{
	size_t before = k->total;

	for (uint32_t i = k->doc_from; i < k->doc_to; i++) {
		if (k->total - before >= k->limit)
			break;
		if (wanted(k, i))
			offer_doc(k, i, 0);
	}
	k->total = before;
	for (size_t i = 0; i < k->ix->t.n_sets; i++) {
		const struct index_set *s = &k->ix->t.sets[i];

		if (s->from >= k->doc_from && s->to <= k->doc_to)
			k->total += s->to - s->from - s->dead;
	}
}

static void choose_docs(struct ask *k)
{
	const struct tables *t = &k->ix->t;

	if (!k->q->dataset.n) {
		k->doc_to = t->n_docs;
		return;
	}
	for (size_t i = 0; i < t->n_sets; i++)
		if (str_eq(t->sets[i].name, k->q->dataset)) {
			k->doc_from = t->sets[i].from;
			k->doc_to = t->sets[i].to;
		}
}

static enum err ask_settled(struct ask *k)
{
	struct tables *t = &k->ix->t;

	choose_docs(k);
	if (k->doc_from == k->doc_to)
		return ERR_NONE;
	next_round(t);
	for (size_t i = 0; i < k->q->n; i++)
		k->range[i] = range_of(t, k->q->words[i]);
	if (k->q->n == 1)
		return ask_one(k);
	if (k->q->n)
		ask_many(k);
	else
		ask_all(k);
	return ERR_NONE;
}

/* ---- what waits is read from end to end */
static void ask_waiting(struct ask *k)
{
	vec_each (f, &k->ix->fresh) {
		struct best b = { .record = f->record, .doc = UINT32_MAX };
		unsigned rank;

		if (f->dead ||
		    (k->q->dataset.n && !str_eq(f->dataset, k->q->dataset)))
			continue;
		rank = record_rank(f->record, k->q);
		if (rank == RANK_NONE)
			continue;
		k->total++;
		b.hit = (struct index_hit){ f->dataset, f->id, rank };
		keep(k, &b);
	}
}

enum err index_ask(struct index *ix, const struct question *q, struct arena *a,
		   struct index_hit **hits, size_t *n, size_t *total)
{
	struct ask k = { .ix = ix, .q = q, .a = a };
	size_t all = ix->t.n_docs + ix->fresh.n;
	enum err rc;

	k.limit = q->limit < all ? q->limit : all;
	k.best = arena_array(a, k.limit + 1, sizeof(*k.best));
	*hits = arena_array(a, k.limit + 1, sizeof(**hits));
	if (!k.best || !*hits)
		return ERR_NOMEM;
	rc = ask_settled(&k);
	if (rc)
		return rc;
	ask_waiting(&k);
	if (k.n)
		qsort(k.best, k.n, sizeof(*k.best), by_merit);
	for (size_t i = 0; i < k.n; i++)
		(*hits)[i] = k.best[i].hit;
	*n = k.n;
	*total = k.total;
	return ERR_NONE;
}
