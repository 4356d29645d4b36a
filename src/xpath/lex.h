/* SPDX-License-Identifier: MIT */
#ifndef XPATH_LEX_H
#define XPATH_LEX_H

#include "pilar/str.h"

/* The tokens of XPath 1.0 (3.7). What an operator is depends on what stands
 * before it, so the lexer keeps the kind of the token before. */
enum tok {
	TOK_END,
	TOK_OPEN,
	TOK_CLOSE,
	TOK_OPEN_SQUARE,
	TOK_CLOSE_SQUARE,
	TOK_COMMA,
	TOK_DOT,
	TOK_DOTDOT,
	TOK_AT,
	TOK_AXIS, /* :: */
	TOK_LITERAL,
	TOK_NUMBER,
	TOK_NAME, /* name, p:name */
	TOK_STAR, /* *, p:* */
	TOK_SLASH,
	TOK_SLASHES,
	TOK_OR,
	TOK_AND,
	TOK_EQ,
	TOK_NE,
	TOK_LT,
	TOK_LE,
	TOK_GT,
	TOK_GE,
	TOK_PLUS,
	TOK_MINUS,
	TOK_TIMES,
	TOK_DIV,
	TOK_MOD,
	TOK_UNION,
	TOK_BAD, /* no token begins here */
	TOK_KINDS
};

struct token {
	enum tok kind;
	struct str text;   /* literal without its quotes; local name */
	struct str prefix; /* p == NULL: none */
	size_t at;         /* byte in the expression */
};

struct lexer {
	struct str text;
	size_t at;
	enum tok before;
};

struct token xpath_lex(struct lexer *lx);

#endif
