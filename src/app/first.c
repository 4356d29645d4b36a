/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/screens.h"
#include "pilar/ui.h"

#include "app.h"

/* Practice lies beside the store, so that its people never mix with others. */
#define PRACTICE_SUFFIX "-latihan"
#define PASS_MAX        1024

/* ---- the first start */
static enum err ask_first(struct app *app, struct first *f)
{
	struct ui *u = NULL;
	enum err rc = ui_open(&u, &app->report);

	f->dir = app_store_dir(app);
	f->open = app->pass_fd < 0;
	f->how.language = str_from(app->lang);
	if (!rc)
		rc = screens_first(u, f);
	if (!rc)
		rc = ui_run(u);
	ui_close(u);
	if (!rc && f->choice == FIRST_NONE)
		rc = ERR_CANCELLED;
	return rc;
}

/* The command `demo` makes it, unless it was made before. */
static enum err practise(struct app *app, const struct first *f, int *status)
{
	char *argv[] = { NULL };
	bool quiet = app->quiet;

	if (!app->lang)
		app->lang = arena_cstr(&app->arena, f->how.language);
	app->store_dir =
		arena_printf(&app->arena, "%s" PRACTICE_SUFFIX, f->dir).p;
	if (!app->store_dir)
		return ERR_NOMEM;
	if (file_exists(app->store_dir))
		return ERR_NONE;
	app_say(stderr, _("Menyiapkan data latihan di %s ...\n"),
		app->store_dir);
	app->quiet = true;
	*status = commands_demo()->run(app, 0, argv);
	app->quiet = quiet;
	return *status == EXIT_DONE ? ERR_NONE : ERR_CANCELLED;
}

/* The screens would cover the code that was just printed. */
static void wait_enter(void)
{
	int c;

	fputs(_("Tekan Enter sesudah kode itu ditulis.\n"), stderr);
	do
		c = getchar();
	while (c != EOF && c != '\n');
}

enum err app_first(struct app *app, int *status)
{
	struct first f = { .pass = BUF_INIT(PASS_MAX) };
	enum err rc;

	report_release(&app->report); /* that there is no store */
	rc = ask_first(app, &f);
	if (!rc && f.choice == FIRST_PRACTICE) {
		rc = practise(app, &f, status);
	} else if (!rc) {
		app_say(stderr, _("Menyiapkan penyimpanan di %s ...\n"), f.dir);
		app->typed = f.pass;
		f.pass = (struct buf){ 0 };
		rc = app_create(app, &f.how, NULL, NULL);
		if (!rc && app->typed.n)
			wait_enter();
	}
	app_pass_wipe(&f.pass);
	arena_release(&f.arena);
	return rc;
}

bool app_first_wanted(struct app *app, enum err rc)
{
	return rc == ERR_NOTFOUND && !app->store && app_store_dir(app);
}
