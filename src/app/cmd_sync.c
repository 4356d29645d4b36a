/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"
#include "pilar/when.h"

#include "app.h"

/* zstd's best that every reader takes in 8 MiB. */
#define BEST_LEVEL 22
#define EXPORT_MAX ((size_t)512 << 20)

/* ---- status */
static struct json *peer_json(const struct sync_peer *p)
{
	struct json *j = json_object_new(), *gaps = json_array_new();
	enum err rc = json_set(j, "device", json_str_new(p->device));

	for (size_t i = 0; !rc && i < p->n_gaps; i++)
		rc = json_push(gaps, json_int_new((int64_t)p->gaps[i]));
	if (!rc)
		rc = json_set(j, "name", json_str_new(p->name));
	if (!rc)
		rc = json_set(j, "files", json_int_new((int64_t)p->files));
	if (!rc)
		rc = json_set(j, "events", json_int_new((int64_t)p->events));
	if (!rc)
		rc = json_set(j, "last", json_int_new((int64_t)p->last));
	if (!rc)
		rc = json_set(j, "missing", gaps);
	else
		json_free(gaps);
	if (rc) {
		json_free(j);
		return NULL;
	}
	return j;
}

static enum err peers_json(struct json *j, const struct sync_status *s)
{
	struct json *list = json_array_new();
	enum err rc = list ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < s->n_peers; i++)
		rc = json_push(list, peer_json(&s->peers[i]));
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "devices", list);
}

static int status_json(const struct sync_status *s)
{
	struct json *j = json_object_new();
	const struct {
		const char *key;
		int64_t value;
	} rows[] = {
		{ "waiting", (int64_t)s->waiting },
		{ "exported", (int64_t)s->exported },
		{ "received", (int64_t)s->received },
		{ "files", (int64_t)s->files },
		{ "files_received", (int64_t)s->files_received },
		{ "bytes", (int64_t)s->bytes },
		{ "last_at", s->last_at },
		{ "unacknowledged", (int64_t)s->missing },
		{ "taken_in", (int64_t)s->taken_in },
	};
	enum err rc = j ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < ARRAY_LEN(rows); i++)
		rc = json_set(j, rows[i].key, json_int_new(rows[i].value));
	if (!rc)
		rc = json_set(j, "last_file", json_str_new(s->last_file));
	if (!rc)
		rc = peers_json(j, s);
	if (rc) {
		json_free(j);
		return EXIT_FAILED;
	}
	return app_print_json(j);
}

static void print_gaps(const uint64_t *gaps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s%llu", i ? ", " : "", (unsigned long long)gaps[i]);
}

static void status_peer(const struct sync_peer *p)
{
	printf("  ");
	app_print(p->name.n ? p->name : p->device);
	printf(_(": %llu isian dalam %llu berkas, terakhir nomor %llu\n"),
	       (unsigned long long)p->events, (unsigned long long)p->files,
	       (unsigned long long)p->last);
	if (!p->n_gaps)
		return;
	printf(_("    belum diterima: berkas "));
	print_gaps(p->gaps, p->n_gaps);
	printf("\n");
}

static void status_text(struct app *app, const struct sync_status *s)
{
	char date[WHEN_MAX];
	struct when w;

	printf(_("Belum diekspor: %llu\n"), (unsigned long long)s->waiting);
	printf(_("Sudah diekspor: %llu dalam %llu berkas\n"),
	       (unsigned long long)s->exported, (unsigned long long)s->files);
	printf(_("Sudah diakui kantor: %llu dalam %llu berkas\n"),
	       (unsigned long long)s->received,
	       (unsigned long long)s->files_received);
	if (s->exported)
		printf(_("Rata-rata per isian: %llu byte\n"),
		       (unsigned long long)(s->bytes / s->exported));
	if (s->last_at) {
		when_local(app->sys, s->last_at, &w);
		app_say(stdout, _("Ekspor terakhir: %.*s, berkas %.*s\n"),
			STR_ARG(when_date_text(&w, date)),
			STR_ARG(s->last_file));
	}
	if (s->missing)
		app_say(stdout,
			_("Belum ada tanda terima: %.*s. Bila hilang: pilar "
			  "sync export --again %llu\n"),
			STR_ARG(s->missing_file),
			(unsigned long long)s->missing);
	if (s->n_peers)
		printf(_("Diterima dari perangkat lain:\n"));
	for (size_t i = 0; i < s->n_peers; i++)
		status_peer(&s->peers[i]);
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

/* ---- export */
static enum err names_json(struct json *j, const struct sync_export *how)
{
	struct json *list = json_array_new();
	enum err rc = list ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < how->n_to; i++)
		rc = json_push(list, json_str_new(how->to[i].name));
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "to", list);
}

static int export_json(const struct sync_export *how,
		       const struct sync_result *r)
{
	struct json *j = json_object_new();
	enum err rc = j ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = json_set(j, "file",
			      r->file.n ? json_str_new(r->file)
					: json_null_new());
	if (!rc)
		rc = json_set(j, "sequence", json_int_new((int64_t)r->seq));
	if (!rc)
		rc = json_set(j, "events", json_int_new((int64_t)r->events));
	if (!rc)
		rc = json_set(j, "bytes", json_int_new((int64_t)r->bytes));
	if (!rc)
		rc = names_json(j, how);
	if (rc) {
		json_free(j);
		return EXIT_FAILED;
	}
	return app_print_json(j);
}

enum err app_offices(struct app *app, const char *to, struct sync_export *how)
{
	struct sync_office *all = NULL, *one;
	size_t n = 0;
	enum err rc = sync_offices(app->cases, &app->arena, &all, &n);

	if (rc)
		return rc;
	how->to = all;
	how->n_to = n;
	if (!to || how->again)
		return ERR_NONE;
	for (size_t i = 0; i < n; i++)
		if (str_is(all[i].name, to)) {
			how->to = &all[i];
			how->n_to = 1;
			return ERR_NONE;
		}
	one = arena_alloc(&app->arena, sizeof(*one));
	if (!one)
		return ERR_NOMEM;
	one->name = str_from(to);
	how->to = one;
	how->n_to = 1;
	if (!sync_office_parse(str_from(to), one))
		return ERR_NONE;
	report_add(&app->report, PROBLEM_ERROR, str_from(to),
		   _("bukan nama kantor dalam daftar dan bukan kunci "
		     "(age1.. atau RW..)"));
	return ERR_NOTFOUND;
}

static void say_who_can_open(const struct sync_export *how)
{
	if (!how->n_to) {
		printf(_("Belum disegel: siapa pun yang memegang berkas ini "
			 "dapat membacanya.\n"));
		return;
	}
	printf(_("Hanya dapat dibuka oleh: "));
	for (size_t i = 0; i < how->n_to; i++) {
		printf("%s", i ? ", " : "");
		app_print(how->to[i].name);
	}
	printf("\n");
}

static int export_text(const struct sync_export *how,
		       const struct sync_result *r)
{
	if (how->dry && r->events) {
		printf(_("Akan diekspor: %llu isian, sekitar %llu byte sebelum "
			 "dipadatkan.\n"),
		       (unsigned long long)r->events,
		       (unsigned long long)r->bytes);
		say_who_can_open(how);
		return EXIT_DONE;
	}
	if (!r->file.n) {
		printf(_("Tidak ada yang perlu diekspor.\n"));
		return EXIT_DONE;
	}
	app_print(r->file);
	printf(_("\n%llu isian, %llu byte. "), (unsigned long long)r->events,
	       (unsigned long long)r->bytes);
	say_who_can_open(how);
	return EXIT_DONE;
}

static bool read_number(const char *text, uint64_t *out)
{
	return !text || (str_to_u64(str_from(text), out) && *out);
}

/* Kept beside the store, and copied to standard output: a line that breaks
 * loses nothing. */
static int export_stdout(struct app *app, const struct sync_result *r)
{
	struct buf b = BUF_INIT(EXPORT_MAX);
	const char *path = arena_cstr(&app->arena, r->file);
	enum err rc = path ? ERR_NONE : ERR_NOMEM;

	if (!rc && r->file.n)
		rc = file_read(path, &b);
	if (!rc && b.n && fwrite(b.p, 1, b.n, stdout) != b.n)
		rc = ERR_IO;
	buf_release(&b);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

static enum err export_folder(struct app *app, struct sync_export *how)
{
	how->folder =
		arena_printf(&app->arena, "%s-ekspor", app_store_dir(app));
	return how->folder.p ? dir_make(how->folder.p) : ERR_NOMEM;
}

static int run_export(struct app *app, int argc, char **argv)
{
	const char *folder = ".", *to = NULL, *again = NULL;
	struct sync_export how = { .progress = app_progress,
				   .cancelled = app_cancelled,
				   .arg = app };
	bool best = false;
	const struct app_flag flags[] = { { "-o", &folder, NULL },
					  { "--to", &to, NULL },
					  { "--again", &again, NULL },
					  { "--plain", NULL, &how.plain },
					  { "--best", NULL, &best },
					  { "--dry-run", NULL, &how.dry },
					  { 0 } };
	struct sync_result r;
	int words = app_flags(app, argc, argv, flags);
	bool out = words == 1 && strcmp(argv[0], "-") == 0;
	enum err rc;

	if (words != (out ? 1 : 0) || !read_number(again, &how.again))
		return app_usage(app->command->words, stderr);
	how.level = best ? BEST_LEVEL : 0;
	how.folder = str_from(folder);
	rc = app_open(app);
	if (!rc)
		rc = app_offices(app, to, &how);
	if (!rc && out)
		rc = export_folder(app, &how);
	app_cancel_begin(app);
	if (!rc)
		rc = sync_export(app->cases, &how, &app->arena, &r,
				 &app->report);
	app_progress_end(app);
	if (rc)
		return app_fail(app, rc);
	if (out)
		return export_stdout(app, &r);
	return app->json ? export_json(&how, &r) : export_text(&how, &r);
}

const struct command *commands_sync(void)
{
	static const struct command rows[] = {
		{ "sync status", run_status, "", "pilar sync status",
		  N_("Apa yang belum dan sudah diekspor, apa yang diakui, dan "
		     "apa yang diterima.") },
		{ "sync export", run_export,
		  N_("[-|-o FOLDER] [--to KANTOR|KUNCI] [--again NOMOR] "
		     "[--best] "
		     "[--plain] [--dry-run]"),
		  "pilar sync export -o /media/usb",
		  N_("Menulis berkas sinkronisasi dengan isian yang belum "
		     "diekspor, disegel untuk kantor dalam daftar.") },
		{ 0 },
	};

	return rows;
}
