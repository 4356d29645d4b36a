/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/utf8.h"

#include "app.h"

/* ---- init */

#define ANSWER_MAX 200
#define CODE_MAX   32

/* What `init` wants to know, as flag, question and default. */
struct answer {
	const char *flag, *question, *value;
	char typed[ANSWER_MAX];
};
enum { ASK_CODE, ASK_NAME, ASK_ROLE, ASK_VILLAGE, ASK_LANG, ASK_COUNT };

struct init {
	struct app *app;
	struct answer answers[ASK_COUNT];
	bool yes;
};

static bool code_ok(const char *code)
{
	size_t n = strlen(code);

	return n >= 1 && n <= CODE_MAX &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static const char *default_of(const struct init *in, int which)
{
	const char *user = getenv("USER");

	switch (which) {
	case ASK_CODE:
		return user && code_ok(user) ? user : "psm";
	case ASK_NAME:
		return in->answers[ASK_CODE].value;
	case ASK_ROLE:
		return "PSM";
	case ASK_LANG:
		return i18n_lang();
	default:
		return "";
	}
}

/* Asks on the terminal; an empty line takes what stands in brackets. */
static enum err ask(struct init *in, int which)
{
	struct answer *a = &in->answers[which];
	const char *otherwise = default_of(in, which);
	struct str line;

	a->value = otherwise;
	if (in->yes)
		return ERR_NONE;
	app_say(stderr, otherwise[0] ? "%s [%s]: " : "%s%s: ", _(a->question),
		otherwise);
	if (!fgets(a->typed, sizeof(a->typed), stdin))
		return ERR_CANCELLED;
	line = str_trim(str_from(a->typed));
	if (!line.n)
		return ERR_NONE;
	memmove(a->typed, line.p, line.n);
	a->typed[line.n] = '\0';
	a->value = a->typed;
	return ERR_NONE;
}

/* The first answer that cannot be, said in a sentence. */
static enum err judge(struct init *in)
{
	struct report *rep = &in->app->report;
	const struct answer *a = in->answers;

	if (!code_ok(a[ASK_CODE].value)) {
		report_add(rep, PROBLEM_ERROR, STR("--code"),
			   _("hanya huruf kecil, angka, - dan _, paling "
			     "banyak %d"),
			   CODE_MAX);
		return ERR_INVALID;
	}
	if (strcmp(a[ASK_LANG].value, "id") != 0 &&
	    strcmp(a[ASK_LANG].value, "en") != 0) {
		report_add(rep, PROBLEM_ERROR, STR("--lang"),
			   _("harus id atau en"));
		return ERR_INVALID;
	}
	for (int i = 0; i < ASK_COUNT; i++) {
		struct str v = str_from(a[i].value);

		if (v.n < ANSWER_MAX && utf8_valid(v))
			continue;
		report_add(rep, PROBLEM_ERROR, str_from(a[i].flag),
			   _("terlalu panjang atau bukan UTF-8"));
		return ERR_INVALID;
	}
	return ERR_NONE;
}

static enum err take_answers(struct init *in)
{
	enum err rc = ERR_NONE;
	bool missing = false;

	for (int i = 0; i < ASK_COUNT; i++)
		missing |= !in->answers[i].value;
	if (missing && !in->yes && !isatty(STDIN_FILENO)) {
		report_add(&in->app->report, PROBLEM_ERROR, STR(""),
			   _("tanpa terminal, isi --code --name --role "
			     "--village --lang, atau --yes"));
		return ERR_INVALID;
	}
	for (int i = 0; !rc && i < ASK_COUNT; i++) {
		if (!in->answers[i].value)
			rc = ask(in, i);
	}
	return rc ? rc : judge(in);
}

static enum err make_store(struct init *in)
{
	const struct answer *a = in->answers;
	const struct cases_setup how = {
		.worker_code = str_from(a[ASK_CODE].value),
		.worker_name = str_from(a[ASK_NAME].value),
		.worker_role = str_from(a[ASK_ROLE].value),
		.village = str_from(a[ASK_VILLAGE].value),
		.language = str_from(a[ASK_LANG].value)
	};

	return app_create(in->app, &how, NULL, NULL);
}

static int run_init(struct app *app, int argc, char **argv)
{
	struct init in = {
		.app = app,
		.answers = {
			[ASK_CODE] = { "--code", N_("Kode petugas"), NULL, "" },
			[ASK_NAME] = { "--name", N_("Nama"), NULL, "" },
			[ASK_ROLE] = { "--role", N_("Peran"), NULL, "" },
			[ASK_VILLAGE] = { "--village", N_("Desa atau kelurahan"),
					  NULL, "" },
			[ASK_LANG] = { "--lang", N_("Bahasa (id, en)"), NULL,
				       "" },
		},
	};
	struct app_flag flags[ASK_COUNT + 4] = { { 0 } };
	bool open = false;
	enum err rc;

	for (int i = 0; i < ASK_COUNT; i++)
		flags[i] = (struct app_flag){ in.answers[i].flag,
					      &in.answers[i].value, NULL };
	flags[ASK_COUNT] = (struct app_flag){ "--yes", NULL, &in.yes };
	flags[ASK_COUNT + 1] = (struct app_flag){ "--no-pass", NULL, &open };
	flags[ASK_COUNT + 2] = (struct app_flag){ "--kit", &app->kit, NULL };
	argc = app_flags(app, argc, argv, flags, 0);
	if (argc != 0)
		return app_usage("init", stderr);
	app->new_pass = !open && !in.yes && isatty(STDIN_FILENO);
	if (app->lang && !in.answers[ASK_LANG].value)
		in.answers[ASK_LANG].value = app->lang;
	rc = take_answers(&in);
	if (!rc)
		rc = make_store(&in);
	if (!rc && !app->quiet)
		app_say(stderr, _("Penyimpanan dibuat di %s\n"),
			app_store_dir(app));
	if (!rc && !app->quiet && app->pass_fd < 0 && !app->new_pass)
		fprintf(stderr, _("Tanpa kata sandi: jika laptop hilang, data "
				  "dapat dibaca siapa saja.\n"));
	return app_fail(app, rc);
}

/* ---- store */

static enum err print_check(struct app *app, size_t checked)
{
	struct json *j;
	struct buf b = BUF_INIT(4096);
	enum err rc;

	if (!app->json) {
		printf(_("%zu nilai diperiksa, %zu rusak\n"), checked,
		       app->report.errors);
		return ERR_NONE;
	}
	j = json_object_new();
	rc = json_set(j, "checked", json_int_new((int64_t)checked));
	if (!rc)
		rc = json_set(j, "bad",
			      json_int_new((int64_t)app->report.errors));
	if (!rc)
		rc = json_write(&b, j);
	if (!rc)
		printf("%.*s\n", STR_ARG(buf_str(&b)));
	json_free(j);
	buf_release(&b);
	return rc;
}

static int run_check(struct app *app, int argc, char **argv)
{
	size_t checked = 0;
	enum err rc, printed;

	argc = app_flags(app, argc, argv, (const struct app_flag[]){ { 0 } },
			 0);
	if (argc != 0)
		return app_usage("store check", stderr);
	rc = app_open_store(app, (struct store_open){ .damaged = true });
	if (rc)
		return app_fail(app, rc);
	report_release(&app->report); /* the check finds it all again */
	rc = store_check(app->store, &app->report, app_progress, app, &checked);
	app_progress_end(app);
	printed = print_check(app, checked);
	return app_fail(app, rc ? rc : printed);
}

static int run_rebuild(struct app *app, int argc, char **argv)
{
	const struct store_watch watch = app_watch(app);
	enum err rc;

	argc = app_flags(app, argc, argv, (const struct app_flag[]){ { 0 } },
			 0);
	if (argc != 0)
		return app_usage("store rebuild", stderr);
	rc = app_open(app);
	if (!rc)
		rc = cases_rebuild_watched(app->cases, &watch, &app->report);
	app_progress_end(app);
	app_say_cancelled(app, rc);
	if (!rc && !app->quiet)
		fprintf(stderr, _("Semua kasus dibangun ulang dari isian.\n"));
	return app_fail(app, rc);
}

static enum err print_line(void *arg, struct str line)
{
	(void)arg;
	if (fwrite(line.p, 1, line.n, stdout) != line.n || putchar('\n') == EOF)
		return ERR_IO;
	return ERR_NONE;
}

/* There is one form of dump so far: --canonical says which is meant. */
static int run_dump(struct app *app, int argc, char **argv)
{
	bool canonical = false;
	const struct app_flag flags[] = { { "--canonical", NULL, &canonical },
					  { 0 } };
	enum err rc;

	argc = app_flags(app, argc, argv, flags, 0);
	if (argc != 0 || !canonical)
		return app_usage("store dump", stderr);
	rc = app_open(app);
	if (!rc)
		rc = cases_dump(app->cases, print_line, NULL);
	return app_fail(app, rc);
}

const struct command *commands_store(void)
{
	static const struct command rows[] = {
		{ "init", run_init,
		  "[--code K] [--name N] [--role P] [--village D] "
		  "[--lang id|en] [--no-pass] [--yes] [--kit FILE]",
		  "pilar init --code dewi --name Dewi --village Kaliawi",
		  N_("Membuat penyimpanan dan petugas pertama; menanyakan "
		     "yang tidak diisi.") },
		{ "store check", run_check, "", "pilar store check",
		  N_("Memeriksa setiap nilai dan menyebut yang rusak.") },
		{ "store rebuild", run_rebuild, "", "pilar store rebuild",
		  N_("Membangun ulang semua kasus dari isian yang "
		     "tersimpan.") },
		{ "store dump", run_dump, "--canonical",
		  "pilar store dump --canonical",
		  N_("Menulis isi semua kasus, terurut, ke keluaran.") },
		{ 0 },
	};

	return rows;
}
