/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include "pilar/tree.h"
#include "pilar/xlsform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written is XML that our own reader takes, and nothing is written
 * when something was wrong. */
static void check(enum err rc, const struct buf *xform,
		  const struct report *said)
{
	struct report rep = { 0 };
	struct tree *tree = NULL;

	if (rc) {
		if (!said->errors && rc != ERR_NOMEM)
			abort();
		return;
	}
	if (tree_parse(&tree, buf_str(xform), "xform", &rep) && !rep.errors)
		abort();
	if (!tree && xform->n < 4096)
		abort();
	tree_free(tree);
	report_release(&rep);
}

/* The first byte says which kind of sheet the others are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum sheet_format formats[] = { SHEETS_CSV, SHEETS_MD,
						     SHEETS_XLSX, SHEETS_XLS };
	struct buf xform = BUF_INIT(TREE_MAX_BYTES);
	struct report rep = { 0 };
	enum err rc;

	if (!size)
		return 0;
	rc = xlsform_convert(str_of((const char *)data + 1, size - 1),
			     formats[data[0] % ARRAY_LEN(formats)],
			     STR("formulir"), &xform, &rep);
	check(rc, &xform, &rep);
	report_release(&rep);
	buf_release(&xform);
	return 0;
}
