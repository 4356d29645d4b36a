/* SPDX-License-Identifier: MIT */
/* Workbooks of Excel and LibreOffice (ECMA-376): a zip file of XML parts. */
#include "xlsx.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/sax.h"
#include "pilar/zip.h"

/* The parts that say what sheets there are: a few kB in real workbooks. */
#define FRAME_MAX ((size_t)1 << 20)

/* One sheet of the workbook and the part of the zip it is in. */
struct entry {
	struct workbook_sheet sheet;
	struct str path;
	bool read;
};

struct workbook {
	const struct workbook_to *to;
	struct arena arena;
	struct report *rep;
	struct tree *index, *relations;
	size_t unpacked; /* bytes of all parts that were looked at */
	struct entry entries[WORKBOOK_MAX_SHEETS];
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

static enum err part_read(struct workbook *w, struct zip_in *zip,
			  struct buf *content)
{
	enum err rc = zip_in_read(zip, content);

	w->unpacked += content->n;
	return !rc && w->unpacked > WORKBOOK_MAX_UNPACKED ? ERR_TOOBIG : rc;
}

static enum err keep(struct workbook *w, struct str path, struct str xml,
		     struct tree **kept)
{
	char *name = arena_cstr(&w->arena, path);

	return name ? tree_parse(kept, xml, name, w->rep) : ERR_NOMEM;
}

static enum err index_part(struct workbook *w, struct str path, struct str xml)
{
	return w->index ? ERR_NONE : keep(w, path, xml, &w->index);
}

static enum err relations_part(struct workbook *w, struct str path,
			       struct str xml)
{
	return w->relations ? ERR_NONE : keep(w, path, xml, &w->relations);
}

static enum err strings_part(struct workbook *w, struct str path,
			     struct str xml)
{
	(void)path;
	return xlsx_strings(&w->values, xml, w->rep);
}

static enum err styles_part(struct workbook *w, struct str path, struct str xml)
{
	struct tree *t = NULL;
	enum err rc = keep(w, path, xml, &t);

	if (!rc)
		rc = xlsx_styles(&w->values, t);
	tree_free(t);
	return rc;
}

/* A part of the frame is kept, or what it says is taken from it. */
static enum err frame_part(struct workbook *w, struct zip_in *zip,
			   struct str path)
{
	static const struct {
		const char *path;
		size_t max;
		enum err (*take)(struct workbook *w, struct str path,
				 struct str xml);
	} rows[] = {
		{ "xl/workbook.xml", FRAME_MAX, index_part },
		{ "xl/_rels/workbook.xml.rels", FRAME_MAX, relations_part },
		{ "xl/sharedStrings.xml", SAX_MAX_BYTES, strings_part },
		{ "xl/styles.xml", TREE_MAX_BYTES, styles_part },
	};
	struct buf content;
	size_t i = 0;
	enum err rc;

	while (i < ARRAY_LEN(rows) && !str_is(path, rows[i].path))
		i++;
	if (i == ARRAY_LEN(rows))
		return ERR_NONE;
	content = BUF_INIT(rows[i].max);
	rc = part_read(w, zip, &content);
	if (!rc)
		rc = rows[i].take(w, path, buf_str(&content));
	buf_release(&content);
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
		return arena_printf(&w->arena, "xl/%.*s", STR_ARG(target));
	}
	return (struct str){ 0 };
}

static void entry_add(struct workbook *w, const struct node *n, bool only)
{
	struct str state = xlsx_attr(n, "state");

	w->entries[w->n++] = (struct entry){
		.sheet = { .name = xlsx_attr(n, "name"),
			   .only = only,
			   .hidden = state.n && !str_is(state, "visible") },
		.path = target_of(w, xlsx_attr(n, "id")),
	};
}

static void entries_find(struct workbook *w)
{
	const struct node *book = w->index->element;
	const struct node *sheets = xlsx_child(book, "sheets");
	const struct node *first = xlsx_child(sheets, "sheet");
	const struct node *how = xlsx_child(book, "workbookPr");
	struct str since = how ? xlsx_attr(how, "date1904") : STR("");

	w->values.since_1904 = str_is(since, "1") || str_is(since, "true");
	for (const struct node *n = first; n && w->n < ARRAY_LEN(w->entries);
	     n = xlsx_next(n, "sheet"))
		entry_add(w, n, !xlsx_next(first, "sheet"));
}

static enum err entry_read(struct workbook *w, const struct entry *e,
			   struct zip_in *zip)
{
	struct buf content = BUF_INIT(SAX_MAX_BYTES);
	void *handle = NULL;
	enum err rc = w->to->sheet(w->to->arg, &e->sheet, &handle);

	if (!rc && handle)
		rc = part_read(w, zip, &content);
	if (!rc && handle)
		rc = xlsx_rows(&w->values, buf_str(&content), e->sheet.name,
			       w->to, handle, w->rep);
	buf_release(&content);
	return rc;
}

static enum err sheet_part(struct workbook *w, struct zip_in *zip,
			   struct str path)
{
	size_t i = 0;

	while (i < w->n && !str_eq(w->entries[i].path, path))
		i++;
	if (i == w->n || w->entries[i].read)
		return ERR_NONE;
	w->entries[i].read = true;
	return entry_read(w, &w->entries[i], zip);
}

static enum err read_all(struct workbook *w, struct str bytes)
{
	enum err rc = parts_read(w, bytes, frame_part);

	if (!rc && (!w->index || !w->relations))
		rc = ERR_SYNTAX;
	if (rc)
		return rc;
	entries_find(w);
	return parts_read(w, bytes, sheet_part);
}

/* Its first part is its kind, as it is. */
static bool is_opendocument(struct str bytes)
{
	return str_find(str_sub(bytes, 0, 100),
			STR("application/vnd.oasis.opendocument"),
			0) != SIZE_MAX;
}

static const char *why_not(struct str bytes, enum err rc)
{
	if (rc == ERR_TOOBIG)
		return _("berkas .xlsx terlalu besar");
	return is_opendocument(bytes)
		       ? _("ini berkas OpenDocument (.ods): simpan dulu "
			   "sebagai .xlsx atau .csv")
		       : _("bukan berkas .xlsx yang utuh");
}

enum err xlsx_read(struct str bytes, const struct workbook_to *to,
		   struct report *rep)
{
	struct workbook *w = calloc(1, sizeof(*w));
	size_t errors = rep->errors;
	enum err rc;

	if (!w)
		return ERR_NOMEM;
	w->to = to;
	w->rep = rep;
	w->values.arena = &w->arena;
	rc = read_all(w, bytes);
	if (rc && rep->errors == errors)
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 }, "%s",
			   why_not(bytes, rc));
	tree_free(w->index);
	tree_free(w->relations);
	vec_release(&w->values.strings);
	arena_release(&w->arena);
	free(w);
	return rc;
}
