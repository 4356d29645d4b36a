/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>

#include "pilar/dataset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes as datasets.csv: taken or refused in words, never a crash. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str csv = { (const char *)data, size };
	struct datasets *d = NULL;
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc = datasets_new(&d, csv, "datasets.csv", &rep);

	if (rc && rc != ERR_NOMEM && !rep.errors)
		__builtin_trap();
	for (size_t i = 0; i < datasets_count(d); i++) {
		const struct dataset *ds = datasets_at(d, i);

		for (size_t k = 0; k < ds->n; k++)
			dataset_masked(&ds->rows[k], dataset_label(ds->rows),
				       &a);
	}
	datasets_free(d);
	report_release(&rep);
	arena_release(&a);
	return 0;
}
