/* SPDX-License-Identifier: MIT */
#ifndef PILAR_VERIFY_H
#define PILAR_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/cases.h"
#include "pilar/keying.h"

/*
 * Second keying: a record that was finalised here and not exported is keyed
 * again without looking at it. Where both differ the verifier keys once more,
 * and what was said twice stands. What was changed becomes an edit of the
 * submission; which never changes an entity (ODK.md 13).
 */
#define VERIFY_SAMPLE_MAX 1000

struct verify_row {
	struct str instance_id, title, name, worker; /* title: of the form */
	int64_t at;
	struct str draft; /* it is being verified in; or empty */
	struct str by;    /* worker that has verified it; or empty */
};
/*
 * Of what waits for export one in `sample`, chosen by the instanceID alone:
 * the same everywhere and every time. What was edited since is left out.
 */
enum err verify_list(struct cases *c, unsigned sample, struct arena *a,
		     struct verify_row **out, size_t *n) MUST_CHECK;
/* How many of the store; 1 (all) until it is set. */
unsigned verify_sample(struct cases *c);
enum err verify_set_sample(struct cases *c, unsigned sample) MUST_CHECK;

/* The draft to verify it in: the one there is, or a new one. */
enum err verify_begin(struct cases *c, struct str instance_id, struct arena *a,
		      struct str *draft, struct report *rep) MUST_CHECK;
/*
 * The record is verified as `instance_id` (of its edit, or its own). Fields
 * and errors found are counted for the worker and day of the first keying.
 */
enum err verify_done(struct cases *c, struct keying *k,
		     struct str instance_id) MUST_CHECK;

#endif
