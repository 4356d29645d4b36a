/* SPDX-License-Identifier: MIT */
#ifndef XPATH_SLOTS_H
#define XPATH_SLOTS_H

#include "parse.h"

/* Slots of a shape: kinship, names, and sets of them. */

/* Each slot once; big sets keep the place of each slot + 1 in `where`. */
struct slot_set {
	uint32_t *at;
	size_t n, cap;
	uint32_t *where;
	bool above;  /* the document, too */
	bool leaves; /* texts and comments of these slots, too */
};

/* The deepest slot above (or at) both. */
uint32_t slot_meet(const struct shape *sh, uint32_t a, uint32_t b);
bool slot_within(const struct shape *sh, uint32_t slot, uint32_t top);
/* Is there a repeat below `top` on the way down to `slot`? */
bool slot_repeats(const struct shape *sh, uint32_t slot, uint32_t top);
/* The lowest repeat at or above it, or TREE_NO_SLOT. */
uint32_t slot_repeat_above(const struct shape *sh, uint32_t slot);

bool slot_matches(const struct shape *sh, uint32_t slot, const struct step *s);
/* The child slot a step names, or TREE_NO_SLOT. */
uint32_t slot_child(const struct xpath_scope *scope, uint32_t parent,
		    const struct step *s);
/* names.c: children of that local name, one after the other: start with
 * *at == 0; TREE_NO_SLOT at the end. */
uint32_t names_next(const struct xpath_names *names, uint32_t parent,
		    struct str local, uint64_t *at);
/* Adds where a step may lead from the slots of a set; false: no memory. */
bool slot_step(struct parser *p, const struct slot_set *from,
	       const struct step *s, struct slot_set *out);
/* Its place in the set, where it is put when missing; SIZE_MAX: no memory. */
size_t slot_add(struct parser *p, struct slot_set *set, uint32_t slot);

#endif
