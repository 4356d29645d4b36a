/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cases/event.h"
#include "../lib/expect.h"

static uint64_t seed = 5;

static size_t draw(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static struct stamp stamp(uint8_t device, uint64_t seq)
{
	return (struct stamp){ .device = { { device } }, .seq = seq };
}

static void assert_order(const struct row *rows, const struct stamp *want,
			 size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_true(stamp_eq(&rows[i].stamp, &want[i]));
}

static void an_operation_comes_after_the_one_it_had_seen(void **state)
{
	/* Device 1 made and changed it; 2 and 3 both saw the first only. */
	struct row rows[] = {
		{ .stamp = stamp(1, 9), .seen = stamp(3, 1) },
		{ .stamp = stamp(2, 4), .seen = stamp(1, 1) },
		{ .stamp = stamp(3, 1), .seen = stamp(1, 1) },
		{ .stamp = stamp(1, 1) },
	};
	const struct stamp want[] = { stamp(1, 1), stamp(2, 4), stamp(3, 1),
				      stamp(1, 9) };
	struct arena a = { 0 };

	(void)state;
	ok(rows_sort(rows, 4, &a));
	assert_order(rows, want, 4);
	arena_release(&a);
}

static void one_whose_predecessor_is_missing_holds_nobody_up(void **state)
{
	struct row rows[] = {
		{ .stamp = stamp(2, 2), .seen = stamp(9, 9) },
		{ .stamp = stamp(1, 5) },
	};
	const struct stamp want[] = { stamp(1, 5), stamp(2, 2) };
	struct arena a = { 0 };

	(void)state;
	ok(rows_sort(rows, 2, &a));
	assert_order(rows, want, 2);
	ok(rows_sort(rows, 0, &a));
	arena_release(&a);
}

static void a_ring_of_hostile_names_still_has_an_order(void **state)
{
	struct row rows[] = {
		{ .stamp = stamp(1, 1), .seen = stamp(3, 1) },
		{ .stamp = stamp(2, 1), .seen = stamp(1, 1) },
		{ .stamp = stamp(3, 1), .seen = stamp(2, 1) },
		{ .stamp = stamp(4, 1), .seen = stamp(4, 1) },
	};
	const struct stamp want[] = { stamp(4, 1), stamp(1, 1), stamp(2, 1),
				      stamp(3, 1) };
	struct arena a = { 0 };

	(void)state;
	ok(rows_sort(rows, 4, &a));
	assert_order(rows, want, 4);
	arena_release(&a);
}

/* The rule as it is written, without care for time. */
static void slowly(const struct row *rows, size_t n, struct stamp *out)
{
	bool done[64] = { false };

	for (size_t k = 0; k < n; k++) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < n; i++) {
			bool waits = false;

			for (size_t j = 0; j < n; j++)
				waits |=
					!done[j] && rows[i].seen.seq &&
					stamp_eq(&rows[j].stamp, &rows[i].seen);
			if (!done[i] && !waits &&
			    (best == SIZE_MAX ||
			     stamp_cmp(&rows[i].stamp, &rows[best].stamp) < 0))
				best = i;
		}
		done[best] = true;
		out[k] = rows[best].stamp;
	}
}

static void arrival_has_no_part_in_the_order(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t n = 1 + draw(60);
		struct row rows[64] = { 0 };
		struct stamp want[64];

		for (size_t i = 0; i < n; i++) {
			rows[i].stamp = stamp((uint8_t)draw(5), i + 1);
			if (i && draw(4))
				rows[i].seen = rows[draw(i)].stamp;
		}
		slowly(rows, n, want);
		for (size_t i = n; i > 1; i--) {
			size_t k = draw(i);
			struct row tmp = rows[k];

			rows[k] = rows[i - 1];
			rows[i - 1] = tmp;
		}
		ok(rows_sort(rows, n, &a));
		assert_order(rows, want, n);
		arena_reset(&a);
	}
	arena_release(&a);
}

/* ---- what operations do */
static struct deed deed(enum entity_verb verb, const char *label,
			const struct entity_prop *props, size_t n)
{
	return (struct deed){ .op = { .verb = verb,
				      .label = str_from(label),
				      .props = props,
				      .n_props = n } };
}

static enum applied apply(struct state *s, const struct deed *d, uint64_t seq,
			  struct arena *a)
{
	struct row r = { .stamp = stamp(1, seq), .has_branch = true };
	enum applied how;

	ok(state_apply(s, &r, d, a, &how));
	return how;
}

static void a_state_is_what_its_operations_left(void **state)
{
	const struct entity_prop first[] = { { STR("z"), STR("1") },
					     { STR("a"), STR("2") } };
	const struct entity_prop second[] = { { STR("z"), STR("") },
					      { STR("m"), STR("3") } };
	struct deed make = deed(ENTITY_CREATE, "Satu", first, 2);
	struct deed change = deed(ENTITY_UPDATE, "", second, 2);
	struct deed either = deed(ENTITY_UPSERT, "Dua", NULL, 0);
	struct arena a = { 0 };
	struct state s = { 0 };

	(void)state;
	assert_int_equal(apply(&s, &change, 1, &a), APPLIED_UNKNOWN);
	assert_false(s.exists);
	assert_int_equal(apply(&s, &make, 2, &a), APPLIED);
	assert_int_equal(apply(&s, &make, 3, &a), APPLIED_TWICE);
	assert_int_equal(apply(&s, &change, 4, &a), APPLIED);
	assert_true(str_is(s.label, "Satu"));
	assert_int_equal(s.n_props, 3);
	assert_true(str_is(state_prop(&s, STR("a")), "2"));
	assert_true(str_is(state_prop(&s, STR("m")), "3"));
	assert_true(state_prop(&s, STR("z")).n == 0);
	assert_int_equal(apply(&s, &either, 5, &a), APPLIED);
	assert_true(str_is(s.label, "Dua"));
	assert_int_equal(s.version, 3);
	assert_int_equal(s.created.seq, 2);
	assert_int_equal(s.last.seq, 5);
	arena_release(&a);
}

static void states_and_rows_read_back_as_written(void **state)
{
	struct entity_prop props[] = { { STR("a"), STR("1") },
				       { STR("b"), STR("") } };
	struct str shown[] = { STR_INIT("x"), STR_INIT("") };
	struct state s = { .exists = true,
			   .version = 7,
			   .trunk = 3,
			   .has_branch = true,
			   .created = stamp(2, 5),
			   .created_at_op = 4,
			   .last = stamp(3, 6),
			   .changed_at = -5,
			   .offset_min = -60,
			   .label = STR("L"),
			   .props = props,
			   .n_props = 2,
			   .shown = shown,
			   .n_shown = 2 };
	struct state t = { 0 };
	struct buf b = BUF_INIT(10000);
	struct arena a = { 0 };
	struct str bytes;

	(void)state;
	state_write(&b, &s);
	bytes = buf_str(&b);
	ok(state_read(bytes, &a, &t));
	assert_int_equal(t.version, 7);
	assert_int_equal(t.changed_at, -5);
	assert_int_equal(t.offset_min, -60);
	assert_int_equal(t.n_shown, 2);
	assert_true(stamp_eq(&t.last, &s.last));
	assert_true(str_is(state_prop(&t, STR("a")), "1"));
	/* Any cut is told apart from a whole one. */
	for (size_t n = 0; n < bytes.n; n++)
		assert_int_equal(state_read(str_sub(bytes, 0, n), &a, &t),
				 ERR_CORRUPT);
	buf_release(&b);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_comes_after_the_one_it_had_seen),
		cmocka_unit_test(
			one_whose_predecessor_is_missing_holds_nobody_up),
		cmocka_unit_test(a_ring_of_hostile_names_still_has_an_order),
		cmocka_unit_test(arrival_has_no_part_in_the_order),
		cmocka_unit_test(a_state_is_what_its_operations_left),
		cmocka_unit_test(states_and_rows_read_back_as_written),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
