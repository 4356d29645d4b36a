/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/when.h"

#include "app.h"

#define LABEL_COLUMNS  24
#define WORKER_COLUMNS 12
#define TITLE_COLUMNS  30

/* ---- who set what, when, from which form */
static struct json *change_json(struct app *app, const void *row)
{
	const struct prop_change *c = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "property", json_str_new(c->property)) ||
	    json_set(j, "label", json_str_new(c->label)) ||
	    json_set(j, "was", json_str_new(c->was)) ||
	    json_set(j, "value", json_str_new(c->value)) ||
	    json_set(j, "worker", json_str_new(c->worker)) ||
	    json_set(j, "form", json_str_new(c->title)) ||
	    json_set(j, "event", json_str_new(c->instance_id)) ||
	    json_set(j, "at", json_int_new(c->at))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void change_text(struct app *app, const void *row)
{
	const struct prop_change *c = row;
	char date[WHEN_MAX];
	struct when w;

	when_local(app->sys, c->at, &w);
	printf("%.*s  ", STR_ARG(when_date_text(&w, date)));
	app_print_cell(c->label, LABEL_COLUMNS);
	app_print_cell(c->worker, WORKER_COLUMNS);
	app_print_cell(c->title, TITLE_COLUMNS);
	if (c->was.n) {
		app_print(c->was_text);
		printf(" -> ");
	}
	app_print(c->value_text);
	printf("\n");
}

int app_history(struct app *app, const struct entity *e)
{
	struct app_rows rows = { .size = sizeof(struct prop_change),
				 .json = change_json,
				 .text = change_text };
	struct prop_change *list = NULL;
	enum err rc = cases_history(app->cases, e, &app->arena, &list, &rows.n);

	rows.at = list;
	return rc ? app_fail(app, rc) : app_print_rows(app, &rows);
}

/* ---- case undo */
static enum err undo(struct app *app, struct event *e, struct str *draft)
{
	enum err rc = app_open(app);

	if (!rc)
		rc = cases_undo_last(app->cases, &app->arena, e, &app->report);
	if (!rc)
		rc = cases_undo(app->cases, e->instance_id, &app->report);
	return rc ? rc
		  : draft_again(app->cases, e, &app->arena, draft,
				&app->report);
}

static int run_undo(struct app *app, int argc, char **argv)
{
	struct str draft = STR("");
	struct event e = { 0 };
	enum err rc;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = undo(app, &e, &draft);
	if (rc)
		return app_fail(app, rc);
	app_say(stderr, _("pilar: %.*s ditarik; isiannya menjadi draf lagi\n"),
		STR_ARG(e.title));
	printf("%.*s\n", STR_ARG(draft));
	return EXIT_DONE;
}

/* ---- case merge */
static enum err the_case(struct app *app, struct str id, struct entity *e)
{
	enum err rc = cases_entity_any(app->cases, id, &app->arena, e);

	if (rc == ERR_NOTFOUND)
		report_add(&app->report, PROBLEM_ERROR, id,
			   _("kasus itu tidak ada"));
	else if (!rc && e->merged.n) {
		report_add(&app->report, PROBLEM_ERROR, id,
			   _("sudah digabung ke catatan lain"));
		rc = ERR_REFUSED;
	}
	return rc;
}

/* Both as they are now, of one list. */
static enum err both(struct app *app, char **argv, struct entity *stays,
		     struct entity *goes)
{
	enum err rc = app_open(app);

	if (!rc)
		rc = the_case(app, str_from(argv[0]), stays);
	if (!rc)
		rc = the_case(app, str_from(argv[1]), goes);
	if (!rc && (!str_eq(stays->dataset, goes->dataset) ||
		    str_eq(stays->id, goes->id))) {
		report_add(&app->report, PROBLEM_ERROR, goes->id,
			   _("bukan catatan lain dari daftar yang sama"));
		rc = ERR_REFUSED;
	}
	return rc;
}

static int run_merge(struct app *app, int argc, char **argv)
{
	const char *remark = NULL;
	const struct app_flag flags[] = { { "--remark", &remark, NULL },
					  { 0 } };
	struct entity stays = { 0 }, goes = { 0 };
	struct cases_start how = { .n_answers = 0 };
	struct str id = STR("");
	enum err rc;

	if (app_flags(app, argc, argv, flags, 2) != 2)
		return app_usage(app->command->words, stderr);
	rc = both(app, argv, &stays, &goes);
	if (!rc)
		rc = cases_merge(app->cases, &stays, goes.id, &app->arena,
				 &how);
	if (rc == ERR_NOTFOUND && how.form.n == 0 && stays.id.n)
		report_add(&app->report, PROBLEM_ERROR, stays.dataset,
			   _("daftar ini tidak bisa digabung"));
	how.remark = str_from(remark);
	if (!rc)
		rc = cases_act(app->cases, &how, &app->arena, &id,
			       &app->report);
	if (rc)
		return app_fail(app, rc);
	app_warn(app);
	printf("%.*s\n", STR_ARG(id));
	return EXIT_DONE;
}

const struct command *commands_acts(void)
{
	static const struct command rows[] = {
		{ "case undo", run_undo, "", "pilar case undo",
		  N_("Menarik isian terakhir Anda selama belum diekspor.") },
		{ "case merge", run_merge,
		  N_("UUID UUID-KEMBARNYA [--remark TEKS]"),
		  "pilar case merge 5f0e6c1a-30f8-4a52-9d4f-000000000000 "
		  "61d3b0aa-30f8-4a52-9d4f-000000000000",
		  N_("Menggabung catatan kembar ke yang pertama; riwayat "
		     "keduanya tetap dan bisa dipisah lagi.") },
		{ 0 },
	};

	return rows;
}
