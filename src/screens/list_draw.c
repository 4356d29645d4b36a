/* SPDX-License-Identifier: MIT */
#include "list.h"

#include "pilar/i18n.h"

#include "table.h"
#include "text.h"

#define ROW_COL 3
/* While one types, each letter repaints the rows: only the best are shown. */
#define TYPING_ROWS 8
/* Columns when every dataset is searched: which list, then the label. */
#define KIND_COLS 14
/* Least room for who of a case has the words. */
#define CHILD_COLS 18

static void draw_count(const struct list_screen *l, struct ui *u,
		       struct str name)
{
	struct arena *a = ui_scratch(u);
	size_t all = 0;
	const struct datasets *ds = cases_datasets(l->cases);

	for (size_t i = 0; ds && i < datasets_count(ds); i++) {
		const struct dataset *d = datasets_at(ds, i);

		if (!l->dataset.n || str_eq(d->name, l->dataset))
			all += cases_count(l->cases, d->name);
	}
	if (!l->query.text.n)
		ui_title(u, name, text_count(a, all));
	else
		ui_title(
			u, name,
			arena_printf(a,
				     l->hits.more
					     ? _("%.*s - lebih dari %.*s cocok")
					     : _("%.*s - %.*s cocok"),
				     STR_ARG(text_count(a, all)),
				     STR_ARG(text_count(a, l->hits.total))));
}

/* "Orang: Umi Aminah": who of it has the words, in place of the columns at the
 * right. */
static void draw_child(const struct list_screen *l, struct ui *u,
		       const struct table_view *t, const struct hit *h,
		       const struct dataset_row *closed, int row)
{
	const struct dataset *d =
		datasets_find(cases_datasets(l->cases), h->child_dataset);
	const struct dataset_row *kind = dataset_row(d, DATASET_TITLE, 0);
	struct arena *a = ui_scratch(u);
	int col = ui_cols(u) / 2, next = ROW_COL + t->widths[0];
	struct entity e = { 0 };

	if (cases_entity(l->cases, h->child_dataset, h->child, a, &e))
		return;
	for (size_t i = 1; i < t->n && next + CHILD_COLS <= ui_cols(u); i++) {
		col = next;
		next += t->widths[i];
	}
	ui_blank(u, row, col, ui_cols(u) - col);
	col += ui_put(u, row, col, -1,
		      arena_printf(a, "%.*s: %.*s",
				   STR_ARG(kind ? dataset_label(kind)
						: h->child_dataset),
				   STR_ARG(cases_title(l->cases, &e))));
	if (closed)
		ui_put(u, row, col, -1,
		       arena_printf(a, ", %.*s",
				    STR_ARG(dataset_label(closed))));
}

/* "Orang  Umi Aminah (41) / Parman Wijaya, meninggal": one of any list. */
static void draw_any(const struct list_screen *l, struct ui *u,
		     const struct entity *e, int row)
{
	const struct dataset_row *title =
		dataset_row(datasets_find(cases_datasets(l->cases), e->dataset),
			    DATASET_TITLE, 0);
	struct str what = e->label.n ? e->label : cases_title(l->cases, e);

	if (title)
		ui_put(u, row, ROW_COL, KIND_COLS - 1, dataset_label(title));
	if (e->closed)
		what = arena_printf(ui_scratch(u), "%.*s, %.*s", STR_ARG(what),
				    STR_ARG(dataset_label(e->closed)));
	ui_put(u, row, ROW_COL + KIND_COLS, -1, what);
}

static void draw_hit(const struct list_screen *l, struct ui *u,
		     const struct table_view *t, size_t i, int row)
{
	const struct hit *h = &l->hits.hits[i];
	struct entity e = { 0 };

	if (cases_entity(l->cases, h->dataset, h->id, ui_scratch(u), &e)) {
		ui_puts(u, row, ROW_COL, -1, "?");
		return;
	}
	if (h->how == HIT_SIMILAR)
		ui_puts(u, row, ROW_COL - 1, 1, "~");
	if (!t->dataset) {
		draw_any(l, u, &e, row);
		return;
	}
	table_entity(t, u, l->cases, &e, true,
		     (struct ui_box){ .row = row, .col = ROW_COL });
	if (h->child.n)
		draw_child(l, u, t, h, e.closed, row);
}

static void draw_none(const struct list_screen *l, struct ui *u)
{
	const struct action *a = list_begins(l);
	bool asks = list_asks(l, u);

	ui_puts(u, LIST_ROWS_ROW, ROW_COL, -1,
		asks ? _("Tidak ada yang cocok.")
		     : _("Tidak ada yang cocok. Coba lebih sedikit huruf."));
	if (a && a->key && !asks)
		ui_put(u, LIST_ROWS_ROW + 1, ROW_COL, -1,
		       arena_printf(ui_scratch(u),
				    l->on_rows ? _("Belum tercatat? %c %.*s")
					       : _("Belum tercatat? Enter, "
						   "lalu %c %.*s"),
				    (int)a->key, STR_ARG(a->label)));
}

/* "nama kk desa": what can be asked for, each once. */
static struct str names_of(const struct dataset *d, struct arena *a)
{
	static const enum dataset_kind kinds[] = { DATASET_COLUMN,
						   DATASET_DETAIL };
	const struct dataset_row *r;
	struct str out = STR("");

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (size_t i = 0; (r = dataset_row(d, kinds[k], i)); i++)
			if (!k || !dataset_named(d, kinds[0], r->name))
				out = arena_printf(
					a, "%.*s%s%.*s", STR_ARG(out),
					out.n ? " " : "", STR_ARG(r->name));
	return out;
}

static const struct dataset_row *example_of(const struct dataset *d)
{
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(d, DATASET_FILTER, i)); i++)
		if (str_find(r->value, STR(".."), 0) != SIZE_MAX)
			break;
	return r;
}

/* What can be asked of properties, and why what was cannot be. */
static void draw_askable(const struct list_screen *l, struct ui *u)
{
	const struct dataset *d = list_dataset(l);
	const struct dataset_row *example = example_of(d);
	struct arena *a = ui_scratch(u);
	struct str line, names = names_of(d, a);
	int row = LIST_ROWS_ROW;

	if (l->hits.wrong)
		ui_put(u, row++, ROW_COL, -1,
		       arena_printf(a, "%.*s: %s", STR_ARG(l->hits.what),
				    search_wrong(l->hits.wrong)));
	if (names.n)
		names = arena_printf(a, _("Yang bisa ditanya: %.*s"),
				     STR_ARG(names));
	while (ui_wrap(&names, ui_cols(u) - ROW_COL - 1, &line))
		ui_put(u, row++, ROW_COL, -1, line);
	if (example)
		ui_put(u, row, ROW_COL, -1,
		       arena_printf(a, _("Contoh: %.*s"),
				    STR_ARG(example->value)));
}

/* The rows, or what is to be said where there are none. */
static void draw_found(struct list_screen *l, struct ui *u)
{
	const struct dataset *d = list_dataset(l);
	struct table_view t;
	size_t end;

	table_begin(&t, d, ui_cols(u) - ROW_COL - 1);
	if (d)
		table_head(&t, u, LIST_LINE_ROW + 1, ROW_COL);
	end = rows_window(&l->rows, l->on_rows ? ui_rows(u) - LIST_ROWS_ROW - 2
					       : TYPING_ROWS);
	for (size_t i = l->rows.top; i < end; i++)
		draw_hit(l, u, &t, i, LIST_ROWS_ROW + (int)(i - l->rows.top));
	if (!l->on_rows && l->hits.total > TYPING_ROWS)
		ui_put(u, LIST_ROWS_ROW + TYPING_ROWS, ROW_COL, -1,
		       arena_printf(ui_scratch(u),
				    l->hits.more
					    ? _("... dan lebih dari %.*s lagi")
					    : _("... dan %.*s lagi"),
				    STR_ARG(text_count(ui_scratch(u),
						       l->hits.total -
							       TYPING_ROWS))));
	if (!l->hits.n && l->query.text.n)
		draw_none(l, u);
}

void list_draw(struct list_screen *l, struct ui *u)
{
	const struct dataset *d = list_dataset(l);
	const struct dataset_row *menu = dataset_row(d, DATASET_MENU, 0);

	draw_count(l, u,
		   menu ? dataset_label(menu)
		   : d  ? d->name
			: str_from(_("Cari di mana saja")));
	if (l->asking || l->hits.wrong)
		draw_askable(l, u);
	else
		draw_found(l, u);
	ui_puts(u, LIST_LINE_ROW, 1, 1, "/");
	edit_draw(&l->query, u, LIST_LINE_ROW, 3, ui_cols(u) - 5);
	if (l->on_rows)
		rows_mark(&l->rows, u, LIST_ROWS_ROW);
}
