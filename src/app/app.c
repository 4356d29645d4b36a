/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "app.h"

static bool set_text(struct app *app, const char *name, const char *value)
{
	const struct {
		const char *name;
		const char **place;
	} rows[] = {
		{ "--store", &app->store_dir },
		{ "--worker", &app->worker },
		{ "--lang", &app->lang },
		{ "--data", &app->data_dir },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(name, rows[i].name) != 0)
			continue;
		*rows[i].place = value;
		return true;
	}
	return false;
}

static bool set_flag(struct app *app, const char *name)
{
	if (strcmp(name, "--json") == 0)
		app->json = true;
	else if (strcmp(name, "-q") == 0)
		app->quiet = true;
	else
		return false;
	return true;
}

static bool set_pass_fd(struct app *app, const char *value)
{
	uint64_t n;

	if (!str_to_u64(str_from(value), &n) || n > 1023)
		return false;
	app->pass_fd = (int)n;
	return true;
}

int app_options(struct app *app, int argc, char **argv)
{
	int i = 0;

	while (i < argc && argv[i][0] == '-') {
		if (set_flag(app, argv[i])) {
			i++;
			continue;
		}
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "--version"))
			break;
		if (i + 1 == argc)
			return -1;
		if (strcmp(argv[i], "--pass-fd") == 0) {
			if (!set_pass_fd(app, argv[i + 1]))
				return -1;
		} else if (!set_text(app, argv[i], argv[i + 1])) {
			return -1;
		}
		i += 2;
	}
	return i;
}

int app_flags(struct app *app, int argc, char **argv,
	      const struct app_flag *flags, int most)
{
	int left = 0;

	for (int i = 0; i < argc; i++) {
		const struct app_flag *f = flags;

		if (argv[i][0] != '-' || !argv[i][1]) {
			argv[left++] = argv[i];
			continue;
		}
		if (set_flag(app, argv[i]))
			continue;
		while (f->name && strcmp(f->name, argv[i]) != 0)
			f++;
		if (!f->name || (f->value && i + 1 == argc)) {
			app_say(stderr, _("pilar: opsi tidak dikenal: %s\n"),
				argv[i]);
			return -1;
		}
		if (f->value)
			*f->value = argv[++i];
		else
			*f->on = true;
	}
	if (left > most) {
		app_say(stderr, _("pilar: kata ini kelebihan: %s\n"),
			argv[most]);
		return -1;
	}
	return left;
}

int app_words(struct app *app, int argc, char **argv, int most)
{
	const struct app_flag none = { 0 };

	return app_flags(app, argc, argv, &none, most);
}

static const char *default_store(struct app *app)
{
	const char *base = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (base && base[0] == '/')
		return path_join(&app->arena, base, "pilar");
	if (!home || home[0] != '/')
		return NULL;
	return path_join(&app->arena, home, ".local/share/pilar");
}

const char *app_store_dir(struct app *app)
{
	if (!app->store_dir)
		app->store_dir = default_store(app);
	return app->store_dir;
}

const char *app_data_dir(struct app *app)
{
	if (!app->data_dir)
		app->data_dir = share_dir(&app->arena);
	return app->data_dir;
}

/* Looking at every page of a large store takes a while after a power cut. */
static enum err open_now(struct app *app, struct store_open *how)
{
	enum err rc;

	how->progress = app_progress;
	how->progress_arg = app;
	rc = store_open(&app->store, how, &app->report);
	app_progress_end(app);
	return rc;
}

static enum err open_with_pass(struct app *app, struct store_open *how)
{
	struct buf pass = { 0 };
	enum err rc = app_pass(app, &pass);

	how->passphrase = buf_str(&pass);
	how->slot_name = str_from(app->worker);
	if (!rc) {
		app_try_begin(app);
		rc = open_now(app, how);
		app_try_end(app, rc);
	}
	app_pass_wipe(&pass);
	return rc;
}

enum err app_open_store(struct app *app, struct store_open how)
{
	enum err rc;

	how.dir = app_store_dir(app);
	how.sys = app->sys;
	if (!how.dir) {
		report_add(&app->report, PROBLEM_ERROR, STR(""),
			   _("letak data tidak diketahui: isi --store"));
		return ERR_NOTFOUND;
	}
	if (app->pass_fd >= 0)
		return open_with_pass(app, &how);
	rc = open_now(app, &how);
	if (rc != ERR_LOCKED)
		return rc;
	report_release(&app->report); /* no slot opens without asking */
	return open_with_pass(app, &how);
}

/* Where --lang does not choose, the worker's own language is spoken. */
static void speak(struct app *app)
{
	struct str lang = cases_worker(app->cases)->language;
	const char *code = arena_cstr(&app->arena, lang);

	if (app->lang || !lang.n || !code)
		return;
	if (i18n_init(code))
		return; /* not one of ours: what is spoken already stays */
}

static enum err open_as(struct app *app,
			enum err (*open)(struct cases **out, struct store *st,
					 const struct sys *sys,
					 struct str worker, struct report *rep))
{
	enum err rc = app_open_store(app, (struct store_open){ 0 });

	if (!rc)
		rc = open(&app->cases, app->store, app->sys,
			  str_from(app->worker), &app->report);
	if (!rc)
		speak(app);
	return rc;
}

enum err app_open(struct app *app)
{
	return open_as(app, cases_open);
}

enum err app_open_any(struct app *app)
{
	return open_as(app, cases_open_any);
}

void app_close(struct app *app)
{
	cases_close(app->cases);
	store_close(app->store);
	app_pass_wipe(&app->typed);
	report_release(&app->report);
	arena_release(&app->arena);
	app->cases = NULL;
	app->store = NULL;
}

static void print_line(struct str place, struct str text, const char *mark)
{
	struct buf b = BUF_INIT(16384);

	buf_adds(&b, mark);
	utf8_clean(&b, place);
	if (place.n)
		buf_adds(&b, ": ");
	utf8_clean(&b, text);
	fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&b)));
	buf_release(&b);
}

/* General words for a failure that came without a sentence. */
static const char *reason(enum err rc)
{
	static const struct {
		enum err rc;
		const char *text;
	} rows[] = {
		{ ERR_NOMEM, N_("memori habis") },
		{ ERR_NOSPACE, N_("disk penuh, tidak ada yang disimpan") },
		{ ERR_NOTFOUND, N_("tidak ditemukan") },
		{ ERR_CORRUPT, N_("data rusak; jalankan pilar store check") },
		{ ERR_TOOBIG, N_("terlalu besar") },
		{ ERR_LOCKED, N_("terkunci atau kata sandi salah") },
		{ ERR_VERSION, N_("dibuat oleh pilar yang lebih baru") },
		{ ERR_BUSY, N_("proses lain sedang menulis, coba lagi") },
		{ ERR_EXISTS, N_("sudah ada") },
		{ ERR_REFUSED, N_("tidak diizinkan") },
		{ ERR_CANCELLED, N_("dibatalkan") },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].rc == rc)
			return _(rows[i].text);
	return _("gagal membaca atau menulis");
}

void app_warn(struct app *app)
{
	vec_each (p, &app->report.problems) {
		if (!app->quiet || p->severity == PROBLEM_ERROR)
			print_line(p->place, p->text, "pilar: ");
	}
	report_release(&app->report);
}

int app_fail(struct app *app, enum err rc)
{
	bool said = app->report.errors > 0;

	app_warn(app);
	if (rc == ERR_BUSY && !said && app->cases)
		print_line(STR(""),
			   cases_busy(app->cases, STORE_MAIN, &app->arena),
			   "pilar: ");
	else if (rc && !said)
		print_line(STR(""), str_from(reason(rc)), "pilar: ");
	return rc || said ? EXIT_FAILED : EXIT_DONE;
}

static int run_help(struct app *app, int argc, char **argv)
{
	(void)app;
	app_usage(argc ? argv[0] : NULL, stdout);
	return EXIT_DONE;
}

static int run_version(struct app *app, int argc, char **argv)
{
	if (app_flags(app, argc, argv, (struct app_flag[]){ { 0 } }, 0))
		return app_usage("version", stderr);
	printf("pilar " PILAR_VERSION "\n");
	return EXIT_DONE;
}

const struct command *commands_help(void)
{
	static const struct command rows[] = {
		{ "help", run_help, N_("[PERINTAH]"), "pilar help form",
		  N_("Menampilkan semua perintah.") },
		{ "version", run_version, "", "pilar version",
		  N_("Menyebut versi program ini.") },
		{ 0 },
	};

	return rows;
}
