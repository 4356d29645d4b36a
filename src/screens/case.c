/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "table.h"
#include "text.h"

#define ACTIONS    16
#define ROW_COL    3
#define WHEN_COLS  14
#define FORM_COLS  26
#define WHO_COLS   16
#define DETAIL_MAX 12

enum line_kind { LINE_BLANK, LINE_HEAD, LINE_MEMBER, LINE_EVENT };

struct line {
	enum line_kind kind;
	struct str text;    /* of a head */
	struct str dataset; /* of members */
	const struct entity *member;
	const struct event *event;
};

struct case_screen {
	struct screen screen;
	struct cases *cases;
	struct arena names; /* dataset and id */
	struct str dataset, id;
	struct arena arena; /* what follows, fetched when shown */
	struct entity entity;
	bool there;
	VEC(struct line) lines;
	struct rows rows;
	struct binding bindings[ACTIONS + 8];
};

static const struct dataset *dataset_of(const struct case_screen *v,
					struct str name)
{
	const struct datasets *all = cases_datasets(v->cases);

	return all && name.n ? datasets_find(all, name) : NULL;
}

/* ---- what there is */
static struct line *add_line(struct case_screen *v, enum line_kind kind)
{
	struct line *l = vec_push(&v->lines);

	if (l)
		l->kind = kind;
	return l;
}

static void add_head(struct case_screen *v, struct str text, struct str dataset)
{
	struct line *l;

	if (v->lines.n)
		add_line(v, LINE_BLANK);
	l = add_line(v, LINE_HEAD);
	if (!l)
		return;
	l->text = text;
	l->dataset = dataset;
}

static bool is_parent(const struct dataset *child, struct str parent)
{
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(child, DATASET_PARENT, i)) != NULL;
	     i++) {
		if (str_eq(r->name, parent))
			return true;
	}
	return false;
}

static enum err add_members(struct case_screen *v, const struct dataset *d)
{
	const struct dataset_row *title = dataset_row(d, DATASET_TITLE, 0);
	struct str name = arena_dup(&v->arena, d->name);
	struct entity *list = NULL;
	size_t n = 0;
	enum err rc =
		cases_children(v->cases, d->name, v->id, &v->arena, &list, &n);

	if (rc || !n)
		return rc;
	add_head(v,
		 arena_printf(&v->arena, "%.*s (%zu)",
			      STR_ARG(title ? dataset_label(title) : d->name),
			      n),
		 name);
	for (size_t i = 0; i < n; i++) {
		struct line *l = add_line(v, LINE_MEMBER);

		if (!l)
			return ERR_NOMEM;
		l->member = &list[i];
		l->dataset = name;
	}
	return ERR_NONE;
}

static enum err add_events(struct case_screen *v)
{
	struct event *list = NULL;
	size_t n = 0;
	enum err rc = cases_timeline(v->cases, v->id, &v->arena, &list, &n);

	if (rc || !n)
		return rc;
	add_head(v, str_from(_("Riwayat")), STR(""));
	for (size_t i = 0; i < n; i++) {
		struct line *l = add_line(v, LINE_EVENT);

		if (!l)
			return ERR_NOMEM;
		l->event = &list[i];
	}
	return ERR_NONE;
}

static bool selectable(const struct case_screen *v, size_t i)
{
	return i < v->lines.n && v->lines.at[i].kind >= LINE_MEMBER;
}

/* From a head or a blank to the nearest row that can be opened. */
static void settle_on(struct case_screen *v, bool down)
{
	size_t i = v->rows.at;

	while (i < v->lines.n && !selectable(v, i)) {
		if (!down && i == 0)
			break;
		i = down ? i + 1 : i - 1;
	}
	if (selectable(v, i)) {
		v->rows.at = i;
		return;
	}
	for (i = 0; i < v->lines.n; i++) {
		if (!selectable(v, i))
			continue;
		v->rows.at = i;
		if (!down)
			return;
	}
}

static void shown(struct screen *s, struct ui *u)
{
	struct case_screen *v = (struct case_screen *)s;
	const struct datasets *all = cases_datasets(v->cases);
	enum err rc;

	arena_reset(&v->arena);
	vec_reset(&v->lines);
	rc = cases_entity(v->cases, v->dataset, v->id, &v->arena, &v->entity);
	v->there = !rc;
	for (size_t i = 0; !rc && all && i < datasets_count(all); i++) {
		const struct dataset *d = datasets_at(all, i);

		if (is_parent(d, v->dataset))
			rc = add_members(v, d);
	}
	if (!rc)
		rc = add_events(v);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&v->rows, v->lines.n);
	settle_on(v, true);
}

/* ---- drawing */
/* "Label: value" one after another, wrapped; answers the row below them. */
static int draw_details(const struct case_screen *v, struct ui *u, int row)
{
	const struct dataset *d = dataset_of(v, v->dataset);
	int col = ROW_COL, right = ui_cols(u) - 1;
	bool any = false;

	for (size_t i = 0; i < DETAIL_MAX; i++) {
		const struct dataset_row *r = dataset_row(d, DATASET_DETAIL, i);
		struct str value = STR(""), text;

		if (!r)
			break;
		if (cases_shown(v->cases, &v->entity, r, false, ui_scratch(u),
				&value) ||
		    !value.n)
			continue;
		text = arena_printf(ui_scratch(u), "%.*s: %.*s",
				    STR_ARG(dataset_label(r)), STR_ARG(value));
		if (any && col + ui_width(text) > right) {
			row++;
			col = ROW_COL;
		}
		col += ui_put(u, row, col, -1, text) + 3;
		any = true;
	}
	return any ? row + 1 : row;
}

static void draw_event(const struct case_screen *v, struct ui *u,
		       const struct event *e, int row)
{
	const struct sys *sys = cases_sys(v->cases);
	struct arena *a = ui_scratch(u);
	int col = ROW_COL;

	ui_put(u, row, col, WHEN_COLS - 1, text_date(a, sys, e->at));
	col += WHEN_COLS;
	ui_put(u, row, col, FORM_COLS - 1, e->title);
	col += FORM_COLS;
	ui_put(u, row, col, WHO_COLS - 1, e->worker);
	col += WHO_COLS;
	ui_puts(u, row, col, -1,
		e->exported ? _("sudah diekspor") : _("belum diekspor"));
}

static void draw_line(const struct case_screen *v, struct ui *u,
		      const struct line *l, int row)
{
	struct table_view t;

	table_begin(&t, dataset_of(v, l->dataset), ui_cols(u) - ROW_COL - 1);
	switch (l->kind) {
	case LINE_BLANK:
		break;
	case LINE_HEAD:
		/* the first column's head is the name of the table */
		if (t.n)
			table_head(&t, u, row, ROW_COL);
		ui_blank(u, row, ROW_COL, t.n ? t.widths[0] : 0);
		ui_attr(u, UI_BOLD);
		ui_put(u, row, 1, t.n ? t.widths[0] : -1, l->text);
		ui_attr(u, UI_PLAIN);
		break;
	case LINE_MEMBER:
		table_entity(&t, u, v->cases, l->member, false,
			     (struct ui_box){ .row = row, .col = ROW_COL });
		break;
	case LINE_EVENT:
		draw_event(v, u, l->event, row);
		break;
	}
}

static void draw(struct screen *s, struct ui *u)
{
	struct case_screen *v = (struct case_screen *)s;
	const struct dataset_row *kind =
		dataset_row(dataset_of(v, v->dataset), DATASET_TITLE, 0);
	int top;
	size_t end;

	if (!v->there) {
		ui_title(u, str_from(_("Kasus tidak ditemukan")), STR(""));
		return;
	}
	ui_title(u, cases_title(v->cases, &v->entity),
		 v->entity.closed ? str_from(_("ditutup"))
		 : kind           ? dataset_label(kind)
				  : STR(""));
	top = draw_details(v, u, 1) + 1;
	end = rows_window(&v->rows, ui_rows(u) - top - 2);
	for (size_t i = v->rows.top; i < end; i++)
		draw_line(v, u, &v->lines.at[i], top + (int)(i - v->rows.top));
	rows_mark(&v->rows, u, top, 1, selectable(v, v->rows.at));
}

/* ---- keys */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct case_screen *v = (struct case_screen *)s;
	size_t was = v->rows.at;

	(void)u;
	if (!rows_key(&v->rows, k))
		return false;
	settle_on(v, v->rows.at > was || k.code == UI_DOWN ||
			     k.code == UI_PGDN || k.code == UI_HOME);
	return true;
}

static const struct line *current(const struct screen *s)
{
	const struct case_screen *v = (const struct case_screen *)s;

	return selectable(v, v->rows.at) ? &v->lines.at[v->rows.at] : NULL;
}

static bool on_event(const struct screen *s)
{
	const struct line *l = current(s);

	return l && l->kind == LINE_EVENT;
}

static bool has_rows(const struct screen *s)
{
	return current(s) != NULL;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;
	const struct line *l = current(s);

	(void)b;
	if (!l)
		return;
	if (l->kind == LINE_MEMBER)
		case_open(u, v->cases, l->dataset, l->member->id);
	else
		view_open(u, v->cases, l->event->instance_id);
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
	if (cases_parent(v->cases, &v->entity, ui_scratch(u), &parent))
		ui_message(u, "%s", text_error(ERR_NOTFOUND));
	else
		case_open(u, v->cases, parent.dataset, parent.id);
}

static void act_find(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	find_open(u, ((struct case_screen *)s)->cases);
}

static void act_form(struct screen *s, struct ui *u, const struct binding *b)
{
	struct case_screen *v = (struct case_screen *)s;
	const struct action *action = b->arg;
	struct cases_start how = { .form = action->form,
				   .dataset = v->dataset,
				   .entity = v->id };

	if (v->there)
		entry_start(u, v->cases, &how,
			    cases_title(v->cases, &v->entity));
}

static void release(struct screen *s)
{
	struct case_screen *v = (struct case_screen *)s;

	vec_release(&v->lines);
	arena_release(&v->arena);
	arena_release(&v->names);
	free(v);
}

static void make_bindings(struct case_screen *v)
{
	static const struct binding fixed[] = {
		{ UI_ENTER, 0, N_("buka"), N_("buka baris ini"), act_open,
		  has_rows, false, NULL },
		{ 'v', 0, N_("lihat isian"),
		  N_("lihat isian yang lampau, tanpa mengubah"), act_open,
		  on_event, false, NULL },
		{ 'i', 0, N_("induk"), N_("buka kasus induknya"), act_parent,
		  has_parent, false, NULL },
		{ '/', 0, NULL, N_("cari di mana saja"), act_find, NULL, false,
		  NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ UI_ESC, 'q', N_("kembali"), NULL, screen_back, NULL, false,
		  NULL },
	};
	struct actions to = { .out = v->bindings,
			      .max = ACTIONS,
			      .act = act_form };

	table_actions(&to, dataset_of(v, v->dataset), &v->names);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		v->bindings[to.n++] = fixed[i];
}

void case_open(struct ui *u, struct cases *c, struct str dataset, struct str id)
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
	v->cases = c;
	v->dataset = arena_dup(&v->names, dataset);
	v->id = arena_dup(&v->names, id);
	make_bindings(v);
	ui_push(u, &v->screen);
	rc = cases_audit(c, AUDIT_OPEN, v->dataset, v->id);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}
