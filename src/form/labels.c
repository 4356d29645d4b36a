/* SPDX-License-Identifier: MIT */
#include "ses.h"

/* Texts in the active language, with their outputs filled in. */

#define TEXT_MAX ((size_t)1 << 20)

static enum err pieces_eval(struct session *s, const struct pieces *p,
			    struct node *n, struct arena *a, struct str *out)
{
	struct buf b = BUF_INIT(TEXT_MAX);
	enum err rc = ERR_NONE;

	if (p->n == 1 && !p->at[0].x) {
		*out = str_trim(p->at[0].text);
		return ERR_NONE;
	}
	for (size_t i = 0; i < p->n && !rc; i++) {
		struct str text = p->at[i].text;

		if (p->at[i].x)
			rc = eval_text(s, p->at[i].x, n, a, &text);
		buf_addstr(&b, text);
	}
	*out = arena_dup(a, str_trim(buf_str(&b)));
	if (!rc)
		rc = out->p ? b.failed : ERR_NOMEM;
	buf_release(&b);
	return rc;
}

/* The active language; what it lacks is taken from the default one. */
static const struct pieces *wording_of(const struct session *s,
				       const struct wording *in,
				       enum text_form form)
{
	const struct wording *w = &in[s->language];

	if (!w->element)
		w = &in[0];
	if (form == FORM_PLAIN && !w->form[FORM_PLAIN].n)
		form = FORM_SHORT;
	return &w->form[form];
}

enum err itext_eval(struct session *s, struct str id, struct node *n,
		    enum text_form form, struct arena *a, struct str *out)
{
	const struct itext *t = map_get(&s->form->itext, id);

	*out = form == FORM_PLAIN ? id : STR("");
	if (!t || !s->form->n_languages)
		return ERR_NONE;
	return pieces_eval(s, wording_of(s, t->in, form), n, a, out);
}

static enum err named_eval(struct session *s, const struct text *t,
			   struct node *n, enum text_form form, struct arena *a,
			   struct str *out)
{
	struct str id;
	enum err rc;

	rc = eval_text(s, t->x, n, a, &id);
	return rc ? rc : itext_eval(s, id, n, form, a, out);
}

enum err text_eval(struct session *s, const struct text *t, struct node *n,
		   enum text_form form, struct arena *a, struct str *out)
{
	*out = STR("");
	switch (t->kind) {
	case TEXT_NONE:
		return ERR_NONE;
	case TEXT_PIECES:
		if (form == FORM_GUIDANCE)
			return ERR_NONE;
		return pieces_eval(s, &t->pieces, n, a, out);
	case TEXT_ITEXT:
		return pieces_eval(s, wording_of(s, t->in, form), n, a, out);
	case TEXT_NAMED:
		return t->x ? named_eval(s, t, n, form, a, out) : ERR_NONE;
	case TEXT_VALUE:
		if (!t->x || form == FORM_GUIDANCE)
			return ERR_NONE;
		return eval_text(s, t->x, n, a, out);
	}
	return ERR_NONE;
}

static const struct str nothing = { NULL, 0 };

/* For callers that only want the text: no text where it cannot be made. */
static struct str text_show(struct session *s, const struct text *t,
			    struct node *n, enum text_form form)
{
	struct str out;

	if (t->kind == TEXT_NONE || !n)
		return nothing;
	if (text_eval(s, t, n, form, &s->lent, &out))
		return nothing;
	return out;
}

static const struct item_def *def_of(const struct session *s, struct ref r)
{
	const struct item *i = session_item(s, r);

	return i ? item_def(i) : NULL;
}

struct str session_label(struct session *s, struct ref r)
{
	const struct item_def *i = def_of(s, r);

	return i ? text_show(s, &i->label, r.node, FORM_PLAIN) : nothing;
}

struct str session_hint(struct session *s, struct ref r)
{
	const struct item_def *i = def_of(s, r);

	return i ? text_show(s, &i->hint, r.node, FORM_PLAIN) : nothing;
}

struct str session_guidance(struct session *s, struct ref r)
{
	const struct item_def *i = def_of(s, r);
	struct str text =
		i ? text_show(s, &i->hint, r.node, FORM_GUIDANCE) : nothing;

	return text.n ? text : nothing;
}

struct str session_item_label(struct session *s, const struct item *i,
			      struct ref near)
{
	struct node *n = session_near(s, i, near).node;

	return text_show(s, &item_def(i)->label, n ? n : s->root, FORM_PLAIN);
}

struct str session_message(struct session *s, struct ref r)
{
	const struct slot *def;

	switch (session_verdict(s, r)) {
	case MISSING:
		def = &s->form->slots[r.node->slot];
		return text_show(s, &def->required_msg, r.node, FORM_PLAIN);
	case VIOLATED:
		def = &s->form->slots[r.node->slot];
		return text_show(s, &def->constraint_msg, r.node, FORM_PLAIN);
	case VALID:
		break;
	}
	return STR("");
}

/* "Ya, Tidak": the labels of what was chosen. */
static struct str chosen_labels(struct session *s, struct node *n,
				struct arena *a)
{
	struct str rest = seen_value(n), word = rest;
	struct buf b = BUF_INIT(TEXT_MAX);
	bool one = s->form->slots[n->slot].type == TYPE_SELECT1;

	while (one ? rest.n > 0 : str_word(&rest, &word)) {
		struct str label;

		if (one)
			rest = STR("");
		if (choice_label(s, n, word, a, &label) || !label.n)
			label = word;
		if (b.n)
			buf_adds(&b, ", ");
		buf_addstr(&b, label);
	}
	return buf_give(&b, a);
}

struct str session_display(struct session *s, struct ref r, struct arena *a)
{
	if (!r.node || !r.node->data)
		return STR("");
	if (cell(r.node)->choice && seen_value(r.node).n)
		return chosen_labels(s, r.node, a);
	return arena_dup(a, seen_value(r.node));
}

/* ---- languages */

struct str session_language(const struct session *s)
{
	return form_language(s->form, s->language);
}

static size_t language_index(const struct form *f, struct str lang)
{
	for (size_t i = 0; i < f->n_languages; i++)
		if (str_eq(f->languages[i], lang))
			return i;
	return SIZE_MAX;
}

/* "id" finds "Bahasa Indonesia (id)". */
static size_t language_by_code(const struct form *f, struct str code)
{
	for (size_t i = 0; i < f->n_languages; i++) {
		struct str name = f->languages[i];
		size_t open = str_find(name, STR("("), 0);

		if (open != SIZE_MAX && name.p[name.n - 1] == ')' &&
		    str_eq_nocase(str_sub(name, open + 1, name.n - 1), code))
			return i;
	}
	return SIZE_MAX;
}

enum err session_set_language(struct session *s, struct str lang)
{
	size_t i = language_index(s->form, lang);

	if (i == SIZE_MAX)
		i = language_by_code(s->form, lang);
	if (i == SIZE_MAX)
		return ERR_NOTFOUND;
	call_begin(s);
	s->language = i;
	s->env.lang = s->form->languages[i];
	return ERR_NONE;
}
