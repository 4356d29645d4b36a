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
 *   note     label: small, under the title
 *   source   name: a dataset, "events" (all submissions that stand) or
 *            "events:FORM"; what stands below, up to the next source, is of it
 *   filter   value: expression, false leaves the record out
 *   let      name, value: a text that later lines see under that name
 *   when     value: date; with a period, records without one or outside of it
 *            are left out
 *   moves    the record counts also as it was before the period; a measure
 *            then sees `before` and `now`, "1" in a row it stood or stands in
 *   by       name, label, value: a way to part the table, the first is the
 *            usual one; "-" as the first: usually it is not parted
 *   rows     label: head of the column; value: what the record is counted
 *            under. name: a list for order and labels; then the value is
 *            words, and the record counts once under each
 *   all      rows of that list are shown also when nothing is under them
 *   measure  label: of a column; value: a number that is summed, a condition
 *            that holds is 1. The last row counts each record once; of a
 *            measure that looks at `row`, the largest. name "bar": it is drawn
 *   column   name, label, value: of a list, a record a line
 *   each     value: words, a line for each, which it sees as `row`
 *   sort     value: text by which the lines stand
 *   separator  name: of the CSV file, "," when there is none
 * and on paper, in their order:
 *   for      name: the dataset whose entity the paper is about
 *   heading, text, pair (label: value), part (name: another recap;
 *            value: how it is parted),
 *   sign     label: over the line; value: the name under it
 *
 * A value of `by` or `rows` without a list may be "code|name": counted under
 * the code, called by the name.
 *
 * An expression sees the properties of an entity, or the answers of a
 * submission by name; and name, label, from, to (the period; `to` is today
 * without one), about (the id of a paper's entity), row, of an event also
 * worker, form, title, date, exported. On paper: those of its entity, or of
 * the worker: name, code, role, village.
 *
 * Entities, and lists that expressions look into, are as they were when the
 * last day of the period was over; today() is that day. Where it is not over
 * they are as they are now.
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
/*
 * What a person writes: "2026", "2026-11", "11-2026", "01-11-2026",
 * "2026-11-01", or two of them, the first and the last.
 */
bool recap_period(struct str text, struct arena *a, struct str *from,
		  struct str *to);
/* Is it of a month when nobody says of which days: a report, a movement? Of
 * which then: this one, in its first days the one before. */
bool recap_of_month(const struct recap *r);
struct str recap_usual_month(const struct sys *sys, struct arena *a);
/* "01-11-2026 sampai 30-11-2026"; both may be empty. */
struct str recap_period_text(struct str from, struct str to, struct arena *a);
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
	store_progress progress;    /* may be NULL, as the next */
	bool (*cancelled)(void *arg);
	void *arg; /* of both */
};
/*
 * As a document, as CSV (not a paper), as JSON. ERR_INVALID with a sentence:
 * no such way to part it, a date that is none, a paper without its entity.
 * ERR_CANCELLED: it was stopped.
 */
enum err recap_doc(const struct recap_ask *ask, struct doc *d,
		   struct report *rep) MUST_CHECK;
enum err recap_csv(const struct recap_ask *ask, struct buf *out,
		   struct report *rep) MUST_CHECK;
enum err recap_json(const struct recap_ask *ask, struct json **out,
		    struct report *rep) MUST_CHECK;

#endif
