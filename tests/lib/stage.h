/* SPDX-License-Identifier: MIT */
#ifndef TEST_STAGE_H
#define TEST_STAGE_H

#include "screen.h"
#include "world.h"

/* A world and the program's screens on it. */
struct stage {
	struct world w;
	struct terminal t;
};

/* With these lists; no screen stands yet. */
void stage_make(struct stage *g, const char *datasets);
/* With a form of Markdown tables under the id "uji". */
void stage_form(struct stage *g, struct str markdown);
/* 24 rows of 80 columns, unless a terminal was opened; the home screen. */
void stage_home(struct stage *g);
/* With that form and no lists, at home. */
void stage_begin(struct stage *g, const char *markdown);
/* With these lists, of houses and persons: the case of a house, in which Siti
 * and Wati live, is open; it was visited once and is due on the 24th. */
struct str stage_family(struct stage *g, const char *datasets);
/* The program ends without a word and is started again. */
void stage_again(struct stage *g);
void stage_end(struct stage *g);

struct str stage_house(struct stage *g, const char *name, const char *number,
		       const char *village);
/* XML of the last submission of the form "uji". */
struct str stage_saved(struct stage *g);

/*
 * What is plugged into the machine is not seen by unit tests: the linker puts
 * a list of their own for sync_places(), empty unless a folder stands in it.
 */
void stage_stick(const char *folder); /* NULL: it was pulled out */

#endif
