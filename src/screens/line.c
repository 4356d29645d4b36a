/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/search.h"
#include "pilar/utf8.h"

#include "special.h"
#include "text.h"

/* ---- lines in and out */
static void flush(struct line *l)
{
	if (l->said.n)
		fwrite(l->said.p, 1, l->said.n, l->how->out);
	fflush(l->how->out);
	buf_reset(&l->said);
}

/* The next line without its end; false at the end of input. */
static bool read_line(struct line *l, char out[LINE_MAX_BYTES])
{
	size_t n = 0;
	int c;

	flush(l);
	while ((c = getc(l->how->in)) != EOF && c != '\n') {
		if (c && n + 1 < LINE_MAX_BYTES)
			out[n++] = (char)c;
	}
	out[n] = '\0';
	return c != EOF || n > 0;
}

/* A line without its end is an answer that was cut off: it does not count. */
static bool whole(const struct line *l)
{
	return !feof(l->how->in);
}

/* ---- where one is */
static bool stops_at(struct line *l, const struct step *step)
{
	bool fixed = true;

	if (step->kind == STEP_PROMPT)
		(void)session_count(l->session, step->item, step->ref, &fixed);
	return pages_asks(l->session, step, l->fixed) ||
	       (step->kind == STEP_PROMPT && !fixed);
}

/* A table is told from its holder by the name of its rows. */
static struct str path_of(struct line *l, const struct step *step,
			  struct arena *a)
{
	struct str path = session_path(l->session, step->ref, a);

	if (step->kind != STEP_PROMPT)
		return path;
	return arena_printf(a, "%.*s/%.*s", STR_ARG(path),
			    STR_ARG(step->item->name));
}

static void stand(struct line *l, size_t at)
{
	struct arena a = { 0 };

	l->at = at;
	buf_reset(&l->here);
	if (at < l->n)
		buf_addstr(&l->here, path_of(l, &l->steps[at], &a));
	arena_release(&a);
}

static size_t next_stop(struct line *l, size_t from)
{
	while (from < l->n && !stops_at(l, &l->steps[from]))
		from++;
	return from;
}

static size_t step_of(struct line *l, struct str path)
{
	size_t i = 0;

	for (; i < l->n; i++) {
		bool same = stops_at(l, &l->steps[i]) &&
			    str_eq(path_of(l, &l->steps[i], &l->turn), path);

		if (same)
			break;
	}
	return i;
}

/* After an act: the steps anew; one stands where one stood, or behind it. */
static enum err walk_again(struct line *l)
{
	struct str here = arena_dup(&l->turn, buf_str(&l->here));
	size_t was = l->at, i;
	enum err rc;

	arena_reset(&l->walk);
	l->n = 0;
	rc = session_walk(l->session, &l->walk, &l->steps, &l->n);
	if (rc)
		return rc;
	i = here.n ? step_of(l, here) : l->n;
	if (i == l->n && here.n)
		i = next_stop(l, was < l->n ? was : l->n);
	stand(l, i);
	return ERR_NONE;
}

static void remember(struct line *l)
{
	struct str *slot = l->here.n ? vec_push(&l->trail) : NULL;

	if (slot)
		*slot = arena_dup(&l->trail_texts, buf_str(&l->here));
}

/* On to the next question; what stands between is said with it. */
static size_t go_on(struct line *l)
{
	size_t from = l->at + 1;

	remember(l);
	stand(l, next_stop(l, from));
	if (l->at >= l->n)
		line_review(l);
	return from;
}

static void go_back(struct line *l)
{
	while (l->trail.n) {
		size_t i = step_of(l, l->trail.at[--l->trail.n]);

		if (i < l->n && i != l->at) {
			stand(l, i);
			return;
		}
	}
	line_say(l, "%s\n", _("Ini awal formulir"));
	l->refused = true;
}

static void jump(struct line *l, struct str want)
{
	size_t i = next_stop(l, line_find(l, want));

	if (i == l->n) {
		line_refuse(l, _("Tidak ada pertanyaan itu"));
		return;
	}
	remember(l);
	stand(l, i);
}

/* ---- commands */
static void undo(struct line *l, bool redo)
{
	enum err rc = redo ? session_redo(l->session, &l->changes)
			   : session_undo(l->session, &l->changes);

	if (rc) {
		line_say(l, "%s\n",
			 redo ? _("Tidak ada yang diulang")
			      : _("Tidak ada yang dibatalkan"));
		return;
	}
	line_say(l, "%s\n", redo ? _("Diulang") : _("Dibatalkan"));
	if (line_acted(l) || walk_again(l))
		return;
	for (size_t i = 0; i < l->changes.list.n; i++) {
		size_t at = step_of(l, session_path(l->session,
						    l->changes.list.at[i].ref,
						    &l->turn));

		if (at < l->n) {
			stand(l, at);
			return;
		}
	}
}

static enum err keep(struct line *l)
{
	struct buf kept = BUF_INIT((size_t)1 << 20);
	enum err rc;

	keying_write(&l->keying, &kept);
	rc = draft_keep(l->draft, buf_str(&kept), true);
	buf_release(&kept);
	return rc;
}

static void remark(struct line *l, struct str text)
{
	enum err rc = keying_set_remark(&l->keying, buf_str(&l->here), text);

	l->fresh = false;
	if (!rc)
		rc = keep(l);
	line_say(l, "%s\n", rc ? text_error(rc) : _("Catatan disimpan"));
}

static void log_event(struct line *l, const char *event)
{
	paradata_event(&l->keying.log, event, STR(""),
		       sys_now(cases_sys(l->cases)));
}

static struct str value_here(struct line *l, struct str path)
{
	struct ref r = path.n ? session_find(l->session, path) : REF_NONE;

	return r.node ? session_value(l->session, r) : STR("");
}

static void log_arrival(struct line *l)
{
	struct str path = buf_str(&l->here);

	if (l->at < l->n)
		paradata_arrive(&l->keying.log, path, value_here(l, path),
				sys_now(cases_sys(l->cases)));
	else
		log_event(l, "end screen");
}

static void log_leaving(struct line *l)
{
	struct paradata *log = &l->keying.log;

	paradata_leave(log, value_here(l, log->path),
		       sys_now(cases_sys(l->cases)));
}

/* What may be there already is said once, before it is saved. */
static bool say_twins(struct line *l, const struct submission *sub)
{
	struct twin *twins = NULL;
	size_t n = 0;

	if (l->compared || cases_twins(l->cases, sub, &l->turn, &twins, &n))
		n = 0;
	for (size_t i = 0; i < n; i++)
		line_say(l, "! %.*s: %.*s (%.*s)\n",
			 STR_ARG(cases_title(l->cases, &twins[i].made)),
			 STR_ARG(str_from(_("mungkin sudah ada"))),
			 STR_ARG(twins[i].like.why));
	if (n)
		line_say(l, "! %s\n",
			 _("Bukan yang sama? Ketik f dan "
			   "alasannya."));
	return n > 0;
}

/* "f" and why it is saved though alike. */
static void take_reason(struct line *l, struct str reason)
{
	struct str why = arena_printf(
		&l->turn, _("Mirip yang sudah ada, tetapi lain: %.*s"),
		STR_ARG(reason));

	if (reason.n)
		l->compared = !keying_remark_form(&l->keying, l->session, why);
}

static void finish(struct line *l, struct str reason)
{
	struct submission sub = { 0 };
	struct report rep = { 0 };
	enum err rc = session_finalise(l->session, &sub, &rep);

	take_reason(l, reason);
	if (!rc && say_twins(l, &sub)) {
		submission_release(&sub);
		report_release(&rep);
		return;
	}
	log_event(l, rc ? "finalize error" : "form finalize");
	if (!rc)
		rc = keying_export(&l->keying, &sub);
	if (!rc)
		rc = cases_submit(l->cases, &sub, draft_id(l->draft), &rep);
	if (rc == ERR_CONSTRAINT) {
		line_review(l);
	} else if (rc) {
		line_say(l, "! %s\n", text_error(rc));
	} else {
		l->how->saved = arena_dup(&l->how->arena, sub.instance_id);
		line_say(l, "%s\n", _("Tersimpan"));
		l->keying.n[TALLY_FORMS]++;
		l->over = true;
	}
	if (!rc && report_first(&rep, &l->turn).n)
		line_say_text(l, report_first(&rep, &l->turn));
	submission_release(&sub);
	report_release(&rep);
}

/* False: it is an answer. */
static bool command(struct line *l, struct str text)
{
	struct str rest = str_sub(text, 1, text.n);

	if (str_is(text, "?")) {
		line_help(l);
	} else if (str_is(text, "<")) {
		go_back(l);
	} else if (!str_starts(text, STR(":")) || str_starts(rest, STR(":"))) {
		return false;
	} else if (str_is(rest, "?")) {
		line_review(l);
	} else if (str_is(rest, "s")) {
		l->over = true;
	} else if (str_is(rest, "u") || str_is(rest, "U")) {
		undo(l, str_is(rest, "U"));
	} else if (str_starts(rest, STR("c "))) {
		remark(l, str_trim(str_sub(rest, 2, rest.n)));
	} else {
		jump(l, str_trim(rest));
	}
	return true;
}

/* ":t" and ":m" become what the form takes for them. False: not here. */
static bool take_special(struct line *l, struct str *text)
{
	bool refused = str_is(*text, ":m");
	enum special which = refused ? SPECIAL_REFUSED : SPECIAL_UNKNOWN;
	enum err rc = ERR_NONE;

	if (!refused && !str_is(*text, ":t"))
		return true;
	if (l->at >= l->n || l->steps[l->at].kind != STEP_QUESTION ||
	    !special_value(l->steps[l->at].item, which, text)) {
		line_refuse(l, _("Pertanyaan ini tidak punya jawaban khusus "
				 "itu"));
		return false;
	}
	if (text->n)
		return true;
	*text = STR("-");
	l->fresh = false;
	rc = special_remark(&l->keying, buf_str(&l->here), which);
	if (!rc)
		rc = keep(l);
	if (rc)
		line_refuse(l, text_error(rc));
	return !rc;
}

/* One answer; where what is to be said before the next question begins. */
static size_t turn(struct line *l, struct str text)
{
	size_t nothing_new = l->n + 1, from = l->at;

	if (!take_special(l, &text) || command(l, text))
		return nothing_new;
	if (str_starts(text, STR("::")))
		text = str_sub(text, 1, text.n);
	if (l->at >= l->n) {
		if (str_is(text, "f") || str_starts(text, STR("f ")))
			finish(l, str_trim(str_sub(text, 1, text.n)));
		else if (text.n)
			line_refuse(l, _("Ketik f, atau :nomor"));
		return nothing_new;
	}
	if (!line_take(l, text) || l->over) {
		l->refused = true;
		if (!l->over && walk_again(l))
			l->over = true;
		return nothing_new;
	}
	if (walk_again(l)) {
		l->over = true;
		return nothing_new;
	}
	if (!l->added)
		return go_on(l);
	/* the new row stands where it was asked for */
	l->added = false;
	remember(l);
	stand(l, next_stop(l, from));
	return from;
}

static size_t part(struct line *l, struct str typed)
{
	struct buf clean = BUF_INIT((size_t)4 * LINE_MAX_BYTES);
	size_t from;

	arena_reset(&l->turn);
	utf8_clean(&clean, typed);
	l->keying.n[TALLY_STROKES] += typed.n;
	from = turn(l, str_trim(buf_str(&clean)));
	buf_release(&clean);
	return from;
}

/*
 * Several answers with tabs between them: as typed one after another, up to
 * one that is refused, and the questions are not said.
 */
static size_t parts(struct line *l, struct str typed)
{
	struct str rest = typed, one;
	size_t from = l->n + 1, lost = 0;

	l->refused = false;
	while (str_split(&rest, '\t', &one)) {
		if (l->refused || l->over) {
			lost++;
			continue;
		}
		if (one.p != typed.p) {
			line_pass(l, from);
			log_arrival(l);
			l->number = 0;
		}
		from = part(l, one);
		log_leaving(l);
	}
	if (lost)
		line_say(l, _("! %zu jawaban sesudahnya tidak dipakai\n"),
			 lost);
	return from;
}

static void run(struct line *l)
{
	char text[LINE_MAX_BYTES];
	size_t from = 0;

	while (!l->over) {
		line_ask(l, from);
		log_arrival(l);
		if (!read_line(l, text) || !whole(l))
			break;
		keying_stroke(&l->keying, sys_now(cases_sys(l->cases)));
		from = parts(l, str_from(text));
	}
	if (!l->how->saved.n) {
		log_event(l, "form save");
		log_event(l, "form exit");
	}
	if (!l->fresh)
		keying_tell(&l->keying, l->cases, session_form(l->session));
	if (!l->how->saved.n) {
		if (!l->fresh && keep(l))
			line_say(l, "%s\n", _("Draf BELUM tersimpan"));
		draft_cursor(l->draft, buf_str(&l->here));
		line_say(l, "\n%s\n",
			 l->fresh ? _("Tidak ada yang disimpan")
				  : _("Draf tersimpan"));
	}
	flush(l);
}

/* ---- opening */
static bool same_start(const struct cases_start *s, const struct draft_row *r)
{
	return str_eq(s->form, r->form_id) && str_eq(s->entity, r->entity) &&
	       !r->held;
}

/* A draft of the same start that the person wants to go on with. */
static struct str offered(struct line *l, struct arena *a)
{
	struct draft_row *rows = NULL;
	char text[LINE_MAX_BYTES];
	size_t n = 0;

	if (draft_list(l->cases, a, &rows, &n))
		return STR("");
	for (size_t i = 0; i < n; i++) {
		if (!same_start(&l->how->start, &rows[i]))
			continue;
		line_say(l, _("Draf %.*s, %u isian. Lanjutkan? (y/t): "),
			 STR_ARG(text_time(&l->turn, cases_sys(l->cases),
					   rows[i].at)),
			 (unsigned)rows[i].answered);
		if (read_line(l, text) && str_is(str_trim(str_from(text)), "y"))
			return rows[i].id;
		return STR("");
	}
	return STR("");
}

static enum err open_draft(struct line *l, struct str id, struct report *rep)
{
	struct draft_open open = { 0 };
	struct arena a = { 0 };
	enum err rc = draft_open(&open, l->cases, id, false, &a, rep);

	if (!rc) {
		l->draft = open.draft;
		l->session = open.session;
		l->fixed = open.fixed;
		buf_addstr(&l->here, open.cursor);
		if (keying_read(&l->keying, open.kept))
			l->keying.mode = KEYING_VISIT;
	}
	arena_release(&a);
	return rc;
}

static enum err open_new(struct line *l, struct report *rep)
{
	const struct cases_start *s = &l->how->start;
	enum err rc = cases_start(l->cases, s, &l->session, &l->fixed, rep);

	if (!rc)
		rc = keying_remark_form(&l->keying, l->session, s->remark);
	if (rc)
		return rc;
	l->fresh = true;
	return draft_new(&l->draft, l->cases, l->session, s->dataset,
			 s->entity);
}

static enum err open_line(struct line *l, struct report *rep)
{
	struct arena a = { 0 };
	struct str id = offered(l, &a);
	enum err rc = id.n ? open_draft(l, id, rep) : open_new(l, rep);

	if (!rc)
		rc = keying_bind(&l->keying, l->session);
	if (!rc)
		rc = session_walk(l->session, &l->walk, &l->steps, &l->n);
	if (!rc) {
		paradata_begin(&l->keying.log, session_form(l->session),
			       cases_worker(l->cases)->code);
		log_event(l, id.n ? "form resume" : "form start");
	}
	if (!rc) {
		size_t at = l->here.n ? step_of(l, buf_str(&l->here)) : l->n;

		stand(l, at < l->n ? at : next_stop(l, 0));
		line_say_text(l, form_title(session_form(l->session)));
		line_say(l, " (%s)\n", _("? = bantuan"));
	}
	arena_release(&a);
	return rc;
}

static void close_line(struct line *l)
{
	struct arena a = { 0 };
	struct str id = l->draft && l->fresh ? arena_dup(&a, draft_id(l->draft))
					     : STR("");

	if (l->draft)
		draft_close(l->draft);
	if (id.n) /* an empty draft in the list does no harm */
		(void)!draft_delete(l->cases, id);
	arena_release(&a);
	session_free(l->session);
	changes_release(&l->changes);
	keying_release(&l->keying);
	vec_release(&l->trail);
	vec_release(&l->lists);
	arena_release(&l->trail_texts);
	arena_release(&l->insisted_text);
	arena_release(&l->walk);
	arena_release(&l->turn);
	buf_release(&l->said);
	buf_release(&l->here);
}

enum err screens_fill_lines(struct cases *c, struct fill_lines *how,
			    struct report *rep)
{
	struct line l = { .how = how,
			  .cases = c,
			  .said = BUF_INIT((size_t)1 << 20),
			  .here = BUF_INIT((size_t)1 << 16) };
	enum err rc = open_line(&l, rep);

	if (!rc)
		run(&l);
	close_line(&l);
	return rc;
}
