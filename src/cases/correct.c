/* SPDX-License-Identifier: MIT */
#include "pilar/tree.h"

#include "decide.h"

/*
 * The edit of an old record changes that record only. Where what it corrects
 * is what the case still says, a person is told, and can have it decided.
 */

/* ---- records and their edits */
/* Among what touched the same entities. */
static enum err edit_among(const struct event *all, size_t n,
			   struct str instance_id, struct str *by)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].deprecated_id, instance_id))
			*by = all[i].instance_id;
	return by->n ? ERR_NONE : ERR_NOTFOUND;
}

enum err cases_edited_by(struct cases *c, const struct event *e,
			 struct arena *a, struct str *by)
{
	enum err rc = ERR_NOTFOUND;

	*by = STR("");
	for (size_t i = 0; i < e->n_touched && rc == ERR_NOTFOUND; i++) {
		struct event *all = NULL;
		size_t n = 0;

		rc = cases_timeline(c, e->touched[i].id, a, &all, &n);
		if (!rc)
			rc = edit_among(all, n, e->instance_id, by);
	}
	return rc;
}

/* ---- what the case still says of the record as it was */
struct correcting {
	struct cases *c;
	struct arena *a;
	struct str was; /* its instanceID */
	VEC(struct correction) list;
};

/* Is the present value of the property from that record? */
static bool is_from(const struct prop_change *all, size_t n, struct str name,
		    struct str instance_id)
{
	struct str from = STR("");

	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].property, name))
			from = all[i].instance_id;
	return str_eq(from, instance_id);
}

/* Where the edit says something else of what the case has from the record. */
static void correct_prop(struct correcting *k, struct correction *one,
			 const struct prop_change *all, size_t n,
			 const struct entity_prop *p)
{
	struct str now = entity_prop_of(&one->entity, p->name);
	struct prop_change *change = &one->changes[one->n];

	if (str_eq(p->value, now) || !is_from(all, n, p->name, k->was))
		return;
	*change = (struct prop_change){ .was = now };
	change->property = arena_dup(k->a, p->name);
	change->value = arena_dup(k->a, p->value);
	one->n++;
}

static enum err correct_op(struct correcting *k, const struct entity_op *op)
{
	struct correction one = { .n = 0 };
	struct prop_change *all = NULL;
	struct correction *slot;
	size_t n = 0;
	enum err rc =
		cases_entity(k->c, op->dataset, op->id, k->a, &one.entity);

	if (!rc)
		rc = cases_history(k->c, &one.entity, k->a, &all, &n);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	one.changes = arena_array(k->a, op->n_props + 1, sizeof(*one.changes));
	if (!one.changes)
		return ERR_NOMEM;
	for (size_t i = 0; i < op->n_props; i++)
		correct_prop(k, &one, all, n, &op->props[i]);
	if (!one.n)
		return ERR_NONE;
	slot = vec_push(&k->list);
	if (!slot)
		return ERR_NOMEM;
	*slot = one;
	return decide_words(k->c, &one.entity, k->a, one.changes, one.n);
}

static enum err correct_ops(struct correcting *k, const struct event *edit,
			    struct report *rep)
{
	const struct form *f = NULL;
	struct entity_op *ops = NULL;
	struct tree *t = NULL;
	size_t n = 0;
	enum err rc =
		cases_form(k->c, edit->form_id, edit->form_version, &f, rep);

	if (!rc)
		rc = tree_parse(&t, edit->xml, "", rep);
	if (!rc)
		rc = form_entities(f, t->element, k->a, &ops, &n, rep);
	for (size_t i = 0; i < n && !rc; i++)
		rc = correct_op(k, &ops[i]);
	tree_free(t);
	return rc;
}

enum err cases_corrected(struct cases *c, struct str edit, struct arena *a,
			 struct correction **out, size_t *n)
{
	struct correcting k = { .c = c, .a = a };
	struct report rep = { 0 };
	struct event e;
	enum err rc = cases_event(c, edit, a, &e);

	*n = 0;
	k.was = rc ? STR("") : e.deprecated_id;
	if (!rc && k.was.n)
		rc = correct_ops(&k, &e, &rep);
	report_release(&rep);
	return vec_give(&k.list, a, out, n, rc);
}
