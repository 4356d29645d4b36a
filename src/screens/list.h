/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_LIST_H
#define SCREENS_LIST_H

#include "pilar/search.h"
#include "pilar/ui.h"

#include "actions.h"
#include "since.h"

/* Of the search line and of the first row below it. */
#define LIST_LINE_ROW 1
#define LIST_ROWS_ROW 3

/*
 * Search as you type over one dataset or over all. The line has the cursor
 * first; Enter and Down go to the rows, where letters are commands.
 */
struct list_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena; /* the name */
	struct str dataset; /* empty: all */
	struct edit query;
	struct arena found;
	struct search_result hits;
	struct since since;     /* they were found */
	int64_t answered, took; /* when, and how long it was sought; ms */
	size_t limit;
	struct rows rows;
	bool on_rows;
	bool asking; /* what can be asked is shown until a key changes it */
	struct actions actions;
	struct binding bindings[ACTIONS_MAX + 16];
};

/* NULL: all of them. */
const struct dataset *list_dataset(const struct list_screen *l);
/* Does the line ask of properties, as "desil<=2" does? */
bool list_asks(const struct list_screen *l, struct ui *u);
/* What is done where nothing is found: it may be there to be registered. */
const struct action *list_begins(const struct list_screen *l);
void list_draw(struct list_screen *l, struct ui *u);

#endif
