/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/xpath.h"

/*
 * The function library, a row a rule: the expression and what its value is as
 * text. The clock stands at 2026-01-02 03:04:05.678 in UTC+7. A row that
 * begins with '!' is an error whose sentence holds the text.
 */
struct row {
	const char *expr, *want;
};

static const char document[] =
	"<d><n>3</n><n>17</n><n>-32</n><e/><e>x</e><t> a  b\n c </t>"
	"<s>satu dua  tiga</s><u>\xc3\xa9\xc3\xa8z</u>"
	"<p>0 0</p><p>0 1 5 5</p><p>1 1</p><p>1 0</p></d>";

static void evaluated(struct xpath_env *env, struct tree *t,
		      const struct row *row)
{
	struct xpath_scope scope = { .slot = TREE_NO_SLOT };
	const char *expr = row->expr + (row->expr[0] == '!');
	struct buf why = BUF_INIT(10000);
	struct report rep = { 0 };
	struct xpath_value v = { 0 };
	struct xpath *x = NULL;
	struct arena a = { 0 };
	struct str got;
	enum err rc;

	env->why = &why;
	rc = xpath_compile(&x, &a, str_from(expr), &scope, &rep);
	if (rc)
		print_error("%s: does not compile\n", expr);
	assert_int_equal(rc, 0);
	rc = xpath_eval(x, env, t->element, &a, &v);
	got = rc ? buf_str(&why) : xpath_string(&v, &a);
	if (row->expr[0] == '!'
		    ? !rc || str_find(got, str_from(row->want), 0) == SIZE_MAX
		    : rc || !str_is(got, row->want)) {
		print_error("%s: \"%.*s\", want \"%s\"\n", expr, STR_ARG(got),
			    row->want);
		fail();
	}
	buf_release(&why);
	report_release(&rep);
	arena_release(&a);
}

static void check(const struct row *rows, size_t n, const char *lang)
{
	struct tree *t = NULL;
	struct sys_fixed clock;
	struct xpath_env env = { .lang = str_from(lang) };

	sys_fixed_init(&clock, INT64_C(1767297845678), 7 * 60, 42);
	assert_int_equal(tree_parse(&t, str_from(document), "d.xml", NULL), 0);
	env.sys = &clock.sys;
	env.tree = t;
	env.cache = xpath_cache_new();
	for (size_t i = 0; i < n; i++)
		evaluated(&env, t, &rows[i]);
	xpath_cache_free(env.cache);
	tree_free(t);
}

#define CHECK(rows) check(rows, ARRAY_LEN(rows), "")

static void text_is_cut_and_put_together(void **state)
{
	static const struct row rows[] = {
		{ "join(', ', n, 'x')", "3, 17, -32, x" },
		{ "join(', ')", "" },
		{ "substr('hello', 1, 3)", "el" },
		{ "substr('hello', 0, -1)", "hell" },
		{ "substr('hello', -3)", "llo" },
		{ "substr('hello', -30, 2)", "he" },
		{ "substr('hello', 3, 2)", "" },
		{ "substr('hello', 2, 30)", "llo" },
		{ "substr(u, 1, 2)", "\xc3\xa8" },
		{ "substring('12345', 2, 3)", "234" },
		{ "substring('12345', 1.5, 2.6)", "234" },
		{ "substring('12345', 0 div 0, 3)", "" },
		{ "substring('12345', -42, 1 div 0)", "12345" },
		{ "substring('12345', -1 div 0, 1 div 0)", "" },
		{ "substring-before('a-b-c', '-')", "a" },
		{ "substring-before('abc', '')", "" },
		{ "substring-after('a-b-c', '-')", "b-c" },
		{ "substring-after('abc', '')", "abc" },
		{ "substring-after('abc', 'x')", "" },
		{ "translate(u, '\xc3\xa9z', 'e')", "e\xc3\xa8" },
		{ "translate('--aaa--', 'abc-', 'ABC')", "AAA" },
		{ "string-length(u)", "3" },
		{ "normalize-space(t)", "a b c" },
		{ "t[normalize-space() = 'a b c' and string-length() = 9]",
		  " a  b\n c " },
		{ "contains('abc', '')", "true" },
		{ "starts-with('abc', 'ab')", "true" },
		{ "ends-with('abc', 'bc')", "true" },
		{ "ends-with('c', 'bc')", "false" },
	};

	(void)state;
	CHECK(rows);
}

static void numbers_are_those_of_the_standard(void **state)
{
	static const struct row rows[] = {
		{ "int(-2.9)", "-2" },
		{ "int('x')", "" },
		{ "floor(-2.1)", "-3" },
		{ "ceiling(2.1)", "3" },
		{ "abs(-1.5)", "1.5" },
		{ "round(2.5)", "3" },
		{ "round(-2.5)", "-3" },
		{ "round('2.15', '1')", "2.2" },
		{ "round(1234.5, -2)", "1200" },
		{ "round(1, 31)", "" },
		{ "round(1.5, 30)", "1.5" },
		{ "round(1 div 0, 2)", "Infinity" },
		{ "pow(2, 10)", "1024" },
		{ "pow(1, 0 div 0)", "" },
		{ "sqrt(16)", "4" },
		{ "exp10(2)", "100" },
		{ "log10(1000)", "3" },
		{ "log(-1)", "" },
		{ "sin(0) + cos(0)", "1" },
		{ "atan2(0, 1)", "0" },
		{ "number('2026-01-02')", "20455" },
		{ "number('2026-01-02') + 0", "20454.708333333332" },
		{ "number('1e+21')", "1e+21" },
		{ "number(string(0.00000015)) * 10", "0.0000015" },
		{ "number('1e')", "" },
		{ "number('e1')", "" },
	};

	(void)state;
	CHECK(rows);
}

static void dates_are_local(void **state)
{
	static const struct row rows[] = {
		{ "today()", "2026-01-02" },
		{ "now()", "2026-01-02T03:04:05.678+07:00" },
		{ "date('2026-02-29')", "Invalid Date" },
		{ "date('2012')", "Invalid Date" },
		{ "date('')", "" },
		{ "date(today() + 1)", "2026-01-03" },
		{ "date(0)", "1970-01-01T07:00:00.000+07:00" },
		{ "date-time('2026-01-02T00:00:00Z')",
		  "2026-01-02T07:00:00.000+07:00" },
		{ "decimal-date-time('1970-01-02T00:00:00Z')", "1" },
		{ "decimal-time('06:00:00.000+07:00')", "0.25" },
		{ "decimal-time('06:00:00.000Z') * 24", "13" },
		{ "decimal-time('06:00:00.000-24:00')", "" },
		{ "decimal-time('2026-01-02T12:00:00')", "0.5" },
		{ "format-date('2026-03-04', '%Y %y %m %n %d %e')",
		  "2026 26 03 3 04 4" },
		{ "format-date('2026-03-04', '%b %a %B %A %q %% %')",
		  "Mar Wed March Wednesday %q % %" },
		{ "format-date-time('2026-03-04T05:06:07.089', "
		  "'%H %h %M %S %3')",
		  "05 5 06 07 089" },
		{ "format-date-time('05:06', '%d %H.%M')", "02 05.06" },
		{ "format-date('', '%Y')", "" },
		{ "format-date(1 div 0, '%Y')", "" },
	};

	(void)state;
	CHECK(rows);
}

static void names_of_days_follow_the_form(void **state)
{
	static const struct row rows[] = {
		{ "format-date('2026-08-02', '%a %d %b, %A %B')",
		  "Min 02 Agu, Minggu Agustus" },
	};
	static const struct row english[] = {
		{ "format-date('2026-08-02', '%a %b')", "Sun Aug" },
	};

	(void)state;
	check(rows, 1, "Bahasa Indonesia (id)");
	check(rows, 1, "id");
	check(english, 1, "Idaho");
	check(english, 1, "English (en)");
}

static void answers_are_words(void **state)
{
	static const struct row rows[] = {
		{ "selected(s, 'dua')", "true" },
		{ "selected(s, ' dua ')", "true" },
		{ "selected(s, 'du')", "false" },
		{ "selected(s, '')", "false" },
		{ "selected('', '')", "true" },
		{ "is-selected(s, 'tiga')", "true" },
		{ "selected-at(s, 0)", "satu" },
		{ "selected-at(s, 2)", "tiga" },
		{ "selected-at(s, 3)", "" },
		{ "selected-at(s, -1)", "" },
		{ "selected-at(s, 'x')", "" },
		{ "count-selected(s)", "3" },
		{ "count-selected('')", "0" },
		{ "boolean-from-string('TRUE')", "true" },
		{ "boolean-from-string(1.0)", "true" },
		{ "boolean-from-string('yes')", "false" },
		{ "checklist(1, 2, e, 0 = 1)", "true" },
		{ "checklist(-1, 1, 1 = 1, 1 = 1)", "false" },
		{ "checklist(3, -1, n)", "true" },
		{ "weighted-checklist(-12, -12, n, n)", "true" },
		{ "weighted-checklist(5, 5, '', 3, 'x', 5)", "true" },
	};

	(void)state;
	CHECK(rows);
}

static void the_earth_is_a_sphere(void **state)
{
	static const struct row rows[] = {
		{ "distance('7.9377 -11.5845 0 0;7.9324 -11.5902 0 0')",
		  "861.99" },
		{ "distance('7.9377 -11.5845', '7.9324 -11.5902 0 0')",
		  "861.99" },
		{ "distance('')", "0" },
		{ "!distance('x y; 1 2')", "bukan koordinat" },
		{ "area(p)", "12391256135.81" },
		{ "enclosed-area('0 0;0 1;1 1;1 0')", "12391256135.81" },
		{ "area('0 0;0 1')", "0" },
		{ "geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "true" },
		{ "geofence('2 0.5', '0 0;0 1;1 1;1 0;0 0')", "false" },
		{ "geofence('', '0 0;0 1;1 1')", "false" },
		{ "geofence('0 0', '')", "false" },
		{ "intersects('0 0;1 1;1 0;0 1')", "true" },
		{ "intersects('0 0;0 1;1 1;1 0;0 0')", "false" },
		{ "intersects('0 0;0 2;0 1;1 1;0 1')", "true" },
		{ "intersects('0 0;1 1')", "false" },
	};

	(void)state;
	CHECK(rows);
}

static void digests_are_those_of_their_standard(void **state)
{
	static const struct row rows[] = {
		{ "digest('abc', 'MD5', 'hex')",
		  "900150983cd24fb0d6963f7d28e17f72" },
		{ "digest('abc', 'SHA-1', 'hex')",
		  "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "digest('abc', 'sha256')",
		  "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=" },
		{ "substr(digest('abc', 'SHA-384', 'hex'), 0, 16)",
		  "cb00753f45a35e8b" },
		{ "substr(digest('abc', 'SHA-512', 'hex'), 0, 16)",
		  "ddaf35a193617aba" },
		{ "!digest('abc', 'CRC')", "digest: cara tidak dikenal" },
		{ "!digest('abc', 'MD5', 'oct')", "hanya base64 atau hex" },
		{ "base64-decode('SGVsbG8=')", "Hello" },
		{ "base64-decode('SGVs bG8')", "Hello" },
		{ "base64-decode('OK')", "8" },
		{ "base64-decode('?')", "" },
		{ "base64-decode('/0E=')", "\xef\xbf\xbd"
					   "A" },
		/* RFC 8032, 7.1, test 2 */
		{ "extract-signed('kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoI"
		  "WsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAHI=', "
		  "'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=')",
		  "r" },
		{ "extract-signed('kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoI"
		  "WsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAHM=', "
		  "'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=')",
		  "" },
		{ "extract-signed('', '')", "" },
	};

	(void)state;
	CHECK(rows);
}

static void a_pattern_matches_the_whole_text(void **state)
{
	static const struct row rows[] = {
		{ "regex('12345', '[0-9]+')", "true" },
		{ "regex('a12345', '[0-9]+')", "false" },
		{ "regex('ab', 'a|ab')", "true" },
		{ "regex(u, '\\p{L}{3}')", "true" },
		{ "regex('\xd9\xa1', '\\d')", "false" },
		{ "regex('a', '\\u0061')", "true" },
		{ "regex('a\n', 'a$')", "false" },
		{ "regex('', '')", "true" },
		{ "!regex('a', concat('(', ''))",
		  "pola regex salah pada huruf ke-2" },
		{ "!regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '(a+)+[cd]')",
		  "pola regex terlalu berat" },
	};

	(void)state;
	CHECK(rows);
}

static void chance_is_bounded_and_repeatable(void **state)
{
	static const struct row rows[] = {
		{ "random() >= 0 and random() < 1", "true" },
		{ "string-length(uuid())", "36" },
		{ "substr(uuid(), 14, 15)", "4" },
		{ "string-length(uuid(20))", "20" },
		{ "!uuid(1001)", "uuid: 0 sampai 1000 huruf" },
		{ "join('', randomize(n, 1))", "173-32" },
		{ "join('', randomize(n, '1'))", "173-32" },
		{ "join('', randomize(n, 'benih'))", "-32317" },
		{ "count(randomize(n))", "3" },
		{ "!randomize('x')", "randomize: bukan kumpulan node" },
	};

	(void)state;
	CHECK(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_and_put_together),
		cmocka_unit_test(numbers_are_those_of_the_standard),
		cmocka_unit_test(dates_are_local),
		cmocka_unit_test(names_of_days_follow_the_form),
		cmocka_unit_test(answers_are_words),
		cmocka_unit_test(the_earth_is_a_sphere),
		cmocka_unit_test(digests_are_those_of_their_standard),
		cmocka_unit_test(a_pattern_matches_the_whole_text),
		cmocka_unit_test(chance_is_bounded_and_repeatable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
