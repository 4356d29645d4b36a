/* SPDX-License-Identifier: MIT */
#ifndef CASES_DECIDE_H
#define CASES_DECIDE_H

#include "internal.h"

/* Labels and texts of sides, as the form that decides has them. */
enum err decide_texts(struct cases *c, const struct entity *e, struct arena *a,
		      struct conflict_side *sides, size_t n) MUST_CHECK;
/* The same of changes of its properties. */
enum err decide_words(struct cases *c, const struct entity *e, struct arena *a,
		      struct prop_change *list, size_t n) MUST_CHECK;

#endif
