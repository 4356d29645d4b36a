/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "pilar/search.h"

#include "../lib/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Any text as a question: the first byte says of which list, the rest is what
 * was typed, conditions and words. On one small store that lives as long as the
 * fuzzer. Hits are entities, each once, and no more than were asked for; a
 * refused condition is named.
 */
#define LIMIT 10

static struct world w;

static const char *const names[] = { "Siti Aminah",    "Moh. Ali",
				     "Sri Rahayu",     "Nur Hayati Siti",
				     "Abd. Rahman",    "Budi",
				     "Siti Siti Aini", "Ahmad Yani Ahmad" };

static void fill(void)
{
	static const char *const numbers[] = { "1871010203040003", "250", "" };

	world_make(&w);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str id = world_uuid(&w);
		struct submission s =
			world_family(&w, id, names[i], names, i % 3, NULL);

		world_submit(&w, &s);
		s = world_house(&w, world_uuid(&w), names[i],
				numbers[i % ARRAY_LEN(numbers)],
				i & 1 ? "Kota Baru" : "Palapa");
		world_submit(&w, &s);
	}
}

static void check(const struct search_result *found, struct arena *a)
{
	if (found->n > LIMIT || found->n > found->total)
		__builtin_trap();
	for (size_t i = 0; i < found->n; i++) {
		const struct hit *h = &found->hits[i];
		struct entity e;

		if (cases_entity(w.cases, h->dataset, h->id, a, &e))
			__builtin_trap();
		for (size_t k = 0; k < i; k++)
			if (str_eq(found->hits[k].id, h->id))
				__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const lists[] = { "", "rumah", "warga", "lain" };
	struct search_query q = { .limit = LIMIT };
	struct search_result found;
	struct arena a = { 0 };
	enum err rc;

	if (!w.cases)
		fill();
	if (!size)
		return 0;
	q.dataset = str_from(lists[data[0] % ARRAY_LEN(lists)]);
	q.text = str_of((const char *)data + 1, size - 1);
	rc = cases_search(w.cases, &q, &a, &found);
	if (rc && rc != ERR_INVALID && rc != ERR_TOOBIG)
		__builtin_trap();
	if (rc == ERR_INVALID && (!found.wrong || !found.what.n))
		__builtin_trap();
	if (!rc)
		check(&found, &a);
	arena_release(&a);
	return 0;
}
