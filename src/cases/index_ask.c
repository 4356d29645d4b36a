/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "hits.h"
#include "sorted.h"

/* Leaves that one question may read: some 2 ms. */
#define LEAVES_MAX 600
/* To read the records of a leaf's entries takes as long as so many leaves. */
#define RECORDS_COST 30
/* What the seeks for one word cost, in leaves. */
#define SEEKS_COST 3
/* After as many leaves it is seen whether going from word to word pays. */
#define TRIED 4

/* Where words of records begin so. */
struct spread {
	size_t leaves; /* about; 0: nowhere */
	bool sole;     /* only one word does */
};

struct ask {
	const struct index_reader *ix;
	const struct question *q;
	struct hits hits;
	struct sorted tree;
	struct sorted_cur cur;
	/* Of the question's words those that no other begins with. */
	struct str words[QUESTION_WORDS];
	size_t n;
	struct spread names[QUESTION_WORDS], others[QUESTION_WORDS];
	size_t leaves;
	bool spent;
	uint64_t waits; /* for the disk, when it began */
};

/* ---- walking */
static bool done(struct ask *k)
{
	k->spent |= k->q->n && k->leaves + k->cur.leaves > LEAVES_MAX;
	return k->hits.full || k->hits.spent || k->spent;
}

static enum err end_walk(struct ask *k, enum err rc)
{
	k->leaves += k->cur.leaves;
	k->cur.leaves = 0;
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* What the cursor is at and what follows, while it begins so. */
static enum err take(struct ask *k, struct str prefix)
{
	enum err rc = ERR_NONE;

	while (!rc && str_starts(sorted_key(&k->cur), prefix) && !done(k)) {
		if (k->q->n || entry_lists(sorted_key(&k->cur)))
			rc = hits_judge(&k->hits, sorted_key(&k->cur));
		if (!rc)
			rc = sorted_next(&k->cur);
	}
	return rc;
}

static enum err walk(struct ask *k, const struct entry *prefix)
{
	struct str p = str_of(prefix->p, prefix->n);
	enum err rc;

	if (done(k))
		return ERR_NONE;
	rc = sorted_seek(&k->tree, &k->cur, p);
	return end_walk(k, rc ? rc : take(k, p));
}

static struct entry prefix_of(const struct ask *k, enum index_region region,
			      struct str word)
{
	struct entry e;

	entry_begin(&e, k->hits.set, region);
	entry_word(&e, ENTRY_SEP, word);
	return e;
}

static enum err walk_word(struct ask *k, enum index_region region,
			  struct str word)
{
	struct entry e = prefix_of(k, region, word);

	return walk(k, &e);
}

/* All of it as one beginning of a name. */
static enum err walk_whole(struct ask *k)
{
	struct entry e;

	entry_begin(&e, k->hits.set, INDEX_NAMES);
	for (size_t i = 0; i < k->q->n; i++)
		entry_word(&e, i == 1 ? ENTRY_FIRST : ENTRY_SEP,
			   k->q->words[i]);
	return walk(k, &e);
}

/* ---- from word to word */

/* What stands behind all entries of the word the cursor is at. */
static enum err skip_word(struct ask *k)
{
	struct str key = sorted_key(&k->cur);
	char past[SORTED_KEY];
	size_t n = entry_word_end(key);

	if (n >= SORTED_KEY)
		return ERR_CORRUPT;
	memcpy(past, key.p, n);
	past[n] = ENTRY_REST + 1;
	return sorted_skip(&k->cur, str_of(past, n + 1));
}

/* Straight to where `next` follows that word. */
static enum err take_next(struct ask *k, struct str word, enum entry_mark mark,
			  struct str next)
{
	struct entry want = { .n = word.n };
	enum err rc;

	memcpy(want.p, word.p, word.n);
	entry_word(&want, mark, next);
	rc = sorted_skip(&k->cur, str_of(want.p, want.n));
	return rc ? rc : take(k, str_of(want.p, want.n));
}

/* The word the cursor is at, with `next` behind it; then on to the next one. */
static enum err take_word(struct ask *k, struct str next)
{
	struct str key = sorted_key(&k->cur);
	char text[ENTRY_TEXT];
	size_t n = entry_word_end(key);
	enum err rc = ERR_NONE;

	if (n > ENTRY_TEXT)
		return ERR_CORRUPT;
	memcpy(text, key.p, n);
	if (key.p[2] == INDEX_NAMES)
		rc = take_next(k, str_of(text, n), ENTRY_FIRST, next);
	if (!rc && !done(k))
		rc = take_next(k, str_of(text, n), ENTRY_SEP, next);
	key = sorted_key(&k->cur);
	/* It may have gone beyond the word already. */
	if (!rc && n == entry_word_end(key) && !memcmp(text, key.p, n))
		rc = skip_word(k);
	return rc;
}

/*
 * For each word that begins with `first`: what has `next` behind it. Where
 * there are many words this may cost more than reading all: *far is set when
 * as many leaves were read as that is worth.
 */
struct skip {
	enum index_region region;
	struct str first, next;
	size_t leaves; /* of the first word's entries */
	size_t worth;
	bool tried;
	bool far;
};

/*
 * Once, after some leaves: at this pace, will it be through before as many are
 * read as it is worth, or find as many as are wanted?
 */
static enum err look_ahead(struct ask *k, struct skip *s, struct str prefix)
{
	size_t read = k->cur.leaves, found = k->hits.list.n, passed;
	enum err rc;

	if (s->tried || read < TRIED)
		return ERR_NONE;
	s->tried = true;
	rc = sorted_span(&k->tree, prefix, sorted_key(&k->cur), &passed);
	s->far |= read * s->leaves > s->worth * (passed + 1) &&
		  found * s->worth < k->q->limit * read;
	return rc;
}

static enum err skip_scan(struct ask *k, struct skip *s)
{
	struct entry prefix = prefix_of(k, s->region, s->first);
	struct str p = str_of(prefix.p, prefix.n);
	enum err rc;

	if (done(k))
		return ERR_NONE;
	rc = sorted_seek(&k->tree, &k->cur, p);
	while (!rc && str_starts(sorted_key(&k->cur), p) && !done(k)) {
		s->far = k->cur.leaves > s->worth;
		rc = look_ahead(k, s, p);
		if (rc || s->far)
			break;
		rc = take_word(k, s->next);
		k->hits.full |= hits_enough(&k->hits);
	}
	return end_walk(k, rc);
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
	if (k->cur.high.n && str_cmp(str_of(k->cur.high.key, k->cur.high.n),
				     str_of(end, prefix.n + 1)) < 0)
		rc = sorted_span(&k->tree, prefix, str_of(end, prefix.n + 1),
				 leaves);
	(*leaves)++;
	return rc;
}

/* Whether there is only one such word matters where there are many entries. */
static enum err measure(struct ask *k, enum index_region region,
			struct str word, struct spread *s)
{
	struct entry e = prefix_of(k, region, word);
	struct str p = str_of(e.p, e.n);
	enum err rc;

	*s = (struct spread){ 0 };
	rc = sorted_seek(&k->tree, &k->cur, p);
	if (!rc)
		rc = measure_from(k, p, &s->leaves);
	if (!rc && s->leaves > SEEKS_COST) {
		rc = skip_word(k);
		s->sole = rc == ERR_NOTFOUND ||
			  (!rc && !str_starts(sorted_key(&k->cur), p));
	}
	return end_walk(k, rc);
}

static bool begins(const struct ask *k, enum index_begins kind, size_t word)
{
	return index_begins(&k->ix->head->sets.at[k->hits.set], kind,
			    k->words[word]);
}

static enum err measure_all(struct ask *k, bool *any)
{
	enum err rc = ERR_NONE;

	*any = true;
	for (size_t i = 0; i < k->n && *any && !rc; i++) {
		k->others[i] = (struct spread){ 0 };
		rc = measure(k, INDEX_NAMES, k->words[i], &k->names[i]);
		if (!rc && begins(k, BEGINS_OTHER, i))
			rc = measure(k, INDEX_OTHERS, k->words[i],
				     &k->others[i]);
		*any = k->names[i].leaves || k->others[i].leaves;
	}
	return rc;
}

/* ---- where all words stand in name and place */
static size_t seeks(const struct spread *s)
{
	return s->sole ? SEEKS_COST : SEEKS_COST + s->leaves;
}

/* The rarest but one. */
static size_t rarest(const struct ask *k, size_t but)
{
	size_t best = SIZE_MAX, least = SIZE_MAX;

	for (size_t i = 0; i < k->n; i++)
		if (i != but && k->names[i].leaves < least) {
			least = k->names[i].leaves;
			best = i;
		}
	return best;
}

/* The word from which to go on to another. */
static size_t leading(const struct ask *k)
{
	size_t best = 0;

	for (size_t i = 1; i < k->n; i++)
		if (seeks(&k->names[i]) < seeks(&k->names[best]))
			best = i;
	return best;
}

static bool all_in_names(const struct ask *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (!k->names[i].leaves)
			return false;
	return true;
}

static enum err ask_pair(struct ask *k, size_t from, size_t to, bool *far)
{
	struct skip s = { .region = INDEX_NAMES,
			  .first = k->words[from],
			  .next = k->words[to],
			  .leaves = k->names[from].leaves,
			  .worth = k->names[rarest(k, SIZE_MAX)].leaves };
	enum err rc = skip_scan(k, &s);

	*far = s.far;
	return rc;
}

/* What is followed by all others: but a place follows no name. */
static enum err ask_names(struct ask *k)
{
	size_t rare = rarest(k, SIZE_MAX), lead = leading(k);
	size_t next = rarest(k, lead);
	bool far = k->names[rare].leaves <= SEEKS_COST;
	enum err rc = ERR_NONE;

	if (!all_in_names(k))
		return ERR_NONE;
	if (!far)
		rc = ask_pair(k, lead, next, &far);
	if (!rc && !far && begins(k, BEGINS_PLACE, next))
		rc = ask_pair(k, next, lead, &far);
	return rc || !far ? rc : walk_word(k, INDEX_NAMES, k->words[rare]);
}

/* ---- where a word stands elsewhere: its entries hold all words */

/* The records of a rare word of names may be fewer than the entries here. */
static enum err ask_records(struct ask *k, size_t word)
{
	enum err rc;

	k->hits.thorough = true;
	rc = walk_word(k, INDEX_NAMES, k->words[word]);
	k->hits.thorough = false;
	return rc;
}

/* All entries of that word, or the records of a rarer one. */
static enum err ask_range(struct ask *k, size_t word)
{
	size_t rare = rarest(k, word);

	if (k->names[rare].leaves && !k->others[rare].leaves &&
	    k->names[rare].leaves * RECORDS_COST < k->others[word].leaves)
		return ask_records(k, rare);
	return walk_word(k, INDEX_OTHERS, k->words[word]);
}

/* Each word of a name follows that word. */
static enum err ask_followed(struct ask *k, size_t word)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < k->n && !rc; i++) {
		struct skip s = { .region = INDEX_OTHERS,
				  .first = k->words[word],
				  .next = k->words[i],
				  .leaves = k->others[word].leaves,
				  .worth = k->others[word].leaves };

		if (i == word || !k->names[i].leaves)
			continue;
		rc = skip_scan(k, &s);
		if (s.far)
			return rc ? rc : ask_range(k, word);
	}
	return rc;
}

/* The word with the fewest entries of those that stand nowhere else. */
static size_t other_only(const struct ask *k, bool names_too)
{
	size_t best = SIZE_MAX, least = SIZE_MAX;

	for (size_t i = 0; i < k->n; i++) {
		bool only = names_too ? !begins(k, BEGINS_PLACE, i)
				      : !k->names[i].leaves;

		if (only && k->others[i].leaves &&
		    k->others[i].leaves < least) {
			least = k->others[i].leaves;
			best = i;
		}
	}
	return best;
}

/* Might all words stand in places and elsewhere, none in a name? */
static bool none_named(const struct ask *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (!k->others[i].leaves && !begins(k, BEGINS_PLACE, i))
			return false;
	return true;
}

/* One in its range is enough where that word is in no place. */
static enum err ask_unnamed(struct ask *k)
{
	size_t one = other_only(k, true);
	enum err rc = ERR_NONE;

	if (one != SIZE_MAX)
		return ask_range(k, one);
	for (size_t i = 0; i < k->n && !rc; i++)
		if (k->others[i].leaves)
			rc = ask_range(k, i);
	return rc;
}

static enum err ask_others(struct ask *k)
{
	size_t only = other_only(k, false);
	enum err rc = ERR_NONE;

	if (only != SIZE_MAX)
		return ask_range(k, only);
	for (size_t i = 0; i < k->n && !rc; i++) {
		if (!k->others[i].leaves)
			continue;
		k->hits.full |= hits_enough(&k->hits);
		rc = entry_is_number(k->words[i]) ? ask_range(k, i)
						  : ask_followed(k, i);
	}
	return !rc && none_named(k) ? ask_unnamed(k) : rc;
}

/* ---- the answer */
static enum err ask_several(struct ask *k)
{
	bool any = false;
	enum err rc = measure_all(k, &any);

	if (rc || !any)
		return rc;
	rc = ask_names(k);
	return rc ? rc : ask_others(k);
}

/* Beside what begins so. */
static enum err ask_further(struct ask *k)
{
	enum err rc = ERR_NONE;

	k->hits.full |= hits_enough(&k->hits);
	if (done(k))
		return ERR_NONE;
	if (k->n > 1)
		return ask_several(k);
	if (k->q->n > 1)
		rc = walk_word(k, INDEX_NAMES, k->words[0]);
	if (!rc && begins(k, BEGINS_OTHER, 0))
		rc = walk_word(k, INDEX_OTHERS, k->words[0]);
	return rc;
}

/* What another word begins with, or repeats, is there when that one is. */
static bool needed(const struct question *q, size_t i)
{
	struct str word = q->words[i];

	for (size_t j = 0; j < q->n; j++)
		if (j != i && str_starts(q->words[j], word) &&
		    (j < i || !str_eq(q->words[j], word)))
			return false;
	return true;
}

static void need_words(struct ask *k)
{
	for (size_t i = 0; i < k->q->n; i++)
		if (needed(k->q, i))
			k->words[k->n++] = k->q->words[i];
}

static enum err ask_sets(struct ask *k, enum err (*how)(struct ask *k),
			 bool *more)
{
	const struct index_head *h = k->ix->head;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < h->sets.n && !rc; i++) {
		if (!hits_wanted(&k->hits, &h->sets.at[i]))
			continue;
		hits_set(&k->hits, i);
		rc = how(k);
		*more |= k->hits.full || k->hits.spent || k->spent;
	}
	return rc;
}

/* Where the disk has to be waited for: all that will be measured at once. */
static void words_ahead(struct ask *k)
{
	const struct index_head *h = k->ix->head;
	struct str keys[AHEAD_MAX];
	size_t n = 0;

	for (size_t i = 0; i < h->sets.n; i++) {
		if (!hits_wanted(&k->hits, &h->sets.at[i]))
			continue;
		hits_set(&k->hits, i);
		for (size_t w = 0; w < 2 * k->n && n < AHEAD_MAX; w++) {
			struct entry e =
				prefix_of(k, w % 2 ? INDEX_OTHERS : INDEX_NAMES,
					  k->words[w / 2]);

			if (w % 2 == 0 || begins(k, BEGINS_OTHER, w / 2))
				keys[n++] =
					arena_dup(k->hits.a, str_of(e.p, e.n));
		}
	}
	sorted_ahead(&k->tree, keys, n);
}

/* First what begins so, in all lists: mostly that is enough. */
static enum err ask_all(struct ask *k, struct index_found *out)
{
	enum err rc = ask_sets(k, walk_whole, &out->more);

	if (!rc && store_waits() != k->waits && !hits_enough(&k->hits))
		words_ahead(k);
	if (!rc && k->q->n)
		rc = ask_sets(k, ask_further, &out->more);
	out->total = k->hits.list.n;
	return rc;
}

enum err index_ask(const struct index_reader *ix, const struct question *q,
		   struct arena *a, struct index_found *out)
{
	struct ask k = { .ix = ix, .q = q, .waits = store_waits() };
	enum err rc = hits_begin(&k.hits, ix, q, a);

	*out = (struct index_found){ 0 };
	k.tree = (struct sorted){ ix->shelf, ix->head->root };
	need_words(&k);
	if (!rc)
		rc = ask_all(&k, out);
	if (!rc)
		rc = hits_give(&k.hits, out);
	hits_end(&k.hits);
	return rc;
}

static enum err word_there(struct ask *k, enum index_region region,
			   struct str word, bool *there)
{
	struct entry e = prefix_of(k, region, word);
	struct str p = str_of(e.p, e.n);
	enum err rc = sorted_seek(&k->tree, &k->cur, p);

	*there = !rc && str_starts(sorted_key(&k->cur), p);
	return end_walk(k, rc);
}

enum err index_knows(const struct index_reader *ix, struct str word,
		     bool *known)
{
	struct ask k = { .ix = ix };
	enum err rc = ERR_NONE;

	k.tree = (struct sorted){ ix->shelf, ix->head->root };
	*known = false;
	for (size_t i = 0; i < ix->head->sets.n && !rc && !*known; i++) {
		k.hits.set = i;
		rc = word_there(&k, INDEX_NAMES, word, known);
		if (!rc && !*known &&
		    index_begins(&ix->head->sets.at[i], BEGINS_OTHER, word))
			rc = word_there(&k, INDEX_OTHERS, word, known);
	}
	return rc;
}
