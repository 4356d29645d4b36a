/* SPDX-License-Identifier: MIT */
#include "pilar/screens.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

#define FIRST_ROW 4
#define NAME_COL  7
#define CODE_COL  36
#define ROLE_COL  50

/* Several share a store: whose work is it from here on? */
struct who {
	struct screen screen;
	struct arena arena;
	struct worker *list;
	size_t n;
	struct rows rows;
	struct screens_who *answer;
};

static void draw(struct screen *s, struct ui *u)
{
	struct who *w = (struct who *)s;
	size_t end = rows_window(&w->rows, ui_rows(u) - FIRST_ROW - 2);

	ui_title(u, STR("PILAR"), STR(""));
	ui_attr(u, UI_BOLD);
	ui_puts(u, 2, 3, -1, _("Siapa yang bekerja?"));
	ui_attr(u, UI_PLAIN);
	for (size_t i = w->rows.top; i < end; i++) {
		int row = FIRST_ROW + (int)(i - w->rows.top);

		if (i < 9)
			ui_put(u, row, 3, 2,
			       arena_printf(ui_scratch(u), "%zu", i + 1));
		ui_put(u, row, NAME_COL, CODE_COL - NAME_COL - 1,
		       w->list[i].name);
		ui_put(u, row, CODE_COL, ROLE_COL - CODE_COL - 1,
		       w->list[i].code);
		ui_put(u, row, ROLE_COL, -1,
		       arena_printf(ui_scratch(u), "%.*s  %.*s",
				    STR_ARG(w->list[i].role),
				    STR_ARG(w->list[i].village)));
	}
	rows_mark(&w->rows, u, FIRST_ROW);
}

static void take(struct who *w, struct ui *u, size_t i)
{
	if (i >= w->n)
		return;
	w->answer->code = arena_dup(&w->answer->arena, w->list[i].code);
	ui_pop(u);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct who *w = (struct who *)s;

	if (!k.pasted && k.code >= '1' && k.code <= '9') {
		take(w, u, k.code - '1');
		return true;
	}
	return rows_key(&w->rows, k);
}

static void act_take(struct screen *s, struct ui *u, const struct binding *b)
{
	struct who *w = (struct who *)s;

	(void)b;
	take(w, u, w->rows.at);
}

static void release(struct screen *s)
{
	struct who *w = (struct who *)s;

	arena_release(&w->arena);
	free(w);
}

enum err screens_who(struct ui *u, struct cases *c, struct screens_who *answer)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("mulai"),
		  N_("mulai sebagai petugas ini; atau angkanya"), act_take,
		  NULL, false, NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ UI_ESC, 'q', N_("keluar"), NULL, screen_back, NULL, false,
		  NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Siapa yang bekerja"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct who *w = calloc(1, sizeof(*w));
	enum err rc;

	if (!w)
		return ERR_NOMEM;
	w->screen.ops = &ops;
	w->screen.bindings = bindings;
	w->answer = answer;
	rc = cases_workers(c, &w->arena, &w->list, &w->n);
	if (rc) {
		release(&w->screen);
		return rc;
	}
	rows_set(&w->rows, w->n);
	ui_push(u, &w->screen);
	return ERR_NONE;
}
