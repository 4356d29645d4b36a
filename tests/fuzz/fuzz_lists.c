/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "pilar/csv.h"
#include "pilar/lists.h"

/* Every cell is what the reader says, and its row is found by it. */

static bool found(struct list *l, size_t column, uint32_t row, struct arena *a)
{
	const uint32_t *rows = NULL;
	size_t n = 0;
	enum err rc = l->ops->find(l, column, l->ops->cell(l, row, column), a,
				   &rows, &n);

	assert(!rc);
	(void)rc;
	for (size_t i = 0; i < n; i++) {
		assert(!i || rows[i - 1] < rows[i]);
		if (rows[i] == row)
			return true;
	}
	return false;
}

static size_t rows_of(struct list *l, struct arena *a)
{
	const uint32_t *rows;
	size_t n = 0;
	enum err rc = l->ops->all(l, a, &rows, &n);

	return rc ? 0 : n;
}

static void compare(struct list *l, struct csv *c, struct arena *a)
{
	size_t columns = l->ops->columns(l);
	uint32_t row = 0;

	assert(!csv_row(c));
	while (!csv_row(c) && row < rows_of(l, a)) {
		for (size_t i = 0; i < columns; i++) {
			struct str want = i < c->cells.n ? c->cells.at[i]
							 : str_of(NULL, 0);

			assert(str_eq(l->ops->cell(l, row, i), want));
			assert(found(l, i, row, a));
		}
		row++;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct report rep = { 0 };
	struct arena a = { 0 };
	struct list *l = NULL;
	struct csv c;

	if (!csv_list_new(&l, text, false, "fuzz.csv", &rep)) {
		csv_init(&c, text);
		csv_detect(&c);
		compare(l, &c, &a);
		csv_release(&c);
		l->ops->release(l);
	}
	report_release(&rep);
	arena_release(&a);
	return 0;
}
