/* SPDX-License-Identifier: MIT */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/ui.h"

#include "app.h"

/* A visit with its indexes takes some 10 kB; a large import far more. */
#define DISK_LOW ((uint64_t)200 << 20)
#define DISK_BAD ((uint64_t)20 << 20)
/* 2026-01-01 UTC: the program is not older. */
#define CLOCK_FLOOR INT64_C(1767225600000)
/* Said of a clock that was put back less: nobody notices. */
#define CLOCK_SLACK INT64_C(60000)

enum health { GOOD, DOUBTFUL, BAD };

struct finding {
	enum health health;
	struct str text;
};

#define FOUND(app, h, ...) \
	((struct finding){ (h), arena_printf(&(app)->arena, __VA_ARGS__) })

/* The first thing a report says, which is then forgotten. */
static struct finding from_report(struct app *app, enum err rc)
{
	struct finding f = { BAD, report_first(&app->report, &app->arena) };

	if (!f.text.n)
		f.text = str_from(err_str(rc));
	report_release(&app->report);
	return f;
}

static struct finding look_terminal(struct app *app)
{
	enum err rc;

	if (!isatty(STDOUT_FILENO))
		return FOUND(app, GOOD,
			     _("tidak diperiksa: keluaran bukan "
			       "terminal"));
	rc = ui_fit_terminal(&app->report);
	return rc ? from_report(app, rc)
		  : FOUND(app, GOOD, _("cukup besar dan dikenal"));
}

static struct finding look_locale(struct app *app)
{
	const char *set;

	if (!setlocale(LC_CTYPE, ""))
		return FOUND(app, DOUBTFUL,
			     _("bahasa sistem tidak terpasang; huruf di luar "
			       "ASCII bisa rusak"));
	set = nl_langinfo(CODESET);
	if (strcmp(set, "UTF-8") != 0)
		return FOUND(app, DOUBTFUL,
			     _("sistem memakai %s, bukan UTF-8; isi LANG "
			       "dengan C.UTF-8"),
			     set);
	return FOUND(app, GOOD, "UTF-8");
}

static struct finding look_store(struct app *app)
{
	enum err rc = app_open_any(app);
	size_t values = 0;

	if (!rc)
		rc = store_check(app->store, &app->report, app_progress, app,
				 &values);
	app_progress_end(app);
	if (rc)
		return from_report(app, rc);
	report_release(&app->report);
	if (store_read_only(app->store))
		return FOUND(app, DOUBTFUL, _("hanya dapat dibaca: %s"),
			     app_store_dir(app));
	return FOUND(app, GOOD, _("%s: %zu nilai, semua terbaca"),
		     app_store_dir(app), values);
}

static struct finding look_disk(struct app *app)
{
	struct statvfs fs;
	uint64_t room;

	if (!app->store || statvfs(app_store_dir(app), &fs))
		return FOUND(app, DOUBTFUL, _("tidak diperiksa"));
	room = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (room < DISK_LOW)
		return FOUND(app, room < DISK_BAD ? BAD : DOUBTFUL,
			     _("tinggal %llu MB; kosongkan disk"),
			     (unsigned long long)(room >> 20));
	return FOUND(app, GOOD, _("%llu MB kosong"),
		     (unsigned long long)(room >> 20));
}

static struct finding look_clock(struct app *app)
{
	struct audit_row *rows = NULL;
	int64_t now = sys_now(app->sys);
	size_t n = 0;

	if (now < CLOCK_FLOOR)
		return FOUND(app, BAD,
			     _("jam komputer salah: tahunnya "
			       "terlalu lama"));
	if (app->cases && !cases_log(app->cases, &app->arena, &rows, &n) && n &&
	    rows[n - 1].at > now + CLOCK_SLACK)
		return FOUND(app, DOUBTFUL,
			     _("jam komputer mundur: ada catatan %lld menit "
			       "sesudah sekarang"),
			     (long long)((rows[n - 1].at - now) / 60000));
	return FOUND(app, GOOD, _("wajar"));
}

static struct finding look_forms(struct app *app)
{
	struct form_row *rows = NULL;
	size_t n = 0, good = 0;
	enum err rc;

	if (!app->cases)
		return FOUND(app, DOUBTFUL, _("tidak diperiksa"));
	rc = cases_forms(app->cases, &app->arena, &rows, &n);
	for (size_t i = 0; i < n && !rc; i++) {
		const struct form *f = NULL;

		if (!rows[i].current)
			continue;
		rc = cases_form(app->cases, rows[i].id, rows[i].version, &f,
				&app->report);
		good += !rc;
	}
	if (!rc && !cases_datasets(app->cases))
		return FOUND(app, BAD, _("datasets.csv tidak terbaca"));
	if (rc)
		return from_report(app, rc);
	report_release(&app->report);
	if (!good)
		return FOUND(app, DOUBTFUL, _("belum ada formulir"));
	return FOUND(app, GOOD, _("%zu formulir terbuka"), good);
}

static const struct {
	const char *name, *text;
	struct finding (*look)(struct app *app);
} checks[] = {
	{ "terminal", N_("Terminal"), look_terminal },
	{ "locale", N_("Huruf"), look_locale },
	{ "store", N_("Penyimpanan"), look_store },
	{ "disk", N_("Disk"), look_disk },
	{ "clock", N_("Jam"), look_clock },
	{ "forms", N_("Formulir"), look_forms },
};
#define NAME_COLUMNS 12

static struct json *check_json(const char *name, const struct finding *f)
{
	static const char *const words[] = { "good", "doubtful", "bad" };
	struct json *j = json_object_new();

	if (json_set(j, "check", json_str_new(str_from(name))) ||
	    json_set(j, "state", json_str_new(str_from(words[f->health]))) ||
	    json_set(j, "text", json_str_new(f->text))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void check_text(const char *name, const struct finding *f)
{
	static const char *const words[] = { N_("baik"), N_("periksa"),
					     N_("RUSAK") };

	app_print_cell(str_from(_(name)), NAME_COLUMNS);
	app_print_cell(str_from(_(words[f->health])), NAME_COLUMNS - 4);
	app_print(f->text);
	printf("\n");
}

static void sum_up(const size_t *count)
{
	if (!count[DOUBTFUL] && !count[BAD])
		printf(_("Semua baik.\n"));
	else
		printf(_("%zu rusak, %zu perlu diperiksa.\n"), count[BAD],
		       count[DOUBTFUL]);
}

static int run_doctor(struct app *app, int argc, char **argv)
{
	struct json *list = NULL;
	size_t count[3] = { 0 };
	enum err rc = ERR_NONE;

	if (app_words(app, argc, argv, 0) != 0)
		return app_usage(app->command->words, stderr);
	if (app->json)
		list = json_array_new();
	for (size_t i = 0; !rc && i < ARRAY_LEN(checks); i++) {
		struct finding f = checks[i].look(app);

		count[f.health]++;
		if (list)
			rc = json_push(list, check_json(checks[i].name, &f));
		else
			check_text(checks[i].text, &f);
	}
	if (rc) {
		json_free(list);
		return app_fail(app, rc);
	}
	if (!list)
		sum_up(count);
	else if (app_print_json(list))
		return EXIT_FAILED;
	return count[BAD] ? EXIT_FAILED : EXIT_DONE;
}

const struct command *commands_doctor(void)
{
	static const struct command rows[] = {
		{ "doctor", run_doctor, "", "pilar doctor",
		  N_("Memeriksa terminal, penyimpanan, disk, jam dan "
		     "formulir.") },
		{ 0 },
	};

	return rows;
}
