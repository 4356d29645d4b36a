/* SPDX-License-Identifier: MIT */
/*
 * Loaded before libc (LD_PRELOAD), it stands between a program and the files
 * below SHIM_ROOT. It can record what is done to them, and it can make one
 * call fail or end the process there.
 *
 * SHIM_TRACE  file to record to, for replay.py (format: see record())
 * SHIM_AT     number of the call that is hit, from 1
 * SHIM_DO     once | always  fails that call / that and all later ones
 *             short          writes half of it, then fails the next
 *             kill-before | kill-half | kill-after  ends the process there
 * SHIM_ERRNO  the errno of failures
 * SHIM_KINDS  which calls count: w writes, s syncs, n names (default all)
 * SHIM_COUNT  file that gets "CALLS FIRED" at the end
 * SHIM_FS     what statfs() says the file system is, in hexadecimal
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

static struct {
	ssize_t (*write)(int, const void *, size_t);
	ssize_t (*writev)(int, const struct iovec *, int);
	ssize_t (*pwrite)(int, const void *, size_t, off_t);
	int (*fsync)(int);
	int (*fdatasync)(int);
	int (*ftruncate)(int, off_t);
	int (*open)(const char *, int, ...);
	int (*mkdir)(const char *, mode_t);
	int (*rename)(const char *, const char *);
	int (*unlink)(const char *);
	int (*rmdir)(const char *);
	int (*statfs)(const char *, struct statfs *);
} libc;

static struct {
	char root[PATH_MAX];
	size_t root_n;
	int trace;
	const char *kinds, *act, *count;
	long at, calls, fired;
	int error;
} shim = { .trace = -1 };

/* A function pointer from dlsym without a cast that ISO C forbids. */
#define FIND(name) (*(void **)&libc.name = dlsym(RTLD_NEXT, #name))

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value ? value : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
	FIND(write);
	FIND(writev);
	FIND(pwrite);
	FIND(fsync);
	FIND(fdatasync);
	FIND(ftruncate);
	FIND(open);
	FIND(mkdir);
	FIND(rename);
	FIND(unlink);
	FIND(rmdir);
	FIND(statfs);
	if (!realpath(setting("SHIM_ROOT", "/nowhere"), shim.root))
		shim.root[0] = '\0';
	shim.root_n = strlen(shim.root);
	shim.kinds = setting("SHIM_KINDS", "wsn");
	shim.act = setting("SHIM_DO", "");
	shim.count = getenv("SHIM_COUNT");
	shim.at = strtol(setting("SHIM_AT", "0"), NULL, 10);
	shim.error = (int)strtol(setting("SHIM_ERRNO", "5"), NULL, 10);
	if (getenv("SHIM_TRACE"))
		shim.trace = libc.open(
			getenv("SHIM_TRACE"),
			O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

static void tell_count(void)
{
	char line[64];
	int fd, n;

	if (!shim.count)
		return;
	fd = libc.open(shim.count, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	n = snprintf(line, sizeof(line), "%ld %ld\n", shim.calls, shim.fired);
	if (fd >= 0 && libc.write(fd, line, (size_t)n) == n)
		close(fd);
}

__attribute__((destructor)) static void end(void)
{
	tell_count();
}

/* ---- whose files */

static bool below(const char *path)
{
	return shim.root_n && strncmp(path, shim.root, shim.root_n) == 0 &&
	       (path[shim.root_n] == '/' || !path[shim.root_n]);
}

static bool ours(int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return below(path);
}

/* ---- recording */

/*
 * A record: its kind, five numbers (8 bytes each, little-endian), and as many
 * bytes as the fifth says.
 *   W inode offset synced . n bytes     S inode             T inode size
 *   C inode parent . . n name           M the same, a folder
 *   R parent parent-to n-from . n both names
 *   U parent . . . n name
 *   A . . . . n text: what the program said on standard output
 */
struct record {
	char kind;
	uint64_t a, b, c, n;
	const void *bytes;
};

static void record(struct record r)
{
	uint64_t numbers[5] = { r.a, r.b, r.c, 0, r.n };
	struct iovec parts[] = { { &r.kind, 1 },
				 { numbers, sizeof(numbers) },
				 { (void *)(uintptr_t)r.bytes, r.n } };

	if (shim.trace >= 0 && libc.writev(shim.trace, parts, 3) < 0)
		abort();
}

static uint64_t inode(int fd)
{
	struct stat st = { 0 };

	fstat(fd, &st);
	return st.st_ino;
}

static uint64_t inode_at(const char *path)
{
	struct stat st = { 0 };

	stat(path, &st);
	return st.st_ino;
}

/* The folder a path lies in, and its last part. */
static const char *last_part(const char *path, uint64_t *parent)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (!slash)
		return path;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	*parent = inode_at(folder);
	return slash + 1;
}

static void record_name(char kind, const char *path, uint64_t a)
{
	uint64_t parent = 0;
	const char *name = last_part(path, &parent);

	if (kind == 'U')
		record((struct record){ kind, parent, 0, 0, strlen(name),
					name });
	else
		record((struct record){ kind, a, parent, 0, strlen(name),
					name });
}

static void record_write(int fd, const void *p, ssize_t n, off_t at)
{
	bool synced = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;

	if (n > 0)
		record((struct record){ 'W', inode(fd), (uint64_t)at, synced,
					(uint64_t)n, p });
}

/* ---- failing */

enum fate { GO_ON, FAIL, HALF, DIE_BEFORE, DIE_HALF, DIE_AFTER };

static void die(void)
{
	shim.fired++;
	tell_count();
	kill(getpid(), SIGKILL);
}

static enum fate fate(char kind)
{
	static const struct {
		const char *act;
		enum fate fate;
	} acts[] = { { "once", FAIL },          { "always", FAIL },
		     { "short", HALF },         { "kill-before", DIE_BEFORE },
		     { "kill-half", DIE_HALF }, { "kill-after", DIE_AFTER } };
	bool hit;

	if (!strchr(shim.kinds, kind))
		return GO_ON;
	shim.calls++;
	hit = shim.calls == shim.at;
	if (strcmp(shim.act, "always") == 0)
		hit = shim.at && shim.calls >= shim.at;
	if (strcmp(shim.act, "short") == 0 && shim.calls == shim.at + 1 &&
	    shim.fired)
		return FAIL;
	for (size_t i = 0; hit && i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (strcmp(shim.act, acts[i].act) == 0)
			return acts[i].fate;
	}
	return GO_ON;
}

/* For calls that are done or not: what to return, or 1 to do it. */
static int may(char kind)
{
	switch (fate(kind)) {
	case FAIL:
	case HALF:
		shim.fired++;
		errno = shim.error;
		return -1;
	case DIE_BEFORE:
	case DIE_HALF:
		die();
		break;
	case DIE_AFTER:
		return 2;
	case GO_ON:
		break;
	}
	return 1;
}

static int done(int may_be, int result)
{
	if (may_be == 2)
		die();
	return result;
}

/* ---- the calls */

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	enum fate f = ours(fd) ? fate('w') : GO_ON;
	ssize_t done_n;

	if (f == FAIL) {
		shim.fired++;
		errno = shim.error;
		return -1;
	}
	if (f == DIE_BEFORE)
		die();
	if (f == HALF || f == DIE_HALF)
		n = n / 2;
	shim.fired += f == HALF;
	done_n = libc.pwrite(fd, p, n, at);
	if (f == DIE_HALF || f == DIE_AFTER)
		die();
	if (ours(fd))
		record_write(fd, p, done_n, at);
	return done_n;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

/* One call for the disk as for the program: gathered, then written. */
ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	size_t n = 0;
	ssize_t result;
	char *all;

	for (int i = 0; i < count; i++)
		n += v[i].iov_len;
	all = malloc(n ? n : 1);
	if (!all)
		abort();
	n = 0;
	for (int i = 0; i < count; i++) {
		memcpy(all + n, v[i].iov_base, v[i].iov_len);
		n += v[i].iov_len;
	}
	result = pwrite(fd, all, n, at);
	free(all);
	return result;
}

ssize_t pwritev64(int fd, const struct iovec *v, int count, off_t at)
{
	return pwritev(fd, v, count, at);
}

/* At the file's position, moved on by what was written. */
static ssize_t write_here(int fd, const struct iovec *v, int count)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t n = pwritev(fd, v, count, at);

	if (n > 0)
		lseek(fd, at + n, SEEK_SET);
	return n;
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	return ours(fd) ? write_here(fd, v, count) : libc.writev(fd, v, count);
}

ssize_t write(int fd, const void *p, size_t n)
{
	struct iovec all = { (void *)(uintptr_t)p, n };

	if (fd == STDOUT_FILENO)
		record((struct record){ 'A', 0, 0, 0, n, p });
	if (fd > STDERR_FILENO && ours(fd))
		return write_here(fd, &all, 1);
	return libc.write(fd, p, n);
}

static int sync_with(int (*call)(int), int fd)
{
	int go = ours(fd) ? may('s') : 1, result;

	if (go < 0)
		return go;
	result = call(fd);
	if (!result && ours(fd))
		record((struct record){ 'S', inode(fd), 0, 0, 0, NULL });
	return done(go, result);
}

int fsync(int fd)
{
	return sync_with(libc.fsync, fd);
}

int fdatasync(int fd)
{
	return sync_with(libc.fdatasync, fd);
}

int ftruncate(int fd, off_t size)
{
	int go = ours(fd) ? may('n') : 1, result;

	if (go < 0)
		return go;
	result = libc.ftruncate(fd, size);
	if (!result && ours(fd))
		record((struct record){ 'T', inode(fd), (uint64_t)size, 0, 0,
					NULL });
	return done(go, result);
}

int ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

int open(const char *path, int flags, ...)
{
	bool makes =
		(flags & O_CREAT) && below(path) && access(path, F_OK) != 0;
	int go = makes ? may('n') : 1, fd;
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	if (go < 0)
		return go;
	fd = libc.open(path, flags, mode);
	if (makes && fd >= 0)
		record_name('C', path, inode(fd));
	return done(go, fd);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	return open(path, flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
	int go = below(path) && access(path, F_OK) ? may('n') : 1, result;

	if (go < 0)
		return go;
	result = libc.mkdir(path, mode);
	if (!result && below(path))
		record_name('M', path, inode_at(path));
	return done(go, result);
}

int rename(const char *from, const char *to)
{
	int go = below(from) ? may('n') : 1, result;
	uint64_t parent_from = 0, parent_to = 0;
	const char *a = last_part(from, &parent_from);
	const char *b = last_part(to, &parent_to);
	char names[PATH_MAX];

	if (go < 0)
		return go;
	result = libc.rename(from, to);
	snprintf(names, sizeof(names), "%s%s", a, b);
	if (!result && below(from))
		record((struct record){ 'R', parent_from, parent_to, strlen(a),
					strlen(names), names });
	return done(go, result);
}

static int remove_with(int (*call)(const char *), const char *path)
{
	int go = below(path) ? may('n') : 1, result;

	if (go < 0)
		return go;
	result = call(path);
	if (!result && below(path))
		record_name('U', path, 0);
	return done(go, result);
}

int unlink(const char *path)
{
	return remove_with(libc.unlink, path);
}

int rmdir(const char *path)
{
	return remove_with(libc.rmdir, path);
}

int statfs(const char *path, struct statfs *fs)
{
	int result = libc.statfs(path, fs);

	if (!result && getenv("SHIM_FS"))
		fs->f_type = strtol(getenv("SHIM_FS"), NULL, 16);
	return result;
}
