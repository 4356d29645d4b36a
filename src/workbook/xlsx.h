/* SPDX-License-Identifier: MIT */
#ifndef WORKBOOK_XLSX_H
#define WORKBOOK_XLSX_H

#include "pilar/buf.h"
#include "pilar/tree.h"
#include "pilar/vec.h"
#include "pilar/workbook.h"

enum err xlsx_read(struct str bytes, const struct workbook_to *to,
		   struct report *rep) MUST_CHECK;

/* Children and attributes by local name: two namespaces are in use. */
struct node *xlsx_child(const struct node *n, const char *local);
struct node *xlsx_next(const struct node *n, const char *local);
struct str xlsx_attr(const struct node *n, const char *local);

/* What cells refer to: texts they share, and which styles show dates. */
struct xlsx_values {
	struct arena *arena;
	VEC(struct str) strings;
	size_t text; /* bytes of them */
	bool *dates; /* by style */
	size_t n_styles;
	bool since_1904;
};

/* From sharedStrings.xml and styles.xml, of which nothing is kept. */
enum err xlsx_strings(struct xlsx_values *v, struct str xml,
		      struct report *rep) MUST_CHECK;
enum err xlsx_styles(struct xlsx_values *v, const struct tree *t) MUST_CHECK;

/* A <c>: its type, its style, and what stands in its <v> or <t>s. */
struct xlsx_cell {
	struct str type, style, raw;
};
/* Its text, as pyxform shows it. Lent from the strings, `raw` or `a`. */
struct str xlsx_value(const struct xlsx_values *v, const struct xlsx_cell *c,
		      struct arena *a);

/* A sheet's part: its rows. `name` is the sheet's, for messages. */
enum err xlsx_rows(const struct xlsx_values *v, struct str xml, struct str name,
		   const struct workbook_to *to, void *handle,
		   struct report *rep) MUST_CHECK;

#endif
