/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SCREENS_H
#define PILAR_SCREENS_H

#include <stdio.h>

#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/ui.h"

/*
 * What a person sees: one file a screen. They read cases and sessions, draw,
 * and answer keys; SCREENS.md has the keys. Nothing here knows a dataset, a
 * form or a property by name: datasets.csv says what is shown.
 *
 * `c` is lent until the stack of `u` is empty.
 */

/* The first screen; leaving it ends ui_run(). */
enum err screens_home(struct ui *u, struct cases *c) MUST_CHECK;
/*
 * Several work in this store: who is it now? `code` stays empty when they
 * leave; it lies in the arena, which the caller releases.
 */
struct screens_who {
	struct arena arena;
	struct str code;
};
enum err screens_who(struct ui *u, struct cases *c,
		     struct screens_who *answer) MUST_CHECK;
/* On top of it: a draft, where it was left. */
void screens_draft(struct ui *u, struct cases *c, struct str draft);

/*
 * The first start, before there is a store: language, then whether to begin or
 * to practise, then who works. The caller makes what was chosen when ui_run()
 * has ended.
 */
enum first_choice { FIRST_NONE, FIRST_STORE, FIRST_PRACTICE };
struct first {
	const char *dir; /* where the store will lie */
	bool open;       /* no passphrase yet: one may be given here */
	enum first_choice choice;
	/* A language that stands here already is not asked for. */
	struct cases_setup how;
	struct arena arena; /* of its texts; the caller releases it */
	struct buf pass;    /* empty: none; the caller wipes it */
};
/* `f` is lent until the stack of `u` is empty. */
enum err screens_first(struct ui *u, struct first *f) MUST_CHECK;

/*
 * A form in plain lines: one question a line, one answer a line, no cursor
 * addressing, for dumb terminals, screen readers and `ssh -T`. The same engine
 * and drafts as on the screens. `in` and `out` are lent.
 *
 * A draft of the same start is offered first. Ends when the form is saved
 * (`saved` is its instanceID), when the person leaves it for later, or at the
 * end of `in`; the draft stays then. What the person must know goes to `out`.
 */
struct fill_lines {
	struct cases_start start;
	FILE *in, *out;
	struct arena arena; /* of `saved`; the caller releases it */
	struct str saved;   /* empty: left as a draft */
};
enum err screens_fill_lines(struct cases *c, struct fill_lines *how,
			    struct report *rep) MUST_CHECK;

#endif
