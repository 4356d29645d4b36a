/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pilar/xpath.h"

#include "../lib/shape.h"

/* Expressions of a form: paths are bound to the slots of its instance. */

static const char form[] =
	"<data id='f'><n>2</n>"
	"<rep repeat='1'><x>1</x><y>a</y>"
	"<in repeat='1'><z>5</z></in><in><z>6</z></in></rep>"
	"<rep><x>10</x><y>b</y><in><z>7</z></in></rep>"
	"<rep><x>100</x><y>c</y></rep>"
	"<grp><g1>q</g1><g2/></grp><key>b</key><total/></data>";

static const char villages[] = "code,name,parent\n"
			       "1,Satu,a\n"
			       "2,Dua,b\n"
			       "3,Tiga,b\n"
			       "03,Empat,c\n";

static const char choices[] =
	"<instance><root><item><name>p</name><label>Pe</label></item>"
	"<item><name>b</name><label>Be</label></item>"
	"<item><name>b</name><label>Ba</label></item></root></instance>";

struct world {
	struct tree *tree, *choices;
	struct list *villages;
	struct report rep;
	struct arena arena;
	struct buf why;
	const struct shape *shape;
	struct xpath_names *names;
	struct xpath_env env;
};

static enum err instance(struct xpath_env *env, struct str id,
			 struct node **element, struct list **list)
{
	struct world *w = env->owner;

	if (str_is(id, "choices"))
		*element = w->choices->element;
	else if (str_is(id, "villages"))
		*list = w->villages;
	else
		return ERR_NOTFOUND;
	return ERR_NONE;
}

static int open_world(void **state)
{
	static struct world world;
	struct world *w = &world;

	*w = (struct world){ 0 };
	*state = w;
	w->why = BUF_INIT(1000);
	w->env = (struct xpath_env){ .owner = w,
				     .why = &w->why,
				     .instance = instance,
				     .cache = xpath_cache_new() };
	if (tree_parse(&w->tree, str_from(form), "f.xml", &w->rep) ||
	    tree_parse(&w->choices, str_from(choices), "c.xml", &w->rep) ||
	    csv_list_new(&w->villages, str_from(villages), false, "v.csv",
			 &w->rep))
		return -1;
	w->env.tree = w->tree;
	w->shape = shape_of_tree(w->tree, &w->arena);
	return w->shape && !xpath_names_new(&w->names, w->shape) ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	xpath_cache_free(w->env.cache);
	xpath_names_free(w->names);
	w->villages->ops->release(w->villages);
	buf_release(&w->why);
	arena_release(&w->arena);
	report_release(&w->rep);
	tree_free(w->tree);
	tree_free(w->choices);
	return 0;
}

static struct xpath *compiled(struct world *w, uint32_t slot,
			      const char *expression)
{
	struct xpath_scope scope = { .shape = w->shape,
				     .slot = slot,
				     .names = w->names };
	struct xpath *x = NULL;

	if (xpath_compile(&x, &w->arena, str_from(expression), &scope, &w->rep))
		fail_msg("%s: %.*s", expression,
			 STR_ARG(report_first(&w->rep, &w->arena)));
	return x;
}

/* The node that a plain path names, positions in it and all. */
static struct node *node_at(struct world *w, const char *path)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT };
	struct xpath_value v;
	struct xpath *x;

	if (xpath_compile(&x, &w->arena, str_from(path), &scope, &w->rep) ||
	    xpath_eval(x, &w->env, w->tree->root, &w->arena, &v) || v.n != 1)
		fail_msg("%s", path);
	return v.nodes[0];
}

static struct str value_at(struct world *w, const char *context,
			   const char *expression)
{
	struct node *n = node_at(w, context);
	struct xpath *x = compiled(w, n->slot, expression);
	struct xpath_value v;

	if (xpath_eval(x, &w->env, n, &w->arena, &v))
		return buf_str(&w->why);
	return xpath_string(&v, &w->arena);
}

struct row {
	const char *context, *expression, *expected;
};

static void check(struct world *w, const struct row *rows, size_t n)
{
	for (; n; n--, rows++) {
		struct str got = value_at(w, rows->context, rows->expression);

		if (!str_is(got, rows->expected))
			fail_msg("%s: %s is %.*s, expected %s", rows->context,
				 rows->expression, STR_ARG(got),
				 rows->expected);
	}
}

static void a_pooled_expression_is_for_nodes_of_its_slot(void **state)
{
	struct world *w = *state;
	struct xpath_pool pool = { 0 };
	struct node *y = node_at(w, "/data/rep[2]/y");
	struct xpath_scope scope = { .shape = w->shape,
				     .slot = y->slot,
				     .names = w->names,
				     .pool = &pool };
	struct xpath_value v;
	struct xpath *sum, *same;

	assert_int_equal(xpath_compile(&sum, &w->arena,
				       STR("/data/rep/x + /data/n"), &scope,
				       &w->rep),
			 ERR_NONE);
	assert_non_null(pool.steps);
	assert_int_equal(xpath_compile(&same, &w->arena,
				       STR("/data/rep[x = 10]/y"), &scope,
				       &w->rep),
			 ERR_NONE);
	assert_int_equal(xpath_eval(sum, &w->env, y, &w->arena, &v), ERR_NONE);
	assert_true(v.number == 12);
	assert_int_equal(xpath_eval(same, &w->env, y, &w->arena, &v), ERR_NONE);
	assert_true(str_is(xpath_string(&v, &w->arena), "b"));
	assert_int_equal(xpath_eval(sum, &w->env, y->parent, &w->arena, &v),
			 ERR_INVALID);
	arena_release(&pool.hot);
}

static void paths_mean_the_contexts_own_instance(void **state)
{
	static const struct row rows[] = {
		{ "/data/rep[2]/y", "/data/rep/x", "10" },
		{ "/data/rep[2]/y", "../x", "10" },
		{ "/data/rep[2]/y", "../../rep/x + 0", "10" },
		{ "/data/rep[2]/y", "concat(/data/rep/y, '!')", "b!" },
		{ "/data/rep[2]/y", "current()/../x", "10" },
		{ "/data/rep[2]/y", ".", "b" },
		{ "/data/rep[1]/in[2]/z", "/data/rep/in/z", "6" },
		{ "/data/rep[1]/in[2]/z", "../../x", "1" },
		{ "/data/rep[1]/in[2]/z", "/data/n", "2" },
		{ "/data/total", "concat(/data/rep/y)", "abc" },
		{ "/data/total", "/data/grp/g1", "q" },
		{ "/data/total", "/data/@id", "f" },
		{ "/data/total", "/data/nothing", "" },
	};

	check(*state, rows, ARRAY_LEN(rows));
}

static void some_functions_mean_every_instance(void **state)
{
	static const struct row rows[] = {
		{ "/data/rep[2]/y", "sum(/data/rep/x)", "111" },
		{ "/data/rep[2]/y", "sum(../../rep/x)", "111" },
		{ "/data/rep[2]/y", "count(/data/rep)", "3" },
		{ "/data/rep[2]/y", "join('-', /data/rep/y)", "a-b-c" },
		{ "/data/rep[2]/y", "max(/data/rep/x)", "100" },
		{ "/data/rep[2]/y", "max(/data/rep/x, 5)", "10" },
		{ "/data/rep[1]/y", "sum(../in/z)", "11" },
		{ "/data/rep[1]/y", "sum(/data/rep/in/z)", "11" },
		{ "/data/rep[1]/in[1]/z", "count(/data/rep/in)", "2" },
		{ "/data/total", "sum(/data/rep/in/z)", "18" },
		{ "/data/rep[3]/y", "sum(../in/z)", "" },
	};

	check(*state, rows, ARRAY_LEN(rows));
}

static void predicates_look_at_all_instances(void **state)
{
	static const struct row rows[] = {
		{ "/data/rep[2]/y", "/data/rep[1]/x", "1" },
		{ "/data/rep[2]/y",
		  "/data/rep[position() = position(current()/..) - 1]/x", "1" },
		{ "/data/rep[2]/y", "/data/rep[x = current()/../x]/y", "b" },
		{ "/data/rep[2]/y", "/data/rep[y = /data/key]/x", "10" },
		{ "/data/total", "/data/rep[last()]/x", "100" },
		{ "/data/total", "count(/data/rep[in/z > 5])", "2" },
		{ "/data/rep[1]/y", "../in[position() = /data/n]/z", "6" },
		{ "/data/total", "count(//z)", "3" },
		{ "/data/total", "name(/data/*[2])", "rep" },
	};

	check(*state, rows, ARRAY_LEN(rows));
}

static void a_repeat_is_picked_by_index(void **state)
{
	static const struct row rows[] = {
		{ "/data/total", "indexed-repeat(/data/rep/x, /data/rep, 3)",
		  "100" },
		{ "/data/total",
		  "indexed-repeat(/data/rep/in/z, /data/rep, 1, /data/rep/in, "
		  "/data/n)",
		  "6" },
		{ "/data/total",
		  "indexed-repeat(/data/rep/in/z, /data/rep/in, 1, /data/rep, "
		  "2)",
		  "7" },
		{ "/data/rep[2]/y",
		  "indexed-repeat(/data/rep/x, /data/rep, position(..) - 1)",
		  "1" },
		{ "/data/rep[1]/y",
		  "indexed-repeat(/data/rep/in/z, /data/rep/in, 2)", "6" },
		{ "/data/total", "indexed-repeat(/data/rep/x, /data/rep, 9)",
		  "" },
		{ "/data/rep[3]/y", "position(..)", "3" },
	};

	check(*state, rows, ARRAY_LEN(rows));
}

static void hidden_nodes_read_as_empty_and_are_not_counted(void **state)
{
	static const struct row rows[] = {
		{ "/data/rep[1]/y", "../x != 'ya'", "true" },
		{ "/data/rep[1]/y", "../x = ''", "true" },
		{ "/data/total", "join(' ', /data/rep/x)", "10 100" },
		{ "/data/total", "sum(/data/rep/x)", "110" },
		{ "/data/total", "count(/data/rep/x)", "2" },
		{ "/data/total", "count(//x)", "2" },
		{ "/data/rep[1]/y", "/data/rep/x", "" },
	};
	struct world *w = *state;

	node_at(w, "/data/rep[1]/x")->hidden = true;
	check(w, rows, ARRAY_LEN(rows));
}

static void instances_are_looked_up_by_key(void **state)
{
	static const struct row rows[] = {
		{ "/data/total",
		  "instance('villages')/root/item[code='2']/name", "Dua" },
		{ "/data/total",
		  "join(' ', instance('villages')/root/item[parent="
		  "/data/key]/name)",
		  "Dua Tiga" },
		{ "/data/total",
		  "join(' ', instance('villages')/root/item[parent = 'b' and "
		  "code > 2]/name)",
		  "Tiga" },
		{ "/data/rep[2]/y",
		  "count(instance('villages')/root/item[parent=current()])",
		  "2" },
		{ "/data/rep[2]/y",
		  "count(instance('villages')/root/item[parent="
		  "/data/rep/y])",
		  "2" },
		{ "/data/total",
		  "count(instance('villages')/root/item[code = 3])", "2" },
		{ "/data/total", "instance('villages')/root/item[4]/name",
		  "Empat" },
		{ "/data/total",
		  "instance('villages')/root/item[parent='b'][2]/name",
		  "Tiga" },
		{ "/data/total",
		  "instance('villages')/root/item[code='3']/../item[1]/name",
		  "Satu" },
		{ "/data/total", "count(instance('villages')//item[name])",
		  "4" },
		{ "/data/total",
		  "count(instance('villages')/root/item[code='2']/*)", "3" },
		{ "/data/total",
		  "instance('villages')/root/item[code='2']/"
		  "following-sibling::item/name",
		  "Tiga" },
		{ "/data/total", "pulldata('villages', 'name', 'code', '3')",
		  "Tiga" },
		{ "/data/total", "pulldata('choices', 'label', 'name', 'b')",
		  "Be" },
		{ "/data/total",
		  "instance('choices')/root/item[name='b']/label", "Be" },
		{ "/data/total",
		  "count(instance('choices')/root/item[name=/data/key])", "2" },
		{ "/data/total",
		  "instance('choices')/root/item[name='b'][2]/label", "Ba" },
		{ "/data/total",
		  "join(' ', instance('villages')/root/item[contains(name, "
		  "'a')]/name)",
		  "Satu Dua Tiga Empat" },
		{ "/data/total",
		  "join(' ', instance('villages')/root/item[contains(name, "
		  "'ig') or parent = 'a']/name)",
		  "Satu Tiga" },
		{ "/data/total",
		  "join(' ', instance('villages')/root/item[code > "
		  "count(instance('villages')/root/item[starts-with(parent, "
		  "'b')])]/name)",
		  "Tiga Empat" },
		{ "/data/total",
		  "join(' ', instance('villages')/root/item[name][2]/name)",
		  "Dua" },
		{ "/data/total",
		  "count(instance('villages')/root/item[parent = "
		  "preceding-sibling::item/parent])",
		  "1" },
		{ "/data/total", "count(instance('none')/root/item)", "0" },
		{ "/data/total", "instance('villages')/root/item[x='2']", "" },
	};

	check(*state, rows, ARRAY_LEN(rows));
}

static void itemsets_come_as_rows(void **state)
{
	struct world *w = *state;
	struct node *n = node_at(w, "/data/total");
	struct xpath *x = compiled(w, n->slot,
				   "instance('villages')/root/item[parent="
				   "'b' and name != 'Dua']");
	struct xpath_rows rows;

	assert_int_equal(xpath_eval_rows(x, &w->env, n, &w->arena, &rows), 0);
	assert_ptr_equal(rows.list, w->villages);
	assert_int_equal(rows.n_rows, 1);
	assert_true(str_is(w->villages->ops->cell(rows.list, rows.rows[0], 0),
			   "3"));
	x = compiled(w, n->slot, "instance('choices')/root/item");
	assert_int_equal(xpath_eval_rows(x, &w->env, n, &w->arena, &rows), 0);
	assert_null(rows.list);
	assert_int_equal(rows.n_nodes, 3);
}

/* "/data/rep/x" or, when any instance is meant, "/data/rep/x*". */
static void put_slot(struct buf *b, const struct shape *sh, uint32_t slot)
{
	if (sh->slots[slot].parent != TREE_NO_SLOT)
		put_slot(b, sh, sh->slots[slot].parent);
	buf_adds(b, sh->slots[slot].attribute ? "/@" : "/");
	buf_addstr(b, sh->slots[slot].name->local);
}

static void put_deps(struct world *w, const struct xpath *x, struct buf *b)
{
	size_t n;
	const struct xpath_dep *deps = xpath_deps(x, &n);

	for (size_t i = 0; i < n; i++) {
		buf_adds(b, i ? " " : "");
		put_slot(b, w->shape, deps[i].slot);
		buf_adds(b, deps[i].same ? "" : "*");
	}
}

static void what_is_read_is_listed(void **state)
{
	static const struct row rows[] = {
		{ "/data/rep/y", "../x", "/data/rep/x" },
		{ "/data/rep/y", "/data/rep/x + /data/n",
		  "/data/rep/x /data/n" },
		{ "/data/rep/y", "sum(/data/rep/x)", "/data/rep/x*" },
		{ "/data/rep/y", "/data/rep/x = sum(/data/rep/x)",
		  "/data/rep/x*" },
		{ "/data/rep/y", "count(/data/rep)", "/data/rep*" },
		{ "/data/rep/y", "position(..)", "/data/rep" },
		{ "/data/rep/in/z", "position(../..)", "/data/rep" },
		{ "/data/rep/y", "sum(../in/z)", "/data/rep/in/z*" },
		{ "/data/total", "/data/rep[x > ../n]/y",
		  "/data/rep/x* /data/n /data/rep/y*" },
		{ "/data/rep/y", "/data/rep[. = current()/../x]/in",
		  "/data/rep* /data/rep/x* /data/rep/in* /data/rep/in/z*" },
		{ "/data/rep/y",
		  "instance('villages')/root/item[parent = current()/../x and "
		  "name = /data/key]/code",
		  "/data/rep/x /data/key" },
		{ "/data/total",
		  "indexed-repeat(/data/rep/x, /data/rep, /data/n)",
		  "/data/rep/x* /data/rep* /data/n" },
		{ "/data/total", "/data/grp/*", "/data/grp/g1 /data/grp/g2" },
		{ "/data/total", "//z", "/data/rep/in/z*" },
		{ "/data/total", "jr:choice-name(/data/n, '/data/key')",
		  "/data/n /data/key" },
		{ "/data/total",
		  "pulldata('villages', 'name', 'code', /data/key)",
		  "/data/key" },
		{ "/data/key", "string-length()", "/data/key" },
		{ "/data/key", ". = 'x'", "/data/key" },
		{ "/data/total", "if(/data/n, /data/key, 1)",
		  "/data/n /data/key" },
		{ "/data/total", "(/data/n | /data/key)[1]",
		  "/data/n /data/key" },
		{ "/data/total", "now() + 1", "" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT(1000);
		uint32_t slot = shape_slot(w->shape, rows[i].context);

		put_deps(w, compiled(w, slot, rows[i].expression), &b);
		if (!str_is(buf_str(&b), rows[i].expected))
			fail_msg("%s reads %s, expected %s", rows[i].expression,
				 b.p ? b.p : "", rows[i].expected);
		buf_release(&b);
	}
}

static void uses_are_told(void **state)
{
	struct world *w = *state;

	assert_int_equal(xpath_uses(compiled(w, 0, "now()")), XPATH_USES_NOW);
	assert_int_equal(xpath_uses(compiled(w, 0, "once(random())")),
			 XPATH_USES_ONCE | XPATH_USES_RANDOM);
	assert_int_equal(xpath_uses(compiled(w, 0, "position(..)")),
			 XPATH_USES_POSITION);
	assert_int_equal(xpath_uses(compiled(w, 0, "instance('a')/b")),
			 XPATH_USES_LISTS);
	assert_int_equal(xpath_path_slot(compiled(w, 0, "/data/n")),
			 shape_slot(w->shape, "/data/n"));
	assert_int_equal(xpath_path_slot(compiled(w, 0, "/data/n + 1")),
			 TREE_NO_SLOT);
}

static void names_are_found_without_their_table_too(void **state)
{
	struct world *w = *state;

	xpath_names_free(w->names);
	w->names = NULL;
	assert_true(
		str_is(value_at(w, "/data/rep[2]/y", "../x + /data/n"), "12"));
}

static void dead_paths_and_lost_instances_are_warned_of(void **state)
{
	static const struct row rows[] = {
		{ "/data/total", "/data/nn + 1",
		  "ungkapan \"/data/nn + 1\", kolom 1: tidak ada isian di "
		  "sana" },
		{ "/data/total", "1 + /data/rep/x",
		  "ungkapan \"1 + /data/rep/x\", kolom 5: ada beberapa isian, "
		  "hanya yang pertama dihitung" },
		{ "/data/total", "regex(., '[0-9]+')",
		  "ungkapan \"regex(., '[0-9]+')\", kolom 10: pola regex "
		  "tanpa ^ dan $; di sini seluruh isian harus cocok, di "
		  "program lain cukup sebagian" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		report_release(&w->rep);
		w->rep = (struct report){ 0 };
		compiled(w, shape_slot(w->shape, rows[i].context),
			 rows[i].expression);
		assert_int_equal(w->rep.errors, 0);
		assert_true(str_is(report_first(&w->rep, &w->arena),
				   rows[i].expected));
	}
	assert_true(
		str_is(value_at(w, "/data/rep[2]/y", "1 + /data/rep/x"), "11"));
}

static void looking_at_all_nodes_has_a_limit(void **state)
{
	struct world *w = *state;
	uint64_t looks = XPATH_MAX_LOOKS - w->shape->n;
	struct xpath_scope scope = { .shape = w->shape, .looks = &looks };
	struct xpath *x;

	assert_int_equal(
		xpath_compile(&x, &w->arena, STR("//z"), &scope, &w->rep), 0);
	assert_int_equal(
		xpath_compile(&x, &w->arena, STR("//z"), &scope, &w->rep),
		ERR_TOOBIG);
	assert_int_equal(w->rep.errors, 1);
}

#define WORLD_TEST(f) \
	cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_pooled_expression_is_for_nodes_of_its_slot),
		WORLD_TEST(paths_mean_the_contexts_own_instance),
		WORLD_TEST(some_functions_mean_every_instance),
		WORLD_TEST(predicates_look_at_all_instances),
		WORLD_TEST(a_repeat_is_picked_by_index),
		WORLD_TEST(hidden_nodes_read_as_empty_and_are_not_counted),
		WORLD_TEST(instances_are_looked_up_by_key),
		WORLD_TEST(itemsets_come_as_rows),
		WORLD_TEST(what_is_read_is_listed),
		WORLD_TEST(uses_are_told),
		WORLD_TEST(dead_paths_and_lost_instances_are_warned_of),
		WORLD_TEST(looking_at_all_nodes_has_a_limit),
		WORLD_TEST(names_are_found_without_their_table_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
