/* SPDX-License-Identifier: MIT */
#include "pilar/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/vec.h"

enum err err_from_errno(int e)
{
	switch (e) {
	case 0:
		return ERR_NONE;
	case ENOENT:
		return ERR_NOTFOUND;
	case EEXIST:
	case ENOTEMPTY:
		return ERR_EXISTS;
	case ENOSPC:
	case EDQUOT:
		return ERR_NOSPACE;
	case ENOMEM:
		return ERR_NOMEM;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_REFUSED;
	default:
		return ERR_IO;
	}
}

static enum err read_fd(int fd, struct buf *b)
{
	char block[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_from_errno(errno);
		if (n == 0)
			return b->failed;
		buf_add(b, block, (size_t)n);
		if (b->failed)
			return b->failed;
	}
}

enum err file_read(const char *path, struct buf *b)
{
	struct stat st;
	enum err rc;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_fd(STDIN_FILENO, b);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_from_errno(errno);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		rc = ERR_INVALID;
	else
		rc = read_fd(fd, b);
	close(fd);
	return rc;
}

enum err dir_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err rc = ERR_NONE;

	if (fd < 0)
		return err_from_errno(errno);
	if (fsync(fd))
		rc = err_from_errno(errno);
	close(fd);
	return rc;
}

static enum err sync_folder_of(const char *path)
{
	struct arena a = { 0 };
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	const char *dir = ".";
	enum err rc;

	if (slash)
		dir = n ? arena_cstr(&a, str_of(path, n)) : "/";
	rc = dir ? dir_sync(dir) : ERR_NOMEM;
	arena_release(&a);
	return rc;
}

enum err file_out_open(struct file_out *o, const char *path)
{
	size_t n = strlen(path);
	int fd;

	*o = (struct file_out){ 0 };
	o->path = strdup(path);
	o->tmp = calloc(1, n + 16);
	if (!o->path || !o->tmp) {
		file_out_abort(o);
		return ERR_NOMEM;
	}
	snprintf(o->tmp, n + 16, "%s.tmp-XXXXXX", path);
	fd = mkstemp(o->tmp); /* mode 0600 */
	if (fd >= 0)
		o->f = fdopen(fd, "wb");
	if (!o->f) {
		enum err rc = err_from_errno(errno);

		if (fd >= 0)
			close(fd);
		else
			o->tmp[0] = '\0';
		file_out_abort(o);
		return rc;
	}
	return ERR_NONE;
}

enum err file_out_add(struct file_out *o, const void *p, size_t n)
{
	errno = 0;
	if (n && fwrite(p, 1, n, o->f) != n)
		return err_from_errno(errno ? errno : EIO);
	return ERR_NONE;
}

enum err file_out_commit(struct file_out *o)
{
	enum err rc = ERR_NONE;
	FILE *f = o->f;

	if (!f || !o->tmp)
		return ERR_INVALID;
	if (fflush(f) || fsync(fileno(f)))
		rc = err_from_errno(errno);
	o->f = NULL;
	if (fclose(f) && !rc)
		rc = err_from_errno(errno);
	if (!rc && rename(o->tmp, o->path))
		rc = err_from_errno(errno);
	if (!rc) {
		o->tmp[0] = '\0';
		rc = sync_folder_of(o->path);
	}
	file_out_abort(o);
	return rc;
}

void file_out_abort(struct file_out *o)
{
	if (o->f)
		fclose(o->f);
	if (o->tmp && o->tmp[0])
		unlink(o->tmp);
	free(o->tmp);
	free(o->path);
	*o = (struct file_out){ 0 };
}

enum err file_write(const char *path, struct str content)
{
	struct file_out o = { 0 };
	enum err rc = file_out_open(&o, path);

	if (rc)
		return rc;
	rc = file_out_add(&o, content.p, content.n);
	if (!rc)
		rc = file_out_commit(&o);
	file_out_abort(&o);
	return rc;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

enum err dir_make(const char *path)
{
	struct arena a = { 0 };
	char *copy = arena_cstr(&a, str_from(path));
	enum err rc = copy ? ERR_NONE : ERR_NOMEM;

	for (char *p = copy; !rc && p;) {
		p = strchr(p + 1, '/');
		if (p)
			*p = '\0';
		if (mkdir(copy, 0700) && errno != EEXIST)
			rc = err_from_errno(errno);
		if (p)
			*p = '/';
	}
	arena_release(&a);
	return rc;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum err dir_list(const char *path, struct arena *a, struct str **names,
		  size_t *n)
{
	VEC(struct str) found = { 0 };
	DIR *d = opendir(path);
	struct dirent *e;
	enum err rc = ERR_NONE;

	if (!d)
		return err_from_errno(errno);
	while (!rc && (e = readdir(d))) {
		struct str *slot;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		slot = vec_push(&found);
		if (slot)
			*slot = arena_dup(a, str_from(e->d_name));
		if (!slot || !slot->p)
			rc = ERR_NOMEM;
	}
	closedir(d);
	if (found.n)
		qsort(found.at, found.n, sizeof(*found.at), by_text);
	return vec_give(&found, a, names, n, rc);
}

char *path_join(struct arena *a, const char *dir, const char *name)
{
	struct str s = arena_printf(a, "%s/%s", dir, name);

	return (char *)(uintptr_t)s.p;
}

enum err dir_remove(const char *path)
{
	struct arena a = { 0 };
	struct str *names = NULL;
	size_t n = 0;
	enum err rc = dir_list(path, &a, &names, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		char *file = path_join(&a, path, names[i].p);

		if (!file)
			rc = ERR_NOMEM;
		else if (unlink(file))
			rc = err_from_errno(errno);
	}
	if (!rc && rmdir(path))
		rc = err_from_errno(errno);
	arena_release(&a);
	return rc;
}
