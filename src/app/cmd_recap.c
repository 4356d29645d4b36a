/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/recap.h"

#include "app.h"

/* What a recap becomes and where it goes; "-" is standard output. */
struct target {
	const char *csv, *html, *file;
};

static enum err set_month(struct app *app, const char *month,
			  struct recap_ask *ask)
{
	if (recap_month(str_from(month), &app->arena, &ask->from, &ask->to))
		return ERR_NONE;
	report_add(&app->report, PROBLEM_ERROR, STR("--month"),
		   _("bulan ditulis tahun-bulan, misalnya 2026-11"));
	return ERR_INVALID;
}

static enum err write_out(struct app *app, const char *to, struct str bytes)
{
	enum err rc = ERR_NONE;

	if (!to || strcmp(to, "-") == 0)
		return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n ? rc
								      : ERR_IO;
	rc = file_write(to, bytes);
	if (rc)
		report_add(&app->report, PROBLEM_ERROR, str_from(to),
			   _("tidak bisa ditulis"));
	return rc;
}

static enum err make_doc(struct app *app, const struct recap_ask *ask,
			 enum doc_format format, struct buf *out)
{
	struct doc d;
	enum err rc;

	doc_open(&d, format, out, i18n_lang(), recap_title(ask->recap));
	rc = recap_doc(ask, &d, &app->report);
	doc_close(&d);
	return rc ? rc : out->failed;
}

static enum err print_json(struct app *app, const struct recap_ask *ask)
{
	struct json *j = NULL;
	enum err rc = recap_json(ask, &j, &app->report);

	app_progress_end(app);
	return !rc && app_print_json(j) ? ERR_IO : rc;
}

static enum err print_file(struct app *app, const struct recap_ask *ask,
			   const struct target *to)
{
	struct buf out = BUF_INIT(DOC_MAX);
	const char *file = to->csv ? to->csv : to->html ? to->html : to->file;
	enum doc_format format = doc_format_of(file ? file : "");
	enum err rc;

	if (to->csv || (!to->html && str_ends(str_from(file), STR(".csv"))))
		rc = recap_csv(ask, &out, &app->report);
	else
		rc = make_doc(app, ask, to->html ? DOC_HTML : format, &out);
	app_progress_end(app);
	if (!rc)
		rc = write_out(app, file, buf_str(&out));
	buf_release(&out);
	return rc;
}

static enum err give(struct app *app, const struct recap_ask *ask,
		     const struct target *to)
{
	enum err rc =
		app->json ? print_json(app, ask) : print_file(app, ask, to);

	return rc ? rc
		  : cases_audit(app->cases, AUDIT_PRINT,
				recap_dataset(ask->recap),
				recap_name(ask->recap));
}

static enum err list_recaps(struct app *app, const struct recaps *all)
{
	struct json *list = app->json ? json_array_new() : NULL;
	const struct recap *r;
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && (r = recaps_at(all, i)); i++) {
		struct json *j = list ? json_object_new() : NULL;

		if (!list) {
			app_print_cell(recap_name(r), 22);
			app_print(recap_title(r));
			printf("\n");
			continue;
		}
		rc = json_set(j, "name", json_str_new(recap_name(r)));
		if (!rc)
			rc = json_set(j, "title", json_str_new(recap_title(r)));
		rc = rc ? rc : json_push(list, j);
	}
	if (list && !rc)
		return app_print_json(list) ? ERR_IO : ERR_NONE;
	json_free(list);
	return rc;
}

static enum err choose(struct app *app, struct recap_ask *ask, const char *name)
{
	ask->cases = app->cases;
	ask->progress = app_progress;
	ask->arg = app;
	ask->recap = recaps_find(ask->recaps, str_from(name));
	if (ask->recap)
		return ERR_NONE;
	report_add(&app->report, PROBLEM_ERROR, str_from(name),
		   _("tidak ada rekap bernama itu; lihat pilar recap"));
	return ERR_NOTFOUND;
}

/* Of which days; without any a report is of a month. */
static void usual_period(struct app *app, struct recap_ask *ask)
{
	struct arena *a = &app->arena;

	if (!ask->from.n && !ask->to.n && recap_of_month(ask->recap))
		recap_month(recap_usual_month(cases_sys(app->cases), a), a,
			    &ask->from, &ask->to);
}

/* Without a name: which there are. */
static enum err recap_or_list(struct app *app, struct recap_ask *ask,
			      const char *name, const struct target *to)
{
	struct recaps *all = NULL;
	enum err rc = app_open(app);

	if (!rc)
		rc = recaps_open(&all, app->cases, &app->report);
	ask->recaps = all;
	if (!rc && !name) {
		rc = list_recaps(app, all);
	} else if (!rc) {
		rc = choose(app, ask, name);
		if (!rc) {
			usual_period(app, ask);
			rc = give(app, ask, to);
		}
	}
	recaps_free(all);
	return rc;
}

static int run_recap(struct app *app, int argc, char **argv)
{
	const char *by = NULL, *from = NULL, *upto = NULL, *month = NULL;
	struct target to = { NULL, NULL, NULL };
	const struct app_flag flags[] = {
		{ "--by", &by, NULL },      { "--from", &from, NULL },
		{ "--to", &upto, NULL },    { "--month", &month, NULL },
		{ "--csv", &to.csv, NULL }, { "--html", &to.html, NULL },
		{ "-o", &to.file, NULL },   { 0 },
	};
	struct recap_ask ask = { .recaps = NULL };
	enum err rc;

	argc = app_flags(app, argc, argv, flags, 1);
	if (argc < 0 || argc > 1)
		return app_usage("recap", stderr);
	ask.from = str_from(from);
	ask.to = str_from(upto);
	ask.by = str_from(by);
	rc = month ? set_month(app, month, &ask) : ERR_NONE;
	if (!rc)
		rc = recap_or_list(app, &ask, argc ? argv[0] : NULL, &to);
	return app_fail(app, rc);
}

static int run_print(struct app *app, int argc, char **argv)
{
	struct target to = { NULL, NULL, NULL };
	struct recaps *all = NULL;
	struct recap_ask ask = { .recaps = NULL };
	struct entity e = { 0 };
	enum err rc;

	argc = app_flags(
		app, argc, argv,
		(const struct app_flag[]){ { "-o", &to.file, NULL }, { 0 } },
		2);
	if (argc != 2)
		return app_usage("case print", stderr);
	rc = app_open(app);
	if (!rc)
		rc = recaps_open(&all, app->cases, &app->report);
	ask.recaps = all;
	if (!rc)
		rc = choose(app, &ask, argv[1]);
	if (!rc) {
		rc = cases_entity_any(app->cases, str_from(argv[0]),
				      &app->arena, &e);
		if (rc == ERR_NOTFOUND)
			report_add(&app->report, PROBLEM_ERROR, STR(""),
				   _("catatan dengan nomor itu tidak ada"));
	}
	ask.about = &e;
	if (!rc)
		rc = give(app, &ask, &to);
	recaps_free(all);
	return app_fail(app, rc);
}

const struct command *commands_recap(void)
{
	static const struct command rows[] = {
		{ "recap", run_recap,
		  N_("[NAMA] [--by P] [--month BULAN | --from D --to D] "
		     "[--csv FILE | --html FILE | -o FILE]"),
		  "pilar recap pmks --month 2026-11 --html pmks.html",
		  N_("Menghitung, mendaftar dan melaporkan; tanpa NAMA: apa "
		     "saja yang ada.") },
		{ "case print", run_print, N_("UUID SURAT [-o FILE]"),
		  "pilar case print 5f0c... surat_rujukan -o surat.html",
		  N_("Mencetak surat atau ringkasan tentang satu catatan.") },
		{ 0 },
	};

	return rows;
}
