/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/sync.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/*
 * Devices that work apart and a hub that gets their files, in whatever order.
 * Each schedule begins with a copy of the same empty hub, so that the dumps
 * can be compared to the byte. SCHEDULES and FILES in the environment say how
 * many (make schedules).
 */
#define DEVICES   5
#define FILES_MAX 20
#define HOUSES    3

struct device {
	struct world w;
	char *files[FILES_MAX];
	size_t n;
};

static struct device devices[DEVICES];
static struct world hub;
static char folder[40];
static struct arena memory;
static struct str houses[HOUSES];
static struct sys_fixed chance;
static size_t files_each = 4, events;

static size_t pick(size_t n)
{
	return (size_t)(sys_random01(&chance.sys) * (double)n);
}

static size_t from_env(const char *name, size_t usual)
{
	const char *text = getenv(name);
	uint64_t n;

	return text && str_to_u64(str_from(text), &n) ? (size_t)n : usual;
}

static void visit(struct world *w, struct str house)
{
	static const char *const conditions[] = { "baik", "rusak", "ganti" };
	const char *condition = conditions[pick(3)];
	const char *name = NULL;
	struct submission s;

	if (str_is(str_from(condition), "ganti"))
		name = arena_printf(&w->arena, "Keluarga %zu", pick(1000)).p;
	s = world_visit(w, house, condition, name);
	world_submit(w, &s);
}

static void work(struct device *d)
{
	struct world *w = &d->w;

	for (size_t i = pick(3) + 1; i--;)
		visit(w, houses[pick(HOUSES)]);
	if (pick(3) == 0) {
		struct submission s =
			world_house(w, world_uuid(w), "Baru", "", "Palapa");

		world_submit(w, &s);
	}
}

/* The first registers the houses; the others get its first file. */
static void make_files(void)
{
	struct sync_incoming in;

	for (size_t i = 0; i < HOUSES; i++) {
		struct submission s;

		houses[i] = world_uuid(&devices[0].w);
		s = world_house(&devices[0].w, houses[i], "Lama", "", "Palapa");
		world_submit(&devices[0].w, &s);
	}
	devices[0].files[0] = world_export(&devices[0].w, folder);
	devices[0].n = 1;
	for (size_t i = 1; i < DEVICES; i++)
		ok(world_take(&devices[i].w, devices[0].files[0], &in));
	for (size_t round = 0; round < files_each; round++)
		for (size_t i = 0; i < DEVICES; i++) {
			struct device *d = &devices[i];
			struct device *other = &devices[pick(DEVICES)];

			if (d->n == files_each)
				continue;
			if (other->n && other != d && pick(2))
				ok(world_take(&d->w, other->files[other->n - 1],
					      &in));
			work(d);
			d->files[d->n++] = world_export(&d->w, folder);
		}
}

/* ---- a hub */
static void copy_hub(const char *to)
{
	char line[300];

	snprintf(line, sizeof(line), "cp -r %s %s", hub.dir, to);
	assert_int_equal(system(line), 0);
}

static void open_copy(struct world *w, size_t number)
{
	memset(w, 0, sizeof(*w));
	sys_fixed_init(&w->clock, hub.clock.at, 420, 7000 + number);
	snprintf(w->folder, sizeof(w->folder), "%s/h%u", folder,
		 (unsigned)number);
	snprintf(w->dir, sizeof(w->dir), "%s/h%u", folder, (unsigned)number);
	copy_hub(w->dir);
	world_open(w);
}

static struct str dump_of(struct world *w)
{
	return arena_dup(&memory, world_dump(w, &w->arena));
}

static struct str in_order(void)
{
	struct sync_incoming in;
	struct world w;
	struct str dump;

	open_copy(&w, 0);
	events = 0;
	for (size_t i = 0; i < DEVICES; i++)
		for (size_t k = 0; k < files_each; k++) {
			ok(world_take(&w, devices[i].files[k], &in));
			assert_int_equal(in.fresh, in.events);
			events += in.events;
		}
	assert_int_equal(cases_event_count(w.cases), events);
	dump = dump_of(&w);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(dump, world_dump(&w, &w.arena)));
	world_remove(&w);
	return dump;
}

/* ---- schedules */
static void cut_off(struct world *w, const char *path)
{
	struct buf b = BUF_INIT((size_t)1 << 24);
	char *half = path_join(&w->arena, w->folder, "half");
	struct sync_incoming in;

	ok(file_read(path, &b));
	ok(file_write(half, str_of(b.p, pick(b.n))));
	assert_int_not_equal(world_take(w, half, &in), ERR_NONE);
	buf_release(&b);
}

/* Dropped files come last; some come twice, some cut off and again. */
static void deliver(struct world *w)
{
	const char *queue[DEVICES * FILES_MAX * 2];
	struct sync_incoming in;
	size_t n = 0;

	for (size_t i = 0; i < DEVICES; i++)
		for (size_t k = 0; k < files_each; k++)
			queue[n++] = devices[i].files[k];
	for (size_t i = n; i > 1; i--) {
		size_t k = pick(i);
		const char *swap = queue[i - 1];

		queue[i - 1] = queue[k];
		queue[k] = swap;
	}
	for (size_t i = 0; i < n; i++) {
		switch (pick(6)) {
		case 0: /* lost, and sent again at the end */
			if (n < DEVICES * FILES_MAX * 2) {
				queue[n++] = queue[i];
				continue;
			}
			break;
		case 1:
			cut_off(w, queue[i]);
			break;
		case 2:
			ok(world_take(w, queue[i], &in));
			break;
		default:
			break;
		}
		ok(world_take(w, queue[i], &in));
	}
}

static void any_schedule_ends_in_the_same_dump(void **state)
{
	size_t schedules = from_env("SCHEDULES", 100);
	struct str want;

	(void)state;
	make_files();
	want = in_order();
	for (size_t i = 1; i <= schedules; i++) {
		struct world w;

		open_copy(&w, i);
		deliver(&w);
		assert_int_equal(cases_event_count(w.cases), events);
		if (!str_eq(want, world_dump(&w, &w.arena)))
			fail_msg("schedule %zu ends in another dump", i);
		world_remove(&w);
	}
	if (schedules > 1000)
		print_message("%zu schedules of %d devices x %zu files, %zu "
			      "events: 0 lost, 0 doubled\n",
			      schedules, DEVICES, files_each, events);
}

/* ---- stores that were copied */
struct copied {
	struct device at[2]; /* the same device */
	struct world office;
	size_t shared;
	bool said;
};

static void open_at(struct world *w, const char *from, size_t number)
{
	char line[300];

	memset(w, 0, sizeof(*w));
	sys_fixed_init(&w->clock, hub.clock.at, 420, 9000 + number);
	snprintf(w->folder, sizeof(w->folder), "%s/h%u", folder,
		 (unsigned)number);
	snprintf(w->dir, sizeof(w->dir), "%s/h%u", folder, (unsigned)number);
	snprintf(line, sizeof(line), "cp -r %s %s", from, w->dir);
	assert_int_equal(system(line), 0);
	world_open(w);
}

/* Some files, some visits that wait, and then there are two of it. */
static void make_copy(struct copied *k, struct str house, size_t run)
{
	struct world *w = &k->at[0].w;
	struct sync_self self;
	struct submission s;

	world_make_as(w, 3000 + run);
	s = world_house(w, house, "Lama", "", "Palapa");
	world_submit(w, &s);
	for (size_t i = pick(3); i--; visit(w, house))
		k->at[0].files[k->at[0].n++] = world_export(w, folder);
	for (size_t i = pick(3); i--;)
		visit(w, house);
	ok(sync_self(w->cases, &self));
	k->shared = cases_event_count(w->cases);
	world_close(w);
	open_at(&k->at[1].w, w->dir, 200000 + 2 * run);
	world_open(w);
}

static void go_on(struct device *d, struct str house)
{
	char to[300];

	snprintf(to, sizeof(to), "%s-keluar", d->w.dir);
	ok(dir_make(to));
	for (size_t i = pick(4) + 1; i--;) {
		for (size_t n = pick(4) + 1; n--;)
			visit(&d->w, house);
		d->files[d->n++] = world_export(&d->w, to);
	}
}

static void hand_in(struct copied *k)
{
	const char *queue[2 * FILES_MAX];
	struct sync_incoming in;
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t f = 0; f < k->at[i].n; f++)
			queue[n++] = k->at[i].files[f];
	for (; n; n--) {
		size_t next = pick(n);

		for (size_t again = pick(4) == 0 ? 2 : 1; again--;) {
			ok(world_take(&k->office, queue[next], &in));
			k->said = k->said || in.copied;
		}
		queue[next] = queue[n - 1];
	}
}

static enum err into_buf(void *arg, const void *p, size_t n)
{
	buf_add(arg, p, n);
	return ((struct buf *)arg)->failed;
}

/* Both hear that theirs came in, and that there are two of them. */
static void answer(struct copied *k)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	char *path = path_join(&memory, k->office.folder, "ack");

	ok(sync_ack(k->office.cases, cases_device(k->at[0].w.cases), into_buf,
		    &b));
	ok(file_write(path, buf_str(&b)));
	buf_release(&b);
	for (size_t i = 0; i < 2; i++) {
		struct world *w = &k->at[i].w;
		struct sync_office to = { .name = STR("kantor") };
		struct sync_incoming in;
		struct sync_self self;
		struct sync_status s;

		ok(sync_self(k->office.cases, &self));
		to.recipient = self.recipient;
		ok(sync_office_put(w->cases, &to, &w->report));
		ok(world_take(w, path, &in));
		assert_true(in.copied);
		ok(sync_status(w->cases, &w->arena, &s));
		assert_int_equal(s.waiting, 0);
		assert_int_equal(s.received, s.exported);
	}
}

static void all_is_there(struct copied *k)
{
	struct world *w = &k->office;
	struct sync_status s;
	struct str dump;
	size_t all = 0;

	for (size_t i = 0; i < 2; i++)
		all += cases_event_count(k->at[i].w.cases);
	assert_int_equal(cases_event_count(w->cases), all - k->shared);
	assert_true(k->said);
	ok(sync_status(w->cases, &w->arena, &s));
	assert_true(s.n_peers >= 2);
	for (size_t i = 0; i < s.n_peers; i++)
		assert_int_equal(s.peers[i].n_gaps, 0);
	dump = dump_of(w);
	ok(cases_rebuild(w->cases, NULL, NULL, &w->report));
	assert_true(str_eq(dump, world_dump(w, &w->arena)));
}

static void both_histories_of_a_copied_store_come_in(void **state)
{
	size_t runs = from_env("FORKS", 15);

	(void)state;
	for (size_t i = 0; i < runs; i++) {
		struct copied k = { .said = false };
		struct str house = world_uuid(&devices[4].w);

		make_copy(&k, house, i);
		open_at(&k.office, hub.dir, 200001 + 2 * i);
		for (size_t d = 0; d < 2; d++)
			go_on(&k.at[d], house);
		hand_in(&k);
		all_is_there(&k);
		answer(&k);
		for (size_t d = 0; d < 2; d++)
			world_remove(&k.at[d].w);
		world_remove(&k.office);
	}
	if (runs > 100)
		print_message("%zu copied stores: 0 lost, all said\n", runs);
}

static int setup(void **state)
{
	(void)state;
	/* In memory where there is such a place: it is not about disks. */
	snprintf(folder, sizeof(folder), "%s/pilar-merge-XXXXXX",
		 file_exists("/dev/shm") ? "/dev/shm" : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	files_each = from_env("FILES", files_each);
	if (files_each > FILES_MAX)
		files_each = FILES_MAX;
	sys_fixed_init(&chance, 0, 420, from_env("SEED", 5));
	for (size_t i = 0; i < DEVICES; i++)
		world_make_as(&devices[i].w, 100 + i);
	world_make_as(&hub, 99);
	world_close(&hub);
	return 0;
}

static int teardown(void **state)
{
	char line[100];

	(void)state;
	for (size_t i = 0; i < DEVICES; i++)
		world_remove(&devices[i].w);
	world_remove(&hub);
	arena_release(&memory);
	snprintf(line, sizeof(line), "rm -rf %s", folder);
	return system(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_schedule_ends_in_the_same_dump),
		cmocka_unit_test(both_histories_of_a_copied_store_come_in),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
