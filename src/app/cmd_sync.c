/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"
#include "pilar/when.h"

#include "app.h"

static int status_json(const struct sync_status *s)
{
	struct json *j = json_object_new();
	const struct {
		const char *key;
		int64_t value;
	} rows[] = {
		{ "waiting", (int64_t)s->waiting },
		{ "exported", (int64_t)s->exported },
		{ "files", (int64_t)s->files },
		{ "bytes", (int64_t)s->bytes },
		{ "last_at", s->last_at },
	};
	enum err rc = j ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < ARRAY_LEN(rows); i++)
		rc = json_set(j, rows[i].key, json_int_new(rows[i].value));
	if (!rc)
		rc = json_set(j, "last_file", json_str_new(s->last_file));
	if (rc) {
		json_free(j);
		return EXIT_FAILED;
	}
	return app_print_json(j);
}

static void status_text(struct app *app, const struct sync_status *s)
{
	char date[WHEN_MAX];
	struct when w;

	printf(_("Belum diekspor: %llu\n"), (unsigned long long)s->waiting);
	printf(_("Sudah diekspor: %llu dalam %llu berkas\n"),
	       (unsigned long long)s->exported, (unsigned long long)s->files);
	if (s->exported)
		printf(_("Rata-rata per isian: %llu byte\n"),
		       (unsigned long long)(s->bytes / s->exported));
	if (!s->last_at)
		return;
	when_local(app->sys, s->last_at, &w);
	printf(_("Ekspor terakhir: %.*s, berkas %.*s\n"),
	       STR_ARG(when_date_text(&w, date)), STR_ARG(s->last_file));
}

static int run_status(struct app *app, int argc, char **argv)
{
	const struct app_flag flags[] = { { 0 } };
	struct sync_status s;
	enum err rc;

	if (app_flags(app, argc, argv, flags) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = sync_status(app->cases, &app->arena, &s);
	if (rc)
		return app_fail(app, rc);
	if (app->json)
		return status_json(&s);
	status_text(app, &s);
	return EXIT_DONE;
}

static int export_json(const struct sync_result *r)
{
	struct json *j = json_object_new();
	enum err rc = j ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = json_set(j, "file",
			      r->file.n ? json_str_new(r->file)
					: json_null_new());
	if (!rc)
		rc = json_set(j, "events", json_int_new((int64_t)r->events));
	if (!rc)
		rc = json_set(j, "bytes", json_int_new((int64_t)r->bytes));
	if (rc) {
		json_free(j);
		return EXIT_FAILED;
	}
	return app_print_json(j);
}

static int run_export(struct app *app, int argc, char **argv)
{
	const char *folder = ".";
	const struct app_flag flags[] = { { "-o", &folder, NULL }, { 0 } };
	struct sync_export how = { .progress = app_progress, .arg = app };
	struct sync_result r;
	enum err rc;

	if (app_flags(app, argc, argv, flags) != 0)
		return app_usage(app->command->words, stderr);
	how.folder = str_from(folder);
	rc = app_open(app);
	if (!rc)
		rc = sync_export(app->cases, &how, &app->arena, &r,
				 &app->report);
	app_progress_end(app);
	if (rc)
		return app_fail(app, rc);
	if (app->json)
		return export_json(&r);
	if (!r.file.n) {
		printf(_("Tidak ada yang perlu diekspor.\n"));
		return EXIT_DONE;
	}
	printf(_("%.*s\n%llu isian, %llu byte. Belum disegel: siapa pun yang "
		 "memegang berkas ini dapat membacanya.\n"),
	       STR_ARG(r.file), (unsigned long long)r.events,
	       (unsigned long long)r.bytes);
	return EXIT_DONE;
}

const struct command *commands_sync(void)
{
	static const struct command rows[] = {
		{ "sync status", run_status, "", "pilar sync status",
		  N_("Apa yang belum dan sudah diekspor.") },
		{ "sync export", run_export, N_("[-o FOLDER]"),
		  "pilar sync export -o /media/usb",
		  N_("Menulis berkas sinkronisasi dengan isian yang belum "
		     "diekspor.") },
		{ 0 },
	};

	return rows;
}
