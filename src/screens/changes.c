/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "text.h"

#define WHEN_COLS 13
#define WHO_COLS  12
#define WHAT_COLS 14
#define HEAD_ROW  1
#define ROWS_ROW  2

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

static void draw_row(const struct changes_screen *v, struct ui *u, size_t i,
		     int row)
{
	const struct sys *sys = cases_sys(v->cases);
	const struct prop_change *c = at(v, i);
	struct arena *a = ui_scratch(u);
	const struct dataset *d =
		datasets_find(cases_datasets(v->cases), v->entity.dataset);
	int col = 3;

	ui_put(u, row, col, WHEN_COLS - 1, text_date(a, sys, c->at));
	col += WHEN_COLS;
	ui_put(u, row, col, WHO_COLS - 1, c->worker);
	col += WHO_COLS;
	ui_put(u, row, col, WHAT_COLS - 1,
	       text_spaced(a, dataset_property(d, c->property)));
	col += WHAT_COLS;
	if (c->was.n)
		ui_put(u, row, col, -1,
		       arena_printf(a, "%.*s -> %.*s", STR_ARG(c->was),
				    STR_ARG(c->value)));
	else
		ui_put(u, row, col, -1, c->value);
}

static void draw(struct screen *s, struct ui *u)
{
	struct changes_screen *v = (struct changes_screen *)s;
	size_t end = rows_window(&v->rows, ui_rows(u) - ROWS_ROW - 3);

	ui_title(u, cases_title(v->cases, &v->entity),
		 str_from(_("Siapa mengubah apa")));
	ui_puts(u, HEAD_ROW, 3, -1, _("Tanggal      Oleh        Data"));
	for (size_t i = v->rows.top; i < end; i++)
		draw_row(v, u, i, ROWS_ROW + (int)(i - v->rows.top));
	if (v->n)
		ui_put(u, ui_rows(u) - 3, 3, -1,
		       arena_printf(ui_scratch(u), _("Dari: %.*s"),
				    STR_ARG(at(v, v->rows.at)->title)));
	rows_mark(&v->rows, u, ROWS_ROW, 1, true);
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
