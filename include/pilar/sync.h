/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SYNC_H
#define PILAR_SYNC_H

#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * Sync files (DESIGN 8): a zstd stream around a ustar tar: manifest.json, then
 * instances/<uuid>/submission.xml. Nothing counts as exported before the file
 * is durable under its name.
 */
struct sync_status {
	uint64_t waiting;      /* events not exported */
	uint64_t exported;     /* events in files written so far */
	uint64_t files, bytes; /* files written so far and their size */
	int64_t last_at;       /* of the last file, 0: none */
	struct str last_file;
};
enum err sync_status(struct cases *c, struct arena *a,
		     struct sync_status *out) MUST_CHECK;

struct sync_export {
	struct str folder; /* where to write */
	int level;         /* zstd level; 0: the default for the size */
	store_progress progress;
	void *arg;
};
struct sync_result {
	struct str file; /* path; empty: nothing was waiting */
	uint64_t events, bytes;
};
enum err sync_export(struct cases *c, const struct sync_export *how,
		     struct arena *a, struct sync_result *out,
		     struct report *rep) MUST_CHECK;

#endif
