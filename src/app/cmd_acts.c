/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/when.h"

#include "app.h"

#define PROPERTY_COLUMNS 16
#define TITLE_COLUMNS    30

/* ---- who set what, when, from which form */
static struct json *change_json(struct app *app, const void *row)
{
	const struct prop_change *c = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "property", json_str_new(c->property)) ||
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
	app_print_cell(c->property, PROPERTY_COLUMNS);
	app_print_cell(c->worker, PROPERTY_COLUMNS);
	app_print_cell(c->title, TITLE_COLUMNS);
	if (c->was.n) {
		app_print(c->was);
		printf(" -> ");
	}
	app_print(c->value);
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
	const struct app_flag flags[] = { { 0 } };
	struct str draft = STR("");
	struct event e = { 0 };
	enum err rc;

	if (app_flags(app, argc, argv, flags) != 0)
		return app_usage(app->command->words, stderr);
	rc = undo(app, &e, &draft);
	if (rc)
		return app_fail(app, rc);
	app_say(stderr, _("pilar: %.*s ditarik; isiannya menjadi draf lagi\n"),
		STR_ARG(e.title));
	printf("%.*s\n", STR_ARG(draft));
	return EXIT_DONE;
}

const struct command *commands_acts(void)
{
	static const struct command rows[] = {
		{ "case undo", run_undo, "", "pilar case undo",
		  N_("Menarik isian terakhir Anda selama belum diekspor.") },
		{ 0 },
	};

	return rows;
}
