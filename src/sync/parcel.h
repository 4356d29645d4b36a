/* SPDX-License-Identifier: MIT */
#ifndef SYNC_PARCEL_H
#define SYNC_PARCEL_H

#include "pilar/json.h"
#include "pilar/vec.h"

#include "keys.h"
#include "pack.h"

/*
 * What a kit and a bundle of others' files have in common: a JSON object that
 * says who made it, for whom and what is in it, its signature, then entries in
 * folders of their own.
 */
#define PARCEL_MEDIA  "media/"
#define PARCEL_FORMS  "forms/"
#define PARCEL_LISTS  "lists/"
#define PARCEL_FILES  "files/"
#define PARCEL_NAME   "parcel.json"
#define PARCEL_FORMAT "pilar-parcel-1"
/* What one holds at most; the rest goes when this was acknowledged. */
#define PARCEL_ENTRIES  5000
#define PARCEL_BYTES    ((uint64_t)64 << 20)
#define PARCEL_UNPACKED ((uint64_t)512 << 20)

struct parcel_entry {
	struct str path, bytes;
};

struct parcel {
	struct cases *cases;
	struct arena *arena; /* the caller's; entries live in it */
	const struct sync_office *to;
	size_t n_to;
	store_progress progress;
	void *arg;
	bool (*cancelled)(void *arg);
	VEC(struct parcel_entry) entries;
	uint64_t bytes, lists, rows;
};

/* `bytes` are lent until the parcel is written. ERR_CANCELLED. */
enum err parcel_add(struct parcel *p, struct str path,
		    struct str bytes) MUST_CHECK;
enum err parcel_add_list(struct parcel *p,
			 const struct carried_list *l) MUST_CHECK;
/* Says who made it, for whom, and what is in it so far. */
enum err parcel_head(struct parcel *p, const char *format, struct str name,
		     struct json **out) MUST_CHECK;
/* Signs the head, writes the file; it is durable under its name. */
enum err parcel_write(struct parcel *p, const char *name,
		      const struct json *head, const char *path,
		      uint64_t *bytes) MUST_CHECK;
void parcel_release(struct parcel *p);
/* How far of a hundred; ERR_CANCELLED. */
enum err parcel_step(const struct parcel *p, size_t percent) MUST_CHECK;

struct kept_file {
	uint64_t events, unpacked; /* bytes of all entries, as in a tar */
};
/*
 * A file once more as plain tar.zst, from what is kept of it (keys.h): made
 * here or by others. ERR_NOTFOUND: one of its events is not here.
 */
struct kept {
	struct str text;   /* manifest and signature */
	struct str number; /* under which it is kept; empty: made here */
	struct dict *dict; /* for all of them */
};
enum err export_kept(struct cases *c, const struct kept *from, struct arena *a,
		     struct buf *out, struct kept_file *what) MUST_CHECK;

#endif
