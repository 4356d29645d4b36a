/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/verify.h"

#include "prompt.h"
#include "text.h"

#define FORM_COLS 20
#define NAME_COLS 18
/* Digits of a number that is asked. */
#define NUMBER_MAX 4

/* The records that wait to be keyed again. */
struct verify {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct verify_row *rows;
	size_t n;
	unsigned sample;
	struct rows marker;
};

static void shown(struct screen *s, struct ui *u)
{
	struct verify *l = (struct verify *)s;
	enum err rc;

	arena_reset(&l->arena);
	l->n = 0;
	l->sample = verify_sample(l->cases);
	rc = verify_list(l->cases, l->sample, &l->arena, &l->rows, &l->n);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&l->marker, l->n);
}

/* ---- drawing */
static struct str state_of(const struct verify_row *r, struct arena *a)
{
	if (r->by.n)
		return arena_printf(a, _("sudah (%.*s)"), STR_ARG(r->by));
	return str_from(r->draft.n ? _("sedang") : _("belum"));
}

static void draw_row(const struct verify *l, struct ui *u, size_t i, int row)
{
	const struct verify_row *r = &l->rows[i];
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(l->cases);

	ui_put(u, row, 3, FORM_COLS - 1, r->title);
	ui_put(u, row, 3 + FORM_COLS, NAME_COLS - 1,
	       r->name.n ? r->name : STR("-"));
	ui_put(u, row, 3 + FORM_COLS + NAME_COLS, -1,
	       arena_printf(a, "%.*s %.*s %.*s  %.*s",
			    STR_ARG(text_date(a, sys, r->at)),
			    STR_ARG(text_time(a, sys, r->at)),
			    STR_ARG(r->worker), STR_ARG(state_of(r, a))));
}

static void draw(struct screen *s, struct ui *u)
{
	struct verify *l = (struct verify *)s;
	size_t end = rows_window(&l->marker, ui_rows(u) - 4);

	ui_title(u, str_from(_("Ketik ulang untuk memeriksa")),
		 arena_printf(ui_scratch(u), _("1 dari %u isian: %zu"),
			      l->sample, l->n));
	if (!l->n)
		ui_puts(u, 2, 3, -1,
			_("Tidak ada isian yang menunggu diperiksa."));
	for (size_t i = l->marker.top; i < end; i++)
		draw_row(l, u, i, 2 + (int)(i - l->marker.top));
	rows_mark(&l->marker, u, 2);
}

/* ---- keys */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct verify *)s)->marker, k);
}

static bool any(const struct screen *s)
{
	return ((const struct verify *)s)->n > 0;
}

static void act_begin(struct screen *s, struct ui *u, const struct binding *b)
{
	struct verify *l = (struct verify *)s;
	struct report rep = { 0 };
	struct str draft = STR("");
	enum err rc;

	(void)b;
	if (l->rows[l->marker.at].by.n) {
		ui_message(u, "%s", _("Isian ini sudah diperiksa"));
		return;
	}
	rc = verify_begin(l->cases, l->rows[l->marker.at].instance_id,
			  ui_scratch(u), &draft, &rep);
	if (rc)
		screen_says(u, &rep, rc);
	else
		entry_resume(u, l->cases, draft);
	report_release(&rep);
}

static void take_sample(struct screen *s, struct ui *u, struct str text)
{
	struct verify *l = (struct verify *)s;
	uint64_t n = 0;
	enum err rc = str_to_u64(text, &n) && n <= VERIFY_SAMPLE_MAX
			      ? verify_set_sample(l->cases, (unsigned)n)
			      : ERR_INVALID;

	if (rc == ERR_INVALID)
		ui_message(u, _("Ketik angka 1 sampai %d"), VERIFY_SAMPLE_MAX);
	else if (rc)
		ui_message(u, "%s", text_error(rc));
	shown(s, u);
}

static void act_sample(struct screen *s, struct ui *u, const struct binding *b)
{
	struct verify *l = (struct verify *)s;
	struct prompt p = { .owner = s,
			    .label = _("Periksa satu dari berapa isian"),
			    .max = NUMBER_MAX,
			    .take = take_sample };

	(void)b;
	p.start = arena_printf(ui_scratch(u), "%u", l->sample);
	prompt_open(u, &p);
}

static void help(struct screen *s, struct ui *u, struct buf *out)
{
	(void)s;
	(void)u;
	buf_adds(out,
		 _("Isian diketik sekali lagi dari kertasnya; yang dulu tidak "
		   "tampak.\nBila berbeda, ketik sekali lagi: yang dua kali "
		   "sama yang berlaku.\nYang berubah menjadi perbaikan "
		   "isian.\n\n"));
}

static void release(struct screen *s)
{
	struct verify *l = (struct verify *)s;

	arena_release(&l->arena);
	free(l);
}

void verify_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("ketik ulang"),
		  N_("ketik ulang isian ini, atau lanjutkan"), act_begin, any,
		  false, NULL },
		{ 'n', 0, N_("satu dari berapa"),
		  N_("berapa banyak yang diperiksa: satu dari N isian"),
		  act_sample, NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Ketik ulang untuk memeriksa"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.help = help,
		.free = release,
	};
	struct verify *l = calloc(1, sizeof(*l));

	if (!l)
		return;
	l->screen.ops = &ops;
	l->screen.bindings = bindings;
	l->cases = c;
	ui_push(u, &l->screen);
}
