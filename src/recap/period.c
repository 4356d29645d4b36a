/* SPDX-License-Identifier: MIT */
#include "recap.h"

#include "pilar/i18n.h"
#include "pilar/when.h"

/* Up to this day of a month reports are of the one before. */
#define LAST_MONTH_UNTIL 10

static struct str date_text(int64_t day, struct arena *a)
{
	struct when w = { .has_date = true };
	char text[WHEN_MAX];

	when_from_days(day, &w.year, &w.month, &w.day);
	return arena_dup(a, when_date_text(&w, text));
}

static int last_of(int year, int month)
{
	int last = 31;

	while (!when_date_valid(year, month, last))
		last--;
	return last;
}

/* ---- what a person writes */
struct span {
	int64_t first, last; /* days since 1970-01-01 */
};

/* "2026", "11", ... of a word parted by "-" */
static size_t numbers_of(struct str word, int64_t out[3])
{
	size_t n = 0;
	struct str field;

	while (n < 3 && str_split(&word, '-', &field))
		if (!str_to_i64(field, &out[n++]))
			return 0;
	return word.n ? 0 : n;
}

static bool valid(const int64_t *v, size_t n)
{
	static const int64_t least[] = { 1900, 1, 1 },
			     most[] = { 9999, 12, 31 };

	for (size_t i = 0; i < n; i++)
		if (v[i] < least[i] || v[i] > most[i])
			return false;
	return n < 3 || when_date_valid((int)v[0], (int)v[1], (int)v[2]);
}

/* Year first, or year last as people here write it. */
static bool span_of(struct str word, struct span *out)
{
	int64_t v[3] = { 0 }, year;
	size_t n = numbers_of(word, v);
	int month;

	if (n > 1 && v[n - 1] > 31) {
		year = v[n - 1];
		v[n - 1] = v[0];
		v[0] = year;
	}
	if (!n || !valid(v, n))
		return false;
	month = n > 1 ? (int)v[1] : 1;
	out->first = when_days((int)v[0], month, n > 2 ? (int)v[2] : 1);
	month = n > 1 ? month : 12;
	out->last =
		n > 2 ? out->first
		      : when_days((int)v[0], month, last_of((int)v[0], month));
	return true;
}

bool recap_period(struct str text, struct arena *a, struct str *from,
		  struct str *to)
{
	struct span first, last;
	struct str word;

	if (!str_word(&text, &word) || !span_of(word, &first))
		return false;
	last = first;
	if (str_word(&text, &word) && !span_of(word, &last))
		return false;
	if (str_trim(text).n || last.last < first.first)
		return false;
	*from = date_text(first.first, a);
	*to = date_text(last.last, a);
	return from->p && to->p;
}

bool recap_month(struct str month, struct arena *a, struct str *from,
		 struct str *to)
{
	return month.n == sizeof("YYYY-MM") - 1 && month.p[4] == '-' &&
	       recap_period(month, a, from, to);
}

/* ---- of which days it usually is */
bool recap_of_month(const struct recap *r)
{
	return recap_line(r, LINE_MOVES) ||
	       (r->kind == RECAP_PAPER && !recap_dataset(r).n);
}

struct str recap_usual_month(const struct sys *sys, struct arena *a)
{
	struct when w;

	when_local(sys, sys_now(sys) - LAST_MONTH_UNTIL * INT64_C(86400000),
		   &w);
	return arena_printf(a, "%04d-%02d", w.year, w.month);
}

/* ---- as it is printed */
struct str recap_day_text(struct str day, struct arena *a)
{
	struct when w;

	if (!when_parse(day, &w) || !w.has_date)
		return day;
	return arena_printf(a, "%02d-%02d-%04d", w.day, w.month, w.year);
}

struct str recap_period_text(struct str from, struct str to, struct arena *a)
{
	struct str first = recap_day_text(from, a), last;

	last = recap_day_text(to, a);
	if (from.n && to.n)
		return arena_printf(a, _("%.*s sampai %.*s"), STR_ARG(first),
				    STR_ARG(last));
	if (from.n)
		return arena_printf(a, _("sejak %.*s"), STR_ARG(first));
	if (to.n)
		return arena_printf(a, _("sampai %.*s"), STR_ARG(last));
	return str_from(_("seluruh masa"));
}
