/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"
#include "pilar/when.h"

#include "app.h"

/* ---- saying what a file was */
static struct json *incoming_json(const struct sync_incoming *in,
				  const char *ack)
{
	static const char *const kinds[] = { "", "events", "ack", "kit",
					     "parcel" };
	const struct json_member rows[] = {
		{ "missing", json_ints_new(in->gaps, in->n_gaps) },
		{ "kind", json_str_new(str_from(kinds[in->kind])) },
		{ "device", json_str_new(in->device) },
		{ "name", json_str_new(in->name) },
		{ "fingerprint", json_str_new(str_from(in->spoken)) },
		{ "ack", json_str_new(str_from(ack)) },
		{ "sequence", json_int_new((int64_t)in->seq) },
		{ "events", json_int_new((int64_t)in->events) },
		{ "new", json_int_new((int64_t)in->fresh) },
		{ "again", json_int_new((int64_t)in->again) },
		{ "acknowledged", json_int_new((int64_t)in->acked) },
		{ "files", json_int_new((int64_t)in->files) },
		{ "revoked", json_int_new((int64_t)in->revoked) },
		{ "known", json_bool_new(in->known || in->mine) },
		{ "copied", json_bool_new(in->copied) },
		{ "sealed", json_bool_new(in->sealed) },
	};

	return json_object_of(rows, ARRAY_LEN(rows));
}

static void print_gaps(const struct sync_incoming *in)
{
	if (!in->n_gaps)
		return;
	printf(_("Belum diterima dari perangkat ini: berkas "));
	for (size_t i = 0; i < in->n_gaps; i++)
		printf("%s%llu", i ? ", " : "",
		       (unsigned long long)in->gaps[i]);
	printf("\n");
}

static void print_copied(const struct sync_incoming *in)
{
	if (in->copied)
		printf("%s\n", sync_copied(in));
}

static void print_maker(struct app *app, const struct sync_incoming *in)
{
	char date[WHEN_MAX];
	struct when w;

	when_local(app->sys, in->made, &w);
	printf(_("Dari: "));
	app_print(in->name.n ? in->name : in->device);
	app_say(stdout, _(" (perangkat %.*s), dibuat %.*s\n"),
		STR_ARG(in->device), STR_ARG(when_date_text(&w, date)));
}

static void print_events(const struct sync_incoming *in)
{
	printf(_("Berkas nomor %llu: %llu isian, %llu baru, %llu sudah ada.\n"),
	       (unsigned long long)in->seq, (unsigned long long)in->events,
	       (unsigned long long)in->fresh, (unsigned long long)in->again);
	print_gaps(in);
	print_copied(in);
}

static void print_ack(const struct sync_incoming *in)
{
	printf(_("Tanda terima: %llu berkas dengan %llu isian kini diakui.\n"),
	       (unsigned long long)in->acked, (unsigned long long)in->events);
	print_copied(in);
	if (in->files)
		printf(_("Titipan: %llu berkas sudah sampai di sana.\n"),
		       (unsigned long long)in->files);
}

static int say_incoming(struct app *app, const struct sync_incoming *in,
			bool dry, const char *ack)
{
	if (app->json) {
		struct json *j = incoming_json(in, ack);

		return j ? app_print_json(j) : EXIT_FAILED;
	}
	print_maker(app, in);
	if (in->kind == SYNC_ACK)
		print_ack(in);
	else if (in->kind == SYNC_KIT)
		printf(_("Paket kantor: %llu baris daftar baru, %llu sudah "
			 "ada.\n"),
		       (unsigned long long)in->fresh,
		       (unsigned long long)in->again);
	else if (in->kind == SYNC_PARCEL)
		printf(_("Titipan: %llu berkas dari perangkat lain, %llu "
			 "isian; %llu baru, %llu sudah ada.\n"),
		       (unsigned long long)in->files,
		       (unsigned long long)in->events,
		       (unsigned long long)in->fresh,
		       (unsigned long long)in->again);
	else
		print_events(in);
	if (dry)
		printf(_("Hanya diperiksa; tidak ada yang diubah.\n"));
	if (*ack) {
		printf(_("Tanda terima untuk dibawa kembali: "));
		app_print(str_from(ack));
		printf("\n");
	}
	return EXIT_DONE;
}

/* ---- acknowledgements */
static enum err into_buf(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

#define ACK_MAX ((size_t)4 << 20)

static enum err write_ack(struct app *app, const struct sync_incoming *in,
			  const char *folder, const char **path)
{
	struct str name = sync_ack_name(&app->arena, in->device, in->seq);
	struct buf b = BUF_INIT(ACK_MAX);
	enum err rc = sync_ack(app->cases, in->device, into_buf, &b);

	*path = path_join(&app->arena, folder, name.p);
	if (!rc)
		rc = *path ? file_write(*path, buf_str(&b)) : ERR_NOMEM;
	buf_release(&b);
	if (rc)
		report_add(&app->report, PROBLEM_WARNING, name,
			   _("isian sudah diterima, tetapi tanda terimanya "
			     "tidak dapat ditulis di sana; ulangi dengan "
			     "-o FOLDER"));
	return ERR_NONE;
}

static enum err ack_to_stdout(struct app *app, const struct sync_incoming *in)
{
	struct buf b = BUF_INIT(ACK_MAX);
	enum err rc = sync_ack(app->cases, in->device, into_buf, &b);

	if (!rc && fwrite(b.p, 1, b.n, stdout) != b.n)
		rc = ERR_IO;
	buf_release(&b);
	return rc;
}

/* What others made and brought is acknowledged. */
static bool answered(const struct sync_incoming *in)
{
	return !in->mine &&
	       (in->kind == SYNC_EVENTS_FILE || in->kind == SYNC_PARCEL);
}

/* ---- sync import */
struct import_args {
	const char *as, *folder;
	bool accept, dry;
};

static const char *folder_of(struct app *app, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	if (slash == path)
		return "/";
	return arena_cstr(&app->arena, str_of(path, (size_t)(slash - path)));
}

static int import_one(struct app *app, const struct import_args *args,
		      const char *path)
{
	struct sync_import how = { .path = path,
				   .accept = args->accept,
				   .accept_as = str_from(args->as),
				   .dry = args->dry,
				   .progress = app_progress,
				   .cancelled = app_cancelled,
				   .arg = app };
	const char *folder = args->folder, *ack = "";
	struct sync_incoming in;
	enum err rc;

	rc = sync_import(app->cases, &how, &app->arena, &in, &app->report);
	app_progress_end(app);
	if (rc && in.quarantine.n)
		report_add(&app->report, PROBLEM_WARNING, STR(""),
			   _("salinannya disimpan di %.*s"),
			   STR_ARG(in.quarantine));
	if (rc)
		return app_fail(app, rc);
	if (!folder)
		folder = folder_of(app, path);
	if (answered(&in) && !args->dry && folder)
		rc = write_ack(app, &in, folder, &ack);
	app_warn(app);
	return rc ? app_fail(app, rc) : say_incoming(app, &in, args->dry, ack);
}

/*
 * Nobody here has accepted that device yet. What it sent waits for the office;
 * the volunteer is told what to say there.
 */
static void keep_stranger(struct app *app, const struct sync_incoming *in,
			  struct sync_spool *spool)
{
	struct str folder = arena_printf(&app->arena, "%s" EXPORT_SUFFIX,
					 app_store_dir(app));
	struct str path;

	if (!in->spoken[0] ||
	    sync_spool_keep(spool, folder, in->device, &app->arena, &path))
		return;
	report_release(&app->report);
	report_add(&app->report, PROBLEM_ERROR, STR("-"),
		   _("kantor belum mengenal perangkat ini. Sebutkan angka "
		     "kuncinya kepada petugas kantor: %s. Berkasnya sudah di "
		     "sana (%.*s); sesudah diterima di sana, kirim lagi"),
		   in->spoken, STR_ARG(str_sub(path, folder.n + 1, path.n)));
}

/*
 * From a line: kept in the store's folder until it is whole, then taken in
 * like any file. The acknowledgement is all that goes to standard output.
 */
static int import_stdin(struct app *app, const struct import_args *args)
{
	struct sync_import how = { .shown = STR("-"),
				   .accept = args->accept,
				   .accept_as = str_from(args->as),
				   .progress = app_progress,
				   .cancelled = app_cancelled,
				   .arg = app };
	struct sync_incoming in = { .seq = 0 };
	struct sync_spool spool;
	enum err rc = sync_spool_fill(app->cases, STDIN_FILENO, STDOUT_FILENO,
				      &app->arena, &spool, &app->report);

	how.path = spool.path;
	if (!rc)
		rc = sync_import(app->cases, &how, &app->arena, &in,
				 &app->report);
	app_progress_end(app);
	if (!rc && answered(&in))
		rc = ack_to_stdout(app, &in);
	if (rc == ERR_LOCKED)
		keep_stranger(app, &in, &spool);
	sync_spool_drop(&spool);
	return app_fail(app, rc);
}

static int run_import(struct app *app, int argc, char **argv)
{
	struct import_args args = { .as = "" };
	const struct app_flag flags[] = { { "--accept", NULL, &args.accept },
					  { "--as", &args.as, NULL },
					  { "--dry-run", NULL, &args.dry },
					  { "-o", &args.folder, NULL },
					  { 0 } };
	int n = app_flags(app, argc, argv, flags, 1);
	enum err rc;

	if (n != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (rc)
		return app_fail(app, rc);
	app_cancel_begin(app);
	if (strcmp(argv[0], "-") == 0)
		return import_stdin(app, &args);
	return import_one(app, &args, argv[0]);
}

/* ---- sync ack: once more, for one that was lost */
static int run_ack(struct app *app, int argc, char **argv)
{
	const char *folder = ".", *path = "";
	const struct app_flag flags[] = { { "-o", &folder, NULL }, { 0 } };
	struct sync_incoming in = { .kind = SYNC_EVENTS_FILE };
	struct sync_status s = { .waiting = 0 };
	enum err rc;

	if (app_flags(app, argc, argv, flags, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = sync_status(app->cases, &app->arena, &s);
	for (size_t i = 0; i < s.n_peers; i++)
		if (str_is(s.peers[i].name, argv[0]) ||
		    str_starts(s.peers[i].device, str_from(argv[0]))) {
			in.device = s.peers[i].device;
			in.seq = s.peers[i].last;
		}
	if (!rc && !in.seq) {
		report_add(&app->report, PROBLEM_ERROR, str_from(argv[0]),
			   _("belum ada berkas yang diterima dari perangkat "
			     "itu"));
		rc = ERR_NOTFOUND;
	}
	if (!rc)
		rc = write_ack(app, &in, folder, &path);
	if (rc || app->report.problems.n)
		return app_fail(app, rc ? rc : ERR_IO);
	app_print(str_from(path));
	printf("\n");
	return EXIT_DONE;
}

const struct command *commands_sync_in(void)
{
	static const struct command rows[] = {
		{ "sync import", run_import,
		  N_("BERKAS|- [--accept] [--as NAMA] [--dry-run] [-o FOLDER]"),
		  "pilar sync import "
		  "/media/usb/pilar-3f2a9c01-000007.tar.zst.age",
		  N_("Menerima berkas dari perangkat lain, atau tanda terima "
		     "dari kantor: semuanya atau tidak sama sekali.") },
		{ "sync ack", run_ack, N_("PERANGKAT [-o FOLDER]"),
		  "pilar sync ack 3f2a9c01 -o /media/usb",
		  N_("Menulis tanda terima sekali lagi untuk satu "
		     "perangkat.") },
		{ 0 },
	};

	return rows;
}
