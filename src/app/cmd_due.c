/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/agenda.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/search.h"
#include "pilar/when.h"

#include "app.h"

#define LABEL_COLUMNS 20
#define PLACE_COLUMNS 20

struct json *app_agenda_json(struct app *app, const struct agenda_row *row)
{
	struct agenda_row d = *row;
	struct json *j = json_object_new();

	if (agenda_fill(app->cases, &d, &app->arena) ||
	    json_set(j, "dataset", json_str_new(d.dataset)) ||
	    json_set(j, "id", json_str_new(d.id)) ||
	    json_set(j, "title", json_str_new(d.title)) ||
	    json_set(j, "name", json_str_new(d.name)) ||
	    json_set(j, "label", json_str_new(d.label)) ||
	    json_set(j, "place", json_str_new(d.place)) ||
	    json_set(j, "day", json_str_new(app_day(app, d.day))) ||
	    (d.draft.n && json_set(j, "draft", json_str_new(d.draft)))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static struct json *row_json(struct app *app, const void *row)
{
	return app_agenda_json(app, row);
}

static void row_text(struct app *app, const void *row)
{
	const struct agenda_row *d = row;

	printf("%.*s  ", STR_ARG(app_day(app, d->day)));
	app_print_cell(d->label, LABEL_COLUMNS);
	app_print_cell(d->draft.n ? d->draft : d->id, UUID_LEN);
	app_print_cell(d->place, PLACE_COLUMNS);
	app_print(d->title);
	printf("\n");
}

/* "2026-12-31" as days; INT64_MAX without. */
static enum err last_day(struct app *app, const char *text, int64_t *day)
{
	struct when w;

	*day = INT64_MAX;
	if (!text)
		return ERR_NONE;
	if (!when_parse(str_from(text), &w) || !w.has_date) {
		report_add(&app->report, PROBLEM_ERROR, STR("--to"),
			   _("bukan tanggal, misalnya 2026-12-31"));
		return ERR_INVALID;
	}
	*day = when_days(w.year, w.month, w.day);
	return ERR_NONE;
}

static enum err order_of(struct app *app, const char *by, bool *by_place)
{
	*by_place = by && str_is(str_from(by), "place");
	if (!by || *by_place || str_is(str_from(by), "day"))
		return ERR_NONE;
	report_add(&app->report, PROBLEM_ERROR, STR("--by"),
		   _("harus day atau place"));
	return ERR_INVALID;
}

/* Of places that begin so, in any spelling. */
static size_t keep_place(struct app *app, struct agenda_row *rows, size_t n,
			 const char *place)
{
	struct str want = search_fold(&app->arena, str_from(place), false);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (str_starts(search_fold(&app->arena, rows[i].place, false),
			       want))
			rows[kept++] = rows[i];
	return kept;
}

static int64_t today(struct app *app)
{
	struct when w;

	when_local(app->sys, sys_now(app->sys), &w);
	return when_days(w.year, w.month, w.day);
}

static int run_due(struct app *app, int argc, char **argv)
{
	const char *to = NULL, *by = NULL, *place = NULL;
	const struct app_flag flags[] = { { "--to", &to, NULL },
					  { "--by", &by, NULL },
					  { "--place", &place, NULL },
					  { 0 } };
	struct app_rows rows = { .size = sizeof(struct agenda_row),
				 .json = row_json,
				 .text = row_text };
	struct agenda_row *list = NULL;
	bool by_place = false;
	int64_t last;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = last_day(app, to, &last);
	if (!rc)
		rc = order_of(app, by, &by_place);
	if (!rc)
		rc = app_open(app);
	if (!rc)
		rc = cases_agenda(app->cases, last, &app->arena, &list,
				  &rows.n);
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = agenda_fill(app->cases, &list[i], &app->arena);
	if (!rc && place)
		rows.n = keep_place(app, list, rows.n, place);
	if (!rc && by_place)
		rc = agenda_by_place(list, rows.n, today(app), &app->arena);
	rows.at = list;
	return rc ? app_fail(app, rc) : app_print_rows(app, &rows);
}

const struct command *commands_due(void)
{
	static const struct command rows[] = {
		{ "case due", run_due,
		  N_("[--to TANGGAL] [--by day|place] [--place DESA]"),
		  "pilar case due --to 2026-12-31 --by place",
		  N_("Apa yang jatuh tempo, yang terlambat di atas; atau per "
		     "desa untuk menyusun rute.") },
		{ 0 },
	};

	return rows;
}
