/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/cases.h"
#include "pilar/file.h"
#include "pilar/form.h"
#include "pilar/i18n.h"
#include "pilar/lists.h"
#include "pilar/print.h"
#include "pilar/tree.h"
#include "pilar/xlsform.h"

#include "app.h"

/* Problems name the file they are in. */
static void name_file(struct app *app, const char *path)
{
	vec_each (p, &app->report.problems)
		if (!str_eq(p->place, str_from(path)))
			p->place = arena_printf(
				&app->arena, p->place.n ? "%s, %.*s" : "%s%.*s",
				path, STR_ARG(p->place));
}

/* "forms/kunjungan.csv" is the form kunjungan. */
static struct str stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str name = str_from(slash ? slash + 1 : path);
	size_t dot = name.n;

	while (dot > 1 && name.p[dot - 1] != '.')
		dot--;
	return dot > 1 ? str_sub(name, 0, dot - 1) : name;
}

static enum err read_source(struct app *app, const char *path, struct buf *b)
{
	enum err rc = file_read(path, b);

	if (rc)
		report_add(&app->report, PROBLEM_ERROR, STR(""), "%s",
			   rc == ERR_TOOBIG ? _("berkas terlalu besar")
					    : _("berkas tidak bisa dibaca"));
	return rc;
}

/* An XLSForm becomes its XForm; anything else must be XML already. `rows` is
 * NULL then. */
static enum err load_xform(struct app *app, const char *path, struct buf *xform,
			   struct xlsform_rows **rows)
{
	struct buf source = BUF_INIT(TREE_MAX_BYTES);
	enum sheet_format format;
	bool is_xml = str_ends(str_from(path), STR(".xml"));
	enum err rc;

	if (!is_xml && xlsform_format(path, &format)) {
		report_add(
			&app->report, PROBLEM_ERROR, STR(""),
			_("bukan formulir: harus .csv, .md, .xlsx, .xls atau "
			  ".xml"));
		return ERR_INVALID;
	}
	if (is_xml)
		return read_source(app, path, xform);
	rc = read_source(app, path, &source);
	if (!rc)
		rc = xlsform_convert_rows(buf_str(&source), format, stem(path),
					  xform, &app->report, rows);
	buf_release(&source);
	return rc;
}

enum err app_xform(struct app *app, const char *path, struct buf *xform,
		   struct xlsform_rows **rows)
{
	enum err rc = load_xform(app, path, xform, rows);

	name_file(app, path);
	return rc;
}

void app_xform_checked(struct app *app, const char *path,
		       struct xlsform_rows *rows)
{
	if (rows)
		xlsform_locate(rows, &app->report);
	name_file(app, path);
}

static int run_convert(struct app *app, int argc, char **argv)
{
	struct buf xform = BUF_INIT(TREE_MAX_BYTES);
	struct xlsform_rows *rows = NULL;
	const char *to = NULL;
	enum err rc;

	argc = app_flags(
		app, argc, argv,
		(const struct app_flag[]){ { "-o", &to, NULL }, { 0 } }, 1);
	if (argc != 1 || !to)
		return app_usage("form convert", stderr);
	rc = load_xform(app, argv[0], &xform, &rows);
	name_file(app, argv[0]);
	if (!rc)
		rc = file_write(to, buf_str(&xform));
	xlsform_rows_free(rows);
	buf_release(&xform);
	return app_fail(app, rc);
}

/* The folder a form lies in has its lists, too. */
static enum err open_lists(const char *path, struct lists **out)
{
	const char *slash = strrchr(path, '/');
	struct arena a = { 0 };
	char *dir = arena_cstr(&a, slash ? str_of(path, (size_t)(slash - path))
					 : STR("."));
	enum err rc = ERR_NOMEM;

	if (dir)
		rc = dir_lists_new(out, dir[0] ? dir : "/");
	arena_release(&a);
	return rc;
}

/* The lists of a folder, in which forms lie, too: one that has the name of a
 * list is not that list. */
struct beside {
	struct lists lists;
	struct lists *files;
};

static enum err beside_file(struct lists *l, struct str src, struct arena *a,
			    struct str *out)
{
	struct lists *files = ((struct beside *)l)->files;

	return files->file(files, src, a, out);
}

static enum err beside_open(struct lists *l, struct str id, struct str src,
			    struct list **out, struct report *rep)
{
	struct lists *files = ((struct beside *)l)->files;
	struct arena a = { 0 };
	struct str text;
	enum err rc = files->file(files, src, &a, &text);

	*out = NULL;
	if (!rc && xlsform_is_csv(text))
		rc = ERR_NOTFOUND;
	else
		rc = files->open(files, id, src, out, rep);
	arena_release(&a);
	return rc;
}

/* Lists that are not there may come later, with the store. */
static enum err load_form(struct app *app, const char *path, struct str xform,
			  struct beside *lists, struct form **form)
{
	struct form_options opt = { .allow_missing = true, .name = path };
	enum err rc = open_lists(path, &lists->files);

	lists->lists =
		(struct lists){ .open = beside_open, .file = beside_file };
	opt.lists = &lists->lists;
	return rc ? rc : form_new(form, xform, &opt, &app->report);
}

static int run_check(struct app *app, int argc, char **argv)
{
	struct buf xform = BUF_INIT(TREE_MAX_BYTES);
	struct xlsform_rows *rows = NULL;
	struct beside lists = { .files = NULL };
	struct form *form = NULL;
	enum err rc;

	argc = app_flags(app, argc, argv, (const struct app_flag[]){ { 0 } },
			 1);
	if (argc != 1)
		return app_usage("form check", stderr);
	rc = load_xform(app, argv[0], &xform, &rows);
	if (!rc)
		rc = load_form(app, argv[0], buf_str(&xform), &lists, &form);
	form_free(form);
	dir_lists_free(lists.files);
	app_xform_checked(app, argv[0], rows);
	xlsform_rows_free(rows);
	buf_release(&xform);
	return app_fail(app, rc);
}

/* "en" of "English (en)". */
static size_t language_of(const struct form *f, const char *code)
{
	for (size_t i = 0; code && i < form_language_count(f); i++) {
		struct str name = form_language(f, i);
		size_t open = str_find(name, STR("("), 0);

		if (str_eq(name, str_from(code)) ||
		    (open < name.n &&
		     str_eq(str_sub(name, open + 1, name.n - 1),
			    str_from(code))))
			return i;
	}
	return 0;
}

static enum err print_blank(struct app *app, const struct form *f,
			    const char *to)
{
	struct buf page = BUF_INIT(DOC_MAX);
	struct doc d;
	enum err rc;

	doc_open(&d, doc_format_of(to), &page, i18n_lang(), form_title(f));
	rc = print_form(&d, f, language_of(f, i18n_lang()));
	doc_close(&d);
	if (!rc)
		rc = file_write(to, buf_str(&page));
	if (rc)
		report_add(&app->report, PROBLEM_ERROR, str_from(to),
			   _("tidak bisa ditulis"));
	buf_release(&page);
	return rc;
}

/* A form by its id, with the lists of the store. */
static int print_installed(struct app *app, const char *id, const char *to)
{
	const struct form *form = NULL;
	enum err rc = app_open(app);

	if (!rc)
		rc = cases_form(app->cases, str_from(id), STR(""), &form,
				&app->report);
	if (!rc)
		rc = print_blank(app, form, to);
	return app_fail(app, rc);
}

static int run_print(struct app *app, int argc, char **argv)
{
	struct buf xform = BUF_INIT(TREE_MAX_BYTES);
	struct beside lists = { .files = NULL };
	struct xlsform_rows *rows = NULL;
	struct form *form = NULL;
	const char *to = NULL;
	enum err rc;

	argc = app_flags(
		app, argc, argv,
		(const struct app_flag[]){ { "-o", &to, NULL }, { 0 } }, 1);
	if (argc != 1 || !to)
		return app_usage("form print", stderr);
	if (!strpbrk(argv[0], "./"))
		return print_installed(app, argv[0], to);
	rc = app_xform(app, argv[0], &xform, &rows);
	if (!rc)
		rc = load_form(app, argv[0], buf_str(&xform), &lists, &form);
	if (!rc)
		rc = print_blank(app, form, to);
	if (!rc) /* lists that are not here are not printed */
		report_release(&app->report);
	app_xform_checked(app, argv[0], rows);
	xlsform_rows_free(rows);
	form_free(form);
	dir_lists_free(lists.files);
	buf_release(&xform);
	return app_fail(app, rc);
}

const struct command *commands_form(void)
{
	static const struct command rows[] = {
		{ "form convert", run_convert, N_("FORMULIR -o HASIL.xml"),
		  "pilar form convert kunjungan.csv -o kunjungan.xml",
		  N_("Mengubah XLSForm (.csv, .md, .xlsx, .xls) menjadi "
		     "XForm.") },
		{ "form check", run_check, N_("FORMULIR"),
		  "pilar form check kunjungan.csv",
		  N_("Memeriksa XLSForm atau XForm dan menyebut semua "
		     "masalahnya.") },
		{ "form print", run_print, N_("FORMULIR -o HASIL.html|.txt"),
		  "pilar form print kunjungan.csv -o kunjungan.html",
		  N_("Mencetak formulir kosong untuk diisi dengan pena: A4, "
		     "dengan nomor, kode dan lompatan.") },
		{ 0 },
	};

	return rows;
}
