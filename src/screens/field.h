/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_FIELD_H
#define SCREENS_FIELD_H

#include <stdbool.h>

#include "pilar/session.h"
#include "pilar/sys.h"
#include "pilar/ui.h"

/*
 * One answer being typed: which keys count, what stands in the field, and how
 * it reads as a value of the form. Dates and times are typed as digits alone.
 */
enum field_kind {
	FIELD_TEXT,
	FIELD_NUMBERS, /* text of 0-9 - . , only */
	FIELD_INTEGER,
	FIELD_DECIMAL,
	FIELD_DATE,
	FIELD_MONTH,
	FIELD_YEAR,
	FIELD_TIME,
	FIELD_DATETIME,
	FIELD_CODE /* of a choice */
};

/* Digits of a whole number on the screen; the engine has 32 bits. */
#define INTEGER_DIGITS 9
/* Signs of a decimal (ODK Collect's limit). */
#define DECIMAL_MAX 15
/* Bytes of a text; beyond it the field says it is full. */
#define TEXT_MAX 4000
/* Digits of a choice's code. */
#define CODE_MAX 3

struct field {
	enum field_kind kind;
	struct edit edit;
	bool fresh; /* nothing typed yet: a digit replaces a whole date */
	bool counter;
	bool whole;    /* filled in by the form: the first letter replaces it */
	size_t length; /* full at this many characters; 0: never */
};

enum field_result {
	FIELD_NOT_TAKEN,
	FIELD_TAKEN,
	FIELD_CHANGED,
	FIELD_FULL, /* complete: the field moves on by itself */
	FIELD_LIMIT /* no more fits */
};

enum field_kind field_kind_of(const struct item *i);
void field_begin(struct field *f, const struct item *i, struct str value);
/* The value came from the form: typing replaces it, an arrow begins to mend
 * it. The cursor stands at its start. */
void field_from_form(struct field *f);
/* What was half typed when the program ended. */
void field_restore(struct field *f, struct str typed);
void field_release(struct field *f);
enum field_result field_key(struct field *f, struct key k,
			    const struct sys *sys);
/* As the form stores it. ERR_INVALID: not (yet) such a value. */
enum err field_value(const struct field *f, const struct sys *sys,
		     struct arena *a, struct str *out) MUST_CHECK;
/* A stored value as it stands in the field. */
struct str field_shown(enum field_kind kind, struct str value, struct arena *a);
/* What is said beside a date: the weekday, and for births the age. */
struct str field_beside(enum field_kind kind, struct str value,
			const struct sys *sys, struct arena *a);
/* The same of what stands in the field now. */
struct str field_typed_beside(const struct field *f, const struct sys *sys,
			      struct arena *a);
/* Columns between the brackets; 0: as many as there are. */
int field_width(const struct item *i);
/* What Enter says of a value that is none. */
const char *field_complaint(enum field_kind kind);

#endif
