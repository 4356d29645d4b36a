/* SPDX-License-Identifier: MIT */
#ifndef STORE_TRUST_H
#define STORE_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "lock.h"

/*
 * Whether a large file must be looked at page by page before it is opened. It
 * need not when a living process has looked and still has it open, for only
 * such processes have written to it since, or when the last of them closed it
 * in order and by its inode, size and times nobody has touched it after that.
 * No file that came another way has these times: they cannot be set.
 *
 * What this gives up against looking each time: a page that rots on the disk
 * between two sessions is met by LMDB unseen, within TRUST_MS.
 */
#define TRUST_MS    ((int64_t)7 * 24 * 3600 * 1000)
#define TRUST_BYTES ((size_t)32 << 20) /* smaller ones are always looked at */

/* `looked`: when it was last looked at whole, for trust_keep(). */
bool trust_known(int fd, enum lock which, const char *path, int64_t now,
		 int64_t *looked);
/* This process has looked, or need not: others may rely on it. */
void trust_hold(int fd, enum lock which);
/* Does another process hold it, too? */
bool trust_shared(int fd, enum lock which);
/* It closes the file in order. */
void trust_keep(int fd, enum lock which, const char *path, int64_t looked);

#endif
