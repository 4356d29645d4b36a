/* SPDX-License-Identifier: MIT */
#ifndef STORE_ENV_H
#define STORE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lmdb.h>

#include "image.h"
#include "pilar/store.h"

#define DATA_FILE "data.mdb"

/*
 * One LMDB environment. It is opened only after its pages were looked at
 * (image.h); it grows before a write begins; after a failed commit it is
 * closed and opened again, since what the kernel holds of a page that could
 * not be written is not what the disk holds.
 *
 * The map is as large as the store may become, not as large as it is: LMDB
 * makes the file longer page by page, so a wide map costs addresses, not disk.
 * Before a write begins there is room in it for `room` bytes and for as much
 * again as the store holds, unless that is more than half of the free disk.
 */
struct env {
	MDB_env *mdb;
	MDB_dbi dbi[TABLE_COUNT], slot;
	enum store_env which;
	const char *path; /* its folder; lent by the store */
	size_t start;     /* map to begin with, 0: from `room` */
	size_t room;
	unsigned active; /* transactions of this process */
	bool read_only;
	bool broken; /* a commit failed: open again before the next */
	int lock_fd; /* of trust.h; -1: it is always looked at */
	int64_t now; /* when it is opened */
	store_progress progress; /* of looking at a large file; or NULL */
	void *progress_arg;
	int64_t looked; /* at whole; 0: nothing to say of it when it closes */
	struct image image; /* of env_image(); zeroed until it is asked for */
};

enum err err_from_mdb(int e);
enum store_env table_env(enum table t);

/* Makes a new environment with its tables and the records of table "slot". */
struct env_record {
	struct str key, value;
};
enum err env_create(struct env *env, const struct env_record *records,
		    size_t n) MUST_CHECK;

/*
 * Looks at every page, unless trust.h says that it need not, then opens. `each`
 * gets the records of table "slot", also where the file is damaged elsewhere:
 * it is called before ERR_CORRUPT comes back. What it returns ends the opening.
 */
typedef enum err (*env_each)(void *arg, struct str table, struct str key,
			     struct str value);
enum err env_open(struct env *env, env_each each, void *arg,
		  struct report *rep) MUST_CHECK;
void env_close(struct env *env);
/*
 * Until env_sync() commits are not waited for: for a store that nobody has
 * yet, which is thrown away when its making fails.
 */
void env_hold(struct env *env);
enum err env_sync(struct env *env) MUST_CHECK;
/* Opens again what a failed commit broke, makes room for a write. */
enum err env_ready(struct env *env) MUST_CHECK;
enum err env_txn(struct env *env, MDB_txn **txn, bool write) MUST_CHECK;
uint64_t env_last_txn(struct env *env);
/* The file as that transaction sees it, in a map of its own; NULL when it
 * cannot be had. Nothing in it is believed. */
const struct image *env_image(struct env *env, uint64_t txn);

#endif
