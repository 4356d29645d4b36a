/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"

#include "app.h"

/* What an office is called where nobody says. */
#define OFFICE_NAME "kantor"

static int say_made(struct app *app, const struct sync_kit *how,
		    const struct sync_kit_made *m)
{
	const struct json_member rows[] = {
		{ "forms", json_int_new((int64_t)m->forms) },
		{ "media", json_int_new((int64_t)m->media) },
		{ "workers", json_int_new((int64_t)m->workers) },
		{ "lists", json_int_new((int64_t)m->lists) },
		{ "rows", json_int_new((int64_t)m->rows) },
		{ "bytes", json_int_new((int64_t)m->bytes) },
	};
	struct json *j = json_object_of(rows, ARRAY_LEN(rows));

	if (app->json)
		return j ? app_print_json(j) : EXIT_FAILED;
	json_free(j);
	app_print(str_from(how->path));
	printf(_("\n%llu formulir, %llu berkas pendamping, %llu petugas, %llu "
		 "baris daftar; %llu byte.\n"),
	       (unsigned long long)m->forms, (unsigned long long)m->media,
	       (unsigned long long)m->workers, (unsigned long long)m->rows,
	       (unsigned long long)m->bytes);
	if (!how->n_to && m->rows)
		printf(_("Belum disegel: siapa pun yang memegang berkas ini "
			 "dapat membaca daftar di dalamnya.\n"));
	if (how->dry)
		printf(_("Hanya dihitung, sebelum dipadatkan; berkas tidak "
			 "dibuat.\n"));
	return EXIT_DONE;
}

static int run_make(struct app *app, int argc, char **argv)
{
	const char *to = NULL, *name = OFFICE_NAME;
	struct sync_kit how = { .progress = app_progress,
				.cancelled = app_cancelled,
				.arg = app };
	const struct app_flag flags[] = { { "-o", &how.path, NULL },
					  { "--to", &to, NULL },
					  { "--name", &name, NULL },
					  { "--no-lists", NULL, &how.no_lists },
					  { "--dry-run", NULL, &how.dry },
					  { 0 } };
	struct sync_office one = { .name = STR("--to") };
	struct sync_kit_made made;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0 || !how.path)
		return app_usage(app->command->words, stderr);
	if (to && sync_office_parse(str_from(to), &one)) {
		report_add(&app->report, PROBLEM_ERROR, str_from(to),
			   _("bukan kunci: diharapkan age1.. atau RW.., atau "
			     "berkas yang berisi itu"));
		return app_fail(app, ERR_SYNTAX);
	}
	how.name = str_from(name);
	how.to = &one;
	how.n_to = to ? 1 : 0;
	rc = app_open(app);
	app_cancel_begin(app);
	if (!rc)
		rc = sync_kit_make(app->cases, &how, &app->arena, &made,
				   &app->report);
	app_progress_end(app);
	return rc ? app_fail(app, rc) : say_made(app, &how, &made);
}

/* ---- a new store from a kit */
enum err app_take_kit(void *arg, struct cases *c)
{
	struct app *app = arg;
	const struct sync_import how = { .path = app->kit,
					 .accept = true,
					 .progress = app_progress,
					 .cancelled = app_cancelled,
					 .arg = app };
	struct sync_incoming in;
	enum err rc;

	app_cancel_begin(app);
	rc = sync_import(c, &how, &app->arena, &in, &app->report);
	app_progress_end(app);
	if (!rc && in.kind != SYNC_KIT) {
		report_add(&app->report, PROBLEM_ERROR, str_from(app->kit),
			   _("ini bukan paket kantor (pilar kit make)"));
		rc = ERR_INVALID;
	}
	if (rc)
		return rc;
	if (!app->quiet)
		fprintf(stderr,
			_("Paket dari %.*s. Bandingkan angka kuncinya dengan "
			  "yang ada di kantor: %s\n"),
			STR_ARG(in.name), in.spoken);
	return ERR_NONE;
}

const struct command *commands_kit(void)
{
	static const struct command rows[] = {
		{ "kit make", run_make,
		  N_("-o BERKAS [--name KANTOR] [--to KUNCI] [--no-lists] "
		     "[--dry-run]"),
		  "pilar kit make -o /media/usb/pilar-kecamatan.kit --name "
		  "kecamatan",
		  N_("Membuat paket untuk petugas: formulir, daftar, petugas "
		     "dan kunci kantor dalam satu berkas bertanda "
		     "tangan.") },
		{ 0 },
	};

	return rows;
}
