/* SPDX-License-Identifier: MIT */
#include "pages.h"

void pages_release(struct pages *p)
{
	arena_release(&p->arena);
	vec_release(&p->list);
	vec_release(&p->scope);
}

struct ref pages_instance(const struct pages *p)
{
	return p->scope.n ? p->scope.at[p->scope.n - 1] : REF_NONE;
}

/* The node that holds a repeat, seen from one of its instances. */
static struct ref holder(struct session *s, const struct item *repeat,
			 struct ref instance)
{
	const struct item *i = repeat->parent;

	while (i && i->kind != ITEM_ROOT && i->slot == ITEM_NO_SLOT)
		i = i->parent;
	if (!i || i->kind == ITEM_ROOT)
		return session_root(s);
	return session_near(s, i, instance);
}

/* The steps of the scope: [first, end), and how deep they lie. */
static bool scope_steps(const struct pages *p, size_t *first, size_t *end,
			unsigned *depth)
{
	struct ref in = pages_instance(p);
	size_t i = 0;

	*first = 0;
	*end = p->n_steps;
	*depth = 0;
	if (!in.node)
		return true;
	while (i < p->n_steps && !(p->steps[i].kind == STEP_REPEAT &&
				   ref_eq(p->steps[i].ref, in)))
		i++;
	if (i == p->n_steps)
		return false;
	*depth = p->steps[i].depth + 1;
	*first = ++i;
	while (i < p->n_steps && p->steps[i].depth >= *depth)
		i++;
	*end = i;
	return true;
}

static struct page *last_page(struct pages *p)
{
	return p->list.n ? &p->list.at[p->list.n - 1] : NULL;
}

static struct page *open_page(struct pages *p)
{
	struct page *last = last_page(p);

	return last && last->open && !last->repeat ? last : NULL;
}

static enum err new_page(struct pages *p, const struct item *group,
			 const struct step *step)
{
	struct page *page = vec_push(&p->list);
	size_t at = (size_t)(step - p->steps);

	if (!page)
		return ERR_NOMEM;
	*page = (struct page){ .group = group,
			       .near = step->ref,
			       .first = at,
			       .end = at,
			       .depth = step->depth,
			       .open = true };
	/* A group that goes on after another page began within it. */
	if (step->kind == STEP_QUESTION && page->depth > 0)
		page->depth--;
	return ERR_NONE;
}

/* A page ends where a step stands no deeper than its group. */
static void close_pages(struct pages *p, const struct step *step)
{
	struct page *last = open_page(p);

	if (!last)
		return;
	last->open = last->group ? step->depth > last->depth
				 : step->kind == STEP_QUESTION;
}

static const struct item *group_of(const struct step *step)
{
	const struct item *i = step->item->parent;

	while (i && !i->labelled && i->kind == ITEM_GROUP)
		i = i->parent;
	return i && i->kind == ITEM_GROUP ? i : NULL;
}

static enum err add_repeat(struct pages *p, struct session *s,
			   const struct step *step)
{
	struct page *last = last_page(p);
	struct ref within = step->kind == STEP_PROMPT
				    ? step->ref
				    : holder(s, step->item, step->ref);
	enum err rc;

	if (last && last->repeat == step->item && ref_eq(last->near, within))
		return ERR_NONE;
	if (last)
		last->open = false;
	rc = new_page(p, step->item, step);
	if (rc)
		return rc;
	last = &p->list.at[p->list.n - 1];
	last->repeat = step->item;
	last->near = within;
	return ERR_NONE;
}

static enum err add_step(struct pages *p, struct session *s,
			 const struct step *step, unsigned depth)
{
	struct page *open;
	enum err rc = ERR_NONE;

	close_pages(p, step);
	if (step->kind == STEP_REPEAT || step->kind == STEP_PROMPT)
		return add_repeat(p, s, step);
	open = open_page(p);
	if (step->kind == STEP_GROUP &&
	    (!open || step->depth == depth ||
	     (item_has(step->item, "field-list") &&
	      !item_has(open->group, "field-list"))))
		rc = new_page(p, step->item, step);
	else if (step->kind == STEP_QUESTION && !open)
		rc = new_page(p, group_of(step), step);
	if (rc)
		return rc;
	open = last_page(p);
	if (open)
		open->end = (size_t)(step - p->steps) + 1;
	return ERR_NONE;
}

/* Rows that only calculate, and that nobody adds to, are no table. */
static bool table_asks(const struct pages *p, const struct page *page)
{
	for (size_t k = page->first; k < p->n_steps; k++) {
		const struct step *step = &p->steps[k];

		if (step->depth < page->depth ||
		    (step->depth == page->depth && step->item != page->repeat))
			return false;
		if (step->kind == STEP_QUESTION || step->kind == STEP_PROMPT)
			return true;
	}
	return false;
}

/* Pages on which there is nothing but their heading go. */
static void drop_empty(struct pages *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->list.n; i++) {
		const struct page *page = &p->list.at[i];
		bool any = page->repeat && table_asks(p, page);

		for (size_t k = page->first; k < page->end; k++)
			any = any || p->steps[k].kind == STEP_QUESTION;
		if (any)
			p->list.at[kept++] = *page;
	}
	p->list.n = kept;
}

static enum err make_list(struct pages *p, struct session *s)
{
	size_t first, end;
	unsigned depth;
	enum err rc = ERR_NONE;

	while (!scope_steps(p, &first, &end, &depth))
		p->scope.n--;
	vec_reset(&p->list);
	for (size_t i = first; !rc && i < end; i++) {
		const struct step *step = &p->steps[i];
		unsigned inner = step->depth;

		rc = add_step(p, s, step, depth);
		if (step->kind != STEP_REPEAT)
			continue;
		while (i + 1 < end && p->steps[i + 1].depth > inner)
			i++;
	}
	if (!rc)
		drop_empty(p);
	return rc;
}

enum err pages_make(struct pages *p, struct session *s)
{
	enum err rc;

	arena_reset(&p->arena);
	p->steps = NULL;
	p->n_steps = 0;
	rc = session_walk(s, &p->arena, &p->steps, &p->n_steps);
	if (rc)
		return rc;
	return make_list(p, s);
}

enum err pages_enter(struct pages *p, struct session *s, struct ref instance)
{
	struct ref *in = vec_push(&p->scope);

	if (!in)
		return ERR_NOMEM;
	*in = instance;
	return make_list(p, s);
}

enum err pages_leave(struct pages *p, struct session *s)
{
	if (p->scope.n)
		p->scope.n--;
	return make_list(p, s);
}

struct str pages_repeat_path(struct session *s, const struct page *p,
			     struct arena *a)
{
	struct str at = session_path(s, p->near, a);

	return arena_printf(a, "%.*s/%.*s", STR_ARG(at),
			    STR_ARG(p->repeat->name));
}

size_t pages_row_of(const struct pages *p, size_t i)
{
	unsigned depth = i < p->n_steps ? p->steps[i].depth : 0;

	while (i-- > 0 && depth > 0) {
		if (p->steps[i].depth >= depth)
			continue;
		depth = p->steps[i].depth;
		if (p->steps[i].kind == STEP_REPEAT)
			return i;
	}
	return SIZE_MAX;
}

/* The instances around step `i`, from the outside in. */
static enum err scope_of(struct pages *p, size_t i)
{
	struct ref *in;

	vec_reset(&p->scope);
	while ((i = pages_row_of(p, i)) != SIZE_MAX) {
		in = vec_push(&p->scope);
		if (!in)
			return ERR_NOMEM;
		for (size_t k = p->scope.n - 1; k > 0; k--)
			p->scope.at[k] = p->scope.at[k - 1];
		p->scope.at[0] = p->steps[i].ref;
	}
	return ERR_NONE;
}

static bool page_of_step(const struct pages *p, size_t step, size_t *page)
{
	for (size_t i = 0; i < p->list.n; i++) {
		const struct page *at = &p->list.at[i];

		if (!at->repeat && step >= at->first && step < at->end) {
			*page = i;
			return true;
		}
	}
	return false;
}

static enum err find_repeat(struct pages *p, struct session *s, struct str path,
			    struct arena *a, struct place *out)
{
	for (size_t i = 0; i < p->list.n; i++) {
		const struct page *at = &p->list.at[i];

		if (!at->repeat || !str_eq(pages_repeat_path(s, at, a), path))
			continue;
		*out = (struct place){ .page = i, .step = at->first };
		return ERR_NONE;
	}
	return ERR_NOTFOUND;
}

enum err pages_find(struct pages *p, struct session *s, struct str path,
		    struct place *out)
{
	struct arena a = { 0 };
	struct ref want = session_find(s, path);
	enum err rc;
	size_t i = 0;

	while (i < p->n_steps && !(p->steps[i].kind == STEP_QUESTION &&
				   want.node && ref_eq(p->steps[i].ref, want)))
		i++;
	if (i < p->n_steps) {
		rc = scope_of(p, i);
		if (!rc)
			rc = make_list(p, s);
		out->step = i;
		if (!rc && !page_of_step(p, i, &out->page))
			rc = ERR_NOTFOUND;
	} else {
		/* tables at the root only: others are found by a question */
		vec_reset(&p->scope);
		rc = make_list(p, s);
		if (!rc)
			rc = find_repeat(p, s, path, &a, out);
	}
	arena_release(&a);
	return rc;
}

bool pages_asks(struct session *s, const struct step *step, struct ref fixed)
{
	return step->kind == STEP_QUESTION && !session_readonly(s, step->ref) &&
	       !ref_eq(step->ref, fixed);
}
