/* SPDX-License-Identifier: MIT */
#ifndef CASES_CLOSED_H
#define CASES_CLOSED_H

#include "project.h"

/*
 * What left the lists: closed, and doubles that another entity stands for.
 * Both are said by rows of datasets.csv; nothing is ever deleted.
 */

/* The row of kind `closed` that is true of these texts, or NULL. */
const struct dataset_row *closed_row(const struct dataset *ds,
				     const struct str *shown, size_t n);
/* The name of that row, empty where it is in the lists: what forms see of it
 * in the column `__closed`. */
struct str closed_name(struct cases *c, const struct state *s);
/* Does another one stand for it? Not of itself. */
bool merged_into(const struct dataset *ds, const struct state *s,
		 struct id *into);

/* From a double to the one that stands for it in the end. */
enum err merged_last(struct txn *t, const struct dataset *ds, struct id *id,
		     struct arena *a) MUST_CHECK;

/* Itself, then all it stands for, those of theirs, too. */
enum err merged_list(struct txn *t, const struct dataset *ds,
		     const struct id *id, struct ids *out) MUST_CHECK;
/* It or the one that stands for it changed: both are found by other words. */
enum err merged_again(struct project *p, const struct state *s) MUST_CHECK;

#endif
