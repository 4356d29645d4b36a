/* SPDX-License-Identifier: MIT */
#include "ask.h"

/* Leaves that hold as many entries as are looked at where most hit. */
#define WALKED     4
#define MANY_WORDS 3
/* Of the index, kept from the beginning: 400 kB; all but the two lowest levels
 * of 5,000,000 entities. */
#define TOP_PAGES 300

void ways_add(struct ways *w, const struct entry *e, size_t leaves)
{
	struct str key = arena_dup(&w->a, str_of(e->p, e->n));

	if (key.p && w->n < AHEAD_MAX)
		w->list[w->n++] = (struct sorted_way){ key, leaves };
}

bool index_cold(const struct index_reader *ix)
{
	return ix->cold || store_waits() != ix->waits;
}

struct sorted ask_tree(const struct index_reader *ix)
{
	return (struct sorted){ .shelf = ix->shelf, .root = ix->head->root };
}

static void add_whole(struct ask *k, struct ways *w)
{
	struct entry e = ask_whole(k);

	ways_add(w, &e, WALKED);
}

/* What measuring a word takes: where it begins, where it ends and another
 * begins so, and how far away those that do end. */
static void add_word(const struct ask *k, struct ways *w,
		     enum index_region region, struct str word)
{
	struct entry e = ask_prefix(k, region, word);

	ways_add(w, &e, 1);
	e.p[e.n++] = ENTRY_REST + 1;
	ways_add(w, &e, 1);
	e.p[e.n - 1] = (char)0xff;
	ways_add(w, &e, 0);
}

static void add_words(struct ask *k, struct ways *w)
{
	for (size_t i = 0; i < k->n; i++) {
		add_word(k, w, INDEX_NAMES, k->words[i]);
		if (ask_begins(k, BEGINS_OTHER, k->words[i]))
			add_word(k, w, INDEX_OTHERS, k->words[i]);
	}
}

void ask_ahead(struct ask *k, ways_fn *add)
{
	const struct index_head *h = k->ix->head;
	struct ways w = { .n = 0 };

	if (!index_cold(k->ix))
		return;
	for (size_t i = 0; i < h->sets.n; i++) {
		if (!hits_wanted(&k->hits, &h->sets.at[i]))
			continue;
		k->hits.set = i;
		add(k, &w);
	}
	k->tree.cold = true;
	sorted_ahead(&k->tree, w.list, w.n);
	arena_release(&w.a);
}

/* As few begin so as there are many words: what comes next as well. */
static void add_both(struct ask *k, struct ways *w)
{
	add_whole(k, w);
	add_words(k, w);
}

void ask_ahead_whole(struct ask *k)
{
	ask_ahead(k, k->n < MANY_WORDS ? add_whole : add_both);
}

void ask_ahead_words(struct ask *k)
{
	if (k->n < MANY_WORDS)
		ask_ahead(k, add_words);
}

void index_ahead(const struct index_reader *ix, const struct str *words,
		 size_t n)
{
	struct sorted tree = ask_tree(ix);
	struct ask k = { .ix = ix };
	struct ways w = { .n = 0 };

	for (size_t i = 0; i < n * ix->head->sets.n; i++) {
		struct str word = words[i % n];
		struct entry e;

		k.hits.set = i / n;
		e = ask_prefix(&k, INDEX_NAMES, word);
		ways_add(&w, &e, 1);
		e = ask_prefix(&k, INDEX_OTHERS, word);
		if (ask_begins(&k, BEGINS_OTHER, word))
			ways_add(&w, &e, 1);
	}
	sorted_ahead(&tree, w.list, w.n);
	arena_release(&w.a);
}

void index_top(const struct index_reader *ix)
{
	struct sorted tree = ask_tree(ix);

	sorted_top(&tree, TOP_PAGES);
}
