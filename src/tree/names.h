/* SPDX-License-Identifier: MIT */
#ifndef TREE_NAMES_H
#define TREE_NAMES_H

#include "pilar/tree.h"

/* How many different names a tree has. */
size_t tree_count_names(const struct tree *t);

#endif
