/* SPDX-License-Identifier: MIT */
#ifndef PILAR_DATASET_H
#define PILAR_DATASET_H

#include <stdbool.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/formula.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * forms/datasets.csv (DESIGN 6): what the screens show of each entity list and
 * do with it. C code has no name of a dataset, property or form: it asks here.
 * Columns: dataset,kind,name,label::id,label::en,order,search,mask,class,value
 */
enum dataset_kind {
	DATASET_MENU,   /* name: key; label: row text on the home screen */
	DATASET_TITLE,  /* value: what a case of this list is called */
	DATASET_COLUMN, /* of the list screen; value: expression */
	DATASET_DETAIL, /* a line in the head of the case view */
	DATASET_UNIQUE, /* name: property; warn when another has the same */
	DATASET_DUE,    /* value: expression giving a date, or empty */
	DATASET_PARENT, /* name: dataset; value: the property that links to it
			 */
	DATASET_ACTION  /* name: form; order: key; value: new, visit, update...
			 */
};

struct dataset_row {
	enum dataset_kind kind;
	struct str name, label_id, label_en, order, search, mask, class, value;
	struct formula
		*formula; /* compiled `value` where it is an expression */
};

struct dataset {
	struct str name;
	const struct dataset_row *rows;
	size_t n;
};

struct datasets; /* the whole file; immutable */

enum err datasets_new(struct datasets **out, struct str csv, const char *name,
		      struct report *rep) MUST_CHECK;
void datasets_free(struct datasets *d);
size_t datasets_count(const struct datasets *d);
const struct dataset *datasets_at(const struct datasets *d, size_t i);
const struct dataset *datasets_find(const struct datasets *d, struct str name);
/* The i-th row (from 0) of that kind, or NULL. */
const struct dataset_row *dataset_row(const struct dataset *d,
				      enum dataset_kind kind, size_t i);
/* The label in the language of the messages. */
struct str dataset_label(const struct dataset_row *r);

#endif
