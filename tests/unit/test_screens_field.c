/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/sys.h"

#include "../../src/screens/choices.h"
#include "../../src/screens/field.h"
#include "../../src/screens/text.h"

/* Sunday 22 November 2026, 10.00 in Lampung. */
#define NOW INT64_C(1795316400000)

static struct sys_fixed clock_fixed;

static int set_clock(void **state)
{
	(void)state;
	sys_fixed_init(&clock_fixed, NOW, 420, 1);
	return 0;
}

struct row {
	enum data_type type;
	const char *appearance, *before, *keys;
	const char *field; /* what stands in it then */
	const char *value; /* what is stored; NULL: not a value */
	enum field_result last;
};

/* In keys: < backspace, ^ clears, everything else as typed. */
static const struct row rows[] = {
	/* whole numbers: digits and one minus in front, nine digits */
	{ TYPE_INT, "", "", "36", "36", "36", FIELD_CHANGED },
	{ TYPE_INT, "", "", "3a6.", "36", "36", FIELD_TAKEN },
	{ TYPE_INT, "", "", "-5", "-5", "-5", FIELD_CHANGED },
	{ TYPE_INT, "", "", "5-", "5", "5", FIELD_TAKEN },
	{ TYPE_INT, "", "", "123456789", "123456789", "123456789",
	  FIELD_CHANGED },
	{ TYPE_INT, "", "", "1234567890", "123456789", "123456789",
	  FIELD_TAKEN },
	{ TYPE_INT, "counter", "4", "+", "5", "5", FIELD_CHANGED },
	{ TYPE_INT, "counter", "4", "--", "2", "2", FIELD_CHANGED },
	{ TYPE_INT, "counter", "", "+", "1", "1", FIELD_CHANGED },
	/* decimals: comma or point, stored with a point */
	{ TYPE_DECIMAL, "", "", "3,5", "3,5", "3.5", FIELD_CHANGED },
	{ TYPE_DECIMAL, "", "", "3.5", "3.5", "3.5", FIELD_CHANGED },
	{ TYPE_DECIMAL, "", "", "3,5,1", "3,51", "3.51", FIELD_CHANGED },
	{ TYPE_DECIMAL, "", "2.25", "", "2,25", "2.25", FIELD_TAKEN },
	/* dates: digits alone; . today, + and - a day */
	{ TYPE_DATE, "", "", "12071985", "12-07-1985", "1985-07-12",
	  FIELD_FULL },
	{ TYPE_DATE, "", "", "1207", "1207", NULL, FIELD_CHANGED },
	{ TYPE_DATE, "", "", "31022026", "31-02-2026", NULL, FIELD_FULL },
	{ TYPE_DATE, "", "", "29022024", "29-02-2024", "2024-02-29",
	  FIELD_FULL },
	{ TYPE_DATE, "", "", "29022023", "29-02-2023", NULL, FIELD_FULL },
	{ TYPE_DATE, "", "", "12/07/1985", "12-07-1985", "1985-07-12",
	  FIELD_FULL },
	{ TYPE_DATE, "", "", "1207198", "1207198", NULL, FIELD_CHANGED },
	{ TYPE_DATE, "", "", "12071985<", "1207198", NULL, FIELD_CHANGED },
	{ TYPE_DATE, "", "", "12a", "12", NULL, FIELD_TAKEN },
	{ TYPE_DATE, "", "", "120<", "12", NULL, FIELD_CHANGED },
	{ TYPE_DATE, "", "", ".", "22-11-2026", "2026-11-22", FIELD_CHANGED },
	{ TYPE_DATE, "", "", ".-", "21-11-2026", "2026-11-21", FIELD_CHANGED },
	{ TYPE_DATE, "", "", "+", "23-11-2026", "2026-11-23", FIELD_CHANGED },
	{ TYPE_DATE, "", "2026-12-31", "+", "01-01-2027", "2027-01-01",
	  FIELD_CHANGED },
	{ TYPE_DATE, "", "2026-11-01", "1", "1", NULL, FIELD_CHANGED },
	{ TYPE_DATE, "", "2026-11-01", "^", "", "", FIELD_CHANGED },
	{ TYPE_DATE, "year", "", "1948", "1948", "1948-01-01", FIELD_FULL },
	{ TYPE_DATE, "year", "1948-01-01", "-", "1947", "1947-01-01",
	  FIELD_CHANGED },
	{ TYPE_DATE, "month-year", "", "071985", "07-1985", "1985-07-01",
	  FIELD_FULL },
	{ TYPE_DATE, "month-year", "1985-12-01", "+", "01-1986", "1986-01-01",
	  FIELD_CHANGED },
	{ TYPE_TIME, "", "", "0930", "09:30", "09:30:00.000+07:00",
	  FIELD_FULL },
	{ TYPE_TIME, "", "", "2460", "24:60", NULL, FIELD_FULL },
	{ TYPE_DATETIME, "", "", "221120260930", "22-11-2026 09:30",
	  "2026-11-22T09:30:00.000+07:00", FIELD_FULL },
	/* text */
	{ TYPE_STRING, "", "", "Siti", "Siti", "Siti", FIELD_CHANGED },
	{ TYPE_STRING, "", "", "  Siti ", "  Siti ", "Siti", FIELD_CHANGED },
	{ TYPE_STRING, "numbers", "", "1a8", "18", "18", FIELD_CHANGED },
	/* a fixed length moves on by itself */
	{ TYPE_STRING, "numbers len4", "", "1871", "1871", "1871", FIELD_FULL },
	{ TYPE_STRING, "numbers len4", "", "187", "187", "187", FIELD_CHANGED },
};

static struct key key_of(char c)
{
	if (c == '<')
		return (struct key){ .code = UI_BACKSPACE };
	if (c == '^')
		return (struct key){ .code = UI_CTRL('u') };
	return (struct key){ .code = (unsigned char)c };
}

static void keys_become_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct item item = { .kind = ITEM_INPUT,
				     .type = r->type,
				     .appearance = str_from(r->appearance) };
		struct field f = { 0 };
		struct arena a = { 0 };
		enum field_result last = FIELD_TAKEN;
		struct str value;
		enum err rc;

		field_begin(&f, &item, str_from(r->before));
		for (const char *k = r->keys; *k; k++)
			last = field_key(&f, key_of(*k), &clock_fixed.sys);
		if (!str_is(edit_text(&f.edit), r->field))
			fail_msg("row %zu: field %.*s", i,
				 STR_ARG(edit_text(&f.edit)));
		if (last != r->last)
			fail_msg("row %zu: result %d", i, (int)last);
		rc = field_value(&f, &clock_fixed.sys, &a, &value);
		if (!r->value)
			assert_int_equal(rc, ERR_INVALID);
		else if (rc || !str_is(value, r->value))
			fail_msg("row %zu: value %.*s", i, STR_ARG(value));
		field_release(&f);
		arena_release(&a);
	}
}

static void what_is_pasted_never_moves_on(void **state)
{
	struct item item = { .kind = ITEM_INPUT,
			     .appearance = STR_INIT("len4") };
	struct field f = { 0 };

	(void)state;
	field_begin(&f, &item, STR(""));
	for (const char *k = "1871"; *k; k++) {
		struct key key = { .code = (unsigned char)*k, .pasted = true };

		assert_int_equal(field_key(&f, key, &clock_fixed.sys),
				 FIELD_CHANGED);
	}
	field_release(&f);
}

static void a_whole_date_says_its_day_while_typed(void **state)
{
	struct item item = { .kind = ITEM_INPUT, .type = TYPE_DATE };
	const struct sys *sys = &clock_fixed.sys;
	struct field f = { 0 };
	struct arena a = { 0 };

	(void)state;
	field_begin(&f, &item, STR(""));
	for (const char *k = "1207198"; *k; k++)
		field_key(&f, (struct key){ .code = (unsigned char)*k }, sys);
	assert_true(str_is(field_typed_beside(&f, sys, &a), ""));
	field_key(&f, (struct key){ .code = '5' }, sys);
	assert_true(str_is(field_typed_beside(&f, sys, &a), "Jumat, 41 tahun"));
	field_release(&f);
	arena_release(&a);
}

static void a_date_says_its_day_and_a_birth_its_age(void **state)
{
	struct arena a = { 0 };
	const struct sys *sys = &clock_fixed.sys;

	(void)state;
	assert_true(str_is(field_beside(FIELD_DATE, STR("2026-11-22"), sys, &a),
			   "Minggu"));
	assert_true(str_is(field_beside(FIELD_DATE, STR("1985-11-22"), sys, &a),
			   "Jumat, 41 tahun"));
	assert_true(str_is(field_beside(FIELD_DATE, STR("1985-11-23"), sys, &a),
			   "Sabtu, 40 tahun"));
	assert_true(str_is(field_beside(FIELD_DATE, STR("1948-02-29"), sys, &a),
			   "Minggu, 78 tahun"));
	assert_true(
		str_is(field_beside(FIELD_TIME, STR("10:00"), sys, &a), ""));
	arena_release(&a);
}

static void codes_are_own_or_counted(void **state)
{
	struct choice at[] = { { STR_INIT("1"), STR_INIT("a") },
			       { STR_INIT("2"), STR_INIT("b") },
			       { STR_INIT("10"), STR_INIT("c") } };
	struct str codes[] = { STR_INIT("1"), STR_INIT("2"), STR_INIT("10") };
	struct choices c = { .at = at, .codes = codes, .n = 3, .own = true };
	struct arena a = { 0 };
	bool longer;

	(void)state;
	assert_int_equal(choices_match(&c, STR("2"), &longer), 1);
	assert_false(longer);
	assert_int_equal(choices_match(&c, STR("1"), &longer), 0);
	assert_true(longer);
	assert_int_equal(choices_match(&c, STR("02"), &longer), 1);
	assert_true(choices_match(&c, STR("3"), &longer) == SIZE_MAX);
	assert_false(longer);
	assert_true(str_is(choices_toggled(STR(""), STR("2"), &a), "2"));
	assert_true(str_is(choices_toggled(STR("2"), STR("10"), &a), "2 10"));
	assert_true(
		str_is(choices_toggled(STR("2 10 1"), STR("10"), &a), "2 1"));
	assert_true(str_is(choices_toggled(STR("2"), STR("2"), &a), ""));
	assert_true(str_is(choices_codes(&c, STR("10 1"), &a), "10 1"));
	assert_true(choices_selected(STR("2 10"), STR("10")));
	assert_false(choices_selected(STR("2 10"), STR("1")));
	arena_release(&a);
}

static void labels_lose_their_markup(void **state)
{
	static const char *const pairs[][2] = {
		{ "Nama **lengkap**", "Nama lengkap" },
		{ "## Judul", "Judul" },
		{ "a < b dan c > d", "a < b dan c > d" },
		{ "<span style=\"color:red\">Awas</span>", "Awas" },
		{ "satu<br/>dua", "satu\ndua" },
		{ "__tebal__ # bukan", "tebal # bukan" },
		{ "", "" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct str got = text_plain(&a, str_from(pairs[i][0]));

		if (!str_is(got, pairs[i][1]))
			fail_msg("%s gives %.*s", pairs[i][0], STR_ARG(got));
	}
	arena_release(&a);
}

static void numbers_and_days_are_said_in_words(void **state)
{
	struct arena a = { 0 };
	const struct sys *sys = &clock_fixed.sys;

	(void)state;
	assert_true(str_is(text_day(&a, sys, NOW), "Minggu 22 November 2026"));
	assert_true(str_is(text_date(&a, sys, NOW), "22 Nov 2026"));
	assert_true(str_is(text_time(&a, sys, NOW), "10.00"));
	assert_true(str_is(text_count(&a, 999), "999"));
	assert_true(str_is(text_count(&a, 1284), "1.284"));
	assert_true(str_is(text_count(&a, 1000000), "1.000.000"));
	assert_true(str_is(text_bytes(&a, 999), "999 byte"));
	assert_true(str_is(text_bytes(&a, 12345), "12,3 kB"));
	assert_true(str_is(text_bytes(&a, 12345678), "12,3 MB"));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_become_values),
		cmocka_unit_test(what_is_pasted_never_moves_on),
		cmocka_unit_test(a_whole_date_says_its_day_while_typed),
		cmocka_unit_test(a_date_says_its_day_and_a_birth_its_age),
		cmocka_unit_test(codes_are_own_or_counted),
		cmocka_unit_test(labels_lose_their_markup),
		cmocka_unit_test(numbers_and_days_are_said_in_words),
	};

	return cmocka_run_group_tests(tests, set_clock, NULL);
}
