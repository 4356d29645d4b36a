/* SPDX-License-Identifier: MIT */
#ifndef CASES_DRAFT_ROWS_H
#define CASES_DRAFT_ROWS_H

#include "pilar/draft.h"

#include "holder.h"
#include "internal.h"

/*
 * A draft on the disk: a head, the base instance beside it, and one row for
 * every act since. Rows are numbered on when they are folded into the base.
 */
struct draft_head {
	struct str form, version, title;
	struct str dataset, entity, entity_title;
	struct str worker, instance_id;
	struct holder holder;
	/* As of the base: what acts are in it, where the cursor was, when,
	 * how many questions had an answer. */
	uint64_t acts, answered;
	struct str cursor;
	int64_t at;
};

struct draft_act_row {
	int64_t at;
	struct str cursor, record;
};

struct draft_key {
	struct id id;
	char text[UUID_LEN + 1];
};

bool draft_key_parse(struct str text, struct draft_key *out) MUST_CHECK;
enum err draft_head_get(struct txn *t, const struct id *id, struct arena *a,
			struct draft_head *h) MUST_CHECK;
enum err draft_head_put(struct txn *t, const struct id *id,
			const struct draft_head *h) MUST_CHECK;
enum err draft_base_get(struct txn *t, const struct id *id, struct arena *a,
			struct str *xml) MUST_CHECK;
enum err draft_base_put(struct txn *t, const struct id *id,
			struct str xml) MUST_CHECK;
/* What the owner keeps with it; empty when there is nothing. */
enum err draft_kept_get(struct txn *t, const struct id *id, struct arena *a,
			struct str *bytes) MUST_CHECK;
enum err draft_kept_put(struct txn *t, const struct id *id,
			struct str bytes) MUST_CHECK;
enum err draft_act_put(struct txn *t, const struct id *id, uint64_t n,
		       const struct draft_act_row *row) MUST_CHECK;
/* What its entity was like when it began. */
enum err draft_seen_get(struct txn *t, const struct id *id, struct arena *a,
			struct str *bytes) MUST_CHECK;
enum err draft_seen_put(struct txn *t, const struct id *id,
			struct str bytes) MUST_CHECK;
/* Rows in order, in the arena; `last` only: the newest one, if any. */
struct draft_acts {
	struct draft_act_row *rows;
	uint64_t first; /* number of the first of them */
	size_t n;
};
enum err draft_acts_get(struct txn *t, const struct id *id, bool last,
			struct arena *a, struct draft_acts *out) MUST_CHECK;
enum err draft_acts_del(struct txn *t, const struct id *id) MUST_CHECK;
enum err draft_all_del(struct txn *t, const struct id *id) MUST_CHECK;

/* What the journal holds of a draft: good while no act came after it. */
struct draft_typed {
	uint64_t acts;
	struct str cursor, text;
};
enum err draft_typed_put(struct store *st, const struct draft_key *key,
			 const struct draft_typed *typed) MUST_CHECK;
enum err draft_typed_get(struct store *st, const struct draft_key *key,
			 struct arena *a, struct draft_typed *typed) MUST_CHECK;

#endif
