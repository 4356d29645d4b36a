/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "image.h"
#include "making.h"
#include "priv.h"

#define STEP ((size_t)1 << 16)

/* ---- writing one */

struct backup {
	struct store *st;
	struct report *rep;
	struct arena arena;
	const char *path;
	char *drafts; /* their copy, until it is appended */
	int fd, drafts_fd;
};

static enum err new_file(const char *path, int *fd)
{
	*fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return *fd < 0 ? err_from_errno(errno) : ERR_NONE;
}

static enum err copy_env(struct backup *b, enum store_env which, int fd)
{
	struct env *env = &b->st->env[which];
	enum err rc = env_ready(env);

	if (rc)
		return rc;
	rc = err_from_mdb(mdb_env_copyfd2(env->mdb, fd, MDB_CP_COMPACT));
	if (!rc && fsync(fd))
		rc = err_from_errno(errno);
	return rc;
}

static enum err write_whole(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return err_from_errno(errno);
		p += done;
		n -= (size_t)done;
	}
	return ERR_NONE;
}

static enum err append_drafts(struct backup *b)
{
	enum err rc = ERR_NONE;
	char part[STEP];
	off_t at = 0;

	while (!rc) {
		ssize_t n = pread(b->drafts_fd, part, sizeof(part), at);

		if (n == 0)
			break;
		if (n < 0)
			return err_from_errno(errno);
		rc = write_whole(b->fd, part, (size_t)n);
		at += n;
	}
	if (!rc && fsync(b->fd))
		rc = err_from_errno(errno);
	return rc;
}

static enum err sync_folder(struct backup *b)
{
	struct str s = str_from(b->path);
	size_t slash = s.n;
	char *folder;

	while (slash && s.p[slash - 1] != '/')
		slash--;
	folder = arena_cstr(&b->arena, slash ? str_sub(s, 0, slash) : STR("."));
	return folder ? dir_sync(folder) : ERR_NOMEM;
}

/* Drafts first: one that is finished meanwhile is then in both, not in
 * neither, and is dropped when drafts are listed. */
static enum err write_backup(struct backup *b, struct store_copied *out)
{
	enum err rc = copy_env(b, STORE_DRAFTS, b->drafts_fd);

	if (!rc)
		rc = check_copy(b->st, STORE_DRAFTS, b->drafts, b->rep,
				&out->values);
	if (!rc)
		rc = copy_env(b, STORE_MAIN, b->fd);
	if (!rc)
		rc = append_drafts(b);
	if (!rc)
		rc = check_copy(b->st, STORE_MAIN, b->path, b->rep,
				&out->values);
	return rc ? rc : sync_folder(b);
}

enum err store_backup(struct store *st, const char *path, struct report *rep,
		      struct store_copied *out)
{
	struct backup b = {
		.st = st, .rep = rep, .path = path, .fd = -1, .drafts_fd = -1
	};
	size_t said = rep->errors;
	struct stat s;
	enum err rc;

	*out = (struct store_copied){ 0 };
	b.drafts =
		arena_cstr(&b.arena, arena_printf(&b.arena, "%s.drafts", path));
	rc = b.drafts ? new_file(path, &b.fd) : ERR_NOMEM;
	if (!rc)
		rc = new_file(b.drafts, &b.drafts_fd);
	if (!rc)
		rc = write_backup(&b, out);
	if (!rc && !fstat(b.fd, &s))
		out->bytes = (size_t)s.st_size;
	if (b.drafts && b.drafts_fd >= 0) {
		close(b.drafts_fd);
		unlink(b.drafts);
	}
	if (b.fd >= 0)
		close(b.fd);
	if (rc && b.fd >= 0)
		unlink(path);
	if (rc == ERR_EXISTS)
		report_add(rep, PROBLEM_ERROR, str_from(path),
			   _("berkas ini sudah ada; pilih nama lain"));
	else if (rc && rep->errors == said)
		report_add(rep, PROBLEM_ERROR, str_from(path), "%s",
			   rc == ERR_NOSPACE
				   ? _("disk penuh, cadangan tidak dibuat")
				   : _("cadangan tidak dapat ditulis"));
	arena_release(&b.arena);
	return rc;
}

/* ---- making a store of one */

static enum err say_page(void *arg, struct str table, size_t page,
			 const char *what)
{
	const struct making *m = arg;

	report_add(m->rep, PROBLEM_ERROR, str_from(m->from),
		   _("berkas rusak: tabel %.*s, halaman %zu: %s"),
		   STR_ARG(table), page, _(what));
	return ERR_CORRUPT;
}

/* One part of the backup as a file of its own, looked at page by page. */
static enum err put_part(struct making *m, const struct image *whole,
			 size_t from, size_t to, const char *dir)
{
	const struct image_visit visit = { .damage = say_page, .arg = m };
	char *path = path_join(&m->arena, dir, DATA_FILE);
	struct file_out out = { 0 };
	struct image im = { 0 };
	enum err rc = path ? file_out_open(&out, path) : ERR_NOMEM;

	if (rc)
		return rc;
	rc = file_out_add(&out, whole->map + from, to - from);
	if (!rc)
		rc = file_out_commit(&out);
	file_out_abort(&out);
	if (!rc)
		rc = image_open(&im, path);
	if (!rc)
		rc = image_walk(&im, &visit);
	image_close(&im);
	return rc;
}

/* One value of one table, found by walking that table. */
struct wanted {
	struct str key, *value;
	bool found;
};

static enum err take_wanted(void *arg, struct str table, struct str key,
			    struct str value)
{
	struct wanted *w = arg;

	(void)table;
	if (!str_eq(key, w->key))
		return ERR_NONE;
	*w->value = value;
	w->found = true;
	return ERR_EXISTS; /* ends the walk */
}

static enum err find_value(struct image *im, struct str table, struct str key,
			   struct str *value)
{
	struct wanted w = { .key = key, .value = value };
	const struct image_visit visit = { .only = table,
					   .value = take_wanted,
					   .arg = &w };
	enum err rc = image_walk(im, &visit);

	if (w.found)
		return ERR_NONE;
	return rc ? rc : ERR_NOTFOUND;
}

static enum err split_backup(struct making *m)
{
	struct image im = { 0 };
	struct str record;
	struct head head;
	size_t end = 0;
	enum err rc = image_open(&im, m->from);

	if (!rc)
		rc = find_value(&im, STR("slot"), HEAD_KEY, &record);
	if (!rc)
		rc = head_read(&head, record);
	if (!rc)
		end = (im.last + 1) * im.page;
	if (!rc && end >= im.size)
		rc = ERR_CORRUPT;
	if (!rc)
		rc = put_part(m, &im, 0, end, m->tmp);
	if (!rc)
		rc = put_part(m, &im, end, im.size, m->drafts);
	image_close(&im);
	return rc;
}

static enum err envs_of_backup(struct making *m)
{
	size_t said = m->rep->errors;
	enum err rc = split_backup(m);

	if ((rc == ERR_CORRUPT || rc == ERR_NOTFOUND) && m->rep->errors == said)
		report_add(m->rep, PROBLEM_ERROR, str_from(m->from),
			   _("bukan cadangan pilar, atau terpotong"));
	return rc;
}

enum err store_restore(const char *path, const char *dir, const struct sys *sys,
		       struct report *rep)
{
	const struct store_create how = { .dir = dir, .sys = sys };
	struct making m = { .how = &how,
			    .rep = rep,
			    .envs = envs_of_backup,
			    .from = (void *)(uintptr_t)path };

	if (file_exists(path))
		return making_run(&m);
	report_add(rep, PROBLEM_ERROR, str_from(path),
		   _("berkas tidak ditemukan"));
	return ERR_NOTFOUND;
}
