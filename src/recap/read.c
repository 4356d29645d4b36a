/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "recap.h"

#include "pilar/csv.h"
#include "pilar/formula.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

/* Of a cell that is quoted in a message. */
#define QUOTED 40

enum column_of {
	COL_RECAP,
	COL_KIND,
	COL_NAME,
	COL_LABEL_ID,
	COL_LABEL_EN,
	COL_VALUE,
	COL_COUNT
};

static const char *const headers[COL_COUNT] = {
	[COL_RECAP] = "recap",        [COL_KIND] = "kind",
	[COL_NAME] = "name",          [COL_LABEL_ID] = "label::id",
	[COL_LABEL_EN] = "label::en", [COL_VALUE] = "value",
};

enum { NEEDS_NAME = 1, NEEDS_LABEL = 2, NEEDS_VALUE = 4, COMPUTED = 8 };

static const struct {
	const char *word;
	unsigned flags;
} kinds[LINE_KINDS] = {
	[LINE_TITLE] = { "title", NEEDS_LABEL },
	[LINE_SOURCE] = { "source", NEEDS_NAME },
	[LINE_FILTER] = { "filter", NEEDS_VALUE | COMPUTED },
	[LINE_LET] = { "let", NEEDS_NAME | NEEDS_VALUE | COMPUTED },
	[LINE_MOVES] = { "moves", 0 },
	[LINE_WHEN] = { "when", NEEDS_VALUE | COMPUTED },
	[LINE_BY] = { "by", NEEDS_NAME | COMPUTED },
	[LINE_ALL] = { "all", 0 },
	[LINE_ROWS] = { "rows", NEEDS_LABEL | NEEDS_VALUE | COMPUTED },
	[LINE_MEASURE] = { "measure", NEEDS_LABEL | NEEDS_VALUE | COMPUTED },
	[LINE_EACH] = { "each", NEEDS_VALUE | COMPUTED },
	[LINE_COLUMN] = { "column", NEEDS_NAME | NEEDS_VALUE | COMPUTED },
	[LINE_SORT] = { "sort", NEEDS_VALUE | COMPUTED },
	[LINE_SEPARATOR] = { "separator", NEEDS_NAME },
	[LINE_FOR] = { "for", NEEDS_NAME },
	[LINE_HEADING] = { "heading", NEEDS_LABEL },
	[LINE_NOTE] = { "note", NEEDS_LABEL },
	[LINE_TEXT] = { "text", COMPUTED },
	[LINE_PAIR] = { "pair", NEEDS_LABEL | NEEDS_VALUE | COMPUTED },
	[LINE_PART] = { "part", NEEDS_NAME },
	[LINE_SIGN] = { "sign", NEEDS_LABEL | COMPUTED },
};

struct recaps {
	struct arena arena;
	VEC(struct recap) list;
	struct line *lines;
	size_t n_lines;
};

/* A line while the file is read: which recap it belongs to. */
struct pending {
	size_t recap;
	struct line line;
};

struct reader {
	struct recaps *r;
	struct csv csv;
	const char *name;
	struct report *rep;
	size_t at[COL_COUNT];
	VEC(struct pending) rows;
	bool bad;
};

static struct str place(struct reader *r, size_t line, enum column_of c)
{
	return arena_printf(&r->r->arena, _("%s, baris %zu, kolom %s"), r->name,
			    line, headers[c]);
}

static void wrong(struct reader *r, size_t line, enum column_of c,
		  const char *text)
{
	r->bad = true;
	report_add(r->rep, PROBLEM_ERROR, place(r, line, c), "%s", text);
}

static struct str cell(const struct reader *r, enum column_of c)
{
	return csv_cell(&r->csv, r->at[c]);
}

static size_t kind_of(struct str word)
{
	size_t k = 0;

	while (k < LINE_KINDS && !str_is(word, kinds[k].word))
		k++;
	return k;
}

static enum err recap_of(struct recaps *r, struct str name, size_t *out)
{
	struct recap *new;

	for (*out = 0; *out < r->list.n; (*out)++)
		if (str_eq(r->list.at[*out].name, name))
			return ERR_NONE;
	new = vec_push(&r->list);
	if (!new)
		return ERR_NOMEM;
	new->name = arena_dup(&r->arena, name);
	return ERR_NONE;
}

static enum err compile(struct reader *r, struct line *l)
{
	enum err rc;

	if (!(kinds[l->kind].flags & COMPUTED) || !l->value.n)
		return ERR_NONE;
	rc = formula_new(&l->formula, l->value, place(r, l->at, COL_VALUE),
			 r->rep);
	if (rc == ERR_NOMEM)
		return rc;
	r->bad |= rc != ERR_NONE;
	return ERR_NONE;
}

static void check_needs(struct reader *r, const struct line *l)
{
	unsigned flags = kinds[l->kind].flags;

	if ((flags & NEEDS_NAME) && !l->name.n)
		wrong(r, l->at, COL_NAME, _("wajib diisi"));
	if ((flags & NEEDS_LABEL) && !l->label_id.n && !l->label_en.n)
		wrong(r, l->at, COL_LABEL_ID, _("wajib diisi"));
	if ((flags & NEEDS_VALUE) && !l->value.n)
		wrong(r, l->at, COL_VALUE, _("wajib diisi"));
}

static enum err read_row(struct reader *r)
{
	struct str name = cell(r, COL_RECAP), kind = cell(r, COL_KIND);
	struct arena *a = &r->r->arena;
	size_t k = kind_of(kind);
	struct pending *p;
	enum err rc;

	if (!name.n && !kind.n)
		return ERR_NONE; /* an empty row parts the file for the eye */
	if (!name.n || k == LINE_KINDS) {
		wrong(r, r->csv.line, name.n ? COL_KIND : COL_RECAP,
		      name.n ? _("jenis baris tidak dikenal")
			     : _("wajib diisi"));
		return ERR_NONE;
	}
	p = r->rows.n < RECAPS_MAX_ROWS ? vec_push(&r->rows) : NULL;
	if (!p)
		return r->rows.n < RECAPS_MAX_ROWS ? ERR_NOMEM : ERR_TOOBIG;
	rc = recap_of(r->r, name, &p->recap);
	p->line = (struct line){ .kind = (enum line_kind)k,
				 .name = utf8_nfc(a, cell(r, COL_NAME)),
				 .label_id = utf8_nfc(a, cell(r, COL_LABEL_ID)),
				 .label_en = utf8_nfc(a, cell(r, COL_LABEL_EN)),
				 .value = arena_dup(a, cell(r, COL_VALUE)),
				 .at = r->csv.line };
	check_needs(r, &p->line);
	return rc ? rc : compile(r, &p->line);
}

static enum err read_head(struct reader *r)
{
	enum err rc = csv_row(&r->csv);

	for (size_t c = 0; c < COL_COUNT && !rc; c++) {
		r->at[c] = csv_column(&r->csv, headers[c]);
		if (r->at[c] == SIZE_MAX && c != COL_LABEL_EN)
			wrong(r, 1, (enum column_of)c,
			      _("kolom ini tidak ada"));
	}
	return rc;
}

static enum err read_rows(struct reader *r)
{
	enum err rc = read_head(r);

	while (!rc) { /* also after a fault, to name every one */
		rc = csv_row(&r->csv);
		if (!rc)
			rc = read_row(r);
	}
	if (rc == ERR_NOTFOUND)
		return ERR_NONE;
	if (rc == ERR_TOOBIG && !r->csv.problem)
		wrong(r, r->csv.line, COL_RECAP, _("terlalu banyak baris"));
	if (r->csv.problem)
		wrong(r, r->csv.line, COL_RECAP, _(r->csv.problem));
	return rc;
}

/* ---- the whole */
static enum recap_kind kind_by(const struct recap *r)
{
	if (recap_line(r, LINE_ROWS))
		return RECAP_COUNT;
	return recap_line(r, LINE_COLUMN) ? RECAP_LIST : RECAP_PAPER;
}

/* What every source of a count or a list has to say. */
static void check_source(struct reader *r, const struct recap *one,
			 const struct source *s)
{
	bool counts = one->kind == RECAP_COUNT;
	const struct line *rows = source_line(s, LINE_ROWS);

	if (counts && (!rows || !source_line(s, LINE_MEASURE)))
		wrong(r, s->lines[0].at, COL_KIND,
		      _("source tanpa baris rows atau measure"));
	if (!counts && !source_line(s, LINE_COLUMN))
		wrong(r, s->lines[0].at, COL_KIND,
		      _("source tanpa baris column"));
	if (counts && rows && !rows->name.n && source_line(s, LINE_MOVES))
		wrong(r, rows->at, COL_NAME,
		      _("dengan moves, rows harus menyebut sebuah daftar"));
}

static void check_recap(struct reader *r, const struct recap *one)
{
	const struct line *l = recap_line(one, LINE_SEPARATOR);
	struct source s;

	if (!recap_line(one, LINE_TITLE))
		wrong(r, one->lines[0].at, COL_KIND,
		      _("rekap tanpa baris title"));
	if (one->kind != RECAP_PAPER && !recap_line(one, LINE_SOURCE))
		wrong(r, one->lines[0].at, COL_KIND,
		      _("rekap tanpa baris source"));
	for (size_t i = 0; one->kind != RECAP_PAPER && recap_source(one, i, &s);
	     i++)
		check_source(r, one, &s);
	if (l && (l->name.n != 1 || !strchr(",;|\t", l->name.p[0])))
		wrong(r, l->at, COL_NAME,
		      _("pemisah kolom: salah satu dari , ; | dan tab"));
}

/* Lines of one recap stand together, in the order of the file. */
static enum err settle(struct reader *r)
{
	struct recaps *all = r->r;

	all->lines =
		arena_array(&all->arena, r->rows.n + 1, sizeof(*all->lines));
	if (!all->lines)
		return ERR_NOMEM;
	for (size_t i = 0; i < all->list.n; i++) {
		struct recap *one = &all->list.at[i];

		one->lines = all->lines + all->n_lines;
		vec_each (p, &r->rows)
			if (p->recap == i)
				all->lines[all->n_lines++] = p->line;
		one->n = (size_t)(all->lines + all->n_lines - one->lines);
		one->kind = kind_by(one);
		if (one->n)
			check_recap(r, one);
	}
	return ERR_NONE;
}

static void check_parts(struct reader *r)
{
	for (size_t i = 0; i < r->r->n_lines; i++) {
		const struct line *l = &r->r->lines[i];
		const struct recap *other = l->kind == LINE_PART
						    ? recaps_find(r->r, l->name)
						    : NULL;

		if (l->kind == LINE_PART &&
		    (!other || other->kind == RECAP_PAPER))
			wrong(r, l->at, COL_NAME,
			      _("tidak ada rekap atau daftar bernama itu"));
	}
}

enum err recaps_new(struct recaps **out, struct str csv, const char *name,
		    struct report *rep)
{
	struct recaps *all = calloc(1, sizeof(*all));
	struct reader r = { .r = all, .name = name, .rep = rep };
	enum err rc = all ? ERR_NONE : ERR_NOMEM;

	*out = NULL;
	if (rc)
		return rc;
	csv_init(&r.csv, csv);
	rc = read_rows(&r);
	if (!rc)
		rc = settle(&r);
	if (!rc)
		check_parts(&r);
	if (rc && r.rows.n && !all->lines)
		vec_each (p, &r.rows)
			formula_free(p->line.formula);
	csv_release(&r.csv);
	vec_release(&r.rows);
	if (!rc && r.bad)
		rc = ERR_INVALID;
	if (rc)
		recaps_free(all);
	else
		*out = all;
	return rc;
}

enum err recaps_open(struct recaps **out, struct cases *c, struct report *rep)
{
	struct arena a = { 0 };
	struct str csv;
	enum err rc = cases_media(c, STR(RECAPS_FILE), &a, &csv);

	*out = NULL;
	if (!rc)
		rc = recaps_new(out, csv, RECAPS_FILE, rep);
	else if (rc == ERR_NOTFOUND)
		report_add(rep, PROBLEM_ERROR, STR(RECAPS_FILE),
			   _("berkas itu tidak ada di penyimpanan ini"));
	arena_release(&a);
	return rc;
}

void recaps_free(struct recaps *r)
{
	if (!r)
		return;
	for (size_t i = 0; r->lines && i < r->n_lines; i++)
		formula_free(r->lines[i].formula);
	vec_release(&r->list);
	arena_release(&r->arena);
	free(r);
}

/* ---- asking */
size_t recaps_count(const struct recaps *r)
{
	return r->list.n;
}

const struct recap *recaps_at(const struct recaps *r, size_t i)
{
	return i < r->list.n ? &r->list.at[i] : NULL;
}

const struct recap *recaps_find(const struct recaps *r, struct str name)
{
	for (size_t i = 0; i < r->list.n; i++)
		if (str_eq(r->list.at[i].name, name))
			return &r->list.at[i];
	return NULL;
}

struct str recap_name(const struct recap *r)
{
	return r->name;
}

struct str line_label(const struct line *l)
{
	bool english = str_is(str_from(i18n_lang()), "en");
	struct str own = english ? l->label_en : l->label_id;
	struct str other = english ? l->label_id : l->label_en;

	if (own.n)
		return own;
	return other.n ? other : l->name;
}

const struct line *recap_line(const struct recap *r, enum line_kind kind)
{
	const struct source all = { r->lines, r->n };

	return source_line(&all, kind);
}

struct str recap_title(const struct recap *r)
{
	return line_label(recap_line(r, LINE_TITLE));
}

enum recap_kind recap_kind(const struct recap *r)
{
	return r->kind;
}

struct str recap_dataset(const struct recap *r)
{
	const struct line *l = recap_line(r, LINE_FOR);

	return l ? l->name : STR("");
}

bool recap_inner(const struct recap *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (line_uses(&r->lines[i], "about"))
			return r->kind != RECAP_PAPER;
	return false;
}

bool recap_by(const struct recap *r, size_t i, struct str *name,
	      struct str *label)
{
	struct source s;

	if (!recap_source(r, 0, &s))
		return false;
	for (size_t k = 0; k < s.n; k++) {
		if (s.lines[k].kind != LINE_BY || i-- > 0)
			continue;
		*name = s.lines[k].name;
		*label = line_label(&s.lines[k]);
		return true;
	}
	return false;
}
