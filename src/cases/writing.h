/* SPDX-License-Identifier: MIT */
#ifndef CASES_WRITING_H
#define CASES_WRITING_H

#include "project.h"

/*
 * Appending events of this device, and what follows from each. `p` has begun.
 */
struct writing {
	struct project p;
	struct stamp last; /* of this device */
	int64_t last_at;   /* when it was made */
};
/* Where to go on, and whether the clock has gone back since. */
enum err writing_begin(struct writing *s) MUST_CHECK;
/* Zone and doubt of an event's time. */
void writing_clock(const struct writing *s, struct envelope *e);
/* What is known of each entity now, and a branchId for what is made here. */
enum err writing_seen(struct writing *s, struct arena *a, const struct deeds *d,
		      struct envelope *e) MUST_CHECK;
/* The branchId of what an event makes; it follows from both ids. */
void seen_branch(struct seen *s, struct str instance_id, struct str id);
/* Appends it under the next number and to what finds it. */
enum err writing_event(struct writing *s, const struct envelope *e) MUST_CHECK;
/* Folds every entity the envelope names. */
enum err writing_follow(struct writing *s, const struct envelope *e,
			const struct deeds *d) MUST_CHECK;

#endif
