/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "fn.h"

/* More digits than these cannot be asked of round(), as in JavaRosa. */
#define ROUND_DIGITS_MAX 30
/* From here on a double has no digits behind the point. */
#define WHOLE_MAX 9007199254740992.0

static double exp10_of(double x)
{
	return pow(10, x);
}

/* One argument, one function of <math.h>. */
#define MATH(X)                     \
	X("int", int, trunc)        \
	X("floor", floor, floor)    \
	X("ceiling", ceil, ceil)    \
	X("abs", abs, fabs)         \
	X("sqrt", sqrt, sqrt)       \
	X("exp", exp, exp)          \
	X("exp10", exp10, exp10_of) \
	X("log", log, log)          \
	X("log10", log10, log10)    \
	X("sin", sin, sin)          \
	X("cos", cos, cos)          \
	X("tan", tan, tan)          \
	X("asin", asin, asin)       \
	X("acos", acos, acos)       \
	X("atan", atan, atan)

#define X(name, word, f)                                                  \
	static enum err fn_##word(struct eval *e, const struct val *args, \
				  size_t n, struct val *out)              \
	{                                                                 \
		(void)n;                                                  \
		return val_set_num(out, f(val_num(e, &args[0])));         \
	}
MATH(X)
#undef X

/* 1 to a power that is no number, or infinite, is no number (ECMAScript). */
static double power(double x, double y)
{
	if (isnan(y) || (isinf(y) && fabs(x) == 1))
		return (double)NAN;
	return pow(x, y);
}

static enum err fn_pow(struct eval *e, const struct val *args, size_t n,
		       struct val *out)
{
	(void)n;
	return val_set_num(out,
			   power(val_num(e, &args[0]), val_num(e, &args[1])));
}

static enum err fn_atan2(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	(void)n;
	return val_set_num(out,
			   atan2(val_num(e, &args[0]), val_num(e, &args[1])));
}

static enum err fn_pi(struct eval *e, const struct val *args, size_t n,
		      struct val *out)
{
	(void)e;
	(void)args;
	(void)n;
	return val_set_num(out, acos(-1));
}

/* Halves go away from zero, as in ODK Web Forms. */
static double rounded(double x, double digits)
{
	double scale = pow(10, fabs(digits));

	if (isnan(x) || isnan(digits) || fabs(digits) > ROUND_DIGITS_MAX)
		return (double)NAN;
	if (digits == 0 || isinf(x))
		return round(x);
	if (digits < 0)
		return round(x / scale) * scale;
	return fabs(x * scale) >= WHOLE_MAX ? x : round(x * scale) / scale;
}

static enum err fn_round(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	double digits = n > 1 ? trunc(val_num(e, &args[1])) : 0;

	return val_set_num(out, rounded(val_num(e, &args[0]), digits));
}

static const struct func rows[] = {
#define X(name, word, f) \
	{ STR_INIT(name), 1, 1, FN_NUMBER, 0, fn_##word, NULL },
	MATH(X)
#undef X
		{ STR_INIT("pow"), 2, 2, FN_NUMBER, 0, fn_pow, NULL },
	{ STR_INIT("atan2"), 2, 2, FN_NUMBER, 0, fn_atan2, NULL },
	{ STR_INIT("pi"), 0, 0, FN_NUMBER, 0, fn_pi, NULL },
	{ STR_INIT("round"), 1, 2, FN_NUMBER, 0, fn_round, NULL },
	{ .min = 0 },
};

const struct func *func_number(void)
{
	return rows;
}
