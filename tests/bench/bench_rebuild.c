/* SPDX-License-Identifier: MIT */
/*
 * `pilar store rebuild` at size: REBUILD_EVENTS submissions (100,000) of
 * houses that are visited, closed, reopened, merged, parted and taken back,
 * then everything anew from the events. The dump before and after must be the
 * same; the floor of the rebuild is the time the events took to come in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/seal.h"

#include "../lib/measure.h"
#include "../lib/world.h"

#define BATCH  500
#define HOUSES 8

static const char rows[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"rumah,title,judul,Rumah,House,,,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,,,nama\n"
	"rumah,column,nomor,Nomor,Number,2,number,4*4,,nomor\n"
	"rumah,unique,nomor,Nomor,Number,,,,,\n"
	"rumah,due,lagi,Kunjungan,Visit,,,,,'2026-12-01'\n"
	"rumah,closed,roboh,roboh,collapsed,,,,,kondisi = 'roboh'\n"
	"rumah,merged,kembar,,,,,,,kondisi\n";

struct digest {
	struct sha256_ctx ctx;
	size_t lines;
};

static struct world w;

/* A house, what becomes of it, and of its neighbour. */
static struct submission next(size_t i, struct str houses[HOUSES])
{
	static const char *const states[] = { "baik", "roboh", "lapuk", "" };
	size_t at = i % HOUSES;
	char number[24];

	if (i / HOUSES % 10 == 0) {
		houses[at] = world_uuid(&w);
		snprintf(number, sizeof(number), "%016zu", i);
		return world_house(&w, houses[at], "Siti Aminah", number,
				   "Palapa");
	}
	if (i % 7 == 0 && at)
		return world_visit(&w, houses[at], houses[at - 1].p, NULL);
	return world_visit(&w, houses[at], states[i % 4], NULL);
}

static void take_back(void)
{
	struct event e;

	must_told(cases_undo_last(w.cases, &w.arena, &e, &w.report),
		  "undo_last", &w.report);
	must_told(cases_undo(w.cases, e.instance_id, &w.report), "undo",
		  &w.report);
}

static void fill(size_t events)
{
	static struct submission batch[BATCH];
	static char kept[HOUSES][UUID_LEN + 1];
	struct str houses[HOUSES] = { { NULL, 0 } };
	size_t n = 0;

	for (size_t i = 0; i < events; i++) {
		batch[n++] = next(i, houses);
		if (n < BATCH && i + 1 < events)
			continue;
		must_told(cases_submit_all(w.cases, batch, n, &w.report),
			  "submit", &w.report);
		n = 0;
		take_back();
		for (size_t k = 0; k < HOUSES; k++) {
			memcpy(kept[k], houses[k].p, UUID_LEN + 1);
			houses[k] = str_from(kept[k]);
		}
		arena_reset(&w.arena);
	}
}

static enum err add_line(void *arg, struct str line)
{
	struct digest *d = arg;

	sha256_add(&d->ctx, line);
	d->lines++;
	return ERR_NONE;
}

static size_t dump(uint8_t hash[32])
{
	struct digest d = { .lines = 0 };

	sha256_init(&d.ctx);
	must(cases_dump(w.cases, add_line, &d), "dump");
	sha256_final(&d.ctx, hash);
	return d.lines;
}

int main(void)
{
	const char *text = getenv("REBUILD_EVENTS");
	size_t events = text ? strtoul(text, NULL, 10) : 100000;
	uint8_t before[32], after[32];
	double start, in, again;
	char name[40];
	size_t lines;

	world_make(&w);
	world_datasets_put(&w, rows);
	start = now_us();
	fill(events);
	in = ms_since(start) / 1e3;
	lines = dump(before);
	start = now_us();
	must_told(cases_rebuild(w.cases, NULL, NULL, &w.report), "rebuild",
		  &w.report);
	again = ms_since(start) / 1e3;
	if (dump(after) != lines || memcmp(before, after, sizeof(after)) != 0)
		must(ERR_CORRUPT, "the dump is another one");
	world_remove(&w);
	snprintf(name, sizeof(name), "rebuild_%zu_events", events);
	row(name, again, "s", in);
	return 0;
}
