/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_CONFLICT_H
#define SCREENS_CONFLICT_H

#include "pilar/cases.h"

/* Puts the hard ones first, else in their order; how many those are. */
size_t conflicts_hard(struct conflict_at *list, size_t n);
/* How many a person has to decide. */
size_t conflicts_count(struct cases *c, struct arena *a);

#endif
