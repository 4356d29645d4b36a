/* SPDX-License-Identifier: MIT */
#include "refs.h"

#include "pilar/tree.h"

#include "lex.h"

/* Of one expanded text; far more than any expression that is accepted. */
#define EXPANDED_MAX ((size_t)1 << 20)

static size_t depth_of(const struct element *e)
{
	size_t n = 0;

	while ((e = e->parent))
		n++;
	return n;
}

/* The deepest element above both. */
static const struct element *common(const struct element *a,
				    const struct element *b)
{
	size_t da = depth_of(a), db = depth_of(b);

	for (; da > db; da--)
		a = a->parent;
	for (; db > da; db--)
		b = b->parent;
	if (a == b) /* one stands above the other */
		return a->parent;
	while (a != b) {
		a = a->parent;
		b = b->parent;
	}
	return a;
}

static const struct element *common_repeat(const struct element *a,
					   const struct element *b)
{
	const struct element *up = common(a, b);

	while (up && up->kind != KIND_REPEAT)
		up = up->parent;
	return up;
}

static void path_below(struct buf *out, const struct element *top,
		       const struct element *e)
{
	if (e == top)
		return;
	path_below(out, top, e->parent);
	if (e->flat)
		return;
	buf_addc(out, '/');
	buf_addstr(out, e->name);
}

static void steps_up(struct buf *out, const struct element *from,
		     const struct element *top)
{
	for (const struct element *e = from; e != top; e = e->parent)
		if (!e->flat)
			buf_adds(out, e == from ? ".." : "/..");
}

/* A path to choose from reaches one step above the repeat, so that all of its
 * instances are offered. */
static bool leaves_repeat(const struct element *source,
			  const struct element *target,
			  const struct element *repeat)
{
	return repeat == element_repeat(target) &&
	       (!element_repeat(repeat) || element_repeat(source) != repeat);
}

static bool relative_path(struct buf *out, const struct element *source,
			  const struct element *target, unsigned flags)
{
	const struct element *repeat = common_repeat(source, target), *top;

	if (!repeat)
		return false;
	top = common(source, target);
	if ((flags & REFS_PARENT) && leaves_repeat(source, target, repeat))
		top = repeat->parent;
	buf_adds(out, flags & REFS_CURRENT ? " current()/" : " ");
	steps_up(out, source, top);
	path_below(out, top, target);
	buf_addc(out, ' ');
	return true;
}

/* Where a walk through the references of a text has come to. */
struct scan {
	struct str text;
	bool instance;   /* it has an instance(..) path */
	size_t from, to; /* the [..] at or before the reference */
	/* The indexed-repeat(..) at or behind the reference. */
	enum { CALLS_NONE, CALLS_HERE, CALLS_OVER, CALLS_LOST } calls;
	size_t call_from, call_to;
	size_t argument, counted; /* commas of the call up to here */
};

static bool call_next(struct scan *s)
{
	struct str call = STR("indexed-repeat(");

	s->call_from = str_find(s->text, call, s->call_to);
	if (s->call_from == SIZE_MAX)
		return false;
	s->call_to = str_find(s->text, STR(")"), s->call_from);
	if (s->call_to == SIZE_MAX)
		return false;
	s->call_to++;
	s->argument = 0;
	s->counted = s->call_from;
	return true;
}

static struct scan scan_start(struct str text)
{
	struct str call = STR("instance("), indexed = STR("indexed-repeat(");
	size_t at = str_find(text, call, 0);
	struct scan s = {
		.text = text,
		.instance = at != SIZE_MAX && at + call.n + 1 < text.n,
	};

	if (str_find(text, indexed, 0) != SIZE_MAX)
		s.calls = call_next(&s) ? CALLS_HERE : CALLS_LOST;
	return s;
}

/* Is the reference in a predicate of an instance(..) path? Brackets do not
 * nest here; references come in order. */
static bool in_predicate(struct scan *s, const struct ref *ref)
{
	if (!s->instance)
		return false;
	while (s->to < ref->to) {
		s->from = str_find(s->text, STR("["), s->to);
		if (s->from == SIZE_MAX)
			s->from = s->to = s->text.n;
		else
			s->to = str_find(s->text, STR("]"), s->from);
		if (s->to == SIZE_MAX || s->to == s->text.n) {
			s->instance = false;
			return false;
		}
		s->to++;
	}
	return ref->from >= s->from;
}

/* Arguments 0, 1, 3 and 5 of indexed-repeat() are whole node-sets. */
static bool indexed_node(struct scan *s, const struct ref *ref)
{
	for (; s->counted < ref->from; s->counted++)
		s->argument += s->text.p[s->counted] == ',';
	return s->argument == 0 || s->argument == 1 || s->argument == 3 ||
	       s->argument == 5;
}

/* As pyxform decides it: of the calls behind one another it looks at every
 * second one. Either path reaches the same node when the form runs. */
static bool may_be_relative(struct scan *s, const struct ref *ref)
{
	while (s->calls == CALLS_HERE && ref->to > s->call_to) {
		if (!call_next(s))
			s->calls = CALLS_OVER;
		else if (!call_next(s))
			s->calls = CALLS_LOST;
	}
	if (s->calls != CALLS_HERE)
		return s->calls != CALLS_LOST;
	return ref->to < s->call_from || !indexed_node(s, ref);
}

static void expand_one(struct conv *cv, struct buf *out, struct scan *s,
		       const struct ref *ref, const struct element *context,
		       unsigned flags)
{
	const struct element *target = element_by_name(cv, ref->name);

	if (!target || target == &cv->twice) {
		buf_addstr(out, str_sub(s->text, ref->from, ref->to));
		return;
	}
	if (in_predicate(s, ref))
		flags |= REFS_CURRENT;
	if (!ref->last_saved && context && may_be_relative(s, ref) &&
	    relative_path(out, context, target, flags))
		return;
	buf_addc(out, ' ');
	if (ref->last_saved)
		buf_adds(out, "instance('__last-saved')");
	element_path(out, target);
	buf_addc(out, ' ');
}

static void expand(struct conv *cv, struct buf *out, struct str text,
		   const struct element *context, unsigned flags)
{
	struct scan scan = scan_start(text);
	struct ref ref;
	size_t at = 0;

	while (!out->failed && ref_next(text, at, &ref)) {
		buf_addstr(out, str_sub(text, at, ref.from));
		expand_one(cv, out, &scan, &ref, context, flags);
		at = ref.to;
	}
	buf_addstr(out, str_sub(text, at, text.n));
}

struct str refs_text(struct conv *cv, struct str text,
		     const struct element *context, unsigned flags)
{
	struct buf b = BUF_INIT(EXPANDED_MAX);
	struct str out = { 0 };

	expand(cv, &b, text, context, flags);
	if (b.failed)
		cv->failed = b.failed;
	else
		out = conv_dup(cv, buf_str(&b));
	buf_release(&b);
	return out;
}

static void output(struct conv *cv, struct buf *out, struct str expression,
		   const struct element *context)
{
	buf_adds(out, "<output value=\"");
	xml_escape_attr(out, refs_text(cv, expression, context, 0));
	buf_adds(out, "\"/>");
}

/* Text between instance(..) paths; it is escaped already. */
static void label_text(struct conv *cv, struct buf *out, struct str text,
		       const struct element *context)
{
	struct ref ref;
	size_t at = 0;

	while (!out->failed && ref_next(text, at, &ref)) {
		buf_addstr(out, str_sub(text, at, ref.from));
		output(cv, out, str_sub(text, ref.from, ref.to), context);
		at = ref.to;
	}
	buf_addstr(out, str_sub(text, at, text.n));
}

/* Quotes stay: they delimit literals in the paths looked for. */
static void escape_but_quotes(struct buf *out, struct str text)
{
	struct str part;
	bool more = str_split(&text, '"', &part);

	while (more) {
		xml_escape(out, part);
		more = str_split(&text, '"', &part);
		if (more)
			buf_addc(out, '"');
	}
}

void refs_label(struct conv *cv, struct buf *out, struct str text,
		const struct element *context)
{
	struct buf escaped = BUF_INIT(EXPANDED_MAX);
	size_t at = 0, search = 0, from, to;

	/* What pyxform finds in the text it finds behind the escaping, so
	 * "<" in a path is escaped twice; forms were written against that. */
	escape_but_quotes(&escaped, text);
	text = buf_str(&escaped);
	while (!out->failed && lex_instance_path(text, &search, &from, &to)) {
		label_text(cv, out, str_sub(text, at, from), context);
		output(cv, out, str_sub(text, from, to), context);
		at = to;
	}
	label_text(cv, out, str_sub(text, at, text.n), context);
	if (escaped.failed)
		cv->failed = escaped.failed;
	buf_release(&escaped);
}
