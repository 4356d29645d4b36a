/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/xlsform.h"

#include "prompt.h"
#include "text.h"

#define FIRST_ROW      2
#define TITLE_COLS     32
#define ID_COLS        26
#define PATH_MAX_BYTES 1000
/* No form is longer. */
#define FORM_FILE_MAX ((size_t)16 << 20)

/* The forms of this store, every version. */
struct forms {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct form_row *list;
	size_t n;
	struct rows rows;
};

static void shown(struct screen *s, struct ui *u)
{
	struct forms *f = (struct forms *)s;
	enum err rc;

	arena_reset(&f->arena);
	f->list = NULL;
	f->n = 0;
	rc = cases_forms(f->cases, &f->arena, &f->list, &f->n);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	rows_set(&f->rows, f->n);
}

static void draw_form(const struct forms *f, struct ui *u, size_t i, int row)
{
	const struct form_row *r = &f->list[i];
	int id = 3 + TITLE_COLS, version = id + ID_COLS;

	ui_put(u, row, 3, TITLE_COLS - 1, r->title);
	ui_put(u, row, id, ID_COLS - 1, r->id);
	ui_put(u, row, version, -1,
	       arena_printf(ui_scratch(u), "%.*s%s", STR_ARG(r->version),
			    r->current ? "" : _(" (lama)")));
}

static void draw(struct screen *s, struct ui *u)
{
	struct forms *f = (struct forms *)s;
	size_t end = rows_window(&f->rows, ui_rows(u) - FIRST_ROW - 2);

	ui_title(u, str_from(_("Formulir")), text_count(ui_scratch(u), f->n));
	ui_puts(u, 1, 3, TITLE_COLS - 1, _("Judul"));
	ui_puts(u, 1, 3 + TITLE_COLS, ID_COLS - 1, _("Id"));
	ui_puts(u, 1, 3 + TITLE_COLS + ID_COLS, -1, _("Versi"));
	if (!f->n)
		ui_puts(u, FIRST_ROW, 3, -1, _("Belum ada formulir."));
	for (size_t i = f->rows.top; i < end; i++)
		draw_form(f, u, i, FIRST_ROW + (int)(i - f->rows.top));
	rows_mark(&f->rows, u, FIRST_ROW);
}

/* ---- adding */
/* "forms/kunjungan.csv" is the form kunjungan. */
static struct str stem(struct str path)
{
	size_t from = path.n, dot;

	while (from && path.p[from - 1] != '/')
		from--;
	path = str_sub(path, from, path.n);
	dot = path.n;
	while (dot > 1 && path.p[dot - 1] != '.')
		dot--;
	return dot > 1 ? str_sub(path, 0, dot - 1) : path;
}

struct adding {
	const char *path;
	struct buf source, xform;
	struct xlsform_rows *rows; /* NULL: it was XML already */
	struct report rep;
};

static enum err convert(struct adding *add)
{
	struct str path = str_from(add->path);
	enum sheet_format format = SHEETS_CSV;
	bool is_xml = str_ends(path, STR(".xml"));
	enum err rc;

	if (!is_xml && xlsform_format(add->path, &format)) {
		report_add(&add->rep, PROBLEM_ERROR, path,
			   _("bukan formulir: harus .csv, .md, .xlsx, .xls "
			     "atau .xml"));
		return ERR_INVALID;
	}
	rc = file_read(add->path, is_xml ? &add->xform : &add->source);
	if (rc) {
		report_add(&add->rep, PROBLEM_ERROR, path, "%s",
			   rc == ERR_TOOBIG ? _("berkas terlalu besar")
					    : _("berkas tidak bisa dibaca"));
		return rc;
	}
	if (is_xml)
		return ERR_NONE;
	return xlsform_convert_rows(buf_str(&add->source), format, stem(path),
				    &add->xform, &add->rep, &add->rows);
}

static void say_added(struct ui *u, const struct report *rep, enum err rc)
{
	if (!rc && !rep->problems.n)
		ui_message(u, "%s", _("Formulir dipasang"));
	else if (!rc)
		ui_message(u, _("Formulir dipasang, dengan %zu peringatan"),
			   rep->problems.n);
	else if (rc == ERR_EXISTS && !rep->errors)
		ui_message(u, "%s",
			   _("Versi itu sudah ada dengan isi lain; naikkan "
			     "versinya"));
	else if (rep->problems.n > 1)
		problems_open(u, _("Masalah pada formulir"), rep);
	else
		screen_says(u, rep, rc);
}

static void take_path(struct screen *s, struct ui *u, struct str text)
{
	struct forms *f = (struct forms *)s;
	struct adding add = { .path = prompt_path(text, ui_scratch(u)),
			      .source = BUF_INIT(FORM_FILE_MAX),
			      .xform = BUF_INIT(FORM_FILE_MAX) };
	enum err rc = add.path ? ERR_NONE : ERR_NOMEM;

	if (!text.n)
		return;
	if (!rc)
		rc = convert(&add);
	if (!rc)
		rc = cases_form_add(f->cases, buf_str(&add.xform), add.path,
				    &add.rep);
	if (add.rows)
		xlsform_locate(add.rows, &add.rep);
	if (!rc)
		rc = cases_refresh(f->cases);
	say_added(u, &add.rep, rc);
	xlsform_rows_free(add.rows);
	report_release(&add.rep);
	buf_release(&add.source);
	buf_release(&add.xform);
}

static void act_add(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct prompt p = { .owner = s,
				  .label = _("Berkas formulir"),
				  .max = PATH_MAX_BYTES,
				  .take = take_path };

	(void)b;
	prompt_open(u, &p);
}

/* ---- removing */
static void remove_now(struct screen *owner, struct ui *u, void *arg)
{
	struct forms *f = (struct forms *)owner;
	struct report rep = { 0 };
	enum err rc = cases_form_remove(f->cases, f->list[f->rows.at].id, &rep);

	(void)arg;
	if (!rc)
		rc = cases_refresh(f->cases);
	if (rc)
		screen_says(u, &rep, rc);
	else
		ui_message(u, "%s", _("Formulir dilepas"));
	report_release(&rep);
}

static void act_remove(struct screen *s, struct ui *u, const struct binding *b)
{
	const struct forms *f = (const struct forms *)s;
	struct ask ask = { .owner = s, .yes = remove_now };

	(void)b;
	ui_ask(u, &ask, _("Lepas formulir %.*s, semua versinya?"),
	       STR_ARG(f->list[f->rows.at].title));
}

static bool any(const struct screen *s)
{
	return ((const struct forms *)s)->n > 0;
}

/* ---- the screen */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct forms *)s)->rows, k);
}

static void release(struct screen *s)
{
	struct forms *f = (struct forms *)s;

	arena_release(&f->arena);
	free(f);
}

void forms_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ '+', 0, N_("tambah"),
		  N_("periksa sebuah berkas formulir dan pasang"), act_add,
		  NULL, false, NULL },
		{ 'x', UI_DELETE, N_("lepas"),
		  N_("lepas formulir ini; isiannya tetap ada"), act_remove, any,
		  false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Formulir"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct forms *f = calloc(1, sizeof(*f));

	if (!f)
		return;
	f->screen.ops = &ops;
	f->screen.bindings = bindings;
	f->cases = c;
	ui_push(u, &f->screen);
}
