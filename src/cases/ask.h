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
	uint64_t waits; /* for the disk, when it began */
};

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
