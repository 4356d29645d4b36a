/* SPDX-License-Identifier: MIT */
#ifndef PILAR_KEYING_H
#define PILAR_KEYING_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/paradata.h"
#include "pilar/session.h"
#include "pilar/str.h"
#include "pilar/tally.h"
#include "pilar/vec.h"

/*
 * What goes with the filling of a form beside its answers: how it is filled,
 * which questions the person has reached, remarks on them, and what it cost in
 * keys and time. It is kept with the draft as bytes; of it only remarks and
 * the log a form asks for leave with the submission.
 *
 * Questions are named by their path (session_path). A zeroed struct is one to
 * begin with.
 */
enum keying_mode {
	KEYING_VISIT, /* the program leads, back retraces the way */
	KEYING_PAPER, /* the person goes anywhere */
	KEYING_VERIFY /* what was keyed is keyed again */
};

/* Longest remark, bytes. */
#define KEYING_REMARK_MAX 500
/* A pause between two keys that no longer counts as work. */
#define KEYING_PAUSE_MS 60000

struct remark {
	struct str path, text;
	struct ref at; /* its question, where a session is bound */
};

/* A question in a row that was reached. */
struct keying_mark {
	struct ref at;
	uint32_t hash; /* of its path now */
};

struct keying {
	enum keying_mode mode;
	VEC(uint32_t) reached; /* hashes of paths, in order */
	VEC(struct remark) remarks;
	struct session *session; /* keying_bind(); or NULL */
	VEC(struct keying_mark) marks;
	VEC(struct str)
	lasting;            /* answered alike in the next form of a stack */
	uint32_t nth;       /* form of its stack, from 1; 0: of none */
	struct arena arena; /* of all texts */
	/* What it cost, and how much of that the statistics know already. */
	uint64_t n[TALLY_COUNTS], told[TALLY_COUNTS];
	int64_t last_key;    /* 0: none since it was opened */
	struct str verifies; /* instanceID of what is keyed again; in `arena` */
	bool changed;        /* verifying: an answer is another now */
	struct paradata log; /* where the form asks for one */
};
void keying_release(struct keying *k);

/* The way the form asks for: the word "kertas" in its style is a stack of
 * paper. */
enum keying_mode keying_mode_of(const struct form *f);

bool keying_reached(const struct keying *k, struct str path);
/* True when it was not reached before. */
bool keying_reach(struct keying *k, struct str path);

/* Empty: none. Lent until the remarks change. */
struct str keying_remark(const struct keying *k, struct str path);
/* An empty text takes it away. */
enum err keying_set_remark(struct keying *k, struct str path,
			   struct str text) MUST_CHECK;

/* Behind what is remarked there already; an empty text changes nothing. */
enum err keying_add_remark(struct keying *k, struct str path,
			   struct str text) MUST_CHECK;
/* The same on the form as a whole. */
enum err keying_remark_form(struct keying *k, struct session *s,
			    struct str text) MUST_CHECK;

/*
 * The session the paths lie in, which stays the caller's and must live as long
 * as acts are followed. From here on marks and remarks of rows go with their
 * questions: keying_follow() after each act. A remark whose row is gone has no
 * path, and is neither kept nor exported, until the row comes back.
 */
enum err keying_bind(struct keying *k, struct session *s) MUST_CHECK;
void keying_follow(struct keying *k, const struct changes *c);

/* Those whose question is there. */
size_t keying_remark_count(const struct keying *k);

/* Is the answer to be the same in the next form of the stack? */
bool keying_lasts(const struct keying *k, struct str path);
/* Yes becomes no, and no yes. */
enum err keying_toggle_lasting(struct keying *k, struct str path) MUST_CHECK;

/* A key was pressed at `now` (milliseconds UTC). */
void keying_stroke(struct keying *k, int64_t now);

/* The answer there was `was` and is now another. */
void keying_answered(struct keying *k, struct str path, struct str was,
		     struct str now);
struct cases;
/* Adds what the statistics do not know yet to those of today: when the form is
 * done or left. A failure is not worth disturbing the work for. */
void keying_tell(struct keying *k, struct cases *c, const struct form *f);

/* As bytes for a draft, and back; ERR_CORRUPT leaves `k` empty. */
void keying_write(const struct keying *k, struct buf *out);
enum err keying_read(struct keying *k, struct str bytes) MUST_CHECK;

/*
 * Puts the remarks into the meta block of a submission, each as
 * <remark xmlns=KEYING_NS ref="/data/x">text</remark>: other ODK programs keep
 * what they do not know there. Nothing changes when there are none. Where the
 * form asks for an audit log that becomes the submission's.
 */
#define KEYING_NS "https://pilar.invalid/keying"
enum err keying_export(const struct keying *k,
		       struct submission *sub) MUST_CHECK;
/* Those of a submission, in the arena. */
enum err keying_remarks_of(struct str xml, struct arena *a, struct remark **out,
			   size_t *n) MUST_CHECK;

#endif
