/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SEARCH_H
#define PILAR_SEARCH_H

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * Search as you type over every property that datasets.csv marks for search:
 * any order of words, each by prefix, all must hit, best first. Folded for
 * case, diacritics and Indonesian spelling (INDEX.md). The index behind it can
 * be replaced without touching callers.
 */
struct hit {
	struct str dataset, id; /* of the entity */
	unsigned rank;          /* smaller is better */
};

struct search_query {
	struct str text;
	struct str dataset; /* empty: all */
	size_t limit;       /* rows wanted, from the best on */
};
/* `total`: how many hit, not only those returned. Others' commits are seen. */
enum err cases_search(struct cases *c, const struct search_query *q,
		      struct arena *a, struct hit **hits, size_t *n,
		      size_t *total) MUST_CHECK;

/* The folding, for tests: words separated by one blank. */
struct str search_fold(struct arena *a, struct str text, bool typing);

#endif
