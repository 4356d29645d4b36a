/* SPDX-License-Identifier: MIT */
#ifndef SYNC_MANIFEST_H
#define SYNC_MANIFEST_H

#include "pilar/buf.h"
#include "pilar/cases.h"
#include "pilar/json.h"
#include "pilar/seal.h"
#include "pilar/sync.h"

/*
 * manifest.json of a sync file (DESIGN 8): what the file holds, who made it,
 * for whom, and which file came before. Envelopes of events stand by column,
 * runs and differences, in the order of the entries: 8 bytes an event when
 * compressed, 40 as objects. What the XML says of itself is not said again.
 */
#define MANIFEST_FORMAT    "pilar-sync-1"
#define MANIFEST_NAME      "manifest.json"
#define MANIFEST_SIGNATURE "manifest.json.minisig"
/* Read into memory, some twenty times as large there; 200 bytes an event. */
#define MANIFEST_MAX ((size_t)4 << 20)
#define SYNC_EVENTS  20000
/* Of all entries together: read twice and hashed, it takes a second or two. */
#define SYNC_BYTES    ((uint64_t)256 << 20)
#define SIGNATURE_MAX 4096
/* Of a recipient's text: 60 bits say for whom a file is meant. */
#define RECIPIENT_SHOWN 16
/* Of the sha256 of the manifest before, in hexadecimal digits. */
#define PREVIOUS_SHOWN 16

/* A list of values as [value, how often, ...]; of numbers that count up, as
 * [first, how many, ...]. */
struct runs {
	struct json *list;
	int64_t value, count;
	bool rising;
};

struct manifest {
	struct json *root, *forms, *workers, *devices;
	struct runs seq, worker, zone;
	struct json *at, *doubtful, *seen;
	struct sha256_ctx content; /* of the lines "<sha256>  <path>" */
	uint64_t entries, bytes;
	int64_t last_at;
};

struct manifest_head {
	struct str device, key, hub, previous; /* key: or empty */
	const struct sync_office *to;
	size_t n_to;
	uint64_t seq;
	int64_t made;
};
enum err manifest_begin(struct manifest *m,
			const struct manifest_head *head) MUST_CHECK;
/* One entry of the archive, in the archive's order, and its event. */
enum err manifest_entry(struct manifest *m, const struct event *e,
			struct str path) MUST_CHECK;
/* The audit log that stands behind it in the archive. */
void manifest_log(struct manifest *m, const struct event *e, struct str path);
enum err manifest_write(struct manifest *m, struct buf *out) MUST_CHECK;
void manifest_release(struct manifest *m);

/* The fronts of those a file is meant for, as a list; NULL: no memory. */
struct json *recipients_new(const struct sync_office *to, size_t n);

/* Adds the line of one entry to the hash of all. */
void content_add(struct sha256_ctx *c, struct str path, struct str bytes);

/* Objects and lists of JSON take a hundred times their bytes in memory: more
 * than these are not even looked at. */
bool nests_little(struct str text, size_t objects, size_t lists);

/* A manifest as read; texts are lent from `j`. */
struct sheet {
	struct json *j;
	struct str device, key, hub, previous, content;
	uint64_t seq, entries, bytes;
	int64_t made;
	struct event *events; /* in the order of the entries */
};
/* ERR_SYNTAX: no manifest. ERR_VERSION: of a newer kind. ERR_INVALID: what it
 * says does not fit together. */
enum err sheet_read(struct sheet *s, struct str text,
		    struct arena *a) MUST_CHECK;
/* Does that list name this recipient, or nobody at all? */
bool recipients_have(const struct json *list, const struct age_recipient *r);
/* Is the file meant for this recipient, or for anyone? */
bool sheet_for(const struct sheet *s, const struct age_recipient *me);
size_t sheet_recipients(const struct sheet *s);
void sheet_release(struct sheet *s);

#endif
