/* SPDX-License-Identifier: MIT */
#include "line.h"

#include "pilar/i18n.h"
#include "pilar/search.h"
#include "pilar/utf8.h"

#include "paper.h"
#include "text.h"

enum err line_acted(struct line *l)
{
	struct buf kept = BUF_INIT((size_t)1 << 20);
	enum err rc;

	l->fresh = false;
	keying_follow(&l->keying, &l->changes);
	keying_write(&l->keying, &kept);
	rc = draft_keep(l->draft, buf_str(&kept), false);
	if (!rc && l->changes.record.n)
		rc = draft_act(l->draft, l->changes.record, buf_str(&l->here));
	buf_release(&kept);
	if (rc == ERR_LOCKED) {
		line_say(l, "%s\n",
			 _("Draf ini sudah dilanjutkan di tempat lain"));
		l->over = true;
	} else if (rc) {
		struct str why =
			text_unsaved(&l->turn, l->cases, STORE_DRAFTS, rc);

		line_say(l, _("BELUM tersimpan: %.*s\n"), STR_ARG(why));
	}
	return rc;
}

/* The answer stands, or is refused with a sentence. */
static bool answer(struct line *l, struct str value)
{
	const struct step *step = &l->steps[l->at];
	struct str why, was;
	enum err rc;

	if (str_eq(value, session_value(l->session, step->ref)))
		return true;
	was = arena_dup(&l->turn, session_value(l->session, step->ref));
	rc = session_answer(l->session, step->ref, value, &l->changes);
	if (rc && rc != ERR_CONSTRAINT) {
		line_refuse(l, rc == ERR_REFUSED
				       ? _("Jawaban ini tidak bisa dipilih")
				       : text_error(rc));
		return false;
	}
	keying_answered(&l->keying, buf_str(&l->here), was, value);
	l->keying.n[TALLY_REFUSED] += rc == ERR_CONSTRAINT;
	if (line_acted(l))
		return false;
	if (!rc)
		return true;
	why = session_message(l->session, step->ref);
	buf_adds(&l->said, "! ");
	line_say_text(l, why.n ? why : paper_wrong(VIOLATED));
	buf_addc(&l->said, '\n');
	return false;
}

/* ---- text, numbers, dates */
/* Between the parts of a date; "12 Juli 1985" is not read as 12-1-985. */
static bool separates(uint32_t cp)
{
	return cp == ' ' || cp == '-' || cp == '/' || cp == '.' || cp == ':';
}

/* As it would be typed into a field; a sign the field does not take is said. */
static bool typed_value(struct line *l, struct str text, struct str *value)
{
	const struct step *step = &l->steps[l->at];
	const struct sys *sys = cases_sys(l->cases);
	struct field f = { .kind = FIELD_TEXT };
	bool whole = true;
	enum err rc;

	field_begin(&f, step->item, STR(""));
	for (size_t at = 0; at < text.n;) {
		struct key k = { .code = utf8_next(text, &at) };
		enum field_result r = field_key(&f, k, sys);

		whole = whole && (r == FIELD_CHANGED || r == FIELD_FULL ||
				  (f.kind >= FIELD_DATE && separates(k.code)));
	}
	rc = whole ? field_value(&f, sys, &l->turn, value) : ERR_INVALID;
	if (!rc && value->n && !session_castable(l->session, step->ref, *value))
		rc = ERR_INVALID;
	if (rc)
		line_refuse(l, field_complaint(f.kind));
	field_release(&f);
	return !rc;
}

/* ---- choices */
static void say_matches(struct line *l, const struct choices *c,
			const size_t *found, size_t n)
{
	for (size_t i = 0; i < n && i < LINE_MATCHES; i++) {
		line_say(l, "  %.*s ", STR_ARG(c->codes[found[i]]));
		line_say_text(l, text_plain(&l->turn, c->at[found[i]].label));
		buf_addc(&l->said, '\n');
	}
	if (n > LINE_MATCHES)
		line_say(l, _("  ... %zu lagi, ketik lebih banyak huruf\n"),
			 n - LINE_MATCHES);
}

/* The one that the words mean, or SIZE_MAX with a list of them. */
static size_t by_words(struct line *l, const struct choices *c, struct str raw)
{
	struct str typed = search_fold(&l->turn, raw, true);
	size_t *found = arena_array(&l->turn, c->n + 1, sizeof(*found));
	size_t n = 0;

	for (unsigned want = 0; found && !n && want < RANK_NONE; want++) {
		for (size_t i = 0; i < c->n; i++) {
			struct str line = search_fold(
				&l->turn, text_plain(&l->turn, c->at[i].label),
				false);

			if (choice_rank(c->codes[i], line, raw, typed) == want)
				found[n++] = i;
		}
	}
	if (n == 1)
		return found[0];
	if (n)
		say_matches(l, c, found, n);
	else
		line_refuse(l, _("Tidak ada pilihan itu"));
	return SIZE_MAX;
}

static size_t one_choice(struct line *l, const struct choices *c,
			 struct str raw)
{
	bool longer;
	size_t i = choices_match(c, raw, &longer);

	if (i == SIZE_MAX)
		i = choices_find(c, raw);
	return i != SIZE_MAX ? i : by_words(l, c, raw);
}

/* "1 3" or "1,3": all of them anew. */
static bool many_choices(struct line *l, const struct choices *c,
			 struct str text, struct str *value)
{
	struct str rest = text, word, part;

	*value = STR("");
	while (str_word(&rest, &word)) {
		while (word.n && str_split(&word, ',', &part)) {
			size_t i = part.n ? one_choice(l, c, part) : SIZE_MAX;

			if (!part.n)
				continue;
			if (i == SIZE_MAX)
				return false;
			if (!choices_selected(*value, c->at[i].value))
				*value = choices_toggled(*value, c->at[i].value,
							 &l->turn);
		}
	}
	return true;
}

static bool chosen_value(struct line *l, struct str text, struct str *value)
{
	const struct step *step = &l->steps[l->at];
	struct choices c = { .n = 0 };
	size_t i;

	if (choices_load(&c, l->session, step->ref, &l->turn))
		return false;
	if (step->item->kind == ITEM_SELECT || step->item->kind == ITEM_RANK)
		return many_choices(l, &c, text, value);
	i = one_choice(l, &c, text);
	if (i == SIZE_MAX)
		return false;
	*value = c.at[i].value;
	return true;
}

/* ---- rows */
static bool take_prompt(struct line *l, struct str text)
{
	const struct step *step = &l->steps[l->at];
	enum err rc;

	if (!text.n || str_is(text, "t") || str_is(text, "n"))
		return true;
	if (!str_is(text, "y")) {
		line_refuse(l, _("Ketik y atau t"));
		return false;
	}
	rc = session_add(l->session, step->item, step->ref, SIZE_MAX,
			 &l->changes);
	if (rc)
		line_refuse(l, text_error(rc));
	else
		rc = line_acted(l);
	l->added = !rc;
	return !rc;
}

/* The same answer twice goes on, right or wrong, as on the screens. */
static bool insists(struct line *l, struct str text)
{
	bool again = l->insisted.n && str_eq(l->insisted, text);

	arena_reset(&l->insisted_text);
	l->insisted = again ? STR("") : arena_dup(&l->insisted_text, text);
	return again;
}

bool line_take(struct line *l, struct str text)
{
	const struct step *step = &l->steps[l->at];
	struct str value = STR("");
	bool ok;

	if (step->kind == STEP_PROMPT)
		return take_prompt(l, text);
	keying_reach(&l->keying, buf_str(&l->here));
	if (!text.n || insists(l, text)) {
		l->insisted = STR("");
		return true;
	}
	if (str_is(text, "-"))
		ok = true;
	else if (field_kind_of(step->item) == FIELD_CODE)
		ok = chosen_value(l, text, &value);
	else
		ok = typed_value(l, text, &value);
	ok = ok && answer(l, value);
	if (ok)
		l->insisted = STR("");
	return ok;
}
