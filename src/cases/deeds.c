/* SPDX-License-Identifier: MIT */
#include "event.h"

#include "pilar/i18n.h"
#include "pilar/tree.h"

/* Repeats of one form (RELIABILITY F13). */
#define DEEDS_MAX 5000

static enum err take_ops(const struct form *f, const struct node *root,
			 struct arena *a, struct deeds *out, struct report *rep)
{
	struct entity_op *ops = NULL;
	size_t n = 0;
	enum err rc = form_entities(f, root, a, &ops, &n, rep);

	if (rc)
		return rc;
	if (n > DEEDS_MAX) {
		report_add(rep, PROBLEM_ERROR, form_id(f),
			   _("isian ini mengubah lebih dari %d data"),
			   DEEDS_MAX);
		return ERR_TOOBIG;
	}
	out->at = arena_array(a, n + 1, sizeof(*out->at));
	if (!out->at)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct deed *d = &out->at[i];

		d->op = ops[i];
		d->at = (uint32_t)i;
		if (!id_parse(ops[i].id, &d->id) ||
		    ops[i].dataset.n > KEY_NAME_MAX)
			return ERR_INVALID;
	}
	out->n = n;
	return ERR_NONE;
}

/* The node of a slot outside repeats, or in their first instances. */
static const struct node *node_of(const struct form *f, const struct node *root,
				  uint32_t slot)
{
	const struct shape_slot *s = &form_shape(f)->slots[slot];
	const struct node *up;

	if (s->parent == TREE_NO_SLOT)
		return root;
	up = node_of(f, root, s->parent);
	for (const struct node *n = up ? up->first : NULL; n; n = n->next)
		if (n->kind == NODE_ELEMENT &&
		    str_eq(n->name->local, s->name->local))
			return n;
	return NULL;
}

/* What was chosen in the first select of each dataset. */
static enum err take_mentions(const struct form *f, const struct node *root,
			      struct arena *a, struct deeds *out)
{
	size_t n = form_dataset_count(f);

	out->mentioned = arena_array(a, n + 1, sizeof(*out->mentioned));
	if (!out->mentioned)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct item *item = form_select_of(f, form_dataset(f, i));
		const struct node *node =
			item ? node_of(f, root, item->slot) : NULL;

		if (node && id_parse(str_trim(node_value(node, a)),
				     &out->mentioned[out->n_mentioned]))
			out->n_mentioned++;
	}
	return ERR_NONE;
}

enum err deeds_read(const struct form *f, struct str xml, struct arena *a,
		    struct deeds *out, struct report *rep)
{
	struct tree *t = NULL;
	enum err rc;

	*out = (struct deeds){ .n = 0 };
	rc = tree_parse(&t, xml, _("isian"), rep);
	if (rc)
		return rc;
	rc = take_ops(f, t->element, a, out, rep);
	if (!rc)
		rc = take_mentions(f, t->element, a, out);
	tree_free(t);
	return rc;
}
