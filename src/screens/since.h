/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_SINCE_H
#define SCREENS_SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/cases.h"

/*
 * What others save meanwhile: a screen asks when it is drawn, which is at every
 * key. Zero it before first use.
 */
struct since {
	uint64_t records, drafts; /* last transactions of the store */
};
/* Was a record saved, by anybody, since it was asked last? */
bool since_records(struct since *s, struct cases *c);
/* The same, or an answer of any draft. */
bool since_any(struct since *s, struct cases *c);

#endif
