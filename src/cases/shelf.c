/* SPDX-License-Identifier: MIT */
#include "shelf.h"

#include <stdlib.h>
#include <string.h>

/* Pages kept open: 8 MB, and no more than are read. */
#define SETS 1536
#define WAYS 4

struct slot {
	uint8_t tag[STORE_TAG];
	bool used;
	enum index_kind kind;
	uint32_t number;
	uint64_t txn;  /* of the last look that found it current */
	uint64_t look; /* when it was asked for last */
};

struct shelf {
	struct txn *t;
	uint64_t txn; /* 0: writing, where each look must compare */
	uint64_t looks;
	struct slot slots[SETS * WAYS];
	/* Apart: to look for a page touches little memory; when first needed.
	 */
	uint8_t *bytes[SETS * WAYS];
};

struct shelf *shelf_new(void)
{
	return calloc(1, sizeof(struct shelf));
}

void shelf_free(struct shelf *s)
{
	for (size_t i = 0; s && i < ARRAY_LEN(s->bytes); i++)
		free(s->bytes[i]);
	free(s);
}

void shelf_begin(struct shelf *s, struct txn *t, bool writing)
{
	s->t = t;
	s->txn = writing ? 0 : txn_id(t);
}

static void page_key(struct key *k, enum index_kind kind, uint32_t number)
{
	key_index(k, kind);
	key_u32(k, number);
}

static bool holds(const struct slot *slot, enum index_kind kind,
		  uint32_t number)
{
	return slot->used && slot->number == number && slot->kind == kind;
}

/* The slot of that page, or the one of its set not asked for the longest. */
static struct slot *slot_of(struct shelf *s, enum index_kind kind,
			    uint32_t number)
{
	size_t at = (number ^ (unsigned)kind) % SETS;
	struct slot *set = &s->slots[at * WAYS];
	struct slot *old = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (holds(&set[i], kind, number))
			return &set[i];
		if (set[i].look < old->look)
			old = &set[i];
	}
	return old;
}

/* Reads a page unless it is the one with that tag. */
static enum err read_page(struct shelf *s, enum index_kind kind,
			  uint32_t number, uint8_t tag[STORE_TAG],
			  struct str *new)
{
	struct key k;
	bool same;
	enum err rc;

	page_key(&k, kind, number);
	rc = txn_get_new(s->t, TABLE_INDEX, key_str(&k), tag, &same, new);
	if (!rc && !same && new->n != SHELF_BYTES)
		rc = ERR_CORRUPT;
	return rc == ERR_NOTFOUND ? ERR_CORRUPT : rc;
}

enum err shelf_get(struct shelf *s, enum index_kind kind, uint32_t number,
		   const uint8_t **bytes)
{
	struct slot *slot = slot_of(s, kind, number);
	uint8_t **kept = &s->bytes[slot - s->slots];
	struct str new;
	enum err rc;

	if (!holds(slot, kind, number))
		*slot = (struct slot){ .kind = kind, .number = number };
	slot->look = ++s->looks;
	if (!*kept)
		*kept = malloc(SHELF_BYTES);
	*bytes = *kept;
	if (!*kept)
		return ERR_NOMEM;
	if (slot->used && s->txn && slot->txn == s->txn)
		return ERR_NONE;
	rc = read_page(s, kind, number, slot->tag, &new);
	if (!rc && new.p)
		memcpy(*kept, new.p, SHELF_BYTES);
	slot->used = !rc;
	slot->txn = s->txn;
	return rc;
}

enum err shelf_look(struct shelf *s, enum index_kind kind, uint32_t number,
		    const uint8_t **bytes)
{
	struct slot *slot = slot_of(s, kind, number);
	uint8_t none[STORE_TAG] = { 0 };
	struct str new;
	enum err rc;

	if (holds(slot, kind, number))
		return shelf_get(s, kind, number, bytes);
	rc = read_page(s, kind, number, none, &new);
	*bytes = (const uint8_t *)new.p;
	return rc;
}

void shelf_ahead(struct shelf *s, enum index_kind kind, const uint32_t *numbers,
		 size_t n)
{
	struct str keys[AHEAD_MAX];
	struct key k[AHEAD_MAX];
	size_t some = 0;

	for (size_t i = 0; i < n && some < AHEAD_MAX; i++) {
		if (!numbers[i])
			continue;
		page_key(&k[some], kind, numbers[i]);
		keys[some] = key_str(&k[some]);
		some++;
	}
	if (some)
		txn_ahead(s->t, TABLE_INDEX, keys, some);
}

static enum err put(struct shelf *s, const struct key *k, struct str bytes,
		    enum err (*how)(struct txn *t, enum table table,
				    struct str key, struct str value))
{
	char page[SHELF_BYTES] = { 0 };

	if (bytes.n > SHELF_BYTES)
		return ERR_TOOBIG;
	memcpy(page, bytes.p, bytes.n);
	return how(s->t, TABLE_INDEX, key_str(k), str_of(page, SHELF_BYTES));
}

enum err shelf_put(struct shelf *s, enum index_kind kind, uint32_t number,
		   struct str bytes)
{
	struct key k;

	page_key(&k, kind, number);
	return put(s, &k, bytes, txn_put);
}

/* Real chance always: nothing that is reproduced depends on these numbers. */
enum err shelf_add(struct shelf *s, enum index_kind kind, unsigned group,
		   struct str bytes, uint32_t *number)
{
	const struct sys *sys = sys_real();
	struct key k;
	enum err rc = ERR_EXISTS;

	while (rc == ERR_EXISTS) {
		sys->random(sys->self, number, sizeof(*number));
		*number = *number / SHELF_GROUPS +
			  group * (UINT32_MAX / SHELF_GROUPS + 1);
		page_key(&k, kind, *number);
		if (*number)
			rc = put(s, &k, bytes, txn_add);
	}
	return rc;
}
