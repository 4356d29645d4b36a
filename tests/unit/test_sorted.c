/* SPDX-License-Identifier: MIT */
/*
 * The sorted set against a model: an array of flags over all keys that there
 * can be. Keys share long beginnings, end in zeros, and are many at once or
 * few, so that every way to sort them and to share them out is gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cases/sorted.h"
#include "../lib/expect.h"
#include "../lib/world.h"

#define KEYS 6000
#define MOST 20000 /* operations at once */

static struct world w;
static struct shelf *shelf;
static struct str keys[KEYS]; /* in order, each once */
static size_t n_keys;
static bool in[KEYS];
static struct sorted_op ops[MOST];
static uint64_t seed = 7;

static size_t draw(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static struct str draw_key(void)
{
	static const char letters[] = { '\0', 'a', 'b', (char)0xff };
	char key[SORTED_KEY];
	size_t n = draw(20) ? 1 + draw(60) : SORTED_KEY - draw(3);
	size_t same = draw(n + 1);

	for (size_t i = 0; i < n; i++)
		key[i] = i < same ? 'a' : letters[draw(4)];
	return arena_dup(&w.arena, str_of(key, n));
}

static int by_key(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int setup(void **state)
{
	(void)state;
	world_make(&w);
	shelf = shelf_new();
	for (size_t i = 0; i < KEYS; i++)
		keys[i] = draw_key();
	qsort(keys, KEYS, sizeof(*keys), by_key);
	for (size_t i = 0; i < KEYS; i++)
		if (!i || !str_eq(keys[n_keys - 1], keys[i]))
			keys[n_keys++] = keys[i];
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shelf_free(shelf);
	world_remove(&w);
	return 0;
}

static void change(struct sorted *s, size_t n, size_t out_of)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = draw(n_keys);

		in[k] = draw(out_of) != 0;
		ops[i] = (struct sorted_op){ .key = keys[k], .del = !in[k] };
	}
	ok(sorted_apply(s, ops, n));
}

static void check(struct sorted *s)
{
	struct sorted_cur c;
	enum err rc = sorted_seek(s, &c, STR(""));

	for (size_t i = 0; i < n_keys; i++) {
		if (!in[i])
			continue;
		ok(rc);
		assert_true(str_eq(sorted_key(&c), keys[i]));
		rc = sorted_next(&c);
	}
	assert_int_equal(rc, ERR_NOTFOUND);
}

/* Of several operations on one key the last counts. */
static void it_holds_what_was_put_in_and_not_taken_out(void **state)
{
	static const size_t sizes[] = { 1, 3, 63, 64, 65, 700, MOST };
	struct sorted s = { .shelf = shelf };
	struct txn *t = NULL;

	(void)state;
	ok(txn_begin(&t, w.store, STORE_MAIN, TXN_WRITE));
	shelf_begin(shelf, t, true);
	for (size_t i = 0; i < 60; i++) {
		change(&s, sizes[i % ARRAY_LEN(sizes)], i % 3 ? 4 : 2);
		check(&s);
		arena_reset(txn_arena(t));
	}
	txn_abort(&t);
}

/* In this order of levels in the store: those above the leaves are few. */
static void levels_lie_together(struct txn *t)
{
	const char kind = INDEX_BLOCK;
	unsigned before = 0, top = 0;
	struct str page;
	struct cur cur;

	ok(cur_begin(&cur, t, TABLE_INDEX, str_of(&kind, 1), STR(""), false));
	while (!cur_next(&cur)) {
		ok(cur_value(&cur, &page));
		assert_int_equal(page.n, SHELF_BYTES);
		assert_true((uint8_t)*page.p >= before);
		before = (uint8_t)*page.p;
		top = before > top ? before : top;
	}
	cur_end(&cur);
	assert_true(top > 1);
}

static void hints_change_nothing(struct sorted *s)
{
	struct sorted none = { .shelf = s->shelf };
	struct sorted_way ways[AHEAD_MAX + 9];

	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		ways[i] = (struct sorted_way){ keys[draw(n_keys)], draw(5) };
	sorted_ahead(s, ways, 0);
	sorted_ahead(&none, ways, 3);
	sorted_ahead(s, ways, ARRAY_LEN(ways)); /* more than are looked at */
	sorted_top(&none, 10);
	sorted_top(s, 0);
	sorted_top(s, 20);
	sorted_top(s, SIZE_MAX);
	s->cold = true;
	check(s);
}

static void pages_asked_for_before_are_the_same(void **state)
{
	struct sorted s = { .shelf = shelf };
	struct txn *t = NULL;

	(void)state;
	memset(in, 0, sizeof(in));
	ok(txn_begin(&t, w.store, STORE_MAIN, TXN_WRITE));
	shelf_begin(shelf, t, true);
	for (size_t i = 0; i < 4; i++)
		change(&s, MOST, MOST);
	ok(txn_commit(&t));
	ok(txn_begin(&t, w.store, STORE_MAIN, TXN_READ));
	s.shelf = shelf_new();
	assert_non_null(s.shelf);
	shelf_begin(s.shelf, t, false);
	levels_lie_together(t);
	hints_change_nothing(&s);
	txn_abort(&t);
	shelf_free(s.shelf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_holds_what_was_put_in_and_not_taken_out),
		cmocka_unit_test(pages_asked_for_before_are_the_same),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
