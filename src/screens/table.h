/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_TABLE_H
#define SCREENS_TABLE_H

#include "pilar/cases.h"
#include "pilar/ui.h"

/* The columns of a dataset on the screen, as datasets.csv has them. */
#define TABLE_COLUMNS 8

struct table_view {
	const struct dataset *dataset;
	const struct dataset_row *rows[TABLE_COLUMNS];
	int widths[TABLE_COLUMNS];
	size_t n;
};

/* As many columns as fit between `col` and the right edge. */
void table_begin(struct table_view *t, const struct dataset *d, int room);
void table_head(const struct table_view *t, struct ui *u, int row, int col);
void table_entity(const struct table_view *t, struct ui *u, struct cases *c,
		  const struct entity *e, bool masked, struct ui_box at);

/*
 * Actions of a dataset as rows of keys; `out` has room for `max`. Copied into
 * the arena: datasets.csv may be read anew under an open screen.
 */
struct action {
	struct str form;
	bool on_nothing; /* "new": from no entity */
};
struct actions {
	struct binding *out;
	size_t max, n;
	bool with_new;
	void (*act)(struct screen *, struct ui *, const struct binding *);
};
void table_actions(struct actions *to, const struct dataset *d,
		   struct arena *a);

#endif
