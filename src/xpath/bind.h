/* SPDX-License-Identifier: MIT */
#ifndef XPATH_BIND_H
#define XPATH_BIND_H

#include "parse.h"
#include "slots.h"

/*
 * What is known of the context at some place of an expression: its slot, and
 * the deepest slot above it that is the same node as in the context of the
 * whole expression (`anchor`): what is reached through repeats below the
 * anchor may be any instance.
 */
struct place {
	enum { PLACE_SLOT, PLACE_ABOVE, PLACE_OUTSIDE, PLACE_ANY } kind;
	uint32_t slot, anchor;
};

struct binder {
	struct parser *p;
	const struct shape *shape;
	struct place origin; /* of the whole expression */
	bool fixed; /* slots may be written into the steps: there is just one */
	struct slot_set reads;
	bool *same; /* of each of them */
	size_t same_cap;
};

enum err bind_xpath(struct parser *p, struct xpath *x) MUST_CHECK;

void bind_preds(struct binder *b, struct pred *preds, struct place at);
/* Steps that are not plain names; `at` is where the first begins. */
void bind_rest(struct binder *b, struct step *steps, struct place at,
	       unsigned flags);
void bind_all(struct binder *b);
/* Notes that the expression reads nodes of that slot. */
void bind_dep(struct binder *b, uint32_t slot, uint32_t anchor, unsigned flags);

#endif
