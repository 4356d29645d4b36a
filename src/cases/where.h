/* SPDX-License-Identifier: MIT */
#ifndef CASES_WHERE_H
#define CASES_WHERE_H

#include "pilar/search.h"

#include "internal.h"

/*
 * Query by example: words of a search text that say what a property must be.
 * `desil<=2`, `status=aktif|pindah`, `tgl_lahir=1950..1959`, `nama=si*`, `hp=`
 * for nothing there; a value with blanks stands in quotes. Numbers are compared
 * as numbers, days as days however they are written (21-11-2026, 11-2026, 2026,
 * as lists show them), all else as text without case or diacritics.
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
	/* What was judged so far: values that can be compared with it, or
	 * cannot, as a number with a word. */
	bool alike, unlike;
};

struct where {
	struct condition at[WHERE_MAX];
	size_t n;
	struct str rest; /* of the text: what is not a condition */
	enum search_wrong wrong;
	struct str what; /* name in the last condition read */
};
/* Texts are in the arena, `what` in `text`. ERR_INVALID: `wrong` is set. */
enum err where_read(struct where *w, struct cases *c, struct str dataset,
		    struct str text, struct arena *a) MUST_CHECK;
bool where_true(struct where *w, const struct entity *e, struct arena *a);
/* Was nothing it was asked of a number or day as `what` must be? */
bool where_unlike(const struct where *w, struct str *what);

#endif
