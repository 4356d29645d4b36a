/* SPDX-License-Identifier: MIT */
#ifndef XPATH_EVAL_H
#define XPATH_EVAL_H

#include "expr.h"

/* A node-set while it grows, in the arena of the evaluation. */
struct nodes {
	struct node **at;
	size_t n, cap;
};
enum err nodes_push(struct eval *e, struct nodes *set,
		    struct node *n) MUST_CHECK;
enum err nodes_add(struct eval *e, struct nodes *set,
		   const struct val *v) MUST_CHECK;
/* Document order, each node once. */
enum err nodes_sort(struct eval *e, struct nodes *set) MUST_CHECK;
enum err nodes_out(const struct nodes *set, struct val *out);

enum err eval(struct eval *e, const struct expr *x, struct val *out) MUST_CHECK;
enum err eval_str(struct eval *e, const struct expr *x,
		  struct str *out) MUST_CHECK;
enum err eval_num(struct eval *e, const struct expr *x, double *out) MUST_CHECK;
enum err eval_bool(struct eval *e, const struct expr *x, bool *out) MUST_CHECK;
/* `n` more steps of work; ERR_INVALID when it is too much. */
enum err eval_spend(struct eval *e, size_t n) MUST_CHECK;

/* compare.c */
enum err val_compare(struct eval *e, const struct val *a, enum join join,
		     const struct val *b, bool *out) MUST_CHECK;

/* path.c */
enum err eval_path(struct eval *e, const struct path *p,
		   struct val *out) MUST_CHECK;
/* Takes `steps` from every node of `from`, one after the other. */
enum err walk_steps(struct eval *e, const struct step *steps,
		    struct nodes *set) MUST_CHECK;
/* Does the context node, at its position, pass the predicate? */
enum err pred_keeps(struct eval *e, const struct pred *pred,
		    bool *keep) MUST_CHECK;
enum err filter_nodes(struct eval *e, const struct pred *preds,
		      struct nodes *set, size_t from) MUST_CHECK;

/* axis.c: the nodes of one step from one node, in the order of the axis. */
enum err axis_walk(struct eval *e, const struct step *s, struct node *from,
		   struct nodes *out) MUST_CHECK;
bool axis_is_reverse(enum axis axis);

/* rows.c: secondary instances. */
enum err eval_list(struct eval *e, const struct path *p,
		   struct nodes *out) MUST_CHECK;
bool rows_is_root(const struct node *n);
bool rows_is_row(const struct node *n);
/* Makes all children of such a node. */
enum err rows_fill(struct eval *e, struct node *n) MUST_CHECK;
/* The child of a row that `s` names, or NULL. */
enum err rows_column(struct eval *e, struct node *row, const struct step *s,
		     struct node **out) MUST_CHECK;

#endif
