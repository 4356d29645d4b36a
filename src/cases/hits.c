/* SPDX-License-Identifier: MIT */
#include "hits.h"

#include <stdlib.h>
#include <string.h>

/* Records that one question may read: some 3 ms. */
#define RECORDS_MAX 800
/* Room to find them by id in, at first. */
#define PLACES 256

bool hits_wanted(const struct hits *h, const struct index_set *set)
{
	return !h->q->dataset.n || str_eq(set->name, h->q->dataset);
}

enum err hits_begin(struct hits *h, const struct index_reader *ix,
		    const struct question *q, struct arena *a)
{
	size_t sets = ix->head->sets.n;

	*h = (struct hits){ .ix = ix, .q = q, .a = a, .n_places = PLACES };
	h->places = arena_array(a, h->n_places, sizeof(*h->places));
	h->of = arena_array(a, sets + 1, sizeof(*h->of));
	h->max = q->limit;
	if (q->dataset.n || !sets)
		sets = 1;
	if (q->n && h->max * sets < CANDIDATES)
		h->max = CANDIDATES / sets;
	return h->places && h->of ? ERR_NONE : ERR_NOMEM;
}

void hits_end(struct hits *h)
{
	vec_release(&h->list);
}

void hits_set(struct hits *h, size_t set)
{
	h->set = set;
	h->full = false;
}

bool hits_enough(const struct hits *h)
{
	return h->list.n >= h->q->limit;
}

/* Ids from elsewhere may be chosen, so their bytes are hashed. */
static uint32_t *place(const struct hits *h, size_t set, const struct id *id)
{
	struct str bytes = str_of((const char *)id->b, ID_BYTES);
	size_t at = (size_t)map_hash(bytes, set);

	for (;; at++) {
		uint32_t *p = &h->places[at & (h->n_places - 1)];
		const struct candidate *c = *p ? &h->list.at[*p - 1] : NULL;

		if (!c || (c->set == set && id_eq(&c->id, id)))
			return p;
	}
}

static enum err more_places(struct hits *h)
{
	h->n_places *= 4;
	h->places = arena_array(h->a, h->n_places, sizeof(*h->places));
	if (!h->places)
		return ERR_NOMEM;
	for (size_t i = 0; i < h->list.n; i++) {
		const struct candidate *c = &h->list.at[i];

		*place(h, c->set, &c->id) = (uint32_t)i + 1;
	}
	return ERR_NONE;
}

static enum err offer(struct hits *h, const struct candidate *c, uint32_t *at)
{
	struct candidate *slot;

	if (h->of[h->set] == h->max) {
		h->full = true;
		return ERR_NONE;
	}
	slot = vec_push(&h->list);
	if (!slot)
		return ERR_NOMEM;
	*slot = *c;
	h->of[h->set]++;
	*at = (uint32_t)h->list.n;
	return 2 * h->list.n < h->n_places ? ERR_NONE : more_places(h);
}

static struct str joined(struct hits *h, const struct entry_view *e)
{
	char text[ENTRY_TEXT * 2];
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++) {
		if (i)
			text[n++] = ' ';
		memcpy(text + n, e->name[i].p, e->name[i].n);
		n += e->name[i].n;
	}
	return arena_dup(h->a, str_of(text, n));
}

static enum err read_record(struct hits *h, const struct id *id,
			    struct str *record)
{
	struct key key;

	h->records++;
	key_record(&key, h->ix->head->sets.at[h->set].name, id);
	return txn_get(h->ix->t, TABLE_ENTITY, key_str(&key), record);
}

/* What the entry does not show, its record may. */
static enum err judge_record(struct hits *h, struct candidate *c)
{
	char name[RECORD_NAME_MAX];
	struct str record;
	uint32_t *at = place(h, h->set, &c->id);
	enum err rc;

	if (*at)
		return ERR_NONE;
	if (h->records >= RECORDS_MAX) {
		h->spent = true;
		return ERR_NONE;
	}
	rc = read_record(h, &c->id, &record);
	/* A damaged one is not found; store check names it. */
	if (rc)
		return rc == ERR_NOMEM ? rc : ERR_NONE;
	c->rank = record_rank(record, h->q);
	if (c->rank == RANK_NONE)
		return ERR_NONE;
	c->name = arena_dup(h->a, str_of(name, record_name(record, name)));
	return c->name.p ? offer(h, c, at) : ERR_NOMEM;
}

/* Which words of the question stand there. */
static unsigned begun(const struct question *q, struct str text)
{
	unsigned found = 0;

	for (size_t k = 0; k < q->n; k++)
		if (q->words[k].p[0] == text.p[0] &&
		    str_starts(text, q->words[k]))
			found |= 1u << k;
	return found;
}

/* Most entries walked over are none: what their texts begin with tells. */
static bool lacks(const struct hits *h, struct str key)
{
	unsigned missing = (1u << h->q->n) - 1;
	size_t i = ENTRY_FRONT, end = key.n - ID_BYTES;

	while (missing && i < end && key.p[i] != ENTRY_END) {
		missing &= ~begun(h->q, str_of(key.p + i, end - i));
		while (i < end && (uint8_t)key.p[i] > ENTRY_REST)
			i++;
		if (i < end && key.p[i] == ENTRY_END)
			break;
		i++;
	}
	return missing && i < end; /* cut ones have no end */
}

/* What is there already counts by the better of its entries. */
static enum err take_entry(struct hits *h, const struct entry_view *e,
			   struct candidate *c)
{
	uint32_t *at = place(h, h->set, &c->id);

	if (*at) {
		if (c->rank < h->list.at[*at - 1].rank)
			h->list.at[*at - 1].rank = c->rank;
		return ERR_NONE;
	}
	c->name = joined(h, e);
	return c->name.p ? offer(h, c, at) : ERR_NOMEM;
}

enum err hits_judge(struct hits *h, struct str key)
{
	struct candidate c = { .set = h->set };
	struct match m = { 0 };
	struct entry_view e;

	if (key.n < ENTRY_FRONT + ID_BYTES)
		return ERR_CORRUPT;
	if (!h->thorough && lacks(h, key))
		return ERR_NONE;
	if (!entry_read(key, &e))
		return ERR_CORRUPT;
	c.id = e.id;
	if (e.cut)
		return judge_record(h, &c);
	for (size_t i = 0; i < e.n_other; i++)
		match_word(&m, false, e.other[i], h->q);
	for (size_t i = 0; i < e.n; i++)
		match_word(&m, true, e.name[i], h->q);
	c.rank = match_rank(&m, h->q->n);
	if (c.rank == RANK_NONE)
		return h->thorough && !e.all ? judge_record(h, &c) : ERR_NONE;
	return take_entry(h, &e, &c);
}

static int by_merit(const void *a, const void *b)
{
	const struct candidate *x = *(const struct candidate *const *)a;
	const struct candidate *y = *(const struct candidate *const *)b;
	int c;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	c = str_cmp(x->name, y->name);
	return c ? c : memcmp(x->id.b, y->id.b, ID_BYTES);
}

enum err hits_give(struct hits *h, struct index_found *out)
{
	const struct candidate **order =
		arena_array(h->a, h->list.n + 1, sizeof(const void *));

	out->n = h->list.n < h->q->limit ? h->list.n : h->q->limit;
	out->hits = arena_array(h->a, out->n + 1, sizeof(*out->hits));
	if (!out->hits || !order)
		return ERR_NOMEM;
	for (size_t i = 0; i < h->list.n; i++)
		order[i] = &h->list.at[i];
	qsort(order, h->list.n, sizeof(*order), by_merit);
	for (size_t i = 0; i < out->n; i++)
		out->hits[i] = (struct index_hit){
			.dataset = h->ix->head->sets.at[order[i]->set].name,
			.id = order[i]->id,
			.rank = order[i]->rank
		};
	return ERR_NONE;
}
