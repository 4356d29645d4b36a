/* SPDX-License-Identifier: MIT */
#include "list.h"
#include "open.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "alike.h"
#include "text.h"

/* Hits fetched at once; more when one scrolls to the end of them. */
#define FIRST_HITS 100
#define QUERY_MAX  120
/* A question that every entity is asked takes time: others' records bring it
 * up again for one part in so many of the time at the most. */
#define ASK_SHARE 10
/* Rows of kind `filter` that are offered, and how wide their list is. */
#define FILTERS_MAX 12
#define FILTER_COLS 54

const struct dataset *list_dataset(const struct list_screen *l)
{
	const struct datasets *all = cases_datasets(l->cases);

	return all && l->dataset.n ? datasets_find(all, l->dataset) : NULL;
}

const struct action *list_begins(const struct list_screen *l)
{
	for (size_t i = 0; i < l->actions.n; i++)
		if (action_from_none(&l->actions.list[i]))
			return &l->actions.list[i];
	return NULL;
}

bool list_asks(const struct list_screen *l, struct ui *u)
{
	return strpbrk(arena_cstr(ui_scratch(u), edit_text(&l->query)),
		       "<>=") != NULL;
}

static void search(struct list_screen *l, struct ui *u)
{
	struct search_query q = { .text = edit_text(&l->query),
				  .dataset = l->dataset,
				  .limit = l->limit };
	const struct sys *sys = cases_sys(l->cases);
	int64_t began = sys_now(sys);
	enum err rc;

	arena_reset(&l->found);
	since_records(&l->since, l->cases);
	rc = cases_search(l->cases, &q, &l->found, &l->hits);
	if (!rc && !list_asks(l, u))
		cases_spelled(l->cases, q.text, &l->hits);
	l->answered = sys_now(sys);
	l->took = l->answered - began;
	if (rc && rc != ERR_INVALID)
		ui_message(u, "%s", text_error(rc));
	rows_set(&l->rows, l->hits.n);
}

static void shown(struct screen *s, struct ui *u)
{
	search((struct list_screen *)s, u);
}

/* The clock may have been put back. */
static bool too_soon(const struct list_screen *l)
{
	int64_t past = sys_now(cases_sys(l->cases)) - l->answered;

	return past >= 0 && past < ASK_SHARE * l->took;
}

/* What others have saved meanwhile; the marker stays on its row. */
static void search_again(struct list_screen *l, struct ui *u)
{
	struct str id = STR("");

	if (too_soon(l) || !since_records(&l->since, l->cases))
		return;
	if (l->rows.at < l->hits.n)
		id = arena_dup(ui_scratch(u), l->hits.hits[l->rows.at].id);
	search(l, u);
	for (size_t i = 0; i < l->hits.n && l->on_rows; i++)
		if (str_eq(l->hits.hits[i].id, id))
			l->rows.at = i;
}

/* Rows and numbers of one moment. */
static void draw(struct screen *s, struct ui *u)
{
	struct list_screen *l = (struct list_screen *)s;
	enum err rc;

	search_again(l, u);
	rc = cases_look_begin(l->cases);
	list_draw(l, u);
	if (!rc)
		cases_look_end(l->cases);
}

/* ---- keys */
static void to_rows(struct list_screen *l)
{
	l->on_rows = l->hits.n > 0 || list_begins(l) != NULL;
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

	if (action_from_none(&a))
		a.typed = str_trim(edit_text(&l->query));
	if (!action_from_none(&a) || !cases_count(l->cases, l->dataset)) {
		action_start(u, l->cases, &a);
		return;
	}
	if (a.typed.n) {
		alike_open(u, l->cases, &a);
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
		.box = { LIST_ROWS_ROW, 26, FILTERS_MAX + 2, FILTER_COLS },
	};

	(void)b;
	if (!f)
		return;
	f->list = l;
	while (f->n < FILTERS_MAX &&
	       (r = dataset_row(list_dataset(l), DATASET_FILTER, f->n))) {
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
	return dataset_row(list_dataset((const struct list_screen *)s),
			   DATASET_FILTER, 0) != NULL;
}

static bool in_one(const struct screen *s)
{
	return list_dataset((const struct list_screen *)s) != NULL;
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
	actions_add(&l->actions, list_dataset(l), STR(""));
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
