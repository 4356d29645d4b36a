/* SPDX-License-Identifier: MIT */
#ifndef PILAR_DRAFT_H
#define PILAR_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/session.h"
#include "pilar/str.h"

/*
 * Nothing typed is lost. A draft is a base instance plus one row per act with
 * the values of every node the act changed, the cursor, and what stands half
 * typed (in the journal, at most a second old). An act is on the disk when
 * draft_act() returns.
 */
struct draft;

struct draft_row {
	struct str id; /* of the draft: 36 characters */
	struct str form_id, form_version, form_title;
	struct str dataset, entity; /* what it was started from; may be empty */
	struct str title;           /* of that entity; may be empty */
	struct str worker;
	struct str cursor; /* reference of the question */
	int64_t at;        /* last act */
	uint64_t acts, answered;
	bool held; /* a living process has it open */
};

/* Newest first. Drafts whose submission is an event already are dropped. */
enum err draft_list(struct cases *c, struct arena *a, struct draft_row **rows,
		    size_t *n) MUST_CHECK;

/*
 * Begins a draft for a new session; the base is stored at once. The session is
 * lent until draft_close(): after 200 acts its state becomes the new base.
 */
enum err draft_new(struct draft **out, struct cases *c, struct session *s,
		   struct str dataset, struct str entity) MUST_CHECK;
/*
 * Opens a draft: the form of its version, the session as it was, the cursor
 * and the half-typed text (in `a`). A dead holder is replaced silently;
 * ERR_LOCKED when a living one has it and `take` is false.
 */
struct draft_open {
	struct draft *draft;
	struct session *session; /* the caller frees it, after draft_close */
	struct ref fixed;        /* answered by the entity; or REF_NONE */
	struct str dataset, entity;
	struct str cursor, typed; /* typed: at the cursor's question */
	struct str kept;          /* of draft_keep() */
};
enum err draft_open(struct draft_open *out, struct cases *c, struct str id,
		    bool take, struct arena *a, struct report *rep) MUST_CHECK;

/*
 * Makes one act durable: its record and where the cursor goes next. ERR_LOCKED
 * when another process took the draft over.
 */
enum err draft_act(struct draft *d, struct str record,
		   struct str cursor) MUST_CHECK;
/* The cursor moved without an answer; kept with the next act or typing. */
void draft_cursor(struct draft *d, struct str cursor);
/* What stands half typed; at most once a second reaches the disk, unless
 * `now`. Empty text forgets it. */
enum err draft_typing(struct draft *d, struct str text, bool now) MUST_CHECK;
/*
 * Milliseconds until draft_flush() has something to write, or -1: for the
 * timeout of the loop, so that a pause in typing reaches the disk, too.
 */
int draft_due(const struct draft *d);
enum err draft_flush(struct draft *d) MUST_CHECK;

/*
 * Bytes that go with the draft and mean nothing to it (struct keying); copied,
 * written with the next act or, with `now`, at once.
 */
enum err draft_keep(struct draft *d, struct str bytes, bool now) MUST_CHECK;

/*
 * What was changed of the entity it was started from since it began, by
 * whomever: of each property the last change, `was` as it was then.
 */
enum err draft_changed(const struct draft *d, struct arena *a,
		       struct prop_change **out, size_t *n) MUST_CHECK;

/* 36 characters, lent. */
struct str draft_id(const struct draft *d);
/* What was taken back (cases_undo) becomes a draft again: nothing is lost. */
enum err draft_again(struct cases *c, const struct event *e, struct arena *a,
		     struct str *id, struct report *rep) MUST_CHECK;
/* What was submitted becomes a draft of its edit, with bytes of draft_keep().
 */
enum err draft_edit(struct cases *c, const struct event *e, struct str kept,
		    struct arena *a, struct str *id,
		    struct report *rep) MUST_CHECK;
/* Leaves it for later / deletes it. */
void draft_close(struct draft *d);
enum err draft_delete(struct cases *c, struct str id) MUST_CHECK;

#endif
