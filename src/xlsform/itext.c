/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include <string.h>

#include "pilar/i18n.h"
#include "pilar/tree.h"
#include "pilar/workbook.h"

#include "lex.h"
#include "refs.h"

/* One text in one language and form ("", "guidance", "image", ..). */
struct form {
	struct form *next;
	const char *name;
	struct lingual *texts;
};

/* The id is that of a list's choice, or an element's path and `what`. */
struct itext {
	struct itext *next;
	struct str list, what;
	size_t index;
	const struct element *e;
	uint32_t at; /* row of the choice */
	struct form *forms;
};

/* Kinds of media: where their files are. */
static const struct {
	const char *form, *folder;
} media[] = {
	{ "image", "jr://images/" },
	{ "big-image", "jr://images/" },
	{ "audio", "jr://audio/" },
	{ "video", "jr://video/" },
};

static const char *media_folder(const char *form)
{
	for (size_t i = 0; i < ARRAY_LEN(media); i++)
		if (strcmp(media[i].form, form) == 0)
			return media[i].folder;
	return NULL;
}

bool itext_label(const struct element *e)
{
	return e->media || lingual_localised(e->label);
}

bool itext_hint(const struct element *e)
{
	return e->guidance || lingual_localised(e->hint);
}

bool itext_message(const struct attr *a)
{
	if (!str_is(a->key, "jr:constraintMsg") &&
	    !str_is(a->key, "jr:requiredMsg") &&
	    !str_is(a->key, "jr:noAppErrorString"))
		return false;
	if (lingual_localised(a->value))
		return true;
	return !str_is(a->key, "jr:noAppErrorString") && a->value &&
	       ref_any(a->value->text);
}

struct str itext_ref(struct conv *cv, const struct element *e, struct str what)
{
	struct buf b = BUF_INIT(SHEET_MAX_BYTES);
	struct str out;

	buf_adds(&b, "jr:itext('");
	element_path(&b, e);
	buf_addc(&b, ':');
	buf_addstr(&b, what);
	buf_adds(&b, "')");
	out = conv_dup(cv, buf_str(&b));
	if (b.failed)
		cv->failed = b.failed;
	buf_release(&b);
	return out;
}

static void language_seen(struct emit *em, struct str lang)
{
	struct str *more;

	for (size_t i = 0; i < em->n_languages; i++)
		if (str_eq(em->languages[i], lang))
			return;
	more = conv_alloc(em->cv, (em->n_languages + 1) * sizeof(*more));
	if (!more)
		return;
	if (em->n_languages)
		memcpy(more, em->languages, em->n_languages * sizeof(*more));
	more[em->n_languages++] = lang;
	em->languages = more;
}

/* Texts without a language are the default language's. */
static void form_add(struct emit *em, struct itext *text, const char *name,
		     const struct lingual *l)
{
	struct form **at = &text->forms;

	if (!l)
		return;
	while (*at)
		at = &(*at)->next;
	*at = conv_alloc(em->cv, sizeof(**at));
	if (!*at)
		return;
	(*at)->name = name;
	for (; l; l = l->next) {
		struct str lang =
			l->lang.n ? l->lang : em->cv->default_language;

		lingual_add(em->cv, &(*at)->texts, lang, l->text);
		language_seen(em, lang);
	}
}

static struct itext *itext_new(struct emit *em, struct itext ***end,
			       const struct element *e, struct str what)
{
	struct itext *text = conv_alloc(em->cv, sizeof(*text));

	if (!text)
		return NULL;
	text->e = e;
	text->what = what;
	**end = text;
	*end = &text->next;
	return text;
}

static void media_add(struct emit *em, struct itext *text, struct attr *list)
{
	for (size_t i = 0; i < ARRAY_LEN(media); i++) {
		const struct attr *a = attr_find(list, media[i].form);

		if (a)
			form_add(em, text, media[i].form, a->value);
	}
}

static void list_collect(struct emit *em, struct itext ***end,
			 const struct list *list)
{
	size_t n = 0;

	for (const struct choice *c = list->first; c && list->itext;
	     c = c->next) {
		struct itext *text =
			itext_new(em, end, NULL, (struct str){ 0 });

		if (!text)
			return;
		text->list = list->name;
		text->index = n++;
		text->at = c->at;
		form_add(em, text, "", c->label);
		media_add(em, text, c->media);
	}
}

static void element_collect(struct emit *em, struct itext ***end,
			    const struct element *e)
{
	struct itext *text;

	for (const struct attr *a = e->bind; a; a = a->next) {
		if (!itext_message(a))
			continue;
		text = itext_new(em, end, e, a->key);
		if (text)
			form_add(em, text, "", a->value);
	}
	if (itext_label(e)) {
		text = itext_new(em, end, e, STR("label"));
		if (!text)
			return;
		form_add(em, text, "", e->label);
		media_add(em, text, e->media);
	}
	if (!itext_hint(e))
		return;
	text = itext_new(em, end, e, STR("hint"));
	if (!text)
		return;
	form_add(em, text, "", e->hint);
	form_add(em, text, "guidance", e->guidance);
}

/* The column a text is written in. */
static struct str gap_place(struct conv *cv, const struct itext *t,
			    const struct form *f)
{
	static const struct {
		const char *what, *column;
	} messages[] = {
		{ "jr:constraintMsg", "constraint_message" },
		{ "jr:requiredMsg", "required_message" },
		{ "jr:noAppErrorString", "noAppErrorString" },
	};

	if (!t->e)
		return at_cell(cv, "choices", t->at, "label");
	if (f->name[0])
		return at_cell(cv, "survey", t->e->at, "guidance_hint");
	for (size_t i = 0; i < ARRAY_LEN(messages); i++)
		if (str_is(t->what, messages[i].what))
			return at_cell(cv, "survey", t->e->at,
				       messages[i].column);
	return workbook_place(&cv->arena, STR("survey"), t->e->at, t->what);
}

/* A language that lacks a text shows a dash: that is seldom meant. */
static void gaps_warn(struct emit *em, const struct itext *t,
		      const struct form *f)
{
	if (media_folder(f->name))
		return;
	for (size_t i = 0; i < em->n_languages; i++) {
		const struct lingual *l = f->texts;

		while (l && !str_eq(l->lang, em->languages[i]))
			l = l->next;
		if (!l)
			WARN(em->cv, gap_place(em->cv, t, f),
			     _("belum ada dalam bahasa \"%.*s\", akan tampil "
			       "sebagai \"-\""),
			     STR_ARG(quoted(em->languages[i])));
	}
}

/* Enough to say: the report keeps no more. */
static void gaps_find(struct emit *em)
{
	size_t looked = 0;

	for (const struct itext *t = em->itexts; t && looked < REPORT_MAX;
	     t = t->next) {
		size_t before = em->cv->rep->problems.n;

		for (const struct form *f = t->forms; f; f = f->next)
			gaps_warn(em, t, f);
		looked += em->cv->rep->problems.n - before;
	}
}

void itext_collect(struct emit *em)
{
	struct conv *cv = em->cv;
	struct itext **end = &em->itexts;

	for (const struct list *l = cv->choices.first; l && !cv->failed;
	     l = l->next)
		list_collect(em, &end, l);
	for (const struct element *e = cv->root; e && !cv->failed;
	     e = element_next(e, cv->root))
		if (e->kind != KIND_EXTERNAL)
			element_collect(em, &end, e);
	gaps_find(em);
}

/* A text that a language lacks is "-"; a file it lacks is left out. */
static void form_write(struct emit *em, const struct itext *text,
		       const struct form *form, struct str lang)
{
	const char *folder = media_folder(form->name);
	const struct lingual *l = form->texts;

	while (l && !str_eq(l->lang, lang))
		l = l->next;
	if (folder && (!l || str_is(l->text, "-")))
		return;
	xml_open(&em->x, "value");
	if (form->name[0])
		xml_attr(&em->x, "form", str_from(form->name));
	if (folder)
		buf_adds(xml_raw(&em->x), folder);
	refs_label(em->cv, xml_raw(&em->x), l ? l->text : STR("-"),
		   folder ? NULL : text->e);
	xml_close(&em->x, "value");
}

static void id_write(struct emit *em, const struct itext *text)
{
	buf_adds(em->x.b, " id=\"");
	if (text->e) {
		element_path(em->x.b, text->e);
		buf_addc(em->x.b, ':');
		xml_escape_attr(em->x.b, text->what);
	} else {
		xml_escape_attr(em->x.b, text->list);
		buf_addf(em->x.b, "-%zu", text->index);
	}
	buf_addc(em->x.b, '"');
}

static void translation_write(struct emit *em, struct str lang)
{
	struct conv *cv = em->cv;

	xml_open(&em->x, "translation");
	xml_attr(&em->x, "lang", lang);
	if (str_eq(lang, cv->default_language))
		xml_attr(&em->x, "default", STR("true()"));
	for (const struct itext *t = em->itexts; t && !em->x.b->failed;
	     t = t->next) {
		if (!t->forms)
			continue;
		xml_open(&em->x, "text");
		id_write(em, t);
		for (const struct form *f = t->forms; f; f = f->next)
			form_write(em, t, f, lang);
		xml_close(&em->x, "text");
	}
	xml_close(&em->x, "translation");
}

void itext_write(struct emit *em)
{
	if (!em->n_languages)
		return;
	xml_open(&em->x, "itext");
	for (size_t i = 0; i < em->n_languages; i++)
		translation_write(em, em->languages[i]);
	xml_close(&em->x, "itext");
}
