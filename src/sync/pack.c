/* SPDX-License-Identifier: MIT */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "pilar/file.h"
#include "pilar/seal.h"
#include "pilar/tar.h"

/*
 * zstd's level by the bytes that go in: the smallest file that a person waits
 * at most a second or two for (PERF D6), and the smallest there is. A file of
 * that size learns the forms by itself, and zstd's tables, made to measure for
 * a dictionary, are too small for it: 246 bytes a visit with one, 226 without.
 */
static const struct level {
	uint64_t bytes;
	int usual, best;
	bool dict;
} levels[] = {
	{ (uint64_t)512 << 10, 22, 22, true },
	{ (uint64_t)2 << 20, 19, 22, true },
	{ (uint64_t)8 << 20, 15, 22, true },
	{ UINT64_MAX, 11, 19, false },
};
/* Windows of up to 8 MiB, which every reader takes (RFC 9659). */
#define WINDOW_LOG 23

struct pack {
	ZSTD_CCtx *z;
	byte_sink sink; /* instead of a file */
	void *sink_arg;
	struct file_out file;
	struct age_out *age;
	struct tar_out *tar;
	uint64_t bytes; /* of the file */
	bool summed;    /* a sum of it stands behind it */
	struct sha256_ctx sum;
	char *block;
	size_t block_size;
};

/* ---- layers */
static enum err into_file(void *arg, const void *data, size_t n)
{
	struct pack *p = arg;
	enum err rc = p->sink ? p->sink(p->sink_arg, data, n)
			      : file_out_add(&p->file, data, n);

	p->bytes += n;
	if (p->summed)
		sha256_add(&p->sum, str_of(data, n));
	return rc;
}

static enum err into_age(struct pack *p, const void *data, size_t n)
{
	if (p->age)
		return age_out_add(p->age, data, n);
	return into_file(p, data, n);
}

static enum err pump(struct pack *p, const void *data, size_t n,
		     ZSTD_EndDirective mode)
{
	ZSTD_inBuffer in = { data, n, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { p->block, p->block_size, 0 };
		enum err rc;

		left = ZSTD_compressStream2(p->z, &out, &in, mode);
		if (ZSTD_isError(left))
			return ERR_IO;
		rc = into_age(p, p->block, out.pos);
		if (rc)
			return rc;
	} while (mode == ZSTD_e_end ? left > 0 : in.pos < in.size);
	return ERR_NONE;
}

static enum err into_zstd(void *arg, const void *data, size_t n)
{
	return pump(arg, data, n, ZSTD_e_continue);
}

static const struct level *level_of(uint64_t bytes)
{
	size_t i = 0;

	while (levels[i].bytes < bytes)
		i++;
	return &levels[i];
}

static enum err set_up(struct pack *p, const struct pack_how *how)
{
	const struct level *by_size = level_of(how->size);
	int level = how->best ? by_size->best : by_size->usual;
	const struct {
		ZSTD_cParameter name;
		int value;
	} rows[] = {
		{ ZSTD_c_compressionLevel, level },
		{ ZSTD_c_contentSizeFlag, 0 },
		/* The hash of all entries says it better. */
		{ ZSTD_c_checksumFlag, 0 },
		{ ZSTD_c_windowLog, how->size >> WINDOW_LOG ? WINDOW_LOG : 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (ZSTD_isError(ZSTD_CCtx_setParameter(p->z, rows[i].name,
							rows[i].value)))
			return ERR_INVALID;
	return ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(p->z, how->size))
		       ? ERR_INVALID
		       : ERR_NONE;
}

static void put_le32(uint8_t *out, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> 8 * i);
}

static void frame_head(uint8_t out[8], size_t n)
{
	put_le32(out, ZSTD_MAGIC_SKIPPABLE_START);
	put_le32(out + 4, (uint32_t)n);
}

void sum_frame(struct sha256_ctx *sum, uint8_t out[SUM_BYTES])
{
	uint8_t hash[32];

	sha256_final(sum, hash);
	frame_head(out, SUM_BYTES - 8);
	memcpy(out + 8, hash, SUM_BYTES - 8);
}

/* In front: the dictionary, if any, and whether a sum stands behind. */
static enum err add_front(struct pack *p, const struct dict *d)
{
	struct buf b = BUF_INIT(64);
	uint8_t head[8];
	enum err rc;

	buf_adds(&b, d->name);
	buf_addc(&b, '\n');
	if (d->bytes.n)
		buf_add(&b, d->hash, DICT_HASH);
	buf_adds(&b, p->summed ? SUM_MARK : "");
	frame_head(head, b.n);
	rc = b.failed ? b.failed : into_age(p, head, sizeof(head));
	if (!rc)
		rc = into_age(p, b.p, b.n);
	buf_release(&b);
	return rc;
}

/* A dictionary that is not here is not used. */
static enum err use_dict(struct pack *p, const struct pack_how *how)
{
	const struct level *level = level_of(how->size);
	struct dict own = { .name = "" };
	struct dict *d = how->dict ? how->dict : &own;
	enum err rc = ERR_NOTFOUND;

	if (!how->plain && level->dict)
		rc = dict_read(d, STR(DICT_NAME));
	else
		d = &own;
	if (rc == ERR_NOTFOUND)
		rc = ERR_NONE;
	if (!rc && (d->bytes.n || p->summed))
		rc = add_front(p, d);
	if (rc || !d->bytes.n)
		goto out;
	/* One that is prepared is for small files, all on one level. */
	if (how->dict && level == levels)
		rc = dict_pack_with(d, p->z, level->usual);
	else if (ZSTD_isError(ZSTD_CCtx_loadDictionary(p->z, d->bytes.p,
						       d->bytes.n)))
		rc = ERR_NOMEM;
out:
	dict_release(&own);
	return rc;
}

uint64_t pack_entry(size_t n)
{
	return TAR_BLOCK + (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

enum err pack_new(struct pack **out, const struct pack_how *how)
{
	struct pack *p = calloc(1, sizeof(*p));
	enum err rc = ERR_NONE;

	if (!p)
		return ERR_NOMEM;
	p->z = ZSTD_createCCtx();
	p->block_size = ZSTD_CStreamOutSize();
	p->block = malloc(p->block_size);
	if (!p->z || !p->block)
		rc = ERR_NOMEM;
	p->sink = how->sink;
	p->sink_arg = how->arg;
	if (!rc && !p->sink)
		rc = file_out_open(&p->file, how->path);
	if (!rc && how->n_to)
		rc = age_out_extra(&p->age, how->to, how->n_to, how->key,
				   into_file, p);
	/* A seal is a sum; what goes elsewhere is a part of something. */
	p->summed = !how->n_to && !how->sink;
	sha256_init(&p->sum);
	if (!rc)
		rc = use_dict(p, how);
	if (!rc)
		rc = set_up(p, how);
	if (!rc)
		rc = tar_out_new(&p->tar, into_zstd, p);
	if (rc)
		pack_free(p);
	else
		*out = p;
	return rc;
}

enum err pack_add(struct pack *p, struct str path, struct str content)
{
	return tar_out_add(p->tar, path, content);
}

static enum err add_sum(struct pack *p)
{
	uint8_t frame[SUM_BYTES];

	sum_frame(&p->sum, frame);
	return into_file(p, frame, sizeof(frame));
}

enum err pack_commit(struct pack *p, uint64_t *bytes)
{
	enum err rc = tar_out_end(p->tar);

	if (!rc)
		rc = pump(p, NULL, 0, ZSTD_e_end);
	if (!rc && p->summed)
		rc = add_sum(p);
	if (!rc && p->age)
		rc = age_out_end(p->age);
	if (!rc && !p->sink)
		rc = file_out_commit(&p->file);
	*bytes = p->bytes;
	return rc;
}

void pack_free(struct pack *p)
{
	if (!p)
		return;
	tar_out_free(p->tar);
	age_out_free(p->age);
	file_out_abort(&p->file);
	ZSTD_freeCCtx(p->z);
	free(p->block);
	free(p);
}

/* ---- a few small files */
enum err pack_small(byte_sink sink, void *arg, const struct age_recipient *to,
		    const struct str *paths, const struct str *contents,
		    size_t n)
{
	struct pack_how how = { .sink = sink,
				.arg = arg,
				.plain = true,
				.size = PACK_END,
				.to = to,
				.n_to = 1 };
	struct pack *p = NULL;
	uint64_t bytes;
	enum err rc;

	for (size_t i = 0; i < n; i++)
		how.size += pack_entry(contents[i].n);
	rc = pack_new(&p, &how);
	for (size_t i = 0; !rc && i < n; i++)
		rc = pack_add(p, paths[i], contents[i]);
	if (!rc)
		rc = pack_commit(p, &bytes);
	pack_free(p);
	return rc;
}
