/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <string.h>

/* Leaves that one question may read: half a millisecond, and one more for so
 * many hits that are wanted. */
#define LEAVES_MAX 160
#define LEAF_HITS  4
/* After as many leaves it is seen whether going from word to word pays. */
#define TRIED 4

bool ask_begins(const struct ask *k, enum index_begins kind, struct str word)
{
	return index_begins(&k->ix->head->sets.at[k->hits.set], kind, word);
}

/* ---- walking */
bool ask_done(struct ask *k)
{
	size_t most = LEAVES_MAX + k->q->limit / LEAF_HITS;

	k->spent |= k->q->n && k->leaves + k->cur.leaves > most;
	return k->hits.full || k->hits.spent || k->spent;
}

enum err ask_end(struct ask *k, enum err rc)
{
	k->leaves += k->cur.leaves;
	k->cur.leaves = 0;
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* What the cursor is at and what follows, while it begins so. */
static enum err take(struct ask *k, struct str prefix)
{
	enum err rc = ERR_NONE;

	while (!rc && str_starts(sorted_key(&k->cur), prefix) && !ask_done(k)) {
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

	if (ask_done(k))
		return ERR_NONE;
	rc = sorted_seek(&k->tree, &k->cur, p);
	return ask_end(k, rc ? rc : take(k, p));
}

struct entry ask_prefix(const struct ask *k, enum index_region region,
			struct str word)
{
	struct entry e;

	entry_begin(&e, k->hits.set, region);
	entry_word(&e, ENTRY_SEP, word);
	return e;
}

enum err ask_walk_word(struct ask *k, enum index_region region, struct str word)
{
	struct entry e = ask_prefix(k, region, word);

	return walk(k, &e);
}

struct entry ask_whole(const struct ask *k)
{
	struct entry e;

	entry_begin(&e, k->hits.set, INDEX_NAMES);
	for (size_t i = 0; i < k->q->n; i++)
		entry_word(&e, i == 1 ? ENTRY_FIRST : ENTRY_SEP,
			   k->q->words[i]);
	return e;
}

enum err ask_walk_whole(struct ask *k)
{
	struct entry e = ask_whole(k);

	return walk(k, &e);
}

/* ---- from word to word */

enum err ask_skip_word(struct ask *k)
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
	if (!rc && !ask_done(k))
		rc = take_next(k, str_of(text, n), ENTRY_SEP, next);
	key = sorted_key(&k->cur);
	/* It may have gone beyond the word already. */
	if (!rc && n == entry_word_end(key) && !memcmp(text, key.p, n))
		rc = ask_skip_word(k);
	return rc;
}

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

enum err ask_scan(struct ask *k, struct skip *s)
{
	struct entry prefix = ask_prefix(k, s->region, s->first);
	struct str p = str_of(prefix.p, prefix.n);
	enum err rc;

	if (ask_done(k))
		return ERR_NONE;
	rc = sorted_seek(&k->tree, &k->cur, p);
	while (!rc && str_starts(sorted_key(&k->cur), p) && !ask_done(k)) {
		s->far = k->cur.leaves > s->worth;
		rc = look_ahead(k, s, p);
		if (rc || s->far)
			break;
		rc = take_word(k, s->next);
		k->hits.full |= hits_enough(&k->hits);
	}
	return ask_end(k, rc);
}
