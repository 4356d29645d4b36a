/* SPDX-License-Identifier: MIT */
#include "follow.h"
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/when.h"

#include "text.h"

#define HEAD_ROW 1
#define ROWS_ROW 2
#define ROW_COL  3
/* Widths at 80 columns; more room is shared by the case and its place. */
#define DATE_COLS   12
#define TITLE_COLS  18
#define PLACE_COLS  15
#define REASON_COLS 14
#define DESIGN_COLS 80
/* A place is asked of parents, and of theirs, this far. */
#define PARENTS_MAX 4

/* What is due over all datasets, in the order of its days. */
struct follow {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct due *list;
	size_t n;
	int64_t today;
	struct follow_count count;
	struct rows rows;
};

static int64_t today(struct cases *c)
{
	const struct sys *sys = cases_sys(c);
	struct when w;

	when_local(sys, sys_now(sys), &w);
	return when_days(w.year, w.month, w.day);
}

bool follow_any(struct cases *c)
{
	const struct datasets *all = cases_datasets(c);

	for (size_t i = 0; all && i < datasets_count(all); i++) {
		if (dataset_row(datasets_at(all, i), DATASET_DUE, 0))
			return true;
	}
	return false;
}

enum err follow_count(struct cases *c, struct follow_count *out)
{
	int64_t day = today(c);
	enum err rc;

	*out = (struct follow_count){ .any = follow_any(c) };
	if (!out->any)
		return ERR_NONE;
	rc = cases_due_count(c, INT64_MIN, day - 1, &out->late);
	if (!rc)
		rc = cases_due_count(c, day, day, &out->today);
	if (!rc)
		rc = cases_due_count(c, day + 1, INT64_MAX, &out->later);
	return rc;
}

static void shown(struct screen *s, struct ui *u)
{
	struct follow *f = (struct follow *)s;
	enum err rc;

	arena_reset(&f->arena);
	f->list = NULL;
	f->n = 0;
	f->today = today(f->cases);
	rc = cases_due(f->cases, INT64_MIN, INT64_MAX, &f->arena, &f->list,
		       &f->n);
	if (!rc)
		rc = follow_count(f->cases, &f->count);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&f->rows, f->n);
}

/* ---- drawing */
static const struct dataset *dataset_of(const struct follow *f, struct str name)
{
	const struct datasets *all = cases_datasets(f->cases);

	return all ? datasets_find(all, name) : NULL;
}

static const struct dataset_row *place_row(const struct dataset *d)
{
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(d, DATASET_COLUMN, i)) != NULL; i++)
		if (r->searched == DATASET_PLACE)
			return r;
	return NULL;
}

/* Its own place, else that of the entity it belongs to. */
static struct str place(const struct follow *f, const struct entity *e,
			struct arena *a)
{
	struct entity at = *e;
	struct str text = STR("");

	for (int i = 0; i < PARENTS_MAX; i++) {
		const struct dataset_row *r =
			place_row(dataset_of(f, at.dataset));
		struct entity parent = { 0 };

		if (r && cases_shown(f->cases, &at, r, true, a, &text))
			return STR("?");
		if (r || cases_parent(f->cases, &at, a, &parent))
			return text;
		at = parent;
	}
	return text;
}

static struct str words(int64_t ahead, struct arena *a)
{
	if (ahead < 0)
		return arena_printf(a, _("terlambat %lld hari"),
				    (long long)-ahead);
	if (ahead == 0)
		return str_from(_("hari ini"));
	if (ahead == 1)
		return str_from(_("besok"));
	return arena_printf(a, _("%lld hari lagi"), (long long)ahead);
}

struct columns {
	int title, place, reason, late;
};

static struct columns columns(const struct ui *u)
{
	int more = (ui_cols(u) - DESIGN_COLS) / 2;
	struct columns c;

	c.title = ROW_COL + DATE_COLS;
	c.place = c.title + TITLE_COLS + more;
	c.reason = c.place + PLACE_COLS + more;
	c.late = c.reason + REASON_COLS;
	return c;
}

static void draw_head(struct ui *u, const struct columns *c)
{
	ui_puts(u, HEAD_ROW, ROW_COL, DATE_COLS - 1, _("Tanggal"));
	ui_puts(u, HEAD_ROW, c->title, c->place - c->title - 1, _("Kasus"));
	ui_puts(u, HEAD_ROW, c->place, c->reason - c->place - 1, _("Tempat"));
	ui_puts(u, HEAD_ROW, c->reason, REASON_COLS - 1, _("Untuk"));
	ui_puts(u, HEAD_ROW, c->late, -1, _("Kapan"));
}

static void draw_due(const struct follow *f, struct ui *u,
		     const struct columns *c, size_t i, int row)
{
	const struct due *d = &f->list[i];
	const struct dataset_row *r =
		dataset_row(dataset_of(f, d->dataset), DATASET_DUE, d->row);
	struct arena *a = ui_scratch(u);
	struct entity e = { 0 };

	ui_put(u, row, ROW_COL, DATE_COLS - 1, text_day_short(a, d->day));
	if (cases_entity(f->cases, d->dataset, d->id, a, &e)) {
		ui_puts(u, row, c->title, 1, "?");
	} else {
		ui_put(u, row, c->title, c->place - c->title - 1,
		       cases_title(f->cases, &e));
		ui_put(u, row, c->place, c->reason - c->place - 1,
		       place(f, &e, a));
	}
	if (r)
		ui_put(u, row, c->reason, REASON_COLS - 1, dataset_label(r));
	ui_put(u, row, c->late, -1, words(d->day - f->today, a));
}

static void draw(struct screen *s, struct ui *u)
{
	struct follow *f = (struct follow *)s;
	struct columns c = columns(u);
	struct arena *a = ui_scratch(u);
	size_t end = rows_window(&f->rows, ui_rows(u) - ROWS_ROW - 2);

	ui_title(u, str_from(_("Tindak lanjut")),
		 arena_printf(a,
			      _("terlambat %.*s - hari ini %.*s - nanti %.*s"),
			      STR_ARG(text_count(a, f->count.late)),
			      STR_ARG(text_count(a, f->count.today)),
			      STR_ARG(text_count(a, f->count.later))));
	if (f->n)
		draw_head(u, &c);
	else
		ui_puts(u, ROWS_ROW, ROW_COL, -1,
			_("Tidak ada yang perlu ditindaklanjuti."));
	for (size_t i = f->rows.top; i < end; i++)
		draw_due(f, u, &c, i, ROWS_ROW + (int)(i - f->rows.top));
	rows_mark(&f->rows, u, ROWS_ROW, 1, true);
}

/* ---- keys */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct follow *)s)->rows, k);
}

static const struct due *current(const struct screen *s)
{
	const struct follow *f = (const struct follow *)s;

	return f->rows.at < f->n ? &f->list[f->rows.at] : NULL;
}

static bool any(const struct screen *s)
{
	return current(s) != NULL;
}

static const struct dataset_row *visit_of(const struct screen *s)
{
	const struct follow *f = (const struct follow *)s;
	const struct due *d = current(s);

	return d ? dataset_action(dataset_of(f, d->dataset), "visit", 0) : NULL;
}

static bool visits(const struct screen *s)
{
	return visit_of(s) != NULL;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct due *d = current(s);

	(void)b;
	if (d)
		case_open(u, ((struct follow *)s)->cases, d->dataset, d->id);
}

static void act_visit(struct screen *s, struct ui *u, const struct binding *b)
{
	struct follow *f = (struct follow *)s;
	const struct dataset_row *visit = visit_of(s);
	const struct due *d = current(s);
	struct cases_start how = { .form = { NULL, 0 } };
	struct entity e = { 0 };
	enum err rc;

	(void)b;
	if (!visit || !d)
		return;
	how = (struct cases_start){ .form = visit->name,
				    .dataset = d->dataset,
				    .entity = d->id };
	rc = cases_entity(f->cases, d->dataset, d->id, ui_scratch(u), &e);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		entry_start(u, f->cases, &how, cases_title(f->cases, &e));
}

static void act_find(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	find_open(u, ((struct follow *)s)->cases);
}

static void release(struct screen *s)
{
	struct follow *f = (struct follow *)s;

	arena_release(&f->arena);
	free(f);
}

void follow_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("buka kasus"), NULL, act_open, any, false,
		  NULL },
		{ 'n', 0, N_("kunjungan"),
		  N_("mulai kunjungan atau asesmen untuk kasus ini"), act_visit,
		  visits, false, NULL },
		{ '/', 0, NULL, N_("cari di mana saja"), act_find, NULL, false,
		  NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ UI_ESC, 'q', N_("kembali"), NULL, screen_back, NULL, false,
		  NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Tindak lanjut"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct follow *f = calloc(1, sizeof(*f));

	if (!f)
		return;
	f->screen.ops = &ops;
	f->screen.bindings = bindings;
	f->cases = c;
	ui_push(u, &f->screen);
}
