/* SPDX-License-Identifier: MIT */
#include "follow.h"
#include "actions.h"
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

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
	struct actions actions; /* of the row */
	struct binding bindings[ACTIONS_MAX + 8];
};

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
	int64_t day = text_today(cases_sys(c));
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
	ui_put(u, row, c->reason, REASON_COLS - 1,
	       cases_due_label(f->cases, d));
	ui_put(u, row, c->late, -1, text_ahead(a, d->day - f->today));
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
static const struct due *current(const struct screen *s)
{
	const struct follow *f = (const struct follow *)s;

	return f->rows.at < f->n ? &f->list[f->rows.at] : NULL;
}

static bool any(const struct screen *s)
{
	return current(s) != NULL;
}

static bool has_more(const struct screen *s)
{
	return ((const struct follow *)s)->actions.n > ACTIONS_SHOWN;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct due *d = current(s);

	(void)b;
	if (d)
		case_open(u, ((struct follow *)s)->cases, d->dataset, d->id);
}

static void act_form(struct screen *s, struct ui *u, const struct binding *b)
{
	action_start(u, ((struct follow *)s)->cases, b->arg);
}

static void act_more(struct screen *s, struct ui *u, const struct binding *b)
{
	struct follow *f = (struct follow *)s;

	(void)b;
	actions_pick(u, f->cases, &f->actions);
}

static void act_find(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	find_open(u, ((struct follow *)s)->cases);
}

/* The same two keys for every list: visit it, or put it off. */
static void bind_keys(struct follow *f)
{
	static const struct binding first[] = {
		{ UI_ENTER, 0, N_("buka kasus"), NULL, act_open, any, false,
		  NULL },
		{ ACTIONS_KEY, 0, N_("semua"),
		  N_("semua tindakan untuk kasus ini"), act_more, has_more,
		  false, NULL },
	};
	static const struct binding last[] = {
		{ '/', 0, NULL, N_("cari di mana saja"), act_find, NULL, false,
		  NULL },
		BINDINGS_BACK,
	};
	const struct due *d = current(&f->screen);
	struct binding *b = f->bindings;

	actions_reset(&f->actions);
	if (d)
		actions_add(&f->actions, dataset_of(f, d->dataset), d->id);
	actions_rekey(&f->actions, "visit", 'n');
	actions_rekey(&f->actions, "postpone", 'x');
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		*b++ = first[i];
	b += actions_bind(&f->actions, b, act_form);
	for (size_t i = 0; i < ARRAY_LEN(last); i++)
		*b++ = last[i];
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct follow *f = (struct follow *)s;

	(void)u;
	if (!rows_key(&f->rows, k))
		return false;
	bind_keys(f);
	return true;
}

static void shown(struct screen *s, struct ui *u)
{
	struct follow *f = (struct follow *)s;
	enum err rc;

	arena_reset(&f->arena);
	f->list = NULL;
	f->n = 0;
	f->today = text_today(cases_sys(f->cases));
	rc = cases_due(f->cases, INT64_MIN, INT64_MAX, &f->arena, &f->list,
		       &f->n);
	if (!rc)
		rc = follow_count(f->cases, &f->count);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&f->rows, f->n);
	bind_keys(f);
}

static void release(struct screen *s)
{
	struct follow *f = (struct follow *)s;

	actions_release(&f->actions);
	arena_release(&f->arena);
	free(f);
}

void follow_open(struct ui *u, struct cases *c)
{
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
	f->screen.bindings = f->bindings;
	f->cases = c;
	ui_push(u, &f->screen);
}
