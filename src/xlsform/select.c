/* SPDX-License-Identifier: MIT */
/* Questions that choose from a list, a file or the answers of a repeat. */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"

#include "lex.h"

struct str file_extension(struct str name)
{
	size_t dot = name.n;

	while (dot && name.p[dot - 1] != '.' && name.p[dot - 1] != '/')
		dot--;
	if (dot < 2 || name.p[dot - 1] != '.')
		return (struct str){ 0 };
	return str_sub(name, dot - 1, name.n);
}

bool file_known(struct str name)
{
	return one_of(".csv|.xml|.geojson", file_extension(name));
}

static bool list_find(struct survey *s, struct element *e,
		      const struct select *select)
{
	e->itemset = select->list;
	if (select->from_file && !file_known(select->list)) {
		FAIL(s->cv, survey_at(s, e, "type"),
		     _("nama berkas \"%.*s\" harus berakhiran .csv, .xml atau "
		       ".geojson"),
		     STR_ARG(quoted(select->list)));
		return false;
	}
	e->list = list_by_name(&s->cv->choices, select->list);
	if (e->list || file_known(select->list) || ref_any(select->list))
		return true;
	FAIL(s->cv, survey_at(s, e, "type"),
	     _("daftar \"%.*s\" tidak ada di lembar choices"),
	     STR_ARG(quoted(select->list)));
	return false;
}

/* select_one_external chooses from the sheet external_choices. */
static bool external_find(struct survey *s, struct element *e,
			  const struct select *select)
{
	e->itemset = select->list;
	if (!e->choice_filter.n)
		WARN(s->cv, survey_at(s, e, "choice_filter"),
		     _("select_one_external dimaksudkan dengan saringan"));
	if (map_get(&s->cv->external_by_name, select->list))
		return true;
	FAIL(s->cv, survey_at(s, e, "type"),
	     _("daftar \"%.*s\" tidak ada di lembar external_choices"),
	     STR_ARG(quoted(select->list)));
	return false;
}

static bool names_without_blanks(struct survey *s, const struct element *e)
{
	const struct choice *c = e->list ? e->list->blank : NULL;

	if (!c || strcmp(e->type->tag, "select") != 0)
		return true;
	FAIL(s->cv, at_cell(s->cv, "choices", c->at, "name"),
	     _("nama pilihan untuk jawaban ganda tidak boleh memuat spasi: "
	       "\"%.*s\""),
	     STR_ARG(quoted(c->name)));
	return false;
}

static bool is_number(struct str s)
{
	char text[64];
	char *end;

	if (!s.n || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	strtod(text, &end);
	return !*end;
}

static void randomize_check(struct survey *s, const struct element *e)
{
	struct str randomize = attr_text(e->params, "randomize");
	struct str seed = attr_text(e->params, "seed");
	struct ref ref;

	if (randomize.n && yes_no(randomize) < 0)
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("randomize harus true atau false"));
	if (seed.n && !randomize.n)
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("seed memerlukan randomize=true"));
	if (seed.n && !ref_only(seed, &ref) && !is_number(seed))
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("seed harus angka atau ${nama_pertanyaan}"));
}

static void reference_check(struct survey *s, const struct element *e,
			    const char *key)
{
	struct attr *a = attr_find(e->params, key);

	if (a && !lex_is_name(attr_text(e->params, key)))
		FAIL(s->cv, survey_at(s, e, "parameters"),
		     _("%s harus nama kolom yang sah"), key);
}

static void parameters_check(struct survey *s, const struct element *e,
			     const struct select *select)
{
	if (!parameters_only(s, e,
			     select->from_file ? "randomize|seed|value|label"
					       : "randomize|seed"))
		return;
	randomize_check(s, e);
	reference_check(s, e, "value");
	reference_check(s, e, "label");
}

/* The choice "other" is added to the list once. */
static void other_choice(struct conv *cv, struct list *list)
{
	struct choice *other;

	if (list->other)
		return;
	other = conv_alloc(cv, sizeof(*other));
	if (!other)
		return;
	other->name = STR("other");
	for (struct choice *c = list->first; c; c = c->next)
		for (struct lingual *l = c->label; l; l = l->next)
			if (l->lang.n)
				lingual_add(cv, &other->label, l->lang,
					    STR("Other"));
	if (!other->label)
		lingual_add(cv, &other->label, (struct str){ 0 }, STR("Other"));
	list_append(list, other);
}

static void other_question(struct survey *s, const struct element *e)
{
	struct conv *cv = s->cv;
	struct element *q;

	q = element_new(cv, KIND_QUESTION,
			conv_printf(cv, "%.*s_other", STR_ARG(e->name)));
	if (!q)
		return;
	q->type = type_find(STR("text"));
	q->at = e->at;
	lingual_add(cv, &q->label, (struct str){ 0 }, STR("Specify other."));
	attr_set(cv, &q->bind, "relevant",
		 conv_printf(cv, "selected(../%.*s, 'other')",
			     STR_ARG(e->name)));
	element_append(s->open, q);
}

static bool other_allowed(struct survey *s, const struct element *e)
{
	if (e->choice_filter.n) {
		FAIL(s->cv, survey_at(s, e, "choice_filter"),
		     _("or_other tidak bisa bersama saringan pilihan"));
		return false;
	}
	if (e->list)
		return true;
	FAIL(s->cv, survey_at(s, e, "type"),
	     _("or_other memerlukan daftar di lembar choices"));
	return false;
}

/* The row of labels above the columns of a table. */
static void table_head(struct survey *s, const struct element *e)
{
	struct conv *cv = s->cv;
	struct element *head;

	if (e->choice_filter.n)
		FAIL(cv, survey_at(s, e, "choice_filter"),
		     _("table-list tidak bisa bersama saringan pilihan"));
	head = element_new(cv, KIND_QUESTION,
			   conv_printf(cv,
				       "reserved_name_for_field_list_labels_%u",
				       (unsigned)e->number));
	if (!head)
		return;
	head->type = e->type;
	head->at = e->at;
	head->itemset = e->itemset;
	head->list = e->list;
	attr_set(cv, &head->control, "appearance", STR("label"));
	element_append(s->open, head);
}

static void table_row(struct survey *s, struct element *e)
{
	if (!s->table_list.n) {
		s->table_list = e->itemset;
		table_head(s, e);
	} else if (!str_eq(s->table_list, e->itemset)) {
		FAIL(s->cv, survey_at(s, e, "type"),
		     _("semua pertanyaan dalam table-list harus memakai "
		       "daftar %.*s"),
		     STR_ARG(quoted(s->table_list)));
	}
	attr_set(s->cv, &e->control, "appearance", STR("list-nolabel"));
}

void select_row(struct survey *s, struct survey_row *row,
		const struct select *select)
{
	struct element *e = row->e;
	bool external = select->type->rule == RULE_SELECT_EXTERNAL, found;

	e->type = select->type;
	e->dynamic = e->value.n && lex_dynamic(e->value, false);
	found = external ? external_find(s, e, select)
			 : list_find(s, e, select);
	if (!found || !names_without_blanks(s, e))
		return;
	if (select->other && !other_allowed(s, e))
		return;
	parameters_check(s, e, select);
	if (select->other)
		other_choice(s->cv, e->list);
	if (s->table)
		table_row(s, e);
	element_append(s->open, e);
	if (select->other)
		other_question(s, e);
}
