/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_SURVEY_H
#define XLSFORM_SURVEY_H

#include "column.h"
#include "conv.h"
#include "type.h"

#define SURVEY "survey"

/* Reading the survey sheet: what is open while going down its rows. */
struct survey {
	struct conv *cv;
	struct sheet *sheet;
	const struct column *columns;
	struct element *open; /* the section rows go into */
	size_t depth;
	/* In a group with appearance table-list: the rows from the first
	 * select on are of one list. */
	bool table;
	struct str table_list;
};

/* A row as its element and the cells that are read further. */
struct survey_row {
	struct element *e;
	struct str type, disabled, triggers, parameters;
};

struct str survey_at(struct survey *s, const struct element *e,
		     const char *column);

/* section.c: begin and end rows. */
void section_begin(struct survey *s, struct survey_row *row,
		   enum section section, struct str list);
void section_end(struct survey *s, const struct survey_row *row,
		 enum section section);
/* Loops become groups, one per choice. */
void loops_expand(struct conv *cv);

/* question.c: the other rows. */
void question_row(struct survey *s, struct survey_row *row);
bool row_named(struct survey *s, const struct survey_row *row);

/* select.c */
void select_row(struct survey *s, struct survey_row *row,
		const struct select *select);

/* rules.c: what parameters a type takes and what they become. */
bool parameters_read(struct survey *s, struct survey_row *row);
bool parameters_only(struct survey *s, const struct element *e,
		     const char *names);
void rules_apply(struct survey *s, struct survey_row *row);

/* range.c */
void range_rule(struct survey *s, struct element *e);
/* A decimal number as a whole number of thousand-millionths. */
bool decimal_read(struct str s, int64_t *out);

#endif
