/* SPDX-License-Identifier: MIT */
#ifndef CASES_ARRIVING_H
#define CASES_ARRIVING_H

#include "pilar/arrive.h"

#include "events.h"
#include "project.h"

/* What the files about events of other devices share. */
struct arriving {
	struct project p;
	struct txn *t;
	struct report *rep;
	struct arena arena; /* of one event */
	size_t n;
};

/* Is it here? Under its instanceID, from whomever; and under its number.
 * ERR_EXISTS with `again`: with other content. */
enum err arriving_look(struct arriving *a, const struct stamp *s,
		       const struct envelope *e, bool *again) MUST_CHECK;
enum err arriving_put(struct arriving *a, const struct stamp *s,
		      const struct envelope *e) MUST_CHECK;
/* What its author had seen of the entity of a deed. */
enum err arriving_touch(const struct touch *in, const struct envelope *e,
			const struct deed *d, struct seen *out) MUST_CHECK;

#endif
