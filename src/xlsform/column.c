/* SPDX-License-Identifier: MIT */
#include "column.h"

#include "pilar/i18n.h"
#include "pilar/workbook.h"

/*
 * A row of a sheet's table of columns: spellings, what it is, and the key under
 * which the value is kept (NULL: the header's next part).
 */
struct column_kind {
	const char *names;
	enum field field;
	const char *key;
};

/* Spellings are in snake case: "Constraint Message" is constraint_message. */
static const struct column_kind survey_columns[] = {
	{ "type|command", FIELD_TYPE, "" },
	{ "name|tag|value", FIELD_NAME, "" },
	{ "label|caption", FIELD_LABEL, "" },
	{ "hint", FIELD_HINT, "" },
	{ "guidance_hint", FIELD_GUIDANCE, "" },
	{ "appearance", FIELD_CONTROL, "appearance" },
	{ "required", FIELD_BIND, "required" },
	{ "required_message|requiredmsg", FIELD_BIND, "jr:requiredMsg" },
	{ "constraint", FIELD_BIND, "constraint" },
	{ "constraint_message|constraining_message|constraintmsg", FIELD_BIND,
	  "jr:constraintMsg" },
	{ "relevant|relevance", FIELD_BIND, "relevant" },
	{ "read_only|readonly", FIELD_BIND, "readonly" },
	{ "calculation|calculate", FIELD_BIND, "calculate" },
	{ "default", FIELD_DEFAULT, "" },
	{ "trigger", FIELD_TRIGGER, "" },
	{ "choice_filter", FIELD_FILTER, "" },
	{ "repeat_count|count|jr:count", FIELD_CONTROL, "jr:count" },
	{ "parameters", FIELD_PARAMETERS, "" },
	{ "image", FIELD_MEDIA, "image" },
	{ "big-image", FIELD_MEDIA, "big-image" },
	{ "audio", FIELD_MEDIA, "audio" },
	{ "video", FIELD_MEDIA, "video" },
	{ "media", FIELD_MEDIA, NULL },
	{ "autoplay", FIELD_CONTROL, "autoplay" },
	{ "rows", FIELD_CONTROL, "rows" },
	{ "intent", FIELD_CONTROL, "intent" },
	{ "save_to", FIELD_BIND, "entities:saveto" },
	{ "noapperrorstring|no_app_error_string", FIELD_BIND,
	  "jr:noAppErrorString" },
	{ "compact_tag", FIELD_INSTANCE, "odk:tag" },
	{ "disabled", FIELD_DISABLED, "" },
	{ "bind", FIELD_BIND, NULL },
	{ "body|control", FIELD_CONTROL, NULL },
	{ "instance", FIELD_INSTANCE, NULL },
	{ NULL, FIELD_IGNORED, NULL },
};

static const struct column_kind choices_columns[] = {
	{ "list_name", FIELD_LIST, "" },
	{ "name|value", FIELD_NAME, "" },
	{ "label|caption", FIELD_LABEL, "" },
	{ "image", FIELD_MEDIA, "image" },
	{ "big-image", FIELD_MEDIA, "big-image" },
	{ "audio", FIELD_MEDIA, "audio" },
	{ "video", FIELD_MEDIA, "video" },
	{ "media", FIELD_MEDIA, NULL },
	{ NULL, FIELD_IGNORED, NULL },
};

static const struct column_kind settings_columns[] = {
	{ "form_title|title|set_form_title", FIELD_SETTING, "title" },
	{ "form_id|id_string|set_form_id", FIELD_SETTING, "id" },
	{ "version", FIELD_SETTING, "version" },
	{ "name", FIELD_SETTING, "name" },
	{ "instance_name", FIELD_SETTING, "instance_name" },
	{ "instance_id", FIELD_SETTING, "instance_id" },
	{ "default_language", FIELD_SETTING, "default_language" },
	{ "style", FIELD_SETTING, "style" },
	{ "public_key", FIELD_SETTING, "public_key" },
	{ "submission_url", FIELD_SETTING, "submission_url" },
	{ "auto_send", FIELD_SETTING, "auto_send" },
	{ "auto_delete", FIELD_SETTING, "auto_delete" },
	{ "client_editable", FIELD_SETTING, "client_editable" },
	{ "allow_choice_duplicates", FIELD_SETTING, "allow_choice_duplicates" },
	{ "clean_text_values", FIELD_SETTING, "clean_text_values" },
	{ "omit_instanceid", FIELD_SETTING, "omit_instanceid" },
	{ "instance_xmlns", FIELD_SETTING, "instance_xmlns" },
	{ "namespaces", FIELD_SETTING, "namespaces" },
	{ "prefix", FIELD_SETTING, "prefix" },
	{ "delimiter", FIELD_SETTING, "delimiter" },
	{ "add_none_option", FIELD_SETTING, "add_none_option" },
	{ "flat", FIELD_SETTING, "flat" },
	{ "attribute", FIELD_ATTRIBUTE, NULL },
	{ NULL, FIELD_IGNORED, NULL },
};

static const struct column_kind entities_columns[] = {
	{ "list_name|dataset", FIELD_LIST, "" },
	{ "label", FIELD_LABEL, "" },
	{ "entity_id", FIELD_ENTITY_ID, "" },
	{ "create_if", FIELD_CREATE_IF, "" },
	{ "update_if", FIELD_UPDATE_IF, "" },
	{ NULL, FIELD_IGNORED, NULL },
};

static const struct column_kind *const tables[] = {
	[OF_SURVEY] = survey_columns,
	[OF_CHOICES] = choices_columns,
	[OF_SETTINGS] = settings_columns,
	[OF_ENTITIES] = entities_columns,
};

/* What a header is made of: what, key, language; more is not understood. */
enum { MAX_PARTS = 4 };

struct parts {
	struct str at[MAX_PARTS];
	size_t n;
};

static bool has_double_colon(const struct sheet *s)
{
	for (uint32_t i = 0; i < s->n_headers; i++)
		if (str_find(s->headers[i], STR("::"), 0) != SIZE_MAX)
			return true;
	return false;
}

/* The end of the part that begins at `from`. With single colons the prefix of
 * a name like jr:count is no part of its own. */
static size_t part_end(struct str header, size_t from, struct str colons)
{
	size_t end = str_find(header, colons, from);

	if (end != SIZE_MAX && colons.n == 1 &&
	    str_is(str_sub(header, from, end), "jr"))
		end = str_find(header, colons, end + 1);
	return end == SIZE_MAX ? header.n : end;
}

static struct parts split_header(struct str header, bool double_colon)
{
	struct str colons = double_colon ? STR("::") : STR(":");
	struct parts parts = { 0 };
	size_t from = 0;

	while (from <= header.n && parts.n < MAX_PARTS) {
		size_t end = part_end(header, from, colons);

		parts.at[parts.n++] = str_trim(str_sub(header, from, end));
		from = end + colons.n;
	}
	return parts;
}

static struct str snake_case(struct conv *cv, struct str s)
{
	char *p = arena_cstr(&cv->arena, s);

	if (!p) {
		cv->failed = ERR_NOMEM;
		return (struct str){ 0 };
	}
	for (size_t i = 0; i < s.n; i++)
		if (p[i] == ' ')
			p[i] = '_';
		else if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return str_of(p, s.n);
}

static void column_set(struct conv *cv, struct column *c, struct str header,
		       const struct column_kind *table, enum field other,
		       bool double_colon)
{
	struct parts parts = split_header(header, double_colon);
	struct str first = snake_case(cv, parts.at[0]);
	size_t used = 1;

	while (table->names && !one_of(table->names, first))
		table++;
	c->header = arena_cstr(&cv->arena, header);
	if (!table->names) {
		c->field = other;
		c->key = header;
		return;
	}
	c->field = table->field;
	c->key = table->key ? str_from(table->key) : parts.at[used++];
	if (!table->key && !c->key.n)
		c->field = FIELD_IGNORED;
	if (used < MAX_PARTS)
		c->lang = parts.at[used];
}

static bool same_column(const struct column *a, const struct column *b)
{
	return a->field == b->field && str_eq(a->key, b->key) &&
	       str_eq(a->lang, b->lang);
}

/* Old sheets have both names of the form's id; the newer one counts. */
static void one_form_id(struct conv *cv, const struct sheet *s,
			struct column *columns)
{
	struct column *old = NULL;
	bool newer = false;

	for (uint32_t i = 0; i < s->n_headers; i++) {
		if (str_eq_nocase(s->headers[i], STR("id_string")))
			old = &columns[i];
		newer |= str_eq_nocase(s->headers[i], STR("form_id"));
	}
	if (!old || !newer)
		return;
	old->field = FIELD_IGNORED;
	WARN(cv, workbook_place(&cv->arena, s->name, s->at, STR("id_string")),
	     _("tidak dipakai karena ada kolom form_id"));
}

static bool columns_distinct(struct conv *cv, const struct sheet *s,
			     const struct column *columns)
{
	bool ok = true;

	for (uint32_t i = 0; i < s->n_headers; i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (columns[i].field == FIELD_IGNORED ||
			    !s->headers[i].n ||
			    !same_column(&columns[i], &columns[k]))
				continue;
			FAIL(cv,
			     workbook_place(&cv->arena, s->name, s->at,
					    s->headers[i]),
			     _("sama artinya dengan kolom %s"),
			     columns[k].header);
			ok = false;
		}
	}
	return ok;
}

struct column *columns_read(struct conv *cv, struct sheet *s,
			    enum columns_of of, enum field other)
{
	struct column *columns;
	bool double_colon = has_double_colon(s);

	columns = conv_alloc(cv, (s->n_headers + 1) * sizeof(*columns));
	if (!columns)
		return NULL;
	for (uint32_t i = 0; i < s->n_headers; i++) {
		column_set(cv, &columns[i], s->headers[i], tables[of], other,
			   double_colon);
		if (!columns[i].header) {
			cv->failed = ERR_NOMEM;
			return NULL;
		}
	}
	if (of == OF_SETTINGS)
		one_form_id(cv, s, columns);
	if (!columns_distinct(cv, s, columns))
		return NULL;
	s->columns = columns;
	return columns;
}

bool columns_have(const struct column *columns, const struct sheet *s,
		  enum field field)
{
	for (uint32_t i = 0; i < s->n_headers; i++)
		if (columns[i].field == field)
			return true;
	return false;
}

static void cell_store(struct conv *cv, const struct column *c, struct str text,
		       const struct slot *slots)
{
	const struct slot *slot = &slots[c->field];
	struct attr *a;

	if (slot->text)
		*slot->text = text;
	if (slot->lingual)
		lingual_add(cv, slot->lingual, c->lang, text);
	if (!slot->attrs)
		return;
	a = attr_at(cv, slot->attrs, c->key);
	if (!a)
		return;
	a->column = str_from(c->header);
	lingual_add(cv, &a->value, c->lang, text);
}

void row_store(struct conv *cv, const struct sheet *s,
	       const struct column *columns, const struct row *row,
	       const struct slot *slots)
{
	bool collapse = !cv->keep_blanks && str_is(s->name, "survey");

	for (uint32_t i = 0; i < row->n && !cv->failed; i++) {
		const struct cell *cell = &row->cells[i];

		if (cell->column >= s->n_headers || !s->headers[cell->column].n)
			WARN(cv,
			     workbook_place(&cv->arena, s->name, row->at,
					    (struct str){ 0 }),
			     _("isi \"%.*s\" berada di kolom tanpa judul dan "
			       "tidak dipakai"),
			     STR_ARG(quoted(cell->text)));
		else
			cell_store(cv, &columns[cell->column],
				   clean(cv, cell->text, collapse), slots);
	}
}
