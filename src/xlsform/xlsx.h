/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_XLSX_H
#define XLSFORM_XLSX_H

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/str.h"
#include "pilar/tree.h"

/* Children and attributes by local name: two namespaces are in use. */
struct node *xlsx_child(const struct node *n, const char *local);
struct node *xlsx_next(const struct node *n, const char *local);
struct str xlsx_attr(const struct node *n, const char *local);

/* What cells refer to: texts they share, and which styles show dates. */
struct xlsx_values {
	struct arena *arena;
	struct str *strings;
	size_t n_strings;
	bool *dates; /* by style */
	size_t n_styles;
};

/* From sharedStrings.xml and styles.xml, of which nothing is kept. */
enum err xlsx_strings(struct xlsx_values *v, const struct tree *t) MUST_CHECK;
enum err xlsx_styles(struct xlsx_values *v, const struct tree *t) MUST_CHECK;

/* The text of a <c>, as pyxform shows it: 3 for 3.0, TRUE, 2024-01-31
 * 00:00:00. Lent from the tree or the arena. */
struct str xlsx_value(const struct xlsx_values *v, const struct node *cell);

#endif
