/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* Digits a double holds exactly, and the powers of ten it does. */
#define EXACT_DIGITS 15
#define EXACT_POWER  22
/* Longest exponent and longest number that are looked at. */
#define EXPONENT_LEN 4
#define NUMBER_MAX   400
/* Whole numbers up to here are exact. */
#define WHOLE_MAX 9007199254740992.0
/* Decimal exponents between which no "e" is written. */
#define EXPONENT_MIN (-7)
#define EXPONENT_MAX 21
/* "%.17g" and a NUL. */
#define TEXT_MAX 40

static const double powers[EXACT_POWER + 1] = {
	1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* Text of the form D*.?D* with at least one digit. */
struct digits {
	uint64_t value; /* of the first EXACT_DIGITS */
	size_t n;       /* digits without leading zeros */
	size_t behind;  /* of the dot */
	bool any;
};

static bool scan(struct str s, struct digits *d)
{
	bool dot = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && !dot) {
			dot = true;
			continue;
		}
		if (!ascii_digit(s.p[i]))
			return false;
		d->any = true;
		d->behind += dot;
		d->n += d->n || s.p[i] != '0';
		if (d->n <= EXACT_DIGITS)
			d->value = d->value * 10 + (uint64_t)(s.p[i] - '0');
	}
	return d->any;
}

static double slow(struct str s)
{
	char text[NUMBER_MAX + 1];

	if (s.n > NUMBER_MAX)
		return (double)NAN;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return strtod(text, NULL);
}

/* What number_text() writes of very large and small ones: "1.5e-7". */
static bool has_exponent(struct str s)
{
	struct digits d = { 0 };
	struct str mantissa;
	uint64_t power;

	if (!str_split(&s, 'e', &mantissa) || !scan(mantissa, &d))
		return false;
	if (!s.n || s.n > EXPONENT_LEN || (s.p[0] != '+' && s.p[0] != '-'))
		return false;
	return str_to_u64(str_sub(s, 1, s.n), &power);
}

/* Most numbers of a form are a few digits and nothing else. */
static bool few_digits(struct str s, double *out)
{
	uint64_t value = 0;

	if (!s.n || s.n > EXACT_DIGITS)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_digit(s.p[i]))
			return false;
		value = value * 10 + (uint64_t)(s.p[i] - '0');
	}
	*out = (double)value;
	return true;
}

double number_parse(struct str s)
{
	struct digits d = { 0 };
	bool minus;
	double n;

	if (few_digits(s, &n))
		return n;
	s = str_trim(s);
	minus = s.n && s.p[0] == '-';
	if (minus)
		s = str_sub(s, 1, s.n);
	if (!scan(s, &d)) {
		n = has_exponent(s) ? slow(s) : (double)NAN;
		return minus ? -n : n;
	}
	if (d.n <= EXACT_DIGITS && d.behind <= EXACT_POWER)
		n = (double)d.value / powers[d.behind];
	else
		n = slow(s);
	return minus ? -n : n;
}

static struct str whole_text(double n, struct arena *a)
{
	char text[TEXT_MAX], *p = text + sizeof(text);
	uint64_t left = (uint64_t)fabs(n);

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0)
		*--p = '-';
	return arena_dup(a, str_of(p, (size_t)(text + sizeof(text) - p)));
}

/* Digits and exponent of the shortest text, from "d.ddde+xx". */
static size_t shortest(double n, char digits[TEXT_MAX], int *exponent)
{
	char text[TEXT_MAX];
	size_t len = 0;

	for (int precision = EXACT_DIGITS - 1; precision <= 16; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, n);
		if (strtod(text, NULL) == n)
			break;
	}
	for (const char *p = text; *p != 'e'; p++) {
		if (ascii_digit(*p))
			digits[len++] = *p;
	}
	*exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
	while (len > 1 && digits[len - 1] == '0')
		len--;
	digits[len] = '\0';
	return len;
}

static struct str scientific(const char *sign, const char *digits, int e,
			     struct arena *a)
{
	return arena_printf(a, "%s%c%s%se%+d", sign, digits[0],
			    digits[1] ? "." : "", digits + 1, e);
}

static struct str decimal(const char *sign, const char *digits, int e,
			  struct arena *a)
{
	static const char zeros[] = "000000000000000000000";
	int n = (int)strlen(digits);

	if (e < 0)
		return arena_printf(a, "%s0.%.*s%s", sign, -e - 1, zeros,
				    digits);
	if (n <= e + 1)
		return arena_printf(a, "%s%s%.*s", sign, digits, e + 1 - n,
				    zeros);
	return arena_printf(a, "%s%.*s.%s", sign, e + 1, digits,
			    digits + e + 1);
}

struct str number_text(double n, struct arena *a)
{
	const char *sign = n < 0 ? "-" : "";
	char digits[TEXT_MAX] = { 0 };
	int exponent = 0;

	if (isnan(n))
		return STR("");
	if (isinf(n))
		return n < 0 ? STR("-Infinity") : STR("Infinity");
	if (n == trunc(n) && fabs(n) < WHOLE_MAX)
		return whole_text(n, a);
	shortest(fabs(n), digits, &exponent);
	if (exponent >= EXPONENT_MAX || exponent <= EXPONENT_MIN)
		return scientific(sign, digits, exponent, a);
	return decimal(sign, digits, exponent, a);
}
