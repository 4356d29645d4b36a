/* SPDX-License-Identifier: MIT */
#include "alike_look.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/search.h"

#include "open.h"
#include "pair.h"
#include "prompt.h"
#include "table.h"
#include "text.h"

#define HEAD_ROW   2
#define ROWS_ROW   3
#define ROWS_LEAST 3
#define WHY_COL    3
#define WHY_COLS   24
/* Bytes of the reason why it is another one all the same. */
#define REASON_MAX 200

static const struct alike_row *current(const struct alike_screen *s)
{
	return s->rows.at < s->n ? &s->list[s->rows.at] : NULL;
}

/* ---- the two that are compared */
/* Why the two may be one; empty: nothing says so. */
static struct str why_both(struct alike_screen *s, const struct entity *x,
			   struct str id)
{
	struct alike *near = NULL;
	size_t n = 0;

	if (cases_alike(s->cases, x, &s->arena, &near, &n))
		return STR("");
	for (size_t i = 0; i < n; i++)
		if (str_eq(near[i].id, id))
			return near[i].why;
	return STR("");
}

/* Beside the one of the marker: the one that was marked, else the case, else
 * the first in the list that may be the same. */
static void pair_with(struct alike_screen *s, struct str id, bool sure)
{
	struct str why;

	if (!id.n || str_eq(id, s->left.id))
		return;
	why = why_both(s, &s->left, id);
	if ((!why.n && !sure) ||
	    cases_entity(s->cases, s->dataset, id, &s->arena, &s->right))
		return;
	s->why = why;
}

/* The case one came from stays, else what the marker is on. */
static void order_sides(struct alike_screen *s)
{
	bool from_case = s->self.n && str_eq(s->right.id, s->self);
	struct entity left = s->left;

	if (!s->right.id.n || from_case == s->swapped)
		return;
	s->left = s->right;
	s->right = left;
}

static void compare(struct alike_screen *s)
{
	const struct alike_row *r = current(s);

	s->left = s->right = (struct entity){ .n_props = 0 };
	s->why = STR("");
	if (!r)
		return;
	if (cases_entity(s->cases, r->made ? r->made->dataset : s->dataset,
			 r->id, &s->arena, &s->left))
		return;
	if (r->made) {
		s->right = *r->made;
		s->why = r->why;
		return;
	}
	pair_with(s, s->pinned, true);
	if (!s->right.id.n)
		pair_with(s, s->self, true);
	for (size_t i = 0; i < s->n && !s->right.id.n && !s->self.n; i++)
		pair_with(s, s->list[i].id, false);
	order_sides(s);
}

/* The marker on that one, where it is in the list. */
static void stand_on(struct alike_screen *s, struct str id)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->list[i].id, id))
			s->rows.at = i;
	compare(s);
}

static enum err look(struct alike_screen *s)
{
	enum err rc = ERR_NONE;

	if (!s->entry) {
		arena_reset(&s->arena);
		rc = alike_look(s);
	}
	if (rc)
		s->n = 0;
	rows_set(&s->rows, s->n);
	compare(s);
	return rc;
}

/* ---- drawing */
static struct str whose(const struct alike_screen *s, struct arena *a)
{
	const struct alike_row *r = current(s);
	struct entity e;

	if (s->typed.n)
		return arena_printf(a, _("Akan didaftarkan: %.*s"),
				    STR_ARG(s->typed));
	if (r && r->made)
		return arena_printf(a, _("Belum disimpan: %.*s"),
				    STR_ARG(cases_title(s->cases, r->made)));
	if (cases_entity(s->cases, s->dataset, s->self, a, &e))
		return STR("");
	return arena_printf(a, _("Mungkin sama dengan: %.*s"),
			    STR_ARG(cases_title(s->cases, &e)));
}

static void draw_row(const struct alike_screen *s, struct ui *u, size_t i,
		     int row)
{
	const struct alike_row *r = &s->list[i];
	struct str dataset = r->made ? r->made->dataset : s->dataset;
	struct table_view t;
	struct entity e = { 0 };

	if (str_eq(r->id, s->pinned))
		ui_puts(u, row, WHY_COL - 1, 1, "*");
	ui_put(u, row, WHY_COL, WHY_COLS - 1, r->why);
	table_begin(&t, datasets_find(cases_datasets(s->cases), dataset),
		    ui_cols(u) - WHY_COL - WHY_COLS - 1);
	if (!cases_entity(s->cases, dataset, r->id, ui_scratch(u), &e))
		table_entity(&t, u, s->cases, &e, true,
			     (struct ui_box){ .row = row,
					      .col = WHY_COL + WHY_COLS });
}

/* What does not fit beside the rows is the end of what is compared. */
static int list_height(const struct alike_screen *s, const struct ui *u,
		       size_t compared)
{
	int all = ui_rows(u) - ROWS_ROW - 2;
	int least = s->n < ROWS_LEAST ? (int)s->n : ROWS_LEAST;
	int left = all - (int)compared - 2;

	if (left > (int)s->n)
		left = (int)s->n;
	return left > least ? left : least;
}

static void draw(struct screen *screen, struct ui *u)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	const struct alike_row *r = current(s);
	struct str of = r && r->made ? r->made->dataset : s->dataset;
	struct table_view t;
	struct pair p = { .cases = s->cases,
			  .left = &s->left,
			  .right = s->right.id.n ? &s->right : NULL,
			  .why = s->why,
			  .unsaved = r && r->made };
	size_t end;
	int height;

	pair_load(&p, ui_scratch(u));
	height = list_height(s, u, p.n);
	end = rows_window(&s->rows, height);
	ui_title(u, str_from(_("Mungkin sudah ada")),
		 text_count(ui_scratch(u), s->n));
	ui_put(u, 1, 1, -1, whose(s, ui_scratch(u)));
	table_begin(&t, datasets_find(cases_datasets(s->cases), of),
		    ui_cols(u) - WHY_COL - WHY_COLS - 1);
	table_head(&t, u, HEAD_ROW, WHY_COL + WHY_COLS);
	ui_puts(u, HEAD_ROW, WHY_COL, WHY_COLS - 1, _("Mengapa"));
	for (size_t i = s->rows.top; i < end; i++)
		draw_row(s, u, i, ROWS_ROW + (int)(i - s->rows.top));
	if (r)
		pair_draw(&p, u, ROWS_ROW + height + 1);
	rows_mark(&s->rows, u, ROWS_ROW);
}

/* ---- keys */
static bool key(struct screen *screen, struct ui *u, struct key k)
{
	struct alike_screen *s = (struct alike_screen *)screen;

	(void)u;
	if (!rows_key(&s->rows, k))
		return false;
	compare(s);
	return true;
}

static void act_open(struct screen *screen, struct ui *u,
		     const struct binding *b)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	const struct alike_row *r = current(s);

	(void)b;
	if (r)
		case_open(u, s->cases, r->made ? r->made->dataset : s->dataset,
			  r->id);
}

static bool has_two(const struct screen *screen)
{
	return ((const struct alike_screen *)screen)->right.id.n > 0;
}

static bool may_pin(const struct screen *screen)
{
	const struct alike_screen *s = (const struct alike_screen *)screen;

	return !s->entry && s->n > 1;
}

static bool may_swap(const struct screen *screen)
{
	const struct alike_screen *s = (const struct alike_screen *)screen;

	return !s->entry && s->right.id.n;
}

static bool goes_on(const struct screen *screen)
{
	return !((const struct alike_screen *)screen)->self.n;
}

static bool was_merged(const struct screen *screen)
{
	return ((const struct alike_screen *)screen)->merged.n > 0;
}

static void act_pin(struct screen *screen, struct ui *u,
		    const struct binding *b)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	const struct alike_row *r = current(s);
	struct str id = r ? r->id : STR("");

	(void)u;
	(void)b;
	s->pinned = str_eq(s->pinned, id) ? STR("") : arena_dup(&s->names, id);
	compare(s);
}

static void act_swap(struct screen *screen, struct ui *u,
		     const struct binding *b)
{
	struct alike_screen *s = (struct alike_screen *)screen;

	(void)u;
	(void)b;
	s->swapped = !s->swapped;
	compare(s);
}

/* The form is saved first; what it made is merged then. */
static void merge_made(struct alike_screen *s, struct ui *u)
{
	struct entry *e = s->entry;
	void (*again)(struct screen * owner, struct ui * u) = s->again;

	e->compared = true;
	e->twin_dataset = arena_dup(&e->arena, s->left.dataset);
	e->twin_stays = arena_dup(&e->arena, s->left.id);
	e->twin_goes = arena_dup(&e->arena, s->right.id);
	e->twin_why = arena_dup(&e->arena, s->why);
	ui_pop(u);
	again(ui_top(u), u);
}

static void act_merge(struct screen *screen, struct ui *u,
		      const struct binding *b)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	struct alike_merge m = { .dataset = s->left.dataset,
				 .stays = s->left.id,
				 .goes = s->right.id,
				 .why = s->why };
	enum err rc;

	(void)b;
	if (s->entry) {
		merge_made(s, u);
		return;
	}
	if (!alike_merge(u, s->cases, &m, &s->names, &s->merged))
		return;
	s->pinned = STR("");
	s->swapped = false;
	m.stays = arena_dup(ui_scratch(u), m.stays);
	rc = look(s);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	stand_on(s, m.stays);
	ui_message(u, "%s", _("Digabung. u membatalkan"));
}

static void act_undo(struct screen *screen, struct ui *u,
		     const struct binding *b)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	struct report rep = { 0 };
	enum err rc = cases_undo(s->cases, s->merged, &rep);

	(void)b;
	if (rc) {
		screen_says(u, &rep, rc);
	} else {
		s->merged = STR("");
		rc = look(s);
		ui_message(u, "%s", rc ? text_error(rc) : _("Dipisah lagi"));
	}
	report_release(&rep);
}

/* ---- it is another one all the same */
static void take_reason(struct screen *screen, struct ui *u, struct str reason)
{
	struct alike_screen *s = (struct alike_screen *)screen;
	struct cases *c = s->cases;
	struct action a = s->action;
	struct entry *e = s->entry;
	void (*again)(struct screen * owner, struct ui * u) = s->again;
	struct arena kept = { 0 };

	reason = str_trim(reason);
	if (!reason.n) {
		ui_message(u, "%s", _("tulis alasannya dulu"));
		return;
	}
	reason = arena_printf(&kept,
			      _("Mirip yang sudah ada, tetapi lain: "
				"%.*s"),
			      STR_ARG(reason));
	a.form = arena_dup(&kept, a.form);
	a.dataset = arena_dup(&kept, a.dataset);
	a.typed = arena_dup(&kept, a.typed);
	a.remark = reason;
	ui_pop(u);
	if (e) {
		e->compared =
			!keying_remark_form(&e->keying, e->session, reason);
		entry_keep(e, u, true);
		again(ui_top(u), u);
	} else {
		action_start(u, c, &a);
	}
	arena_release(&kept);
}

static void act_new(struct screen *screen, struct ui *u,
		    const struct binding *b)
{
	const struct prompt p = { .owner = screen,
				  .label = _("Mengapa bukan salah satu dari "
					     "ini?"),
				  .max = REASON_MAX,
				  .take = take_reason };

	(void)b;
	prompt_open(u, &p);
}

/* ---- opening */
static void shown(struct screen *screen, struct ui *u)
{
	enum err rc = look((struct alike_screen *)screen);

	if (rc)
		ui_message(u, "%s", text_error(rc));
}

static void release(struct screen *screen)
{
	struct alike_screen *s = (struct alike_screen *)screen;

	arena_release(&s->made);
	arena_release(&s->arena);
	arena_release(&s->names);
	free(s);
}

static struct alike_screen *alike_new(struct cases *c, struct str dataset)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("buka"), N_("buka kasus itu"), act_open, NULL,
		  false, NULL },
		{ 'l', 0, N_("lanjut, bukan ini"),
		  N_("bukan salah satu dari ini: lanjut dengan alasan"),
		  act_new, goes_on, false, NULL },
		{ 'g', 0, N_("gabung ke kiri"),
		  N_("gabung: yang kiri tetap, yang kanan menunjuk ke sana"),
		  act_merge, has_two, false, NULL },
		{ 't', 0, N_("tukar"),
		  N_("tukar: yang kanan tetap, yang kiri digabung"), act_swap,
		  may_swap, false, NULL },
		{ ' ', 0, N_("tandai"),
		  N_("tandai baris ini untuk dibandingkan dengan yang lain"),
		  act_pin, may_pin, false, NULL },
		{ 'u', 0, N_("batalkan"), N_("batalkan gabungan yang baru"),
		  act_undo, was_merged, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Mungkin sudah ada"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct alike_screen *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->screen.ops = &ops;
	s->screen.bindings = bindings;
	s->cases = c;
	s->dataset = arena_dup(&s->names, dataset);
	return s;
}

/* Where there is nobody it is gone. */
static bool show(struct alike_screen *s, struct ui *u, enum err rc)
{
	if (rc || !s->n) {
		release(&s->screen);
		return false;
	}
	ui_push(u, &s->screen);
	return true;
}

void alike_open(struct ui *u, struct cases *c, const struct action *a)
{
	struct alike_screen *s = alike_new(c, a->dataset);
	enum err rc;

	if (!s)
		return;
	s->typed = arena_dup(&s->names, a->typed);
	s->action = *a;
	s->action.typed = s->typed;
	s->action.form = arena_dup(&s->names, a->form);
	rc = look(s);
	if (show(s, u, rc))
		return;
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		action_start(u, c, a);
}

void alike_case(struct ui *u, struct cases *c, const struct entity *e)
{
	struct alike_screen *s = alike_new(c, e->dataset);
	enum err rc;

	if (!s)
		return;
	s->self = arena_dup(&s->names, e->id);
	rc = look(s);
	if (show(s, u, rc))
		return;
	ui_message(u, "%s",
		   rc ? text_error(rc) : _("Tidak ada yang mungkin kembar"));
}

bool alike_ask(struct entry *e, struct ui *u, const struct submission *sub,
	       void (*again)(struct screen *owner, struct ui *u))
{
	struct alike_screen *s;
	struct twin *twins = NULL;
	size_t n = 0;

	if (e->compared)
		return false;
	s = alike_new(e->cases, STR(""));
	/* Saving does not depend on it. */
	if (!s || cases_twins(e->cases, sub, &s->made, &twins, &n) || !n ||
	    alike_room(s, n)) {
		if (s)
			release(&s->screen);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		s->list[s->n++] =
			(struct alike_row){ twins[i].like.id, twins[i].like.why,
					    &twins[i].made };
	s->entry = e;
	s->again = again;
	ui_push(u, &s->screen);
	return true;
}
