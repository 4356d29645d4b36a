/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "../../src/cases/key.h"
#include "../lib/expect.h"
#include "../lib/world.h"

/* All that follows from the events, made anew: to the byte what it was. */
static struct world w;

static struct str family(struct str *ids)
{
	static const char *const people[] = { "Siti Aminah", "Budi Santoso",
					      "Ani" };

	return world_put_family(&w, people, ARRAY_LEN(people), ids);
}

static void some_history(void)
{
	struct str houses[5], ids[3];
	struct submission s;

	for (size_t i = 0; i < 5; i++)
		houses[i] = family(ids);
	for (size_t i = 0; i < 20; i++) {
		s = world_visit(&w, houses[i % 5], i % 3 ? "baik" : "ganti",
				i % 3 ? NULL : "Kartini");
		world_submit(&w, &s);
	}
	s = world_move(&w, ids[2], houses[0]);
	world_submit(&w, &s);
	s = world_visit(&w, world_uuid(&w), "baik", NULL);
	world_submit(&w, &s);
}

static void a_rebuild_changes_nothing(void **state)
{
	struct str before;

	(void)state;
	some_history();
	before = world_dump(&w, &w.arena);
	w.clock.at += INT64_C(86400000) * 400;
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
	assert_true(before.n > 10000);
}

static void exported_events_stay_exported(void **state)
{
	struct batch b = { .seq = 1,
			   .first = 1,
			   .last = 9,
			   .events = 4,
			   .file = STR("x.tar.zst"),
			   .manifest_hash = STR("00") };
	const uint64_t seqs[] = { 9, 1, 2, 3 };
	struct outbox_row *rows;
	struct batch *batches;
	struct str before;
	size_t n, all;

	(void)state;
	some_history();
	all = cases_event_count(w.cases);
	ok(cases_batch_put(w.cases, &b, seqs, 4, NULL));
	ok(cases_outbox(w.cases, &w.arena, &rows, &n));
	assert_int_equal(n, all - 4);
	assert_int_equal(n, cases_waiting(w.cases));
	assert_int_equal(rows[0].seq, 4);
	ok(cases_batches(w.cases, &w.arena, &batches, &n));
	assert_int_equal(n, 1);
	assert_text(batches[0].file, "x.tar.zst");
	before = world_dump(&w, &w.arena);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

static enum table projections[] = { TABLE_ENTITY, TABLE_ENTITY_EVENT,
				    TABLE_INDEX, TABLE_BY_INSTANCE,
				    TABLE_OUTBOX };

/* Every third row goes, every other third holds what does not belong there. */
static void damage_projections(void)
{
	struct txn *t = NULL;

	ok(txn_begin(&t, w.store, STORE_MAIN, TXN_WRITE));
	for (size_t i = 0; i < ARRAY_LEN(projections); i++) {
		struct cur cur = { 0 };
		size_t n = 0;

		ok(cur_begin(&cur, t, projections[i], STR(""), STR(""), false));
		while (!cur_next(&cur)) {
			if (n % 3 == 0)
				ok(txn_del(t, projections[i], cur.key));
			else if (n % 3 == 1)
				ok(txn_put(t, projections[i], cur.key,
					   STR("salah")));
			n++;
		}
		cur_end(&cur);
	}
	ok(txn_commit(&t));
}

static void a_rebuild_mends_lost_and_wrong_rows(void **state)
{
	struct str before;

	(void)state;
	some_history();
	before = world_dump(&w, &w.arena);
	damage_projections();
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

/* A byte of the sealed value behind that key, in the file, at every place. */
static size_t flip_behind(const char *path, const char *key, size_t n)
{
	struct buf b = BUF_INIT((size_t)64 << 20);
	struct str all;
	size_t at = 0, flipped = 0;

	ok(file_read(path, &b));
	all = buf_str(&b);
	while ((at = str_find(all, str_of(key, n), at)) != SIZE_MAX) {
		at += n;
		b.p[at + 40] ^= 0x10;
		flipped++;
	}
	ok(file_write(path, buf_str(&b)));
	buf_release(&b);
	return flipped;
}

static void a_rebuild_mends_a_flipped_byte(void **state)
{
	struct str house, before;
	struct entity e;
	struct key k;
	struct id id;
	char path[256];

	(void)state;
	some_history();
	house = family(NULL);
	before = world_dump(&w, &w.arena);
	assert_true(id_parse(house, &id));
	key_entity(&k, STR("rumah"), &id);
	world_close(&w);
	snprintf(path, sizeof(path), "%s/data.mdb", w.dir);
	assert_true(flip_behind(path, k.p, k.n) > 0);
	world_open(&w);
	assert_int_equal(
		cases_entity(w.cases, STR("rumah"), house, &w.arena, &e),
		ERR_CORRUPT);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

static void a_damaged_event_stops_the_rebuild_and_is_named(void **state)
{
	struct stamp s = { .seq = 3 };
	struct str before;
	struct txn *t = NULL;
	struct key k;

	(void)state;
	some_history();
	before = world_dump(&w, &w.arena);
	ok(device_parse(cases_device(w.cases), &s.device));
	key_event(&k, &s);
	ok(txn_begin(&t, w.store, STORE_MAIN, TXN_WRITE));
	ok(txn_put(t, TABLE_EVENT, key_str(&k), STR("salah")));
	ok(txn_commit(&t));
	assert_int_equal(cases_rebuild(w.cases, NULL, NULL, &w.report),
			 ERR_CORRUPT);
	assert_true(w.report.errors > 0);
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

static void other_lists_are_shown_as_if_they_had_always_been(void **state)
{
	static const char csv[] =
		"dataset,kind,name,value,search\n"
		"rumah,title,t,\"concat('Rumah ', nama)\",name\n"
		"warga,column,nama,nama,name\n"
		"warga,parent,rumah,rumah,\n";
	struct str house, before;
	struct entity e;

	(void)state;
	some_history();
	house = family(NULL);
	world_datasets_put(&w, csv);
	e = world_entity(&w, "rumah", house);
	assert_text(cases_title(w.cases, &e), "Rumah Siti Aminah");
	before = world_dump(&w, &w.arena);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

static void two_processes_submitting_lose_nothing(void **state)
{
	enum { EACH = 40 };
	struct str house = family(NULL), before;
	struct entity e;
	pid_t pids[2];
	int status;

	(void)state;
	world_close(&w);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i])
			continue;
		sys_fixed_init(&w.clock, w.clock.at, 420, (uint64_t)(100 + i));
		world_open(&w);
		for (int k = 0; k < EACH; k++) {
			struct submission s =
				world_visit(&w, house, "baik", NULL);

			world_submit(&w, &s);
		}
		world_close(&w);
		_exit(0);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	world_open(&w);
	assert_int_equal(cases_event_count(w.cases), 1 + 2 * EACH);
	e = world_entity(&w, "rumah", house);
	assert_int_equal(e.version, 1 + 2 * EACH);
	before = world_dump(&w, &w.arena);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_rebuild_changes_nothing, &w),
		world_test(exported_events_stay_exported, &w),
		world_test(a_rebuild_mends_lost_and_wrong_rows, &w),
		world_test(a_rebuild_mends_a_flipped_byte, &w),
		world_test(a_damaged_event_stops_the_rebuild_and_is_named, &w),
		world_test(other_lists_are_shown_as_if_they_had_always_been,
			   &w),
		world_test(two_processes_submitting_lose_nothing, &w),
	};

	return cmocka_run_group_tests_name("rebuild", tests, NULL, NULL);
}
