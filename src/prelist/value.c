/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/utf8.h"
#include "pilar/when.h"

#include "prelist.h"

/* Numbers that a spreadsheet cannot hold; of shorter ones nothing is said. */
#define LONG_NUMBER 15
#define ZEROS_LOST  2
/* As many tell that it is no chance. */
#define MANY_ZEROS 4
/* Days of a spreadsheet's calendar that are somebody's: 1900 to 2100. */
#define FIRST_SERIAL 2
#define LAST_SERIAL  73415

static const char damaged[] =
	N_("nomor rusak oleh lembar sebar (seperti 1,87E+15): ketik ulang "
	   "sebagai teks");

static const char *cell_bad(struct str cell)
{
	if (!utf8_valid(cell))
		return N_("bukan UTF-8");
	for (size_t at = 0; at < cell.n;) {
		uint32_t cp = utf8_next(cell, &at);

		if (!utf8_printable(cp) && cp != '\n' && cp != '\t')
			return N_("berisi tanda kendali");
	}
	return NULL;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* 1.87E+15, also with a comma: what a spreadsheet makes of a long number. */
static bool rounded(struct str s)
{
	size_t i = 0, digits = 0;

	while (i < s.n &&
	       (ascii_digit(s.p[i]) || s.p[i] == '.' || s.p[i] == ','))
		i++;
	if (i == 0 || i + 3 > s.n || (s.p[i] != 'E' && s.p[i] != 'e') ||
	    s.p[i + 1] != '+')
		return false;
	for (i += 2; i < s.n && ascii_digit(s.p[i]); i++)
		digits++;
	return digits > 0 && i == s.n;
}

/* 1871055102220001.0: it went through a program as a number. */
static bool pointed(struct str s)
{
	size_t dot = str_find(s, STR("."), 0);

	if (dot == SIZE_MAX)
		dot = str_find(s, STR(","), 0);
	return dot != SIZE_MAX && dot >= LONG_NUMBER &&
	       all_digits(str_sub(s, 0, dot)) &&
	       all_digits(str_sub(s, dot + 1, s.n));
}

/* ---- numbers with so many digits */

/* Without what people put between: 1871 0551 0222 0001, '1871... */
static struct str bare(struct arena *a, struct str s)
{
	char *out = arena_cstr(a, s);
	size_t n = 0;

	for (size_t i = 0; out && i < s.n; i++)
		if (str_find(STR(" .-'`"), str_of(&s.p[i], 1), 0) == SIZE_MAX)
			out[n++] = s.p[i];
	return str_of(out, n);
}

static bool only_zeros(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0')
			return false;
	return true;
}

static const char *take_digits(struct prelist *p, const struct column *c,
			       struct str *value)
{
	struct str s = bare(&p->memory, *value);

	if (rounded(*value) || pointed(*value))
		return damaged;
	if (only_zeros(s)) {
		*value = STR("");
		return NULL;
	}
	if (!all_digits(s))
		return N_("bukan nomor: ada yang bukan angka");
	if (s.n < c->digits->digits)
		return N_("angka kurang: mungkin nol di depan hilang di "
			  "lembar sebar");
	if (s.n > c->digits->digits)
		return N_("angka terlalu banyak");
	*value = s;
	return NULL;
}

/*
 * A number that stands only once: as long as most of its column, or zeros were
 * lost; and a spreadsheet keeps fifteen digits, the rest become zeros.
 */
static const char *number_bad(const struct column *c, struct str value)
{
	if (rounded(value))
		return damaged;
	if (!c->unique || !all_digits(value))
		return NULL;
	if (c->length > LONG_NUMBER && value.n + ZEROS_LOST >= c->length &&
	    value.n < c->length)
		return N_("angka kurang: mungkin nol di depan hilang di "
			  "lembar sebar");
	return NULL;
}

static const char *zeros_bad(const struct column *c, struct str value)
{
	if (c->length > LONG_NUMBER && c->zeros && value.n == c->length)
		return N_("semua nomor berakhir 0: angka terakhir hilang di "
			  "lembar sebar; simpan ulang sebagai teks");
	return NULL;
}

/* ---- days */
static const char *put_date(struct prelist *p, int y, int m, int d,
			    struct str *value)
{
	if (!when_date_valid(y, m, d))
		return N_("tanggal itu tidak ada");
	*value = arena_printf(&p->memory, "%04d-%02d-%02d", y, m, d);
	return NULL;
}

static bool parts_days(char c)
{
	return c == '-' || c == '/' || c == '.';
}

/* Three numbers with - / or . between them; what is behind a blank is a time
 * of day. */
static bool parts_of(struct str v, int64_t n[3], size_t width[3])
{
	struct str part;

	v = str_sub(v, 0, str_find(v, STR(" "), 0));
	for (size_t i = 0; i < 3; i++) {
		size_t end = 0;

		while (end < v.n && ascii_digit(v.p[end]))
			end++;
		part = str_sub(v, 0, end);
		if (!end || end > 4 || !str_to_i64(part, &n[i]))
			return false;
		if (i < 2 && (end == v.n || !parts_days(v.p[end])))
			return false;
		width[i] = end;
		v = str_sub(v, end + (i < 2), v.n);
	}
	return v.n == 0;
}

/* 21-11-2026, 21/11/2026 and 2026-11-21 become 2026-11-21; the other way
 * round nobody here writes. `*is` when it looks like one. */
static const char *take_parts(struct prelist *p, struct str *value, bool *is)
{
	int64_t n[3];
	size_t width[3];

	*is = parts_of(*value, n, width);
	if (*is && width[0] == 4 && width[1] <= 2 && width[2] <= 2)
		return put_date(p, (int)n[0], (int)n[1], (int)n[2], value);
	*is = *is && width[2] == 4 && width[0] <= 2 && width[1] <= 2;
	return *is ? put_date(p, (int)n[2], (int)n[1], (int)n[0], value) : NULL;
}

/* How months begin in Indonesian and English, and what people make of it. */
static const struct {
	char begins[4];
	int month;
} months[] = {
	{ "jan", 1 },  { "feb", 2 },  { "peb", 2 },  { "mar", 3 },
	{ "apr", 4 },  { "mei", 5 },  { "may", 5 },  { "jun", 6 },
	{ "jul", 7 },  { "agu", 8 },  { "ags", 8 },  { "agt", 8 },
	{ "aug", 8 },  { "sep", 9 },  { "okt", 10 }, { "oct", 10 },
	{ "nov", 11 }, { "nop", 11 }, { "des", 12 }, { "dec", 12 },
};

static int month_of(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(months); i++)
		if (str_starts(word, str_from(months[i].begins)))
			return months[i].month;
	return 0;
}

/* "17 Agustus 1945", "17-Agu-1945": folded it is 17agustus1945. */
static const char *take_named(struct prelist *p, struct str *value, bool *is)
{
	struct str v = words_fold(&p->memory, *value);
	size_t day = 0, year = v.n;
	int64_t d = 0, y = 0;

	while (day < v.n && ascii_digit(v.p[day]))
		day++;
	while (year > day && ascii_digit(v.p[year - 1]))
		year--;
	*is = day && day <= 2 && v.n - year == 4 &&
	      month_of(str_sub(v, day, year)) &&
	      str_to_i64(str_sub(v, 0, day), &d) &&
	      str_to_i64(str_sub(v, year, v.n), &y);
	return *is ? put_date(p, (int)y, month_of(str_sub(v, day, year)),
			      (int)d, value)
		   : NULL;
}

static const char *take_date(struct prelist *p, struct str *value)
{
	bool is = false;
	const char *bad = take_parts(p, value, &is);
	int64_t serial;
	int y, m, d;

	if (!is)
		bad = take_named(p, value, &is);
	if (is)
		return bad;
	if (!str_to_i64(*value, &serial) || serial < FIRST_SERIAL ||
	    serial > LAST_SERIAL)
		return N_("bukan tanggal: tulis hari-bulan-tahun, seperti "
			  "31-12-2024");
	when_from_days(serial + when_days(1899, 12, 30), &y, &m, &d);
	return put_date(p, y, m, d, value);
}

/* ---- codes */
static const char *take_code(struct prelist *p, const struct column *c,
			     struct str *value)
{
	struct str folded = words_fold(&p->memory, *value);
	const struct rule *r;

	for (size_t i = 0;
	     (r = rules_get(&c->side->rules, RULE_CODE, c->to, i)); i++) {
		if (!str_eq(r->code, *value) && !words_have(r->value, folded))
			continue;
		*value = r->code;
		return NULL;
	}
	return N_("bukan salah satu pilihan isian ini");
}

/* A value that leads to another list: the id it has here. */
static const char *to_parent(struct prelist *p, const struct column *c,
			     struct str *value)
{
	struct str id;
	struct entity e;

	if (rows_id(p, c->parent, *value, &id) ||
	    cases_entity(p->cases, c->parent->name, id, &p->memory, &e))
		return N_("data yang ditunjuk tidak ada");
	*value = id;
	return NULL;
}

/* ---- all of it */
static bool says_nothing(struct prelist *p, const struct column *c,
			 struct str value)
{
	struct str folded;
	const struct rule *r;

	if (value.n > 20)
		return false;
	folded = words_fold(&p->memory, value);
	for (size_t i = 0;
	     (r = rules_get(&c->side->rules, RULE_EMPTY, STR(""), i)); i++)
		if (words_have(r->value, folded))
			return true;
	return !folded.n;
}

static const char *take_plain(struct prelist *p, const struct column *c,
			      struct str *value)
{
	const char *bad = number_bad(c, *value);
	bool is;

	if (bad || str_is(c->to, LABEL) || c->part != WHOLE)
		return bad;
	return take_parts(p, value, &is);
}

static const char *take_kind(struct prelist *p, const struct column *c,
			     struct str *value)
{
	if (c->digits)
		return take_digits(p, c, value);
	if (c->date)
		return take_date(p, value);
	return c->coded ? take_code(p, c, value) : take_plain(p, c, value);
}

const char *value_take(struct prelist *p, const struct column *c,
		       struct str *value)
{
	const char *bad = cell_bad(*value);

	if (bad)
		return bad;
	if (!value->n || says_nothing(p, c, *value)) {
		*value = STR("");
		return NULL;
	}
	bad = take_kind(p, c, value);
	if (bad || !value->n)
		return bad;
	bad = zeros_bad(c, *value);
	return !bad && c->parent && !c->makes ? to_parent(p, c, value) : bad;
}

/* ---- what numbers of a column look like */
struct lengths {
	size_t of[64], zeros[64];
};

static void count_number(struct lengths *l, struct str value)
{
	if (!all_digits(value) || value.n >= ARRAY_LEN(l->of))
		return;
	l->of[value.n]++;
	l->zeros[value.n] += value.p[value.n - 1] == '0';
}

static void conclude(struct column *c, const struct lengths *l)
{
	c->length = c->digits ? c->digits->digits : 0;
	for (size_t n = 1; n < ARRAY_LEN(l->of) && !c->digits; n++)
		if (l->of[n] > l->of[c->length])
			c->length = n;
	c->zeros = c->length < ARRAY_LEN(l->of) &&
		   l->of[c->length] >= MANY_ZEROS &&
		   l->zeros[c->length] == l->of[c->length];
}

enum err value_measure(struct prelist *p)
{
	struct lengths *all = calloc(p->n_columns + 1, sizeof(*all));
	enum err rc = all ? body_begin(p) : ERR_NOMEM;
	bool odd;

	while (!rc) {
		rc = body_row(p, &odd);
		arena_reset(&p->memory);
		for (size_t i = 0; !rc && i < p->n_columns; i++)
			if (p->columns[i].unique || p->columns[i].digits)
				count_number(&all[i],
					     str_trim(p->csv.cells.at[i]));
	}
	for (size_t i = 0; all && i < p->n_columns; i++)
		conclude(&p->columns[i], &all[i]);
	free(all);
	/* What stops it here stops the reading, too, and is said there. */
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}
