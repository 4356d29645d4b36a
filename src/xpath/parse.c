/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "number.h"
#include "parse.h"

/* So much of a long expression is quoted in a message, in bytes. */
#define QUOTE_MAX 120

/* Operators bind tighter downwards (XPath 1.0, 3.5). */
enum prec {
	PREC_NONE,
	PREC_OR,
	PREC_AND,
	PREC_EQUALITY,
	PREC_RELATION,
	PREC_ADDITIVE,
	PREC_MULTIPLICATIVE,
	PREC_UNARY,
	PREC_UNION,
	PREC_PATH
};

struct rule {
	struct expr *(*prefix)(struct parser *p);
	struct expr *(*infix)(struct parser *p, struct expr *left);
	enum prec prec;
	enum op op;
	enum join join;
};

static const struct rule rules[TOK_KINDS];

static uint32_t column_at(const struct parser *p, size_t at)
{
	return (uint32_t)utf8_count(str_sub(p->text, 0, at)) + 1;
}

/* The expression around `at`, short enough for a message. */
static struct str quote(const struct parser *p, size_t at)
{
	size_t from = at > QUOTE_MAX / 2 ? at - QUOTE_MAX / 2 : 0;

	if (p->text.n <= QUOTE_MAX)
		return p->text;
	while (from && ((unsigned char)p->text.p[from] & 0xc0) == 0x80)
		from--;
	return str_sub(
		p->text, from,
		from + utf8_fit(str_sub(p->text, from, p->text.n), QUOTE_MAX));
}

static void tell(struct parser *p, enum severity kind, size_t at,
		 const char *why)
{
	report_add(p->rep, kind, p->scope->place,
		   _("ungkapan \"%.*s\", kolom %u: %s"), STR_ARG(quote(p, at)),
		   column_at(p, at), why);
}

void *parse_fail(struct parser *p, size_t at, const char *format, ...)
{
	char why[200];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	tell(p, PROBLEM_ERROR, at, why);
	p->failed = true;
	return NULL;
}

void parse_warn(struct parser *p, size_t at, const char *format, ...)
{
	char why[200];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	tell(p, PROBLEM_WARNING, at, why);
}

bool parse_look(struct parser *p)
{
	uint64_t *looks = p->scope->looks ? p->scope->looks : &p->looks;

	if (++*looks > XPATH_MAX_LOOKS && !p->failed)
		parse_fail(p, 0, _("ungkapan membaca terlalu banyak simpul"));
	return !p->failed;
}

static void *alloc(struct parser *p, struct arena *a, size_t size)
{
	void *m = arena_alloc(a, size);

	if (!m)
		p->failed = p->nomem = true;
	return m;
}

void *parse_alloc(struct parser *p, size_t size)
{
	return alloc(p, p->a, size);
}

void *parse_alloc_hot(struct parser *p, size_t size)
{
	return alloc(p, p->scope->pool ? &p->scope->pool->hot : p->a, size);
}

void parse_take(struct parser *p)
{
	p->tok = xpath_lex(&p->lx);
	if (p->tok.kind == TOK_END || ++p->tokens <= XPATH_MAX_TOKENS)
		return;
	if (!p->failed)
		parse_fail(p, p->tok.at, _("lebih dari %d kata dan tanda"),
			   XPATH_MAX_TOKENS);
	p->tok.kind = TOK_END;
}

bool parse_expect(struct parser *p, enum tok kind, const char *what)
{
	if (p->tok.kind == kind) {
		parse_take(p);
		return true;
	}
	if (!p->failed)
		parse_fail(p, p->tok.at, _("kurang \"%s\""), what);
	return false;
}

struct expr *parse_new(struct parser *p, enum op op, size_t at)
{
	struct expr *x = parse_alloc_hot(p, sizeof(*x));

	if (x) {
		x->op = (uint8_t)op;
		x->at = (uint32_t)at;
	}
	return x;
}

static struct expr *number(struct parser *p)
{
	struct expr *x = parse_new(p, OP_NUMBER, p->tok.at);

	if (!x)
		return NULL;
	x->number = number_parse(p->tok.text);
	parse_take(p);
	return x;
}

static struct expr *literal(struct parser *p)
{
	struct expr *x = parse_new(p, OP_STRING, p->tok.at);

	if (!x)
		return NULL;
	x->text = p->tok.text;
	parse_take(p);
	return x;
}

static struct expr *group(struct parser *p)
{
	struct expr *x;

	parse_take(p);
	x = parse_expr(p, PREC_NONE);
	if (!x || !parse_expect(p, TOK_CLOSE, ")"))
		return NULL;
	x->closed = true;
	return x;
}

static struct expr *negate(struct parser *p)
{
	struct expr *x = parse_new(p, OP_NEGATE, p->tok.at);

	parse_take(p);
	if (!x)
		return NULL;
	x->args = parse_expr(p, PREC_UNARY - 1);
	x->n_args = 1;
	return x->args ? x : NULL;
}

static void append(struct expr *list, struct expr *operand)
{
	struct expr **at = &list->args;

	while (*at)
		at = &(*at)->next;
	*at = operand;
	list->n_args++;
}

static struct expr *operands(struct parser *p, const struct rule *rule,
			     struct expr *left)
{
	struct expr *x = left;

	if (left->op != rule->op || left->closed) {
		x = parse_new(p, rule->op, p->tok.at);
		if (!x)
			return NULL;
		append(x, left);
	}
	return x;
}

static struct expr *binary(struct parser *p, struct expr *left)
{
	const struct rule *rule = &rules[p->tok.kind];
	struct expr *x = operands(p, rule, left), *right;

	parse_take(p);
	if (!x)
		return NULL;
	right = parse_expr(p, (int)rule->prec);
	if (!right)
		return NULL;
	right->join = (uint8_t)rule->join;
	append(x, right);
	return x;
}

/* clang-format off */
static const struct rule rules[TOK_KINDS] = {
	[TOK_OPEN] = { group, NULL, PREC_NONE, 0, 0 },
	[TOK_LITERAL] = { literal, NULL, PREC_NONE, 0, 0 },
	[TOK_NUMBER] = { number, NULL, PREC_NONE, 0, 0 },
	[TOK_NAME] = { parse_named, NULL, PREC_NONE, 0, 0 },
	[TOK_STAR] = { parse_steps, NULL, PREC_NONE, 0, 0 },
	[TOK_DOT] = { parse_steps, NULL, PREC_NONE, 0, 0 },
	[TOK_DOTDOT] = { parse_steps, NULL, PREC_NONE, 0, 0 },
	[TOK_AT] = { parse_steps, NULL, PREC_NONE, 0, 0 },
	[TOK_SLASH] = { parse_steps, parse_below, PREC_PATH, 0, 0 },
	[TOK_SLASHES] = { parse_steps, parse_below, PREC_PATH, 0, 0 },
	[TOK_OPEN_SQUARE] = { NULL, parse_filter, PREC_PATH, 0, 0 },
	[TOK_OR] = { NULL, binary, PREC_OR, OP_OR, JOIN_NONE },
	[TOK_AND] = { NULL, binary, PREC_AND, OP_AND, JOIN_NONE },
	[TOK_EQ] = { NULL, binary, PREC_EQUALITY, OP_COMPARE, JOIN_EQ },
	[TOK_NE] = { NULL, binary, PREC_EQUALITY, OP_COMPARE, JOIN_NE },
	[TOK_LT] = { NULL, binary, PREC_RELATION, OP_COMPARE, JOIN_LT },
	[TOK_LE] = { NULL, binary, PREC_RELATION, OP_COMPARE, JOIN_LE },
	[TOK_GT] = { NULL, binary, PREC_RELATION, OP_COMPARE, JOIN_GT },
	[TOK_GE] = { NULL, binary, PREC_RELATION, OP_COMPARE, JOIN_GE },
	[TOK_PLUS] = { NULL, binary, PREC_ADDITIVE, OP_ARITH, JOIN_ADD },
	[TOK_MINUS] = { negate, binary, PREC_ADDITIVE, OP_ARITH, JOIN_SUB },
	[TOK_TIMES] = { NULL, binary, PREC_MULTIPLICATIVE, OP_ARITH, JOIN_MUL },
	[TOK_DIV] = { NULL, binary, PREC_MULTIPLICATIVE, OP_ARITH, JOIN_DIV },
	[TOK_MOD] = { NULL, binary, PREC_MULTIPLICATIVE, OP_ARITH, JOIN_MOD },
	[TOK_UNION] = { NULL, binary, PREC_UNION, OP_UNION, JOIN_NONE },
};
/* clang-format on */

static struct expr *unexpected(struct parser *p)
{
	if (p->failed)
		return NULL;
	if (p->tok.kind == TOK_END)
		return parse_fail(p, p->tok.at, _("ungkapan belum selesai"));
	return parse_fail(p, p->tok.at, _("tidak dapat dibaca di sini"));
}

struct expr *parse_expr(struct parser *p, int above)
{
	struct expr *x = NULL;

	if (p->failed)
		return NULL;
	if (++p->depth > XPATH_MAX_DEPTH)
		return parse_fail(p, p->tok.at,
				  _("kurung bersarang lebih dari %d"),
				  XPATH_MAX_DEPTH);
	if (!rules[p->tok.kind].prefix)
		return unexpected(p);
	x = rules[p->tok.kind].prefix(p);
	while (x && (int)rules[p->tok.kind].prec > above)
		x = rules[p->tok.kind].infix(p, x);
	p->depth--;
	return x;
}

struct expr *parse_xpath(struct parser *p)
{
	struct expr *x;

	p->lx.text = p->text;
	parse_take(p);
	x = parse_expr(p, PREC_NONE);
	if (x && p->tok.kind != TOK_END)
		return unexpected(p);
	return x;
}
