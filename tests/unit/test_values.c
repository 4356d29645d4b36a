/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/formula.h"

#include "../lib/scenario.h"

/* How each type writes what it is given (TRY.md, "Values"). */

struct row {
	const char *type, *given, *typed, *computed;
};

static void value_is(struct scenario *s, const char *path, const char *want,
		     const struct row *row)
{
	struct str got = session_value(
		s->session, session_find(s->session, str_from(path)));

	if (!str_is(got, want))
		print_error("%s \"%s\" at %s: \"%.*s\", want \"%s\"\n",
			    row->type, row->given, path, STR_ARG(got), want);
	assert_true(str_is(got, want));
}

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct scenario s = { 0 };
		struct str xml = arena_printf(
			&s.arena,
			XFORM("<x/><y/><s/>",
			      "<bind nodeset=\"/data/x\" type=\"%s\"/>"
			      "<bind nodeset=\"/data/y\" type=\"%s\" "
			      "calculate=\"/data/s\"/>",
			      "<input ref=\"/data/x\"/>"
			      "<input ref=\"/data/s\"/>"),
			rows[i].type, rows[i].type);

		scenario_open(&s, xml.p);
		assert_int_equal(
			session_answer(s.session,
				       session_find(s.session, STR("/data/x")),
				       str_from(rows[i].given), NULL),
			0);
		assert_int_equal(
			session_answer(s.session,
				       session_find(s.session, STR("/data/s")),
				       str_from(rows[i].given), NULL),
			0);
		value_is(&s, "/data/x", rows[i].typed, &rows[i]);
		value_is(&s, "/data/y",
			 rows[i].computed ? rows[i].computed : rows[i].typed,
			 &rows[i]);
		scenario_close(&s);
	}
}

static void numbers_are_cut_to_their_type(void **state)
{
	static const struct row rows[] = {
		{ "int", "10.1", "10", NULL },
		{ "int", "-0.9", "0", NULL },
		{ "int", " 7 ", "7", NULL },
		{ "int", "abc", "", NULL },
		{ "int", "2147483647", "2147483647", NULL },
		{ "int", "2147483648", "", NULL },
		{ "int", "-2147483648", "-2147483648", NULL },
		{ "int", "-2147483649", "", NULL },
		{ "int", "1e3", "1000", NULL },
		{ "int", "1e999", "", NULL },
		{ "int", "12 13", "", NULL },
		{ "decimal", "1", "1.0", NULL },
		{ "decimal", "-2.50", "-2.5", NULL },
		{ "decimal", "1,5", "", NULL },
		{ "decimal", "NaN", "", NULL },
		{ "decimal", ".5", "0.5", NULL },
		{ "decimal", ".", "", NULL },
		{ "decimal", "1e", "", NULL },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows));
}

static void dates_and_times_are_kept_or_dropped(void **state)
{
	static const struct row rows[] = {
		{ "date", "2024-02-29", "2024-02-29", NULL },
		{ "date", "2023-02-29", "", NULL },
		{ "date", "2024-05-06T07:08", "2024-05-06", NULL },
		{ "date", "2024-05-06T07:08:09.123+07:00", "", "2024-05-06" },
		{ "date", "6 Mei", "", NULL },
		{ "time", "07:08:09", "07:08:09", NULL },
		{ "time", "07:08:09.5Z", "07:08:09.5Z", NULL },
		{ "time", "07:60:00", "", NULL },
		{ "time", "24:00:00", "", NULL },
		{ "time", "07:08:09+15:00", "", NULL },
		{ "dateTime", "2024-05-06T07:08:09.123+07:00",
		  "2024-05-06T07:08:09.123+07:00", NULL },
		{ "dateTime", "2024-05-06T07:08:09", "2024-05-06T07:08:09",
		  NULL },
		{ "dateTime", "2024-05-06", "",
		  "2024-05-06T00:00:00.000+07:00" },
		{ "dateTime", "2024-04-31T00:00:00Z", "", NULL },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows));
}

static void places_are_numbers_in_range(void **state)
{
	static const struct row rows[] = {
		{ "geopoint", "-5.4 105.2 0 5", "-5.4 105.2 0.0 5.0", NULL },
		{ "geopoint", "-5.4 105.2", "-5.4 105.2", NULL },
		{ "geopoint", "91 0 0 0", "", NULL },
		{ "geopoint", "0 181", "", NULL },
		{ "geopoint", "5", "", NULL },
		{ "geopoint", "a b", "", NULL },
		{ "geotrace", "1 1 0 0;2 2 0 0;",
		  "1.0 1.0 0.0 0.0;2.0 2.0 0.0 0.0", NULL },
		{ "geotrace", "1 1", "", NULL },
		{ "geoshape", "1 1;2 2;3 1;1 1",
		  "1.0 1.0;2.0 2.0;3.0 1.0;1.0 1.0", NULL },
		{ "geoshape", "1 1;2 2;3 1", "", NULL },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows));
}

static void text_stays_as_it_is(void **state)
{
	static const struct row rows[] = {
		{ "string", "a  b", "a  b", NULL },
		{ "binary", "foto.jpg", "foto.jpg", NULL },
		{ "entah", "1.50", "1.50", NULL },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows));
}

static void controls_have_their_say(void **state)
{
	struct scenario s = { 0 };

	(void)state;
	scenario_open(&s, XFORM("<r/><t/>",
				"<bind nodeset=\"/data/r\" type=\"int\"/>",
				"<range ref=\"/data/r\" start=\"2\" end=\"5\" "
				"step=\"1\"/><trigger ref=\"/data/t\"/>"));
	scenario_play(&s, "set /data/r 5\nis /data/r 5\n"
			  "set /data/r 6\nis /data/r\n"
			  "set /data/r 2\nis /data/r 2\n"
			  "set /data/r 1\nis /data/r\n"
			  "set /data/t ya\nis /data/t OK\n"
			  "set /data/t\nis /data/t\n");
	assert_true(session_castable(
		s.session, session_find(s.session, STR("/data/r")), STR("3")));
	assert_false(session_castable(
		s.session, session_find(s.session, STR("/data/r")), STR("9")));
	scenario_close(&s);
}

static void preloads_ask_clock_and_client(void **state)
{
	static const struct entity_prop props[] = {
		{ STR_INIT("deviceID"), STR_INIT("pilar:1") },
		{ STR_INIT("username"), STR_INIT("dewi") },
	};
	struct scenario s = { 0 };
	struct session_options opt = { .sys = &s.clock.sys,
				       .props = props,
				       .n_props = ARRAY_LEN(props) };

	(void)state;
	scenario_open(
		&s, XFORM("<a/><b/><c/><d/><e/>",
			  "<bind nodeset=\"/data/a\" jr:preload=\"timestamp\" "
			  "jr:preloadParams=\"start\" type=\"dateTime\"/>"
			  "<bind nodeset=\"/data/b\" jr:preload=\"date\" "
			  "jr:preloadParams=\"today\" type=\"date\"/>"
			  "<bind nodeset=\"/data/c\" jr:preload=\"property\" "
			  "jr:preloadParams=\"deviceid\"/>"
			  "<bind nodeset=\"/data/d\" "
			  "calculate=\"property('username')\"/>"
			  "<bind nodeset=\"/data/e\" jr:preload=\"property\" "
			  "jr:preloadParams=\"uri:username\"/>",
			  ""));
	session_free(s.session);
	assert_int_equal(session_new(&s.session, s.form, &opt), 0);
	scenario_play(&s, "is /data/a 2026-01-02T03:04:05.678+07:00\n"
			  "is /data/b 2026-01-02\n"
			  "is /data/c pilar:1\n"
			  "is /data/d dewi\n"
			  "is /data/e username:dewi\n");
	scenario_close(&s);
}

static struct str computed(const struct formula *f, struct arena *a)
{
	static const struct entity_prop row[] = {
		{ STR_INIT("nama"), STR_INIT("Siti") },
		{ STR_INIT("umur"), STR_INIT("70") },
	};
	struct formula_env env = { .lang = STR_INIT("id") };
	struct formula_row *r = NULL;
	struct str out;

	assert_int_equal(formula_row_new(&r, &env, row, ARRAY_LEN(row)), 0);
	assert_int_equal(formula_row_text(r, f, a, &out), 0);
	formula_row_free(r);
	return out;
}

static void a_formula_is_computed_on_a_row(void **state)
{
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct formula *f;

	(void)state;
	assert_int_equal(
		formula_new(&f,
			    STR("concat(nama, if(umur >= 60, ' (lansia)', ''), "
				"alamat, current()/umur)"),
			    STR("datasets.csv, baris 2"), &rep),
		0);
	assert_true(str_is(computed(f, &a), "Siti (lansia)70"));
	formula_free(f);
	/* Who has no submissions has none of any form. */
	assert_int_equal(formula_new(&f, STR("count(events('kunjungan'))"),
				     STR("sini"), &rep),
			 0);
	assert_true(str_is(computed(f, &a), "0"));
	formula_free(f);
	assert_int_not_equal(formula_new(&f, STR("tidak("), STR("sini"), &rep),
			     0);
	assert_int_equal(rep.errors, 1);
	arena_release(&a);
	report_release(&rep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_cut_to_their_type),
		cmocka_unit_test(dates_and_times_are_kept_or_dropped),
		cmocka_unit_test(places_are_numbers_in_range),
		cmocka_unit_test(text_stays_as_it_is),
		cmocka_unit_test(controls_have_their_say),
		cmocka_unit_test(preloads_ask_clock_and_client),
		cmocka_unit_test(a_formula_is_computed_on_a_row),
	};

	return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
