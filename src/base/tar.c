/* SPDX-License-Identifier: MIT */
#include "pilar/tar.h"

#include <errno.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "pilar/arena.h"

/* ustar's own limit for a path without prefix splitting. */
#define PATH_LIMIT 255

struct tar_out {
	struct archive *ar;
	byte_sink sink;
	void *arg;
	enum err failed; /* of the sink */
};

static la_ssize_t give(struct archive *ar, void *self, const void *p, size_t n)
{
	struct tar_out *t = self;

	(void)ar;
	if (!t->failed)
		t->failed = t->sink(t->arg, p, n);
	return t->failed ? -1 : (la_ssize_t)n;
}

enum err tar_out_new(struct tar_out **out, byte_sink sink, void *arg)
{
	struct tar_out *t = calloc(1, sizeof(*t));

	if (!t)
		return ERR_NOMEM;
	t->sink = sink;
	t->arg = arg;
	t->ar = archive_write_new();
	if (!t->ar || archive_write_set_format_ustar(t->ar) ||
	    archive_write_set_bytes_per_block(t->ar, 0) ||
	    archive_write_open(t->ar, t, NULL, give, NULL)) {
		tar_out_free(t);
		return ERR_NOMEM;
	}
	*out = t;
	return ERR_NONE;
}

static enum err put(struct tar_out *t, struct archive_entry *e,
		    struct str content)
{
	if (archive_write_header(t->ar, e))
		return t->failed ? t->failed : ERR_INVALID;
	if (content.n && archive_write_data(t->ar, content.p, content.n) !=
				 (la_ssize_t)content.n)
		return t->failed ? t->failed : ERR_IO;
	if (archive_write_finish_entry(t->ar))
		return t->failed ? t->failed : ERR_IO;
	return ERR_NONE;
}

enum err tar_out_add(struct tar_out *t, struct str path, struct str content)
{
	struct arena a = { 0 };
	char *name = arena_cstr(&a, path);
	struct archive_entry *e = archive_entry_new();
	enum err rc = ERR_NOMEM;

	if (name && e) {
		archive_entry_set_pathname(e, name);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0600);
		archive_entry_set_size(e, (la_int64_t)content.n);
		archive_entry_set_mtime(e, 0, 0);
		rc = put(t, e, content);
	}
	archive_entry_free(e);
	arena_release(&a);
	return rc;
}

enum err tar_out_end(struct tar_out *t)
{
	if (archive_write_close(t->ar))
		return t->failed ? t->failed : ERR_IO;
	return ERR_NONE;
}

void tar_out_free(struct tar_out *t)
{
	if (!t)
		return;
	if (t->ar)
		archive_write_free(t->ar);
	free(t);
}

/* What is asked of a source at a time. */
#define READ_BLOCK 16384

struct tar_in {
	struct archive *ar;
	size_t limit;
	byte_source source;
	void *arg;
	char block[READ_BLOCK];
};

static struct tar_in *tar_in_alloc(size_t limit)
{
	struct tar_in *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->limit = limit;
	t->ar = archive_read_new();
	if (!t->ar || archive_read_support_format_tar(t->ar)) {
		tar_in_free(t);
		return NULL;
	}
	return t;
}

static la_ssize_t ask(struct archive *ar, void *self, const void **p)
{
	struct tar_in *t = self;
	size_t n = 0;

	if (t->source(t->arg, t->block, sizeof(t->block), &n)) {
		archive_set_error(ar, EIO, "source");
		return -1;
	}
	*p = t->block;
	return (la_ssize_t)n;
}

enum err tar_in_stream(struct tar_in **out, byte_source source, void *arg,
		       size_t limit)
{
	struct tar_in *t = tar_in_alloc(limit);

	if (!t)
		return ERR_NOMEM;
	t->source = source;
	t->arg = arg;
	/* one that cannot be read gives its reason here */
	if (archive_read_open(t->ar, t, NULL, ask, NULL)) {
		tar_in_free(t);
		return ERR_SYNTAX;
	}
	*out = t;
	return ERR_NONE;
}

static bool safe_path(struct str path)
{
	struct str part;

	if (!path.n || path.n > PATH_LIMIT || path.p[0] == '/')
		return false;
	while (str_split(&path, '/', &part))
		if (!part.n || str_is(part, "..") || str_is(part, "."))
			return false;
	return true;
}

static enum err slurp(struct tar_in *t, struct buf *content)
{
	char block[16384];
	la_ssize_t n;

	while ((n = archive_read_data(t->ar, block, sizeof(block))) > 0) {
		if (content->n + (size_t)n > t->limit)
			return ERR_TOOBIG;
		buf_add(content, block, (size_t)n);
		if (content->failed)
			return content->failed;
	}
	return n < 0 ? ERR_CORRUPT : ERR_NONE;
}

enum err tar_in_next(struct tar_in *t, struct str *path, struct buf *content)
{
	struct archive_entry *e = NULL;
	int rc = archive_read_next_header(t->ar, &e);

	if (rc == ARCHIVE_EOF)
		return ERR_NOTFOUND;
	if (rc != ARCHIVE_OK)
		return ERR_CORRUPT;
	*path = str_from(archive_entry_pathname(e));
	if (archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e) || archive_entry_symlink(e) ||
	    !safe_path(*path))
		return ERR_INVALID;
	buf_reset(content);
	return slurp(t, content);
}

void tar_in_free(struct tar_in *t)
{
	if (!t)
		return;
	if (t->ar)
		archive_read_free(t->ar);
	free(t);
}
