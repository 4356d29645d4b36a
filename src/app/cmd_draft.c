/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/json.h"

#include "app.h"

static struct json *row_json(struct app *app, const void *row)
{
	const struct draft_row *r = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "id", json_str_new(r->id)) ||
	    json_set(j, "form", json_str_new(r->form_id)) ||
	    json_set(j, "version", json_str_new(r->form_version)) ||
	    json_set(j, "dataset", json_str_new(r->dataset)) ||
	    json_set(j, "entity", json_str_new(r->entity)) ||
	    json_set(j, "worker", json_str_new(r->worker)) ||
	    json_set(j, "cursor", json_str_new(r->cursor)) ||
	    json_set(j, "at", json_int_new(r->at)) ||
	    json_set(j, "acts", json_int_new((int64_t)r->acts)) ||
	    json_set(j, "held", json_bool_new(r->held))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void row_text(struct app *app, const void *row)
{
	const struct draft_row *r = row;

	app_print_cell(r->id, UUID_LEN);
	app_print_moment(app, r->at);
	app_print(r->form_title);
	if (r->title.n) {
		printf(" - ");
		app_print(r->title);
	}
	printf("%s\n", r->held ? _("  (sedang dibuka)") : "");
}

static enum err read_drafts(struct app *app, struct app_rows *rows)
{
	struct draft_row *all = NULL;
	enum err rc = draft_list(app->cases, &app->arena, &all, &rows->n);

	rows->at = all;
	return rc;
}

static int run_list(struct app *app, int argc, char **argv)
{
	const struct app_list list = { app_open,
				       read_drafts,
				       { .size = sizeof(struct draft_row),
					 .json = row_json,
					 .text = row_text } };

	return app_list(app, argc, argv, &list);
}

static int run_delete(struct app *app, int argc, char **argv)
{
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = draft_delete(app->cases, str_from(argv[0]));
	if (rc == ERR_NOTFOUND && app->cases)
		report_add(&app->report, PROBLEM_ERROR, str_from(argv[0]),
			   _("draf itu tidak ada"));
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

static int run_resume(struct app *app, int argc, char **argv)
{
	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	return app_screens_draft(app, str_from(argv[0]));
}

const struct command *commands_draft(void)
{
	static const struct command rows[] = {
		{ "draft list", run_list, "", "pilar draft list",
		  N_("Isian yang belum selesai, terbaru di atas.") },
		{ "draft resume", run_resume, "UUID",
		  "pilar draft resume 5f0e6c1a-30f8-4a52-9d4f-000000000000",
		  N_("Membuka layar di isian yang belum selesai itu.") },
		{ "draft delete", run_delete, "UUID",
		  "pilar draft delete 5f0e6c1a-30f8-4a52-9d4f-000000000000",
		  N_("Membuang satu isian yang belum selesai.") },
		{ 0 },
	};

	return rows;
}
