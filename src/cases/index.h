/* SPDX-License-Identifier: MIT */
#ifndef CASES_INDEX_H
#define CASES_INDEX_H

#include "pilar/dataset.h"

#include "shelf.h"

/*
 * The search index (INDEX.md, variant (c)): sealed sorted pages, changed in
 * the transaction that changes the entity. What follows from an entity is its
 * record, folded words; what follows from a record is its entries:
 *
 *   list, FIRST, the name's words in order
 *   list, WORDS, two words of name or place, then the rest of those; for any
 *         two, in either order
 *   list, WORDS, any other word, marked as such, the name, all the rest
 *
 * and behind each the record's number. So what is typed of a name from its
 * start is one stretch of FIRST; of any two words of a name and its village
 * one follows the other in WORDS; and what an entry does not hold of its
 * record are at most numbers and streets.
 */

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
/* Kind and text of the word at `*at`, which moves on; false at the end. */
bool record_word(struct str record, size_t *at, enum dataset_search *kind,
		 struct str *word);
/* A stored record: its number, then what record_word() reads. */
enum err record_read(struct str value, uint32_t *number,
		     struct str *record) MUST_CHECK;

/* ---- the index as a whole */
/* How words that are neither name nor place begin, up to three letters, as
 * bits: most words of a question need not be looked for among them. */
#define BEGIN_BYTES ((size_t)256)

struct index_set {
	struct str name; /* of a dataset; its place is its number in keys */
	uint64_t records;
	uint8_t begins[BEGIN_BYTES];
};
void index_begins_add(struct index_set *s, struct str word);
bool index_begins(const struct index_set *s, struct str word);
struct index_head {
	struct arena arena;
	uint32_t root; /* of the sorted entries */
	uint32_t next; /* number for a new record */
	VEC(struct index_set) sets;
};
void index_head_release(struct index_head *h);
/*
 * Reads it unless `tag` names what was read before. ERR_NOTFOUND: there is no
 * index. ERR_VERSION: one made by another version of the folding.
 */
enum err index_head_get(struct index_head *h, struct txn *t,
			uint8_t tag[STORE_TAG]) MUST_CHECK;
/* The entity that has a number. */
enum err index_entity(struct shelf *s, const struct index_head *h,
		      uint32_t number, struct str *dataset,
		      struct id *id) MUST_CHECK;

/* ---- writing, in the transaction `s` was begun with */
struct index_write;
/* ERR_VERSION: there is none yet, or one of another version that was taken
 * out; all records are to be put in. */
enum err index_begin(struct index_write **out, struct shelf *s,
		     struct txn *t) MUST_CHECK;
/* In place of the record this entity had. Equal ones cost nothing. */
enum err index_put(struct index_write *w, struct str dataset,
		   const struct id *id, struct str record) MUST_CHECK;
/* It is not found any more. */
enum err index_del(struct index_write *w, struct str dataset,
		   const struct id *id) MUST_CHECK;
enum err index_finish(struct index_write *w) MUST_CHECK;
void index_free(struct index_write *w);
/* Takes everything of it out of the store. */
enum err index_drop(struct txn *t) MUST_CHECK;

/* ---- entries */
enum index_region { INDEX_FIRST = 1, INDEX_WORDS };
#define NAME_WORDS  8 /* further ones are found, but no part of the name */
#define PLACE_WORDS 4 /* as well */
#define ENTRY_SETS  ((size_t)0xffff)
#define ENTRY_FRONT 3 /* list and region */
#define ENTRY_TEXT  240
enum entry_mark {
	ENTRY_END = 1, /* missing where the text is cut */
	ENTRY_SEP,     /* between words */
	ENTRY_OTHER,   /* behind a first word that is neither name nor place */
	ENTRY_REST     /* before the words behind a name */
};

struct entry {
	char p[ENTRY_TEXT + 10];
	size_t n;
	bool cut;
};
void entry_begin(struct entry *e, size_t set, enum index_region region);
/* With that mark before it, unless it is the first. */
void entry_word(struct entry *e, enum entry_mark mark, struct str word);

/* An entry taken apart; texts are lent from its key. */
struct entry_view {
	struct str name[NAME_WORDS]; /* in the name's order */
	size_t n;
	struct str other[RECORD_WORDS];
	size_t n_other;
	bool all; /* the words of the record are all here */
	bool cut; /* any of its words may be missing */
	uint32_t number;
};
bool entry_read(struct str key, struct entry_view *out);
/* Is it one of a word that is neither name nor place? Which? */
bool entry_other(struct str key, struct str *word);
enum err index_entries(size_t set, uint32_t number, struct str record,
		       enum err (*each)(void *arg, struct str key),
		       void *arg) MUST_CHECK;

/* ---- asking */
#define QUESTION_WORDS 8 /* further ones are not looked at */

struct question {
	struct str words[QUESTION_WORDS]; /* folded; none: everything */
	size_t n;
	struct str dataset; /* empty: all */
	size_t limit;
};

struct index_hit {
	struct str dataset; /* lent from the head */
	struct id id;
	uint32_t number;
	unsigned rank;
};
struct index_found {
	struct index_hit *hits; /* best first; at equal rank by name */
	size_t n;
	uint64_t total; /* how many hit, or were looked at */
	bool more;      /* there may be more than `total` */
};
struct index_reader {
	struct shelf *shelf;
	const struct index_head *head;
	struct txn *t;
};
/* Among what hits, the best of those that are met first: at least CANDIDATES
 * of each dataset. */
#define CANDIDATES 64
enum err index_ask(const struct index_reader *ix, const struct question *q,
		   struct arena *a, struct index_found *out) MUST_CHECK;
/* Does any word of any record begin so? */
enum err index_knows(const struct index_reader *ix, struct str word,
		     bool *known) MUST_CHECK;

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
	size_t in_order, names, length;
};
void match_word(struct match *m, bool name, struct str word,
		const struct question *q);
unsigned match_rank(const struct match *m, size_t words);

/* The name as sorted by: its words, a blank between them. */
#define RECORD_NAME_MAX ((size_t)RECORD_WORDS * (RECORD_WORD + 1))
size_t record_name(struct str record, char out[RECORD_NAME_MAX]);

#endif
