/* SPDX-License-Identifier: MIT */
#ifndef TEST_SHAPE_H
#define TEST_SHAPE_H

#include "pilar/tree.h"

/*
 * The shape of a document for tests and benches: one slot a path, attributes
 * too; an element written `repeat="1"` at its first instance is a repeat (the
 * attribute is taken away). Lives in the arena. Nodes of the tree get their
 * slot, position and kids. NULL when another element stands twice.
 */
const struct shape *shape_of_tree(struct tree *t, struct arena *a);

/* The slot of "/data/rep/x", or TREE_NO_SLOT. */
uint32_t shape_slot(const struct shape *shape, const char *path);

#endif
