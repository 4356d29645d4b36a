/* SPDX-License-Identifier: MIT */
#include "case.h"
#include "actions.h"
#include "alike.h"
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "since.h"
#include "table.h"
#include "text.h"

#define ROW_COL    3
#define WHEN_COLS  14
#define WHO_COLS   10
#define MARK_COLS  15
#define WHAT_LEAST 30
#define FOR_COLS   20
#define WHOM_COLS  24
#define AHEAD_COLS 19
#define REMARK_COL 14
/* Below the details at least so many rows are for what belongs to the case. */
#define LEAST_ROWS 7

struct case_screen {
	struct screen screen;
	struct arena names; /* dataset and id */
	struct str dataset, id;
	struct str member;     /* the marker is to stand on it first */
	struct case_view view; /* fetched when shown */
	bool there;
	struct since since; /* it was fetched */
	struct rows rows;
	struct actions actions; /* of the case and of the row */
	struct binding bindings[ACTIONS_MAX + 16];
};

static const struct dataset *dataset_of(const struct case_screen *v,
					struct str name)
{
	return name.n ? datasets_find(cases_datasets(v->view.cases), name)
		      : NULL;
}

static const struct case_line *current(const struct screen *s)
{
	const struct case_screen *v = (const struct case_screen *)s;

	return case_selectable(&v->view, v->rows.at)
		       ? &v->view.lines.at[v->rows.at]
		       : NULL;
}

/* From a head or a blank to the nearest row that can be opened. */
static void settle_on(struct case_screen *v, bool down)
{
	size_t i = v->rows.at, n = v->view.lines.n;

	while (i < n && !case_selectable(&v->view, i)) {
		if (!down && i == 0)
			break;
		i = down ? i + 1 : i - 1;
	}
	if (case_selectable(&v->view, i)) {
		v->rows.at = i;
		return;
	}
	for (i = 0; i < n; i++) {
		if (!case_selectable(&v->view, i))
			continue;
		v->rows.at = i;
		if (!down)
			return;
	}
}

/* ---- drawing */
/* One that is longer than a line goes on below itself. */
static int draw_long(struct ui *u, int row, struct str text)
{
	struct str line;

	while (ui_wrap(&text, ui_cols(u) - ROW_COL - 1, &line))
		ui_put(u, row++, ROW_COL, -1, line);
	return row - 1;
}

/* "Label: value" one after another, wrapped; answers the row below them. */
static int draw_details(const struct case_screen *v, struct ui *u, int row)
{
	const struct dataset *d = dataset_of(v, v->dataset);
	int col = ROW_COL, right = ui_cols(u) - 1;
	const struct dataset_row *r;
	bool any = false;

	for (size_t i = 0; (r = dataset_row(d, DATASET_DETAIL, i)) &&
			   row + LEAST_ROWS < ui_rows(u);
	     i++) {
		struct str value = STR(""), text;

		if (cases_shown(v->view.cases, &v->view.entity, r, false,
				ui_scratch(u), &value) ||
		    !value.n)
			continue;
		text = arena_printf(ui_scratch(u), "%.*s: %.*s",
				    STR_ARG(dataset_label(r)), STR_ARG(value));
		if (any && col + ui_width(text) > right) {
			row++;
			col = ROW_COL;
		}
		any = true;
		if (col + ui_width(text) > right) {
			row = draw_long(u, row, text);
			col = right;
		} else {
			col += ui_put(u, row, col, -1, text) + 3;
		}
	}
	return any ? row + 1 : row;
}

/* "Peristiwa keluarga: Meninggal dunia"; where there is no room for the form
 * only what happened. */
static struct str what_was(const struct case_screen *v, struct arena *a,
			   const struct event *e, int cols)
{
	struct str of = cases_title(v->view.cases, &v->view.entity);
	struct str gist = event_gist(e, of, a);

	if (e->deprecated_id.n)
		return arena_printf(a, _("Perbaikan %.*s"), STR_ARG(e->title));
	if (gist.n && cols < WHAT_LEAST)
		return gist;
	return gist.n ? arena_printf(a, "%.*s: %.*s", STR_ARG(e->title),
				     STR_ARG(gist))
		      : e->title;
}

static void draw_event(const struct case_screen *v, struct ui *u,
		       const struct case_line *l, int row)
{
	const struct sys *sys = cases_sys(v->view.cases);
	const struct event *e = l->event;
	struct arena *a = ui_scratch(u);
	int what = ROW_COL + WHEN_COLS;
	int mark = ui_cols(u) - MARK_COLS, who = mark - WHO_COLS;

	ui_put(u, row, ROW_COL, WHEN_COLS - 1, text_date(a, sys, e->at));
	ui_put(u, row, what, who - what - 1, what_was(v, a, e, who - what - 1));
	ui_put(u, row, who, WHO_COLS - 1, e->worker);
	ui_puts(u, row, mark, -1,
		l->edited     ? _("diperbaiki")
		: e->exported ? _("sudah diekspor")
			      : _("belum diekspor"));
}

static void draw_due(const struct case_screen *v, struct ui *u,
		     const struct case_line *l, int row)
{
	const struct sys *sys = cases_sys(v->view.cases);
	struct arena *a = ui_scratch(u);
	int room = ui_cols(u) - ROW_COL - WHEN_COLS - AHEAD_COLS;
	int what = room / 2 < FOR_COLS ? room / 2 : FOR_COLS;
	int whom = room - what < WHOM_COLS ? room - what : WHOM_COLS;
	int col = ROW_COL;

	ui_put(u, row, col, WHEN_COLS - 1, text_day_short(a, l->day));
	col += WHEN_COLS;
	ui_put(u, row, col, what - 1, l->text);
	col += what;
	ui_put(u, row, col, whom - 1, cases_title(v->view.cases, l->member));
	col += whom;
	ui_put(u, row, col, -1, text_ahead(a, l->day - text_today(sys)));
}

static void draw_line(const struct case_screen *v, struct ui *u,
		      const struct case_line *l, int row)
{
	struct table_view t;

	table_begin(&t, dataset_of(v, l->dataset), ui_cols(u) - ROW_COL - 1);
	switch (l->kind) {
	case CASE_BLANK:
		break;
	case CASE_HEAD:
		/* the first column's head is the name of the table */
		if (t.n)
			table_head(&t, u, row, ROW_COL);
		ui_blank(u, row, ROW_COL, t.n ? t.widths[0] : 0);
		ui_attr(u, UI_BOLD);
		ui_put(u, row, 1, t.n ? t.widths[0] : -1, l->text);
		ui_attr(u, UI_PLAIN);
		break;
	case CASE_REMARK:
		ui_puts(u, row, ROW_COL + REMARK_COL - 2, 1, "#");
		ui_put(u, row, ROW_COL + REMARK_COL, -1, l->text);
		break;
	case CASE_MEMBER:
		table_entity(&t, u, v->view.cases, l->member, false,
			     (struct ui_box){ .row = row, .col = ROW_COL });
		break;
	case CASE_DUE:
		draw_due(v, u, l, row);
		break;
	case CASE_EVENT:
		draw_event(v, u, l, row);
		break;
	}
}

/* What it is, unless there is something to be known before that. */
static struct str state_of(const struct case_screen *v)
{
	const struct dataset_row *kind =
		dataset_row(dataset_of(v, v->dataset), DATASET_TITLE, 0);
	const struct entity *e = &v->view.entity;

	if (e->conflict == CONFLICT_HARD)
		return str_from(_("ISI BERBEDA, putuskan"));
	if (e->closed)
		return dataset_label(e->closed);
	return kind ? dataset_label(kind) : STR("");
}

static void load(struct case_screen *v, struct ui *u);

static void draw(struct screen *s, struct ui *u)
{
	struct case_screen *v = (struct case_screen *)s;
	int top;
	size_t end;

	/* What others have saved meanwhile. */
	if (since_records(&v->since, v->view.cases))
		load(v, u);
	if (!v->there) {
		ui_title(u, str_from(_("Kasus tidak ditemukan")), STR(""));
		return;
	}
	ui_title(u, cases_title(v->view.cases, &v->view.entity), state_of(v));
	top = draw_details(v, u, 1) + 1;
	end = rows_window(&v->rows, ui_rows(u) - top - 2);
	for (size_t i = v->rows.top; i < end; i++)
		draw_line(v, u, &v->view.lines.at[i],
			  top + (int)(i - v->rows.top));
	if (case_selectable(&v->view, v->rows.at))
		rows_mark(&v->rows, u, top);
}

/* ---- keys */
static void act_form(struct screen *s, struct ui *u, const struct binding *b)
{
	action_start(u, ((struct case_screen *)s)->view.cases, b->arg);
}

static void act_more(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;

	(void)b;
	actions_pick(u, v->view.cases, &v->actions);
}

static bool has_more(const struct screen *s)
{
	return ((const struct case_screen *)s)->actions.n > ACTIONS_SHOWN;
}

static bool on_event(const struct screen *s)
{
	const struct case_line *l = current(s);

	return l && l->kind == CASE_EVENT;
}

/* A due line of this very case has nothing further to open. */
static bool can_open(const struct screen *s)
{
	const struct case_screen *v = (const struct case_screen *)s;
	const struct case_line *l = current(s);

	return l && l->member != &v->view.entity;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;
	const struct case_line *l = current(s);

	(void)b;
	if (!l)
		return;
	if (l->kind == CASE_EVENT)
		view_open(u, v->view.cases, l->event->instance_id);
	else
		case_open(u, v->view.cases, l->dataset, l->member->id);
}

static bool has_parent(const struct screen *s)
{
	const struct case_screen *v = (const struct case_screen *)s;

	return dataset_row(dataset_of(v, v->dataset), DATASET_PARENT, 0) !=
	       NULL;
}

static void act_parent(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;
	struct entity parent = { 0 };

	(void)b;
	if (cases_parent(v->view.cases, &v->view.entity, ui_scratch(u),
			 &parent))
		ui_message(u, "%s", text_error(ERR_NOTFOUND));
	else
		case_open(u, v->view.cases, parent.dataset, parent.id);
}

static size_t first_due(const struct case_screen *v)
{
	size_t i = 0;

	while (i < v->view.lines.n && v->view.lines.at[i].kind != CASE_DUE)
		i++;
	return i;
}

static bool has_due(const struct screen *s)
{
	const struct case_screen *v = (const struct case_screen *)s;

	return first_due(v) < v->view.lines.n;
}

static void bind_keys(struct case_screen *v);

static void act_due(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;

	(void)u;
	(void)b;
	v->rows.at = first_due(v);
	bind_keys(v);
}

static void act_find(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	find_open(u, ((struct case_screen *)s)->view.cases);
}

static void act_undo(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	undo_ask(u, ((struct case_screen *)s)->view.cases);
}

static void act_changes(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;

	(void)b;
	changes_open(u, v->view.cases, v->dataset, v->id);
}

static void act_papers(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;

	(void)b;
	if (v->there)
		papers_open(u, v->view.cases, &v->view.entity);
}

static bool compares(const struct screen *s)
{
	const struct case_screen *v = (const struct case_screen *)s;
	const struct dataset *d = dataset_of(v, v->dataset);

	return dataset_row(d, DATASET_ALIKE, 0) ||
	       dataset_row(d, DATASET_UNIQUE, 0);
}

static void act_alike(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;

	(void)b;
	if (v->there)
		alike_case(u, v->view.cases, &v->view.entity);
}

/*
 * What can be done with the case, then with the person of the row: where both
 * have the same key it is the case's, and the row's waits in the list.
 */
static void bind_keys(struct case_screen *v)
{
	static const struct binding first[] = {
		{ UI_ENTER, 0, N_("buka"), N_("buka baris ini"), act_open,
		  can_open, false, NULL },
		{ ACTIONS_KEY, 0, N_("semua"),
		  N_("semua tindakan untuk kasus ini"), act_more, has_more,
		  false, NULL },
	};
	static const struct binding last[] = {
		{ 'v', 0, N_("lihat isian"),
		  N_("lihat isian yang lampau, tanpa mengubah"), act_open,
		  on_event, false, NULL },
		{ 'i', 0, N_("induk"), N_("buka kasus induknya"), act_parent,
		  has_parent, false, NULL },
		{ 't', 0, NULL, N_("ke tindak lanjut kasus ini"), act_due,
		  has_due, false, NULL },
		{ 'l', 0, NULL, N_("lembar cetak: surat dan ringkasan"),
		  act_papers, NULL, false, NULL },
		{ 'w', 0, NULL, N_("siapa mengubah apa"), act_changes, NULL,
		  false, NULL },
		{ 'k', 0, NULL, N_("mungkin kembar: bandingkan dan gabung"),
		  act_alike, compares, false, NULL },
		{ 'z', 0, NULL,
		  N_("tarik kembali isian terakhir yang belum diekspor"),
		  act_undo, NULL, false, NULL },
		{ '/', 0, NULL, N_("cari di mana saja"), act_find, NULL, false,
		  NULL },
		BINDINGS_BACK,
	};
	const struct case_line *l = current(&v->screen);
	struct binding *b = v->bindings;

	actions_reset(&v->actions);
	if (v->there)
		actions_add(&v->actions, dataset_of(v, v->dataset), v->id);
	if (v->there && v->view.entity.conflict == CONFLICT_NONE)
		actions_quiet(&v->actions, "conflict");
	if (v->there && l && l->member)
		actions_add(&v->actions, dataset_of(v, l->dataset),
			    l->member->id);
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		*b++ = first[i];
	b += actions_bind(&v->actions, b, act_form);
	for (size_t i = 0; i < ARRAY_LEN(last); i++)
		*b++ = last[i];
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct case_screen *v = (struct case_screen *)s;
	size_t was = v->rows.at;

	(void)u;
	if (!rows_key(&v->rows, k))
		return false;
	settle_on(v, v->rows.at > was || k.code == UI_DOWN ||
			     k.code == UI_PGDN || k.code == UI_HOME);
	bind_keys(v);
	return true;
}

static struct str id_of(const struct case_line *l)
{
	if (l->kind == CASE_EVENT)
		return l->event->instance_id;
	return l->member ? l->member->id : STR("");
}

/* The marker on the line of that kind and id, where there is one. */
static void stand_on(struct case_screen *v, enum case_kind kind, struct str id)
{
	for (size_t i = 0; i < v->view.lines.n && id.n; i++) {
		const struct case_line *l = &v->view.lines.at[i];

		if (l->kind == kind && str_eq(id_of(l), id)) {
			v->rows.at = i;
			return;
		}
	}
}

/* All of it anew, the marker where it was, whatever came in above. */
static void load(struct case_screen *v, struct ui *u)
{
	const struct case_line *l = v->there ? current(&v->screen) : NULL;
	enum case_kind kind = l ? l->kind : CASE_MEMBER;
	struct str id = arena_dup(ui_scratch(u), l ? id_of(l) : v->member);
	enum err rc;

	since_records(&v->since, v->view.cases);
	v->view.cols = ui_cols(u) - ROW_COL - REMARK_COL - 1;
	rc = case_load(&v->view, v->dataset, v->id);
	v->there = !rc;
	if (rc && rc != ERR_NOTFOUND) /* the title says that */
		ui_message(u, "%s", text_error(rc));
	if (v->there && !str_eq(v->view.entity.id, v->id)) {
		v->id = arena_dup(&v->names, v->view.entity.id);
		ui_message(u, "%s", _("Catatan itu digabung ke kasus ini"));
	}
	rows_set(&v->rows, v->view.lines.n);
	stand_on(v, kind, id);
	settle_on(v, true);
	bind_keys(v);
}

static void shown(struct screen *s, struct ui *u)
{
	load((struct case_screen *)s, u);
}

static void release(struct screen *s)
{
	struct case_screen *v = (struct case_screen *)s;

	case_release(&v->view);
	actions_release(&v->actions);
	arena_release(&v->names);
	free(v);
}

void case_open(struct ui *u, struct cases *c, struct str dataset, struct str id)
{
	case_open_on(u, c, dataset, id, STR(""));
}

void case_open_on(struct ui *u, struct cases *c, struct str dataset,
		  struct str id, struct str member)
{
	static const struct screen_ops ops = {
		.title = N_("Kasus"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct case_screen *v = calloc(1, sizeof(*v));
	enum err rc;

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = v->bindings;
	v->view.cases = c;
	v->dataset = arena_dup(&v->names, dataset);
	v->id = arena_dup(&v->names, id);
	v->member = arena_dup(&v->names, member);
	bind_keys(v);
	ui_push(u, &v->screen);
	rc = cases_audit(c, AUDIT_OPEN, v->dataset, v->id);
	if (rc) {
		struct str why = text_unsaved(ui_scratch(u), c, STORE_MAIN, rc);

		ui_message(u, "%.*s", STR_ARG(why));
	}
}
