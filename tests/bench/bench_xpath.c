/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "pilar/xpath.h"

#include "../lib/measure.h"
#include "../lib/shape.h"

/*
 * Bound expressions on an instance of 500 questions and a repeat of 200, in
 * nanoseconds each. The floor is what the same takes in C with the nodes in
 * hand: reading the texts, turning them into numbers, comparing.
 */
#define QUESTIONS 500
#define INSTANCES 200
#define ROUNDS    20000
#define BATCHES   20

struct world {
	struct tree *tree;
	struct report rep;
	struct arena arena, scratch;
	const struct shape *shape;
	struct xpath_names *names;
	struct xpath_env env;
	struct node *a, *b, *rep_x;
};

static void write_form(struct buf *xml)
{
	buf_adds(xml, "<data>");
	for (int i = 0; i < QUESTIONS; i++)
		buf_addf(xml, "<q%d>%d</q%d>", i, i % 90, i);
	for (int i = 0; i < INSTANCES; i++)
		buf_addf(xml, "<rep%s><x>%d</x><y>y</y></rep>",
			 i ? "" : " repeat='1'", i);
	buf_adds(xml, "<last/></data>");
}

static bool open_world(struct world *w)
{
	struct buf xml = BUF_INIT(1 << 20);
	bool ok;

	write_form(&xml);
	ok = !tree_parse(&w->tree, buf_str(&xml), "bench", &w->rep);
	buf_release(&xml);
	w->shape = ok ? shape_of_tree(w->tree, &w->arena) : NULL;
	w->env.tree = w->tree;
	return w->shape && !xpath_names_new(&w->names, w->shape);
}

static struct node *node_of(struct world *w, const char *path)
{
	uint32_t slot = shape_slot(w->shape, path);
	const struct shape_slot *s = &w->shape->slots[slot];
	struct node *parent = w->tree->element;

	if (s->parent)
		parent = parent->kids[w->shape->slots[s->parent].ordinal];
	return parent->kids[s->ordinal];
}

static volatile double sink;

static double floor_text(struct world *w)
{
	sink += (double)node_value(w->a, &w->scratch).n;
	return 1;
}

static double floor_compare(struct world *w)
{
	sink += str_is(node_value(w->a, &w->scratch), "17");
	return 1;
}

static double floor_numbers(struct world *w)
{
	double a = xpath_to_number(node_value(w->a, &w->scratch), NULL);
	double b = xpath_to_number(node_value(w->b, &w->scratch), NULL);

	sink += a + b > 100;
	return 1;
}

static double floor_sum(struct world *w)
{
	double sum = 0;

	for (struct node *n = w->rep_x->parent; n; n = n->next)
		if (n->slot == w->rep_x->parent->slot)
			sum += xpath_to_number(
				node_value(n->first, &w->scratch), NULL);
	sink += sum;
	return 1;
}

struct row {
	const char *name, *context, *expression;
	double (*floor)(struct world *w);
	int rounds;
};

/* The best of some batches: the others were disturbed. */
static double time_floor(struct world *w, const struct row *r)
{
	double best = INFINITY;

	for (int batch = 0; batch < BATCHES; batch++) {
		double start = cpu_us();

		for (int i = 0; i < r->rounds; i++) {
			r->floor(w);
			arena_reset(&w->scratch);
		}
		best = fmin(best, (cpu_us() - start) * 1e3 / r->rounds);
	}
	return best;
}

static double batch_eval(struct world *w, const struct xpath *x, struct node *n,
			 int rounds)
{
	struct xpath_value v;
	double start = cpu_us();

	for (int i = 0; i < rounds; i++) {
		if (xpath_eval(x, &w->env, n, &w->scratch, &v))
			exit(1);
		arena_reset(&w->scratch);
	}
	return (cpu_us() - start) * 1e3 / rounds;
}

static double time_eval(struct world *w, const struct row *r)
{
	struct node *n = node_of(w, r->context);
	struct xpath_scope scope = { .shape = w->shape, .slot = n->slot };
	struct xpath *x;
	double best = INFINITY;

	if (xpath_compile(&x, &w->arena, str_from(r->expression), &scope,
			  &w->rep))
		exit(1);
	for (int batch = 0; batch < BATCHES; batch++)
		best = fmin(best, batch_eval(w, x, n, r->rounds));
	return best;
}

static double time_compile(struct world *w, const char *expression)
{
	struct xpath_scope scope = { .shape = w->shape,
				     .slot = 1,
				     .names = w->names };
	struct xpath *x;
	double start = cpu_us();

	for (int i = 0; i < ROUNDS; i++) {
		if (xpath_compile(&x, &w->scratch, str_from(expression), &scope,
				  &w->rep))
			exit(1);
		arena_reset(&w->scratch);
	}
	return (cpu_us() - start) * 1e3 / (ROUNDS);
}

static const struct row rows[] = {
	{ "xpath path as text", "/data/q1", "string(/data/q400)", floor_text,
	  ROUNDS },
	{ "xpath path = 'text'", "/data/q1", "/data/q400 = '17'", floor_compare,
	  ROUNDS },
	{ "xpath path + path > number", "/data/q1",
	  "/data/q400 + ../q300 > 100", floor_numbers, ROUNDS },
	{ "xpath if(and, path, path)", "/data/q1",
	  "if(/data/q400 = '40' and /data/q300 > 5, ../q2, ../q3)",
	  floor_numbers, ROUNDS },
	{ "xpath in a repeat: ../x > path", "/data/rep/y",
	  "/data/rep/x > /data/q300", floor_numbers, ROUNDS },
	{ "xpath sum over 200 instances", "/data/last", "sum(/data/rep/x)",
	  floor_sum, ROUNDS / 100 },
};

int main(void)
{
	struct world w = { 0 };
	const char *text = "if(/data/q400 = '40' and ../q300 > 5, ../q2, 0)";
	double compile;

	if (!open_world(&w))
		return 1;
	w.a = node_of(&w, "/data/q400");
	w.b = node_of(&w, "/data/q300");
	w.rep_x = node_of(&w, "/data/rep/x");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		double floor = time_floor(&w, &rows[i]);
		double value = time_eval(&w, &rows[i]);

		row(rows[i].name, value, "ns", floor);
	}
	compile = time_compile(&w, text);
	row("xpath compile", compile, "ns", (double)str_from(text).n);
	arena_release(&w.arena);
	arena_release(&w.scratch);
	report_release(&w.rep);
	xpath_names_free(w.names);
	tree_free(w.tree);
	return 0;
}
