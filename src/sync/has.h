/* SPDX-License-Identifier: MIT */
#ifndef SYNC_HAS_H
#define SYNC_HAS_H

#include "keys.h"

/*
 * What is known of others' stores: the note has/DEVICE/ORIGIN/SEQ says that
 * DEVICE has the file SEQ that ORIGIN made (with an l before SEQ: the list of
 * that number). It said so in an acknowledgement, or brought it to us.
 * Files of a copied device may stand under another number there than here.
 */
#define DEVICE_CHARS 16
struct carried {
	struct str device; /* that made it */
	uint64_t seq;
	bool list;
	struct str there; /* its number where it came from; empty: the same */
};

/* From its name behind has/DEVICE/, as acknowledgements write it, too. */
bool carried_parse(struct str name, struct carried *out);

bool has_it(struct cases *c, struct arena *a, struct str device,
	    const struct carried *what);
/* `brought`: when the parcel was made that it came in; 0: acknowledged. */
enum err has_note(struct arena *a, struct str device,
		  const struct carried *what, int64_t brought,
		  struct note *out) MUST_CHECK;
/* Names of what the last parcel of that device brought. */
enum err has_brought(struct cases *c, struct arena *a, struct str device,
		     struct str **out, size_t *n) MUST_CHECK;

#endif
