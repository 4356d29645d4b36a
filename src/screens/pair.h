/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_PAIR_H
#define SCREENS_PAIR_H

#include "pilar/cases.h"
#include "pilar/ui.h"

/* Two of one list, line by line beside each other: what columns and details
 * of datasets.csv say of them, and how many belong to each. */
#define PAIR_LINES 32

struct pair_line {
	struct str label, left, right;
};

struct pair {
	struct cases *cases;
	const struct entity *left, *right; /* right may be NULL */
	struct str why;                    /* they may be one; or empty */
	bool unsaved; /* right: what belongs to it is not known yet */
	struct pair_line lines[PAIR_LINES];
	size_t n;
};

/* The lines of which one says something, in the arena. */
void pair_load(struct pair *p, struct arena *a);
void pair_draw(const struct pair *p, struct ui *u, int row);

#endif
