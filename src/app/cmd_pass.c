/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/sync.h"

#include "app.h"

/*
 * The ways into a store: a passphrase a worker, a code on paper, an office.
 * Whoever gets a first passphrase gets a paper code with it.
 */
#define KIND_COLUMNS 16

static const struct {
	const char *word, *label;
} kinds[] = {
	[SLOT_OPEN] = { "open", N_("tanpa sandi") },
	[SLOT_PASSPHRASE] = { "passphrase", N_("kata sandi") },
	[SLOT_PAPER] = { "paper", N_("kode kertas") },
	[SLOT_OFFICE] = { "office", N_("kantor") },
};

/* ---- the list of them */
static struct json *slot_json(struct app *app, const void *row)
{
	const struct store_slot *s = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "kind", json_str_new(str_from(kinds[s->kind].word))) ||
	    json_set(j, "name", json_str_new(s->name))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void slot_text(struct app *app, const void *row)
{
	const struct store_slot *s = row;

	(void)app;
	app_print_cell(str_from(_(kinds[s->kind].label)), KIND_COLUMNS);
	app_print(s->name);
	printf("\n");
}

static int run_slots(struct app *app, int argc, char **argv)
{
	struct app_rows rows = { .size = sizeof(struct store_slot),
				 .json = slot_json,
				 .text = slot_text };
	struct store_slot *list = NULL;
	enum err rc;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = store_slots(app->store, &app->arena, &list, &rows.n);
	rows.at = list;
	return rc ? app_fail(app, rc) : app_print_rows(app, &rows);
}

/* ---- the code on paper */
void app_print_paper(struct app *app, const char *code)
{
	if (!app->quiet)
		fputs(_("Kode kertas, tampil sekali ini saja. Tulis di kertas "
			"dan simpan di tempat aman: dengan kode ini data "
			"terbuka bila kata sandi lupa.\n"),
		      stderr);
	printf("%s\n", code);
}

static enum err put(struct app *app, const struct slot_new *list, size_t n)
{
	enum err rc = store_slots_put(app->store, list, n, &app->report);

	if (!rc)
		rc = cases_audit(app->cases, AUDIT_KEY,
				 str_from(kinds[list[0].kind].word),
				 list[0].name);
	return rc;
}

static int run_paper(struct app *app, int argc, char **argv)
{
	char code[STORE_PAPER_LEN + 1];
	struct slot_new paper = { .kind = SLOT_PAPER };
	enum err rc;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc && !store_guarded(app->store)) {
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("penyimpanan ini tanpa kata sandi; buat dulu "
			     "dengan: pilar key pass"));
		rc = ERR_REFUSED;
	}
	store_paper(sys_real(), code);
	paper.secret = str_from(code);
	if (!rc)
		rc = put(app, &paper, 1);
	if (rc)
		return app_fail(app, rc);
	app_print_paper(app, code);
	return EXIT_DONE;
}

/* ---- a passphrase */
static enum err put_pass(struct app *app, struct str name, bool paper)
{
	char code[STORE_PAPER_LEN + 1];
	struct buf pass = { 0 };
	struct slot_new list[] = {
		{ .kind = SLOT_PASSPHRASE, .name = name },
		{ .kind = SLOT_PAPER },
	};
	enum err rc = app_pass_new(app, &pass);

	if (!rc && pass.n < APP_PASS_LEAST) {
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("kata sandi paling sedikit 8 huruf"));
		rc = ERR_INVALID;
	}
	store_paper(sys_real(), code);
	list[0].secret = buf_str(&pass);
	list[1].secret = str_from(code);
	if (!rc)
		rc = put(app, list, paper ? 2 : 1);
	app_pass_wipe(&pass);
	if (!rc && paper)
		app_print_paper(app, code);
	return rc;
}

static enum err known_worker(struct app *app, struct str name)
{
	struct worker *w = NULL;
	size_t n = 0;
	enum err rc = cases_workers(app->cases, &app->arena, &w, &n);

	for (size_t i = 0; !rc && i < n; i++)
		if (str_eq(w[i].code, name))
			return ERR_NONE;
	if (!rc)
		report_add(&app->report, PROBLEM_ERROR, name,
			   _("tidak ada petugas berkode itu"));
	return rc ? rc : ERR_NOTFOUND;
}

static int run_pass(struct app *app, int argc, char **argv)
{
	const char *name = NULL;
	bool none = false;
	const struct app_flag flags[] = { { "--name", &name, NULL },
					  { "--none", NULL, &none },
					  { 0 } };
	struct slot_new open = { .kind = SLOT_OPEN };
	struct str code;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0 || (name && none))
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc && none)
		return app_fail(app, put(app, &open, 1));
	if (!rc) {
		code = name ? str_from(name) : cases_worker(app->cases)->code;
		rc = known_worker(app, code);
	}
	if (!rc)
		rc = put_pass(app, code, !store_guarded(app->store));
	return app_fail(app, rc);
}

/* ---- an office that can open it, too */
static int run_office(struct app *app, int argc, char **argv)
{
	struct slot_new slot = { .kind = SLOT_OFFICE };
	struct sync_office *all = NULL;
	size_t n = 0;
	enum err rc;

	if (app_words(app, argc, argv, 1) != 1)
		return app_usage(app->command->words, stderr);
	slot.name = str_from(argv[0]);
	rc = app_open(app);
	if (!rc)
		rc = sync_offices(app->cases, &app->arena, &all, &n);
	for (size_t i = 0; !rc && i < n; i++)
		if (str_eq(all[i].name, slot.name))
			slot.to = &all[i].recipient;
	if (!rc && !slot.to) {
		report_add(&app->report, PROBLEM_ERROR, slot.name,
			   _("kantor itu tidak ada; lihat: pilar key list"));
		rc = ERR_NOTFOUND;
	}
	if (!rc)
		rc = put(app, &slot, 1);
	return app_fail(app, rc);
}

static enum err office_secret(struct app *app, const char *dir,
			      struct seal_key **out)
{
	const char *own = app_store_dir(app);
	enum err rc;

	app->store_dir = dir;
	rc = app_open_any(app);
	if (!rc)
		rc = sync_identity(app->cases, out);
	cases_close(app->cases);
	store_close(app->store);
	app->cases = NULL;
	app->store = NULL;
	app->store_dir = own;
	return rc;
}

/* At the office: a new passphrase and code for a store that nobody opens. */
static int run_reset(struct app *app, int argc, char **argv)
{
	const char *office = NULL;
	const struct app_flag flags[] = { { "--office", &office, NULL },
					  { 0 } };
	struct store_open how = { .sys = app->sys };
	struct seal_key *secret = NULL;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0 || !office)
		return app_usage(app->command->words, stderr);
	rc = office_secret(app, office, &secret);
	how.dir = app_store_dir(app);
	how.office = secret;
	if (!rc)
		rc = store_open(&app->store, &how, &app->report);
	if (!rc)
		rc = cases_open_any(&app->cases, app->store, app->sys,
				    str_from(app->worker), &app->report);
	if (!rc)
		rc = put_pass(app, cases_worker(app->cases)->code, true);
	seal_key_free(secret);
	return app_fail(app, rc);
}

/* ---- a new data key */
static void say_dropped(const struct store_slot *old, size_t n, struct str own)
{
	for (size_t i = 0; i < n; i++)
		if (old[i].kind == SLOT_PASSPHRASE && !str_eq(old[i].name, own))
			fprintf(stderr,
				_("pilar: kata sandi %.*s tidak berlaku lagi; "
				  "buat baru dengan: pilar key pass --name "
				  "%.*s\n"),
				STR_ARG(old[i].name), STR_ARG(old[i].name));
}

static enum err rotate(struct app *app, const char *code, struct str *own)
{
	struct buf pass = { 0 };
	enum err rc = ERR_NONE;

	if (store_guarded(app->store)) {
		rc = app_pass(app, &pass);
		*own = app->worker ? str_from(app->worker)
				   : cases_worker(app->cases)->code;
	}
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_KEY, STR("rotate"), *own);
	if (!rc) {
		const struct store_watch watch = app_watch(app);

		rc = store_rotate(app->store, buf_str(&pass), str_from(code),
				  &watch, &app->report);
		app_progress_end(app);
		app_say_cancelled(app, rc);
	}
	app_pass_wipe(&pass);
	return rc;
}

static int run_rotate(struct app *app, int argc, char **argv)
{
	char code[STORE_PAPER_LEN + 1];
	struct store_slot *old = NULL;
	struct str own = STR("");
	size_t n = 0;
	enum err rc;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open(app);
	if (!rc)
		rc = store_slots(app->store, &app->arena, &old, &n);
	store_paper(sys_real(), code);
	if (!rc)
		rc = rotate(app, code, &own);
	if (rc)
		return app_fail(app, rc);
	say_dropped(old, n, own);
	if (own.n)
		app_print_paper(app, code);
	return EXIT_DONE;
}

/* ---- taking a way in away */
static int run_forget(struct app *app, int argc, char **argv)
{
	bool paper = false;
	const struct app_flag flags[] = { { "--paper", NULL, &paper }, { 0 } };
	struct str name = STR("");
	int n = app_flags(app, argc, argv, flags, 1);
	enum err rc;

	if (n != !paper)
		return app_usage(app->command->words, stderr);
	if (!paper)
		name = str_from(argv[0]);
	rc = app_open(app);
	if (!rc)
		rc = store_slot_remove(app->store,
				       paper ? SLOT_PAPER : SLOT_PASSPHRASE,
				       name, &app->report);
	if (rc == ERR_NOTFOUND && !paper)
		rc = store_slot_remove(app->store, SLOT_OFFICE, name,
				       &app->report);
	if (rc == ERR_NOTFOUND)
		report_add(&app->report, PROBLEM_ERROR, name,
			   _("tidak ada; lihat: pilar key slots"));
	if (!rc)
		rc = cases_audit(app->cases, AUDIT_KEY, STR("forget"), name);
	return app_fail(app, rc);
}

const struct command *commands_pass(void)
{
	static const struct command rows[] = {
		{ "key slots", run_slots, "", "pilar key slots",
		  N_("Siapa saja yang dapat membuka penyimpanan ini.") },
		{ "key pass", run_pass, N_("[--name KODE | --none]"),
		  "pilar key pass --name dewi",
		  N_("Membuat atau mengganti kata sandi seorang petugas; "
		     "--none: terbuka tanpa sandi.") },
		{ "key paper", run_paper, "", "pilar key paper",
		  N_("Membuat kode kertas baru, tampil sekali; kode lama tidak "
		     "berlaku lagi.") },
		{ "key office", run_office, N_("NAMA"),
		  "pilar key office kecamatan",
		  N_("Kantor itu dapat membuka penyimpanan bila semua sandi "
		     "lupa.") },
		{ "key reset", run_reset, N_("--office FOLDER"),
		  "pilar --store /media/stik/pilar key reset --office "
		  "~/.local/share/pilar",
		  N_("Di kantor: kata sandi baru untuk penyimpanan petugas.") },
		{ "key rotate", run_rotate, "", "pilar key rotate",
		  N_("Kunci data yang baru: semuanya disegel ulang. Kata sandi "
		     "lain dan kode kertas lama tidak berlaku lagi.") },
		{ "key forget", run_forget, N_("NAMA | --paper"),
		  "pilar key forget budi",
		  N_("Mencabut kata sandi seorang petugas, satu kantor atau "
		     "kode kertas.") },
		{ 0 },
	};

	return rows;
}
