/* SPDX-License-Identifier: MIT */
#ifndef CASES_ASK_H
#define CASES_ASK_H

#include "hits.h"
#include "sorted.h"

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
};

/* May it stand in the list at hand there? */
bool ask_begins(const struct ask *k, enum index_begins kind, struct str word);

/*
 * ---- where the disk is waited for
 * What a step of the question looks for in all lists is asked for at once. A
 * hint, and nothing where searches did not wait lately.
 */
struct ways {
	struct arena a;
	struct sorted_way list[AHEAD_MAX];
	size_t n;
};
void ways_add(struct ways *w, const struct entry *e, size_t leaves);
/* Adds those of the list at hand. */
typedef void ways_fn(struct ask *k, struct ways *w);
void ask_ahead(struct ask *k, ways_fn *add);
/* The whole question; where each word begins and ends: of three and more these
 * are asked for with the whole, since few of them begin a name. */
void ask_ahead_whole(struct ask *k);
void ask_ahead_words(struct ask *k);
struct sorted ask_tree(const struct index_reader *ix);

/* ---- walking over the entries of the list at hand (hits.set) */

/* As many were found, or leaves read, as may be. */
bool ask_done(struct ask *k);
/* Every walk ends so: what it read is counted, an end is no error. */
enum err ask_end(struct ask *k, enum err rc) MUST_CHECK;
struct entry ask_prefix(const struct ask *k, enum index_region region,
			struct str word);
/* All entries whose first word begins so. */
enum err ask_walk_word(struct ask *k, enum index_region region,
		       struct str word) MUST_CHECK;
/* All of the question as one beginning of a name. */
struct entry ask_whole(const struct ask *k);
enum err ask_walk_whole(struct ask *k) MUST_CHECK;
/* What stands behind all entries of the word the cursor is at. */
enum err ask_skip_word(struct ask *k) MUST_CHECK;

/*
 * For each word that begins with `first`: what has `next` behind it. Where
 * there are many words this may cost more than reading all: `far` is set when
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
enum err ask_scan(struct ask *k, struct skip *s) MUST_CHECK;

#endif
