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
#include "../../src/cases/sorted.h"
#include "../lib/expect.h"
#include "../lib/names.h"
#include "../lib/world.h"

/* ---- the index against reading every record */
#define PEOPLE 3000

struct person {
	struct str dataset, record;
	struct id id;
};

struct town {
	struct world w;
	struct shelf *shelf, *beside;
	struct index_write *writer, *other; /* as of two processes */
	struct person at[PEOPLE];
	struct rng rng;
	size_t asked, more;
};

static struct town town;

static void draw_record(struct town *w, struct person *p)
{
	struct arena *a = &w->w.arena;
	struct record rec;
	char text[128], number[20];

	record_begin(&rec);
	some_name(&w->rng, text);
	assert_false(record_add(&rec, DATASET_NAME, str_from(text), a));
	if (draw(&w->rng, 20) == 0) {
		memset(text, 'm', 100);
		assert_false(
			record_add(&rec, DATASET_NAME, str_of(text, 40), a));
		some_name(&w->rng, text);
		assert_false(record_add(&rec, DATASET_NAME, str_from(text), a));
		some_name(&w->rng, text);
		assert_false(record_add(&rec, DATASET_NAME, str_from(text), a));
	}
	snprintf(number, sizeof(number), "1871%06u%06u", draw(&w->rng, 1000000),
		 draw(&w->rng, 100));
	if (draw(&w->rng, 4))
		assert_false(
			record_add(&rec, DATASET_NUMBER, str_from(number), a));
	some_name(&w->rng, text);
	assert_false(record_add(&rec, DATASET_PLACE, str_from(text), a));
	some_name(&w->rng, text);
	snprintf(text + strlen(text), 20, " %u RT %03u", draw(&w->rng, 200),
		 draw(&w->rng, 12));
	if (draw(&w->rng, 2))
		assert_false(record_add(&rec, DATASET_TEXT, str_from(text), a));
	p->record = arena_dup(a, buf_str(&rec.bytes));
	buf_release(&rec.bytes);
}

/* By turns, so that what one of them keeps is not what is stored. */
static enum err begin(struct town *w, struct index_write **out, struct txn **t)
{
	struct index_write *next = w->other;

	w->other = w->writer;
	w->writer = next;
	ok(txn_begin(t, w->w.store, STORE_MAIN, TXN_WRITE));
	*out = next;
	return index_begin(next, *t);
}

static void finish(struct index_write *ix, struct txn **t)
{
	ok(index_finish(ix));
	index_end(ix);
	ok(txn_commit(t));
}

static int town_make(void **state)
{
	struct town *w = &town;
	struct index_write *ix;
	struct txn *t;

	(void)state;
	memset(w, 0, sizeof(*w));
	world_make(&w->w);
	w->shelf = shelf_new();
	w->beside = shelf_new();
	ok(index_write_new(&w->writer, w->shelf));
	ok(index_write_new(&w->other, w->beside));
	w->rng.s = 42;
	assert_int_equal(begin(w, &ix, &t), ERR_VERSION);
	for (size_t i = 0; i < PEOPLE; i++) {
		struct person *p = &w->at[i];

		p->dataset = draw(&w->rng, 4) ? STR("a") : STR("b");
		for (size_t k = 0; k < sizeof(p->id.b); k++)
			p->id.b[k] = (uint8_t)draw(&w->rng, 256);
		draw_record(w, p);
		ok(index_put(ix, p->dataset, &p->id, p->record));
	}
	finish(ix, &t);
	return 0;
}

static int town_remove(void **state)
{
	(void)state;
	index_write_free(town.writer);
	index_write_free(town.other);
	shelf_free(town.shelf);
	shelf_free(town.beside);
	world_remove(&town.w);
	return 0;
}

static const struct person *person_of(const struct town *w, const struct id *id)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (id_eq(&w->at[i].id, id))
			return &w->at[i];
	return NULL;
}

static size_t brute_force(const struct town *w, const struct question *q)
{
	size_t n = 0;

	for (size_t i = 0; i < PEOPLE; i++)
		n += (!q->dataset.n || str_eq(q->dataset, w->at[i].dataset)) &&
		     record_rank(w->at[i].record, q) != RANK_NONE;
	return n;
}

static void check_hit(const struct person *p, const struct question *q,
		      const struct index_hit *hit)
{
	assert_true(str_eq(p->dataset, hit->dataset));
	assert_true(record_rank(p->record, q) != RANK_NONE);
}

/* Each hit is one, each once, in order, and none is missing. */
static void check_hits(struct town *w, const struct question *q,
		       const struct index_found *f)
{
	size_t want = brute_force(w, q);

	assert_true(f->n <= q->limit);
	for (size_t i = 0; i < f->n; i++) {
		const struct person *p = person_of(w, &f->hits[i].id);

		if (!p)
			fail_msg("not one of them");
		else
			check_hit(p, q, &f->hits[i]);
		assert_true(!i || f->hits[i - 1].rank <= f->hits[i].rank);
		for (size_t k = 0; k < i; k++)
			assert_false(id_eq(&f->hits[k].id, &f->hits[i].id));
	}
	w->asked++;
	w->more += f->more;
	if (f->more) {
		assert_true(want >= f->total);
		return;
	}
	assert_int_equal(f->total, want);
	assert_int_equal(f->n, want < q->limit ? want : q->limit);
}

static void draw_question(struct town *w, struct arena *a, struct question *q)
{
	const struct person *p = &w->at[draw(&w->rng, PEOPLE)];
	static const size_t limits[] = { 0, 1, 20, 100000, 100000, 100000 };

	*q = (struct question){
		.limit = limits[draw(&w->rng, ARRAY_LEN(limits))]
	};
	if (draw(&w->rng, 3) == 0)
		q->dataset = draw(&w->rng, 2) ? STR("a") : STR("b");
	while (q->n < QUESTION_WORDS && draw(&w->rng, 3)) {
		enum dataset_search kind;
		struct str word = { NULL, 0 };
		size_t at = 0;

		for (uint32_t k = draw(&w->rng, 10) + 1; k; k--)
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

static void ask_many(struct town *w, int times)
{
	struct index_head head = { 0 };
	uint8_t tag[STORE_TAG] = { 0 };
	struct txn *t = NULL;
	struct arena a = { 0 };

	ok(txn_begin(&t, w->w.store, STORE_MAIN, TXN_READ));
	ok(index_head_get(&head, t, tag));
	shelf_begin(w->shelf, t, false);
	while (times--) {
		const struct index_reader ix = { w->shelf, &head, t, 0, true };
		struct index_found found;
		struct question q;

		draw_question(w, &a, &q);
		ok(index_ask(&ix, &q, &a, &found));
		check_hits(w, &q, &found);
		arena_reset(&a);
	}
	index_head_release(&head);
	arena_release(&a);
	txn_abort(&t);
}

static void no_hit_is_missed_against_brute_force(void **state)
{
	(void)state;
	ask_many(&town, 1500);
	/* It may stop early where there is much. */
	assert_true(town.more * 2 < town.asked);
}

static void what_changes_is_found_at_once(void **state)
{
	struct town *w = &town;

	(void)state;
	for (int round = 0; round < 30; round++) {
		struct index_write *ix;
		struct txn *t;

		ok(begin(w, &ix, &t));
		for (int i = 0; i < 40; i++) {
			struct person *p = &w->at[draw(&w->rng, PEOPLE)];

			draw_record(w, p);
			ok(index_put(ix, p->dataset, &p->id, p->record));
		}
		finish(ix, &t);
		ask_many(w, 20);
	}
}

/* What an aborted write leaves in memory is not taken for what is stored. */
static void an_aborted_change_is_as_if_it_had_not_been(void **state)
{
	struct town *w = &town;
	struct index_write *ix;
	struct record rec;
	struct txn *t;

	(void)state;
	record_begin(&rec);
	ok(record_add(&rec, DATASET_NAME, STR("Batal"), &w->w.arena));
	for (int round = 0; round < 3; round++) {
		ok(begin(w, &ix, &t));
		for (size_t i = 0; i < PEOPLE; i += 7)
			ok(index_put(ix, w->at[i].dataset, &w->at[i].id,
				     buf_str(&rec.bytes)));
		ok(index_finish(ix));
		index_end(ix);
		txn_abort(&t);
		ask_many(w, 100);
	}
	buf_release(&rec.bytes);
}

struct words_seen {
	struct arena a;
	VEC(struct str) keys;
};

static enum err keep_key(void *arg, struct str key)
{
	struct words_seen *s = arg;

	*vec_push(&s->keys) = arena_dup(&s->a, key);
	return ERR_NONE;
}

static int by_key(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* After all changes the stored entries are those the records have. */
static void entries_are_those_of_the_records(void **state)
{
	struct town *w = &town;
	struct index_head head = { 0 };
	uint8_t tag[STORE_TAG] = { 0 };
	struct words_seen all = { 0 };
	struct sorted_cur cur;
	struct sorted tree;
	struct txn *t = NULL;
	size_t n = 0;
	enum err rc;

	(void)state;
	ok(txn_begin(&t, w->w.store, STORE_MAIN, TXN_READ));
	ok(index_head_get(&head, t, tag));
	shelf_begin(w->shelf, t, false);
	for (size_t i = 0; i < PEOPLE; i++) {
		const struct person *p = &w->at[i];

		ok(index_entries(!str_eq(p->dataset, head.sets.at[0].name),
				 &p->id, p->record, keep_key, &all));
	}
	qsort(all.keys.at, all.keys.n, sizeof(*all.keys.at), by_key);
	tree = (struct sorted){ .shelf = w->shelf, .root = head.root };
	for (rc = sorted_seek(&tree, &cur, STR("")); !rc;
	     rc = sorted_next(&cur)) {
		while (n && n < all.keys.n &&
		       str_eq(all.keys.at[n], all.keys.at[n - 1]))
			n++; /* of a word that a name has twice */
		assert_true(n < all.keys.n);
		assert_true(str_eq(sorted_key(&cur), all.keys.at[n]));
		n++;
	}
	assert_int_equal(rc, ERR_NOTFOUND);
	assert_int_equal(n, all.keys.n);
	vec_release(&all.keys);
	arena_release(&all.a);
	index_head_release(&head);
	txn_abort(&t);
}

static void nothing_is_found_in_an_empty_index(void **state)
{
	struct question q = { .words = { STR_INIT("a") }, .n = 1, .limit = 9 };
	struct index_head head = { 0 };
	const struct index_reader ix = { town.shelf, &head, NULL, 0, true };
	struct index_found found;
	struct arena a = { 0 };

	(void)state;
	ok(index_ask(&ix, &q, &a, &found));
	assert_int_equal(found.n + found.total, 0);
	arena_release(&a);
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
	buf_release(&rec.bytes);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_hit_is_missed_against_brute_force),
		cmocka_unit_test(what_changes_is_found_at_once),
		cmocka_unit_test(an_aborted_change_is_as_if_it_had_not_been),
		cmocka_unit_test(entries_are_those_of_the_records),
		cmocka_unit_test(nothing_is_found_in_an_empty_index),
		cmocka_unit_test(better_names_come_first),
		cmocka_unit_test(a_number_is_found_by_its_start_and_its_end),
		cmocka_unit_test(a_record_holds_so_many_words_and_no_more),
	};

	return cmocka_run_group_tests_name("index", tests, town_make,
					   town_remove);
}
