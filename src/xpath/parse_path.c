/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "parse.h"

static const struct {
	struct str name;
	enum axis axis;
} axes[] = {
	{ STR_INIT("child"), AXIS_CHILD },
	{ STR_INIT("descendant"), AXIS_DESCENDANT },
	{ STR_INIT("descendant-or-self"), AXIS_DESCENDANT_OR_SELF },
	{ STR_INIT("parent"), AXIS_PARENT },
	{ STR_INIT("ancestor"), AXIS_ANCESTOR },
	{ STR_INIT("ancestor-or-self"), AXIS_ANCESTOR_OR_SELF },
	{ STR_INIT("following-sibling"), AXIS_FOLLOWING_SIBLING },
	{ STR_INIT("preceding-sibling"), AXIS_PRECEDING_SIBLING },
	{ STR_INIT("following"), AXIS_FOLLOWING },
	{ STR_INIT("preceding"), AXIS_PRECEDING },
	{ STR_INIT("attribute"), AXIS_ATTRIBUTE },
	{ STR_INIT("namespace"), AXIS_NAMESPACE },
	{ STR_INIT("self"), AXIS_SELF },
};

static const struct {
	struct str name;
	enum test test;
} node_types[] = {
	{ STR_INIT("node"), TEST_NODE },
	{ STR_INIT("text"), TEST_TEXT },
	{ STR_INIT("comment"), TEST_COMMENT },
	{ STR_INIT("processing-instruction"), TEST_PI },
};

static bool find_axis(struct str name, uint8_t *axis)
{
	for (size_t i = 0; i < ARRAY_LEN(axes); i++) {
		if (!str_eq(axes[i].name, name))
			continue;
		*axis = (uint8_t)axes[i].axis;
		return true;
	}
	return false;
}

static bool find_type(const struct token *t, uint8_t *test)
{
	for (size_t i = 0; i < ARRAY_LEN(node_types); i++) {
		if (t->prefix.p || !str_eq(node_types[i].name, t->text))
			continue;
		*test = (uint8_t)node_types[i].test;
		return true;
	}
	return false;
}

static struct step *step_new(struct parser *p, enum axis axis)
{
	struct xpath_pool *pool = p->scope->pool;
	struct step *s = pool ? pool->steps : NULL;

	if (s) {
		pool->steps = s->next;
		*s = (struct step){ 0 };
	} else {
		s = parse_alloc(p, sizeof(*s));
	}
	if (!s)
		return NULL;
	s->axis = (uint8_t)axis;
	s->test = TEST_NODE;
	s->slot = s->ordinal = TREE_NO_SLOT;
	return s;
}

static struct pred *parse_pred(struct parser *p)
{
	struct pred *pred = parse_alloc(p, sizeof(*pred));
	bool asked = p->asks_position;

	parse_take(p);
	p->asks_position = false;
	if (!pred)
		return NULL;
	pred->test = parse_expr(p, 0);
	if (!pred->test || !parse_expect(p, TOK_CLOSE_SQUARE, "]"))
		return NULL;
	pred->positional = p->asks_position;
	p->asks_position = asked;
	pred_find_keys(p, pred);
	return pred;
}

static bool parse_preds(struct parser *p, struct pred **at)
{
	while (*at)
		at = &(*at)->next;
	while (p->tok.kind == TOK_OPEN_SQUARE) {
		*at = parse_pred(p);
		if (!*at)
			return false;
		at = &(*at)->next;
	}
	return true;
}

static bool set_names(struct parser *p, struct step *s, const struct token *t)
{
	s->local = t->text;
	s->prefixed = t->prefix.p;
	s->uri = prefix_uri(p->scope, t->prefix);
	if (s->prefixed && !s->uri.p) {
		parse_fail(p, t->at, _("awalan \"%.*s\" tidak dikenal"),
			   STR_ARG(t->prefix));
		return false;
	}
	return true;
}

/* After "text(" and its like. */
static bool node_type(struct parser *p, struct step *s, const struct token *t)
{
	if (!find_type(t, &s->test)) {
		parse_fail(p, t->at, _("fungsi tidak boleh di tengah jalur"));
		return false;
	}
	parse_take(p);
	if (s->test == TEST_PI && p->tok.kind == TOK_LITERAL) {
		s->local = p->tok.text;
		parse_take(p);
	}
	return parse_expect(p, TOK_CLOSE, ")");
}

/* The node test of a step: *, p:*, name, type(). */
static bool node_test(struct parser *p, struct step *s)
{
	struct token t = p->tok;

	if (t.kind != TOK_NAME && t.kind != TOK_STAR) {
		parse_fail(p, t.at, _("di sini harus ada nama"));
		return false;
	}
	parse_take(p);
	if (t.kind == TOK_NAME && p->tok.kind == TOK_OPEN)
		return node_type(p, s, &t);
	s->test = TEST_NAME;
	if (t.kind == TOK_STAR)
		s->test = t.prefix.p ? TEST_ANY_IN : TEST_ANY;
	return set_names(p, s, &t);
}

/* A name was read: an axis, or the name of a child. */
static bool axis_or_name(struct parser *p, struct step *s)
{
	struct lexer ahead = p->lx;
	struct token t = p->tok;

	if (t.kind != TOK_NAME || xpath_lex(&ahead).kind != TOK_AXIS)
		return node_test(p, s);
	if (t.prefix.p || !find_axis(t.text, &s->axis)) {
		parse_fail(p, t.at, _("sumbu \"%.*s\" tidak dikenal"),
			   STR_ARG(t.text));
		return false;
	}
	parse_take(p);
	parse_take(p);
	return node_test(p, s);
}

static struct step *parse_step(struct parser *p)
{
	struct step *s = step_new(p, AXIS_CHILD);
	enum tok kind = p->tok.kind;
	bool ok = true;

	if (!s)
		return NULL;
	if (kind == TOK_DOT || kind == TOK_DOTDOT) {
		s->axis = kind == TOK_DOT ? AXIS_SELF : AXIS_PARENT;
		parse_take(p);
	} else if (kind == TOK_AT) {
		s->axis = AXIS_ATTRIBUTE;
		parse_take(p);
		ok = node_test(p, s);
	} else {
		ok = axis_or_name(p, s);
	}
	return ok && parse_preds(p, &s->preds) ? s : NULL;
}

static bool any_positional(const struct pred *pred)
{
	while (pred && !pred->positional)
		pred = pred->next;
	return pred;
}

/* "//x" is descendant::x when no predicate counts positions. */
static bool can_descend(const struct step *s)
{
	return s->axis == AXIS_CHILD && !any_positional(s->preds);
}

/* One or more steps; the token is the first step's or the slashes before. */
static bool parse_chain(struct parser *p, struct step **at)
{
	bool more = true;

	while (*at)
		at = &(*at)->next;
	while (more) {
		bool deep = p->tok.kind == TOK_SLASHES;
		struct step *s;

		if (deep || p->tok.kind == TOK_SLASH)
			parse_take(p);
		s = parse_step(p);
		if (!s)
			return false;
		if (deep && can_descend(s)) {
			s->axis = AXIS_DESCENDANT;
		} else if (deep) {
			*at = step_new(p, AXIS_DESCENDANT_OR_SELF);
			if (!*at)
				return false;
			at = &(*at)->next;
		}
		*at = s;
		at = &s->next;
		more = p->tok.kind == TOK_SLASH || p->tok.kind == TOK_SLASHES;
	}
	return true;
}

static struct expr *path_new(struct parser *p, enum start start, size_t at)
{
	struct expr *x = parse_new(p, OP_PATH, at);

	if (!x)
		return NULL;
	x->path = parse_alloc_hot(p, sizeof(*x->path));
	if (!x->path)
		return NULL;
	x->path->start = (uint8_t)start;
	x->path->slot = TREE_NO_SLOT;
	return x;
}

/* "/" alone is a whole path. */
static bool begins_step(enum tok kind)
{
	return kind == TOK_NAME || kind == TOK_STAR || kind == TOK_AT ||
	       kind == TOK_DOT || kind == TOK_DOTDOT;
}

struct expr *parse_steps(struct parser *p)
{
	bool root = p->tok.kind == TOK_SLASH || p->tok.kind == TOK_SLASHES;
	struct expr *x =
		path_new(p, root ? START_ROOT : START_CONTEXT, p->tok.at);

	if (!x)
		return NULL;
	if (p->tok.kind == TOK_SLASH) {
		parse_take(p);
		if (!begins_step(p->tok.kind))
			return x;
	}
	return parse_chain(p, &x->path->steps) ? x : NULL;
}

/* current() and instance('x') are what a path can begin with. */
static struct expr *as_start(struct parser *p, struct expr *call)
{
	bool current = str_is(call->func->name, "current");
	struct expr *x;

	if (!current && (!str_is(call->func->name, "instance") ||
			 call->args->op != OP_STRING))
		return call;
	x = path_new(p, current ? START_CURRENT : START_LIST, p->tok.at);
	if (!x)
		return NULL;
	x->at = call->at;
	if (current)
		return x;
	x->path->list = call->args->text;
	if (p->scope->instances && !map_get(p->scope->instances, x->path->list))
		parse_warn(p, call->args->at, "%s",
			   _("formulir tidak punya daftar ini"));
	return x;
}

struct expr *parse_named(struct parser *p)
{
	struct lexer ahead = p->lx;
	struct token t = p->tok;
	struct expr *x;
	uint8_t test;

	if (xpath_lex(&ahead).kind != TOK_OPEN || find_type(&t, &test))
		return parse_steps(p);
	parse_take(p);
	parse_take(p);
	x = parse_call(p, &t);
	return x && x->op == OP_CALL ? as_start(p, x) : x;
}

/* Can steps be added to it, or must it become the head of another path? */
static bool is_open(const struct expr *x)
{
	return x->op == OP_PATH && !x->closed && !x->path->steps &&
	       x->path->start != START_ROOT && x->path->start != START_CONTEXT;
}

/* Nothing can follow a number, a text, or "/" alone. */
static bool is_finished(const struct expr *x)
{
	return x->op == OP_NUMBER || x->op == OP_STRING ||
	       (x->op == OP_PATH && !x->closed && !is_open(x));
}

static struct expr *as_path(struct parser *p, struct expr *left)
{
	struct expr *x;

	if (is_open(left))
		return left;
	if (is_finished(left))
		return parse_fail(p, p->tok.at, _("ini bukan jalur"));
	x = path_new(p, START_EXPR, p->tok.at);
	if (x)
		x->path->head = left;
	return x;
}

struct expr *parse_filter(struct parser *p, struct expr *left)
{
	struct expr *x = as_path(p, left);

	return x && parse_preds(p, &x->path->filters) ? x : NULL;
}

struct expr *parse_below(struct parser *p, struct expr *left)
{
	struct expr *x = as_path(p, left);

	return x && parse_chain(p, &x->path->steps) ? x : NULL;
}
