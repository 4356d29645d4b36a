/* SPDX-License-Identifier: MIT */
#include "fold.h"

#include <string.h>

#include "pilar/search.h"
#include "pilar/utf8.h"
#include "pilar/vec.h"

/*
 * Folding of Indonesian names (INDEX.md, "Folding"). It must be prefix-stable:
 * the fold of the letters typed so far is the start of the whole word's fold,
 * or becomes so within two keys, or search as you type would lose the row that
 * is being typed. So it goes left to right and looks at most at what has been
 * typed already; what needs the whole word (titles, a final h) is left alone
 * on the word being typed or only takes letters off its end.
 */

/* Texts are names and places; what is longer is cut. */
#define FOLD_BYTES 1024
#define FOLD_WORDS 32

struct rule {
	const char *from, *to;
	bool old; /* marks the word as written before 1947 */
};

/* By first letter of `from` where it matters: the longer one first. */
static const struct rule rules[] = {
	{ "oe", "u", true },  { "dj", "j", true },    { "tj", "c", true },
	{ "sj", "s", true },  { "nj", "ny", true },   { "sy", "s", false },
	{ "sh", "s", false }, { "chr", "kr", false }, { "chan", "can", false },
	{ "ch", "h", false }, { "kh", "h", false },   { "dh", "d", false },
	{ "th", "t", false }, { "ts", "s", false },   { "ae", "ai", false },
	{ "iy", "i", false }, { "uw", "u", false },   { "q", "k", false },
	{ "x", "ks", false },
};

/* Dropped unless nothing else stands there; so are a street's common words. */
static const char *const titles[] = {
	"h",   "hj",  "kh",  "drs",  "dra",   "dr",   "ir",
	"ny",  "tn",  "sdr", "sdri", "alm",   "almh", "prof",
	"bpk", "ibu", "jl",  "jln",  "jalan", "rt",   "rw",
};

/* Behind a name, with or without dots, or as people are called before it. Of
 * stored names they stay: a question that finds nothing is asked again without
 * them. */
static const char *const degrees[] = {
	"almarhum", "almarhumah", "bapak",  "bu",    "haji",   "haja",
	"hajah",    "hajjah",     "kiai",   "kyai",  "nyonya", "pak",
	"saudara",  "saudari",    "tuan",   "ustad", "ustadz", "ustadzah",
	"amd",      "amdkeb",     "amdkep", "apt",   "ma",     "mag",
	"mh",       "mhum",       "mkes",   "mkm",   "mkom",   "mm",
	"mpd",      "mpdi",       "msc",    "msi",   "msos",   "mt",
	"ners",     "phd",        "sag",    "se",    "sh",     "shi",
	"shum",     "si",         "sip",    "skep",  "skm",    "skom",
	"sp",       "spd",        "spdi",   "spsi",  "spt",    "ssi",
	"ssos",     "sst",        "st",     "sthi",  "str",
};

/* Folded all but a final h; each is the same name. */
static const char *const muhammads[] = {
	"muh",     "moh",     "mhd",     "mohd",    "muhd",
	"muhamad", "mohamad", "muhamed", "mohamed", "muhamat",
};
/* Shorter beginnings are left to other names. */
#define MUHAMMAD_TYPED 3

struct word {
	char p[FOLD_BYTES + 1];
	size_t n;
};

static bool letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool vowel(char c)
{
	return c && strchr("aeiou", c);
}

/* A letter that repeats the one before says nothing. */
static void emit(struct word *w, char c)
{
	if (w->n && letter(c) && w->p[w->n - 1] == c)
		return;
	if (w->n < FOLD_BYTES)
		w->p[w->n++] = c;
}

static const struct rule *rule_at(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i].from[0] == s.p[0] &&
		    str_starts(s, str_from(rules[i].from)))
			return &rules[i];
	return NULL;
}

/* One letter that no rule takes. */
static char plain(struct str s, size_t at, bool old)
{
	char c = s.p[at], before = '\0';

	if (at)
		before = s.p[at - 1];

	if (c == 'j' && old)
		c = 'y';
	if (c == 'y' && letter(before) && !vowel(before) && before != 'n')
		return 'i';
	return c;
}

/* All but the final h, which only a whole word loses. */
static void fold_letters(struct str s, struct word *w)
{
	bool old = false;

	w->n = 0;
	for (size_t i = 0; i < s.n;) {
		const struct rule *r = rule_at(str_sub(s, i, s.n));

		if (!r) {
			emit(w, plain(s, i++, old));
			continue;
		}
		for (const char *t = r->to; *t; t++)
			emit(w, *t);
		old |= r->old;
		i += strlen(r->from);
	}
}

static struct str word_str(const struct word *w)
{
	return str_of(w->p, w->n);
}

static bool muhammad(struct str w, bool typing)
{
	if (!w.n || w.p[0] != 'm')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(muhammads); i++) {
		struct str m;

		m = str_from(muhammads[i]);
		if (str_eq(w, m))
			return true;
		if (typing && w.n >= MUHAMMAD_TYPED && str_starts(m, w))
			return true;
	}
	return false;
}

static bool among(struct str raw, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (raw.n && list[i][0] == raw.p[0] && str_is(raw, list[i]))
			return true;
	return false;
}

static bool title(struct str raw)
{
	return among(raw, titles, ARRAY_LEN(titles));
}

/* Appends the fold of one raw word; some names are two words in one. */
static void fold_word(struct buf *out, struct str raw, bool typing)
{
	struct word w;
	struct str s;

	fold_letters(raw, &w);
	s = word_str(&w);
	if (muhammad(s, typing)) {
		buf_adds(out, "muh");
		return;
	}
	if (str_starts(s, STR("abdur")) && (s.n > 5 || typing)) {
		buf_adds(out, "abdul ");
		s = str_sub(s, 4, s.n);
	} else if (str_is(s, "abdur") || (str_is(s, "abd") && !typing)) {
		s = STR("abdul");
	}
	if (s.n > 1 && s.p[s.n - 1] == 'h')
		s.n--;
	buf_addstr(out, s);
}

/* ---- words of a text */
static bool apostrophe(uint32_t cp)
{
	return cp == '\'' || cp == '`' || cp == 0x2018 || cp == 0x2019 ||
	       cp == 0x02bc;
}

static bool in_word(uint32_t cp)
{
	return cp >= 0x80 || (cp >= 'a' && cp <= 'z') || ascii_digit(cp) ||
	       apostrophe(cp);
}

/* The next word without its apostrophes; false at the end. */
static bool next_word(struct str s, size_t *at, struct word *w)
{
	w->n = 0;
	while (*at < s.n) {
		size_t from = *at;
		uint32_t cp = utf8_next(s, at);

		if (!in_word(cp)) {
			if (w->n)
				return true;
			continue;
		}
		if (apostrophe(cp) || w->n + (*at - from) > FOLD_BYTES)
			continue;
		memcpy(w->p + w->n, s.p + from, *at - from);
		w->n += *at - from;
	}
	return w->n > 0;
}

/* Is the end of the text still inside a word? */
static bool open_end(struct str s)
{
	return s.n && in_word((unsigned char)s.p[s.n - 1]);
}

struct words {
	struct str raw[FOLD_WORDS];
	size_t n, plain; /* how many are no titles */
	bool typing;     /* the last one is not finished */
};

static void collect(struct words *ws, struct str s, struct arena *a,
		    bool typing)
{
	struct word w;
	size_t at = 0;

	while (ws->n < FOLD_WORDS && next_word(s, &at, &w))
		ws->raw[ws->n++] = arena_dup(a, word_str(&w));
	ws->typing = typing && ws->n < FOLD_WORDS && open_end(s);
	for (size_t i = 0; i < ws->n; i++)
		ws->plain +=
			(ws->typing && i + 1 == ws->n) || !title(ws->raw[i]);
}

/* "1871 0102 0304 0003", as people group the digits of a long number. */
#define GROUPED_LEAST 8

static struct str ungrouped(struct arena *a, struct str s)
{
	struct buf out = BUF_INIT(FOLD_BYTES);
	bool number = true;
	struct str digits;

	for (size_t i = 0; i < s.n && number; i++) {
		if (ascii_digit(s.p[i]))
			buf_addc(&out, s.p[i]);
		else
			number =
				s.p[i] == ' ' || s.p[i] == '.' || s.p[i] == '-';
	}
	digits = buf_give(&out, a);
	return number && digits.n >= GROUPED_LEAST ? digits : s;
}

struct str search_fold(struct arena *a, struct str text, bool typing)
{
	struct buf out = BUF_INIT((size_t)FOLD_BYTES * 4);
	struct words ws = { 0 };
	struct str s;

	s = utf8_fold(a, str_sub(text, 0, FOLD_BYTES));
	if (typing)
		s = ungrouped(a, s);
	collect(&ws, s, a, typing);
	for (size_t i = 0; i < ws.n; i++) {
		bool last = ws.typing && i + 1 == ws.n;

		if (ws.plain && !last && title(ws.raw[i]))
			continue;
		if (out.n)
			buf_addc(&out, ' ');
		fold_word(&out, ws.raw[i], last);
	}
	return buf_give(&out, a);
}

/* "s.pd" is one word. */
static struct str undotted(struct arena *a, struct str s)
{
	struct buf out = BUF_INIT(FOLD_BYTES);

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '.' || !i || i + 1 == s.n || s.p[i + 1] == ' ' ||
		    s.p[i - 1] == ' ')
			buf_addc(&out, s.p[i]);
	return buf_give(&out, a);
}

struct str search_bare(struct arena *a, struct str text)
{
	struct buf out = BUF_INIT((size_t)FOLD_BYTES * 4);
	struct words ws = { 0 };
	struct str s;

	s = undotted(a, utf8_fold(a, str_sub(text, 0, FOLD_BYTES)));
	collect(&ws, s, a, true);
	for (size_t i = 0; i < ws.n; i++) {
		if (title(ws.raw[i]) ||
		    among(ws.raw[i], degrees, ARRAY_LEN(degrees)))
			continue;
		if (out.n)
			buf_addc(&out, ' ');
		fold_word(&out, ws.raw[i], ws.typing && i + 1 == ws.n);
	}
	return buf_give(&out, a);
}
