/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "pilar/zip.h"

struct zip_out {
	struct archive *ar;
	struct buf *to;
};

static la_ssize_t put(struct archive *ar, void *arg, const void *p, size_t n)
{
	struct zip_out *z = arg;

	(void)ar;
	buf_add(z->to, p, n);
	return z->to->failed ? -1 : (la_ssize_t)n;
}

static enum err outcome(const struct zip_out *z, int rc)
{
	if (z->to->failed)
		return z->to->failed;
	return rc == ARCHIVE_OK ? ERR_NONE : ERR_NOMEM;
}

enum err zip_out_new(struct zip_out **out, struct buf *to)
{
	struct zip_out *z = calloc(1, sizeof(*z));

	*out = NULL;
	if (!z)
		return ERR_NOMEM;
	z->to = to;
	z->ar = archive_write_new();
	if (!z->ar || archive_write_set_format_zip(z->ar) ||
	    archive_write_set_bytes_in_last_block(z->ar, 1) ||
	    archive_write_open(z->ar, z, NULL, put, NULL)) {
		archive_write_free(z->ar);
		free(z);
		return ERR_NOMEM;
	}
	*out = z;
	return ERR_NONE;
}

enum err zip_out_add(struct zip_out *z, const char *path, struct str content)
{
	struct archive_entry *e = archive_entry_new();
	int rc;

	if (!e)
		return ERR_NOMEM;
	archive_entry_set_pathname(e, path);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)content.n);
	rc = archive_write_header(z->ar, e);
	if (rc == ARCHIVE_OK && content.n &&
	    archive_write_data(z->ar, content.p, content.n) !=
		    (la_ssize_t)content.n)
		rc = ARCHIVE_FATAL;
	archive_entry_free(e);
	return outcome(z, rc);
}

enum err zip_out_close(struct zip_out *z)
{
	enum err rc = outcome(z, archive_write_close(z->ar));

	archive_write_free(z->ar);
	free(z);
	return rc;
}
