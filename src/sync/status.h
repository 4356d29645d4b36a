/* SPDX-License-Identifier: MIT */
#ifndef SYNC_STATUS_H
#define SYNC_STATUS_H

#include "pilar/arrive.h"
#include "pilar/sync.h"

/* A file that was taken in, as kept under in/DEVICE/SEQ. */
struct taken {
	struct str device;
	uint64_t seq, events;
	int64_t at;
	struct str hash; /* sha256 of its manifest, hexadecimal */
};
/* Texts are lent from the note. */
enum err taken_read(const struct note *n, struct taken *out) MUST_CHECK;
void taken_write(struct buf *b, const struct taken *t);

/* Our file that was acknowledged, and when the hub said so. */
enum err ack_note_read(const struct note *n, uint64_t *seq,
		       int64_t *at) MUST_CHECK;

/* Fills in what is known of others. */
enum err status_peers(struct cases *c, struct arena *a,
		      struct sync_status *s) MUST_CHECK;

#endif
