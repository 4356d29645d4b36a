/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_CONFLICT_H
#define SCREENS_CONFLICT_H

#include "pilar/cases.h"

/* How many a person has to decide. */
size_t conflicts_count(struct cases *c, struct arena *a);

#endif
