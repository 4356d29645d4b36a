/* SPDX-License-Identifier: MIT */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/seal.h"
#include "pilar/store.h"
#include "pilar/str.h"

/*
 * What stands in clear in a store: the head (which store, which schema) and
 * the slots, each the data key wrapped by a key of its own (RELIABILITY 2.3).
 * Both are records of the LMDB table "slot".
 */
#define UUID_BYTES 16
#define SALT_BYTES 16

struct head {
	uint32_t schema; /* of the tables */
	uint32_t reader; /* the oldest schema a program must know to read it */
	uint8_t uuid[UUID_BYTES];
	int64_t created;
};
#define HEAD_KEY STR("head")
void head_write(struct buf *out, const struct head *h);
/* ERR_CORRUPT; ERR_VERSION when a newer program made it. */
enum err head_read(struct head *h, struct str record) MUST_CHECK;

struct slot {
	enum slot_kind kind;
	struct str name;
	struct pwhash_cost cost;
	uint8_t salt[SALT_BYTES];
	struct str wrapped, bound; /* bound: what the seal covers */
};
/* Key of the record of slot `n`, from 1. */
#define SLOT_KEY_MAX 8
struct str slot_key(char out[SLOT_KEY_MAX], size_t n);

/*
 * What a slot wraps: the key of the values, and the one that those of the
 * indexes and the log come of. They are one until the first is drawn anew.
 */
struct ring {
	struct seal_key *dek, *root;
};
void ring_free(struct ring *r); /* and zeroes it */

/* Wraps them in a slot of that kind, with a salt of its own. */
enum err slot_write(struct buf *out, const uint8_t *uuid, const struct sys *sys,
		    const struct ring *ring,
		    const struct slot_new *how) MUST_CHECK;
enum err slot_read(struct slot *s, struct str record) MUST_CHECK;
/* What is tried on slots. */
struct opener {
	struct str secret;             /* a passphrase or code; or empty */
	struct str name;               /* whose passphrase; empty: anybody's */
	const struct seal_key *office; /* or NULL */
};
/* ERR_LOCKED when it is not. */
enum err slot_open(struct ring *out, const uint8_t *uuid, const struct slot *s,
		   const struct opener *with) MUST_CHECK;

/*
 * What every sealed value is bound to: store, table, key (the seal itself
 * adds its version and epoch).
 */
struct place {
	char p[UUID_BYTES + 32 + STORE_KEY_MAX];
	size_t n;
};
struct str place_of(struct place *at, const uint8_t *uuid, const char *table,
		    struct str key);

#endif
