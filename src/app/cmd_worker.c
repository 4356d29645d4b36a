/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/json.h"

#include "app.h"

#define CODE_COLUMNS 12
#define NAME_COLUMNS 26
#define ROLE_COLUMNS 10

static struct json *worker_json(struct app *app, const void *row)
{
	const struct worker *w = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "code", json_str_new(w->code)) ||
	    json_set(j, "name", json_str_new(w->name)) ||
	    json_set(j, "role", json_str_new(w->role)) ||
	    json_set(j, "village", json_str_new(w->village)) ||
	    json_set(j, "lang", json_str_new(w->language))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void worker_text(struct app *app, const void *row)
{
	const struct worker *w = row;

	(void)app;
	app_print_cell(w->code, CODE_COLUMNS);
	app_print_cell(w->name, NAME_COLUMNS);
	app_print_cell(w->role, ROLE_COLUMNS);
	app_print(w->village);
	printf("  ");
	app_print(w->language);
	printf("\n");
}

/* What the flags say of a worker; NULL: nothing. */
struct said {
	const char *name, *role, *village, *lang;
};
#define SAID_FLAGS(s)                                                 \
	{ "--name", &(s).name, NULL }, { "--role", &(s).role, NULL }, \
		{ "--village", &(s).village, NULL },                  \
	{                                                             \
		"--lang", &(s).lang, NULL                             \
	}

static void apply(struct worker *w, const struct said *s)
{
	const struct {
		const char *said;
		struct str *to;
	} rows[] = {
		{ s->name, &w->name },
		{ s->role, &w->role },
		{ s->village, &w->village },
		{ s->lang, &w->language },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].said)
			*rows[i].to = str_from(rows[i].said);
}

static enum err put(struct app *app, const struct worker *w)
{
	enum err rc = cases_worker_check(w, &app->report);

	return rc ? rc : cases_worker_put(app->cases, w);
}

static int show(struct app *app, const struct worker *w)
{
	if (app->json)
		return app_print_json(worker_json(app, w));
	worker_text(app, w);
	return EXIT_DONE;
}

static int run_profile(struct app *app, int argc, char **argv)
{
	struct said said = { NULL, NULL, NULL, NULL };
	const struct app_flag flags[] = { SAID_FLAGS(said), { 0 } };
	struct worker w;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (rc)
		return app_fail(app, rc);
	w = *cases_worker(app->cases);
	apply(&w, &said);
	if (said.name || said.role || said.village || said.lang)
		rc = put(app, &w);
	return rc ? app_fail(app, rc) : show(app, &w);
}

static enum err read_workers(struct app *app, struct app_rows *rows)
{
	struct worker *all = NULL;
	enum err rc = cases_workers(app->cases, &app->arena, &all, &rows->n);

	rows->at = all;
	return rc;
}

static int run_list(struct app *app, int argc, char **argv)
{
	const struct app_list list = { app_open_any,
				       read_workers,
				       { .size = sizeof(struct worker),
					 .json = worker_json,
					 .text = worker_text } };

	return app_list(app, argc, argv, &list);
}

static bool taken(struct app *app, struct str code)
{
	struct worker *all = NULL;
	size_t n = 0;

	if (cases_workers(app->cases, &app->arena, &all, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].code, code))
			return true;
	return false;
}

static int run_add(struct app *app, int argc, char **argv)
{
	struct said said = { NULL, NULL, NULL, NULL };
	const struct app_flag flags[] = { SAID_FLAGS(said), { 0 } };
	struct worker w = { .code = { NULL, 0 } };
	enum err rc;

	if (app_flags(app, argc, argv, flags, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open_any(app);
	if (rc)
		return app_fail(app, rc);
	w.code = w.name = str_from(argv[0]);
	w.role = cases_worker(app->cases)->role;
	w.village = cases_worker(app->cases)->village;
	w.language = cases_worker(app->cases)->language;
	apply(&w, &said);
	if (taken(app, w.code)) {
		report_add(&app->report, PROBLEM_ERROR, w.code,
			   _("kode petugas ini sudah ada"));
		return app_fail(app, ERR_EXISTS);
	}
	rc = put(app, &w);
	return rc ? app_fail(app, rc) : show(app, &w);
}

const struct command *commands_worker(void)
{
	static const struct command rows[] = {
		{ "profile", run_profile,
		  "[--name N] [--role P] [--village D] [--lang id|en]",
		  "pilar profile --village Kaliawi",
		  N_("Menampilkan atau mengubah data petugas ini.") },
		{ "worker list", run_list, "", "pilar worker list",
		  N_("Semua petugas yang memakai penyimpanan ini.") },
		{ "worker add", run_add,
		  "KODE [--name N] [--role P] [--village D] [--lang id|en]",
		  "pilar worker add sari --name Sari",
		  N_("Menambah petugas; ia memakai --worker KODE.") },
		{ 0 },
	};

	return rows;
}
