/* SPDX-License-Identifier: MIT */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "project.h"
#include "sorted.h"

/* Entities a page of numbers holds: set and id of each. */
#define NUMBERED   70
#define NUMBER_LEN ((size_t)2 + ID_BYTES)
/* Sorted entries are put in when this many wait: some 60 MB of a rebuild. */
#define OPS_WAITING   ((size_t)1 << 20)
#define HEAD_MAX      ((size_t)16 << 20)
#define INDEX_VERSION 1

/* ---- the head */
void index_head_release(struct index_head *h)
{
	vec_release(&h->sets);
	arena_release(&h->arena);
	*h = (struct index_head){ 0 };
}

static enum err read_sets(struct index_head *h, struct rd *r)
{
	uint32_t n = rd_u32(r);

	for (uint32_t i = 0; i < n && !r->failed; i++) {
		struct index_set *set = vec_push(&h->sets);
		struct str begins;

		if (!set)
			return ERR_NOMEM;
		set->name = arena_dup(&h->arena, rd_text(r));
		set->records = rd_u64(r);
		begins = rd_bytes(r, BEGIN_BYTES);
		if (begins.n)
			memcpy(set->begins, begins.p, BEGIN_BYTES);
		if (!r->failed && !set->name.p)
			return ERR_NOMEM;
	}
	return r->failed;
}

static enum err head_read(struct index_head *h, struct str value)
{
	struct rd r = RD_INIT(value);
	uint32_t index = rd_u32(&r), fold = rd_u32(&r);

	index_head_release(h);
	if (index != INDEX_VERSION || fold != FOLD_VERSION)
		return r.failed ? r.failed : ERR_VERSION;
	h->root = rd_u32(&r);
	h->next = rd_u32(&r);
	return read_sets(h, &r);
}

static void head_write(struct buf *b, const struct index_head *h)
{
	buf_u32(b, INDEX_VERSION);
	buf_u32(b, FOLD_VERSION);
	buf_u32(b, h->root);
	buf_u32(b, h->next);
	buf_u32(b, (uint32_t)h->sets.n);
	vec_each (set, &h->sets) {
		buf_text(b, set->name);
		buf_u64(b, set->records);
		buf_add(b, set->begins, BEGIN_BYTES);
	}
}

/* Three letters at most: as many as tell words apart without filling it. */
static size_t begin_bit(struct str word, size_t n)
{
	return map_hash(str_sub(word, 0, n), n) % (BEGIN_BYTES * 8);
}

void index_begins_add(struct index_set *s, struct str word)
{
	for (size_t n = 1; n <= 3 && n <= word.n; n++) {
		size_t bit = begin_bit(word, n);

		s->begins[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

bool index_begins(const struct index_set *s, struct str word)
{
	size_t bit = begin_bit(word, word.n < 3 ? word.n : 3);

	return s->begins[bit / 8] >> bit % 8 & 1u;
}

enum err index_head_get(struct index_head *h, struct txn *t,
			uint8_t tag[STORE_TAG])
{
	struct str value;
	struct key k;
	bool same;
	enum err rc;

	key_index(&k, INDEX_HEAD);
	rc = txn_get_new(t, TABLE_INDEX, key_str(&k), tag, &same, &value);
	if (!rc && !same)
		rc = head_read(h, value);
	if (rc)
		memset(tag, 0, STORE_TAG);
	return rc;
}

/* ---- entities by number */
enum err index_entity(struct shelf *s, const struct index_head *h,
		      uint32_t number, struct str *dataset, struct id *id)
{
	const uint8_t *page, *at;
	size_t set;
	enum err rc = shelf_get(s, INDEX_NUMBER, number / NUMBERED, &page);

	if (rc)
		return rc;
	at = page + number % NUMBERED * NUMBER_LEN;
	set = (size_t)at[0] << 8 | at[1];
	memcpy(id->b, at + 2, ID_BYTES);
	if (set >= h->sets.n)
		return ERR_CORRUPT;
	*dataset = h->sets.at[set].name;
	return ERR_NONE;
}

/* ---- writing */
struct index_write {
	struct shelf *shelf;
	struct txn *t;
	struct index_head head;
	struct arena keys;
	VEC(struct sorted_op) ops;
	size_t set;
	bool del; /* what index_entries() gives is taken out */
	bool dirty;
	uint32_t page; /* of numbers, being filled; UINT32_MAX: none */
	uint8_t numbers[NUMBERED * NUMBER_LEN];
};

enum err index_drop(struct txn *t)
{
	static const enum index_kind kinds[] = { INDEX_SEARCH, INDEX_BLOCK,
						 INDEX_NUMBER, INDEX_HEAD };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && !rc; i++)
		rc = index_clear(t, kinds[i]);
	return rc;
}

enum err index_begin(struct index_write **out, struct shelf *s, struct txn *t)
{
	struct index_write *w = calloc(1, sizeof(*w));
	uint8_t tag[STORE_TAG] = { 0 };
	enum err rc;

	*out = w;
	if (!w)
		return ERR_NOMEM;
	w->shelf = s;
	w->t = t;
	w->page = UINT32_MAX;
	shelf_begin(s, t, true);
	rc = index_head_get(&w->head, t, tag);
	if (rc != ERR_VERSION && rc != ERR_NOTFOUND)
		return rc;
	rc = index_drop(t);
	w->dirty = true;
	return rc ? rc : ERR_VERSION;
}

void index_free(struct index_write *w)
{
	if (!w)
		return;
	index_head_release(&w->head);
	vec_release(&w->ops);
	arena_release(&w->keys);
	free(w);
}

static enum err flush_numbers(struct index_write *w)
{
	if (w->page == UINT32_MAX)
		return ERR_NONE;
	return shelf_put(w->shelf, INDEX_NUMBER, w->page,
			 str_of((const char *)w->numbers, sizeof(w->numbers)));
}

static enum err number_page(struct index_write *w, uint32_t page)
{
	const uint8_t *bytes;
	enum err rc;

	if (w->page == page)
		return ERR_NONE;
	rc = flush_numbers(w);
	if (rc)
		return rc;
	memset(w->numbers, 0, sizeof(w->numbers));
	if (w->head.next % NUMBERED) {
		rc = shelf_get(w->shelf, INDEX_NUMBER, page, &bytes);
		if (!rc)
			memcpy(w->numbers, bytes, sizeof(w->numbers));
	}
	w->page = page;
	return rc;
}

static enum err new_number(struct index_write *w, size_t set,
			   const struct id *id, uint32_t *number)
{
	enum err rc = number_page(w, w->head.next / NUMBERED);
	uint8_t *at;

	if (rc)
		return rc;
	if (w->head.next == UINT32_MAX)
		return ERR_TOOBIG;
	*number = w->head.next++;
	at = w->numbers + *number % NUMBERED * NUMBER_LEN;
	at[0] = (uint8_t)(set >> 8);
	at[1] = (uint8_t)set;
	memcpy(at + 2, id->b, ID_BYTES);
	w->head.sets.at[set].records++;
	return ERR_NONE;
}

static enum err find_set(struct index_write *w, struct str dataset, size_t *at)
{
	struct index_set *set;

	for (*at = 0; *at < w->head.sets.n; (*at)++)
		if (str_eq(w->head.sets.at[*at].name, dataset))
			return ERR_NONE;
	if (w->head.sets.n == ENTRY_SETS)
		return ERR_TOOBIG;
	set = vec_push(&w->head.sets);
	if (!set)
		return ERR_NOMEM;
	*set = (struct index_set){ .name = arena_dup(&w->head.arena, dataset) };
	return set->name.p ? ERR_NONE : ERR_NOMEM;
}

static enum err apply_ops(struct index_write *w)
{
	struct sorted tree = { w->shelf, w->head.root };
	enum err rc = sorted_apply(&tree, w->ops.at, w->ops.n);

	w->head.root = tree.root;
	vec_reset(&w->ops);
	arena_reset(&w->keys);
	arena_reset(txn_arena(w->t));
	return rc;
}

static enum err add_op(void *arg, struct str key)
{
	struct index_write *w = arg;
	struct sorted_op *op = vec_push(&w->ops);
	struct str word;

	if (!op)
		return ERR_NOMEM;
	if (!w->del && entry_other(key, &word))
		index_begins_add(&w->head.sets.at[w->set], word);
	*op = (struct sorted_op){ .key = arena_dup(&w->keys, key),
				  .del = w->del };
	return op->key.p ? ERR_NONE : ERR_NOMEM;
}

static enum err put_record(struct index_write *w, const struct key *k,
			   uint32_t number, struct str record)
{
	struct buf b = BUF_INIT((size_t)1 << 16);
	enum err rc;

	buf_u32(&b, number);
	buf_addstr(&b, record);
	rc = b.failed;
	if (!rc)
		rc = txn_put(w->t, TABLE_INDEX, key_str(k), buf_str(&b));
	buf_release(&b);
	return rc;
}

static enum err replace(struct index_write *w, size_t set, const struct id *id,
			const struct key *k, struct str record)
{
	struct str value, old = { NULL, 0 };
	uint32_t number = 0;
	enum err rc = txn_get(w->t, TABLE_INDEX, key_str(k), &value);

	if (!rc)
		rc = record_read(value, &number, &old);
	else if (rc == ERR_NOTFOUND)
		rc = new_number(w, set, id, &number);
	if (rc || str_eq(old, record))
		return rc;
	w->dirty = true;
	w->set = set;
	w->del = true;
	if (old.n)
		rc = index_entries(set, number, old, add_op, w);
	w->del = false;
	if (!rc)
		rc = index_entries(set, number, record, add_op, w);
	return rc ? rc : put_record(w, k, number, record);
}

static void record_key(struct key *k, struct str dataset, const struct id *id)
{
	key_index(k, INDEX_SEARCH);
	key_name(k, dataset);
	key_id(k, id);
}

enum err index_put(struct index_write *w, struct str dataset,
		   const struct id *id, struct str record)
{
	struct key k;
	size_t set;
	enum err rc = find_set(w, dataset, &set);

	if (rc)
		return rc;
	record_key(&k, dataset, id);
	rc = replace(w, set, id, &k, record);
	if (!rc && w->ops.n > OPS_WAITING)
		rc = apply_ops(w);
	return rc;
}

enum err index_del(struct index_write *w, struct str dataset,
		   const struct id *id)
{
	struct str value, old;
	uint32_t number;
	struct key k;
	size_t set;
	enum err rc = find_set(w, dataset, &set);

	if (rc)
		return rc;
	record_key(&k, dataset, id);
	rc = txn_get(w->t, TABLE_INDEX, key_str(&k), &value);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	rc = record_read(value, &number, &old);
	w->dirty = true;
	w->del = true;
	if (!rc)
		rc = index_entries(set, number, old, add_op, w);
	w->del = false;
	if (!rc)
		rc = txn_del(w->t, TABLE_INDEX, key_str(&k));
	w->head.sets.at[set].records -= !rc;
	return rc;
}

enum err index_finish(struct index_write *w)
{
	struct buf b = BUF_INIT(HEAD_MAX);
	struct key k;
	enum err rc;

	if (!w->dirty)
		return ERR_NONE;
	rc = apply_ops(w);
	if (!rc)
		rc = flush_numbers(w);
	head_write(&b, &w->head);
	if (!rc)
		rc = b.failed;
	key_index(&k, INDEX_HEAD);
	if (!rc)
		rc = txn_put(w->t, TABLE_INDEX, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}
