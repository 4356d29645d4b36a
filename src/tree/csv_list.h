/* SPDX-License-Identifier: MIT */
#ifndef TREE_CSV_LIST_H
#define TREE_CSV_LIST_H

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/lists.h"

/* As csv_list_new(); on success the list owns what `text` held. */
enum err csv_list_take(struct list **out, struct buf *text, const char *name,
		       struct report *rep) MUST_CHECK;

#endif
