/* SPDX-License-Identifier: MIT */
#include "pilar/when.h"

#include <stdio.h>

#define DAY_MS 86400000

/* Days from civil and back: March-based years of 400-year eras. */
int64_t when_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t shifted = month > 2 ? month - 3 : month + 9;
	int64_t of_year = (153 * shifted + 2) / 5 + day - 1;
	int64_t days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * 146097 + days - 719468;
}

void when_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t d = z - era * 146097;
	int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	int64_t of_year = d - (365 * y + y / 4 - y / 100);
	int64_t shifted = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
	*month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

bool when_date_valid(int year, int month, int day)
{
	int y, m, d;

	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	when_from_days(when_days(year, month, day), &y, &m, &d);
	return y == year && m == month && d == day;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void when_local(const struct sys *s, int64_t at, struct when *out)
{
	int offset = s->offset_min(s->self, at);
	int64_t local = at + (int64_t)offset * 60000;
	int64_t days = floor_div(local, DAY_MS);
	int ms = (int)(local - days * DAY_MS);

	*out = (struct when){ .offset_min = offset,
			      .hour = ms / 3600000,
			      .minute = ms / 60000 % 60,
			      .second = ms / 1000 % 60,
			      .milli = ms % 1000,
			      .has_date = true,
			      .has_time = true,
			      .has_offset = true };
	when_from_days(days, &out->year, &out->month, &out->day);
}

int64_t when_utc(const struct sys *s, const struct when *w)
{
	int64_t local = when_days(w->year, w->month, w->day) * DAY_MS +
			(int64_t)w->hour * 3600000 +
			(int64_t)w->minute * 60000 + (int64_t)w->second * 1000 +
			w->milli;
	int64_t guess;

	if (w->has_offset)
		return local - (int64_t)w->offset_min * 60000;
	guess = local - (int64_t)s->offset_min(s->self, local) * 60000;
	return local - (int64_t)s->offset_min(s->self, guess) * 60000;
}

/* Exactly `digits` digits off the front. */
static bool number(struct str *rest, size_t digits, int *out)
{
	uint64_t v;

	if (rest->n < digits || !str_to_u64(str_sub(*rest, 0, digits), &v))
		return false;
	*out = (int)v;
	*rest = str_sub(*rest, digits, rest->n);
	return true;
}

static bool mark(struct str *rest, char c)
{
	if (!rest->n || rest->p[0] != c)
		return false;
	*rest = str_sub(*rest, 1, rest->n);
	return true;
}

static bool parse_date(struct str *rest, struct when *w)
{
	if (!number(rest, 4, &w->year) || !mark(rest, '-') ||
	    !number(rest, 2, &w->month) || !mark(rest, '-') ||
	    !number(rest, 2, &w->day))
		return false;
	w->has_date = true;
	return when_date_valid(w->year, w->month, w->day);
}

/* Digits behind the point; the first three count. */
static bool parse_fraction(struct str *rest, int *milli)
{
	int scale = 100;

	if (!rest->n || rest->p[0] < '0' || rest->p[0] > '9')
		return false;
	while (rest->n && ascii_digit(rest->p[0])) {
		*milli += (rest->p[0] - '0') * scale;
		scale /= 10;
		*rest = str_sub(*rest, 1, rest->n);
	}
	return true;
}

static bool parse_zone(struct str *rest, struct when *w)
{
	int hours = 0, minutes = 0, sign = 1;

	if (!rest->n)
		return true;
	w->has_offset = true;
	if (mark(rest, 'Z'))
		return true;
	if (mark(rest, '-'))
		sign = -1;
	else if (!mark(rest, '+'))
		return false;
	if (!number(rest, 2, &hours))
		return false;
	mark(rest, ':');
	if (rest->n && !number(rest, 2, &minutes))
		return false;
	w->offset_min = sign * (hours * 60 + minutes);
	return hours <= 14 && minutes < 60;
}

static bool parse_time(struct str *rest, struct when *w)
{
	if (!number(rest, 2, &w->hour) || !mark(rest, ':') ||
	    !number(rest, 2, &w->minute))
		return false;
	if (mark(rest, ':')) {
		if (!number(rest, 2, &w->second))
			return false;
		if (mark(rest, '.') && !parse_fraction(rest, &w->milli))
			return false;
	}
	w->has_time = true;
	return w->hour < 24 && w->minute < 60 && w->second < 60 &&
	       parse_zone(rest, w);
}

bool when_parse(struct str text, struct when *out)
{
	struct when w = { 0 };
	struct str rest = text;

	if (text.n > 4 && text.p[4] == '-') {
		if (!parse_date(&rest, &w))
			return false;
		if (rest.n && (!mark(&rest, 'T') || !parse_time(&rest, &w)))
			return false;
	} else if (!parse_time(&rest, &w)) {
		return false;
	}
	*out = w;
	return rest.n == 0;
}

struct str when_date_text(const struct when *w, char out[WHEN_MAX])
{
	int n = snprintf(out, WHEN_MAX, "%04d-%02d-%02d", w->year, w->month,
			 w->day);

	return str_of(out, (size_t)n);
}

struct str when_time_text(const struct when *w, char out[WHEN_MAX])
{
	int offset = w->offset_min < 0 ? -w->offset_min : w->offset_min;
	int n = snprintf(out, WHEN_MAX, "%02d:%02d:%02d.%03d%c%02d:%02d",
			 w->hour, w->minute, w->second, w->milli,
			 w->offset_min < 0 ? '-' : '+', offset / 60,
			 offset % 60);

	return str_of(out, (size_t)n);
}

struct str when_datetime_text(const struct when *w, char out[WHEN_MAX])
{
	char time[WHEN_MAX];
	struct str date = when_date_text(w, out);
	struct str rest = when_time_text(w, time);
	int n = snprintf(out + date.n, WHEN_MAX - date.n, "T%.*s",
			 STR_ARG(rest));

	return str_of(out, date.n + (size_t)n);
}
