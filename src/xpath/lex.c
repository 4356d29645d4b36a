/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/attr.h"

#include "lex.h"

/* Longest first, so that "!=" is not "!" and "//" not "/". */
static const struct {
	struct str text;
	enum tok kind;
} marks[] = {
	{ STR_INIT("::"), TOK_AXIS },       { STR_INIT(".."), TOK_DOTDOT },
	{ STR_INIT("//"), TOK_SLASHES },    { STR_INIT("!="), TOK_NE },
	{ STR_INIT("<="), TOK_LE },         { STR_INIT(">="), TOK_GE },
	{ STR_INIT("("), TOK_OPEN },        { STR_INIT(")"), TOK_CLOSE },
	{ STR_INIT("["), TOK_OPEN_SQUARE }, { STR_INIT("]"), TOK_CLOSE_SQUARE },
	{ STR_INIT(","), TOK_COMMA },       { STR_INIT("."), TOK_DOT },
	{ STR_INIT("@"), TOK_AT },          { STR_INIT("/"), TOK_SLASH },
	{ STR_INIT("="), TOK_EQ },          { STR_INIT("<"), TOK_LT },
	{ STR_INIT(">"), TOK_GT },          { STR_INIT("+"), TOK_PLUS },
	{ STR_INIT("-"), TOK_MINUS },       { STR_INIT("|"), TOK_UNION },
};

static const struct {
	struct str text;
	enum tok kind;
} words[] = {
	{ STR_INIT("or"), TOK_OR },
	{ STR_INIT("and"), TOK_AND },
	{ STR_INIT("div"), TOK_DIV },
	{ STR_INIT("mod"), TOK_MOD },
};

static bool is_letter(char c)
{
	return ascii_letter(c) || c == '_' || ((unsigned char)c & 0x80);
}

static bool is_name(char c)
{
	return is_letter(c) || ascii_digit(c) || c == '-' || c == '.';
}

static char peek(const struct lexer *lx, size_t ahead)
{
	size_t at = lx->at + ahead;

	if (at < lx->text.n)
		return lx->text.p[at];
	return '\0';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* After these an operator must follow, after all others an operand may. */
static const bool ends_operand[TOK_KINDS] = {
	[TOK_CLOSE] = true,  [TOK_CLOSE_SQUARE] = true, [TOK_DOT] = true,
	[TOK_DOTDOT] = true, [TOK_LITERAL] = true,      [TOK_NUMBER] = true,
	[TOK_NAME] = true,   [TOK_STAR] = true,
};

static void lex_name_end(struct lexer *lx)
{
	while (is_name(peek(lx, 0)))
		lx->at++;
}

static void lex_name(struct lexer *lx, struct token *t)
{
	size_t from = lx->at;

	t->kind = TOK_NAME;
	lex_name_end(lx);
	if (peek(lx, 0) == ':' &&
	    (is_letter(peek(lx, 1)) || (peek(lx, 1) == '*' && lx->at > from))) {
		t->prefix = str_sub(lx->text, from, lx->at);
		from = ++lx->at;
		if (peek(lx, 0) == '*') {
			lx->at++;
			t->kind = TOK_STAR;
		}
		lex_name_end(lx);
	}
	t->text = str_sub(lx->text, from, lx->at);
}

/* "mod" of "5 mod2" and of "5 mod 2", but not of "5 model". */
static bool lex_word(struct lexer *lx, struct token *t)
{
	struct str rest = str_sub(lx->text, lx->at, lx->text.n);

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = words[i].text.n;

		if (!str_starts(rest, words[i].text) ||
		    (n < rest.n && is_letter(rest.p[n])))
			continue;
		lx->at += n;
		t->kind = words[i].kind;
		return true;
	}
	return false;
}

static void lex_number(struct lexer *lx, struct token *t)
{
	size_t from = lx->at;

	t->kind = TOK_NUMBER;
	while (ascii_digit(peek(lx, 0)))
		lx->at++;
	if (peek(lx, 0) == '.')
		lx->at++;
	while (ascii_digit(peek(lx, 0)))
		lx->at++;
	t->text = str_sub(lx->text, from, lx->at);
}

static void lex_literal(struct lexer *lx, struct token *t)
{
	char quote = peek(lx, 0);
	struct str rest = str_sub(lx->text, lx->at + 1, lx->text.n);
	const char *end = rest.n ? memchr(rest.p, quote, rest.n) : NULL;

	if (!end) {
		t->kind = TOK_BAD;
		return;
	}
	t->kind = TOK_LITERAL;
	t->text = (struct str){ rest.p, (size_t)(end - rest.p) };
	lx->at += t->text.n + 2;
}

static void lex_mark(struct lexer *lx, struct token *t)
{
	struct str rest = str_sub(lx->text, lx->at, lx->text.n);

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (marks[i].text.p[0] != rest.p[0] ||
		    !str_starts(rest, marks[i].text))
			continue;
		t->kind = marks[i].kind;
		lx->at += marks[i].text.n;
		return;
	}
	t->kind = TOK_BAD;
}

static void lex_star(struct lexer *lx, struct token *t)
{
	t->kind = ends_operand[lx->before] ? TOK_TIMES : TOK_STAR;
	lx->at++;
}

struct token xpath_lex(struct lexer *lx)
{
	struct token t = { 0 };
	char c;

	while (is_blank(peek(lx, 0)))
		lx->at++;
	t.at = lx->at;
	c = peek(lx, 0);
	if (lx->at >= lx->text.n)
		t.kind = TOK_END;
	else if (c == '\'' || c == '"')
		lex_literal(lx, &t);
	else if (ascii_digit(c) || (c == '.' && ascii_digit(peek(lx, 1))))
		lex_number(lx, &t);
	else if (c == '*')
		lex_star(lx, &t);
	else if (!is_letter(c))
		lex_mark(lx, &t);
	else if (!ends_operand[lx->before] || !lex_word(lx, &t))
		lex_name(lx, &t);
	lx->before = t.kind;
	return t;
}
