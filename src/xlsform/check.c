/* SPDX-License-Identifier: MIT */
/* What can only be said when all rows are read. */
#include "column.h"
#include "conv.h"
#include "lex.h"
#include "type.h"

#include "pilar/i18n.h"
#include "pilar/utf8.h"
#include "pilar/workbook.h"

#define SHEET "survey"

static struct str place(struct conv *cv, const struct element *e,
			const char *column)
{
	return at_cell(cv, SHEET, e->at, column);
}

void names_collect(struct conv *cv)
{
	for (struct element *e = cv->root->first; e && !cv->failed;
	     e = element_next(e, cv->root)) {
		bool twice;

		if (e->kind == KIND_META || e->kind == KIND_EXTERNAL)
			continue;
		twice = map_get(&cv->by_name, e->name) != NULL;
		if (map_put(&cv->by_name, e->name, twice ? &cv->twice : e))
			cv->failed = ERR_NOMEM;
	}
}

static void name_check(struct conv *cv, struct str at, struct str name)
{
	const struct element *e = element_by_name(cv, name);

	if (!e)
		FAIL(cv, at, _("tidak ada pertanyaan bernama \"%.*s\""),
		     STR_ARG(quoted(name)));
	else if (e == &cv->twice)
		FAIL(cv, at,
		     _("nama \"%.*s\" dipakai lebih dari sekali, jadi tidak "
		       "jelas yang mana"),
		     STR_ARG(quoted(name)));
}

/* Every ${..} of one cell. */
static void cell_refs(struct conv *cv, struct str at, struct str text)
{
	struct ref ref;
	size_t n = 0;

	for (size_t i = 0; ref_next(text, i, &ref); i = ref.to) {
		if (!ref.valid) {
			FAIL(cv, at, _("rujukan ditulis ${nama_pertanyaan}"));
			return;
		}
		if (++n > XLSFORM_MAX_REFS) {
			FAIL(cv, at, _("lebih dari %d rujukan dalam satu sel"),
			     XLSFORM_MAX_REFS);
			return;
		}
		name_check(cv, at, ref.name);
	}
}

static bool any_field(enum field field)
{
	return field != FIELD_IGNORED;
}

/* Types and names are checked on their own, triggers must be questions. */
static bool survey_field(enum field field)
{
	return field != FIELD_IGNORED && field != FIELD_TYPE &&
	       field != FIELD_NAME && field != FIELD_TRIGGER;
}

static bool choices_field(enum field field)
{
	return field == FIELD_LABEL || field == FIELD_MEDIA;
}

static const struct {
	const char *sheet;
	bool (*may_refer)(enum field field);
} referring[] = {
	{ "settings", any_field },
	{ "entities", any_field },
	{ "survey", survey_field },
	{ "choices", choices_field },
};

static void sheet_refs(struct conv *cv, const struct sheet *s,
		       bool (*may_refer)(enum field field))
{
	for (size_t i = 0; i < s->rows.n && !cv->failed; i++) {
		const struct row *row = &s->rows.at[i];

		for (uint32_t k = 0; k < row->n; k++) {
			const struct cell *c = &row->cells[k];

			if (c->column >= s->n_headers ||
			    !may_refer(s->columns[c->column].field) ||
			    str_find(c->text, STR("${"), 0) == SIZE_MAX)
				continue;
			cell_refs(cv,
				  workbook_place(&cv->arena, s->name, row->at,
						 s->headers[c->column]),
				  c->text);
		}
	}
}

static void refs_check(struct conv *cv)
{
	for (size_t i = 0; i < ARRAY_LEN(referring); i++) {
		const struct sheet *s =
			book_sheet(&cv->book, referring[i].sheet);

		if (s && s->columns)
			sheet_refs(cv, s, referring[i].may_refer);
	}
}

/* Names are unique in their section, and better differ in more than case. */
static void siblings_check(struct conv *cv, const struct element *parent)
{
	struct map exact = { 0 }, folded = { 0 };

	for (struct element *e = parent->first; e && !cv->failed; e = e->next) {
		struct str fold = utf8_fold(&cv->arena, e->name);

		if (e->kind == KIND_ATTRIBUTE || e->kind == KIND_META)
			continue;
		if (str_is(e->name, "meta"))
			FAIL(cv, place(cv, e, "name"),
			     _("nama meta dipakai untuk metadata"));
		if (map_get(&exact, e->name))
			FAIL(cv, place(cv, e, "name"),
			     _("nama \"%.*s\" sudah ada di kelompok ini"),
			     STR_ARG(quoted(e->name)));
		else if (map_get(&folded, fold))
			WARN(cv, place(cv, e, "name"),
			     _("nama \"%.*s\" hanya berbeda huruf besar-kecil "
			       "dari nama lain"),
			     STR_ARG(quoted(e->name)));
		if (map_put(&exact, e->name, e) || map_put(&folded, fold, e))
			cv->failed = ERR_NOMEM;
	}
	map_release(&exact);
	map_release(&folded);
}

static void repeats_check(struct conv *cv)
{
	struct map seen = { 0 };

	for (struct element *e = cv->root->first; e && !cv->failed;
	     e = element_next(e, cv->root)) {
		if (e->kind != KIND_REPEAT)
			continue;
		if (str_eq(e->name, cv->root->name))
			FAIL(cv, place(cv, e, "name"),
			     _("pengulangan tidak boleh bernama seperti akar "
			       "formulir"));
		if (map_get(&seen, e->name))
			FAIL(cv, place(cv, e, "name"),
			     _("pengulangan lain sudah bernama \"%.*s\""),
			     STR_ARG(quoted(e->name)));
		else if (map_put(&seen, e->name, e))
			cv->failed = ERR_NOMEM;
	}
	map_release(&seen);
}

static void trigger_note(struct conv *cv, struct str name,
			 const struct element *e)
{
	struct trigger_list *list = map_get(&cv->triggered, name);
	struct triggered *t = conv_alloc(cv, sizeof(*t));

	if (!t)
		return;
	t->e = e;
	if (!list) {
		list = conv_alloc(cv, sizeof(*list));
		if (!list || map_put(&cv->triggered, name, list)) {
			cv->failed = ERR_NOMEM;
			return;
		}
	}
	if (list->last)
		list->last->next = t;
	else
		list->first = t;
	list->last = t;
}

static void triggers_check(struct conv *cv, const struct element *e)
{
	for (const struct trigger *t = e->triggers; t; t = t->next) {
		const struct element *by = element_by_name(cv, t->name);
		struct str at = place(cv, e, "trigger");

		if (!by || by == &cv->twice || by->kind != KIND_QUESTION)
			FAIL(cv, at, _("tidak ada pertanyaan bernama \"%.*s\""),
			     STR_ARG(quoted(t->name)));
		else if (element_visible(by))
			trigger_note(cv, t->name, e);
		else if (by->type && !by->type->tag &&
			 by->type->rule != RULE_CALCULATE)
			WARN(cv, at,
			     _("\"%.*s\" tidak ditanyakan, jadi tidak pernah "
			       "memicu"),
			     STR_ARG(quoted(t->name)));
		else
			FAIL(cv, at,
			     _("\"%.*s\" tidak tampil, jadi tidak bisa menjadi "
			       "pemicu"),
			     STR_ARG(quoted(t->name)));
	}
}

static bool media_known(struct str kind)
{
	return one_of("image|big-image|audio|video", kind);
}

static void label_check(struct conv *cv, const struct element *e)
{
	bool head = str_is(attr_text(e->control, "appearance"), "label");
	bool hint = e->hint || (e->type && e->type->hint);

	for (const struct attr *m = e->media; m; m = m->next)
		if (!media_known(m->key))
			FAIL(cv, place(cv, e, "media"),
			     _("jenis media \"%.*s\" tidak dikenal"),
			     STR_ARG(quoted(m->key)));
	if (attr_find(e->media, "big-image") && !attr_find(e->media, "image"))
		FAIL(cv, place(cv, e, "big-image"),
		     _("big-image memerlukan image"));
	if (element_visible(e) && !e->label && !e->media && !hint && !head)
		FAIL(cv, place(cv, e, "label"),
		     _("pertanyaan \"%.*s\" tanpa label dan hint"),
		     STR_ARG(quoted(e->name)));
}

/* Attributes that the conversion writes itself. */
static bool attribute_taken(struct str key)
{
	return one_of("xmlns|nodeset|ref|query|jr:template", key);
}

static void attrs_check(struct conv *cv, const char *sheet, uint32_t at,
			const struct attr *list)
{
	for (const struct attr *a = list; a; a = a->next) {
		size_t colon = str_find(a->key, STR(":"), 0);
		struct str prefix = str_sub(a->key, 0, colon);

		if (lex_is_name(a->key) && !attribute_taken(a->key) &&
		    (colon == SIZE_MAX || prefix_known(cv, prefix)))
			continue;
		FAIL(cv,
		     workbook_place(&cv->arena, str_from(sheet), at, a->column),
		     _("\"%.*s\" tidak bisa menjadi nama atribut"),
		     STR_ARG(quoted(a->key)));
	}
}

/* Where a map's reference geometry may come from. */
static void geometry_check(struct conv *cv, const struct element *e)
{
	const struct instance *i;
	const struct element *repeat;
	struct ref ref;

	if (!e->itemset.n ||
	    (e->type->rule != RULE_GEOPOINT && e->type->rule != RULE_GEOLINE))
		return;
	if (ref_only(e->itemset, &ref)) {
		repeat = element_by_name(cv, ref.name);
		if (repeat && repeat->kind == KIND_REPEAT)
			return;
	}
	i = map_get(&cv->instance_by_id, e->itemset);
	if (i && (i->list || i->chosen))
		return;
	FAIL(cv, place(cv, e, "parameters"),
	     _("reference-geometry harus nama daftar, nama berkas yang dipakai "
	       "atau ${pengulangan}"));
}

/* search() in the appearance: Collect looks the choices up in a file. */
static bool searches(const struct element *e)
{
	struct str a = attr_text(e->control, "appearance");
	size_t at = str_find(a, STR("search("), 0);

	return at != SIZE_MAX && str_find(a, STR(")"), at) != SIZE_MAX;
}

static bool selects(const struct element *e)
{
	return e->type && e->type->rule == RULE_SELECT;
}

static void search_mark(struct conv *cv, const struct element *e)
{
	if (!selects(e) || !searches(e))
		return;
	if (e->list)
		e->list->search = true;
	else
		FAIL(cv, place(cv, e, "appearance"),
		     _("search() tidak bisa bersama pilihan dari berkas"));
}

static void search_check(struct conv *cv, const struct element *e)
{
	if (selects(e) && !searches(e) && e->list && e->list->search)
		FAIL(cv, place(cv, e, "type"),
		     _("daftar %.*s dipakai dengan dan tanpa search()"),
		     STR_ARG(quoted(e->list->name)));
}

static void prefix_check(struct conv *cv, const struct element *e)
{
	size_t colon = str_find(e->name, STR(":"), 0);

	if (colon != SIZE_MAX && !prefix_known(cv, str_sub(e->name, 0, colon)))
		FAIL(cv, place(cv, e, "name"),
		     _("awalan nama \"%.*s\" tidak dikenal"),
		     STR_ARG(quoted(e->name)));
}

static void element_check(struct conv *cv, const struct element *e)
{
	prefix_check(cv, e);
	siblings_check(cv, e);
	attrs_check(cv, SHEET, e->at, e->bind);
	attrs_check(cv, SHEET, e->at, e->control);
	attrs_check(cv, SHEET, e->at, e->instance);
	if (e->kind != KIND_QUESTION)
		return;
	triggers_check(cv, e);
	label_check(cv, e);
	if (e->type)
		geometry_check(cv, e);
	search_check(cv, e);
	cell_refs(cv, place(cv, e, "type"), e->itemset);
}

void check_all(struct conv *cv)
{
	struct element *root = cv->root;

	refs_check(cv);
	repeats_check(cv);
	attrs_check(cv, "settings", cv->settings_at, cv->root_attributes);
	for (struct element *e = root; e; e = element_next(e, root))
		search_mark(cv, e);
	instances_collect(cv);
	for (struct element *e = root; e && !cv->failed;
	     e = element_next(e, root))
		element_check(cv, e);
}
