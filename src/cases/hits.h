/* SPDX-License-Identifier: MIT */
#ifndef CASES_HITS_H
#define CASES_HITS_H

#include "pilar/vec.h"

#include "index.h"

/* What was found of a question so far: each entity once, with its best rank. */
struct candidate {
	struct id id;
	size_t set;
	unsigned rank;
	struct str name; /* in the arena */
};

struct hits {
	const struct index_reader *ix;
	const struct question *q;
	struct arena *a;
	VEC(struct candidate) list;
	size_t *of, max; /* how many each dataset has; at most max */
	size_t set;
	uint32_t *places; /* by id, 0: free, else place + 1 */
	size_t n_places;  /* at least twice as many as there are */
	size_t records;   /* read so far */
	bool thorough;    /* records are read for what entries do not hold */
	bool full;        /* this dataset has more than may be kept */
	bool spent;       /* no more records may be read */
};

enum err hits_begin(struct hits *h, const struct index_reader *ix,
		    const struct question *q, struct arena *a) MUST_CHECK;
void hits_end(struct hits *h);
void hits_set(struct hits *h, size_t set); /* what follows is of this one */
/* Takes in the entity of an entry when all words of the question are there. */
enum err hits_judge(struct hits *h, struct str key) MUST_CHECK;
/* As many as are wanted. */
bool hits_enough(const struct hits *h);
/* The best of all, in order. */
enum err hits_give(struct hits *h, struct index_found *out) MUST_CHECK;
bool hits_wanted(const struct hits *h, const struct index_set *set);

#endif
