/* SPDX-License-Identifier: MIT */
#ifndef CASES_CHANGE_H
#define CASES_CHANGE_H

#include "project.h"

/* No targets in it: everything changed. ERR_NOTFOUND: too long ago. */
enum err change_read(struct txn *t, uint64_t number, struct arena *a,
		     struct target **out, size_t *n) MUST_CHECK;
enum err change_last(struct txn *t, uint64_t *number) MUST_CHECK;
/* Too many of them, or none, are written as "everything". */
enum err change_put(struct txn *t, uint64_t number, const struct target *at,
		    size_t n) MUST_CHECK;

#endif
