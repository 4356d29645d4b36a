/* SPDX-License-Identifier: MIT */
#ifndef CASES_START_H
#define CASES_START_H

#include "internal.h"

/* The question that chooses from the dataset first; REF_NONE without one. */
struct ref start_select(struct session *s, struct str dataset);

#endif
