/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"
#include "pilar/when.h"

#include "app.h"

/* ---- sync send */
static int sent_json(const struct sync_sent *s)
{
	const struct json_member rows[] = {
		{ "files", json_int_new((int64_t)s->files) },
		{ "events", json_int_new((int64_t)s->events) },
		{ "bytes", json_int_new((int64_t)s->bytes) },
		{ "others", json_int_new((int64_t)s->others) },
		{ "received", json_int_new((int64_t)s->received) },
	};
	struct json *j = json_object_of(rows, ARRAY_LEN(rows));

	return j ? app_print_json(j) : EXIT_FAILED;
}

static int say_sent(struct app *app, const struct sync_sent *s, bool dry)
{
	uint64_t files = s->files + s->others;

	app_warn(app);
	if (app->json)
		return sent_json(s);
	if (!files)
		printf(_("Tidak ada yang perlu dikirim.\n"));
	else if (dry)
		printf(_("Akan dikirim: %llu isian dalam %llu berkas, paling "
			 "banyak %llu byte.\n"),
		       (unsigned long long)s->events, (unsigned long long)files,
		       (unsigned long long)s->bytes);
	else
		printf(_("Terkirim: %llu isian dalam %llu berkas, %llu byte; "
			 "%llu berkas diakui kantor.\n"),
		       (unsigned long long)s->events, (unsigned long long)files,
		       (unsigned long long)s->bytes,
		       (unsigned long long)s->received);
	return EXIT_DONE;
}

static int run_send(struct app *app, int argc, char **argv)
{
	const char *to = NULL, *folder = NULL;
	struct sync_send how = { .progress = app_progress,
				 .cancelled = app_cancelled,
				 .arg = app };
	const struct app_flag flags[] = { { "--to", &to, NULL },
					  { "-o", &folder, NULL },
					  { "--dry-run", NULL, &how.dry },
					  { 0 } };
	struct app_readers readers = { .n = 0 };
	struct sync_sent sent = { 0 };
	enum err rc;

	if (app_flags(app, argc, argv, flags, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = app_offices(app, to, &readers);
	how.host = str_from(argv[0]);
	how.to = readers.to;
	how.n_to = readers.n;
	how.folder = folder ? str_from(folder)
			    : arena_printf(&app->arena, "%s" EXPORT_SUFFIX,
					   app_store_dir(app));
	app_cancel_begin(app);
	if (!rc)
		rc = sync_send(app->cases, &how, &app->arena, &sent,
			       &app->report);
	app_progress_end(app);
	return rc ? app_fail(app, rc) : say_sent(app, &sent, how.dry);
}

/* ---- sync find */
static struct json *found_json(const struct sync_found *f)
{
	const struct json_member rows[] = {
		{ "file", json_str_new(f->path) },
		{ "bytes", json_int_new((int64_t)f->bytes) },
		{ "at", json_int_new(f->at) },
	};

	return json_object_of(rows, ARRAY_LEN(rows));
}

static enum err say_found(struct app *app, const struct sync_found *f, size_t n)
{
	struct json *list = app->json ? json_array_new() : NULL;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		char date[WHEN_MAX];
		struct when w;

		if (list) {
			rc = json_push(list, found_json(&f[i]));
			continue;
		}
		when_local(app->sys, f[i].at, &w);
		printf("%.*s  %8llu  ", STR_ARG(when_date_text(&w, date)),
		       (unsigned long long)f[i].bytes);
		app_print(f[i].path);
		printf("\n");
	}
	if (!list && !n)
		printf(_("Tidak ada berkas sinkronisasi di stik atau folder "
			 "itu.\n"));
	if (rc)
		json_free(list);
	else if (list)
		app_print_json(list);
	return rc;
}

static int run_find(struct app *app, int argc, char **argv)
{
	struct sync_found *found = NULL;
	struct sync_search how = { .progress = app_progress,
				   .cancelled = app_cancelled,
				   .arg = app };
	struct str *folders = NULL, one;
	int words = app_words(app, argc, argv, 1);
	size_t n = 0, n_folders = 1;
	enum err rc = ERR_NONE;

	if (words < 0 || words > 1)
		return app_usage(app->command->words, stderr);
	if (words) {
		one = str_from(argv[0]);
		folders = &one;
	} else {
		rc = sync_places(&app->arena, &folders, &n_folders);
	}
	how.folders = folders;
	how.n = n_folders;
	app_cancel_begin(app);
	if (!rc)
		rc = sync_find(&app->arena, &how, &found, &n);
	app_progress_end(app);
	if (!rc)
		rc = say_found(app, found, n);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

/* ---- store prune */
#define DAYS_USUAL 90
#define DAY        INT64_C(86400000)

static int run_prune(struct app *app, int argc, char **argv)
{
	const char *days_text = NULL;
	struct sync_prune how = { .dry = false };
	const struct app_flag flags[] = { { "--days", &days_text, NULL },
					  { "--dry-run", NULL, &how.dry },
					  { 0 } };
	struct sync_pruned done = { 0 };
	int64_t days = DAYS_USUAL;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0 ||
	    (days_text &&
	     (!str_to_i64(str_from(days_text), &days) || days < 0)))
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	how.before = sys_now(app->sys) - days * DAY;
	if (!rc)
		how.folder = arena_printf(&app->arena, "%s" EXPORT_SUFFIX,
					  app_store_dir(app));
	if (!rc)
		rc = sync_prune(app->cases, &how, &app->arena, &done);
	if (rc)
		return app_fail(app, rc);
	printf(how.dry ? _("Dapat dihapus: %llu berkas, %llu byte.\n")
		       : _("Dihapus: %llu berkas, %llu byte.\n"),
	       (unsigned long long)done.files, (unsigned long long)done.bytes);
	return EXIT_DONE;
}

const struct command *commands_sync_send(void)
{
	static const struct command rows[] = {
		{ "sync send", run_send,
		  N_("ssh://[USER@]HOST[:PORT] [--to KANTOR] [-o FOLDER] "
		     "[--dry-run]"),
		  "pilar sync send ssh://pilar@kecamatan",
		  N_("Mengirim lewat ssh semua yang belum diakui kantor dan "
		     "mengambil tanda terimanya; bila terputus, kirim lagi "
		     "meneruskan.") },
		{ "sync find", run_find, N_("[FOLDER]"), "pilar sync find",
		  N_("Mencari berkas sinkronisasi di stik yang terpasang, atau "
		     "di satu folder.") },
		{ "store prune", run_prune, N_("[--days N] [--dry-run]"),
		  "pilar store prune --dry-run",
		  N_("Menghapus berkas ekspor yang sudah diakui kantor, "
		     "karantina dan kiriman setengah jalan yang lebih tua dari "
		     "90 hari; isian dan kasus tidak disentuh.") },
		{ 0 },
	};

	return rows;
}
