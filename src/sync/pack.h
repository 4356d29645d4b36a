/* SPDX-License-Identifier: MIT */
#ifndef SYNC_PACK_H
#define SYNC_PACK_H

#include "pilar/age.h"
#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/seal.h"
#include "pilar/str.h"
#include "pilar/stream.h"

#include "dict.h"

/*
 * The layers of a sync file: tar, zstd, age, file. A dictionary that was used
 * is named in a skippable frame in front: its file's name, a line end, the
 * first 8 bytes of its sha256. Stock zstd steps over that frame and wants the
 * file with -D.
 *
 * Behind a file that is not sealed stands one more such frame, with the first
 * 8 bytes of the sha256 of all before it: zstd has bits that it does not look
 * at. A SUM_MARK at the end of the frame in front says that it must be there.
 */
#define SUM_MARK  "+"
#define SUM_BYTES ((size_t)16)
/* The frame behind; `sum` is used up. */
void sum_frame(struct sha256_ctx *sum, uint8_t out[SUM_BYTES]);

struct pack;
struct pack_how {
	const char *path;
	byte_sink sink; /* or NULL: where the bytes go instead of a file */
	void *arg;
	bool best;     /* the smallest file, however long it takes */
	bool plain;    /* no dictionary */
	uint64_t size; /* of the tar, exactly: pack_entry() of each, an end */
	const struct age_recipient *to;
	size_t n_to;       /* 0: no age layer */
	struct str key;    /* of who made it, in front of the seal; or empty */
	struct dict *dict; /* for many small files, or NULL */
};
#define PACK_END  1024
#define TAR_BLOCK ((size_t)512)
uint64_t pack_entry(size_t n); /* bytes of an entry in a tar */
enum err pack_new(struct pack **out, const struct pack_how *how) MUST_CHECK;
enum err pack_add(struct pack *p, struct str path,
		  struct str content) MUST_CHECK;
/* The file is durable under its name; its size. Not after a failure. */
enum err pack_commit(struct pack *p, uint64_t *bytes) MUST_CHECK;
void pack_free(struct pack *p); /* without a commit nothing stays */

/* A sealed one of a few small entries (acknowledgements). */
enum err pack_small(byte_sink sink, void *arg, const struct age_recipient *to,
		    const struct str *paths, const struct str *contents,
		    size_t n) MUST_CHECK;

/*
 * The other way. `ids` open the age layer where there is one. unpack_new()
 * fails as age_in_new() does; ERR_SYNTAX for what is no sync file. ERR_VERSION
 * with `dict` set when a dictionary is not here.
 */
#define ENTRY_MAX ((size_t)20 << 20)
struct unpack;
struct unpack_how {
	byte_source source;
	void *arg;
	const struct seal_key *const *ids;
	size_t n_ids;
	struct dict *dict; /* for many files, outlives them; or NULL */
};
enum err unpack_new(struct unpack **out, const struct unpack_how *how,
		    struct buf *dict) MUST_CHECK;
struct str unpack_key(const struct unpack *u); /* of pack_how; or empty */
bool unpack_sealed(const struct unpack *u);
/* So many bytes may come out of the next entries, and no more. */
void unpack_allow(struct unpack *u, uint64_t bytes);
/*
 * ERR_NOTFOUND at the end, when nothing stands behind it and every layer was
 * whole. ERR_TOOBIG: more than was allowed. ERR_INVALID: not a plain file.
 * ERR_CORRUPT: altered or cut off.
 */
enum err unpack_next(struct unpack *u, struct str *path,
		     struct buf *content) MUST_CHECK;
void unpack_free(struct unpack *u);

#endif
