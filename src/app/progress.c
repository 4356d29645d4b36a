/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "pilar/i18n.h"

#include "app.h"

#define BAR_COLUMNS 40

void app_progress(void *arg, size_t done, size_t total)
{
	struct app *app = arg;
	int percent = total ? (int)(done * 100 / total) : 0;
	int full = percent * BAR_COLUMNS / 100;

	if (app->quiet || percent == app->progress || !isatty(STDERR_FILENO))
		return;
	app->progress = percent;
	fprintf(stderr, "\r[%.*s%*s] %d%%", full,
		"########################################", BAR_COLUMNS - full,
		"", percent);
}

void app_progress_end(struct app *app)
{
	if (app->progress)
		fprintf(stderr, "\r%*s\r", BAR_COLUMNS + 8, "");
	app->progress = 0;
}

/* Held back, so that it is seen between two records and not inside one. */
void app_cancel_begin(struct app *app)
{
	sigset_t set;

	(void)app;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

bool app_cancelled(void *arg)
{
	sigset_t set;

	(void)arg;
	return !sigpending(&set) && sigismember(&set, SIGINT) == 1;
}

struct store_watch app_watch(struct app *app)
{
	app_cancel_begin(app);
	return (struct store_watch){ app_progress, app_cancelled, app };
}

void app_say_cancelled(struct app *app, enum err rc)
{
	if (rc == ERR_CANCELLED && !app->report.errors)
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("dibatalkan; tidak ada yang diubah"));
}
