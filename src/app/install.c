/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/csv.h"
#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/prelist.h"
#include "pilar/recap.h"
#include "pilar/seal.h"
#include "pilar/sync.h"
#include "pilar/tree.h"
#include "pilar/xlsform.h"

#include "app.h"

#define MEDIA_FOLDER "media"

/* Problems said since `from` name the file they are in. */
static void name_file(struct app *app, size_t from, const char *path)
{
	vec_each (p, &app->report.problems) {
		if ((size_t)(p - app->report.problems.at) < from)
			continue;
		p->place = arena_printf(&app->report.arena,
					p->place.n ? "%s, %.*s" : "%s%.*s",
					path, STR_ARG(p->place));
	}
}

static enum err read_file(struct app *app, const char *path, struct buf *b)
{
	enum err rc = file_read(path, b);

	if (rc)
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("berkas tidak bisa dibaca"));
	return rc;
}

/* What lies among the forms and is none. */
static bool is_table(struct str name)
{
	return str_is(name, "datasets.csv") || str_is(name, RECAPS_FILE) ||
	       str_is(name, PRELIST_FILE);
}

static enum err check_table(struct app *app, struct str name, struct str csv)
{
	struct recaps *r = NULL;
	enum err rc = ERR_NONE;

	if (str_is(name, RECAPS_FILE))
		rc = recaps_new(&r, csv, RECAPS_FILE, &app->report);
	if (str_is(name, PRELIST_FILE))
		rc = prelist_rules_check(csv, &app->report);
	recaps_free(r);
	return rc;
}

static enum err put_media(struct app *app, struct cases *c, const char *path,
			  struct str name)
{
	struct buf b = BUF_INIT(CSV_MAX_BYTES);
	size_t said = app->report.problems.n;
	enum err rc = read_file(app, path, &b);

	if (!rc)
		rc = check_table(app, name, buf_str(&b));
	if (!rc)
		rc = cases_media_put(c, name, buf_str(&b), &app->report);
	name_file(app, said, path);
	buf_release(&b);
	return rc;
}

enum err app_put_list(struct app *app, const char *path)
{
	const char *slash = strrchr(path, '/');

	return put_media(app, app->cases, path,
			 str_from(slash ? slash + 1 : path));
}

bool app_is_list(const char *path)
{
	struct buf b = BUF_INIT(CSV_MAX_BYTES);
	bool list = str_ends(str_from(path), STR(".csv")) &&
		    !file_read(path, &b) && !xlsform_is_csv(buf_str(&b));

	buf_release(&b);
	return list;
}

static enum err put_all_media(struct app *app, struct cases *c,
			      const char *folder)
{
	struct str *names = NULL;
	size_t n = 0;
	enum err rc = dir_list(folder, &app->arena, &names, &n);

	if (rc == ERR_NOTFOUND)
		return ERR_NONE;
	for (size_t i = 0; !rc && i < n; i++) {
		char *path = path_join(&app->arena, folder, names[i].p);

		rc = path ? put_media(app, c, path, names[i]) : ERR_NOMEM;
	}
	return rc;
}

static enum err put_form(struct app *app, struct cases *c, const char *path,
			 struct str name)
{
	struct buf sheet = BUF_INIT(TREE_MAX_BYTES);
	struct buf xform = BUF_INIT(TREE_MAX_BYTES);
	struct str stem = str_sub(name, 0, name.n - strlen(".csv"));
	size_t said = app->report.problems.n;
	enum err rc = read_file(app, path, &sheet);

	if (!rc && xlsform_is_csv(buf_str(&sheet))) {
		rc = xlsform_convert(buf_str(&sheet), SHEETS_CSV, stem, &xform,
				     &app->report);
		if (!rc)
			rc = cases_form_add(c, buf_str(&xform), path,
					    &app->report);
	}
	/* What is not there yet comes with the forms after it. */
	if (!rc)
		app->report.problems.n = said;
	name_file(app, said, path);
	buf_release(&sheet);
	buf_release(&xform);
	return rc;
}

static enum err put_forms(struct app *app, struct cases *c, const char *folder)
{
	struct str *names = NULL;
	size_t n = 0;
	enum err rc = dir_list(folder, &app->arena, &names, &n);

	if (rc)
		report_add(&app->report, PROBLEM_ERROR, str_from(folder),
			   _("folder formulir tidak bisa dibaca; isi --data"));
	for (size_t i = 0; !rc && i < n; i++) {
		char *path = path_join(&app->arena, folder, names[i].p);

		if (!path)
			rc = ERR_NOMEM;
		else if (is_table(names[i]))
			rc = put_media(app, c, path, names[i]);
		else if (str_ends(names[i], STR(".csv")))
			rc = put_form(app, c, path, names[i]);
	}
	return rc;
}

/* What the program ships; lists first, forms look into them. */
static enum err install(struct app *app, struct cases *c)
{
	const char *folder = app_data_dir(app);
	char *media = path_join(&app->arena, folder, MEDIA_FOLDER);
	enum err rc = media ? put_all_media(app, c, media) : ERR_NOMEM;

	if (!rc)
		rc = put_forms(app, c, folder);
	return rc;
}

struct making {
	struct app *app;
	const struct cases_setup *how;
	enum err (*then)(void *arg, struct cases *c);
	void *arg;
};

/* The first records of the store, before it gets its name. */
static enum err fill(void *arg, struct store *st)
{
	struct making *m = arg;
	struct app *app = m->app;
	struct cases *c = NULL;
	struct sync_self self;
	enum err rc = cases_setup(st, app->sys, m->how, &app->report);

	if (!rc)
		rc = cases_open(&c, st, app->sys, m->how->worker_code,
				&app->report);
	if (!rc)
		rc = app->kit ? app_take_kit(app, c) : install(app, c);
	if (!rc && m->then)
		rc = m->then(m->arg, c);
	/* Its key, so that every copy of the store has the same one. */
	if (!rc)
		rc = sync_self(c, &self);
	cases_close(c);
	return rc;
}

/* Keys and nonces are never drawn from a practice clock's seed. */
enum err app_create(struct app *app, const struct cases_setup *how,
		    enum err (*then)(void *arg, struct cases *c), void *arg)
{
	struct making m = { app, how, then, arg };
	struct store_create create = { .dir = app_store_dir(app),
				       .sys = sys_real(),
				       .slot_name = how->worker_code,
				       .fill = fill,
				       .arg = &m };
	char code[STORE_PAPER_LEN + 1];
	struct buf pass = { 0 };
	enum err rc = ERR_NONE;

	if (!create.dir) {
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("letak data tidak diketahui: isi --store"));
		return ERR_NOTFOUND;
	}
	if (app->pass_fd >= 0 || app->new_pass || app->typed.n)
		rc = app_pass_new(app, &pass);
	create.passphrase = buf_str(&pass);
	store_paper(create.sys, code);
	if (pass.n)
		create.paper = str_from(code);
	if (!rc)
		rc = store_create(&create, &app->report);
	if (!rc && pass.n)
		app_print_paper(app, code);
	app_pass_wipe(&pass);
	return rc;
}
