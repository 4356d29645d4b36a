/* SPDX-License-Identifier: MIT */
#include "where.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/utf8.h"

#define NUMBER_MAX 40
/* Years of two digits: below it they are of this century. */
#define CENTURY_TURNS 70

static const struct {
	const char *text; /* the longer one first */
	enum where_op op;
} ops[] = {
	{ "!=", WHERE_NOT },   { "<>", WHERE_NOT }, { "<=", WHERE_MOST },
	{ ">=", WHERE_LEAST }, { "<", WHERE_LESS }, { ">", WHERE_MORE },
	{ "==", WHERE_IS },    { "=", WHERE_IS },
};

/* ---- values */
static bool number_of(struct str s, double *out)
{
	char text[NUMBER_MAX];
	char *end;

	if (!s.n || s.n >= sizeof(text) ||
	    (s.p[0] != '-' && (s.p[0] < '0' || s.p[0] > '9')))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = strtod(text, &end);
	return !*end;
}

/* Up to `most` digits; 0 when there are none. */
static size_t digits_of(struct str s, size_t most, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < s.n && n < most && ascii_digit(s.p[n]))
		*out = *out * 10 + (s.p[n++] - '0');
	return n;
}

/* The month that begins with these three letters; 0: none. */
static int month_of(struct str s)
{
	static const char *const names[][12] = {
		{ "jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep",
		  "okt", "nov", "des" },
		{ "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
		  "oct", "nov", "dec" },
	};

	for (size_t lang = 0; lang < ARRAY_LEN(names); lang++)
		for (int i = 0; i < 12; i++)
			if (str_starts(s, str_from(names[lang][i])))
				return i + 1;
	return 0;
}

/* "21 nov 26" as lists show it: a month in letters between two numbers. */
static bool shown_date(struct str s, int *day, int *month, int *year)
{
	size_t n = digits_of(s, 2, day), digits;

	if (!n || n == s.n || s.p[n] != ' ')
		return false;
	s = str_sub(s, n + 1, s.n);
	*month = month_of(s);
	for (n = 0; n < s.n && s.p[n] != ' '; n++)
		;
	s = str_sub(s, n + 1, s.n);
	digits = digits_of(s, 4, year);
	if (digits == 2)
		*year += *year < CENTURY_TURNS ? 2000 : 1900;
	return *month && digits == s.n && (digits == 2 || digits == 4);
}

/* 21-11-2026, 21/11/2026 or 11-2026, as people write it. */
static bool typed_date(struct str s, int *day, int *month, int *year)
{
	int parts[3];
	size_t n = 0, digits = 0;

	while (n < 3) {
		digits = digits_of(s, 4, &parts[n++]);
		s = str_sub(s, digits, s.n);
		if (!digits || !s.n || (s.p[0] != '-' && s.p[0] != '/'))
			break;
		s = str_sub(s, 1, s.n);
	}
	if (s.n || digits != 4 || n < 2)
		return false;
	*day = n == 3 ? parts[0] : 0;
	*month = parts[n - 2];
	*year = parts[n - 1];
	return *month >= 1 && *month <= 12 && *day <= 31;
}

/* A day is 2026-11-21 as it is stored, a month 2026-11. */
static struct str date_of(struct str s, struct arena *a)
{
	int day = 0, month = 0, year = 0;

	if (!typed_date(s, &day, &month, &year) &&
	    !shown_date(s, &day, &month, &year))
		return s;
	if (!day)
		return arena_printf(a, "%04d-%02d", year, month);
	return arena_printf(a, "%04d-%02d-%02d", year, month, day);
}

/* 2026, 2026-11 or 2026-11-21: characters of a day, or 0. */
static size_t day_chars(struct str s)
{
	static const char form[] = "0000-00-00";

	if (s.n != 4 && s.n != 7 && s.n != 10)
		return 0;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == '-' ? s.p[i] != '-'
				   : s.p[i] < '0' || s.p[i] > '9')
			return 0;
	return s.n;
}

enum order { BELOW, SAME, ABOVE, UNLIKE };

static enum order order_of(int c)
{
	return c < 0 ? BELOW : c > 0 ? ABOVE : SAME;
}

/*
 * A bound that is shorter than the value, as a year is, holds all of it. A
 * number or a day is compared with its like only; "~1950" is about 1950.
 */
static enum order compare(struct str value, struct str bound, struct arena *a)
{
	bool number, day;
	double x, y;

	if (value.n && value.p[0] == '~')
		value = str_sub(value, 1, value.n);
	value = date_of(value, a);
	bound = date_of(bound, a);
	number = number_of(value, &x);
	day = day_chars(value) > 4;
	if (number && number_of(bound, &y))
		return order_of((x > y) - (x < y));
	if (day ? !day_chars(bound)
		: number || number_of(bound, &y) || day_chars(bound))
		return UNLIKE;
	return order_of(str_cmp(str_sub(value, 0, bound.n), bound));
}

/* "2..5", "2.." or "..5". */
static bool range(struct str s, struct str *low, struct str *high)
{
	size_t dots = str_find(s, STR(".."), 0);

	if (dots == SIZE_MAX)
		return false;
	*low = str_sub(s, 0, dots);
	*high = str_sub(s, dots + 2, s.n);
	return true;
}

/* ---- reading */

/* The next run of non-blanks; blanks between quotes belong to it. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
	bool quoted = false;
	size_t from;

	while (*at < text.n && text.p[*at] == ' ')
		(*at)++;
	from = *at;
	for (; *at < text.n && (quoted || text.p[*at] != ' '); (*at)++)
		quoted ^= text.p[*at] == '"';
	*word = str_sub(text, from, *at);
	return word->n > 0;
}

static bool name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz_"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-",
			    s.p[i]))
			return false;
	return s.n > 0 && s.n <= KEY_NAME_MAX;
}

/* "jl. mawar": the dot says nothing. */
static bool shortens(struct str s, size_t at)
{
	return s.p[at] == '.' && at && s.p[at - 1] >= 'a' &&
	       s.p[at - 1] <= 'z' && (at + 1 == s.n || s.p[at + 1] == ' ');
}

/* Without case and diacritics, and without the dots of what is cut short. */
static struct str folded(struct str s, struct arena *a)
{
	struct buf out = BUF_INIT((size_t)1 << 16);

	s = utf8_fold(a, s);
	if (str_find(s, STR("."), 0) == SIZE_MAX)
		return s;
	for (size_t i = 0; i < s.n; i++)
		if (!shortens(s, i))
			buf_addc(&out, s.p[i]);
	return buf_give(&out, a);
}

/* Without quotes; while one types the last one is not there yet. */
static struct str plain(struct str s, struct arena *a)
{
	if (s.n && s.p[0] == '"')
		s = str_sub(s, 1, s.n);
	if (s.n && s.p[s.n - 1] == '"')
		s = str_sub(s, 0, s.n - 1);
	return folded(s, a);
}

static bool split(struct str word, struct condition *out)
{
	size_t at = 0;

	while (at < word.n && !strchr("<>=!", word.p[at]))
		at++;
	out->name = str_sub(word, 0, at);
	if (at == word.n || !name_ok(out->name))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		struct str op = str_from(ops[i].text);

		if (!str_starts(str_sub(word, at, word.n), op))
			continue;
		out->op = ops[i].op;
		out->value = str_sub(word, at + op.n, word.n);
		return true;
	}
	return false;
}

static const struct dataset_row *row_named(const struct dataset *ds,
					   struct str name)
{
	for (size_t i = 0; ds && i < ds->n; i++) {
		const struct dataset_row *r = &ds->rows[i];

		if (r->shown != SIZE_MAX && (str_eq_nocase(r->name, name) ||
					     str_eq_nocase(r->label_id, name) ||
					     str_eq_nocase(r->label_en, name)))
			return r;
	}
	return NULL;
}

static bool is_property(struct cases *c, struct str dataset, struct str name)
{
	struct view v;
	struct key k;
	bool there;

	if (dataset.n > KEY_NAME_MAX || view_begin(&v, c))
		return false;
	key_index(&k, INDEX_PROP);
	key_name(&k, dataset);
	key_name(&k, name);
	there = txn_has(v.t, TABLE_INDEX, key_str(&k));
	view_end(&v);
	return there || cases_saves(c, dataset, name);
}

/* Appends the word to what is searched as text. */
static enum err keep(struct buf *rest, struct str word)
{
	if (rest->n)
		buf_addc(rest, ' ');
	buf_addstr(rest, word);
	return rest->failed;
}

/* "10..2", or "<" with nothing behind it. */
static enum search_wrong value_wrong(const struct condition *c, struct arena *a)
{
	struct str rest = c->value, one, low, high;

	if (c->op != WHERE_IS && c->op != WHERE_NOT)
		return c->value.n ? SEARCH_RIGHT : SEARCH_EMPTY;
	while (str_split(&rest, '|', &one)) {
		if (!range(one, &low, &high))
			continue;
		if (!low.n && !high.n)
			return SEARCH_EMPTY;
		if (low.n && high.n && compare(high, low, a) == BELOW)
			return SEARCH_BACKWARD;
	}
	return SEARCH_RIGHT;
}

static enum search_wrong take(struct where *w, struct cases *c,
			      struct str dataset, struct condition *cond,
			      struct arena *a)
{
	if (!dataset.n)
		return SEARCH_EVERYWHERE;
	if (w->n == WHERE_MAX)
		return SEARCH_MANY;
	cond->row = row_named(datasets_find(cases_datasets(c), dataset),
			      cond->name);
	if (!cond->row && !is_property(c, dataset, cond->name))
		return SEARCH_UNKNOWN;
	cond->name = arena_dup(a, cond->name);
	cond->value = plain(cond->value, a);
	w->at[w->n++] = *cond;
	return value_wrong(cond, a);
}

enum err where_read(struct where *w, struct cases *c, struct str dataset,
		    struct str text, struct arena *a)
{
	struct buf rest = BUF_INIT((size_t)1 << 16);
	struct str word;
	size_t at = 0;
	enum err rc = ERR_NONE;

	*w = (struct where){ .rest = text };
	if (!strpbrk(arena_printf(a, "%.*s", STR_ARG(text)).p, "<>="))
		return ERR_NONE;
	while (!rc && next_word(text, &at, &word)) {
		struct condition cond = { .op = WHERE_IS };

		if (!split(word, &cond)) {
			rc = keep(&rest, word);
			continue;
		}
		w->what = cond.name;
		w->wrong = take(w, c, dataset, &cond, a);
		rc = w->wrong ? ERR_INVALID : ERR_NONE;
	}
	/* What is being typed ends inside its last word. */
	if (text.n && text.p[text.n - 1] == ' ' && rest.n)
		buf_addc(&rest, ' ');
	w->rest = buf_give(&rest, a);
	return rc;
}

/* ---- judging */

/* `*` is any text, `?` any letter. */
static bool like(struct str s, struct str pattern)
{
	size_t i = 0, k = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (k < pattern.n && pattern.p[k] == '*') {
			star = k++;
			from = i;
		} else if (k < pattern.n &&
			   (pattern.p[k] == '?' || pattern.p[k] == s.p[i])) {
			i++;
			k++;
		} else if (star != SIZE_MAX) {
			k = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (k < pattern.n && pattern.p[k] == '*')
		k++;
	return k == pattern.n;
}

/* The next of "23,24" or "23 24". */
static bool next_item(struct str *rest, struct str *word)
{
	size_t n = 0;

	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == ','))
		*rest = str_sub(*rest, 1, rest->n);
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ',')
		n++;
	*word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return n > 0;
}

/* One of the answers of a choice of several counts as the whole; a year or a
 * month as every day in it. */
static bool one_is(struct str value, struct str want, struct arena *a)
{
	struct str word, day = date_of(value, a), wanted = date_of(want, a);
	double x, y;

	if (like(value, want) ||
	    (number_of(value, &x) && number_of(want, &y) && x >= y && x <= y))
		return true;
	if (day_chars(day) > 4 && day_chars(wanted))
		return str_starts(day, wanted);
	while (next_item(&value, &word))
		if (like(word, want))
			return true;
	return false;
}

static bool in_range(struct condition *c, struct str value, struct str low,
		     struct str high, struct arena *a)
{
	enum order from = ABOVE, to = BELOW;

	if (!value.n)
		return false;
	if (low.n)
		from = compare(value, low, a);
	if (high.n)
		to = compare(value, high, a);
	if (from == UNLIKE || to == UNLIKE) {
		c->unlike = true;
		return false;
	}
	c->alike = true;
	return from != BELOW && to != ABOVE;
}

static bool is(struct condition *c, struct str value, struct arena *a)
{
	struct str rest = c->value, one, low, high;

	if (!rest.n)
		return !value.n;
	while (str_split(&rest, '|', &one))
		if (range(one, &low, &high) ? in_range(c, value, low, high, a)
					    : one_is(value, one, a))
			return true;
	return false;
}

static bool holds(struct condition *c, struct str value, struct arena *a)
{
	/* Of each operator: what a value may be, from BELOW to ABOVE. */
	static const bool meets[][3] = {
		[WHERE_LESS] = { true, false, false },
		[WHERE_MOST] = { true, true, false },
		[WHERE_MORE] = { false, false, true },
		[WHERE_LEAST] = { false, true, true },
	};
	enum order order;

	value = folded(str_trim(value), a);
	if (c->op == WHERE_IS || c->op == WHERE_NOT)
		return is(c, value, a);
	if (!value.n)
		return false;
	order = compare(value, c->value, a);
	if (order == UNLIKE) {
		c->unlike = true;
		return false;
	}
	c->alike = true;
	return meets[c->op][order];
}

/* A code, or what is shown for it in either language: each may be meant. */
static bool is_true(struct condition *c, const struct entity *e,
		    struct arena *a)
{
	struct str value = entity_prop_of(e, c->name);
	bool yes = false;

	if (value.p || !c->row || c->row->shown >= e->n_shown)
		yes = holds(c, value, a);
	if (!yes && c->row && c->row->shown < e->n_shown)
		yes = holds(c, e->shown[c->row->shown], a);
	if (!yes && c->row && c->row->shown_en < e->n_shown &&
	    c->row->shown_en != c->row->shown)
		yes = holds(c, e->shown[c->row->shown_en], a);
	return yes;
}

bool where_true(struct where *w, const struct entity *e, struct arena *a)
{
	for (size_t i = 0; i < w->n; i++) {
		struct condition *c = &w->at[i];

		if (is_true(c, e, a) == (c->op == WHERE_NOT))
			return false;
	}
	return true;
}

bool where_unlike(const struct where *w, struct str *what)
{
	for (size_t i = 0; i < w->n; i++) {
		*what = w->at[i].name;
		if (w->at[i].unlike && !w->at[i].alike)
			return true;
	}
	return false;
}
