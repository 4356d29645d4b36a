/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stddef.h>

#include "pilar/when.h"

#include "fn.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
/* Days from 1970 that a date may be away. */
#define DAYS_MAX 100000000.0

static int64_t days_to_ms(double days)
{
	return (int64_t)floor(days * (double)DAY_MS + 0.5);
}

static struct when local_now(const struct eval *e)
{
	struct when w;

	when_local(fn_sys(e), sys_now(fn_sys(e)), &w);
	return w;
}

static double local_days(const struct eval *e, const struct when *w)
{
	return (double)when_utc(fn_sys(e), w) / (double)DAY_MS;
}

/*
 * The local calendar and clock of a value: a number of days, a date or a
 * date-time; a time alone is one of today. False when it is none of these.
 */
static bool moment(struct eval *e, const struct val *v, struct when *w)
{
	bool is_text = v->kind == VAL_STRING || v->kind == VAL_NODES;
	double days;

	if (is_text && when_parse(val_str(e, v), w) && !w->has_date) {
		struct when today = local_now(e);

		w->year = today.year;
		w->month = today.month;
		w->day = today.day;
		days = local_days(e, w);
	} else {
		days = val_num(e, v);
	}
	if (isnan(days) || fabs(days) > DAYS_MAX)
		return false;
	when_local(fn_sys(e), days_to_ms(days), w);
	return true;
}

/* The date alone counts from the local midnight that begins it. */
static enum err fn_today(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	struct when now = local_now(e);
	struct when date = { .year = now.year,
			     .month = now.month,
			     .day = now.day };

	(void)args;
	(void)n;
	return val_set_date(out, local_days(e, &date));
}

/* A number with a text, since a date at midnight would lose its time. */
static enum err fn_now(struct eval *e, const struct val *args, size_t n,
		       struct val *out)
{
	struct when now = local_now(e);
	char text[WHEN_MAX];

	(void)args;
	(void)n;
	val_set_num(out, (double)sys_now(fn_sys(e)) / (double)DAY_MS);
	out->text = arena_dup(e->arena, when_datetime_text(&now, text));
	return out->text.p ? ERR_NONE : ERR_NOMEM;
}

/* "2026-1-2T10:00" with two digits a month and day, else as it is. */
static struct str padded(struct eval *e, struct str s)
{
	struct str rest = s, date, year, month;
	uint64_t m, d;

	str_split(&rest, 'T', &date);
	if (!str_split(&date, '-', &year) || !str_split(&date, '-', &month) ||
	    year.n != 4 || month.n > 2 || date.n > 2 ||
	    !str_to_u64(month, &m) || !str_to_u64(date, &d))
		return s;
	return arena_printf(
		e->arena, "%.*s-%02u-%02u%.*s", STR_ARG(year), (unsigned)m,
		(unsigned)d,
		STR_ARG(str_sub(s, (size_t)(date.p + date.n - s.p), s.n)));
}

/* The date of nothing is nothing; of anything unreadable "Invalid Date". */
static enum err fn_date(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	struct str s = val_str(e, &args[0]);
	double days;

	(void)n;
	if (!s.p)
		return ERR_NOMEM;
	if (args->kind == VAL_BOOLEAN)
		return val_set_str(out, STR(""));
	if (args->kind == VAL_NUMBER || args->kind == VAL_DATE)
		return val_set_date(out, args->number);
	if (!s.n)
		return val_set_str(out, s);
	if (!text_to_days(padded(e, s), e->env->sys, &days))
		/* A question may hold a number of days, a text is none. */
		days = args->kind == VAL_NODES ? val_num(e, args) : (double)NAN;
	return val_set_date(out, days);
}

static enum err fn_decimal_date_time(struct eval *e, const struct val *args,
				     size_t n, struct val *out)
{
	(void)n;
	return val_set_num(out, val_num(e, &args[0]));
}

static enum err fn_decimal_time(struct eval *e, const struct val *args,
				size_t n, struct val *out)
{
	struct when w;
	int ms;

	(void)n;
	if (!moment(e, &args[0], &w))
		return val_set_num(out, (double)NAN);
	ms = ((w.hour * 60 + w.minute) * 60 + w.second) * 1000 + w.milli;
	return val_set_num(out, (double)ms / (double)DAY_MS);
}

/* ---- format-date */

/* Names as Java and ECMAScript write them, by language of the form. */
struct names {
	struct str code;  /* of ISO 639-1 */
	struct str spelt; /* how a language without code is called */
	const char *months[12], *long_months[12];
	const char *days[7], *long_days[7]; /* Sunday first */
};

static const struct names languages[] = {
	{ STR_INIT("en"),
	  STR_INIT("English"),
	  { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
	    "Oct", "Nov", "Dec" },
	  { "January", "February", "March", "April", "May", "June", "July",
	    "August", "September", "October", "November", "December" },
	  { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" },
	  { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	    "Saturday" } },
	{ STR_INIT("id"),
	  STR_INIT("Bahasa Indonesia"),
	  { "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep",
	    "Okt", "Nov", "Des" },
	  { "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
	    "Agustus", "September", "Oktober", "November", "Desember" },
	  { "Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab" },
	  { "Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu" } },
};

/* "Bahasa Indonesia (id)", "id", "id-ID", "Bahasa Indonesia". */
static bool is_language(struct str lang, const struct names *l)
{
	size_t open = str_find(lang, STR("("), 0);

	if (open != SIZE_MAX)
		lang = str_sub(lang, open + 1, lang.n);
	if (str_starts(lang, l->spelt))
		return true;
	return str_eq_nocase(str_sub(lang, 0, 2), l->code) &&
	       (lang.n == 2 || lang.p[2] == '-' || lang.p[2] == '_' ||
		lang.p[2] == ')');
}

static const struct names *names_of(struct str lang)
{
	for (size_t i = 1; i < ARRAY_LEN(languages); i++)
		if (is_language(lang, &languages[i]))
			return &languages[i];
	return &languages[0];
}

/* A part of the date as a number of at least `width` digits. */
static const struct part {
	char letter;
	int width;
	size_t offset;
	int modulo;
} parts[] = {
	{ 'Y', 4, offsetof(struct when, year), 0 },
	{ 'y', 2, offsetof(struct when, year), 100 },
	{ 'm', 2, offsetof(struct when, month), 0 },
	{ 'n', 1, offsetof(struct when, month), 0 },
	{ 'd', 2, offsetof(struct when, day), 0 },
	{ 'e', 1, offsetof(struct when, day), 0 },
	{ 'H', 2, offsetof(struct when, hour), 0 },
	{ 'h', 1, offsetof(struct when, hour), 0 },
	{ 'M', 2, offsetof(struct when, minute), 0 },
	{ 'S', 2, offsetof(struct when, second), 0 },
	{ '3', 3, offsetof(struct when, milli), 0 },
};

static bool put_part(struct buf *b, char letter, const struct when *w)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *at = (const char *)w + parts[i].offset;
		int v;

		if (parts[i].letter != letter)
			continue;
		v = *(const int *)(const void *)at;
		if (parts[i].modulo)
			v %= parts[i].modulo;
		buf_addf(b, "%0*d", parts[i].width, v);
		return true;
	}
	return false;
}

static const char *name_of(char letter, const struct when *w,
			   const struct names *names)
{
	/* 1970-01-01 was a Thursday */
	int64_t days = when_days(w->year, w->month, w->day) + 4;
	size_t weekday = (size_t)((days % 7 + 7) % 7);
	size_t month = (size_t)w->month - 1;

	switch (letter) {
	case 'b':
		return names->months[month];
	case 'B':
		return names->long_months[month];
	case 'a':
		return names->days[weekday];
	case 'A':
		return names->long_days[weekday];
	case '%':
		return "%";
	default:
		return NULL;
	}
}

/* What is no known letter stays as it is. */
static void put_letter(struct buf *b, char letter, const struct when *w,
		       const struct names *names)
{
	const char *name = name_of(letter, w, names);

	if (name) {
		buf_adds(b, name);
	} else if (!put_part(b, letter, w)) {
		buf_addc(b, '%');
		buf_addc(b, letter);
	}
}

static enum err fn_format_date(struct eval *e, const struct val *args, size_t n,
			       struct val *out)
{
	struct buf b = BUF_INIT(FN_TEXT_MAX);
	struct str f = val_str(e, &args[1]);
	const struct names *names = names_of(e->env->lang);
	struct when w;

	(void)n;
	if (!moment(e, &args[0], &w))
		return val_set_str(out, STR(""));
	for (size_t i = 0; i < f.n; i++)
		if (f.p[i] == '%' && i + 1 < f.n)
			put_letter(&b, f.p[++i], &w, names);
		else
			buf_addc(&b, f.p[i]);
	return fn_take(e, &b, out);
}

static const struct func rows[] = {
	{ STR_INIT("today"), 0, 0, FN_STRING, FN_NOW, fn_today, NULL },
	{ STR_INIT("now"), 0, 0, FN_STRING, FN_NOW, fn_now, NULL },
	{ STR_INIT("date"), 1, 1, FN_STRING, 0, fn_date, NULL },
	{ STR_INIT("date-time"), 1, 1, FN_STRING, 0, fn_date, NULL },
	{ STR_INIT("decimal-date-time"), 1, 1, FN_NUMBER, 0,
	  fn_decimal_date_time, NULL },
	{ STR_INIT("decimal-time"), 1, 1, FN_NUMBER, 0, fn_decimal_time, NULL },
	{ STR_INIT("format-date"), 2, 2, FN_STRING, FN_LANG, fn_format_date,
	  NULL },
	{ STR_INIT("format-date-time"), 2, 2, FN_STRING, FN_LANG,
	  fn_format_date, NULL },
	{ .min = 0 },
};

const struct func *func_date(void)
{
	return rows;
}
