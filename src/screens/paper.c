/* SPDX-License-Identifier: MIT */
#include "paper.h"

#include "pilar/i18n.h"

#include "text.h"

void paper_release(struct paper *p)
{
	arena_release(&p->arena);
}

static bool has_choices(const struct item *i)
{
	return field_kind_of(i) == FIELD_CODE;
}

/*
 * Does the question choose from a file or an entity list? A list of the form
 * itself is an instance, too, but has no file of its name.
 */
bool paper_from_file(const struct form *f, const struct item *i)
{
	for (size_t k = 0; i->external.n && k < form_media_count(f); k++) {
		struct str rest = form_media(f, k), name = STR("");

		while (str_split(&rest, '/', &name))
			continue;
		if (str_starts(name, i->external) &&
		    (name.n == i->external.n || name.p[i->external.n] == '.'))
			return true;
	}
	return false;
}

/* A list that comes from a file or does not fit a few lines is opened. */
bool paper_opens_list(const struct item *i, bool file, const struct choices *c)
{
	size_t columns = 0;

	if (i->kind == ITEM_TRIGGER)
		return false;
	if (file || item_has(i, "minimal") || item_has(i, "autocomplete") ||
	    item_has(i, "search"))
		return true;
	for (size_t k = 0; k < c->n; k++)
		columns += (size_t)ui_width(c->at[k].label) + c->codes[k].n + 3;
	return columns > INLINE_COLUMNS;
}

struct str paper_wrong(enum verdict v)
{
	return str_from(v == MISSING ? _("wajib diisi")
				     : _("isian ini tidak sesuai"));
}

static struct str message_of(const struct paper_source *src, struct ref r,
			     struct str value, struct arena *a)
{
	enum verdict v = session_verdict(src->session, r);
	struct str own;

	if (v == VALID || (v == MISSING && !src->strict))
		return STR("");
	if (v == VIOLATED && !value.n)
		return STR("");
	own = session_message(src->session, r);
	if (own.n)
		return arena_dup(a, own);
	return paper_wrong(v);
}

static enum err fill_choices(struct block *b, const struct paper_source *src,
			     struct arena *a)
{
	const struct item *i = b->step->item;
	struct ref r = b->step->ref;
	bool file = paper_from_file(session_form(src->session), i);
	enum err rc = ERR_NONE;

	b->many = i->kind == ITEM_SELECT || i->kind == ITEM_RANK;
	if (!file)
		rc = choices_load(&b->choices, src->session, r, a);
	if (rc)
		return rc;
	b->listed = paper_opens_list(i, file, &b->choices);
	if (!b->listed || !b->value.n)
		b->shown = choices_codes(&b->choices, b->value, a);
	else
		b->shown = session_display(src->session, r, a);
	if (b->listed && !file && b->choices.own && b->value.n)
		b->shown = arena_printf(
			a, "%.*s %.*s",
			STR_ARG(choices_codes(&b->choices, b->value, a)),
			STR_ARG(b->shown));
	return ERR_NONE;
}

/* What this device cannot do is never a dead end: it is said and typed. */
static struct str hint_of(const struct paper_source *src, const struct item *i,
			  struct ref r, struct arena *a)
{
	struct str hint = text_plain(a, session_hint(src->session, r));

	if (i->kind != ITEM_UPLOAD)
		return hint;
	return arena_printf(a, "%.*s%s%s", STR_ARG(hint), hint.n ? " " : "",
			    _("Tidak di perangkat ini: tulis nama berkasnya, "
			      "atau kosongkan."));
}

static enum err fill_question(struct block *b, const struct paper_source *src,
			      struct arena *a)
{
	struct session *s = src->session;
	const struct item *i = b->step->item;
	struct ref r = b->step->ref;
	bool blind;

	b->required = session_required(s, r);
	b->reached = keying_reached(src->keying, session_path(s, r, a));
	blind = src->keying->mode == KEYING_VERIFY && !b->reached;
	b->value = blind ? STR("") : arena_dup(a, session_value(s, r));
	b->hint = hint_of(src, i, r, a);
	b->message = message_of(src, r, b->value, a);
	b->failing = b->message.n > 0;
	b->field = field_kind_of(i);
	b->boxed = b->field == FIELD_TEXT && item_has(i, "multiline");
	if (has_choices(i))
		return fill_choices(b, src, a);
	b->shown = field_shown(b->field, b->value, a);
	b->beside = field_beside(b->field, b->value, src->sys, a);
	return ERR_NONE;
}

/* What is shown and not asked: the label, and the answer where there is one. */
static void fill_note(struct block *b, const struct paper_source *src,
		      struct arena *a)
{
	struct str value = session_display(src->session, b->step->ref, a);

	b->kind = BLOCK_NOTE;
	if (!value.n)
		return;
	b->sign = SIGN_PROTECTED;
	b->label = arena_printf(a, "%.*s: %.*s", STR_ARG(b->label),
				STR_ARG(value));
}

/* ---- what the logic skips */
/* The page's items in order; tables are pages of their own. */
struct skipping {
	const struct paper_source *src;
	const struct page *page;
	const struct item *next; /* the first not yet passed */
	struct str names;        /* of those passed since the last block */
	size_t n;
};

static const struct item *item_after(const struct item *i,
				     const struct item *within)
{
	if (i->first && i->kind == ITEM_GROUP)
		return i->first;
	while (i != within && !i->next)
		i = i->parent;
	return i == within ? NULL : i->next;
}

static bool is_skipped(const struct skipping *k, const struct item *i)
{
	struct session *s = k->src->session;
	struct ref r = REF_NONE;

	if (i->kind != ITEM_GROUP && i->kind != ITEM_REPEAT)
		r = session_near(s, i, k->page->near);
	return r.node && !session_relevant(s, r) && !session_readonly(s, r);
}

/* Takes notice of everything before `until` (NULL: to the end). */
static void pass_items(struct skipping *k, const struct item *until,
		       struct arena *a)
{
	const struct item *i = k->next;

	for (; i && i != until; i = item_after(i, k->page->group)) {
		struct str label;

		if (!is_skipped(k, i))
			continue;
		label = text_plain(a, session_item_label(k->src->session, i,
							 k->page->near));
		k->names = arena_printf(a, "%.*s%s%.*s", STR_ARG(k->names),
					k->n ? ", " : "", STR_ARG(label));
		k->n++;
	}
	k->next = i;
}

/* One line for what was skipped before a block, if anything was. */
static void add_skipped(struct paper *p, struct skipping *k,
			const struct step *step)
{
	if (!k->n)
		return;
	p->blocks[p->n++] = (struct block){
		.kind = BLOCK_NOTE,
		.step = step,
		.sign = SIGN_SKIPPED,
		.label = arena_printf(&p->arena, _("dilewati: %.*s"),
				      STR_ARG(k->names)),
	};
	k->n = 0;
	k->names = STR("");
}

static enum err fill(struct block *b, const struct paper_source *src,
		     const struct page *page, struct arena *a)
{
	struct session *s = src->session;
	const struct step *step = b->step;
	struct str label, path;

	label = step->kind == STEP_QUESTION
			? session_label(s, step->ref)
			: session_item_label(s, step->item, step->ref);
	b->label = text_plain(a, label);
	if (step->kind == STEP_QUESTION) {
		b->kind = BLOCK_QUESTION;
		path = session_path(s, step->ref, a);
		b->remarked = keying_remark(src->keying, path).n > 0;
		if (keying_lasts(src->keying, path))
			b->sign = SIGN_LASTING;
		if (pages_asks(s, step, src->fixed))
			return fill_question(b, src, a);
		fill_note(b, src, a);
		return ERR_NONE;
	}
	b->kind = BLOCK_HEADING;
	if (step->item == page->group) /* heads the page already */
		b->label = STR("");
	return ERR_NONE;
}

enum err paper_make(struct paper *p, const struct paper_source *src,
		    const struct pages *pages, const struct page *page)
{
	struct skipping skip = { .src = src, .page = page };
	size_t max = page->end - page->first;
	enum err rc = ERR_NONE;

	arena_reset(&p->arena);
	p->n = 0;
	p->leaves = 1;
	/* each block may have a line of skipped ones before it, and one last */
	p->blocks = arena_array(&p->arena, 2 * max + 1, sizeof(*p->blocks));
	if (!p->blocks)
		return ERR_NOMEM;
	if (src->skipped && page->group && !page->repeat)
		skip.next = page->group->first;
	for (size_t i = 0; !rc && i < max && !page->repeat; i++) {
		const struct step *step = &pages->steps[page->first + i];
		struct block *b;

		pass_items(&skip, step->item, &p->arena);
		add_skipped(p, &skip, step);
		b = &p->blocks[p->n];
		*b = (struct block){ .step = step };
		rc = fill(b, src, page, &p->arena);
		if (b->kind == BLOCK_QUESTION || b->label.n)
			p->n++;
	}
	pass_items(&skip, NULL, &p->arena);
	if (max)
		add_skipped(p, &skip, &pages->steps[page->end - 1]);
	return rc;
}

size_t paper_next(const struct paper *p, size_t at)
{
	size_t i = at == SIZE_MAX ? 0 : at + 1;

	while (i < p->n && p->blocks[i].kind != BLOCK_QUESTION)
		i++;
	return i < p->n ? i : SIZE_MAX;
}

size_t paper_prev(const struct paper *p, size_t at)
{
	size_t i = at == SIZE_MAX ? p->n : at;

	while (i > 0) {
		if (p->blocks[--i].kind == BLOCK_QUESTION)
			return i;
	}
	return SIZE_MAX;
}

const struct block *paper_note(const struct paper *p, size_t leaf)
{
	for (size_t i = 0; p->blocks && i < p->n; i++) {
		const struct block *b = &p->blocks[i];

		if (b->leaf == leaf && b->sign != SIGN_SKIPPED &&
		    b->step->kind == STEP_QUESTION)
			return b;
	}
	return NULL;
}
