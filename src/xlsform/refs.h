/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_REFS_H
#define XLSFORM_REFS_H

#include "conv.h"

/*
 * ${name} becomes a path: absolute, or relative when `context` and the node
 * are in the same repeat. Names are known to be good (check.c).
 */
enum {
	REFS_CURRENT = 1, /* relative paths begin at current() */
	REFS_PARENT = 2   /* of a repeat that is chosen from: leave it too */
};
/* In the arena. */
struct str refs_text(struct conv *cv, struct str text,
		     const struct element *context, unsigned flags);

/*
 * What people read: ${name} and instance(..) paths become <output>, the rest
 * is escaped. `context` NULL: absolute paths.
 */
void refs_label(struct conv *cv, struct buf *out, struct str text,
		const struct element *context);

#endif
