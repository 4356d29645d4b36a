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
	if (!lang || i18n_init(lang, NULL))
		return; /* it stays Indonesian */
}

/*
 * The program without a command. The terminal is asked before the store is
 * opened: where there is none, one line says so and nothing else happens.
 */
static int run_screens(struct app *app, struct str draft)
{
	struct ui *u = NULL;
	enum err rc;

	speak(app);
	rc = ui_open(&u, &app->report);
	if (!rc)
		rc = screens_home(u, app->cases);
	if (!rc && draft.n)
		screens_draft(u, app->cases, draft);
	if (!rc)
		rc = ui_run(u);
	ui_close(u);
	/* Hung up or told to end: everything is stored, nobody listens. */
	if (rc == ERR_CANCELLED)
		return EXIT_DONE;
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

int app_screens(struct app *app)
{
	int status = EXIT_DONE;
	enum err rc = ui_fit_terminal(&app->report);

	if (rc)
		return app_fail(app, rc);
	rc = app_open(app);
	if (app_first_wanted(app, rc)) {
		rc = app_first(app, &status);
		if (rc == ERR_CANCELLED)
			return status;
		if (!rc)
			rc = app_open(app);
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
	enum err rc = app_open(app);

	if (!rc)
		rc = find_draft(app, draft);
	if (!rc)
		rc = ui_fit_terminal(&app->report);
	if (rc)
		return app_fail(app, rc);
	return run_screens(app, draft);
}
