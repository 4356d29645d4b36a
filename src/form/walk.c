/* SPDX-License-Identifier: MIT */
#include "ses.h"

/* What a person meets, in the order of the body. */

typedef VEC(struct step) step_vec;

struct walker {
	struct session *s;
	step_vec steps;
};

static enum err walk_items(struct walker *w, const struct item *within,
			   struct node *near, unsigned depth);

static enum err step_add(struct walker *w, enum step_kind kind,
			 const struct item *i, struct node *n, size_t instance,
			 unsigned depth)
{
	struct step *step = vec_push(&w->steps);

	if (!step)
		return ERR_NOMEM;
	*step = (struct step){ kind, i, { n }, instance, depth };
	return ERR_NONE;
}

/* A group without a node is there when something in it is. */
static enum err walk_frame(struct walker *w, const struct item *i,
			   struct node *near, unsigned depth)
{
	size_t before = w->steps.n;
	enum err rc;

	rc = step_add(w, STEP_GROUP, i, NULL, 0, depth);
	if (!rc)
		rc = walk_items(w, i, near, depth + 1);
	if (!rc && w->steps.n == before + 1)
		w->steps.n = before;
	return rc;
}

static enum err walk_group(struct walker *w, const struct item *i,
			   struct node *near, unsigned depth)
{
	struct node *n;
	enum err rc;

	if (i->slot == ITEM_NO_SLOT)
		return walk_frame(w, i, near, depth);
	n = node_near(w->s, i->slot, near);
	if (!n || n->hidden)
		return ERR_NONE;
	rc = step_add(w, STEP_GROUP, i, n, 0, depth);
	return rc ? rc : walk_items(w, i, n, depth + 1);
}

/* Would another instance be relevant? */
static bool range_relevant(struct session *s, const struct item *i,
			   struct node *holder)
{
	uint32_t v = s->form->slots[i->slot].vertex[V_RELEVANT];
	struct node *g;
	bool relevant = true;

	if (v == TREE_NO_SLOT)
		return true;
	g = ghost(s, i->slot, holder);
	if (g && eval_truth(s, s->form->vertices[v].x, g, &relevant))
		relevant = true;
	arena_reset(&s->scratch);
	return relevant;
}

static enum err walk_repeat(struct walker *w, const struct item *i,
			    struct node *near, unsigned depth)
{
	struct node *holder =
		session_holder(w->s, i, (struct ref){ near }).node;
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (!holder || holder->hidden)
		return ERR_NONE;
	for (struct node *k = first_of(holder, w->s, i->slot); k && !rc;
	     k = next_of(k)) {
		n++;
		if (k->hidden)
			continue;
		rc = step_add(w, STEP_REPEAT, i, k, k->position, depth);
		if (!rc)
			rc = walk_items(w, i, k, depth + 1);
	}
	if (rc || repeat_fixed(w->s, i->slot) ||
	    !range_relevant(w->s, i, holder))
		return rc;
	return step_add(w, STEP_PROMPT, i, holder, n, depth);
}

static enum err walk_question(struct walker *w, const struct item *i,
			      struct node *near, unsigned depth)
{
	struct node *n =
		i->slot == ITEM_NO_SLOT ? NULL : node_near(w->s, i->slot, near);

	if (!n || n->hidden)
		return ERR_NONE;
	return step_add(w, STEP_QUESTION, i, n, 0, depth);
}

static enum err walk_items(struct walker *w, const struct item *within,
			   struct node *near, unsigned depth)
{
	enum err rc = ERR_NONE;

	for (const struct item *i = within->first; i && !rc; i = i->next) {
		if (i->kind == ITEM_GROUP)
			rc = walk_group(w, i, near, depth);
		else if (i->kind == ITEM_REPEAT)
			rc = walk_repeat(w, i, near, depth);
		else
			rc = walk_question(w, i, near, depth);
	}
	return rc;
}

/* ---- in the order of the instance */

static enum err outline_node(struct walker *w, struct node *n, unsigned depth);

static enum err outline_repeat(struct walker *w, const struct item *i,
			       struct node *holder, unsigned depth)
{
	size_t n = 0;
	enum err rc = ERR_NONE;

	for (struct node *k = first_of(holder, w->s, i->slot); k && !rc;
	     k = next_of(k)) {
		n++;
		rc = outline_node(w, k, depth);
	}
	if (rc || repeat_fixed(w->s, i->slot) ||
	    !range_relevant(w->s, i, holder))
		return rc;
	return step_add(w, STEP_PROMPT, i, holder, n, depth);
}

static enum err outline_kids(struct walker *w, struct node *n, unsigned depth)
{
	const struct shape_slot *slots = w->s->form->shape.slots;
	const struct shape_slot *shape = &slots[n->slot];
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < shape->n_kids && !rc; i++) {
		uint32_t slot = shape->kids[i];
		const struct item_def *r = w->s->form->slots[slot].repeat;

		if (slots[slot].attribute)
			continue;
		if (r)
			rc = outline_repeat(w, &r->pub, n, depth);
		for (struct node *k = r ? NULL : n->kids[i]; k && !rc;
		     k = next_of(k))
			rc = outline_node(w, k, depth);
	}
	return rc;
}

static enum step_kind kind_of(const struct item *i)
{
	if (i->kind == ITEM_REPEAT)
		return STEP_REPEAT;
	return i->kind == ITEM_GROUP ? STEP_GROUP : STEP_QUESTION;
}

static enum err outline_node(struct walker *w, struct node *n, unsigned depth)
{
	const struct item *i = form_item(w->s->form, n->slot);
	enum err rc = ERR_NONE;

	if (n->hidden)
		return ERR_NONE;
	if (i)
		rc = step_add(w, kind_of(i), i, n, n->position, depth);
	return rc ? rc : outline_kids(w, n, depth + 1);
}

static enum err walk_done(struct walker *w, enum err rc, struct arena *a,
			  struct step **steps, size_t *n)
{
	*steps = NULL;
	*n = 0;
	if (!rc) {
		*steps = arena_array(a, w->steps.n, sizeof(**steps));
		rc = *steps ? ERR_NONE : ERR_NOMEM;
	}
	for (size_t i = 0; !rc && i < w->steps.n; i++)
		(*steps)[i] = w->steps.at[i];
	if (!rc)
		*n = w->steps.n;
	vec_release(&w->steps);
	return rc;
}

enum err session_walk(struct session *s, struct arena *a, struct step **steps,
		      size_t *n)
{
	struct walker w = { .s = s };
	enum err rc = walk_items(&w, form_body(s->form), s->root, 0);

	return walk_done(&w, rc, a, steps, n);
}

enum err session_outline(struct session *s, struct arena *a,
			 struct step **steps, size_t *n)
{
	struct walker w = { .s = s };
	enum err rc = outline_kids(&w, s->root, 0);

	return walk_done(&w, rc, a, steps, n);
}
