/* SPDX-License-Identifier: MIT */
#ifndef CASES_DRAFT_PRIV_H
#define CASES_DRAFT_PRIV_H

#include "draft_rows.h"

struct draft {
	struct cases *c;
	struct session *session;
	struct draft_key key;
	struct draft_head head; /* its texts live in `arena` */
	struct arena arena;
	uint64_t acts;
	struct buf cursor, typed, kept;
	bool unkept;     /* `kept` is newer than the disk */
	bool pending;    /* cursor or typed is newer than the disk */
	int64_t written; /* when the journal was last */
};

struct draft *draft_alloc(struct cases *c);
/* Keeps what its entity is like now. */
enum err draft_seen_note(struct draft *d, struct txn *t) MUST_CHECK;

#endif
