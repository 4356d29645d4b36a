/* SPDX-License-Identifier: MIT */
#include "field.h"
#include "open.h"

#include <stdlib.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/session.h"
#include "pilar/vec.h"

#include "text.h"

#define LABEL_COLS 38
/* Headings wait until there is an answer under them; this deep. */
#define HEADINGS 8

struct line {
	struct str label, value;
	bool heading;
};

struct view {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct event event;
	bool editable;     /* an edit of it can be begun */
	struct str edited; /* instanceID of its edit; or empty */
	struct event_remark *remarks;
	size_t n_remarks;
	VEC(struct line) lines;
	struct str waiting[HEADINGS];
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

static void add_headings(struct view *v)
{
	for (size_t i = 0; i < HEADINGS; i++) {
		if (!v->waiting[i].n)
			continue;
		if (v->lines.n)
			add(v, STR(""), STR(""), false);
		add(v, v->waiting[i], STR(""), true);
		v->waiting[i] = STR("");
	}
}

static void heading(struct view *v, struct session *s, const struct step *step)
{
	struct str label = text_plain(
		&v->arena, session_item_label(s, step->item, step->ref));

	if (step->depth >= HEADINGS)
		return;
	for (size_t i = step->depth; i < HEADINGS; i++)
		v->waiting[i] = STR("");
	if (step->kind == STEP_REPEAT && label.n)
		label = arena_printf(&v->arena, "%.*s %zu", STR_ARG(label),
				     step->instance);
	v->waiting[step->depth] = label;
}

/* As a person reads it, dates too. */
static struct str answer_of(struct session *s, const struct step *step,
			    struct arena *a)
{
	enum field_kind kind = field_kind_of(step->item);

	if (kind == FIELD_CODE)
		return session_display(s, step->ref, a);
	return arena_dup(a, field_shown(kind, session_value(s, step->ref), a));
}

/* Below the answer it is on, also where there is none. */
static void add_remarks(struct view *v, struct str path, struct str label,
			int cols)
{
	for (size_t i = 0; i < v->n_remarks; i++) {
		const struct event_remark *r = &v->remarks[i];

		if (!str_eq(r->path, path))
			continue;
		add_headings(v);
		add_answer(v, label,
			   arena_printf(&v->arena, "# %.*s", STR_ARG(r->text)),
			   cols);
		label = STR("");
	}
}

static void add_step(struct view *v, struct session *s, const struct step *step,
		     int cols)
{
	struct arena *a = &v->arena;
	struct str value, label;

	if (step->kind == STEP_PROMPT)
		return;
	if (step->kind != STEP_QUESTION) {
		heading(v, s, step);
		return;
	}
	label = text_plain(a, session_label(s, step->ref));
	value = answer_of(s, step, a);
	if (value.n) {
		add_headings(v);
		add_answer(v, label, value, cols);
		label = STR("");
	}
	add_remarks(v, session_path(s, step->ref, a), label, cols);
}

/* ---- what it changed */
static struct str or_dash(struct str text)
{
	return text.n ? text : STR("-");
}

static void add_changed(struct view *v, const struct entity *e, int cols)
{
	struct prop_change *list = NULL;
	struct arena *a = &v->arena;
	size_t n = 0;

	if (cases_history(v->cases, e, a, &list, &n))
		return; /* the answers are there all the same */
	v->waiting[0] = arena_printf(a, _("Yang berubah pada %.*s"),
				     STR_ARG(cases_title(v->cases, e)));
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(list[i].instance_id, v->event.instance_id))
			continue;
		add_headings(v);
		add_answer(v, text_label(a, list[i].label),
			   arena_printf(a, "%.*s -> %.*s",
					STR_ARG(or_dash(text_told(
						a, list[i].was_text))),
					STR_ARG(or_dash(text_told(
						a, list[i].value_text)))),
			   cols);
	}
}

static void add_all_changed(struct view *v, int cols)
{
	struct entity e;

	for (size_t i = 0; i < HEADINGS; i++)
		v->waiting[i] = STR("");
	for (size_t i = 0; i < v->event.n_touched; i++)
		if (!cases_entity(v->cases, v->event.touched[i].dataset,
				  v->event.touched[i].id, &v->arena, &e))
			add_changed(v, &e, cols);
}

static enum err collect(struct view *v, struct session *s, int cols)
{
	struct arena a = { 0 };
	struct step *steps = NULL;
	size_t n = 0;
	enum err rc = session_walk(s, &a, &steps, &n);

	if (!rc)
		add_remarks(v, session_path(s, session_root(s), &a),
			    str_from(_("Catatan")), cols);
	for (size_t i = 0; !rc && i < n; i++)
		add_step(v, s, &steps[i], cols);
	if (!rc)
		add_all_changed(v, cols);
	rows_set(&v->rows, v->lines.n);
	arena_release(&a);
	return rc;
}

static enum err look_for_edits(struct view *v)
{
	const struct form *f = NULL;
	struct report rep = { 0 };
	enum err rc =
		cases_edited_by(v->cases, &v->event, &v->arena, &v->edited);

	if (rc && rc != ERR_NOTFOUND)
		return rc;
	rc = cases_form(v->cases, v->event.form_id, v->event.form_version, &f,
			&rep);
	v->editable = !rc && !v->edited.n && form_editable(f);
	report_release(&rep);
	return rc;
}

static enum err load(struct view *v, struct str instance_id, int cols,
		     struct report *rep)
{
	struct session *s = NULL;
	enum err rc = cases_event(v->cases, instance_id, &v->arena, &v->event);

	if (!rc)
		rc = cases_remarks(v->cases, instance_id, &v->arena,
				   &v->remarks, &v->n_remarks);
	if (!rc)
		rc = look_for_edits(v);
	if (!rc)
		rc = cases_session(v->cases, v->event.form_id,
				   v->event.form_version, &s, rep);
	if (!rc)
		rc = session_restore(s, v->event.xml, false, rep);
	if (!rc && session_set_language(s, str_from(i18n_lang())))
		rc = ERR_NONE; /* it stays with its own */
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

	if (v->event.deprecated_id.n || v->edited.n)
		ui_puts(u, 1, 1, -1,
			v->edited.n ? _("Isian ini sudah diperbaiki")
				    : _("Perbaikan atas isian sebelumnya"));
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

/* ---- editing the record itself */
static bool can_edit(const struct screen *s)
{
	return ((const struct view *)s)->editable;
}

static bool was_edited(const struct screen *s)
{
	return ((const struct view *)s)->edited.n > 0;
}

static void act_edit(struct screen *s, struct ui *u, const struct binding *b)
{
	struct view *v = (struct view *)s;
	struct cases *c = v->cases;
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct str draft = STR("");
	enum err rc = draft_edit(c, &v->event, STR(""), &a, &draft, &rep);

	(void)b;
	if (rc) {
		screen_says(u, &rep, rc);
	} else {
		ui_pop(u);
		entry_resume(u, c, draft);
		ui_message(u, "%s",
			   _("Perbaikan mengubah isian ini saja; yang lama "
			     "tetap disimpan"));
	}
	report_release(&rep);
	arena_release(&a);
}

static void act_newer(struct screen *s, struct ui *u, const struct binding *b)
{
	struct view *v = (struct view *)s;
	struct arena a = { 0 };
	struct cases *c = v->cases;
	struct str id = arena_dup(&a, v->edited);

	(void)b;
	ui_pop(u);
	view_open(u, c, id);
	arena_release(&a);
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
		{ 'e', 0, N_("perbaiki isian"),
		  N_("perbaiki isian ini sendiri; yang lama tetap disimpan"),
		  act_edit, can_edit, false, NULL },
		{ UI_ENTER, 0, N_("lihat perbaikannya"), NULL, act_newer,
		  was_edited, false, NULL },
		BINDINGS_BACK,
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
