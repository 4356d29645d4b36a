/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

/* The form speaks the language of the program where it can. */
static void speak(struct entry *e)
{
	char code[16];

	snprintf(code, sizeof(code), "(%s)", i18n_lang());
	if (str_find(session_language(e->session), str_from(code), 0) !=
	    SIZE_MAX)
		return;
	if (session_set_language(e->session, str_from(i18n_lang())))
		return; /* it stays with its own */
}

void entry_log(struct entry *e, const char *event, struct str path)
{
	paradata_event(&e->keying.log, event, path,
		       sys_now(cases_sys(e->cases)));
}

void entry_log_close(struct entry *e)
{
	int64_t now = sys_now(cases_sys(e->cases));

	if (entry_block(e))
		paradata_leave(&e->keying.log,
			       session_value(e->session, entry_ref(e)), now);
	paradata_page(&e->keying.log, STR(""), now);
}

static void log_begin(struct entry *e, const char *event)
{
	paradata_begin(&e->keying.log, session_form(e->session),
		       cases_worker(e->cases)->code);
	entry_log(e, event, STR(""));
}

static void set_title(struct entry *e, struct str of)
{
	struct str form = form_title(session_form(e->session));

	if (of.n)
		e->title = arena_printf(&e->arena, "%.*s - %.*s", STR_ARG(form),
					STR_ARG(of));
	else
		e->title = arena_dup(&e->arena, form);
}

/* Without it marks and remarks of rows that move stay where they were. */
static void bind(struct entry *e, struct ui *u)
{
	enum err rc = keying_bind(&e->keying, e->session);

	if (rc)
		ui_message(u, "%s", text_error(rc));
}

/* The last question that the action answers: "ubah jenis=alamat". */
static struct ref given(struct session *s, struct str words)
{
	const struct item *item = NULL;
	struct str word;

	while (str_word(&words, &word)) {
		size_t eq = str_find(word, STR("="), 0);

		if (eq != SIZE_MAX)
			item = form_question(session_form(s),
					     str_sub(word, 0, eq));
	}
	return item ? session_near(s, item, session_root(s)) : REF_NONE;
}

/* One begins behind what the key that was pressed has said already. */
static void begin_behind(struct entry *e, struct ui *u, struct str words)
{
	struct ref r = given(e->session, words);
	struct arena a = { 0 };

	if (r.node && session_relevant(e->session, r)) {
		entry_goto(e, u, session_path(e->session, r, &a));
		entry_next(e, u);
	}
	arena_release(&a);
}

/* Pages on which all is given and nothing is said: one begins behind them. */
static void skip_given(struct entry *e, struct ui *u)
{
	while (!entry_block(e) && entry_page(e) && !entry_page(e)->repeat &&
	       e->page + 1 < e->pages.list.n) {
		for (size_t i = 0; i < e->paper.n; i++)
			if (e->paper.blocks[i].kind == BLOCK_NOTE &&
			    !e->paper.blocks[i].sign)
				return;
		entry_next_page(e, u);
	}
}

void entry_start_after(struct ui *u, struct cases *c,
		       const struct cases_start *how, struct str title,
		       struct entry *from)
{
	struct entry *e = entry_new(c);
	struct report rep = { 0 };
	enum err rc = e ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = cases_start(c, how, &e->session, &e->fixed, &rep);
	if (!rc)
		e->keying.mode = keying_mode_of(session_form(e->session));
	if (!rc && from)
		entry_carry(e, from);
	if (!rc)
		rc = draft_new(&e->draft, c, e->session, how->dataset,
			       how->entity);
	if (!rc)
		rc = keying_remark_form(&e->keying, e->session, how->remark);
	if (rc) {
		screen_says(u, &rep, rc);
		if (e)
			entry_free(&e->screen);
	} else {
		e->fresh_draft = true;
		log_begin(e, "form start");
		bind(e, u);
		speak(e);
		set_title(e, title);
		ui_push(u, &e->screen);
		entry_first(e, u);
		begin_behind(e, u, how->form);
		skip_given(e, u);
		if (how->remark.n)
			entry_keep(e, u, true);
	}
	report_release(&rep);
}

/* What goes with the answers; without it one begins anew. */
static void read_keying(struct entry *e, struct str kept)
{
	if (keying_read(&e->keying, kept) || !kept.n)
		e->keying.mode = keying_mode_of(session_form(e->session));
}

/* The cursor in the same field, with what stood there half typed. */
static void take_up(struct entry *e, struct ui *u, const struct draft_open *d)
{
	enum err rc = pages_make(&e->pages, e->session);

	if (rc || !d->cursor.n)
		entry_first(e, u);
	else
		entry_goto(e, u, d->cursor);
	if (d->typed.n && entry_block(e))
		field_restore(&e->field, d->typed);
}

static struct str title_of_entity(struct cases *c, struct str dataset,
				  struct str id, struct arena *a)
{
	struct entity entity = { 0 };

	if (!id.n || cases_entity(c, dataset, id, a, &entity))
		return STR("");
	return cases_title(c, &entity);
}

struct takeover {
	struct cases *cases;
	struct arena arena;
	struct str draft;
};

static void resume(struct ui *u, struct cases *c, struct str draft, bool take);

static void take_over(struct screen *owner, struct ui *u, void *arg)
{
	struct takeover *t = arg;

	(void)owner;
	resume(u, t->cases, t->draft, true);
	arena_release(&t->arena);
	free(t);
}

static void leave_it(struct screen *owner, struct ui *u, void *arg)
{
	struct takeover *t = arg;

	(void)owner;
	(void)u;
	arena_release(&t->arena);
	free(t);
}

static void ask_to_take(struct ui *u, struct cases *c, struct str draft)
{
	struct takeover *t = calloc(1, sizeof(*t));
	struct ask ask = {
		.owner = ui_top(u), .yes = take_over, .no = leave_it, .arg = t
	};

	if (!t)
		return;
	t->cases = c;
	t->draft = arena_dup(&t->arena, draft);
	ui_ask(u, &ask, "%s",
	       _("Draf ini sedang dibuka di tempat lain. Ambil alih?"));
}

static void resume(struct ui *u, struct cases *c, struct str draft, bool take)
{
	struct entry *e = entry_new(c);
	struct draft_open open = { 0 };
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc = e ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = draft_open(&open, c, draft, take, &a, &rep);
	if (!rc) {
		e->session = open.session;
		e->draft = open.draft;
		e->fixed = open.fixed;
		read_keying(e, open.kept);
		log_begin(e, "form resume");
		bind(e, u);
		speak(e);
		set_title(e, title_of_entity(c, open.dataset, open.entity, &a));
		ui_push(u, &e->screen);
		take_up(e, u, &open);
	} else {
		if (e)
			entry_free(&e->screen);
		if (rc == ERR_LOCKED && !take)
			ask_to_take(u, c, draft);
		else
			screen_says(u, &rep, rc);
	}
	report_release(&rep);
	arena_release(&a);
}

void entry_resume(struct ui *u, struct cases *c, struct str draft)
{
	resume(u, c, draft, false);
}

/* ---- begun already */
struct begun {
	struct cases *cases;
	struct arena arena;
	struct cases_start how;
	struct str title, draft;
};

static void forget(struct begun *b)
{
	arena_release(&b->arena);
	free(b);
}

static void go_on(struct screen *owner, struct ui *u, void *arg)
{
	struct begun *b = arg;

	(void)owner;
	entry_resume(u, b->cases, b->draft);
	forget(b);
}

static void anew(struct screen *owner, struct ui *u, void *arg)
{
	struct begun *b = arg;

	(void)owner;
	entry_start_after(u, b->cases, &b->how, b->title, NULL);
	forget(b);
}

static bool same_start(const struct cases_start *how, const struct draft_row *r)
{
	return str_eq(how->form, r->form_id) && str_eq(how->entity, r->entity);
}

/* This worker's own draft of the same; NULL: none. Whoever fills the same one
 * in just now is told of. */
static const struct draft_row *drafted(struct ui *u, struct cases *c,
				       const struct cases_start *how)
{
	struct str me = cases_worker(c)->code;
	const struct draft_row *mine = NULL;
	struct draft_row *rows = NULL;
	size_t n = 0;

	if (!how->entity.n || how->n_answers || how->remark.n ||
	    draft_list(c, ui_scratch(u), &rows, &n))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (!same_start(how, &rows[i]))
			continue;
		if (rows[i].held)
			ui_message(
				u,
				_("%.*s sedang mengisi %.*s untuk kasus ini"),
				STR_ARG(rows[i].worker),
				STR_ARG(rows[i].form_title));
		else if (!mine && str_eq(rows[i].worker, me))
			mine = &rows[i];
	}
	return mine;
}

static void ask_to_go_on(struct ui *u, struct begun *b,
			 const struct draft_row *r)
{
	const struct sys *sys = cases_sys(b->cases);
	struct ask ask = {
		.owner = ui_top(u), .yes = go_on, .no = anew, .arg = b
	};
	struct arena *a = ui_scratch(u);

	b->draft = arena_dup(&b->arena, r->id);
	b->how.form = arena_dup(&b->arena, b->how.form);
	b->how.dataset = arena_dup(&b->arena, b->how.dataset);
	b->how.entity = arena_dup(&b->arena, b->how.entity);
	b->title = arena_dup(&b->arena, b->title);
	ui_ask(u, &ask, _("Ada draf %.*s %.*s, %u isian. Lanjutkan?"),
	       STR_ARG(str_trim(text_date(a, sys, r->at))),
	       STR_ARG(text_time(a, sys, r->at)), (unsigned)r->answered);
}

void entry_start(struct ui *u, struct cases *c, const struct cases_start *how,
		 struct str title)
{
	const struct draft_row *r = drafted(u, c, how);
	struct begun *b = r ? calloc(1, sizeof(*b)) : NULL;

	if (!b) {
		entry_start_after(u, c, how, title, NULL);
		return;
	}
	b->cases = c;
	b->how = *how;
	b->title = title;
	ask_to_go_on(u, b, r);
}
