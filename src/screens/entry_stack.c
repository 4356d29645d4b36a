/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

/* ---- the record before */
/* The last record of this form, as a session to look into. */
static enum err load_before(struct entry *e)
{
	const struct form *f = session_form(e->session);
	struct arena a = { 0 };
	struct report rep = { 0 };
	struct session *s = NULL;
	struct str xml;
	enum err rc = e->before ? ERR_EXISTS : ERR_NONE;

	if (!rc)
		rc = cases_last_saved(e->cases, form_id(f), &a, &xml);
	if (!rc)
		rc = cases_session(e->cases, form_id(f), form_version(f), &s,
				   &rep);
	if (!rc)
		rc = session_restore(s, xml, false, &rep);
	if (rc)
		session_free(s);
	else
		e->before = s;
	arena_release(&a);
	report_release(&rep);
	return rc == ERR_EXISTS ? ERR_NONE : rc;
}

/* "/d/rep[3]/x" becomes "/d/rep[2]/x"; false: not in a row, or the first. */
static bool row_before(struct str path, struct arena *a, struct str *out)
{
	size_t open = path.n, close;
	uint64_t n = 0;

	while (open > 0 && path.p[open - 1] != '[')
		open--;
	close = open ? str_find(path, STR("]"), open) : SIZE_MAX;
	if (close == SIZE_MAX || !str_to_u64(str_sub(path, open, close), &n) ||
	    n < 2)
		return false;
	*out = arena_printf(a, "%.*s%llu%.*s", (int)open, path.p,
			    (unsigned long long)n - 1,
			    STR_ARG(str_sub(path, close, path.n)));
	return true;
}

/* What stood there before: in the row above, else in the last record. */
static struct str value_before(struct entry *e, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	struct str path = entry_path(e, a), above;
	struct session *s = e->session;
	struct ref r;

	if (row_before(path, a, &above)) {
		path = above;
	} else {
		if (load_before(e))
			return STR("");
		s = e->before;
	}
	r = session_find(s, path);
	return r.node ? arena_dup(a, session_value(s, r)) : STR("");
}

void entry_copy(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	struct str value;

	(void)b;
	if (!entry_block(e))
		return;
	value = value_before(e, u);
	if (value.n)
		entry_choose(e, u, value, true);
	else
		ui_message(u, "%s",
			   _("Tidak ada jawaban sebelumnya untuk disalin"));
}

/* ---- the next form of a stack */
/* In the order of the form: a village is asked for below its district. */
static void carry_answers(struct entry *e, struct entry *from)
{
	struct changes changes = { 0 };
	struct arena a = { 0 };

	for (size_t i = 0; i < from->pages.n_steps; i++) {
		const struct step *step = &from->pages.steps[i];
		struct str path = session_path(from->session, step->ref, &a);
		struct ref to;

		if (step->kind != STEP_QUESTION ||
		    !keying_lasts(&from->keying, path))
			continue;
		to = session_find(e->session, path);
		/* one that is refused is asked again */
		if (to.node &&
		    session_answer(e->session, to,
				   session_value(from->session, step->ref),
				   &changes))
			continue;
	}
	changes_release(&changes);
	arena_release(&a);
}

void entry_carry(struct entry *e, struct entry *from)
{
	e->keying.mode = from->keying.mode;
	e->keying.nth = from->keying.nth + 1;
	carry_answers(e, from);
	vec_each (path, &from->keying.lasting)
		if (keying_toggle_lasting(&e->keying, *path))
			return; /* the rest is asked again */
}

void entry_next_form(struct entry *e, struct ui *u)
{
	struct cases_start how = { .form = form_id(session_form(e->session)) };

	if (!e->keying.nth)
		e->keying.nth = 1;
	entry_start_after(u, e->cases, &how, STR(""), e);
}
