/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/csv.h"
#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/xlsform.h"

#include "app.h"

/* No shipped file is larger: the full region list has 4 MB. */
#define SHIPPED_MAX ((size_t)64 << 20)

struct making {
	struct app *app;
	const struct cases_setup *how;
	struct cases *cases;
};

/* The sheet that an XLSForm in CSV begins with. */
static bool begins_a_sheet(struct str bytes)
{
	static const char *const sheets[] = { "survey", "choices", "settings",
					      "entities" };
	struct csv csv;
	bool found = false;

	csv_init(&csv, bytes);
	if (!csv_row(&csv) && csv.cells.n)
		for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
			found |= str_is(str_trim(csv.cells.at[0]), sheets[i]);
	csv_release(&csv);
	return found;
}

static struct str stem(struct str name)
{
	size_t n = name.n;

	while (n && name.p[n - 1] != '.')
		n--;
	return n ? str_sub(name, 0, n - 1) : name;
}

static enum err add_form(struct making *m, struct str name, struct str bytes)
{
	struct buf xform = BUF_INIT(SHIPPED_MAX);
	struct report *rep = &m->app->report;
	const char *cname = arena_cstr(&m->app->arena, name);
	enum sheet_format format;
	enum err rc;

	if (!cname)
		return ERR_NOMEM;
	rc = xlsform_format(cname, &format);
	if (!rc)
		rc = xlsform_convert(bytes, format, stem(name), &xform, rep);
	if (!rc)
		rc = cases_form_add(m->cases, buf_str(&xform), cname, rep);
	buf_release(&xform);
	return rc;
}

static enum err add_file(struct making *m, const char *dir, struct str name,
			 enum err (*add)(struct making *m, struct str name,
					 struct str bytes))
{
	struct buf bytes = BUF_INIT(SHIPPED_MAX);
	const char *cname = arena_cstr(&m->app->arena, name);
	const char *path = cname ? path_join(&m->app->arena, dir, cname) : NULL;
	enum err rc = path ? file_read(path, &bytes) : ERR_NOMEM;

	if (!rc)
		rc = add(m, name, buf_str(&bytes));
	else if (path)
		report_add(&m->app->report, PROBLEM_ERROR, str_from(path),
			   _("tidak bisa dibaca"));
	buf_release(&bytes);
	return rc;
}

static enum err add_media(struct making *m, struct str name, struct str bytes)
{
	return cases_media_put(m->cases, name, bytes, &m->app->report);
}

/* What a folder of shipped files may hold beside forms says its own name. */
static enum err add_shipped(struct making *m, struct str name, struct str bytes)
{
	if (str_is(name, "datasets.csv"))
		return add_media(m, name, bytes);
	if (!str_ends(name, STR(".csv")) || begins_a_sheet(bytes))
		return add_form(m, name, bytes);
	return ERR_NONE;
}

static enum err add_folder(struct making *m, const char *dir,
			   enum err (*add)(struct making *m, struct str name,
					   struct str bytes))
{
	struct str *names = NULL;
	size_t n = 0;
	enum err rc = dir_list(dir, &m->app->arena, &names, &n);

	if (rc)
		report_add(&m->app->report, PROBLEM_ERROR, str_from(dir),
			   _("tidak bisa dibaca"));
	for (size_t i = 0; !rc && i < n; i++) {
		size_t dot = str_find(names[i], STR("."), 0);

		if (dot != 0 && dot != SIZE_MAX)
			rc = add_file(m, dir, names[i], add);
	}
	return rc;
}

/* The store has no name yet: when this fails nothing is left of it. */
static enum err fill(void *arg, struct store *st)
{
	struct making *m = arg;
	struct app *app = m->app;
	const char *dir = app_data_dir(app);
	const char *media = path_join(&app->arena, dir, "media");
	enum err rc = media ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = cases_setup(st, app->sys, m->how, &app->report);
	if (!rc)
		rc = cases_open(&m->cases, st, app->sys, m->how->worker_code,
				&app->report);
	if (!rc)
		rc = add_folder(m, media, add_media);
	if (!rc)
		rc = add_folder(m, dir, add_shipped);
	cases_close(m->cases);
	m->cases = NULL;
	return rc;
}

enum err app_create(struct app *app, const struct cases_setup *how)
{
	struct making m = { .app = app, .how = how };
	struct store_create create = {
		.dir = app_store_dir(app),
		.sys = sys_real(),
		.fill = fill,
		.arg = &m,
	};

	if (!create.dir) {
		report_add(&app->report, PROBLEM_ERROR, STR("--store"),
			   _("sebutkan folder tempat menyimpan"));
		return ERR_INVALID;
	}
	return store_create(&create, &app->report);
}
