/* SPDX-License-Identifier: MIT */
#include "pilar/csv.h"
#include "pilar/i18n.h"

#include "demo.h"

/* An expression with its word lists put in. */
#define VALUE_MAX ((size_t)64 << 10)
/* Days before today: ten years. */
#define DAYS_MAX 3650

enum column { COL_KIND, COL_FORM, COL_NAME, COL_VALUE, COL_FROM, COL_TO };

static const char *const columns[] = {
	[COL_KIND] = "kind",   [COL_FORM] = "form", [COL_NAME] = "name",
	[COL_VALUE] = "value", [COL_FROM] = "from", [COL_TO] = "to",
};

static const char *const kinds[] = {
	[DEMO_WORKER] = "worker", [DEMO_LET] = "let",       [DEMO_RUN] = "run",
	[DEMO_REPEAT] = "repeat", [DEMO_ANSWER] = "answer",
};

struct reader {
	struct demo_spec *d;
	struct csv csv;
	struct report *rep;
	bool bad;
};

void demo_release(struct demo_spec *d)
{
	vec_release(&d->rows);
	arena_release(&d->arena);
}

const struct demo_row *demo_find(const struct demo_spec *d, enum demo_kind kind,
				 struct str form, struct str name)
{
	vec_each (r, &d->rows)
		if (r->kind == kind && str_eq(r->form, form) &&
		    str_eq(r->name, name))
			return r;
	return NULL;
}

static struct str cell(const struct reader *r, enum column c)
{
	return csv_cell(&r->csv, c);
}

static void wrong(struct reader *r, enum column c, const char *text)
{
	r->bad = true;
	report_add(r->rep, PROBLEM_ERROR,
		   arena_printf(&r->d->arena, _("%s, baris %zu, kolom %s"),
				r->d->file, r->csv.line, columns[c]),
		   "%s", text);
}

/* {name} becomes the value of that `let`, which has its own put in already. */
static enum err expand(struct reader *r, struct str text, struct str *out)
{
	struct buf b = BUF_INIT(VALUE_MAX);
	size_t at = 0;
	enum err rc;

	while (at < text.n) {
		size_t open = str_find(text, STR("{"), at);
		size_t close = str_find(text, STR("}"), at);
		const struct demo_row *let;

		if (open == SIZE_MAX || close == SIZE_MAX || close < open)
			break;
		let = demo_find(r->d, DEMO_LET, STR(""),
				str_sub(text, open + 1, close));
		if (!let)
			wrong(r, COL_VALUE, _("{...} belum ditulis di atas"));
		buf_addstr(&b, str_sub(text, at, open));
		if (let)
			buf_addstr(&b, let->value);
		at = close + 1;
	}
	buf_addstr(&b, str_sub(text, at, text.n));
	*out = arena_dup(&r->d->arena, buf_str(&b));
	rc = b.failed;
	buf_release(&b);
	return rc;
}

static void read_days(struct reader *r, enum column c, int64_t *out)
{
	struct str text = cell(r, c);

	if (!str_to_i64(text, out) || *out < 0 || *out > DAYS_MAX)
		wrong(r, c, _("harus jumlah hari sebelum hari ini"));
}

static void check_row(struct reader *r, struct demo_row *row)
{
	if (row->kind == DEMO_RUN) {
		read_days(r, COL_FROM, &row->from);
		read_days(r, COL_TO, &row->to);
	} else if (!row->name.n) {
		wrong(r, COL_NAME, _("wajib diisi"));
	}
	if (row->kind >= DEMO_RUN && !row->form.n)
		wrong(r, COL_FORM, _("wajib diisi"));
	if (row->kind != DEMO_ANSWER && !row->value.n)
		wrong(r, COL_VALUE, _("wajib diisi"));
}

static enum err read_row(struct reader *r)
{
	struct str word = cell(r, COL_KIND);
	struct demo_row row = { .line = r->csv.line };
	struct demo_row *to;
	size_t k = 0;
	enum err rc;

	if (!word.n || word.p[0] == '#')
		return ERR_NONE;
	while (k < ARRAY_LEN(kinds) && !str_is(word, kinds[k]))
		k++;
	if (k == ARRAY_LEN(kinds)) {
		wrong(r, COL_KIND, _("tidak dikenal"));
		return ERR_NONE;
	}
	row.kind = (enum demo_kind)k;
	row.form = arena_dup(&r->d->arena, cell(r, COL_FORM));
	row.name = arena_dup(&r->d->arena, cell(r, COL_NAME));
	rc = expand(r, cell(r, COL_VALUE), &row.value);
	if (rc)
		return rc;
	check_row(r, &row);
	to = vec_push(&r->d->rows);
	if (!to)
		return ERR_NOMEM;
	*to = row;
	return ERR_NONE;
}

static void check_header(struct reader *r)
{
	for (size_t c = 0; c < ARRAY_LEN(columns); c++)
		if (!str_is(cell(r, (enum column)c), columns[c]))
			wrong(r, (enum column)c,
			      _("judul kolom harus kind, form, name, value, "
				"from, to"));
}

enum err demo_read(struct demo_spec *out, struct str csv, const char *file,
		   struct report *rep)
{
	struct reader r = { .d = out, .rep = rep };
	enum err rc;

	*out = (struct demo_spec){ .file = file };
	csv_init(&r.csv, csv);
	rc = csv_row(&r.csv);
	if (!rc)
		check_header(&r);
	while (!rc && !r.bad) {
		rc = csv_row(&r.csv);
		if (!rc)
			rc = read_row(&r);
	}
	if (rc && rc != ERR_NOTFOUND && r.csv.problem)
		wrong(&r, COL_KIND, _(r.csv.problem));
	csv_release(&r.csv);
	if (r.bad)
		return ERR_INVALID;
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}
