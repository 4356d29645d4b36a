/* SPDX-License-Identifier: MIT */
/* Groups, repeats and loops of the survey sheet. */
#include "survey.h"

#include "pilar/i18n.h"

#include "lex.h"

static const enum kind kinds[] = {
	[SECTION_GROUP] = KIND_GROUP,
	[SECTION_REPEAT] = KIND_REPEAT,
	[SECTION_LOOP] = KIND_LOOP,
};

/*
 * What repeats is counted by a node: a count that is more than one reference
 * gets a calculated node of its own in front of the repeat.
 */
static void count_node(struct survey *s, struct element *repeat)
{
	struct str count = attr_text(repeat->control, "jr:count"), name;
	struct element *e;
	struct ref ref;

	if (!count.n || ref_only(count, &ref))
		return;
	name = conv_printf(s->cv, "%.*s_count", STR_ARG(repeat->name));
	e = element_new(s->cv, KIND_QUESTION, name);
	if (!e)
		return;
	e->type = type_find(STR("calculate"));
	e->at = repeat->at;
	attr_set(s->cv, &e->bind, "readonly", STR("true()"));
	attr_set(s->cv, &e->bind, "calculate", count);
	element_append(s->open, e);
	attr_set(s->cv, &repeat->control, "jr:count",
		 conv_printf(s->cv, "${%.*s}", STR_ARG(name)));
}

/* The appearance without the word table-list; false: the word is not there. */
static bool table_appearance(struct survey *s, struct str appearance,
			     struct str *out)
{
	struct str rest = appearance, word;
	bool found = false;

	*out = STR("field-list");
	while (str_word(&rest, &word)) {
		if (str_is(word, "table-list"))
			found = true;
		else
			*out = conv_printf(s->cv, "%.*s %.*s", STR_ARG(*out),
					   STR_ARG(word));
	}
	return found;
}

/* The label of a table stands in a note of its own, above the columns. */
static void table_label(struct survey *s, struct element *group)
{
	struct element *note;

	if (!group->label && !group->hint)
		return;
	note = element_new(s->cv, KIND_QUESTION,
			   conv_printf(s->cv, "generated_table_list_label_%u",
				       (unsigned)group->number));
	if (!note)
		return;
	note->type = type_find(STR("note"));
	note->at = group->at;
	note->label = group->label;
	note->hint = group->hint;
	group->label = NULL;
	group->hint = NULL;
	element_append(group, note);
}

static void table_list(struct survey *s, struct element *group)
{
	struct str appearance = attr_text(group->control, "appearance");

	if (!table_appearance(s, appearance, &appearance))
		return;
	attr_set(s->cv, &group->control, "appearance", appearance);
	s->table = true;
	table_label(s, group);
}

static void label_check(struct survey *s, const struct element *e)
{
	struct str appearance = attr_text(e->control, "appearance");

	if (!e->label && !e->media && !attr_text(e->bind, "calculate").n &&
	    !(e->kind == KIND_GROUP && str_is(appearance, "field-list")))
		WARN(s->cv, survey_at(s, e, "label"),
		     _("kelompok atau pengulangan tanpa label"));
}

static bool loop_check(struct survey *s, struct element *e, struct str list)
{
	if (e->kind != KIND_LOOP)
		return true;
	e->list = list_by_name(&s->cv->choices, list);
	if (e->list)
		return true;
	FAIL(s->cv, survey_at(s, e, "type"),
	     _("daftar \"%.*s\" tidak ada di lembar choices"),
	     STR_ARG(quoted(list)));
	return false;
}

void section_begin(struct survey *s, struct survey_row *row,
		   enum section section, struct str list)
{
	struct element *e = row->e;
	struct str required = attr_text(e->bind, "required");

	e->kind = kinds[section];
	loop_check(s, e, list);
	if (required.n && yes_no(required) != 0)
		FAIL(s->cv, survey_at(s, e, "required"),
		     _("kelompok dan pengulangan tidak bisa wajib diisi"));
	if (++s->depth > XLSFORM_MAX_DEPTH) {
		FAIL(s->cv, survey_at(s, e, "type"),
		     _("kelompok bersarang lebih dari %d tingkat"),
		     XLSFORM_MAX_DEPTH);
		s->cv->failed = ERR_TOOBIG;
		return;
	}
	label_check(s, e);
	count_node(s, e);
	table_list(s, e);
	if (s->cv->failed)
		return;
	element_append(s->open, e);
	s->open = e;
}

void section_end(struct survey *s, const struct survey_row *row,
		 enum section section)
{
	if (s->open == s->cv->root || s->open->kind != kinds[section]) {
		FAIL(s->cv, survey_at(s, row->e, "type"),
		     _("\"%.*s\" tanpa begin yang cocok"),
		     STR_ARG(quoted(row->type)));
		return;
	}
	s->open = s->open->parent;
	s->depth--;
	s->table = false;
	s->table_list = (struct str){ 0 };
}

/* %(name)s and %(label)s of a loop's row are the choice's. */
static struct str substitute(struct conv *cv, struct str text, struct str name,
			     struct str label)
{
	struct str mark = STR("%(");
	struct buf b = BUF_INIT(SHEET_MAX_BYTES);
	struct str out;
	size_t at = 0, hit;

	if (str_find(text, mark, 0) == SIZE_MAX)
		return text;
	while ((hit = str_find(text, mark, at)) != SIZE_MAX) {
		struct str rest = str_sub(text, hit, text.n);

		buf_addstr(&b, str_sub(text, at, hit));
		if (str_starts(rest, STR("%(name)s")))
			buf_addstr(&b, name);
		else if (str_starts(rest, STR("%(label)s")))
			buf_addstr(&b, label);
		at = str_find(text, STR(")s"), hit);
		at = at == SIZE_MAX ? text.n : at + 2;
	}
	buf_addstr(&b, str_sub(text, at, text.n));
	out = conv_dup(cv, buf_str(&b));
	cv->copied += out.n;
	if (b.failed || cv->copied > SHEET_MAX_TEXT)
		cv->failed = ERR_TOOBIG;
	buf_release(&b);
	return out;
}

static struct str label_in(const struct choice *c, struct str lang)
{
	for (const struct lingual *l = c->label; l; l = l->next)
		if (str_eq(l->lang, lang))
			return l->text;
	return c->label ? c->label->text : (struct str){ 0 };
}

static struct lingual *lingual_for(struct conv *cv, const struct lingual *l,
				   const struct choice *c)
{
	struct lingual *out = NULL;

	for (; l; l = l->next)
		lingual_add(
			cv, &out, l->lang,
			substitute(cv, l->text, c->name, label_in(c, l->lang)));
	return out;
}

static struct attr *attrs_for(struct conv *cv, const struct attr *list,
			      const struct choice *c)
{
	struct attr *out = NULL;

	for (; list; list = list->next) {
		struct attr *a = attr_at(cv, &out, list->key);

		if (!a)
			return NULL;
		a->column = list->column;
		a->value = lingual_for(cv, list->value, c);
	}
	return out;
}

/* `c` NULL: below the loop's own rows nothing is put in. */
static struct element *copy_for(struct conv *cv, const struct element *from,
				const struct choice *c)
{
	struct element *e = element_new(cv, from->kind, from->name), *kid;

	if (!e)
		return NULL;
	*e = *from;
	e->parent = e->next = e->first = e->last = NULL;
	if (c) {
		struct str label = label_in(c, (struct str){ 0 });

		e->name = substitute(cv, from->name, c->name, label);
		e->value = substitute(cv, from->value, c->name, label);
		e->label = lingual_for(cv, from->label, c);
		e->hint = lingual_for(cv, from->hint, c);
		e->guidance = lingual_for(cv, from->guidance, c);
		e->bind = attrs_for(cv, from->bind, c);
		e->control = attrs_for(cv, from->control, c);
	}
	for (const struct element *k = from->first; k; k = k->next) {
		kid = copy_for(cv, k, NULL);
		if (!kid)
			return NULL;
		element_append(e, kid);
	}
	return e;
}

static void loop_expand(struct conv *cv, struct element *loop)
{
	struct element *rows = loop->first, *group, *kid;

	loop->kind = KIND_GROUP;
	loop->first = loop->last = NULL;
	if (!loop->list)
		return;
	for (struct choice *c = loop->list->first; c; c = c->next) {
		if (str_is(c->name, "none"))
			continue;
		group = element_new(cv, KIND_GROUP, c->name);
		if (!group)
			return;
		group->at = loop->at;
		group->label = c->label;
		group->media = c->media;
		element_append(loop, group);
		for (const struct element *r = rows; r; r = r->next) {
			kid = copy_for(cv, r, c);
			if (!kid || cv->failed)
				return;
			element_append(group, kid);
		}
	}
}

void loops_expand(struct conv *cv)
{
	struct element *e = cv->root;

	/* Outer loops first: the copies hold the inner ones. */
	for (; e && !cv->failed; e = element_next(e, cv->root))
		if (e->kind == KIND_LOOP)
			loop_expand(cv, e);
}
