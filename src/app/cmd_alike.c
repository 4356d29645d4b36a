/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/search.h"

#include "app.h"

#define TITLE_COLUMNS 28

struct listing {
	struct app *app;
	struct str dataset;
	struct json *list; /* NULL: text */
	struct arena a;    /* of one entity */
	size_t done, total, pairs;
};

static struct str title_of(struct listing *l, struct str id)
{
	struct entity e;

	if (cases_entity(l->app->cases, l->dataset, id, &l->a, &e))
		return STR("");
	return cases_title(l->app->cases, &e);
}

static enum err give_json(struct listing *l, const struct entity *e,
			  const struct alike *other)
{
	struct json *j = json_object_new();

	if (json_set(j, "id", json_str_new(e->id)) ||
	    json_set(j, "title", json_str_new(cases_title(l->app->cases, e))) ||
	    json_set(j, "other", json_str_new(other->id)) ||
	    json_set(j, "other_title", json_str_new(title_of(l, other->id))) ||
	    json_set(j, "why", json_str_new(other->why))) {
		json_free(j);
		return ERR_NOMEM;
	}
	return json_push(l->list, j);
}

static void give_text(struct listing *l, const struct entity *e,
		      const struct alike *other)
{
	app_print_cell(e->id, UUID_LEN);
	app_print_cell(cases_title(l->app->cases, e), TITLE_COLUMNS);
	app_print_cell(other->id, UUID_LEN);
	app_print_cell(title_of(l, other->id), TITLE_COLUMNS);
	app_print(other->why);
	printf("\n");
}

/* Each pair once: from the one with the smaller id. */
static enum err one(struct listing *l, const struct entity *e, bool all)
{
	struct alike *found = NULL;
	size_t n = 0;
	enum err rc = cases_alike(l->app->cases, e, &l->a, &found, &n);

	for (size_t i = 0; i < n && !rc; i++) {
		if (!all && str_cmp(found[i].id, e->id) < 0)
			continue;
		l->pairs++;
		if (l->list)
			rc = give_json(l, e, &found[i]);
		else
			give_text(l, e, &found[i]);
	}
	return rc;
}

struct ids {
	VEC(struct str) list;
	struct listing *l;
};

static enum err keep_id(void *arg, const struct entity *e)
{
	struct ids *ids = arg;
	struct str *slot = vec_push(&ids->list);

	if (!slot)
		return ERR_NOMEM;
	*slot = arena_dup(&ids->l->app->arena, e->id);
	return slot->p ? ERR_NONE : ERR_NOMEM;
}

static enum err list_all(struct listing *l)
{
	struct ids ids = { .l = l };
	enum err rc = cases_each(l->app->cases, l->dataset, keep_id, &ids);

	for (size_t i = 0; i < ids.list.n && !rc; i++) {
		struct entity e;

		rc = cases_entity(l->app->cases, l->dataset, ids.list.at[i],
				  &l->a, &e);
		if (!rc && !e.closed)
			rc = one(l, &e, false);
		arena_reset(&l->a);
		app_progress(l->app, i + 1, ids.list.n);
	}
	app_progress_end(l->app);
	vec_release(&ids.list);
	return rc;
}

static enum err list_one(struct listing *l, struct str id)
{
	struct entity e;
	enum err rc = cases_entity(l->app->cases, l->dataset, id, &l->a, &e);

	if (rc == ERR_NOTFOUND)
		report_add(&l->app->report, PROBLEM_ERROR, id,
			   _("kasus itu tidak ada"));
	return rc ? rc : one(l, &e, true);
}

static int run_duplicates(struct app *app, int argc, char **argv)
{
	const char *id = NULL;
	const struct app_flag flags[] = { { "--id", &id, NULL }, { 0 } };
	struct listing l = { .app = app };
	enum err rc;

	if (app_flags(app, argc, argv, flags, 1) != 1)
		return app_usage(app->command->words, stderr);
	l.dataset = str_from(argv[0]);
	rc = app_open(app);
	if (!rc && !datasets_find(cases_datasets(app->cases), l.dataset)) {
		report_add(&app->report, PROBLEM_ERROR, l.dataset,
			   _("daftar itu tidak ada"));
		rc = ERR_NOTFOUND;
	}
	if (!rc && app->json)
		l.list = json_array_new();
	if (!rc)
		rc = id ? list_one(&l, str_from(id)) : list_all(&l);
	arena_release(&l.a);
	if (rc) {
		json_free(l.list);
		return app_fail(app, rc);
	}
	if (l.list)
		return app_print_json(l.list);
	if (!l.pairs)
		fprintf(stderr, _("pilar: tidak ada yang mungkin ganda\n"));
	return EXIT_DONE;
}

const struct command *commands_alike(void)
{
	static const struct command rows[] = {
		{ "duplicates", run_duplicates, N_("DAFTAR [--id UUID]"),
		  "pilar duplicates keluarga",
		  N_("Menyebut pasangan yang mungkin orang atau keluarga yang "
		     "sama, dan mengapa.") },
		{ 0 },
	};

	return rows;
}
