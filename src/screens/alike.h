/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_ALIKE_H
#define SCREENS_ALIKE_H

#include "actions.h"
#include "entry.h"

/*
 * Those that may be one and the same, side by side with why: open one, merge
 * the two at one key, or go on with a reason, which stands as a remark in the
 * record.
 *
 * Before one is registered: of what was typed. Where there are none
 * the form begins at once.
 */
void alike_open(struct ui *u, struct cases *c, const struct action *a);
/* Of a case; a message says so when there are none. */
void alike_case(struct ui *u, struct cases *c, const struct entity *e);
/*
 * Of what a form is about to make: true when it is asked first. `again` is
 * called with the owner on top when one goes on; the entry is `compared` then.
 */
bool alike_ask(struct entry *e, struct ui *u, const struct submission *sub,
	       void (*again)(struct screen *owner, struct ui *u));

/* What is merged, once it is saved; the texts live in the arena. */
struct alike_merge {
	struct arena arena;
	struct str dataset, stays, goes, why;
};
/* At once, or by its form where something has to be answered. True: done, and
 * `made` (may be NULL) is the submission, in `a`. */
bool alike_merge(struct ui *u, struct cases *c, const struct alike_merge *m,
		 struct arena *a, struct str *made);

#endif
