/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/utf8.h"

#include "eval.h"
#include "fn.h"

/* Comparisons of code points that count as one step of the evaluation. */
#define WORK_OF_STEP 16

/* Positions in text are counted in code points. */

/* Byte index of the code point number `want`, or the length. */
static size_t byte_at(struct str s, size_t want)
{
	size_t at = 0;

	while (want-- && at < s.n)
		utf8_next(s, &at);
	return at;
}

static struct str cut(struct str s, size_t from, size_t to)
{
	return str_sub(s, byte_at(s, from), byte_at(s, to));
}

/* A bound of substr(): negative ones count from the end. */
static size_t bound(double at, size_t count)
{
	double len = (double)count;

	at = isnan(at) ? 0 : trunc(at);
	if (at < 0)
		at += len;
	if (at < 0)
		at = 0;
	return at > len ? count : (size_t)at;
}

static enum err fn_substr(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	struct str s = val_str(e, &args[0]);
	size_t count = utf8_count(s);
	size_t from = bound(val_num(e, &args[1]), count);
	size_t to = n > 2 ? bound(val_num(e, &args[2]), count) : count;

	if (from >= to)
		return val_set_str(out, STR(""));
	return val_set_str(out, cut(s, from, to));
}

/* XPath 1.0, 4.2: positions from 1, bounds rounded, infinities meant. */
static enum err fn_substring(struct eval *e, const struct val *args, size_t n,
			     struct val *out)
{
	struct str s = val_str(e, &args[0]);
	double from = floor(val_num(e, &args[1]) + 0.5);
	double to = (double)INFINITY;
	size_t start, at = 0;
	double position = 1;

	if (n > 2)
		to = from + floor(val_num(e, &args[2]) + 0.5);
	while (at < s.n && !(position >= from && position < to)) {
		utf8_next(s, &at);
		position++;
	}
	start = at;
	while (at < s.n && position >= from && position < to) {
		utf8_next(s, &at);
		position++;
	}
	return val_set_str(out, str_sub(s, start, at));
}

static enum err fn_substring_before(struct eval *e, const struct val *args,
				    size_t n, struct val *out)
{
	struct str s = val_str(e, &args[0]);
	size_t hit = str_find(s, val_str(e, &args[1]), 0);

	(void)n;
	return val_set_str(out, hit == SIZE_MAX ? STR("") : str_sub(s, 0, hit));
}

static enum err fn_substring_after(struct eval *e, const struct val *args,
				   size_t n, struct val *out)
{
	struct str s = val_str(e, &args[0]), mark = val_str(e, &args[1]);
	size_t hit = str_find(s, mark, 0);

	(void)n;
	return val_set_str(
		out, hit == SIZE_MAX ? STR("") : str_sub(s, hit + mark.n, s.n));
}

static enum err fn_contains(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct str s = val_str(e, &args[0]);

	(void)n;
	return val_set_bool(out,
			    str_find(s, val_str(e, &args[1]), 0) != SIZE_MAX);
}

static enum err fn_starts_with(struct eval *e, const struct val *args, size_t n,
			       struct val *out)
{
	struct str s = val_str(e, &args[0]);

	(void)n;
	return val_set_bool(out, str_starts(s, val_str(e, &args[1])));
}

static enum err fn_ends_with(struct eval *e, const struct val *args, size_t n,
			     struct val *out)
{
	struct str s = val_str(e, &args[0]);

	(void)n;
	return val_set_bool(out, str_ends(s, val_str(e, &args[1])));
}

/* The code point at `at` becomes its partner, itself, or nothing. */
static struct str partner(struct str one, struct str from, struct str to)
{
	size_t i = 0, j = 0;

	while (i < from.n) {
		size_t here = i, there = j;

		utf8_next(from, &i);
		if (j < to.n)
			utf8_next(to, &j);
		if (str_eq(str_sub(from, here, i), one))
			return str_sub(to, there, j);
	}
	return one;
}

static enum err fn_translate(struct eval *e, const struct val *args, size_t n,
			     struct val *out)
{
	struct str s = val_str(e, &args[0]);
	struct str from = val_str(e, &args[1]), to = val_str(e, &args[2]);
	struct buf b = BUF_INIT(FN_TEXT_MAX);
	enum err rc = eval_spend(e, s.n * from.n / WORK_OF_STEP);

	(void)n;
	if (rc)
		return rc;
	for (size_t at = 0; at < s.n;) {
		size_t here = at;

		utf8_next(s, &at);
		buf_addstr(&b, partner(str_sub(s, here, at), from, to));
	}
	return fn_take(e, &b, out);
}

static enum err fn_string_length(struct eval *e, const struct val *args,
				 size_t n, struct val *out)
{
	return val_set_num(out, (double)utf8_count(fn_text_here(e, args, n)));
}

static enum err fn_normalize_space(struct eval *e, const struct val *args,
				   size_t n, struct val *out)
{
	struct buf b = BUF_INIT(FN_TEXT_MAX);
	struct str rest = fn_text_here(e, args, n), word;

	while (str_word(&rest, &word)) {
		if (b.n)
			buf_addc(&b, ' ');
		buf_addstr(&b, word);
	}
	return fn_take(e, &b, out);
}

static const struct func rows[] = {
	{ STR_INIT("substr"), 2, 3, FN_STRING, 0, fn_substr, NULL },
	{ STR_INIT("substring"), 2, 3, FN_STRING, 0, fn_substring, NULL },
	{ STR_INIT("substring-before"), 2, 2, FN_STRING, 0, fn_substring_before,
	  NULL },
	{ STR_INIT("substring-after"), 2, 2, FN_STRING, 0, fn_substring_after,
	  NULL },
	{ STR_INIT("contains"), 2, 2, FN_BOOLEAN, 0, fn_contains, NULL },
	{ STR_INIT("starts-with"), 2, 2, FN_BOOLEAN, 0, fn_starts_with, NULL },
	{ STR_INIT("ends-with"), 2, 2, FN_BOOLEAN, 0, fn_ends_with, NULL },
	{ STR_INIT("translate"), 3, 3, FN_STRING, 0, fn_translate, NULL },
	{ STR_INIT("string-length"), 0, 1, FN_NUMBER, FN_CONTEXT,
	  fn_string_length, NULL },
	{ STR_INIT("normalize-space"), 0, 1, FN_STRING, FN_CONTEXT,
	  fn_normalize_space, NULL },
	{ .min = 0 },
};

const struct func *func_string(void)
{
	return rows;
}
