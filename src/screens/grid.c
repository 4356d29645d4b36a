/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"

#include "text.h"

/* Columns of the screen: the first question is mostly a name. */
#define FIRST_COLS   20
#define TEXT_COLS    14
#define CODE_COLS    6
#define TICK_COLS    1
#define CODES_COLS   10
#define INTEGER_COLS 9
#define WIDEST_COLS  24

/* ---- columns */
static int width_of(const struct form *f, const struct item *i, bool first)
{
	int wanted = field_width(i);

	if (i->kind == ITEM_TRIGGER)
		return TICK_COLS;
	if (i->kind == ITEM_REPEAT)
		return CODE_COLS;
	if (i->kind == ITEM_SELECT || i->kind == ITEM_RANK)
		return CODES_COLS;
	if (field_kind_of(i) == FIELD_CODE)
		return paper_from_file(f, i) ? TEXT_COLS : CODE_COLS;
	if (i->type == TYPE_INT)
		return INTEGER_COLS;
	if (!wanted)
		return first ? FIRST_COLS : TEXT_COLS;
	return wanted < WIDEST_COLS ? wanted : WIDEST_COLS;
}

static void add_columns(struct grid *g, const struct form *f,
			const struct item *i)
{
	for (; i; i = i->next) {
		if (i->kind == ITEM_GROUP) {
			add_columns(g, f, i->first);
			continue;
		}
		if ((!i->number && i->kind != ITEM_REPEAT) ||
		    g->n == GRID_COLUMNS)
			continue;
		g->at[g->n] = (struct grid_column){
			.item = i,
			.width = width_of(f, i, g->n == 0),
			.page = item_has(i, "multiline"),
		};
		g->n++;
	}
}

void grid_columns(const struct entry *e, struct grid *g)
{
	const struct page *page = entry_page(e);

	g->n = 0;
	if (page && page->repeat)
		add_columns(g, session_form(e->session), page->repeat->first);
}

bool grid_on(const struct entry *e)
{
	const struct page *page = entry_page(e);

	return page && page->repeat &&
	       (e->cells || e->keying.mode != KEYING_VISIT);
}

/* ---- the row one is in */
static size_t step_of(const struct pages *p, struct ref r)
{
	size_t i = 0;

	while (i < p->n_steps && !ref_eq(p->steps[i].ref, r))
		i++;
	return i;
}

bool grid_row_page(struct entry *e, struct page *out)
{
	const struct pages *p = &e->pages;
	struct ref row = roster_row(e, e->roster.at + 1);
	size_t i = row.node ? step_of(p, row) : p->n_steps, end;

	if (i == p->n_steps)
		return false;
	for (end = i + 1; end < p->n_steps; end++)
		if (p->steps[end].depth <= p->steps[i].depth)
			break;
	*out = (struct page){ .near = row, .first = i + 1, .end = end };
	return true;
}

static size_t block_of(const struct entry *e, const struct item *i)
{
	for (size_t k = 0; k < e->paper.n; k++) {
		const struct block *b = &e->paper.blocks[k];

		if (b->kind == BLOCK_QUESTION && b->step->item == i)
			return k;
	}
	return NOTHING;
}

/* The form's own words stand nowhere in the table: why an answer fails, and
 * that a warning is to be confirmed. */
static void say_failing(struct entry *e, struct ui *u)
{
	const struct block *b = entry_block(e);
	bool tick = b && b->step->item->kind == ITEM_TRIGGER && !b->value.n;

	if (tick)
		ui_message(u, "%s", _("y = memang begitu; ^P = perbaiki"));
	else if (b && b->failing && b->value.n)
		ui_message(u, "%.*s", STR_ARG(b->message));
}

static bool on_new_row(struct entry *e)
{
	bool fixed;

	return e->roster.at >= roster_count(e, &fixed);
}

/* Is the table within this row one that is filled in? */
static bool has_table(struct entry *e, const struct item *i)
{
	struct page row;
	bool any = false;

	if (i->kind != ITEM_REPEAT || !grid_row_page(e, &row))
		return false;
	for (size_t k = row.first; k < row.end; k++)
		any = any || e->pages.steps[k].item == i;
	return any;
}

/* The cell of a table within the row: how many rows it has. */
static void to_table(struct entry *e, struct ui *u, size_t column)
{
	entry_depart(e);
	e->at = NOTHING;
	e->column = column;
	e->away = false;
	ui_message(u, "%s", _("+ membuka daftar ini, Enter melewatinya"));
}

/* To the first question from `column` on that is asked in this row. */
static bool to_column(struct entry *e, struct ui *u, size_t column)
{
	struct grid g;

	grid_columns(e, &g);
	for (size_t c = column; c < g.n; c++) {
		size_t at = block_of(e, g.at[c].item);

		if (has_table(e, g.at[c].item)) {
			to_table(e, u, c);
			return true;
		}
		if (at == NOTHING)
			continue;
		entry_arrive(e, at);
		e->column = c;
		say_failing(e, u);
		return true;
	}
	return false;
}

static bool to_column_before(struct entry *e, struct ui *u, size_t column)
{
	struct grid g;

	grid_columns(e, &g);
	if (column > g.n)
		column = g.n;
	while (column-- > 0)
		if ((block_of(e, g.at[column].item) != NOTHING ||
		     has_table(e, g.at[column].item)))
			return to_column(e, u, column);
	return false;
}

/* The marker goes to a row; the cursor is at none of its questions yet. */
static void to_row(struct entry *e, struct ui *u, size_t row)
{
	bool fixed;
	size_t n = roster_count(e, &fixed);

	entry_depart(e);
	e->cells = true;
	e->at = NOTHING;
	e->column = 0;
	rows_set(&e->roster, n + 1);
	e->roster.at = row < n ? row : n;
	entry_make_paper(e, u);
	e->away = false;
}

void grid_enter(struct entry *e, struct ui *u, size_t row, size_t column)
{
	to_row(e, u, row);
	if (e->paper.n && !to_column(e, u, column))
		to_column_before(e, u, column);
}

/* Out of the table, to what comes after it. */
static void finish(struct entry *e, struct ui *u)
{
	entry_depart(e);
	e->cells = false;
	e->at = NOTHING;
	entry_next_page(e, u);
}

void grid_next(struct entry *e, struct ui *u)
{
	bool fixed;
	size_t n = roster_count(e, &fixed), row = e->roster.at;

	if (row >= n) {
		finish(e, u);
		return;
	}
	if (to_column(e, u, e->column + 1))
		return;
	while (++row < n) {
		grid_enter(e, u, row, 0);
		if (entry_block(e) || e->column)
			return;
	}
	if (fixed)
		finish(e, u);
	else
		grid_enter(e, u, n, 0);
}

void grid_prev(struct entry *e, struct ui *u)
{
	if (!on_new_row(e) && to_column_before(e, u, e->column))
		return;
	while (e->roster.at > 0) {
		to_row(e, u, e->roster.at - 1);
		if (to_column_before(e, u, GRID_COLUMNS))
			return;
	}
	e->cells = false;
	e->at = NOTHING;
	entry_prev_page(e, u);
}

/* ---- coming from elsewhere */
static size_t column_of(const struct entry *e, const struct item *i)
{
	struct grid g;
	size_t c = 0;

	grid_columns(e, &g);
	while (c < g.n && g.at[c].item != i)
		c++;
	return c < g.n ? c : NOTHING;
}

bool grid_goto(struct entry *e, struct ui *u, struct str path)
{
	struct pages *p = &e->pages;
	struct place place = { 0 };
	size_t i = step_of(p, session_find(e->session, path)), row, column;
	const struct item *item;

	if (e->keying.mode == KEYING_VISIT || pages_instance(p).node ||
	    i >= p->n_steps || p->steps[i].kind != STEP_QUESTION)
		return false;
	row = pages_row_of(p, i);
	if (row == SIZE_MAX || pages_row_of(p, row) != SIZE_MAX)
		return false;
	item = p->steps[i].item;
	row = p->steps[row].instance - 1;
	while (path.n && path.p[path.n - 1] != '[')
		path.n--;
	if (pages_find(p, e->session, str_sub(path, 0, path.n - 1), &place))
		return false;
	entry_enter_page(e, u, place.page, false);
	column = column_of(e, item);
	grid_enter(e, u, row, column == NOTHING ? 0 : column);
	return true;
}

void grid_again(struct entry *e, struct ui *u, struct ref was)
{
	bool fixed;
	size_t n = roster_count(e, &fixed), i, row;

	rows_set(&e->roster, n + 1);
	if (!e->cells)
		return;
	i = was.node ? step_of(&e->pages, was) : e->pages.n_steps;
	row = i < e->pages.n_steps ? pages_row_of(&e->pages, i) : SIZE_MAX;
	if (row == SIZE_MAX) { /* the row is gone, or was none */
		grid_enter(e, u, e->roster.at, 0);
		return;
	}
	e->roster.at = e->pages.steps[row].instance - 1;
	entry_make_paper(e, u);
	e->at = block_of(e, e->pages.steps[i].item);
	say_failing(e, u);
}

/* ---- keys */
/* The first letter of a new row makes the row. */
static bool begin_row(struct entry *e, struct ui *u)
{
	roster_add(e, u);
	return entry_block(e) != NULL;
}

/* A long question is answered on the page of its row. */
static void open_page(struct entry *e, struct ui *u)
{
	struct str path = entry_path(e, ui_scratch(u));
	size_t column = e->column;

	entry_depart(e);
	e->cells = false;
	entry_enter_instance(e, u, e->roster.at + 1);
	entry_goto(e, u, path);
	e->from_row = pages_instance(&e->pages);
	e->from_column = column;
}

/* The page of the row that is a table of its own. */
static void open_table(struct entry *e, struct ui *u)
{
	const struct item *i;
	struct grid g;
	size_t column = e->column;

	grid_columns(e, &g);
	i = column < g.n ? g.at[column].item : NULL;
	entry_depart(e);
	e->cells = false;
	entry_enter_instance(e, u, e->roster.at + 1);
	for (size_t k = 0; i && k < e->pages.list.n; k++) {
		if (e->pages.list.at[k].repeat != i)
			continue;
		entry_enter_page(e, u, k, false);
		break;
	}
	e->from_row = pages_instance(&e->pages);
	e->from_column = column;
}

static bool in_text(const struct entry *e, bool right)
{
	const struct edit *x = &e->field.edit;

	if (!entry_block(e) || e->field.kind > FIELD_DECIMAL)
		return false;
	return right ? x->at < x->text.n : x->at > 0;
}

static void to_other_row(struct entry *e, struct ui *u, bool down)
{
	bool fixed;
	size_t n = roster_count(e, &fixed), row = e->roster.at;

	if (!entry_pass(e, u) || !entry_commit(e, u))
		return;
	if (!down && row == 0)
		grid_prev(e, u);
	else if (down && row >= n - fixed)
		grid_next(e, u);
	else
		grid_enter(e, u, down ? row + 1 : row - 1, e->column);
}

static void to_other_cell(struct entry *e, struct ui *u, bool right)
{
	if (!entry_pass(e, u) || !entry_commit(e, u))
		return;
	if (!right)
		grid_prev(e, u);
	else if (!on_new_row(e))
		grid_next(e, u);
}

/* Nothing is typed in its first cell, where no answer begins with a sign. */
static bool row_is_new(struct entry *e)
{
	return on_new_row(e) || (entry_block(e) && e->column == 0 &&
				 e->field.fresh && !e->field.edit.text.n);
}

/* Taken: the cursor went to another cell. */
static bool goes(struct entry *e, struct ui *u, uint32_t code)
{
	switch (code) {
	case UI_UP:
	case UI_DOWN:
		to_other_row(e, u, code == UI_DOWN);
		return true;
	case UI_LEFT:
	case UI_RIGHT:
		if (in_text(e, code == UI_RIGHT))
			return false;
		to_other_cell(e, u, code == UI_RIGHT);
		return true;
	default:
		return false;
	}
}

/* Taken where nothing is typed yet, as where one is not in a cell. */
static bool ends_row(struct entry *e, struct ui *u, struct key k)
{
	if (k.pasted || !row_is_new(e))
		return false;
	if (k.code == '/')
		finish(e, u);
	return k.code == '/' || k.code == '+';
}

/* What is typed goes into a cell; true: there is none for it. */
static bool lacks_cell(struct entry *e, struct ui *u)
{
	if (entry_block(e))
		return false;
	if (on_new_row(e))
		return !begin_row(e, u);
	open_table(e, u);
	return true;
}

bool grid_key(struct entry *e, struct ui *u, struct key k)
{
	const struct block *b;

	if (goes(e, u, k.code))
		return true;
	if (!key_printable(k))
		return false;
	if (ends_row(e, u, k) || lacks_cell(e, u))
		return true;
	b = entry_block(e);
	if (b && b->boxed)
		open_page(e, u);
	return false;
}
