/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/str.h"

/* Bytes one types to narrow a list. */
#define NARROW_MAX 120
#define ROW_MAX    512

struct picker {
	struct screen screen;
	struct pick pick;
	struct arena arena;
	struct edit edit;
	struct rows rows;
	bool on_rows; /* the cursor stands at the marker, not in the line */
};

static struct ui_box place(const struct picker *p, const struct ui *u)
{
	struct ui_box b = p->pick.box;
	int bottom = ui_rows(u) - 2;

	if (b.rows > bottom - 1)
		b.rows = bottom - 1;
	if (b.row + b.rows > bottom)
		b.row = bottom - b.rows;
	if (b.col + b.cols > ui_cols(u))
		b.cols = ui_cols(u) - b.col;
	return b;
}

static void draw_row(struct picker *p, struct ui *u, size_t i, struct ui_box at)
{
	const struct pick_source *src = &p->pick.source;
	struct buf text = BUF_INIT(ROW_MAX);
	int indent = src->marked ? 4 : 3;

	src->row(src->self, i, &text);
	if (src->marked && src->marked(src->self, i))
		ui_puts(u, at.row, at.col + 2, 1, "*");
	ui_put(u, at.row, at.col + indent, at.cols - indent, buf_str(&text));
	buf_release(&text);
}

/* Beside the title, where the list goes on below. */
static void draw_more(const struct picker *p, struct ui *u, struct ui_box b)
{
	struct str more = str_from(_("PgDn lainnya"));
	int cols = ui_width(more);

	if (ui_width(p->pick.title) + cols + 4 <= b.cols)
		ui_put_right(u, b.row, b.col + b.cols - 1, cols, more);
}

static void draw(struct screen *s, struct ui *u)
{
	struct picker *p = (struct picker *)s;
	struct ui_box b = place(p, u);
	int row = b.row;
	size_t end;

	for (int i = 0; i < b.rows; i++)
		ui_blank(u, b.row + i, b.col, b.cols);
	if (p->pick.title.n)
		ui_put(u, row++, b.col + 1, b.cols - 1, p->pick.title);
	ui_puts(u, row, b.col + 1, 1, "/");
	edit_draw(&p->edit, u, row, b.col + 3, b.cols - 3);
	row++;
	end = rows_window(&p->rows, b.row + b.rows - row);
	if (end < p->rows.n && p->pick.title.n)
		draw_more(p, u, b);
	for (size_t i = p->rows.top; i < end; i++)
		draw_row(p, u, i,
			 (struct ui_box){ row + (int)(i - p->rows.top), b.col,
					  1, b.cols });
	row += (int)(p->rows.at - p->rows.top);
	if (!p->rows.n)
		ui_puts(u, row, b.col + 3, b.cols - 3, _("tidak ada"));
	else if (p->on_rows) /* marks its row: half the bytes of a sign */
		ui_cursor(u, row, b.col + 1);
	else
		ui_puts(u, row, b.col + 1, 1, ">");
}

static void narrow(struct picker *p)
{
	p->rows.at = p->rows.top = 0;
	rows_set(&p->rows, p->pick.source.narrow(p->pick.source.self,
						 edit_text(&p->edit)));
}

/* Does it do something here? Help is the list's, too. */
static bool is_own(const struct screen *s, uint32_t code)
{
	const struct binding *b = s->bindings;

	while (b->act && b->key != code && b->also != code)
		b++;
	return b->act || code == UI_F1 || code == UI_CTRL('g');
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct picker *p = (struct picker *)s;
	enum edit_result r;

	if (k.code != UI_HOME && k.code != UI_END && rows_key(&p->rows, k)) {
		p->on_rows = true;
		return true;
	}
	r = edit_key(&p->edit, k);
	p->on_rows = p->on_rows && r == EDIT_NOT_TAKEN;
	if (r == EDIT_CHANGED)
		narrow(p);
	if (r == EDIT_NOT_TAKEN && p->pick.through && !is_own(s, k.code))
		ui_pop(u); /* and the screen below takes the key */
	return r != EDIT_NOT_TAKEN;
}

static void take(struct screen *s, struct ui *u, const struct binding *b)
{
	struct picker *p = (struct picker *)s;
	struct pick_source src = p->pick.source;

	(void)b;
	if (!p->rows.n)
		return;
	if (!p->pick.many)
		ui_pop(u);
	src.take(src.self, u, p->rows.at);
	if (!p->pick.many || !p->edit.text.n)
		return;
	edit_set(&p->edit, STR(""));
	narrow(p);
}

static void leave(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_pop(u);
}

static void release(struct screen *s)
{
	struct picker *p = (struct picker *)s;

	p->pick.source.close(p->pick.source.self);
	edit_release(&p->edit);
	arena_release(&p->arena);
	free(p);
}

enum err ui_pick(struct ui *u, const struct pick *pick)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, UI_TAB, N_("pilih"), NULL, take, NULL, false,
		  NULL },
		{ UI_ESC, 0, N_("batal"), NULL, leave, NULL, false, NULL },
		BINDING_END,
	};
	static const struct binding many[] = {
		{ UI_ENTER, 0, N_("tandai"), NULL, take, NULL, false, NULL },
		{ UI_ESC, UI_TAB, N_("selesai"), NULL, leave, NULL, false,
		  NULL },
		BINDING_END,
	};
	static const struct screen_ops ops[] = {
		{ .title = N_("Memilih dari daftar"),
		  .over = true,
		  .draw = draw,
		  .key = key,
		  .free = release },
		{ .title = N_("Memilih dari daftar"),
		  .over = true,
		  .through = true,
		  .draw = draw,
		  .key = key,
		  .free = release },
	};
	struct picker *p = calloc(1, sizeof(*p));

	if (!p) {
		pick->source.close(pick->source.self);
		return ERR_NOMEM;
	}
	p->screen.ops = &ops[pick->through];
	p->screen.bindings = pick->many ? many : bindings;
	p->pick = *pick;
	p->pick.title = arena_dup(&p->arena, pick->title);
	edit_init(&p->edit, NARROW_MAX);
	if (pick->first.code)
		(void)edit_key(&p->edit, pick->first);
	narrow(p);
	if (!pick->first.code && pick->start < p->rows.n)
		p->rows.at = pick->start;
	p->on_rows = !pick->first.code; /* a letter goes to the line again */
	ui_push(u, &p->screen);
	return ERR_NONE;
}
