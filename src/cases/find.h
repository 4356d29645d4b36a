/* SPDX-License-Identifier: MIT */
#ifndef CASES_FIND_H
#define CASES_FIND_H

#include "internal.h"

/* What a handle keeps open of the search index. */
struct finder;

enum err finder_new(struct finder **out) MUST_CHECK;
void finder_free(struct finder *f);
struct index_write;
struct index_write *finder_writer(struct finder *f);

#endif
