/* SPDX-License-Identifier: MIT */
#ifndef XPATH_ROWS_H
#define XPATH_ROWS_H

#include "source.h"

/* Rows of a list, in order, in the arena of the evaluation. */
struct rows {
	uint32_t *at;
	size_t n, cap;
};

/* The rows of a path that ends at the items of a list; else no list. */
enum err eval_list_rows(struct eval *e, const struct path *p,
			struct list **list, struct rows *r) MUST_CHECK;
/* Of those the rows whose column is the value; no list also where a predicate
 * counts rows. */
enum err eval_list_row(struct eval *e, const struct path *p,
		       struct xpath_equal which, struct list **list,
		       struct rows *r) MUST_CHECK;
/* pulldata(): the cell `want` of the first row whose `key` is `value`. */
enum err rows_pull(struct eval *e, struct str id, const struct str name[2],
		   struct str value, struct str *out) MUST_CHECK;

#endif
