/* SPDX-License-Identifier: MIT */
#include "ses.h"

/*
 * Instances are always built from the definition, slot by slot; another
 * document (a draft, a submission) only lends its values. So a node that was
 * left out because it was not relevant is there again, with the value it has
 * in the form.
 */

struct node *first_of(const struct node *parent, const struct session *s,
		      uint32_t slot)
{
	return parent->kids[s->form->shape.slots[slot].ordinal];
}

/* Instances of one repeat stand together. */
struct node *next_of(const struct node *n)
{
	struct node *k = n->next;

	return k && k->slot == n->slot && n->kind != NODE_ATTR ? k : NULL;
}

struct node *nth_of(const struct node *parent, const struct session *s,
		    uint32_t slot, size_t n)
{
	struct node *k = first_of(parent, s, slot);

	while (k && k->position < n)
		k = next_of(k);
	return k;
}

size_t count_of(const struct node *parent, const struct session *s,
		uint32_t slot)
{
	size_t n = 0;

	for (const struct node *k = first_of(parent, s, slot); k;
	     k = next_of(k))
		n++;
	return n;
}

/* The first child of that slot of a bound element of another document. */
static const struct node *kid_of(const struct form *f, const struct node *n,
				 uint32_t slot)
{
	return n && n->kids ? n->kids[f->shape.slots[slot].ordinal] : NULL;
}

static struct str value_of(const struct build *b, uint32_t slot,
			   const struct node *def, struct arena *a)
{
	struct str text;

	if (b->src)
		return node_value(b->src, a);
	if (b->clear || !def || !b->s->form->slots[slot].leaf)
		return STR("");
	text = node_value(def, a);
	/* Blanks between tags are how the form is laid out. */
	return str_trim(text).n ? text : STR("");
}

static enum err make(const struct build *b, uint32_t slot,
		     const struct node *def, struct node **out)
{
	struct session *s = b->s;
	struct str text = STR("");
	enum err rc = ERR_NONE;

	if (s->form->slots[slot].leaf) {
		text = value_of(b, slot, def, &s->scratch);
		rc = cast(s, slot, text, false, &s->scratch, &text);
	}
	if (!rc)
		rc = node_make(s, slot, text, out);
	arena_reset(&s->scratch);
	return rc;
}

static void link_kid(struct session *s, struct node *parent, struct node *k,
		     struct node *last)
{
	uint32_t ordinal = s->form->shape.slots[k->slot].ordinal;

	k->position = last ? last->position + 1 : 1;
	if (!last)
		parent->kids[ordinal] = k;
	node_append(parent, k);
}

static enum err build_attr(const struct build *b, uint32_t slot,
			   const struct node *def, struct node *parent)
{
	const struct form *f = b->s->form;
	struct build own = *b;
	struct node *n, **end = &parent->attrs;
	const struct node *from;
	enum err rc;

	own.src = kid_of(f, b->src, slot);
	own.clear = false; /* attributes say what a node is, also in a copy */
	from = kid_of(f, def, slot);
	rc = make(&own, slot, from ? from : f->slots[slot].blank, &n);
	if (rc)
		return rc;
	while (*end)
		end = &(*end)->next;
	*end = n;
	n->parent = parent;
	parent->kids[f->shape.slots[slot].ordinal] = n;
	return ERR_NONE;
}

/* ---- children */

struct kids {
	const struct build *b;
	struct node *parent;
	const struct node *def; /* of the parent */
};

static enum err kid_add(struct kids *k, uint32_t slot, const struct node *src,
			const struct node *def, struct node **last)
{
	struct build own = *k->b;
	struct node *n;
	enum err rc;

	own.src = src;
	/* A value that a given instance lacks is that of a new one. */
	if (k->b->src && k->b->s->form->slots[slot].clear)
		own.clear = true;
	rc = build_node(&own, slot, def, &n);
	if (rc)
		return rc;
	link_kid(k->b->s, k->parent, n, *last);
	*last = n;
	return ERR_NONE;
}

static enum err single_add(struct kids *k, uint32_t slot)
{
	const struct form *f = k->b->s->form;
	const struct node *def = kid_of(f, k->def, slot);
	struct node *last = NULL;

	if (!def)
		def = f->slots[slot].pattern;
	return kid_add(k, slot, kid_of(f, k->b->src, slot), def, &last);
}

/* How many instances a jr:noAddRemove repeat has: as in the form, or one. */
static size_t fixed_count(const struct kids *k, uint32_t slot)
{
	const struct item_def *item = k->b->s->form->slots[slot].repeat;
	size_t n = 0;

	if (!item || !item->fixed || item->count_text.n)
		return 0;
	for (const struct node *d = k->def ? k->def->first : NULL; d;
	     d = d->next)
		n += d->kind == NODE_ELEMENT && d->slot == slot &&
		     !is_template(d);
	return n ? n : 1;
}

static enum err fill_fixed(struct kids *k, uint32_t slot, size_t from,
			   struct node **last)
{
	const struct slot *def = &k->b->s->form->slots[slot];
	size_t want = fixed_count(k, slot);
	enum err rc = ERR_NONE;

	for (; from < want && !rc; from++)
		rc = kid_add(k, slot, NULL, def->pattern, last);
	return rc;
}

static enum err repeat_from_source(struct kids *k, uint32_t slot)
{
	const struct slot *def = &k->b->s->form->slots[slot];
	size_t fixed = fixed_count(k, slot), n = 0;
	struct node *last = NULL;
	enum err rc = ERR_NONE;

	for (const struct node *src = k->b->src->first; src && !rc;
	     src = src->next) {
		if (src->kind != NODE_ELEMENT || src->slot != slot)
			continue;
		if (fixed && n == fixed)
			break;
		if (n == FORM_MAX_REPEATS)
			return ERR_TOOBIG;
		rc = kid_add(k, slot, src, def->pattern, &last);
		n++;
	}
	return rc ? rc : fill_fixed(k, slot, n, &last);
}

static enum err repeat_from_form(struct kids *k, uint32_t slot)
{
	struct node *last = NULL;
	size_t n = 0;
	enum err rc = ERR_NONE;

	for (const struct node *d = k->def ? k->def->first : NULL; d && !rc;
	     d = d->next) {
		if (d->kind != NODE_ELEMENT || d->slot != slot ||
		    is_template(d))
			continue;
		rc = kid_add(k, slot, NULL, d, &last);
		n++;
	}
	return rc ? rc : fill_fixed(k, slot, n, &last);
}

static enum err kids_add(struct kids *k, uint32_t slot)
{
	const struct shape_slot *shape = &k->b->s->form->shape.slots[slot];

	if (shape->attribute)
		return build_attr(k->b, slot, k->def, k->parent);
	if (!shape->repeat)
		return single_add(k, slot);
	return k->b->src ? repeat_from_source(k, slot)
			 : repeat_from_form(k, slot);
}

enum err build_node(const struct build *b, uint32_t slot,
		    const struct node *def, struct node **out)
{
	const struct shape_slot *shape = &b->s->form->shape.slots[slot];
	struct kids k = { .b = b, .def = def };
	enum err rc;

	rc = make(b, slot, def, out);
	if (rc)
		return rc;
	k.parent = *out;
	for (uint32_t i = 0; i < shape->n_kids && !rc; i++)
		rc = kids_add(&k, shape->kids[i]);
	return rc;
}
