/* SPDX-License-Identifier: MIT */
#include "choices.h"

#include "pilar/i18n.h"

#include "field.h"

/* What is acknowledged has one answer. */
static enum err load_trigger(struct choices *c, struct arena *a)
{
	c->at = arena_array(a, 1, sizeof(*c->at));
	if (!c->at)
		return ERR_NOMEM;
	c->n = 1;
	c->at[0] = (struct choice){ .value = STR("OK"),
				    .label = str_from(_("Ya, sudah")) };
	return ERR_NONE;
}

static enum err load_list(struct choices *c, struct session *s, struct ref r,
			  struct arena *a)
{
	const struct choice *lent = NULL;
	enum err rc = session_choices(s, r, a, &lent, &c->n);

	if (rc || !c->n)
		return rc;
	c->at = arena_array(a, c->n, sizeof(*c->at));
	if (!c->at)
		return ERR_NOMEM;
	for (size_t i = 0; i < c->n; i++) {
		c->at[i].value = arena_dup(a, lent[i].value);
		c->at[i].label =
			arena_dup(a, lent[i].label.p ? lent[i].label : STR(""));
	}
	return ERR_NONE;
}

enum err choices_load(struct choices *c, struct session *s, struct ref r,
		      struct arena *a)
{
	const struct item *i = session_item(s, r);
	enum err rc;

	*c = (struct choices){ 0 };
	rc = i && i->kind == ITEM_TRIGGER ? load_trigger(c, a)
					  : load_list(c, s, r, a);
	if (rc) {
		c->n = 0;
		return rc;
	}
	c->codes = arena_array(a, c->n, sizeof(*c->codes));
	if (!c->codes && c->n) {
		c->n = 0;
		return ERR_NOMEM;
	}
	c->own = choices_coded(c->at, c->n);
	for (size_t k = 0; k < c->n; k++)
		c->codes[k] =
			c->own ? c->at[k].value : arena_printf(a, "%zu", k + 1);
	return ERR_NONE;
}

size_t choices_match(const struct choices *c, struct str typed, bool *longer)
{
	size_t found = SIZE_MAX;

	*longer = false;
	for (size_t i = 0; typed.n && i < c->n; i++) {
		if (str_eq(c->codes[i], typed))
			found = i;
		else if (str_starts(c->codes[i], typed))
			*longer = true;
	}
	if (found == SIZE_MAX && !*longer && typed.n > 1 && typed.p[0] == '0')
		return choices_match(c, str_sub(typed, 1, typed.n), longer);
	return found;
}

size_t choices_find(const struct choices *c, struct str value)
{
	for (size_t i = 0; i < c->n; i++) {
		if (str_eq(c->at[i].value, value))
			return i;
	}
	return SIZE_MAX;
}

struct str choices_codes(const struct choices *c, struct str value,
			 struct arena *a)
{
	struct str rest = value, word, out = STR("");

	while (str_word(&rest, &word)) {
		size_t i = choices_find(c, word);
		struct str code = i < c->n ? c->codes[i] : STR("?");

		out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out),
				   out.n ? " " : "", STR_ARG(code));
	}
	return out;
}

bool choices_selected(struct str value, struct str choice)
{
	struct str rest = value, word;

	while (str_word(&rest, &word)) {
		if (str_eq(word, choice))
			return true;
	}
	return false;
}

struct str choices_toggled(struct str value, struct str choice, struct arena *a)
{
	struct str rest = value, word, out = STR("");
	bool had = false;

	while (str_word(&rest, &word)) {
		if (str_eq(word, choice)) {
			had = true;
			continue;
		}
		out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out),
				   out.n ? " " : "", STR_ARG(word));
	}
	if (had)
		return out;
	return arena_printf(a, "%.*s%s%.*s", STR_ARG(out), out.n ? " " : "",
			    STR_ARG(choice));
}

static bool word_begins(struct str folded, struct str word)
{
	struct str rest = folded, have;

	while (str_word(&rest, &have)) {
		if (str_starts(have, word))
			return true;
	}
	return false;
}

static bool all_words(struct str folded, struct str typed)
{
	struct str rest = typed, word;

	while (str_word(&rest, &word)) {
		if (!word_begins(folded, word))
			return false;
	}
	return true;
}

/* "tanjung k" begins "tanjungkarang pusat": names are written both ways. */
static bool begins_unspaced(struct str text, struct str typed)
{
	size_t at = 0;

	for (size_t i = 0; i < typed.n; i++) {
		if (typed.p[i] == ' ')
			continue;
		while (at < text.n && text.p[at] == ' ')
			at++;
		if (at == text.n || text.p[at++] != typed.p[i])
			return false;
	}
	return true;
}

static bool found_unspaced(struct str folded, struct str typed)
{
	struct str rest = folded, word;

	while (str_word(&rest, &word)) {
		size_t at = (size_t)(word.p - folded.p);

		if (begins_unspaced(str_sub(folded, at, folded.n), typed))
			return true;
	}
	return false;
}

unsigned choice_rank(struct str code, struct str line, struct str raw,
		     struct str typed)
{
	if (!raw.n || str_eq(code, raw))
		return 0;
	if (str_starts(code, raw) || begins_unspaced(line, typed))
		return 1;
	return typed.n && (all_words(line, typed) ||
			   found_unspaced(line, typed))
		       ? 2
		       : RANK_NONE;
}
