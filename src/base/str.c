/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "pilar/str.h"

#include <string.h>

struct str str_from(const char *cstr)
{
	return (struct str){ cstr, cstr ? strlen(cstr) : 0 };
}

bool str_is(struct str a, const char *cstr)
{
	return str_eq(a, str_from(cstr));
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order)
		return order;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	const char *hit;

	if (from > s.n || needle.n > s.n - from)
		return SIZE_MAX;
	if (!needle.n)
		return from;
	hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static int lower(char c)
{
	int code = (unsigned char)c;

	return code >= 'A' && code <= 'Z' ? code + 32 : code;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool str_is_name(struct str s, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!ascii_letter(c) && c != '_' && c < 0x80 &&
		    (!i || !c || !(ascii_digit(c) || strchr(more, c))))
			return false;
	}
	return s.n > 0;
}

bool str_is_hex(struct str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(ascii_digit(s.p[i]) || (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return s.n == n;
}

bool str_word(struct str *rest, struct str *word)
{
	size_t n = 0;

	while (rest->n && is_blank(rest->p[0]))
		*rest = str_sub(*rest, 1, rest->n);
	while (n < rest->n && !is_blank(rest->p[n]))
		n++;
	*word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return n > 0;
}

/* The field after the last separator leaves `rest` with p == NULL. */
bool str_split(struct str *rest, char sep, struct str *field)
{
	const char *hit;

	if (!rest->p)
		return false;
	hit = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
	if (!hit) {
		*field = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	*field = str_of(rest->p, (size_t)(hit - rest->p));
	*rest = str_of(hit + 1, rest->n - field->n - 1);
	return true;
}

bool str_to_u64(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - '0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
	bool minus = s.n && s.p[0] == '-';
	uint64_t v;

	if (!str_to_u64(str_sub(s, minus, s.n), &v))
		return false;
	if (v > (uint64_t)INT64_MAX + minus)
		return false;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}
