/* SPDX-License-Identifier: MIT */
#include "func.h"

static enum err fn_true(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	(void)e;
	(void)args;
	(void)n;
	return val_set_bool(out, true);
}

static enum err fn_false(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	(void)e;
	(void)args;
	(void)n;
	return val_set_bool(out, false);
}

static const struct func rows[] = {
	{ STR_INIT("true"), 0, 0, FN_BOOLEAN, 0, fn_true, NULL },
	{ STR_INIT("false"), 0, 0, FN_BOOLEAN, 0, fn_false, NULL },
	{ .min = 0 },
};

const struct func *func_core(void)
{
	return rows;
}
