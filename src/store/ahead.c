/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "page.h"
#include "priv.h"

/*
 * LMDB reads a page when it needs it, so twenty rows that lie anywhere wait
 * for the disk some fifty times, one after the other. Here the ways to all of
 * them are gone at once, a level at a time: the pages of a level are asked for
 * together before any is looked into. It goes through a map of its own and
 * only hints; what looks odd is not followed.
 */
#define DEPTH_MAX 32

struct ahead {
	const struct image *im;
	size_t page[AHEAD_MAX]; /* where each key's way has come to; 0: ended */
	size_t n;
};

uint64_t store_waits(void)
{
	struct rusage u;

	return getrusage(RUSAGE_SELF, &u) ? 0 : (uint64_t)u.ru_majflt;
}

/* ---- one page */
static const uint8_t *page_at(const struct image *im, size_t number,
			      struct page_head *h)
{
	const uint8_t *p;

	if (number > im->last || number >= im->size / im->page)
		return NULL;
	p = im->map + number * im->page;
	memcpy(h, p, sizeof(*h));
	if (h->number != number || h->room.part.lower < HEAD ||
	    h->room.part.lower > im->page)
		return NULL;
	return p;
}

static bool node_at(const struct image *im, const uint8_t *page, size_t i,
		    struct node_head *h, struct str *key)
{
	uint16_t at;

	memcpy(&at, page + HEAD + 2 * i, sizeof(at));
	if (at > im->page - NODE)
		return false;
	memcpy(h, page + at, NODE);
	*key = str_of((const char *)page + at + NODE, h->key_size);
	return h->key_size <= im->page - NODE - at;
}

static size_t nodes_on(const struct page_head *h)
{
	return (h->room.part.lower - HEAD) / 2;
}

/* The last node whose key is not above it; the first of a branch has none. */
static bool node_for(const struct image *im, const uint8_t *page,
		     const struct page_head *h, struct str key, size_t *at)
{
	size_t lo = 0, hi = nodes_on(h);
	struct node_head n;
	struct str found;

	while (lo + 1 < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (!node_at(im, page, mid, &n, &found))
			return false;
		if (str_cmp(found, key) <= 0)
			lo = mid;
		else
			hi = mid;
	}
	*at = lo;
	return hi != 0;
}

static size_t child_of(const struct node_head *n)
{
	size_t child = n->lo | (size_t)n->hi << 16;

	return sizeof(size_t) > 4 ? child | (size_t)n->flags << 16 << 16
				  : child;
}

static const uint8_t *branch_at(const struct image *im, size_t number,
				struct page_head *h)
{
	const uint8_t *page = page_at(im, number, h);

	return page && h->flags == P_BRANCH ? page : NULL;
}

/* The page below on the way to a key; 0 on a leaf. */
static size_t below(const struct image *im, size_t number, struct str key)
{
	struct node_head n;
	struct page_head h;
	struct str found;
	const uint8_t *page = branch_at(im, number, &h);
	size_t at;

	if (!page || !node_for(im, page, &h, key, &at) ||
	    !node_at(im, page, at, &n, &found))
		return 0;
	return child_of(&n);
}

/* A table's root stands in the list of tables, which is small. */
static bool table_at(const struct image *im, struct str table,
		     struct image_db *db)
{
	size_t number = im->main.root, down;
	const uint8_t *page;
	struct page_head h;
	struct node_head n;
	struct str name;
	size_t at;

	for (int i = 0; i < DEPTH_MAX; i++) {
		down = below(im, number, table);
		if (!down)
			break;
		number = down;
	}
	page = page_at(im, number, &h);
	if (!page || h.flags != P_LEAF || !node_for(im, page, &h, table, &at) ||
	    !node_at(im, page, at, &n, &name) || !str_eq(name, table))
		return false;
	if ((n.lo | (size_t)n.hi << 16) != sizeof(*db) ||
	    (size_t)((const uint8_t *)name.p - page) + name.n + sizeof(*db) >
		    im->page)
		return false;
	memcpy(db, name.p + name.n, sizeof(*db));
	return db->depth && db->depth < DEPTH_MAX;
}

static const struct image *look(struct txn *t, enum table table,
				struct image_db *db)
{
	const struct image *im =
		t->mode == TXN_WRITE ? NULL
				     : env_image(t->env, mdb_txn_id(t->mdb));

	return im && table_at(im, str_from(table_name(table)), db) ? im : NULL;
}

/* ---- all of them */
static void ask_for(const struct image *im, size_t number)
{
	posix_fadvise(im->fd, (off_t)(number * im->page), (off_t)im->page,
		      POSIX_FADV_WILLNEED);
}

static bool step(struct ahead *w, const struct str *keys)
{
	bool any = false;

	for (size_t i = 0; i < w->n; i++) {
		if (!w->page[i])
			continue;
		w->page[i] = below(w->im, w->page[i], keys[i]);
		if (!w->page[i])
			continue;
		ask_for(w->im, w->page[i]);
		any = true;
	}
	return any;
}

void txn_ahead(struct txn *t, enum table table, const struct str *keys,
	       size_t n)
{
	struct image_db db;
	struct ahead w = { .im = look(t, table, &db),
			   .n = n < AHEAD_MAX ? n : AHEAD_MAX };

	if (!w.im)
		return;
	for (size_t i = 0; i < w.n; i++)
		w.page[i] = db.root;
	for (int i = 1; i < db.depth && step(&w, keys); i++)
		continue;
}

/* ---- a whole range, a part at a time */
static bool asked_is_here(const struct image *im, size_t number)
{
	unsigned char there;

	if (number > im->last || number >= im->size / im->page)
		return true;
	return mincore((void *)(uintptr_t)(im->map + number * im->page),
		       im->page, &there) != 0 ||
	       (there & 1) != 0;
}

/* Where the pages begin that lie behind a page on the way. */
static bool note_next(struct ahead_at *at, struct str key)
{
	if (key.n > sizeof(at->next))
		return false;
	memcpy(at->next, key.p, key.n);
	at->n_next = key.n;
	return true;
}

/* The page on the way to a key, so many levels below the root. */
static size_t go_down(const struct image *im, size_t number, struct str key,
		      int levels, struct ahead_at *at)
{
	struct node_head n;
	struct page_head h;
	struct str found;

	while (number && levels--) {
		const uint8_t *page = branch_at(im, number, &h);
		size_t i;

		if (!page || !node_for(im, page, &h, key, &i))
			return 0;
		if (i + 1 < nodes_on(&h) &&
		    (!node_at(im, page, i + 1, &n, &found) ||
		     !note_next(at, found)))
			return 0;
		number = node_at(im, page, i, &n, &found) ? child_of(&n) : 0;
	}
	return number;
}

static void ask_below(const struct image *im, size_t number, struct str from,
		      struct str to, struct ahead_at *at)
{
	struct page_head h;
	const uint8_t *page = branch_at(im, number, &h);
	size_t i = 0;

	if (!page || !node_for(im, page, &h, from, &i))
		return;
	for (size_t first = i; i < nodes_on(&h); i++) {
		struct node_head n;
		struct str key;

		if (!node_at(im, page, i, &n, &key) ||
		    (i > first && to.n && str_cmp(key, to) >= 0))
			break;
		at->asked = child_of(&n);
		ask_for(im, at->asked);
	}
}

bool txn_ahead_part(struct txn *t, const struct ahead_range *r,
		    struct ahead_at *at)
{
	struct image_db db;
	const struct image *im = look(t, r->table, &db);
	struct ahead_at old = *at;
	struct str from = old.n_next ? str_of(old.next, old.n_next) : r->from;
	int levels = im ? db.depth - 2 - r->above : -1;

	if (levels < 0)
		return false;
	if (old.asked && !asked_is_here(im, old.asked) &&
	    at->waited++ < AHEAD_CALLS)
		return true;
	at->n_next = at->waited = 0;
	ask_below(im, go_down(im, db.root, from, levels, at), from, r->to, at);
	from = str_of(at->next, at->n_next);
	return str_cmp(from, str_of(old.next, old.n_next)) > 0 &&
	       (!r->to.n || str_cmp(from, r->to) < 0);
}
