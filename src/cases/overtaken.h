/* SPDX-License-Identifier: MIT */
#ifndef CASES_OVERTAKEN_H
#define CASES_OVERTAKEN_H

#include "event.h"

/*
 * What people found out since a list was taken in is newer than the same list
 * once more: where a list still says what lists said last, and a submission
 * has changed that, the list has no news.
 */
struct overtaken {
	struct txn *t;
	struct map kinds;   /* of events looked at, by their keys */
	char mark[2];       /* their addresses are the answers */
	struct arena arena; /* of those keys */
	/* Of the entity that is asked about. */
	struct row *rows;
	size_t n;
};
/* Reads what happened to that entity; in the arena. */
enum err overtaken_begin(struct overtaken *o, const struct id *id,
			 struct arena *a) MUST_CHECK;
/* Has that value of a property (empty name: its label) been overtaken? */
enum err overtaken_ask(struct overtaken *o, struct str dataset,
		       const struct entity_prop *p, bool *yes) MUST_CHECK;
void overtaken_end(struct overtaken *o);

#endif
