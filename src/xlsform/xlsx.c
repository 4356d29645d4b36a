/* SPDX-License-Identifier: MIT */
/* Workbooks of Excel and LibreOffice (ECMA-376): a zip file of XML parts. */
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/csv.h"
#include "pilar/i18n.h"
#include "pilar/tree.h"
#include "pilar/zip.h"

#include "xlsx.h"

/* Sheets that mean something; a name twice is taken once. */
#define MAX_SHEETS 6
/* The parts that say what sheets there are: a few kB in real workbooks. */
#define FRAME_MAX ((size_t)1 << 20)
/* All parts together. */
#define UNPACKED_MAX ((size_t)48 << 20)

/* One sheet of the workbook and the part of the zip it is in. */
struct entry {
	struct str name, path;
	bool read;
};

struct workbook {
	struct book *book;
	struct report *rep;
	struct tree *index, *relations;
	size_t unpacked; /* bytes of all parts that were looked at */
	struct entry entries[MAX_SHEETS];
	size_t n;
	struct xlsx_values values;
};

struct node *xlsx_child(const struct node *n, const char *local)
{
	struct node *k = n ? n->first : NULL;

	while (k && (k->kind != NODE_ELEMENT || !str_is(k->name->local, local)))
		k = k->next;
	return k;
}

struct node *xlsx_next(const struct node *n, const char *local)
{
	struct node *k = n->next;

	while (k && (k->kind != NODE_ELEMENT || !str_is(k->name->local, local)))
		k = k->next;
	return k;
}

struct str xlsx_attr(const struct node *n, const char *local)
{
	const struct node *a = n->attrs;

	while (a && !str_is(a->name->local, local))
		a = a->next;
	return a ? a->text : (struct str){ 0 };
}

static enum err part_parse(struct workbook *w, struct zip_in *zip,
			   struct str path, size_t max, struct tree **out)
{
	struct buf content = BUF_INIT(max);
	char *name = arena_cstr(w->book->arena, path);
	enum err rc = name ? zip_in_read(zip, &content) : ERR_NOMEM;

	w->unpacked += content.n;
	if (!rc && w->unpacked > UNPACKED_MAX)
		rc = ERR_TOOBIG;
	if (!rc)
		rc = tree_parse(out, buf_str(&content), name, w->rep);
	buf_release(&content);
	return rc;
}

static enum err strings_part(struct workbook *w, struct tree *t)
{
	return xlsx_strings(&w->values, t);
}

static enum err styles_part(struct workbook *w, struct tree *t)
{
	return xlsx_styles(&w->values, t);
}

/* A part of the frame is kept, or what it says is taken from it. */
static enum err frame_part(struct workbook *w, struct zip_in *zip,
			   struct str path)
{
	const struct {
		const char *path;
		size_t max;
		struct tree **kept;
		enum err (*take)(struct workbook *w, struct tree *t);
	} rows[] = {
		{ "xl/workbook.xml", FRAME_MAX, &w->index, NULL },
		{ "xl/_rels/workbook.xml.rels", FRAME_MAX, &w->relations,
		  NULL },
		{ "xl/sharedStrings.xml", TREE_MAX_BYTES, NULL, strings_part },
		{ "xl/styles.xml", TREE_MAX_BYTES, NULL, styles_part },
	};
	struct tree *tree = NULL;
	size_t i = 0;
	enum err rc;

	while (i < ARRAY_LEN(rows) && !str_is(path, rows[i].path))
		i++;
	if (i == ARRAY_LEN(rows) || (rows[i].kept && *rows[i].kept))
		return ERR_NONE;
	rc = part_parse(w, zip, path, rows[i].max, &tree);
	if (!rc && rows[i].take)
		rc = rows[i].take(w, tree);
	if (!rc && rows[i].kept)
		*rows[i].kept = tree;
	else
		tree_free(tree);
	return rc;
}

static enum err parts_read(struct workbook *w, struct str bytes,
			   enum err (*part)(struct workbook *w,
					    struct zip_in *zip,
					    struct str path))
{
	struct zip_in *zip = NULL;
	struct str path;
	enum err rc = zip_in_new(&zip, bytes);

	while (!rc) {
		rc = zip_in_next(zip, &path);
		if (!rc)
			rc = part(w, zip, path);
		else if (rc == ERR_NOTFOUND)
			break;
	}
	zip_in_free(zip);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* "worksheets/sheet1.xml", from the folder xl unless it begins with /. */
static struct str target_of(struct workbook *w, struct str id)
{
	const struct node *n = w->relations ? w->relations->element : NULL;
	struct str target;

	for (n = xlsx_child(n, "Relationship"); n;
	     n = xlsx_next(n, "Relationship")) {
		if (!str_eq(xlsx_attr(n, "Id"), id))
			continue;
		target = xlsx_attr(n, "Target");
		if (target.n && target.p[0] == '/')
			return str_sub(target, 1, target.n);
		return arena_printf(w->book->arena, "xl/%.*s", STR_ARG(target));
	}
	return (struct str){ 0 };
}

/* A workbook of one sheet has the survey in it, whatever its name. */
static void entries_find(struct workbook *w)
{
	const struct node *sheets =
		xlsx_child(w->index ? w->index->element : NULL, "sheets");
	const struct node *first = xlsx_child(sheets, "sheet");
	bool only = first && !xlsx_next(first, "sheet");

	for (const struct node *n = first; n && w->n < ARRAY_LEN(w->entries);
	     n = xlsx_next(n, "sheet")) {
		struct str name = xlsx_attr(n, "name");

		if (!sheet_known(name) && !only)
			continue;
		w->entries[w->n].name =
			sheet_known(name) ? name : STR("survey");
		w->entries[w->n].path = target_of(w, xlsx_attr(n, "id"));
		w->n++;
	}
}

/* "AB12" is column 27; a cell that does not say is behind the one before. */
static bool column_read(struct str ref, size_t otherwise, size_t *column)
{
	size_t n = 0;

	for (size_t i = 0; i < ref.n && ref.p[i] >= 'A' && ref.p[i] <= 'Z';
	     i++) {
		n = n * 26 + (size_t)(ref.p[i] - 'A' + 1);
		if (n > CSV_MAX_COLUMNS)
			return false;
	}
	*column = n ? n - 1 : otherwise;
	return *column < CSV_MAX_COLUMNS;
}

static enum err row_read(struct workbook *w, struct sheet *s,
			 const struct node *row, uint32_t at)
{
	struct str cells[CSV_MAX_COLUMNS] = { 0 };
	size_t n = 0, column;

	for (const struct node *c = xlsx_child(row, "c"); c;
	     c = xlsx_next(c, "c")) {
		struct str text = xlsx_value(&w->values, c);

		if (!str_trim(text).n) {
			n++;
			continue;
		}
		if (!column_read(xlsx_attr(c, "r"), n, &column) ||
		    text.n > CSV_MAX_CELL) {
			report_add(w->rep, PROBLEM_ERROR,
				   sheet_place(w->book->arena, s->name, at,
					       (struct str){ 0 }),
				   _("terlalu banyak kolom atau sel terlalu "
				     "panjang"));
			return ERR_TOOBIG;
		}
		cells[column] = text;
		n = column + 1;
	}
	/* Rows are numbered by the sheet: row 1 is its header. */
	if (!n || (!s->headers && !n))
		return ERR_NONE;
	return sheet_add(w->book, s, at, at, cells, n);
}

static enum err entry_read(struct workbook *w, const struct entry *entry,
			   const struct tree *tree)
{
	const struct node *data = xlsx_child(tree->element, "sheetData");
	struct sheet *s = NULL;
	uint32_t at = 0;
	uint64_t r;
	enum err rc = book_add(w->book, entry->name, &s);

	if (rc == ERR_EXISTS)
		return ERR_NONE;
	for (const struct node *n = xlsx_child(data, "row"); n && !rc;
	     n = xlsx_next(n, "row")) {
		at++;
		if (str_to_u64(xlsx_attr(n, "r"), &r) && r > 0 &&
		    r < UINT32_MAX)
			at = (uint32_t)r;
		rc = row_read(w, s, n, at);
	}
	return rc;
}

static enum err sheet_part(struct workbook *w, struct zip_in *zip,
			   struct str path)
{
	struct tree *tree = NULL;
	size_t i = 0;
	enum err rc;

	while (i < w->n && !str_eq(w->entries[i].path, path))
		i++;
	if (i == w->n || w->entries[i].read)
		return ERR_NONE;
	w->entries[i].read = true;
	rc = part_parse(w, zip, path, TREE_MAX_BYTES, &tree);
	if (!rc)
		rc = entry_read(w, &w->entries[i], tree);
	tree_free(tree);
	return rc;
}

enum err book_read_xlsx(struct book *b, struct str bytes, struct report *rep)
{
	struct workbook w = { .book = b,
			      .rep = rep,
			      .values = { .arena = b->arena } };
	enum err rc = parts_read(&w, bytes, frame_part);

	if (!rc && (!w.index || !w.relations))
		rc = ERR_SYNTAX;
	if (!rc) {
		entries_find(&w);
		rc = parts_read(&w, bytes, sheet_part);
	}
	if (rc && !rep->errors)
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 }, "%s",
			   rc == ERR_TOOBIG
				   ? _("berkas .xlsx terlalu besar")
				   : _("bukan berkas .xlsx yang utuh"));
	tree_free(w.index);
	tree_free(w.relations);
	return rc;
}
