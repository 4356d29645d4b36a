/* SPDX-License-Identifier: MIT */
#ifndef CASES_NOTES_H
#define CASES_NOTES_H

#include "pilar/arrive.h"

#include "internal.h"

/* Puts notes within a transaction under way. */
enum err notes_put(struct txn *t, const struct note *notes,
		   size_t n) MUST_CHECK;

/* The audit log beside a submission; nothing is put where it is empty. */
#define AUDIT_LOG_MAX ((size_t)4 << 20)
enum err notes_put_log(struct txn *t, struct str instance_id,
		       struct str log) MUST_CHECK;
/* Empty where its XML names none. */
enum err notes_get_log(struct txn *t, const struct event *e, struct arena *a,
		       struct str *log) MUST_CHECK;

#endif
