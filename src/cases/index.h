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
 *   list, NAMES, two words of name or place, then the rest of those: any two
 *         of the name in both orders, any of the place before each of the
 *         name, two of the place as they sort, and what is not yet first; in
 *         the name's own order a mark that sorts before stands between its
 *         first two words, so names that begin so come first
 *   list, OTHERS, any other word, one of the name, all the rest; for each word
 *         of the name, or of the first only where the other is a number
 *
 * and behind each the entity's id. So what is typed of a name from its start is
 * one stretch; each word of a name follows each other one and each of the
 * village, and each of the street.
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

/* ---- the index as a whole */
/*
 * How words of places, and words that are neither name nor place, begin, as
 * bits. Most words of a question need not be looked for there. Of the former
 * there are few, so eight letters count, else three. Digits are everywhere.
 */
#define BEGIN_BYTES ((size_t)2048)
enum index_begins { BEGINS_PLACE, BEGINS_OTHER, BEGINS_KINDS };

struct index_set {
	struct str name; /* of a dataset; its place is its number in keys */
	uint8_t begins[BEGINS_KINDS][BEGIN_BYTES];
};
/* True: bits were set that were not set before. */
bool index_begins_add(struct index_set *s, enum index_begins kind,
		      struct str word);
/* Of all words of the record. */
bool index_begins_all(struct index_set *s, struct str record);
bool index_begins(const struct index_set *s, enum index_begins kind,
		  struct str word);
struct index_head {
	struct arena arena;
	uint32_t root; /* of the sorted entries */
	VEC(struct index_set) sets;
};
void index_head_release(struct index_head *h);
/*
 * Reads it unless `tag` names what was read before. ERR_NOTFOUND: there is no
 * index. ERR_VERSION: one made by another version of the folding.
 */
enum err index_head_get(struct index_head *h, struct txn *t,
			uint8_t tag[STORE_TAG]) MUST_CHECK;
/*
 * ---- writing
 * A writer is kept from one transaction to the next: while others change
 * nothing it knows the head already. index_begin() to index_end() is one.
 */
struct index_write;
enum err index_write_new(struct index_write **out, struct shelf *s) MUST_CHECK;
void index_write_free(struct index_write *w);
/* ERR_VERSION: there is none yet, or one of another version that was taken
 * out; all records are to be put in. */
enum err index_begin(struct index_write *w, struct txn *t) MUST_CHECK;
/* Forgets what was not finished. */
void index_end(struct index_write *w);
/* In place of the record this entity had. Equal ones cost nothing. */
enum err index_put(struct index_write *w, struct str dataset,
		   const struct id *id, struct str record) MUST_CHECK;
/* It is not found any more. */
enum err index_del(struct index_write *w, struct str dataset,
		   const struct id *id) MUST_CHECK;
enum err index_finish(struct index_write *w) MUST_CHECK;
/* Takes everything of it out of the store. */
enum err index_drop(struct txn *t) MUST_CHECK;

/* ---- entries */
enum index_region { INDEX_NAMES = 1, INDEX_OTHERS };
#define NAME_WORDS  8 /* further ones are found, but no part of the name */
#define PLACE_WORDS 4 /* as well */
#define ENTRY_SETS  ((size_t)0xffff)
#define ENTRY_FRONT 3 /* list and region */
#define ENTRY_TEXT  226
enum entry_mark {
	ENTRY_END = 1, /* missing where the text is cut */
	ENTRY_FIRST,   /* between the first two words of a name */
	ENTRY_SEP,     /* between words */
	ENTRY_REST     /* before the words behind a name */
};

struct entry {
	char p[ENTRY_TEXT + 4 + ID_BYTES];
	size_t n;
	bool cut;
};
void entry_begin(struct entry *e, size_t set, enum index_region region);
/* With that mark before it, unless it is the first. */
void entry_word(struct entry *e, enum entry_mark mark, struct str word);
/* Where the first word of an entry ends. */
size_t entry_word_end(struct str key);
/* Each record has one such entry: those are in the order of names. */
bool entry_lists(struct str key);
/* Numbers are words, too; each stands with one word of the name only. */
bool entry_is_number(struct str word);

/* An entry taken apart; texts are lent from its key. */
struct entry_view {
	struct str name[NAME_WORDS]; /* in the name's order */
	size_t n;
	struct str other[RECORD_WORDS];
	size_t n_other;
	bool all; /* the words of the record are all here */
	bool cut; /* any of its words may be missing */
	struct id id;
};
bool entry_read(struct str key, struct entry_view *out);
enum err index_entries(size_t set, const struct id *id, struct str record,
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
	unsigned rank;
};
struct index_found {
	struct index_hit *hits; /* best first; at equal rank by name */
	size_t n;
	size_t total; /* how many were found to hit */
	bool more;    /* there may be more than `total` */
};
struct index_reader {
	struct shelf *shelf;
	const struct index_head *head;
	struct txn *t;
	uint64_t waits; /* for the disk, when the search began */
	bool cold;      /* there were some lately */
};
/* Among what hits, the best of those that are met first: CANDIDATES, in all
 * datasets together, or as many of each as are wanted. */
#define CANDIDATES 64
enum err index_ask(const struct index_reader *ix, const struct question *q,
		   struct arena *a, struct index_found *out) MUST_CHECK;
/*
 * Is the disk waited for, in this search or lately? Then a hint helps: these
 * words are asked for next; or somebody is about to type the first.
 */
bool index_cold(const struct index_reader *ix);
void index_ahead(const struct index_reader *ix, const struct str *words,
		 size_t n);
void index_top(const struct index_reader *ix);
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
