/* SPDX-License-Identifier: MIT */
#ifndef TREE_CSV_INDEX_H
#define TREE_CSV_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/lists.h"
#include "pilar/str.h"

/*
 * Rows of one column by value: `rows` holds all rows of a list, those with
 * equal values together and in order; group g is rows[starts[g]] up to
 * rows[starts[g + 1]]. `table` is a hash table of group + 1. No text is kept:
 * a group's value is the cell of its first row.
 */
struct csv_index {
	uint32_t *rows, *starts, *table;
	size_t cap; /* of the table: a power of two */
	size_t n_groups;
	uint64_t seed;
};

enum err csv_index_build(struct csv_index *x, struct list *l, size_t column,
			 size_t n_rows) MUST_CHECK;
/* The rows whose cell equals `value`, lent. */
const uint32_t *csv_index_find(const struct csv_index *x, struct list *l,
			       size_t column, struct str value, size_t *n);
void csv_index_release(struct csv_index *x);

#endif
