/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "sorted.h"

/* Leaves and records that one question may read: some 5 ms. */
#define LEAVES_MAX  600
#define RECORDS_MAX 800
/* To read the records of a leaf's entries takes as long as so many leaves. */
#define RECORDS_COST 30
/* Where words of records begin so. */
struct spread {
	size_t leaves; /* about; 0: nowhere */
	size_t others; /* of them those of entries that hold all words */
	bool sole;     /* only one word does */
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
	/* Of the question's words those that are not the start of another. */
	struct str words[QUESTION_WORDS];
	size_t n_words;
	struct spread spread[QUESTION_WORDS];
	size_t set;
	/* The candidates, and of those where to find a number among them. */
	struct candidate *list;
	size_t n, from, max; /* of this set: from, max of them */
	uint32_t *places;    /* by number, 0: free, else place + 1 */
	size_t n_places;
	size_t leaves, records;
	bool thorough; /* records are read for what entries do not hold */
	bool full, spent;
};

/* ---- candidates */
static uint32_t *place(const struct ask *k, uint32_t number)
{
	uint32_t at = number * 2654435761u;

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
static enum err judge_record(struct ask *k, struct candidate *c)
{
	char name[RECORD_NAME_MAX];
	struct str record = { NULL, 0 };
	enum err rc;

	if (*place(k, c->number))
		return ERR_NONE;
	if (k->records >= RECORDS_MAX) {
		k->spent = true;
		return ERR_NONE;
	}
	rc = read_record(k, c->number, &record);
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
	struct candidate c = { .set = k->set };
	struct match m = { 0 };
	struct entry_view e;

	if (!entry_read(key, &e))
		return ERR_CORRUPT;
	c.number = e.number;
	if (e.cut)
		return judge_record(k, &c);
	for (size_t i = 0; i < e.n_other; i++)
		match_word(&m, false, e.other[i], k->q);
	for (size_t i = 0; i < e.n; i++)
		match_word(&m, true, e.name[i], k->q);
	c.rank = match_rank(&m, k->q->n);
	if (c.rank == RANK_NONE)
		return k->thorough && !e.all ? judge_record(k, &c) : ERR_NONE;
	c.name = joined(k, &e);
	offer(k, &c);
	return ERR_NONE;
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
	entry_word(&e, ENTRY_SEP, word);
	return done(k) ? ERR_NONE : walk(k, &e);
}

/* All of it as one beginning of a name. */
static enum err walk_whole(struct ask *k)
{
	struct entry e;

	entry_begin(&e, k->set, INDEX_FIRST);
	for (size_t i = 0; i < k->q->n; i++)
		entry_word(&e, ENTRY_SEP, k->q->words[i]);
	return walk(k, &e);
}

/* ---- from word to word */

/* Where the first word of an entry ends. */
static size_t word_end(struct str key)
{
	size_t i = ENTRY_FRONT;

	while (i < key.n && (uint8_t)key.p[i] > ENTRY_REST)
		i++;
	return i;
}

/* What stands behind all entries of the word the cursor is at. */
static enum err skip_word(struct ask *k)
{
	struct str key = sorted_key(&k->cur);
	char past[SORTED_KEY];
	size_t n = word_end(key);

	if (n == SORTED_KEY)
		return ERR_CORRUPT;
	memcpy(past, key.p, n);
	past[n] = ENTRY_REST + 1;
	return sorted_skip(&k->cur, str_of(past, n + 1));
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

/* Straight to where `next` follows the word the cursor is at. */
static enum err take_word(struct ask *k, enum entry_mark mark, struct str next)
{
	struct str key = sorted_key(&k->cur);
	struct entry want;
	size_t n = word_end(key);
	enum err rc;

	want.n = n < ENTRY_TEXT ? n : ENTRY_TEXT;
	want.cut = false;
	memcpy(want.p, key.p, want.n);
	entry_word(&want, mark, next);
	rc = sorted_skip(&k->cur, str_of(want.p, want.n));
	return rc ? rc : take_followed(k, str_of(want.p, want.n));
}

/* For each word that begins with `first`: what has `next` behind it. */
static enum err skip_scan(struct ask *k, struct str first, enum entry_mark mark,
			  struct str next)
{
	struct entry prefix;
	struct str p;
	enum err rc;

	entry_begin(&prefix, k->set, INDEX_WORDS);
	entry_word(&prefix, ENTRY_SEP, first);
	p = str_of(prefix.p, prefix.n);
	rc = done(k) ? ERR_NOTFOUND : sorted_seek(&k->tree, &k->cur, p);
	while (!rc && str_starts(sorted_key(&k->cur), p) && !done(k)) {
		char word[SORTED_KEY];
		size_t n = word_end(sorted_key(&k->cur));

		memcpy(word, sorted_key(&k->cur).p, n);
		rc = take_word(k, mark, next);
		/* It may have gone beyond the word already. */
		if (!rc && n == word_end(sorted_key(&k->cur)) &&
		    !memcmp(word, k->cur.key, n))
			rc = skip_word(k);
	}
	end_walk(k);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- how often words occur */

/* From the key the cursor is at to the end of those with a prefix. */
static enum err measure_from(struct ask *k, struct str prefix, size_t *leaves)
{
	char end[SORTED_KEY];
	enum err rc = ERR_NONE;

	*leaves = 0;
	if (!str_starts(sorted_key(&k->cur), prefix))
		return ERR_NONE;
	if (prefix.n == SORTED_KEY)
		return ERR_CORRUPT;
	memcpy(end, prefix.p, prefix.n);
	end[prefix.n] = (char)0xff;
	if (k->cur.high_n && str_cmp(str_of(k->cur.high, k->cur.high_n),
				     str_of(end, prefix.n + 1)) < 0)
		rc = sorted_span(&k->tree, prefix, str_of(end, prefix.n + 1),
				 leaves);
	(*leaves)++;
	return rc;
}

/* The cursor is at the first word that begins so: is it the only one? */
static enum err measure_sole(struct ask *k, struct str prefix, struct spread *s)
{
	char other[SORTED_KEY];
	size_t n = word_end(sorted_key(&k->cur));
	enum err rc;

	memcpy(other, k->cur.key, n);
	other[n] = ENTRY_OTHER;
	s->others = s->leaves;
	rc = sorted_skip(&k->cur, str_of(other, n + 1));
	if (!rc)
		rc = measure_from(k, str_of(other, n + 1), &s->others);
	if (!rc && n == word_end(sorted_key(&k->cur)) &&
	    !memcmp(other, k->cur.key, n))
		rc = skip_word(k);
	s->sole = rc == ERR_NOTFOUND ||
		  (!rc && !str_starts(sorted_key(&k->cur), prefix));
	if (!s->sole)
		s->others = s->leaves;
	return rc;
}

static bool may_be_other(const struct ask *k, struct str word)
{
	return index_begins(&k->ix->head->sets.at[k->set], word);
}

static enum err measure_word(struct ask *k, struct str word, struct spread *s)
{
	struct entry e;
	struct str p;
	enum err rc;

	entry_begin(&e, k->set, INDEX_WORDS);
	entry_word(&e, ENTRY_SEP, word);
	p = str_of(e.p, e.n);
	*s = (struct spread){ 0 };
	rc = sorted_seek(&k->tree, &k->cur, p);
	if (!rc)
		rc = measure_from(k, p, &s->leaves);
	if (!rc && s->leaves)
		rc = measure_sole(k, p, s);
	if (!may_be_other(k, word))
		s->others = 0;
	end_walk(k);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* ---- the ways to answer */

/* The word that costs least; `but` is not looked at. */
static size_t cheapest(const struct ask *k, size_t but, bool sole)
{
	size_t best = SIZE_MAX, least = SIZE_MAX;

	for (size_t i = 0; i < k->n_words; i++) {
		const struct spread *s = &k->spread[i];
		size_t n = sole && s->sole ? 0 : s->leaves;

		if (i != but && n < least) {
			least = n;
			best = i;
		}
	}
	return best;
}

/* Every record of a rare word. */
static enum err ask_rare(struct ask *k, size_t i)
{
	enum err rc;

	k->thorough = true;
	rc = walk_word(k, INDEX_WORDS, k->words[i]);
	k->thorough = false;
	return rc;
}

/* Those that have all words in name and place: two follow each other. */
static enum err ask_pairs(struct ask *k)
{
	size_t first = cheapest(k, SIZE_MAX, true);

	return skip_scan(k, k->words[first], ENTRY_SEP,
			 k->words[cheapest(k, first, false)]);
}

/* Those that have one elsewhere: its entries hold all words. */
static enum err ask_others(struct ask *k)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < k->n_words && !rc; i++)
		if (k->spread[i].others)
			rc = skip_scan(k, k->words[i], ENTRY_OTHER, STR(""));
	return rc;
}

static enum err ask_several(struct ask *k)
{
	size_t rare, others = 0;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < k->n_words; i++) {
		rc = measure_word(k, k->words[i], &k->spread[i]);
		if (rc || !k->spread[i].leaves)
			return rc;
		others += k->spread[i].others;
	}
	rare = cheapest(k, SIZE_MAX, false);
	if (k->spread[rare].leaves * RECORDS_COST <= others)
		return ask_rare(k, rare);
	rc = ask_pairs(k);
	return rc ? rc : ask_others(k);
}

static enum err ask_set(struct ask *k)
{
	enum err rc = walk_whole(k);

	if (rc || !k->q->n || done(k))
		return rc;
	return k->n_words > 1 ? ask_several(k)
			      : walk_word(k, INDEX_WORDS, k->words[0]);
}

/* ---- the answer */

/* What another word begins with, or repeats, is there when that one is. */
static void need_words(struct ask *k)
{
	for (size_t i = 0; i < k->q->n; i++) {
		struct str word = k->q->words[i];
		bool needed = true;

		for (size_t j = 0; j < k->q->n; j++)
			needed &= i == j || !str_starts(k->q->words[j], word) ||
				  (j > i && str_eq(k->q->words[j], word));
		if (needed)
			k->words[k->n_words++] = word;
	}
}

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
	need_words(&k);
	if (!rc)
		rc = ask_sets(&k, out);
	return rc ? rc : give(&k, out);
}

enum err index_knows(const struct index_reader *ix, struct str word,
		     bool *known)
{
	struct ask k = { .ix = ix };
	enum err rc = ERR_NONE;

	k.tree = (struct sorted){ ix->shelf, ix->head->root };
	*known = false;
	for (size_t i = 0; i < ix->head->sets.n && !rc && !*known; i++) {
		struct entry e;

		entry_begin(&e, i, INDEX_WORDS);
		entry_word(&e, ENTRY_SEP, word);
		if (ix->head->sets.at[i].records)
			rc = sorted_seek(&k.tree, &k.cur, str_of(e.p, e.n));
		*known =
			!rc && str_starts(sorted_key(&k.cur), str_of(e.p, e.n));
		if (rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	return rc;
}
