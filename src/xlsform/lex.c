/* SPDX-License-Identifier: MIT */
#include "lex.h"

#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/utf8.h"

/* Letters of names beyond ASCII (Namespaces in XML, NCName). */
static const struct range {
	uint32_t from, to;
	bool start; /* may a name begin with it? */
} ranges[] = {
	{ 0xb7, 0xb7, false },      { 0xc0, 0xd6, true },
	{ 0xd8, 0xf6, true },       { 0xf8, 0x2ff, true },
	{ 0x300, 0x36f, false },    { 0x370, 0x37d, true },
	{ 0x37f, 0x1fff, true },    { 0x200c, 0x200d, true },
	{ 0x203f, 0x2040, false },  { 0x2070, 0x218f, true },
	{ 0x2c00, 0x2fef, true },   { 0x3001, 0xd7ff, true },
	{ 0xf900, 0xfdcf, true },   { 0xfdf0, 0xfffd, true },
	{ 0x10000, 0xeffff, true },
};

static bool ascii_name(uint32_t cp, bool start)
{
	if (ascii_letter(cp) || cp == '_')
		return true;
	return !start && (cp == '-' || cp == '.' || ascii_digit(cp));
}

static bool name_char(uint32_t cp, bool start)
{
	if (cp < 0x80)
		return ascii_name(cp, start);
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (cp >= ranges[i].from && cp <= ranges[i].to)
			return ranges[i].start || !start;
	return false;
}

static size_t ncname(struct str text, size_t from)
{
	size_t end = from;

	while (end < text.n) {
		size_t next = end;
		uint32_t cp = utf8_next(text, &next);

		if (!name_char(cp, end == from))
			break;
		end = next;
	}
	return end - from;
}

static size_t lex_name(struct str text, size_t from)
{
	size_t n = ncname(text, from), local;

	if (!n || from + n >= text.n || text.p[from + n] != ':')
		return n;
	local = ncname(text, from + n + 1);
	return local ? n + 1 + local : n;
}

bool lex_is_name(struct str text)
{
	return text.n && lex_name(text, 0) == text.n;
}

bool ref_next(struct str text, size_t from, struct ref *out)
{
	struct str saved = STR("last-saved#"), inner;
	size_t end;

	from = str_find(text, STR("${"), from);
	if (from == SIZE_MAX)
		return false;
	end = str_find(text, STR("}"), from);
	*out = (struct ref){ .from = from, .to = text.n };
	if (end == SIZE_MAX)
		return true;
	inner = str_sub(text, from + 2, end);
	out->to = end + 1;
	out->last_saved = str_starts(inner, saved);
	if (out->last_saved)
		inner = str_sub(inner, saved.n, inner.n);
	out->name = inner;
	out->valid = inner.n && ncname(inner, 0) == inner.n;
	return true;
}

bool ref_only(struct str text, struct ref *out)
{
	return ref_next(text, 0, out) && out->valid && out->from == 0 &&
	       out->to == text.n;
}

bool ref_any(struct str text)
{
	struct ref ref;

	for (size_t at = 0; ref_next(text, at, &ref); at = ref.to)
		if (ref.valid)
			return true;
	return false;
}

/* `9` in the pattern stands for a digit. */
static size_t match_pattern(struct str text, size_t from, const char *pattern)
{
	size_t at = from;

	for (; *pattern; pattern++, at++)
		if (at >= text.n || (*pattern == '9' ? !ascii_digit(text.p[at])
						     : text.p[at] != *pattern))
			return 0;
	return at - from;
}

/* 10:30:00, with +07:00 or Z */
static size_t match_time(struct str text, size_t from)
{
	static const char *const zones[] = { "+99:99", "-99:99", "Z" };
	size_t n = match_pattern(text, from, "99:99:99"), zone = 0;

	for (size_t i = 0; n && !zone && i < ARRAY_LEN(zones); i++)
		zone = match_pattern(text, from + n, zones[i]);
	return n + zone;
}

static size_t match_date(struct str text, size_t from)
{
	size_t sign = match_pattern(text, from, "-");
	size_t n = match_pattern(text, from + sign, "9999-99-99"), time;

	if (!n)
		return 0;
	n += sign;
	if (!match_pattern(text, from + n, "T"))
		return n;
	time = match_time(text, from + n + 1);
	return time ? n + 1 + time : n;
}

static size_t digits(struct str text, size_t from)
{
	size_t at = from;

	while (at < text.n && ascii_digit(text.p[at]))
		at++;
	return at - from;
}

static size_t match_number(struct str text, size_t from)
{
	size_t at = from + match_pattern(text, from, "-");
	size_t whole = digits(text, at), part;

	at += whole;
	if (at >= text.n || text.p[at] != '.')
		return whole ? at - from : 0;
	part = digits(text, at + 1);
	return whole || part ? at + 1 + part - from : 0;
}

static size_t match_math(struct str text, size_t from)
{
	char c = text.p[from];
	size_t n;

	if (c == '*' || c == '+' || c == '-')
		return 1;
	n = match_pattern(text, from, " mod ");
	return n ? n : match_pattern(text, from, " div ");
}

static size_t match_bool(struct str text, size_t from)
{
	size_t n = match_pattern(text, from, " and ");

	return n ? n : match_pattern(text, from, " or ");
}

static size_t match_union(struct str text, size_t from)
{
	return match_pattern(text, from, "|");
}

static size_t match_close(struct str text, size_t from)
{
	return match_pattern(text, from, ")");
}

static size_t match_slash(struct str text, size_t from)
{
	return match_pattern(text, from, "/");
}

static size_t match_pred_end(struct str text, size_t from)
{
	return match_pattern(text, from, "]");
}

static size_t match_literal(struct str text, size_t from)
{
	char c = text.p[from];
	size_t end;

	if (c != '"' && c != '\'')
		return 0;
	end = str_find(text, str_of(&c, 1), from + 1);
	return end == SIZE_MAX ? 0 : end + 1 - from;
}

static size_t match_space(struct str text, size_t from)
{
	size_t at = from;

	while (at < text.n &&
	       str_find(STR(" \t\r\n"), str_of(text.p + at, 1), 0) != SIZE_MAX)
		at++;
	return at - from;
}

static size_t match_ref(struct str text, size_t from)
{
	size_t at = from + match_pattern(text, from, "${"), name;

	if (at == from)
		return 0;
	at += match_pattern(text, at, "last-saved#");
	name = ncname(text, at);
	return name && match_pattern(text, at + name, "}")
		       ? at + name + 1 - from
		       : 0;
}

static size_t name_then(struct str text, size_t from, char c)
{
	size_t n = lex_name(text, from);

	return n && from + n < text.n && text.p[from + n] == c ? n + 1 : 0;
}

static size_t match_call(struct str text, size_t from)
{
	return name_then(text, from, '(');
}

static size_t match_pred_start(struct str text, size_t from)
{
	return name_then(text, from, '[');
}

/* Tried from the top; what none takes is one byte of TOKEN_OTHER. */
static const struct {
	size_t (*match)(struct str text, size_t from);
	enum token token;
} matchers[] = {
	{ match_date, TOKEN_OTHER },
	{ match_time, TOKEN_OTHER },
	{ match_number, TOKEN_OTHER },
	{ match_math, TOKEN_MATH },
	{ match_bool, TOKEN_OTHER },
	{ match_union, TOKEN_UNION },
	{ match_close, TOKEN_CLOSE },
	{ match_slash, TOKEN_SLASH },
	{ match_literal, TOKEN_LITERAL },
	{ match_space, TOKEN_SPACE },
	{ match_ref, TOKEN_REF },
	{ match_call, TOKEN_CALL },
	{ match_pred_start, TOKEN_PRED_START },
	{ match_pred_end, TOKEN_PRED_END },
	{ lex_name, TOKEN_OTHER },
};

/* The token at `from`, which must be inside the text, and where it ends. */
static enum token lex_next(struct str text, size_t from, size_t *end)
{
	for (size_t i = 0; i < ARRAY_LEN(matchers); i++) {
		size_t n = matchers[i].match(text, from);

		if (!n)
			continue;
		*end = from + n;
		return matchers[i].token;
	}
	*end = from + 1;
	return TOKEN_OTHER;
}

bool lex_dynamic(struct str text, bool dashes)
{
	size_t end;

	for (size_t at = 0; at < text.n; at = end) {
		enum token t = lex_next(text, at, &end);

		if (dashes && t == TOKEN_MATH && text.p[at] == '-')
			return false;
		if (t == TOKEN_MATH || t == TOKEN_UNION || t == TOKEN_REF ||
		    t == TOKEN_CALL)
			return true;
	}
	return false;
}

/* Where a walk over instance('x')/root/item[..]/label is. */
enum where { IN_CALL, IN_PATH, IN_PREDICATE, OUT };

static enum where walk(enum where where, enum token last, enum token t)
{
	if (where == IN_PREDICATE)
		return t == TOKEN_PRED_END ? IN_CALL : IN_PREDICATE;
	if (where == IN_PATH) {
		if (t == TOKEN_SPACE)
			return OUT;
		return t == TOKEN_PRED_START ? IN_PREDICATE : IN_PATH;
	}
	if (t == TOKEN_SLASH && (last == TOKEN_CLOSE || last == TOKEN_PRED_END))
		return IN_PATH;
	if ((t == TOKEN_LITERAL && last == TOKEN_CALL) ||
	    (t == TOKEN_CLOSE && last == TOKEN_LITERAL))
		return IN_CALL;
	return OUT;
}

static bool find_call(struct str text, size_t *at, size_t *from, size_t *to)
{
	struct str call = STR("instance(");

	if (str_find(text, call, *at) == SIZE_MAX)
		return false;
	for (; *at < text.n; *at = *to) {
		enum token t = lex_next(text, *at, to);

		if (t != TOKEN_CALL || !str_eq(str_sub(text, *at, *to), call))
			continue;
		*from = *at;
		*at = *to;
		return true;
	}
	return false;
}

bool lex_instance_path(struct str text, size_t *at, size_t *from, size_t *to)
{
	enum where where = IN_CALL;
	enum token last = TOKEN_CALL;
	size_t end;

	if (!find_call(text, at, from, to))
		return false;
	while (*at < text.n) {
		enum token t = lex_next(text, *at, &end);

		*at = end;
		where = walk(where, last, t);
		if (where == OUT)
			break;
		last = t;
		*to = end;
	}
	return true;
}
