/* SPDX-License-Identifier: MIT */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/store.h"

/*
 * Locks between processes, each a byte of the file "lock" in the store. A
 * write transaction takes its lock before LMDB's own, because LMDB waits for
 * ever, also for a process that was stopped. The kernel lets go of a lock when
 * its process dies, whatever killed it.
 */
enum lock { LOCK_MAIN, LOCK_DRAFTS, LOCK_JOURNAL, LOCK_MAKING, LOCK_COUNT };

#define LOCK_FILE "lock"

enum err lock_open(int *fd, const char *dir) MUST_CHECK;
/* Waits at most so long; 0: tries once. ERR_BUSY when someone else has it. */
enum err lock_take(int fd, enum lock which, unsigned wait_ms) MUST_CHECK;
void lock_drop(int fd, enum lock which);
/* Does somebody stand before it? Asked by whoever has it. */
bool lock_awaited(int fd, enum lock which);
/* Says who has it: written by the holder, read by whoever waited in vain. */
void lock_sign(int fd, enum lock which, const struct store_holder *who);
bool lock_holder(int fd, enum lock which, struct store_holder *who);

#endif
