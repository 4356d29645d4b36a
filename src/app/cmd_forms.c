/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/tree.h"
#include "pilar/utf8.h"
#include "pilar/xlsform.h"

#include "app.h"

#define ID_COLUMNS      28
#define VERSION_COLUMNS 14

static struct json *row_json(struct app *app, const void *row)
{
	const struct form_row *r = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "id", json_str_new(r->id)) ||
	    json_set(j, "version", json_str_new(r->version)) ||
	    json_set(j, "title", json_str_new(r->title)) ||
	    json_set(j, "current", json_bool_new(r->current))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void row_text(struct app *app, const void *row)
{
	const struct form_row *r = row;

	(void)app;
	app_print_cell(r->id, ID_COLUMNS);
	app_print_cell(r->version, VERSION_COLUMNS);
	app_print(r->title);
	printf("%s\n", r->current ? "" : _("  (versi lama)"));
}

static enum err read_forms(struct app *app, struct app_rows *rows)
{
	struct form_row *all = NULL;
	enum err rc = cases_forms(app->cases, &app->arena, &all, &rows->n);

	rows->at = all;
	return rc;
}

static int run_list(struct app *app, int argc, char **argv)
{
	const struct app_list list = { app_open,
				       read_forms,
				       { .size = sizeof(struct form_row),
					 .json = row_json,
					 .text = row_text } };

	return app_list(app, argc, argv, &list);
}

static int run_add(struct app *app, int argc, char **argv)
{
	struct buf xform = BUF_INIT(TREE_MAX_BYTES);
	struct xlsform_rows *rows = NULL;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	if (app_is_list(argv[0])) {
		rc = app_open(app);
		return app_fail(app, rc ? rc : app_put_list(app, argv[0]));
	}
	rc = app_xform(app, argv[0], &xform, &rows);
	if (!rc)
		rc = app_open(app);
	if (!rc) {
		rc = cases_form_add(app->cases, buf_str(&xform), argv[0],
				    &app->report);
		app_xform_checked(app, argv[0], rows);
	}
	if (rc == ERR_EXISTS && !app->report.errors)
		report_add(&app->report, PROBLEM_ERROR, str_from(argv[0]),
			   _("versi itu sudah ada dengan isi lain; naikkan "
			     "version di lembar settings"));
	xlsform_rows_free(rows);
	buf_release(&xform);
	return app_fail(app, rc);
}

/* The same XML, with a reference for each sign that steers a terminal. */
static void print_xml(struct str xml)
{
	size_t from = 0;

	for (size_t at = 0; at < xml.n;) {
		size_t here = at;
		uint32_t cp = utf8_next(xml, &at);

		if (utf8_printable(cp) || cp < 0x20)
			continue;
		printf("%.*s&#x%X;", STR_ARG(str_sub(xml, from, here)),
		       (unsigned)cp);
		from = at;
	}
	printf("%.*s\n", STR_ARG(str_sub(xml, from, xml.n)));
}

static int run_show(struct app *app, int argc, char **argv)
{
	const struct form *form = NULL;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = cases_form(app->cases, str_from(argv[0]), STR(""), &form,
				&app->report);
	if (rc)
		return app_fail(app, rc);
	print_xml(form_xml(form));
	return EXIT_DONE;
}

static int run_remove(struct app *app, int argc, char **argv)
{
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = cases_form_remove(app->cases, str_from(argv[0]),
				       &app->report);
	if (rc == ERR_NOTFOUND && app->cases && !app->report.errors)
		report_add(&app->report, PROBLEM_ERROR, str_from(argv[0]),
			   _("formulir itu tidak ada"));
	return app_fail(app, rc);
}

const struct command *commands_forms(void)
{
	static const struct command rows[] = {
		{ "form list", run_list, "", "pilar form list",
		  N_("Formulir yang ada di penyimpanan ini.") },
		{ "form add", run_add, N_("FORMULIR|DAFTAR.csv"),
		  "pilar form add kunjungan.csv",
		  N_("Memeriksa dan memasang formulir, daftar (wilayah.csv), "
		     "datasets.csv atau recaps.csv.") },
		{ "form show", run_show, "ID", "pilar form show kunjungan",
		  N_("Menulis XForm sebuah formulir ke keluaran.") },
		{ "form remove", run_remove, "ID", "pilar form remove lama",
		  N_("Melepas formulir; isian dan draf yang memakainya tetap "
		     "terbaca.") },
		{ 0 },
	};

	return rows;
}
