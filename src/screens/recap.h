/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_RECAP_H
#define SCREENS_RECAP_H

#include "pilar/cases.h"
#include "pilar/ui.h"

/* One recap or paper, as the text it prints; `about` is NULL or its record. */
void recap_page_open(struct ui *u, struct cases *c, struct str name,
		     const struct entity *about);

/* ---- recap_days.c: of which days it is */
struct days {
	struct screen *owner;
	const struct sys *sys;
	/* With the list gone; both empty: the whole time. */
	void (*take)(struct screen *owner, struct ui *u, struct str from,
		     struct str to);
};
void recap_days_pick(struct ui *u, const struct days *d);

#endif
