/* SPDX-License-Identifier: MIT */
#include "table.h"

/* Columns by what they hold: a name, a number, a place, anything else. */
#define NAME_COLS   22
#define NUMBER_COLS 17
#define PLACE_COLS  17
#define OTHER_COLS  9

static int width_of(const struct dataset_row *r)
{
	int head = ui_width(dataset_label(r)) + 2;
	int w = OTHER_COLS;

	if (str_is(r->search, "name"))
		w = NAME_COLS;
	else if (str_is(r->search, "number") || r->mask.n)
		w = NUMBER_COLS;
	else if (str_is(r->search, "place") || str_is(r->search, "text"))
		w = PLACE_COLS;
	return head > w ? head : w;
}

void table_begin(struct table_view *t, const struct dataset *d, int room)
{
	const struct dataset_row *r;

	*t = (struct table_view){ .dataset = d };
	for (size_t i = 0; d && t->n < TABLE_COLUMNS; i++) {
		int w;

		r = dataset_row(d, DATASET_COLUMN, i);
		if (!r)
			return;
		w = width_of(r);
		if (str_is(r->class, "spesifik"))
			continue;
		if (w > room) {
			if (room < OTHER_COLS)
				return;
			w = room;
		}
		t->rows[t->n] = r;
		t->widths[t->n++] = w;
		room -= w;
	}
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

		if (cases_shown(c, e, t->rows[i], masked, ui_scratch(u), &text))
			text = STR("?");
		ui_put(u, at.row, at.col, t->widths[i] - 1, text);
		at.col += t->widths[i];
	}
}

bool table_action_is_new(const struct dataset_row *action)
{
	return str_is(action->value, "new");
}

size_t table_actions(const struct dataset *d, bool with_new,
		     struct binding *out, size_t max,
		     void (*act)(struct screen *, struct ui *,
				 const struct binding *))
{
	const struct dataset_row *r;
	size_t n = 0;

	for (size_t i = 0;
	     d && n < max && (r = dataset_row(d, DATASET_ACTION, i)) != NULL;
	     i++) {
		if (!r->order.n || (table_action_is_new(r) && !with_new))
			continue;
		out[n++] = (struct binding){
			.key = (unsigned char)r->order.p[0],
			.hint = dataset_label(r).p,
			.act = act,
			.arg = r,
		};
	}
	return n;
}
