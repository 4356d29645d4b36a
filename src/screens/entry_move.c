/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include "pilar/i18n.h"

#include "text.h"

const struct page *entry_page(const struct entry *e)
{
	return e->page < e->pages.list.n ? &e->pages.list.at[e->page] : NULL;
}

const struct block *entry_block(const struct entry *e)
{
	return e->at < e->paper.n ? &e->paper.blocks[e->at] : NULL;
}

struct ref entry_ref(const struct entry *e)
{
	const struct block *b = entry_block(e);

	return b ? b->step->ref : REF_NONE;
}

struct str entry_path(struct entry *e, struct arena *a)
{
	const struct page *page = entry_page(e);
	const struct block *b = entry_block(e);

	if (!page)
		return STR("");
	if (page->repeat && !b)
		return pages_repeat_path(e->session, page, a);
	if (!b)
		b = paper_note(&e->paper, e->leaf);
	return b ? session_path(e->session, b->step->ref, a) : STR("");
}

void entry_layout(struct entry *e, const struct ui *u)
{
	const struct block *b;

	if (e->cells)
		return; /* they stand where the table puts them */
	paper_layout(&e->paper, ui_rows(u) - PAGE_TOP - PAGE_BOTTOM,
		     ui_cols(u));
	b = entry_block(e);
	if (b)
		e->leaf = b->leaf;
	else if (e->leaf >= e->paper.leaves)
		e->leaf = e->paper.leaves - 1;
}

/* ---- the way one came */
/* Steps that going back remembers; older ones are forgotten by half. */
#define TRAIL_MAX 400

static void forget_half(struct entry *e)
{
	struct arena kept = { 0 };

	for (size_t i = TRAIL_MAX / 2; i < e->trail.n; i++)
		e->trail.at[i - TRAIL_MAX / 2] =
			arena_dup(&kept, e->trail.at[i]);
	e->trail.n -= TRAIL_MAX / 2;
	arena_release(&e->trail_texts);
	e->trail_texts = kept;
}

static void remember(struct entry *e, struct str path)
{
	struct str *slot;

	if (e->retracing || !path.n)
		return;
	if (e->trail.n && str_eq(e->trail.at[e->trail.n - 1], path))
		return;
	if (e->trail.n >= TRAIL_MAX)
		forget_half(e);
	slot = vec_push(&e->trail);
	if (slot)
		*slot = arena_dup(&e->trail_texts, path);
}

/* The cursor leaves where it is: a person has seen this question. */
void entry_depart(struct entry *e)
{
	struct arena a = { 0 };
	struct str path;

	if (e->away)
		return;
	path = entry_path(e, &a);
	remember(e, path);
	if (entry_block(e))
		paradata_leave(&e->keying.log,
			       session_value(e->session, entry_ref(e)),
			       sys_now(cases_sys(e->cases)));
	if (entry_block(e) && !entry_blind(e)) {
		keying_reach(&e->keying, path);
		e->paper.blocks[e->at].reached = true;
	}
	e->away = true;
	arena_release(&a);
}

static void log_arrival(struct entry *e, const struct block *b)
{
	struct arena a = { 0 };

	if (e->keying.log.how.wanted)
		paradata_arrive(&e->keying.log,
				session_path(e->session, b->step->ref, &a),
				session_value(e->session, b->step->ref),
				sys_now(cases_sys(e->cases)));
	arena_release(&a);
}

/* A field-list is logged as one, too. */
static void log_page(struct entry *e)
{
	const struct page *page = entry_page(e);
	struct arena a = { 0 };
	struct str group = STR("");
	struct ref r = REF_NONE;

	if (page && page->group && item_has(page->group, "field-list"))
		r = session_near(e->session, page->group, page->near);
	if (r.node)
		group = session_path(e->session, r, &a);
	if (!str_eq(group, e->keying.log.group))
		paradata_page(&e->keying.log, group,
			      sys_now(cases_sys(e->cases)));
	arena_release(&a);
}

/* The cursor arrives at block `at` (or NOTHING) of the page. */
void entry_arrive(struct entry *e, size_t at)
{
	const struct block *b;

	entry_depart(e);
	e->away = false;
	e->at = at;
	e->insisted = false;
	e->differs = false;
	b = entry_block(e);
	if (!b)
		return;
	e->leaf = b->leaf;
	log_arrival(e, b);
	field_begin(&e->field, b->step->item, b->value);
	if (!b->reached)
		field_from_form(&e->field);
}

/* The first (last) question of the screenful, or NOTHING. */
static size_t question_of_leaf(const struct entry *e, size_t leaf, bool last)
{
	size_t found = NOTHING;

	for (size_t i = 0; i < e->paper.n; i++) {
		const struct block *b = &e->paper.blocks[i];

		if (b->kind != BLOCK_QUESTION || b->leaf != leaf)
			continue;
		if (!last)
			return i;
		found = i;
	}
	return found;
}

void entry_make_paper(struct entry *e, struct ui *u)
{
	struct paper_source src = { .session = e->session,
				    .sys = cases_sys(e->cases),
				    .fixed = e->fixed,
				    .keying = &e->keying,
				    .strict = e->strict,
				    .skipped = e->keying.mode != KEYING_VISIT };
	const struct page *page = entry_page(e);
	struct page row;
	enum err rc;

	e->paper.n = 0;
	if (e->cells)
		page = grid_row_page(e, &row) ? &row : NULL;
	if (!page)
		return;
	rc = paper_make(&e->paper, &src, &e->pages, page);
	if (rc)
		ui_message(u, _("Halaman tidak bisa ditampilkan: %s"),
			   text_error(rc));
	entry_layout(e, u);
}

void entry_enter_page(struct entry *e, struct ui *u, size_t page, bool at_end)
{
	const struct page *p;

	entry_depart(e);
	e->cells = false;
	e->page = page;
	e->at = NOTHING;
	e->paper.n = 0;
	e->leaf = 0;
	log_page(e);
	entry_make_paper(e, u);
	p = entry_page(e);
	if (p && p->repeat) {
		bool fixed;
		size_t n = roster_count(e, &fixed);

		rows_set(&e->roster, n + 1);
		e->away = false;
		/* one to fill in, else the row that goes on */
		e->roster.at = roster_unnamed(e);
		if (grid_on(e) && (e->roster.at < n || !fixed))
			grid_enter(e, u, e->roster.at, 0);
		return;
	}
	e->leaf = at_end ? e->paper.leaves - 1 : 0;
	entry_arrive(e, question_of_leaf(e, e->leaf, at_end));
}

void entry_first(struct entry *e, struct ui *u)
{
	enum err rc = pages_make(&e->pages, e->session);

	if (rc)
		ui_message(u, _("Formulir tidak bisa dibuka: %s"),
			   text_error(rc));
	entry_enter_page(e, u, 0, false);
}

void entry_next_page(struct entry *e, struct ui *u)
{
	if (e->page + 1 < e->pages.list.n)
		entry_enter_page(e, u, e->page + 1, false);
	else if (pages_instance(&e->pages).node)
		entry_leave_instance(e, u);
	else
		review_open(e, u);
}

void entry_prev_page(struct entry *e, struct ui *u)
{
	if (e->page > 0)
		entry_enter_page(e, u, e->page - 1, true);
	else if (pages_instance(&e->pages).node)
		entry_leave_instance(e, u);
	else
		ui_message(u, _("Ini awal formulir"));
}

void entry_next(struct entry *e, struct ui *u)
{
	size_t next = e->at == NOTHING ? NOTHING : paper_next(&e->paper, e->at);

	if (e->cells)
		grid_next(e, u);
	else if (next != NOTHING && e->paper.blocks[next].leaf <= e->leaf + 1)
		entry_arrive(e, next);
	else if (e->leaf + 1 < e->paper.leaves)
		entry_arrive(e, question_of_leaf(e, ++e->leaf, false));
	else
		entry_next_page(e, u);
}

void entry_prev(struct entry *e, struct ui *u)
{
	size_t prev = e->at == NOTHING ? NOTHING : paper_prev(&e->paper, e->at);

	if (e->cells)
		grid_prev(e, u);
	else if (prev != NOTHING && e->paper.blocks[prev].leaf + 1 >= e->leaf)
		entry_arrive(e, prev);
	else if (e->leaf > 0)
		entry_arrive(e, question_of_leaf(e, --e->leaf, true));
	else
		entry_prev_page(e, u);
}

void entry_retrace(struct entry *e, struct ui *u)
{
	struct place place = { 0 };

	struct str here = entry_path(e, ui_scratch(u)), path = STR("");
	bool found = false;

	e->retracing = true;
	entry_depart(e);
	while (!found && e->trail.n) {
		path = e->trail.at[--e->trail.n];
		found = !str_eq(path, here) &&
			!pages_find(&e->pages, e->session, path, &place);
	}
	if (found)
		entry_goto(e, u, path);
	else
		entry_prev(e, u);
	e->retracing = false;
}

/* The page of the table one is inside of, or the present one. */
static void leave_instances(struct entry *e, struct ui *u)
{
	while (pages_instance(&e->pages).node)
		entry_leave_instance(e, u);
}

/* Pages of one part follow each other; the part is a child of the root. */
static const struct item *part_of(const struct page *p)
{
	const struct item *i = p->repeat ? p->repeat : p->group;

	while (i && i->parent && i->parent->kind != ITEM_ROOT)
		i = i->parent;
	return i;
}

void entry_end_part(struct entry *e, struct ui *u)
{
	const struct page *page;
	const struct item *part;

	leave_instances(e, u);
	if (!entry_page(e))
		return;
	entry_depart(e);
	page = entry_page(e);
	part = page ? part_of(page) : NULL;
	while (part && page && !page->repeat && e->page + 1 < e->pages.list.n &&
	       part_of(&e->pages.list.at[e->page + 1]) == part) {
		e->page++;
		page = entry_page(e);
	}
	entry_next_page(e, u);
}

static size_t block_of_step(const struct entry *e, size_t step)
{
	for (size_t i = 0; i < e->paper.n; i++) {
		if (e->paper.blocks[i].step == &e->pages.steps[step])
			return i;
	}
	return NOTHING;
}

void entry_goto(struct entry *e, struct ui *u, struct str path)
{
	struct place place = { 0 };
	size_t at;

	entry_depart(e);
	if (grid_goto(e, u, path))
		return;
	if (pages_find(&e->pages, e->session, path, &place)) {
		/* gone, or never asked: the form from its start */
		vec_reset(&e->pages.scope);
		entry_first(e, u);
		return;
	}
	entry_enter_page(e, u, place.page, false);
	if (!entry_page(e) || entry_page(e)->repeat)
		return;
	e->away = true; /* nobody has been at the first question of the page */
	at = block_of_step(e, place.step);
	if (at == NOTHING)
		at = 0;
	if (at >= e->paper.n)
		return;
	e->leaf = e->paper.blocks[at].leaf;
	if (e->paper.blocks[at].kind == BLOCK_QUESTION)
		entry_arrive(e, at);
	else
		entry_arrive(e, question_of_leaf(e, e->leaf, false));
}

void entry_enter_instance(struct entry *e, struct ui *u, size_t n)
{
	const struct page *page = entry_page(e);
	struct ref in = REF_NONE;

	entry_depart(e);
	if (page && page->repeat)
		in = session_repeat(e->session, page->repeat, page->near, n);
	if (!in.node || pages_enter(&e->pages, e->session, in))
		return;
	entry_enter_page(e, u, 0, false);
}

/* Which row of a table it is, from 1; 0: none of it. */
static size_t row_in(struct entry *e, const struct page *page, struct ref row)
{
	for (size_t k = 1; page->repeat; k++) {
		struct ref r =
			session_repeat(e->session, page->repeat, page->near, k);

		if (!r.node)
			break;
		if (ref_eq(r, row))
			return k;
	}
	return 0;
}

/* The marker stands on the row after the one left; in the cells the cursor on
 * the one after that from which the row was opened. */
static void come_back(struct entry *e, struct ui *u, size_t row, bool from_cell)
{
	size_t column = e->from_column;

	e->roster.at = row;
	if (!grid_on(e))
		return;
	grid_enter(e, u, row - from_cell, from_cell ? column : 0);
	if (from_cell)
		grid_next(e, u);
}

/* Back to the table. */
void entry_leave_instance(struct entry *e, struct ui *u)
{
	struct ref was = pages_instance(&e->pages);
	bool from_cell = was.node && ref_eq(was, e->from_row);
	size_t row = 0, i = 0;

	entry_depart(e);
	if (from_cell)
		e->from_row = REF_NONE;
	if (pages_leave(&e->pages, e->session))
		return;
	while (i < e->pages.list.n &&
	       !(row = row_in(e, &e->pages.list.at[i], was)))
		i++;
	entry_enter_page(e, u, row ? i : 0, false);
	if (row)
		come_back(e, u, row, from_cell);
}

/* Where this question is now, after the pages were made anew. */
static bool find_again(struct entry *e, struct ref was,
		       const struct item *repeat)
{
	for (size_t i = 0; i < e->pages.list.n; i++) {
		const struct page *p = &e->pages.list.at[i];

		if (repeat && p->repeat == repeat) {
			e->page = i;
			return true;
		}
		for (size_t k = p->first; was.node && k < p->end; k++) {
			if (p->repeat || !ref_eq(e->pages.steps[k].ref, was))
				continue;
			e->page = i;
			return true;
		}
	}
	return false;
}

static bool structural(const struct changes *c)
{
	for (size_t i = 0; i < c->list.n; i++) {
		if (c->list.at[i].kind &
		    (CHANGE_STATE | CHANGE_ADDED | CHANGE_REMOVED))
			return true;
	}
	return false;
}

/* The block of this question, else the one that took its place. */
static size_t block_again(const struct entry *e, struct ref was, size_t at)
{
	for (size_t i = 0; was.node && i < e->paper.n; i++) {
		const struct block *b = &e->paper.blocks[i];

		if (b->kind == BLOCK_QUESTION && ref_eq(b->step->ref, was))
			return i;
	}
	if (at == NOTHING)
		return NOTHING;
	return paper_next(&e->paper, at ? at - 1 : NOTHING);
}

/* False: the page is gone, another one stands in its place. */
static bool pages_again(struct entry *e, struct ref was,
			const struct item *repeat)
{
	if (!structural(&e->changes))
		return true;
	if (pages_make(&e->pages, e->session))
		return true; /* as it was */
	if (find_again(e, was, repeat))
		return true;
	if (e->page >= e->pages.list.n)
		e->page = e->pages.list.n ? e->pages.list.n - 1 : 0;
	return false;
}

void entry_reload(struct entry *e, struct ui *u)
{
	struct ref was = entry_ref(e);
	const struct page *page = entry_page(e);
	const struct item *repeat = page ? page->repeat : NULL;
	size_t at = e->at;
	bool there;

	e->away = true; /* one stays where one is */
	there = pages_again(e, was, repeat);
	if (repeat && !there)
		entry_enter_page(e, u, e->page, false);
	else if (repeat)
		grid_again(e, u, was);
	e->away = false;
	if (repeat)
		return;
	entry_make_paper(e, u);
	e->at = block_again(e, was, at);
	if (entry_block(e))
		e->leaf = entry_block(e)->leaf;
}

void entry_show_again(struct entry *e, struct ui *u)
{
	struct ref was = entry_ref(e);
	size_t at = e->at;

	if (!entry_page(e) || (entry_page(e)->repeat && !e->cells))
		return;
	entry_make_paper(e, u);
	e->at = block_again(e, was, at);
	if (entry_block(e))
		e->leaf = entry_block(e)->leaf;
}

void entry_strict(struct entry *e, struct ui *u)
{
	e->strict = true;
	entry_show_again(e, u);
}
