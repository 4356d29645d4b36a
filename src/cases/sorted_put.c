/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "sorted.h"

/* Pages that are made by splitting begin this full, in percent. */
#define FILL 85
/* So many are sorted by comparing. */
#define FEW 64
/* So many bytes are compared at once. */
#define SHARED_STEP 8

struct kids {
	VEC(struct sorted_child) list;
};

/* A key of the leaf at hand, and how much of it the one before has, too. */
struct leaf_key {
	struct str text;
	size_t same;
};

struct ops {
	const struct sorted_op *at;
	size_t n;
};

struct apply {
	struct shelf *shelf;
	int depth;
	struct arena arena; /* lower bounds of new pages */
	struct arena page;  /* keys of the leaf at hand */
	VEC(struct leaf_key) keys;
};

/* ---- in order */

/* Eight bytes of a key, as a number that compares as they do. */
static uint64_t word_at(struct str key, size_t at)
{
	uint64_t word = 0;

	for (size_t i = at; i < at + sizeof(word); i++)
		word = word << 8 | (i < key.n ? (uint8_t)key.p[i] : 0);
	return word;
}

/* The length tells keys apart that end in zeros; the rest are one key. */
static int by_word(const void *a, const void *b)
{
	const struct sorted_op *x = a, *y = b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	if (x->key.n != y->key.n)
		return x->key.n < y->key.n ? -1 : 1;
	return (x->turn > y->turn) - (x->turn < y->turn);
}

/* By that byte of their words, then those alike by the next. */
static void sort_words(struct sorted_op *ops, size_t n, struct sorted_op *room,
		       unsigned shift)
{
	size_t ends[256] = { 0 }, sum = 0;

	if (n < FEW || !room) {
		qsort(ops, n, sizeof(*ops), by_word);
		return;
	}
	for (size_t i = 0; i < n; i++)
		ends[ops[i].word >> shift & 0xff]++;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		sum += ends[i];
		ends[i] = sum - ends[i];
	}
	for (size_t i = 0; i < n; i++)
		room[ends[ops[i].word >> shift & 0xff]++] = ops[i];
	memcpy(ops, room, n * sizeof(*ops));
	for (size_t i = 0, from = 0; i < ARRAY_LEN(ends); from = ends[i++])
		if (shift && ends[i] - from > 1)
			sort_words(ops + from, ends[i] - from, room, shift - 8);
}

/* Keys that begin alike, by their bytes from `at` on: by the next eight first,
 * then those that are alike there, too. */
static void sort_from(struct sorted_op *ops, size_t n, struct sorted_op *room,
		      size_t at)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++)
		ops[i].word = word_at(ops[i].key, at);
	/* What is alike to the last byte is told apart by comparing. */
	sort_words(ops, n, at < SORTED_KEY ? room : NULL, 56);
	for (size_t i = 1; i <= n && at < SORTED_KEY; i++) {
		if (i < n && ops[i].word == ops[from].word)
			continue;
		if (i - from > 1)
			sort_from(ops + from, i - from, room,
				  at + sizeof(uint64_t));
		from = i;
	}
}

/* Few need no room, and where there is none the rest do without. */
static void sort_ops(struct sorted_op *ops, size_t n)
{
	struct sorted_op *room = n < FEW ? NULL : calloc(n, sizeof(*room));

	for (size_t i = 0; i < n; i++)
		ops[i].turn = (uint32_t)i;
	sort_from(ops, n, room, 0);
	free(room);
}

/* How many bytes both begin with. Neighbours share most of theirs. */
static size_t shared(struct str a, struct str b)
{
	size_t most = a.n < b.n ? a.n : b.n, n = 0;

	while (n + SHARED_STEP <= most &&
	       memcmp(a.p + n, b.p + n, SHARED_STEP) == 0)
		n += SHARED_STEP;
	while (n < most && a.p[n] == b.p[n])
		n++;
	return n;
}

/* ---- pages in bytes */
static void put_u16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void put_u32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/* A page without a number gets one. Few stand above the leaves, so these are
 * soon all at hand where they lie together. */
static enum err write_page(struct apply *a, uint32_t *number,
			   const uint8_t *page, size_t n)
{
	struct str bytes = str_of((const char *)page, n);
	unsigned level = page[0] < SHELF_GROUPS ? page[0] : SHELF_GROUPS - 1;

	return *number ? shelf_put(a->shelf, INDEX_BLOCK, *number, bytes)
		       : shelf_add(a->shelf, INDEX_BLOCK, level, bytes, number);
}

/* Callers have counted that the keys fit. */
static enum err write_leaf(struct apply *a, uint32_t *number,
			   const struct leaf_key *keys, size_t n)
{
	uint8_t page[SHELF_BYTES] = { 0 };
	struct sorted_leaf l;
	size_t at;

	put_u16(page + 1, n);
	sorted_leaf_begin(&l, page, NULL);
	at = l.at;
	for (size_t i = 0; i < n; i++) {
		bool whole = i % SORTED_WHOLE == 0;
		size_t same = whole ? 0 : keys[i].same;
		struct str rest = str_sub(keys[i].text, same, keys[i].text.n);

		if (whole)
			put_u16(page + SORTED_HEAD + 2 * (i / SORTED_WHOLE),
				at);
		page[at] = (uint8_t)same;
		page[at + 1] = (uint8_t)rest.n;
		memcpy(page + at + 2, rest.p, rest.n);
		at += 2 + rest.n;
	}
	return write_page(a, number, page, at);
}

static enum err write_inner(struct apply *a, uint32_t *number, uint8_t level,
			    const struct sorted_child *kids, size_t n)
{
	uint8_t page[SHELF_BYTES] = { 0 };
	size_t at = SORTED_HEAD + 4 + 2 * (n - 1);

	page[0] = level;
	put_u16(page + 1, n);
	put_u32(page + SORTED_HEAD, kids[0].number);
	for (size_t i = 1; i < n; i++) {
		put_u16(page + SORTED_HEAD + 4 + 2 * (i - 1), at);
		page[at] = (uint8_t)kids[i].low.n;
		memcpy(page + at + 1, kids[i].low.p, kids[i].low.n);
		put_u32(page + at + 1 + kids[i].low.n, kids[i].number);
		at += 1 + kids[i].low.n + 4;
	}
	return write_page(a, number, page, at);
}

/* ---- sharing out what does not fit one page */
struct share {
	size_t room, total, pages;
};

static struct share share_of(size_t total, size_t room)
{
	struct share s = { room, total, 1 };

	if (total > room)
		s.pages = total / (room * FILL / 100) + 1;
	return s;
}

/* Is the page full enough, or would the next one not go in? */
static bool share_ends(const struct share *s, size_t used, size_t next)
{
	return used + next > s->room ||
	       (s->pages > 1 && used >= s->total / s->pages);
}

/* Of the i-th key of a page. */
static size_t leaf_cost(const struct leaf_key *key, size_t i)
{
	if (i % SORTED_WHOLE == 0)
		return 2 + 2 + key->text.n;
	return 2 + key->text.n - key->same;
}

static enum err add_kid(struct kids *to, struct str low, uint32_t number)
{
	struct sorted_child *kid = vec_push(&to->list);

	if (!kid || !low.p)
		return ERR_NOMEM;
	*kid = (struct sorted_child){ low, number };
	return ERR_NONE;
}

/* The shortest text above one key and not above the next. */
static struct str between(struct apply *a, const struct leaf_key *key)
{
	return arena_dup(&a->arena, str_sub(key->text, 0, key->same + 1));
}

/*
 * Writes the leaf anew, with others behind it where one does not hold all its
 * keys: `more` gets those.
 */
static enum err pack_leaves(struct apply *a, uint32_t *number,
			    struct kids *more)
{
	/* The list of a page without keys has no memory to point into. */
	const struct leaf_key none = { 0 };
	const struct leaf_key *keys = a->keys.n ? a->keys.at : &none;
	size_t n = a->keys.n, from = 0, total = 0;
	struct share s;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n; i++)
		total += leaf_cost(&keys[i], i);
	s = share_of(total, SHELF_BYTES - SORTED_HEAD);
	do {
		size_t to = from, used = 0, next = 0;
		uint32_t made = 0;

		while (to < n && !(to > from && share_ends(&s, used, next))) {
			used += leaf_cost(&keys[to], to - from);
			to++;
			next = to < n ? leaf_cost(&keys[to], to - from) : 0;
		}
		rc = write_leaf(a, from ? &made : number, keys + from,
				to - from);
		if (!rc && from)
			rc = add_kid(more, between(a, &keys[from]), made);
		from = to;
	} while (!rc && from < n);
	return rc;
}

static size_t kid_cost(const struct sorted_child *kid)
{
	return 2 + 1 + kid->low.n + 4;
}

/* As pack_leaves. */
static enum err pack_inner(struct apply *a, uint32_t *number, uint8_t level,
			   const struct kids *kids, struct kids *more)
{
	const struct sorted_child *k = kids->list.at;
	size_t n = kids->list.n, from = 0, total = 0;
	struct share s;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n; i++)
		total += kid_cost(&k[i]);
	s = share_of(total, SHELF_BYTES - SORTED_HEAD - 4);
	while (!rc && from < n) {
		size_t to = from, used = 0;
		uint32_t made = 0;

		while (to < n && !(to > from + 1 &&
				   share_ends(&s, used, kid_cost(&k[to]))))
			used += kid_cost(&k[to++]);
		if (to + 1 == n && used + kid_cost(&k[to]) <= s.room)
			to = n; /* no page of one child */
		rc = write_inner(a, from ? &made : number, level, k + from,
				 to - from);
		if (!rc && from)
			rc = add_kid(more, arena_dup(&a->arena, k[from].low),
				     made);
		from = to;
	}
	return rc;
}

/* ---- merging */
static enum err keep_key(struct apply *a, struct str text)
{
	size_t n = a->keys.n;
	struct leaf_key *key = vec_push(&a->keys);

	if (!key || !text.p)
		return ERR_NOMEM;
	key->text = text;
	key->same = n ? shared(key[-1].text, text) : 0;
	return ERR_NONE;
}

/* What the last operation with this key says; `ops` goes on behind it. */
static const struct sorted_op *next_op(struct ops *ops)
{
	const struct sorted_op *op = ops->at;

	do {
		ops->at++;
		ops->n--;
	} while (ops->n && str_eq(ops->at->key, op->key));
	return ops->at - 1;
}

static enum err merge_op(struct apply *a, struct ops *ops, bool there,
			 bool *changed)
{
	const struct sorted_op *op = next_op(ops);

	*changed |= op->del == there;
	return op->del ? ERR_NONE : keep_key(a, op->key);
}

/* The keys that the leaf is to have. */
static enum err merge(struct apply *a, const uint8_t *page, struct ops ops,
		      bool *changed)
{
	char key[SORTED_KEY];
	struct sorted_leaf l;
	enum err old, rc = ERR_NONE;

	*changed = false;
	vec_reset(&a->keys);
	sorted_leaf_begin(&l, page, key);
	old = sorted_leaf_next(&l);
	while (!rc && !old) {
		struct str mine = str_of(key, l.n);
		int c = ops.n ? str_cmp(mine, ops.at->key) : -1;

		if (c < 0)
			rc = keep_key(a, arena_dup(&a->page, mine));
		else
			rc = merge_op(a, &ops, c == 0, changed);
		if (c <= 0)
			old = sorted_leaf_next(&l);
	}
	if (!rc && old != ERR_NOTFOUND)
		rc = old;
	while (!rc && ops.n)
		rc = merge_op(a, &ops, false, changed);
	return rc;
}

static enum err apply_leaf(struct apply *a, uint32_t *number,
			   const uint8_t *page, struct ops ops,
			   struct kids *more)
{
	bool changed = false;
	enum err rc = merge(a, page, ops, &changed);

	if (!rc && (changed || !*number))
		rc = pack_leaves(a, number, more);
	arena_reset(&a->page);
	return rc;
}

/* Takes those below `high` off; the first is. */
static struct ops below(struct ops *ops, struct str high)
{
	struct ops low = *ops;
	size_t from = 0, to = 1;

	while (to < low.n && str_cmp(low.at[to].key, high) < 0) {
		from = to;
		to *= 2;
	}
	if (to > low.n)
		to = low.n;
	while (from + 1 < to) {
		size_t mid = from + (to - from) / 2;

		if (str_cmp(low.at[mid].key, high) < 0)
			from = mid;
		else
			to = mid;
	}
	low.n = to;
	ops->at += to;
	ops->n -= to;
	return low;
}

/* The child that the first operation belongs to, and all that belong there. */
static enum err next_child(const uint8_t *page, struct ops *ops,
			   uint32_t *number, struct ops *mine)
{
	struct sorted_child kid, next;
	size_t i = 0;
	enum err rc = sorted_choose(page, ops->at->key, &i);

	if (!rc)
		rc = sorted_child_at(page, i, &kid);
	if (rc)
		return rc;
	*number = kid.number;
	*mine = *ops;
	if (i + 1 < sorted_count(page))
		rc = sorted_child_at(page, i + 1, &next);
	else
		next.low.n = 0;
	if (!rc && next.low.n)
		*mine = below(ops, next.low);
	else
		ops->n = 0;
	return rc;
}

/* The children it has and those that came to be between them. */
static enum err add_kids(const uint8_t *page, const struct kids *more,
			 struct kids *all)
{
	struct sorted_child kid;
	size_t k = 0;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < sorted_count(page) && !rc; i++) {
		rc = sorted_child_at(page, i, &kid);
		for (; !rc && k < more->list.n &&
		       str_cmp(more->list.at[k].low, kid.low) < 0;
		     k++)
			rc = add_kid(all, more->list.at[k].low,
				     more->list.at[k].number);
		if (!rc)
			rc = add_kid(all, kid.low, kid.number);
	}
	for (; !rc && k < more->list.n; k++)
		rc = add_kid(all, more->list.at[k].low,
			     more->list.at[k].number);
	return rc;
}

static enum err apply_below(struct apply *a, uint32_t number, bool leaf,
			    struct ops ops, struct kids *more);

static enum err apply_inner(struct apply *a, uint32_t number,
			    const uint8_t *lent, struct ops ops,
			    struct kids *more)
{
	struct kids made = { 0 }, all = { 0 };
	uint8_t page[SHELF_BYTES]; /* those below are asked for meanwhile */
	enum err rc = ERR_NONE;

	memcpy(page, lent, SHELF_BYTES);
	while (ops.n && !rc) {
		struct ops mine;
		uint32_t kid;

		rc = next_child(page, &ops, &kid, &mine);
		if (!rc)
			rc = apply_below(a, kid, page[0] == 1, mine, &made);
	}
	if (!rc && made.list.n) {
		rc = add_kids(page, &made, &all);
		if (!rc)
			rc = pack_inner(a, &number, page[0], &all, more);
	}
	vec_release(&made.list);
	vec_release(&all.list);
	return rc;
}

/* Puts operations into what is below a page that keeps its number; pages that
 * came to be behind it go to `more`. */
static enum err apply_below(struct apply *a, uint32_t number, bool leaf,
			    struct ops ops, struct kids *more)
{
	const uint8_t *page;
	enum err rc;

	if (a->depth == SORTED_DEPTH)
		return ERR_CORRUPT;
	rc = leaf ? shelf_look(a->shelf, INDEX_BLOCK, number, &page)
		  : shelf_get(a->shelf, INDEX_BLOCK, number, &page);
	if (rc)
		return rc;
	a->depth++;
	rc = page[0] ? apply_inner(a, number, page, ops, more)
		     : apply_leaf(a, &number, page, ops, more);
	a->depth--;
	return rc;
}

/* While the root has others behind it, one above them. */
static enum err grow(struct apply *a, uint32_t *root, struct kids *more)
{
	enum err rc = ERR_NONE;

	while (!rc && more->list.n) {
		struct kids all = { 0 }, above = { 0 };
		const uint8_t *page;

		rc = shelf_get(a->shelf, INDEX_BLOCK, *root, &page);
		if (!rc)
			rc = add_kid(&all, STR(""), *root);
		for (size_t i = 0; i < more->list.n && !rc; i++)
			rc = add_kid(&all, more->list.at[i].low,
				     more->list.at[i].number);
		*root = 0;
		if (!rc)
			rc = pack_inner(a, root, (uint8_t)(page[0] + 1), &all,
					&above);
		vec_release(&all.list);
		vec_release(&more->list);
		*more = above;
	}
	return rc;
}

enum err sorted_apply(struct sorted *s, struct sorted_op *ops, size_t n)
{
	static const uint8_t none[SHELF_BYTES];
	struct apply a = { .shelf = s->shelf };
	const struct ops todo = { ops, n };
	struct kids more = { 0 };
	enum err rc = ERR_NONE;

	if (!n)
		return ERR_NONE;
	sort_ops(ops, n);
	rc = s->root ? apply_below(&a, s->root, false, todo, &more)
		     : apply_leaf(&a, &s->root, none, todo, &more);
	if (!rc)
		rc = grow(&a, &s->root, &more);
	vec_release(&more.list);
	vec_release(&a.keys);
	arena_release(&a.arena);
	arena_release(&a.page);
	return rc;
}
