/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/i18n.h"
#include "pilar/json.h"

#include "app.h"

#define KIND_COLUMNS 14
#define LIST_COLUMNS 14

/* ---- all of them */
static struct json *row_json(struct app *app, const void *row)
{
	const struct conflict_at *at = row;
	struct json *j = json_object_new();
	struct entity e = { 0 };

	if (cases_entity(app->cases, at->dataset, at->id, &app->arena, &e) ||
	    json_set(j, "dataset", json_str_new(at->dataset)) ||
	    json_set(j, "id", json_str_new(at->id)) ||
	    json_set(j, "title", json_str_new(cases_title(app->cases, &e))) ||
	    json_set(j, "hard", json_bool_new(at->hard))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void row_text(struct app *app, const void *row)
{
	const struct conflict_at *at = row;
	struct entity e = { 0 };

	app_print_cell(
		str_from(at->hard ? _("isi berbeda") : _("perlu dilihat")),
		KIND_COLUMNS);
	app_print_cell(at->dataset, LIST_COLUMNS);
	app_print_cell(at->id, UUID_LEN);
	if (!cases_entity(app->cases, at->dataset, at->id, &app->arena, &e))
		app_print(cases_title(app->cases, &e));
	printf("\n");
}

static int list_all(struct app *app)
{
	struct app_rows rows = { .size = sizeof(struct conflict_at),
				 .json = row_json,
				 .text = row_text };
	struct conflict_at *list = NULL;
	enum err rc = cases_conflicts(app->cases, &app->arena, &list, &rows.n);

	rows.at = list;
	return rc ? app_fail(app, rc) : app_print_rows(app, &rows);
}

/* ---- one, side by side */
static struct json *who_json(const struct conflict_who *w)
{
	struct json *j = json_object_new();

	if (json_set(j, "worker", json_str_new(w->worker)) ||
	    json_set(j, "device", json_str_new(w->device)) ||
	    json_set(j, "form", json_str_new(w->title)) ||
	    json_set(j, "at", json_int_new(w->at))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static struct json *side_json(struct app *app, const void *row)
{
	const struct conflict_side *s = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "property", json_str_new(s->property)) ||
	    json_set(j, "label", json_str_new(s->label)) ||
	    json_set(j, "before", json_str_new(s->before)) ||
	    json_set(j, "first", json_str_new(s->first)) ||
	    json_set(j, "second", json_str_new(s->second)) ||
	    json_set(j, "first_by", who_json(&s->first_by)) ||
	    json_set(j, "second_by", who_json(&s->second_by)) ||
	    json_set(j, "asked", json_bool_new(s->asked))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void value_text(struct app *app, struct str value,
		       const struct conflict_who *by)
{
	printf("  ");
	app_print_moment(app, by->at);
	app_print_cell(by->worker, LIST_COLUMNS);
	app_print(value.n ? value : str_from(_("(kosong)")));
	printf("  (");
	app_print(by->title);
	printf(")\n");
}

static void side_text(struct app *app, const void *row)
{
	const struct conflict_side *s = row;

	app_print(s->label);
	printf(_(", semula: "));
	app_print(s->before.n ? s->before_text : str_from(_("(kosong)")));
	printf("\n");
	value_text(app, s->first_text, &s->first_by);
	value_text(app, s->second_text, &s->second_by);
}

static int show_one(struct app *app, struct str id)
{
	struct app_rows rows = { .size = sizeof(struct conflict_side),
				 .json = side_json,
				 .text = side_text };
	struct conflict_side *sides = NULL;
	struct entity e = { 0 };
	enum err rc = cases_entity_any(app->cases, id, &app->arena, &e);

	if (rc == ERR_NOTFOUND)
		report_add(&app->report, PROBLEM_ERROR, id,
			   _("kasus itu tidak ada"));
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_OPEN, e.dataset, e.id);
	if (!rc && e.conflict)
		rc = cases_conflict(app->cases, &e, &app->arena, &sides,
				    &rows.n);
	if (rc)
		return app_fail(app, rc);
	rows.at = sides;
	return app_print_rows(app, &rows);
}

static int run_conflicts(struct app *app, int argc, char **argv)
{
	int n = app_words(app, argc, argv, 1);
	enum err rc;

	if (n != 0 && n != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (rc)
		return app_fail(app, rc);
	return n ? show_one(app, str_from(argv[0])) : list_all(app);
}

const struct command *commands_conflict(void)
{
	static const struct command rows[] = {
		{ "case conflicts", run_conflicts, "[UUID]",
		  "pilar case conflicts",
		  N_("Data yang diisi berbeda oleh dua petugas: semuanya, "
		     "atau satu kasus berdampingan.") },
		{ 0 },
	};

	return rows;
}
