/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_ALIKE_LOOK_H
#define SCREENS_ALIKE_LOOK_H

#include "alike.h"

/* Private to alike*.c: the screen, and who is in its list. */
struct alike_row {
	struct str id, why;
	const struct entity *made; /* about to be made; or NULL */
};

struct alike_screen {
	struct screen screen;
	struct cases *cases;
	struct arena names;
	struct str dataset;
	/* Of what: a name, a case, or what a form is about to make. */
	struct str typed, self;
	struct entry *entry;
	void (*again)(struct screen *owner, struct ui *u);
	struct action action;
	struct arena made; /* of twins, as long as the screen */
	struct arena arena;
	struct alike_row *list;
	size_t n;
	struct rows rows;
	struct str pinned;   /* id of the one that was marked, in `names` */
	struct entity left;  /* stays */
	struct entity right; /* becomes its double; without an id: none */
	bool swapped;        /* a person has turned them round */
	struct str why;      /* they may be one */
	struct str merged;   /* the last merge made here, to take it back */
};

/* Who it may be: of the case `self`, which may be another by now, or of the
 * words `typed`. */
enum err alike_look(struct alike_screen *s) MUST_CHECK;
/* An empty list with room for so many. */
enum err alike_room(struct alike_screen *s, size_t n) MUST_CHECK;

#endif
