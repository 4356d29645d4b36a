/* SPDX-License-Identifier: MIT */
#ifndef STORE_PRIV_H
#define STORE_PRIV_H

#include <signal.h>

#include "env.h"
#include "keys.h"
#include "lock.h"
#include "pilar/store.h"
#include "proof.h"

#define ENV_COUNT 2
/* A sealed value and its padding above the largest plain one. */
#define SEALED_MAX (STORE_VALUE_MAX + 1024)

struct store {
	char *dir, *drafts; /* the folders of the two environments */
	const struct sys *sys;
	struct env env[ENV_COUNT];
	uint8_t uuid[UUID_BYTES];
	struct ring ring;
	struct seal_key *values, *index, *log;
	struct buf slot; /* the record that opened it */
	int lock_fd;     /* -1: none (read only) */
	unsigned wait_ms;
	bool read_only, damaged;
	int64_t ticked;   /* when dead readers were last looked for */
	unsigned writing; /* write transactions open */
	sigset_t signals; /* as they were before the first of them */
	int journal_fd;   /* -1: not opened yet */
	int journal_slot; /* of the draft written last */
	struct proof proofs[PROOFS];
};

struct txn {
	struct store *st;
	struct env *env;
	MDB_txn *mdb;
	enum txn_mode mode;
	enum err failed; /* the first write that failed: no commit */
	struct arena arena;
	struct buf scratch; /* a value being sealed or opened */
};

static inline MDB_val val_of(struct str s)
{
	return (MDB_val){ s.n, (void *)(uintptr_t)s.p };
}

static inline struct str str_of_val(MDB_val v)
{
	return str_of(v.mv_data, v.mv_size);
}

MDB_dbi txn_dbi(const struct txn *t, enum table table);
/* Opens a sealed value into `out`, emptied first. */
enum err txn_unseal(struct txn *t, enum table table, struct str key,
		    struct str sealed, struct buf *out) MUST_CHECK;
/* Does this record belong under this key? Longer values are taken for it. */
#define PROOF_MAX ((size_t)64 << 10)
enum err txn_genuine(struct txn *t, enum table table, MDB_val k,
		     MDB_val v) MUST_CHECK;

#define DRAFTS_FOLDER "drafts"
#define JOURNAL_FILE  "journal"

/* Clears readers of dead processes; a writer does it by the minute. */
void store_tick(struct store *st);
/* Adds a sentence about the store; `rep` may be NULL. */
void store_say(struct report *rep, const char *dir, enum err rc);

/* As store_check(), of one file: a copy of that environment. */
enum err check_copy(struct store *st, enum store_env env, const char *path,
		    struct report *rep, size_t *checked) MUST_CHECK;

/* Writes the empty journal of a new store. */
enum err journal_create(const char *dir) MUST_CHECK;
/* What stands half typed, sealed anew for another store of the same number. */
enum err journal_copy(struct store *from, struct store *to) MUST_CHECK;
/* Another has taken its place: what is written to it is lost. */
bool store_gone(const struct store *st);

/* The records of a store's slots, read and put back as a whole. */
struct slots {
	struct arena arena;
	struct str at[STORE_SLOTS_MAX];
	size_t n;
};
enum err slots_read(struct slots *s, struct txn *t) MUST_CHECK;
/* Removes what interrupted creations of this store left beside it. */
void leftovers_remove(const char *dir);

#endif
