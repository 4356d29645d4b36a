/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/prelist.h"
#include "pilar/utf8.h"
#include "pilar/vec.h"

#include "app.h"

/* Columns of the screen that a head, its sample and where it goes have. */
#define HEAD_COLUMNS   24
#define SAMPLE_COLUMNS 22

struct import {
	struct app *app;
	const char *key, *file, *sheet, *refused;
	bool dry;
	VEC(const char *) maps;
	struct prelist *list;
	struct prelist_done done;
};

/* ---- where columns go */
static enum err wrong(struct import *m, struct str place, const char *text)
{
	report_add(&m->app->report, PROBLEM_ERROR,
		   arena_printf(&m->app->arena, "%s, %.*s", m->file,
				STR_ARG(place)),
		   "%s", _(text));
	return ERR_INVALID;
}

/* Up to the = before its last word: a head may have one. */
static enum err take_map(struct import *m, const char *word, bool *gone)
{
	const char *equals = strrchr(word, '=');
	struct str to, head;
	size_t i;

	if (!equals)
		return wrong(m, str_from(word),
			     N_("--map harus KOLOM=ISIAN (kosong: dilewati)"));
	to = str_from(equals + 1);
	head = str_of(word, (size_t)(equals - word));
	i = prelist_find(m->list, head);
	if (i == SIZE_MAX)
		return wrong(m, head, N_("kolom itu tidak ada"));
	for (size_t k = 0; k < prelist_columns(m->list); k++)
		if (to.n && gone[k] && k != i &&
		    str_eq(prelist_column(m->list, k)->property, to))
			return wrong(m, to, N_("dua kolom untuk isian ini"));
	gone[i] = true;
	if (prelist_map(m->list, i, to))
		return wrong(m, to, N_("isian itu tidak ada di daftar ini"));
	return ERR_NONE;
}

static enum err take_choices(struct import *m)
{
	size_t n = prelist_columns(m->list);
	bool *gone = arena_array(&m->app->arena, n + 1, sizeof(*gone));
	enum err rc = gone ? ERR_NONE : ERR_NOMEM;

	vec_each (word, &m->maps)
		if (!rc)
			rc = take_map(m, *word, gone);
	if (rc || !m->key)
		return rc;
	n = prelist_find(m->list, str_from(m->key));
	if (n == SIZE_MAX)
		return wrong(m, str_from(m->key), N_("kolom itu tidak ada"));
	prelist_set_key(m->list, n);
	return ERR_NONE;
}

static const char *by_text(const struct prelist *p, size_t i)
{
	static const char *const texts[] = {
		[PRELIST_UNKNOWN] = N_("tidak dikenal"),
		[PRELIST_TAKEN] = N_("sudah ada kolom lain untuk isian itu"),
		[PRELIST_REASON] = N_("alasan yang dulu"),
		[PRELIST_SKIPPED] = N_("nomor baris"),
		[PRELIST_WORD] = N_("dikenal"),
		[PRELIST_REMEMBERED] = N_("seperti dulu"),
		[PRELIST_CHOSEN] = N_("pilihan Anda"),
	};

	return _(texts[prelist_column(p, i)->by]);
}

static void show_columns(const struct import *m)
{
	const struct prelist *p = m->list;

	for (size_t i = 0; i < prelist_columns(p); i++) {
		const struct prelist_column *c = prelist_column(p, i);

		app_print_cell(c->head, HEAD_COLUMNS);
		printf(" -> ");
		app_print_cell(c->property.n ? c->property
					     : str_from(_("(dilewati)")),
			       SAMPLE_COLUMNS);
		printf(" %s%s\n", by_text(p, i),
		       i == prelist_key(p) ? _("; kunci") : "");
	}
	if (prelist_key(p) == SIZE_MAX)
		printf("%s\n", _("Tidak ada kolom kunci: baris yang berubah "
				 "menjadi data baru (--id KOLOM)."));
}

static void warn_passed(struct import *m)
{
	for (size_t i = 0; i < prelist_columns(m->list); i++) {
		const struct prelist_column *c = prelist_column(m->list, i);

		if (c->property.n || i == prelist_key(m->list) ||
		    c->by >= PRELIST_REASON || !c->sample.n)
			continue;
		report_add(&m->app->report, PROBLEM_WARNING, str_from(m->file),
			   _("kolom %.*s dilewati: %s"), STR_ARG(c->head),
			   by_text(m->list, i));
	}
}

/* ---- what came of it */
static struct json *json_column(const struct prelist *p, size_t i)
{
	const struct prelist_column *c = prelist_column(p, i);
	struct json *one = json_object_new();

	if (json_set(one, "column", json_str_new(c->head)) ||
	    json_set(one, "property", json_str_new(c->property)) ||
	    json_set(one, "key", json_bool_new(i == prelist_key(p)))) {
		json_free(one);
		return NULL;
	}
	return one;
}

static struct json *json_refusal(const struct prelist_refusal *r)
{
	struct json *one = json_object_new();

	if (json_set(one, "row", json_int_new((int64_t)r->row)) ||
	    json_set(one, "column", json_str_new(r->column)) ||
	    json_set(one, "reason", json_str_new(str_from(_(r->why))))) {
		json_free(one);
		return NULL;
	}
	return one;
}

static enum err json_lists(const struct import *m, struct json *j)
{
	struct json *columns = json_array_new(), *rows = json_array_new();
	const struct prelist_refusal *all;
	size_t n;
	enum err rc = ERR_NONE;

	all = prelist_refusals(m->list, &n);
	for (size_t i = 0; i < prelist_columns(m->list) && !rc; i++)
		rc = json_push(columns, json_column(m->list, i));
	for (size_t i = 0; i < n && !rc; i++)
		rc = json_push(rows, json_refusal(&all[i]));
	if (!rc)
		rc = json_set(j, "columns", columns);
	else
		json_free(columns);
	if (!rc)
		return json_set(j, "refused", rows);
	json_free(rows);
	return rc;
}

static int answer_json(struct import *m)
{
	const struct prelist_done *d = &m->done;
	const struct {
		const char *name;
		size_t n;
	} counts[] = {
		{ "rows", d->rows },
		{ "created", d->created },
		{ "changed", d->changed },
		{ "same", d->same },
		{ "twice", d->twice },
		{ "made", d->made },
		{ "made_changed", d->made_changed },
		{ "uncoded", d->uncoded },
	};
	struct json *j = json_object_new();
	enum err rc = json_set(j, "dry_run", json_bool_new(m->dry));

	for (size_t i = 0; i < ARRAY_LEN(counts) && !rc; i++)
		rc = json_set(j, counts[i].name,
			      json_int_new((int64_t)counts[i].n));
	if (!rc)
		rc = json_lists(m, j);
	if (!rc)
		return app_print_json(j);
	json_free(j);
	return app_fail(m->app, ERR_NOMEM);
}

static void answer_text(struct import *m)
{
	const struct prelist_done *d = &m->done;

	show_columns(m);
	if (m->dry)
		printf(_("Percobaan, tidak ada yang disimpan. "));
	printf(_("%zu baru, %zu diubah, %zu tetap, %zu ditolak.\n"), d->created,
	       d->changed, d->same, d->refused);
	if (d->made + d->made_changed)
		printf(_("%.*s dari nomornya: %zu baru, %zu diubah.\n"),
		       STR_ARG(prelist_made(m->list)), d->made,
		       d->made_changed);
	if (d->uncoded)
		printf(_("%zu tanpa kode: %.*s tidak ada dalam daftar kode, "
			 "atau ada lebih dari satu.\n"),
		       d->uncoded, STR_ARG(d->uncoded_of));
	if (d->twice)
		printf(_("%zu baris sama dengan baris sebelumnya dan "
			 "dilewati.\n"),
		       d->twice);
	if (m->refused && d->refused)
		app_say(stdout, _("Baris yang ditolak ditulis ke %s.\n"),
			m->refused);
}

/* Every refused row, also beyond what a report holds. */
static void say_refused(const struct import *m)
{
	const struct prelist_refusal *all;
	size_t n;

	all = prelist_refusals(m->list, &n);
	for (size_t i = 0; i < n; i++) {
		const struct prelist_refusal *r = &all[i];
		struct buf b = BUF_INIT((size_t)1 << 17);

		utf8_clean(&b, str_from(m->file));
		buf_addf(&b, _(", baris %zu"), r->row);
		if (r->column.n) {
			buf_adds(&b, _(", kolom "));
			utf8_clean(&b, r->column);
		}
		fprintf(stderr, "pilar: %.*s: %s\n", STR_ARG(buf_str(&b)),
			_(r->why));
		buf_release(&b);
	}
}

/* ---- the command */
static enum err import(struct import *m, struct str dataset)
{
	struct app *app = m->app;
	const struct prelist_file file = { m->file, str_from(m->sheet) };
	const struct prelist_run how = { .dry = m->dry,
					 .progress = app_progress,
					 .cancelled = app_cancelled,
					 .arg = app };
	enum err rc = app_open(app);

	if (!rc)
		rc = prelist_open(&m->list, app->cases, dataset, &file,
				  &app->report);
	if (!rc)
		rc = take_choices(m);
	if (rc)
		return rc;
	warn_passed(m);
	app_cancel_begin(app);
	rc = prelist_run(m->list, &how, &m->done, &app->report);
	app_progress_end(app);
	if (rc == ERR_CANCELLED)
		report_add(&app->report, PROBLEM_ERROR, str_from(m->file),
			   _("dihentikan sesudah %zu dari %zu baris; yang "
			     "sudah masuk tetap ada, jalankan lagi untuk "
			     "sisanya"),
			   m->done.stopped_at, m->done.rows);
	if (!rc && m->refused && m->done.refused)
		rc = prelist_write_refused(m->list, m->refused, &app->report);
	return rc;
}

/* --map may be given more than once: taken out first. */
static int take_maps(struct import *m, int argc, char **argv)
{
	int left = 0;

	for (int i = 0; i < argc; i++) {
		const char **slot;

		if (strcmp(argv[i], "--map") != 0 || i + 1 == argc) {
			argv[left++] = argv[i];
			continue;
		}
		slot = vec_push(&m->maps);
		if (slot)
			*slot = argv[++i];
	}
	return left;
}

static int finish(struct import *m, enum err rc)
{
	int status = rc ? app_fail(m->app, rc) : EXIT_DONE;

	if (!rc) {
		app_warn(m->app);
		say_refused(m);
		if (m->app->json)
			status = answer_json(m);
		else
			answer_text(m);
		if (m->done.refused && status == EXIT_DONE)
			status = EXIT_FAILED;
	}
	prelist_free(m->list);
	vec_release(&m->maps);
	return status;
}

static int run_import(struct app *app, int argc, char **argv)
{
	struct import m = { .app = app };
	const struct app_flag flags[] = { { "--id", &m.key, NULL },
					  { "--sheet", &m.sheet, NULL },
					  { "--refused", &m.refused, NULL },
					  { "--dry-run", NULL, &m.dry },
					  { 0 } };

	argc = take_maps(&m, argc, argv);
	if (app_flags(app, argc, argv, flags, 2) != 2) {
		vec_release(&m.maps);
		return app_usage(app->command->words, stderr);
	}
	m.file = argv[1];
	return finish(&m, import(&m, str_from(argv[0])));
}

const struct command *commands_import(void)
{
	static const struct command rows[] = {
		{ "import", run_import,
		  N_("DAFTAR BERKAS [--dry-run] [--map KOLOM=ISIAN]... [--id "
		     "KOLOM] [--sheet LEMBAR] [--refused BERKAS]"),
		  "pilar import DAFTAR bdt.xlsx --dry-run",
		  N_("Memasukkan daftar dari kantor (.csv, .xlsx, .xls); "
		     "menyebut ke mana kolom masuk dan setiap baris yang "
		     "ditolak.") },
		{ 0 },
	};

	return rows;
}
