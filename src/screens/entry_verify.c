/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"
#include "pilar/verify.h"

#include "open.h"
#include "text.h"

bool entry_blind(const struct entry *e)
{
	const struct block *b = entry_block(e);

	return e->keying.mode == KEYING_VERIFY && b && !b->reached;
}

bool entry_unverified(struct entry *e, const struct step *step)
{
	struct arena a = { 0 };
	bool reached;

	if (!pages_asks(e->session, step, e->fixed))
		return false;
	reached = keying_reached(&e->keying,
				 session_path(e->session, step->ref, &a));
	arena_release(&a);
	return !reached;
}

/* ---- comparing */
/* In which order things were picked says nothing. */
static bool same_picks(struct str a, struct str b)
{
	struct str rest = a, word;

	if (a.n != b.n)
		return false;
	while (str_word(&rest, &word))
		if (!choices_selected(b, word))
			return false;
	return true;
}

static bool agrees(const struct entry *e, struct str a, struct str b)
{
	const struct block *at = entry_block(e);

	if (at->step->item->kind == ITEM_SELECT)
		return same_picks(a, b);
	return str_eq(a, b);
}

static void settled(struct entry *e, struct ui *u)
{
	keying_reach(&e->keying, entry_path(e, ui_scratch(u)));
	e->keying.n[TALLY_FIELDS]++;
	e->differs = false;
	e->fresh_draft = false;
	e->field.fresh = true;
}

static bool differ(struct entry *e, struct ui *u, struct str value)
{
	bool before = e->differs;

	arena_reset(&e->differing_text);
	e->differing = arena_dup(&e->differing_text, value);
	e->differs = true;
	edit_set(&e->field.edit, STR(""));
	e->field.fresh = true;
	entry_show_again(e, u);
	entry_typed(e, u);
	ui_message(u, "%s",
		   before ? _("BERBEDA lagi: lihat kertasnya, ketik sekali "
			      "lagi")
			  : _("BERBEDA dari yang diketik dulu: ketik sekali "
			      "lagi"));
	return false;
}

bool entry_verify(struct entry *e, struct ui *u, struct str value)
{
	struct ref r = entry_ref(e);
	enum err rc = ERR_NONE;

	value = arena_dup(ui_scratch(u), value);
	if (agrees(e, value, session_value(e->session, r))) {
		e->keying.n[TALLY_VERIFIER] += e->differs;
		settled(e, u);
		entry_show_again(e, u);
		entry_keep(e, u, true);
	} else if (e->differs && agrees(e, value, e->differing)) {
		e->keying.n[TALLY_KEYER]++;
		settled(e, u);
		rc = entry_answer(e, u, r, value);
	} else {
		return differ(e, u, value);
	}
	return rc == ERR_NONE;
}

void entry_pick(struct entry *e, struct str value)
{
	struct block *b = &e->paper.blocks[e->at];
	struct arena *a = &e->paper.arena;

	b->value = arena_dup(a, value);
	b->shown = choices_codes(&b->choices, b->value, a);
	e->field.fresh = true;
}

bool entry_pass(struct entry *e, struct ui *u)
{
	const struct block *b = entry_block(e);

	if (!entry_blind(e))
		return true;
	if (!e->field.fresh && e->field.kind != FIELD_CODE)
		return true; /* compared when it is committed */
	/* a field moved on by itself, and Enter came after it by habit */
	if (e->differs && e->differing.n && !b->value.n && !e->insisted) {
		e->insisted = true;
		return false;
	}
	return entry_verify(e, u, b->value);
}

/* ---- the end */
static enum err submit(struct entry *e, struct str *instance_id,
		       struct arena *a, struct report *rep)
{
	struct submission sub = { 0 };
	enum err rc;

	paradata_reason(&e->keying.log, STR("verification"),
			sys_now(cases_sys(e->cases)));
	entry_log(e, "form finalize", STR(""));
	rc = session_finalise(e->session, &sub, rep);

	if (!rc)
		rc = keying_export(&e->keying, &sub);
	if (!rc)
		rc = cases_submit(e->cases, &sub, draft_id(e->draft), rep);
	if (!rc)
		*instance_id = arena_dup(a, sub.instance_id);
	submission_release(&sub);
	return rc;
}

static void say(struct entry *e, struct ui *u)
{
	const struct keying *k = &e->keying;

	ui_message(u,
		   _("Diperiksa: %llu pertanyaan, %llu salah pengetik, %llu "
		     "salah pemeriksa%s"),
		   (unsigned long long)k->n[TALLY_FIELDS],
		   (unsigned long long)k->n[TALLY_KEYER],
		   (unsigned long long)k->n[TALLY_VERIFIER],
		   k->changed && form_dataset_count(session_form(e->session))
			   ? _(". Perbaiki juga data kasusnya")
			   : "");
}

void entry_verified(struct entry *e, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	struct str id = e->keying.verifies;
	struct report rep = { 0 };
	enum err rc;

	if (entry_seek(e, u, 0, entry_unverified)) {
		ui_pop_to(u, &e->screen);
		ui_message(u, "%s", _("Pertanyaan ini belum diketik ulang"));
		return;
	}
	if (e->keying.changed || e->keying.remarks.n)
		rc = submit(e, &id, a, &rep);
	else
		rc = draft_delete(e->cases, draft_id(e->draft));
	if (!rc)
		e->done = true;
	if (!rc)
		rc = verify_done(e->cases, &e->keying, id);
	if (rc) {
		screen_says(u, &rep, rc);
	} else {
		entry_tell(e, u);
		ui_pop_to(u, &e->screen);
		ui_pop(u);
		say(e, u);
	}
	report_release(&rep);
}
