/* SPDX-License-Identifier: MIT */
#ifndef CASES_AUDIT_H
#define CASES_AUDIT_H

#include "internal.h"

/* Notes in a transaction under way what this worker does. */
enum err audit_put(struct cases *c, struct txn *t, enum audit_act act,
		   struct str list, struct str object) MUST_CHECK;

#endif
