/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/recap.h"

#include "prompt.h"
#include "text.h"

/* Beside the store's folder: what is printed leaves the sealed store. */
#define PRINT_SUFFIX "-cetak"
#define FIRST_ROW    2
#define MONTH_BYTES  7

/* ---- one recap or paper, as the text it prints */
struct page {
	struct screen screen;
	struct cases *cases;
	struct recaps *recaps; /* owned */
	const struct recap *recap;
	struct arena arena; /* of the page's life */
	struct entity about;
	bool has_about;
	struct str month; /* YYYY-MM, or empty */
	size_t by;        /* which way it is parted; see by_name() */
	struct buf text;
	VEC(struct str) lines;
	struct rows rows;
};

/* The ways of the recap, then not at all. */
static struct str by_name(const struct page *p, struct str *label)
{
	struct str name;

	if (recap_by(p->recap, p->by, &name, label))
		return name;
	*label = str_from(_("seluruhnya"));
	return STR("-");
}

static void ask_of(struct page *p, struct recap_ask *ask)
{
	struct str label;

	*ask = (struct recap_ask){ .cases = p->cases,
				   .recaps = p->recaps,
				   .recap = p->recap,
				   .by = by_name(p, &label),
				   .about = p->has_about ? &p->about : NULL };
	if (p->month.n)
		recap_month(p->month, &p->arena, &ask->from, &ask->to);
}

static void split(struct page *p)
{
	struct str rest = buf_str(&p->text), line;

	vec_reset(&p->lines);
	while (str_split(&rest, '\n', &line)) {
		struct str *slot = vec_push(&p->lines);

		if (slot)
			*slot = line;
	}
	rows_set(&p->rows, p->lines.n);
}

static enum err make(struct page *p, enum doc_format format, struct buf *out,
		     struct report *rep)
{
	struct recap_ask ask;
	struct doc d;
	enum err rc;

	ask_of(p, &ask);
	doc_open(&d, format, out, i18n_lang(), recap_title(p->recap));
	rc = recap_doc(&ask, &d, rep);
	doc_close(&d);
	return rc ? rc : out->failed;
}

static void remake(struct page *p, struct ui *u)
{
	struct report rep = { 0 };
	enum err rc;

	ui_message(u, "%s", _("Menghitung..."));
	ui_refresh(u);
	buf_reset(&p->text);
	rc = make(p, DOC_TEXT, &p->text, &rep);
	split(p);
	if (rc)
		screen_says(u, &rep, rc);
	else
		ui_message(u, "%s", "");
	report_release(&rep);
}

static void page_draw(struct screen *s, struct ui *u)
{
	struct page *p = (struct page *)s;
	struct str label;
	size_t end = rows_window(&p->rows, ui_rows(u) - FIRST_ROW - 2);

	(void)by_name(p, &label);
	ui_title(u, recap_title(p->recap),
		 recap_kind(p->recap) != RECAP_COUNT
			 ? p->month
			 : arena_printf(ui_scratch(u), "%.*s  %.*s",
					STR_ARG(label), STR_ARG(p->month)));
	for (size_t i = p->rows.top; i < end; i++)
		ui_put(u, FIRST_ROW + (int)(i - p->rows.top), 0, -1,
		       p->lines.at[i]);
	ui_cursor(u, FIRST_ROW + (int)(p->rows.at - p->rows.top), 0);
}

static bool page_key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct page *)s)->rows, k);
}

static void page_free(struct screen *s)
{
	struct page *p = (struct page *)s;

	vec_release(&p->lines);
	buf_release(&p->text);
	recaps_free(p->recaps);
	arena_release(&p->arena);
	free(p);
}

/* ---- writing it to a file */
static struct str file_of(struct page *p, const char *extension)
{
	struct arena *a = &p->arena;
	struct str folder = arena_printf(a, "%s" PRINT_SUFFIX,
					 store_dir(cases_store(p->cases)));
	struct str when = p->month.n ? p->month : STR("semua");

	if (!folder.p || dir_make(folder.p))
		return (struct str){ NULL, 0 };
	if (p->has_about)
		when = str_sub(p->about.id, 0, 8);
	return arena_printf(a, "%.*s/%.*s-%.*s.%s", STR_ARG(folder),
			    STR_ARG(recap_name(p->recap)), STR_ARG(when),
			    extension);
}

static void write_out(struct page *p, struct ui *u, bool csv)
{
	struct buf out = BUF_INIT(DOC_MAX);
	struct report rep = { 0 };
	struct recap_ask ask;
	struct str file = file_of(p, csv ? "csv" : "html");
	enum err rc = file.p ? ERR_NONE : ERR_IO;

	ask_of(p, &ask);
	if (!rc && csv)
		rc = recap_csv(&ask, &out, &rep);
	else if (!rc)
		rc = make(p, DOC_HTML, &out, &rep);
	if (!rc)
		rc = file_write(file.p, buf_str(&out));
	if (!rc)
		rc = cases_audit(p->cases, AUDIT_PRINT, recap_dataset(p->recap),
				 recap_name(p->recap));
	if (rc)
		screen_says(u, &rep, rc);
	else
		ui_message(u, _("Ditulis: %.*s"), STR_ARG(file));
	buf_release(&out);
	report_release(&rep);
}

static void act_csv(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	write_out((struct page *)s, u, true);
}

static void act_html(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	write_out((struct page *)s, u, false);
}

/* ---- period and parts */
static void take_month(struct screen *s, struct ui *u, struct str text)
{
	struct page *p = (struct page *)s;
	struct str from, to, month = str_trim(text);

	if (month.n && !recap_month(month, &p->arena, &from, &to)) {
		ui_message(u, "%s",
			   _("Bulan ditulis tahun-bulan, misalnya 2026-11; "
			     "kosong: semua."));
		return;
	}
	p->month = arena_dup(&p->arena, month);
	remake(p, u);
}

static void act_month(struct screen *s, struct ui *u, const struct binding *b)
{
	struct page *p = (struct page *)s;
	const struct prompt ask = { .owner = s,
				    .label = _("Bulan (tahun-bulan): "),
				    .start = p->month,
				    .max = MONTH_BYTES,
				    .take = take_month };

	(void)b;
	prompt_open(u, &ask);
}

static void act_by(struct screen *s, struct ui *u, const struct binding *b)
{
	struct page *p = (struct page *)s;
	struct str name, label;

	(void)b;
	p->by = recap_by(p->recap, p->by, &name, &label) ? p->by + 1 : 0;
	if (recap_by(p->recap, p->by, &name, &label) && str_is(name, "-"))
		p->by++;
	remake(p, u);
}

static bool is_table(const struct screen *s)
{
	return recap_kind(((const struct page *)s)->recap) != RECAP_PAPER;
}

static bool is_count(const struct screen *s)
{
	return recap_kind(((const struct page *)s)->recap) == RECAP_COUNT;
}

static bool has_period(const struct screen *s)
{
	return !((const struct page *)s)->has_about;
}

static enum err load(struct page *p, struct str name,
		     const struct entity *about, struct report *rep)
{
	enum err rc = recaps_open(&p->recaps, p->cases, rep);

	if (rc)
		return rc;
	p->recap = recaps_find(p->recaps, name);
	if (!p->recap)
		return ERR_NOTFOUND;
	if (!about)
		return ERR_NONE;
	p->has_about = true;
	return cases_entity(p->cases, about->dataset, about->id, &p->arena,
			    &p->about);
}

static void page_open(struct ui *u, struct cases *c, struct str name,
		      const struct entity *about)
{
	static const struct binding bindings[] = {
		{ 'm', 0, N_("bulan"), N_("hitung untuk satu bulan"), act_month,
		  has_period, false, NULL },
		{ 'p', 0, N_("pilah"),
		  N_("pilah menurut desa atau cara lain, atau seluruhnya"),
		  act_by, is_count, false, NULL },
		{ 'c', 0, N_("CSV"), N_("tulis sebagai tabel untuk komputer"),
		  act_csv, is_table, false, NULL },
		{ 'h', 0, N_("HTML"),
		  N_("tulis sebagai halaman untuk dicetak di A4"), act_html,
		  NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Rekap"),
		.draw = page_draw,
		.key = page_key,
		.free = page_free,
	};
	struct page *p = calloc(1, sizeof(*p));
	struct report rep = { 0 };
	enum err rc;

	if (!p)
		return;
	p->screen.ops = &ops;
	p->screen.bindings = bindings;
	p->cases = c;
	p->text = BUF_INIT(DOC_MAX);
	rc = load(p, name, about, &rep);
	if (rc) {
		screen_says(u, &rep, rc);
		page_free(&p->screen);
	} else {
		remake(p, u);
		ui_push(u, &p->screen);
	}
	report_release(&rep);
}

/* ---- which */
struct choice_screen {
	struct screen screen;
	struct cases *cases;
	struct recaps *recaps;
	struct arena arena;
	struct entity about;
	bool has_about;
	VEC(const struct recap *) list;
	struct rows rows;
};

static void draw(struct screen *s, struct ui *u)
{
	struct choice_screen *v = (struct choice_screen *)s;
	size_t end = rows_window(&v->rows, ui_rows(u) - FIRST_ROW - 2);

	ui_title(u, v->has_about ? v->about.label : str_from(_("Rekap")),
		 text_count(ui_scratch(u), v->list.n));
	for (size_t i = v->rows.top; i < end; i++)
		ui_put(u, FIRST_ROW + (int)(i - v->rows.top), 3, -1,
		       recap_title(v->list.at[i]));
	rows_mark(&v->rows, u, FIRST_ROW, 1, true);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct choice_screen *)s)->rows, k);
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct choice_screen *v = (struct choice_screen *)s;

	(void)b;
	if (v->rows.at < v->list.n)
		page_open(u, v->cases, recap_name(v->list.at[v->rows.at]),
			  v->has_about ? &v->about : NULL);
}

static void release(struct screen *s)
{
	struct choice_screen *v = (struct choice_screen *)s;

	vec_release(&v->list);
	recaps_free(v->recaps);
	arena_release(&v->arena);
	free(v);
}

/* Papers about its kind of record; else everything that needs none. */
static enum err fill(struct choice_screen *v, struct report *rep)
{
	struct str dataset = v->has_about ? v->about.dataset : STR("");
	enum err rc = recaps_open(&v->recaps, v->cases, rep);

	for (size_t i = 0; !rc && i < recaps_count(v->recaps); i++) {
		const struct recap *r = recaps_at(v->recaps, i), **slot;

		if (!str_eq(recap_dataset(r), dataset) || recap_inner(r))
			continue;
		slot = vec_push(&v->list);
		if (!slot)
			return ERR_NOMEM;
		*slot = r;
	}
	rows_set(&v->rows, v->list.n);
	return rc;
}

static void choice_open(struct ui *u, struct cases *c,
			const struct entity *about)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("buka"), N_("hitung dan tampilkan"), act_open,
		  NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Rekap"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct choice_screen *v = calloc(1, sizeof(*v));
	struct report rep = { 0 };
	enum err rc = ERR_NONE;

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = bindings;
	v->cases = c;
	v->has_about = about != NULL;
	if (about)
		rc = cases_entity(c, about->dataset, about->id, &v->arena,
				  &v->about);
	if (!rc)
		rc = fill(v, &rep);
	if (rc || !v->list.n) {
		if (rc)
			screen_says(u, &rep, rc);
		else
			ui_message(u, "%s", _("Tidak ada yang bisa dicetak"));
		release(&v->screen);
	} else {
		ui_push(u, &v->screen);
	}
	report_release(&rep);
}

void recap_open(struct ui *u, struct cases *c)
{
	choice_open(u, c, NULL);
}

void papers_open(struct ui *u, struct cases *c, const struct entity *about)
{
	choice_open(u, c, about);
}
