/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "pilar/tree.h"

/* What was read can be written, and reads and writes the same again. */

static struct tree *parsed(struct str xml)
{
	struct report rep = { 0 };
	struct tree *t = NULL;
	enum err rc = tree_parse(&t, xml, "fuzz.xml", &rep);

	assert(!rc == (t != NULL));
	assert(!rc || rep.errors || rc == ERR_NOMEM);
	report_release(&rep);
	return t;
}

static void written(const struct tree *t, struct buf *out)
{
	enum err rc = tree_write(out, t->root, NULL, NULL);

	assert(!rc);
	(void)rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = BUF_INIT(TREE_MAX_BYTES * 8);
	struct buf twice = BUF_INIT(TREE_MAX_BYTES * 8);
	struct tree *t = parsed(str_of((const char *)data, size));
	struct arena a = { 0 };

	if (t) {
		struct tree *u;

		written(t, &once);
		u = parsed(buf_str(&once));
		assert(u);
		written(u, &twice);
		assert(str_eq(buf_str(&once), buf_str(&twice)));
		assert(str_eq(node_value(t->root, &a),
			      node_value(u->root, &a)));
		tree_free(u);
	}
	tree_free(t);
	buf_release(&once);
	buf_release(&twice);
	arena_release(&a);
	return 0;
}
