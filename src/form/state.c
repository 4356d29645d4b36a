/* SPDX-License-Identifier: MIT */
#include "ses.h"

/* What is true of one node, and of all of them. */

struct str session_value(struct session *s, struct ref r)
{
	(void)s;
	return r.node && r.node->data ? seen_value(r.node) : STR("");
}

bool session_is_leaf(const struct session *s, struct ref r)
{
	(void)s;
	return r.node && r.node->data && cell(r.node)->leaf;
}

bool session_relevant(struct session *s, struct ref r)
{
	(void)s;
	return r.node && r.node->data && !r.node->hidden;
}

bool session_required(struct session *s, struct ref r)
{
	(void)s;
	return r.node && r.node->data && cell(r.node)->required;
}

bool session_readonly(struct session *s, struct ref r)
{
	(void)s;
	for (const struct node *n = r.node; n && n->data; n = n->parent)
		if (cell(n)->readonly)
			return true;
	return false;
}

static bool constraint_holds(struct session *s, struct node *n)
{
	const struct xpath *x = s->form->slots[n->slot].constraint;
	bool holds = true;

	if (!x)
		return true;
	/* One that cannot be evaluated forbids nothing. */
	if (eval_truth(s, x, n, &holds))
		holds = true;
	arena_reset(&s->scratch);
	return holds;
}

static enum verdict verdict_of(struct session *s, struct node *n)
{
	if (n->hidden || !cell(n)->leaf)
		return VALID;
	if (!seen_value(n).n)
		return cell(n)->required ? MISSING : VALID;
	return constraint_holds(s, n) ? VALID : VIOLATED;
}

enum verdict session_verdict(struct session *s, struct ref r)
{
	return r.node && r.node->data ? verdict_of(s, r.node) : VALID;
}

struct checking {
	struct session *s;
	struct arena *a;
	VEC(struct violation) found;
};

static enum err check_one(struct checking *c, struct node *n)
{
	enum verdict verdict = verdict_of(c->s, n);
	struct violation *v;

	if (verdict == VALID)
		return ERR_NONE;
	v = vec_push(&c->found);
	if (!v)
		return ERR_NOMEM;
	*v = (struct violation){ { n }, verdict, STR("") };
	v->message = arena_dup(c->a, session_message(c->s, v->ref));
	return v->message.p ? ERR_NONE : ERR_NOMEM;
}

static enum err check_below(struct checking *c, struct node *n)
{
	enum err rc;

	if (n->hidden)
		return ERR_NONE;
	rc = check_one(c, n);
	for (struct node *a = n->attrs; a && !rc; a = a->next)
		if (a->data)
			rc = check_one(c, a);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data)
			rc = check_below(c, k);
	return rc;
}

enum err session_validate(struct session *s, struct arena *a,
			  struct violation **v, size_t *n)
{
	struct checking c = { .s = s, .a = a };
	enum err rc;

	*v = NULL;
	*n = 0;
	rc = check_below(&c, s->root);
	if (rc)
		goto out;
	*v = arena_array(a, c.found.n, sizeof(**v));
	if (!*v) {
		rc = ERR_NOMEM;
		goto out;
	}
	for (size_t i = 0; i < c.found.n; i++)
		(*v)[i] = c.found.at[i];
	*n = c.found.n;
out:
	vec_release(&c.found);
	return rc;
}
