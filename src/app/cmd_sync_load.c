/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/paradata.h"
#include "pilar/tree.h"

#include "app.h"

/*
 * Submissions that lie in a folder as ODK tools leave them: one folder each
 * with submission.xml in it.
 */
#define XML_NAME "submission.xml"
/* In one transaction. */
#define BATCH 256

struct loading {
	struct app *app;
	const char *folder;
	struct str *names;
	size_t n, done;
	struct submission batch[BATCH];
	size_t waiting;
};

static enum err flush(struct loading *l)
{
	struct app *app = l->app;
	enum err rc = ERR_NONE;

	if (l->waiting)
		rc = cases_submit_all(app->cases, l->batch, l->waiting,
				      &app->report);
	l->done += rc ? 0 : l->waiting;
	for (size_t i = 0; i < l->waiting; i++)
		submission_release(&l->batch[i]);
	l->waiting = 0;
	return rc;
}

/* What the record says of itself. */
static enum err describe(struct submission *s, const char *path,
			 struct report *rep)
{
	struct arena *a = &s->arena;
	struct tree *t = NULL;
	enum err rc = tree_parse(&t, s->xml, path, rep);

	if (rc)
		return rc;
	s->form_id = arena_dup(a, node_attr_text(t->element, "id"));
	s->form_version = arena_dup(a, node_attr_text(t->element, "version"));
	s->instance_id =
		arena_dup(a, submission_meta(t->element, "instanceID", a));
	s->deprecated_id =
		arena_dup(a, submission_meta(t->element, "deprecatedID", a));
	s->name = arena_dup(a, submission_meta(t->element, "instanceName", a));
	tree_free(t);
	return ERR_NONE;
}

/* The audit log lies beside the submission that names it. */
static enum err take_log(struct submission *s, struct arena *a, const char *dir)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	char *path = path_join(a, dir, PARADATA_NAME);
	enum err rc = path ? ERR_NONE : ERR_NOMEM;

	if (!rc && paradata_named(s->xml) && file_exists(path)) {
		rc = file_read(path, &b);
		s->audit = arena_dup(&s->arena, buf_str(&b));
	}
	buf_release(&b);
	return rc;
}

static enum err take(struct loading *l, struct str name)
{
	struct submission *s = &l->batch[l->waiting];
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct app *app = l->app;
	char *dir = path_join(&app->arena, l->folder, name.p);
	char *path = dir ? path_join(&app->arena, dir, XML_NAME) : NULL;
	enum err rc = path ? ERR_NONE : ERR_NOMEM;

	if (!rc && !file_exists(path))
		return ERR_NONE; /* not a submission's folder */
	*s = (struct submission){ .at = 0 };
	if (!rc)
		rc = file_read(path, &b);
	if (!rc) {
		s->xml = arena_dup(&s->arena, buf_str(&b));
		rc = s->xml.p ? describe(s, path, &app->report) : ERR_NOMEM;
	}
	buf_release(&b);
	if (!rc)
		rc = take_log(s, &app->arena, dir);
	if (rc)
		submission_release(s);
	else
		l->waiting++;
	return rc;
}

static enum err load(struct loading *l)
{
	struct app *app = l->app;
	enum err rc = dir_list(l->folder, &app->arena, &l->names, &l->n);

	if (rc)
		report_add(&app->report, PROBLEM_ERROR, str_from(l->folder),
			   _("folder tidak ada atau tidak boleh dibaca"));
	for (size_t i = 0; i < l->n && !rc; i++) {
		rc = take(l, l->names[i]);
		if (!rc && l->waiting == BATCH)
			rc = flush(l);
		app_progress(app, i + 1, l->n);
		if (!rc && app_cancelled(app))
			rc = ERR_CANCELLED;
	}
	return rc ? rc : flush(l);
}

static int run_load(struct app *app, int argc, char **argv)
{
	struct loading *l;
	enum err rc;
	int status;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	l = calloc(1, sizeof(*l));
	rc = l ? app_open(app) : ERR_NOMEM;
	if (rc) {
		free(l);
		return app_fail(app, rc);
	}
	l->app = app;
	l->folder = argv[0];
	app_cancel_begin(app);
	rc = load(l);
	app_progress_end(app);
	status = app_fail(app, rc);
	if (!app->json)
		printf(_("%zu isian diterima dari folder itu.\n"), l->done);
	free(l);
	return status;
}

const struct command *commands_sync_load(void)
{
	static const struct command rows[] = {
		{ "sync load", run_load, N_("FOLDER"),
		  "pilar sync load ~/ODK/instances",
		  N_("Menerima isian dari folder alat ODK lain: satu folder "
		     "per isian, dengan submission.xml di dalamnya.") },
		{ 0 },
	};

	return rows;
}
