/* SPDX-License-Identifier: MIT */
#ifndef PILAR_ZIP_H
#define PILAR_ZIP_H

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * A zip file in memory, read through libarchive entry by entry. Nothing is
 * ever extracted to disk; what an entry holds is counted while it is unpacked,
 * so a small file cannot become a large one.
 */
struct zip_in;

/* `bytes` is lent until zip_in_free. ERR_SYNTAX when it is no zip file. */
enum err zip_in_new(struct zip_in **out, struct str bytes) MUST_CHECK;
/* The next file (folders are passed over); ERR_NOTFOUND at the end. `path` is
 * lent until the next call. */
enum err zip_in_next(struct zip_in *z, struct str *path) MUST_CHECK;
/* Its content, at most content->max bytes (else ERR_TOOBIG). */
enum err zip_in_read(struct zip_in *z, struct buf *content) MUST_CHECK;
void zip_in_free(struct zip_in *z);

/* One that is written, into a buffer. */
struct zip_out;
enum err zip_out_new(struct zip_out **out, struct buf *to) MUST_CHECK;
enum err zip_out_add(struct zip_out *z, const char *path,
		     struct str content) MUST_CHECK;
/* Writes its end; frees it whatever the result. */
enum err zip_out_close(struct zip_out *z) MUST_CHECK;

#endif
