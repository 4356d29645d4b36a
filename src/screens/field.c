/* SPDX-License-Identifier: MIT */
#include "field.h"

#include <string.h>

#include "pilar/i18n.h"
#include "pilar/utf8.h"
#include "pilar/when.h"

/* Where the digits of a date go; '#' is a digit. */
static const char *pattern_of(enum field_kind kind)
{
	static const char *const patterns[] = {
		[FIELD_DATE] = "##-##-####",
		[FIELD_MONTH] = "##-####",
		[FIELD_YEAR] = "####",
		[FIELD_TIME] = "##:##",
		[FIELD_DATETIME] = "##-##-#### ##:##",
	};

	if ((size_t)kind >= ARRAY_LEN(patterns) || !patterns[kind])
		return "";
	return patterns[kind];
}

static size_t digits_in(struct str s, char *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < max; i++) {
		if (ascii_digit((unsigned char)s.p[i]))
			out[n++] = s.p[i];
	}
	return n;
}

static size_t pattern_digits(const char *pattern)
{
	size_t n = 0;

	for (; *pattern; pattern++)
		n += *pattern == '#';
	return n;
}

/* ---- which letters a field takes */
static bool accept_numbers(const struct edit *e, uint32_t cp)
{
	(void)e;
	return ascii_digit(cp) || cp == '-' || cp == '.' || cp == ',';
}

static bool accept_integer(const struct edit *e, uint32_t cp)
{
	char digits[INTEGER_DIGITS + 1];

	if (cp == '-')
		return e->at == 0 && !(e->text.n && e->text.p[0] == '-');
	return ascii_digit(cp) &&
	       !(e->at == 0 && e->text.n && e->text.p[0] == '-') &&
	       digits_in(edit_text(e), digits, sizeof(digits)) < INTEGER_DIGITS;
}

static bool accept_decimal(const struct edit *e, uint32_t cp)
{
	struct str s = edit_text(e);
	bool point = str_find(s, STR("."), 0) != SIZE_MAX ||
		     str_find(s, STR(","), 0) != SIZE_MAX;

	if (s.n >= DECIMAL_MAX)
		return false;
	if (cp == '-')
		return e->at == 0 && !(s.n && s.p[0] == '-');
	if (cp == '.' || cp == ',')
		return !point;
	return ascii_digit(cp);
}

static bool accept_code(const struct edit *e, uint32_t cp)
{
	return ascii_digit(cp) && e->text.n < CODE_MAX;
}

/* ---- kinds */
static enum field_kind date_kind(const struct item *i)
{
	if (item_has(i, "year"))
		return FIELD_YEAR;
	return item_has(i, "month-year") ? FIELD_MONTH : FIELD_DATE;
}

enum field_kind field_kind_of(const struct item *i)
{
	if (i->kind == ITEM_SELECT1 || i->kind == ITEM_SELECT ||
	    i->kind == ITEM_RANK || i->kind == ITEM_TRIGGER)
		return FIELD_CODE;
	switch ((int)i->type) {
	case TYPE_INT:
		return FIELD_INTEGER;
	case TYPE_DECIMAL:
		return FIELD_DECIMAL;
	case TYPE_DATE:
		return date_kind(i);
	case TYPE_TIME:
		return FIELD_TIME;
	case TYPE_DATETIME:
		return FIELD_DATETIME;
	default:
		return item_has(i, "numbers") ? FIELD_NUMBERS : FIELD_TEXT;
	}
}

/*
 * A field of fixed length moves on by itself when it is full. XLSForm has no
 * column for it: an appearance word "len16", which other clients ignore.
 */
static size_t fixed_length(const struct item *i)
{
	struct str rest = i->appearance, word;
	uint64_t n;

	while (str_word(&rest, &word)) {
		if (str_starts(word, STR("len")) &&
		    str_to_u64(str_sub(word, 3, word.n), &n) && n > 0 &&
		    n < 100)
			return (size_t)n;
	}
	return 0;
}

static size_t capacity(enum field_kind kind)
{
	return kind == FIELD_TEXT || kind == FIELD_NUMBERS ? TEXT_MAX : 32;
}

void field_begin(struct field *f, const struct item *i, struct str value)
{
	struct arena a = { 0 };
	enum field_kind kind = field_kind_of(i);

	field_release(f);
	*f = (struct field){ .kind = kind, .fresh = true };
	edit_init(&f->edit, capacity(kind));
	f->edit.masked = item_has(i, "masked");
	f->counter = item_has(i, "counter") || i->kind == ITEM_RANGE;
	f->length = kind == FIELD_TEXT || kind == FIELD_NUMBERS
			    ? fixed_length(i)
			    : 0;
	if (kind == FIELD_NUMBERS)
		f->edit.accept = accept_numbers;
	else if (kind == FIELD_INTEGER)
		f->edit.accept = accept_integer;
	else if (kind == FIELD_DECIMAL)
		f->edit.accept = accept_decimal;
	else if (kind == FIELD_CODE)
		f->edit.accept = accept_code;
	if (kind != FIELD_CODE)
		edit_set(&f->edit, field_shown(kind, value, &a));
	arena_release(&a);
}

void field_from_form(struct field *f)
{
	f->whole = f->edit.text.n > 0;
	f->edit.at = 0;
}

void field_restore(struct field *f, struct str typed)
{
	edit_set(&f->edit, typed);
	f->fresh = false;
}

void field_release(struct field *f)
{
	edit_release(&f->edit);
}

int field_width(const struct item *i)
{
	const char *pattern = pattern_of(field_kind_of(i));
	size_t n = fixed_length(i);

	if (*pattern)
		return (int)strlen(pattern);
	if (n)
		return (int)n;
	if (i->type == TYPE_INT)
		return INTEGER_DIGITS + 1;
	return i->type == TYPE_DECIMAL ? DECIMAL_MAX : 0;
}

/* ---- dates */
static int number(const char *digits, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (digits[i] - '0');
	return v;
}

/* The parts that the pattern's digits name, day and month 1 where it has none.
 */
static bool read_when(enum field_kind kind, const char *d, struct when *w)
{
	static const struct {
		int day, month, year, hour; /* index of first digit, or -1 */
	} places[] = {
		[FIELD_DATE] = { 0, 2, 4, -1 },
		[FIELD_MONTH] = { -1, 0, 2, -1 },
		[FIELD_YEAR] = { -1, -1, 0, -1 },
		[FIELD_TIME] = { -1, -1, -1, 0 },
		[FIELD_DATETIME] = { 0, 2, 4, 8 },
	};
	int day = places[kind].day, month = places[kind].month;
	int year = places[kind].year, hour = places[kind].hour;

	*w = (struct when){ .day = 1, .month = 1 };
	if (year >= 0) {
		w->has_date = true;
		w->year = number(d + year, 4);
		w->month = month >= 0 ? number(d + month, 2) : 1;
		w->day = day >= 0 ? number(d + day, 2) : 1;
		if (!w->year || !when_date_valid(w->year, w->month, w->day))
			return false;
	}
	if (hour >= 0) {
		w->has_time = true;
		w->hour = number(d + hour, 2);
		w->minute = number(d + hour + 2, 2);
		if (w->hour > 23 || w->minute > 59)
			return false;
	}
	return true;
}

static bool typed_when(const struct field *f, struct when *w)
{
	const char *pattern = pattern_of(f->kind);
	char digits[16] = "";
	size_t n = digits_in(edit_text(&f->edit), digits, sizeof(digits));

	return *pattern && n == pattern_digits(pattern) &&
	       read_when(f->kind, digits, w);
}

static struct str put_digits(const char *pattern, const char *digits, size_t n,
			     char out[32])
{
	size_t used = 0, len = 0;

	for (; *pattern && used < n; pattern++)
		memcpy(&out[len++], *pattern == '#' ? &digits[used++] : pattern,
		       1);
	return str_of(out, len);
}

/* Its signs come with the last digit: until then a key is one byte. */
static void set_digits(struct field *f, const char *digits, size_t n)
{
	const char *pattern = pattern_of(f->kind);
	char text[32];

	if (n < pattern_digits(pattern))
		edit_set(&f->edit, str_of(digits, n));
	else
		edit_set(&f->edit, put_digits(pattern, digits, n, text));
}

static void set_when(struct field *f, const struct when *w)
{
	char d[32];
	int n;

	switch ((int)f->kind) {
	case FIELD_YEAR:
		n = snprintf(d, sizeof(d), "%04d", w->year);
		break;
	case FIELD_MONTH:
		n = snprintf(d, sizeof(d), "%02d%04d", w->month, w->year);
		break;
	case FIELD_TIME:
		n = snprintf(d, sizeof(d), "%02d%02d", w->hour, w->minute);
		break;
	case FIELD_DATETIME:
		n = snprintf(d, sizeof(d), "%02d%02d%04d%02d%02d", w->day,
			     w->month, w->year, w->hour, w->minute);
		break;
	default:
		n = snprintf(d, sizeof(d), "%02d%02d%04d", w->day, w->month,
			     w->year);
		break;
	}
	set_digits(f, d, n > 0 ? (size_t)n : 0);
}

static void move_month(struct when *w, int by)
{
	w->month += by;
	if (w->month < 1 || w->month > 12) {
		w->year += by;
		w->month = w->month < 1 ? 12 : 1;
	}
}

static enum field_result step_day(struct field *f, const struct sys *sys,
				  int by)
{
	struct when w;

	if (!typed_when(f, &w)) {
		if (f->edit.text.n)
			return FIELD_TAKEN;
		when_local(sys, sys_now(sys), &w);
	}
	if (f->kind == FIELD_YEAR)
		w.year += by;
	else if (f->kind == FIELD_MONTH)
		move_month(&w, by);
	else if (w.has_date)
		when_from_days(when_days(w.year, w.month, w.day) + by, &w.year,
			       &w.month, &w.day);
	set_when(f, &w);
	return FIELD_CHANGED;
}

static enum field_result add_digit(struct field *f, char digit)
{
	size_t max = pattern_digits(pattern_of(f->kind));
	char digits[16];
	size_t n = digits_in(edit_text(&f->edit), digits, sizeof(digits) - 1);

	if (f->fresh || n >= max)
		n = 0;
	digits[n++] = digit;
	set_digits(f, digits, n);
	return n == max ? FIELD_FULL : FIELD_CHANGED;
}

static enum field_result when_key(struct field *f, struct key k,
				  const struct sys *sys)
{
	char digits[16];
	size_t n = digits_in(edit_text(&f->edit), digits, sizeof(digits));
	struct when now;

	if (ascii_digit(k.code))
		return add_digit(f, (char)k.code);
	switch (k.code) {
	case '.':
		when_local(sys, sys_now(sys), &now);
		set_when(f, &now);
		return FIELD_CHANGED;
	case '-':
	case '+':
	case '=': /* + without shift */
		return step_day(f, sys, k.code == '-' ? -1 : 1);
	case UI_BACKSPACE:
		set_digits(f, digits, n ? n - 1 : 0);
		return FIELD_CHANGED;
	case UI_CTRL('u'):
	case UI_CTRL('w'):
	case UI_DELETE:
		set_digits(f, digits, 0);
		return FIELD_CHANGED;
	default:
		return key_printable(k) ? FIELD_TAKEN : FIELD_NOT_TAKEN;
	}
}

/* ---- keys */
static enum field_result count(struct field *f, int by)
{
	char text[24];
	int64_t v = 0;
	int n;

	if (f->edit.text.n && !str_to_i64(edit_text(&f->edit), &v))
		return FIELD_TAKEN;
	n = snprintf(text, sizeof(text), "%lld", (long long)v + by);
	if (n > INTEGER_DIGITS)
		return FIELD_TAKEN;
	edit_set(&f->edit, str_from(text));
	return FIELD_CHANGED;
}

/* What rubs out rubs out from the end of what the form filled in. */
static bool rubs_out(struct key k)
{
	return k.code == UI_BACKSPACE || k.code == UI_CTRL('u') ||
	       k.code == UI_CTRL('w');
}

static enum field_result typed(struct field *f, struct key k)
{
	if (f->whole && key_printable(k) &&
	    (!f->edit.accept || f->edit.accept(&f->edit, k.code)))
		edit_set(&f->edit, STR(""));
	if (f->whole && rubs_out(k))
		f->edit.at = f->edit.text.n;
	f->whole = false;
	switch (edit_key(&f->edit, k)) {
	case EDIT_CHANGED:
		if (f->length && key_printable(k) && !k.pasted &&
		    f->edit.at == f->edit.text.n &&
		    utf8_count(edit_text(&f->edit)) == f->length)
			return FIELD_FULL;
		return FIELD_CHANGED;
	case EDIT_TAKEN:
		return FIELD_TAKEN;
	case EDIT_FULL:
		return FIELD_LIMIT;
	case EDIT_NOT_TAKEN:
		break;
	}
	return FIELD_NOT_TAKEN;
}

enum field_result field_key(struct field *f, struct key k,
			    const struct sys *sys)
{
	enum field_result r;

	if (*pattern_of(f->kind))
		r = when_key(f, k, sys);
	else if (f->counter && f->kind == FIELD_INTEGER && k.code == '+')
		r = count(f, 1);
	else if (f->counter && f->kind == FIELD_INTEGER && k.code == '-' &&
		 f->edit.text.n)
		r = count(f, -1);
	else
		r = typed(f, k);
	if (r == FIELD_FULL && k.pasted)
		r = FIELD_CHANGED;
	if (r == FIELD_CHANGED || r == FIELD_FULL)
		f->fresh = false;
	return r;
}

/* ---- values */
static struct str when_value(const struct when *w, enum field_kind kind,
			     const struct sys *sys, struct arena *a)
{
	struct when full = *w, now;
	char text[WHEN_MAX];

	if (!w->has_time)
		return arena_dup(a, when_date_text(w, text));
	when_local(sys, sys_now(sys), &now);
	full.offset_min = now.offset_min;
	full.has_offset = true;
	if (kind == FIELD_TIME)
		return arena_dup(a, when_time_text(&full, text));
	return arena_dup(a, when_datetime_text(&full, text));
}

enum err field_value(const struct field *f, const struct sys *sys,
		     struct arena *a, struct str *out)
{
	struct str s = edit_text(&f->edit);
	struct when w;

	*out = STR("");
	if (!s.n)
		return ERR_NONE;
	if (*pattern_of(f->kind)) {
		if (!typed_when(f, &w))
			return ERR_INVALID;
		*out = when_value(&w, f->kind, sys, a);
		return out->p ? ERR_NONE : ERR_NOMEM;
	}
	*out = utf8_nfc(a, str_trim(s));
	if (!out->p)
		return ERR_NOMEM;
	if (f->kind == FIELD_DECIMAL) {
		char *p = arena_cstr(a, *out);
		char *comma = p ? strchr(p, ',') : NULL;

		if (comma)
			*comma = '.';
		*out = str_from(p);
	}
	return ERR_NONE;
}

static struct str decimal_shown(struct str value, struct arena *a)
{
	char *p = arena_cstr(a, value);
	char *point = p ? strchr(p, '.') : NULL;

	if (point && strcmp(i18n_lang(), "id") == 0)
		*point = ',';
	return str_from(p);
}

struct str field_shown(enum field_kind kind, struct str value, struct arena *a)
{
	struct field f = { .kind = kind };
	struct when w;
	struct str out;

	if (kind == FIELD_DECIMAL)
		return decimal_shown(value, a);
	if (!*pattern_of(kind) || !when_parse(value, &w))
		return value;
	edit_init(&f.edit, 32);
	set_when(&f, &w);
	out = arena_dup(a, edit_text(&f.edit));
	field_release(&f);
	return out;
}

static int age(const struct when *born, const struct when *on)
{
	int years = on->year - born->year;

	if (on->month < born->month ||
	    (on->month == born->month && on->day < born->day))
		years--;
	return years;
}

struct str field_beside(enum field_kind kind, struct str value,
			const struct sys *sys, struct arena *a)
{
	static const char *const days[] = { N_("Kamis"), N_("Jumat"),
					    N_("Sabtu"), N_("Minggu"),
					    N_("Senin"), N_("Selasa"),
					    N_("Rabu") };
	struct when w, now;
	const char *day;
	int64_t n;

	if ((kind != FIELD_DATE && kind != FIELD_DATETIME) ||
	    !when_parse(value, &w) || !w.has_date)
		return STR("");
	when_local(sys, sys_now(sys), &now);
	n = when_days(w.year, w.month, w.day) % 7; /* 1970-01-01: Thursday */
	day = _(days[n < 0 ? n + 7 : n]);
	if (age(&w, &now) >= 1)
		return arena_printf(a, _("%s, %d tahun"), day, age(&w, &now));
	return str_from(day);
}

const char *field_complaint(enum field_kind kind)
{
	switch ((int)kind) {
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_YEAR:
	case FIELD_DATETIME:
		return _("Tanggal belum lengkap atau tidak ada. Ketik hari, "
			 "bulan, tahun: 12071985");
	case FIELD_TIME:
		return _("Jam belum lengkap. Ketik jam dan menit: 0930");
	case FIELD_INTEGER:
	case FIELD_DECIMAL:
		return _("Isi dengan angka");
	default:
		return _("Isian ini tidak bisa disimpan");
	}
}

struct str field_typed_beside(const struct field *f, const struct sys *sys,
			      struct arena *a)
{
	struct str value;

	if (field_value(f, sys, a, &value))
		return STR("");
	return field_beside(f->kind, value, sys, a);
}
