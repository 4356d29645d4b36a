/* SPDX-License-Identifier: MIT */
#ifndef XPATH_PARSE_H
#define XPATH_PARSE_H

#include "expr.h"
#include "lex.h"

/*
 * Text to tree. A NULL expression means that a problem was reported (or memory
 * is out: `nomem`).
 */
struct parser {
	struct arena *a;
	const struct xpath_scope *scope;
	struct report *rep;
	struct str text;
	struct lexer lx;
	struct token tok; /* the next one, not yet taken */
	size_t tokens;
	unsigned depth;
	unsigned uses;      /* XPATH_USES_... */
	bool asks_position; /* position() or last() since it was cleared */
	bool failed, nomem;
	uint64_t looks; /* when the scope does not count them */
};

struct expr *parse_xpath(struct parser *p);

/* A problem at byte `at` of the expression. Always returns NULL. */
void *parse_fail(struct parser *p, size_t at, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* The same, and the expression is good all the same. */
void parse_warn(struct parser *p, size_t at, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* Another slot is looked at; false, with a problem, when it is too much. */
bool parse_look(struct parser *p);
void *parse_alloc(struct parser *p, size_t size);
/* The same for what every evaluation reads. */
void *parse_alloc_hot(struct parser *p, size_t size);
struct expr *parse_expr(struct parser *p, int above);
void parse_take(struct parser *p);
bool parse_expect(struct parser *p, enum tok kind, const char *what);
struct expr *parse_new(struct parser *p, enum op op, size_t at);

/* parse_path.c */
struct expr *parse_steps(struct parser *p); /* a location path */
struct expr *parse_named(struct parser *p); /* path or function call */
struct expr *parse_filter(struct parser *p, struct expr *left); /* [..] */
struct expr *parse_below(struct parser *p, struct expr *left);  /* /.. */
/* parse_call.c */
struct expr *parse_call(struct parser *p, const struct token *t);

/* The namespace a prefix stands for; p == NULL when there is none. */
struct str prefix_uri(const struct xpath_scope *scope, struct str prefix);

/* fn_regex.c: tries the pattern of a call of regex(); false: a problem. */
bool check_pattern(struct parser *p, const struct expr *call);

/* keys.c: what of a predicate an index can answer. */
void pred_find_keys(struct parser *p, struct pred *pred);

#endif
