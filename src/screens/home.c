/* SPDX-License-Identifier: MIT */
#include "pilar/screens.h"

#include <stdlib.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/search.h"
#include "pilar/sync.h"

#include "conflict.h"
#include "follow.h"
#include "open.h"
#include "since.h"
#include "text.h"

/* Menu rows of datasets.csv and our own; more keys than this there are not. */
#define MENU_MAX 40
#define DAY_MS   ((int64_t)24 * 3600 * 1000)

/* Columns of the drawing. */
#define KEY_COL    3
#define TEXT_COL   6
#define COUNT_COL  36
#define DETAIL_COL 40
#define MENU_COL   33

struct menu_row {
	struct str label, detail;
	struct str dataset; /* of a row from datasets.csv */
};

struct home {
	struct screen screen;
	struct cases *cases;
	struct arena arena; /* of the menu, made when shown */
	struct menu_row menu[MENU_MAX];
	struct binding bindings[MENU_MAX + 8];
	size_t n_menu;
	struct since since;  /* they were counted */
	struct arena counts; /* of what follows */
	struct draft_row *drafts;
	size_t n_drafts;
	struct sync_status sync;
	struct follow_count due;
	struct follow_next next;
	size_t conflicts; /* that a person has to decide */
};

/* ---- what one should know first */
static void draw_count(struct ui *u, int row, const char *label, uint64_t n,
		       struct str detail)
{
	ui_puts(u, row, 3, -1, label);
	ui_put_right(u, row, COUNT_COL, 8, text_count(ui_scratch(u), n));
	ui_put(u, row, DETAIL_COL, -1, detail);
}

static struct str what_is_due(const struct home *h, struct ui *u)
{
	struct arena *a = ui_scratch(u);

	return arena_printf(a, _("hari ini %.*s - terlambat %.*s"),
			    STR_ARG(text_count(a, h->due.today)),
			    STR_ARG(text_count(a, h->due.late)));
}

static struct str last_draft(const struct home *h, struct ui *u)
{
	const struct draft_row *d = h->drafts;
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(h->cases);

	if (!h->n_drafts)
		return STR("");
	return arena_printf(a, _("terakhir %.*s: %.*s%s%.*s"),
			    STR_ARG(text_time(a, sys, d->at)),
			    STR_ARG(d->form_title), d->title.n ? " - " : "",
			    STR_ARG(d->title));
}

static struct str last_export(const struct home *h, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(h->cases);
	int64_t ago;

	if (!h->sync.last_at)
		return str_from(h->sync.waiting ? _("belum pernah ekspor")
						: "");
	ago = (sys_now(sys) - h->sync.last_at) / DAY_MS;
	if (ago < 1)
		return str_from(_("ekspor terakhir hari ini"));
	return arena_printf(
		a, _("ekspor terakhir %.*s (%d hari lalu)"),
		STR_ARG(str_trim(text_date(a, sys, h->sync.last_at))),
		(int)ago);
}

/* ---- drawing */
static void draw_title(const struct home *h, struct ui *u)
{
	const struct worker *w = cases_worker(h->cases);
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(h->cases);
	struct str who = STR("");

	if (w)
		who = arena_printf(a, "%.*s%s%.*s%s%.*s%s", STR_ARG(w->village),
				   w->village.n ? " - " : "", STR_ARG(w->name),
				   w->role.n ? " (" : "", STR_ARG(w->role),
				   w->role.n ? ")" : "");
	ui_title(u, STR("PILAR"), who);
	ui_put(u, 1, 1, -1, text_day(a, sys, sys_now(sys)));
}

static void draw_menu_row(const struct home *h, struct ui *u, size_t i, int row,
			  int col, int cols)
{
	char name[2] = { (char)h->bindings[i].key, '\0' };

	ui_puts(u, row, col, 1, name);
	ui_put(u, row, col + TEXT_COL - KEY_COL, cols - TEXT_COL,
	       h->menu[i].label);
}

/* With what each is for; where there are too few rows, two side by side. The
 * row below it. */
static int draw_menu(const struct home *h, struct ui *u, int row)
{
	int room = ui_rows(u) - 2 - row, half = ui_cols(u) / 2;
	size_t each = (h->n_menu + 1) / 2;

	if ((int)h->n_menu > room) {
		for (size_t i = 0; i < h->n_menu; i++)
			if ((int)(i % each) < room)
				draw_menu_row(h, u, i, row + (int)(i % each),
					      KEY_COL + (int)(i / each) * half,
					      half);
		return row + (int)each;
	}
	for (size_t i = 0; i < h->n_menu; i++, row++) {
		draw_menu_row(h, u, i, row, KEY_COL, MENU_COL - 2);
		ui_put(u, row, MENU_COL, -1,
		       text_parts(ui_scratch(u), h->menu[i].detail,
				  ui_cols(u) - MENU_COL - 1));
	}
	return row;
}

static void shown(struct screen *s, struct ui *u);

static void draw(struct screen *s, struct ui *u)
{
	struct home *h = (struct home *)s;
	int row = 3, first;

	/* What others have saved meanwhile. */
	if (since_any(&h->since, h->cases))
		shown(s, u);
	draw_title(h, u);
	if (h->due.any)
		draw_count(u, row++, _("Tindak lanjut jatuh tempo"),
			   h->due.late + h->due.today, what_is_due(h, u));
	draw_count(u, row++, _("Draf belum selesai"), h->n_drafts,
		   last_draft(h, u));
	draw_count(u, row++, _("Belum diekspor"), h->sync.waiting,
		   last_export(h, u));
	if (h->conflicts)
		draw_count(u, row++, _("Konflik perlu ditinjau"), h->conflicts,
			   str_from(_("! membandingkan")));
	first = ++row;
	row = draw_menu(h, u, row);
	follow_next_draw(&h->next, h->cases, u, row + 1);
	ui_cursor(u, first, KEY_COL);
}

/* ---- keys */
static void act_dataset(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct menu_row *row = b->arg;

	list_open(u, ((struct home *)s)->cases, row->dataset);
}

static void act_new(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	newform_open(u, ((struct home *)s)->cases);
}

static void act_follow(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	follow_open(u, ((struct home *)s)->cases);
}

static void act_drafts(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	drafts_open(u, ((struct home *)s)->cases);
}

static void act_recap(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	recap_open(u, ((struct home *)s)->cases);
}

static void act_sync(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	sync_open(u, ((struct home *)s)->cases);
}

static void act_settings(struct screen *s, struct ui *u,
			 const struct binding *b)
{
	(void)b;
	settings_open(u, ((struct home *)s)->cases);
}

static void act_lock(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	screen_lock(u, ((struct home *)s)->cases);
}

static void act_find(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	find_open(u, ((struct home *)s)->cases);
}

static void act_resume(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct home *h = (const struct home *)s;

	(void)b;
	if (h->n_drafts)
		entry_resume(u, h->cases, h->drafts[0].id);
}

static void act_conflicts(struct screen *s, struct ui *u,
			  const struct binding *b)
{
	(void)b;
	conflicts_open(u, ((struct home *)s)->cases);
}

static bool has_conflicts(const struct screen *s)
{
	return ((const struct home *)s)->conflicts > 0;
}

static bool has_draft(const struct screen *s)
{
	return ((const struct home *)s)->n_drafts > 0;
}

static void act_undo(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	undo_ask(u, ((struct home *)s)->cases);
}

static void act_quit(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_quit(u);
}

/* ---- the menu */
static void add_row(struct home *h, uint32_t key, struct menu_row row,
		    void (*act)(struct screen *, struct ui *,
				const struct binding *))
{
	if (h->n_menu == MENU_MAX)
		return;
	h->menu[h->n_menu] = row;
	h->bindings[h->n_menu] = (struct binding){
		.key = key,
		.help = arena_cstr(&h->arena, row.label),
		.act = act,
		.arg = &h->menu[h->n_menu],
	};
	h->n_menu++;
}

/* What can be done with a dataset: "cari, buka kasus, kunjungan". */
static struct str dataset_detail(const struct dataset *d, struct arena *a)
{
	struct str out = str_from(_("cari, buka kasus"));
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(d, DATASET_ACTION, i)) != NULL; i++)
		out = arena_printf(a, "%.*s, %.*s", STR_ARG(out),
				   STR_ARG(dataset_label(r)));
	return out;
}

static void add_datasets(struct home *h)
{
	const struct datasets *all = cases_datasets(h->cases);
	size_t n = all ? datasets_count(all) : 0;

	for (size_t i = 0; i < n; i++) {
		const struct dataset *d = datasets_at(all, i);
		const struct dataset_row *r = dataset_row(d, DATASET_MENU, 0);

		if (!r || !r->name.n)
			continue;
		add_row(h, (unsigned char)r->name.p[0],
			(struct menu_row){
				arena_dup(&h->arena, dataset_label(r)),
				dataset_detail(d, &h->arena),
				arena_dup(&h->arena, d->name) },
			act_dataset);
	}
}

static struct str form_titles(struct home *h)
{
	struct form_row *rows = NULL;
	struct str out = STR("");
	size_t n = 0;

	if (cases_forms(h->cases, &h->arena, &rows, &n))
		return out;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].current)
			out = arena_printf(&h->arena, "%.*s%s%.*s",
					   STR_ARG(out), out.n ? ", " : "",
					   STR_ARG(rows[i].title));
	}
	return out;
}

/* What every home screen has below the lists of its datasets. */
static void add_fixed(struct home *h)
{
	static const struct {
		uint32_t key;
		const char *label, *detail; /* NULL: the titles of the forms */
		void (*act)(struct screen *, struct ui *,
			    const struct binding *);
		bool (*there)(struct cases *);
	} rows[] = {
		{ 'b', N_("Formulir baru"), NULL, act_new, NULL },
		{ 't', N_("Tindak lanjut"), N_("agenda menurut tanggal"),
		  act_follow, follow_any },
		{ 'd', N_("Draf"), N_("lanjutkan pengisian"), act_drafts,
		  NULL },
		{ 's', N_("Sinkronisasi"), N_("ekspor, kirim, terima"),
		  act_sync, NULL },
		{ 'r', N_("Rekap"), N_("hitungan, daftar, laporan bulanan"),
		  act_recap, NULL },
		{ 'a', N_("Pengaturan"), N_("profil, bahasa, formulir"),
		  act_settings, NULL },
		{ 'x', N_("Kunci layar"), N_("juga ^X, di layar mana pun"),
		  act_lock, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct menu_row row = { .label = str_from(_(rows[i].label)) };

		if (rows[i].there && !rows[i].there(h->cases))
			continue;
		row.detail = rows[i].detail ? str_from(_(rows[i].detail))
					    : form_titles(h);
		add_row(h, rows[i].key, row, rows[i].act);
	}
}

static void make_menu(struct home *h)
{
	static const struct binding fixed[] = {
		{ UI_ENTER, 0, N_("lanjutkan draf terakhir"), NULL, act_resume,
		  has_draft, false, NULL },
		{ '/', 0, N_("cari di mana saja"), NULL, act_find, NULL, false,
		  NULL },
		{ '!', 0, N_("konflik"), N_("data yang diisi berbeda"),
		  act_conflicts, has_conflicts, false, NULL },
		{ 'z', 0, NULL,
		  N_("tarik kembali isian terakhir yang belum diekspor"),
		  act_undo, NULL, false, NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ 'q', UI_CTRL('q'), N_("keluar"), NULL, act_quit, NULL, false,
		  NULL },
	};

	arena_reset(&h->arena);
	h->n_menu = 0;
	add_datasets(h);
	add_fixed(h);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		h->bindings[h->n_menu + i] = fixed[i];
	h->bindings[h->n_menu + ARRAY_LEN(fixed)] = (struct binding)BINDING_END;
}

/* Others' drafts are theirs: they stand among all drafts. */
static enum err own_drafts(struct home *h)
{
	struct str mine = cases_worker(h->cases)->code;
	size_t n = 0;
	enum err rc = draft_list(h->cases, &h->counts, &h->drafts, &n);

	for (size_t i = 0; !rc && i < n; i++)
		if (str_eq(h->drafts[i].worker, mine))
			h->drafts[h->n_drafts++] = h->drafts[i];
	return rc;
}

/* Forms, lists and the language may be others since. */
static void shown(struct screen *s, struct ui *u)
{
	struct home *h = (struct home *)s;
	enum err rc;

	since_any(&h->since, h->cases);
	arena_reset(&h->counts);
	h->drafts = NULL;
	h->n_drafts = 0;
	h->next.n = 0;
	rc = cases_refresh(h->cases);
	if (!rc)
		rc = own_drafts(h);
	if (!rc)
		rc = sync_status(h->cases, &h->counts, &h->sync);
	if (!rc)
		rc = follow_count(h->cases, &h->due);
	if (!rc)
		rc = follow_next(h->cases, &h->counts, &h->next);
	h->conflicts = conflicts_count(h->cases, &h->counts);
	make_menu(h);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

static void release(struct screen *s)
{
	struct home *h = (struct home *)s;

	arena_release(&h->arena);
	arena_release(&h->counts);
	free(h);
}

static bool prepare(void *cases)
{
	return cases_search_prepare(cases);
}

enum err screens_home(struct ui *u, struct cases *c)
{
	static const struct screen_ops ops = {
		.title = N_("Beranda"),
		.draw = draw,
		.shown = shown,
		.free = release,
	};
	struct home *h = calloc(1, sizeof(*h));

	if (!h)
		return ERR_NOMEM;
	h->cases = c;
	screen_lock_arm(u, c);
	ui_spare(u, prepare, c);
	h->screen.ops = &ops;
	h->screen.bindings = h->bindings;
	ui_push(u, &h->screen);
	return ERR_NONE;
}
