/* SPDX-License-Identifier: MIT */
#include "where.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/utf8.h"
#include "pilar/when.h"

#define NUMBER_MAX 40

static const struct {
	const char *text; /* the longer one first */
	enum where_op op;
} ops[] = {
	{ "!=", WHERE_NOT },   { "<>", WHERE_NOT }, { "<=", WHERE_MOST },
	{ ">=", WHERE_LEAST }, { "<", WHERE_LESS }, { ">", WHERE_MORE },
	{ "=", WHERE_IS },
};

/* ---- reading */

/* The next run of non-blanks; blanks between quotes belong to it. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
	bool quoted = false;
	size_t from;

	while (*at < text.n && text.p[*at] == ' ')
		(*at)++;
	from = *at;
	for (; *at < text.n && (quoted || text.p[*at] != ' '); (*at)++)
		quoted ^= text.p[*at] == '"';
	*word = str_sub(text, from, *at);
	return word->n > 0;
}

static bool name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz_"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-",
			    s.p[i]))
			return false;
	return s.n > 0 && s.n <= KEY_NAME_MAX;
}

/* Without quotes, case and diacritics. */
static struct str plain(struct str s, struct arena *a)
{
	if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = str_sub(s, 1, s.n - 1);
	return utf8_fold(a, s);
}

static bool split(struct str word, struct condition *out)
{
	size_t at = 0;

	while (at < word.n && !strchr("<>=!", word.p[at]))
		at++;
	out->name = str_sub(word, 0, at);
	if (at == word.n || !name_ok(out->name))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		struct str op = str_from(ops[i].text);

		if (!str_starts(str_sub(word, at, word.n), op))
			continue;
		out->op = ops[i].op;
		out->value = str_sub(word, at + op.n, word.n);
		return true;
	}
	return false;
}

static const struct dataset_row *row_named(const struct dataset *ds,
					   struct str name)
{
	for (size_t i = 0; ds && i < ds->n; i++) {
		const struct dataset_row *r = &ds->rows[i];

		if (r->shown != SIZE_MAX && (str_eq_nocase(r->name, name) ||
					     str_eq_nocase(r->label_id, name) ||
					     str_eq_nocase(r->label_en, name)))
			return r;
	}
	return NULL;
}

static bool is_property(struct cases *c, struct str dataset, struct str name)
{
	struct view v;
	struct key k;
	bool there;

	if (dataset.n > KEY_NAME_MAX || view_begin(&v, c))
		return false;
	key_index(&k, INDEX_PROP);
	key_name(&k, dataset);
	key_name(&k, name);
	there = txn_has(v.t, TABLE_INDEX, key_str(&k));
	view_end(&v);
	return there || cases_saves(c, dataset, name);
}

/* Appends the word to what is searched as text. */
static enum err keep(struct buf *rest, struct str word)
{
	if (rest->n)
		buf_addc(rest, ' ');
	buf_addstr(rest, word);
	return rest->failed;
}

static enum err take(struct where *w, struct cases *c, struct str dataset,
		     struct condition *cond, struct arena *a)
{
	if (w->n == WHERE_MAX)
		return ERR_TOOBIG;
	cond->row = row_named(datasets_find(cases_datasets(c), dataset),
			      cond->name);
	if (!cond->row && !is_property(c, dataset, cond->name)) {
		w->unknown = arena_dup(a, cond->name);
		return ERR_INVALID;
	}
	cond->name = arena_dup(a, cond->name);
	cond->value = plain(cond->value, a);
	w->at[w->n++] = *cond;
	return ERR_NONE;
}

enum err where_read(struct where *w, struct cases *c, struct str dataset,
		    struct str text, struct arena *a)
{
	struct buf rest = BUF_INIT((size_t)1 << 16);
	struct str word;
	size_t at = 0;
	enum err rc = ERR_NONE;

	*w = (struct where){ .rest = text };
	if (!dataset.n ||
	    !strpbrk(arena_printf(a, "%.*s", STR_ARG(text)).p, "<>="))
		return ERR_NONE;
	while (!rc && next_word(text, &at, &word)) {
		struct condition cond = { .op = WHERE_IS };

		rc = split(word, &cond) ? take(w, c, dataset, &cond, a)
					: keep(&rest, word);
	}
	/* What is being typed ends inside its last word. */
	if (text.n && text.p[text.n - 1] == ' ' && rest.n)
		buf_addc(&rest, ' ');
	w->rest = arena_dup(a, buf_str(&rest));
	buf_release(&rest);
	return rc;
}

/* ---- judging */
static bool number_of(struct str s, double *out)
{
	char text[NUMBER_MAX];
	char *end;

	if (!s.n || s.n >= sizeof(text) ||
	    (s.p[0] != '-' && (s.p[0] < '0' || s.p[0] > '9')))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = strtod(text, &end);
	return !*end;
}

/* 21-11-2026 as people write it is 2026-11-21 as it is stored. */
static struct str date_of(struct str s, struct arena *a)
{
	bool dashed = s.n == 10 && s.p[2] == '-' && s.p[5] == '-';

	if (!dashed)
		return s;
	return arena_printf(a, "%.4s-%.2s-%.2s", s.p + 6, s.p + 3, s.p);
}

/* A bound that is shorter than the value, as a year is, holds all of it. */
static int compare(struct str value, struct str bound, struct arena *a)
{
	double x, y;

	if (number_of(value, &x) && number_of(bound, &y))
		return (x > y) - (x < y);
	bound = date_of(bound, a);
	return str_cmp(str_sub(value, 0, bound.n), bound);
}

/* `*` is any text, `?` any letter. */
static bool like(struct str s, struct str pattern)
{
	size_t i = 0, k = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (k < pattern.n && pattern.p[k] == '*') {
			star = k++;
			from = i;
		} else if (k < pattern.n &&
			   (pattern.p[k] == '?' || pattern.p[k] == s.p[i])) {
			i++;
			k++;
		} else if (star != SIZE_MAX) {
			k = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (k < pattern.n && pattern.p[k] == '*')
		k++;
	return k == pattern.n;
}

/* One of the answers of a choice of several counts as the whole. */
static bool one_is(struct str value, struct str want, struct arena *a)
{
	struct str word;
	double x, y;

	want = date_of(want, a);
	if (like(value, want) ||
	    (number_of(value, &x) && number_of(want, &y) && x >= y && x <= y))
		return true;
	while (str_word(&value, &word))
		if (like(word, want))
			return true;
	return false;
}

static bool is(struct str value, struct str wanted, struct arena *a)
{
	struct str one;

	if (!wanted.n)
		return !value.n;
	while (str_split(&wanted, '|', &one)) {
		size_t dots = str_find(one, STR(".."), 0);

		if (dots == SIZE_MAX) {
			if (one_is(value, one, a))
				return true;
			continue;
		}
		if (value.n && compare(value, str_sub(one, 0, dots), a) >= 0 &&
		    (dots + 2 == one.n ||
		     compare(value, str_sub(one, dots + 2, one.n), a) <= 0))
			return true;
	}
	return false;
}

static bool holds(const struct condition *c, struct str value, struct arena *a)
{
	int order;

	value = utf8_fold(a, str_trim(value));
	if (c->op == WHERE_IS || c->op == WHERE_NOT)
		return is(value, c->value, a);
	if (!value.n || !c->value.n)
		return false;
	order = compare(value, c->value, a);
	switch (c->op) {
	case WHERE_LESS:
		return order < 0;
	case WHERE_MOST:
		return order <= 0;
	case WHERE_MORE:
		return order > 0;
	case WHERE_LEAST:
	case WHERE_IS:
	case WHERE_NOT:
		break;
	}
	return order >= 0;
}

bool where_true(const struct where *w, const struct entity *e, struct arena *a)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct condition *c = &w->at[i];
		bool shown = c->row && c->row->shown < e->n_shown;
		struct str value = entity_prop_of(e, c->name);
		bool yes = (value.p || !shown) && holds(c, value, a);

		/* A code or what is shown for it: either may be meant. */
		if (shown && !yes)
			yes = holds(c, e->shown[c->row->shown], a);
		if (yes == (c->op == WHERE_NOT))
			return false;
	}
	return true;
}
