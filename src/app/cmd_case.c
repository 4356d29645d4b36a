/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/agenda.h"
#include "pilar/cases.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/search.h"
#include "pilar/when.h"

#include "app.h"

/* Hits that `find` shows: what a person reads; the rest is counted. */
#define FIND_ROWS     100
#define TITLE_COLUMNS 30

static const struct dataset *dataset_of(struct app *app, struct str name)
{
	const struct datasets *d = cases_datasets(app->cases);

	return d ? datasets_find(d, name) : NULL;
}

/* Text of one row of datasets.csv, or empty. */
static struct str shown(struct app *app, const struct entity *e,
			const struct dataset_row *row, bool masked)
{
	struct str out = STR("");

	if (cases_shown(app->cases, e, row, masked, &app->arena, &out))
		return STR("");
	return out;
}

/* The texts of one kind of row as an object: {"No. KK": ".."}. */
static struct json *rows_json(struct app *app, const struct entity *e,
			      enum dataset_kind kind, bool masked)
{
	const struct dataset *d = dataset_of(app, e->dataset);
	struct json *j = json_object_new();
	const struct dataset_row *row;

	for (size_t i = 0; d && (row = dataset_row(d, kind, i)); i++) {
		char *name = arena_cstr(&app->arena, row->name);

		if (masked && row->specific)
			continue; /* lists do not show it */
		if (name &&
		    json_set(j, name, json_str_new(shown(app, e, row, masked))))
			break;
	}
	return j;
}

static struct json *entity_head(struct app *app, const struct entity *e)
{
	struct json *j = json_object_new();

	if (json_set(j, "dataset", json_str_new(e->dataset)) ||
	    json_set(j, "id", json_str_new(e->id)) ||
	    json_set(j, "title", json_str_new(cases_title(app->cases, e))) ||
	    (e->closed &&
	     json_set(j, "closed", json_str_new(e->closed->name)))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static struct json *hit_json(struct app *app, const struct entity *e)
{
	struct json *j = entity_head(app, e);

	if (j &&
	    json_set(j, "columns", rows_json(app, e, DATASET_COLUMN, true))) {
		json_free(j);
		return NULL;
	}
	return j;
}

/* What became of it, when it left the lists. */
static void mark(const struct entity *e)
{
	if (!e->closed)
		return;
	printf(" (");
	app_print(dataset_label(e->closed));
	printf(")");
}

/* The id, the title and every further column, masked as in lists. */
static void hit_text(struct app *app, const struct entity *e)
{
	const struct dataset *d = dataset_of(app, e->dataset);
	const struct dataset_row *row;

	app_print_cell(e->id, UUID_LEN);
	app_print_cell(cases_title(app->cases, e), TITLE_COLUMNS);
	for (size_t i = 1; d && (row = dataset_row(d, DATASET_COLUMN, i));
	     i++) {
		if (row->specific)
			continue;
		app_print(shown(app, e, row, true));
		printf("  ");
	}
	mark(e);
}

/* Which of those that belong to it has the words. */
static enum err match_json(struct app *app, const struct hit *h, struct json *j)
{
	struct entity e = { 0 };
	enum err rc = h->child.n ? cases_entity(app->cases, h->child_dataset,
						h->child, &app->arena, &e)
				 : ERR_NOTFOUND;

	return rc ? ERR_NONE : json_set(j, "match", entity_head(app, &e));
}

static void match_text(struct app *app, const struct hit *h)
{
	const struct dataset_row *kind = dataset_row(
		dataset_of(app, h->child_dataset), DATASET_TITLE, 0);
	struct entity e = { 0 };

	if (h->how == HIT_SIMILAR)
		printf("  (%s)", _("nama mirip"));
	if (!h->child.n || cases_entity(app->cases, h->child_dataset, h->child,
					&app->arena, &e))
		return;
	printf("  (");
	app_print(kind ? dataset_label(kind) : h->child_dataset);
	printf(": ");
	app_print(cases_title(app->cases, &e));
	printf(")");
}

static enum err each_hit(struct app *app, const struct hit *hits, size_t n,
			 struct json *list)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < n; i++) {
		struct entity e = { 0 };
		struct json *j = NULL;

		rc = cases_entity(app->cases, hits[i].dataset, hits[i].id,
				  &app->arena, &e);
		if (rc)
			break;
		if (!list) {
			hit_text(app, &e);
			match_text(app, &hits[i]);
			printf("\n");
			continue;
		}
		j = hit_json(app, &e);
		rc = j ? match_json(app, &hits[i], j) : ERR_NOMEM;
		rc = rc ? rc : json_push(list, j);
	}
	return rc;
}

/* What the query finds; reasons that are the query's go to the report. */
static enum err find(struct app *app, const struct search_query *q,
		     struct search_result *found)
{
	enum err rc = app_open(app);

	if (rc)
		return rc;
	if (q->dataset.n && !dataset_of(app, q->dataset)) {
		report_add(&app->report, PROBLEM_ERROR, STR("--dataset"),
			   _("daftar itu tidak ada"));
		return ERR_NOTFOUND;
	}
	rc = cases_search(app->cases, q, &app->arena, found);
	if (!rc)
		cases_spelled(app->cases, q->text, found);
	if (rc == ERR_INVALID)
		report_add(&app->report, PROBLEM_ERROR, found->what, "%s",
			   search_wrong(found->wrong));
	return rc;
}

/* That there is none, or how many there are when not all are shown. */
static void say_more(const struct search_result *found)
{
	if (!found->n)
		fprintf(stderr, "%s", _("pilar: tidak ada yang cocok\n"));
	else if (found->more)
		fprintf(stderr,
			_("pilar: %zu ditampilkan, masih ada yang lain\n"),
			found->n);
	else if (found->total > found->n)
		fprintf(stderr, _("pilar: %zu cocok, %zu ditampilkan\n"),
			found->total, found->n);
}

static int run_find(struct app *app, int argc, char **argv)
{
	const char *dataset = NULL, *where = NULL;
	const struct app_flag flags[] = { { "--dataset", &dataset, NULL },
					  { "--where", &where, NULL },
					  { 0 } };
	struct search_query q = { .limit = FIND_ROWS };
	struct json *list = NULL;
	struct search_result found = { 0 };
	int words = app_flags(app, argc, argv, flags, 1);
	enum err rc;

	if (words < 0 || words > 1 || (!words && !where) || (where && !dataset))
		return app_usage(app->command->words, stderr);
	q.text = arena_printf(&app->arena, "%s %s", where ? where : "",
			      words ? argv[0] : "");
	q.text = str_trim(q.text);
	q.dataset = str_from(dataset);
	rc = find(app, &q, &found);
	if (!rc && app->json)
		list = json_array_new();
	if (!rc)
		rc = each_hit(app, found.hits, found.n, list);
	if (rc) {
		json_free(list);
		return app_fail(app, rc);
	}
	if (list)
		return app_print_json(list);
	say_more(&found);
	return EXIT_DONE;
}

/* ---- case show */

static struct json *remark_json(const struct event_remark *r)
{
	struct json *j = json_object_new();

	if (json_set(j, "ref", json_str_new(r->path)) ||
	    json_set(j, "question", json_str_new(r->question)) ||
	    json_set(j, "text", json_str_new(r->text))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static struct json *event_json(const struct event *e,
			       const struct event_remark *list, size_t n)
{
	struct json *j = json_object_new(), *remarks = json_array_new();
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++)
		rc = json_push(remarks, remark_json(&list[i]));

	if (json_set(j, "remarks", remarks) || rc ||
	    json_set(j, "id", json_str_new(e->instance_id)) ||
	    json_set(j, "form", json_str_new(e->form_id)) ||
	    json_set(j, "name", json_str_new(e->name)) ||
	    json_set(j, "version", json_str_new(e->form_version)) ||
	    json_set(j, "worker", json_str_new(e->worker)) ||
	    json_set(j, "at", json_int_new(e->at)) ||
	    json_set(j, "exported", json_bool_new(e->exported))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void event_text(struct app *app, const struct event *e, struct str of,
		       const struct event_remark *list, size_t n)
{
	struct str gist = event_gist(e, of, &app->arena);
	char date[WHEN_MAX];
	struct when w;

	when_local(app->sys, e->at, &w);
	printf("  %.*s  ", STR_ARG(when_date_text(&w, date)));
	app_print_cell(e->title, TITLE_COLUMNS);
	app_print(e->worker);
	printf("  %s", e->exported ? "" : _("belum diekspor"));
	if (gist.n) {
		printf("  ");
		app_print(gist);
	}
	printf("\n");
	for (size_t i = 0; i < n; i++) {
		printf("    # ");
		if (list[i].question.n) {
			app_print(list[i].question);
			printf(": ");
		}
		app_print(list[i].text);
		printf("\n");
	}
}

static enum err timeline(struct app *app, const struct entity *e,
			 struct json *list)
{
	struct event *events = NULL;
	size_t n = 0;
	enum err rc =
		cases_timeline(app->cases, e->id, &app->arena, &events, &n);

	if (!rc && !list && n)
		printf(_("Riwayat\n"));
	for (size_t i = 0; !rc && i < n; i++) {
		struct event_remark *remarks = NULL;
		size_t n_remarks = 0;

		rc = cases_remarks(app->cases, events[i].instance_id,
				   &app->arena, &remarks, &n_remarks);
		if (rc == ERR_CORRUPT)
			rc = ERR_NONE; /* the rest of the case is shown */
		if (!rc && list)
			rc = json_push(list, event_json(&events[i], remarks,
							n_remarks));
		else if (!rc)
			event_text(app, &events[i], cases_title(app->cases, e),
				   remarks, n_remarks);
	}
	return rc;
}

/* Does a row of `d` say that its entities belong to those of `parent`? */
static bool is_child(const struct dataset *d, struct str parent)
{
	const struct dataset_row *row;

	for (size_t i = 0; (row = dataset_row(d, DATASET_PARENT, i)); i++)
		if (str_eq(row->name, parent))
			return true;
	return false;
}

static enum err children_of(struct app *app, const struct entity *e,
			    const struct dataset *d, struct json *list)
{
	const struct dataset_row *title = dataset_row(d, DATASET_TITLE, 0);
	struct entity *rows = NULL;
	size_t n = 0;
	enum err rc = cases_children(app->cases, d->name, e->id, &app->arena,
				     &rows, &n);

	if (!rc && !list && n) {
		app_print(title ? dataset_label(title) : d->name);
		printf(" (%zu)\n", n);
	}
	for (size_t i = 0; !rc && i < n; i++) {
		if (list)
			rc = json_push(list, hit_json(app, &rows[i]));
		else {
			hit_text(app, &rows[i]);
			printf("\n");
		}
	}
	return rc;
}

static enum err children(struct app *app, const struct entity *e,
			 struct json *list)
{
	const struct datasets *all = cases_datasets(app->cases);
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && all && i < datasets_count(all); i++)
		if (is_child(datasets_at(all, i), e->dataset))
			rc = children_of(app, e, datasets_at(all, i), list);
	return rc;
}

/* ---- what is due */
static enum err due_of(struct app *app, const struct entity *e,
		       struct json *list)
{
	struct due *rows = NULL;
	size_t n = 0;
	enum err rc = cases_due_of(app->cases, e, &app->arena, &rows, &n);

	if (!rc && !list && n)
		printf(_("Tindak lanjut\n"));
	for (size_t i = 0; !rc && i < n; i++) {
		if (list) {
			struct agenda_row row = agenda_of_due(
				app->cases, &rows[i], &app->arena);

			rc = json_push(list, app_agenda_json(app, &row));
			continue;
		}
		printf("  %.*s  ", STR_ARG(app_day(app, rows[i].day)));
		app_print(cases_due_label(app->cases, &rows[i]));
		printf("\n");
	}
	return rc;
}

/* ---- one case */
static int show_json(struct app *app, const struct entity *e)
{
	struct json *j = entity_head(app, e), *props = json_object_new();
	struct json *members = json_array_new(), *events = json_array_new();
	struct json *due = json_array_new();
	enum err rc = children(app, e, members);

	if (!rc)
		rc = due_of(app, e, due);
	if (!rc)
		rc = timeline(app, e, events);
	for (size_t i = 0; !rc && i < e->n_props; i++) {
		char *name = arena_cstr(&app->arena, e->props[i].name);

		rc = name ? json_set(props, name,
				     json_str_new(e->props[i].value))
			  : ERR_NOMEM;
	}
	if (json_set(j, "version", json_int_new((int64_t)e->version)) ||
	    json_set(j, "properties", props) ||
	    json_set(j, "children", members) || json_set(j, "due", due) ||
	    json_set(j, "events", events))
		rc = rc ? rc : ERR_NOMEM;
	if (!rc)
		return app_print_json(j);
	json_free(j);
	return app_fail(app, rc);
}

static int show_text(struct app *app, const struct entity *e)
{
	const struct dataset *d = dataset_of(app, e->dataset);
	const struct dataset_row *row;
	enum err rc;

	app_print(cases_title(app->cases, e));
	mark(e);
	printf("\n");
	for (size_t i = 0; d && (row = dataset_row(d, DATASET_DETAIL, i));
	     i++) {
		struct str text = shown(app, e, row, false);

		if (!text.n)
			continue;
		printf("  ");
		app_print_cell(dataset_label(row), 12);
		app_print(text);
		printf("\n");
	}
	rc = children(app, e, NULL);
	if (!rc)
		rc = due_of(app, e, NULL);
	if (!rc)
		rc = timeline(app, e, NULL);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

/* Of a double the one that stands for it. */
static enum err find_case(struct app *app, struct str id, struct entity *e)
{
	enum err rc = cases_entity_any(app->cases, id, &app->arena, e);

	if (!rc)
		rc = cases_survivor(app->cases, e, &app->arena);
	if (!rc && !str_eq(e->id, id))
		fprintf(stderr,
			_("pilar: catatan itu digabung ke kasus ini\n"));
	return rc;
}

static int run_show(struct app *app, int argc, char **argv)
{
	bool history = false;
	const struct app_flag flags[] = { { "--history", NULL, &history },
					  { 0 } };
	struct entity e = { 0 };
	enum err rc;

	if (app_flags(app, argc, argv, flags, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = find_case(app, str_from(argv[0]), &e);
	if (rc == ERR_NOTFOUND && app->cases)
		report_add(&app->report, PROBLEM_ERROR, str_from(argv[0]),
			   _("kasus itu tidak ada"));
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_OPEN, e.dataset, e.id);
	if (rc)
		return app_fail(app, rc);
	if (history)
		return app_history(app, &e);
	return app->json ? show_json(app, &e) : show_text(app, &e);
}

const struct command *commands_case(void)
{
	static const struct command rows[] = {
		{ "find", run_find,
		  N_("TEKS [--dataset DAFTAR] | [TEKS] --dataset DAFTAR "
		     "--where SYARAT"),
		  "pilar find 'siti aminah'",
		  N_("Mencari orang dan keluarga menurut nama, nomor atau "
		     "desa.") },
		{ "case show", run_show, "UUID [--history]",
		  "pilar case show 5f0e6c1a-30f8-4a52-9d4f-000000000000",
		  N_("Menampilkan satu kasus: isi, anggota dan riwayat; atau "
		     "siapa mengubah apa.") },
		{ 0 },
	};

	return rows;
}
