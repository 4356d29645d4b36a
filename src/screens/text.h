/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_TEXT_H
#define SCREENS_TEXT_H

#include "pilar/arena.h"
#include "pilar/cases.h"
#include "pilar/err.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/* Sentences and dates as the screens say them. */

/* A label without its markdown and HTML. */
struct str text_plain(struct arena *a, struct str label);
/* "Sabtu 21 November 2026", "21 Nov 2026", "14.02". */
struct str text_day(struct arena *a, const struct sys *sys, int64_t at);
struct str text_date(struct arena *a, const struct sys *sys, int64_t at);
/* The same of a day counted from 1970-01-01. */
struct str text_day_short(struct arena *a, int64_t day);
/* The local day of now. */
int64_t text_today(const struct sys *sys);
/* "terlambat 3 hari", "hari ini", "besok": of so many days ahead. */
struct str text_ahead(struct arena *a, int64_t ahead);
/* As much of "a, b, c" as fits, whole parts; "..." for the rest. */
struct str text_parts(struct arena *a, struct str list, int columns);
struct str text_time(struct arena *a, const struct sys *sys, int64_t at);
/* "1.284" */
struct str text_count(struct arena *a, uint64_t n);
/* "12,4 kB" */
struct str text_bytes(struct arena *a, uint64_t n);
/* Why something failed, when no report says it. */
const char *text_error(enum err rc);
/* The same of writing there: who is in the way is named. */
struct str text_unsaved(struct arena *a, struct cases *c, enum store_env env,
			enum err rc);

/* A value of a case as a person reads it: a stored day as dates are shown. */
struct str text_told(struct arena *a, struct str value);
/* What a property is called, without markup and underscores. */
struct str text_label(struct arena *a, struct str label);

#endif
