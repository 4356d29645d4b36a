/* SPDX-License-Identifier: MIT */
#include "pilar/cases.h"
#include "pilar/when.h"

/* Blanks and what separates. */
static struct str trimmed(struct str s)
{
	s = str_trim(s);
	while (s.n && (s.p[0] == ',' || s.p[0] == ':'))
		s = str_trim(str_sub(s, 1, s.n));
	while (s.n && (s.p[s.n - 1] == ',' || s.p[s.n - 1] == ':'))
		s = str_trim(str_sub(s, 0, s.n - 1));
	return s;
}

static bool is_day(struct str word)
{
	struct when w;

	return when_parse(trimmed(word), &w) && w.has_date;
}

/* The words without days: the event has its own. */
static struct str undated(struct str name, struct arena *a)
{
	struct str out = STR(""), word;

	while (str_word(&name, &word)) {
		struct str kept = is_day(word) ? STR("") : word;

		/* "Pemantauan 2026-11-21, diterima" */
		if (kept.n)
			out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out),
					   out.n ? " " : "", STR_ARG(kept));
	}
	return trimmed(out);
}

/* Behind the words with which the title begins, too. */
static struct str behind(struct str name, struct str title)
{
	struct str rest = name, word, said;

	while (str_word(&rest, &word) && str_word(&title, &said) &&
	       str_eq_nocase(trimmed(word), said))
		name = rest;
	return trimmed(name);
}

struct str event_gist(const struct event *e, struct str of, struct arena *a)
{
	struct str gist = behind(undated(e->name, a), e->title);

	if (!of.n || !str_starts(gist, of))
		return gist;
	gist = str_sub(gist, of.n, gist.n);
	/* "Siti: Meninggal dunia" goes on with what happened, "Siti, Palapa"
	 * only says who it is. */
	return gist.n && gist.p[0] == ':' ? trimmed(gist) : STR("");
}
