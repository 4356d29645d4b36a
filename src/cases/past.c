/* SPDX-License-Identifier: MIT */
#include "past.h"

#include "events.h"

void past_release(struct past *p)
{
	vec_each (f, &p->forms)
		tree_free(f->tree);
	vec_release(&p->forms);
	arena_release(&p->arena);
}

/* Another event of them is an edit of this one. */
static bool edited(const struct event *e, const struct event *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].deprecated_id.n &&
		    str_eq(all[i].deprecated_id, e->instance_id))
			return true;
	return false;
}

static enum err add_submission(struct tree *to, const struct event *e)
{
	struct tree *from = NULL;
	struct node *root;
	enum err rc = tree_parse(&from, e->xml, "", NULL);

	if (rc)
		return rc;
	root = node_copy(to, from->element);
	tree_free(from);
	if (!root)
		return ERR_NOMEM;
	node_append(to->element, root);
	return ERR_NONE;
}

static enum err tree_begin(struct tree **out)
{
	const struct qname *name;

	*out = tree_new();
	if (!*out)
		return ERR_NOMEM;
	name = tree_name(*out, STR(""), STR("events"), STR(""));
	(*out)->element =
		name ? node_new(*out, NODE_ELEMENT, name, STR("")) : NULL;
	if (!(*out)->element)
		return ERR_NOMEM;
	node_append((*out)->root, (*out)->element);
	return ERR_NONE;
}

/* Those of the form, and edits of any; one that is damaged is left out. */
static enum err read_events(struct past *p, struct str form, struct event **out,
			    size_t *n)
{
	struct row *rows;
	size_t n_rows;
	enum err rc = rows_read(p->t, &p->id, &p->arena, &rows, &n_rows);

	*n = 0;
	if (rc)
		return rc;
	*out = arena_array(&p->arena, n_rows + 1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	for (size_t i = 0; i < n_rows && rc != ERR_NOMEM; i++) {
		struct event *e = &(*out)[*n];

		rc = event_give(p->t, &rows[i].stamp, true, &p->arena, e);
		*n += !rc && e->xml.n && str_eq(e->form_id, form);
	}
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

static enum err read_form(struct past *p, struct past_form *f)
{
	struct event *all;
	size_t n;
	enum err rc = read_events(p, f->form, &all, &n);

	if (!rc)
		rc = tree_begin(&f->tree);
	for (size_t i = 0; i < n && rc != ERR_NOMEM; i++)
		if (!edited(&all[i], all, n))
			rc = add_submission(f->tree, &all[i]);
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

enum err past_events(const struct formula_env *env, struct str form,
		     struct node **all)
{
	struct past *p = env->owner;
	struct past_form *f;
	enum err rc;

	vec_each (known, &p->forms)
		if (str_eq(known->form, form)) {
			*all = known->tree ? known->tree->element : NULL;
			return ERR_NONE;
		}
	f = vec_push(&p->forms);
	if (!f)
		return ERR_NOMEM;
	f->form = arena_dup(&p->arena, form);
	rc = f->form.p ? read_form(p, f) : ERR_NOMEM;
	*all = f->tree ? f->tree->element : NULL;
	return rc;
}
