/* SPDX-License-Identifier: MIT */
#include "recap.h"

#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/recap.h"
#include "pilar/when.h"

#include "open.h"
#include "prompt.h"
#include "text.h"

/* Beside the store's folder: what is printed leaves the sealed store. */
#define PRINT_SUFFIX  "-cetak"
#define FIRST_ROW     2
#define PATH_BYTES    1024
#define LEAST_COLUMNS 40
/* Of a hundred; the message is drawn anew at each. */
#define STEP 10

/* ---- one recap or paper, as the text it prints */
struct page {
	struct screen screen;
	struct cases *cases;
	struct recaps *recaps; /* owned */
	const struct recap *recap;
	struct arena arena; /* of the page's life */
	struct entity about;
	bool has_about;
	struct str from, to; /* days, or empty */
	size_t by;           /* which way it is parted; see by_name() */
	int columns;         /* of the screen it was made for */
	struct str file;     /* to be written, while a person is asked */
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
				   .about = p->has_about ? &p->about : NULL,
				   .from = p->from,
				   .to = p->to };
}

/* ---- counting, with how far it is */
struct waiting {
	struct ui *ui;
	int percent; /* as shown */
};

static void show_progress(void *arg, size_t done, size_t total)
{
	struct waiting *w = arg;
	int percent = total ? (int)(done * 100 / total) : 0;

	if (percent < w->percent + STEP)
		return;
	w->percent = percent;
	ui_message(w->ui, _("Menghitung... %d%%  (Esc menghentikan)"), percent);
	ui_refresh(w->ui);
	ui_message(w->ui, "%s", "");
}

static bool stopped(void *arg)
{
	return ui_stopped(((struct waiting *)arg)->ui);
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

/* `columns` of a text. */
static enum err make(struct page *p, const struct recap_ask *ask,
		     enum doc_format format, int columns, struct buf *out,
		     struct report *rep)
{
	struct doc d;
	enum err rc;

	doc_open(&d, format, out, i18n_lang(), recap_title(p->recap));
	d.columns = (size_t)columns;
	rc = recap_doc(ask, &d, rep);
	doc_close(&d);
	return rc ? rc : out->failed;
}

static int columns_of(const struct ui *u)
{
	int columns = ui_cols(u) > LEAST_COLUMNS ? ui_cols(u) : LEAST_COLUMNS;

	return columns < DOC_COLUMNS ? columns : DOC_COLUMNS;
}

/* As wide as the screen is: what is printed is not. `w` may be NULL; the old
 * text stays until there is a new one. */
static enum err count(struct page *p, struct ui *u, struct waiting *w)
{
	struct buf text = BUF_INIT(DOC_MAX);
	struct report rep = { 0 };
	struct recap_ask ask;
	enum err rc;

	p->columns = columns_of(u);
	ask_of(p, &ask);
	ask.progress = w ? show_progress : NULL;
	ask.cancelled = w ? stopped : NULL;
	ask.arg = w;
	rc = make(p, &ask, DOC_TEXT, p->columns, &text, &rep);
	if (rc) {
		screen_says(u, &rep, rc);
		buf_release(&text);
	} else {
		buf_release(&p->text);
		p->text = text;
		split(p);
	}
	report_release(&rep);
	return rc;
}

static enum err remake(struct page *p, struct ui *u)
{
	struct waiting w = { .ui = u };
	enum err rc;

	ui_message(u, "%s", _("Menghitung..."));
	ui_refresh(u);
	ui_message(u, "%s", "");
	rc = count(p, u, &w);
	if (rc == ERR_CANCELLED)
		ui_message(u, "%s", _("Dihentikan"));
	return rc;
}

/* Of which days and how parted; what was shown stands when that fails. */
static void change(struct page *p, struct ui *u, struct str from, struct str to,
		   size_t by)
{
	struct str old_from = p->from, old_to = p->to;
	size_t old_by = p->by;

	p->from = from;
	p->to = to;
	p->by = by;
	if (!remake(p, u))
		return;
	p->from = old_from;
	p->to = old_to;
	p->by = old_by;
}

static void page_draw(struct screen *s, struct ui *u)
{
	struct page *p = (struct page *)s;
	struct str label;
	size_t end;

	if (p->columns != columns_of(u))
		(void)count(p, u, NULL);
	end = rows_window(&p->rows, ui_rows(u) - FIRST_ROW - 2);
	(void)by_name(p, &label);
	ui_title(u, recap_title(p->recap),
		 recap_kind(p->recap) != RECAP_COUNT ? STR("") : label);
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
static struct str folder_of(struct page *p)
{
	return arena_printf(&p->arena, "%s" PRINT_SUFFIX,
			    store_dir(cases_store(p->cases)));
}

/* "2026-10" of a month, both days of another period. */
static struct str period_name(struct page *p)
{
	struct str month = str_sub(p->from, 0, 7), from, to;

	if (!p->from.n && !p->to.n)
		return STR("semua");
	if (recap_month(month, &p->arena, &from, &to) &&
	    str_eq(from, p->from) && str_eq(to, p->to))
		return month;
	return arena_printf(&p->arena, "%.*s_%.*s", STR_ARG(p->from),
			    STR_ARG(p->to));
}

static struct str file_of(struct page *p, const char *extension)
{
	struct str what =
		p->has_about ? str_sub(p->about.id, 0, 8) : period_name(p);

	return arena_printf(
		&p->arena, "%.*s/%.*s-%.*s.%s", STR_ARG(folder_of(p)),
		STR_ARG(recap_name(p->recap)), STR_ARG(what), extension);
}

/* The end of the name says what is written. */
static enum err write_as(struct page *p, struct ui *u, struct str file,
			 struct report *rep)
{
	struct buf out = BUF_INIT(DOC_MAX);
	struct waiting w = { .ui = u };
	struct recap_ask ask;
	enum err rc;

	ask_of(p, &ask);
	ask.progress = show_progress;
	ask.cancelled = stopped;
	ask.arg = &w;
	if (str_ends(file, STR(".csv")))
		rc = recap_csv(&ask, &out, rep);
	else
		rc = make(p, &ask, doc_format_of(file.p), DOC_COLUMNS, &out,
			  rep);
	if (!rc)
		rc = file_write(file.p, buf_str(&out));
	buf_release(&out);
	if (rc == ERR_IO || rc == ERR_NOTFOUND)
		report_add(rep, PROBLEM_ERROR, file, _("tidak bisa ditulis"));
	return rc;
}

static void write_out(struct page *p, struct ui *u)
{
	struct report rep = { 0 };
	struct str folder = folder_of(p);
	enum err rc = ERR_NONE;

	ui_message(u, "%s", _("Menghitung..."));
	ui_refresh(u);
	if (str_starts(p->file, folder))
		rc = dir_make(folder.p);
	if (!rc)
		rc = write_as(p, u, p->file, &rep);
	if (!rc)
		rc = cases_audit(p->cases, AUDIT_PRINT, recap_dataset(p->recap),
				 recap_name(p->recap));
	if (rc == ERR_CANCELLED)
		ui_message(u, "%s", _("Dihentikan; tidak ada yang ditulis"));
	else if (rc)
		screen_says(u, &rep, rc);
	else
		ui_message(u, _("Ditulis: %.*s"), STR_ARG(p->file));
	report_release(&rep);
}

static void replace(struct screen *s, struct ui *u, void *arg)
{
	(void)arg;
	write_out((struct page *)s, u);
}

static void take_file(struct screen *s, struct ui *u, struct str text)
{
	struct page *p = (struct page *)s;
	const struct ask ask = { .owner = s, .yes = replace };

	p->file = arena_dup(&p->arena, text);
	if (!p->file.n)
		return;
	if (file_exists(p->file.p))
		ui_ask(u, &ask, _("%.*s sudah ada. Ganti?"), STR_ARG(p->file));
	else
		write_out(p, u);
}

static void ask_file(struct screen *s, struct ui *u, const char *extension)
{
	const struct prompt ask = { .owner = s,
				    .label = _("Tulis ke"),
				    .start = file_of((struct page *)s,
						     extension),
				    .max = PATH_BYTES,
				    .take = take_file };

	prompt_open(u, &ask);
}

static void act_csv(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	ask_file(s, u, "csv");
}

static void act_html(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	ask_file(s, u, "html");
}

static void act_text(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	ask_file(s, u, "txt");
}

/* ---- period and parts */
static void take_days(struct screen *s, struct ui *u, struct str from,
		      struct str to)
{
	struct page *p = (struct page *)s;

	change(p, u, arena_dup(&p->arena, from), arena_dup(&p->arena, to),
	       p->by);
}

static void act_days(struct screen *s, struct ui *u, const struct binding *b)
{
	struct page *p = (struct page *)s;
	const struct days days = { .owner = s,
				   .sys = cases_sys(p->cases),
				   .take = take_days };

	(void)b;
	recap_days_pick(u, &days);
}

/* The month before or after the one that is shown. */
static void turn(struct page *p, struct ui *u, int by)
{
	struct str from, to;
	struct when w;
	int month;

	if (!when_parse(p->from, &w) || !w.has_date)
		when_local(cases_sys(p->cases), sys_now(cases_sys(p->cases)),
			   &w);
	else
		w.month += by;
	month = w.year * 12 + w.month - 1;
	if (recap_month(arena_printf(&p->arena, "%04d-%02d", month / 12,
				     month % 12 + 1),
			&p->arena, &from, &to))
		change(p, u, from, to, p->by);
}

static void act_earlier(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	turn((struct page *)s, u, -1);
}

static void act_later(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	turn((struct page *)s, u, 1);
}

static void act_by(struct screen *s, struct ui *u, const struct binding *b)
{
	struct page *p = (struct page *)s;
	struct str name, label;
	size_t by = recap_by(p->recap, p->by, &name, &label) ? p->by + 1 : 0;

	(void)b;
	if (recap_by(p->recap, by, &name, &label) && str_is(name, "-"))
		by++;
	change(p, u, p->from, p->to, by);
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
	if (!about && recap_of_month(p->recap))
		recap_month(recap_usual_month(cases_sys(p->cases), &p->arena),
			    &p->arena, &p->from, &p->to);
	if (!about)
		return ERR_NONE;
	p->has_about = true;
	return cases_entity(p->cases, about->dataset, about->id, &p->arena,
			    &p->about);
}

void recap_page_open(struct ui *u, struct cases *c, struct str name,
		     const struct entity *about)
{
	static const struct binding bindings[] = {
		{ 'm', 0, N_("masa"), N_("pilih bulan, tahun atau tanggal"),
		  act_days, has_period, false, NULL },
		{ UI_LEFT, '<', NULL, N_("bulan sebelumnya"), act_earlier,
		  has_period, false, NULL },
		{ UI_RIGHT, '>', NULL, N_("bulan berikutnya"), act_later,
		  has_period, false, NULL },
		{ 'p', 0, N_("pilah"),
		  N_("pilah menurut desa atau cara lain, atau seluruhnya"),
		  act_by, is_count, false, NULL },
		{ 'c', 0, N_("CSV"), N_("tulis sebagai tabel untuk komputer"),
		  act_csv, is_table, false, NULL },
		{ 'h', 0, N_("HTML"),
		  N_("tulis sebagai halaman untuk dicetak di A4"), act_html,
		  NULL, false, NULL },
		{ 't', 0, N_("teks"), N_("tulis sebagai teks 80 kolom"),
		  act_text, NULL, false, NULL },
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
	if (rc)
		screen_says(u, &rep, rc);
	if (rc || remake(p, u) == ERR_CANCELLED)
		page_free(&p->screen);
	else
		ui_push(u, &p->screen);
	report_release(&rep);
}
