/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_BUSY_H
#define SCREENS_BUSY_H

#include "pilar/ui.h"

/* Long work on a screen: what it is, how far, and Esc that stops it. */
#define BUSY_ROWS 2
struct busy {
	struct ui *ui;
	const char *doing; /* NULL: nothing */
	size_t done, total;
};

void busy_begin(struct busy *b, struct ui *u, const char *doing);
void busy_end(struct busy *b);
/* For whoever does it; `busy` is the `arg`. */
void busy_progress(void *busy, size_t done, size_t total);
bool busy_stopped(void *busy);
/* In BUSY_ROWS rows. */
void busy_draw(const struct busy *b, struct ui *u, int row);

#endif
