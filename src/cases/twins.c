/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "pilar/search.h"

#include "compute.h"

/* Of one form so many are shown. */
#define TWINS_MAX 100

struct looking {
	struct cases *c;
	const struct submission *sub;
	struct arena *a;
	VEC(struct twin) found;
};

static bool compares(const struct dataset *ds)
{
	return dataset_row(ds, DATASET_UNIQUE, 0) ||
	       dataset_row(ds, DATASET_ALIKE, 0);
}

static int by_name(const void *a, const void *b)
{
	const struct entity_prop *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

/* As it would be: nobody has said anything else of it yet. */
static enum err make(struct looking *k, const struct entity_op *op,
		     const struct dataset *ds, struct entity *out)
{
	struct entity_prop *props =
		arena_array(k->a, op->n_props + 1, sizeof(*props));
	struct str *texts = NULL;
	enum err rc;

	if (!props)
		return ERR_NOMEM;
	for (size_t i = 0; i < op->n_props; i++)
		props[i] = (struct entity_prop){
			arena_dup(k->a, op->props[i].name),
			arena_dup(k->a, op->props[i].value)
		};
	if (op->n_props)
		qsort(props, op->n_props, sizeof(*props), by_name);
	*out = (struct entity){ .dataset = arena_dup(k->a, ds->name),
				.id = arena_dup(k->a, op->id),
				.label = arena_dup(k->a, op->label),
				.version = 1,
				.changed_at = sys_now(k->c->sys),
				.props = props,
				.n_props = op->n_props };
	rc = entity_texts(k->c, ds, out, k->a, &texts);
	out->shown = texts;
	out->n_shown = rc ? 0 : ds->n_shown;
	return rc;
}

/* One that the same form makes or changes is no twin of it. */
static bool in_form(const struct looking *k, struct str id)
{
	for (size_t i = 0; i < k->sub->n_ops; i++)
		if (str_eq(k->sub->ops[i].id, id))
			return true;
	return false;
}

static enum err look(struct looking *k, const struct entity_op *op)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(k->c), op->dataset);
	struct alike *near = NULL;
	struct entity e;
	size_t n = 0;
	enum err rc;

	if (op->verb != ENTITY_CREATE || !ds || !compares(ds))
		return ERR_NONE;
	rc = make(k, op, ds, &e);
	if (!rc)
		rc = cases_alike(k->c, &e, k->a, &near, &n);
	for (size_t i = 0; i < n && !rc && k->found.n < TWINS_MAX; i++) {
		struct twin *slot;

		if (!near[i].sure || in_form(k, near[i].id))
			continue;
		slot = vec_push(&k->found);
		if (!slot)
			return ERR_NOMEM;
		*slot = (struct twin){ e, near[i] };
	}
	return rc;
}

enum err cases_twins(struct cases *c, const struct submission *sub,
		     struct arena *a, struct twin **out, size_t *n)
{
	struct looking k = { .c = c, .sub = sub, .a = a };
	enum err rc = ERR_NONE;

	*n = 0;
	for (size_t i = 0; i < sub->n_ops && !rc; i++)
		rc = look(&k, &sub->ops[i]);
	*out = arena_array(a, k.found.n + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	if (!rc && k.found.n)
		memcpy(*out, k.found.at, k.found.n * sizeof(**out));
	*n = rc ? 0 : k.found.n;
	vec_release(&k.found);
	return rc;
}
