/* SPDX-License-Identifier: MIT */
#ifndef CASES_NOTES_H
#define CASES_NOTES_H

#include "pilar/arrive.h"

#include "internal.h"

/* Puts notes within a transaction under way. */
enum err notes_put(struct txn *t, const struct note *notes,
		   size_t n) MUST_CHECK;

#endif
