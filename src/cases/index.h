/* SPDX-License-Identifier: MIT */
#ifndef CASES_INDEX_H
#define CASES_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/dataset.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * The search index in memory (INDEX.md, variant (a)): folded words of every
 * entity, sorted. It knows no store: entities come as records, which are what
 * the store keeps sealed for each of them, and questions as folded words.
 *
 * Entities put in after the last index_settle() wait in a short list that is
 * searched from end to end; settling sorts them in.
 */
struct index;

/* A record: version, then words; those of names first, in order. */
#define RECORD_WORDS 48
#define RECORD_WORD  60 /* longer words are cut, in questions too */

struct record {
	struct buf bytes;
	size_t words;
};
void record_begin(struct record *r);
/* Folds `text` and adds its words as that kind asks. */
enum err record_add(struct record *r, enum dataset_search kind, struct str text,
		    struct arena *a) MUST_CHECK;
/* Made by this program's folding? Else it must be made anew. */
bool record_current(struct str record);
/* Kind and text of the word at `*at`, which moves on; false at the end. */
bool record_word(struct str record, size_t *at, enum dataset_search *kind,
		 struct str *word);

#define INDEX_ID 16 /* bytes of an entity's UUID */

struct index *index_new(void);
void index_free(struct index *ix);
/* `dataset`, `id` and `record` are copied. An entity put again is replaced. */
enum err index_put(struct index *ix, struct str dataset,
		   const uint8_t id[INDEX_ID], struct str record) MUST_CHECK;
void index_del(struct index *ix, const uint8_t id[INDEX_ID]);
enum err index_settle(struct index *ix) MUST_CHECK;
/* Entities waiting to be sorted in; settle when it passes INDEX_WAITING. */
#define INDEX_WAITING 512
size_t index_waiting(const struct index *ix);

struct index_hit {
	struct str dataset; /* lent until the index changes */
	const uint8_t *id;
	unsigned rank;
};

#define QUESTION_WORDS 8 /* further ones are not looked at */

struct question {
	struct str words[QUESTION_WORDS]; /* folded; none: everything */
	size_t n;
	struct str dataset; /* empty: all */
	size_t limit;
};
/* Best first; at equal rank by dataset, name and id. */
enum err index_ask(struct index *ix, const struct question *q, struct arena *a,
		   struct index_hit **hits, size_t *n,
		   size_t *total) MUST_CHECK;

/*
 * Rank: whether the words stand in the name from its start, in order, or
 * anyhow; how many are not whole words; how long the name is.
 */
#define RANK_NONE UINT32_MAX
unsigned record_rank(struct str record, const struct question *q);

/* The same in steps: each word of a record with the question's words it begins
 * with and those it equals, as bits. Zero it first. */
struct match {
	unsigned hit, whole, first;
	size_t in_order, names;
};
void match_word(struct match *m, bool name, unsigned hit, unsigned whole);
unsigned match_rank(const struct match *m, size_t words, size_t length);
/* Letters of the name, a blank for each word. */
#define RANK_LENGTH_MAX 0xffu

/* The name as sorted by: its words, a blank between them. */
#define RECORD_NAME_MAX ((size_t)RECORD_WORDS * (RECORD_WORD + 1))
size_t record_name(struct str record, char out[RECORD_NAME_MAX]);

#endif
