/* SPDX-License-Identifier: MIT */
#include "table.h"

/* Columns by what they hold: a name, a number, a place, anything else. */
#define NAME_COLS   22
#define NUMBER_COLS 17
#define PLACE_COLS  17
#define OTHER_COLS  9

static int width_of(const struct dataset_row *r)
{
	static const struct {
		const char *search;
		int width;
	} kinds[] = {
		{ "name", NAME_COLS },
		{ "number", NUMBER_COLS },
		{ "place", PLACE_COLS },
		{ "text", PLACE_COLS },
	};
	int head = ui_width(dataset_label(r)) + 2;
	int w = r->mask.n ? NUMBER_COLS : OTHER_COLS;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_is(r->search, kinds[i].search))
			w = kinds[i].width;
	}
	return head > w ? head : w;
}

/* What room is left goes to the columns of no kind, a little to each. */
static void spread(struct table_view *t, int room)
{
	int others = 0;

	for (size_t i = 0; i < t->n; i++)
		others += !t->rows[i]->search.n && !t->rows[i]->mask.n;
	for (size_t i = 0; others && i < t->n; i++) {
		if (!t->rows[i]->search.n && !t->rows[i]->mask.n)
			t->widths[i] += room / others;
	}
}

void table_begin(struct table_view *t, const struct dataset *d, int room)
{
	*t = (struct table_view){ .dataset = d };
	for (size_t i = 0; d && t->n < TABLE_COLUMNS; i++) {
		const struct dataset_row *r = dataset_row(d, DATASET_COLUMN, i);
		int w = r ? width_of(r) : 0;

		if (!r || room < OTHER_COLS)
			break;
		if (str_is(r->class, "spesifik"))
			continue;
		if (w > room)
			w = room;
		t->rows[t->n] = r;
		t->widths[t->n++] = w;
		room -= w;
	}
	if (room > 0)
		spread(t, room);
}

void table_head(const struct table_view *t, struct ui *u, int row, int col)
{
	for (size_t i = 0; i < t->n; i++) {
		ui_put(u, row, col, t->widths[i] - 1,
		       dataset_label(t->rows[i]));
		col += t->widths[i];
	}
}

void table_entity(const struct table_view *t, struct ui *u, struct cases *c,
		  const struct entity *e, bool masked, struct ui_box at)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str text = STR("");

		/* What left the lists says so, in place of its last column. */
		if (e->closed && i > 0 && i + 1 == t->n)
			text = dataset_label(e->closed);
		else if (cases_shown(c, e, t->rows[i], masked, ui_scratch(u),
				     &text))
			text = STR("?");
		/* behind the last one stands nothing */
		ui_put(u, at.row, at.col, t->widths[i] - (i + 1 < t->n), text);
		at.col += t->widths[i];
	}
}
