/* SPDX-License-Identifier: MIT */
#include "sorted.h"

#include <string.h>

#include "pilar/vec.h"

/* Leaves that a walk which goes on asks for, then twice as many each time: most
 * walks are short. */
#define WALK_FIRST 4
#define WALK_MOST  64
/* Children of a page that is as full as most are, for estimates. */
#define FANOUT     60
#define SHORT_TAIL 64
/* Of a child: its key's place, length and number. */
#define CHILD_LEAST 4

size_t sorted_count(const uint8_t *page)
{
	return page[1] | (size_t)page[2] << 8;
}

/* ---- leaves */
static size_t wholes(size_t count)
{
	return (count + SORTED_WHOLE - 1) / SORTED_WHOLE;
}

void sorted_leaf_begin(struct sorted_leaf *l, const uint8_t *page, char *key)
{
	size_t n = sorted_count(page);

	*l = (struct sorted_leaf){ .page = page,
				   .at = SORTED_HEAD + 2 * wholes(n),
				   .left = n,
				   .key = key };
}

/* What a key adds to the one before is short: mostly one copy of known size,
 * which costs a tenth of one that is told. */
static void copy_tail(struct sorted_leaf *l, size_t shared, size_t n)
{
	const uint8_t *from = l->page + l->at + 2;

	if (n <= SHORT_TAIL && shared + SHORT_TAIL <= SORTED_KEY &&
	    l->at + 2 + SHORT_TAIL <= SHELF_BYTES)
		memcpy(l->key + shared, from, SHORT_TAIL);
	else
		memcpy(l->key + shared, from, n);
}

enum err sorted_leaf_next(struct sorted_leaf *l)
{
	size_t shared, n;

	if (!l->left)
		return ERR_NOTFOUND;
	if (l->at + 2 > SHELF_BYTES)
		return ERR_CORRUPT;
	shared = l->page[l->at];
	n = l->page[l->at + 1];
	if (shared > l->n || shared + n > SORTED_KEY ||
	    l->at + 2 + n > SHELF_BYTES)
		return ERR_CORRUPT;
	copy_tail(l, shared, n);
	l->n = shared + n;
	l->at += 2 + n;
	l->left--;
	return ERR_NONE;
}

static enum err leaf_step(struct sorted_cur *c)
{
	struct sorted_leaf l = { c->leaf, c->at, c->left, c->key, c->n };
	enum err rc = sorted_leaf_next(&l);

	c->at = l.at;
	c->left = l.left;
	c->n = l.n;
	return rc;
}

struct str sorted_key(const struct sorted_cur *c)
{
	return str_of(c->key, c->n);
}

/* ---- pages above */
static uint32_t number_at(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

enum err sorted_child_at(const uint8_t *page, size_t i,
			 struct sorted_child *out)
{
	size_t at = SORTED_HEAD + 4 + 2 * (i - 1), n;

	*out = (struct sorted_child){ .low = STR(""),
				      .number = number_at(page + SORTED_HEAD) };
	if (i == 0)
		return ERR_NONE;
	if (at + 2 > SHELF_BYTES)
		return ERR_CORRUPT;
	at = page[at] | (size_t)page[at + 1] << 8;
	if (at + 1 + CHILD_LEAST > SHELF_BYTES)
		return ERR_CORRUPT;
	n = page[at];
	if (n > SORTED_KEY || at + 1 + n + CHILD_LEAST > SHELF_BYTES)
		return ERR_CORRUPT;
	out->low = str_of((const char *)page + at + 1, n);
	out->number = number_at(page + at + 1 + n);
	return ERR_NONE;
}

enum err sorted_choose(const uint8_t *page, struct str key, size_t *at)
{
	size_t lo = 0, hi = sorted_count(page);
	struct sorted_child child;

	while (lo + 1 < hi) {
		size_t mid = lo + (hi - lo) / 2;
		enum err rc = sorted_child_at(page, mid, &child);

		if (rc)
			return rc;
		if (str_cmp(child.low, key) <= 0)
			lo = mid;
		else
			hi = mid;
	}
	*at = lo;
	return ERR_NONE;
}

static void bound_set(struct sorted_bound *b, struct str key)
{
	memcpy(b->key, key.p, key.n);
	b->n = key.n;
}

static bool is_below(struct str key, const struct sorted_bound *b)
{
	return !b->n || str_cmp(key, str_of(b->key, b->n)) < 0;
}

static enum err take_high(struct sorted_cur *c, const uint8_t *page, size_t at)
{
	struct sorted_child next;
	enum err rc;

	if (at + 1 >= sorted_count(page))
		return ERR_NONE;
	rc = sorted_child_at(page, at + 1, &next);
	if (!rc)
		bound_set(&c->high, next.low);
	return rc;
}

/* No key is sought that lies before the leaf. */
static uint32_t begin_at(struct sorted_cur *c, struct str key)
{
	c->high.n = 0;
	if (!c->above || !is_below(key, &c->above_high))
		return c->s->root;
	bound_set(&c->high, str_of(c->above_high.key, c->above_high.n));
	return c->above;
}

/* Down to the leaf that a key belongs to. */
static enum err descend(struct sorted_cur *c, struct str key)
{
	uint32_t number = begin_at(c, key);

	for (int depth = 0; depth < SORTED_DEPTH; depth++) {
		struct sorted_child child;
		const uint8_t *page;
		size_t at;
		enum err rc =
			shelf_get(c->s->shelf, INDEX_BLOCK, number, &page);

		if (!rc && page[0] == 0) {
			memcpy(c->leaf, page, SHELF_BYTES);
			c->leaves++;
			return ERR_NONE;
		}
		if (!rc && page[0] == 1) {
			c->above = number;
			bound_set(&c->above_high,
				  str_of(c->high.key, c->high.n));
		}
		if (!rc)
			rc = sorted_choose(page, key, &at);
		if (!rc)
			rc = sorted_child_at(page, at, &child);
		if (!rc)
			rc = take_high(c, page, at);
		if (rc)
			return rc;
		number = child.number;
	}
	return ERR_CORRUPT;
}

/* The i-th key that stands whole. */
static enum err whole_at(const struct sorted_cur *c, size_t i, size_t *at,
			 struct str *key)
{
	const uint8_t *p = c->leaf + SORTED_HEAD + 2 * i;

	if (SORTED_HEAD + 2 * i + 2 > SHELF_BYTES)
		return ERR_CORRUPT;
	*at = p[0] | (size_t)p[1] << 8;
	if (*at + 2 > SHELF_BYTES || c->leaf[*at] ||
	    *at + 2 + c->leaf[*at + 1] > SHELF_BYTES)
		return ERR_CORRUPT;
	*key = str_of((const char *)c->leaf + *at + 2, c->leaf[*at + 1]);
	return ERR_NONE;
}

/* Forward to the last whole key that is not above `from`. */
static enum err jump_in_leaf(struct sorted_cur *c, struct str from)
{
	size_t count = sorted_count(c->leaf);
	size_t now = (count - c->left) / SORTED_WHOLE, lo = now;
	size_t hi = wholes(count), at;
	struct str key;
	enum err rc = ERR_NONE;

	while (!rc && lo + 1 < hi) {
		size_t mid = lo + (hi - lo) / 2;

		rc = whole_at(c, mid, &at, &key);
		if (!rc && str_cmp(key, from) <= 0)
			lo = mid;
		else
			hi = mid;
	}
	if (rc || lo == now)
		return rc;
	rc = whole_at(c, lo, &at, &key);
	c->at = at;
	c->left = count - lo * SORTED_WHOLE;
	c->n = 0;
	return rc;
}

/* Within one leaf; ERR_NOTFOUND at its end. */
static enum err find_in_leaf(struct sorted_cur *c, struct str from)
{
	enum err rc = jump_in_leaf(c, from);

	if (rc)
		return rc;
	do
		rc = leaf_step(c);
	while (!rc && str_cmp(sorted_key(c), from) < 0);
	return rc;
}

static void begin_leaf(struct sorted_cur *c)
{
	struct sorted_leaf l;

	sorted_leaf_begin(&l, c->leaf, c->key);
	c->at = l.at;
	c->left = l.left;
	c->n = 0;
}

/* An empty leaf may stand between two others. */
static enum err seek(struct sorted_cur *c, struct str from)
{
	char copy[SORTED_KEY];
	enum err rc;

	from = str_sub(from, 0, SORTED_KEY);
	memcpy(copy, from.p, from.n);
	from.p = copy;
	for (;;) {
		rc = descend(c, from);
		if (rc)
			return rc;
		begin_leaf(c);
		rc = find_in_leaf(c, from);
		if (rc != ERR_NOTFOUND || !c->high.n)
			return rc;
		memcpy(copy, c->high.key, c->high.n);
		from.n = c->high.n;
	}
}

struct numbers {
	uint32_t at[AHEAD_MAX];
	size_t n;
};

/* From the child at `at` on, those behind it while they begin so. */
static void add_leaves(struct numbers *leaves, const uint8_t *page, size_t at,
		       const struct sorted_way *way)
{
	struct sorted_child child;

	for (size_t i = 0; i < way->leaves; i++) {
		if (at + i >= sorted_count(page) || leaves->n == AHEAD_MAX ||
		    sorted_child_at(page, at + i, &child) ||
		    (i && !str_starts(child.low, way->key)))
			break;
		leaves->at[leaves->n++] = child.number;
	}
}

static void walk_ahead(struct sorted_cur *c)
{
	struct numbers leaves = { .n = 0 };
	struct sorted_way way = { .key = STR("") };
	const uint8_t *page;
	size_t at;

	if (c->asked) {
		c->asked--;
		return;
	}
	if (c->run < WALK_MOST)
		c->run = c->run ? 2 * c->run : WALK_FIRST;
	way.leaves = c->run;
	if (!c->above || shelf_get(c->s->shelf, INDEX_BLOCK, c->above, &page) ||
	    sorted_choose(page, str_of(c->high.key, c->high.n), &at))
		return;
	add_leaves(&leaves, page, at, &way);
	shelf_ahead(c->s->shelf, INDEX_BLOCK, leaves.at, leaves.n);
	c->asked = leaves.n ? leaves.n - 1 : 0;
}

enum err sorted_seek(struct sorted *s, struct sorted_cur *c, struct str from)
{
	c->s = s;
	c->leaves = 0;
	c->n = c->left = c->above = 0;
	c->run = c->asked = 0;
	if (!s->root)
		return ERR_NOTFOUND;
	return seek(c, from);
}

enum err sorted_next(struct sorted_cur *c)
{
	enum err rc = leaf_step(c);

	if (rc != ERR_NOTFOUND || !c->high.n)
		return rc;
	if (c->s->cold)
		walk_ahead(c);
	return seek(c, str_of(c->high.key, c->high.n));
}

enum err sorted_skip(struct sorted_cur *c, struct str to)
{
	enum err rc = ERR_NONE;

	if (str_cmp(sorted_key(c), to) >= 0)
		return ERR_NONE;
	if (!is_below(to, &c->high)) {
		c->run = c->asked = 0;
		return seek(c, to);
	}
	rc = find_in_leaf(c, to);
	if (rc != ERR_NOTFOUND || !c->high.n)
		return rc;
	return seek(c, str_of(c->high.key, c->high.n));
}

/* ---- side by side */

/* The page below on the way to a key; 0 where that is a leaf. */
static uint32_t below(struct sorted *s, uint32_t number,
		      const struct sorted_way *way, struct numbers *leaves)
{
	struct sorted_child child;
	const uint8_t *page;
	size_t at;

	if (!number || shelf_get(s->shelf, INDEX_BLOCK, number, &page) ||
	    !page[0] || sorted_choose(page, way->key, &at) ||
	    sorted_child_at(page, at, &child))
		return 0;
	if (page[0] > 1)
		return child.number;
	add_leaves(leaves, page, at, way);
	return 0;
}

void sorted_ahead(struct sorted *s, const struct sorted_way *ways, size_t n)
{
	struct numbers now = { .n = n < AHEAD_MAX ? n : AHEAD_MAX };
	struct numbers leaves = { .n = 0 };
	bool any = s->root != 0;

	for (size_t i = 0; i < now.n; i++)
		now.at[i] = s->root;
	for (int depth = 0; any && depth < SORTED_DEPTH; depth++) {
		any = false;
		for (size_t i = 0; i < now.n; i++) {
			now.at[i] = below(s, now.at[i], &ways[i], &leaves);
			any |= now.at[i] != 0;
		}
		shelf_ahead(s->shelf, INDEX_BLOCK, now.at, now.n);
	}
	shelf_ahead(s->shelf, INDEX_BLOCK, leaves.at, leaves.n);
}

/* ---- the pages that every way begins with */
struct level {
	VEC(uint32_t) at;
};

static enum err add_children(struct level *below, const uint8_t *page)
{
	struct sorted_child child;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < sorted_count(page) && !rc; i++) {
		uint32_t *slot = vec_push(&below->at);

		rc = slot ? sorted_child_at(page, i, &child) : ERR_NOMEM;
		if (!rc)
			*slot = child.number;
	}
	return rc;
}

/* Leaves are not among the first. */
static enum err read_level(struct sorted *s, const struct level *l,
			   struct level *below)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < l->at.n && !rc; i++) {
		const uint8_t *page;

		if (i % AHEAD_MAX == 0)
			shelf_ahead(s->shelf, INDEX_BLOCK, l->at.at + i,
				    l->at.n - i);
		rc = shelf_get(s->shelf, INDEX_BLOCK, l->at.at[i], &page);
		if (!rc && page[0] > 1)
			rc = add_children(below, page);
	}
	return rc;
}

void sorted_top(struct sorted *s, size_t most)
{
	struct level l = { { 0 } }, below = { { 0 } };
	uint32_t *root = s->root ? vec_push(&l.at) : NULL;
	enum err rc = ERR_NONE;

	if (root)
		*root = s->root;
	while (!rc && l.at.n && l.at.n <= most) {
		most -= l.at.n;
		rc = read_level(s, &l, &below);
		vec_release(&l.at);
		l = below;
		below = (struct level){ { 0 } };
	}
	vec_release(&l.at);
	vec_release(&below.at);
}

/* ---- estimates */
struct down {
	uint32_t number;
	size_t at;
	const uint8_t *page;
};

static enum err step_down(struct sorted *s, struct down *d, struct str key,
			  unsigned *level)
{
	struct sorted_child child;
	enum err rc = shelf_get(s->shelf, INDEX_BLOCK, d->number, &d->page);

	*level = rc ? 0 : d->page[0];
	if (rc || !*level)
		return rc;
	rc = sorted_choose(d->page, key, &d->at);
	if (!rc)
		rc = sorted_child_at(d->page, d->at, &child);
	if (!rc)
		d->number = child.number;
	return rc;
}

static size_t leaves_under(unsigned level)
{
	size_t n = 1;

	while (level-- > 1)
		n *= FANOUT;
	return n;
}

/*
 * Both ways down side by side. Where they part, the children between them
 * count; one level below what is left over on either side, too.
 */
enum err sorted_span(struct sorted *s, struct str from, struct str to,
		     size_t *leaves)
{
	struct down a = { .number = s->root }, b = a;
	unsigned level = 1;
	enum err rc = ERR_NONE;

	*leaves = 0;
	for (int depth = 0; !rc && depth < SORTED_DEPTH && level; depth++) {
		size_t among = 0;

		rc = step_down(s, &a, from, &level);
		if (rc || !level)
			break;
		among = sorted_count(a.page);
		if (*leaves) {
			*leaves += (among - a.at) * leaves_under(level);
			rc = step_down(s, &b, to, &level);
			*leaves += b.at * leaves_under(level);
			return rc;
		}
		rc = step_down(s, &b, to, &level);
		if (b.at > a.at)
			*leaves = (b.at - a.at - 1) * leaves_under(level) + 1;
	}
	return rc;
}
