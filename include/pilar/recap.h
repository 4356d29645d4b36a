/* SPDX-License-Identifier: MIT */
#ifndef PILAR_RECAP_H
#define PILAR_RECAP_H

#include <stdbool.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/cases.h"
#include "pilar/doc.h"
#include "pilar/err.h"
#include "pilar/json.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * forms/recaps.csv: what is counted, listed and printed. C code has no name of
 * a dataset, form or property: it asks here. Columns:
 * recap,kind,name,label::id,label::en,value; one recap is all rows of a name.
 *
 *   title    label: over it
 *   source   name: a dataset, "events" (all submissions) or "events:FORM";
 *            what stands below, up to the next source, is of it
 *   filter   value: expression, false leaves the record out
 *   when     value: date; with a period, records without one or outside of it
 *            are left out
 *   by       name, label, value: a way to part the table, the first is the
 *            usual one; "-" as the first: usually it is not parted
 *   rows     label: head of the column; value: what the record is counted
 *            under. name: a list for order and labels; then the value is
 *            words, the record counts once under each, and all rows of the
 *            list are shown
 *   measure  label: of a column; value: a number that is summed, a condition
 *            that holds is 1. The last row counts each record once
 *   column   name, label, value: of a list, a record a line
 *   sort     value: text by which the lines stand
 *   separator  name: of the CSV file, "," when there is none
 * and on paper, in their order:
 *   for      name: the dataset whose entity the paper is about
 *   heading, text, pair (label: value), part (name: another recap;
 *            value: how it is parted),
 *   sign     label: over the line; value: the name under it
 *
 * An expression sees the properties of an entity, or the answers of a
 * submission by name; and name, label, from, to (the period), about (the id of
 * a paper's entity), row (in a measure: which row is counted), of an event
 * also worker, form, title, date, exported. today() is the last day of the
 * period. On paper: those of its entity, or of
 * the worker: name, code, role, village.
 */
enum recap_kind {
	RECAP_COUNT, /* has rows */
	RECAP_LIST,  /* has column */
	RECAP_PAPER  /* has text, pair, part or sign */
};
struct recaps; /* the whole file; immutable */

#define RECAPS_FILE     "recaps.csv"
#define RECAPS_MAX_ROWS 2000

/* ERR_INVALID with every problem: file, row and column. */
enum err recaps_new(struct recaps **out, struct str csv, const char *name,
		    struct report *rep) MUST_CHECK;
/* Those of the store; ERR_NOTFOUND when it has none. */
enum err recaps_open(struct recaps **out, struct cases *c,
		     struct report *rep) MUST_CHECK;
void recaps_free(struct recaps *r);

struct recap;
size_t recaps_count(const struct recaps *r);
const struct recap *recaps_at(const struct recaps *r, size_t i);
const struct recap *recaps_find(const struct recaps *r, struct str name);
struct str recap_name(const struct recap *r);
struct str recap_title(const struct recap *r); /* in the language spoken */
enum recap_kind recap_kind(const struct recap *r);
struct str recap_dataset(const struct recap *r); /* of `for`; or empty */
/* Only a part of papers: its records are those about their entity. */
bool recap_inner(const struct recap *r);
/* "2026-11": its first and last day, in the arena; false when it is none. */
bool recap_month(struct str month, struct arena *a, struct str *from,
		 struct str *to);
/* The i-th way to part it: its name and label; false: there is none. */
bool recap_by(const struct recap *r, size_t i, struct str *name,
	      struct str *label);

struct recap_ask {
	struct cases *cases;
	const struct recaps *recaps;
	const struct recap *recap;
	struct str from, to; /* YYYY-MM-DD, or empty */
	/* How it is parted: empty as it usually is, "-" not at all. */
	struct str by;
	const struct entity *about; /* of a paper `for` a dataset */
};
/*
 * As a document, as CSV (not a paper), as JSON. ERR_INVALID with a sentence:
 * no such way to part it, a date that is none, a paper without its entity.
 */
enum err recap_doc(const struct recap_ask *ask, struct doc *d,
		   struct report *rep) MUST_CHECK;
enum err recap_csv(const struct recap_ask *ask, struct buf *out,
		   struct report *rep) MUST_CHECK;
enum err recap_json(const struct recap_ask *ask, struct json **out,
		    struct report *rep) MUST_CHECK;

#endif
