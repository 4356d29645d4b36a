/* SPDX-License-Identifier: MIT */
#include "text.h"

#define DAY_CHARS 10 /* 2026-11-21 */

#include <string.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/i18n.h"
#include "pilar/ui.h"
#include "pilar/when.h"

/* Longest label; a form's own limit is far below. */
#define LABEL_MAX ((size_t)64 << 10)

static const char *const months[] = {
	N_("Januari"),   N_("Februari"), N_("Maret"),    N_("April"),
	N_("Mei"),       N_("Juni"),     N_("Juli"),     N_("Agustus"),
	N_("September"), N_("Oktober"),  N_("November"), N_("Desember"),
};

static const char *const months_short[] = {
	N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("Mei"), N_("Jun"),
	N_("Jul"), N_("Agu"), N_("Sep"), N_("Okt"), N_("Nov"), N_("Des"),
};

static const char *const days[] = { N_("Kamis"),  N_("Jumat"), N_("Sabtu"),
				    N_("Minggu"), N_("Senin"), N_("Selasa"),
				    N_("Rabu") };

/* Numbers and hours have other marks in English. */
static bool english(void)
{
	return strcmp(i18n_lang(), "en") == 0;
}

/* "<b>", "</span>", "<br/>": a tag, or just a sign that means less than. */
static size_t tag_length(struct str s, size_t at)
{
	size_t end = str_find(s, STR(">"), at);
	char next;

	if (end == SIZE_MAX || at + 1 >= s.n)
		return 0;
	next = s.p[at + 1];
	if (next != '/' && !(next >= 'a' && next <= 'z'))
		return 0;
	return end - at + 1;
}

static size_t mark_length(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, s.n);

	if (str_starts(rest, STR("**")) || str_starts(rest, STR("__")))
		return 2;
	if (rest.n && rest.p[0] == '<')
		return tag_length(s, at);
	return 0;
}

/* Hashes and a blank at the start of a line make a heading. */
static size_t heading_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == '#')
		n++;
	return n && n <= 6 && n < s.n && s.p[n] == ' ' ? n + 1 : 0;
}

struct str text_plain(struct arena *a, struct str label)
{
	struct buf b = BUF_INIT(LABEL_MAX);
	size_t at;

	if (!label.n)
		return STR("");
	at = heading_length(label);
	while (at < label.n) {
		size_t mark = mark_length(label, at);

		if (mark && str_starts(str_sub(label, at, label.n), STR("<br")))
			buf_addc(&b, '\n');
		if (!mark)
			buf_addc(&b, label.p[at++]);
		at += mark;
	}
	return str_trim(buf_give(&b, a));
}

struct str text_day(struct arena *a, const struct sys *sys, int64_t at)
{
	struct when w;
	int64_t day;

	when_local(sys, at, &w);
	day = when_days(w.year, w.month, w.day) % 7;
	return arena_printf(a, "%s %d %s %d", _(days[day < 0 ? day + 7 : day]),
			    w.day, _(months[w.month - 1]), w.year);
}

struct str text_date(struct arena *a, const struct sys *sys, int64_t at)
{
	struct when w;

	when_local(sys, at, &w);
	return arena_printf(a, "%2d %s %d", w.day, _(months_short[w.month - 1]),
			    w.year);
}

struct str text_day_short(struct arena *a, int64_t day)
{
	int y, m, d;

	when_from_days(day, &y, &m, &d);
	return arena_printf(a, "%2d %s %d", d, _(months_short[m - 1]), y);
}

int64_t text_today(const struct sys *sys)
{
	struct when w;

	when_local(sys, sys_now(sys), &w);
	return when_days(w.year, w.month, w.day);
}

struct str text_ahead(struct arena *a, int64_t ahead)
{
	if (ahead < 0)
		return arena_printf(a, _("terlambat %lld hari"),
				    (long long)-ahead);
	if (ahead == 0)
		return str_from(_("hari ini"));
	if (ahead == 1)
		return str_from(_("besok"));
	return arena_printf(a, _("%lld hari lagi"), (long long)ahead);
}

struct str text_parts(struct arena *a, struct str list, int columns)
{
	size_t end = 0, next = 0;

	if (ui_width(list) <= columns)
		return list;
	while ((next = str_find(list, STR(", "), next)) != SIZE_MAX &&
	       ui_width(str_sub(list, 0, next)) + 5 <= columns) {
		end = next;
		next += 2;
	}
	return end ? arena_printf(a, "%.*s, ...",
				  STR_ARG(str_sub(list, 0, end)))
		   : list;
}

struct str text_time(struct arena *a, const struct sys *sys, int64_t at)
{
	struct when w;

	when_local(sys, at, &w);
	return arena_printf(a, "%02d%s%02d", w.hour, english() ? ":" : ".",
			    w.minute);
}

struct str text_count(struct arena *a, uint64_t n)
{
	const char *sep = english() ? "," : ".";

	if (n < 1000)
		return arena_printf(a, "%u", (unsigned)n);
	return arena_printf(a, "%.*s%s%03u", STR_ARG(text_count(a, n / 1000)),
			    sep, (unsigned)(n % 1000));
}

struct str text_bytes(struct arena *a, uint64_t n)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	const char *sep = english() ? "." : ",";
	uint64_t tenths = n / 100;
	size_t unit = 0;

	if (n < 1000)
		return arena_printf(a, _("%u byte"), (unsigned)n);
	while (tenths >= 10000 && unit + 1 < ARRAY_LEN(units)) {
		tenths /= 1000;
		unit++;
	}
	return arena_printf(a, "%u%s%u %s", (unsigned)(tenths / 10), sep,
			    (unsigned)(tenths % 10), units[unit]);
}

const char *text_error(enum err rc)
{
	static const struct {
		enum err rc;
		const char *text;
	} rows[] = {
		{ ERR_NOMEM, N_("memori habis") },
		{ ERR_NOSPACE, N_("disk penuh") },
		{ ERR_IO, N_("gagal membaca atau menulis") },
		{ ERR_NOTFOUND, N_("tidak ditemukan") },
		{ ERR_CORRUPT, N_("data rusak; jalankan pilar store check") },
		{ ERR_TOOBIG, N_("terlalu besar") },
		{ ERR_LOCKED, N_("sedang dibuka di tempat lain") },
		{ ERR_BUSY, N_("proses lain sedang menulis, coba lagi") },
		{ ERR_EXISTS, N_("sudah ada dengan isi lain") },
		{ ERR_VERSION, N_("dibuat oleh pilar yang lebih baru") },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].rc == rc)
			return _(rows[i].text);
	}
	return _("tidak bisa dilakukan");
}

struct str text_unsaved(struct arena *a, struct cases *c, enum store_env env,
			enum err rc)
{
	return rc == ERR_BUSY ? cases_busy(c, env, a)
			      : str_from(text_error(rc));
}

/* "kunjung_lagi" as a person reads it. */
static struct str spaced(struct arena *a, struct str name)
{
	char *text = arena_cstr(a, name);

	for (char *p = text; p && *p; p++)
		if (*p == '_')
			*p = ' ';
	return str_from(text);
}

struct str text_told(struct arena *a, struct str value)
{
	struct when w;

	if (value.n != DAY_CHARS || !when_parse(value, &w) || !w.has_date)
		return value;
	return str_trim(text_day_short(a, when_days(w.year, w.month, w.day)));
}

struct str text_label(struct arena *a, struct str label)
{
	return spaced(a, text_plain(a, label));
}
