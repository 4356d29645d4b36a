/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "sorted.h"

/* Leaves and records that one question may read: some 5 ms. */
#define LEAVES_MAX  600
#define RECORDS_MAX 800
/* A word in no more leaves is rare: all its records are looked at. */
#define RARE_LEAVES 2
/* A word in no more leaves is read from end to end. */
#define RANGE_LEAVES 100

/* How often a word begins anything: about so many leaves, 0: never. */
struct spread {
	size_t names, others;
};

struct candidate {
	uint32_t number;
	size_t set;
	unsigned rank;
	struct str name; /* in the arena */
};

struct ask {
	const struct index_reader *ix;
	const struct question *q;
	struct arena *a;
	struct sorted tree;
	struct sorted_cur cur;
	struct spread spread[QUESTION_WORDS];
	size_t set;
	/* The candidates, and of those where to find a number among them. */
	struct candidate *list;
	size_t n, from, max; /* of this set: from, max of them */
	uint32_t *places;    /* by number, 0: free, else place + 1 */
	size_t n_places;
	size_t leaves, records;
	/* Which words an entry's record must be read for. */
	unsigned elsewhere;
	bool full, spent;
};

/* ---- candidates */
static uint32_t *place(const struct ask *k, uint32_t number)
{
	size_t at = number * 2654435761u;

	for (;; at++) {
		uint32_t *p = &k->places[at & (k->n_places - 1)];

		if (!*p || k->list[*p - 1].number == number)
			return p;
	}
}

static void offer(struct ask *k, const struct candidate *c)
{
	uint32_t *p = place(k, c->number);

	if (*p) {
		if (c->rank < k->list[*p - 1].rank)
			k->list[*p - 1].rank = c->rank;
		return;
	}
	if (k->n - k->from == k->max) {
		k->full = true;
		return;
	}
	k->list[k->n] = *c;
	*p = (uint32_t)++k->n;
}

static struct str joined(struct ask *k, const struct entry_view *e)
{
	char text[ENTRY_TEXT * 2];
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++) {
		if (i)
			text[n++] = ' ';
		memcpy(text + n, e->name[i].p, e->name[i].n);
		n += e->name[i].n;
	}
	return arena_dup(k->a, str_of(text, n));
}

static enum err read_record(struct ask *k, uint32_t number, struct str *record)
{
	struct str dataset, value;
	struct key key;
	struct id id;
	enum err rc =
		index_entity(k->ix->shelf, k->ix->head, number, &dataset, &id);

	if (rc)
		return rc;
	k->records++;
	key_index(&key, INDEX_SEARCH);
	key_name(&key, dataset);
	key_id(&key, &id);
	rc = txn_get(k->ix->t, TABLE_INDEX, key_str(&key), &value);
	return rc ? rc : record_read(value, &number, record);
}

/* What the entry does not show, its record may. */
static enum err judge_record(struct ask *k, const struct entry_view *e,
			     struct candidate *c)
{
	char name[RECORD_NAME_MAX];
	struct str record = { NULL, 0 };
	enum err rc;

	if (k->records >= RECORDS_MAX) {
		k->spent = true;
		return ERR_NONE;
	}
	rc = read_record(k, e->number, &record);
	/* A damaged one is not found; store check names it. */
	if (rc)
		return rc == ERR_NOMEM ? rc : ERR_NONE;
	c->rank = record_rank(record, k->q);
	if (c->rank == RANK_NONE)
		return ERR_NONE;
	c->name = arena_dup(k->a, str_of(name, record_name(record, name)));
	offer(k, c);
	return ERR_NONE;
}

static enum err judge(struct ask *k, struct str key)
{
	const unsigned all = (1u << k->q->n) - 1;
	struct candidate c = { .set = k->set };
	struct match m = { 0 };
	struct entry_view e;

	if (!entry_read(key, &e))
		return ERR_CORRUPT;
	if (e.region == INDEX_OTHER)
		match_word(&m, false, e.other, k->q);
	for (size_t i = 0; i < e.n; i++)
		match_word(&m, true, e.name[i], k->q);
	c.number = e.number;
	if (!e.cut && m.hit == all) {
		c.rank = match_rank(&m, k->q->n);
		c.name = joined(k, &e);
		offer(k, &c);
		return ERR_NONE;
	}
	if (!e.cut && (all & ~m.hit & ~k->elsewhere))
		return ERR_NONE;
	if (*place(k, e.number))
		return ERR_NONE;
	return judge_record(k, &e, &c);
}

/* ---- walking */
static bool done(struct ask *k)
{
	k->spent |= k->leaves + k->cur.leaves > LEAVES_MAX;
	return k->full || k->spent;
}

static void end_walk(struct ask *k)
{
	k->leaves += k->cur.leaves;
	k->cur.leaves = 0;
}

static enum err walk(struct ask *k, const struct entry *prefix)
{
	struct str p = str_of(prefix->p, prefix->n);
	enum err rc = sorted_seek(&k->tree, &k->cur, p);

	while (!rc && str_starts(sorted_key(&k->cur), p) && !done(k)) {
		rc = judge(k, sorted_key(&k->cur));
		if (!rc)
			rc = sorted_next(&k->cur);
	}
	end_walk(k);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err walk_word(struct ask *k, enum index_region region,
			  struct str word)
{
	struct entry e;

	entry_begin(&e, k->set, region);
	entry_word(&e, word);
	return done(k) ? ERR_NONE : walk(k, &e);
}

static enum err walk_names(struct ask *k, struct str word)
{
	enum err rc = walk_word(k, INDEX_FIRST, word);

	return rc ? rc : walk_word(k, INDEX_INNER, word);
}

/* All of it as one beginning of a name. */
static enum err walk_whole(struct ask *k)
{
	struct entry e;

	entry_begin(&e, k->set, INDEX_FIRST);
	for (size_t i = 0; i < k->q->n; i++)
		entry_word(&e, k->q->words[i]);
	return walk(k, &e);
}

/* ---- two words that follow each other */

/* The entry's first word ends before this place of the key. */
static size_t word_end(struct str key)
{
	size_t i = ENTRY_FRONT;

	while (i < key.n && key.p[i] != ENTRY_SEP && key.p[i] != ENTRY_END)
		i++;
	return i;
}

static enum err take_followed(struct ask *k, struct str want)
{
	enum err rc = ERR_NONE;

	while (!rc && str_starts(sorted_key(&k->cur), want) && !done(k)) {
		rc = judge(k, sorted_key(&k->cur));
		if (!rc)
			rc = sorted_next(&k->cur);
	}
	return rc;
}

/*
 * For each word that begins with one of the question's: straight to where
 * another of the question's stands behind it, then straight to the next word.
 */
static enum err skip_scan(struct ask *k, enum index_region region,
			  struct str first, struct str second)
{
	struct entry prefix, want;
	struct str p;
	enum err rc;

	entry_begin(&prefix, k->set, region);
	entry_word(&prefix, first);
	p = str_of(prefix.p, prefix.n);
	rc = sorted_seek(&k->tree, &k->cur, p);
	while (!rc && str_starts(sorted_key(&k->cur), p) && !done(k)) {
		struct str key = sorted_key(&k->cur);
		size_t n = word_end(key);

		if (n > ENTRY_TEXT / 2)
			n = ENTRY_TEXT / 2;
		memcpy(want.p, key.p, n);
		want.n = n;
		want.cut = false;
		entry_word(&want, second);
		rc = sorted_skip(&k->cur, str_of(want.p, want.n));
		if (!rc)
			rc = take_followed(k, str_of(want.p, want.n));
		want.p[n] = ENTRY_SEP + 1;
		if (!rc)
			rc = sorted_skip(&k->cur, str_of(want.p, n + 1));
	}
	end_walk(k);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err walk_pairs(struct ask *k, struct str a, struct str b)
{
	const struct str pair[2][2] = { { a, b }, { b, a } };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < 2 && !rc; i++) {
		rc = skip_scan(k, INDEX_FIRST, pair[i][0], pair[i][1]);
		if (!rc)
			rc = skip_scan(k, INDEX_INNER, pair[i][0], pair[i][1]);
	}
	return rc;
}

/* ---- how often words occur */
static enum err measure_in(struct ask *k, enum index_region region,
			   struct str word, size_t *leaves)
{
	struct entry from, to;
	enum err rc;

	entry_begin(&from, k->set, region);
	entry_word(&from, word);
	rc = sorted_seek(&k->tree, &k->cur, str_of(from.p, from.n));
	end_walk(k);
	*leaves = 0;
	if (rc == ERR_NOTFOUND ||
	    (!rc && !str_starts(sorted_key(&k->cur), str_of(from.p, from.n))))
		return ERR_NONE;
	to = from;
	to.p[to.n++] = (char)0xff;
	if (!rc && k->cur.high_n &&
	    str_cmp(str_of(k->cur.high, k->cur.high_n), str_of(to.p, to.n)) < 0)
		rc = sorted_span(&k->tree, str_of(from.p, from.n),
				 str_of(to.p, to.n), leaves);
	(*leaves)++;
	return rc;
}

static enum err measure(struct ask *k)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < k->q->n && !rc; i++) {
		size_t first = 0, inner = 0;

		rc = measure_in(k, INDEX_FIRST, k->q->words[i], &first);
		if (!rc)
			rc = measure_in(k, INDEX_INNER, k->q->words[i], &inner);
		if (!rc)
			rc = measure_in(k, INDEX_OTHER, k->q->words[i],
					&k->spread[i].others);
		k->spread[i].names = first + inner;
	}
	return rc;
}

static size_t rarest(const struct ask *k, size_t but, bool names_only)
{
	size_t best = SIZE_MAX, least = SIZE_MAX;

	for (size_t i = 0; i < k->q->n; i++) {
		size_t n = k->spread[i].names;

		n += names_only ? 0 : k->spread[i].others;
		if (i != but && n < least) {
			least = n;
			best = i;
		}
	}
	return best;
}

/* ---- the ways to answer */

/* Every record of the rarest word. */
static enum err ask_rare(struct ask *k, size_t i)
{
	struct str word = k->q->words[i];
	enum err rc;

	for (size_t w = 0; w < k->q->n; w++)
		k->elsewhere |= (unsigned)(k->spread[w].others > 0) << w;
	rc = walk_names(k, word);
	if (!rc)
		rc = walk_word(k, INDEX_OTHER, word);
	k->elsewhere = 0;
	return rc;
}

/* Those that have every word in the name. */
static enum err ask_names(struct ask *k)
{
	size_t i = rarest(k, SIZE_MAX, true);

	if (!k->spread[i].names)
		return ERR_NONE;
	if (k->spread[i].names <= RANGE_LEAVES)
		return walk_names(k, k->q->words[i]);
	return walk_pairs(k, k->q->words[i], k->q->words[rarest(k, i, true)]);
}

static int by_others(const void *a, const void *b)
{
	const size_t *const *x = a, *const *y = b;

	return (**x > **y) - (**x < **y);
}

/*
 * Those that have a word elsewhere: from the rarest such word on. Words that
 * had their turn are then in the name, or the record would have been met.
 */
static enum err ask_others(struct ask *k)
{
	const size_t *order[QUESTION_WORDS];
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < k->q->n; i++) {
		order[i] = &k->spread[i].others;
		k->elsewhere |= (unsigned)(k->spread[i].others > 0) << i;
	}
	qsort(order, k->q->n, sizeof(const size_t *), by_others);
	for (size_t i = 0; i < k->q->n && !rc; i++) {
		const char *at = (const char *)order[i];
		size_t w = (size_t)(at - (const char *)k->spread) /
			   sizeof(*k->spread);

		if (!*order[i])
			continue;
		k->elsewhere &= ~(1u << w);
		rc = walk_word(k, INDEX_OTHER, k->q->words[w]);
	}
	k->elsewhere = 0;
	return rc;
}

static enum err ask_several(struct ask *k)
{
	size_t rare;
	enum err rc = measure(k);

	if (rc)
		return rc;
	rare = rarest(k, SIZE_MAX, false);
	if (!(k->spread[rare].names + k->spread[rare].others))
		return ERR_NONE;
	if (k->spread[rare].names + k->spread[rare].others <= RARE_LEAVES)
		return ask_rare(k, rare);
	rc = ask_names(k);
	return rc ? rc : ask_others(k);
}

static enum err ask_set(struct ask *k)
{
	enum err rc = walk_whole(k);

	if (rc || !k->q->n || done(k))
		return rc;
	if (k->q->n > 1)
		return ask_several(k);
	rc = walk_word(k, INDEX_INNER, k->q->words[0]);
	return rc ? rc : walk_word(k, INDEX_OTHER, k->q->words[0]);
}

/* ---- the answer */
static int by_merit(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int c;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	c = str_cmp(x->name, y->name);
	return c ? c : (x->number > y->number) - (x->number < y->number);
}

static bool wanted(const struct ask *k, const struct index_set *set)
{
	return set->records &&
	       (!k->q->dataset.n || str_eq(set->name, k->q->dataset));
}

static enum err make_room(struct ask *k)
{
	size_t n = 0;

	k->max = k->q->n && k->q->limit < CANDIDATES ? CANDIDATES : k->q->limit;
	vec_each (set, &k->ix->head->sets)
		if (wanted(k, set))
			n += set->records < k->max ? set->records : k->max;
	k->n_places = 64;
	while (k->n_places < 2 * n)
		k->n_places *= 2;
	k->list = arena_array(k->a, n + 1, sizeof(*k->list));
	k->places = arena_array(k->a, k->n_places, sizeof(*k->places));
	return k->list && k->places ? ERR_NONE : ERR_NOMEM;
}

static enum err ask_sets(struct ask *k, struct index_found *out)
{
	const struct index_head *h = k->ix->head;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < h->sets.n && !rc; i++) {
		const struct index_set *set = &h->sets.at[i];

		if (!wanted(k, set))
			continue;
		k->set = i;
		k->from = k->n;
		k->full = false;
		rc = ask_set(k);
		out->more |= k->full || k->spent;
		if (!k->q->n)
			out->total += set->records;
	}
	if (k->q->n)
		out->total = k->n;
	else
		out->more = false;
	return rc;
}

static enum err give(struct ask *k, struct index_found *out)
{
	enum err rc = ERR_NONE;

	qsort(k->list, k->n, sizeof(*k->list), by_merit);
	out->n = k->n < k->q->limit ? k->n : k->q->limit;
	out->hits = arena_array(k->a, out->n + 1, sizeof(*out->hits));
	if (!out->hits)
		return ERR_NOMEM;
	for (size_t i = 0; i < out->n && !rc; i++) {
		struct index_hit *hit = &out->hits[i];

		hit->number = k->list[i].number;
		hit->rank = k->list[i].rank;
		rc = index_entity(k->ix->shelf, k->ix->head, hit->number,
				  &hit->dataset, &hit->id);
	}
	return rc;
}

enum err index_ask(const struct index_reader *ix, const struct question *q,
		   struct arena *a, struct index_found *out)
{
	struct ask k = { .ix = ix, .q = q, .a = a };
	enum err rc = make_room(&k);

	*out = (struct index_found){ 0 };
	k.tree = (struct sorted){ ix->shelf, ix->head->root };
	if (!rc)
		rc = ask_sets(&k, out);
	return rc ? rc : give(&k, out);
}

enum err index_knows(const struct index_reader *ix, struct str word,
		     bool *known)
{
	struct arena a = { 0 };
	struct question q = { .words = { word }, .n = 1 };
	struct ask k = { .ix = ix, .q = &q, .a = &a };
	enum err rc = ERR_NONE;

	k.tree = (struct sorted){ ix->shelf, ix->head->root };
	*known = false;
	for (size_t i = 0; i < ix->head->sets.n && !rc && !*known; i++) {
		k.set = i;
		if (!ix->head->sets.at[i].records)
			continue;
		rc = measure(&k);
		*known = k.spread[0].names > 0;
	}
	return rc;
}
