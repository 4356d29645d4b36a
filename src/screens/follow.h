/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_FOLLOW_H
#define SCREENS_FOLLOW_H

#include "pilar/agenda.h"
#include "pilar/ui.h"

/* Does datasets.csv say of anything when it is due? */
bool follow_any(struct cases *c);
/* How much is due; `any` as above. */
struct follow_count {
	bool any;
	size_t late, today, later;
};
enum err follow_count(struct cases *c, struct follow_count *out) MUST_CHECK;

/* What is next, from today on: at most FOLLOW_NEXT rows of a week. */
#define FOLLOW_NEXT 3
#define FOLLOW_DAYS 7
struct follow_next {
	struct agenda_row rows[FOLLOW_NEXT];
	size_t n;
};
enum err follow_next(struct cases *c, struct arena *a,
		     struct follow_next *out) MUST_CHECK;
/* Drawn from that row on, as far as there is room. */
void follow_next_draw(const struct follow_next *next, struct cases *c,
		      struct ui *u, int row);

#endif
