/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include "pilar/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A row written again reads as the same row. */
static void check_round_trip(const struct csv *c)
{
	struct buf again = BUF_INIT(CSV_MAX_BYTES);
	struct csv one;

	buf_adds(&again, "x");
	vec_each (cell, &c->cells) {
		buf_addc(&again, ',');
		csv_put(&again, *cell);
	}
	csv_init(&one, buf_str(&again));
	if (c->cells.n < CSV_MAX_COLUMNS) {
		if (csv_row(&one) || one.cells.n != c->cells.n + 1)
			abort();
		for (size_t i = 0; i < c->cells.n; i++)
			if (!str_eq(one.cells.at[i + 1], c->cells.at[i]))
				abort();
	}
	csv_release(&one);
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv c;

	csv_init(&c, str_of((const char *)data, size));
	while (!csv_row(&c))
		check_round_trip(&c);
	csv_release(&c);
	return 0;
}
