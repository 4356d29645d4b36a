/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/map.h"

#include "source.h"

/* A path whose names are longer in all is not indexed, in bytes. */
#define LABEL_MAX 250

/*
 * The elements that a path of child steps leads to, by the text of one of
 * their children. Equal texts form a chain through `next`.
 */
struct bucket {
	uint32_t first, last;
};

struct index {
	struct index *sibling; /* the next index of the source */
	struct str label;
	struct nodes items;
	uint32_t *next;
	struct map buckets;
};

#define NO_ITEM UINT32_MAX

void index_forget(struct source *s)
{
	for (struct index *x = s->indexes; x; x = x->sibling)
		map_release(&x->buckets);
	s->indexes = NULL;
}

/* Names and namespaces of the steps, each ended by a byte no name has. */
static bool label_step(struct buf *b, const struct step *s)
{
	buf_addstr(b, s->local);
	buf_addc(b, s->prefixed ? '\1' : '\2');
	buf_addstr(b, s->uri);
	buf_addc(b, '\0');
	return !b->failed;
}

static enum err label_path(struct buf *b, const struct span *path,
			   const struct step *column)
{
	const struct step *s = path->first;

	while (label_step(b, s) && s != path->last)
		s = s->next;
	label_step(b, column);
	return b->failed;
}

static enum err put(struct source *s, struct index *x, uint32_t item,
		    struct str text)
{
	struct bucket *b = map_get(&x->buckets, text);

	if (b) {
		if (b->last != item)
			x->next[b->last] = item;
		b->last = item;
		return ERR_NONE;
	}
	b = arena_alloc(&s->arena, sizeof(*b));
	if (!b)
		return ERR_NOMEM;
	b->first = b->last = item;
	return map_put(&x->buckets, text, b);
}

static enum err put_item(struct eval *e, struct source *s, struct index *x,
			 const struct step *column, uint32_t item)
{
	struct nodes cells = { 0 };
	enum err rc = axis_walk(e, column, x->items.at[item], &cells);

	for (size_t i = 0; i < cells.n && !rc; i++)
		rc = put(s, x, item, val_node_str(e, cells.at[i]));
	return rc;
}

static enum err collect(struct eval *e, struct source *s,
			const struct span *path, struct nodes *out)
{
	const struct step *step = path->first;
	struct step alone;
	enum err rc = nodes_push(e, out, s->element);

	for (; !rc; step = step->next) {
		alone = *step;
		alone.next = NULL;
		alone.preds = NULL;
		rc = walk_steps(e, &alone, out);
		if (step == path->last)
			break;
	}
	return rc;
}

static enum err build(struct eval *e, struct source *s, struct index *x,
		      const struct span *path, const struct step *column)
{
	enum err rc = collect(e, s, path, &x->items);

	if (rc)
		return rc;
	x->next = arena_array(&s->arena, x->items.n + 1, sizeof(*x->next));
	if (!x->next)
		return ERR_NOMEM;
	memset(x->next, 0xff, (x->items.n + 1) * sizeof(*x->next));
	for (uint32_t i = 0; i < x->items.n && !rc; i++)
		rc = put_item(e, s, x, column, i);
	return rc;
}

/* What an index keeps must outlive the evaluation that builds it. */
static enum err build_kept(struct eval *e, struct source *s, struct index *x,
			   const struct span *path, const struct step *column)
{
	struct eval kept = *e;
	enum err rc;

	kept.arena = &s->arena;
	rc = build(&kept, s, x, path, column);
	e->steps = kept.steps;
	return rc;
}

static struct index *by_label(const struct source *s, struct str label)
{
	struct index *x = s->indexes;

	while (x && !str_eq(x->label, label))
		x = x->sibling;
	return x;
}

static enum err add(struct eval *e, struct source *s, const struct span *path,
		    const struct step *column, struct str label)
{
	struct index *x = arena_alloc(&s->arena, sizeof(*x));
	enum err rc;

	if (!x)
		return ERR_NOMEM;
	x->label = arena_dup(&s->arena, label);
	rc = x->label.p ? build_kept(e, s, x, path, column) : ERR_NOMEM;
	if (rc) {
		map_release(&x->buckets);
		return rc;
	}
	x->sibling = s->indexes;
	s->indexes = x;
	return ERR_NONE;
}

static enum err emit(struct eval *e, const struct index *x, struct str value,
		     struct nodes *out)
{
	const struct bucket *b = map_get(&x->buckets, value);
	uint32_t i = b ? b->first : NO_ITEM;
	enum err rc = ERR_NONE;

	for (; i != NO_ITEM && !rc; i = x->next[i])
		rc = nodes_push(e, out, x->items.at[i]);
	return rc ? rc : eval_spend(e, out->n);
}

enum err index_find(struct eval *e, struct source *s, const struct span *path,
		    const struct step *column, struct str value,
		    struct nodes *out)
{
	struct buf label = BUF_INIT(LABEL_MAX);
	enum err rc = label_path(&label, path, column);

	if (!rc && !by_label(s, buf_str(&label)))
		rc = add(e, s, path, column, buf_str(&label));
	if (!rc)
		rc = emit(e, by_label(s, buf_str(&label)), value, out);
	buf_release(&label);
	return rc;
}
