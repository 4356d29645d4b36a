/* SPDX-License-Identifier: MIT */
#ifndef CASES_VERDICT_H
#define CASES_VERDICT_H

#include "event.h"
#include "project.h"

/*
 * Whether an operation stands in conflict with what others did, as ODK Central
 * says when operations arrive in canonical order (ODK.md 15.4). Each was made
 * on the version its author had seen. Where that is not the last one the
 * conflict is soft, or hard when it gives a property another value than the
 * one it has been given since. Operations of one device that see each other
 * are a branch; a branch that another operation interrupts is soft, too. Hard
 * stays until a person decides.
 */
struct past {
	const struct row *row;
	struct state after;
	size_t branch;       /* its first operation */
	uint64_t trunk, own; /* version it began from; its versions since */
};

struct verdicts {
	struct past *at;
	size_t n;
};
enum err verdicts_init(struct verdicts *v, size_t rows,
		       struct arena *a) MUST_CHECK;
/*
 * Around the deeds of one row: `s` is what it is before, then after. The first
 * judges; `base` is what its author had seen, NULL where he saw nothing or
 * that is not known.
 */
enum entity_conflict verdict_of(const struct verdicts *v, const struct state *s,
				const struct row *r, const struct past **base);
void verdict_before(struct verdicts *v, struct state *s, const struct row *r);
void verdict_after(struct verdicts *v, struct state *s, const struct row *r);
/* Does it give that property another value than it has been given since? */
bool verdict_clash(const struct past *base, const struct state *now,
		   struct str name, struct str value);
/* Is the operation a person's decision, made knowing everything? */
bool verdict_decides(const struct state *s, const struct row *r);

/* Does this event begin as the dataset's action of kind `conflict` does? */
bool decides(struct cases *c, struct str dataset, const struct envelope *e);

/* The index of entities in conflict. */
enum err conflict_update(struct project *p, const struct state *old,
			 const struct state *now) MUST_CHECK;

#endif
