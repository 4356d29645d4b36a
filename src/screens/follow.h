/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_FOLLOW_H
#define SCREENS_FOLLOW_H

#include "pilar/cases.h"

/* Does datasets.csv say of anything when it is due? */
bool follow_any(struct cases *c);
/* How much is due; `any` as above. */
struct follow_count {
	bool any;
	size_t late, today, later;
};
enum err follow_count(struct cases *c, struct follow_count *out) MUST_CHECK;

#endif
