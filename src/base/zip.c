/* SPDX-License-Identifier: MIT */
#include "pilar/zip.h"

#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

struct zip_in {
	struct archive *ar;
};

enum err zip_in_new(struct zip_in **out, struct str bytes)
{
	struct zip_in *z = calloc(1, sizeof(*z));

	if (!z)
		return ERR_NOMEM;
	z->ar = archive_read_new();
	if (!z->ar || archive_read_support_format_zip(z->ar)) {
		zip_in_free(z);
		return ERR_NOMEM;
	}
	if (archive_read_open_memory(z->ar, bytes.p ? bytes.p : "", bytes.n)) {
		zip_in_free(z);
		return ERR_SYNTAX;
	}
	*out = z;
	return ERR_NONE;
}

enum err zip_in_next(struct zip_in *z, struct str *path)
{
	struct archive_entry *e = NULL;
	int rc;

	do {
		rc = archive_read_next_header(z->ar, &e);
		if (rc == ARCHIVE_EOF)
			return ERR_NOTFOUND;
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return ERR_CORRUPT;
	} while (archive_entry_filetype(e) != AE_IFREG);
	*path = str_from(archive_entry_pathname(e));
	return ERR_NONE;
}

enum err zip_in_read(struct zip_in *z, struct buf *content)
{
	char block[16384];
	la_ssize_t n;

	buf_reset(content);
	while ((n = archive_read_data(z->ar, block, sizeof(block))) > 0) {
		buf_add(content, block, (size_t)n);
		if (content->failed)
			return content->failed;
	}
	return n < 0 ? ERR_CORRUPT : ERR_NONE;
}

void zip_in_free(struct zip_in *z)
{
	if (!z)
		return;
	if (z->ar)
		archive_read_free(z->ar);
	free(z);
}
