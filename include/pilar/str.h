/* SPDX-License-Identifier: MIT */
#ifndef PILAR_STR_H
#define PILAR_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "pilar/attr.h"

/*
 * Text inside the program: bytes of UTF-8 and their number, lent, not owned.
 * A zeroed `struct str` is the empty text. There may or may not be a NUL
 * behind it: ask arena_cstr() where a library needs one.
 */
struct str {
	const char *p;
	size_t n;
};

/* A literal as a str, usable in initialisers. */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_INIT(lit)                   \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}
/* For "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

/* Those that search calls by the thousand for one key are here. */
static inline struct str str_of(const char *p, size_t n)
{
	return (struct str){ p, n };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_of(s.p, prefix.n), prefix);
}

/* Clamped. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (struct str){ s.p, 0 };
	return (struct str){ s.p + from, to - from };
}

struct str str_from(const char *cstr); /* NULL gives the empty text */
bool str_is(struct str a, const char *cstr);
int str_cmp(struct str a, struct str b); /* bytewise, shorter first */
bool str_ends(struct str s, struct str suffix);
/* Index of the first `needle` at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
struct str str_trim(struct str s); /* space, tab, CR, LF at both ends */
/* ASCII letters only; for keywords of file formats, never for names. */
bool str_eq_nocase(struct str a, struct str b);
/* `n` digits 0-9 a-f and nothing else. */
bool str_is_hex(struct str s, size_t n);
/* A name as forms and lists have them: letters, `_` and all beyond ASCII;
 * behind the first also digits and the signs of `more`. */
bool str_is_name(struct str s, const char *more);

/* Of ASCII, whatever the locale; of bytes as of code points. */
static inline bool ascii_digit(int64_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_letter(int64_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * Takes the next word (run of non-blanks) or the next field up to `sep` off
 * the front of `rest`. False at the end.
 */
bool str_word(struct str *rest, struct str *word);
bool str_split(struct str *rest, char sep, struct str *field);

/* Whole text as a decimal integer; false when it is anything else. */
bool str_to_i64(struct str s, int64_t *out) MUST_CHECK;
bool str_to_u64(struct str s, uint64_t *out) MUST_CHECK;

#endif
