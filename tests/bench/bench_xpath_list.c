/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pilar/xpath.h"

#include "../lib/measure.h"
#include "../lib/shape.h"

/*
 * Expressions on a list of 80,000 rows, microseconds each. The floor of a
 * look-up is the list's own find(); of a scan, reading the cells it looks at.
 */
#define ROWS    80000
#define PARENTS 7000
#define BATCHES 10

struct world {
	struct tree *tree;
	struct list *list;
	struct buf csv;
	struct report rep;
	struct arena arena, scratch;
	const struct shape *shape;
	struct xpath_env env;
};

static enum err instance(struct xpath_env *env, struct str id,
			 struct node **element, struct list **list)
{
	struct world *w = env->owner;

	(void)id;
	(void)element;
	*list = w->list;
	return ERR_NONE;
}

static bool open_world(struct world *w)
{
	static const char form[] =
		"<data><code>c4711</code><parent>p4711</parent><x/></data>";

	w->csv = BUF_INIT((size_t)1 << 24);
	buf_adds(&w->csv, "code,name,parent\n");
	for (int i = 0; i < ROWS; i++)
		buf_addf(&w->csv, "c%d,Kelurahan %d,p%d\n", i, i, i % PARENTS);
	if (tree_parse(&w->tree, str_from(form), "", &w->rep) ||
	    csv_list_new(&w->list, buf_str(&w->csv), false, "", &w->rep))
		return false;
	w->shape = shape_of_tree(w->tree, &w->arena);
	w->env = (struct xpath_env){ .owner = w,
				     .tree = w->tree,
				     .instance = instance,
				     .cache = xpath_cache_new() };
	return w->shape && w->env.cache;
}

static volatile size_t sink;

static void floor_parent(struct world *w)
{
	const uint32_t *rows;
	size_t n;

	if (!w->list->ops->find(w->list, 2, STR("p4711"), &w->scratch, &rows,
				&n))
		sink += n;
}

static void floor_code(struct world *w)
{
	const uint32_t *rows;
	size_t n;

	if (!w->list->ops->find(w->list, 0, STR("c4711"), &w->scratch, &rows,
				&n))
		sink += w->list->ops->cell(w->list, rows[0], 1).n;
}

static void floor_scan(struct world *w)
{
	for (uint32_t i = 0; i < ROWS; i++)
		sink += w->list->ops->cell(w->list, i, 1).n;
}

struct row {
	const char *name, *expression;
	void (*floor)(struct world *w);
	int rounds;
};

static const struct row rows[] = {
	{ "list choices of a parent",
	  "instance('w')/root/item[parent=/data/parent]", floor_parent, 1000 },
	{ "list label of a code",
	  "instance('w')/root/item[code=/data/code]/name", floor_code, 1000 },
	{ "list pulldata()", "pulldata('w', 'name', 'code', /data/code)",
	  floor_code, 1000 },
	{ "list scan, contains(name)",
	  "count(instance('w')/root/item[contains(name, '47')])", floor_scan,
	  1 },
	{ "list scan, code != parent",
	  "count(instance('w')/root/item[code != parent])", floor_scan, 1 },
};

static void evaluate(struct world *w, const struct xpath *x)
{
	struct node *n = w->tree->element->last;
	struct xpath_value v;
	struct xpath_rows r;

	if (xpath_text(x).p[xpath_text(x).n - 1] == ']') {
		if (xpath_eval_rows(x, &w->env, n, &w->scratch, &r))
			exit(1);
		sink += r.n_rows;
	} else if (xpath_eval(x, &w->env, n, &w->scratch, &v)) {
		exit(1);
	} else {
		sink += xpath_string(&v, &w->scratch).n;
	}
}

static double batch(struct world *w, const struct row *r, const struct xpath *x)
{
	double start = cpu_us();

	for (int i = 0; i < r->rounds; i++) {
		if (x)
			evaluate(w, x);
		else
			r->floor(w);
		arena_reset(&w->scratch);
	}
	return (cpu_us() - start) / r->rounds;
}

static double best(struct world *w, const struct row *r, const struct xpath *x)
{
	double value = INFINITY;

	for (int i = 0; i < BATCHES; i++)
		value = fmin(value, batch(w, r, x));
	return value;
}

static void measure(struct world *w, const struct row *r)
{
	struct xpath_scope scope = { .shape = w->shape,
				     .slot = w->tree->element->last->slot };
	struct xpath *x;
	double first, value, floor;
	char name[80];

	if (xpath_compile(&x, &w->arena, str_from(r->expression), &scope,
			  &w->rep))
		exit(1);
	first = batch(w, &(struct row){ .rounds = 1 }, x);
	value = best(w, r, x);
	floor = best(w, r, NULL);
	row(r->name, value, "us", floor);
	snprintf(name, sizeof(name), "%s, first time", r->name);
	row(name, first, "us", floor);
}

int main(void)
{
	struct world w = { 0 };

	if (!open_world(&w))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		measure(&w, &rows[i]);
	xpath_cache_free(w.env.cache);
	w.list->ops->release(w.list);
	buf_release(&w.csv);
	arena_release(&w.arena);
	arena_release(&w.scratch);
	report_release(&w.rep);
	tree_free(w.tree);
	return 0;
}
