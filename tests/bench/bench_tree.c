/* SPDX-License-Identifier: MIT */

#include <libxml/parser.h>

#include "pilar/tree.h"

#include "../lib/measure.h"

/*
 * An instance of 5,000 repeat instances with ten answers each: read, written
 * and two of its nodes compared. The floor of reading is libxml2 making its own
 * tree.
 */
#define REPEATS  5000
#define ANSWERS  10
#define COMPARED 1000000

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
	double start = now_us();
	xmlDoc *doc = xmlReadMemory(xml.p, (int)xml.n, NULL, NULL, 0);

	xmlFreeDoc(doc);
	return ms_since(start);
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
	start = now_us();
	if (tree_parse(&t, buf_str(&xml), "bench.xml", NULL))
		return 1;
	row("tree_parse", ms_since(start), "ms", base);
	start = now_us();
	if (tree_write(&out, t->root, NULL, NULL))
		return 1;
	row("tree_write", ms_since(start), "ms", base);
	start = now_us();
	for (int i = 0; i < COMPARED; i++)
		order += node_order(t->element->first->first,
				    t->element->last->first);
	row("node_order", ms_since(start) * 1e6 / COMPARED, "ns", 0);
	tree_free(t);
	buf_release(&xml);
	buf_release(&out);
	return order == -COMPARED ? 0 : 1;
}
