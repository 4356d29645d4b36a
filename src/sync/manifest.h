/* SPDX-License-Identifier: MIT */
#ifndef SYNC_MANIFEST_H
#define SYNC_MANIFEST_H

#include "pilar/buf.h"
#include "pilar/json.h"
#include "pilar/seal.h"

#include "pilar/cases.h"

/*
 * manifest.json of a sync file (DESIGN 8), put together entry by entry and
 * written when all entries are known. It says what the file holds, who made
 * it and which file came before, so that a gap or an altered entry shows.
 */
#define MANIFEST_FORMAT "pilar-sync-1"

struct manifest {
	struct json *root, *forms, *envelopes;
	struct sha256_ctx content; /* of the lines "<sha256>  <path>" */
	uint64_t entries, bytes;
};

enum err manifest_begin(struct manifest *m, struct cases *c,
			const struct batch *batch,
			struct str previous) MUST_CHECK;
/* One entry of the archive, in the archive's order. */
enum err manifest_entry(struct manifest *m, struct str path,
			struct str content) MUST_CHECK;
/* Who, when and in which form version: not in the XForm, so it stands here. */
enum err manifest_envelope(struct manifest *m,
			   const struct event *e) MUST_CHECK;
enum err manifest_write(struct manifest *m, struct buf *out) MUST_CHECK;
void manifest_release(struct manifest *m);

#endif
