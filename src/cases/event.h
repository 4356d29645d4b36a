/* SPDX-License-Identifier: MIT */
#ifndef CASES_EVENT_H
#define CASES_EVENT_H

#include "internal.h"

/*
 * An event as stored: who, when, which form, what its author had seen of each
 * entity it touches, and the submission. Facts only: everything else follows.
 */
enum event_kind {
	EVENT_SUBMISSION = 1,
	EVENT_LIST = 2,
	EVENT_WITHDRAWN = 3 /* deprecated_id: the submission taken back */
};

struct seen {
	struct str dataset;
	struct id id;
	struct stamp last; /* the last operation its author knew of */
	bool has_branch;
	struct id branch; /* drawn for an entity made here */
};

struct envelope {
	enum event_kind kind;
	int64_t at;
	int32_t offset_min;
	bool doubtful;
	struct str worker, instance_id, deprecated_id, form, version;
	struct str title, name;
	const struct seen *seen;
	size_t n_seen;
	struct str xml; /* of a list: its rows, as rows_of_list() reads them */
};

void envelope_write(struct buf *b, const struct envelope *e);
/* Texts are lent from `value`. */
enum err envelope_read(struct str value, struct arena *a,
		       struct envelope *e) MUST_CHECK;
const struct seen *envelope_seen(const struct envelope *e, struct str dataset,
				 const struct id *id);

/*
 * What a submission does to entities, read from its XML alone: the same for a
 * submission just made, one that came in, and a rebuild.
 */
struct deed {
	struct id id;
	uint32_t at; /* its number in the submission */
	struct entity_op op;
};

struct deeds {
	struct deed *at; /* in document order */
	size_t n;
	/* Entities chosen in the form that it does not change. */
	struct id *mentioned;
	size_t n_mentioned;
};
enum err deeds_read(const struct form *f, struct str xml, struct arena *a,
		    struct deeds *out, struct report *rep) MUST_CHECK;

/* The rows of a list that came in, in place of what `b` holds: what an
 * EVENT_LIST did. */
void list_write(struct buf *b, const struct deeds *d);
/* Texts are lent from `value`. */
enum err list_read(struct str value, struct arena *a,
		   struct deeds *out) MUST_CHECK;

/* What one event did to one entity: a row of `entity_event`. */
struct row {
	struct stamp stamp, seen;
	int64_t at;
	int32_t offset_min;
	bool has_branch;
	struct id branch;
	/* Made to settle a conflict, and the version its author then saw. */
	bool decides;
	uint64_t claimed;
	const struct deed *deeds; /* none: it only mentions it */
	size_t n_deeds;
};
void row_write(struct buf *b, const struct row *r);
/* Texts are lent from `value`; `stamp` is the caller's. */
enum err row_read(struct str value, struct arena *a, struct row *r) MUST_CHECK;
/*
 * Canonical order: an operation comes after the one its author had seen; else
 * by device and sequence. Arrival has no part in it.
 */
enum err rows_sort(struct row *rows, size_t n, struct arena *a) MUST_CHECK;
/* All that was noted of an entity, in that order; in the arena. */
enum err rows_read(struct txn *t, const struct id *id, struct arena *a,
		   struct row **out, size_t *n) MUST_CHECK;

/* ---- the state of an entity */
struct state {
	bool exists;
	struct str dataset, label;
	struct id id;
	uint64_t version, trunk;
	enum entity_conflict conflict;
	bool has_branch;
	struct id branch;
	struct stamp created, last;
	uint32_t created_at_op;
	int64_t changed_at;
	int32_t offset_min;
	struct entity_prop *props; /* by name */
	size_t n_props;
	struct str *shown;
	size_t n_shown;
};

enum applied { APPLIED, APPLIED_UNKNOWN, APPLIED_TWICE };
/* The one function that says what an operation does to an entity. */
enum err state_apply(struct state *s, const struct row *r, const struct deed *d,
		     struct arena *a, enum applied *how) MUST_CHECK;
void state_write(struct buf *b, const struct state *s);
/* Texts are lent from `value`. */
enum err state_read(struct str value, struct arena *a,
		    struct state *s) MUST_CHECK;
/* Of properties by name; its `p` is NULL where nobody ever gave it. */
struct str props_get(const struct entity_prop *props, size_t n,
		     struct str name);
struct str state_prop(const struct state *s, struct str name);
/* Reads the projection; ERR_NOTFOUND leaves `s` not existing. */
enum err state_get(struct txn *t, struct str dataset, const struct id *id,
		   struct arena *a, struct state *s) MUST_CHECK;
enum err state_put(struct txn *t, const struct state *s) MUST_CHECK;
/*
 * From a state as it is to what it was when `until` (milliseconds UTC) was
 * over, without shown texts; ERR_NOTFOUND: it had not been made.
 */
enum err state_back(struct txn *t, int64_t until, struct arena *a,
		    struct state *s) MUST_CHECK;
/*
 * Calls `each` for every entity of the dataset as it was when `until` was over,
 * or CASES_NOW, until one fails. State and arena are lent for the call. One
 * that is damaged is left out: store check names it.
 */
enum err state_each(struct txn *t, struct str dataset, int64_t until,
		    enum err (*each)(const struct state *s, struct arena *a,
				     void *arg),
		    void *arg) MUST_CHECK;
/* As others see it; texts are those of `s`, new ones in the arena. */
enum err state_entity(const struct state *s, struct arena *a,
		      struct entity *out) MUST_CHECK;

#endif
