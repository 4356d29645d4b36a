/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "pilar/recap.h"

#include "../lib/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Two families, one of them visited: `rumah`, `warga`, `kunjung`. */
static struct world w;

static void leave(void)
{
	world_remove(&w);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const people[] = { "Wati", "Budi" };
	struct submission s;
	struct str id;

	(void)argc;
	(void)argv;
	world_make(&w);
	for (int i = 0; i < 2; i++) {
		id = world_uuid(&w);
		s = world_family(&w, id, "Siti", people, 2, NULL);
		world_submit(&w, &s);
	}
	s = world_visit(&w, id, "2026-10-01", "Aminah");
	world_submit(&w, &s);
	return atexit(leave);
}

/* Whatever it says: counted, listed and written, or refused with a sentence. */
static void make(const struct recaps *all, const struct recap *one)
{
	struct recap_ask ask = { .cases = w.cases,
				 .recaps = all,
				 .recap = one,
				 .from = STR("2026-09-01"),
				 .to = STR("2026-10-31") };
	struct buf out = BUF_INIT(DOC_MAX);
	struct report rep = { 0 };
	struct json *j = NULL;
	enum err rc = ERR_NONE;

	for (int html = 0; html < 2; html++) {
		struct doc d;

		buf_reset(&out);
		doc_open(&d, html ? DOC_HTML : DOC_TEXT, &out, "id",
			 recap_title(one));
		rc = recap_doc(&ask, &d, &rep);
		doc_close(&d);
		if (rc && rc != ERR_NOMEM && !rep.errors)
			__builtin_trap();
	}
	buf_reset(&out);
	if (!recap_csv(&ask, &out, &rep) && recap_kind(one) == RECAP_PAPER)
		__builtin_trap();
	if (!recap_json(&ask, &j, &rep) && !j)
		__builtin_trap();
	json_free(j);
	buf_release(&out);
	report_release(&rep);
}

/* Any bytes as recaps.csv: taken or refused in words, never a crash. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str csv = { (const char *)data, size }, name, label;
	struct recaps *r = NULL;
	struct report rep = { 0 };
	enum err rc = recaps_new(&r, csv, "recaps.csv", &rep);

	if (rc && rc != ERR_NOMEM && rc != ERR_TOOBIG && !rep.errors)
		__builtin_trap();
	for (size_t i = 0; r && i < recaps_count(r); i++) {
		const struct recap *one = recaps_at(r, i);

		if (!recap_title(one).n ||
		    recaps_find(r, recap_name(one)) != one)
			__builtin_trap();
		for (size_t k = 0; recap_by(one, k, &name, &label);)
			k++;
		if (i < 8)
			make(r, one);
	}
	recaps_free(r);
	report_release(&rep);
	return 0;
}
