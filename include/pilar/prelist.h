/* SPDX-License-Identifier: MIT */
#ifndef PILAR_PRELIST_H
#define PILAR_PRELIST_H

#include <stdbool.h>
#include <stddef.h>

#include "pilar/attr.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * A list of the office (BDT, DTKS, DTSEN, BNBA, any table) becomes entities:
 * .csv with , ; TAB or |, in UTF-8, UTF-16 or Windows-1252, .xlsx and .xls.
 *
 * Which column goes where is proposed: as it was chosen the last time, else by
 * the words of PRELIST_FILE, else by the name of a property or what
 * datasets.csv calls it; letters, digits and nothing else are compared. What
 * was chosen by hand is remembered in the store when the list is taken in.
 *
 * Which entity a row is, is told by its key: the column that PRELIST_FILE
 * knows as one, else one of a property that is unique, else the row as a
 * whole. The same list again changes nothing.
 *
 * PRELIST_FILE has the columns dataset,kind,name,value:
 *   head    name: property (or label); value: heads, with | between
 *   key     value: heads of columns with a number of their own
 *   date    name: property: 31-12-2024, 31/12/2024, 31 Desember 2024,
 *           2024-12-31 or the number a spreadsheet has for that day
 *   digits  name: property; value: how many digits it has
 *   code    name: property; value: code=word|word
 *   empty   value: words that say nothing
 *   skip    value: heads of which nothing is said when they go nowhere
 *   part    name: property; value: heads. Several of these: what stands under
 *           them is one value, in their order, with the value of a row `join`
 *           between
 *   make    name: property of kind parent; value: property of what it leads to
 *           that gets the number: rows whose number nobody has make one, and
 *           columns that go nowhere else go to it, as "parent/property"
 *   give    name: property; value: the one that gets the same there
 *   lookup  name: property that no column gives; value:
 *           list|property|column:property|column=text: the name of the row of
 *           that list whose label is what `property` says. column:property
 *           leads to the row whose label that is; column=text must hold
 *   first   name: property; value: code: the row that has it says what is
 *           made, others what that leaves empty
 */
#define PRELIST_FILE      "prelist.csv"
#define PRELIST_MAX_RULES 2000
/* Rows before the heads: titles and the like. */
#define PRELIST_HEAD_ROWS 30

/* ERR_INVALID with every problem: row and column. */
enum err prelist_rules_check(struct str csv, struct report *rep) MUST_CHECK;

struct prelist;

struct prelist_file {
	const char *path;
	struct str sheet; /* empty: the first that has something in it */
};

/* Reads the file and proposes. Warnings in `rep` are for the person, too. */
enum err prelist_open(struct prelist **out, struct cases *c, struct str dataset,
		      const struct prelist_file *file,
		      struct report *rep) MUST_CHECK;
void prelist_free(struct prelist *p);

/* ---- which column goes where */
enum prelist_by {
	PRELIST_UNKNOWN, /* goes nowhere */
	PRELIST_TAKEN,   /* neither: another column goes there */
	PRELIST_REASON,  /* why it was refused the last time */
	PRELIST_SKIPPED, /* a number of the line, and the like */
	PRELIST_WORD,
	PRELIST_REMEMBERED,
	PRELIST_CHOSEN
};
struct prelist_column {
	struct str head;     /* "[C]" where it has none */
	struct str property; /* empty: passed by; "parent/property" */
	struct str sample;   /* the first value in it */
	enum prelist_by by;
};
size_t prelist_columns(const struct prelist *p);
const struct prelist_column *prelist_column(const struct prelist *p, size_t i);
/* By its head, or SIZE_MAX. */
size_t prelist_find(const struct prelist *p, struct str head);
/* The column that says which entity it is; SIZE_MAX: the row as a whole. */
size_t prelist_key(const struct prelist *p);
void prelist_set_key(struct prelist *p, size_t column);
/* Empty: passed by. Another column that went there goes nowhere from then on.
 * ERR_NOTFOUND: no such property. */
enum err prelist_map(struct prelist *p, size_t column,
		     struct str property) MUST_CHECK;
/* All that a column can go to, and what it is called. */
struct prelist_property {
	struct str name, label;
};
enum err prelist_properties(const struct prelist *p, struct arena *a,
			    struct prelist_property **out,
			    size_t *n) MUST_CHECK;
/* What it is called, also that of a parent: "Household: Address". */
struct str prelist_label(const struct prelist *p, struct str property,
			 struct arena *a);
/* What rows of one number make: the title of its list; or empty. */
struct str prelist_made(const struct prelist *p);
/* The sheets of a workbook and the one that was read; 0 of other files. */
size_t prelist_sheets(const struct prelist *p, const struct str **names,
		      size_t *at);

/* ---- taking it in */
struct prelist_run {
	bool dry;
	store_progress progress; /* may be NULL, as may the next */
	bool (*cancelled)(void *arg);
	void *arg;
};
struct prelist_done {
	size_t rows; /* with something in them */
	size_t created, changed, same, refused;
	size_t twice; /* say what a row before them said */
	/* Entities that several rows make together; see prelist_made(). */
	size_t made, made_changed;
	/* What has no code, as its name is not in the list that has codes, or
	 * stands for several; and what that name is a property called. */
	size_t uncoded;
	struct str uncoded_of;
	size_t stopped_at; /* rows dealt with when it was cancelled */
};
/* ERR_CANCELLED: what came before stands; `done` says how much. */
enum err prelist_run(struct prelist *p, const struct prelist_run *how,
		     struct prelist_done *done, struct report *rep) MUST_CHECK;

/* Rows that were not taken, after prelist_run(). */
struct prelist_refusal {
	size_t row;
	struct str column;
	const char *why; /* N_() */
};
const struct prelist_refusal *prelist_refusals(const struct prelist *p,
					       size_t *n);
/* Those rows with their reasons in one more column, under the same heads, so
 * that they can be mended and taken in; .xlsx or .csv by its name. */
enum err prelist_write_refused(struct prelist *p, const char *path,
			       struct report *rep) MUST_CHECK;

#endif
