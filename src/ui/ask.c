/* SPDX-License-Identifier: MIT */
#include "internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

/* The question and the keys that answer it. */
#define QUESTION_MAX 300

struct question {
	struct screen screen;
	struct ask ask;
	char text[QUESTION_MAX];
};

static void draw(struct screen *s, struct ui *u)
{
	const struct question *q = (const struct question *)s;
	/* The keys have room behind it. */
	size_t fits = ui_fit(str_from(q->text), ui_cols(u) * 5 / 2);
	struct str text = arena_printf(ui_scratch(u), "%.*s%s", (int)fits,
				       q->text, _(" (y/t)"));
	int row = ui_rows(u) - 2;

	ui_blank(u, row, 0, -1);
	ui_cursor(u, row, 2 + bottom_draw(u, text, 1));
}

static void answer(struct screen *s, struct ui *u, const struct binding *b)
{
	struct ask ask = ((struct question *)s)->ask;

	ui_pop(u);
	if (b->arg && ask.yes)
		ask.yes(ask.owner, u, ask.arg);
	else if (!b->arg && ask.no)
		ask.no(ask.owner, u, ask.arg);
}

static void release(struct screen *s)
{
	free(s);
}

void ui_ask(struct ui *u, const struct ask *ask, const char *format, ...)
{
	/* The key shown for no is the first letter of the word: tidak, no. */
	static const struct binding indonesian[] = {
		{ 'y', 'Y', N_("ya"), NULL, answer, NULL, false, "yes" },
		{ 't', 'T', N_("tidak"), NULL, answer, NULL, false, NULL },
		{ 'n', 'N', NULL, N_("tidak"), answer, NULL, false, NULL },
		{ UI_ESC, 0, NULL, N_("tidak"), answer, NULL, false, NULL },
		BINDING_END,
	};
	static const struct binding english[] = {
		{ 'y', 'Y', N_("ya"), NULL, answer, NULL, false, "yes" },
		{ 'n', 'N', N_("tidak"), NULL, answer, NULL, false, NULL },
		{ UI_ESC, 0, NULL, N_("tidak"), answer, NULL, false, NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Pertanyaan"),
		.over = true,
		.draw = draw,
		.free = release,
	};
	struct question *q = calloc(1, sizeof(*q));
	va_list ap;

	if (!q)
		return;
	q->screen.ops = &ops;
	q->screen.bindings =
		strcmp(i18n_lang(), "en") == 0 ? english : indonesian;
	q->ask = *ask;
	va_start(ap, format);
	if (vsnprintf(q->text, sizeof(q->text), format, ap) < 0)
		q->text[0] = '\0';
	va_end(ap);
	ui_push(u, &q->screen);
}
