/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "expr.h"

/*
 * An expression said in words, for paper: a condition is what a person must
 * know to skip a question. Nothing here evaluates.
 */

/* Formulas that stand in formulas are written out this deep. */
#define WORDS_MAX_DEPTH 6

struct speaker {
	const struct xpath_reader *how;
	const struct shape *shape;
	struct arena *arena;
	unsigned depth;
};

static struct str say(struct speaker *s, const struct expr *e);

static struct str say_formula(struct speaker *s, const struct xpath *x,
			      const struct expr *e)
{
	struct speaker inner = *s;

	inner.depth++;
	inner.shape = x->shape;
	return say(&inner, e);
}

static struct str in_brackets(struct speaker *s, const struct expr *e)
{
	struct str text = say(s, e);
	bool several = (e->op == OP_OR || e->op == OP_AND) && e->args->next;

	return several ? arena_printf(s->arena, "(%.*s)", STR_ARG(text)) : text;
}

static struct str append(struct speaker *s, struct str text, const char *joint,
			 struct str next)
{
	if (!text.n)
		return next;
	return arena_printf(s->arena, "%.*s%s%.*s", STR_ARG(text), joint,
			    STR_ARG(next));
}

static struct str say_all(struct speaker *s, const struct expr *list,
			  const char *joint)
{
	struct str out = STR("");

	for (const struct expr *e = list; e; e = e->next)
		out = append(s, out, joint, in_brackets(s, e));
	return out;
}

/* ---- nodes */
static uint32_t slot_of(const struct expr *e)
{
	return e->op == OP_PATH && !e->path->filters ? e->path->slot
						     : TREE_NO_SLOT;
}

/* The last name of a path, blanks for what names write instead of them. */
static struct str plain_name(struct speaker *s, struct str name)
{
	char *p = arena_cstr(s->arena, name);

	for (size_t i = 0; p && i < name.n; i++)
		if (p[i] == '_')
			p[i] = ' ';
	return str_from(p);
}

static struct str say_path(struct speaker *s, const struct path *p)
{
	struct str name = { 0 };
	const struct step *last = p->steps;

	if (p->slot != TREE_NO_SLOT && s->how->node)
		name = s->how->node(s->how->arg, p->slot, s->arena);
	if (name.p)
		return name;
	if (p->slot != TREE_NO_SLOT && s->shape)
		return plain_name(s, s->shape->slots[p->slot].name->local);
	while (last && last->next)
		last = last->next;
	return last && last->local.n ? plain_name(s, last->local)
				     : str_from(_("isian ini"));
}

/* A literal beside the node it is compared with: the code of a choice. */
static struct str say_value(struct speaker *s, const struct expr *e,
			    uint32_t slot)
{
	struct str text = say(s, e), own = { 0 };

	if (slot != TREE_NO_SLOT && s->how->value &&
	    (e->op == OP_STRING || e->op == OP_NUMBER))
		own = s->how->value(s->how->arg, slot, text, s->arena);
	return own.p ? own : text;
}

/* ---- comparing */
static const char *join_word(enum join j)
{
	static const char *const words[] = {
		[JOIN_EQ] = " = ",   [JOIN_NE] = N_(" bukan "),
		[JOIN_LT] = " < ",   [JOIN_LE] = " <= ",
		[JOIN_GT] = " > ",   [JOIN_GE] = " >= ",
		[JOIN_ADD] = " + ",  [JOIN_SUB] = " - ",
		[JOIN_MUL] = " x ",  [JOIN_DIV] = " : ",
		[JOIN_MOD] = " mod "
	};

	return words[j] ? _(words[j]) : "";
}

static bool is_literal(const struct expr *e, const char *text)
{
	if (e->op == OP_STRING)
		return str_is(e->text, text);
	return e->op == OP_NUMBER && text[0] && !text[1] &&
	       e->number == text[0] - '0';
}

/* if(C, 1, 0) is a name for C, if(C, 0, 1) for its opposite. */
static const struct expr *condition_of(const struct expr *e, bool *opposite)
{
	const struct expr *c = e->op == OP_CALL ? e->args : NULL;
	const struct expr *yes, *no;

	if (!c || !str_is(e->func->name, "if"))
		return NULL;
	yes = c->next;
	no = yes->next;
	*opposite = is_literal(yes, "0");
	if ((*opposite && is_literal(no, "1")) || is_literal(yes, "1"))
		return c;
	return NULL;
}

/* A flag that is 1 or 0, compared with one of these. */
static bool say_flag(struct speaker *s, uint32_t slot, const struct expr *b,
		     bool negated, struct str *out)
{
	const struct xpath *x = NULL;
	const struct expr *condition;
	bool yes = is_literal(b, "1"), opposite = false;

	if (slot == TREE_NO_SLOT || !s->how->formula ||
	    s->depth >= WORDS_MAX_DEPTH || (!yes && !is_literal(b, "0")))
		return false;
	x = s->how->formula(s->how->arg, slot);
	condition = x ? condition_of(x->root, &opposite) : NULL;
	if (!condition)
		return false;
	*out = say_formula(s, x, condition);
	if (yes == (negated != opposite))
		*out = arena_printf(s->arena, _("bukan (%.*s)"), STR_ARG(*out));
	else if (condition->op == OP_OR || condition->op == OP_AND)
		*out = arena_printf(s->arena, "(%.*s)", STR_ARG(*out));
	return true;
}

static struct str say_pair(struct speaker *s, const struct expr *a,
			   const struct expr *b)
{
	uint32_t slot = slot_of(a);
	bool equal = b->join == JOIN_EQ || b->join == JOIN_NE;
	struct str out;

	if (equal && say_flag(s, slot, b, b->join == JOIN_NE, &out))
		return out;
	if (equal && b->op == OP_STRING && !b->text.n)
		return arena_printf(s->arena,
				    b->join == JOIN_NE ? _("%.*s terisi")
						       : _("%.*s kosong"),
				    STR_ARG(say(s, a)));
	out = say_value(s, a, slot_of(b));
	return append(s, out, join_word(b->join), say_value(s, b, slot));
}

static struct str say_joined(struct speaker *s, const struct expr *list)
{
	struct str out = in_brackets(s, list);

	if (list->next && !list->next->next)
		return say_pair(s, list, list->next);
	for (const struct expr *e = list->next; e; e = e->next)
		out = append(s, out, join_word(e->join), in_brackets(s, e));
	return out;
}

/* ---- functions with words of their own */
static struct str say_selected(struct speaker *s, const struct expr *args)
{
	const struct expr *which = args->next;
	struct str value = say_value(s, which, slot_of(args)), list, word;
	struct str out = STR("");

	if (args->op != OP_STRING)
		return arena_printf(s->arena, _("%.*s memuat %.*s"),
				    STR_ARG(say(s, args)), STR_ARG(value));
	/* selected('4 5 6', node): one of them */
	list = args->text;
	while (str_word(&list, &word)) {
		struct expr one = { .op = OP_STRING, .text = word };

		out = append(s, out, ", ", say_value(s, &one, slot_of(which)));
	}
	return append(s, say(s, which), " = ", out);
}

static struct str say_not(struct speaker *s, const struct expr *args)
{
	return arena_printf(s->arena, _("bukan (%.*s)"), STR_ARG(say(s, args)));
}

static struct str say_count(struct speaker *s, const struct expr *args)
{
	return arena_printf(s->arena, _("banyaknya pilihan %.*s"),
			    STR_ARG(say(s, args)));
}

static struct str say_first(struct speaker *s, const struct expr *args)
{
	return say(s, args);
}

static const struct {
	const char *name;
	uint32_t args;
	struct str (*say)(struct speaker *s, const struct expr *args);
} calls[] = {
	{ "selected", 2, say_selected },
	{ "not", 1, say_not },
	{ "count-selected", 1, say_count },
	{ "number", 1, say_first },
	{ "int", 1, say_first },
	{ "string", 1, say_first },
	{ "boolean", 1, say_first },
	{ "coalesce", 2, say_first },
	{ "once", 1, say_first },
};

static struct str say_call(struct speaker *s, const struct expr *e)
{
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (str_is(e->func->name, calls[i].name) &&
		    e->n_args == calls[i].args)
			return calls[i].say(s, e->args);
	return arena_printf(s->arena, "%.*s(%.*s)", STR_ARG(e->func->name),
			    STR_ARG(say_all(s, e->args, ", ")));
}

static struct str say(struct speaker *s, const struct expr *e)
{
	switch (e->op) {
	case OP_NUMBER:
		return xpath_number_text(e->number, s->arena);
	case OP_STRING:
		return e->text;
	case OP_OR:
		return say_all(s, e->args, _(" atau "));
	case OP_AND:
		return say_all(s, e->args, _(" dan "));
	case OP_COMPARE:
	case OP_ARITH:
		return say_joined(s, e->args);
	case OP_NEGATE:
		return append(s, STR("-"), "", in_brackets(s, e->args));
	case OP_UNION:
		return say_all(s, e->args, ", ");
	case OP_CALL:
		return say_call(s, e);
	case OP_PATH:
		return say_path(s, e->path);
	case OP_BROKEN:
		return STR("?");
	}
	return STR("?");
}

struct str xpath_words(const struct xpath *x, const struct xpath_reader *how,
		       struct arena *a)
{
	struct speaker s = { .how = how, .shape = x->shape, .arena = a };

	return say(&s, x->root);
}
