/* SPDX-License-Identifier: MIT */
#include "def.h"

/* The form as it is printed: its texts where nothing has been answered. */

#define BLANK_TEXT_MAX ((size_t)1 << 20)

static struct str with_gaps(const struct pieces *p, struct str gap,
			    struct arena *a)
{
	struct buf b = BUF_INIT(BLANK_TEXT_MAX);

	for (size_t i = 0; i < p->n; i++)
		buf_addstr(&b, p->at[i].x ? gap : p->at[i].text);
	return str_trim(buf_give(&b, a));
}

static struct str wording_text(const struct wording *in, size_t language,
			       struct str gap, struct arena *a)
{
	const struct wording *w = &in[language];
	enum text_form form;

	if (!w->element)
		w = &in[0];
	form = w->form[FORM_PLAIN].n ? FORM_PLAIN : FORM_SHORT;
	return with_gaps(&w->form[form], gap, a);
}

static struct str blank_text(const struct text *t, size_t language,
			     struct str gap, struct arena *a)
{
	switch (t->kind) {
	case TEXT_PIECES:
		return with_gaps(&t->pieces, gap, a);
	case TEXT_ITEXT:
		return wording_text(t->in, language, gap, a);
	case TEXT_NAMED:
	case TEXT_VALUE:
		return gap;
	case TEXT_NONE:
		break;
	}
	return STR("");
}

struct str form_text(const struct form *f, const struct item *i,
		     enum item_text which, size_t language, struct str gap,
		     struct arena *a)
{
	const struct item_def *d = item_def(i);

	if (language >= f->n_languages)
		language = 0;
	return blank_text(which == ITEM_LABEL ? &d->label : &d->hint, language,
			  gap, a);
}

/* ---- choices */
static struct str cell_of(const struct node *row, struct str column,
			  struct arena *a)
{
	for (const struct node *k = row->first; k; k = k->next)
		if (k->kind == NODE_ELEMENT && str_eq(k->name->local, column))
			return node_value(k, a);
	return STR("");
}

static struct str row_label(const struct form *f, const struct itemset *set,
			    const struct node *row, size_t language,
			    struct arena *a)
{
	struct str text = cell_of(row, set->label.name, a);
	const struct itext *t =
		set->label.itext ? map_get(&f->itext, text) : NULL;

	return t ? wording_text(t->in, language, STR(""), a) : text;
}

static enum err rows_of(const struct form *f, const struct item_def *d,
			size_t language, struct arena *a,
			const struct choice **choices, size_t *n)
{
	const struct instance *in = map_get(&f->instance_ids, d->pub.external);
	const struct node *element =
		in && !in->src.n ? in->element->first : NULL;
	struct choice *out;
	size_t max = 0;

	while (element && element->kind != NODE_ELEMENT)
		element = element->next; /* the root of the rows */
	for (const struct node *k = element ? element->first : NULL; k;
	     k = k->next)
		max += k->kind == NODE_ELEMENT;
	out = arena_array(a, max ? max : 1, sizeof(*out));
	if (!out)
		return ERR_NOMEM;
	for (const struct node *k = element ? element->first : NULL; k;
	     k = k->next) {
		if (k->kind != NODE_ELEMENT)
			continue;
		out[*n].value = cell_of(k, d->itemset->value.name, a);
		out[(*n)++].label = row_label(f, d->itemset, k, language, a);
	}
	*choices = out;
	return ERR_NONE;
}

enum err form_choices(const struct form *f, const struct item *i,
		      size_t language, struct arena *a,
		      const struct choice **choices, size_t *n)
{
	const struct item_def *d = item_def(i);
	struct choice *out;

	*choices = NULL;
	*n = 0;
	if (language >= f->n_languages)
		language = 0;
	if (d->itemset)
		return rows_of(f, d, language, a, choices, n);
	out = arena_array(a, d->n_options ? d->n_options : 1, sizeof(*out));
	if (!out)
		return ERR_NOMEM;
	for (size_t k = 0; k < d->n_options; k++) {
		out[k].value = d->options[k].value;
		out[k].label =
			blank_text(&d->options[k].label, language, STR(""), a);
		if (!out[k].label.n)
			out[k].label = out[k].value;
	}
	*choices = out;
	*n = d->n_options;
	return ERR_NONE;
}

static bool is_code(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < '0' || value.p[i] > '9')
			return false;
	return value.n > 0 && value.n <= CHOICE_DIGITS;
}

bool choices_coded(const struct choice *choices, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_code(choices[i].value))
			return false;
	return true;
}

/* ---- conditions */
static const struct xpath *expression(const struct form *f, uint32_t slot,
				      enum vertex_kind kind)
{
	uint32_t v =
		slot < f->shape.n ? f->slots[slot].vertex[kind] : TREE_NO_SLOT;

	return v == TREE_NO_SLOT ? NULL : f->vertices[v].x;
}

const struct xpath *form_relevant(const struct form *f, uint32_t slot)
{
	return expression(f, slot, V_RELEVANT);
}

const struct xpath *form_formula(const struct form *f, uint32_t slot)
{
	return expression(f, slot, V_CALCULATE);
}

const struct xpath *form_constraint(const struct form *f, uint32_t slot)
{
	return slot < f->shape.n ? f->slots[slot].constraint : NULL;
}

bool form_required(const struct form *f, uint32_t slot)
{
	return expression(f, slot, V_REQUIRED) != NULL;
}

/* A note is read-only whatever is answered. */
static bool is_asked(const struct form *f, const struct item *i)
{
	const struct xpath *x = expression(f, i->slot, V_READONLY);

	return i->kind > ITEM_REPEAT && i->slot != ITEM_NO_SLOT &&
	       !(x && str_is(str_trim(xpath_text(x)), "true()"));
}

void items_number(struct form *f)
{
	uint32_t n = 0;

	for (struct item_def *i = item_next(f->root); i; i = item_next(i))
		if (is_asked(f, &i->pub))
			i->pub.number = ++n;
}
