/* SPDX-License-Identifier: MIT */
#ifndef PILAR_TAR_H
#define PILAR_TAR_H

#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"
#include "pilar/stream.h"

/*
 * ustar through libarchive, regular files only, mtime 0, mode 0600, no owner:
 * the same entries give the same bytes. Nothing is ever extracted to disk.
 */
struct tar_out;
/* `sink` gets the bytes of the archive as they come. */
enum err tar_out_new(struct tar_out **out, byte_sink sink,
		     void *arg) MUST_CHECK;
enum err tar_out_add(struct tar_out *t, struct str path,
		     struct str content) MUST_CHECK;
enum err tar_out_end(struct tar_out *t) MUST_CHECK;
void tar_out_free(struct tar_out *t);

struct tar_in;
/* The source is read as far as is needed. At most `limit` bytes of one entry.
 */
enum err tar_in_stream(struct tar_in **out, byte_source source, void *arg,
		       size_t limit) MUST_CHECK;
/* Next regular file; ERR_NOTFOUND at the end; ERR_INVALID for anything that
 * is not a regular file or whose path is absolute or has "..". */
enum err tar_in_next(struct tar_in *t, struct str *path,
		     struct buf *content) MUST_CHECK;
void tar_in_free(struct tar_in *t);

#endif
