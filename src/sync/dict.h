/* SPDX-License-Identifier: MIT */
#ifndef SYNC_DICT_H
#define SYNC_DICT_H

#include <zstd.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * A dictionary that ships with the program, read and prepared once for many
 * files: preparing it for packing takes a third of a second. Zeroed: none yet.
 */
#define DICT_NAME     "pilar-3.dict"
#define DICT_NAME_MAX ((size_t)20)
#define DICT_HASH     ((size_t)8)
#define DICT_MAX      ((size_t)4 << 20)
struct dict {
	char name[DICT_NAME_MAX + 1];
	struct buf bytes;
	char hash[DICT_HASH]; /* the first bytes of its sha256 */
	ZSTD_CDict *packing;
	ZSTD_DDict *opening;
};

/* Nothing when it is that one. Refuses a name that is none of ours;
 * ERR_NOTFOUND when it is not here. */
enum err dict_read(struct dict *d, struct str name) MUST_CHECK;
/* These live as long as `d` stays the same one. */
enum err dict_pack_with(struct dict *d, ZSTD_CCtx *z, int level) MUST_CHECK;
enum err dict_open_with(struct dict *d, ZSTD_DCtx *z) MUST_CHECK;
void dict_release(struct dict *d);

#endif
