/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"

#include "text.h"

/* ---- the draft */
/* The record is the session's only until the next act. */
static void keep_record(struct entry *e)
{
	struct str *record;

	if (!e->changes.record.n)
		return;
	if (!e->unsaved.n)
		arena_reset(&e->records);
	record = vec_push(&e->unsaved);
	if (record)
		*record = arena_dup(&e->records, e->changes.record);
}

static void say_unstored(const struct entry *e, struct ui *u, enum err rc)
{
	struct str why;

	if (!rc)
		return;
	why = text_unsaved(ui_scratch(u), e->cases, STORE_DRAFTS, rc);
	ui_message(u, _("Ketikan BELUM tersimpan: %.*s"), STR_ARG(why));
}

void entry_keep(struct entry *e, struct ui *u, bool now)
{
	struct buf b = BUF_INIT((size_t)1 << 20);

	if (!e->draft || e->done)
		return;
	keying_write(&e->keying, &b);
	say_unstored(e, u,
		     b.failed ? b.failed
			      : draft_keep(e->draft, buf_str(&b), now));
	buf_release(&b);
}

void entry_settle(struct screen *s, struct ui *u)
{
	struct entry *e = (struct entry *)s;
	struct arena a = { 0 };
	struct str cursor;
	size_t done = 0;
	enum err rc = ERR_NONE;

	if (!e->unsaved.n || !e->draft)
		return;
	entry_keep(e, u, false);
	cursor = entry_path(e, &a);
	while (!rc && done < e->unsaved.n) {
		rc = draft_act(e->draft, e->unsaved.at[done], cursor);
		done += !rc;
	}
	for (size_t i = done; i < e->unsaved.n; i++)
		e->unsaved.at[i - done] = e->unsaved.at[i];
	e->unsaved.n -= done;
	arena_release(&a);
	if (rc == ERR_LOCKED) {
		ui_pop_to(u, s);
		ui_pop(u);
		ui_message(u, _("Draf ini sudah dilanjutkan di tempat lain"));
	} else if (rc) {
		struct str why =
			text_unsaved(ui_scratch(u), e->cases, STORE_DRAFTS, rc);

		entry_log(e, "save error", STR(""));
		ui_message(u, _("BELUM tersimpan, dicoba lagi: %.*s"),
			   STR_ARG(why));
	}
}

/* Half-typed text, or nothing when the field is as it was. */
static struct str half_typed(const struct entry *e)
{
	if (!entry_block(e) || e->field.fresh)
		return STR("");
	return edit_text(&e->field.edit);
}

static void wake_for_draft(struct entry *e, struct ui *u)
{
	int due = draft_due(e->draft);

	if (due >= 0)
		ui_wake(u, due);
}

void entry_typed(struct entry *e, struct ui *u)
{
	e->insisted = false;
	e->fresh_draft = false;
	if (!e->draft)
		return;
	/* the question may have been reached without an act */
	draft_cursor(e->draft, entry_path(e, ui_scratch(u)));
	say_unstored(e, u, draft_typing(e->draft, half_typed(e), false));
	wake_for_draft(e, u);
}

void entry_tick(struct screen *s, struct ui *u)
{
	struct entry *e = (struct entry *)s;

	if (!e->draft)
		return;
	say_unstored(e, u, draft_flush(e->draft));
	wake_for_draft(e, u);
}

void entry_store(struct screen *s, struct ui *u)
{
	struct entry *e = (struct entry *)s;
	struct arena a = { 0 };

	if (!e->draft || e->done)
		return;
	entry_settle(s, u);
	draft_cursor(e->draft, entry_path(e, &a));
	say_unstored(e, u, draft_typing(e->draft, half_typed(e), true));
	if (!e->fresh_draft)
		entry_keep(e, u, true);
	arena_release(&a);
}

void entry_tell(struct entry *e, struct ui *u)
{
	if (e->fresh_draft)
		return;
	keying_tell(&e->keying, e->cases, session_form(e->session));
	entry_keep(e, u, true);
}

/* ---- acts */
void entry_acted(struct entry *e, struct ui *u)
{
	keep_record(e);
	keying_follow(&e->keying, &e->changes);
	e->fresh_draft = false;
	e->keying.changed = true;
	entry_reload(e, u);
	ui_settle(u);
}

/* The cursor went on without an act. */
static void forget_typing(struct entry *e)
{
	e->field.fresh = true;
	if (e->draft && draft_typing(e->draft, STR(""), false))
		return; /* an old half-typed text does no harm */
}

enum err entry_answer(struct entry *e, struct ui *u, struct ref r,
		      struct str value)
{
	struct str was = arena_dup(ui_scratch(u), session_value(e->session, r));
	struct str path = session_path(e->session, r, ui_scratch(u));
	enum err rc = session_answer(e->session, r, value, &e->changes);

	if (rc && rc != ERR_CONSTRAINT) {
		ui_message(u, "%s",
			   rc == ERR_REFUSED
				   ? _("Jawaban ini tidak bisa dipilih")
				   : text_error(rc));
		return rc;
	}
	e->keying.n[TALLY_REFUSED] += rc == ERR_CONSTRAINT;
	if (rc)
		entry_log(e, "constraint error", path);
	keying_answered(&e->keying, path, was, value);
	keying_reach(&e->keying, path);
	entry_acted(e, u);
	return rc;
}

/*
 * True: the answer stands and one may go on. A failing constraint stops once:
 * the answer is stored, and the same answer again goes on.
 */
static bool answer(struct entry *e, struct ui *u, struct str value)
{
	struct ref r = entry_ref(e);
	enum err rc;

	if (entry_blind(e))
		return entry_verify(e, u, value);
	if (str_eq(value, session_value(e->session, r)))
		return true;
	rc = entry_answer(e, u, r, value);
	if (!rc || rc == ERR_CONSTRAINT)
		e->field.fresh = true;
	return rc == ERR_NONE;
}

/* The field as the stored answer says. */
static void begin_again(struct entry *e)
{
	const struct block *b = entry_block(e);

	if (b)
		field_begin(&e->field, b->step->item, b->value);
}

/* What cannot be an answer is a remark, so that the review still shows what
 * was typed. */
static void keep_refused(struct entry *e, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	struct str path = entry_path(e, a);
	struct str text = arena_printf(a, _("Diketik: %.*s"),
				       STR_ARG(edit_text(&e->field.edit)));
	enum err rc = ERR_NONE;

	if (entry_blind(e))
		return;
	if (str_find(keying_remark(&e->keying, path), text, 0) == SIZE_MAX)
		rc = keying_add_remark(&e->keying, path, text);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	e->fresh_draft = false;
	entry_keep(e, u, true);
	entry_show_again(e, u);
	ui_message(u, "%s", _("Bukan jawaban; disimpan sebagai catatan"));
}

bool entry_commit(struct entry *e, struct ui *u)
{
	const struct block *b = entry_block(e);
	struct str value;
	enum err rc;

	if (!b || e->field.fresh || e->field.kind == FIELD_CODE) {
		begin_again(e);
		return true;
	}
	rc = field_value(&e->field, cases_sys(e->cases), ui_scratch(u), &value);
	if (!rc && value.n &&
	    !session_castable(e->session, b->step->ref, value))
		rc = ERR_INVALID;
	if (rc && !e->insisted) {
		e->insisted = true;
		ui_message(u, "%s", field_complaint(e->field.kind));
		return false;
	}
	if (rc) { /* asked for twice: the field stays as it was */
		keep_refused(e, u);
		begin_again(e);
		forget_typing(e);
		return true;
	}
	if (!answer(e, u, value))
		return false;
	forget_typing(e);
	return true;
}

void entry_choose(struct entry *e, struct ui *u, struct str value, bool go_on)
{
	bool stands;

	if (entry_blind(e) && !go_on) {
		entry_pick(e, value);
		return;
	}
	stands = answer(e, u, value);
	begin_again(e);
	if (stands && go_on)
		entry_next(e, u);
}

/* "/data/rep[2]" is shown in the table "/data/rep". */
static void show_row(struct entry *e, struct ui *u, struct ref row)
{
	struct str path = session_path(e->session, row, ui_scratch(u));

	while (path.n && path.p[path.n - 1] != '[')
		path.n--;
	if (path.n)
		path.n--;
	entry_goto(e, u, path);
}

/* The first question that the act moved. */
static void show_changed(struct entry *e, struct ui *u)
{
	for (size_t i = 0; i < e->changes.list.n; i++) {
		const struct change *c = &e->changes.list.at[i];
		const struct item *item;

		if (c->kind & CHANGE_ADDED) {
			show_row(e, u, c->ref);
			return;
		}
		if (!(c->kind & CHANGE_VALUE) ||
		    !session_relevant(e->session, c->ref))
			continue;
		item = session_item(e->session, c->ref);
		if (!item || session_readonly(e->session, c->ref))
			continue;
		entry_goto(e, u,
			   session_path(e->session, c->ref, ui_scratch(u)));
		return;
	}
	begin_again(e);
}

void entry_undo(struct entry *e, struct ui *u, bool redo)
{
	enum err rc;

	if (!redo && !e->field.fresh) {
		/* what is being typed is the last act */
		begin_again(e);
		entry_typed(e, u);
		return;
	}
	rc = redo ? session_redo(e->session, &e->changes)
		  : session_undo(e->session, &e->changes);
	if (rc) {
		ui_message(u, "%s",
			   rc != ERR_REFUSED ? text_error(rc)
			   : redo            ? _("Tidak ada yang diulang")
					     : _("Tidak ada yang dibatalkan"));
		return;
	}
	entry_acted(e, u);
	show_changed(e, u);
	ui_message(u, "%s", redo ? _("Diulang") : _("Dibatalkan"));
}
