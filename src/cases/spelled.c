/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/search.h"
#include "pilar/utf8.h"

/*
 * The index knows folded words only, so among hits of one rank spellings stand
 * as chance had it. Those that are seen are read for it: no more.
 */
#define ROWS_SEEN 8

/* Does each word that was typed begin one of the name's, letter for letter? */
static bool is_spelled(struct str name, struct str typed)
{
	struct str want, rest, word;

	while (str_word(&typed, &want)) {
		bool begins = false;

		rest = name;
		while (!begins && str_word(&rest, &word))
			begins = str_starts(word, want);
		if (!begins)
			return false;
	}
	return true;
}

static bool hit_is_spelled(struct cases *c, const struct hit *h,
			   struct str typed, struct arena *a)
{
	struct entity e = { 0 };

	return !cases_entity(c, h->dataset, h->id, a, &e) &&
	       is_spelled(utf8_fold(a, cases_title(c, &e)), typed);
}

static bool tied(const struct hit *x, const struct hit *y)
{
	return x->how == HIT_WORDS && y->how == HIT_WORDS &&
	       x->rank == y->rank && str_eq(x->dataset, y->dataset);
}

/* Of hits from `from` to `to` those that are spelled so come first. */
static void sort_tied(struct cases *c, struct hit *hits, size_t from, size_t to,
		      struct str typed, struct arena *a)
{
	for (size_t i = from; i < to; i++) {
		struct hit h = hits[i];

		if (!hit_is_spelled(c, &h, typed, a))
			continue;
		memmove(&hits[from + 1], &hits[from],
			(i - from) * sizeof(*hits));
		hits[from++] = h;
	}
}

void cases_spelled(struct cases *c, struct str text, struct search_result *r)
{
	struct arena a = { 0 };
	struct str typed = utf8_fold(&a, str_trim(text));
	size_t n = r->n < ROWS_SEEN ? r->n : ROWS_SEEN, to;

	for (size_t i = 0; typed.n && i < n; i = to) {
		for (to = i + 1; to < n && tied(&r->hits[i], &r->hits[to]);)
			to++;
		if (to - i > 1)
			sort_tied(c, r->hits, i, to, typed, &a);
	}
	arena_release(&a);
}
