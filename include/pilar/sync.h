/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SYNC_H
#define PILAR_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/age.h"
#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/minisign.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/stream.h"

/*
 * Sync files (DESIGN 8): an age file around a zstd stream around a ustar tar:
 * manifest.json, its signature, then instances/<uuid>/submission.xml. Without
 * a recipient there is no age layer. Nothing counts as exported before the
 * file is durable under its name, and nothing as received before a signed
 * acknowledgement says so.
 *
 * A device has one Ed25519 key, made when first asked for and kept sealed in
 * the store: it signs, and what is sealed for it is opened with its X25519
 * form. Offices are those our files are sealed for; devices are those whose
 * files a person has accepted.
 */

/* ---- who we are */
struct sync_self {
	struct str device; /* 16 hexadecimal digits */
	struct minisign_key key;
	struct age_recipient recipient;
	char spoken[MINISIGN_SPOKEN + 1]; /* to be read aloud */
};
enum err sync_self(struct cases *c, struct sync_self *out) MUST_CHECK;

/* ---- for whom our files are sealed */
#define SYNC_NAME_MAX 40
struct sync_office {
	struct str name; /* letters, digits, blank, . _ - */
	struct age_recipient recipient;
	bool has_key; /* known by its signing key: its acks are believed */
	struct minisign_key key;
	struct str device; /* of its store; empty: not known */
};
enum err sync_offices(struct cases *c, struct arena *a,
		      struct sync_office **out, size_t *n) MUST_CHECK;
/* Replaces one of the same name. ERR_INVALID: says what is wrong. */
enum err sync_office_put(struct cases *c, const struct sync_office *o,
			 struct report *rep) MUST_CHECK;
enum err sync_office_remove(struct cases *c, struct str name) MUST_CHECK;
/*
 * Reads what a person has: "age1...", the text or file of a minisign key. The
 * name stays as it is. ERR_SYNTAX.
 */
enum err sync_office_parse(struct str text, struct sync_office *out) MUST_CHECK;

/* ---- whose files we take */
struct sync_device {
	struct str device, name; /* name: as a person calls it, may be empty */
	struct minisign_key key;
	bool revoked;
	int64_t at; /* accepted or revoked then */
};
enum err sync_devices(struct cases *c, struct arena *a,
		      struct sync_device **out, size_t *n) MUST_CHECK;
enum err sync_device(struct cases *c, struct str device, struct arena *a,
		     struct sync_device *out) MUST_CHECK; /* ERR_NOTFOUND */
enum err sync_device_put(struct cases *c,
			 const struct sync_device *d) MUST_CHECK;
enum err sync_device_remove(struct cases *c, struct str device) MUST_CHECK;

/* ---- what has gone out */
struct sync_status {
	uint64_t waiting;      /* events not exported */
	uint64_t exported;     /* events in files written so far */
	uint64_t received;     /* of these acknowledged */
	uint64_t files, bytes; /* files written so far and their size */
	uint64_t files_received;
	int64_t last_at; /* of the last file, 0: none */
	struct str last_file;
	/* The first file nobody has acknowledged; 0: none. */
	uint64_t missing;
	struct str missing_file;
	uint64_t taken_in; /* events of others */
	const struct sync_peer *peers;
	size_t n_peers;
};
/* A device whose files we take in. */
struct sync_peer {
	struct str device, name;
	uint64_t files, events, last; /* last: the highest number */
	const uint64_t *gaps;         /* numbers not here, at most 20 */
	size_t n_gaps;
	int64_t at; /* of the last one taken in */
};
enum err sync_status(struct cases *c, struct arena *a,
		     struct sync_status *out) MUST_CHECK;

struct sync_export {
	struct str folder; /* where to write */
	int level;         /* zstd level; 0: the default for the size */
	bool plain;        /* without the dictionary */
	bool dry;          /* only says what would be */
	uint64_t again;    /* that file once more; 0: what is waiting */
	const struct sync_office *to; /* sealed for these; none: not sealed */
	size_t n_to;
	store_progress progress;
	void *arg;
	bool (*cancelled)(void *arg); /* may be NULL */
};
struct sync_result {
	struct str file; /* path; empty: nothing was waiting */
	uint64_t seq, events, bytes;
};
enum err sync_export(struct cases *c, const struct sync_export *how,
		     struct arena *a, struct sync_result *out,
		     struct report *rep) MUST_CHECK;

#endif
