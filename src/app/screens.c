/* SPDX-License-Identifier: MIT */
#include "pilar/screens.h"
#include "pilar/draft.h"
#include "pilar/i18n.h"
#include "pilar/ui.h"

#include "app.h"

/* Without --lang the worker's own language. */
static void speak(struct app *app)
{
	const struct worker *w = cases_worker(app->cases);
	char *lang;

	if (app->lang || !w || !w->language.n)
		return;
	lang = arena_cstr(&app->arena, w->language);
	if (!lang || i18n_init(lang))
		return; /* it stays Indonesian */
}

/* Of several the one who says so; `*left` when nobody does. */
static enum err choose_worker(struct app *app, struct ui *u, bool *left)
{
	struct screens_who who = { 0 };
	struct worker *all = NULL;
	size_t n = 0;
	enum err rc = cases_workers(app->cases, &app->arena, &all, &n);

	if (rc || app->worker || n < 2)
		return rc;
	rc = screens_who(u, app->cases, &who);
	if (!rc)
		rc = ui_run(u);
	*left = !rc && !who.code.n;
	if (!rc && who.code.n) {
		cases_close(app->cases);
		app->cases = NULL;
		rc = cases_open(&app->cases, app->store, app->sys, who.code,
				&app->report);
	}
	arena_release(&who.arena);
	return rc;
}

static enum err show(struct app *app, struct ui *u, struct str draft)
{
	bool left = false;
	enum err rc = choose_worker(app, u, &left);

	if (rc || left)
		return rc;
	speak(app);
	rc = screens_home(u, app->cases);
	if (!rc && draft.n)
		screens_draft(u, app->cases, draft);
	return rc ? rc : ui_run(u);
}

/*
 * The program without a command. The terminal is asked before the store is
 * opened: where there is none, one line says so and nothing else happens.
 */
static int run_screens(struct app *app, struct str draft)
{
	struct ui *u = NULL;
	enum err rc;

	rc = ui_open(&u, &app->report);
	if (!rc)
		rc = show(app, u, draft);
	ui_close(u);
	/* Hung up or told to end: everything is stored, nobody listens. */
	if (rc == ERR_CANCELLED)
		return EXIT_DONE;
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

/* Whose it is may be asked on a screen; a name that is given must be one. */
static enum err open_store(struct app *app)
{
	return app->worker ? app_open(app) : app_open_any(app);
}

int app_screens(struct app *app)
{
	int status = EXIT_DONE;
	enum err rc = ui_fit_terminal(&app->report);

	if (rc)
		return app_fail(app, rc);
	rc = open_store(app);
	if (app_first_wanted(app, rc)) {
		rc = app_first(app, &status);
		if (rc == ERR_CANCELLED)
			return status;
		if (!rc)
			rc = open_store(app);
	}
	if (rc)
		return app_fail(app, rc);
	return run_screens(app, STR(""));
}

static enum err find_draft(struct app *app, struct str id)
{
	struct draft_row *rows = NULL;
	size_t n = 0;
	enum err rc = draft_list(app->cases, &app->arena, &rows, &n);

	for (size_t i = 0; i < n && !rc; i++)
		if (str_eq(rows[i].id, id))
			return ERR_NONE;
	if (!rc)
		report_add(&app->report, PROBLEM_ERROR, id,
			   _("draf itu tidak ada"));
	return rc ? rc : ERR_NOTFOUND;
}

int app_screens_draft(struct app *app, struct str draft)
{
	enum err rc = open_store(app);

	if (!rc)
		rc = find_draft(app, draft);
	if (!rc)
		rc = ui_fit_terminal(&app->report);
	if (rc)
		return app_fail(app, rc);
	return run_screens(app, draft);
}
