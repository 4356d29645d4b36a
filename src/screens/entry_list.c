/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/search.h"

#include "text.h"

/*
 * Width and height of the list that opens beside the form: ten rows of names
 * are about 400 bytes.
 */
#define LIST_COLS  44
#define LIST_ROWS  12
#define LIST_LEAST 8 /* with less room below it goes up over the question */
/* A value this short is a code a person may know: shown beside the label. */
#define SHORT_VALUE 13

/* Lines of text with their folded words, narrowed by what is typed. */
struct finder {
	struct entry *e;
	struct arena arena, typed;
	struct str *lines, *folded, *values; /* values: answers, or paths */
	struct str *codes;
	size_t *found;
	size_t n, n_found;
};

static size_t finder_narrow(void *self, struct str typed)
{
	struct finder *f = self;
	struct str raw = str_trim(typed), folded;

	arena_reset(&f->typed);
	folded = search_fold(&f->typed, raw, true);
	f->n_found = 0;
	for (unsigned want = 0; want < 3; want++) {
		for (size_t i = 0; i < f->n; i++) {
			if (choice_rank(f->codes[i], f->folded[i], raw,
					folded) == want)
				f->found[f->n_found++] = i;
		}
	}
	return f->n_found;
}

static void finder_row(void *self, size_t i, struct buf *out)
{
	const struct finder *f = self;
	size_t line = f->found[i];

	if (f->codes[line].n) {
		buf_addstr(out, f->codes[line]);
		buf_addc(out, ' ');
	}
	buf_addstr(out, f->lines[line]);
}

static void finder_close(void *self)
{
	struct finder *f = self;

	arena_release(&f->arena);
	arena_release(&f->typed);
	free(f);
}

static struct finder *finder_new(struct entry *e, size_t n)
{
	struct finder *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->e = e;
	f->lines = arena_array(&f->arena, n + 1, sizeof(struct str));
	f->folded = arena_array(&f->arena, n + 1, sizeof(struct str));
	f->values = arena_array(&f->arena, n + 1, sizeof(struct str));
	f->codes = arena_array(&f->arena, n + 1, sizeof(struct str));
	f->found = arena_array(&f->arena, n + 1, sizeof(size_t));
	if (f->lines && f->folded && f->values && f->codes && f->found)
		return f;
	finder_close(f);
	return NULL;
}

static void finder_add(struct finder *f, struct str code, struct str line,
		       struct str value)
{
	size_t i = f->n++;

	f->codes[i] = arena_dup(&f->arena, code);
	f->lines[i] = arena_dup(&f->arena, line);
	f->values[i] = arena_dup(&f->arena, value);
	f->folded[i] = search_fold(&f->arena, line, false);
}

/* ---- the choices of a question */
static void choice_take(void *self, struct ui *u, size_t i)
{
	struct finder *f = self;
	struct entry *e = f->e;
	const struct block *b = entry_block(e);
	struct str value = f->values[f->found[i]];

	if (!b)
		return;
	if (b->many)
		value = choices_toggled(b->value, value, ui_scratch(u));
	entry_choose(e, u, value, !b->many);
}

static bool choice_marked(void *self, size_t i)
{
	const struct finder *f = self;
	const struct block *b = entry_block(f->e);

	return b && choices_selected(b->value, f->values[f->found[i]]);
}

/* Its own code; of a list from a file a short value; else nothing. */
static struct str code_shown(const struct choices *c, size_t i, bool external)
{
	if (!external || c->own)
		return c->codes[i];
	return c->at[i].value.n <= SHORT_VALUE ? c->at[i].value : STR("");
}

static struct finder *choice_finder(struct entry *e, struct ui *u,
				    size_t *start)
{
	const struct block *b = entry_block(e);
	struct arena a = { 0 };
	struct choices c;
	struct finder *f = NULL;
	bool file = paper_from_file(session_form(e->session), b->step->item);
	enum err rc = choices_load(&c, e->session, b->step->ref, &a);

	*start = 0;
	if (!rc)
		f = finder_new(e, c.n);
	if (!f)
		ui_message(u, _("Daftar tidak bisa dibuka: %s"),
			   text_error(rc ? rc : ERR_NOMEM));
	for (size_t i = 0; f && i < c.n; i++) {
		finder_add(f, code_shown(&c, i, file),
			   text_plain(&a, c.at[i].label), c.at[i].value);
		if (str_eq(c.at[i].value, b->value))
			*start = i;
	}
	arena_release(&a);
	return f;
}

static struct ui_box beside(const struct entry *e, const struct ui *u)
{
	const struct block *b = entry_block(e);
	struct ui_box box = { .row = PAGE_TOP,
			      .col = ui_cols(u) - LIST_COLS,
			      .rows = LIST_ROWS,
			      .cols = LIST_COLS };

	int bottom = ui_rows(u) - PAGE_BOTTOM;

	if (b)
		box.row = PAGE_TOP + b->row + b->field_row + 1;
	if (bottom - box.row < box.rows && bottom - box.row >= LIST_LEAST)
		box.rows = bottom - box.row;
	return box;
}

void entry_list(struct entry *e, struct ui *u, struct key first)
{
	const struct block *b = entry_block(e);
	struct pick p = { 0 };
	struct finder *f;

	f = choice_finder(e, u, &p.start);
	if (!f)
		return;
	if (!f->n) {
		ui_message(u, _("Daftar ini kosong"));
		finder_close(f);
		return;
	}
	p.source = (struct pick_source){
		finder_narrow, finder_row,   b->many ? choice_marked : NULL,
		choice_take,   finder_close, f
	};
	p.title = b->label;
	p.box = beside(e, u);
	p.many = b->many;
	p.through = !b->many;
	p.first = key_printable(first) && first.code != ' ' ? first
							    : (struct key){ 0 };
	if (ui_pick(u, &p))
		ui_message(u, "%s", text_error(ERR_NOMEM));
}

/* ---- jumping to any question */
static void jump_take(void *self, struct ui *u, size_t i)
{
	struct finder *f = self;
	struct str path = f->values[f->found[i]];

	if (path.n)
		entry_goto(f->e, u, path);
	else
		ui_message(u, "%s",
			   _("Dilewati karena jawaban lain; ubah dulu jawaban "
			     "itu"));
}

static struct str jump_label(struct entry *e, const struct step *step,
			     struct arena *a)
{
	struct str label =
		step->kind == STEP_QUESTION
			? session_label(e->session, step->ref)
			: session_item_label(e->session, step->item, step->ref);

	label = text_plain(a, label);
	if (step->kind == STEP_REPEAT)
		return arena_printf(a, "%.*s %zu: %.*s", STR_ARG(label),
				    step->instance,
				    STR_ARG(roster_name(e, step->ref, a)));
	return label;
}

/* The number it has on the printed form, too. */
static struct str number_of(const struct item *i, struct arena *a)
{
	return i->number ? arena_printf(a, "%u", (unsigned)i->number) : STR("");
}

/* A heading leads to the first question behind it. */
static const struct step *jump_target(const struct entry *e, size_t i)
{
	while (i < e->pages.n_steps && e->pages.steps[i].kind != STEP_QUESTION)
		i++;
	return i < e->pages.n_steps ? &e->pages.steps[i] : NULL;
}

static void jump_add(struct finder *f, size_t i, struct arena *a)
{
	struct entry *e = f->e;
	const struct step *step = &e->pages.steps[i];
	const struct step *target = jump_target(e, i);
	struct str label, number = STR("");
	struct str indent =
		str_sub(STR("        "), 0, (size_t)step->depth * 2);
	char sign = ' ';

	if (step->kind == STEP_PROMPT || !target)
		return;
	label = jump_label(e, step, a);
	if (!label.n)
		return;
	if (step->kind == STEP_QUESTION) {
		sign = entry_sign(e, step);
		number = number_of(step->item, a);
	}
	finder_add(f, number,
		   arena_printf(a, "%c %.*s%.*s", sign, STR_ARG(indent),
				STR_ARG(label)),
		   session_path(e->session, target->ref, a));
}

/* Questions that other answers rule out, outside of tables. */
static void jump_add_skipped(struct finder *f, struct arena *a)
{
	struct session *s = f->e->session;
	struct ref root = session_root(s), r;
	const struct item *i = form_body(session_form(s));

	while (i) {
		r = i->number ? session_near(s, i, root) : REF_NONE;
		if (r.node && !session_relevant(s, r))
			finder_add(
				f, number_of(i, a),
				arena_printf(a, "%c %.*s", SIGN_SKIPPED,
					     STR_ARG(text_plain(
						     a, session_item_label(
								s, i, root)))),
				STR(""));
		if (i->first && i->kind != ITEM_REPEAT) {
			i = i->first;
			continue;
		}
		while (i && !i->next)
			i = i->parent;
		i = i ? i->next : NULL;
	}
}

static size_t count_items(const struct item *i)
{
	size_t n = 1;

	for (i = i->first; i; i = i->next)
		n += count_items(i);
	return n;
}

void entry_jump(struct entry *e, struct ui *u)
{
	struct finder *f = finder_new(
		e, e->pages.n_steps +
			   count_items(form_body(session_form(e->session))));
	struct arena a = { 0 };
	struct pick p = { .title = str_from(_("Lompat ke pertanyaan")),
			  .box = { .row = 2,
				   .col = ui_cols(u) / 4,
				   .rows = ui_rows(u) - 5,
				   .cols = ui_cols(u) - ui_cols(u) / 4 } };

	if (!f) {
		ui_message(u, "%s", text_error(ERR_NOMEM));
		return;
	}
	entry_log(e, "jump", STR(""));
	for (size_t i = 0; i < e->pages.n_steps; i++)
		jump_add(f, i, &a);
	jump_add_skipped(f, &a);
	arena_release(&a);
	p.source = (struct pick_source){ finder_narrow, finder_row,   NULL,
					 jump_take,     finder_close, f };
	if (ui_pick(u, &p))
		ui_message(u, "%s", text_error(ERR_NOMEM));
}
