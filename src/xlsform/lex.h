/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_LEX_H
#define XLSFORM_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "pilar/str.h"

/*
 * Enough of an expression's words to tell a fixed default from one that must
 * be evaluated, and to find instance(..) paths in a label. It is not the
 * grammar of XPath: xpath.h checks that when the form is loaded.
 */
enum token {
	TOKEN_OTHER,
	TOKEN_MATH,  /* + - * mod div */
	TOKEN_UNION, /* | */
	TOKEN_CLOSE, /* ) */
	TOKEN_SLASH,
	TOKEN_LITERAL,
	TOKEN_SPACE,
	TOKEN_REF,        /* ${name} */
	TOKEN_CALL,       /* name( */
	TOKEN_PRED_START, /* name[ */
	TOKEN_PRED_END
};

/* May the whole text stand as the name of an element? */
bool lex_is_name(struct str text);

/* ${name}, ${last-saved#name} */
struct ref {
	size_t from, to;
	struct str name;
	bool last_saved;
	bool valid; /* else: begins like one, but is none */
};
/* The first at or after `from`. */
bool ref_next(struct str text, size_t from, struct ref *out);
/* Is the whole text one valid reference? */
bool ref_only(struct str text, struct ref *out);
bool ref_any(struct str text);

/* Is this default an expression? `dashes`: a minus makes it none. */
bool lex_dynamic(struct str text, bool dashes);

/* The next instance(..)/path.. at or after *at, where the search then goes
 * on; false: none. */
bool lex_instance_path(struct str text, size_t *at, size_t *from, size_t *to);

#endif
