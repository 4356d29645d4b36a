/* SPDX-License-Identifier: MIT */
#ifndef CASES_INDEX_TABLES_H
#define CASES_INDEX_TABLES_H

#include "pilar/map.h"
#include "pilar/vec.h"

#include "index.h"

/* What index.c builds and index_ask.c reads. */

/* An entity that was sorted in. Documents stand by dataset, name, id. */
struct doc {
	uint8_t id[INDEX_ID];
	const char *record;
	uint32_t words;    /* where its words begin in `word_of` */
	uint16_t record_n; /* bytes */
	uint8_t n_words;
};

struct by_id {
	struct doc *doc;
};

/* A word that occurs; words stand in order. */
struct token {
	const char *p;
	uint8_t n;
};

enum { POST_NAME = 1, POST_FIRST = 2 }; /* in the name; at its start */

/* The documents of one dataset are neighbours. */
struct index_set {
	struct str name;
	uint32_t from, to, dead;
};

struct tables {
	struct arena arena;
	struct index_set *sets;
	size_t n_sets;
	struct doc *docs;
	uint32_t n_docs;
	uint8_t *lengths; /* of each document's name */
	bool *dead;       /* replaced or gone since */
	struct token *tokens;
	uint32_t n_tokens;
	uint32_t *posts_from; /* n_tokens + 1 */
	uint32_t *posts;      /* document by document */
	uint8_t *flags;       /* of each post */
	uint32_t *word_of;    /* token of each word of each document; the top
				 bit is set on words of the name */
	struct by_id *by_id;  /* documents by id; made when first asked */
	uint32_t *seen;       /* per document: round << 8 | what was found */
	uint32_t round;
};
#define WORD_IS_NAME 0x80000000u

/* An entity that waits to be sorted in. */
struct fresh {
	struct str dataset, record;
	uint8_t *id;
	bool dead;
};

struct index {
	struct tables t;
	struct arena arena; /* of what waits */
	VEC(struct fresh) fresh;
	struct map fresh_by_id; /* to the number in `fresh`, plus one */
};

#endif
