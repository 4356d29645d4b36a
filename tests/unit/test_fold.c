/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/search.h"

#include "../lib/names.h"

/* The folding of names (INDEX.md). */
static struct str fold(struct arena *a, const char *text, bool typing)
{
	return search_fold(a, str_from(text), typing);
}

static const struct {
	const char *a, *b;
} same[] = {
	{ "Sitti Aminah", "Siti Aminah" },
	{ "Soekarno", "Sukarno" },
	{ "Moh. Ali", "Muhammad Ali" },
	{ "Mochammad Ali", "Muhamad Ali" },
	{ "Mhd Ali", "Mohd. Ali" },
	{ "Djoko", "Joko" },
	{ "Tjahjo", "Cahyo" },
	{ "Sjafruddin", "Syafrudin" },
	{ "Njoman", "Nyoman" },
	{ "Khadijah", "Hadijah" },
	{ "Chairul", "Khairul" },
	{ "Abd. Rahman", "Abdul Rahman" },
	{ "Abdurrahman", "Abdul Rahman" },
	{ "Abdur Rahman", "Abdurrachman" },
	{ "H. Ahmad", "Ahmad" },
	{ "Hj. Siti Aminah", "siti aminah" },
	{ "Ridhwan", "Ridwan" },
	{ "Thamrin", "Tamrin" },
	{ "Tsani", "Sani" },
	{ "Djaelani", "Jailani" },
	{ "Aisyah", "Aisah" },
	{ "Arya", "Aria" },
	{ "Tukiyem", "Tukiem" },
	{ "Kuwat", "Kuat" },
	{ "Taufiq", "Taufik" },
	{ "Felix", "Feliks" },
	{ "Ma'ruf", "Maruf" },
	{ "  SITI   aminah ", "Siti-Aminah" },
	{ "Chandra", "Candra" },
	{ "Christina", "Kristina" },
	{ "Fatimah", "Fatima" },
	{ "Jos\xc3\xa9", "Jose" },
};

static void spellings_of_one_name_meet(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		char *x = arena_cstr(&a, fold(&a, same[i].a, false));
		char *y = arena_cstr(&a, fold(&a, same[i].b, false));

		assert_string_equal(x, y);
	}
	arena_release(&a);
}

static void other_names_stay_apart(void **state)
{
	static const char *const names[] = {
		"Ani",      "Hani",  "Erni", "Herni", "Muhlis",  "Muhadi",
		"Abdullah", "Abdul", "Jaya", "Yaya",  "Yohanes", "Johanes",
		"Dina",     "Tina",  "11",   "1",     "Ny",      "",
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		for (size_t k = i + 1; k < ARRAY_LEN(names); k++)
			assert_false(str_eq(fold(&a, names[i], false),
					    fold(&a, names[k], false)));
	arena_release(&a);
}

static void a_title_stays_where_it_is_all_there_is(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_true(str_is(fold(&a, "H.", false), "h"));
	assert_true(str_is(fold(&a, "Drs. H. Ali", false), "ali"));
	assert_true(str_is(fold(&a, "siti h", true), "siti h"));
	assert_true(str_is(fold(&a, "siti h ", true), "siti"));
	arena_release(&a);
}

static bool right(struct arena *a, const char *word, size_t n)
{
	struct str typed = search_fold(a, str_of(word, n), true);

	return str_starts(fold(a, word, false), typed);
}

/* What is typed so far folds to the start of the whole word's fold. */
static void folding_is_prefix_stable_within_two_keys(void **state)
{
	struct arena a = { 0 };
	size_t late = 0, all = 0;
	const char *part;

	(void)state;
	for (size_t i = 0; (part = name_part(i)); i++) {
		char word[64];
		size_t len = strcspn(part, ".");

		if (len < 3 || strcmp(part, "Drs.") == 0)
			continue;
		snprintf(word, sizeof(word), "%.*s", (int)len, part);
		for (size_t n = 1; n <= len; n++) {
			bool stays = right(&a, word, n);

			all++;
			late += !stays;
			if (!stays &&
			    !right(&a, word, n + 1 < len ? n + 1 : len) &&
			    !right(&a, word, n + 2 < len ? n + 2 : len))
				fail_msg("%.*s of %s", (int)n, word, word);
		}
	}
	assert_true(late * 10 < all);
	arena_release(&a);
}

static void any_bytes_fold_to_words(void **state)
{
	struct arena a = { 0 };
	struct rng r = { 7 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char bytes[40];
		struct str f;

		for (size_t k = 0; k < sizeof(bytes); k++)
			bytes[k] = (char)draw(&r, 256);
		f = search_fold(&a, str_of(bytes, draw(&r, 40)), i & 1);
		assert_true(!f.n || (f.p[0] != ' ' && f.p[f.n - 1] != ' '));
		assert_true(str_find(f, STR("  "), 0) == SIZE_MAX);
		arena_reset(&a);
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_name_meet),
		cmocka_unit_test(other_names_stay_apart),
		cmocka_unit_test(a_title_stays_where_it_is_all_there_is),
		cmocka_unit_test(folding_is_prefix_stable_within_two_keys),
		cmocka_unit_test(any_bytes_fold_to_words),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
