/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/i18n.h"

#include "ses.h"

/*
 * Values live in memory of a few sizes that goes back to the session, so a
 * calculation that changes a thousand times does not grow it.
 */

#define VALUE_SMALLEST 16

static size_t size_bytes(uint8_t size)
{
	return (size_t)VALUE_SMALLEST << (size - 1);
}

/* The class + 1 that holds n bytes; VALUE_SIZES + 1: memory of its own. */
static uint8_t size_for(size_t n)
{
	uint8_t size = 1;

	while (size <= VALUE_SIZES && size_bytes(size) < n)
		size++;
	return size;
}

static char *take(struct session *s, uint8_t size, size_t n)
{
	char *p;

	if (size > VALUE_SIZES)
		return arena_alloc(&s->arena, n);
	p = s->free[size - 1];
	if (!p)
		return arena_alloc(&s->arena, size_bytes(size));
	memcpy(&s->free[size - 1], p, sizeof(char *));
	return p;
}

static void give_back(struct session *s, const struct held *h)
{
	if (h->size == 0 || h->size > VALUE_SIZES)
		return;
	memcpy(h->p, &s->free[h->size - 1], sizeof(char *));
	s->free[h->size - 1] = h->p;
}

/* `text` may lie in what is held now. */
static enum err hold(struct session *s, struct held *h, struct str text)
{
	struct held was = *h;

	if (text.n > UINT32_MAX)
		return ERR_TOOBIG;
	if (h->size == 0 || h->size > VALUE_SIZES ||
	    size_bytes(h->size) < text.n) {
		if (!text.n) {
			h->n = 0;
			return ERR_NONE;
		}
		h->size = size_for(text.n);
		h->p = take(s, h->size, text.n);
		if (!h->p) {
			*h = was;
			return ERR_NOMEM;
		}
	} else {
		was.size = 0;
	}
	if (text.n)
		memmove(h->p, text.p, text.n);
	h->n = (uint32_t)text.n;
	give_back(s, &was);
	return ERR_NONE;
}

static struct str held_str(const struct held *h)
{
	return h->n ? str_of(h->p, h->n) : STR("");
}

/* An empty leaf has no text node, as XPath wants it. */
static enum err text_place(struct session *s, struct node *n, struct str text)
{
	struct cell *c = cell(n);

	n->text = text;
	if (n->kind == NODE_ATTR)
		return ERR_NONE;
	if (!text.n) {
		if (c->text && c->text->parent)
			node_remove(c->text);
		return ERR_NONE;
	}
	if (!c->text) {
		c->text = node_new(s->tree, NODE_TEXT, NULL, STR(""));
		if (!c->text)
			return ERR_NOMEM;
	}
	c->text->text = text;
	if (!c->text->parent)
		node_append(n, c->text);
	return ERR_NONE;
}

/* Repeats within repeats multiply, whoever wrote the form. */
static enum err too_many(struct session *s)
{
	buf_reset(&s->why);
	buf_addf(&s->why, _("lebih dari %d isian dalam satu formulir"),
		 SESSION_MAX_NODES);
	return ERR_TOOBIG;
}

static struct node *new_node(struct session *s, uint32_t slot)
{
	const struct shape_slot *shape = &s->form->shape.slots[slot];
	struct node *n =
		node_new(s->tree, shape->attribute ? NODE_ATTR : NODE_ELEMENT,
			 shape->name, STR(""));

	if (!n)
		return NULL;
	n->slot = slot;
	n->position = 1;
	if (!shape->n_kids)
		return n;
	n->kids = arena_array(&s->arena, shape->n_kids, sizeof(struct node *));
	return n->kids ? n : NULL;
}

enum err node_make(struct session *s, uint32_t slot, struct str text,
		   struct node **out)
{
	const struct slot *def = &s->form->slots[slot];
	struct cell *c;
	struct node *n;
	enum err rc;

	if (s->nodes == SESSION_MAX_NODES)
		return too_many(s);
	s->nodes++;
	c = arena_alloc(&s->arena, sizeof(*c));
	n = new_node(s, slot);
	if (!c || !n)
		return ERR_NOMEM;
	n->data = c;
	c->leaf = def->leaf;
	c->choice = def->type == TYPE_SELECT || def->type == TYPE_SELECT1 ||
		    def->type == TYPE_RANK;
	*out = n;
	if (!c->leaf || !text.n)
		return ERR_NONE;
	rc = hold(s, &c->shown, text);
	if (!rc && c->choice)
		rc = hold(s, &c->raw, text);
	return rc ? rc : text_place(s, n, held_str(&c->shown));
}

struct str shown_value(const struct node *n)
{
	return n->data ? held_str(&cell(n)->shown) : STR("");
}

struct str raw_value(const struct node *n)
{
	if (n->data && cell(n)->choice)
		return held_str(&cell(n)->raw);
	return shown_value(n);
}

struct str seen_value(const struct node *n)
{
	return n->hidden ? STR("") : shown_value(n);
}

enum err value_expose(struct session *s, struct node *n, struct str text)
{
	return text_place(s, n, text);
}

static enum err show(struct session *s, struct node *n, struct str text)
{
	struct cell *c = cell(n);
	enum err rc;

	if (str_eq(held_str(&c->shown), text))
		return ERR_NONE;
	rc = act_touch(s, n);
	if (!rc)
		rc = hold(s, &c->shown, text);
	if (!rc)
		rc = text_place(s, n, held_str(&c->shown));
	if (!rc && !n->hidden)
		rc = work_readers(s, n);
	if (!rc && !n->hidden)
		rc = queue_changed(s, n);
	return rc;
}

enum err value_filter(struct session *s, struct node *n)
{
	struct str text = raw_value(n);
	bool all;
	enum err rc = ERR_NONE;

	if (text.n)
		rc = choices_filter(s, n, text, &s->choice_arena, &text, &all);
	if (!rc)
		rc = show(s, n, text);
	arena_reset(&s->choice_arena);
	return rc;
}

enum err value_put(struct session *s, struct node *n, struct str text)
{
	struct cell *c = cell(n);
	enum err rc;

	if (!c || !c->leaf || str_eq(raw_value(n), text))
		return ERR_NONE;
	if (!c->choice)
		return show(s, n, text);
	rc = act_touch(s, n);
	if (!rc)
		rc = hold(s, &c->raw, text);
	return rc ? rc : value_filter(s, n);
}
