/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"

#include "text.h"

#define NUMBER_COL  3
#define CELL_COL    6 /* of the sign before the first cell */
#define HEAD_ROW    2
#define HEAD_ROWS   2
#define ROWS_TOP    (HEAD_ROW + HEAD_ROWS)
#define LEAST_ROWS  4  /* of the table, whatever stands below it */
#define LEGEND_COLS 26 /* of a question's name before its choices */
#define NOTE_ROWS   4  /* of what the form says of a row, at most */

/*
 * The first column always stands; the others in screenfuls, so that going to
 * the next cell moves nothing else.
 */
struct view {
	struct grid grid;
	size_t first, end; /* of the others that are seen */
	struct ref row;    /* whose choices the legend tells; may be none */
	int legend;        /* its rows */
};

static int cell_cols(const struct grid_column *c)
{
	return 1 + c->width;
}

static struct str label_of(struct entry *e, const struct item *i,
			   struct ref row, struct arena *a)
{
	return text_plain(a,
			  session_item_label(e->session, i,
					     session_near(e->session, i, row)));
}

/* ---- the legend: what the codes mean */
static bool in_legend(struct entry *e, const struct item *i, struct ref row,
		      struct choices *c, struct arena *a)
{
	struct ref r = session_near(e->session, i, row);

	if (!r.node || field_kind_of(i) != FIELD_CODE ||
	    i->kind == ITEM_TRIGGER ||
	    paper_from_file(session_form(e->session), i) ||
	    choices_load(c, e->session, r, a))
		return false;
	return c->n && !paper_opens_list(i, false, c);
}

/* The rows of one column's codes, drawn where `at` says or only counted. */
struct legend_at {
	struct ui *u; /* NULL: nothing is drawn */
	int row, right;
};

static int legend_of(struct entry *e, const struct item *i, struct ref row,
		     const struct legend_at *at)
{
	struct arena a = { 0 };
	struct choices c;
	struct str label;
	int width, rows = 0;

	if (row.node && in_legend(e, i, row, &c, &a)) {
		label = label_of(e, i, row, &a);
		width = ui_width(label);
		if (width > LEGEND_COLS)
			width = LEGEND_COLS;
		if (at->u)
			ui_put(at->u, at->row, 1, width, label);
		rows = paper_choices(&c, at->u, at->row, 1 + width + 2,
				     at->right);
	}
	arena_release(&a);
	return rows;
}

/* ---- which columns are seen */
static int legend_room(const struct ui *u)
{
	return ui_rows(u) - PAGE_BOTTOM - ROWS_TOP - LEAST_ROWS - 1;
}

/* For a column more; on a small screen notes cover the legend. */
static int legend_wanted(const struct ui *u)
{
	int room = legend_room(u);

	return room > 2 * NOTE_ROWS ? room - NOTE_ROWS + 1 : room;
}

/* One more column, if there is room for it and for what its codes mean. */
static bool takes(struct view *v, struct entry *e, const struct ui *u,
		  int *room)
{
	struct legend_at nowhere = { .right = ui_cols(u) - 1 };
	const struct grid_column *c = &v->grid.at[v->end];
	int rows = legend_of(e, c->item, v->row, &nowhere);

	if (cell_cols(c) > *room ||
	    (v->end > v->first && v->legend + rows > legend_wanted(u)))
		return false;
	*room -= cell_cols(c);
	v->legend += rows;
	v->end++;
	return true;
}

static void find_view(struct view *v, struct entry *e, const struct ui *u)
{
	struct legend_at nowhere = { .right = ui_cols(u) - 1 };
	const struct grid *g = &v->grid;
	int room;

	grid_columns(e, &v->grid);
	v->end = g->n > 0;
	do {
		v->first = v->end;
		room = ui_cols(u) - CELL_COL - 1;
		v->legend = 0;
		if (g->n) {
			room -= cell_cols(&g->at[0]);
			v->legend =
				legend_of(e, g->at[0].item, v->row, &nowhere);
		}
		while (v->end < g->n && takes(v, e, u, &room))
			continue;
	} while (v->end > v->first && v->end < g->n && v->end <= e->column);
	if (v->legend > legend_room(u))
		v->legend = legend_room(u);
}

/* Each column seen, with its place. */
struct placed {
	const struct grid_column *column;
	int col; /* of its sign */
};

static size_t place_columns(const struct view *v, struct placed *out)
{
	int col = CELL_COL;
	size_t n = 0;

	for (size_t c = 0; c < v->end; c++) {
		if (c > 0 && c < v->first)
			continue;
		out[n++] = (struct placed){ &v->grid.at[c], col };
		col += cell_cols(&v->grid.at[c]);
	}
	return n;
}

static void draw_head(struct entry *e, struct ui *u, const struct view *v)
{
	struct placed at[GRID_COLUMNS];
	size_t n = place_columns(v, at);

	for (size_t i = 0; v->row.node && i < n; i++) {
		const struct grid_column *c = at[i].column;
		struct str rest, line;

		if (c->item->kind == ITEM_TRIGGER)
			continue;
		rest = label_of(e, c->item, v->row, ui_scratch(u));
		for (int k = 0; k < HEAD_ROWS; k++)
			if (ui_wrap(&rest, c->width, &line))
				ui_put(u, HEAD_ROW + k, at[i].col + 1, c->width,
				       line);
	}
}

static void draw_legend(struct entry *e, struct ui *u, const struct view *v,
			int row)
{
	struct placed at[GRID_COLUMNS];
	size_t n = place_columns(v, at);
	struct legend_at here = { u, row, ui_cols(u) - 1 };

	for (size_t i = 0; i < n; i++)
		here.row += legend_of(e, at[i].column->item, v->row, &here);
}

/* ---- cells */
static struct str shown(struct entry *e, const struct grid_column *c,
			struct ref r, struct arena *a)
{
	const struct item *i = c->item;
	struct str value = session_value(e->session, r);
	struct choices choices;

	if (!value.n)
		return value;
	if (field_kind_of(i) != FIELD_CODE)
		return field_shown(field_kind_of(i), value, a);
	if (paper_from_file(session_form(e->session), i) ||
	    choices_load(&choices, e->session, r, a))
		return session_display(e->session, r, a);
	return choices_codes(&choices, value, a);
}

static void draw_still(struct entry *e, struct ui *u, const struct placed *p,
		       struct ref r, int row)
{
	struct edit still;

	edit_init(&still, TEXT_MAX);
	still.masked = item_has(p->column->item, "masked");
	edit_set(&still, shown(e, p->column, r, ui_scratch(u)));
	edit_show(&still, u, row, p->col + 1, p->column->width);
	edit_release(&still);
}

/* What is keyed a second time is seen when it was. */
static bool hidden_yet(struct entry *e, struct ref r, struct arena *a)
{
	return r.node && e->keying.mode == KEYING_VERIFY &&
	       session_relevant(e->session, r) &&
	       !session_readonly(e->session, r) &&
	       !keying_reached(&e->keying, session_path(e->session, r, a));
}

/* How many rows the table within this row has. */
static void draw_table(struct entry *e, struct ui *u, const struct placed *p,
		       struct ref instance, int row)
{
	const struct item *i = p->column->item;
	struct ref within = session_holder(e->session, i, instance);
	struct grid g;
	char number[24];
	bool fixed;

	snprintf(number, sizeof(number), "%zu",
		 session_count(e->session, i, within, &fixed));
	ui_puts(u, row, p->col + 1, p->column->width, number);
	grid_columns(e, &g);
	if (e->cells && !entry_block(e) && g.at[e->column].item == i &&
	    ref_eq(instance, roster_row(e, e->roster.at + 1)))
		ui_cursor(u, row, p->col + 1);
}

static void draw_cell(struct entry *e, struct ui *u, const struct placed *p,
		      struct ref instance, int row)
{
	struct session *s = e->session;
	struct ref r = session_near(s, p->column->item, instance);
	struct step step = { .kind = STEP_QUESTION,
			     .item = p->column->item,
			     .ref = r };
	bool here = e->cells && entry_block(e) && ref_eq(entry_ref(e), r);
	char sign = SIGN_SKIPPED;

	if (p->column->item->kind == ITEM_REPEAT) {
		draw_table(e, u, p, instance, row);
		return;
	}
	if (hidden_yet(e, r, ui_scratch(u)))
		sign = ' ';
	else if (r.node && session_relevant(s, r))
		sign = entry_sign(e, &step);
	ui_put(u, row, p->col, 1, str_of(&sign, 1));
	if (here) {
		struct block *b = &e->paper.blocks[e->at];

		b->row = row - PAGE_TOP;
		b->field_row = 0;
		b->field_col = p->col;
		b->field_width = p->column->width;
		b->boxed = false;
		paper_edit(b, &e->field, u, row);
		b->boxed = p->column->page;
	} else if (r.node && sign != SIGN_SKIPPED &&
		   !hidden_yet(e, r, ui_scratch(u))) {
		draw_still(e, u, p, r, row);
	}
}

static void draw_row(struct entry *e, struct ui *u, const struct view *v,
		     size_t i, int row)
{
	struct placed at[GRID_COLUMNS];
	size_t n = place_columns(v, at);
	struct ref instance = roster_row(e, i + 1);
	char number[24];

	snprintf(number, sizeof(number), "%zu", i + 1);
	ui_puts(u, row, NUMBER_COL, CELL_COL - NUMBER_COL - 1, number);
	for (size_t k = 0; instance.node && k < n; k++)
		draw_cell(e, u, &at[k], instance, row);
}

/* The row that is not there yet: typing begins it. */
static void draw_next(struct entry *e, struct ui *u, const struct view *v,
		      size_t i, int row)
{
	char number[24];
	int col = CELL_COL + 1;

	if (v->grid.n)
		col += cell_cols(&v->grid.at[0]);
	snprintf(number, sizeof(number), "%zu", i + 1);
	ui_puts(u, row, NUMBER_COL, CELL_COL - NUMBER_COL - 1, number);
	ui_puts(u, row, col, -1,
		_("ketik untuk menambah; Enter: daftar selesai"));
	if (e->cells && e->roster.at == i)
		ui_cursor(u, row, CELL_COL + 1);
}

/* A note, or a warning nobody has confirmed yet. */
static bool says_something(const struct block *b)
{
	if (b->kind == BLOCK_QUESTION)
		return b->step->item->kind == ITEM_TRIGGER && !b->value.n;
	return b->kind == BLOCK_NOTE && !b->sign;
}

/* What the form says of this row, above the message line. */
static int draw_notes(struct entry *e, struct ui *u, int bottom)
{
	int rows = 0;

	for (size_t i = e->cells ? e->paper.n : 0; i-- > 0;) {
		const struct block *b = &e->paper.blocks[i];
		struct str rest = b->label, line;
		int n = ui_wrap_count(rest, ui_cols(u) - 2);

		if (!says_something(b) || rows + n > NOTE_ROWS)
			continue;
		rows += n;
		for (int row = bottom - rows; n-- > 0; row++) {
			ui_wrap(&rest, ui_cols(u) - 2, &line);
			ui_blank(u, row, 0, -1);
			ui_put(u, row, 1, -1, line);
		}
	}
	return rows;
}

static void draw_rows(struct entry *e, struct ui *u, const struct view *v,
		      int height)
{
	bool fixed;
	size_t n = roster_count(e, &fixed), end;

	end = rows_window(&e->roster, height);
	rows_mark(&e->roster, u, ROWS_TOP);
	for (size_t i = e->roster.top; i < end; i++) {
		int row = ROWS_TOP + (int)(i - e->roster.top);

		if (i < n)
			draw_row(e, u, v, i, row);
		else if (fixed || !e->cells)
			roster_draw_last(u, row, n, fixed);
		else
			draw_next(e, u, v, i, row);
	}
}

void grid_draw(struct entry *e, struct ui *u)
{
	struct view v = { 0 };
	bool fixed;
	size_t n = roster_count(e, &fixed);
	int bottom = ui_rows(u) - PAGE_BOTTOM, top;

	if (n)
		v.row = roster_row(e, e->roster.at < n ? e->roster.at + 1 : n);
	rows_set(&e->roster, n + 1);
	find_view(&v, e, u);
	top = bottom - v.legend - draw_notes(e, u, bottom);
	if (top < ROWS_TOP + LEAST_ROWS + 1)
		top = ROWS_TOP + LEAST_ROWS + 1;
	draw_legend(e, u, &v, top);
	for (int row = bottom; row < ui_rows(u); row++)
		ui_blank(u, row, 0, -1); /* a legend may be too long */
	draw_notes(e, u, bottom);
	draw_head(e, u, &v);
	draw_rows(e, u, &v, top - ROWS_TOP - 1);
}
