/* SPDX-License-Identifier: MIT */
#include "import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/json.h"
#include "pilar/utf8.h"
#include "pilar/when.h"

/* ---- rows */

static const char *cell_bad(struct str cell)
{
	if (!utf8_valid(cell))
		return N_("bukan UTF-8");
	for (size_t at = 0; at < cell.n;) {
		uint32_t cp = utf8_next(cell, &at);

		if (!utf8_printable(cp) && cp != '\n' && cp != '\t')
			return N_("berisi tanda kendali");
	}
	return NULL;
}

/* 1.87E+15, also with a comma: what a spreadsheet makes of a long number. */
static bool rounded(struct str s)
{
	size_t i = 0, digits = 0;

	while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.' ||
			   s.p[i] == ','))
		i++;
	if (i == 0 || i + 3 > s.n || (s.p[i] != 'E' && s.p[i] != 'e') ||
	    s.p[i + 1] != '+')
		return false;
	for (i += 2; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		digits++;
	return digits > 0 && i == s.n;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/*
 * A number that stands only once: as long as most of its column, or zeros were
 * lost; and a spreadsheet keeps fifteen digits, the rest become zeros.
 */
static const char *number_bad(const struct column *c, struct str value)
{
	if (rounded(value))
		return N_("nomor rusak oleh lembar sebar (seperti 1,87E+15): "
			  "ketik ulang sebagai teks");
	if (!c->unique || !all_digits(value))
		return NULL;
	if (c->length > LONG_NUMBER && value.n + ZEROS_LOST >= c->length &&
	    value.n < c->length)
		return N_("angka kurang: mungkin nol di depan hilang di "
			  "lembar sebar");
	if (c->length > LONG_NUMBER && c->zeros)
		return N_("semua nomor berakhir 0: angka terakhir hilang di "
			  "lembar sebar; simpan ulang sebagai teks");
	return NULL;
}

/* 21-11-2026 and 21/11/2026 become 2026-11-21. */
static const char *take_date(struct import *m, struct str *value)
{
	struct str v = *value, part[3];
	char sep = v.n > 2 && (v.p[1] == '/' || v.p[2] == '/') ? '/' : '-';
	int64_t n[3];

	for (size_t i = 0; i < 3; i++)
		if (!str_split(&v, sep, &part[i]) || !all_digits(part[i]) ||
		    part[i].n > 4 || !str_to_i64(part[i], &n[i]))
			return NULL;
	if (v.p || part[2].n != 4 || part[0].n > 2 || part[1].n > 2)
		return NULL;
	if (!when_date_valid((int)n[2], (int)n[1], (int)n[0]))
		return N_("tanggal itu tidak ada");
	*value = arena_printf(&m->app->arena, "%04d-%02d-%02d", (int)n[2],
			      (int)n[1], (int)n[0]);
	return NULL;
}

/* A value that leads to another list: the id it has here. */
static const char *to_parent(struct import *m, const struct column *c,
			     struct str *value)
{
	struct app *app = m->app;
	char id[UUID_LEN + 1];
	struct entity e;

	if (!value->n)
		return NULL;
	if (cases_import_id(app->cases, c->parent->name, *value, id) ||
	    cases_entity(app->cases, c->parent->name, str_from(id), &app->arena,
			 &e))
		return N_("data yang ditunjuk tidak ada");
	*value = arena_dup(&app->arena, str_from(id));
	return NULL;
}

static const char *take_cell(struct import *m, size_t i, struct list_row *row,
			     struct entity_prop *props)
{
	const struct column *c = &m->columns[i];
	struct str value = str_trim(m->csv.cells.at[i]);
	const char *bad = cell_bad(value);

	if (bad)
		return bad;
	bad = number_bad(c, value);
	if (bad && (c->property.n || i == m->id))
		return bad;
	value = arena_dup(&m->app->arena, value);
	bad = c->property.n && i != m->label ? take_date(m, &value) : NULL;
	if (bad)
		return bad;
	if (i == m->label && !value.n)
		return N_("kosong");
	if (i == m->label)
		row->label = value;
	if (c->parent)
		bad = to_parent(m, c, &value);
	if (!bad && c->property.n && !str_is(c->property, LABEL))
		props[row->n_props++] =
			(struct entity_prop){ c->property, value };
	return bad;
}

static const char *take_id(struct import *m, struct list_row *row)
{
	struct arena *a = &m->app->arena;
	char id[UUID_LEN + 1];
	struct str number;

	if (m->id == SIZE_MAX) {
		sys_uuid(m->app->sys, id);
		row->id = arena_dup(a, str_from(id));
		return NULL;
	}
	number = str_trim(m->csv.cells.at[m->id]);
	if (!number.n)
		return N_("kosong");
	if (cases_import_id(m->app->cases, m->dataset->name, number, id))
		return N_("terlalu panjang");
	row->id = arena_dup(a, str_from(id));
	if (map_get(&m->ids, row->id))
		return N_("sama dengan baris sebelumnya");
	return map_put(&m->ids, row->id, m) ? N_("memori habis") : NULL;
}

static void refuse(struct import *m, struct str column, const char *why)
{
	struct refusal *r = vec_push(&m->refused);

	if (!r)
		return;
	*r = (struct refusal){ .row = m->csv.row,
			       .column = column,
			       .why = why };
	if (!m->refused_file)
		return;
	r->cells = arena_array(&m->app->arena, m->csv.cells.n + 1,
			       sizeof(*r->cells));
	for (; r->cells && r->n < m->csv.cells.n; r->n++)
		r->cells[r->n] =
			arena_dup(&m->app->arena, m->csv.cells.at[r->n]);
}

static enum err take_row(struct import *m)
{
	struct entity_prop *props =
		arena_array(&m->app->arena, m->n_columns + 1, sizeof(*props));
	struct list_row row = { .number = m->csv.row, .props = props };
	const char *bad;
	struct list_row *slot;

	if (!props)
		return ERR_NOMEM;
	if (m->csv.cells.n == 1 && !str_trim(m->csv.cells.at[0]).n)
		return ERR_NONE;
	if (m->csv.cells.n != m->n_columns) {
		refuse(m, STR(""), N_("banyaknya kolom lain dari judulnya"));
		return ERR_NONE;
	}
	for (size_t i = 0; i < m->n_columns; i++) {
		bad = take_cell(m, i, &row, props);
		if (bad) {
			refuse(m, m->columns[i].head, bad);
			return ERR_NONE;
		}
	}
	bad = take_id(m, &row);
	if (bad) {
		refuse(m, m->columns[m->id].head, bad);
		return ERR_NONE;
	}
	slot = vec_push(&m->rows);
	if (!slot)
		return ERR_NOMEM;
	*slot = row;
	return ERR_NONE;
}

static enum err read_rows(struct import *m)
{
	enum err rc = ERR_NONE;

	while (!rc) {
		rc = csv_row(&m->csv);
		if (rc == ERR_NOTFOUND)
			return ERR_NONE;
		if (rc)
			return import_say(m,
					  arena_printf(&m->app->arena,
						       _("baris %zu"),
						       m->csv.line),
					  m->csv.problem);
		rc = take_row(m);
	}
	return rc;
}

/* ---- what numbers of a column look like, before any is refused */
struct lengths {
	size_t of[64], zeros[64];
};

static void count_number(struct lengths *l, struct str value)
{
	if (!all_digits(value) || value.n >= ARRAY_LEN(l->of))
		return;
	l->of[value.n]++;
	l->zeros[value.n] += value.p[value.n - 1] == '0';
}

static enum err measure(struct import *m)
{
	struct lengths *all = calloc(m->n_columns, sizeof(*all));
	enum err rc = all ? ERR_NONE : ERR_NOMEM;

	while (!rc) {
		rc = csv_row(&m->csv);
		for (size_t i = 0; !rc && i < m->n_columns; i++)
			if (m->columns[i].unique && i < m->csv.cells.n)
				count_number(&all[i],
					     str_trim(m->csv.cells.at[i]));
	}
	for (size_t i = 0; all && i < m->n_columns; i++) {
		struct column *c = &m->columns[i];

		for (size_t n = 1; n < ARRAY_LEN(all->of); n++)
			if (all[i].of[n] > all[i].of[c->length])
				c->length = n;
		c->zeros = all[i].of[c->length] >= MANY_ZEROS &&
			   all[i].zeros[c->length] == all[i].of[c->length];
	}
	free(all);
	/* What stops it here stops the reading, too, and is said there. */
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

static enum err begin_csv(struct import *m)
{
	csv_release(&m->csv);
	csv_init(&m->csv, buf_str(&m->text));
	csv_detect(&m->csv);
	return csv_row(&m->csv);
}

static enum err read_file(struct import *m)
{
	enum err rc = file_read(m->file, &m->text);

	if (rc)
		return import_say(m, STR(""), N_("berkas tidak bisa dibaca"));
	rc = begin_csv(m);
	if (rc)
		return import_say(m, STR(""),
				  N_("berkas kosong atau bukan CSV"));
	rc = import_head(m);
	if (!rc)
		rc = measure(m);
	if (!rc)
		rc = begin_csv(m);
	return rc ? rc : read_rows(m);
}

/* ---- the refused rows as a file that can be mended and imported again */
static void put_cell(struct buf *b, struct str cell)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, cell.p[i]);
	}
	buf_addc(b, '"');
}

static enum err write_refused(struct import *m)
{
	struct buf b = BUF_INIT(CSV_MAX_BYTES * 2);
	enum err rc;

	for (size_t i = 0; i < m->n_columns; i++) {
		put_cell(&b, m->columns[i].head);
		buf_addc(&b, ',');
	}
	buf_adds(&b, _("alasan ditolak"));
	buf_addc(&b, '\n');
	vec_each (r, &m->refused) {
		for (size_t i = 0; i < r->n; i++) {
			put_cell(&b, r->cells[i]);
			buf_addc(&b, ',');
		}
		buf_addf(&b, "\"%.*s: %s\"\n", STR_ARG(r->column), _(r->why));
	}
	rc = b.failed;
	if (!rc)
		rc = file_write(m->refused_file, buf_str(&b));
	buf_release(&b);
	return rc ? import_say(m, str_from(m->refused_file),
			       N_("berkas tidak bisa ditulis"))
		  : ERR_NONE;
}

/* ---- what came of it */

static int answer_json(struct import *m, const struct list_done *done)
{
	struct json *j = json_object_new(), *list = json_array_new();
	enum err rc = ERR_NONE;

	vec_each (r, &m->refused) {
		struct json *one = json_object_new();

		rc = json_set(one, "row", json_int_new((int64_t)r->row));
		if (!rc)
			rc = json_set(one, "column", json_str_new(r->column));
		if (!rc)
			rc = json_set(one, "reason",
				      json_str_new(str_from(_(r->why))));
		if (!rc)
			rc = json_push(list, one);
		if (rc)
			break;
	}
	if (json_set(j, "created", json_int_new((int64_t)done->created)) ||
	    json_set(j, "changed", json_int_new((int64_t)done->changed)) ||
	    json_set(j, "same", json_int_new((int64_t)done->same)) ||
	    json_set(j, "dry_run", json_bool_new(m->dry)) ||
	    json_set(j, "refused", list) || rc) {
		json_free(j);
		return app_fail(m->app, ERR_NOMEM);
	}
	return app_print_json(j);
}

static void answer_text(struct import *m, const struct list_done *done)
{
	if (m->dry)
		printf(_("Percobaan, tidak ada yang disimpan. "));
	printf(_("%zu baru, %zu diubah, %zu tetap, %zu ditolak.\n"),
	       done->created, done->changed, done->same, m->refused.n);
}

/* Every refused row, also beyond what a report holds. */
static void say_refused(struct import *m)
{
	vec_each (r, &m->refused) {
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

static enum err import(struct import *m, struct str dataset,
		       struct list_done *done)
{
	struct app *app = m->app;
	const char *slash = strrchr(m->file, '/');
	enum err rc = app_open(app);

	if (rc)
		return rc;
	m->dataset = datasets_find(cases_datasets(app->cases), dataset);
	if (!m->dataset) {
		report_add(&app->report, PROBLEM_ERROR, dataset,
			   _("daftar itu tidak ada"));
		return ERR_NOTFOUND;
	}
	rc = read_file(m);
	if (!rc && m->refused_file && m->refused.n)
		rc = write_refused(m);
	m->in = (struct list_in){ .dataset = m->dataset->name,
				  .source =
					  str_from(slash ? slash + 1 : m->file),
				  .rows = m->rows.at,
				  .n = m->rows.n,
				  .dry = m->dry };
	if (!rc)
		rc = cases_import(app->cases, &m->in, done, &app->report);
	return rc || m->dry || !m->maps.n ? rc : import_remember(m);
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

static int finish(struct import *m, enum err rc, const struct list_done *done)
{
	int status = rc ? app_fail(m->app, rc) : EXIT_DONE;

	if (!rc) {
		app_warn(m->app);
		say_refused(m);
		if (m->app->json)
			status = answer_json(m, done);
		else
			answer_text(m, done);
		if (m->refused.n && status == EXIT_DONE)
			status = EXIT_FAILED;
	}
	csv_release(&m->csv);
	buf_release(&m->text);
	map_release(&m->ids);
	vec_release(&m->rows);
	vec_release(&m->refused);
	vec_release(&m->maps);
	free(m);
	return status;
}

static int run_import(struct app *app, int argc, char **argv)
{
	struct import *m = calloc(1, sizeof(*m));
	struct list_done done = { 0 };
	const struct app_flag flags[] = {
		{ "--id", m ? &m->id_column : NULL, NULL },
		{ "--refused", m ? &m->refused_file : NULL, NULL },
		{ "--dry-run", NULL, m ? &m->dry : NULL },
		{ 0 }
	};

	if (!m)
		return app_fail(app, ERR_NOMEM);
	m->app = app;
	m->text = BUF_INIT(CSV_MAX_BYTES);
	argc = take_maps(m, argc, argv);
	if (app_flags(app, argc, argv, flags) != 2) {
		vec_release(&m->maps);
		free(m);
		return app_usage(app->command->words, stderr);
	}
	m->file = argv[1];
	return finish(m, import(m, str_from(argv[0]), &done), &done);
}

const struct command *commands_import(void)
{
	static const struct command rows[] = {
		{ "import", run_import,
		  "DAFTAR BERKAS.csv [--map KOLOM=ISIAN]... [--id KOLOM] "
		  "[--refused BERKAS] [--dry-run]",
		  "pilar import DAFTAR bdt.csv --id IDBDT --map NAMA=label",
		  N_("Memasukkan daftar dari kantor; menyebut setiap baris "
		     "yang ditolak.") },
		{ 0 },
	};

	return rows;
}
