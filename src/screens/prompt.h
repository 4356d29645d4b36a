/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_PROMPT_H
#define SCREENS_PROMPT_H

#include "pilar/ui.h"

/*
 * One line asked on the message line of the screen below. Enter takes it, Esc
 * leaves without a word; `take` is called with the line gone already.
 */
struct prompt {
	struct screen *owner;
	const char *label; /* translated */
	struct str start;
	size_t max; /* bytes */
	void (*take)(struct screen *owner, struct ui *u, struct str text);
};
void prompt_open(struct ui *u, const struct prompt *p);
/* What was typed into a list of files, where it is a place and no name. */
struct str prompt_place(struct str typed);
/* "~/unduhan/x.csv" as the shell reads it, in the arena; NULL: no memory. */
char *prompt_path(struct str text, struct arena *a);

#endif
