/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>

#include "pilar/recap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	}
	recaps_free(r);
	report_release(&rep);
	return 0;
}
