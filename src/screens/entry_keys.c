/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"

#include "text.h"

/* ---- choices by code */
static void take(struct entry *e, struct ui *u, size_t i)
{
	const struct block *b = entry_block(e);
	struct str value = b->choices.at[i].value;

	edit_set(&e->field.edit, STR(""));
	e->field.fresh = true;
	if (b->many)
		value = choices_toggled(b->value, value, ui_scratch(u));
	entry_choose(e, u, value, !b->many);
}

/* Enter, or a blank, after a code that might have become longer. */
static bool take_typed(struct entry *e, struct ui *u)
{
	const struct block *b = entry_block(e);
	struct str typed = edit_text(&e->field.edit);
	bool longer;
	size_t i;

	if (!typed.n)
		return false;
	i = choices_match(&b->choices, typed, &longer);
	if (i != SIZE_MAX)
		take(e, u, i);
	else
		ui_message(u, _("Tidak ada pilihan %.*s"), STR_ARG(typed));
	return true;
}

static void code_digit(struct entry *e, struct ui *u, struct key k)
{
	const struct block *b = entry_block(e);
	struct str typed;
	bool longer;
	size_t i;

	if (field_key(&e->field, k, cases_sys(e->cases)) != FIELD_CHANGED)
		return;
	typed = edit_text(&e->field.edit);
	i = choices_match(&b->choices, typed, &longer);
	if (i != SIZE_MAX && !longer) {
		take(e, u, i);
		return;
	}
	if (i == SIZE_MAX && !longer && b->many && typed.n > 1 &&
	    choices_match(&b->choices, str_sub(typed, 0, typed.n - 1),
			  &longer) != SIZE_MAX) {
		/* "1" that might have been "10", then another code */
		field_key(&e->field, (struct key){ .code = UI_BACKSPACE },
			  cases_sys(e->cases));
		take_typed(e, u);
		code_digit(e, u, k);
		return;
	}
	if (i == SIZE_MAX && !longer) {
		ui_message(u, _("Tidak ada pilihan %.*s"), STR_ARG(typed));
		edit_set(&e->field.edit, STR(""));
	}
	entry_typed(e, u);
}

/* Backspace takes the last digit, else the last choice; ^U all of them. */
static void code_delete(struct entry *e, struct ui *u, struct key k)
{
	const struct block *b = entry_block(e);
	struct str value = b->value;

	if (e->field.edit.text.n) {
		field_key(&e->field, k, cases_sys(e->cases));
		entry_typed(e, u);
		return;
	}
	while (b->many && k.code != UI_CTRL('u') && value.n &&
	       value.p[value.n - 1] != ' ')
		value.n--;
	if (!b->many || k.code == UI_CTRL('u'))
		value = STR("");
	entry_choose(e, u, arena_dup(ui_scratch(u), str_trim(value)), false);
}

/* Digits are codes where the list has its own; else they search, too. */
static bool types_code(const struct block *b, uint32_t code)
{
	return ascii_digit(code) &&
	       (!b->listed || (b->choices.own && b->choices.n));
}

static bool code_key(struct entry *e, struct ui *u, struct key k)
{
	const struct block *b = entry_block(e);
	bool many = b->many;

	if (k.pasted)
		return true;
	switch (k.code) {
	case UI_BACKSPACE:
	case UI_DELETE:
	case UI_CTRL('u'):
		code_delete(e, u, k);
		return true;
	case UI_ENTER:
	case UI_TAB:
	case UI_DOWN:
		/* of several choices it is the last one: Enter goes on */
		return take_typed(e, u) && !(many && !e->field.edit.text.n);
	case ' ':
		if (!take_typed(e, u) && b->listed)
			entry_list(e, u, k);
		return true;
	default:
		break;
	}
	if (types_code(b, k.code))
		code_digit(e, u, k);
	else if (b->step->item->kind == ITEM_TRIGGER && k.code == 'y')
		take(e, u, 0); /* a warning is confirmed with yes */
	else if (b->listed && key_printable(k) && k.code != '?')
		entry_list(e, u, k);
	else
		return false;
	return true;
}

/* ---- text, numbers, dates */
static bool text_key(struct entry *e, struct ui *u, struct key k)
{
	switch (field_key(&e->field, k, cases_sys(e->cases))) {
	case FIELD_NOT_TAKEN:
		return false;
	case FIELD_TAKEN:
		break;
	case FIELD_LIMIT:
		ui_message(u, _("Penuh: paling banyak %d huruf"), TEXT_MAX);
		break;
	case FIELD_FULL:
		entry_typed(e, u);
		if (entry_commit(e, u))
			entry_next(e, u);
		break;
	case FIELD_CHANGED:
		entry_typed(e, u);
		break;
	}
	return true;
}

/* ---- the table of instances */
static bool roster_key(struct entry *e, struct ui *u, struct key k)
{
	bool fixed;
	size_t n = roster_count(e, &fixed);

	if (k.pasted)
		return true;
	rows_set(&e->roster, n + 1);
	if (k.code == UI_DOWN && e->roster.at == n)
		return false; /* goes on */
	if (k.code == UI_UP && e->roster.at == 0)
		return false;
	if (k.code == UI_PGUP || k.code == UI_PGDN)
		return false;
	if (rows_key(&e->roster, k))
		return true;
	if (k.code == UI_ENTER && e->roster.at < n) {
		if (grid_on(e))
			grid_enter(e, u, e->roster.at, 0);
		else
			entry_enter_instance(e, u, e->roster.at + 1);
		return true;
	}
	return false;
}

bool entry_key(struct screen *s, struct ui *u, struct key k)
{
	struct entry *e = (struct entry *)s;
	const struct page *page = entry_page(e);
	const struct block *b = entry_block(e);

	keying_stroke(&e->keying, sys_now(cases_sys(e->cases)));
	if (e->cells) {
		if (grid_key(e, u, k))
			return true;
		b = entry_block(e);
	} else if (page && page->repeat) {
		return roster_key(e, u, k);
	}
	if (!b)
		return k.pasted;
	return b->field == FIELD_CODE ? code_key(e, u, k) : text_key(e, u, k);
}
