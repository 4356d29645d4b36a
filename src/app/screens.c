/* SPDX-License-Identifier: MIT */
#include "pilar/screens.h"
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
int app_screens(struct app *app)
{
	struct ui *u = NULL;
	enum err rc;

	rc = ui_fit_terminal(&app->report);
	if (rc)
		return app_fail(app, rc);
	rc = app_open(app);
	if (rc)
		return app_fail(app, rc);
	speak(app);
	rc = ui_open(&u, &app->report);
	if (!rc)
		rc = screens_home(u, app->cases);
	if (!rc)
		rc = ui_run(u);
	ui_close(u);
	/* Hung up or told to end: everything is stored, nobody listens. */
	if (rc == ERR_CANCELLED)
		return EXIT_DONE;
	return rc ? app_fail(app, rc) : EXIT_DONE;
}
