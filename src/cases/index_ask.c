/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <string.h>

/* To read the records of a leaf's entries takes as long as so many leaves. */
#define RECORDS_COST 30
/* What the seeks for one word cost, in leaves. */
#define SEEKS_COST 3
/* Where each of three words has more leaves than that, they are looked for
 * first where they stand side by side: mostly these are enough. */
#define COMMON 300
/* Of a pair's leaves asked for at once where the disk is waited for: each entry
 * hits, or a third word is looked for in all of them. */
#define PAIR_LEAVES  2
#define THIRD_LEAVES 6

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
	struct entry e = ask_prefix(k, region, word);
	struct str p = str_of(e.p, e.n);
	enum err rc;

	*s = (struct spread){ 0 };
	rc = sorted_seek(&k->tree, &k->cur, p);
	if (!rc)
		rc = measure_from(k, p, &s->leaves);
	if (!rc && s->leaves > SEEKS_COST) {
		rc = ask_skip_word(k);
		s->sole = rc == ERR_NOTFOUND ||
			  (!rc && !str_starts(sorted_key(&k->cur), p));
	}
	return ask_end(k, rc);
}

static enum err measure_all(struct ask *k, bool *any)
{
	enum err rc = ERR_NONE;

	*any = true;
	for (size_t i = 0; i < k->n && *any && !rc; i++) {
		k->others[i] = (struct spread){ 0 };
		rc = measure(k, INDEX_NAMES, k->words[i], &k->names[i]);
		if (!rc && ask_begins(k, BEGINS_OTHER, k->words[i]))
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
	enum err rc = ask_scan(k, &s);

	*far = s.far;
	return rc;
}

/* In names of three words the third stands right behind the two. */
static enum err ask_three(struct ask *k, size_t lead, size_t next)
{
	struct str third = k->words[3 - lead - next];
	struct skip s = { .region = INDEX_NAMES,
			  .first = k->words[lead],
			  .leaves = k->names[lead].leaves,
			  .worth = COMMON };
	struct buf both = BUF_INIT(2 * RECORD_WORD + 1);
	enum err rc;

	buf_addstr(&both, k->words[next]);
	buf_addc(&both, ENTRY_SEP);
	buf_addstr(&both, third);
	s.next = buf_str(&both);
	rc = both.failed ? both.failed : ask_scan(k, &s);
	buf_release(&both);
	return rc;
}

static void add_pair(const struct ask *k, struct ways *w, size_t from,
		     size_t to)
{
	static const enum entry_mark marks[] = { ENTRY_FIRST, ENTRY_SEP };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		struct entry e = ask_prefix(k, INDEX_NAMES, k->words[from]);

		entry_word(&e, marks[i], k->words[to]);
		ways_add(w, &e, k->n > 2 ? THIRD_LEAVES : PAIR_LEAVES);
		if (k->n != 3)
			continue;
		entry_word(&e, ENTRY_SEP, k->words[3 - from - to]);
		ways_add(w, &e, 1);
	}
}

/* What ask_names() will look for. */
static void add_names(struct ask *k, struct ways *w)
{
	size_t leaves = k->leaves, lead, next;
	bool any = false;

	if (measure_all(k, &any) || !any || !all_in_names(k))
		return;
	k->leaves = leaves;
	lead = leading(k);
	next = rarest(k, lead);
	add_pair(k, w, lead, next);
	if (ask_begins(k, BEGINS_PLACE, k->words[next]))
		add_pair(k, w, next, lead);
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
	if (k->n == 3 && k->names[rare].leaves > COMMON)
		rc = ask_three(k, lead, next);
	if (!rc && !far)
		rc = ask_pair(k, lead, next, &far);
	if (!rc && !far && ask_begins(k, BEGINS_PLACE, k->words[next]))
		rc = ask_pair(k, next, lead, &far);
	return rc || !far ? rc : ask_walk_word(k, INDEX_NAMES, k->words[rare]);
}

/* ---- where a word stands elsewhere: its entries hold all words */

/* The records of a rare word of names may be fewer than the entries here. */
static enum err ask_records(struct ask *k, size_t word)
{
	enum err rc;

	k->hits.thorough = true;
	rc = ask_walk_word(k, INDEX_NAMES, k->words[word]);
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
	return ask_walk_word(k, INDEX_OTHERS, k->words[word]);
}

/* Stands in names and nowhere else. */
static bool only_named(const struct ask *k, size_t i)
{
	return k->names[i].leaves && !k->others[i].leaves &&
	       !ask_begins(k, BEGINS_PLACE, k->words[i]);
}

/* From that word to one of a name, by the entries of the former. */
static enum err ask_follower(struct ask *k, size_t word, size_t i, bool *far)
{
	struct skip s = { .region = INDEX_OTHERS,
			  .first = k->words[word],
			  .next = k->words[i],
			  .leaves = k->others[word].leaves,
			  .worth = k->others[word].leaves };
	enum err rc = ask_scan(k, &s);

	*far |= s.far;
	return rc;
}

/* Each word of a name follows that word, so one that is only a name's does
 * for all. */
static enum err ask_followed(struct ask *k, size_t word)
{
	size_t best = SIZE_MAX;
	bool far = false;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < k->n; i++)
		if (i != word && only_named(k, i) &&
		    (best == SIZE_MAX ||
		     k->names[i].leaves < k->names[best].leaves))
			best = i;
	if (best != SIZE_MAX)
		rc = ask_follower(k, word, best, &far);
	for (size_t i = 0; i < k->n && best == SIZE_MAX && !rc && !far; i++)
		if (i != word && k->names[i].leaves)
			rc = ask_follower(k, word, i, &far);
	return rc || !far ? rc : ask_range(k, word);
}

/* The word with the fewest entries of those that stand nowhere else. */
static size_t other_only(const struct ask *k, bool names_too)
{
	size_t best = SIZE_MAX, least = SIZE_MAX;

	for (size_t i = 0; i < k->n; i++) {
		bool only = names_too
				    ? !ask_begins(k, BEGINS_PLACE, k->words[i])
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
		if (!k->others[i].leaves &&
		    !ask_begins(k, BEGINS_PLACE, k->words[i]))
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
	if (ask_done(k))
		return ERR_NONE;
	if (k->n > 1)
		return ask_several(k);
	if (k->q->n > 1)
		rc = ask_walk_word(k, INDEX_NAMES, k->words[0]);
	if (!rc && ask_begins(k, BEGINS_OTHER, k->words[0]))
		rc = ask_walk_word(k, INDEX_OTHERS, k->words[0]);
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

/* First what begins so, in all lists: mostly that is enough. */
static enum err ask_all(struct ask *k, struct index_found *out)
{
	enum err rc;

	ask_ahead_whole(k);
	rc = ask_sets(k, ask_walk_whole, &out->more);
	if (!rc && !hits_enough(&k->hits)) {
		ask_ahead_words(k);
		if (k->n > 1)
			ask_ahead(k, add_names);
	}
	if (!rc && k->q->n)
		rc = ask_sets(k, ask_further, &out->more);
	out->total = k->hits.list.n;
	return rc;
}

enum err index_ask(const struct index_reader *ix, const struct question *q,
		   struct arena *a, struct index_found *out)
{
	struct ask k = { .ix = ix, .q = q };
	enum err rc = hits_begin(&k.hits, ix, q, a);

	*out = (struct index_found){ 0 };
	k.tree = ask_tree(ix);
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
	struct entry e = ask_prefix(k, region, word);
	struct str p = str_of(e.p, e.n);
	enum err rc = sorted_seek(&k->tree, &k->cur, p);

	*there = !rc && str_starts(sorted_key(&k->cur), p);
	return ask_end(k, rc);
}

enum err index_knows(const struct index_reader *ix, struct str word,
		     bool *known)
{
	struct ask k = { .ix = ix };
	enum err rc = ERR_NONE;

	k.tree = ask_tree(ix);
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
