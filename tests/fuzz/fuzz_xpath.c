/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "pilar/xpath.h"

#include "../lib/shape.h"

/*
 * Any text is compiled and, when it compiles, evaluated on a small form: bound
 * to slots and by names, which at the root element give the same; and inside a
 * repeat, where only the nodes it says it reads may change what it gives.
 */

static const char form[] =
	"<data id='f'><n>2</n>"
	"<rep repeat='1'><x>1</x><y>a b</y>"
	"<in repeat='1'><z>5</z></in><in><z>2026-01-02</z></in></rep>"
	"<rep><x>10</x><y>b</y><in><z>7</z></in></rep>"
	"<g><g1>q</g1><!--c--><g2/></g><key>b</key></data>";

static const char rows[] = "code,name,parent\n1,Satu,a\n2,Dua,b\n3,Tiga,b\n";

static const char choices[] =
	"<instance><root><item><name>p</name><label>Pe</label></item>"
	"<item><name>b</name><label>Be</label></item></root></instance>";

struct world {
	struct tree *tree, *choices;
	struct list *rows;
	struct arena arena;
	struct sys_fixed sys;
	const struct shape *shape;
	struct xpath_env env;
};

static enum err instance(struct xpath_env *env, struct str id,
			 struct node **element, struct list **list)
{
	struct world *w = env->owner;

	if (str_is(id, "c"))
		*element = w->choices->element;
	else if (str_is(id, "l"))
		*list = w->rows;
	else
		return ERR_NOTFOUND;
	return ERR_NONE;
}

static struct world *world(void)
{
	static struct world w;
	struct report rep = { 0 };

	if (w.shape)
		return &w;
	if (tree_parse(&w.tree, str_from(form), "", &rep) ||
	    tree_parse(&w.choices, str_from(choices), "", &rep) ||
	    csv_list_new(&w.rows, str_from(rows), false, "", &rep))
		abort();
	sys_fixed_init(&w.sys, 1767348245678, 420, 1);
	w.shape = shape_of_tree(w.tree, &w.arena);
	w.env = (struct xpath_env){ .owner = &w,
				    .sys = &w.sys.sys,
				    .tree = w.tree,
				    .instance = instance,
				    .cache = xpath_cache_new() };
	return &w;
}

/* Its value as text; p == NULL when there is none. */
static struct str value(struct world *w, struct str text, struct node *n,
			bool bound, struct arena *a)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT };
	struct buf why = BUF_INIT(1000);
	struct report rep = { 0 };
	struct xpath_value v = { 0 };
	struct xpath *x = NULL;
	struct str s = { NULL, 0 };

	if (bound) {
		scope.shape = w->shape;
		scope.slot = n->slot;
	}
	w->env.why = &why;
	if (!xpath_compile(&x, a, text, &scope, &rep) &&
	    !(xpath_uses(x) & XPATH_USES_RANDOM) &&
	    !xpath_eval(x, &w->env, n, a, &v))
		s = xpath_string(&v, a);
	report_release(&rep);
	buf_release(&why);
	return s;
}

static bool reads(const struct xpath *x, uint32_t slot)
{
	size_t n;
	const struct xpath_dep *deps = xpath_deps(x, &n);

	while (n && deps[n - 1].slot != slot)
		n--;
	return n;
}

/* The first text node at or after `n` that the expression may not look at. */
static struct node *unread(const struct xpath *x, struct node *context,
			   struct node *n)
{
	while (n) {
		if (n->kind == NODE_TEXT && n->parent->slot != context->slot &&
		    !reads(x, n->parent->slot))
			return n;
		if (n->first) {
			n = n->first;
			continue;
		}
		while (n && !n->next)
			n = n->parent;
		n = n ? n->next : NULL;
	}
	return NULL;
}

static struct str evaluated(struct world *w, const struct xpath *x,
			    struct node *n, struct arena *a)
{
	struct xpath_value v = { 0 };

	if (xpath_eval(x, &w->env, n, a, &v))
		return (struct str){ NULL, 0 };
	return arena_dup(a, xpath_string(&v, a));
}

/* What is not listed as read can change without changing the value. */
static void check_reads(struct world *w, struct str text, struct node *n,
			struct arena *a)
{
	struct xpath_scope scope = { .shape = w->shape, .slot = n->slot };
	struct report rep = { 0 };
	struct xpath *x = NULL;
	struct node *other = NULL;
	struct str before, after, old;

	w->env.why = NULL;
	if (!xpath_compile(&x, a, text, &scope, &rep) &&
	    !(xpath_uses(x) & XPATH_USES_RANDOM))
		other = unread(x, n, w->tree->element);
	if (other) {
		before = evaluated(w, x, n, a);
		old = other->text;
		other->text = STR("77");
		after = evaluated(w, x, n, a);
		other->text = old;
		assert(!before.p || !after.p || str_eq(before, after));
	}
	report_release(&rep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct world *w = world();
	struct node *top = w->tree->element;
	struct node *inside = node_child(top, "rep", STR(""))->last->first;
	struct arena a = { 0 };
	struct str bound = value(w, text, top, true, &a);
	struct str named = value(w, text, top, false, &a);

	/* indexed-repeat counts instances, by names it counts nodes */
	if (bound.p && named.p &&
	    str_find(text, STR("indexed-repeat"), 0) == SIZE_MAX)
		assert(str_eq(bound, named));
	value(w, text, inside, true, &a);
	check_reads(w, text, inside, &a);
	check_reads(w, text, top->last, &a);
	arena_release(&a);
	return 0;
}
