/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pilar/xpath.h"

/* A test of an expression is a row: what it gives, as text, in a document. */
struct row {
	const char *expression, *expected;
};

struct world {
	struct tree *tree;
	struct report rep;
	struct arena arena;
	struct sys_fixed sys;
	struct buf why;
	struct xpath_env env;
};

static void world_open(struct world *w, const char *xml)
{
	*w = (struct world){ 0 };
	if (tree_parse(&w->tree, str_from(xml), "test.xml", &w->rep))
		fail_msg("%s", xml);
	w->why = BUF_INIT(1000);
	/* 2026-01-02T10:04:05.678Z, seven hours west of it */
	sys_fixed_init(&w->sys, 1767348245678, -7 * 60, 1);
	w->env.sys = &w->sys.sys;
	w->env.tree = w->tree;
	w->env.why = &w->why;
	w->env.cache = xpath_cache_new();
}

static void world_close(struct world *w)
{
	xpath_cache_free(w->env.cache);
	buf_release(&w->why);
	arena_release(&w->arena);
	report_release(&w->rep);
	tree_free(w->tree);
}

static struct str problem(struct world *w)
{
	struct str s = report_first(&w->rep, &w->arena);

	return s.n ? s : buf_str(&w->why);
}

static struct str answer(struct world *w, struct node *context,
			 const char *expression)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT };
	struct xpath_value v;
	struct xpath *x;

	if (xpath_compile(&x, &w->arena, str_from(expression), &scope,
			  &w->rep) ||
	    xpath_eval(x, &w->env, context, &w->arena, &v))
		return problem(w);
	return xpath_string(&v, &w->arena);
}

static void check_rows(const char *xml, const struct row *rows, size_t n)
{
	struct world w;

	world_open(&w, xml);
	for (size_t i = 0; i < n; i++) {
		struct str got =
			answer(&w, w.tree->element, rows[i].expression);

		if (!str_is(got, rows[i].expected))
			fail_msg("%s: %.*s, expected %s", rows[i].expression,
				 STR_ARG(got), rows[i].expected);
	}
	world_close(&w);
}
#define CHECK_ROWS(xml, rows) check_rows(xml, rows, ARRAY_LEN(rows))

static void operators_bind_as_the_standard_says(void **state)
{
	static const struct row rows[] = {
		{ "1 + 2 * 3", "7" },
		{ "(1 + 2) * 3", "9" },
		{ "1 - 2 - 3", "-4" },
		{ "- - 1", "1" },
		{ "-1 --1", "0" },
		{ "5 mod -2", "1" },
		{ "-5 mod 3", "-2" },
		{ "1 mod1", "0" },
		{ "1div 4", "0.25" },
		{ "1 or 0 and 0", "true" },
		{ "1 = 1 = 1", "true" },
		{ "3 > 2 > 1", "false" },
		{ "2 * 3 div 8 * 2", "1.5" },
	};

	(void)state;
	CHECK_ROWS("<a/>", rows);
}

static void numbers_read_and_write_alike(void **state)
{
	static const struct row rows[] = {
		{ ".000555", "0.000555" },
		{ "0.1 + 0.2", "0.30000000000000004" },
		{ "1230000000000000000000", "1.23e+21" },
		{ "100000000000000000000", "100000000000000000000" },
		{ "1 div 10000000", "1e-7" },
		{ "0 div 0", "" },
		{ "-1 div 0", "-Infinity" },
		{ "number(' -12.50 ')", "-12.5" },
		{ "number('1e3')", "" },
		{ "number('- 5')", "" },
		{ "number('1.2.3')", "" },
		{ "-0", "0" },
	};

	(void)state;
	CHECK_ROWS("<a/>", rows);
}

static void paths_walk_all_axes(void **state)
{
	static const char xml[] =
		"<r><a id='1'>x<b>y</b></a><!--c--><a id='2'><b>z</b></a></r>";
	static const struct row rows[] = {
		{ "a", "xy" },
		{ "a[2]/b", "z" },
		{ "//b[. = 'z']/../@id", "2" },
		{ "count(//b)", "2" },
		{ "count(//node())", "9" },
		{ "a/b/ancestor::*[1]/@id", "1" },
		{ "a[last()]/preceding-sibling::*[1]/@id", "1" },
		{ "comment()", "c" },
		{ "count(a | a[1] | //b)", "4" },
		{ "//b/following::b", "z" },
		{ "//b[last()]/preceding::text()", "x" },
		{ "(//b)[2]", "z" },
		{ "name(/*)", "r" },
		{ "/r/a[@id = '2']/self::a/b", "z" },
		{ "../r/a/@id", "1" },
		{ "nothing/at/all", "" },
	};

	(void)state;
	CHECK_ROWS(xml, rows);
}

static void comparing_a_node_set_asks_for_any_node(void **state)
{
	static const char xml[] = "<r><n>1</n><n>5</n><s>a</s><e/></r>";
	static const struct row rows[] = {
		{ "n = 5", "true" },  { "n != 5", "true" },
		{ "n < 2", "true" },  { "n > 5", "false" },
		{ "n = n", "true" },  { "s != s", "false" },
		{ "n < s", "false" }, { "x = ''", "false" },
		{ "e = ''", "true" }, { "x = false()", "true" },
		{ "6 > n", "true" },  { "n = '05'", "false" },
	};

	(void)state;
	CHECK_ROWS(xml, rows);
}

static void dates_are_numbers_with_a_text(void **state)
{
	static const struct row rows[] = {
		{ "today()", "2026-01-02" },
		{ "now()", "2026-01-02T03:04:05.678-07:00" },
		{ "today() + 1", "20456.291666666668" },
		{ "'2026-01-02' + 1 = today() + 1", "true" },
		{ "date('2026-01-02') < '2026-01-03'", "true" },
		{ "d < today()", "true" },
		{ "d = '2025-12-31'", "true" },
		{ "date(0)", "1969-12-31T17:00:00.000-07:00" },
		{ "date('2026-1-2')", "2026-01-02" },
		{ "date('besok')", "Invalid Date" },
		{ "date('')", "" },
		{ "number('1970-01-02')", "1" },
		{ "number('1970-01-02') = 1", "false" },
		{ "date('1970-01-02T00:00:00Z') = 1", "true" },
	};

	(void)state;
	CHECK_ROWS("<r><d>2025-12-31</d></r>", rows);
}

static void faults_name_place_and_column(void **state)
{
	static const struct row rows[] = {
		{ "1 +", "ungkapan \"1 +\", kolom 4: ungkapan belum selesai" },
		{ "foo(1)", "ungkapan \"foo(1)\", kolom 1: fungsi \"foo\" "
			    "tidak dikenal" },
		{ "events('x')", "ungkapan \"events('x')\", kolom 1: fungsi "
				 "\"events\" tidak dikenal" },
		{ "1 + weighted-checklist(1, 2, 3)",
		  "ungkapan \"1 + weighted-checklist(1, 2, 3)\", kolom 5: "
		  "fungsi \"weighted-checklist\": jumlah isian salah" },
		{ "indexed-repeat(a, a, 1, a)",
		  "ungkapan \"indexed-repeat(a, a, 1, a)\", kolom 1: fungsi "
		  "\"indexed-repeat\": jumlah isian salah" },
		{ "regex(., '[0-9')", "ungkapan \"regex(., '[0-9')\", kolom "
				      "15: pola regex salah" },
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		world_open(&w, "<a/>");
		assert_true(str_is(answer(&w, NULL, rows[i].expression),
				   rows[i].expected));
		world_close(&w);
	}
}

static enum err compiled(struct world *w, struct str text)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT };
	struct xpath *x;

	return xpath_compile(&x, &w->arena, text, &scope, &w->rep);
}

/* `n` times `open`, then 1, then `n` times `close`. */
static struct str nested(struct buf *b, const char *open, size_t n,
			 const char *close)
{
	buf_reset(b);
	for (size_t i = 0; i < n; i++)
		buf_adds(b, open);
	buf_adds(b, "1");
	for (size_t i = 0; i < n; i++)
		buf_adds(b, close);
	return buf_str(b);
}

static void nesting_has_a_limit(void **state)
{
	size_t most = XPATH_MAX_DEPTH - 1;
	struct buf b = BUF_INIT(10000);
	struct world w;

	(void)state;
	world_open(&w, "<a/>");
	assert_int_equal(compiled(&w, nested(&b, "(", most, ")")), 0);
	assert_int_equal(compiled(&w, nested(&b, "(", most + 1, ")")),
			 ERR_SYNTAX);
	assert_int_equal(compiled(&w, nested(&b, "a[", most, "]")), 0);
	assert_int_equal(compiled(&w, nested(&b, "a[", most + 1, "]")),
			 ERR_SYNTAX);
	assert_int_equal(compiled(&w, nested(&b, "-", most, "")), 0);
	assert_int_equal(compiled(&w, nested(&b, "-", most + 1, "")),
			 ERR_SYNTAX);
	buf_release(&b);
	world_close(&w);
}

static void length_has_a_limit_and_costs_no_depth(void **state)
{
	struct buf b = BUF_INIT(XPATH_MAX_TOKENS * 2);
	struct world w;

	(void)state;
	world_open(&w, "<a/>");
	nested(&b, "1+", XPATH_MAX_TOKENS / 2 - 1, "");
	assert_true(str_is(answer(&w, w.tree->element, b.p), "5000"));
	buf_addc(&b, '+');
	assert_int_equal(compiled(&w, buf_str(&b)), ERR_SYNTAX);
	buf_adds(&b, "1");
	assert_int_equal(compiled(&w, buf_str(&b)), ERR_SYNTAX);
	assert_int_equal(w.rep.problems.n, 2);
	assert_true(str_ends(w.rep.problems.at[0].text, STR("selesai")));
	assert_true(str_ends(w.rep.problems.at[1].text,
			     STR("lebih dari 10000 kata dan tanda")));
	buf_release(&b);
	world_close(&w);
}

static void work_has_a_limit_and_names_the_expression(void **state)
{
	struct buf b = BUF_INIT(100000);
	struct world w;

	(void)state;
	buf_adds(&b, "<r>");
	for (int i = 0; i < 3000; i++)
		buf_adds(&b, "<a/>");
	buf_adds(&b, "</r>");
	world_open(&w, b.p);
	assert_true(
		str_is(answer(&w, w.tree->root, "count(//a[//r])"), "3000"));
	assert_true(
		str_is(answer(&w, w.tree->root, "count(//a[//a][//a][//a])"),
		       "ungkapan \"count(//a[//a][//a][//a])\": perlu "
		       "lebih dari 20000000 langkah"));
	buf_release(&b);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators_bind_as_the_standard_says),
		cmocka_unit_test(numbers_read_and_write_alike),
		cmocka_unit_test(paths_walk_all_axes),
		cmocka_unit_test(comparing_a_node_set_asks_for_any_node),
		cmocka_unit_test(dates_are_numbers_with_a_text),
		cmocka_unit_test(faults_name_place_and_column),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(length_has_a_limit_and_costs_no_depth),
		cmocka_unit_test(work_has_a_limit_and_names_the_expression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
