/* SPDX-License-Identifier: MIT */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "pilar/csv.h"
#include "pilar/map.h"
#include "pilar/vec.h"

#include "app.h"

/*
 * A list of the office becomes entities. A column goes into the property that
 * --map names, now or without it the last time, else into the one of the same
 * name, else into the one that datasets.csv shows under that label.
 */
#define LABEL "label" /* of the entity, as forms call it */

struct column {
	struct str head;
	struct str property;          /* empty: passed by */
	const struct dataset *parent; /* its values are ids of that list */
	bool mapped;
	bool unique;   /* warned of when two have the same */
	size_t length; /* of most of its numbers */
	bool zeros;    /* all of which end with 0 */
};
/* Numbers that a spreadsheet cannot hold; of shorter ones nothing is said. */
#define LONG_NUMBER 15
#define ZEROS_LOST  2
/* As many tell that it is no chance. */
#define MANY_ZEROS 8

struct refusal {
	size_t row;
	struct str column;
	const char *why;   /* N_() */
	struct str *cells; /* for --refused; else NULL */
	size_t n;
};

struct import {
	struct app *app;
	const char *id_column, *file, *refused_file;
	bool dry;
	VEC(const char *) maps;
	const struct dataset *dataset;
	struct list_in in;
	struct buf text;
	struct csv csv;
	struct column columns[CSV_MAX_COLUMNS];
	size_t n_columns, id, label; /* columns; SIZE_MAX: none */
	VEC(struct list_row) rows;
	VEC(struct refusal) refused;
	struct map ids; /* those met in the file */
};

/* A problem of the file, at that place in it; ERR_INVALID. */
enum err import_say(struct import *m, struct str place, const char *text);
/* Which column goes where: the first row of the file has been read. */
enum err import_head(struct import *m) MUST_CHECK;
/* The columns that --map named, for the next list of this dataset. */
enum err import_remember(struct import *m) MUST_CHECK;

#endif
