/* SPDX-License-Identifier: MIT */
#include "alike.h"
#include "entry.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

/* Groups with this word show their notes here: that is how a form says what
 * follows from the answers. */
#define SUMMARY_WORD "ringkasan"
#define LABEL_COLS   40

struct line {
	struct str label, text;
	struct str path; /* of the question to mend; or empty */
	bool heading;
};

struct review {
	struct screen screen;
	struct entry *entry;
	struct arena arena;
	VEC(struct line) lines;
	struct rows rows;
	size_t wrong, answered, empty;
	/* What others changed meanwhile and was told: how much, and the last
	 * of it. */
	size_t told;
	int64_t told_at;
};

static void add(struct review *r, struct str label, struct str text,
		struct str path)
{
	struct line *l = vec_push(&r->lines);

	if (l)
		*l = (struct line){ .label = label,
				    .text = text,
				    .path = path };
}

static void add_heading(struct review *r, struct str text)
{
	if (r->lines.n)
		add(r, STR(""), STR(""), STR(""));
	add(r, text, STR(""), STR(""));
	if (r->lines.n)
		r->lines.at[r->lines.n - 1].heading = true;
}

/* "Siti Aminah: Umur" inside a table of instances. */
static struct str label_of(struct review *r, struct ref ref)
{
	struct entry *e = r->entry;
	struct arena *a = &r->arena;
	struct str label = text_plain(a, session_label(e->session, ref)), name;
	size_t i = 0, k;

	while (i < e->pages.n_steps && !ref_eq(e->pages.steps[i].ref, ref))
		i++;
	k = pages_row_of(&e->pages, i);
	if (k == SIZE_MAX)
		return label;
	name = roster_name(e, e->pages.steps[k].ref, a);
	if (name.n)
		return arena_printf(a, "%.*s: %.*s", STR_ARG(name),
				    STR_ARG(label));
	return arena_printf(a, _("baris %zu: %.*s"), e->pages.steps[k].instance,
			    STR_ARG(label));
}

/* A long reason goes on below itself. */
static void add_wrong(struct review *r, const struct violation *v, int cols)
{
	struct str text = v->message.n ? v->message : paper_wrong(v->verdict);
	struct str path = session_path(r->entry->session, v->ref, &r->arena);
	struct str label = label_of(r, v->ref), line;

	text = arena_dup(&r->arena, text);
	while (ui_wrap(&text, cols - 5 - LABEL_COLS, &line)) {
		add(r, label, line, path);
		label = STR("");
	}
}

static enum err collect_wrong(struct review *r, int cols)
{
	struct session *s = r->entry->session;
	struct violation *v = NULL;
	size_t n = 0;
	enum err rc = session_validate(s, &r->arena, &v, &n);

	if (rc)
		return rc;
	r->wrong = n;
	if (n)
		add_heading(r, arena_printf(&r->arena,
					    _("%zu harus diperbaiki"), n));
	for (size_t i = 0; i < n; i++)
		add_wrong(r, &v[i], cols);
	return ERR_NONE;
}

/* A note as lines of the screen's width. */
static void add_note(struct review *r, struct str note, int cols)
{
	struct str line;

	while (ui_wrap(&note, cols - 6, &line))
		add(r, line, STR(""), STR(""));
}

/* A note, or "Petugas: Dewi" where it is an answer that is not to be changed.
 */
static struct str summed_up(struct review *r, const struct step *step)
{
	struct session *s = r->entry->session;
	struct str label = text_plain(&r->arena, session_label(s, step->ref));
	struct str value = session_display(s, step->ref, &r->arena);

	return value.n ? arena_printf(&r->arena, "%.*s: %.*s", STR_ARG(label),
				      STR_ARG(value))
		       : label;
}

/* Under the label of its group, which stands there once something does. */
static void add_summary(struct review *r, const struct step **group,
			const struct step *step, int cols)
{
	struct session *s = r->entry->session;

	if (*group)
		add_heading(r, text_plain(&r->arena,
					  session_item_label(s, (*group)->item,
							     (*group)->ref)));
	*group = NULL;
	add_note(r, summed_up(r, step), cols);
}

static void collect_summaries(struct review *r, int cols)
{
	struct entry *e = r->entry;
	const struct pages *p = &e->pages;
	const struct step *group = NULL;
	unsigned depth = 0;
	bool inside = false;

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step *step = &p->steps[i];

		if (inside && step->depth <= depth)
			inside = false;
		if (step->kind == STEP_GROUP && !inside &&
		    item_has(step->item, SUMMARY_WORD)) {
			inside = true;
			depth = step->depth;
			group = step;
		} else if (inside && step->kind == STEP_QUESTION &&
			   session_readonly(e->session, step->ref)) {
			add_summary(r, &group, step, cols);
		}
	}
}

/* What was remarked, with the question it was remarked on. */
static void collect_remarks(struct review *r, int cols)
{
	struct entry *e = r->entry;
	const struct keying *k = &e->keying;

	if (keying_remark_count(k))
		add_heading(r, arena_printf(&r->arena, _("%zu catatan"),
					    keying_remark_count(k)));
	vec_each (m, &k->remarks) {
		struct ref ref = session_find(e->session, m->path);
		struct str label = ref.node ? label_of(r, ref) : m->path;
		struct str text = arena_dup(&r->arena, m->text), line;
		struct str path = arena_dup(&r->arena, m->path);

		if (!label.n)
			label = str_from(_("seluruh isian"));
		while (path.n && ui_wrap(&text, cols - 5 - LABEL_COLS, &line)) {
			add(r, label, line, path);
			label = STR("");
		}
	}
}

static struct str or_dash(struct str text)
{
	return text.n ? text : STR("-");
}

static int64_t last_of(const struct prop_change *c, size_t n)
{
	int64_t at = 0;

	for (size_t i = 0; i < n; i++)
		at = c[i].at > at ? c[i].at : at;
	return at;
}

/* Has somebody changed the case since this was on the screen? */
static bool changed_since(struct review *r)
{
	struct prop_change *c = NULL;
	struct arena a = { 0 };
	size_t n = 0;
	bool more = r->entry->draft &&
		    !draft_changed(r->entry->draft, &a, &c, &n) &&
		    (n != r->told || last_of(c, n) != r->told_at);

	arena_release(&a);
	return more;
}

/* "Alamat: Jl. A -> Jl. B", who and when, before it is written over. */
static void collect_changed(struct review *r, int cols)
{
	struct entry *e = r->entry;
	struct prop_change *c = NULL;
	struct arena *a = &r->arena;
	size_t n = 0;

	if (!e->draft || draft_changed(e->draft, a, &c, &n) || !n)
		return;
	r->told = n;
	r->told_at = last_of(c, n);
	add_heading(r, arena_printf(a,
				    _("%zu data kasus ini diubah sejak isian "
				      "dimulai"),
				    n));
	for (size_t i = 0; i < n; i++) {
		const struct sys *sys = cases_sys(e->cases);

		add_note(
			r,
			arena_printf(
				a, "%.*s: %.*s -> %.*s  (%.*s, %.*s %.*s)",
				STR_ARG(text_label(a, c[i].label)),
				STR_ARG(or_dash(text_told(a, c[i].was_text))),
				STR_ARG(or_dash(text_told(a, c[i].value_text))),
				STR_ARG(c[i].worker),
				STR_ARG(text_date(a, sys, c[i].at)),
				STR_ARG(text_time(a, sys, c[i].at))),
			cols);
	}
}

static void count_answers(struct review *r)
{
	struct entry *e = r->entry;

	for (size_t i = 0; i < e->pages.n_steps; i++) {
		const struct step *step = &e->pages.steps[i];

		if (!pages_asks(e->session, step, REF_NONE))
			continue;
		if (session_value(e->session, step->ref).n)
			r->answered++;
		else
			r->empty++;
	}
}

/* What is edited here is a record, not the case. */
static void collect_edits(struct review *r, int cols)
{
	if (session_edits(r->entry->session, &r->arena).n)
		add_note(r,
			 str_from(_("Perbaikan mengubah isian ini saja; yang "
				    "lama tetap disimpan")),
			 cols);
}

static void collect(struct review *r, struct ui *u)
{
	enum err rc = collect_wrong(r, ui_cols(u));

	if (rc)
		ui_message(u, "%s", text_error(rc));
	collect_edits(r, ui_cols(u));
	collect_changed(r, ui_cols(u));
	collect_remarks(r, ui_cols(u));
	collect_summaries(r, ui_cols(u));
	count_answers(r);
	add_heading(r, arena_printf(&r->arena, _("%zu isian, %zu kosong"),
				    r->answered, r->empty));
	if (!r->wrong)
		add(r, str_from(_("Semua benar. Tekan f untuk menyimpan.")),
		    STR(""), STR(""));
	rows_set(&r->rows, r->lines.n);
	r->rows.at = r->wrong ? 1 : r->lines.n - 1;
}

/* From the top, where it says what others have changed. */
static void collect_again(struct review *r, struct ui *u)
{
	vec_reset(&r->lines);
	arena_reset(&r->arena);
	r->answered = r->empty = 0;
	r->told = 0;
	collect(r, u);
	r->rows.at = r->rows.top = 0;
	ui_message(u, "%s",
		   _("Kasus ini baru saja diubah; periksa, lalu tekan f lagi"));
}

/* ---- drawing */
static void draw_line(const struct line *l, struct ui *u, int row)
{
	if (l->heading)
		ui_attr(u, UI_BOLD);
	if (!l->text.n) {
		ui_put(u, row, l->heading ? 2 : 4, -1, l->label);
	} else {
		ui_put(u, row, 4, LABEL_COLS - 1, l->label);
		ui_put(u, row, 4 + LABEL_COLS, -1, l->text);
	}
	ui_attr(u, UI_PLAIN);
}

static void draw(struct screen *s, struct ui *u)
{
	struct review *r = (struct review *)s;
	int height = ui_rows(u) - 2 - PAGE_BOTTOM;
	size_t end = rows_window(&r->rows, height);

	ui_title(u,
		 arena_printf(ui_scratch(u), _("Tinjau: %.*s"),
			      STR_ARG(r->entry->title)),
		 STR(""));
	for (size_t i = r->rows.top; i < end; i++)
		draw_line(&r->lines.at[i], u, 2 + (int)(i - r->rows.top));
	rows_mark(&r->rows, u, 2);
}

/* ---- keys */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct review *)s)->rows, k);
}

static void mend(struct review *r, struct ui *u, size_t line)
{
	struct entry *e = r->entry;
	struct str path;

	if (line >= r->lines.n || !r->lines.at[line].path.n)
		return;
	path = r->lines.at[line].path;
	e->strict = true;
	ui_pop(u);
	entry_goto(e, u, path);
}

static void act_mend(struct screen *s, struct ui *u, const struct binding *b)
{
	struct review *r = (struct review *)s;

	(void)b;
	mend(r, u, r->rows.at);
}

static void merge_twin(struct ui *u, struct cases *c,
		       const struct alike_merge *m)
{
	struct arena a = { 0 };

	if (alike_merge(u, c, m, &a, NULL)) {
		case_open(u, c, m->dataset, m->stays);
		ui_message(u, "%s", _("Tersimpan dan digabung ke kasus ini"));
	}
	arena_release(&a);
}

static struct alike_merge twin_of(const struct entry *e)
{
	struct alike_merge m = { .stays = STR("") };

	m.dataset = arena_dup(&m.arena, e->twin_dataset);
	m.stays = arena_dup(&m.arena, e->twin_stays);
	m.goes = arena_dup(&m.arena, e->twin_goes);
	m.why = arena_dup(&m.arena, e->twin_why);
	return m;
}

static void submitted(struct entry *e, struct ui *u,
		      const struct submission *sub, const struct report *rep)
{
	struct str warning = report_first(rep, ui_scratch(u));
	struct alike_merge twin = twin_of(e);
	struct cases *c = e->cases;

	e->done = true;
	e->keying.n[TALLY_FORMS]++;
	entry_tell(e, u);
	ui_pop_to(u, &e->screen);
	ui_pop(u);
	if (e->keying.mode == KEYING_PAPER && !e->fixed.node)
		entry_next_form(e, u);
	if (twin.stays.n)
		merge_twin(u, c, &twin);
	else if (warning.n)
		ui_message(u, _("Tersimpan. Perhatian: %.*s"),
			   STR_ARG(warning));
	else if (!sub->deprecated_id.n || !correct_ask(u, c, sub->instance_id))
		ui_message(u, "%s", _("Tersimpan"));
	arena_release(&twin.arena);
}

static void act_finish(struct screen *s, struct ui *u, const struct binding *b);

static void finish_again(struct screen *owner, struct ui *u)
{
	act_finish(owner, u, NULL);
}

/* Saved, unless there is something to be looked at before. */
static void save(struct entry *e, struct ui *u)
{
	struct submission sub = { 0 };
	struct report rep = { 0 };
	enum err rc;

	entry_log(e, "form finalize", STR(""));
	rc = session_finalise(e->session, &sub, &rep);
	if (rc || sub.deprecated_id.n || !alike_ask(e, u, &sub, finish_again)) {
		if (!rc)
			rc = keying_export(&e->keying, &sub);
		if (!rc)
			rc = cases_submit(
				e->cases, &sub,
				e->draft ? draft_id(e->draft) : STR(""), &rep);
		if (rc)
			screen_says(u, &rep, rc);
		else
			submitted(e, u, &sub, &rep);
	}
	submission_release(&sub);
	report_release(&rep);
}

static void act_finish(struct screen *s, struct ui *u, const struct binding *b)
{
	struct review *r = (struct review *)s;
	struct entry *e = r->entry;

	(void)b;
	if (r->wrong) {
		entry_log(e, "finalize error", STR(""));
		mend(r, u, 1);
		return;
	}
	entry_settle(&e->screen, u);
	if (changed_since(r)) {
		collect_again(r, u);
		return;
	}
	if (e->keying.mode == KEYING_VERIFY)
		entry_verified(e, u);
	else
		save(e, u);
}

static void release(struct screen *s)
{
	struct review *r = (struct review *)s;

	vec_release(&r->lines);
	arena_release(&r->arena);
	free(r);
}

static bool something_wrong(const struct screen *s)
{
	return ((const struct review *)s)->wrong > 0;
}

static bool on_question(const struct screen *s)
{
	const struct review *r = (const struct review *)s;

	return r->rows.at < r->lines.n && r->lines.at[r->rows.at].path.n > 0;
}

static bool all_right(const struct screen *s)
{
	return !something_wrong(s);
}

void review_open(struct entry *e, struct ui *u)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("ke pertanyaan ini"), NULL, act_mend,
		  on_question, false, NULL },
		{ 'f', 0, N_("selesai, simpan"),
		  N_("selesai: simpan sebagai catatan yang sah"), act_finish,
		  all_right, false, NULL },
		{ 'f', 0, N_("selesai"), N_("ke yang pertama harus diperbaiki"),
		  act_finish, something_wrong, false, NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ UI_ESC, UI_CTRL('p'), N_("kembali ke isian"), NULL,
		  screen_back, NULL, false, NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Tinjau"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct review *r = calloc(1, sizeof(*r));

	if (!r)
		return;
	r->screen.ops = &ops;
	r->screen.bindings = bindings;
	r->entry = e;
	entry_log_close(e);
	entry_log(e, "end screen", STR(""));
	ui_push(u, &r->screen);
	collect(r, u);
}
