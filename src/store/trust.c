/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* F_OFD_SETLK, F_OFD_GETLK */
#include "trust.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beside the locks of lock.c, and behind its signatures, in the same file. */
#define HOLD_AT(which) ((off_t)16 + (which))
#define KEPT_AT(which) ((off_t)1024 + (off_t)128 * (which))
#define KEPT_MARK      UINT64_C(0x70696c61722d3031)

/* How the file stood when it was closed. */
struct kept {
	uint64_t mark, device, inode, size;
	int64_t changed_s, changed_ns, written_s, written_ns, looked;
};

static bool stand(const char *path, struct kept *k)
{
	struct stat st;

	*k = (struct kept){ .mark = KEPT_MARK };
	if (stat(path, &st))
		return false;
	k->device = (uint64_t)st.st_dev;
	k->inode = (uint64_t)st.st_ino;
	k->size = (uint64_t)st.st_size;
	k->changed_s = st.st_ctim.tv_sec;
	k->changed_ns = st.st_ctim.tv_nsec;
	k->written_s = st.st_mtim.tv_sec;
	k->written_ns = st.st_mtim.tv_nsec;
	return true;
}

bool trust_shared(int fd, enum lock which)
{
	struct flock l = { .l_type = F_WRLCK,
			   .l_whence = SEEK_SET,
			   .l_start = HOLD_AT(which),
			   .l_len = 1 };

	return !fcntl(fd, F_OFD_GETLK, &l) && l.l_type != F_UNLCK;
}

static void set_hold(int fd, enum lock which, short kind)
{
	struct flock l = { .l_type = kind,
			   .l_whence = SEEK_SET,
			   .l_start = HOLD_AT(which),
			   .l_len = 1 };
	int e = fcntl(fd, F_OFD_SETLK, &l);

	(void)e; /* without it the next one looks for himself */
}

bool trust_known(int fd, enum lock which, const char *path, int64_t now,
		 int64_t *looked)
{
	struct kept kept, is;
	bool there = pread(fd, &kept, sizeof(kept), KEPT_AT(which)) ==
			     (ssize_t)sizeof(kept) &&
		     kept.mark == KEPT_MARK;

	*looked = now;
	if (!there || !stand(path, &is) || is.size < TRUST_BYTES ||
	    kept.looked > now || now - kept.looked > TRUST_MS)
		return false;
	is.looked = kept.looked;
	if (memcmp(&is, &kept, sizeof(is)) != 0 && !trust_shared(fd, which))
		return false;
	*looked = kept.looked;
	return true;
}

void trust_hold(int fd, enum lock which)
{
	set_hold(fd, which, F_RDLCK);
}

void trust_keep(int fd, enum lock which, const char *path, int64_t looked)
{
	struct kept is;
	ssize_t n = 0;

	if (stand(path, &is)) {
		is.looked = looked;
		n = pwrite(fd, &is, sizeof(is), KEPT_AT(which));
	}
	(void)n; /* without it the next one looks for himself */
	set_hold(fd, which, F_UNLCK);
}
