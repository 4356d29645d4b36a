/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pilar/when.h"

/* The last day a workbook knows: 9999-12-31. */
#define LAST_DAY 2958466

bool number_dateable(double n)
{
	return n >= 0 && n < LAST_DAY;
}

/* A format that has a letter of dates outside quotes and brackets. */
bool number_is_date(struct str code)
{
	char skip = 0;

	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		if (skip) {
			if (c == skip)
				skip = 0;
		} else if (c == '"') {
			skip = '"';
		} else if (c == '[') {
			skip = ']';
		} else if (c == '\\') {
			i++;
		} else if (str_find(STR("dmyhsDMYHS"), str_of(&c, 1), 0) !=
			   SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* Formats that need no code because every program knows them. */
bool number_known_date(uint64_t id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) ||
	       (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/* Days since 1899-12-30; below one it is a time of day. */
struct str number_date(struct arena *a, double serial)
{
	long long seconds = llround((serial - floor(serial)) * 86400);
	long long day = (long long)floor(serial) + seconds / 86400;
	int year, month, date, h, m, s;

	seconds %= 86400;
	h = (int)(seconds / 3600);
	m = (int)(seconds / 60 % 60);
	s = (int)(seconds % 60);
	if (day == 0)
		return arena_printf(a, "%02d:%02d:%02d", h, m, s);
	when_from_days(day + when_days(1899, 12, 30), &year, &month, &date);
	return arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d", year, month,
			    date, h, m, s);
}

/* Whole numbers without a point, others as short as they read back. */
struct str number_plain(struct arena *a, double n)
{
	char text[NUMBER_TEXT];

	if (n == floor(n) && fabs(n) < 1e15)
		return arena_printf(a, "%.0f", n);
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, n);
		if (strtod(text, NULL) == n)
			break;
	}
	return arena_dup(a, str_from(text));
}
