/* SPDX-License-Identifier: MIT */
#ifndef PILAR_ARRIVE_H
#define PILAR_ARRIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * Events that other devices made come in, and small sealed records that stand
 * beside them. Everything between arrive_begin() and arrive_commit() is one
 * write transaction: all of it or nothing. In which order devices' events come
 * makes no difference to what is known afterwards.
 */

/* ---- notes: names hold no personal data; an empty value takes one away */
struct note {
	struct str name, value;
};
/* Notes whose name begins with `prefix`, by name. */
enum err cases_notes(struct cases *c, struct str prefix, struct arena *a,
		     struct note **out, size_t *n) MUST_CHECK;
/* ERR_NOTFOUND. */
enum err cases_note(struct cases *c, struct str name, struct arena *a,
		    struct str *value) MUST_CHECK;
enum err cases_notes_put(struct cases *c, const struct note *notes,
			 size_t n) MUST_CHECK;

/* ---- events */
struct arriving;
enum err arrive_begin(struct arriving **out, struct cases *c,
		      struct report *rep) MUST_CHECK;
/*
 * What the XML says of itself (form, instanceID, ...) is read from it. Of
 * `e` count: instance_id (its place in a file; may be empty), device, seq,
 * worker, at, offset_min, doubtful, xml, and of `touched` what had been seen
 * and the branch, in the order in which the submission first names each entity;
 * `copy_of` and `spare`, which may be empty.
 * `again`: it is here already. ERR_EXISTS: there is another one of that number
 * (and of the spare one) or instanceID. ERR_NOTFOUND: its form is not here.
 * ERR_INVALID: `touched` is not of this submission.
 */
enum err arrive_add(struct arriving *a, const struct event *e,
		    bool *again) MUST_CHECK;
/* What the events did is computed and everything kept. `file` is for the log.
 * Frees it whatever the result. */
enum err arrive_commit(struct arriving **arriving, struct str file,
		       const struct note *notes, size_t n) MUST_CHECK;
void arrive_abort(struct arriving **a); /* NULL inside is fine */

/*
 * The branchId of an entity that a submission makes: a UUID in version 4's
 * shape, made of both ids, so that no sync file has to carry it.
 */
void cases_branch(struct str instance_id, struct str entity,
		  char out[UUID_LEN + 1]);
/* ---- what an office hands out */
enum err cases_form_xml(struct cases *c, struct str id, struct str version,
			struct arena *a, struct str *xml) MUST_CHECK;
enum err cases_media_names(struct cases *c, struct arena *a, struct str **out,
			   size_t *n) MUST_CHECK;

/*
 * A list that came in (cases_import), as it goes to another store: under the
 * same number, so that both know the same entities. It is a part of what came
 * in at once, a thousand rows at most; ten times that is refused, because who
 * is named twice is sought among all rows before.
 */
#define CARRIED_ROWS_MAX 10000
struct carried_row {
	struct touch touch; /* dataset, id, what had been seen, branch */
	struct str label;
	int verb; /* enum entity_verb */
	const struct entity_prop *props;
	size_t n_props;
};
struct carried_list {
	struct str device, worker, instance_id, source;
	uint64_t seq;
	int64_t at;
	int offset_min;
	const struct carried_row *rows;
	size_t n;
};
typedef enum err (*carried_fn)(void *arg, const struct carried_list *l);
enum err cases_each_list(struct cases *c, carried_fn fn, void *arg) MUST_CHECK;
/* As arrive_add(); ERR_INVALID for more rows than that, too. */
enum err arrive_list(struct arriving *a, const struct carried_list *l,
		     bool *again) MUST_CHECK;

/* The UUID by which a submission stands in files: that of its instanceID. */
void cases_file_uuid(struct str instance_id, char out[UUID_LEN + 1]);

#endif
