/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/tally.h"

#include "text.h"

#define FIRST_ROW 3
/* What is looked back on, days. */
#define SPAN_DAYS 30

/* What filling cost, row by row: of a day, a worker or a form. */
struct stats {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct tally *list; /* the last one: all of it */
	size_t n;
	enum tally_by by;
	struct rows rows;
};

static void shown(struct screen *s, struct ui *u)
{
	struct stats *t = (struct stats *)s;
	int64_t today = text_today(cases_sys(t->cases));
	struct tally *all = NULL, *sum;
	size_t n = 0;
	enum err rc;

	arena_reset(&t->arena);
	t->n = 0;
	rc = tally_list(t->cases, today - SPAN_DAYS + 1, today, &t->arena, &all,
			&n);
	t->list = arena_array(&t->arena, n + 1, sizeof(*t->list));
	if (!rc && !t->list)
		rc = ERR_NOMEM;
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	for (size_t i = 0; i < n; i++)
		t->list[i] = all[i];
	t->n = tally_sum(t->list, n, t->by);
	sum = &t->list[t->n];
	if (tally_sum(all, n, TALLY_BY_ALL)) {
		*sum = all[0];
		t->n++;
	}
	rows_set(&t->rows, t->n);
}

/* ---- drawing */
struct column {
	int end; /* its last column is the one before */
	const char *head;
	struct str (*text)(const struct tally *w, struct arena *a);
};

static struct str number(struct arena *a, uint64_t n)
{
	return n ? text_count(a, n) : STR("-");
}

static struct str tenths(struct arena *a, uint64_t n)
{
	return arena_printf(a, "%llu,%llu", (unsigned long long)n / 10,
			    (unsigned long long)n % 10);
}

static struct str forms(const struct tally *w, struct arena *a)
{
	return number(a, w->n[TALLY_FORMS]);
}

static struct str minutes(const struct tally *w, struct arena *a)
{
	uint64_t s = tally_form_seconds(w);

	if (!w->n[TALLY_FORMS])
		return STR("-");
	return arena_printf(a, "%llu.%02llu", (unsigned long long)s / 60,
			    (unsigned long long)s % 60);
}

static struct str hourly(const struct tally *w, struct arena *a)
{
	return number(a, tally_hourly(w));
}

static struct str errors(const struct tally *w, struct arena *a)
{
	return tenths(a, tally_errors(w));
}

/* Second keying: how many questions, whose errors. */
static struct str verified(const struct tally *w, struct arena *a)
{
	if (!w->n[TALLY_FIELDS])
		return STR("-");
	return arena_printf(a, "%llu: %llu/%llu",
			    (unsigned long long)w->n[TALLY_FIELDS],
			    (unsigned long long)w->n[TALLY_KEYER],
			    (unsigned long long)w->n[TALLY_VERIFIER]);
}

static const struct column columns[] = {
	{ 25, N_("isian"), forms },         { 35, N_("mnt/isian"), minutes },
	{ 47, N_("ketikan/jam"), hourly },  { 58, N_("salah/1000"), errors },
	{ 72, N_("verifikasi"), verified },
};

static struct str name_of(const struct stats *t, size_t i, struct arena *a)
{
	const struct tally *w = &t->list[i];

	if (i + 1 == t->n)
		return str_from(_("Semua"));
	if (t->by == TALLY_BY_DAY)
		return text_day_short(a, w->day);
	return t->by == TALLY_BY_WORKER ? w->worker : w->title;
}

static void draw_row(const struct stats *t, struct ui *u, size_t i, int row)
{
	struct arena *a = ui_scratch(u);

	ui_put(u, row, 3, 17, name_of(t, i, a));
	for (size_t k = 0; k < ARRAY_LEN(columns); k++)
		if (columns[k].end < ui_cols(u))
			ui_put_right(u, row, columns[k].end, 13,
				     columns[k].text(&t->list[i], a));
}

static void draw(struct screen *s, struct ui *u)
{
	struct stats *t = (struct stats *)s;
	size_t end = rows_window(&t->rows, ui_rows(u) - FIRST_ROW - 2);

	ui_title(u, str_from(_("Angka kerja")),
		 arena_printf(ui_scratch(u), _("%d hari terakhir"), SPAN_DAYS));
	if (!t->n)
		ui_puts(u, 2, 3, -1, _("Belum ada isian."));
	for (size_t k = 0; t->n && k < ARRAY_LEN(columns); k++)
		if (columns[k].end < ui_cols(u))
			ui_put_right(u, 2, columns[k].end, 13,
				     str_from(_(columns[k].head)));
	for (size_t i = t->rows.top; i < end; i++)
		draw_row(t, u, i, FIRST_ROW + (int)(i - t->rows.top));
	rows_mark(&t->rows, u, FIRST_ROW);
}

/* ---- keys */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct stats *)s)->rows, k);
}

static void act_by(struct screen *s, struct ui *u, const struct binding *b)
{
	struct stats *t = (struct stats *)s;

	(void)b;
	t->by = t->by == TALLY_BY_DAY      ? TALLY_BY_WORKER
		: t->by == TALLY_BY_WORKER ? TALLY_BY_FORM
					   : TALLY_BY_DAY;
	shown(s, u);
}

static void help(struct screen *s, struct ui *u, struct buf *out)
{
	(void)s;
	(void)u;
	buf_adds(out,
		 _("salah/1000: jawaban yang diganti atau ditolak, dari "
		   "seribu ketikan.\nverifikasi: pertanyaan yang diketik "
		   "ulang: salah pengetik/salah pemeriksa.\nJeda lebih dari "
		   "satu menit tidak dihitung.\n\n"));
}

static void release(struct screen *s)
{
	struct stats *t = (struct stats *)s;

	arena_release(&t->arena);
	free(t);
}

void stats_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_TAB, 'g', N_("per hari/petugas/formulir"), NULL, act_by,
		  NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Angka kerja"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.help = help,
		.free = release,
	};
	struct stats *t = calloc(1, sizeof(*t));

	if (!t)
		return;
	t->screen.ops = &ops;
	t->screen.bindings = bindings;
	t->cases = c;
	ui_push(u, &t->screen);
}
