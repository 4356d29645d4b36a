/* SPDX-License-Identifier: MIT */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * Reads the pages of an LMDB 0.9 file by itself and believes nothing.
 *
 * LMDB has no checksums: of 1,953 damages done to a bare file 29 % crashed it
 * and 34 % gave wrong data. So before it may touch a file, every page that can
 * be reached is looked at here: its number, kind, order and bounds, no page
 * used twice, none both used and free, counts as recorded. What a page holds
 * is not our business: values carry their own seal.
 *
 * The picture is the file mapped for reading. While others write, hold a read
 * transaction and choose its number with image_pick().
 */
struct image_db { /* as LMDB stores it */
	uint32_t pad;
	uint16_t flags, depth;
	size_t branch, leaf, overflow, entries, root;
};

struct image {
	const uint8_t *map;
	size_t size; /* bytes mapped */
	size_t page; /* bytes of a page */
	size_t last; /* number of the last page in use */
	uint64_t txn;
	struct image_db free, main;
	uint8_t *seen; /* a bit a page */
	int fd;
};

/* A zeroed image is closed; its fd is not looked at then. */
enum err image_open(struct image *im, const char *path) MUST_CHECK;
/*
 * Chooses the state that transaction `txn` left, 0 for the newest.
 * ERR_NOTFOUND when others have committed since; ERR_CORRUPT when the file is
 * cut short or its first pages are damaged.
 */
enum err image_pick(struct image *im, uint64_t txn) MUST_CHECK;
void image_close(struct image *im);
/* Will it be read whole, so that what follows a page is worth reading with it
 * (8 MB on some machines), or here and there, as at first? */
void image_expect(const struct image *im, bool whole);
/* What can be read of a file that is damaged or cut short; nothing may write
 * to it meanwhile. The last pages may be missing. */
enum err image_open_damaged(struct image *im, const char *path) MUST_CHECK;

/*
 * Of a file that nobody has open: the next transaction's number is 2,000
 * higher. LMDB writes the list of free pages as records of one page, each under
 * the number of a past transaction, and reads one when a save needs pages.
 * Where there are fewer numbers than such records they become longer, and every
 * save reads and writes them whole: after a first import of 750,000 entities
 * 0.2 ms of work more. So a new store begins with numbers spent.
 */
enum err image_spend_numbers(const char *path) MUST_CHECK;

/*
 * What a walk meets, in order of keys. Any function may be NULL. A result
 * other than 0 ends the walk.
 */
struct image_visit {
	struct str only; /* this table and nothing else; empty: everything */
	enum err (*table)(void *arg, struct str table);
	enum err (*value)(void *arg, struct str table, struct str key,
			  struct str value);
	/* A damaged page; `what` is marked N_(). */
	enum err (*damage)(void *arg, struct str table, size_t page,
			   const char *what);
	/* Now and then, where there are many. */
	void (*progress)(void *arg, size_t pages, size_t of);
	void *arg;
};
/* ERR_CORRUPT when anything was damaged: at once without `damage`, else
 * after everything that can still be reached. */
enum err image_walk(struct image *im, const struct image_visit *v) MUST_CHECK;
/*
 * Every record on every leaf page of the file, whatever leads to it: also
 * those that were replaced or deleted since. `table` is not known here.
 */
enum err image_scan(const struct image *im,
		    enum err (*each)(void *arg, struct str key,
				     struct str value),
		    void *arg) MUST_CHECK;

#endif
