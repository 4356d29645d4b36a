/* SPDX-License-Identifier: MIT */
#include "follow.h"
#include "actions.h"
#include "open.h"

#include <stdlib.h>

#include "pilar/agenda.h"
#include "pilar/i18n.h"

#include "since.h"
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
#define NARROW_COLS 72
/* What is due over all datasets, by day or by place. */
struct follow {
	struct screen screen;
	struct cases *cases;
	struct arena arena, names;
	struct agenda_row *list;
	size_t n;
	bool by_place;
	bool here; /* only what is in one place, `where` */
	struct str where;
	int64_t today;
	struct follow_count count;
	struct since since;
	struct rows rows;
	struct actions actions; /* of the row */
	struct binding bindings[ACTIONS_MAX + 12];
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
	size_t late = 0, today = 0;
	enum err rc;

	*out = (struct follow_count){ .any = follow_any(c) };
	if (!out->any)
		return ERR_NONE;
	rc = cases_due_count(c, INT64_MIN, day - 1, &out->late);
	if (!rc)
		rc = cases_due_count(c, day, day, &out->today);
	if (!rc)
		rc = cases_due_count(c, day + 1, INT64_MAX, &out->later);
	if (!rc)
		rc = agenda_drafts(c, INT64_MIN, day - 1, &late);
	if (!rc)
		rc = agenda_drafts(c, day, day, &today);
	out->late += late;
	out->today += today;
	return rc;
}

/* ---- on the home screen */
enum err follow_next(struct cases *c, struct arena *a, struct follow_next *out)
{
	int64_t today = text_today(cases_sys(c));
	struct due *due = NULL;
	size_t n = 0;
	enum err rc = cases_due(c, today, today + FOLLOW_DAYS - 1, a, &due, &n);

	out->n = 0;
	for (size_t i = 0; !rc && i < n && i < FOLLOW_NEXT; i++) {
		out->rows[i] = agenda_of_due(c, &due[i], a);
		rc = agenda_fill(c, &out->rows[i], a);
		out->n += !rc;
	}
	return rc;
}

void follow_next_draw(const struct follow_next *next, struct cases *c,
		      struct ui *u, int row)
{
	struct arena *a = ui_scratch(u);
	int64_t today = text_today(cases_sys(c));

	for (size_t i = 0; i < next->n && row < ui_rows(u) - 2; i++, row++) {
		const struct agenda_row *d = &next->rows[i];

		ui_put(u, row, ROW_COL, DATE_COLS - 1,
		       text_day_short(a, d->day));
		ui_put(u, row, ROW_COL + DATE_COLS, -1,
		       arena_printf(a, "%.*s%s%.*s: %.*s (%.*s)",
				    STR_ARG(d->title), d->place.n ? ", " : "",
				    STR_ARG(d->place), STR_ARG(d->label),
				    STR_ARG(text_ahead(a, d->day - today))));
	}
}

/* ---- drawing */
static const struct dataset *dataset_of(const struct follow *f, struct str name)
{
	const struct datasets *all = cases_datasets(f->cases);

	return all ? datasets_find(all, name) : NULL;
}

/* Where each column stands, by place that one first; how wide two of them are.
 */
struct columns {
	int date, title, place, reason, late;
	int date_cols, title_cols, place_cols;
};

/* On a narrow screen the day is only said as how far it is. */
static struct columns columns(const struct follow *f, const struct ui *u)
{
	int date = ui_cols(u) < NARROW_COLS ? 0 : DATE_COLS;
	int more = (ui_cols(u) - DESIGN_COLS + DATE_COLS - date) / 2;
	struct columns c = { .date = ROW_COL,
			     .date_cols = date - 1,
			     .title_cols = TITLE_COLS + more - 1,
			     .place_cols = PLACE_COLS + more - 1 };

	if (f->by_place) {
		c.place = ROW_COL;
		c.date = c.place + PLACE_COLS + more;
		c.title = c.date + date;
		c.reason = c.title + TITLE_COLS + more;
	} else {
		c.title = ROW_COL + date;
		c.place = c.title + TITLE_COLS + more;
		c.reason = c.place + PLACE_COLS + more;
	}
	c.late = c.reason + REASON_COLS;
	return c;
}

static void draw_head(struct ui *u, const struct columns *c)
{
	if (c->date_cols > 0)
		ui_puts(u, HEAD_ROW, c->date, c->date_cols, _("Tanggal"));
	ui_puts(u, HEAD_ROW, c->title, c->title_cols, _("Kasus"));
	ui_puts(u, HEAD_ROW, c->place, c->place_cols, _("Tempat"));
	ui_puts(u, HEAD_ROW, c->reason, REASON_COLS - 1, _("Untuk"));
	ui_puts(u, HEAD_ROW, c->late, -1, _("Kapan"));
}

static struct str or_dash(struct str text)
{
	return text.n ? text : STR("-");
}

/* A place is said once above those that lie in it. */
static bool says_place(const struct follow *f, size_t i)
{
	return !f->by_place || i == f->rows.top ||
	       !str_eq(f->list[i].place, f->list[i - 1].place);
}

static void draw_due(const struct follow *f, struct ui *u,
		     const struct columns *c, size_t i, int row)
{
	struct agenda_row d = f->list[i];
	struct arena *a = ui_scratch(u);

	if (!f->by_place && agenda_fill(f->cases, &d, a))
		d.title = STR("?");
	if (c->date_cols > 0)
		ui_put(u, row, c->date, c->date_cols, text_day_short(a, d.day));
	ui_put(u, row, c->title, c->title_cols, d.title);
	if (says_place(f, i))
		ui_put(u, row, c->place, c->place_cols,
		       f->by_place ? or_dash(d.place) : d.place);
	ui_put(u, row, c->reason, REASON_COLS - 1, d.label);
	ui_put(u, row, c->late, -1, text_ahead(a, d.day - f->today));
}

/* By place the title counts those of the marker's place. */
static struct str counts(const struct follow *f, struct arena *a)
{
	struct follow_count n = f->count;

	if (f->by_place && f->n) {
		n = (struct follow_count){ .any = true };
		for (size_t i = 0; i < f->n; i++) {
			if (!str_eq(f->list[i].place,
				    f->list[f->rows.at].place))
				continue;
			n.late += f->list[i].day < f->today;
			n.today += f->list[i].day == f->today;
			n.later += f->list[i].day > f->today;
		}
	}
	return arena_printf(a, _("terlambat %.*s - hari ini %.*s - nanti %.*s"),
			    STR_ARG(text_count(a, n.late)),
			    STR_ARG(text_count(a, n.today)),
			    STR_ARG(text_count(a, n.later)));
}

static struct str title_of(const struct follow *f, struct arena *a)
{
	struct str title = str_from(_("Tindak lanjut"));

	if (!f->by_place || !f->n)
		return title;
	return arena_printf(a, "%.*s: %.*s", STR_ARG(title),
			    STR_ARG(or_dash(f->list[f->rows.at].place)));
}

static void shown(struct screen *s, struct ui *u);

static void draw(struct screen *s, struct ui *u)
{
	struct follow *f = (struct follow *)s;
	struct columns c = columns(f, u);
	struct arena *a = ui_scratch(u);
	size_t end;

	/* What others have saved meanwhile. */
	if (since_records(&f->since, f->cases))
		shown(s, u);
	end = rows_window(&f->rows, ui_rows(u) - ROWS_ROW - 2);
	ui_title(u, title_of(f, a), counts(f, a));
	if (f->n)
		draw_head(u, &c);
	else
		ui_puts(u, ROWS_ROW, ROW_COL, -1,
			_("Tidak ada yang perlu ditindaklanjuti."));
	for (size_t i = f->rows.top; i < end; i++)
		draw_due(f, u, &c, i, ROWS_ROW + (int)(i - f->rows.top));
	rows_mark(&f->rows, u, ROWS_ROW);
}

/* ---- keys */
static const struct agenda_row *current(const struct screen *s)
{
	const struct follow *f = (const struct follow *)s;

	return f->rows.at < f->n ? &f->list[f->rows.at] : NULL;
}

static bool on_case(const struct screen *s)
{
	return current(s) && !current(s)->draft.n;
}

static bool on_draft(const struct screen *s)
{
	return current(s) && current(s)->draft.n;
}

static bool by_day(const struct screen *s)
{
	const struct follow *f = (const struct follow *)s;

	return f->n && !f->by_place;
}

static bool by_place(const struct screen *s)
{
	return ((const struct follow *)s)->by_place;
}

static bool in_many(const struct screen *s)
{
	return current(s) && !((const struct follow *)s)->here;
}

static bool in_one(const struct screen *s)
{
	return ((const struct follow *)s)->here;
}

static bool has_more(const struct screen *s)
{
	return ((const struct follow *)s)->actions.n > ACTIONS_SHOWN;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct agenda_row *d = current(s);
	struct cases *c = ((struct follow *)s)->cases;

	(void)b;
	if (d && d->draft.n)
		entry_resume(u, c, d->draft);
	else if (d)
		case_open(u, c, d->dataset, d->id);
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

static void bind_keys(struct follow *f);

/* ---- what is shown, and in which order */
static enum err fill(struct follow *f)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < f->n; i++)
		rc = agenda_fill(f->cases, &f->list[i], &f->arena);
	return rc;
}

static void keep_here(struct follow *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->list[i].place, f->where))
			f->list[kept++] = f->list[i];
	f->n = kept;
}

static enum err load(struct follow *f)
{
	enum err rc;

	arena_reset(&f->arena);
	f->list = NULL;
	f->n = 0;
	f->today = text_today(cases_sys(f->cases));
	rc = cases_agenda(f->cases, INT64_MAX, &f->arena, &f->list, &f->n);
	if (!rc && f->by_place)
		rc = fill(f);
	if (!rc && f->by_place)
		rc = agenda_by_place(f->list, f->n, f->today, &f->arena);
	if (!rc && f->here)
		keep_here(f);
	return rc ? rc : follow_count(f->cases, &f->count);
}

/* Put off to another day it is another row: the next one is marked then. */
static bool same_row(const struct agenda_row *x, const struct agenda_row *y)
{
	return x->day == y->day && str_eq(x->id, y->id) &&
	       str_eq(x->dataset, y->dataset) && str_eq(x->draft, y->draft) &&
	       str_eq(x->label, y->label);
}

/* What the marker is on, as it was before the list is read anew. */
static struct agenda_row marked(const struct follow *f, struct arena *a)
{
	const struct agenda_row *now = current(&f->screen);
	struct agenda_row row = { .day = 0 };

	if (!now)
		return row;
	row.day = now->day;
	row.id = arena_dup(a, now->id);
	row.dataset = arena_dup(a, now->dataset);
	row.draft = arena_dup(a, now->draft);
	row.label = arena_dup(a, now->label);
	return row;
}

static void shown(struct screen *s, struct ui *u)
{
	struct follow *f = (struct follow *)s;
	struct agenda_row was = marked(f, ui_scratch(u));
	enum err rc;

	since_records(&f->since, f->cases);
	rc = load(f);
	/* The last one of this place is done. */
	if (!rc && f->here && !f->n) {
		f->here = false;
		rc = load(f);
	}
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&f->rows, f->n);
	for (size_t i = 0; i < f->n; i++)
		if (same_row(&f->list[i], &was))
			f->rows.at = i;
	bind_keys(f);
}

static void show_from_top(struct follow *f, struct ui *u)
{
	shown(&f->screen, u);
	f->rows.at = f->rows.top = 0;
	bind_keys(f);
}

static void act_order(struct screen *s, struct ui *u, const struct binding *b)
{
	struct follow *f = (struct follow *)s;

	(void)b;
	f->by_place = !f->by_place;
	f->here = false;
	show_from_top(f, u);
}

static void act_here(struct screen *s, struct ui *u, const struct binding *b)
{
	struct follow *f = (struct follow *)s;
	const struct agenda_row *row = current(s);
	struct agenda_row at;

	(void)b;
	if (!row)
		return;
	at = *row;
	if (!f->here && agenda_fill(f->cases, &at, ui_scratch(u)))
		return;
	f->here = !f->here;
	if (f->here)
		f->by_place = true;
	arena_reset(&f->names);
	f->where = arena_dup(&f->names, at.place);
	show_from_top(f, u);
}

/* The same two keys for every list: visit it, or put it off. */
static void bind_keys(struct follow *f)
{
	static const struct binding first[] = {
		{ UI_ENTER, 0, N_("buka kasus"), NULL, act_open, on_case, false,
		  NULL },
		{ UI_ENTER, 0, N_("lanjutkan draf"), NULL, act_open, on_draft,
		  false, NULL },
		{ 'd', 0, N_("per desa"),
		  N_("menurut desa, yang paling banyak jatuh tempo di atas"),
		  act_order, by_day, false, NULL },
		{ 'd', 0, N_("per tanggal"), N_("menurut tanggal"), act_order,
		  by_place, false, NULL },
		{ ACTIONS_KEY, 0, N_("semua"),
		  N_("semua tindakan untuk kasus ini"), act_more, has_more,
		  false, NULL },
	};
	static const struct binding last[] = {
		{ 's', 0, NULL, N_("hanya yang sedesa dengan baris ini"),
		  act_here, in_many, false, NULL },
		{ 's', 0, N_("semua desa"), NULL, act_here, in_one, false,
		  NULL },
		{ '/', 0, NULL, N_("cari di mana saja"), act_find, NULL, false,
		  NULL },
		BINDINGS_BACK,
	};
	const struct agenda_row *d = current(&f->screen);
	struct binding *b = f->bindings;

	actions_reset(&f->actions);
	if (d && !d->draft.n)
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

static void release(struct screen *s)
{
	struct follow *f = (struct follow *)s;

	actions_release(&f->actions);
	arena_release(&f->names);
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
