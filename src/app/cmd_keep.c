/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/seal.h"

#include "app.h"

/*
 * Keeping a store: copies of it, what can be saved of a damaged one, and who
 * did what in it.
 */

/* An object of numbers: {"bytes": 1, ..}; ended by a row without key. */
struct number {
	const char *key;
	size_t value;
};

static int print_numbers(struct app *app, const struct number *rows)
{
	struct json *j = json_object_new();
	enum err rc = j ? ERR_NONE : ERR_NOMEM;

	for (; !rc && rows->key; rows++)
		rc = json_set(j, rows->key, json_int_new((int64_t)rows->value));
	if (!rc)
		return app_print_json(j);
	json_free(j);
	return app_fail(app, rc);
}

static int run_backup(struct app *app, int argc, char **argv)
{
	struct store_copied copied;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_BACKUP, STR(""), STR(""));
	if (!rc)
		rc = store_backup(app->store, argv[0], &app->report, &copied);
	if (rc)
		return app_fail(app, rc);
	if (app->json)
		return print_numbers(app, (const struct number[]){
						  { "bytes", copied.bytes },
						  { "values", copied.values },
						  { 0 } });
	app_print(str_from(argv[0]));
	printf(_(": %zu byte, %zu nilai diperiksa, semua terbaca.\n"),
	       copied.bytes, copied.values);
	return EXIT_DONE;
}

/* The new store answers to its passphrase, and all of it reads back. */
static enum err check_all(struct app *app, size_t *checked)
{
	enum err rc = app_open_store(app, (struct store_open){ 0 });

	if (!rc)
		rc = store_check(app->store, &app->report, app_progress, app,
				 checked);
	app_progress_end(app);
	if (!rc)
		rc = cases_open(&app->cases, app->store, app->sys,
				str_from(app->worker), &app->report);
	return rc ? rc
		  : cases_audit(app->cases, AUDIT_RESTORE, STR(""), STR(""));
}

static int run_restore(struct app *app, int argc, char **argv)
{
	size_t checked = 0;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	if (!app_store_dir(app)) {
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("letak data tidak diketahui: isi --store"));
		return app_fail(app, ERR_NOTFOUND);
	}
	rc = store_restore(argv[0], app_store_dir(app), app->sys, &app->report);
	if (!rc)
		rc = check_all(app, &checked);
	if (rc)
		return app_fail(app, rc);
	if (app->json)
		return print_numbers(
			app, (const struct number[]){ { "values", checked },
						      { 0 } });
	app_say(stdout, _("Dipulihkan di %s: %zu nilai, semua terbaca.\n"),
		app_store_dir(app), checked);
	return EXIT_DONE;
}

/* ---- salvage */

struct salvaging {
	struct app *app;
	bool rebuilt;
};

/* Inside the new store: what follows from the events is made again. */
static enum err rebuild(void *arg, struct store *st)
{
	struct salvaging *s = arg;
	struct app *app = s->app;
	struct report said = { 0 };
	struct cases *c = NULL;
	enum err rc = cases_mend(st, app->sys, &app->report);

	if (!rc)
		rc = cases_open_any(&c, st, app->sys, str_from(app->worker),
				    &app->report);
	if (rc)
		return rc;
	rc = cases_rebuild(c, app_progress, app, &said);
	app_progress_end(app);
	s->rebuilt = !rc;
	if (rc) {
		struct str why = report_first(&said, &app->arena);

		report_add(&app->report, PROBLEM_WARNING, STR(""),
			   _("kasus tidak dapat dibangun ulang (%.*s); "
			     "dipakai yang masih terbaca"),
			   STR_ARG(why));
	}
	report_release(&said);
	rc = cases_audit(c, AUDIT_RESTORE, STR(""), STR(""));
	cases_close(c);
	return rc;
}

static enum err salvage(struct app *app, const char *to, struct salvaging *arg,
			struct store_salvaged *out)
{
	const char *from = app_store_dir(app);
	struct store_create how = { .dir = to,
				    .sys = app->sys,
				    .slot_name = str_from(app->worker),
				    .fill = rebuild,
				    .arg = arg };
	struct buf pass = { 0 };
	enum err rc = from ? ERR_NONE : ERR_NOTFOUND;

	if (!rc && app->pass_fd >= 0)
		rc = app_pass(app, &pass);
	how.passphrase = buf_str(&pass);
	if (!rc)
		rc = store_salvage(from, &how, &app->report, out);
	if (rc == ERR_LOCKED && app->pass_fd < 0) {
		report_release(&app->report);
		rc = app_pass(app, &pass);
		how.passphrase = buf_str(&pass);
		if (!rc)
			rc = store_salvage(from, &how, &app->report, out);
	}
	app_pass_wipe(&pass);
	return rc;
}

static int run_salvage(struct app *app, int argc, char **argv)
{
	struct salvaging s = { .app = app };
	struct store_salvaged out = { 0 };
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	rc = salvage(app, argv[0], &s, &out);
	if (rc)
		return app_fail(app, rc);
	app_warn(app);
	if (app->json)
		return print_numbers(
			app, (const struct number[]){ { "kept", out.kept },
						      { "found", out.found },
						      { "lost", out.lost },
						      { "rebuilt", s.rebuilt },
						      { 0 } });
	app_print(str_from(argv[0]));
	printf(_(": %zu nilai diselamatkan (%zu dari halaman lepas), %zu "
		 "hilang.\n"),
	       out.kept, out.found, out.lost);
	return EXIT_DONE;
}

/* ---- log */

static const struct {
	const char *name, *text;
} acts[] = {
	[AUDIT_SUBMIT] = { "submit", N_("menyimpan isian") },
	[AUDIT_OPEN] = { "open", N_("membuka kasus") },
	[AUDIT_EXPORT] = { "export", N_("mengekspor") },
	[AUDIT_IMPORT] = { "import", N_("mengimpor daftar") },
	[AUDIT_PRINT] = { "print", N_("mencetak") },
	[AUDIT_BACKUP] = { "backup", N_("membuat cadangan") },
	[AUDIT_RESTORE] = { "restore", N_("memulihkan") },
	[AUDIT_WORKER] = { "worker", N_("mengubah petugas") },
	[AUDIT_KEY] = { "key", N_("mengubah kunci") },
	[AUDIT_UNDO] = { "undo", N_("menarik isian") },
};
#define WORKER_COLUMNS 12
#define ACT_COLUMNS    18

static bool known(const struct audit_row *r)
{
	return (size_t)r->act < ARRAY_LEN(acts) && acts[r->act].name;
}

static struct json *log_json(struct app *app, const void *row)
{
	const struct audit_row *r = row;
	struct json *j = json_object_new();
	const char *act = known(r) ? acts[r->act].name : "?";

	(void)app;
	if (json_set(j, "at", json_int_new(r->at)) ||
	    json_set(j, "worker", json_str_new(r->worker)) ||
	    json_set(j, "act", json_str_new(str_from(act))) ||
	    json_set(j, "list", json_str_new(r->list)) ||
	    json_set(j, "object", json_str_new(r->object)) ||
	    json_set(j, "gap", json_bool_new(r->gap))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void log_text(struct app *app, const void *row)
{
	const struct audit_row *r = row;
	const char *act = known(r) ? _(acts[r->act].text) : "?";

	if (r->gap)
		printf(_(
			"-- di sini ada catatan yang hilang atau diubah --\n"));
	app_print_moment(app, r->at);
	app_print_cell(r->worker, WORKER_COLUMNS);
	app_print_cell(str_from(act), ACT_COLUMNS);
	app_print(r->list);
	printf("%s", r->list.n ? "  " : "");
	app_print(r->object);
	printf("\n");
}

static enum err read_log(struct app *app, struct app_rows *rows)
{
	struct audit_row *all = NULL;
	enum err rc = cases_log(app->cases, &app->arena, &all, &rows->n);

	rows->at = all;
	return rc;
}

static int run_log(struct app *app, int argc, char **argv)
{
	const struct app_list list = { app_open,
				       read_log,
				       { .size = sizeof(struct audit_row),
					 .json = log_json,
					 .text = log_text } };

	return app_list(app, argc, argv, &list);
}

const struct command *commands_keep(void)
{
	static const struct command rows[] = {
		{ "store backup", run_backup, N_("BERKAS"),
		  "pilar store backup /media/usb/pilar-12-juni",
		  N_("Menyalin seluruh penyimpanan ke satu berkas baru dan "
		     "membacanya kembali.") },
		{ "store restore", run_restore, N_("BERKAS"),
		  "pilar --store ~/pilar-lama store restore "
		  "/media/usb/pilar-12-juni",
		  N_("Membuat penyimpanan dari cadangan; foldernya belum "
		     "boleh ada.") },
		{ "store salvage", run_salvage, N_("FOLDER"),
		  "pilar --store ~/rusak store salvage ~/pulih",
		  N_("Menyelamatkan semua yang masih terbaca ke penyimpanan "
		     "baru dan menyebut yang hilang.") },
		{ "store log", run_log, "", "pilar store log",
		  N_("Siapa membuka, mengubah atau mengekspor apa, dan "
		     "kapan.") },
		{ 0 },
	};

	return rows;
}
