/* SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <stdio.h>
#include <time.h>

#include "pilar/csv.h"
#include "pilar/file.h"
#include "pilar/lists.h"

/*
 * The full list of regions: reading it, the first index, one look-up. The
 * floor is walking the rows with the CSV reader and keeping nothing.
 */
#define REGIONS "../shared/domain/wilayah.csv"
#define LOOKUPS 100000

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double heap_mb(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)(m.uordblks + m.hblkhd) / 1e6;
}

static double floor_ms(struct str text)
{
	double start = now_ms();
	struct csv c;

	csv_init(&c, text);
	while (!csv_row(&c))
		;
	csv_release(&c);
	return now_ms() - start;
}

static void row(const char *name, double value, const char *unit, double base)
{
	printf("%s\t%.3f\t%s\t%.3f\t%.2f\n", name, value, unit, base,
	       value / base);
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
	start = now_ms();
	if (csv_list_new(&l, buf_str(&text), true, "wilayah.csv", NULL))
		return 1;
	loaded = now_ms() - start;
	column = list_column(l, STR("parent"));
	start = now_ms();
	hits += find(l, column, STR("11.01"));
	indexed = now_ms() - start;
	mb = heap_mb() - mb;
	start = now_ms();
	for (int i = 0; i < LOOKUPS; i++)
		hits += find(l, column, STR("11.01"));
	row("list_load", loaded, "ms", base);
	row("list_load_and_index", loaded + indexed, "ms", base);
	row("list_memory", mb, "MB", (double)text.n / 1e6);
	printf("list_find\t%.1f\tns\t\t\n", (now_ms() - start) * 1e6 / LOOKUPS);
	l->ops->release(l);
	buf_release(&text);
	return hits ? 0 : 1;
}
