/* SPDX-License-Identifier: MIT */
#ifndef CASES_PAST_H
#define CASES_PAST_H

#include "pilar/formula.h"
#include "pilar/vec.h"

#include "internal.h"

/*
 * What events('form') of datasets.csv answers for one entity: the XML of its
 * submissions of that form, in canonical order, read when first asked for.
 */
struct past_form {
	struct str form;
	struct tree *tree;
};

struct past {
	struct txn *t;
	struct id id;
	struct arena arena;
	VEC(struct past_form) forms;
};

/* For struct formula_env, whose owner is a struct past. */
enum err past_events(const struct formula_env *env, struct str form,
		     struct node **all) MUST_CHECK;
void past_release(struct past *p);

#endif
