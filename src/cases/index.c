/* SPDX-License-Identifier: MIT */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "project.h"
#include "sorted.h"

/* Sorted entries are put in when this many wait: some 60 MB of a rebuild. */
#define OPS_WAITING   ((size_t)1 << 20)
#define HEAD_MAX      ((size_t)16 << 20)
#define INDEX_VERSION 4

/* As many as tell words apart without setting all bits; of a number one. */
static const size_t begin_letters[BEGINS_KINDS] = {
	[BEGINS_PLACE] = 8,
	[BEGINS_OTHER] = 3,
};

/* ---- the head */
void index_head_release(struct index_head *h)
{
	vec_release(&h->sets);
	arena_release(&h->arena);
	*h = (struct index_head){ 0 };
}

/* Many lists have no such words. */
static void read_begins(uint8_t bits[BEGIN_BYTES], struct rd *r)
{
	struct str bytes = rd_text(r);

	if (bytes.n == BEGIN_BYTES)
		memcpy(bits, bytes.p, BEGIN_BYTES);
	else if (bytes.n)
		r->failed = ERR_CORRUPT;
}

static void write_begins(struct buf *b, const uint8_t bits[BEGIN_BYTES])
{
	static const uint8_t none[BEGIN_BYTES];
	bool any = memcmp(bits, none, BEGIN_BYTES) != 0;

	buf_text(b, str_of((const char *)bits, any ? BEGIN_BYTES : 0));
}

static enum err read_sets(struct index_head *h, struct rd *r)
{
	uint32_t n = rd_u32(r);

	for (uint32_t i = 0; i < n && !r->failed; i++) {
		struct index_set *set = vec_push(&h->sets);

		if (!set)
			return ERR_NOMEM;
		*set = (struct index_set){ 0 };
		set->name = arena_dup(&h->arena, rd_text(r));
		for (size_t k = 0; k < BEGINS_KINDS; k++)
			read_begins(set->begins[k], r);
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
	return read_sets(h, &r);
}

static void head_write(struct buf *b, const struct index_head *h)
{
	buf_u32(b, INDEX_VERSION);
	buf_u32(b, FOLD_VERSION);
	buf_u32(b, h->root);
	buf_u32(b, (uint32_t)h->sets.n);
	vec_each (set, &h->sets) {
		buf_text(b, set->name);
		for (size_t k = 0; k < BEGINS_KINDS; k++)
			write_begins(b, set->begins[k]);
	}
}

static size_t begin_bit(struct str word, size_t n)
{
	return map_hash(str_sub(word, 0, n), n) % (BEGIN_BYTES * 8);
}

bool index_begins_add(struct index_set *s, enum index_begins kind,
		      struct str word)
{
	bool any = false;

	for (size_t n = 1; n <= begin_letters[kind] && n <= word.n; n++) {
		size_t bit = begin_bit(word, n);
		uint8_t *byte = &s->begins[kind][bit / 8];

		any |= !(*byte >> bit % 8 & 1u);
		*byte |= (uint8_t)(1u << bit % 8);
		if (entry_is_number(word))
			break;
	}
	return any;
}

bool index_begins(const struct index_set *s, enum index_begins kind,
		  struct str word)
{
	size_t most = entry_is_number(word) ? 1 : begin_letters[kind];
	size_t bit = begin_bit(word, word.n < most ? word.n : most);

	return s->begins[kind][bit / 8] >> bit % 8 & 1u;
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

/* ---- writing */
struct index_write {
	struct shelf *shelf;
	struct txn *t;
	struct index_head
		head; /* as stored, but for what is said to be dirty */
	uint8_t tag[STORE_TAG];
	struct arena keys;
	VEC(struct sorted_op) ops;
	bool del;   /* what index_entries() gives is taken out */
	bool dirty; /* the head has changed */
};

static enum err drop_records(struct txn *t)
{
	struct cur cur = { 0 };
	enum err rc = cur_begin(&cur, t, TABLE_ENTITY, STR(""), STR(""), false);

	while (!rc) {
		rc = cur_next(&cur);
		if (!rc && key_is_record(cur.key))
			rc = txn_del(t, TABLE_ENTITY, cur.key);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err index_drop(struct txn *t)
{
	static const enum index_kind kinds[] = { INDEX_SEARCH, INDEX_BLOCK,
						 INDEX_NUMBER, INDEX_HEAD };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && !rc; i++)
		rc = index_clear(t, kinds[i]);
	return rc ? rc : drop_records(t);
}

enum err index_write_new(struct index_write **out, struct shelf *s)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	(*out)->shelf = s;
	return ERR_NONE;
}

enum err index_begin(struct index_write *w, struct txn *t)
{
	enum err rc;

	index_end(w);
	w->t = t;
	shelf_begin(w->shelf, t, true);
	rc = index_head_get(&w->head, t, w->tag);
	if (rc != ERR_VERSION && rc != ERR_NOTFOUND)
		return rc;
	/* What was known of the one before is not true of the next. */
	index_head_release(&w->head);
	rc = index_drop(t);
	w->dirty = true;
	return rc ? rc : ERR_VERSION;
}

void index_end(struct index_write *w)
{
	if (w->dirty)
		memset(w->tag, 0, STORE_TAG);
	w->dirty = false;
	vec_release(&w->ops);
	arena_release(&w->keys);
}

void index_write_free(struct index_write *w)
{
	if (!w)
		return;
	index_end(w);
	index_head_release(&w->head);
	free(w);
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
	w->dirty = true;
	return set->name.p ? ERR_NONE : ERR_NOMEM;
}

static enum err apply_ops(struct index_write *w)
{
	struct sorted tree = { .shelf = w->shelf, .root = w->head.root };
	enum err rc = sorted_apply(&tree, w->ops.at, w->ops.n);

	w->dirty |= w->head.root != tree.root;
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

	if (!op)
		return ERR_NOMEM;
	*op = (struct sorted_op){ .key = arena_dup(&w->keys, key),
				  .del = w->del };
	return op->key.p ? ERR_NONE : ERR_NOMEM;
}

static enum err take_entries(struct index_write *w, size_t set,
			     const struct id *id, struct str record, bool del)
{
	w->del = del;
	return index_entries(set, id, record, add_op, w);
}

static enum err replace(struct index_write *w, size_t set, const struct id *id,
			const struct key *k, struct str record)
{
	struct str old;
	enum err rc = txn_get(w->t, TABLE_ENTITY, key_str(k), &old);

	if (rc == ERR_NOTFOUND)
		rc = ERR_NONE;
	if (rc || str_eq(old, record))
		return rc;
	if (old.n)
		rc = take_entries(w, set, id, old, true);
	if (!rc)
		rc = take_entries(w, set, id, record, false);
	w->dirty |= index_begins_all(&w->head.sets.at[set], record);
	return rc ? rc : txn_put(w->t, TABLE_ENTITY, key_str(k), record);
}

enum err index_put(struct index_write *w, struct str dataset,
		   const struct id *id, struct str record)
{
	struct key k;
	size_t set;
	enum err rc = find_set(w, dataset, &set);

	if (rc)
		return rc;
	key_record(&k, dataset, id);
	rc = replace(w, set, id, &k, record);
	if (!rc && w->ops.n > OPS_WAITING)
		rc = apply_ops(w);
	return rc;
}

enum err index_del(struct index_write *w, struct str dataset,
		   const struct id *id)
{
	struct str old;
	struct key k;
	size_t set;
	enum err rc = find_set(w, dataset, &set);

	if (rc)
		return rc;
	key_record(&k, dataset, id);
	rc = txn_get(w->t, TABLE_ENTITY, key_str(&k), &old);
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	rc = take_entries(w, set, id, old, true);
	return rc ? rc : txn_del(w->t, TABLE_ENTITY, key_str(&k));
}

static enum err put_head(struct index_write *w)
{
	struct buf b = BUF_INIT(HEAD_MAX);
	struct key k;
	enum err rc;

	head_write(&b, &w->head);
	rc = b.failed;
	key_index(&k, INDEX_HEAD);
	if (!rc)
		rc = txn_put(w->t, TABLE_INDEX, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

enum err index_finish(struct index_write *w)
{
	enum err rc = apply_ops(w);

	return !rc && w->dirty ? put_head(w) : rc;
}
