/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <time.h>

#include <libxml/parser.h>

#include "pilar/tree.h"

/*
 * An instance of 5,000 repeat instances with ten answers each: read, written
 * and two of its nodes compared. The floor of reading is libxml2 making its own
 * tree.
 */
#define REPEATS  5000
#define ANSWERS  10
#define COMPARED 1000000

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void document(struct buf *b)
{
	buf_adds(b, "<data id=\"bench\">");
	for (int i = 0; i < REPEATS; i++) {
		buf_adds(b, "<r>");
		for (int k = 0; k < ANSWERS; k++)
			buf_addf(b, "<a%d>answer %d</a%d>", k, i, k);
		buf_adds(b, "</r>");
	}
	buf_adds(b, "</data>");
}

static double floor_ms(struct str xml)
{
	double start = now_ms();
	xmlDoc *doc = xmlReadMemory(xml.p, (int)xml.n, NULL, NULL, 0);

	xmlFreeDoc(doc);
	return now_ms() - start;
}

static void row(const char *name, double ms, double base)
{
	printf("%s\t%.3f\tms\t%.3f\t%.2f\n", name, ms, base, ms / base);
}

int main(void)
{
	struct buf xml = BUF_INIT(TREE_MAX_BYTES), out = xml;
	struct tree *t = NULL;
	double base, start;
	int order = 0;

	document(&xml);
	base = floor_ms(buf_str(&xml));
	base = floor_ms(buf_str(&xml));
	start = now_ms();
	if (tree_parse(&t, buf_str(&xml), "bench.xml", NULL))
		return 1;
	row("tree_parse", now_ms() - start, base);
	start = now_ms();
	if (tree_write(&out, t->root, NULL, NULL))
		return 1;
	row("tree_write", now_ms() - start, base);
	start = now_ms();
	for (int i = 0; i < COMPARED; i++)
		order += node_order(t->element->first->first,
				    t->element->last->first);
	printf("node_order\t%.1f\tns\t\t\n",
	       (now_ms() - start) * 1e6 / COMPARED);
	tree_free(t);
	buf_release(&xml);
	buf_release(&out);
	return order == -COMPARED ? 0 : 1;
}
