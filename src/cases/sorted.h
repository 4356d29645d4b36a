/* SPDX-License-Identifier: MIT */
#ifndef CASES_SORTED_H
#define CASES_SORTED_H

#include "shelf.h"

/*
 * A sorted set of short keys as a B+tree of sealed pages. Page numbers are
 * drawn at random, so what is stored tells nothing of the order, only how far a
 * page is from the leaves. Leaves are front-coded; pages above them hold
 * shortest separating keys.
 */
#define SORTED_KEY   250
#define SORTED_DEPTH 12

struct sorted {
	struct shelf *shelf;
	uint32_t root; /* 0: nothing in it */
	bool cold;     /* walks ask for leaves before they come to them */
};

struct sorted_bound { /* keys are below it; 0 bytes: there is none */
	char key[SORTED_KEY];
	size_t n;
};
struct sorted_cur {
	struct sorted *s;
	char key[SORTED_KEY]; /* the key it stands on */
	size_t n;
	struct sorted_bound high; /* of the leaf */
	uint32_t above; /* the page above it, where most ways on begin */
	struct sorted_bound above_high;
	size_t at, left;   /* in the leaf; keys behind this one */
	size_t leaves;     /* read so far */
	size_t run, asked; /* asked for the last time; to come of them */
	uint8_t leaf[SHELF_BYTES];
};
/* Stands on the first key at or above `from`; ERR_NOTFOUND behind the last. */
enum err sorted_seek(struct sorted *s, struct sorted_cur *c,
		     struct str from) MUST_CHECK;
enum err sorted_next(struct sorted_cur *c) MUST_CHECK;
/* Goes forward to the first key at or above `to`. */
enum err sorted_skip(struct sorted_cur *c, struct str to) MUST_CHECK;
struct str sorted_key(const struct sorted_cur *c);
/*
 * A hint that these keys will be sought, and as many leaves read from the key's
 * own on while they begin with the key: the pages of a level on the ways to all
 * of them are asked for together. Of AHEAD_MAX at most.
 */
struct sorted_way {
	struct str key;
	size_t leaves; /* 0: only what leads there */
};
void sorted_ahead(struct sorted *s, const struct sorted_way *ways, size_t n);
/* Reads the first levels, of `most` pages together, so that they are kept: each
 * at once. What cannot be read is met again by who needs it. */
void sorted_top(struct sorted *s, size_t most);
/* About how many leaves lie between two keys; 0: one leaf holds both. */
enum err sorted_span(struct sorted *s, struct str from, struct str to,
		     size_t *leaves) MUST_CHECK;

struct sorted_op {
	struct str key;
	uint64_t word; /* both set here: part of the key, */
	uint32_t turn; /* and its place among the others */
	bool del;
};
/*
 * Puts keys in and takes keys out, each page written once; `ops` is sorted on
 * the way. A key that is there already, or not there, is as it should be. Of
 * several with one key the last counts.
 */
enum err sorted_apply(struct sorted *s, struct sorted_op *ops,
		      size_t n) MUST_CHECK;

/*
 * ---- pages, for reading and writing: level, count, then keys or children.
 * Every so many keys of a leaf one stands whole, and where they stand is told
 * first, so that a seek reads a few keys and not all.
 */
#define SORTED_HEAD  3
#define SORTED_WHOLE 12
struct sorted_leaf { /* walks over the keys of a leaf */
	const uint8_t *page;
	size_t at, left;
	char *key; /* SORTED_KEY bytes */
	size_t n;
};
void sorted_leaf_begin(struct sorted_leaf *l, const uint8_t *page, char *key);
enum err sorted_leaf_next(struct sorted_leaf *l) MUST_CHECK;
struct sorted_child {
	struct str low; /* of child 0: empty */
	uint32_t number;
};
size_t sorted_count(const uint8_t *page);
enum err sorted_child_at(const uint8_t *page, size_t i,
			 struct sorted_child *out) MUST_CHECK;
/* The last child whose lower bound is not above the key. */
enum err sorted_choose(const uint8_t *page, struct str key,
		       size_t *at) MUST_CHECK;

#endif
