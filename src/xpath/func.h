/* SPDX-License-Identifier: MIT */
#ifndef XPATH_FUNC_H
#define XPATH_FUNC_H

#include "value.h"

/*
 * The function library: one row a function. Rows stand in the file of their
 * family, which exports them ended by a row without name; func.c lists the
 * families.
 */
enum func_result { FN_STRING, FN_NUMBER, FN_BOOLEAN, FN_NODES, FN_ANY };

enum {
	/* What the function makes of the expression: XPATH_USES_... of
	 * pilar/xpath.h, the low bits. */
	FN_NOW = XPATH_USES_NOW,
	FN_RANDOM = XPATH_USES_RANDOM,
	FN_ONCE = XPATH_USES_ONCE,
	FN_LANG = XPATH_USES_LANG,
	FN_POSITION = XPATH_USES_POSITION,
	FN_LISTS = XPATH_USES_LISTS,
	FN_EVENTS = XPATH_USES_EVENTS, /* known only where the scope says so */
	FN_USES = 0xff,
	/* Without argument it takes the context node (string-length()); a lazy
	 * one looks at it in any case. */
	FN_CONTEXT = 0x100,
	/* A path argument means all its nodes, also when it names a repeat the
	 * context stands in (sum, count, join); FN_WHOLE_ONE: only when it is
	 * the only argument (max). */
	FN_WHOLE = 0x200,
	FN_WHOLE_ONE = 0x400,
	/* A path argument is asked for its nodes, not for what is in them. */
	FN_NODES_ONLY = 0x800,
	FN_INDEXED = 0x1000, /* indexed-repeat() */
	/* By chance when it has one argument only, no seed (randomize). */
	FN_RANDOM_ALONE = 0x2000,
	FN_ANYWHERE = 0x4000, /* may look at any node (id) */
	/* From the minimum on its arguments come by two. */
	FN_PAIRS = 0x8000,
	FN_PATTERN = 0x10000 /* the second one is a pattern (regex) */
};

#define FN_MANY 0xff /* no upper limit of arguments */

struct expr;

struct func {
	struct str name; /* "jr:itext" for those in a namespace */
	uint8_t min, max;
	enum func_result result;
	unsigned flags;
	enum err (*call)(struct eval *e, const struct val *args, size_t n,
			 struct val *out);
	/* Instead of `call`: evaluates its arguments itself (eval.h). */
	enum err (*lazy)(struct eval *e, const struct expr *x, struct val *out);
};

/* NULL when there is none of that name. */
const struct func *func_find(struct str name);

/* The families; each ends with a row whose name is empty. */
const struct func *func_core(void);   /* fn_core.c: if, once, jr:itext */
const struct func *func_nodes(void);  /* fn_nodes.c: count, position, join */
const struct func *func_repeat(void); /* fn_repeat.c: indexed-repeat */
const struct func *func_string(void); /* fn_string.c */
const struct func *func_number(void); /* fn_number.c */
const struct func *func_date(void);   /* fn_date.c */
const struct func *func_select(void); /* fn_select.c: selected, checklist */
const struct func *func_geo(void);    /* fn_geo.c */
const struct func *func_digest(void); /* fn_digest.c: digest, base64, signed */
const struct func *func_regex(void);  /* fn_regex.c */
const struct func *func_random(void); /* fn_random.c: random, uuid, randomize */

#endif
