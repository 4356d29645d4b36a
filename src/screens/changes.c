/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "text.h"

#define WHEN_COLS  13
#define WHO_COLS   12
#define WHAT_COL   (3 + WHEN_COLS + WHO_COLS)
#define WHOLE_ROWS 2
#define HEAD_ROW   1
#define ROWS_ROW   2

/* Who set what of one case, when and from which form; the newest first. */
struct changes_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct entity entity;
	struct prop_change *list;
	size_t n;
	struct rows rows;
};

static const struct prop_change *at(const struct changes_screen *v, size_t i)
{
	return &v->list[v->n - 1 - i];
}

/* "Jl. Mawar 3 -> Jl. Melati 7" */
static struct str from_to(const struct prop_change *c, struct arena *a)
{
	struct str is = c->value.n ? text_told(a, c->value_text) : STR("-");

	if (!c->was.n)
		return is;
	return arena_printf(a, "%.*s -> %.*s",
			    STR_ARG(text_told(a, c->was_text)), STR_ARG(is));
}

static void draw_row(const struct changes_screen *v, struct ui *u, size_t i,
		     int row)
{
	const struct sys *sys = cases_sys(v->cases);
	const struct prop_change *c = at(v, i);
	struct arena *a = ui_scratch(u);
	int what = (ui_cols(u) - WHAT_COL) * 2 / 5;

	ui_put(u, row, 3, WHEN_COLS - 1, text_date(a, sys, c->at));
	ui_put(u, row, 3 + WHEN_COLS, WHO_COLS - 1, c->worker);
	ui_put(u, row, WHAT_COL, what - 1, text_label(a, c->label));
	ui_put(u, row, WHAT_COL + what, -1, from_to(c, a));
}

/* What the marker stands on, whole, and the form it is from. */
static void draw_whole(const struct changes_screen *v, struct ui *u, int row)
{
	const struct prop_change *c = at(v, v->rows.at);
	struct arena *a = ui_scratch(u);
	struct str line, text = arena_printf(a, "%.*s: %.*s",
					     STR_ARG(text_label(a, c->label)),
					     STR_ARG(from_to(c, a)));

	for (int i = 0; i < WHOLE_ROWS; i++)
		if (ui_wrap(&text, ui_cols(u) - 4, &line))
			ui_put(u, row + i, 3, -1, line);
	ui_put(u, row + WHOLE_ROWS, 3, -1,
	       arena_printf(a, _("Dari: %.*s"), STR_ARG(c->title)));
}

static void draw(struct screen *s, struct ui *u)
{
	struct changes_screen *v = (struct changes_screen *)s;
	int below = ui_rows(u) - WHOLE_ROWS - 3;
	size_t end = rows_window(&v->rows, below - ROWS_ROW - 1);

	ui_title(u, cases_title(v->cases, &v->entity),
		 str_from(_("Siapa mengubah apa")));
	ui_puts(u, HEAD_ROW, 3, -1, _("Tanggal      Oleh        Data"));
	for (size_t i = v->rows.top; i < end; i++)
		draw_row(v, u, i, ROWS_ROW + (int)(i - v->rows.top));
	if (v->n)
		draw_whole(v, u, below);
	rows_mark(&v->rows, u, ROWS_ROW);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct changes_screen *)s)->rows, k);
}

static bool any(const struct screen *s)
{
	const struct changes_screen *v = (const struct changes_screen *)s;

	return v->n && at(v, v->rows.at)->instance_id.n;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct changes_screen *v = (struct changes_screen *)s;

	(void)b;
	view_open(u, v->cases, at(v, v->rows.at)->instance_id);
}

static void release(struct screen *s)
{
	struct changes_screen *v = (struct changes_screen *)s;

	arena_release(&v->arena);
	free(v);
}

void changes_open(struct ui *u, struct cases *c, struct str dataset,
		  struct str id)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 'v', N_("lihat isian"),
		  N_("lihat isian yang mengubahnya"), act_open, any, false,
		  NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Siapa mengubah apa"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct changes_screen *v = calloc(1, sizeof(*v));
	enum err rc;

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = bindings;
	v->cases = c;
	rc = cases_entity(c, dataset, id, &v->arena, &v->entity);
	if (!rc)
		rc = cases_history(c, &v->entity, &v->arena, &v->list, &v->n);
	rows_set(&v->rows, v->n);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		release(&v->screen);
	} else {
		ui_push(u, &v->screen);
	}
}
