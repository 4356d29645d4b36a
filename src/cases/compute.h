/* SPDX-License-Identifier: MIT */
#ifndef CASES_COMPUTE_H
#define CASES_COMPUTE_H

#include "project.h"

/*
 * The texts that datasets.csv wants shown of an entity, and its search record,
 * kept with it so that lists and search evaluate nothing. today() in these
 * expressions is the day of the entity's last change, so that a rebuild says
 * the same.
 */
/* `related`: it did not change itself, only what looks into lists is made
 * anew. */
enum err compute_entity(struct project *p, const struct target *t,
			bool related) MUST_CHECK;
/* The words it is found by anew, once those of its doubles are known. */
enum err compute_found(struct project *p, const struct target *t) MUST_CHECK;
/* It is no more: neither found nor due. */
enum err compute_gone(struct project *p, const struct state *s) MUST_CHECK;
/* All entities anew, links and unique values, too: datasets.csv changed. */
enum err compute_all(struct cases *c, struct txn *t) MUST_CHECK;
/* The search index anew from what is kept with the entities. */
enum err compute_search(struct cases *c) MUST_CHECK;
/* The texts, in the arena; `from` says which lists. With `looking` those that
 * do not look into lists stay as they are. */
enum err compute_shown(const struct dataset *ds, const struct state *s,
		       bool looking, const struct formula_env *from,
		       struct arena *a, struct str **out) MUST_CHECK;
/* The same of an entity whose texts were kept under another datasets.csv, or
 * that is not in the store. */
enum err entity_texts(struct cases *c, const struct dataset *ds,
		      const struct entity *e, struct arena *a,
		      struct str **out) MUST_CHECK;

#endif
