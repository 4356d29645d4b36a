/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/screens.h"

#include "since.h"
#include "text.h"

#define FORM_COLS    22
#define TITLE_COLS   18
#define NARROW_COLS  72 /* below it: */
#define NARROW_FORM  14
#define NARROW_TITLE 14
#define DAY_CHARS    6 /* "22 Nov" without its year */

struct drafts {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct draft_row *list;
	size_t n;
	struct rows rows;
	struct since since;
	struct arena names;
	struct str doomed; /* id of the one that is asked about */
};

/* The marker stays on its draft, whatever came in above. */
static void shown(struct screen *s, struct ui *u)
{
	struct drafts *d = (struct drafts *)s;
	struct str id = STR("");
	enum err rc;

	since_any(&d->since, d->cases);
	if (d->rows.at < d->n)
		id = arena_dup(ui_scratch(u), d->list[d->rows.at].id);
	arena_reset(&d->arena);
	d->list = NULL;
	d->n = 0;
	rc = draft_list(d->cases, &d->arena, &d->list, &d->n);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&d->rows, d->n);
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->list[i].id, id))
			d->rows.at = i;
}

static struct str when_of(const struct drafts *d, const struct draft_row *r,
			  bool narrow, struct arena *a)
{
	const struct sys *sys = cases_sys(d->cases);
	struct str date = text_date(a, sys, r->at);

	if (narrow)
		date = str_sub(date, 0, DAY_CHARS);
	return arena_printf(a, "%.*s %.*s", STR_ARG(date),
			    STR_ARG(text_time(a, sys, r->at)));
}

/* How far, when, and whose where it is another's. */
static struct str rest_of(const struct drafts *d, const struct draft_row *r,
			  bool narrow, struct arena *a)
{
	bool mine = str_eq(r->worker, cases_worker(d->cases)->code);
	struct str when = when_of(d, r, narrow, a);
	struct str far = arena_printf(a, _("%u isian"), (unsigned)r->answered);
	struct str first = narrow ? when : far;
	struct str then = narrow ? far : when;

	if (narrow && !mine)
		then = r->worker;
	return arena_printf(a, "%.*s  %.*s%s%.*s%s", STR_ARG(first),
			    STR_ARG(then), narrow || mine ? "" : "  ",
			    STR_ARG(narrow || mine ? STR("") : r->worker),
			    r->held ? _("  dibuka") : "");
}

static void draw_row(const struct drafts *d, struct ui *u, size_t i, int row)
{
	const struct draft_row *r = &d->list[i];
	bool narrow = ui_cols(u) < NARROW_COLS;
	int form = narrow ? NARROW_FORM : FORM_COLS;
	int title = narrow ? NARROW_TITLE : TITLE_COLS;

	ui_put(u, row, 3, form - 1, r->form_title);
	ui_put(u, row, 3 + form, title - 1, r->title.n ? r->title : STR("-"));
	ui_put(u, row, 3 + form + title, -1,
	       rest_of(d, r, narrow, ui_scratch(u)));
}

static void draw(struct screen *s, struct ui *u)
{
	struct drafts *d = (struct drafts *)s;
	size_t end;

	/* What others have saved meanwhile. */
	if (since_any(&d->since, d->cases))
		shown(s, u);
	end = rows_window(&d->rows, ui_rows(u) - 4);

	ui_title(u, str_from(_("Draf")), text_count(ui_scratch(u), d->n));
	if (!d->n)
		ui_puts(u, 2, 3, -1, _("Tidak ada draf."));
	for (size_t i = d->rows.top; i < end; i++)
		draw_row(d, u, i, 2 + (int)(i - d->rows.top));
	rows_mark(&d->rows, u, 2);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct drafts *)s)->rows, k);
}

static bool any(const struct screen *s)
{
	return ((const struct drafts *)s)->n > 0;
}

static void act_resume(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct drafts *d = (const struct drafts *)s;

	(void)b;
	entry_resume(u, d->cases, d->list[d->rows.at].id);
}

static void delete_now(struct screen *owner, struct ui *u, void *arg)
{
	struct drafts *d = (struct drafts *)owner;
	enum err rc = draft_delete(d->cases, d->doomed);
	struct str said = str_from(_("Draf dihapus"));

	(void)arg;
	if (rc)
		said = text_unsaved(ui_scratch(u), d->cases, STORE_DRAFTS, rc);
	ui_message(u, "%.*s", STR_ARG(said));
}

static void act_delete(struct screen *s, struct ui *u, const struct binding *b)
{
	struct drafts *d = (struct drafts *)s;
	const struct draft_row *r = &d->list[d->rows.at];
	struct ask ask = { .owner = s, .yes = delete_now };

	(void)b;
	arena_reset(&d->names);
	d->doomed = arena_dup(&d->names, r->id);
	ui_ask(u, &ask, _("Hapus draf %.*s%s%.*s (%u isian)?"),
	       STR_ARG(r->form_title), r->title.n ? " - " : "",
	       STR_ARG(r->title), (unsigned)r->answered);
}

static void act_undo(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	undo_ask(u, ((struct drafts *)s)->cases);
}

static void release(struct screen *s)
{
	struct drafts *d = (struct drafts *)s;

	arena_release(&d->arena);
	arena_release(&d->names);
	free(d);
}

void drafts_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("lanjutkan"), N_("lanjutkan mengisi"),
		  act_resume, any, false, NULL },
		{ 'x', UI_DELETE, N_("hapus"), N_("hapus draf ini"), act_delete,
		  any, false, NULL },
		{ 'z', 0, N_("tarik isian"),
		  N_("tarik kembali isian terakhir yang belum diekspor"),
		  act_undo, NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Draf"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct drafts *d = calloc(1, sizeof(*d));

	if (!d)
		return;
	d->screen.ops = &ops;
	d->screen.bindings = bindings;
	d->cases = c;
	ui_push(u, &d->screen);
}

void screens_draft(struct ui *u, struct cases *c, struct str draft)
{
	entry_resume(u, c, draft);
}
