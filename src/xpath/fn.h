/* SPDX-License-Identifier: MIT */
#ifndef XPATH_FN_H
#define XPATH_FN_H

#include "pilar/buf.h"

#include "func.h"

/* What the families of functions share. */

/* Longest text a function makes: an expression cannot grow without end. */
#define FN_TEXT_MAX ((size_t)16 << 20)

/* The text of `b`, copied, as the result; `b` is released in any case. */
enum err fn_take(struct eval *e, struct buf *b, struct val *out) MUST_CHECK;
/* The same, with bytes that are not UTF-8 replaced. */
enum err fn_take_bytes(struct eval *e, struct buf *b,
		       struct val *out) MUST_CHECK;
/* The i-th argument as text; empty beyond the last. */
struct str fn_text(struct eval *e, const struct val *args, size_t n,
		   size_t i) MUST_CHECK;
/* The only argument, or without one the context node, as text. */
struct str fn_text_here(struct eval *e, const struct val *args,
			size_t n) MUST_CHECK;
const struct sys *fn_sys(const struct eval *e);

#endif
