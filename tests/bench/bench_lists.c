/* SPDX-License-Identifier: MIT */
#include <malloc.h>

#include "pilar/csv.h"
#include "pilar/file.h"
#include "pilar/lists.h"

#include "../lib/measure.h"

/*
 * The full list of regions: reading it, the first index, one look-up. The
 * floor is walking the rows with the CSV reader and keeping nothing.
 */
#define REGIONS "../shared/domain/wilayah.csv"
#define LOOKUPS 100000

static double heap_mb(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)(m.uordblks + m.hblkhd) / 1e6;
}

static double floor_ms(struct str text)
{
	double start = now_us();
	struct csv c;

	csv_init(&c, text);
	while (!csv_row(&c))
		;
	csv_release(&c);
	return ms_since(start);
}

static size_t find(struct list *l, size_t column, struct str value)
{
	struct arena a = { 0 };
	const uint32_t *rows;
	size_t n = 0;

	if (l->ops->find(l, column, value, &a, &rows, &n))
		n = 0;
	arena_release(&a);
	return n;
}

int main(void)
{
	struct buf text = BUF_INIT(CSV_MAX_BYTES);
	double base, start, mb, loaded, indexed;
	struct list *l = NULL;
	size_t hits = 0, column;

	if (file_read(REGIONS, &text))
		return 0;
	base = floor_ms(buf_str(&text));
	mb = heap_mb();
	start = now_us();
	if (csv_list_new(&l, buf_str(&text), true, "wilayah.csv", NULL))
		return 1;
	loaded = ms_since(start);
	column = list_column(l, STR("parent"));
	start = now_us();
	hits += find(l, column, STR("11.01"));
	indexed = ms_since(start);
	mb = heap_mb() - mb;
	start = now_us();
	for (int i = 0; i < LOOKUPS; i++)
		hits += find(l, column, STR("11.01"));
	row("list_load", loaded, "ms", base);
	row("list_load_and_index", loaded + indexed, "ms", base);
	row("list_memory", mb, "MB", (double)text.n / 1e6);
	row("list_find", ms_since(start) * 1e6 / LOOKUPS, "ns", 0);
	l->ops->release(l);
	buf_release(&text);
	return hits ? 0 : 1;
}
