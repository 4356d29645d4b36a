/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/arrive.h"
#include "pilar/file.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/*
 * Devices that know each other's acts in part, and stores which get all of
 * them one by one in whatever order: what is known afterwards is the same to
 * the byte. Houses are closed, opened again, merged, parted, visited by two
 * who did not know of each other; people move; acts are taken back.
 */
#define DEVICES 4
#define STEPS   60
#define HOUSES  6
#define PEOPLE  2

static const char rules[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"rumah,title,judul,Rumah,House,,,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,,,nama\n"
	"rumah,column,isi,Isi,People,4,,,,"
	"count(instance('warga')/root/item[rumah = current()/name])\n"
	"rumah,unique,nomor,Nomor,Number,,,,,\n"
	"rumah,due,lagi,Kunjungan,Visit,,,,,'2026-12-01'\n"
	"rumah,closed,roboh,roboh,collapsed,,,,,kondisi = 'roboh'\n"
	"rumah,merged,kembar,,,,,,,kondisi\n"
	"rumah,alike,desa,desa,village,,,,,desa\n"
	"warga,column,nama,Nama,Name,1,name,,,nama\n"
	"warga,closed,rumah,rumahnya roboh,house collapsed,,,,,"
	"instance('rumah')/root/item[name = current()/rumah]/kondisi = "
	"'roboh'\n"
	"warga,parent,rumah,Rumah,House,,,,,rumah\n";

static struct world devices[DEVICES], hub;
static struct sys_fixed chance;
static struct arena memory;
static struct str houses[HOUSES], people[HOUSES * PEOPLE];
static size_t n_houses, closed, merged, taken_back;
/* Every act that left its device. */
static VEC(struct event) acts;

static size_t pick(size_t n)
{
	return (size_t)(sys_random01(&chance.sys) * (double)n);
}

/* ---- acts */
static void register_family(struct world *w)
{
	static const char *const names[PEOPLE] = { "Siti", "Budi" };
	struct str ids[PEOPLE], id = world_uuid(w);
	struct submission s = world_family(w, id, "Aminah", names, PEOPLE, ids);

	world_submit(w, &s);
	houses[n_houses] = arena_dup(&memory, id);
	for (size_t i = 0; i < PEOPLE; i++)
		people[n_houses * PEOPLE + i] = arena_dup(&memory, ids[i]);
	n_houses++;
}

static void visit(struct world *w)
{
	static const char *const states[] = { "baik", "roboh", "", "lapuk" };
	const char *state = states[pick(ARRAY_LEN(states))];
	struct submission s;

	closed += str_is(str_from(state), "roboh");
	if (pick(4) == 0) {
		state = houses[pick(n_houses)].p; /* maybe in a ring */
		merged++;
	}
	s = world_visit(w, houses[pick(n_houses)], state,
			pick(5) ? NULL : "Siti Baru");
	world_submit(w, &s);
}

static void move(struct world *w)
{
	struct submission s = world_move(w, people[pick(n_houses * PEOPLE)],
					 houses[pick(n_houses)]);

	world_submit(w, &s);
}

static void take_back(struct world *w)
{
	struct event e;

	ok(cases_undo_last(w->cases, &w->arena, &e, &w->report));
	ok(cases_undo(w->cases, e.instance_id, &w->report));
	taken_back++;
}

static void act(struct world *w)
{
	if (n_houses < HOUSES && pick(4) == 0)
		register_family(w);
	else if (pick(4) == 0)
		move(w);
	else
		visit(w);
}

/* ---- what leaves a device, and what comes in */
static struct event copied(const struct event *e)
{
	struct event c = *e;
	struct touch *t = arena_array(&memory, e->n_touched + 1, sizeof(*t));

	c.device = arena_dup(&memory, e->device);
	c.worker = arena_dup(&memory, e->worker);
	c.instance_id = arena_dup(&memory, e->instance_id);
	c.xml = arena_dup(&memory, e->xml);
	for (size_t i = 0; i < e->n_touched; i++)
		t[i] = (struct touch){
			.dataset = arena_dup(&memory, e->touched[i].dataset),
			.id = arena_dup(&memory, e->touched[i].id),
			.seen_device =
				arena_dup(&memory, e->touched[i].seen_device),
			.seen_seq = e->touched[i].seen_seq,
			.branch = arena_dup(&memory, e->touched[i].branch),
		};
	c.touched = t;
	return c;
}

static void leaves(struct world *w)
{
	struct outbox_row *rows;
	struct event e, *slot;
	size_t n, had = acts.n;

	ok(cases_outbox(w->cases, &w->arena, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		for (size_t k = 0; k < had; k++)
			known |= str_eq(acts.at[k].instance_id,
					rows[i].instance_id);
		if (known)
			continue;
		ok(cases_event(w->cases, rows[i].instance_id, &w->arena, &e));
		slot = vec_push(&acts);
		assert_non_null(slot);
		*slot = copied(&e);
	}
	arena_reset(&w->arena);
}

static void comes(struct world *w, const size_t *which, size_t n)
{
	struct arriving *a = NULL;
	bool again;

	ok(arrive_begin(&a, w->cases, &w->report));
	for (size_t i = 0; i < n; i++) {
		struct event e = acts.at[which[i]];

		e.instance_id = STR(""); /* it comes in no file */
		ok(arrive_add(a, &e, &again));
	}
	ok(arrive_commit(&a, STR("berkas"), NULL, 0));
}

/* Some of what the others did, in no order. */
static void hear(struct world *w)
{
	for (size_t i = 0; i < acts.n; i++)
		if (pick(3) == 0)
			comes(w, &i, 1);
}

static void live(void)
{
	for (size_t i = 0; i < STEPS; i++) {
		struct world *w = &devices[pick(DEVICES)];

		if (!n_houses)
			register_family(w);
		else if (pick(5) == 0)
			hear(w);
		else
			act(w);
		if (n_houses > 1 && pick(6) == 0) {
			visit(w);
			take_back(w);
		}
		leaves(w);
	}
}

/* ---- stores that get everything */
static void open_copy(struct world *w, const struct world *of)
{
	char line[500];

	memset(w, 0, sizeof(*w));
	sys_fixed_init(&w->clock, of->clock.at, 420, 4000);
	/* In memory where there is such a place: it is not about disks. */
	snprintf(w->folder, sizeof(w->folder), "%s/pilar-late-XXXXXX",
		 file_exists("/dev/shm") ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->dir, sizeof(w->dir), "%s/s", w->folder);
	snprintf(line, sizeof(line), "cp -r %s %s", of->dir, w->dir);
	assert_int_equal(system(line), 0);
	world_open(w);
}

static void shuffle(size_t *order, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = pick(i), swap = order[i - 1];

		order[i - 1] = order[k];
		order[k] = swap;
	}
}

/* In files of one to `most` acts. */
static struct str dump_after(const struct world *of, const size_t *order,
			     size_t most)
{
	struct world w;
	struct str dump;

	open_copy(&w, of);
	for (size_t at = 0; at < acts.n;) {
		size_t n = 1 + pick(most);

		n = n < acts.n - at ? n : acts.n - at;
		comes(&w, order + at, n);
		at += n;
	}
	dump = arena_dup(&memory, world_dump(&w, &w.arena));
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	if (!str_eq(dump, world_dump(&w, &w.arena)))
		fail_msg("a rebuild ends in another dump");
	world_remove(&w);
	return dump;
}

static void any_order_ends_the_same(struct world *of, size_t rounds)
{
	size_t *order = calloc(acts.n, sizeof(*order));
	struct str want;

	assert_non_null(order);
	world_close(of);
	for (size_t i = 0; i < acts.n; i++)
		order[i] = i;
	want = dump_after(of, order, 1);
	for (size_t i = 0; i < rounds; i++) {
		shuffle(order, acts.n);
		if (!str_eq(want, dump_after(of, order, 1 + i % 4 * 5)))
			fail_msg("order %zu ends in another dump", i);
	}
	world_open(of);
	free(order);
}

static size_t rounds(void)
{
	const char *text = getenv("ROUNDS");
	uint64_t n;

	return text && str_to_u64(str_from(text), &n) ? (size_t)n : 12;
}

static void a_hub_knows_the_same_however_it_heard(void **state)
{
	(void)state;
	any_order_ends_the_same(&hub, rounds());
}

/* It made acts of its own, some of them taken back. */
static void a_device_that_worked_knows_the_same_however_it_heard(void **state)
{
	(void)state;
	any_order_ends_the_same(&devices[0], rounds());
}

/* ---- what is kept of events without their answers */
static enum err told(void *arg, const struct event *e)
{
	buf_addf(arg, "%.*s %.*s %.*s %.*s %lld %d\n", STR_ARG(e->instance_id),
		 STR_ARG(e->form_id), STR_ARG(e->worker), STR_ARG(e->name),
		 (long long)e->at, e->exported);
	return ERR_NONE;
}

static void heads_agree(struct world *w)
{
	struct buf whole = BUF_INIT((size_t)1 << 20), heads = whole;

	ok(cases_each_event(w->cases, STR(""), told, &whole));
	ok(cases_each_head(w->cases, told, &heads));
	assert_true(buf_str(&whole).n > 0 && !whole.failed);
	assert_true(str_eq(buf_str(&whole), buf_str(&heads)));
	buf_release(&whole);
	buf_release(&heads);
}

/* How many there are; `drop`: one less, as in a store from before. */
static size_t count_heads(struct world *w, bool drop)
{
	struct txn *t = NULL;
	struct cur cur = { 0 };
	size_t n = 0;
	enum err rc;

	ok(txn_begin(&t, w->store, STORE_MAIN, TXN_WRITE));
	ok(cur_begin(&cur, t, TABLE_INDEX, STR("E"), STR(""), false));
	for (rc = cur_next(&cur); !rc; rc = cur_next(&cur))
		n++;
	assert_int_equal(rc, ERR_NOTFOUND);
	cur_end(&cur);
	ok(cur_begin(&cur, t, TABLE_INDEX, STR("E"), STR(""), false));
	ok(cur_next(&cur));
	if (drop)
		ok(txn_del(t, TABLE_INDEX, cur.key));
	cur_end(&cur);
	ok(txn_commit(&t));
	return n;
}

static void every_event_has_a_head_that_tells_the_same(void **state)
{
	struct world *w = &devices[0];

	(void)state;
	assert_int_equal(count_heads(w, false), cases_event_count(w->cases));
	heads_agree(w);
	count_heads(w, true);
	heads_agree(w);
	ok(cases_rebuild(w->cases, NULL, NULL, &w->report));
	assert_int_equal(count_heads(w, false), cases_event_count(w->cases));
	heads_agree(w);
}

/* The schedule is of chance: it has to have had all of it. */
static void everything_that_can_happen_did(void **state)
{
	struct conflict_at *list;
	size_t n = 0;
	struct world w;

	(void)state;
	world_close(&hub);
	open_copy(&w, &hub);
	for (size_t i = 0; i < acts.n; i++)
		comes(&w, &i, 1);
	ok(cases_conflicts(w.cases, &w.arena, &list, &n));
	assert_true(closed && merged && taken_back && n);
	assert_int_equal(cases_event_count(w.cases), acts.n);
	world_remove(&w);
	world_open(&hub);
}

static int setup(void **state)
{
	const char *text = getenv("SEED");
	uint64_t seed = 11;

	(void)state;
	if (text && !str_to_u64(str_from(text), &seed))
		return -1;
	sys_fixed_init(&chance, 0, 420, seed);
	for (size_t i = 0; i < DEVICES; i++) {
		world_make_as(&devices[i], 100 + i);
		world_datasets_put(&devices[i], rules);
	}
	world_make_as(&hub, 99);
	world_datasets_put(&hub, rules);
	live();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < DEVICES; i++)
		world_remove(&devices[i]);
	world_remove(&hub);
	vec_release(&acts);
	arena_release(&memory);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_a_head_that_tells_the_same),
		cmocka_unit_test(everything_that_can_happen_did),
		cmocka_unit_test(a_hub_knows_the_same_however_it_heard),
		cmocka_unit_test(
			a_device_that_worked_knows_the_same_however_it_heard),
	};

	return cmocka_run_group_tests_name("late", tests, setup, teardown);
}
