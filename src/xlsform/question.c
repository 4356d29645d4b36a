/* SPDX-License-Identifier: MIT */
/* The rows of the survey sheet that neither open nor close a section. */
#include "survey.h"

#include "pilar/i18n.h"

#include "lex.h"

bool row_named(struct survey *s, const struct survey_row *row)
{
	struct element *e = row->e;

	if (str_is(row->type, "audit")) {
		if (e->name.n && !str_is(e->name, "audit"))
			FAIL(s->cv, survey_at(s, e, "name"),
			     _("pertanyaan audit selalu bernama audit"));
		e->name = STR("audit");
	}
	if (!e->name.n && one_of("note|q note|add note prompt", row->type))
		e->name = conv_printf(s->cv, "generated_note_name_%u",
				      (unsigned)e->number);
	if (!e->name.n) {
		FAIL(s->cv, survey_at(s, e, "name"),
		     _("pertanyaan atau kelompok tanpa nama"));
		return false;
	}
	if (lex_is_name(e->name))
		return true;
	FAIL(s->cv, survey_at(s, e, "name"),
	     _("nama \"%.*s\" tidak sah: mulai dengan huruf atau garis bawah, "
	       "lalu huruf, angka, _, - atau ."),
	     STR_ARG(quoted(e->name)));
	return false;
}

static void trigger_add(struct survey *s, struct element *e, struct str name)
{
	struct trigger **at = &e->triggers;

	while (*at)
		at = &(*at)->next;
	*at = conv_alloc(s->cv, sizeof(**at));
	if (*at)
		(*at)->name = name;
}

/* `${a}, ${b}`: one reference between commas. */
static bool trigger_part(struct survey *s, struct element *e, struct str part)
{
	struct ref ref, more;

	if (!ref_next(part, 0, &ref))
		return true;
	if (!ref.valid)
		return false;
	trigger_add(s, e, ref.name);
	return !ref_next(part, ref.to, &more);
}

static void triggers_read(struct survey *s, struct survey_row *row)
{
	struct str rest = row->triggers, part;
	size_t refs = 0;

	if (!rest.n)
		return;
	if (str_find(rest, STR("${"), 0) == SIZE_MAX) {
		FAIL(s->cv, survey_at(s, row->e, "trigger"),
		     _("pemicu ditulis ${nama_pertanyaan}"));
		return;
	}
	while (str_split(&rest, ',', &part) && refs++ < XLSFORM_MAX_REFS) {
		if (trigger_part(s, row->e, part))
			continue;
		FAIL(s->cv, survey_at(s, row->e, "trigger"),
		     _("antara dua pemicu harus ada koma"));
		return;
	}
}

static void default_read(struct element *e)
{
	bool dashes = e->type && e->type->dashes;

	e->dynamic = e->value.n && lex_dynamic(e->value, dashes);
}

/* "osm building_tags" */
static bool osm_parse(struct survey *s, struct survey_row *row)
{
	struct str word = STR("osm ");

	if (!str_starts(row->type, word))
		return false;
	row->e->list = list_by_name(
		&s->cv->osm, str_trim(str_sub(row->type, word.n, row->type.n)));
	return true;
}

static bool type_known(struct survey *s, const struct survey_row *row)
{
	const struct qtype *type = row->e->type;

	if (type && type->rule != RULE_INCLUDE)
		return true;
	FAIL(s->cv, survey_at(s, row->e, "type"),
	     type ? _("bagian \"%.*s\" tidak disertakan")
		  : _("jenis pertanyaan \"%.*s\" tidak dikenal"),
	     STR_ARG(quoted(row->type)));
	return false;
}

static void calculate_check(struct survey *s, const struct element *e)
{
	if (!attr_text(e->bind, "calculate").n && !e->dynamic)
		FAIL(s->cv, survey_at(s, e, "calculation"),
		     _("rumus belum diisi"));
}

static void background_geopoint(struct survey *s, const struct survey_row *row)
{
	if (!row->triggers.n)
		FAIL(s->cv, survey_at(s, row->e, "trigger"),
		     _("background-geopoint memerlukan pemicu"));
	if (attr_text(row->e->bind, "calculate").n)
		FAIL(s->cv, survey_at(s, row->e, "calculation"),
		     _("background-geopoint tidak boleh punya rumus"));
}

void question_row(struct survey *s, struct survey_row *row)
{
	struct element *e = row->e;
	struct select select;

	triggers_read(s, row);
	if (!parameters_read(s, row))
		return;
	if (select_parse(row->type, &select)) {
		select_row(s, row, &select);
		return;
	}
	e->type = type_find(osm_parse(s, row) ? STR("osm") : row->type);
	if (!type_known(s, row))
		return;
	default_read(e);
	if (e->type->rule == RULE_CALCULATE)
		calculate_check(s, e);
	if (e->type->rule == RULE_BACKGROUND_GEOPOINT)
		background_geopoint(s, row);
	if (e->type->rule == RULE_EXTERNAL)
		e->kind = KIND_EXTERNAL;
	rules_apply(s, row);
	element_append(e->type->rule == RULE_AUDIT ? s->cv->meta : s->open, e);
}
