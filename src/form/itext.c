/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "def.h"

/*
 * The translations. A text without outputs is cut into pieces once; one with
 * outputs again for every slot that shows it, and once for no slot at all,
 * for ids that are only known when the form is filled.
 */

#define LANGUAGES_MAX 64

static enum err media_add(struct form *f, struct str src)
{
	struct str *grown;

	src = str_trim(src);
	if (!str_starts(src, STR("jr://")))
		return ERR_NONE;
	/* Powers of two, so that adding stays cheap. */
	if ((f->n_media & (f->n_media + 1)) == 0) {
		grown = arena_array(&f->arena, 2 * f->n_media + 2,
				    sizeof(*grown));
		if (!grown)
			return ERR_NOMEM;
		if (f->n_media)
			memcpy(grown, f->media, f->n_media * sizeof(*grown));
		f->media = grown;
	}
	f->media[f->n_media++] = src;
	return ERR_NONE;
}

static bool has_output(const struct node *n)
{
	for (const struct node *k = n->first; k; k = k->next)
		if (k->kind == NODE_ELEMENT &&
		    (str_is(k->name->local, "output") || has_output(k)))
			return true;
	return false;
}

static enum text_form form_of(const struct node *value)
{
	struct str form = part_attr(value, "form", NO_URI);

	if (!form.n)
		return FORM_PLAIN;
	if (str_is(form, "short"))
		return FORM_SHORT;
	if (str_is(form, "guidance"))
		return FORM_GUIDANCE;
	return TEXT_FORMS;
}

static struct itext *itext_entry(struct form *f, struct str id)
{
	struct itext *t = map_get(&f->itext, id);

	if (t)
		return t;
	f->n_texts += f->n_languages;
	if (f->n_texts > FORM_MAX_TEXTS) {
		def_error(f, f->name, _("lebih dari %d teks terjemahan"),
			  FORM_MAX_TEXTS);
		return NULL;
	}
	t = arena_alloc(&f->arena, sizeof(*t));
	if (!t)
		return NULL;
	t->id = id;
	t->in = arena_array(&f->arena, f->n_languages, sizeof(*t->in));
	if (!t->in || map_put(&f->itext, id, t))
		return NULL;
	return t;
}

static enum err text_parse(struct form *f, const struct node *n,
			   size_t language)
{
	struct itext *t = itext_entry(f, part_attr(n, "id", NO_URI));
	enum err rc = ERR_NONE;

	if (!t)
		return ERR_NOMEM;
	t->in[language].element = n;
	t->in[language].outputs = has_output(n);
	t->outputs = t->outputs || t->in[language].outputs;
	for (const struct node *v = part(n, "value"); v && !rc;
	     v = part_next(v, "value"))
		if (form_of(v) == TEXT_FORMS)
			rc = media_add(f, node_value(v, &f->scratch));
	return rc;
}

static bool is_default(const struct node *translation)
{
	return has_attr(translation, "default") &&
	       !str_starts(part_attr(translation, "default", NO_URI),
			   STR("false"));
}

/* The default language first, then in the order of the document. */
static enum err languages_parse(struct form *f, const struct node *itext,
				const struct node **order)
{
	const struct node *t = part(itext, "translation");
	const struct node *first = NULL;

	for (; t; t = part_next(t, "translation")) {
		if (f->n_languages == LANGUAGES_MAX) {
			def_error(f, f->name, _("lebih dari %d bahasa"),
				  LANGUAGES_MAX);
			return ERR_TOOBIG;
		}
		if (is_default(t) && !first) {
			first = t;
			memmove(order + 1, order,
				f->n_languages * sizeof(struct node *));
			order[0] = t;
			f->n_languages++;
		} else {
			order[f->n_languages++] = t;
		}
	}
	f->languages =
		arena_array(&f->arena, f->n_languages, sizeof(*f->languages));
	if (!f->languages)
		return ERR_NOMEM;
	for (size_t i = 0; i < f->n_languages; i++)
		f->languages[i] = part_attr(order[i], "lang", NO_URI);
	return ERR_NONE;
}

enum err itext_parse(struct form *f)
{
	const struct node *order[LANGUAGES_MAX] = { NULL };
	const struct node *itext = part(f->model, "itext");
	enum err rc;

	if (!itext)
		return ERR_NONE;
	rc = languages_parse(f, itext, order);
	for (size_t i = 0; i < f->n_languages && !rc; i++)
		for (const struct node *t = part(order[i], "text"); t && !rc;
		     t = part_next(t, "text"))
			rc = text_parse(f, t, i);
	return rc;
}

static enum err wording_bind(struct form *f, const struct node *text,
			     uint32_t slot, struct wording *out)
{
	enum err rc = ERR_NONE;

	out->element = text;
	for (const struct node *v = part(text, "value"); v && !rc;
	     v = part_next(v, "value")) {
		enum text_form form = form_of(v);

		if (form != TEXT_FORMS)
			rc = pieces_of(f, v, slot, &out->form[form]);
	}
	return rc;
}

enum err itext_for(struct form *f, const struct itext *t, uint32_t slot,
		   const struct wording **out)
{
	struct wording *in;
	enum err rc = ERR_NONE;

	*out = t->in;
	if (!t->outputs)
		return ERR_NONE;
	in = arena_array(&f->arena, f->n_languages, sizeof(*in));
	if (!in)
		return ERR_NOMEM;
	for (size_t i = 0; i < f->n_languages && !rc; i++) {
		in[i] = t->in[i];
		if (t->in[i].outputs)
			rc = wording_bind(f, t->in[i].element, slot, &in[i]);
	}
	*out = in;
	return rc;
}

enum err itext_bind(struct form *f)
{
	const struct node *itext = part(f->model, "itext");
	enum err rc = ERR_NONE;

	for (const struct node *l = part(itext, "translation"); l && !rc;
	     l = part_next(l, "translation"))
		for (const struct node *t = part(l, "text"); t && !rc;
		     t = part_next(t, "text")) {
			struct itext *e =
				map_get(&f->itext, part_attr(t, "id", NO_URI));

			for (size_t i = 0; e && i < f->n_languages && !rc; i++)
				if (e->in[i].element == t)
					rc = wording_bind(f, t, TREE_NO_SLOT,
							  &e->in[i]);
		}
	return rc;
}
