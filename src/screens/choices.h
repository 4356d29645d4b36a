/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_CHOICES_H
#define SCREENS_CHOICES_H

#include <stdbool.h>

#include "pilar/session.h"

/*
 * The choices of a question with the codes that are typed for them. If all
 * values are whole numbers of at most three digits they are the codes, else
 * the codes are 1..n in the order shown. All text is copied into the arena.
 */
struct choices {
	struct choice *at;
	struct str *codes;
	size_t n;
	bool own; /* the values are the codes */
};

enum err choices_load(struct choices *c, struct session *s, struct ref r,
		      struct arena *a) MUST_CHECK;
/* The choice that `typed` names, or SIZE_MAX; `longer`: a longer code begins
 * with it, too, so one must wait. */
size_t choices_match(const struct choices *c, struct str typed, bool *longer);
size_t choices_find(const struct choices *c, struct str value);
/* Codes of the values in `value`, parted by blanks. */
struct str choices_codes(const struct choices *c, struct str value,
			 struct arena *a);
/*
 * How well typed words meet a line: 0 its code itself, 1 its beginning, 2
 * every word begins one of its words, 3 not. `raw` is as typed; both others
 * are folded (search_fold).
 */
#define RANK_NONE 3
unsigned choice_rank(struct str code, struct str line, struct str raw,
		     struct str typed);
bool choices_selected(struct str value, struct str choice);
/* `value` with `choice` taken out or, at the end, in. */
struct str choices_toggled(struct str value, struct str choice,
			   struct arena *a);

#endif
