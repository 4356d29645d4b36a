/* SPDX-License-Identifier: MIT */
#ifndef PILAR_DATASET_H
#define PILAR_DATASET_H

#include <stdbool.h>
#include <stddef.h>

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
 * and value::en (what is shown in English where that differs; a value that
 * writes a month's name, %b, differs by itself)
 * in any sequence; dataset, kind and those a kind needs must be there.
 *
 * `order`: of an action its key; of every other row a number, the smaller the
 * earlier, rows without one last as they stand in the file.
 * `mask`: `N*M` shows the first N and the last M characters and a * for each
 * other one; a text that has no more than N + M is all *.
 * `class`: `umum` (also when empty) or `spesifik`.
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
	DATASET_CLOSED, /* name: state; label: its mark; value: expression that
			 * is true of an entity in it, which leaves lists and
			 * due dates; of several true ones the first counts */
	DATASET_MERGED, /* value: the property with the id of the entity that
			 * stands for this one, its double; name: how two are
			 * merged at one key, a form and answers as in an
			 * action, begun from the one that stays; the question
			 * without an answer takes the other: "f what=merge
			 * other= why=seen" */
	DATASET_ALIKE,  /* name; label: what it is called; value: a text that
			 * is the same when two entities may be one */
	DATASET_CONFLICT, /* name: property, empty: any other; value: in the
			   * form of the action that decides the question that
			   * lists what is decided, then the one that takes the
			   * value, called as its choice in that list */
	DATASET_ACTION,   /* name: form, and answers it begins with; order: key;
			   * value: new, visit, update..., `part` for the
			   * undoing of a merge */
	DATASET_FILTER,   /* name; label; value: a question to the list, as it
			   * is typed into the search line (search.h) */
	DATASET_TYPED     /* name: question of the forms of kind `new`; value:
			   * what it begins with, of the texts `typed`, which
			   * was searched for before, and `typed_name`, the
			   * same with capitals where none was typed; empty:
			   * with nothing */
};

/* How the text of a row is found by search as you type. */
enum dataset_search {
	DATASET_UNSEARCHED,
	DATASET_NAME,   /* of a person: ranks and sorts the hits */
	DATASET_NUMBER, /* by its start or its last six digits */
	DATASET_PLACE,
	DATASET_TEXT
};

struct dataset_row {
	enum dataset_kind kind;
	struct str name, label_id, label_en, order, search, mask, class, value;
	struct formula
		*formula; /* compiled `value` where it is an expression */
	enum dataset_search searched;
	size_t head, tail; /* of the mask; both 0 and no mask: shown whole */
	bool specific;     /* class is `spesifik`: hidden in lists */
	/* Which of the texts kept with an entity is this row's; SIZE_MAX when
	 * nothing is computed for it. */
	size_t shown;
	/* The same of what is shown in English, where it differs. */
	struct str value_en;
	struct formula *formula_en;
	size_t shown_en;
	bool looks;  /* the expression looks into lists */
	size_t line; /* of the file */
};

struct dataset {
	struct str name;
	const struct dataset_row *rows; /* by kind, then order */
	size_t n;
	size_t n_shown; /* texts kept with each entity */
	bool looks;     /* one of its expressions looks into lists */
};

struct datasets; /* the whole file; immutable */

#define DATASETS_MAX_ROWS 2000

/* `csv` is copied. ERR_INVALID with every problem: file, row and column. */
enum err datasets_new(struct datasets **out, struct str csv, const char *name,
		      struct report *rep) MUST_CHECK;
void datasets_free(struct datasets *d);
size_t datasets_count(const struct datasets *d);
const struct dataset *datasets_at(const struct datasets *d, size_t i);
const struct dataset *datasets_find(const struct datasets *d, struct str name);
/* The i-th row (from 0) of that kind, or NULL. `d` may be NULL. */
const struct dataset_row *dataset_row(const struct dataset *d,
				      enum dataset_kind kind, size_t i);
/* The row of that kind and name, or NULL. */
const struct dataset_row *dataset_named(const struct dataset *d,
					enum dataset_kind kind,
					struct str name);
/* The action with this `value` ("new", "visit", ...), the i-th of them. */
const struct dataset_row *dataset_action(const struct dataset *d,
					 const char *value, size_t i);
/* The label in the language of the messages; else the other, else the name. */
struct str dataset_label(const struct dataset_row *r);
/* What a property is called: the label of a row whose value it is, else its
 * name. */
struct str dataset_property(const struct dataset *d, struct str name);
/* The text with the row's mask put over it; as it is without a mask. */
struct str dataset_masked(const struct dataset_row *r, struct str text,
			  struct arena *a);

#endif
