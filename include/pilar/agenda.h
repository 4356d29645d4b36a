/* SPDX-License-Identifier: MIT */
#ifndef PILAR_AGENDA_H
#define PILAR_AGENDA_H

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * What a worker has to do and where: everything that is due (cases_due), and
 * his own drafts that were left lying, on the day they became due.
 */

/* A draft is due so many days after its last act. */
#define AGENDA_DRAFT_DAYS 7

struct agenda_row {
	int64_t day;             /* from 1970-01-01 */
	struct str dataset, id;  /* of the case; empty: a draft of none */
	struct str label;        /* what for */
	struct str name;         /* of the row in datasets.csv; or empty */
	struct str draft;        /* its id, of a draft; or empty */
	struct str title, place; /* from agenda_fill() */
};

/* What is due, not filled. */
struct agenda_row agenda_of_due(struct cases *c, const struct due *d,
				struct arena *a);
/* Up to that day, by day; drafts never lie ahead. */
enum err cases_agenda(struct cases *c, int64_t to, struct arena *a,
		      struct agenda_row **out, size_t *n) MUST_CHECK;
/* Who it is and where: the place of the case (a column searched as `place`),
 * else that of what it belongs to. */
enum err agenda_fill(struct cases *c, struct agenda_row *row,
		     struct arena *a) MUST_CHECK;
/* Filled rows, those of a place together: where most is due by `today` first,
 * what has no place last; in a place by day. */
enum err agenda_by_place(struct agenda_row *rows, size_t n, int64_t today,
			 struct arena *a) MUST_CHECK;
/* Drafts of this worker that are due from `from` to `to`. */
enum err agenda_drafts(struct cases *c, int64_t from, int64_t to,
		       size_t *n) MUST_CHECK;

#endif
