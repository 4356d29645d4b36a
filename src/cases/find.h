/* SPDX-License-Identifier: MIT */
#ifndef CASES_FIND_H
#define CASES_FIND_H

#include "internal.h"

/* The search index of a handle and how far it has read the store. */
struct finder;

enum err finder_new(struct finder **out) MUST_CHECK;
void finder_free(struct finder *f);

#endif
