/* SPDX-License-Identifier: MIT */
#include "prelist.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

#define FIRST_ROW  2
#define SAMPLE_COL 28
#define TO_COL     51
#define SAID_ROWS  4
/* Behind the name of a file: its rows that were refused. */
#define REFUSED_SUFFIX "-ditolak"

static struct prelist_screen *self(struct screen *s)
{
	return (struct prelist_screen *)s;
}

void prelist_said(struct prelist_screen *p, struct str text)
{
	arena_reset(&p->said_arena);
	p->said = arena_dup(&p->said_arena, text);
}

static const struct dataset *dataset_of(const struct prelist_screen *p)
{
	return datasets_find(cases_datasets(p->cases), p->dataset);
}

/* ---- drawing */
static struct str goes_to(const struct prelist_screen *p, size_t i,
			  struct arena *a)
{
	const struct prelist_column *c = prelist_column(p->list, i);
	const char *key = i == prelist_key(p->list) ? _("  kunci") : "";

	if (c->property.n)
		return arena_printf(
			a, "%.*s%s",
			STR_ARG(prelist_label(p->list, c->property, a)), key);
	if (c->by == PRELIST_TAKEN)
		return arena_printf(a, _("- (sudah ada)%s"), key);
	return arena_printf(a, "-%s", key);
}

static void draw_columns(struct prelist_screen *p, struct ui *u)
{
	size_t end =
		rows_window(&p->rows, ui_rows(u) - FIRST_ROW - 2 - SAID_ROWS);

	ui_puts(u, 1, 3, SAMPLE_COL - 4, _("Kolom"));
	ui_puts(u, 1, SAMPLE_COL, TO_COL - SAMPLE_COL - 1, _("Contoh"));
	ui_puts(u, 1, TO_COL, -1, _("Masuk ke"));
	for (size_t i = p->rows.top; i < end; i++) {
		const struct prelist_column *c = prelist_column(p->list, i);
		int row = FIRST_ROW + (int)(i - p->rows.top);

		ui_put(u, row, 3, SAMPLE_COL - 4, c->head);
		ui_put(u, row, SAMPLE_COL, TO_COL - SAMPLE_COL - 1, c->sample);
		ui_put(u, row, TO_COL, -1, goes_to(p, i, ui_scratch(u)));
	}
	rows_mark(&p->rows, u, FIRST_ROW);
}

static void draw_said(const struct prelist_screen *p, struct ui *u)
{
	int row = ui_rows(u) - 2 - SAID_ROWS + 1;
	struct str rest = p->said, line;

	if (p->busy.doing)
		busy_draw(&p->busy, u, row);
	else
		while (row < ui_rows(u) - 2 &&
		       ui_wrap(&rest, ui_cols(u) - 6, &line))
			ui_put(u, row++, 3, -1, line);
}

static struct str title_of(const struct prelist_screen *p)
{
	const struct dataset_row *r =
		dataset_row(dataset_of(p), DATASET_TITLE, 0);

	return r ? dataset_label(r) : p->dataset;
}

static const char *file_name(const struct prelist_screen *p)
{
	const char *slash = p->path ? strrchr(p->path, '/') : NULL;

	return slash ? slash + 1 : p->path;
}

static void draw(struct screen *s, struct ui *u)
{
	struct prelist_screen *p = self(s);
	struct arena *a = ui_scratch(u);

	ui_title(u, str_from(_("Daftar dari kantor")),
		 p->list ? arena_printf(a, "%s -> %.*s", file_name(p),
					STR_ARG(title_of(p)))
			 : STR(""));
	if (p->list)
		draw_columns(p, u);
	else
		ui_puts(u, FIRST_ROW, 3, -1,
			_("Pilih daftar (j) dan berkasnya (b)."));
	draw_said(p, u);
	if (!p->list)
		ui_cursor(u, FIRST_ROW, 1);
}

/* ---- reading the file */
static struct str warnings(const struct report *rep, struct arena *a)
{
	struct str first = report_first(rep, a);

	return rep->problems.n ? first : STR("");
}

void prelist_read(struct prelist_screen *p, struct ui *u, struct str path,
		  struct str sheet)
{
	struct arena a = { 0 };
	/* Before the screen is drawn anew, which may take lent texts away. */
	char *own = arena_cstr(&a, path);
	const struct prelist_file file = { own, arena_dup(&a, sheet) };
	struct prelist *list = NULL;
	struct report rep = { 0 };
	enum err rc;

	busy_begin(&p->busy, u, _("Membaca"));
	rc = own ? prelist_open(&list, p->cases, p->dataset, &file, &rep)
		 : ERR_NOMEM;
	busy_end(&p->busy);
	if (rc) {
		screen_says(u, &rep, rc);
	} else {
		prelist_free(p->list);
		arena_release(&p->arena);
		p->arena = a;
		a = (struct arena){ 0 };
		p->path = own;
		p->list = list;
		p->ran = false;
		p->rows = (struct rows){ 0 };
		rows_set(&p->rows, prelist_columns(list));
		prelist_said(p, warnings(&rep, ui_scratch(u)));
	}
	report_release(&rep);
	arena_release(&a);
}

/* ---- trying and taking in */
static struct str refused_path(const struct prelist_screen *p, struct arena *a)
{
	const char *dot = strrchr(file_name(p), '.');
	struct str path = str_from(p->path);
	const struct str *names;
	size_t at;

	if (dot)
		path.n = (size_t)(dot - p->path);
	return arena_printf(a, "%.*s" REFUSED_SUFFIX "%s", STR_ARG(path),
			    prelist_sheets(p->list, &names, &at) ? ".xlsx"
								 : ".csv");
}

/* What rows of one number made; or empty. */
static struct str made(const struct prelist_screen *p, struct arena *a)
{
	const struct prelist_done *d = &p->done;

	if (!(d->made + d->made_changed))
		return STR("");
	return arena_printf(a, _(" %.*s: %zu baru, %zu diubah."),
			    STR_ARG(prelist_made(p->list)), d->made,
			    d->made_changed);
}

/* Names of places that nobody knows, for one; or empty. */
static struct str uncoded(const struct prelist_screen *p, struct arena *a)
{
	const struct prelist_done *d = &p->done;

	return d->uncoded ? arena_printf(a, _(" %zu tanpa kode (%.*s)."),
					 d->uncoded, STR_ARG(d->uncoded_of))
			  : STR("");
}

static struct str counts(const struct prelist_screen *p, struct arena *a)
{
	const struct prelist_done *d = &p->done;

	return arena_printf(a,
			    _("%zu baris: %zu baru, %zu diubah, %zu tetap, "
			      "%zu ditolak.%.*s%.*s"),
			    d->rows, d->created, d->changed, d->same + d->twice,
			    d->refused, STR_ARG(made(p, a)),
			    STR_ARG(uncoded(p, a)));
}

/* The refused rows beside the file, so that they are mended where it is. */
static struct str write_refused(struct prelist_screen *p, struct arena *a)
{
	struct report rep = { 0 };
	struct str path = refused_path(p, a);
	enum err rc = ERR_NONE;

	if (p->done.refused)
		rc = path.p ? prelist_write_refused(p->list, path.p, &rep)
			    : ERR_NOMEM;
	report_release(&rep);
	if (!p->done.refused)
		return STR("");
	return rc ? str_from(_("Baris yang ditolak tidak dapat ditulis di "
			       "sana (d melihatnya)."))
		  : arena_printf(a,
				 _("Baris yang ditolak, dengan alasannya: "
				   "%.*s"),
				 STR_ARG(path));
}

static enum err run(struct prelist_screen *p, struct ui *u, bool dry,
		    struct report *rep)
{
	const struct prelist_run how = { .dry = dry,
					 .progress = busy_progress,
					 .cancelled = busy_stopped,
					 .arg = &p->busy };
	enum err rc;

	busy_begin(&p->busy, u, dry ? _("Mencoba") : _("Memasukkan"));
	rc = prelist_run(p->list, &how, &p->done, rep);
	busy_end(&p->busy);
	p->ran = !rc;
	return rc;
}

static void take_in(struct screen *owner, struct ui *u, void *arg)
{
	struct prelist_screen *p = self(owner);
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc = run(p, u, false, &rep);

	(void)arg;
	if (rc == ERR_CANCELLED)
		prelist_said(p,
			     arena_printf(&a,
					  _("Dihentikan sesudah %zu dari %zu "
					    "baris; yang sudah masuk tetap "
					    "ada. Masukkan lagi untuk "
					    "sisanya."),
					  p->done.stopped_at, p->done.rows));
	else if (rc)
		screen_says(u, &rep, rc);
	else
		prelist_said(p, arena_printf(&a, "%s %.*s\n%.*s",
					     _("Sudah masuk."),
					     STR_ARG(counts(p, &a)),
					     STR_ARG(write_refused(p, &a))));
	report_release(&rep);
	arena_release(&a);
}

static bool try_out(struct prelist_screen *p, struct ui *u)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc = run(p, u, true, &rep);

	if (rc == ERR_CANCELLED)
		ui_message(u, "%s", _("Dihentikan; tidak ada yang disimpan"));
	else if (rc)
		screen_says(u, &rep, rc);
	else
		prelist_said(p, arena_printf(&a, "%s %.*s", _("Percobaan."),
					     STR_ARG(counts(p, &a))));
	report_release(&rep);
	arena_release(&a);
	return !rc;
}

static void act_try(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	(void)try_out(self(s), u);
}

static void act_take(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct ask ask = { s, take_in, NULL, NULL };
	struct prelist_screen *p = self(s);

	(void)b;
	if (!try_out(p, u))
		return;
	if (p->done.created + p->done.changed + p->done.made +
	    p->done.made_changed)
		ui_ask(u, &ask, _("Masukkan %zu baru dan ubah %zu?"),
		       p->done.created, p->done.changed);
	else
		ui_message(u, "%s", _("Tidak ada yang baru di berkas ini"));
}

static void act_key(struct screen *s, struct ui *u, const struct binding *b)
{
	struct prelist_screen *p = self(s);
	bool was = prelist_key(p->list) == p->rows.at;

	(void)u;
	(void)b;
	prelist_set_key(p->list, was ? SIZE_MAX : p->rows.at);
	p->ran = false;
	prelist_said(p, was ? str_from(_("Tanpa kunci: baris yang berubah "
					 "menjadi data baru."))
			    : STR(""));
}

static void act_refused(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct prelist_screen *p = self(s);
	const struct prelist_refusal *all;
	struct report rep = { 0 };
	size_t n;

	(void)b;
	all = prelist_refusals(p->list, &n);
	for (size_t i = 0; i < n; i++)
		report_add(&rep, PROBLEM_ERROR,
			   arena_printf(&rep.arena, _("baris %zu%s%.*s"),
					all[i].row, all[i].column.n ? ", " : "",
					STR_ARG(all[i].column)),
			   "%s", _(all[i].why));
	problems_open(u, _("Baris yang ditolak"), &rep);
	report_release(&rep);
}

/* ---- the screen */
static bool has_list(const struct screen *s)
{
	return ((const struct prelist_screen *)s)->list != NULL;
}

static bool has_sheets(const struct screen *s)
{
	const struct prelist_screen *p = (const struct prelist_screen *)s;
	const struct str *names;
	size_t at;

	return p->list && prelist_sheets(p->list, &names, &at) > 1;
}

static bool has_refused(const struct screen *s)
{
	const struct prelist_screen *p = (const struct prelist_screen *)s;

	return p->ran && p->done.refused;
}

static bool has_dataset(const struct screen *s)
{
	return ((const struct prelist_screen *)s)->dataset.n > 0;
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&self(s)->rows, k);
}

static void release(struct screen *s)
{
	struct prelist_screen *p = self(s);

	prelist_free(p->list);
	arena_release(&p->arena);
	arena_release(&p->said_arena);
	free(p);
}

static const struct binding bindings[] = {
	{ UI_ENTER, 0, N_("ubah"), N_("ubah ke mana kolom ini masuk"),
	  prelist_pick_property, has_list, false, NULL },
	{ 'k', 0, N_("kunci"),
	  N_("kolom pengenal: nilai yang sama berarti data yang sama"), act_key,
	  has_list, false, NULL },
	{ 'c', 0, N_("coba"),
	  N_("hitung apa yang akan terjadi; tidak ada yang "
	     "disimpan"),
	  act_try, has_list, false, NULL },
	{ 'm', 0, N_("masukkan"), N_("coba dulu, tanya, lalu masukkan"),
	  act_take, has_list, false, NULL },
	{ 'd', 0, N_("ditolak"), N_("baris yang ditolak dan alasannya"),
	  act_refused, has_refused, false, NULL },
	{ 'l', 0, N_("lembar"), N_("baca lembar lain dari berkas ini"),
	  prelist_pick_sheet, has_sheets, false, NULL },
	{ 'b', 0, N_("berkas"), N_("pilih berkas"), prelist_pick_file,
	  has_dataset, false, NULL },
	{ 'j', 0, N_("daftar"), N_("pilih daftar yang diisi"),
	  prelist_pick_dataset, NULL, false, NULL },
	BINDINGS_BACK,
};

void prelist_screen_open(struct ui *u, struct cases *c)
{
	static const struct screen_ops ops = {
		.title = N_("Daftar dari kantor"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct prelist_screen *p = calloc(1, sizeof(*p));

	if (!p)
		return;
	p->screen.ops = &ops;
	p->screen.bindings = bindings;
	p->cases = c;
	ui_push(u, &p->screen);
	prelist_pick_dataset(&p->screen, u, NULL);
}
