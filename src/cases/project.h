/* SPDX-License-Identifier: MIT */
#ifndef CASES_PROJECT_H
#define CASES_PROJECT_H

#include "event.h"

/*
 * From events to entities. One run of it lives inside one write transaction:
 * project_rows() notes what an event did, project_fold() makes an entity anew
 * from all that was noted of it, project_settle() computes what datasets.csv
 * shows of every entity that this may have moved: the changed ones, their
 * parents and their children. Expressions that look further are not followed.
 * The search index is written by project_finish(), which settles first: a long
 * run settles now and then and has the entries of all of it sorted once.
 */
struct target {
	struct str dataset;
	struct id id;
};

/* Targets, each once. */
struct targets {
	VEC(struct target) list;
	struct map seen;
};

/* So many more, or fewer, entities of a dataset. */
struct counted {
	struct str dataset;
	int64_t by;
};

struct project {
	struct cases *c;
	struct txn *t;
	struct report *rep;
	struct arena arena; /* of one entity */
	struct arena keep;  /* until it is settled */
	struct targets folded, compute;
	struct targets related; /* only what looks into lists is computed */
	struct targets again;   /* found by other words, at the end */
	VEC(struct counted) counted; /* not written yet */
	struct map props;            /* of which it is known that they are */
	bool all; /* everything is computed anyway: a rebuild */
	struct index_write *search; /* NULL: nothing for it yet */
};

enum err project_begin(struct project *p, struct cases *c, struct txn *t,
		       struct report *rep) MUST_CHECK;
void project_end(struct project *p); /* safe on a zeroed one */
enum err targets_add(struct project *p, struct targets *to, struct str dataset,
		     const struct id *id) MUST_CHECK;

/* Marks every entity the event touches in `folded`. */
enum err project_rows(struct project *p, const struct stamp *s,
		      const struct envelope *e,
		      const struct deeds *d) MUST_CHECK;
/* `mine` (may be NULL): warns of what that event could not do. */
enum err project_fold(struct project *p, const struct target *what,
		      const struct stamp *mine) MUST_CHECK;
enum err project_settle(struct project *p) MUST_CHECK;
enum err project_finish(struct project *p) MUST_CHECK;

/* ---- links.c: what an entity's state adds to the indexes */
enum err links_update(struct project *p, const struct state *old,
		      const struct state *now) MUST_CHECK;
/* The prefix of the children of `parent` by that property. */
void link_prefix(struct key *k, struct str dataset, struct str property,
		 const struct id *parent);
/* Appends the entities whose ids end the keys of the index that begin so. */
struct ids {
	VEC(struct id) list;
};
enum err ids_under(struct txn *t, const struct key *prefix,
		   struct ids *out) MUST_CHECK;
/* Deletes every key of that kind. */
enum err index_clear(struct txn *t, enum index_kind kind) MUST_CHECK;
/* Puts links and unique values of an entity anew after index_clear(). */
enum err links_again(struct project *p, const struct state *s) MUST_CHECK;
/* The properties of an operation are columns of its list. */
enum err props_seen(struct txn *t, const struct entity_op *op) MUST_CHECK;
/* Writes how many entities there are now. */
enum err counts_write(struct project *p) MUST_CHECK;
enum err count_get(struct txn *t, struct str dataset, uint64_t *n) MUST_CHECK;
/* Others of the dataset with the same value of a property. */
struct others {
	struct id *ids;
	size_t n;
};
enum err unique_others(struct cases *c, struct txn *t, const struct state *s,
		       struct str property, struct arena *a,
		       struct others *out) MUST_CHECK;

/*
 * ---- due.c: the index of days on which something is due; `now` are the
 * texts that take the place of those of `s`
 */
enum err due_update(struct project *p, const struct dataset *ds,
		    const struct state *s, struct str *now,
		    size_t n) MUST_CHECK;

#endif
