/* SPDX-License-Identifier: MIT */
#ifndef PILAR_FORMULA_H
#define PILAR_FORMULA_H

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/form.h"
#include "pilar/lists.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/*
 * An ODK expression outside a form, over one row of named texts: what
 * datasets.csv computes on an entity. The context node is the row; its texts
 * are its children; instance('x') is answered by `lists`; current() is the row.
 */
struct formula;

enum err formula_new(struct formula **out, struct str text, struct str place,
		     struct report *rep) MUST_CHECK;
void formula_free(struct formula *f);

struct formula_env {
	const struct sys *sys;
	struct lists *lists; /* may be NULL */
	struct str lang;
};
/* The value as text, in the arena. Rows are pairs of name, value. */
enum err formula_text(const struct formula *f, const struct formula_env *env,
		      const struct entity_prop *row, size_t n, struct arena *a,
		      struct str *out) MUST_CHECK;

#endif
