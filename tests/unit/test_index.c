/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/search.h"

#include "../../src/cases/index.h"

/* Names as they are made here, spelled old and new, plain and rare. */
static const char *const parts[] = {
	"Siti",      "Sitti",       "Aminah",   "Muhammad",  "Moh.",
	"Ahmad",     "Abdurrahman", "Abdullah", "Sri",       "Dewi",
	"Khadijah",  "Chairul",     "Soekarno", "Djoko",     "Tjahjo",
	"Sjafrudin", "Nurhayati",   "Wayan",    "Ketut",     "Yusuf",
	"Jusuf",     "Rahayu",      "Sulastri", "Bambang",   "H.",
	"Hj.",       "Drs.",        "Chandra",  "Christina", "Ma'ruf",
	"Iyah",      "Kuwat",       "Aisyah",   "Zainal",    "Tukiyem",
	"Arya",      "Wahyu",       "Ngatinah", "Njoman",    "Kartini",
	"Abd.",      "Fatimah",     "Ali",      "A",         "Budi",
	"Santoso",   "Hidayat",     "Nasution",
};

struct rng {
	uint64_t s;
};

static uint32_t draw(struct rng *r, uint32_t n)
{
	r->s = r->s * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(r->s >> 33) % n;
}

static void some_name(struct rng *r, char out[128])
{
	uint32_t n = 1 + draw(r, 4);

	*out = '\0';
	for (uint32_t i = 0; i < n; i++)
		snprintf(out + strlen(out), 128 - strlen(out), "%s%s",
			 i ? " " : "", parts[draw(r, ARRAY_LEN(parts))]);
}

static struct str fold(struct arena *a, const char *text, bool typing)
{
	return search_fold(a, str_from(text), typing);
}

/* ---- folding */
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

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char word[64];
		size_t len = strcspn(parts[i], ".");

		if (len < 3 || strcmp(parts[i], "Drs.") == 0)
			continue;
		snprintf(word, sizeof(word), "%.*s", (int)len, parts[i]);
		for (size_t n = 1; n <= len; n++) {
			bool ok = right(&a, word, n);

			all++;
			late += !ok;
			if (!ok &&
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

/* ---- the index against reading every record */
#define PEOPLE 3000

struct person {
	struct str dataset, record;
	uint8_t id[INDEX_ID];
	bool gone;
};

struct world {
	struct arena arena;
	struct index *ix;
	struct person at[PEOPLE];
	struct rng rng;
};

static void draw_record(struct world *w, struct person *p)
{
	struct record rec;
	char text[128], number[20];

	record_begin(&rec);
	some_name(&w->rng, text);
	assert_false(record_add(&rec, DATASET_NAME, str_from(text), &w->arena));
	snprintf(number, sizeof(number), "1871%06u%06u", draw(&w->rng, 1000000),
		 draw(&w->rng, 100));
	if (draw(&w->rng, 4))
		assert_false(record_add(&rec, DATASET_NUMBER, str_from(number),
					&w->arena));
	some_name(&w->rng, text);
	assert_false(
		record_add(&rec, DATASET_PLACE, str_from(text), &w->arena));
	p->record = arena_dup(&w->arena, buf_str(&rec.bytes));
	buf_release(&rec.bytes);
	assert_false(index_put(w->ix, p->dataset, p->id, p->record));
}

static void fill(struct world *w)
{
	w->ix = index_new();
	w->rng.s = 42;
	for (size_t i = 0; i < PEOPLE; i++) {
		struct person *p = &w->at[i];

		p->dataset = draw(&w->rng, 4) ? STR("a") : STR("b");
		for (size_t k = 0; k < INDEX_ID; k++)
			p->id[k] = (uint8_t)draw(&w->rng, 256);
		draw_record(w, p);
	}
}

static void finish(struct world *w)
{
	index_free(w->ix);
	arena_release(&w->arena);
}

struct found {
	unsigned rank;
	char name[RECORD_NAME_MAX + 1];
	const struct person *p;
};

static int by_merit(const void *a, const void *b)
{
	const struct found *const *x = a, *const *y = b;
	int c;

	if ((*x)->rank != (*y)->rank)
		return (*x)->rank < (*y)->rank ? -1 : 1;
	c = str_cmp((*x)->p->dataset, (*y)->p->dataset);
	if (!c)
		c = strcmp((*x)->name, (*y)->name);
	return c ? c : memcmp((*x)->p->id, (*y)->p->id, INDEX_ID);
}

static void same_as_brute_force(struct world *w, const struct question *q)
{
	static struct found all[PEOPLE];
	static struct found *order[PEOPLE];
	struct arena a = { 0 };
	struct index_hit *hits = NULL;
	size_t n = 0, total = 0, want = 0;

	for (size_t i = 0; i < PEOPLE; i++) {
		struct person *p = &w->at[i];
		struct found *f = &all[want];

		if (p->gone ||
		    (q->dataset.n && !str_eq(q->dataset, p->dataset)))
			continue;
		f->rank = record_rank(p->record, q);
		if (f->rank == RANK_NONE)
			continue;
		f->p = p;
		f->name[record_name(p->record, f->name)] = '\0';
		order[want++] = f;
	}
	qsort(order, want, sizeof(order[0]), by_merit);
	assert_false(index_ask(w->ix, q, &a, &hits, &n, &total));
	assert_int_equal(total, want);
	assert_int_equal(n, want < q->limit ? want : q->limit);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(hits[i].rank, order[i]->rank);
		assert_memory_equal(hits[i].id, order[i]->p->id, INDEX_ID);
	}
	arena_release(&a);
}

static void draw_question(struct world *w, struct arena *a, struct question *q)
{
	const struct person *p = &w->at[draw(&w->rng, PEOPLE)];
	static const size_t limits[] = { 0, 1, 20, 100000 };

	*q = (struct question){ .limit = limits[draw(&w->rng, 4)] };
	if (draw(&w->rng, 3) == 0)
		q->dataset = draw(&w->rng, 2) ? STR("a") : STR("b");
	while (q->n < QUESTION_WORDS && draw(&w->rng, 3)) {
		enum dataset_search kind;
		struct str word = { NULL, 0 };
		size_t at = 0;

		for (uint32_t k = draw(&w->rng, 5) + 1; k; k--)
			if (!record_word(p->record, &at, &kind, &word))
				break;
		if (word.n)
			word = str_sub(word, 0,
				       1 + draw(&w->rng, (uint32_t)word.n));
		if (draw(&w->rng, 20) == 0)
			word = STR("zz");
		if (word.n)
			q->words[q->n++] = arena_dup(a, word);
	}
}

static void ask_many(struct world *w, int times)
{
	struct arena a = { 0 };
	struct question q;

	while (times--) {
		draw_question(w, &a, &q);
		same_as_brute_force(w, &q);
		arena_reset(&a);
	}
	arena_release(&a);
}

static void hits_equal_brute_force(void **state)
{
	static struct world w;

	(void)state;
	fill(&w);
	ask_many(&w, 100); /* all waiting */
	assert_false(index_settle(w.ix));
	assert_int_equal(index_waiting(w.ix), 0);
	ask_many(&w, 1500);
	finish(&w);
}

static void changes_are_found_at_once(void **state)
{
	static struct world w;

	(void)state;
	memset(&w, 0, sizeof(w));
	fill(&w);
	assert_false(index_settle(w.ix));
	for (int round = 0; round < 30; round++) {
		for (int i = 0; i < 40; i++) {
			struct person *p = &w.at[draw(&w.rng, PEOPLE)];

			p->gone = draw(&w.rng, 3) == 0;
			if (p->gone)
				index_del(w.ix, p->id);
			else
				draw_record(&w, p);
		}
		ask_many(&w, 20);
		if (round % 10 == 9)
			assert_false(index_settle(w.ix));
	}
	finish(&w);
}

static void nothing_is_found_in_an_empty_index(void **state)
{
	struct question q = { .words = { STR_INIT("a") }, .n = 1, .limit = 9 };
	struct index *ix = index_new();
	struct index_hit *hits;
	struct arena a = { 0 };
	size_t n = 9, total = 9;

	(void)state;
	assert_false(index_settle(ix));
	assert_false(index_ask(ix, &q, &a, &hits, &n, &total));
	assert_int_equal(n + total, 0);
	arena_release(&a);
	index_free(ix);
}

static unsigned rank_of(const char *name, const char *typed)
{
	struct question q = { .limit = 1 };
	struct arena a = { 0 };
	struct record rec;
	struct str rest = search_fold(&a, str_from(typed), true);
	unsigned rank;

	record_begin(&rec);
	assert_false(record_add(&rec, DATASET_NAME, str_from(name), &a));
	while (q.n < QUESTION_WORDS && str_word(&rest, &q.words[q.n]))
		q.n++;
	rank = record_rank(buf_str(&rec.bytes), &q);
	buf_release(&rec.bytes);
	arena_release(&a);
	return rank;
}

static void better_names_come_first(void **state)
{
	static const char *const order[] = {
		"Siti Ami",     "Siti Ami Lestari",
		"Siti Aminah",  "Siti Aminah Lestari",
		"Nur Siti Ami", "Nur Siti Aminah",
		"Ami Siti",     "Aminah Siti",
	};

	(void)state;
	for (size_t i = 1; i < ARRAY_LEN(order); i++)
		assert_true(rank_of(order[i - 1], "siti ami") <
			    rank_of(order[i], "siti ami"));
	assert_int_equal(rank_of("Siti Aminah", "siti budi"), RANK_NONE);
}

static void a_number_is_found_by_its_start_and_its_end(void **state)
{
	struct question q = { .n = 1 };
	struct arena a = { 0 };
	struct record rec;

	(void)state;
	record_begin(&rec);
	assert_false(record_add(&rec, DATASET_NUMBER,
				STR("1871 0102 0304 0506"), &a));
	q.words[0] = STR("18710");
	assert_true(record_rank(buf_str(&rec.bytes), &q) != RANK_NONE);
	q.words[0] = STR("040506");
	assert_true(record_rank(buf_str(&rec.bytes), &q) != RANK_NONE);
	q.words[0] = STR("0102");
	assert_true(record_rank(buf_str(&rec.bytes), &q) == RANK_NONE);
	buf_release(&rec.bytes);
	arena_release(&a);
}

static void a_record_holds_so_many_words_and_no_more(void **state)
{
	struct arena a = { 0 };
	struct record rec;
	enum dataset_search kind;
	struct str word;
	size_t at = 0, n = 0;

	(void)state;
	record_begin(&rec);
	for (int i = 0; i < RECORD_WORDS + 5; i++) {
		char text[100];

		memset(text, 'b', 90);
		snprintf(text + 90, 10, "%d", i);
		for (int k = 0; k < 90; k++)
			text[k] = (char)('0' + (i + k) % 10);
		assert_false(
			record_add(&rec, DATASET_TEXT, str_from(text), &a));
	}
	while (record_word(buf_str(&rec.bytes), &at, &kind, &word)) {
		assert_int_equal(word.n, RECORD_WORD);
		n++;
	}
	assert_int_equal(n, RECORD_WORDS);
	assert_true(record_current(buf_str(&rec.bytes)));
	assert_false(record_current(STR("")));
	buf_release(&rec.bytes);
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
		cmocka_unit_test(hits_equal_brute_force),
		cmocka_unit_test(changes_are_found_at_once),
		cmocka_unit_test(nothing_is_found_in_an_empty_index),
		cmocka_unit_test(better_names_come_first),
		cmocka_unit_test(a_number_is_found_by_its_start_and_its_end),
		cmocka_unit_test(a_record_holds_so_many_words_and_no_more),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
