/* SPDX-License-Identifier: MIT */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "pilar/session.h"
#include "pilar/vec.h"

#include "app.h"

/*
 * A practice store is a story told in a table (forms/demo.csv): which forms
 * were filled how often, when, and how each question was answered. Nothing
 * here knows a form or a question; the table names them.
 *
 * Columns: kind,form,name,value,from,to
 *   worker  name: code, name, role or village; value: its text
 *   let     {name} in every later value stands for this value
 *   run     the form is filled, from..to days before today. Without a name:
 *           value times; with one, a dataset: for that share of its entities
 *   repeat  how many instances of the repeat `name` (an expression)
 *   answer  the answer to question `name` (an expression, evaluated at the
 *           question), or ? for any of the choices offered
 * A question without a row keeps what it has, gets any of its choices when it
 * is a select_one, and otherwise stays empty unless it is required.
 */
enum demo_kind { DEMO_WORKER, DEMO_LET, DEMO_RUN, DEMO_REPEAT, DEMO_ANSWER };

struct demo_row {
	enum demo_kind kind;
	struct str form, name, value;
	int64_t from, to; /* days */
	size_t line;
};

struct demo_spec {
	struct arena arena;
	VEC(struct demo_row) rows;
	const char *file;
};

#define DEMO_MAX_TIMES 20000

/* `csv` is copied. ERR_INVALID with every problem: file, row and column. */
enum err demo_read(struct demo_spec *out, struct str csv, const char *file,
		   struct report *rep) MUST_CHECK;
void demo_release(struct demo_spec *d);
const struct demo_row *demo_find(const struct demo_spec *d, enum demo_kind kind,
				 struct str form, struct str name);

/* Answers the whole form. Chance comes from `sys`. */
enum err demo_fill(const struct demo_spec *d, struct session *s,
		   const struct sys *sys, struct report *rep) MUST_CHECK;

#endif
