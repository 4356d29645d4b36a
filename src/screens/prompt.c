/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "open.h"

struct asking {
	struct screen screen;
	struct prompt prompt;
	struct edit edit;
};

static void draw(struct screen *s, struct ui *u)
{
	struct asking *a = (struct asking *)s;
	int row = ui_rows(u) - 2, used;

	ui_blank(u, row, 0, -1);
	used = ui_puts(u, row, 1, ui_cols(u) * 2 / 3, a->prompt.label);
	used += ui_puts(u, row, 1 + used, -1,
			str_ends(str_from(a->prompt.label), STR("?")) ? " "
								      : ": ");
	edit_draw(&a->edit, u, row, 1 + used, ui_cols(u) - 2 - used);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return edit_key(&((struct asking *)s)->edit, k) != EDIT_NOT_TAKEN;
}

static void act_take(struct screen *s, struct ui *u, const struct binding *b)
{
	struct asking *a = (struct asking *)s;

	(void)b;
	ui_pop(u);
	a->prompt.take(a->prompt.owner, u, str_trim(edit_text(&a->edit)));
}

static void release(struct screen *s)
{
	struct asking *a = (struct asking *)s;

	edit_release(&a->edit);
	free(a);
}

void prompt_open(struct ui *u, const struct prompt *p)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("pakai"), N_("pakai isian ini"), act_take,
		  NULL, false, NULL },
		{ UI_F1, UI_CTRL('g'), N_("bantuan"), NULL, screen_help, NULL,
		  false, NULL },
		{ UI_ESC, 0, N_("batal"), N_("kembali tanpa mengubah"),
		  screen_back, NULL, false, NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Mengisi satu baris"),
		.over = true,
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct asking *a = calloc(1, sizeof(*a));

	if (!a)
		return;
	a->screen.ops = &ops;
	a->screen.bindings = bindings;
	a->prompt = *p;
	edit_init(&a->edit, p->max);
	edit_set(&a->edit, p->start);
	ui_push(u, &a->screen);
}

struct str prompt_place(struct str typed)
{
	return str_find(typed, STR("/"), 0) == SIZE_MAX ? STR("") : typed;
}

char *prompt_path(struct str text, struct arena *a)
{
	const char *home = getenv("HOME");
	char *rest;

	if (!home || !str_starts(text, STR("~/")))
		return arena_cstr(a, text);
	rest = arena_cstr(a, str_sub(text, 2, text.n));
	return rest ? path_join(a, home, rest) : NULL;
}
