/* SPDX-License-Identifier: MIT */
#include "ses.h"

/*
 * Labels, lists of choices and verdicts are computed when they are asked for.
 * What an act changed is followed to those that read it, so that a screen
 * knows which of them to ask for again.
 */

static const unsigned change_of[] = {
	[WATCH_TEXT] = CHANGE_TEXT,
	[WATCH_CHOICES] = CHANGE_CHOICES,
	[WATCH_VERDICT] = CHANGE_VERDICT,
};

struct telling {
	struct changes *changes;
	struct map seen; /* watcher and top: told already */
	struct buf key;
};

static enum err tell_node(struct session *s, uint32_t number, struct node *n,
			  void *arg)
{
	struct telling *t = arg;
	struct change *c = vec_push(&t->changes->list);

	if (!c)
		return ERR_NOMEM;
	*c = (struct change){ { n },
			      change_of[s->form->watchers.at[number].kind] };
	return ERR_NONE;
}

/* Many nodes that changed may have one and the same reader. */
static enum err first_time(struct telling *t, uint32_t number,
			   const struct node *top, bool *first)
{
	uintptr_t place = (uintptr_t)top;
	struct str key;

	buf_reset(&t->key);
	buf_u32(&t->key, number);
	buf_add(&t->key, &place, sizeof(place));
	if (t->key.failed)
		return t->key.failed;
	*first = !map_get(&t->seen, buf_str(&t->key));
	if (!*first)
		return ERR_NONE;
	key = arena_dup(&t->changes->arena, buf_str(&t->key));
	return key.p ? map_put(&t->seen, key, t) : ERR_NOMEM;
}

static enum err tell_readers(struct session *s, struct telling *t,
			     const struct readers *r, uint32_t slot,
			     struct node *n)
{
	enum err rc = ERR_NONE;

	for (uint32_t i = r->at[slot]; i < r->at[slot + 1] && !rc; i++) {
		struct node *top = climb(n, r->to[i].climb);
		struct visit v = { tell_node, r->to[i].vertex, t };
		bool first = false;

		if (top)
			rc = first_time(t, r->to[i].vertex, top, &first);
		if (!rc && first)
			rc = each_below(
				s, s->form->watchers.at[r->to[i].vertex].slot,
				top, &v);
	}
	return rc;
}

static bool seen_moved(const struct touched *t)
{
	struct str before = t->hidden ? STR("") : was_shown(t);

	return t->hidden != t->node->hidden ||
	       !str_eq(before, seen_value(t->node));
}

enum err watch_tell(struct session *s, struct changes *c)
{
	const struct form *f = s->form;
	const struct act *a = s->act;
	struct telling t = { .changes = c, .key = BUF_INIT(64) };
	enum err rc = ERR_NONE;

	if (!f->watchers.n)
		return ERR_NONE;
	for (size_t i = 0; i < a->nodes.n && !rc; i++) {
		const struct touched *n = &a->nodes.at[i];

		if (seen_moved(n) && attached(s, n->node))
			rc = tell_readers(s, &t, &f->watches, n->node->slot,
					  n->node);
	}
	for (size_t i = 0; i < a->shifts.n && !rc; i++) {
		const struct shift *x = &a->shifts.at[i];

		if (attached(s, x->holder))
			rc = tell_readers(s, &t, &f->watched_repeats,
					  x->node->slot, x->holder);
	}
	map_release(&t.seen);
	buf_release(&t.key);
	return rc;
}
