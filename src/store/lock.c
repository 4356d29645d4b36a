/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* F_OFD_SETLK: of the open file, not of the process */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "pilar/arena.h"
#include "pilar/file.h"

/* How long a waiter sleeps between two tries: a commit takes 0.3 to 5 ms. */
#define NAP_GATE_US 300
#define NAP_LOCK_US 100

/* Waiters stand in a row of gates before each lock, a byte a gate, behind the
 * bytes of trust.c. */
#define GATES          4
#define GATE(which, i) ((off_t)(32 + LOCK_COUNT * (i)) + (off_t)(which))

/* The holders' names lie behind the locked bytes. */
#define SIGN_AT(which) ((off_t)(64 * ((which) + 1)))

enum err lock_open(int *fd, const char *dir)
{
	struct arena a = { 0 };
	char *path = path_join(&a, dir, LOCK_FILE);
	enum err rc = path ? ERR_NONE : ERR_NOMEM;

	if (path)
		*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			   0600);
	if (path && *fd < 0)
		rc = err_from_errno(errno);
	arena_release(&a);
	return rc;
}

static int set(int fd, off_t byte, short kind)
{
	struct flock l = { .l_type = kind,
			   .l_whence = SEEK_SET,
			   .l_start = byte,
			   .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &l) ? errno : 0;
}

static int64_t now_us(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Tries until `end`. */
static enum err poll_byte(int fd, off_t byte, int64_t end, long nap_us)
{
	for (;;) {
		struct timespec pause = { 0, nap_us * 1000 };
		int e = set(fd, byte, F_WRLCK);

		if (!e)
			return ERR_NONE;
		if (e != EAGAIN && e != EACCES && e != EINTR)
			return err_from_errno(e);
		if (now_us() >= end)
			return ERR_BUSY;
		nanosleep(&pause, NULL);
	}
}

/*
 * Through the gates, from the last to the first, one behind the other: who
 * just let go cannot take the lock again while others stand there, and who
 * came first is first. Of four busy processes 1 save in 100 waited 80 ms
 * without gates, 60 ms with one, 40 ms with four.
 */
enum err lock_take(int fd, enum lock which, unsigned wait_ms)
{
	int64_t end = now_us() + (int64_t)1000 * wait_ms;
	enum err rc = poll_byte(fd, GATE(which, GATES - 1), end, NAP_GATE_US);

	if (rc)
		return rc;
	for (int i = GATES - 1; i >= 0; i--) {
		rc = i ? poll_byte(fd, GATE(which, i - 1), end, NAP_GATE_US)
		       : poll_byte(fd, which, end, NAP_LOCK_US);
		(void)set(fd, GATE(which, i), F_UNLCK);
		if (rc)
			break;
	}
	return rc;
}

void lock_drop(int fd, enum lock which)
{
	(void)set(fd, which, F_UNLCK);
}

bool lock_awaited(int fd, enum lock which)
{
	struct flock l = { .l_type = F_WRLCK,
			   .l_whence = SEEK_SET,
			   .l_start = GATE(which, 0),
			   .l_len = 1 };

	return !fcntl(fd, F_OFD_GETLK, &l) && l.l_type != F_UNLCK;
}

void lock_sign(int fd, enum lock which, const struct store_holder *who)
{
	/* Only a courtesy: on a full disk it stays unsigned. */
	ssize_t n = pwrite(fd, who, sizeof(*who), SIGN_AT(which));

	(void)n;
}

bool lock_holder(int fd, enum lock which, struct store_holder *who)
{
	return pread(fd, who, sizeof(*who), SIGN_AT(which)) ==
	       (ssize_t)sizeof(*who);
}
