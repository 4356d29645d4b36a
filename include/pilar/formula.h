/* SPDX-License-Identifier: MIT */
#ifndef PILAR_FORMULA_H
#define PILAR_FORMULA_H

#include <stdbool.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/form.h"
#include "pilar/lists.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/sys.h"
#include "pilar/tree.h"

/*
 * An ODK expression outside a form, over one row of named texts: what
 * datasets.csv computes on an entity. The context node is the row; its texts
 * are its children; instance('x') is answered by `lists`; current() is the
 * row; events('form') are its submissions of that form, earliest first, each
 * the root of its XML: events('f')[last()]/tanggal.
 */
struct formula;

/* `text` is copied. ERR_SYNTAX or ERR_INVALID: `rep` says why, at `place`. */
enum err formula_new(struct formula **out, struct str text, struct str place,
		     struct report *rep) MUST_CHECK;
void formula_free(struct formula *f);
/* Does it look beyond its row, into instance('x')? */
bool formula_uses_lists(const struct formula *f);

/*
 * Lists that were opened and what was learned of them, for many rows; it is
 * void by itself when a list changes.
 */
struct formula_cache;
struct formula_cache *formula_cache_new(void);
void formula_cache_free(struct formula_cache *c); /* before its lists */

struct formula_env {
	const struct sys *sys;
	struct lists *lists; /* may be NULL */
	struct str lang;
	struct formula_cache *cache; /* may be NULL */
	/*
	 * The submissions of a form that concern the row, as children of *all
	 * in a tree that outlives the row; *all stays NULL when there are
	 * none. May be NULL.
	 */
	enum err (*events)(const struct formula_env *env, struct str form,
			   struct node **all);
	void *owner; /* for the function above */
};
/*
 * A row made ready once for many expressions over it: what costs is the row.
 * Rows are pairs of name, value; `env` and the texts must outlive it, and its
 * lists must not change.
 */
struct formula_row;
enum err formula_row_new(struct formula_row **out,
			 const struct formula_env *env,
			 const struct entity_prop *row, size_t n) MUST_CHECK;
/* The value as text, in the arena. */
enum err formula_row_text(struct formula_row *r, const struct formula *f,
			  struct arena *a, struct str *out) MUST_CHECK;
/* From now on the i-th of its texts is that one. */
enum err formula_row_set(struct formula_row *r, size_t i,
			 struct str value) MUST_CHECK;
void formula_row_free(struct formula_row *r);

#endif
