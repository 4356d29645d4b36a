/* SPDX-License-Identifier: MIT */
#include "pilar/xlsform.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "emit.h"
#include "lex.h"
#include "origin.h"

enum err xlsform_format(const char *path, enum sheet_format *out)
{
	static const struct {
		const char *extensions;
		enum sheet_format format;
	} rows[] = {
		{ ".csv", SHEETS_CSV },
		{ ".md", SHEETS_MD },
		{ ".xlsx|.xlsm", SHEETS_XLSX },
		{ ".xls", SHEETS_XLS },
	};
	struct str extension = file_extension(str_from(path));

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!one_of(rows[i].extensions, extension))
			continue;
		*out = rows[i].format;
		return ERR_NONE;
	}
	return ERR_INVALID;
}

static const struct {
	const char *prefix, *uri;
} namespaces[] = {
	{ "xmlns", "http://www.w3.org/2002/xforms" },
	{ "xmlns:h", "http://www.w3.org/1999/xhtml" },
	{ "xmlns:ev", "http://www.w3.org/2001/xml-events" },
	{ "xmlns:xsd", "http://www.w3.org/2001/XMLSchema" },
	{ "xmlns:jr", "http://openrosa.org/javarosa" },
	{ "xmlns:orx", "http://openrosa.org/xforms" },
	{ "xmlns:odk", "http://www.opendatakit.org/xforms" },
};

/* prefix="uri" of the setting; the form's own stay what they are. */
static void namespace_write(struct emit *em, struct str word)
{
	size_t eq = str_find(word, STR("="), 0);
	struct str prefix = str_sub(word, 0, eq), uri;

	if (eq == SIZE_MAX || !lex_is_name(prefix) ||
	    one_of("h|ev|xsd|jr|orx|odk|entities|xml|xmlns", prefix))
		return;
	uri = str_sub(word, eq + 1, word.n);
	if (uri.n > 1 && (uri.p[0] == '"' || uri.p[0] == '\''))
		uri = str_sub(uri, 1, uri.n - 1);
	if (uri.n)
		xml_attr_str(&em->x,
			     conv_printf(em->cv, "xmlns:%.*s", STR_ARG(prefix)),
			     uri);
}

static void html_open(struct emit *em)
{
	struct str rest = setting(em->cv, "namespaces"), word;

	buf_adds(em->x.b, "<?xml version=\"1.0\"?>");
	xml_open(&em->x, "h:html");
	for (size_t i = 0; i < ARRAY_LEN(namespaces); i++)
		xml_attr(&em->x, namespaces[i].prefix,
			 str_from(namespaces[i].uri));
	if (em->cv->entities_version)
		xml_attr(&em->x, "xmlns:entities",
			 STR("http://www.opendatakit.org/xforms/entities"));
	while (str_word(&rest, &word))
		namespace_write(em, word);
}

static void write_form(struct conv *cv, struct buf *out)
{
	struct emit em = { .cv = cv, .x = { .b = out } };
	struct str title = setting(cv, "title"), id = setting(cv, "id");

	itext_collect(&em);
	html_open(&em);
	xml_open(&em.x, "h:head");
	xml_open(&em.x, "h:title");
	xml_text(&em.x, title.n ? title : id.n ? id : cv->name);
	xml_close(&em.x, "h:title");
	model_write(&em);
	xml_close(&em.x, "h:head");
	body_write(&em);
	xml_close(&em.x, "h:html");
	buf_addc(out, '\n');
	if (out->failed)
		cv->failed = out->failed;
}

static void read_model(struct conv *cv)
{
	settings_read(cv);
	choices_read(cv);
	entities_read(cv);
	survey_read(cv);
	if (cv->failed || !cv->root)
		return;
	names_collect(cv);
	entities_place(cv);
	if (!cv->failed)
		check_all(cv);
}

static void conv_release(struct conv *cv)
{
	struct map *maps[] = { &cv->choices.by_name,  &cv->osm.by_name,
			       &cv->external_by_name, &cv->by_name,
			       &cv->triggered,        &cv->instance_by_id };

	for (size_t i = 0; i < ARRAY_LEN(maps); i++)
		map_release(maps[i]);
	book_release(&cv->book);
	arena_release(&cv->arena);
}

static enum err outcome(const struct conv *cv)
{
	if (cv->failed == ERR_TOOBIG && !cv->rep->errors)
		report_add(cv->rep, PROBLEM_ERROR, (struct str){ 0 },
			   _("formulir terlalu besar"));
	if (cv->failed)
		return cv->failed;
	return cv->rep->errors ? ERR_INVALID : ERR_NONE;
}

static enum err convert(struct conv *cv, struct str bytes,
			enum sheet_format format, struct buf *xform)
{
	size_t before = cv->rep->errors;
	enum err rc;

	cv->book.arena = &cv->arena;
	rc = book_read(&cv->book, bytes, format, cv->rep);
	if (rc)
		return rc;
	read_model(cv);
	if (!cv->failed && cv->rep->errors == before)
		write_form(cv, xform);
	return outcome(cv);
}

enum err xlsform_convert(struct str bytes, enum sheet_format format,
			 struct str name, struct buf *xform, struct report *rep)
{
	struct conv cv = { .rep = rep, .name = name };
	enum err rc = convert(&cv, bytes, format, xform);

	conv_release(&cv);
	return rc;
}

struct xlsform_rows {
	struct conv cv;
	struct map by_path;
};

enum err xlsform_convert_rows(struct str bytes, enum sheet_format format,
			      struct str name, struct buf *xform,
			      struct report *rep, struct xlsform_rows **rows)
{
	struct xlsform_rows *r = calloc(1, sizeof(*r));
	enum err rc;

	if (!r)
		return ERR_NOMEM;
	r->cv.rep = rep;
	r->cv.name = name;
	rc = convert(&r->cv, bytes, format, xform);
	if (!rc)
		rc = paths_collect(&r->cv, &r->by_path);
	if (rc) {
		xlsform_rows_free(r);
		return rc;
	}
	*rows = r;
	return ERR_NONE;
}

void xlsform_locate(const struct xlsform_rows *rows, struct report *rep)
{
	vec_each (p, &rep->problems)
		p->place = path_origin(&rows->by_path, &rep->arena, p->place);
}

void xlsform_rows_free(struct xlsform_rows *rows)
{
	if (!rows)
		return;
	map_release(&rows->by_path);
	conv_release(&rows->cv);
	free(rows);
}
