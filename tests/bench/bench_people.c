/* SPDX-License-Identifier: MIT */
/*
 * Several at once on one store, as over SSH: PEOPLE processes that each save
 * SAVES visits as fast as they can. How long a save takes at p99 (the bar is
 * 100 ms), and that nothing is lost, doubled or damaged: then it fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/measure.h"
#include "../lib/world.h"

#define PEOPLE 4
#define SAVES  1000
#define HOUSES 50
#define BAR_MS 100.0

static struct world w;
/* Shared with the processes: milliseconds of each save, its instanceID. */
static double *took; /* of each process in turn */
static char (*ids)[SAVES][64];

static void *shared(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(p == MAP_FAILED, "mmap");
	return p;
}

/* One of them: every visit is one transaction that waits for the disk. */
static void work(unsigned who, const struct str *houses)
{
	sys_fixed_init(&w.clock, w.clock.at, 420, 1000 + who);
	world_open(&w);
	for (size_t i = 0; i < SAVES; i++) {
		struct str house = houses[(i * PEOPLE + who) % HOUSES];
		struct submission s = world_visit(&w, house, "baik", NULL);
		double start = now_us();

		must_told(cases_submit(w.cases, &s, STR(""), &w.report),
			  "submit", &w.report);
		took[who * SAVES + i] = ms_since(start);
		memcpy(ids[who][i], s.instance_id.p, s.instance_id.n + 1);
	}
	world_close(&w);
}

static void all_at_once(const struct str *houses)
{
	pid_t pids[PEOPLE];

	for (unsigned i = 0; i < PEOPLE; i++) {
		pids[i] = fork();
		must(pids[i] < 0, "fork");
		if (pids[i] == 0) {
			work(i, houses);
			_exit(0);
		}
	}
	for (size_t i = 0; i < PEOPLE; i++) {
		int status = 0;

		must(waitpid(pids[i], &status, 0) < 0, "waitpid");
		must(status, "a process that saves");
	}
}

static size_t lost(void)
{
	struct event e;
	size_t n = 0;

	for (size_t k = 0; k < PEOPLE; k++)
		for (size_t i = 0; i < SAVES; i++) {
			n += cases_event(w.cases, str_from(ids[k][i]), &w.arena,
					 &e) != ERR_NONE;
			if (i % 100 == 0)
				arena_reset(&w.arena);
		}
	return n;
}

int main(void)
{
	struct str houses[HOUSES];
	size_t n = (size_t)PEOPLE * SAVES, checked = 0;
	double start, all, p99;

	took = shared(sizeof(*took) * n);
	ids = shared(sizeof(*ids) * PEOPLE);
	world_make(&w);
	for (size_t i = 0; i < HOUSES; i++) {
		struct submission s;

		houses[i] = world_uuid(&w);
		s = world_house(&w, houses[i], "Siti Aminah", "", "Palapa");
		world_submit(&w, &s);
	}
	world_close(&w);
	start = now_us();
	all_at_once(houses);
	all = ms_since(start);
	w.arena = (struct arena){ 0 };
	world_open(&w);
	must(cases_event_count(w.cases) != n + HOUSES, "events");
	must(lost() > 0, "lost");
	must(store_check(w.store, NULL, NULL, NULL, &checked), "check");
	world_remove(&w);
	p99 = at_rank(took, n, 99);
	row("4 processes x 1,000 saves: p99", p99, "ms", BAR_MS);
	row("4 processes x 1,000 saves: p50", at_rank(took, n, 50), "ms", 0);
	row("4 processes x 1,000 saves: longest", at_rank(took, n, 100), "ms",
	    0);
	row("4 processes x 1,000 saves: a second", (double)n * 1e3 / all,
	    "saves", 0);
	row("4 processes x 1,000 saves: lost", 0, "saves", 0);
	return p99 > BAR_MS;
}
