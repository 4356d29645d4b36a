/* SPDX-License-Identifier: MIT */
#ifndef PILAR_WHEN_H
#define PILAR_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/*
 * Dates and times as ODK writes them. Proleptic Gregorian calendar; no call
 * into libc's calendar but for the zone's offset.
 */
struct when {
	int year, month, day; /* month 1-12, day 1-31 */
	int hour, minute, second, milli;
	int offset_min; /* minutes east of UTC */
	bool has_date, has_time, has_offset;
};

int64_t when_days(int year, int month, int day); /* since 1970-01-01 */
/* The date of so many days since then. */
void when_from_days(int64_t days, int *year, int *month, int *day);
bool when_date_valid(int year, int month, int day);

/* Splits a UTC time into local parts of `s`'s zone. */
void when_local(const struct sys *s, int64_t at, struct when *out);
/* UTC milliseconds of the parts; without offset the zone of `s` counts. */
int64_t when_utc(const struct sys *s, const struct when *w);

/*
 * Reads YYYY-MM-DD, hh:mm[:ss[.sss]][zone] and both joined by T; zone is Z or
 * +hh[:]mm. False when it is none of them or names no real day or hour.
 */
bool when_parse(struct str text, struct when *out) MUST_CHECK;

/* Longest text below and a NUL. */
#define WHEN_MAX 40
struct str when_date_text(const struct when *w, char out[WHEN_MAX]);
struct str when_time_text(const struct when *w, char out[WHEN_MAX]);
struct str when_datetime_text(const struct when *w, char out[WHEN_MAX]);

#endif
