/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"
#include "pilar/when.h"

#include "app.h"

#define EXPORT_MAX ((size_t)512 << 20)

/* ---- status */
static struct json *peer_json(const struct sync_peer *p)
{
	const struct json_member rows[] = {
		{ "device", json_str_new(p->device) },
		{ "name", json_str_new(p->name) },
		{ "copy_of", json_str_new(p->copy_of) },
		{ "files", json_int_new((int64_t)p->files) },
		{ "events", json_int_new((int64_t)p->events) },
		{ "last", json_int_new((int64_t)p->last) },
		{ "missing", json_ints_new(p->gaps, p->n_gaps) },
	};

	return json_object_of(rows, ARRAY_LEN(rows));
}

static struct json *peers_json(const struct sync_status *s)
{
	struct json *list = json_array_new();

	for (size_t i = 0; list && i < s->n_peers; i++)
		if (json_push(list, peer_json(&s->peers[i]))) {
			json_free(list);
			return NULL;
		}
	return list;
}

static int say_json(struct json *j)
{
	return j ? app_print_json(j) : EXIT_FAILED;
}

static int status_json(const struct sync_status *s)
{
	const struct json_member rows[] = {
		{ "waiting", json_int_new((int64_t)s->waiting) },
		{ "exported", json_int_new((int64_t)s->exported) },
		{ "received", json_int_new((int64_t)s->received) },
		{ "files", json_int_new((int64_t)s->files) },
		{ "files_received", json_int_new((int64_t)s->files_received) },
		{ "bytes", json_int_new((int64_t)s->bytes) },
		{ "last_at", json_int_new(s->last_at) },
		{ "unacknowledged", json_int_new((int64_t)s->missing) },
		{ "taken_in", json_int_new((int64_t)s->taken_in) },
		{ "to_forward", json_int_new((int64_t)s->to_forward) },
		{ "last_file", json_str_new(s->last_file) },
		{ "devices", peers_json(s) },
	};

	return say_json(json_object_of(rows, ARRAY_LEN(rows)));
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
	if (s->to_forward)
		printf(_("Titipan yang belum sampai di kantor: %llu berkas\n"),
		       (unsigned long long)s->to_forward);
	if (s->n_peers)
		printf(_("Diterima dari perangkat lain:\n"));
	for (size_t i = 0; i < s->n_peers; i++)
		status_peer(&s->peers[i]);
}

static int run_status(struct app *app, int argc, char **argv)
{
	struct sync_status s;
	enum err rc;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open_any(app);
	if (!rc)
		rc = sync_status(app->cases, &app->arena, &s);
	if (rc)
		return app_fail(app, rc);
	if (app->json)
		return status_json(&s);
	status_text(app, &s);
	return EXIT_DONE;
}

/* ---- for whom */
enum err app_offices(struct app *app, const char *to, struct app_readers *out)
{
	struct sync_office *all = NULL, *one;
	size_t n = 0;
	enum err rc = sync_offices(app->cases, &app->arena, &all, &n);

	*out = (struct app_readers){ .to = all, .n = n };
	for (size_t i = 0; !rc && to && i < n; i++)
		if (str_is(all[i].name, to)) {
			*out = (struct app_readers){ .to = &all[i], .n = 1 };
			return ERR_NONE;
		}
	if (rc || !to)
		return rc;
	one = arena_alloc(&app->arena, sizeof(*one));
	if (!one)
		return ERR_NOMEM;
	*out = (struct app_readers){ .to = one, .n = 1, .device = true };
	if (!sync_device_office(app->cases, str_from(to), &app->arena, one))
		return ERR_NONE;
	out->device = false;
	*one = (struct sync_office){ .name = str_from(to) };
	if (!sync_office_parse(str_from(to), one))
		return ERR_NONE;
	report_add(&app->report, PROBLEM_ERROR, str_from(to),
		   _("bukan nama kantor atau perangkat dalam daftar dan "
		     "bukan kunci (age1.. atau RW..)"));
	return ERR_NOTFOUND;
}

/* ---- export */
struct exporting {
	struct app_readers readers;
	struct sync_export how;
	struct sync_result own;
	struct sync_forwarded others;
};

static struct json *names_json(const struct app_readers *r)
{
	struct json *list = json_array_new();

	for (size_t i = 0; list && i < r->n; i++)
		if (json_push(list, json_str_new(r->to[i].name))) {
			json_free(list);
			return NULL;
		}
	return list;
}

static struct json *file_json(struct str file)
{
	return file.n ? json_str_new(file) : json_null_new();
}

static struct json *others_json(const struct sync_forwarded *o)
{
	const struct json_member rows[] = {
		{ "file", file_json(o->file) },
		{ "files", json_int_new((int64_t)o->files) },
		{ "events", json_int_new((int64_t)o->events) },
		{ "lists", json_int_new((int64_t)o->lists) },
		{ "bytes", json_int_new((int64_t)o->bytes) },
		{ "left", json_int_new((int64_t)o->left) },
	};

	return json_object_of(rows, ARRAY_LEN(rows));
}

static int export_json(const struct exporting *x)
{
	const struct sync_result *r = &x->own;
	const struct json_member rows[] = {
		{ "file", file_json(r->file) },
		{ "sequence", json_int_new((int64_t)r->seq) },
		{ "events", json_int_new((int64_t)r->events) },
		{ "bytes", json_int_new((int64_t)r->bytes) },
		{ "to", names_json(&x->readers) },
		{ "forwarded", others_json(&x->others) },
	};

	return say_json(json_object_of(rows, ARRAY_LEN(rows)));
}

static void say_who_can_open(const struct app_readers *r)
{
	if (!r->n) {
		printf(_("Belum disegel: siapa pun yang memegang berkas ini "
			 "dapat membacanya.\n"));
		return;
	}
	printf(_("Hanya dapat dibuka oleh: "));
	for (size_t i = 0; i < r->n; i++) {
		printf("%s", i ? ", " : "");
		app_print(r->to[i].name);
	}
	printf("\n");
}

static void say_own(const struct exporting *x)
{
	const struct sync_result *r = &x->own;

	if (x->how.dry) {
		printf(_("Akan diekspor: %llu isian, sekitar %llu byte sebelum "
			 "dipadatkan.\n"),
		       (unsigned long long)r->events,
		       (unsigned long long)r->bytes);
		return;
	}
	app_print(r->file);
	printf(_("\n%llu isian, %llu byte. "), (unsigned long long)r->events,
	       (unsigned long long)r->bytes);
	if (!r->file.n)
		printf("\n");
}

static void say_others(const struct exporting *x)
{
	const struct sync_forwarded *o = &x->others;

	if (o->file.n) {
		app_print(o->file);
		printf("\n");
	}
	printf(_("Titipan: %llu berkas perangkat lain dengan %llu isian, %llu "
		 "daftar; %llu byte.\n"),
	       (unsigned long long)o->files, (unsigned long long)o->events,
	       (unsigned long long)o->lists, (unsigned long long)o->bytes);
	if (o->left)
		printf(_("%llu berkas lagi tidak muat; menyusul sesudah yang "
			 "ini diakui.\n"),
		       (unsigned long long)o->left);
}

static int export_text(const struct exporting *x)
{
	bool own = x->own.events > 0;
	bool others = x->others.files || x->others.lists || x->others.events;

	if (!own && !others) {
		printf(_("Tidak ada yang perlu diekspor.\n"));
		return EXIT_DONE;
	}
	if (own)
		say_own(x);
	if (others)
		say_others(x);
	say_who_can_open(&x->readers);
	return EXIT_DONE;
}

static bool read_number(const char *text, uint64_t *out)
{
	return !text || (str_to_u64(str_from(text), out) && *out);
}

/* Kept beside the store, and copied to standard output: a line that breaks
 * loses nothing. */
static int export_stdout(struct app *app, struct str file)
{
	struct buf b = BUF_INIT(EXPORT_MAX);
	const char *path = arena_cstr(&app->arena, file);
	enum err rc = path ? ERR_NONE : ERR_NOMEM;

	if (!rc && file.n)
		rc = file_read(path, &b);
	if (!rc && b.n && fwrite(b.p, 1, b.n, stdout) != b.n)
		rc = ERR_IO;
	buf_release(&b);
	return rc ? app_fail(app, rc) : EXIT_DONE;
}

static enum err own_folder(struct app *app, struct str *folder)
{
	*folder = arena_printf(&app->arena, "%s" EXPORT_SUFFIX,
			       app_store_dir(app));
	return folder->p ? dir_make(folder->p) : ERR_NOMEM;
}

/* Our own for an office; what others made, too, and all for a device. Where
 * one file is wanted, our own for an office or the one for a device. */
static enum err export_all(struct app *app, struct exporting *x, bool out)
{
	struct sync_forward how = { .folder = x->how.folder,
				    .to = x->readers.to,
				    .n_to = x->readers.n,
				    .whole = x->readers.device && !x->how.again,
				    .dry = x->how.dry,
				    .progress = app_progress,
				    .cancelled = app_cancelled,
				    .arg = app };
	enum err rc = own_folder(app, &how.own_folder);

	if (out)
		x->how.folder = how.folder = how.own_folder;
	if (!rc && !how.whole)
		rc = sync_export(app->cases, &x->how, &app->arena, &x->own,
				 &app->report);
	if (!rc && (!out || how.whole) && !x->how.again)
		rc = sync_forward(app->cases, &how, &app->arena, &x->others,
				  &app->report);
	return rc;
}

static int run_export(struct app *app, int argc, char **argv)
{
	const char *folder = ".", *to = NULL, *again = NULL;
	struct exporting x = { .how = { .progress = app_progress,
					.cancelled = app_cancelled,
					.arg = app } };
	const struct app_flag flags[] = { { "-o", &folder, NULL },
					  { "--to", &to, NULL },
					  { "--again", &again, NULL },
					  { "--plain", NULL, &x.how.plain },
					  { "--best", NULL, &x.how.best },
					  { "--dry-run", NULL, &x.how.dry },
					  { 0 } };
	int words = app_flags(app, argc, argv, flags, 1);
	bool out = words == 1 && strcmp(argv[0], "-") == 0;
	enum err rc;

	if (words != (out ? 1 : 0) || !read_number(again, &x.how.again))
		return app_usage(app->command->words, stderr);
	x.how.folder = str_from(folder);
	rc = app_open(app);
	if (!rc)
		rc = app_offices(app, to, &x.readers);
	x.how.to = x.readers.to;
	x.how.n_to = x.readers.n;
	app_cancel_begin(app);
	if (!rc)
		rc = export_all(app, &x, out);
	app_progress_end(app);
	if (rc)
		return app_fail(app, rc);
	if (out)
		return export_stdout(app,
				     x.own.file.n ? x.own.file : x.others.file);
	return app->json ? export_json(&x) : export_text(&x);
}

const struct command *commands_sync(void)
{
	static const struct command rows[] = {
		{ "sync status", run_status, "", "pilar sync status",
		  N_("Apa yang belum dan sudah diekspor, apa yang diakui, dan "
		     "apa yang diterima.") },
		{ "sync export", run_export,
		  N_("[-|-o FOLDER] [--to KANTOR|PERANGKAT|KUNCI] [--again "
		     "NOMOR] "
		     "[--best] "
		     "[--plain] [--dry-run]"),
		  "pilar sync export -o /media/usb",
		  N_("Menulis berkas sinkronisasi dengan isian yang belum "
		     "diekspor, disegel untuk kantor dalam daftar.") },
		{ 0 },
	};

	return rows;
}
