/* SPDX-License-Identifier: MIT */
#ifndef STORE_PRIV_H
#define STORE_PRIV_H

#include <signal.h>

#include "env.h"
#include "keys.h"
#include "lock.h"
#include "pilar/store.h"

#define ENV_COUNT 2
/* A sealed value and its padding above the largest plain one. */
#define SEALED_MAX (STORE_VALUE_MAX + 1024)

struct store {
	char *dir, *drafts; /* the folders of the two environments */
	const struct sys *sys;
	struct env env[ENV_COUNT];
	uint8_t uuid[UUID_BYTES];
	struct seal_key *dek, *values, *index, *log;
	int lock_fd; /* -1: none (read only) */
	unsigned wait_ms;
	bool read_only, damaged;
	unsigned writing; /* write transactions open */
	sigset_t signals; /* as they were before the first of them */
	int journal_fd;   /* -1: not opened yet */
	int journal_slot; /* of the draft written last */
};

#define DRAFTS_FOLDER "drafts"
#define JOURNAL_FILE  "journal"

/* Adds a sentence about the store; `rep` may be NULL. */
void store_say(struct report *rep, const char *dir, enum err rc);

/* Writes the empty journal of a new store. */
enum err journal_create(const char *dir) MUST_CHECK;
/* Removes what interrupted creations of this store left beside it. */
void leftovers_remove(const char *dir);

#endif
