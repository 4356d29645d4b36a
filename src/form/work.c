/* SPDX-License-Identifier: MIT */
#include "ses.h"

/*
 * Vertices are numbered in evaluation order, so going through the waiting
 * ones from the lowest number evaluates each once. Only a loop goes back; it
 * is given a number of rounds and then left as it stands.
 */

#define ROUNDS_MAX 100

#define WORD_BITS 64

static size_t words(const struct session *s)
{
	return s->form->n_vertices / WORD_BITS + 1;
}

enum err work_init(struct session *s)
{
	struct work *w = &s->work;
	size_t n = s->form->n_vertices + 1;

	w->first = arena_array(&s->arena, n, sizeof(*w->first));
	w->last = arena_array(&s->arena, n, sizeof(*w->last));
	w->rounds = arena_array(&s->arena, n, sizeof(*w->rounds));
	w->waiting = arena_array(&s->arena, words(s), sizeof(*w->waiting));
	if (!w->first || !w->last || !w->rounds || !w->waiting)
		return ERR_NOMEM;
	return ERR_NONE;
}

void work_release(struct session *s)
{
	vec_release(&s->work.entries);
	vec_release(&s->work.used);
	vec_release(&s->work.batch);
}

static bool computes(enum vertex_kind kind)
{
	return kind == V_CALCULATE || kind == V_COUNT;
}

/* A holder may have several counts, so a bit does not tell; the tail does. */
static bool queued(const struct session *s, const struct vertex *v,
		   uint32_t vertex, const struct node *n)
{
	uint32_t last = s->work.last[vertex];

	if (v->kind != V_COUNT)
		return cell(n)->queued & (1u << v->kind);
	return last && s->work.entries.at[last - 1].node == n;
}

enum err work_add(struct session *s, uint32_t vertex, struct node *n)
{
	const struct vertex *v = &s->form->vertices[vertex];
	struct work *w = &s->work;
	struct entry *e;
	uint32_t at;

	if (queued(s, v, vertex, n) || (w->states_only && computes(v->kind)))
		return ERR_NONE;
	e = vec_push(&w->entries);
	if (!e)
		return ERR_NOMEM;
	*e = (struct entry){ n, 0 };
	at = (uint32_t)w->entries.n;
	if (w->last[vertex])
		w->entries.at[w->last[vertex] - 1].next = at;
	else
		w->first[vertex] = at;
	w->last[vertex] = at;
	cell(n)->queued |= (uint8_t)(1u << v->kind);
	w->waiting[vertex / WORD_BITS] |= (uint64_t)1 << vertex % WORD_BITS;
	if (vertex < w->from)
		w->from = vertex;
	return ERR_NONE;
}

/* The nodes at the end of the slots in `chain`, which ends below `n`. */
static enum err each_chain(struct session *s, struct node *n,
			   const uint32_t *chain, size_t left,
			   const struct visit *v)
{
	enum err rc = ERR_NONE;
	struct node *k;

	if (!left)
		return v->node(s, v->number, n, v->arg);
	k = first_of(n, s, chain[--left]);
	if (!s->form->shape.slots[chain[left]].repeat)
		return k ? each_chain(s, k, chain, left, v) : ERR_NONE;
	for (; k && !rc; k = next_of(k))
		rc = each_chain(s, k, chain, left, v);
	return rc;
}

enum err each_below(struct session *s, uint32_t slot, struct node *top,
		    const struct visit *v)
{
	const struct shape_slot *slots = s->form->shape.slots;
	uint32_t chain[TREE_MAX_DEPTH + 2];
	size_t n = 0;

	for (; slot != top->slot; slot = slots[slot].parent) {
		if (slot == 0 || n == ARRAY_LEN(chain))
			return ERR_NONE;
		chain[n++] = slot;
	}
	return each_chain(s, top, chain, n, v);
}

struct node *climb(struct node *n, uint32_t levels)
{
	for (; levels && n; levels--)
		n = n->parent;
	return n && n->data ? n : NULL;
}

static enum err add_visited(struct session *s, uint32_t vertex, struct node *n,
			    void *arg)
{
	(void)arg;
	return work_add(s, vertex, n);
}

static enum err add_below(struct session *s, uint32_t vertex, struct node *top)
{
	struct visit v = { add_visited, vertex, NULL };

	return each_below(s, vertex_home(s->form, &s->form->vertices[vertex]),
			  top, &v);
}

static enum err add_dependents(struct session *s, struct node *n,
			       const struct dependent *d, uint32_t count)
{
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < count && !rc; i++) {
		struct node *top = climb(n, d[i].climb);

		if (top)
			rc = add_below(s, d[i].vertex, top);
	}
	return rc;
}

enum err work_readers(struct session *s, struct node *n)
{
	const struct readers *r = &s->form->deps;
	uint32_t from = r->at[n->slot], to = r->at[n->slot + 1];

	return add_dependents(s, n, r->to + from, to - from);
}

enum err work_shift(struct session *s, struct node *holder, uint32_t repeat,
		    bool moved)
{
	const struct readers *r = &s->form->shifts;
	enum err rc = ERR_NONE;

	for (uint32_t i = r->at[repeat]; i < r->at[repeat + 1] && !rc; i++)
		if (moved || !r->to[i].place)
			rc = add_dependents(s, holder, &r->to[i], 1);
	return rc;
}

static enum err add_counts(struct session *s, struct node *n)
{
	const struct shape_slot *shape = &s->form->shape.slots[n->slot];
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < shape->n_kids && !rc; i++) {
		uint32_t v = s->form->slots[shape->kids[i]].vertex[V_COUNT];

		if (v != TREE_NO_SLOT)
			rc = work_add(s, v, n);
	}
	return rc;
}

static enum err add_own(struct session *s, struct node *n)
{
	const uint32_t *v = s->form->slots[n->slot].vertex;
	enum err rc = ERR_NONE;

	for (int k = 0; k < VERTEX_KINDS && !rc; k++)
		if (k != V_COUNT && v[k] != TREE_NO_SLOT)
			rc = work_add(s, v[k], n);
	return rc ? rc : add_counts(s, n);
}

enum err work_subtree(struct session *s, struct node *n)
{
	enum err rc;

	rc = add_own(s, n);
	for (struct node *a = n->attrs; a && !rc; a = a->next)
		if (a->data)
			rc = add_own(s, a);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data)
			rc = work_subtree(s, k);
	return rc;
}

/* ---- settling */

/* The lowest waiting vertex, or one behind the last. */
static size_t next_waiting(const struct session *s)
{
	const struct work *w = &s->work;
	size_t i = w->from / WORD_BITS, n = words(s);

	for (; i < n; i++) {
		if (w->waiting[i])
			return i * WORD_BITS +
			       (size_t)__builtin_ctzll(w->waiting[i]);
	}
	return s->form->n_vertices;
}

static void take_off(struct work *w, size_t vertex)
{
	w->first[vertex] = w->last[vertex] = 0;
	w->waiting[vertex / WORD_BITS] &= ~((uint64_t)1 << vertex % WORD_BITS);
}

static enum err take_batch(struct session *s, uint32_t vertex)
{
	struct work *w = &s->work;
	uint32_t at = w->first[vertex];

	vec_reset(&w->batch);
	while (at) {
		struct ref *r = vec_push(&w->batch);

		if (!r)
			return ERR_NOMEM;
		r->node = w->entries.at[at - 1].node;
		at = w->entries.at[at - 1].next;
	}
	take_off(w, vertex);
	return ERR_NONE;
}

static enum err count_round(struct work *w, uint32_t vertex)
{
	if (w->rounds[vertex]++ == 0) {
		uint32_t *used = vec_push(&w->used);

		if (!used)
			return ERR_NOMEM;
		*used = vertex;
	}
	return ERR_NONE;
}

/*
 * Forth in odd rounds and back in even ones: a running total settles in two,
 * whichever neighbour it adds to.
 */
static void turn_batch(struct work *w)
{
	for (size_t i = 0; i < w->batch.n / 2; i++) {
		struct ref r = w->batch.at[i];

		w->batch.at[i] = w->batch.at[w->batch.n - 1 - i];
		w->batch.at[w->batch.n - 1 - i] = r;
	}
}

static enum err run_batch(struct session *s, uint32_t vertex)
{
	const struct vertex *v = &s->form->vertices[vertex];
	struct work *w = &s->work;
	bool enough;
	enum err rc;

	rc = count_round(w, vertex);
	enough = w->rounds[vertex] > ROUNDS_MAX;
	if (v->loop && w->rounds[vertex] % 2 == 0)
		turn_batch(w);
	for (size_t i = 0; i < w->batch.n; i++) {
		struct node *n = w->batch.at[i].node;

		cell(n)->queued &= (uint8_t) ~(1u << v->kind);
		if (!rc && !enough && (!w->removed || attached(s, n)))
			rc = vertex_run(s, vertex, n);
	}
	return rc;
}

/* Forgets what waits, after a failure or when all is done. */
void work_forget(struct session *s)
{
	struct work *w = &s->work;

	for (size_t v = next_waiting(s); v < s->form->n_vertices;
	     v = next_waiting(s)) {
		for (uint32_t at = w->first[v]; at;
		     at = w->entries.at[at - 1].next)
			cell(w->entries.at[at - 1].node)->queued = 0;
		take_off(w, v);
	}
	vec_each (v, &w->used)
		w->rounds[*v] = 0;
	vec_reset(&w->used);
	vec_reset(&w->entries);
	w->from = 0;
	w->removed = false;
}

enum err settle(struct session *s)
{
	struct work *w = &s->work;
	enum err rc = ERR_NONE;

	while (!rc) {
		size_t v = next_waiting(s);

		w->from = v;
		if (v == s->form->n_vertices)
			break;
		rc = take_batch(s, (uint32_t)v);
		if (!rc)
			rc = run_batch(s, (uint32_t)v);
	}
	work_forget(s);
	return rc;
}
