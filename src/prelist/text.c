/* SPDX-License-Identifier: MIT */
#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "prelist.h"

/* ---- a sheet as CSV, its rows on the lines of their numbers */
struct sheet_in {
	struct source *source;
	struct str wanted;
	struct arena *arena;
	size_t rows; /* written so far */
	bool found;
};

static enum err begin_sheet(void *arg, const struct workbook_sheet *s,
			    void **handle)
{
	struct sheet_in *in = arg;
	struct source *t = in->source;
	bool mine =
		in->wanted.n ? str_eq_nocase(s->name, in->wanted) : !s->hidden;

	if (s->hidden && !mine)
		return ERR_NONE;
	if (t->n_names < ARRAY_LEN(t->names))
		t->names[t->n_names++] = arena_dup(in->arena, s->name);
	if (mine && !in->found)
		*handle = &t->names[t->n_names - 1];
	return ERR_NONE;
}

static enum err add_row(void *arg, void *handle, uint32_t at,
			const struct str *cells, size_t n)
{
	struct sheet_in *in = arg;
	struct source *t = in->source;

	if (at > CSV_MAX_ROWS)
		return ERR_TOOBIG;
	if (!in->found)
		t->name = (size_t)((struct str *)handle - t->names);
	in->found = true;
	for (; in->rows + 1 < at; in->rows++)
		buf_addc(&t->text, '\n');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(&t->text, ',');
		csv_put(&t->text, cells[i]);
	}
	buf_addc(&t->text, '\n');
	in->rows++;
	return t->text.failed;
}

static enum err add_merged(void *arg, void *handle,
			   const struct workbook_merged *m)
{
	struct sheet_in *in = arg;

	(void)handle; /* the one sheet that is read */
	return merged_add(in->source, m);
}

static enum err read_workbook(struct source *t, struct str bytes,
			      enum workbook_kind kind, struct str sheet,
			      struct arena *a, struct report *rep)
{
	struct sheet_in in = { .source = t, .wanted = sheet, .arena = a };
	const struct workbook_to to = { &in, begin_sheet, add_row, add_merged };
	enum err rc = workbook_read(bytes, kind, &to, rep);

	t->sheet = true;
	if (rc && !rep->errors)
		report_add(rep, PROBLEM_ERROR, STR(""),
			   _("berkas terlalu besar (paling banyak 64 MB)"));
	merged_sort(t);
	if (rc || in.found)
		return rc;
	report_add(rep, PROBLEM_ERROR, sheet,
		   _("tidak ada lembar berisi dengan nama itu"));
	return ERR_NOTFOUND;
}

/* ---- text in whatever encoding */
static enum err read_text(struct source *t, struct str bytes,
			  struct report *rep)
{
	bool little = str_starts(bytes, STR("\xff\xfe"));
	bool big = str_starts(bytes, STR("\xfe\xff"));

	if (little || big) {
		utf8_add_utf16(&t->text, str_sub(bytes, 2, bytes.n), big);
		return t->text.failed;
	}
	if (!utf8_valid(bytes))
		report_add(rep, PROBLEM_WARNING, STR(""),
			   _("berkas bukan UTF-8; hurufnya dibaca sebagai "
			     "Windows-1252"));
	utf8_add_windows(&t->text, bytes);
	return t->text.failed;
}

static enum err read_bytes(struct source *t, struct str bytes, struct str sheet,
			   struct arena *a, struct report *rep)
{
	if (str_starts(bytes, STR("PK\x03\x04")))
		return read_workbook(t, bytes, WORKBOOK_XLSX, sheet, a, rep);
	if (str_starts(bytes, STR("\xd0\xcf\x11\xe0")))
		return read_workbook(t, bytes, WORKBOOK_XLS, sheet, a, rep);
	return read_text(t, bytes, rep);
}

enum err source_read(struct source *t, const struct prelist_file *file,
		     struct arena *a, struct report *rep)
{
	struct buf bytes = BUF_INIT(WORKBOOK_MAX_BYTES);
	enum err rc = file_read(file->path, &bytes);

	t->text = BUF_INIT(CSV_MAX_BYTES);
	if (rc)
		report_add(rep, PROBLEM_ERROR, STR(""), "%s",
			   rc == ERR_TOOBIG ? _("berkas terlalu besar (paling "
						"banyak 64 MB)")
					    : _("berkas tidak bisa dibaca"));
	else
		rc = read_bytes(t, buf_str(&bytes), file->sheet, a, rep);
	buf_release(&bytes);
	return rc;
}

void source_release(struct source *t)
{
	buf_release(&t->text);
	vec_release(&t->merged);
}
