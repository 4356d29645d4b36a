/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "datasets.h"

/* A dataset's name stands in keys of the store beside two UUIDs. */
#define NAME_BYTES 128
/* No masked text shows more than this at either end. */
#define MASK_SHOWN 64
/* Of a cell that is quoted in a message. */
#define QUOTED 40

enum column {
	COL_DATASET,
	COL_KIND,
	COL_NAME,
	COL_LABEL_ID,
	COL_LABEL_EN,
	COL_ORDER,
	COL_SEARCH,
	COL_MASK,
	COL_CLASS,
	COL_VALUE,
	COL_VALUE_EN,
	COL_COUNT
};

static const struct {
	const char *header;
	bool required;
} columns[COL_COUNT] = {
	[COL_DATASET] = { "dataset", true },
	[COL_KIND] = { "kind", true },
	[COL_NAME] = { "name", true },
	[COL_LABEL_ID] = { "label::id", false },
	[COL_LABEL_EN] = { "label::en", false },
	[COL_ORDER] = { "order", false },
	[COL_SEARCH] = { "search", false },
	[COL_MASK] = { "mask", false },
	[COL_CLASS] = { "class", false },
	[COL_VALUE] = { "value", true },
	[COL_VALUE_EN] = { "value::en", false },
};

/* What the cells of a row must hold, kind by kind. */
enum {
	NEEDS_NAME = 1,
	NEEDS_VALUE = 2,
	NEEDS_LABEL = 4,
	COMPUTED = 8,    /* `value` is evaluated on each entity */
	EXPRESSION = 16, /* on something else */
	NAME_IS_NAME = 32,
	NAME_IS_KEY = 64, /* on the keyboard */
	VALUE_IS_NAME = 128,
	VALUE_IS_ACTION = 256
};

static const struct {
	const char *word;
	unsigned flags;
} kinds[] = {
	[DATASET_MENU] = { "menu", NEEDS_NAME | NEEDS_LABEL | NAME_IS_KEY },
	[DATASET_TITLE] = { "title", NEEDS_VALUE | COMPUTED },
	[DATASET_COLUMN] = { "column", NEEDS_NAME | NEEDS_VALUE | COMPUTED },
	[DATASET_DETAIL] = { "detail", NEEDS_VALUE | COMPUTED },
	[DATASET_UNIQUE] = { "unique", NEEDS_NAME | NAME_IS_NAME },
	[DATASET_DUE] = { "due", NEEDS_VALUE | COMPUTED },
	[DATASET_PARENT] = { "parent", NEEDS_NAME | NEEDS_VALUE | NAME_IS_NAME |
					       VALUE_IS_NAME },
	[DATASET_CLOSED] = { "closed", NEEDS_NAME | NEEDS_VALUE | NEEDS_LABEL |
					       COMPUTED },
	[DATASET_MERGED] = { "merged", NEEDS_VALUE | VALUE_IS_NAME },
	[DATASET_ALIKE] = { "alike",
			    NEEDS_NAME | NEEDS_VALUE | NEEDS_LABEL | COMPUTED },
	[DATASET_CONFLICT] = { "conflict", NEEDS_VALUE },
	[DATASET_ACTION] = { "action",
			     NEEDS_NAME | NEEDS_VALUE | VALUE_IS_ACTION },
	[DATASET_FILTER] = { "filter", NEEDS_NAME | NEEDS_VALUE | NEEDS_LABEL },
	[DATASET_TYPED] = { "typed", NEEDS_NAME | NEEDS_VALUE | EXPRESSION },
};

static const char *const searches[] = {
	[DATASET_UNSEARCHED] = "",   [DATASET_NAME] = "name",
	[DATASET_NUMBER] = "number", [DATASET_PLACE] = "place",
	[DATASET_TEXT] = "text",
};

static const char *const classes[] = { "", "umum", "spesifik" };
static const char *const actions[] = { "new",   "visit",    "update",
				       "refer", "event",    "merge",
				       "part",  "conflict", "postpone",
				       "review" };

/* A row while the file is read: which dataset it belongs to. */
struct pending {
	size_t dataset;
	struct dataset_row row;
};

struct reader {
	struct datasets *d;
	struct csv csv;
	const char *name; /* of the file */
	struct report *rep;
	size_t at[COL_COUNT]; /* where each column stands, or SIZE_MAX */
	VEC(struct pending) rows;
	bool bad;
};

static size_t index_of(const char *const *words, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, words[i]))
			return i;
	return SIZE_MAX;
}

static struct str place(struct reader *r, size_t line, enum column c)
{
	return arena_printf(&r->d->arena, _("%s, baris %zu, kolom %s"), r->name,
			    line, columns[c].header);
}

static void wrong_at(struct reader *r, size_t line, enum column c,
		     const char *text)
{
	r->bad = true;
	report_add(r->rep, PROBLEM_ERROR, place(r, line, c), "%s", text);
}

static void wrong(struct reader *r, enum column c, const char *text)
{
	wrong_at(r, r->csv.line, c, text);
}

static void unknown(struct reader *r, enum column c, struct str cell)
{
	r->bad = true;
	report_add(r->rep, PROBLEM_ERROR, place(r, r->csv.line, c),
		   _("\"%.*s\" tidak dikenal"),
		   STR_ARG(str_sub(cell, 0, utf8_fit(cell, QUOTED))));
}

static struct str cell(const struct reader *r, enum column c)
{
	return csv_cell(&r->csv, r->at[c]);
}

/* Names of lists and properties: what ODK allows (ODK.md 15.2). */
static bool odk_name(struct str s)
{
	return s.n <= NAME_BYTES && !str_starts(s, STR("__")) &&
	       str_is_name(s, "-") && utf8_valid(s);
}

static bool one_character(struct str s)
{
	size_t at = 0;

	return s.n && utf8_printable(utf8_next(s, &at)) && at == s.n;
}

/* ---- one row */
static void read_mask(struct reader *r, struct dataset_row *row)
{
	size_t star = str_find(row->mask, STR("*"), 0);
	uint64_t head = 0, tail = 0;

	if (!row->mask.n)
		return;
	if (star == SIZE_MAX ||
	    !str_to_u64(str_sub(row->mask, 0, star), &head) ||
	    !str_to_u64(str_sub(row->mask, star + 1, row->mask.n), &tail) ||
	    head > MASK_SHOWN || tail > MASK_SHOWN) {
		wrong(r, COL_MASK,
		      _("harus berbentuk N*M, misalnya 4*4: berapa huruf depan "
			"dan belakang yang tampak"));
		return;
	}
	row->head = (size_t)head;
	row->tail = (size_t)tail;
}

static void check_words(struct reader *r, struct dataset_row *row)
{
	size_t s = index_of(searches, ARRAY_LEN(searches), row->search);
	size_t c = index_of(classes, ARRAY_LEN(classes), row->class);

	if (s == SIZE_MAX)
		unknown(r, COL_SEARCH, row->search);
	else
		row->searched = (enum dataset_search)s;
	if (c == SIZE_MAX)
		unknown(r, COL_CLASS, row->class);
	row->specific = str_is(row->class, "spesifik");
	if (row->searched && !(kinds[row->kind].flags & COMPUTED))
		wrong(r, COL_SEARCH,
		      _("hanya untuk baris title, column, detail dan due"));
	read_mask(r, row);
}

static void check_needs(struct reader *r, const struct dataset_row *row)
{
	unsigned flags = kinds[row->kind].flags;

	if ((flags & NEEDS_NAME) && !row->name.n)
		wrong(r, COL_NAME, _("wajib diisi"));
	if ((flags & NEEDS_VALUE) && !row->value.n)
		wrong(r, COL_VALUE, _("wajib diisi"));
	if ((flags & NEEDS_LABEL) && !row->label_id.n && !row->label_en.n)
		wrong(r, COL_LABEL_ID, _("wajib diisi"));
}

static void check_order(struct reader *r, const struct dataset_row *row)
{
	int64_t n;

	if (row->kind == DATASET_ACTION) {
		if (!one_character(row->order))
			wrong(r, COL_ORDER, _("tombolnya harus satu huruf"));
	} else if (row->order.n && !str_to_i64(row->order, &n)) {
		wrong(r, COL_ORDER, _("harus bilangan bulat"));
	}
}

static void check_names(struct reader *r, const struct dataset_row *row)
{
	/* Where nothing stands check_needs() has said so. */
	unsigned name = row->name.n ? kinds[row->kind].flags : 0;
	unsigned value = row->value.n ? kinds[row->kind].flags : 0;

	if ((name & NAME_IS_NAME) && !odk_name(row->name))
		wrong(r, COL_NAME, _("bukan nama yang sah"));
	if ((name & NAME_IS_KEY) && !one_character(row->name))
		wrong(r, COL_NAME, _("tombolnya harus satu huruf"));
	if ((value & VALUE_IS_NAME) && !odk_name(row->value))
		wrong(r, COL_VALUE, _("bukan nama yang sah"));
	if ((value & VALUE_IS_ACTION) &&
	    index_of(actions, ARRAY_LEN(actions), row->value) == SIZE_MAX)
		unknown(r, COL_VALUE, row->value);
}

/* Months have names; everything else is said in two expressions. */
static enum err compile_english(struct reader *r, struct dataset_row *row)
{
	bool months = str_find(row->value, STR("%b"), 0) != SIZE_MAX;
	bool own = row->value_en.n > 0;
	enum err rc;

	if ((!own && !months) || row->kind == DATASET_DUE ||
	    row->kind == DATASET_CLOSED || row->kind == DATASET_TYPED)
		return ERR_NONE;
	rc = formula_new(&row->formula_en, own ? row->value_en : row->value,
			 place(r, row->line, own ? COL_VALUE_EN : COL_VALUE),
			 r->rep);
	if (rc == ERR_NOMEM)
		return rc;
	r->bad |= rc != ERR_NONE;
	return ERR_NONE;
}

static enum err compile(struct reader *r, struct dataset_row *row)
{
	enum err rc;

	if (!(kinds[row->kind].flags & (COMPUTED | EXPRESSION)) ||
	    !row->value.n)
		return ERR_NONE;
	rc = formula_new(&row->formula, row->value,
			 place(r, row->line, COL_VALUE), r->rep);
	if (rc == ERR_NOMEM)
		return rc;
	r->bad |= rc != ERR_NONE;
	return rc ? ERR_NONE : compile_english(r, row);
}

static void take_cells(struct reader *r, struct dataset_row *row)
{
	struct str *to[COL_COUNT] = {
		[COL_NAME] = &row->name,
		[COL_LABEL_ID] = &row->label_id,
		[COL_LABEL_EN] = &row->label_en,
		[COL_ORDER] = &row->order,
		[COL_SEARCH] = &row->search,
		[COL_MASK] = &row->mask,
		[COL_CLASS] = &row->class,
		[COL_VALUE] = &row->value,
		[COL_VALUE_EN] = &row->value_en,
	};

	for (size_t c = 0; c < COL_COUNT; c++)
		if (to[c])
			*to[c] = arena_dup(&r->d->arena,
					   cell(r, (enum column)c));
}

static enum err dataset_of(struct datasets *d, struct str name, size_t *out)
{
	struct dataset *ds;

	for (size_t i = 0; i < d->list.n; i++) {
		*out = i;
		if (str_eq(d->list.at[i].name, name))
			return ERR_NONE;
	}
	ds = vec_push(&d->list);
	if (!ds)
		return ERR_NOMEM;
	ds->name = arena_dup(&d->arena, name);
	*out = d->list.n - 1;
	return ERR_NONE;
}

static size_t find_kind(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_is(word, kinds[i].word))
			return i;
	return SIZE_MAX;
}

static enum err read_row(struct reader *r)
{
	struct str name = cell(r, COL_DATASET);
	size_t kind = find_kind(cell(r, COL_KIND));
	struct pending *p;
	enum err rc;

	if (!odk_name(name)) {
		wrong(r, COL_DATASET, _("bukan nama daftar yang sah"));
		return ERR_NONE;
	}
	if (kind == SIZE_MAX) {
		unknown(r, COL_KIND, cell(r, COL_KIND));
		return ERR_NONE;
	}
	p = vec_push(&r->rows);
	if (!p)
		return ERR_NOMEM;
	p->row.kind = (enum dataset_kind)kind;
	p->row.line = r->csv.line;
	p->row.shown = p->row.shown_en = SIZE_MAX;
	rc = dataset_of(r->d, name, &p->dataset);
	if (rc)
		return rc;
	take_cells(r, &p->row);
	check_needs(r, &p->row);
	check_words(r, &p->row);
	check_order(r, &p->row);
	check_names(r, &p->row);
	return compile(r, &p->row);
}

/* ---- the whole file */
static int64_t rank(const struct dataset_row *row)
{
	int64_t n;

	if (row->kind == DATASET_ACTION || !str_to_i64(row->order, &n))
		return INT64_MAX;
	return n;
}

static int by_place(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;
	int64_t rx = rank(&x->row), ry = rank(&y->row);

	if (x->dataset != y->dataset)
		return x->dataset < y->dataset ? -1 : 1;
	if (x->row.kind != y->row.kind)
		return x->row.kind < y->row.kind ? -1 : 1;
	if (rx != ry)
		return rx < ry ? -1 : 1;
	return x->row.line < y->row.line ? -1 : x->row.line > y->row.line;
}

/* Why two rows of one dataset and kind cannot stand together. */
static const char *clash(const struct dataset_row *a,
			 const struct dataset_row *b)
{
	switch (a->kind) {
	case DATASET_TITLE:
	case DATASET_MENU:
	case DATASET_MERGED:
		return N_("hanya satu baris jenis ini untuk satu daftar");
	case DATASET_COLUMN:
	case DATASET_UNIQUE:
	case DATASET_CLOSED:
	case DATASET_ALIKE:
	case DATASET_CONFLICT:
	case DATASET_FILTER:
	case DATASET_TYPED:
		return str_eq(a->name, b->name) ? N_("nama ini sudah dipakai")
						: NULL;
	case DATASET_PARENT:
		return str_eq(a->value, b->value)
			       ? N_("isian ini sudah menunjuk induk")
			       : NULL;
	case DATASET_ACTION:
		return str_eq(a->order, b->order)
			       ? N_("tombol ini sudah dipakai")
			       : NULL;
	case DATASET_DETAIL:
	case DATASET_DUE:
		break;
	}
	return NULL;
}

static const enum column clash_column[] = {
	[DATASET_ACTION] = COL_ORDER,  [DATASET_ALIKE] = COL_NAME,
	[DATASET_CLOSED] = COL_NAME,   [DATASET_COLUMN] = COL_NAME,
	[DATASET_CONFLICT] = COL_NAME, [DATASET_DETAIL] = COL_NAME,
	[DATASET_DUE] = COL_NAME,      [DATASET_FILTER] = COL_NAME,
	[DATASET_MENU] = COL_KIND,     [DATASET_MERGED] = COL_KIND,
	[DATASET_PARENT] = COL_VALUE,  [DATASET_TITLE] = COL_KIND,
	[DATASET_TYPED] = COL_NAME,    [DATASET_UNIQUE] = COL_NAME,
};

static void check_clashes(struct reader *r, size_t i)
{
	const struct pending *p = &r->rows.at[i];

	for (size_t k = i + 1; k < r->rows.n; k++) {
		const struct pending *q = &r->rows.at[k];
		const char *why;

		if (q->dataset != p->dataset || q->row.kind != p->row.kind)
			return;
		why = clash(&p->row, &q->row);
		if (!why)
			continue;
		wrong_at(r, q->row.line, clash_column[q->row.kind], _(why));
		return;
	}
}

/* Sorts the rows and gives every dataset its stretch of them. */
static enum err settle(struct reader *r)
{
	struct datasets *d = r->d;
	struct dataset_row *rows;
	struct dataset *ds;

	if (r->rows.n)
		qsort(r->rows.at, r->rows.n, sizeof(*r->rows.at), by_place);
	rows = arena_array(&d->arena, r->rows.n, sizeof(*rows));
	if (!rows)
		return ERR_NOMEM;
	for (size_t i = 0; i < r->rows.n; i++) {
		check_clashes(r, i);
		ds = &d->list.at[r->rows.at[i].dataset];
		rows[i] = r->rows.at[i].row;
		if (kinds[rows[i].kind].flags & COMPUTED && rows[i].formula) {
			rows[i].shown = ds->n_shown++;
			rows[i].looks = formula_uses_lists(rows[i].formula);
		}
		if (rows[i].formula_en) {
			rows[i].shown_en = ds->n_shown++;
			rows[i].looks |= formula_uses_lists(rows[i].formula_en);
		}
		ds->looks |= rows[i].looks;
		if (!ds->n++)
			ds->rows = &rows[i];
		r->rows.at[i].row.formula = NULL; /* now the dataset's */
		r->rows.at[i].row.formula_en = NULL;
	}
	return ERR_NONE;
}

static enum err read_header(struct reader *r)
{
	enum err rc = csv_row(&r->csv);

	if (rc)
		return rc;
	for (size_t c = 0; c < COL_COUNT; c++) {
		r->at[c] = csv_column(&r->csv, columns[c].header);
		if (r->at[c] == SIZE_MAX && columns[c].required)
			wrong(r, (enum column)c, _("kolom ini tidak ada"));
	}
	return r->bad ? ERR_INVALID : ERR_NONE;
}

static bool empty_row(const struct reader *r)
{
	for (size_t i = 0; i < r->csv.cells.n; i++)
		if (csv_cell(&r->csv, i).n)
			return false;
	return true;
}

static enum err read_rows(struct reader *r)
{
	enum err rc = read_header(r);

	while (!rc) {
		rc = csv_row(&r->csv);
		if (rc || empty_row(r))
			continue;
		if (r->rows.n == DATASETS_MAX_ROWS) {
			wrong(r, COL_DATASET, _("terlalu banyak baris"));
			return ERR_INVALID;
		}
		rc = read_row(r);
	}
	return rc;
}

static enum err read_all(struct reader *r)
{
	enum err rc = read_rows(r);

	if (r->csv.problem) {
		report_add(r->rep, PROBLEM_ERROR,
			   arena_printf(&r->d->arena, _("%s, baris %zu"),
					r->name, r->csv.line),
			   "%s", _(r->csv.problem));
		return ERR_INVALID;
	}
	if (rc != ERR_NOTFOUND)
		return rc ? rc : ERR_INVALID;
	if (!r->csv.row) {
		report_add(r->rep, PROBLEM_ERROR, str_from(r->name),
			   _("berkas ini kosong"));
		return ERR_INVALID;
	}
	rc = settle(r);
	if (rc)
		return rc;
	return r->bad ? ERR_INVALID : ERR_NONE;
}

enum err datasets_new(struct datasets **out, struct str csv, const char *name,
		      struct report *rep)
{
	struct reader r = { .name = name, .rep = rep };
	enum err rc;

	r.d = calloc(1, sizeof(*r.d));
	if (!r.d)
		return ERR_NOMEM;
	csv_init(&r.csv, csv);
	rc = read_all(&r);
	vec_each (p, &r.rows) {
		formula_free(p->row.formula);
		formula_free(p->row.formula_en);
	}
	vec_release(&r.rows);
	csv_release(&r.csv);
	if (rc)
		datasets_free(r.d);
	else
		*out = r.d;
	return rc;
}
