/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "sorted.h"

/* Pages that are made by splitting begin this full, in percent. */
#define FILL 85

struct kids {
	VEC(struct sorted_child) list;
};

struct keys {
	VEC(struct str) list;
};

struct ops {
	const struct sorted_op *at;
	size_t n;
};

struct apply {
	struct sorted *s;
	int depth;
	struct arena arena; /* lower bounds of new pages */
	struct arena page;  /* keys of the leaf at hand */
	struct keys keys;
};

static int by_key(const void *a, const void *b)
{
	const struct sorted_op *x = a, *y = b;
	int c = str_cmp(x->key, y->key);

	return c ? c : (x->turn > y->turn) - (x->turn < y->turn);
}

/* Real chance always: nothing that is reproduced depends on these numbers. */
static uint32_t new_number(const struct apply *a)
{
	const struct sys *sys = sys_real();
	uint32_t n;

	do
		sys->random(sys->self, &n, sizeof(n));
	while (!n || shelf_has(a->s->shelf, INDEX_BLOCK, n));
	return n;
}

static size_t shared(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
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

static enum err write_page(struct apply *a, uint32_t number,
			   const uint8_t *page, size_t n)
{
	return shelf_put(a->s->shelf, INDEX_BLOCK, number,
			 str_of((const char *)page, n));
}

/* Callers have counted that the keys fit. */
static enum err write_leaf(struct apply *a, uint32_t number,
			   const struct str *keys, size_t n)
{
	uint8_t page[SHELF_BYTES] = { 0 };
	struct str before = { NULL, 0 };
	struct sorted_leaf l;
	size_t at;

	put_u16(page + 1, n);
	sorted_leaf_begin(&l, page, NULL);
	at = l.at;
	for (size_t i = 0; i < n; i++) {
		bool whole = i % SORTED_WHOLE == 0;
		size_t same = whole ? 0 : shared(before, keys[i]);

		if (whole)
			put_u16(page + SORTED_HEAD + 2 * (i / SORTED_WHOLE),
				at);
		page[at] = (uint8_t)same;
		page[at + 1] = (uint8_t)(keys[i].n - same);
		memcpy(page + at + 2, keys[i].p + same, keys[i].n - same);
		at += 2 + keys[i].n - same;
		before = keys[i];
	}
	return write_page(a, number, page, at);
}

static enum err write_inner(struct apply *a, uint32_t number, uint8_t level,
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
static size_t leaf_cost(const struct str *key, size_t i)
{
	if (i % SORTED_WHOLE == 0)
		return 2 + 2 + key->n;
	return 2 + key->n - shared(key[-1], *key);
}

/* The shortest text above one key and not above the next. */
static struct str between(struct apply *a, struct str before, struct str key)
{
	return arena_dup(&a->arena, str_sub(key, 0, shared(before, key) + 1));
}

static enum err add_kid(struct kids *to, struct str low, uint32_t number)
{
	struct sorted_child *kid = vec_push(&to->list);

	if (!kid || (low.n && !low.p))
		return ERR_NOMEM;
	*kid = (struct sorted_child){ low, number };
	return ERR_NONE;
}

/* The first page keeps its number. */
static enum err pack_leaves(struct apply *a, struct sorted_child first,
			    struct kids *out)
{
	/* The list of a page without keys has no memory to point into. */
	const struct str none = STR("");
	const struct str *keys = a->keys.list.n ? a->keys.list.at : &none;
	size_t n = a->keys.list.n, from = 0, total = 0;
	struct str low = first.low;
	uint32_t number = first.number;
	struct share s;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n; i++)
		total += leaf_cost(&keys[i], i);
	s = share_of(total, SHELF_BYTES - SORTED_HEAD);
	do {
		size_t to = from, used = 0, next = 0;

		while (to < n && !(to > from && share_ends(&s, used, next))) {
			used += leaf_cost(&keys[to], to - from);
			to++;
			next = to < n ? leaf_cost(&keys[to], to - from) : 0;
		}
		rc = write_leaf(a, number, keys + from, to - from);
		if (!rc)
			rc = add_kid(out, low, number);
		if (!rc && to < n) {
			low = between(a, keys[to - 1], keys[to]);
			number = new_number(a);
		}
		from = to;
	} while (!rc && from < n);
	return rc;
}

static size_t kid_cost(const struct sorted_child *kid)
{
	return 2 + 1 + kid->low.n + 4;
}

static enum err pack_inner(struct apply *a, struct sorted_child first,
			   uint8_t level, const struct kids *kids,
			   struct kids *out)
{
	const struct sorted_child *k = kids->list.at;
	size_t n = kids->list.n, from = 0, total = 0;
	struct sorted_child page = first;
	struct share s;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n; i++)
		total += kid_cost(&k[i]);
	s = share_of(total, SHELF_BYTES - SORTED_HEAD - 4);
	while (!rc && from < n) {
		size_t to = from, used = 0;

		while (to < n && !(to > from + 1 &&
				   share_ends(&s, used, kid_cost(&k[to]))))
			used += kid_cost(&k[to++]);
		if (to + 1 == n && used + kid_cost(&k[to]) <= s.room)
			to = n; /* no page of one child */
		rc = write_inner(a, page.number, level, k + from, to - from);
		if (!rc)
			rc = add_kid(out, page.low, page.number);
		if (!rc && to < n) {
			page = (struct sorted_child){ k[to].low,
						      new_number(a) };
		}
		from = to;
	}
	return rc;
}

/* ---- merging */
static enum err keep_key(struct apply *a, struct str key)
{
	struct str *slot = vec_push(&a->keys.list);

	if (!slot)
		return ERR_NOMEM;
	*slot = key;
	return ERR_NONE;
}

/* Old keys of the leaf, copied: they are front-coded and lent. */
static enum err read_leaf(struct apply *a, uint32_t number, struct keys *old)
{
	char key[SORTED_KEY];
	struct sorted_leaf l;
	const uint8_t *page;
	enum err rc = shelf_get(a->s->shelf, INDEX_BLOCK, number, &page);

	if (!rc)
		sorted_leaf_begin(&l, page, key);
	while (!rc) {
		struct str *slot;

		rc = sorted_leaf_next(&l);
		if (rc)
			break;
		slot = vec_push(&old->list);
		if (!slot)
			return ERR_NOMEM;
		*slot = arena_dup(&a->page, str_of(key, l.n));
		rc = slot->p ? ERR_NONE : ERR_NOMEM;
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* To the last operation with this key. */
static size_t last_of(const struct sorted_op *ops, size_t k, size_t n)
{
	while (k + 1 < n && str_eq(ops[k + 1].key, ops[k].key))
		k++;
	return k;
}

static enum err merge(struct apply *a, const struct keys *old, struct ops todo,
		      bool *changed)
{
	const struct sorted_op *ops = todo.at;
	size_t i = 0, k = 0, n = todo.n;
	enum err rc = ERR_NONE;

	*changed = false;
	vec_reset(&a->keys.list);
	while (!rc && (i < old->list.n || k < n)) {
		int c = i == old->list.n ? 1
			: k == n         ? -1
					 : str_cmp(old->list.at[i], ops[k].key);

		if (c < 0) {
			rc = keep_key(a, old->list.at[i++]);
			continue;
		}
		k = last_of(ops, k, n);
		if (!ops[k].del)
			rc = keep_key(a, ops[k].key);
		*changed |= ops[k].del ? c == 0 : c > 0;
		i += c == 0;
		k++;
	}
	return rc;
}

static enum err apply_leaf(struct apply *a, struct sorted_child at, bool fresh,
			   struct ops ops, struct kids *out)
{
	struct keys old = { 0 };
	bool changed = false;
	enum err rc = fresh ? ERR_NONE : read_leaf(a, at.number, &old);

	if (!rc)
		rc = merge(a, &old, ops, &changed);
	if (!rc)
		rc = changed || fresh ? pack_leaves(a, at, out)
				      : add_kid(out, at.low, at.number);
	vec_release(&old.list);
	arena_reset(&a->page);
	return rc;
}

static enum err apply_page(struct apply *a, struct sorted_child at,
			   struct ops ops, struct kids *out);

static enum err read_kids(struct apply *a, uint32_t number, struct kids *out,
			  uint8_t *level)
{
	const uint8_t *page;
	enum err rc = shelf_get(a->s->shelf, INDEX_BLOCK, number, &page);

	*level = rc ? 0 : page[0];
	for (size_t i = 0; !rc && *level && i < sorted_count(page); i++) {
		struct sorted_child child;

		rc = sorted_child_at(page, i, &child);
		if (!rc)
			rc = add_kid(out,
				     child.low.n
					     ? arena_dup(&a->arena, child.low)
					     : STR(""),
				     child.number);
	}
	return rc;
}

/* Operations that belong below `high`. */
static struct ops below(struct ops *ops, struct str high)
{
	struct ops low = { ops->at, 0 };

	while (low.n < ops->n && str_cmp(low.at[low.n].key, high) < 0)
		low.n++;
	ops->at += low.n;
	ops->n -= low.n;
	return low;
}

static bool same_kids(const struct kids *a, const struct kids *b)
{
	if (a->list.n != b->list.n)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		if (a->list.at[i].number != b->list.at[i].number)
			return false;
	return true;
}

static enum err apply_inner(struct apply *a, struct sorted_child at,
			    uint8_t level, const struct kids *old,
			    struct ops ops, struct kids *out)
{
	struct kids now = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < old->list.n; i++) {
		struct sorted_child kid = old->list.at[i];
		struct ops mine = ops;

		if (i + 1 < old->list.n)
			mine = below(&ops, old->list.at[i + 1].low);
		rc = mine.n ? apply_page(a, kid, mine, &now)
			    : add_kid(&now, kid.low, kid.number);
	}
	if (!rc)
		rc = same_kids(old, &now) ? add_kid(out, at.low, at.number)
					  : pack_inner(a, at, level, &now, out);
	vec_release(&now.list);
	return rc;
}

static enum err apply_page(struct apply *a, struct sorted_child at,
			   struct ops ops, struct kids *out)
{
	struct kids old = { 0 };
	uint8_t level = 0;
	enum err rc = a->depth++ < SORTED_DEPTH
			      ? read_kids(a, at.number, &old, &level)
			      : ERR_CORRUPT;

	if (!rc)
		rc = level ? apply_inner(a, at, level, &old, ops, out)
			   : apply_leaf(a, at, false, ops, out);
	a->depth--;
	vec_release(&old.list);
	return rc;
}

/* While there are several at the top, a level above them. */
static enum err grow(struct apply *a, struct kids *top, uint8_t level)
{
	enum err rc = ERR_NONE;

	while (!rc && top->list.n > 1) {
		struct sorted_child first = { .number = new_number(a) };
		struct kids above = { 0 };

		rc = pack_inner(a, first, ++level, top, &above);
		vec_release(&top->list);
		*top = above;
	}
	if (!rc)
		a->s->root = top->list.at[0].number;
	return rc;
}

static enum err apply_top(struct apply *a, struct ops ops, struct kids *top)
{
	struct sorted_child root = { .number = a->s->root };
	const uint8_t *page;
	uint8_t level = 0;
	enum err rc;

	if (!root.number) {
		root.number = new_number(a);
		rc = apply_leaf(a, root, true, ops, top);
		return rc ? rc : grow(a, top, 0);
	}
	rc = shelf_get(a->s->shelf, INDEX_BLOCK, root.number, &page);
	if (rc)
		return rc;
	level = page[0];
	rc = apply_page(a, root, ops, top);
	return rc ? rc : grow(a, top, level);
}

enum err sorted_apply(struct sorted *s, struct sorted_op *ops, size_t n)
{
	struct apply a = { .s = s };
	struct kids top = { 0 };
	enum err rc = ERR_NONE;

	if (!n)
		return ERR_NONE;
	for (size_t i = 0; i < n; i++)
		ops[i].turn = (uint32_t)i;
	qsort(ops, n, sizeof(*ops), by_key);
	rc = apply_top(&a, (struct ops){ ops, n }, &top);
	vec_release(&top.list);
	vec_release(&a.keys.list);
	arena_release(&a.arena);
	arena_release(&a.page);
	return rc;
}
