/* SPDX-License-Identifier: MIT */
#include "survey.h"

#include "pilar/i18n.h"

#include "lex.h"

struct str survey_at(struct survey *s, const struct element *e,
		     const char *column)
{
	return at_cell(s->cv, SURVEY, e->at, column);
}

static void settle(struct conv *cv, struct element *e)
{
	struct attr *lists[] = { e->media, e->bind };

	lingual_settle(cv, &e->label);
	lingual_settle(cv, &e->hint);
	lingual_settle(cv, &e->guidance);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (struct attr *a = lists[i]; a; a = a->next)
			lingual_settle(cv, &a->value);
}

static bool row_load(struct survey *s, const struct row *from,
		     struct survey_row *to)
{
	struct element *e =
		element_new(s->cv, KIND_QUESTION, (struct str){ 0 });

	*to = (struct survey_row){ .e = e };
	if (!e)
		return false;
	e->at = from->at;
	e->number = from->number;
	row_store(s->cv, s->sheet, s->columns, from,
		  (const struct slot[N_FIELDS]){
			  [FIELD_TYPE] = { .text = &to->type },
			  [FIELD_NAME] = { .text = &e->name },
			  [FIELD_LABEL] = { .lingual = &e->label },
			  [FIELD_HINT] = { .lingual = &e->hint },
			  [FIELD_GUIDANCE] = { .lingual = &e->guidance },
			  [FIELD_MEDIA] = { .attrs = &e->media },
			  [FIELD_BIND] = { .attrs = &e->bind },
			  [FIELD_CONTROL] = { .attrs = &e->control },
			  [FIELD_INSTANCE] = { .attrs = &e->instance },
			  [FIELD_DEFAULT] = { .text = &e->value },
			  [FIELD_TRIGGER] = { .text = &to->triggers },
			  [FIELD_FILTER] = { .text = &e->choice_filter },
			  [FIELD_PARAMETERS] = { .text = &to->parameters },
			  [FIELD_DISABLED] = { .text = &to->disabled },
		  });
	e->type_text = to->type;
	settle(s->cv, e);
	return !s->cv->failed;
}

/* "set form title" and the like: a setting in the survey sheet. */
static bool setting_row(struct survey *s, const struct survey_row *row)
{
	static const struct {
		const char *names, *key;
	} rows[] = {
		{ "form_title|set form title", "title" },
		{ "form_id|set form id", "id" },
		{ "public_key", "public_key" },
		{ "submission_url", "submission_url" },
		{ "auto_send", "auto_send" },
		{ "auto_delete", "auto_delete" },
		{ "prefix", "prefix" },
		{ "delimiter", "delimiter" },
		{ "sms_keyword|sms_separator|sms_allow_media|"
		  "sms_date_format|sms_datetime_format|sms_response",
		  "sms" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!one_of(rows[i].names, row->type))
			continue;
		attr_set(s->cv, &s->cv->settings, rows[i].key, row->e->name);
		return true;
	}
	return false;
}

/* A row without type is a remark, unless it looks like a question. */
static void typeless_row(struct survey *s, const struct survey_row *row)
{
	if (row->e->name.n || row->e->label)
		FAIL(s->cv, survey_at(s, row->e, "type"),
		     _("pertanyaan tanpa jenis (type)"));
	else
		WARN(s->cv, survey_at(s, row->e, ""),
		     _("baris tanpa type, name dan label dilewati"));
}

static void survey_line(struct survey *s, const struct row *from)
{
	struct survey_row row;
	enum section section;
	struct str list;

	if (!from->n || !row_load(s, from, &row))
		return;
	if (row.disabled.n)
		WARN(s->cv, survey_at(s, row.e, "disabled"),
		     _("kolom disabled tidak dianjurkan; pakailah relevant"));
	if (yes_no(row.disabled) == 1 || setting_row(s, &row))
		return;
	if (!row.type.n)
		typeless_row(s, &row);
	else if (end_parse(row.type, &section))
		section_end(s, &row, section);
	else if (!row_named(s, &row))
		return;
	else if (begin_parse(row.type, &section, &list))
		section_begin(s, &row, section, list);
	else
		question_row(s, &row);
}

/* instanceID and instanceName, behind the metadata the rows asked for. */
static void meta_finish(struct conv *cv)
{
	struct str id = setting(cv, "instance_id");
	struct str name = setting(cv, "instance_name");
	struct element *e;

	if (yes_no(setting(cv, "omit_instanceid")) != 1) {
		e = element_new(cv, KIND_QUESTION, STR("instanceID"));
		if (!e)
			return;
		e->type = type_find(STR("calculate"));
		attr_set(cv, &e->bind, "readonly", STR("true()"));
		attr_set(cv, &e->bind, "jr:preload", id.n ? id : STR("uid"));
		element_append(cv->meta, e);
	} else if (setting(cv, "public_key").n) {
		FAIL(cv,
		     at_cell(cv, "settings", cv->settings_at,
			     "omit_instanceID"),
		     _("instanceID diperlukan untuk enkripsi"));
	}
	if (!name.n)
		return;
	e = element_new(cv, KIND_QUESTION, STR("instanceName"));
	if (!e)
		return;
	e->type = type_find(STR("calculate"));
	attr_set(cv, &e->bind, "calculate", name);
	element_append(cv->meta, e);
}

static bool survey_open(struct conv *cv, struct survey *s)
{
	struct str name = setting(cv, "name");

	*s = (struct survey){ .cv = cv,
			      .sheet = book_sheet(&cv->book, SURVEY) };
	if (!s->sheet || !s->sheet->headers) {
		FAIL(cv, (struct str){ 0 }, _("tidak ada lembar survey"));
		return false;
	}
	s->columns = columns_read(cv, s->sheet, OF_SURVEY, FIELD_IGNORED);
	if (!s->columns)
		return false;
	if (!columns_have(s->columns, s->sheet, FIELD_TYPE)) {
		FAIL(cv, at_row(cv, SURVEY, s->sheet->at),
		     _("harus ada kolom type"));
		return false;
	}
	if (name.n && !lex_is_name(name))
		FAIL(cv, at_cell(cv, "settings", cv->settings_at, "name"),
		     _("nama akar formulir tidak sah"));
	cv->root = element_new(cv, KIND_GROUP, name.n ? name : STR("data"));
	cv->meta = element_new(cv, KIND_META, STR("meta"));
	s->open = cv->root;
	return cv->root && cv->meta;
}

/*
 * The setting "flat": groups are seen but not in the instance, and what they
 * depend on is passed on to the questions in them.
 */
static void flatten(struct conv *cv, struct element *parent, struct str upper)
{
	for (struct element *e = parent->first; e; e = e->next) {
		struct str own = attr_text(e->bind, "relevant"), both = upper;

		if (!upper.n)
			both = own;
		else if (own.n)
			both = conv_printf(cv, "%.*s and (%.*s)",
					   STR_ARG(upper), STR_ARG(own));
		if (e->kind == KIND_GROUP && e->first) {
			e->flat = true;
			flatten(cv, e, both);
		} else if (both.n) {
			attr_set(cv, &e->bind, "relevant", both);
		}
	}
}

void survey_read(struct conv *cv)
{
	struct survey s;

	if (!survey_open(cv, &s))
		return;
	for (size_t i = 0; i < s.sheet->rows.n && !cv->failed; i++)
		survey_line(&s, &s.sheet->rows.at[i]);
	for (; s.open != cv->root; s.open = s.open->parent)
		FAIL(cv, survey_at(&s, s.open, "type"),
		     _("begin ini tidak ditutup dengan end"));
	if (cv->failed)
		return;
	loops_expand(cv);
	if (setting(cv, "flat").n)
		flatten(cv, cv->root, (struct str){ 0 });
	meta_finish(cv);
	element_append(cv->root, cv->meta);
}
