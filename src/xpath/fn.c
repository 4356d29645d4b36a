/* SPDX-License-Identifier: MIT */
#include "fn.h"

#include "pilar/utf8.h"

enum err fn_take(struct eval *e, struct buf *b, struct val *out)
{
	enum err rc = b->failed;

	if (!rc)
		rc = val_set_str(out, arena_dup(e->arena, buf_str(b)));
	buf_release(b);
	return rc;
}

enum err fn_take_bytes(struct eval *e, struct buf *b, struct val *out)
{
	struct buf clean = BUF_INIT(FN_TEXT_MAX);
	struct str s = buf_str(b);
	char bytes[4];

	if (utf8_valid(s))
		return fn_take(e, b, out);
	for (size_t at = 0; at < s.n;)
		buf_add(&clean, bytes, utf8_encode(utf8_next(s, &at), bytes));
	buf_release(b);
	return fn_take(e, &clean, out);
}

struct str fn_text(struct eval *e, const struct val *args, size_t n, size_t i)
{
	return i < n ? val_str(e, &args[i]) : STR("");
}

struct str fn_text_here(struct eval *e, const struct val *args, size_t n)
{
	return n ? val_str(e, &args[0]) : val_node_str(e, e->context);
}

const struct sys *fn_sys(const struct eval *e)
{
	return e->env->sys ? e->env->sys : sys_real();
}
