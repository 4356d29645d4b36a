/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/vec.h"

#include "text.h"

#define FIRST_ROW 2

/* What a report says, a problem wrapped over as many lines as it takes. */
struct problems {
	struct screen screen;
	struct arena arena;
	VEC(struct str) texts;
	VEC(struct str) lines; /* parts of `texts` at this width */
	int width;
	size_t errors;
	struct str title;
	struct rows rows;
};

static void wrap(struct problems *p, int width)
{
	struct str line, *slot;

	if (width == p->width)
		return;
	p->width = width;
	vec_reset(&p->lines);
	vec_each (t, &p->texts) {
		struct str rest = *t;

		while (ui_wrap(&rest, width, &line)) {
			slot = vec_push(&p->lines);
			if (slot)
				*slot = line;
		}
	}
	rows_set(&p->rows, p->lines.n);
}

static void draw(struct screen *s, struct ui *u)
{
	struct problems *p = (struct problems *)s;
	size_t end;

	wrap(p, ui_cols(u) - 4);
	ui_title(u, p->title,
		 arena_printf(ui_scratch(u), _("%zu harus diperbaiki"),
			      p->errors));
	end = rows_window(&p->rows, ui_rows(u) - FIRST_ROW - 2);
	for (size_t i = p->rows.top; i < end; i++)
		ui_put(u, FIRST_ROW + (int)(i - p->rows.top), 3, -1,
		       p->lines.at[i]);
	rows_mark(&p->rows, u, FIRST_ROW);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct problems *)s)->rows, k);
}

static void release(struct screen *s)
{
	struct problems *p = (struct problems *)s;

	vec_release(&p->texts);
	vec_release(&p->lines);
	arena_release(&p->arena);
	free(p);
}

void problems_open(struct ui *u, const char *title, const struct report *rep)
{
	static const struct binding bindings[] = {
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Masalah"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct problems *p = calloc(1, sizeof(*p));

	if (!p)
		return;
	p->screen.ops = &ops;
	p->screen.bindings = bindings;
	p->errors = rep->errors;
	p->title = arena_dup(&p->arena, str_from(title));
	vec_each (one, &rep->problems) {
		struct str *t = vec_push(&p->texts);

		if (t)
			*t = arena_printf(
				&p->arena, "%.*s%s%.*s", STR_ARG(one->place),
				one->place.n ? ": " : "", STR_ARG(one->text));
	}
	ui_push(u, &p->screen);
}
