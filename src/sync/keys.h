/* SPDX-License-Identifier: MIT */
#ifndef SYNC_KEYS_H
#define SYNC_KEYS_H

#include "pilar/arrive.h"
#include "pilar/sync.h"

/*
 * Notes of this module, by the front of their names:
 * self          seed of the device's key
 * to/NAME       an office
 * dev/DEVICE    a device whose files are taken
 * in/DEVICE/SEQ a file that came in; SEQ has ten digits
 * file/DEVICE/SEQ its manifest and signature
 * fork/DEVICE/.. a second history of it (fork.h)
 * has/DEVICE/.. what others have (has.h)
 * out/SEQ       manifest and signature of a file we wrote
 * ack/SEQ       its acknowledgement
 * host          where files were last sent
 */
#define NOTE_SEQ_DIGITS 10
struct str note_name(struct arena *a, const char *front, uint64_t seq);

/* Of what is kept of a file that came in. */
struct str file_name(struct arena *a, struct str device, uint64_t seq);

/* The seed is made at the first call. Free with seal_key_free(). */
enum err keys_seed(struct cases *c, struct seal_key **out) MUST_CHECK;

/* The note of a device; its texts live in `b` and the arena. */
enum err device_note(const struct sync_device *d, struct arena *a,
		     struct buf *b, struct note *out) MUST_CHECK;

#endif
