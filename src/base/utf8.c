/* SPDX-License-Identifier: MIT */
#include "pilar/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#define REPLACEMENT 0xfffdu

/* A cluster is a base and at most this many marks (UI.md 1). */
#define CLUSTER_MARKS 4

static utf8proc_ssize_t step(struct str s, size_t at, utf8proc_int32_t *cp)
{
	utf8proc_ssize_t n =
		utf8proc_iterate((const utf8proc_uint8_t *)s.p + at,
				 (utf8proc_ssize_t)(s.n - at), cp);

	return *cp < 0 ? -1 : n;
}

/* Nearly all bytes there are. */
static size_t past_ascii(struct str s, size_t at)
{
	uint64_t eight;

	for (; at + sizeof(eight) <= s.n; at += sizeof(eight)) {
		memcpy(&eight, s.p + at, sizeof(eight));
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	while (at < s.n && (unsigned char)s.p[at] < 0x80)
		at++;
	return at;
}

size_t utf8_wrong(struct str s)
{
	utf8proc_int32_t cp;
	size_t at = past_ascii(s, 0);

	while (at < s.n) {
		utf8proc_ssize_t n = step(s, at, &cp);

		if (n <= 0)
			return at;
		at = past_ascii(s, at + (size_t)n);
	}
	return SIZE_MAX;
}

bool utf8_valid(struct str s)
{
	return utf8_wrong(s) == SIZE_MAX;
}

uint32_t utf8_next(struct str s, size_t *at)
{
	utf8proc_int32_t cp;
	utf8proc_ssize_t n;

	if ((unsigned char)s.p[*at] < 0x80)
		return (unsigned char)s.p[(*at)++];
	n = step(s, *at, &cp);
	if (n <= 0) {
		(*at)++;
		return REPLACEMENT;
	}
	*at += (size_t)n;
	return (uint32_t)cp;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	utf8proc_uint8_t raw[4];
	utf8proc_ssize_t n;

	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	n = utf8proc_encode_char((utf8proc_int32_t)cp, raw);
	memcpy(out, raw, (size_t)n);
	return (size_t)n;
}

size_t utf8_count(struct str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n; n++)
		utf8_next(s, &at);
	return n;
}

/* Terminal columns: 0, 1, 2. */
static int cp_width(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 0x20 && cp != 0x7f;
	return utf8proc_charwidth((utf8proc_int32_t)cp);
}

static bool joins(uint32_t cp)
{
	return cp >= 0x80 && cp_width(cp) == 0;
}

size_t utf8_cluster_next(struct str s, size_t at)
{
	int marks = 0;

	if (at >= s.n)
		return s.n;
	utf8_next(s, &at);
	while (at < s.n && marks++ < CLUSTER_MARKS) {
		size_t after = at;

		if (!joins(utf8_next(s, &after)))
			break;
		at = after;
	}
	return at;
}

/* Clusters are found from the front, so both directions agree. */
size_t utf8_cluster_prev(struct str s, size_t at)
{
	size_t from = 0;

	if (at > s.n)
		at = s.n;
	while (from < at) {
		size_t next = utf8_cluster_next(s, from);

		if (next >= at)
			break;
		from = next;
	}
	return from;
}

size_t utf8_width(struct str s)
{
	size_t columns = 0;

	for (size_t at = 0; at < s.n;)
		columns += (size_t)cp_width(utf8_next(s, &at));
	return columns;
}

size_t utf8_fit(struct str s, size_t columns)
{
	size_t used = 0, at = 0;

	while (at < s.n) {
		size_t next = utf8_cluster_next(s, at);
		size_t width = utf8_width(str_sub(s, at, next));

		if (used + width > columns)
			break;
		used += width;
		at = next;
	}
	return at;
}

static struct str cut(struct str *rest, size_t end, size_t next)
{
	struct str line = str_sub(*rest, 0, end);

	*rest = str_sub(*rest, next, rest->n);
	return line;
}

bool utf8_wrap(struct str *rest, size_t columns, struct str *line)
{
	size_t newline = str_find(*rest, STR("\n"), 0);
	size_t end = utf8_fit(*rest, columns), blank = end;

	if (!rest->n)
		return false;
	if (newline <= end) {
		*line = cut(rest, newline, newline + 1);
		return true;
	}
	/* all of it; or not even one letter fits: never stand still */
	if (end == rest->n || end == 0) {
		*line = cut(rest, rest->n, rest->n);
		return true;
	}
	while (blank > 0 && rest->p[blank] != ' ')
		blank--;
	*line = blank > 0 ? cut(rest, blank, blank + 1) : cut(rest, end, end);
	return true;
}

/* utf8proc refuses a text with a bad byte as a whole: mend it first. */
static struct str mended(struct arena *a, struct str s)
{
	struct buf b = BUF_INIT(SIZE_MAX / 4);
	char raw[4];

	for (size_t at = 0; at < s.n;)
		buf_add(&b, raw, utf8_encode(utf8_next(s, &at), raw));
	return buf_give(&b, a);
}

static struct str mapped(struct arena *a, struct str s,
			 utf8proc_option_t options)
{
	utf8proc_uint8_t *raw = NULL;
	utf8proc_ssize_t n;
	struct str out = { NULL, 0 };

	if (!utf8_valid(s))
		s = mended(a, s);
	if (!s.p)
		return s;
	n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n,
			 &raw, options);
	if (n >= 0)
		out = arena_dup(a, str_of((const char *)raw, (size_t)n));
	free(raw);
	return out;
}

struct str utf8_nfc(struct arena *a, struct str s)
{
	if (past_ascii(s, 0) == s.n)
		return arena_dup(a, s);
	return mapped(a, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

/* Most texts are plain letters, which need no tables; NULL for others. */
static struct str fold_plain(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; p && i < s.n; i++) {
		if (p[i] < ' ' || p[i] > '~')
			p = NULL;
		else if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	}
	return str_of(p, p ? s.n : 0);
}

struct str utf8_fold(struct arena *a, struct str s)
{
	struct str out = fold_plain(a, s);

	if (out.p)
		return out;
	return mapped(a, s,
		      UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
			      UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK |
			      UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
}

static bool is_steering(uint32_t cp)
{
	return (cp >= 0x200e && cp <= 0x200f) ||
	       (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0x061c || cp == 0x200b ||
	       cp == 0x2060 || cp == 0xfeff;
}

/* General categories that have no glyph of their own. */
static const uint32_t unshown =
	1u << UTF8PROC_CATEGORY_CN | 1u << UTF8PROC_CATEGORY_CC |
	1u << UTF8PROC_CATEGORY_CF | 1u << UTF8PROC_CATEGORY_CS |
	1u << UTF8PROC_CATEGORY_CO | 1u << UTF8PROC_CATEGORY_ZL |
	1u << UTF8PROC_CATEGORY_ZP;

bool utf8_printable(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 0x20 && cp != 0x7f;
	if (cp < 0xa0 || is_steering(cp))
		return false;
	if (cp == 0x200d)
		return true; /* joins the parts of a cluster */
	return !(unshown & 1u << utf8proc_category((utf8proc_int32_t)cp));
}

void utf8_clean(struct buf *out, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		char raw[4];

		if (cp == '\n' || cp == '\t')
			cp = ' ';
		if (!utf8_printable(cp))
			cp = REPLACEMENT;
		buf_add(out, raw, utf8_encode(cp, raw));
	}
}
