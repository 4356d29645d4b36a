/* SPDX-License-Identifier: MIT */
#include "paper.h"

#include "pilar/i18n.h"

/* Columns: labels begin here, hints and choices under them there. */
#define LABEL_COL 3
#define UNDER_COL 5
/* Where the fields begin, on a wide screen and on a narrow one. */
#define FIELD_COL        36
#define FIELD_COL_NARROW 28
#define NARROW_COLS      76
/* Room beside a date for its weekday and an age. */
#define BESIDE_COLS 18
#define BOX_ROWS    3
/* Room for the codes of several choices. */
#define CODES_COLS 30

static int field_col(int cols)
{
	return cols < NARROW_COLS ? FIELD_COL_NARROW : FIELD_COL;
}

static struct str label_of(const struct block *b, struct arena *a)
{
	return b->required ? arena_printf(a, "%.*s *", STR_ARG(b->label))
			   : b->label;
}

/* ---- choices in lines */
/* Columns of one choice: "2 Kontrak/sewa". */
static int choice_width(const struct choices *c, size_t i)
{
	return (int)c->codes[i].n + 1 + ui_width(c->at[i].label);
}

/* Can each choice be read whole between these columns? */
static bool choices_fit(const struct choices *c, int col, int right)
{
	for (size_t i = 0; i < c->n; i++) {
		if (col + choice_width(c, i) > right)
			return false;
	}
	return true;
}

int paper_choices(const struct choices *c, struct ui *u, int row, int col,
		  int right)
{
	int x = col, lines = c->n ? 1 : 0;

	for (size_t i = 0; i < c->n; i++) {
		int w = choice_width(c, i);

		if (x > col && x + w > right) {
			x = col;
			lines++;
		}
		if (u) {
			int y = row + lines - 1;
			int used = ui_put(u, y, x, right - x, c->codes[i]);

			ui_put(u, y, x + used + 1, right - x - used - 1,
			       c->at[i].label);
		}
		x += w + 2;
	}
	return lines;
}

static int code_width(const struct choices *c)
{
	size_t max = 1;

	for (size_t i = 0; i < c->n; i++) {
		if (c->codes[i].n > max)
			max = c->codes[i].n;
	}
	return (int)max;
}

/* ---- layout */
static void layout_choices(struct block *b, int cols)
{
	int beside = b->field_col + b->field_width + 3;
	int lines_beside =
		paper_choices(&b->choices, NULL, 0, beside, cols - 1);
	int lines_under =
		paper_choices(&b->choices, NULL, 0, UNDER_COL, cols - 1);

	if (!b->many && lines_beside <= lines_under + 1 &&
	    choices_fit(&b->choices, beside, cols - 1)) {
		b->choices_row = b->field_row;
		b->choices_col = beside;
		b->choices_rows = lines_beside;
		b->height = b->field_row + lines_beside;
		return;
	}
	b->choices_row = b->field_row + 1;
	b->choices_col = UNDER_COL;
	b->choices_rows = lines_under;
	b->height = b->choices_row + lines_under;
}

/*
 * Under a long label a choice of several lines begins at the left, like the
 * label; a short one stays in the column of the fields.
 */
static void move_left(struct block *b, int cols)
{
	int beside = b->field_col + code_width(&b->choices) + 3;

	if (b->field != FIELD_CODE || b->listed || b->field_row == 0 ||
	    paper_choices(&b->choices, NULL, 0, beside, cols - 1) <= 1)
		return;
	b->field_col = UNDER_COL + 1;
}

static void layout_field(struct block *b, int cols)
{
	int room = cols - 2 - b->field_col - 1;
	int wanted = field_width(b->step->item);

	b->field_width = wanted > 0 && wanted < room ? wanted : room;
	b->box_rows = b->boxed ? BOX_ROWS : 1;
	if (b->field == FIELD_CODE && !b->listed && !b->many)
		b->field_width = code_width(&b->choices);
	else if (b->field == FIELD_CODE && !b->listed && room > CODES_COLS)
		b->field_width = CODES_COLS;
	b->height = b->field_row + b->box_rows;
	if (b->field == FIELD_CODE && !b->listed)
		layout_choices(b, cols);
}

/* The hint stands beside a short field, else under all of it. */
static void layout_hint(struct block *b, int cols)
{
	int beside = b->field_col + b->field_width + 3;
	bool date = b->field == FIELD_DATE || b->field == FIELD_DATETIME;

	b->hint_row = -1;
	if (!b->hint.n)
		return;
	if (date)
		beside += BESIDE_COLS;
	if (b->field != FIELD_CODE && !b->boxed &&
	    beside + ui_width(b->hint) < cols) {
		b->hint_row = b->field_row;
		b->hint_col = beside;
		return;
	}
	b->hint_row = b->height;
	b->hint_col = UNDER_COL;
	b->height += ui_wrap_count(b->hint, cols - 1 - UNDER_COL);
}

static void layout_question(struct block *b, int cols, struct arena *a)
{
	struct str label = label_of(b, a);

	b->field_col = field_col(cols);
	b->field_row = 0;
	if (ui_width(label) > b->field_col - 3 - LABEL_COL)
		b->field_row = ui_wrap_count(label, cols - 1 - LABEL_COL);
	move_left(b, cols);
	layout_field(b, cols);
	b->message_row = -1;
	if (b->message.n) {
		b->message_row = b->height;
		b->height += ui_wrap_count(b->message, cols - 3 - UNDER_COL);
	}
	layout_hint(b, cols);
}

static void layout_block(struct block *b, int cols, struct arena *a)
{
	switch (b->kind) {
	case BLOCK_NOTE:
		b->height = ui_wrap_count(b->label, cols - 1 - LABEL_COL);
		break;
	case BLOCK_HEADING:
		b->height = ui_wrap_count(b->label, cols - 2);
		break;
	case BLOCK_QUESTION:
		layout_question(b, cols, a);
		break;
	}
}

/* One-line blocks stand together like a table, others have air around them. */
static int gap(const struct block *above, const struct block *b)
{
	return above->height > 1 || b->height > 1 || b->kind == BLOCK_HEADING;
}

void paper_layout(struct paper *p, int rows, int cols)
{
	struct arena a = { 0 };
	int row = 0;
	size_t leaf = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct block *b = &p->blocks[i];

		layout_block(b, cols, &a);
		if (row > 0)
			row += gap(b - 1, b);
		if (row > 0 && row + b->height > rows) {
			row = 0;
			leaf++;
		}
		b->row = row;
		b->leaf = leaf;
		row += b->height;
	}
	p->leaves = leaf + 1;
	arena_release(&a);
}

/* ---- drawing */
static void draw_wrapped(struct ui *u, struct str text, int row, int col)
{
	struct str line;

	while (ui_wrap(&text, ui_cols(u) - 1 - col, &line))
		ui_put(u, row++, col, -1, line);
}

static void draw_label(const struct block *b, struct ui *u, int row)
{
	draw_wrapped(u, label_of(b, ui_scratch(u)), row, LABEL_COL);
}

static void draw_box(const struct block *b, struct ui *u, int row)
{
	struct str rest = b->shown, line;

	for (int i = 0; i < b->box_rows; i++) {
		if (!ui_wrap(&rest, b->field_width, &line))
			return;
		ui_put(u, row + i, b->field_col + 1, b->field_width, line);
	}
}

static void draw_value(const struct block *b, struct ui *u, int row)
{
	struct edit still;

	if (b->listed && !b->value.n) {
		ui_puts(u, row, b->field_col + 1, b->field_width,
			_("(ketik untuk mencari)"));
		return;
	}
	if (b->boxed) {
		draw_box(b, u, row);
		return;
	}
	edit_init(&still, TEXT_MAX);
	still.masked = item_has(b->step->item, "masked");
	edit_set(&still, b->shown);
	edit_show(&still, u, row, b->field_col + 1, b->field_width);
	edit_release(&still);
}

/* Of a choice: what is being typed, else what was chosen. */
static void draw_code(const struct block *b, struct field *f, struct ui *u,
		      int row)
{
	struct str typed = edit_text(&f->edit);
	bool asks = b->listed && !b->value.n; /* shows how it is answered */
	int col = b->field_col + 1, used = 0;

	if ((b->many || b->listed) && !(typed.n && (asks || !b->many))) {
		draw_value(b, u, row);
		used = b->many ? ui_width(b->shown) : 0;
		used += used > 0;
	}
	if (typed.n)
		used += ui_put(u, row, col + used, -1, typed);
	else if (!b->many && !b->listed)
		ui_put(u, row, col, b->field_width, b->shown);
	if (used > b->field_width)
		used = b->field_width;
	ui_cursor(u, row, col + used);
}

void paper_edit(const struct block *b, struct field *f, struct ui *u, int row)
{
	int col = b->field_col + 1;

	if (b->field == FIELD_CODE)
		draw_code(b, f, u, row);
	else if (b->boxed)
		edit_draw_box(&f->edit, u,
			      (struct ui_box){ row, col, b->box_rows,
					       b->field_width + 1 });
	else
		edit_draw(&f->edit, u, row, col, b->field_width + 1);
}

static void put_sign(struct ui *u, int row, int col, char sign)
{
	ui_put(u, row, col, 1, str_of(&sign, 1));
}

/* The first bracket tells how the question stands. */
static char bracket_of(const struct block *b)
{
	if (b->reached)
		return b->value.n ? SIGN_FIELD : SIGN_PASSED;
	return b->value.n ? SIGN_FILLED : SIGN_FIELD;
}

static void draw_brackets(const struct block *b, struct ui *u, int row)
{
	int end = b->field_col + 1 + b->field_width;

	for (int i = 0; i < b->box_rows; i++) {
		char sign = SIGN_FIELD;

		if (i == 0)
			sign = bracket_of(b);
		put_sign(u, row + i, b->field_col, sign);
		ui_puts(u, row + i, end, 1, "]");
	}
}

static void draw_signs(const struct block *b, struct ui *u, int row)
{
	if (b->failing)
		put_sign(u, row, 0, SIGN_FAILING);
	if (b->remarked)
		put_sign(u, row, 1, SIGN_REMARKED);
	else if (b->sign)
		put_sign(u, row, 1, b->sign);
}

static void draw_message(const struct block *b, struct ui *u, int row)
{
	if (b->message_row < 0)
		return;
	ui_attr(u, UI_BOLD);
	ui_puts(u, row + b->message_row, UNDER_COL, 1, "!");
	draw_wrapped(u, b->message, row + b->message_row, UNDER_COL + 2);
	ui_attr(u, UI_PLAIN);
}

static void draw_question(const struct block *b, struct ui *u, int row,
			  const struct paper_view *view)
{
	struct field *editing = view ? view->field : NULL;
	int at = row + b->field_row;

	draw_label(b, u, row);
	draw_brackets(b, u, at);
	ui_put(u, at, b->field_col + b->field_width + 3, BESIDE_COLS,
	       editing ? field_typed_beside(editing, view->sys, ui_scratch(u))
		       : b->beside);
	if (b->choices_rows)
		paper_choices(&b->choices, u, row + b->choices_row,
			      b->choices_col, ui_cols(u) - 1);
	draw_message(b, u, row);
	if (b->hint_row >= 0)
		draw_wrapped(u, b->hint, row + b->hint_row, b->hint_col);
	if (!editing) {
		draw_value(b, u, at);
		return;
	}
	paper_edit(b, editing, u, at);
}

static void draw_block(const struct block *b, struct ui *u, int row,
		       const struct paper_view *view)
{
	draw_signs(b, u, row);
	switch (b->kind) {
	case BLOCK_NOTE:
		draw_wrapped(u, b->label, row, LABEL_COL);
		break;
	case BLOCK_HEADING:
		ui_attr(u, UI_BOLD);
		draw_wrapped(u, b->label, row, 1);
		ui_attr(u, UI_PLAIN);
		break;
	case BLOCK_QUESTION:
		draw_question(b, u, row, view);
		break;
	}
}

void paper_draw(const struct paper *p, struct ui *u,
		const struct paper_view *view)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct block *b = &p->blocks[i];

		if (b->leaf == view->leaf)
			draw_block(b, u, view->top + b->row,
				   i == view->current ? view : NULL);
	}
}
