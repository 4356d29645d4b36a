/* SPDX-License-Identifier: MIT */
#ifndef PILAR_TALLY_H
#define PILAR_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * What the filling of forms cost: counted per worker, form and day, kept in
 * the store, never sent. Days count from 1970-01-01, local.
 */
enum tally_count {
	TALLY_FORMS, /* finalised */
	TALLY_STROKES,
	TALLY_MS, /* in the form, pauses left out */
	TALLY_ANSWERS,
	TALLY_CORRECTED, /* answers changed after they were given */
	TALLY_REFUSED,   /* answers that a constraint refused */
	/* Second keying: questions keyed again, and whose errors were found. */
	TALLY_FIELDS,
	TALLY_KEYER,
	TALLY_VERIFIER,
	TALLY_COUNTS
};

struct tally {
	struct str worker, form, title; /* codes; title: of the form */
	int64_t day;
	uint64_t n[TALLY_COUNTS];
};

struct cases;
/* Adds to what is kept of its worker, form and day. */
enum err tally_add(struct cases *c, const struct tally *w) MUST_CHECK;
/* From day to day, both counted in, by day, worker and form. */
enum err tally_list(struct cases *c, int64_t from, int64_t to, struct arena *a,
		    struct tally **out, size_t *n) MUST_CHECK;

enum tally_by { TALLY_BY_DAY, TALLY_BY_WORKER, TALLY_BY_FORM, TALLY_BY_ALL };
/* Rows alike in that are added up in place, the others' texts are emptied;
 * how many there are then. Days come first to last, the rest as it stood. */
size_t tally_sum(struct tally *w, size_t n, enum tally_by by);

/* Keystrokes an hour; errors in a thousand keystrokes, times ten; seconds a
 * finalised form; verified questions with errors of the keyer in a thousand,
 * times ten. 0 where there is nothing to divide by. */
uint64_t tally_hourly(const struct tally *w);
uint64_t tally_errors(const struct tally *w);
uint64_t tally_form_seconds(const struct tally *w);
uint64_t tally_keyer_errors(const struct tally *w);

#endif
