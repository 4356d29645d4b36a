/* SPDX-License-Identifier: MIT */
#ifndef PILAR_STORE_H
#define PILAR_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pilar/age.h"
#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/seal.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/*
 * Named ordered tables with transactions, on disk, sealed. It knows bytes, not
 * people. Two LMDB environments in one folder: the store, and a small one for
 * drafts, whose commits are cheap (DESIGN 5).
 *
 * Every value is sealed under the store's data key and bound to store, table,
 * key and version: an altered, moved or old-format value is ERR_CORRUPT, never
 * wrong data. Keys are stored as they are: no personal data in keys.
 *
 * One writer at a time over all processes, any number of readers. Never keep a
 * transaction open while waiting for a person. A commit has reached the disk
 * when txn_commit() returns 0.
 */
struct store;
struct txn;

enum store_env { STORE_MAIN, STORE_DRAFTS };

/* The tables, made when the store is made; the schema is this list. */
#define STORE_TABLES(X)                       \
	X(META, "meta", MAIN)                 \
	X(WORKER, "worker", MAIN)             \
	X(FORM, "form", MAIN)                 \
	X(MEDIA, "media", MAIN)               \
	X(EVENT, "event", MAIN)               \
	X(BY_INSTANCE, "by_instance", MAIN)   \
	X(ENTITY, "entity", MAIN)             \
	X(ENTITY_EVENT, "entity_event", MAIN) \
	X(INDEX, "index", MAIN)               \
	X(OUTBOX, "outbox", MAIN)             \
	X(BATCH, "batch", MAIN)               \
	X(AUDIT, "audit", MAIN)               \
	X(DRAFT, "draft", DRAFTS)             \
	X(DRAFT_ACT, "draft_act", DRAFTS)     \
	X(TYPED, "typed", DRAFTS)

enum table {
#define X(name, text, env) TABLE_##name,
	STORE_TABLES(X)
#undef X
		TABLE_COUNT
};
const char *table_name(enum table t);

#define STORE_SCHEMA    1
#define STORE_KEY_MAX   511
#define STORE_VALUE_MAX ((size_t)64 << 20)

/*
 * How the data key is wrapped: by nothing, a passphrase (one slot a worker, by
 * the name), a code on paper, or sealed for an office (an age file).
 */
enum slot_kind { SLOT_OPEN = 1, SLOT_PASSPHRASE, SLOT_PAPER, SLOT_OFFICE };
#define STORE_SLOTS_MAX 32
/* Draws a code: 28 characters in groups of four. */
#define STORE_PAPER_LEN 34
void store_paper(const struct sys *sys, char out[STORE_PAPER_LEN + 1]);

/*
 * Made in a sibling folder DIR.tmp-XXXXXXXX, synced, renamed into place: after
 * a power cut there is a whole store or none. Leftovers go at the next start.
 */
struct store_create {
	const char *dir;
	const struct sys *sys;
	struct str passphrase; /* empty: slot of kind `open` */
	struct str slot_name;  /* initials; stored in clear */
	/* Of a second slot, of store_paper(); empty: none. Whoever gives a
	 * passphrase gives this, too, and shows it once. */
	struct str paper;
	/*
	 * Called with the store opened, before it gets its name: the first
	 * records. When it fails, nothing is left behind. May be NULL.
	 */
	enum err (*fill)(void *arg, struct store *st);
	void *arg;
	size_t map_start; /* for tests; 0: wide enough */
};
/* ERR_EXISTS: there is a store already, or a folder with something in it. */
enum err store_create(const struct store_create *how,
		      struct report *rep) MUST_CHECK;

/* Of something long: how far it is. */
typedef void (*store_progress)(void *arg, size_t done, size_t total);

struct store_open {
	const char *dir;
	const struct sys *sys;
	/* Or the paper code; empty: only slots of kind `open`. */
	struct str passphrase;
	struct str slot_name; /* only that passphrase's slot; empty: all */
	const struct seal_key *office; /* the office's secret; or NULL */
	bool read_only; /* also by itself where the files may not be written */
	/*
	 * Opens what is damaged, for store_check() alone: every transaction is
	 * then ERR_CORRUPT.
	 */
	bool damaged;
	bool any_file_system; /* also on NFS, SMB, FAT, ... */
	size_t map_start;     /* for tests; 0: wide enough */
	unsigned wait_ms;     /* for the write lock; 0: 2,000 */
	/* Of looking at the pages of a large file; or NULL. */
	store_progress progress;
	void *progress_arg;
};
/*
 * ERR_NOTFOUND: no store there. ERR_LOCKED: no slot opens, ask for a
 * passphrase. ERR_VERSION: made by a newer program. ERR_CORRUPT: damaged, cut
 * short or not a store. ERR_REFUSED: a file system on which mapped files are
 * not safe, or no permission. Every failure has a sentence in `rep`.
 *
 * Every page of both files is looked at before LMDB may touch them, because
 * LMDB believes what it reads; of a file over 32 MB only where nobody who did
 * so still has it open or closed it in order within a week (src/store/trust.h).
 * A process opens a store once at a time.
 */
enum err store_open(struct store **out, const struct store_open *how,
		    struct report *rep) MUST_CHECK;
void store_close(struct store *st); /* NULL is fine */
/* ---- slots */
struct store_slot {
	enum slot_kind kind;
	struct str name; /* whose passphrase, which office; or empty */
};
enum err store_slots(struct store *st, struct arena *a, struct store_slot **out,
		     size_t *n) MUST_CHECK;
/*
 * Puts slots in, in one transaction; one of the same kind and name gives way.
 * With a slot of kind `open` all others go, with any other the open one goes.
 * ERR_REFUSED, with a sentence, where a guarded store would be left with one
 * slot only, or there are STORE_SLOTS_MAX.
 */
struct slot_new {
	enum slot_kind kind;
	struct str name, secret;        /* secret: the passphrase or code */
	const struct age_recipient *to; /* of an office */
};
enum err store_slots_put(struct store *st, const struct slot_new *list,
			 size_t n, struct report *rep) MUST_CHECK;
/* ERR_NOTFOUND; ERR_REFUSED as above. */
enum err store_slot_remove(struct store *st, enum slot_kind kind,
			   struct str name, struct report *rep) MUST_CHECK;

/* How far something long is, and whether a person has had enough. Both may be
 * NULL. */
struct store_watch {
	store_progress progress;
	bool (*cancelled)(void *arg);
	void *arg;
};

/*
 * Draws a new data key and seals everything with it, in a store that takes the
 * place of this one at once. `secret` is the one that opened it and stays;
 * `paper` is a new code. Offices stay, other passphrases go. Close this one
 * afterwards: it is no more, as for everybody else who has it open (ERR_LOCKED
 * when they write). ERR_LOCKED: not that secret; ERR_REFUSED: the file system
 * cannot let folders change places. Whatever fails, the old one is there; so
 * with ERR_CANCELLED. `watch` may be NULL.
 */
enum err store_rotate(struct store *st, struct str secret, struct str paper,
		      const struct store_watch *watch,
		      struct report *rep) MUST_CHECK;

/* Did it take a secret to open it? */
bool store_guarded(const struct store *st);
/* Is this the one that opened it? ERR_LOCKED when not. Slow, by design. */
enum err store_try(const struct store *st, struct str passphrase) MUST_CHECK;
const char *store_dir(const struct store *st);
bool store_read_only(const struct store *st);
/* For blind indexes (NIK, KK) and for the chain of the log. */
const struct seal_key *store_index_key(const struct store *st);
const struct seal_key *store_log_key(const struct store *st);

/* ---- transactions */
enum txn_mode { TXN_READ, TXN_WRITE };
/*
 * ERR_BUSY when another process holds the write lock for over two seconds:
 * store_holder() says which. There is room for at least 1 GiB in one write, or
 * for everything the store holds, or for half the free disk.
 */
enum err txn_begin(struct txn **out, struct store *st, enum store_env env,
		   enum txn_mode mode) MUST_CHECK;
struct store_holder {
	int64_t pid, since; /* since: milliseconds UTC */
};
bool store_holder(struct store *st, enum store_env env,
		  struct store_holder *who);
/*
 * Frees the transaction and sets *t to NULL, whatever the result. A write that
 * failed on the way (full disk) cannot be committed: it fails here, too, and
 * nothing of it stays. After ERR_IO what was to be written may be there or
 * not: read before saying anything. The files are opened anew by themselves.
 */
enum err txn_commit(struct txn **t) MUST_CHECK;
/* Does another process wait to write? A long transaction ends early then. */
bool txn_awaited(const struct txn *t);
/* Has another process the store open? It may want to write any moment. */
bool txn_in_company(const struct txn *t);
void txn_abort(struct txn **t); /* NULL inside is fine */

/* Values come opened, in memory of the transaction. ERR_NOTFOUND. */
enum err txn_get(struct txn *t, enum table table, struct str key,
		 struct str *value) MUST_CHECK;
/*
 * The same for one who keeps values in memory: `tag` names the one last given,
 * and while that is still the stored one, by whomever, nothing is opened and
 * *same is set. Else `tag` is set, too, and the value is lent until the next
 * call. A tag of zeros names none.
 */
#define STORE_TAG ((size_t)26)
enum err txn_get_new(struct txn *t, enum table table, struct str key,
		     uint8_t tag[STORE_TAG], bool *same,
		     struct str *value) MUST_CHECK;
bool txn_has(struct txn *t, enum table table, struct str key);
/*
 * How often this process has waited for the disk so far, and a hint that these
 * values will be read one after the other: the disk is asked for all of them
 * at once (for AHEAD_MAX). Worth its cost only where the disk is waited for.
 */
#define AHEAD_MAX 128
uint64_t store_waits(void);
void txn_ahead(struct txn *t, enum table table, const struct str *keys,
	       size_t n);
/*
 * The same of all keys of a range, some hundred pages a call, for whoever has
 * time: those that hold the values, or with `above` 1 those that lead to these.
 * Nothing is asked for before the disk has brought what was asked for last, or
 * AHEAD_CALLS calls have waited for it. `at` is where it stands, zeroed at
 * first. False: that was all.
 */
struct ahead_range {
	enum table table;
	struct str from, to; /* not `to` itself; empty: from, to the end */
	int above;
};
#define AHEAD_CALLS 1000
struct ahead_at {
	char next[STORE_KEY_MAX];
	size_t n_next, asked, waited;
};
bool txn_ahead_part(struct txn *t, const struct ahead_range *r,
		    struct ahead_at *at);
enum err txn_put(struct txn *t, enum table table, struct str key,
		 struct str value) MUST_CHECK;
/* As txn_put where there is none of that key; else ERR_EXISTS. */
enum err txn_add(struct txn *t, enum table table, struct str key,
		 struct str value) MUST_CHECK;
/* As txn_put, quicker where the key is the greatest of the table. */
enum err txn_append(struct txn *t, enum table table, struct str key,
		    struct str value) MUST_CHECK;
enum err txn_del(struct txn *t, enum table table, struct str key) MUST_CHECK;
enum err txn_clear(struct txn *t, enum table table) MUST_CHECK;
size_t txn_count(struct txn *t, enum table table);
/* Changes with every committed write to the environment, by any process. */
uint64_t txn_id(const struct txn *t);
/* The same without a transaction of one's own: has anything been committed? */
uint64_t store_last_txn(struct store *st, enum store_env env);
/* For results of a transaction that must not be copied one by one. */
struct arena *txn_arena(struct txn *t);

/*
 * Keys in order, while they begin with `prefix`: from `from` on upwards, or
 * with `back` from `from` on downwards (empty: from the end that comes first).
 * The record stepped on may be deleted, others put, between two steps.
 * `key` is good until the next step. The value is opened only by cur_value(),
 * so counting costs no cryptography.
 */
struct cur {
	struct str key;
	struct cur_state *state;
};
enum err cur_begin(struct cur *c, struct txn *t, enum table table,
		   struct str prefix, struct str from, bool back) MUST_CHECK;
enum err cur_next(struct cur *c) MUST_CHECK; /* ERR_NOTFOUND at the end */
/* In memory that the next step of this cursor reuses. */
enum err cur_value(struct cur *c, struct str *value) MUST_CHECK;
/* The next one with its value. */
enum err cur_read(struct cur *c, struct str *value) MUST_CHECK;
void cur_end(struct cur *c); /* before its txn ends; safe when zeroed */

/* ---- the typing journal: what stands half typed in a field */
/*
 * One sealed record of a preallocated file, written in turn to two places and
 * synced (0.1 ms, 4 kB). `key` names the draft; at most JOURNAL_DRAFTS drafts
 * at a time, the one not written for longest gives way. A record that was cut
 * off is as if it had not been written: the one before it counts.
 * journal_del() is not synced: after a power cut a text may be there again, so
 * let the value say which act it belongs to.
 */
#define JOURNAL_DRAFTS  16
#define JOURNAL_KEY_MAX 64
enum err journal_put(struct store *st, struct str key,
		     struct str value) MUST_CHECK;
enum err journal_get(struct store *st, struct str key, struct arena *a,
		     struct str *value) MUST_CHECK;
enum err journal_del(struct store *st, struct str key) MUST_CHECK;

/* ---- whole store */
/*
 * Opens every value of every table; `rep` names each bad one by table and key
 * in hexadecimal. `progress` (may be NULL) is called with done and total.
 */
enum err store_check(struct store *st, struct report *rep,
		     store_progress progress, void *arg,
		     size_t *checked) MUST_CHECK;
size_t store_file_size(struct store *st);

/*
 * A backup is one new file of mode 0600: a copy of the store, which stock
 * tools open (mdb_dump -n), and behind it one of the drafts. It is sealed as
 * the store is. When it could not be written, or any value does not read back
 * from it, it is removed again. ERR_EXISTS: there is such a file.
 */
struct store_copied {
	size_t bytes, values;
};
enum err store_backup(struct store *st, const char *path, struct report *rep,
		      struct store_copied *out) MUST_CHECK;
/* Makes a store of a backup, as store_create() makes a new one. Its pages are
 * looked at; its values only a passphrase can open: store_check(). */
enum err store_restore(const char *path, const char *dir, const struct sys *sys,
		       struct report *rep) MUST_CHECK;

/*
 * Makes a new store, with the same keys, of everything that can still be read
 * of a damaged one, which is only read. Pages that nothing leads to any more
 * are looked through, too. `rep` warns of each record that is lost, by table
 * and key, of each damaged page, and of a table that cannot be found. Then
 * `fill` of the new store's store_create is called. ERR_LOCKED as
 * store_open(); ERR_CORRUPT when nothing can be read or its key is gone.
 */
struct store_salvaged {
	size_t kept, lost, found; /* found: beside the tables */
};
enum err store_salvage(const char *from, const struct store_create *to,
		       struct report *rep,
		       struct store_salvaged *out) MUST_CHECK;

#endif
