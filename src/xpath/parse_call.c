/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "parse.h"

#define URI_JR    "http://openrosa.org/javarosa"
#define URI_ORX   "http://openrosa.org/xforms"
#define URI_XF    "http://www.w3.org/2002/xforms"
#define URI_XHTML "http://www.w3.org/1999/xhtml"
#define URI_ENK   "http://enketo.org/xforms"

/* Prefixes that need no declaration. */
static const struct {
	struct str prefix, uri;
} known[] = {
	{ STR_INIT("jr"), STR_INIT(URI_JR) },
	{ STR_INIT("javarosa"), STR_INIT(URI_JR) },
	{ STR_INIT("orx"), STR_INIT(URI_ORX) },
	{ STR_INIT("openrosa-xforms"), STR_INIT(URI_ORX) },
	{ STR_INIT("odk"), STR_INIT("http://www.opendatakit.org/xforms") },
	{ STR_INIT("entities"),
	  STR_INIT("http://www.opendatakit.org/xforms/entities") },
	{ STR_INIT("h"), STR_INIT(URI_XHTML) },
	{ STR_INIT("html"), STR_INIT(URI_XHTML) },
	{ STR_INIT("xhtml"), STR_INIT(URI_XHTML) },
	{ STR_INIT("xf"), STR_INIT(URI_XF) },
	{ STR_INIT("enk"), STR_INIT(URI_ENK) },
	{ STR_INIT("fn"), STR_INIT("http://www.w3.org/2005/xpath-functions") },
	{ STR_INIT("ev"), STR_INIT("http://www.w3.org/2001/xml-events") },
	{ STR_INIT("xsd"), STR_INIT("http://www.w3.org/2001/XMLSchema") },
	{ STR_INIT("xml"), STR_INIT("http://www.w3.org/XML/1998/namespace") },
	{ STR_INIT("xmlns"), STR_INIT("http://www.w3.org/2000/xmlns/") },
};

struct str prefix_uri(const struct xpath_scope *scope, struct str prefix)
{
	for (size_t i = 0; i < scope->n_prefixes; i++) {
		if (str_eq(scope->prefixes[i].prefix, prefix))
			return scope->prefixes[i].uri;
	}
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (str_eq(known[i].prefix, prefix))
			return known[i].uri;
	}
	return (struct str){ NULL, 0 };
}

/* Functions of jr: keep that prefix in the table whatever the form calls it;
 * those of the other vocabularies are listed without one. */
static struct str full_name(struct parser *p, const struct token *t)
{
	struct str uri;

	if (!t->prefix.p)
		return t->text;
	uri = prefix_uri(p->scope, t->prefix);
	if (!uri.p) {
		parse_fail(p, t->at, _("awalan \"%.*s\" tidak dikenal"),
			   STR_ARG(t->prefix));
		return (struct str){ NULL, 0 };
	}
	if (!str_is(uri, URI_JR))
		return t->text;
	return arena_printf(p->a, "jr:%.*s", STR_ARG(t->text));
}

static bool parse_args(struct parser *p, struct expr *call)
{
	struct expr **at = &call->args;

	if (p->tok.kind == TOK_CLOSE) {
		parse_take(p);
		return true;
	}
	for (;;) {
		*at = parse_expr(p, 0);
		if (!*at)
			return false;
		at = &(*at)->next;
		call->n_args++;
		if (p->tok.kind != TOK_COMMA)
			return parse_expect(p, TOK_CLOSE, ")");
		parse_take(p);
	}
}

/* What is known only when it is called, or at once for a form. */
static struct expr *broken(struct parser *p, struct expr *x, size_t at,
			   struct str why)
{
	x->op = OP_BROKEN;
	x->text = why;
	if (!p->scope->late)
		parse_fail(p, at, "%.*s", STR_ARG(why));
	return x;
}

static void note_uses(struct parser *p, const struct expr *x)
{
	unsigned uses = x->func->flags & FN_USES;

	if (x->n_args == 0 && (str_is(x->func->name, "position") ||
			       str_is(x->func->name, "last"))) {
		p->asks_position = true;
		uses &= ~(unsigned)FN_POSITION;
	}
	if (x->n_args == 1 && (x->func->flags & FN_RANDOM_ALONE))
		uses |= FN_RANDOM;
	p->uses |= uses;
}

static bool count_fits(const struct func *f, uint32_t n)
{
	return n >= f->min && (f->max == FN_MANY || n <= f->max) &&
	       (!(f->flags & FN_PAIRS) || (n - f->min) % 2 == 0);
}

struct expr *parse_call(struct parser *p, const struct token *t)
{
	struct expr *x = parse_new(p, OP_CALL, t->at);
	struct str name = full_name(p, t);

	if (!x || !parse_args(p, x))
		return NULL;
	x->func = name.p ? func_find(name) : NULL;
	if (x->func && (x->func->flags & FN_EVENTS) && !p->scope->events)
		x->func = NULL;
	if (!x->func)
		return broken(p, x, t->at,
			      arena_printf(p->a,
					   _("fungsi \"%.*s\" tidak dikenal"),
					   STR_ARG(t->text)));
	if (!count_fits(x->func, x->n_args))
		return broken(
			p, x, t->at,
			arena_printf(p->a,
				     _("fungsi \"%.*s\": jumlah isian salah"),
				     STR_ARG(t->text)));
	note_uses(p, x);
	if ((x->func->flags & FN_PATTERN) && !p->scope->late &&
	    !check_pattern(p, x))
		return NULL;
	return x;
}
