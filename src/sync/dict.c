/* SPDX-License-Identifier: MIT */
#include "dict.h"

#include <string.h>

#include "pilar/arena.h"
#include "pilar/file.h"
#include "pilar/seal.h"

static bool name_ok(struct str name)
{
	if (!str_starts(name, STR("pilar-")) || !str_ends(name, STR(".dict")) ||
	    name.n > DICT_NAME_MAX)
		return false;
	for (size_t i = 6; i + 5 < name.n; i++)
		if (name.p[i] < '0' || name.p[i] > '9')
			return false;
	return true;
}

void dict_release(struct dict *d)
{
	ZSTD_freeCDict(d->packing);
	ZSTD_freeDDict(d->opening);
	buf_release(&d->bytes);
	*d = (struct dict){ .name = "" };
}

static enum err read_file(struct dict *d, struct str name)
{
	struct arena a = { 0 };
	uint8_t hash[32];
	struct str end = arena_printf(&a, "sync/%.*s", STR_ARG(name));
	char *path = end.p ? path_join(&a, share_dir(&a), end.p) : NULL;
	enum err rc = path ? ERR_NONE : ERR_NOMEM;

	d->bytes = BUF_INIT(DICT_MAX);
	if (!rc)
		rc = file_read(path, &d->bytes);
	arena_release(&a);
	if (rc)
		return rc;
	sha256(hash, buf_str(&d->bytes));
	memcpy(d->hash, hash, DICT_HASH);
	memcpy(d->name, name.p, name.n);
	return ERR_NONE;
}

enum err dict_read(struct dict *d, struct str name)
{
	enum err rc;

	if (name.n && str_is(name, d->name))
		return ERR_NONE;
	dict_release(d);
	rc = name_ok(name) ? read_file(d, name) : ERR_NOTFOUND;
	if (rc)
		dict_release(d);
	return rc;
}

enum err dict_pack_with(struct dict *d, ZSTD_CCtx *z, int level)
{
	if (!d->packing)
		d->packing = ZSTD_createCDict(d->bytes.p, d->bytes.n, level);
	if (!d->packing || ZSTD_isError(ZSTD_CCtx_refCDict(z, d->packing)))
		return ERR_NOMEM;
	return ERR_NONE;
}

enum err dict_open_with(struct dict *d, ZSTD_DCtx *z)
{
	if (!d->opening)
		d->opening = ZSTD_createDDict(d->bytes.p, d->bytes.n);
	if (!d->opening || ZSTD_isError(ZSTD_DCtx_refDDict(z, d->opening)))
		return ERR_NOMEM;
	return ERR_NONE;
}
