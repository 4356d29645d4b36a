/* SPDX-License-Identifier: MIT */
#ifndef XPATH_SOURCE_H
#define XPATH_SOURCE_H

#include "eval.h"

/*
 * A secondary instance as expressions see it: the nodes of a tree, or a list
 * of which rows become nodes when something looks at them. Kept in the cache
 * of the session until the list changes.
 */
struct source {
	struct source *next;
	struct str id;
	struct node *element; /* the instance element; of a list: made up */
	struct list *list;    /* NULL: a tree */
	uint64_t version;
	struct arena arena; /* indexes */
	struct index *indexes;
	/* Of a list: what its nodes are made of. */
	struct tree *tree;
	struct node *root;
	const struct qname *item;
	const struct qname **names; /* of the columns */
	size_t columns;
	struct row_cell *rows; /* hash table: row to node */
	size_t n_rows, cap;
	struct node *probe; /* stands for one row after the other */
	bool probing;       /* somebody looks through it */
};

struct xpath_cache {
	struct source *first;
};

/* *out is NULL when there is no such instance. */
enum err source_find(struct eval *e, struct str id,
		     struct source **out) MUST_CHECK;
/* The element of a row. */
enum err source_row(struct source *s, uint32_t row,
		    struct node **out) MUST_CHECK;
/* An element that stands for that row until the next call. */
enum err source_probe(struct source *s, uint32_t row,
		      struct node **out) MUST_CHECK;
uint32_t source_row_of(const struct node *row);
size_t source_column(const struct source *s, struct str name);

/* Child steps by name from the instance element, `last` included. */
struct span {
	const struct step *first, *last;
};

/* index.c: the nodes at the end of `path` whose child `column` has that text.
 */
enum err index_find(struct eval *e, struct source *s, const struct span *path,
		    const struct step *column, struct str value,
		    struct nodes *out) MUST_CHECK;
void index_forget(struct source *s);

#endif
