/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "page.h"

#define MAGIC      0xBEEFC0DEu
#define VERSION    1u
#define FIRST_PAGE 2 /* 0 and 1 are the two meta pages */
#define DEPTH_MAX  32
#define META_TRIES 3
#define KEY_MAX    511
#define NO_ROOT    SIZE_MAX
/* Of a file whose first page says none. */
#define DAMAGED_PAGE 4096

enum { DB_INTEGERKEY = 8 };

enum err image_open(struct image *im, const char *path)
{
	*im = (struct image){ .fd = open(path, O_RDONLY | O_CLOEXEC) };
	if (im->fd < 0) {
		enum err rc = err_from_errno(errno);

		*im = (struct image){ 0 };
		return rc;
	}
	return image_pick(im, 0);
}

static void unmap(struct image *im)
{
	if (im->map)
		munmap((void *)(uintptr_t)im->map, im->size);
	im->map = NULL;
	im->size = 0;
}

void image_close(struct image *im)
{
	unmap(im);
	free(im->seen);
	if (im->page || im->fd)
		close(im->fd);
	*im = (struct image){ 0 };
}

void image_expect(const struct image *im, bool whole)
{
	posix_madvise((void *)(uintptr_t)im->map, im->size,
		      whole ? POSIX_MADV_NORMAL : POSIX_MADV_RANDOM);
}

static enum err map_file(struct image *im)
{
	struct stat st;
	void *p;

	if (fstat(im->fd, &st))
		return err_from_errno(errno);
	if (!S_ISREG(st.st_mode) || st.st_size <= 0)
		return ERR_CORRUPT;
	if (im->map && im->size == (size_t)st.st_size)
		return ERR_NONE;
	unmap(im);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, im->fd, 0);
	if (p == MAP_FAILED)
		return err_from_errno(errno);
	im->map = p;
	im->size = (size_t)st.st_size;
	image_expect(im, false);
	return ERR_NONE;
}

/* The meta page `i`, when it can be one. The page size stands in the metas. */
static bool read_meta(const struct image *im, size_t i, size_t page,
		      struct meta *m)
{
	struct page_head h;
	size_t at = i * page;

	if (im->size < at + HEAD + sizeof(*m))
		return false;
	memcpy(&h, im->map + at, HEAD);
	memcpy(m, im->map + at + HEAD, sizeof(*m));
	return h.flags == P_META && h.number == i && m->magic == MAGIC &&
	       m->version == VERSION;
}

static bool page_size_ok(size_t page)
{
	return page >= 512 && page <= 65536 && (page & (page - 1)) == 0;
}

/*
 * Transactions write the two metas in turn: even numbers the first, odd the
 * second, one apart. Anything else was altered.
 */
static bool metas_agree(const struct meta m[2])
{
	if (m[0].free.pad != m[1].free.pad || m[0].txn & 1)
		return false;
	if (m[0].txn == 0 && m[1].txn == 0)
		return true;
	return (m[1].txn & 1) &&
	       (m[0].txn == m[1].txn + 1 || m[1].txn == m[0].txn + 1);
}

static bool meta_fits(const struct image *im, const struct meta *m)
{
	return m->last >= 1 && m->last < im->size / m->free.pad &&
	       m->free.flags == DB_INTEGERKEY && m->main.flags == 0;
}

/* Another process may just be writing one of them: look again then. */
static bool read_metas(const struct image *im, struct meta m[2])
{
	for (int i = 0; i < META_TRIES; i++) {
		if (read_meta(im, 0, 0, &m[0]) && page_size_ok(m[0].free.pad) &&
		    read_meta(im, 1, m[0].free.pad, &m[1]) && metas_agree(m))
			return true;
	}
	return false;
}

enum err image_pick(struct image *im, uint64_t txn)
{
	struct meta m[2];
	const struct meta *use;
	enum err rc = map_file(im);

	if (rc)
		return rc;
	if (!read_metas(im, m))
		return ERR_CORRUPT;
	use = &m[m[1].txn > m[0].txn];
	if (txn && use->txn != txn)
		use = &m[txn & 1];
	if (txn && use->txn != txn)
		return ERR_NOTFOUND;
	if (!meta_fits(im, use))
		return ERR_CORRUPT;
	im->page = use->free.pad;
	im->last = use->last;
	im->txn = use->txn;
	im->free = use->free;
	im->main = use->main;
	return ERR_NONE;
}

/* The meta page of the last write that is still one; the pages there are. */
static enum err pick_damaged(struct image *im)
{
	struct meta m[2], *use = NULL;
	size_t page = DAMAGED_PAGE;
	enum err rc = map_file(im);

	for (size_t i = 0; !rc && i < 2; i++) {
		if (!read_meta(im, i, i * page, &m[i]) ||
		    !page_size_ok(m[i].free.pad))
			continue;
		page = m[i].free.pad;
		if (!use || m[i].txn > use->txn)
			use = &m[i];
	}
	if (rc || !use || im->size / page <= FIRST_PAGE)
		return rc ? rc : ERR_CORRUPT;
	im->page = page;
	im->last = im->size / page - 1;
	if (use->last < im->last)
		im->last = use->last;
	im->txn = use->txn;
	im->free = use->free;
	im->main = use->main;
	return ERR_NONE;
}

enum err image_open_damaged(struct image *im, const char *path)
{
	*im = (struct image){ .fd = open(path, O_RDONLY | O_CLOEXEC) };
	if (im->fd < 0) {
		*im = (struct image){ 0 };
		return ERR_NOTFOUND;
	}
	return pick_damaged(im);
}

/* ---- the walk */

/* 32 MB: below that nobody waits. */
#define PAGES_TOLD ((size_t)8192)

/* The whole tour, and one tree of it: the free list, the list of tables, or a
 * table. */
struct tour {
	struct image *im;
	const struct image_visit *visit;
	enum err damaged; /* ERR_CORRUPT once anything was */
	size_t claimed;   /* pages so far */
};

struct walk {
	struct tour *tour;
	struct str table;
	const struct image_db *db;
	enum { TREE_FREE, TREE_LIST, TREE_TABLE } kind;
	struct image_db found; /* counted on the way */
};

/* A page of nodes. */
struct sheet {
	size_t number;
	const uint8_t *at;
	size_t n;
	size_t upper;
};

struct node {
	unsigned flags;
	struct str key, value; /* the value, or where it is */
	size_t size;           /* of the value */
	size_t child;          /* branches only */
	size_t bytes;          /* taken on the page */
};

/* Between which keys a page's own must lie; p == NULL: no bound. */
struct range {
	struct str low, high;
};

static enum err damage(struct walk *w, size_t page, const char *what)
{
	const struct image_visit *v = w->tour->visit;

	w->tour->damaged = ERR_CORRUPT;
	if (!v->damage)
		return ERR_CORRUPT;
	return v->damage(v->arg, w->table, page, what);
}

static void tell_progress(struct tour *t, size_t n)
{
	const struct image_visit *v = t->visit;
	size_t told = t->claimed / PAGES_TOLD;

	t->claimed += n;
	if (v->progress && t->claimed / PAGES_TOLD > told)
		v->progress(v->arg, t->claimed, t->im->last + 1);
}

/* Takes pages for this use; false when they are outside or used already. */
static bool claim(struct tour *t, size_t page, size_t n)
{
	struct image *im = t->im;

	if (page < FIRST_PAGE || n == 0 || page > im->last ||
	    n - 1 > im->last - page)
		return false;
	for (size_t i = page; i < page + n; i++) {
		uint8_t bit = (uint8_t)(1u << (i & 7));

		if (im->seen[i / 8] & bit)
			return false;
		im->seen[i / 8] |= bit;
	}
	tell_progress(t, n);
	return true;
}

/* Reads the head of a page of nodes: NULL when good, else what is wrong. */
static const char *sheet_open(struct walk *w, struct sheet *s, size_t number,
			      unsigned kind)
{
	struct image *im = w->tour->im;
	struct page_head h;
	size_t least = kind == P_BRANCH && w->kind != TREE_FREE ? 2 : 1;

	if (!claim(w->tour, number, 1))
		return N_("halaman di luar berkas atau dipakai dua kali");
	s->number = number;
	s->at = im->map + number * im->page;
	memcpy(&h, s->at, sizeof(h));
	if (h.number != number)
		return N_("nomor halaman salah");
	if (h.flags != kind)
		return N_("jenis halaman salah");
	if (h.room.part.lower < HEAD || (h.room.part.lower & 1) ||
	    h.room.part.lower > h.room.part.upper ||
	    h.room.part.upper > im->page)
		return N_("batas halaman salah");
	s->n = (h.room.part.lower - HEAD) / 2;
	s->upper = h.room.part.upper;
	return s->n < least ? N_("isi halaman kurang") : NULL;
}

static bool node_read(const struct walk *w, const struct sheet *s, size_t i,
		      bool branch, struct node *n)
{
	size_t page = w->tour->im->page, held = 0;
	struct node_head h;
	uint16_t at;

	memcpy(&at, s->at + HEAD + 2 * i, sizeof(at));
	if (at < s->upper || (at & 1) || at > page - NODE)
		return false;
	memcpy(&h, s->at + at, NODE);
	n->flags = branch ? 0 : h.flags;
	n->size = h.lo | (size_t)h.hi << 16;
	n->child = n->size;
	if (branch && sizeof(size_t) > 4)
		n->child |= (size_t)h.flags << 16 << 16;
	if (!branch)
		held = n->flags & N_BIG ? sizeof(size_t) : n->size;
	if (h.key_size + held > page - at - NODE)
		return false;
	n->key = str_of((const char *)s->at + at + NODE, h.key_size);
	n->value = str_of(n->key.p + n->key.n, held);
	n->bytes = (NODE + h.key_size + held + 1) & ~(size_t)1;
	return true;
}

static int key_cmp(const struct walk *w, struct str a, struct str b)
{
	size_t x = 0, y = 0;

	if (w->kind != TREE_FREE)
		return str_cmp(a, b);
	memcpy(&x, a.p, a.n < sizeof(x) ? a.n : sizeof(x));
	memcpy(&y, b.p, b.n < sizeof(y) ? b.n : sizeof(y));
	return (x > y) - (x < y);
}

/* Only the first key of a leaf may equal its page's lower bound. */
static const char *key_bad(const struct walk *w, struct str key, bool first,
			   struct range r)
{
	bool fits = w->kind == TREE_FREE ? key.n == sizeof(size_t)
					 : key.n >= 1 && key.n <= KEY_MAX;

	if (!fits)
		return N_("panjang kunci salah");
	if (r.low.p && key_cmp(w, key, r.low) < (first ? 0 : 1))
		return N_("urutan kunci salah");
	if (r.high.p && key_cmp(w, key, r.high) >= 0)
		return N_("kunci di luar rentang halaman");
	return NULL;
}

/* The pages of a value too long for its leaf. */
static const char *big_value(struct walk *w, struct node *n)
{
	struct image *im = w->tour->im;
	struct page_head h;
	size_t first, pages = (HEAD - 1 + n->size) / im->page + 1;

	memcpy(&first, n->value.p, sizeof(first));
	if (!claim(w->tour, first, pages))
		return N_("nilai panjang di luar berkas atau di halaman "
			  "terpakai");
	memcpy(&h, im->map + first * im->page, sizeof(h));
	if (h.number != first || h.flags != P_OVERFLOW || h.room.pages != pages)
		return N_("awal nilai panjang rusak");
	w->found.overflow += pages;
	n->value = str_of((const char *)im->map + first * im->page + HEAD,
			  n->size);
	return NULL;
}

/* An entry of the free list: a count, then page numbers falling. */
static const char *free_pages(struct walk *w, struct str value)
{
	size_t n, page, before = SIZE_MAX;

	if (value.n < sizeof(n) || value.n % sizeof(n))
		return N_("daftar halaman kosong rusak");
	memcpy(&n, value.p, sizeof(n));
	if (n != value.n / sizeof(n) - 1)
		return N_("panjang daftar halaman kosong salah");
	for (size_t i = 1; i <= n; i++) {
		memcpy(&page, value.p + i * sizeof(n), sizeof(page));
		if (page >= before || !claim(w->tour, page, 1))
			return N_("halaman kosong terpakai atau tercatat dua "
				  "kali");
		before = page;
	}
	return NULL;
}

static enum err walk_tree(struct walk *w);

static enum err walk_table(struct walk *list, size_t page, struct node *n)
{
	const struct image_visit *v = list->tour->visit;
	struct image_db db;
	struct walk w = { .tour = list->tour,
			  .table = n->key,
			  .db = &db,
			  .kind = TREE_TABLE };
	enum err rc = ERR_NONE;

	if (n->value.n != sizeof(db))
		return damage(list, page, N_("catatan tabel rusak"));
	memcpy(&db, n->value.p, sizeof(db));
	if (db.flags || db.pad)
		return damage(list, page, N_("catatan tabel rusak"));
	if (v->only.n && !str_eq(v->only, n->key))
		return ERR_NONE;
	if (v->table)
		rc = v->table(v->arg, n->key);
	return rc ? rc : walk_tree(&w);
}

static enum err leaf_entry(struct walk *w, size_t page, struct node *n)
{
	const struct image_visit *v = w->tour->visit;
	unsigned may = w->kind == TREE_LIST ? 0 : N_BIG;
	unsigned must = w->kind == TREE_LIST ? N_TABLE : 0;
	const char *bad = NULL;

	w->found.entries++;
	if ((n->flags & ~may) != must)
		return damage(w, page, N_("jenis isian salah"));
	if (n->flags & N_BIG)
		bad = big_value(w, n);
	if (!bad && w->kind == TREE_FREE)
		bad = free_pages(w, n->value);
	if (bad)
		return damage(w, page, bad);
	if (w->kind == TREE_LIST)
		return walk_table(w, page, n);
	if (w->kind == TREE_TABLE && v->value)
		return v->value(v->arg, w->table, n->key, n->value);
	return ERR_NONE;
}

static enum err walk_leaf(struct walk *w, size_t number, struct range r)
{
	struct sheet s = { 0 };
	const char *bad = sheet_open(w, &s, number, P_LEAF);
	size_t used = 0;
	enum err rc = ERR_NONE;

	w->found.leaf++;
	for (size_t i = 0; !rc && !bad && i < s.n; i++) {
		struct node n;

		bad = N_("isian keluar dari halaman");
		if (node_read(w, &s, i, false, &n))
			bad = key_bad(w, n.key, i == 0, r);
		if (bad)
			break;
		r.low = n.key;
		used += n.bytes;
		rc = leaf_entry(w, number, &n);
	}
	if (!bad && !rc && used != w->tour->im->page - s.upper)
		bad = N_("isian tidak memenuhi halaman");
	return bad ? damage(w, number, bad) : rc;
}

static enum err walk_page(struct walk *w, size_t number, unsigned level,
			  struct range r);

/*
 * Reads all children of a branch before going down: child i holds the keys
 * from its own up to the next one's; the key of child 0 is not used.
 */
static const char *branch_bad(struct walk *w, const struct sheet *s,
			      struct range r)
{
	size_t used = 0;

	for (size_t i = 0; i < s->n; i++) {
		const char *bad = NULL;
		struct node n;

		if (!node_read(w, s, i, true, &n))
			return N_("isian keluar dari halaman");
		if (i)
			bad = key_bad(w, n.key, false, r);
		if (bad)
			return bad;
		if (i)
			r.low = n.key;
		used += n.bytes;
	}
	if (used != w->tour->im->page - s->upper)
		return N_("isian tidak memenuhi halaman");
	return NULL;
}

static enum err walk_branch(struct walk *w, size_t number, unsigned level,
			    struct range r)
{
	struct str end = r.high;
	struct sheet s = { 0 };
	const char *bad = sheet_open(w, &s, number, P_BRANCH);
	struct node n, next = { 0 };
	enum err rc = ERR_NONE;

	w->found.branch++;
	if (!bad)
		bad = branch_bad(w, &s, r);
	if (bad)
		return damage(w, number, bad);
	for (size_t i = 0; !rc && i < s.n; i++) {
		bool last = i + 1 == s.n;

		if (!node_read(w, &s, i, true, &n) ||
		    (!last && !node_read(w, &s, i + 1, true, &next)))
			return damage(w, number,
				      N_("halaman berubah saat dibaca"));
		r.low = i ? n.key : r.low;
		r.high = last ? end : next.key;
		rc = walk_page(w, n.child, level - 1, r);
	}
	return rc;
}

static enum err walk_page(struct walk *w, size_t number, unsigned level,
			  struct range r)
{
	if (level > 1)
		return walk_branch(w, number, level, r);
	return walk_leaf(w, number, r);
}

static bool counts_agree(const struct image_db *a, const struct image_db *b)
{
	return a->branch == b->branch && a->leaf == b->leaf &&
	       a->overflow == b->overflow && a->entries == b->entries;
}

static enum err walk_tree(struct walk *w)
{
	const struct image_db *db = w->db;
	enum err rc = ERR_NONE;

	if ((db->root == NO_ROOT) != (db->depth == 0) || db->depth > DEPTH_MAX)
		return damage(w, 0, N_("akar tabel rusak"));
	if (db->depth)
		rc = walk_page(w, db->root, db->depth, (struct range){ 0 });
	if (!rc && !counts_agree(&w->found, db))
		rc = damage(w, db->root, N_("hitungan tabel tidak cocok"));
	return rc;
}

enum err image_walk(struct image *im, const struct image_visit *v)
{
	struct tour tour = { .im = im, .visit = v };
	struct walk spare = { .tour = &tour,
			      .table = STR("(free)"),
			      .db = &im->free,
			      .kind = TREE_FREE };
	struct walk list = { .tour = &tour,
			     .table = STR("(tables)"),
			     .db = &im->main,
			     .kind = TREE_LIST };
	enum err rc = ERR_NONE;

	free(im->seen);
	im->seen = calloc(im->last / 8 + 1, 1);
	if (!im->seen)
		return ERR_NOMEM;
	image_expect(im, !v->only.n);
	if (!v->only.n)
		rc = walk_tree(&spare);
	if (!rc)
		rc = walk_tree(&list);
	image_expect(im, false);
	return rc ? rc : tour.damaged;
}
