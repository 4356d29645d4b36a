/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/search.h"

#include "actions.h"
#include "alike.h"
#include "table.h"
#include "text.h"

/* Hits fetched at once; more when one scrolls to the end of them. */
#define FIRST_HITS 100
#define QUERY_MAX  120
#define LINE_ROW   1
#define ROWS_ROW   3
#define ROW_COL    3
/* While one types, each letter repaints the rows: only the best are shown. */
#define TYPING_ROWS 8
/* Columns when every dataset is searched: which list, then the label. */
#define KIND_COLS 14
/* Least room for who of a case has the words. */
#define CHILD_COLS 18
/* Rows of kind `filter` that are offered, and how wide their list is. */
#define FILTERS_MAX 12
#define FILTER_COLS 54

/*
 * Search as you type over one dataset or over all. The line has the cursor
 * first; Enter and Down go to the rows, where letters are commands.
 */
struct list_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena; /* the name */
	struct str dataset; /* empty: all */
	struct edit query;
	struct arena found;
	struct search_result hits;
	uint64_t txn; /* of the store, when they were found */
	size_t limit;
	struct rows rows;
	bool on_rows;
	bool asking; /* what can be asked is shown until a key changes it */
	struct actions actions;
	struct binding bindings[ACTIONS_MAX + 16];
};

static const struct dataset *dataset_of(const struct list_screen *l)
{
	const struct datasets *all = cases_datasets(l->cases);

	return all && l->dataset.n ? datasets_find(all, l->dataset) : NULL;
}

static void search(struct list_screen *l, struct ui *u)
{
	struct search_query q = { .text = edit_text(&l->query),
				  .dataset = l->dataset,
				  .limit = l->limit };
	enum err rc;

	arena_reset(&l->found);
	l->txn = store_last_txn(cases_store(l->cases), STORE_MAIN);
	rc = cases_search(l->cases, &q, &l->found, &l->hits);
	if (rc && rc != ERR_INVALID)
		ui_message(u, "%s", text_error(rc));
	rows_set(&l->rows, l->hits.n);
}

static void shown(struct screen *s, struct ui *u)
{
	search((struct list_screen *)s, u);
}

/* What others have saved meanwhile; the marker stays on its row. A question
 * to every entity is too much to be asked at each key. */
static void search_again(struct list_screen *l, struct ui *u)
{
	struct str id = STR("");
	struct str text = edit_text(&l->query);

	if (l->txn == store_last_txn(cases_store(l->cases), STORE_MAIN) ||
	    strpbrk(arena_cstr(ui_scratch(u), text), "<>="))
		return;
	if (l->rows.at < l->hits.n)
		id = arena_dup(ui_scratch(u), l->hits.hits[l->rows.at].id);
	search(l, u);
	for (size_t i = 0; i < l->hits.n && l->on_rows; i++)
		if (str_eq(l->hits.hits[i].id, id))
			l->rows.at = i;
}

/* ---- drawing */
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

/* Where nothing is found it may be there to be registered. */
static const struct action *begins_from_none(const struct list_screen *l)
{
	for (size_t i = 0; i < l->actions.n; i++)
		if (action_from_none(&l->actions.list[i]))
			return &l->actions.list[i];
	return NULL;
}

static void draw_none(const struct list_screen *l, struct ui *u)
{
	const struct action *a = begins_from_none(l);

	ui_puts(u, ROWS_ROW, ROW_COL, -1,
		_("Tidak ada yang cocok. Coba lebih sedikit huruf."));
	if (a && a->key)
		ui_put(u, ROWS_ROW + 1, ROW_COL, -1,
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
	const struct dataset *d = dataset_of(l);
	const struct dataset_row *example = example_of(d);
	struct arena *a = ui_scratch(u);
	struct str line, names = names_of(d, a);
	int row = ROWS_ROW;

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
	const struct dataset *d = dataset_of(l);
	struct table_view t;
	size_t end;

	table_begin(&t, d, ui_cols(u) - ROW_COL - 1);
	if (d)
		table_head(&t, u, LINE_ROW + 1, ROW_COL);
	end = rows_window(&l->rows,
			  l->on_rows ? ui_rows(u) - ROWS_ROW - 2 : TYPING_ROWS);
	for (size_t i = l->rows.top; i < end; i++)
		draw_hit(l, u, &t, i, ROWS_ROW + (int)(i - l->rows.top));
	if (!l->on_rows && l->hits.total > TYPING_ROWS)
		ui_put(u, ROWS_ROW + TYPING_ROWS, ROW_COL, -1,
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

static void draw_list(struct list_screen *l, struct ui *u)
{
	const struct dataset *d = dataset_of(l);
	const struct dataset_row *menu = dataset_row(d, DATASET_MENU, 0);

	draw_count(l, u,
		   menu ? dataset_label(menu)
		   : d  ? d->name
			: str_from(_("Cari di mana saja")));
	if (l->asking || l->hits.wrong)
		draw_askable(l, u);
	else
		draw_found(l, u);
	ui_puts(u, LINE_ROW, 1, 1, "/");
	edit_draw(&l->query, u, LINE_ROW, 3, ui_cols(u) - 5);
	rows_mark(&l->rows, u, ROWS_ROW, 1, l->on_rows);
}

/* Rows and numbers of one moment. */
static void draw(struct screen *s, struct ui *u)
{
	struct list_screen *l = (struct list_screen *)s;
	enum err rc;

	search_again(l, u);
	rc = cases_look_begin(l->cases);
	draw_list(l, u);
	if (!rc)
		cases_look_end(l->cases);
}

/* ---- keys */
static void to_rows(struct list_screen *l)
{
	l->on_rows = l->hits.n > 0 || begins_from_none(l) != NULL;
	l->rows.at = l->rows.top = 0;
}

static bool line_key(struct list_screen *l, struct ui *u, struct key k)
{
	enum edit_result r;

	if (k.code == UI_ENTER || k.code == UI_DOWN || k.code == UI_TAB) {
		to_rows(l);
		return true;
	}
	l->asking = false;
	r = edit_key(&l->query, k);
	if (r == EDIT_CHANGED) {
		l->limit = FIRST_HITS;
		l->rows.at = l->rows.top = 0;
		search(l, u);
	}
	return r != EDIT_NOT_TAKEN;
}

static bool rows_mode_key(struct list_screen *l, struct ui *u, struct key k)
{
	if (k.pasted)
		return true;
	if (k.code == '/' || k.code == UI_TAB || k.code == UI_BACKTAB ||
	    (k.code == UI_UP && l->rows.at == 0)) {
		l->on_rows = false;
		l->rows.at = l->rows.top = 0;
		return true;
	}
	if (!rows_key(&l->rows, k))
		return false;
	if (l->rows.at + 1 == l->hits.n &&
	    (l->hits.more || l->hits.n < l->hits.total)) {
		l->limit *= 4;
		search(l, u);
	}
	return true;
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct list_screen *l = (struct list_screen *)s;

	return l->on_rows ? rows_mode_key(l, u, k) : line_key(l, u, k);
}

static const struct hit *current(const struct list_screen *l)
{
	return l->on_rows && l->rows.at < l->hits.n ? &l->hits.hits[l->rows.at]
						    : NULL;
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct list_screen *l = (struct list_screen *)s;
	const struct hit *h = current(l);

	(void)b;
	if (h)
		case_open_on(u, l->cases, h->dataset, h->id, h->child);
}

/* The action is of the row the marker is on. */
static struct action on_row(const struct list_screen *l, struct action a)
{
	const struct hit *h = current(l);

	a.entity = h ? h->id : STR("");
	return a;
}

static void act_form(struct screen *s, struct ui *u, const struct binding *b)
{
	struct list_screen *l = (struct list_screen *)s;
	const struct action *of_dataset = b->arg;
	struct action a = on_row(l, *of_dataset);

	if (!action_from_none(&a) || !cases_count(l->cases, l->dataset)) {
		action_start(u, l->cases, &a);
		return;
	}
	if (str_trim(edit_text(&l->query)).n) {
		alike_open(u, l->cases, &a, edit_text(&l->query));
		return;
	}
	l->on_rows = false;
	ui_message(u,
		   _("cari dulu namanya; bila belum ada, Enter lalu %c "
		     "%.*s"),
		   (int)of_dataset->key, STR_ARG(of_dataset->label));
}

/* ---- questions that datasets.csv knows */
struct filters {
	struct list_screen *list; /* the screen below */
	struct arena arena, typed;
	struct str labels[FILTERS_MAX], folded[FILTERS_MAX];
	struct str queries[FILTERS_MAX];
	size_t found[FILTERS_MAX], n, n_found;
};

static size_t filters_narrow(void *self, struct str typed)
{
	struct filters *f = self;
	struct str folded;

	arena_reset(&f->typed);
	folded = search_fold(&f->typed, str_trim(typed), true);
	f->n_found = 0;
	for (size_t i = 0; i < f->n; i++)
		if (str_find(f->folded[i], folded, 0) != SIZE_MAX)
			f->found[f->n_found++] = i;
	return f->n_found;
}

static void filters_row(void *self, size_t i, struct buf *out)
{
	const struct filters *f = self;

	buf_addstr(out, f->labels[f->found[i]]);
}

/* The question stands in the line: one sees it, and can go on with it. */
static void filters_take(void *self, struct ui *u, size_t i)
{
	struct filters *f = self;
	struct list_screen *l = f->list;

	edit_set(&l->query, f->queries[f->found[i]]);
	l->limit = FIRST_HITS;
	l->rows.at = l->rows.top = 0;
	search(l, u);
	l->on_rows = l->hits.n > 0;
}

static void filters_close(void *self)
{
	struct filters *f = self;

	arena_release(&f->arena);
	arena_release(&f->typed);
	free(f);
}

static void act_filter(struct screen *s, struct ui *u, const struct binding *b)
{
	struct list_screen *l = (struct list_screen *)s;
	struct filters *f = calloc(1, sizeof(*f));
	const struct dataset_row *r;
	struct pick p = {
		.source = { .narrow = filters_narrow,
			    .row = filters_row,
			    .take = filters_take,
			    .close = filters_close,
			    .self = f },
		.title = str_from(_("Saring")),
		.box = { ROWS_ROW, 26, FILTERS_MAX + 2, FILTER_COLS },
	};

	(void)b;
	if (!f)
		return;
	f->list = l;
	while (f->n < FILTERS_MAX &&
	       (r = dataset_row(dataset_of(l), DATASET_FILTER, f->n))) {
		f->labels[f->n] = arena_dup(&f->arena, dataset_label(r));
		f->folded[f->n] =
			search_fold(&f->arena, dataset_label(r), false);
		f->queries[f->n++] = arena_dup(&f->arena, r->value);
	}
	if (ui_pick(u, &p))
		ui_message(u, "%s", text_error(ERR_NOMEM));
}

static bool has_filters(const struct screen *s)
{
	return dataset_row(dataset_of((const struct list_screen *)s),
			   DATASET_FILTER, 0) != NULL;
}

static bool in_one(const struct screen *s)
{
	return dataset_of((const struct list_screen *)s) != NULL;
}

/* Into the line, with what can be asked below it. */
static void act_ask(struct screen *s, struct ui *u, const struct binding *b)
{
	struct list_screen *l = (struct list_screen *)s;

	(void)b;
	(void)u;
	l->on_rows = false;
	l->asking = true;
}

static void act_more(struct screen *s, struct ui *u, const struct binding *b)
{
	struct list_screen *l = (struct list_screen *)s;
	struct actions all = l->actions;

	(void)b;
	for (size_t i = 0; i < all.n; i++)
		if (!action_from_none(&all.list[i]))
			all.list[i] = on_row(l, all.list[i]);
	actions_pick(u, l->cases, &all);
}

static bool has_more(const struct screen *s)
{
	return ((const struct list_screen *)s)->actions.n > ACTIONS_SHOWN;
}

static void act_undo(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	undo_ask(u, ((struct list_screen *)s)->cases);
}

/* ---- opening */
static void bind_keys(struct list_screen *l)
{
	static const struct binding first[] = {
		{ UI_ENTER, UI_DOWN, N_("ke baris"),
		  N_("dari baris cari ke baris hasil"), act_open, NULL, false,
		  NULL },
		{ UI_ENTER, 0, N_("buka"), N_("di baris: buka kasus"), act_open,
		  NULL, true, NULL },
		{ 's', 0, NULL,
		  N_("saring: pertanyaan yang sering, ditulis ke baris cari"),
		  act_filter, has_filters, true, NULL },
		{ '=', 0, NULL,
		  N_("tanya isian: namanya, lalu = < > != .. | atau *"),
		  act_ask, in_one, true, NULL },
		{ ACTIONS_KEY, 0, N_("semua"),
		  N_("semua tindakan untuk kasus ini"), act_more, has_more,
		  true, NULL },
	};
	static const struct binding last[] = {
		{ '/', 0, NULL, N_("kembali ke baris cari"), screen_stay, NULL,
		  true, NULL },
		{ 'z', 0, NULL,
		  N_("tarik kembali isian terakhir yang belum diekspor"),
		  act_undo, NULL, true, NULL },
		{ '~', 0, NULL, N_("di depan baris: namanya mirip, ejaan lain"),
		  screen_stay, NULL, true, NULL },
		{ UI_F1, UI_CTRL('g'), NULL, N_("bantuan"), screen_help, NULL,
		  false, NULL },
		{ UI_ESC, 0, N_("kembali"), NULL, screen_back, NULL, false,
		  NULL },
		BINDING_END,
	};
	struct binding *b = l->bindings;

	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		*b++ = first[i];
	actions_add(&l->actions, dataset_of(l), STR(""));
	for (size_t n = actions_bind(&l->actions, b, act_form); n; n--)
		b++->in_rows = true;
	for (size_t i = 0; i < ARRAY_LEN(last); i++)
		*b++ = last[i];
}

static void release(struct screen *s)
{
	struct list_screen *l = (struct list_screen *)s;

	edit_release(&l->query);
	actions_release(&l->actions);
	arena_release(&l->found);
	arena_release(&l->arena);
	free(l);
}

void list_open(struct ui *u, struct cases *c, struct str dataset)
{
	static const struct screen_ops ops = {
		.title = N_("Mencari"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct list_screen *l = calloc(1, sizeof(*l));

	if (!l)
		return;
	l->screen.ops = &ops;
	l->screen.bindings = l->bindings;
	l->cases = c;
	l->dataset = arena_dup(&l->arena, dataset);
	l->limit = FIRST_HITS;
	edit_init(&l->query, QUERY_MAX);
	bind_keys(l);
	ui_push(u, &l->screen);
}

void find_open(struct ui *u, struct cases *c)
{
	list_open(u, c, STR(""));
}
