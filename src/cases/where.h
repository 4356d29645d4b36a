/* SPDX-License-Identifier: MIT */
#ifndef CASES_WHERE_H
#define CASES_WHERE_H

#include "internal.h"

/*
 * Query by example: words of a search text that say what a property must be.
 * `desil<=2`, `status=aktif|pindah`, `tgl_lahir=1950..1959`, `nama=si*`, `hp=`
 * for nothing there; a value with blanks stands in quotes. Numbers are compared
 * as numbers, dates as dates, all else as text without case or diacritics.
 */
#define WHERE_MAX 8

enum where_op {
	WHERE_IS,
	WHERE_NOT,
	WHERE_LESS,
	WHERE_LEAST,
	WHERE_MORE,
	WHERE_MOST
};

struct condition {
	struct str name, value; /* value: folded */
	enum where_op op;
	const struct dataset_row *row; /* shown under that name; may be NULL */
};

struct where {
	struct condition at[WHERE_MAX];
	size_t n;
	struct str rest;    /* of the text: what is not a condition */
	struct str unknown; /* no property or row of the dataset */
};
/* Texts are in the arena. ERR_INVALID: `unknown` is set. */
enum err where_read(struct where *w, struct cases *c, struct str dataset,
		    struct str text, struct arena *a) MUST_CHECK;
bool where_true(const struct where *w, const struct entity *e, struct arena *a);

#endif
