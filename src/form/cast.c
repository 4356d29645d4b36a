/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/utf8.h"
#include "pilar/when.h"

#include "ses.h"

/*
 * How each type writes a value (TRY.md, "Values"). A text that the type
 * cannot take becomes empty.
 */

struct casting {
	struct session *s;
	const struct item_def *item; /* of a range: its bounds */
	struct arena *a;
	bool typed;
};

/* Longest text that is looked at as a number. */
#define NUMBER_MAX 400
/* So many digits and nothing else need no strtod(). */
#define NUMBER_EXACT 15

static size_t digits(struct str s, size_t from)
{
	while (from < s.n && ascii_digit(s.p[from]))
		from++;
	return from;
}

/* [+-]digits[.digits][e[+-]digits], at least one digit before the e. */
static bool number_shape(struct str s)
{
	size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), start = i, n;

	i = digits(s, i);
	n = i - start;
	if (i < s.n && s.p[i] == '.') {
		start = i + 1;
		i = digits(s, start);
		n += i - start;
	}
	if (!n)
		return false;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		i += i < s.n && (s.p[i] == '-' || s.p[i] == '+');
		start = i;
		i = digits(s, i);
		if (i == start)
			return false;
	}
	return i == s.n;
}

static bool to_number(struct str s, double *out)
{
	char text[NUMBER_MAX + 1];

	s = str_trim(s);
	if (!s.n || s.n > NUMBER_MAX || !number_shape(s))
		return false;
	if (digits(s, 0) == s.n && s.n <= NUMBER_EXACT) {
		*out = xpath_to_number(s, NULL);
		return true;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	*out = strtod(text, NULL);
	return isfinite(*out);
}

static bool in_range(const struct casting *c, double n)
{
	const struct item_def *i = c->item;

	if (!i || i->pub.kind != ITEM_RANGE)
		return true;
	return n >= fmin(i->start, i->end) && n <= fmax(i->start, i->end);
}

static struct str cast_int(const struct casting *c, struct str s)
{
	double n;

	if (!to_number(s, &n))
		return STR("");
	n = trunc(n);
	if (n < INT32_MIN || n > INT32_MAX || !in_range(c, n))
		return STR("");
	return xpath_number_text(n == 0 ? 0 : n, c->a);
}

static struct str decimal_text(double n, struct arena *a)
{
	struct str s = xpath_number_text(n == 0 ? 0 : n, a);

	if (!s.p || memchr(s.p, '.', s.n))
		return s;
	return arena_printf(a, "%.*s.0", STR_ARG(s));
}

static struct str cast_decimal(const struct casting *c, struct str s)
{
	double n;

	if (!to_number(s, &n) || !in_range(c, n))
		return STR("");
	return decimal_text(n, c->a);
}

/* ---- dates and times */

/* Does the text look like the pattern, where 0 is a digit? */
static bool looks(struct str s, size_t at, const char *pattern)
{
	for (size_t i = 0; pattern[i]; i++, at++) {
		if (at >= s.n)
			return false;
		if (pattern[i] == '0' ? s.p[at] < '0' || s.p[at] > '9'
				      : s.p[at] != pattern[i])
			return false;
	}
	return true;
}

#define DATE_LENGTH 10
#define TIME_LENGTH 8

static bool zone_valid(struct str s, size_t at)
{
	if (at == s.n || (s.n == at + 1 && s.p[at] == 'Z'))
		return true;
	if (s.n != at + 6 || (s.p[at] != '+' && s.p[at] != '-'))
		return false;
	if (!looks(s, at + 1, "00:00"))
		return false;
	return (s.p[at + 1] == '0' ||
		(s.p[at + 1] == '1' && s.p[at + 2] <= '4')) &&
	       s.p[at + 4] < '6';
}

/* hh:mm:ss[.s+][zone] from `at` to the end. */
static bool time_shape(struct str s, size_t at)
{
	if (!looks(s, at, "00:00:00"))
		return false;
	at += TIME_LENGTH;
	if (at < s.n && s.p[at] == '.') {
		size_t end = digits(s, at + 1);

		if (end == at + 1)
			return false;
		at = end;
	}
	return zone_valid(s, at);
}

static struct str cast_date(const struct casting *c, struct str s)
{
	struct when w;

	if (!looks(s, 0, "0000-00-00") ||
	    !when_parse(str_sub(s, 0, DATE_LENGTH), &w))
		return STR("");
	if (s.n == DATE_LENGTH)
		return s;
	if (!when_parse(s, &w) || (c->typed && w.has_offset))
		return STR("");
	return str_sub(s, 0, DATE_LENGTH);
}

static struct str cast_time(const struct casting *c, struct str s)
{
	struct when w;

	(void)c;
	if (!time_shape(s, 0) || !when_parse(s, &w))
		return STR("");
	return s;
}

/* A computed date is the first moment of that day. */
static struct str day_start(const struct casting *c, struct str s)
{
	struct when w, local;
	char text[WHEN_MAX];

	if (!when_parse(s, &w))
		return STR("");
	when_local(c->s->sys, when_utc(c->s->sys, &w), &local);
	return arena_dup(c->a, when_datetime_text(&local, text));
}

static struct str cast_datetime(const struct casting *c, struct str s)
{
	struct when w;

	if (!c->typed && s.n == DATE_LENGTH && looks(s, 0, "0000-00-00"))
		return day_start(c, s);
	if (!looks(s, 0, "0000-00-00T") || !time_shape(s, DATE_LENGTH + 1) ||
	    !when_parse(s, &w))
		return STR("");
	return s;
}

/* ---- places */

#define POINT_NUMBERS 4

/* "lat lon [alt [acc]]"; how many numbers there are, 0: no point. */
static size_t point_parse(struct str s, double n[POINT_NUMBERS])
{
	struct str word;
	size_t count = 0;

	while (str_word(&s, &word)) {
		if (count == POINT_NUMBERS)
			return count;
		if (!to_number(word, &n[count++]))
			return 0;
	}
	if (count < 2 || fabs(n[0]) > 90 || fabs(n[1]) > 180)
		return 0;
	return n[0] == 0 && n[1] == 0 ? 0 : count;
}

static void point_write(struct buf *b, const double *n, size_t count,
			struct arena *a)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_addc(b, ' ');
		buf_addstr(b, decimal_text(n[i], a));
	}
}

static struct str buf_take(struct buf *b, struct arena *a)
{
	struct str out = arena_dup(a, buf_str(b));

	buf_release(b);
	return out;
}

static struct str cast_point(const struct casting *c, struct str s)
{
	double n[POINT_NUMBERS];
	size_t count = point_parse(s, n);
	struct buf b = BUF_INIT((size_t)POINT_NUMBERS * NUMBER_MAX);

	point_write(&b, n, count, c->a);
	return buf_take(&b, c->a);
}

struct line {
	struct buf text;
	double first[2], last[2];
	size_t points;
};

static bool line_parse(const struct casting *c, struct str s, struct line *l)
{
	struct str part;

	while (str_split(&s, ';', &part)) {
		double n[POINT_NUMBERS];
		size_t count;

		if (!str_trim(part).n && !s.n)
			break;
		count = point_parse(part, n);
		if (!count)
			return false;
		if (l->points++)
			buf_addc(&l->text, ';');
		else
			memcpy(l->first, n, sizeof(l->first));
		memcpy(l->last, n, sizeof(l->last));
		point_write(&l->text, n, count, c->a);
	}
	return l->points > 0;
}

static struct str cast_line(const struct casting *c, struct str s, size_t least,
			    bool closed)
{
	struct line l = { .text = BUF_INIT(TREE_MAX_BYTES) };
	bool ok =
		line_parse(c, s, &l) && l.points >= least &&
		closed == (l.first[0] == l.last[0] && l.first[1] == l.last[1]);

	if (!ok)
		buf_reset(&l.text);
	return buf_take(&l.text, c->a);
}

static struct str cast_trace(const struct casting *c, struct str s)
{
	return cast_line(c, s, 2, false);
}

static struct str cast_shape(const struct casting *c, struct str s)
{
	return cast_line(c, s, 3, true);
}

/* ---- text */

static struct str cast_text(const struct casting *c, struct str s)
{
	return utf8_valid(s) ? s : utf8_nfc(c->a, s);
}

static struct str cast_words(const struct casting *c, struct str s)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str word;

	while (str_word(&s, &word)) {
		if (b.n)
			buf_addc(&b, ' ');
		buf_addstr(&b, word);
	}
	return cast_text(c, buf_take(&b, c->a));
}

static struct str cast_trigger(struct str s)
{
	return str_eq_nocase(s, STR("OK")) ? STR("OK") : STR("");
}

static struct str (*const casts[])(const struct casting *c, struct str s) = {
	[TYPE_STRING] = cast_text,       [TYPE_INT] = cast_int,
	[TYPE_BOOLEAN] = cast_text,      [TYPE_DECIMAL] = cast_decimal,
	[TYPE_DATE] = cast_date,         [TYPE_TIME] = cast_time,
	[TYPE_DATETIME] = cast_datetime, [TYPE_GEOPOINT] = cast_point,
	[TYPE_GEOTRACE] = cast_trace,    [TYPE_GEOSHAPE] = cast_shape,
	[TYPE_BINARY] = cast_text,       [TYPE_BARCODE] = cast_text,
	[TYPE_INTENT] = cast_text,       [TYPE_SELECT1] = cast_text,
	[TYPE_SELECT] = cast_words,      [TYPE_RANK] = cast_words,
};

enum err cast(struct session *s, uint32_t slot, struct str text, bool typed,
	      struct arena *a, struct str *out)
{
	const struct slot *def = &s->form->slots[slot];
	struct casting c = { s, def->item, a, typed };

	*out = STR("");
	if (!text.n)
		return ERR_NONE;
	if (def->item && def->item->pub.kind == ITEM_TRIGGER)
		*out = cast_trigger(text);
	else if (def->item && def->item->pub.kind == ITEM_RANGE &&
		 def->type != TYPE_INT)
		*out = cast_decimal(&c, text);
	else
		*out = casts[def->type](&c, text);
	return out->p ? ERR_NONE : ERR_NOMEM;
}
