/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "conflict.h"
#include "since.h"
#include "text.h"

#define HEAD_ROW  2
#define ROWS_ROW  3
#define WHAT_COLS 18
#define OF_COLS   16
#define WHEN_COLS 14

/* What others changed without knowing of each other: first what a person has
 * to decide, then what only wants to be seen. */
struct conflicts_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct conflict_at *list;
	size_t n, hard;
	struct rows rows;
	struct since since;
};

/* Puts the hard ones first, else in their order; how many those are. */
static size_t hard_first(struct conflict_at *list, size_t n)
{
	size_t hard = 0;

	for (size_t i = 0; i < n; i++) {
		struct conflict_at one = list[i];

		if (!one.hard)
			continue;
		for (size_t k = i; k > hard; k--)
			list[k] = list[k - 1];
		list[hard++] = one;
	}
	return hard;
}

size_t conflicts_count(struct cases *c, struct arena *a)
{
	struct conflict_at *list = NULL;
	size_t n = 0;

	if (cases_conflicts(c, a, &list, &n))
		return 0;
	return hard_first(list, n);
}

static void shown(struct screen *s, struct ui *u)
{
	struct conflicts_screen *v = (struct conflicts_screen *)s;
	struct str id = STR("");
	enum err rc;

	since_records(&v->since, v->cases);
	if (v->rows.at < v->n)
		id = arena_dup(ui_scratch(u), v->list[v->rows.at].id);
	arena_reset(&v->arena);
	v->n = v->hard = 0;
	rc = cases_conflicts(v->cases, &v->arena, &v->list, &v->n);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		v->hard = hard_first(v->list, v->n);
	rows_set(&v->rows, v->n);
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->list[i].id, id))
			v->rows.at = i;
}

/* ---- drawing */
static void draw_row(const struct conflicts_screen *v, struct ui *u,
		     const struct conflict_at *at, int row)
{
	const struct dataset *d =
		datasets_find(cases_datasets(v->cases), at->dataset);
	const struct dataset_row *title = dataset_row(d, DATASET_TITLE, 0);
	struct arena *a = ui_scratch(u);
	struct entity e = { 0 };
	int col = 3;

	ui_puts(u, row, col, WHAT_COLS - 1,
		at->hard ? _("isi berbeda") : _("perlu dilihat"));
	col += WHAT_COLS;
	ui_put(u, row, col, OF_COLS - 1,
	       title ? dataset_label(title) : at->dataset);
	col += OF_COLS;
	if (cases_entity(v->cases, at->dataset, at->id, a, &e)) {
		ui_puts(u, row, col, -1, "?");
		return;
	}
	ui_put(u, row, col, WHEN_COLS - 1,
	       text_date(a, cases_sys(v->cases), e.changed_at));
	col += WHEN_COLS;
	ui_put(u, row, col, -1, cases_title(v->cases, &e));
}

static void draw(struct screen *s, struct ui *u)
{
	struct conflicts_screen *v = (struct conflicts_screen *)s;
	struct arena *a = ui_scratch(u);
	size_t end;

	/* What others have saved meanwhile. */
	if (since_records(&v->since, v->cases))
		shown(s, u);
	end = rows_window(&v->rows, ui_rows(u) - ROWS_ROW - 2);
	ui_title(u, str_from(_("Konflik")),
		 arena_printf(a, _("%zu harus diputuskan"), v->hard));
	if (!v->n)
		ui_puts(u, HEAD_ROW, 3, -1,
			_("Tidak ada data yang diubah bersamaan."));
	else
		ui_puts(u, HEAD_ROW, 3, -1,
			_("Apa               Daftar          Terakhir      "
			  "Kasus"));
	for (size_t i = v->rows.top; i < end; i++)
		draw_row(v, u, &v->list[i], ROWS_ROW + (int)(i - v->rows.top));
	rows_mark(&v->rows, u, ROWS_ROW);
}

static void help(struct screen *s, struct ui *u, struct buf *out)
{
	(void)s;
	(void)u;
	buf_adds(out,
		 _("Dua petugas mengubah data yang sama tanpa saling tahu. "
		   "\"Isi berbeda\": satu isian mendapat dua nilai, dan "
		   "seseorang harus memutuskan. \"Perlu dilihat\": semua "
		   "perubahan berlaku, lihat apakah cocok."));
}

/* ---- keys */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct conflicts_screen *)s)->rows, k);
}

static bool any(const struct screen *s)
{
	return ((const struct conflicts_screen *)s)->n > 0;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflicts_screen *v = (struct conflicts_screen *)s;
	const struct conflict_at *at = &v->list[v->rows.at];

	(void)b;
	conflict_open(u, v->cases, at->dataset, at->id);
}

static void act_case(struct screen *s, struct ui *u, const struct binding *b)
{
	struct conflicts_screen *v = (struct conflicts_screen *)s;
	const struct conflict_at *at = &v->list[v->rows.at];

	(void)b;
	case_open(u, v->cases, at->dataset, at->id);
}

static void release(struct screen *s)
{
	struct conflicts_screen *v = (struct conflicts_screen *)s;

	arena_release(&v->arena);
	free(v);
}

void conflicts_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("bandingkan"),
		  N_("kedua isian berdampingan, lalu putuskan"), act_open, any,
		  false, NULL },
		{ 'k', 0, N_("buka kasus"), NULL, act_case, any, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Konflik"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.help = help,
		.free = release,
	};
	struct conflicts_screen *v = calloc(1, sizeof(*v));

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = bindings;
	v->cases = c;
	ui_push(u, &v->screen);
}
