/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/tally.h"
#include "pilar/verify.h"
#include "pilar/when.h"

#include "app.h"

#define OUT_MAX 4096

/* The numbers of a row by name, as --json and --csv give them. */
static const struct {
	const char *name;
	enum tally_count which;
} counts[] = {
	{ "forms", TALLY_FORMS },
	{ "strokes", TALLY_STROKES },
	{ "milliseconds", TALLY_MS },
	{ "answers", TALLY_ANSWERS },
	{ "corrected", TALLY_CORRECTED },
	{ "refused", TALLY_REFUSED },
	{ "verified", TALLY_FIELDS },
	{ "keyer_errors", TALLY_KEYER },
	{ "verifier_errors", TALLY_VERIFIER },
};
static const struct {
	const char *name;
	uint64_t (*of)(const struct tally *w);
	unsigned scale;
} rates[] = {
	{ "strokes_per_hour", tally_hourly, 1 },
	{ "errors_per_thousand", tally_errors, 10 },
	{ "seconds_per_form", tally_form_seconds, 1 },
	{ "keyer_errors_per_thousand", tally_keyer_errors, 10 },
};

static struct str day_of(struct app *app, const struct tally *w)
{
	return w->day ? app_day(app, w->day) : STR("");
}

static struct json *tally_json(struct app *app, const void *row)
{
	const struct tally *w = row;
	struct json *j = json_object_new();
	enum err rc = json_set(j, "day", json_str_new(day_of(app, w)));

	if (!rc)
		rc = json_set(j, "worker", json_str_new(w->worker));
	if (!rc)
		rc = json_set(j, "form", json_str_new(w->form));
	for (size_t i = 0; !rc && i < ARRAY_LEN(counts); i++)
		rc = json_set(j, counts[i].name,
			      json_int_new((int64_t)w->n[counts[i].which]));
	for (size_t i = 0; !rc && i < ARRAY_LEN(rates); i++)
		rc = json_set(
			j, rates[i].name,
			json_num_new((double)rates[i].of(w) / rates[i].scale));
	if (!rc)
		return j;
	json_free(j);
	return NULL;
}

static void put_rate(struct buf *b, uint64_t v, unsigned scale)
{
	if (scale == 1)
		buf_addf(b, "%llu", (unsigned long long)v);
	else
		buf_addf(b, "%llu.%llu", (unsigned long long)v / scale,
			 (unsigned long long)v % scale);
}

/* One line, or nothing when it does not fit. */
static void csv_line(struct app *app, const struct tally *w)
{
	struct buf b = BUF_INIT(OUT_MAX);

	csv_put(&b, day_of(app, w));
	buf_addc(&b, ',');
	csv_put(&b, w->worker);
	buf_addc(&b, ',');
	csv_put(&b, w->form);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		buf_addf(&b, ",%llu",
			 (unsigned long long)w->n[counts[i].which]);
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		buf_addc(&b, ',');
		put_rate(&b, rates[i].of(w), rates[i].scale);
	}
	app_print(buf_str(&b));
	printf("\n");
	buf_release(&b);
}

static int print_csv(struct app *app, const struct tally *w, size_t n)
{
	printf("day,worker,form");
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		printf(",%s", counts[i].name);
	for (size_t i = 0; i < ARRAY_LEN(rates); i++)
		printf(",%s", rates[i].name);
	printf("\n");
	for (size_t k = 0; k < n; k++)
		csv_line(app, &w[k]);
	return EXIT_DONE;
}

static void tally_text(struct app *app, const void *row)
{
	const struct tally *w = row;
	uint64_t errors = tally_errors(w), seconds = tally_form_seconds(w);

	app_print_cell(day_of(app, w), 10);
	app_print_cell(w->worker, 10);
	app_print_cell(w->form, 16);
	printf(_("%4llu isian %3llu.%02llu/isian %6llu ketikan/jam "
		 "%3llu,%llu salah/1000"),
	       (unsigned long long)w->n[TALLY_FORMS],
	       (unsigned long long)seconds / 60,
	       (unsigned long long)seconds % 60,
	       (unsigned long long)tally_hourly(w),
	       (unsigned long long)errors / 10,
	       (unsigned long long)errors % 10);
	if (w->n[TALLY_FIELDS])
		printf(_("  verifikasi %llu: %llu/%llu"),
		       (unsigned long long)w->n[TALLY_FIELDS],
		       (unsigned long long)w->n[TALLY_KEYER],
		       (unsigned long long)w->n[TALLY_VERIFIER]);
	printf("\n");
}

static enum err day_from(struct app *app, const char *text, int64_t *out)
{
	struct when w;

	if (!text)
		return ERR_NONE;
	if (!when_parse(str_from(text), &w) || !w.has_date) {
		report_add(&app->report, PROBLEM_ERROR, str_from(text),
			   _("bukan tanggal; harus seperti 2026-11-21"));
		return ERR_INVALID;
	}
	*out = when_days(w.year, w.month, w.day);
	return ERR_NONE;
}

/* `text` is one of the groupings; *sums false: every row by itself. */
static enum err grouping(struct app *app, const char *text, bool *sums,
			 enum tally_by *by)
{
	static const struct {
		const char *name;
		enum tally_by by;
	} rows[] = {
		{ "day", TALLY_BY_DAY },
		{ "worker", TALLY_BY_WORKER },
		{ "form", TALLY_BY_FORM },
		{ "all", TALLY_BY_ALL },
	};

	*sums = text != NULL;
	for (size_t i = 0; text && i < ARRAY_LEN(rows); i++) {
		if (str_eq(str_from(text), str_from(rows[i].name))) {
			*by = rows[i].by;
			return ERR_NONE;
		}
	}
	if (!text)
		return ERR_NONE;
	report_add(&app->report, PROBLEM_ERROR, str_from(text),
		   _("harus day, worker, form atau all"));
	return ERR_INVALID;
}

static int run_stats(struct app *app, int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *by = NULL;
	bool csv = false, sums = false;
	const struct app_flag flags[] = { { "--from", &from, NULL },
					  { "--to", &to, NULL },
					  { "--by", &by, NULL },
					  { "--csv", NULL, &csv },
					  { 0 } };
	int64_t first = INT64_MIN, last = INT64_MAX;
	enum tally_by how = TALLY_BY_ALL;
	struct tally *rows = NULL;
	size_t n = 0;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = day_from(app, from, &first);
	if (!rc)
		rc = day_from(app, to, &last);
	if (!rc)
		rc = grouping(app, by, &sums, &how);
	if (!rc)
		rc = app_open_any(app);
	if (!rc)
		rc = tally_list(app->cases, first, last, &app->arena, &rows,
				&n);
	if (rc)
		return app_fail(app, rc);
	if (sums)
		n = tally_sum(rows, n, how);
	if (csv && !app->json)
		return print_csv(app, rows, n);
	return app_print_rows(app, &(struct app_rows){
					   .at = rows,
					   .n = n,
					   .size = sizeof(*rows),
					   .json = tally_json,
					   .text = tally_text,
				   });
}

/* ---- second keying */
static struct json *verify_json(struct app *app, const void *row)
{
	const struct verify_row *r = row;
	struct json *j = json_object_new();

	(void)app;
	if (json_set(j, "id", json_str_new(r->instance_id)) ||
	    json_set(j, "title", json_str_new(r->title)) ||
	    json_set(j, "name", json_str_new(r->name)) ||
	    json_set(j, "worker", json_str_new(r->worker)) ||
	    json_set(j, "at", json_int_new(r->at)) ||
	    json_set(j, "draft", json_str_new(r->draft)) ||
	    json_set(j, "verified_by", json_str_new(r->by))) {
		json_free(j);
		return NULL;
	}
	return j;
}

static void verify_text(struct app *app, const void *row)
{
	const struct verify_row *r = row;

	(void)app;
	app_print(r->instance_id);
	printf("  ");
	app_print_moment(app, r->at);
	app_print_cell(r->worker, 10);
	app_print_cell(r->title, 24);
	app_print(r->by.n ? r->by : STR("-"));
	printf("\n");
}

static enum err set_sample(struct app *app, const char *text)
{
	uint64_t n = 0;

	if (text && (!str_to_u64(str_from(text), &n) || n < 1 ||
		     n > VERIFY_SAMPLE_MAX)) {
		report_add(&app->report, PROBLEM_ERROR, str_from(text),
			   _("harus angka 1 sampai %d"), VERIFY_SAMPLE_MAX);
		return ERR_INVALID;
	}
	return text ? verify_set_sample(app->cases, (unsigned)n) : ERR_NONE;
}

static int run_verify(struct app *app, int argc, char **argv)
{
	const char *sample = NULL;
	const struct app_flag flags[] = { { "--sample", &sample, NULL },
					  { 0 } };
	struct verify_row *rows = NULL;
	size_t n = 0;
	enum err rc;

	if (app_flags(app, argc, argv, flags, 0) != 0)
		return app_usage(app->command->words, stderr);
	rc = app_open_any(app);
	if (!rc)
		rc = set_sample(app, sample);
	if (!rc)
		rc = verify_list(app->cases, verify_sample(app->cases),
				 &app->arena, &rows, &n);
	if (rc)
		return app_fail(app, rc);
	return app_print_rows(app, &(struct app_rows){
					   .at = rows,
					   .n = n,
					   .size = sizeof(*rows),
					   .json = verify_json,
					   .text = verify_text,
				   });
}

const struct command *commands_stats(void)
{
	static const struct command rows[] = {
		{ "stats", run_stats,
		  "[--by day|worker|form|all] [--from D] [--to D] [--csv]",
		  "pilar stats --by worker --csv",
		  N_("Ketikan per jam, salah per seribu, waktu per isian; per "
		     "petugas, formulir dan hari.") },
		{ "verify", run_verify, "[--sample N]",
		  "pilar verify --sample 10",
		  N_("Isian yang menunggu diketik ulang; --sample: satu dari "
		     "N.") },
		{ 0 },
	};

	return rows;
}
