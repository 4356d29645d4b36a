/* SPDX-License-Identifier: MIT */
#ifndef CASES_SHELF_H
#define CASES_SHELF_H

#include "internal.h"

/*
 * Sealed pages of one size in the index table, under a kind and a number, and
 * those read last kept open in memory. A page kept is good while the stored
 * one is the same, which its nonce tells: nothing has to be said between
 * processes, and an aborted write leaves nothing behind.
 */
#define SHELF_BYTES 1276 /* three of them, sealed, fill a page of the disk */

struct shelf;

struct shelf *shelf_new(void);
void shelf_free(struct shelf *s);
/* What follows reads and writes in this transaction. */
void shelf_begin(struct shelf *s, struct txn *t, bool writing);
/* SHELF_BYTES, lent until the next call. */
enum err shelf_get(struct shelf *s, enum index_kind kind, uint32_t number,
		   const uint8_t **bytes) MUST_CHECK;
/* The same of a page that is not read again soon: it takes no place of others,
 * and is lent until the next call of the transaction. */
enum err shelf_look(struct shelf *s, enum index_kind kind, uint32_t number,
		    const uint8_t **bytes) MUST_CHECK;
/* A hint that these will be asked for; see txn_ahead(). 0 is none. */
void shelf_ahead(struct shelf *s, enum index_kind kind, const uint32_t *numbers,
		 size_t n);
/* At most SHELF_BYTES; zeros fill the rest. */
enum err shelf_put(struct shelf *s, enum index_kind kind, uint32_t number,
		   struct str bytes) MUST_CHECK;
/* The same for a page that is new, under a number drawn at random. Those of a
 * group, of SHELF_GROUPS, lie together. */
#define SHELF_GROUPS 16
enum err shelf_add(struct shelf *s, enum index_kind kind, unsigned group,
		   struct str bytes, uint32_t *number) MUST_CHECK;

#endif
