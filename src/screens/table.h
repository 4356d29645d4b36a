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

#endif
