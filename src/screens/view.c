/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/session.h"
#include "pilar/vec.h"

#include "text.h"

#define LABEL_COLS 38

struct line {
	struct str label, value;
	bool heading;
};

struct view {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct event event;
	VEC(struct line) lines;
	struct rows rows;
};

static void add(struct view *v, struct str label, struct str value,
		bool heading)
{
	struct line *l = vec_push(&v->lines);

	if (l)
		*l = (struct line){ label, value, heading };
}

/* A long answer goes on below itself. */
static void add_answer(struct view *v, struct str label, struct str value,
		       int cols)
{
	struct str line;

	while (ui_wrap(&value, cols - 4 - LABEL_COLS, &line)) {
		add(v, label, line, false);
		label = STR("");
	}
}

static void add_step(struct view *v, struct session *s, const struct step *step,
		     int cols)
{
	struct arena *a = &v->arena;
	struct str value;

	if (step->kind == STEP_PROMPT)
		return;
	if (step->kind != STEP_QUESTION) {
		struct str label = text_plain(
			a, session_item_label(s, step->item, step->ref));

		if (!label.n)
			return;
		if (step->kind == STEP_REPEAT)
			label = arena_printf(a, "%.*s %zu", STR_ARG(label),
					     step->instance);
		add(v, STR(""), STR(""), false);
		add(v, label, STR(""), true);
		return;
	}
	value = session_display(s, step->ref, a);
	if (value.n)
		add_answer(v, text_plain(a, session_label(s, step->ref)), value,
			   cols);
}

static enum err collect(struct view *v, struct session *s, int cols)
{
	struct arena a = { 0 };
	struct step *steps = NULL;
	size_t n = 0;
	enum err rc = session_walk(s, &a, &steps, &n);

	for (size_t i = 0; !rc && i < n; i++)
		add_step(v, s, &steps[i], cols);
	rows_set(&v->rows, v->lines.n);
	arena_release(&a);
	return rc;
}

static enum err load(struct view *v, struct str instance_id, int cols,
		     struct report *rep)
{
	struct session *s = NULL;
	enum err rc = cases_event(v->cases, instance_id, &v->arena, &v->event);

	if (!rc)
		rc = cases_session(v->cases, v->event.form_id,
				   v->event.form_version, &s, rep);
	if (!rc)
		rc = session_restore(s, v->event.xml, false, rep);
	if (!rc)
		rc = collect(v, s, cols);
	session_free(s);
	return rc;
}

static void draw(struct screen *s, struct ui *u)
{
	struct view *v = (struct view *)s;
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(v->cases);
	size_t end = rows_window(&v->rows, ui_rows(u) - 4);

	ui_title(u, v->event.title,
		 arena_printf(a, "%.*s %.*s  %.*s",
			      STR_ARG(text_date(a, sys, v->event.at)),
			      STR_ARG(text_time(a, sys, v->event.at)),
			      STR_ARG(v->event.worker)));
	for (size_t i = v->rows.top; i < end; i++) {
		const struct line *l = &v->lines.at[i];
		int row = 2 + (int)(i - v->rows.top);

		if (l->heading)
			ui_attr(u, UI_BOLD);
		ui_put(u, row, l->heading ? 1 : 3,
		       l->heading ? -1 : LABEL_COLS - 2, l->label);
		ui_attr(u, UI_PLAIN);
		ui_put(u, row, 3 + LABEL_COLS, -1, l->value);
	}
	ui_cursor(u, 2 + (int)(v->rows.at - v->rows.top), 0);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct view *)s)->rows, k);
}

static void release(struct screen *s)
{
	struct view *v = (struct view *)s;

	vec_release(&v->lines);
	arena_release(&v->arena);
	free(v);
}

void view_open(struct ui *u, struct cases *c, struct str instance_id)
{
	static const struct binding bindings[] = {
		{ UI_DOWN, UI_PGDN, N_("gulir"), N_("baris berikut"),
		  screen_stay, NULL, false, NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ UI_ESC, 'q', N_("kembali"), NULL, screen_back, NULL, false,
		  NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Isian yang lampau"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct view *v = calloc(1, sizeof(*v));
	struct report rep = { 0 };
	enum err rc;

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = bindings;
	v->cases = c;
	rc = load(v, instance_id, ui_cols(u), &rep);
	if (rc) {
		screen_says(u, &rep, rc);
		release(&v->screen);
	} else {
		ui_push(u, &v->screen);
	}
	report_release(&rep);
}
