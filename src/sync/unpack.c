/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "pilar/age.h"
#include "pilar/seal.h"
#include "pilar/tar.h"

#include "pack.h"

/* Enough to tell what the bytes are. */
#define FRONT      22
#define WINDOW_LOG 23
#define BLOCK      ((size_t)64 << 10)
/* What a skippable frame of ours may hold. */
#define FRAME_MAX 64

struct unpack {
	struct unpack_how how;
	uint8_t front[FRONT]; /* looked at, and read again from here */
	size_t n_front, at_front;
	struct age_in *age;

	uint8_t head[8 + FRAME_MAX]; /* the same behind the age layer */
	size_t n_head, at_head;
	bool summed; /* the last bytes are a sum of all before them */
	struct sha256_ctx sum;
	uint8_t tail[SUM_BYTES]; /* the last ones so far */
	ZSTD_DCtx *z;            /* NULL: a tar without compression */
	struct dict own;         /* when none was lent */
	uint8_t block[BLOCK];
	ZSTD_inBuffer in;
	bool ended;    /* nothing more behind `in` */
	bool frame;    /* inside one */
	uint64_t left; /* bytes that may still come out */

	struct tar_in *tar;
	enum err failed; /* of a layer below tar, which has no name for it */
};

/* ---- the outermost bytes */
static enum err from_front(void *arg, void *p, size_t max, size_t *n)
{
	struct unpack *u = arg;
	size_t k = u->n_front - u->at_front;

	if (!k)
		return u->how.source(u->how.arg, p, max, n);
	k = k < max ? k : max;
	memcpy(p, u->front + u->at_front, k);
	u->at_front += k;
	*n = k;
	return ERR_NONE;
}

static enum err fill(enum err (*source)(struct unpack *u, void *, size_t,
					size_t *),
		     struct unpack *u, uint8_t *p, size_t max, size_t *n)
{
	enum err rc = ERR_NONE;
	size_t got = 1;

	while (*n < max && got && !rc) {
		rc = source(u, p + *n, max - *n, &got);
		*n += rc ? 0 : got;
	}
	return rc;
}

static enum err outermost(struct unpack *u, void *p, size_t max, size_t *n)
{
	return u->how.source(u->how.arg, p, max, n);
}

/* Behind the age layer, where there is one. */
static enum err opened(struct unpack *u, void *p, size_t max, size_t *n)
{
	if (u->age)
		return age_in_read(u->age, p, max, n);
	return from_front(u, p, max, n);
}

static enum err open_age(struct unpack *u)
{
	struct str magic = STR(AGE_MAGIC);
	enum err rc = fill(outermost, u, u->front, FRONT, &u->n_front);

	if (rc || u->n_front < magic.n ||
	    memcmp(u->front, magic.p, strlen("age-encryption.org/")) != 0)
		return rc;
	return age_in_new(&u->age, u->how.ids, u->how.n_ids, from_front, u);
}

/* ---- zstd */
static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* The dictionary that the frame names, and the very one. */
static enum err load_dict(struct unpack *u, struct str name, struct str sum,
			  struct buf *dict)
{
	struct dict *d = u->how.dict ? u->how.dict : &u->own;

	if (dict_read(d, name) || !str_eq(sum, str_of(d->hash, DICT_HASH))) {
		buf_addstr(dict, name);
		return ERR_VERSION;
	}
	return dict_open_with(d, u->z);
}

/* What is in front of a sum is counted from here on. */
static enum err expect_sum(struct unpack *u)
{
	size_t n = 0;
	enum err rc = fill(opened, u, u->tail, SUM_BYTES, &n);

	u->summed = true;
	sha256_init(&u->sum);
	sha256_add(&u->sum, str_of((const char *)u->head, u->n_head));
	return !rc && n < SUM_BYTES ? ERR_CORRUPT : rc;
}

static enum err read_frame(struct unpack *u, struct str frame, struct buf *dict)
{
	struct str name = { NULL, 0 };
	enum err rc = ERR_NONE;

	if (!str_split(&frame, '\n', &name))
		return ERR_SYNTAX;
	if (frame.n % DICT_HASH == 1 && str_ends(frame, STR(SUM_MARK))) {
		rc = expect_sum(u);
		frame.n--;
	}
	if (!rc && (name.n || frame.n))
		rc = load_dict(u, name, frame, dict);
	return rc;
}

static enum err open_zstd(struct unpack *u, struct buf *dict)
{
	enum err rc = fill(opened, u, u->head, 8, &u->n_head);
	uint32_t magic, n;

	if (rc || u->n_head < 8)
		return rc ? rc : ERR_SYNTAX;
	magic = le32(u->head);
	if (magic != ZSTD_MAGICNUMBER && magic != ZSTD_MAGIC_SKIPPABLE_START)
		return ERR_NONE; /* a tar, or tar finds that it is none */
	u->z = ZSTD_createDCtx();
	if (!u->z || ZSTD_isError(ZSTD_DCtx_setParameter(
			     u->z, ZSTD_d_windowLogMax, WINDOW_LOG)))
		return ERR_NOMEM;
	if (magic == ZSTD_MAGICNUMBER)
		return ERR_NONE;
	n = le32(u->head + 4);
	if (n > FRAME_MAX)
		return ERR_SYNTAX;
	rc = fill(opened, u, u->head, 8 + n, &u->n_head);
	if (!rc && u->n_head < 8 + n)
		rc = ERR_CORRUPT;
	if (!rc)
		rc = read_frame(u, str_of((const char *)u->head + 8, n), dict);
	u->at_head = u->n_head;
	return rc;
}

/* What comes out is SUM_BYTES behind what goes in; `max` is more than that. */
static enum err before_sum(struct unpack *u, uint8_t *p, size_t max, size_t *n)
{
	uint8_t wanted[SUM_BYTES];
	enum err rc;

	memcpy(p, u->tail, SUM_BYTES);
	rc = opened(u, p + SUM_BYTES, max - SUM_BYTES, n);
	if (rc)
		return rc;
	memcpy(u->tail, p + *n, SUM_BYTES);
	sha256_add(&u->sum, str_of((const char *)p, *n));
	if (*n)
		return ERR_NONE;
	sum_frame(&u->sum, wanted);
	u->summed = false;
	return memcmp(wanted, u->tail, SUM_BYTES) == 0 ? ERR_NONE : ERR_CORRUPT;
}

/* Bytes as they are compressed. */
static enum err packed(struct unpack *u, void *p, size_t max, size_t *n)
{
	size_t k = u->n_head - u->at_head;

	if (!k && u->summed)
		return before_sum(u, p, max, n);
	if (!k)
		return opened(u, p, max, n);
	k = k < max ? k : max;
	memcpy(p, u->head + u->at_head, k);
	u->at_head += k;
	*n = k;
	return ERR_NONE;
}

static enum err refill(struct unpack *u)
{
	size_t n = 0;
	enum err rc = packed(u, u->block, sizeof(u->block), &n);

	u->in = (ZSTD_inBuffer){ u->block, n, 0 };
	u->ended = !rc && n == 0;
	return rc;
}

static enum err inflate_some(struct unpack *u, void *p, size_t max, size_t *n)
{
	ZSTD_outBuffer out = { p, max, 0 };

	while (!out.pos) {
		size_t hint;
		enum err rc = u->in.pos == u->in.size ? refill(u) : ERR_NONE;

		if (rc)
			return rc;
		if (u->ended && u->frame)
			return ERR_CORRUPT;
		if (u->ended)
			break;
		hint = ZSTD_decompressStream(u->z, &out, &u->in);
		if (ZSTD_isError(hint))
			return ERR_CORRUPT;
		u->frame = hint != 0;
	}
	*n = out.pos;
	return ERR_NONE;
}

/* What tar reads. A limit that is reached is ERR_TOOBIG, not an end. */
static enum err plain(void *arg, void *p, size_t max, size_t *n)
{
	struct unpack *u = arg;

	*n = 0;
	if (!u->failed)
		u->failed = u->z ? inflate_some(u, p, max, n)
				 : packed(u, p, max, n);
	if (!u->failed && *n > u->left)
		u->failed = ERR_TOOBIG;
	u->left -= *n < u->left ? *n : u->left;
	return u->failed;
}

enum err unpack_new(struct unpack **out, const struct unpack_how *how,
		    struct buf *dict)
{
	struct unpack *u = calloc(1, sizeof(*u));
	enum err rc;

	if (!u)
		return ERR_NOMEM;
	u->how = *how;
	u->left = UINT64_MAX;
	rc = open_age(u);
	if (!rc)
		rc = open_zstd(u, dict);
	if (!rc)
		rc = tar_in_stream(&u->tar, plain, u, ENTRY_MAX);
	rc = rc && u->failed ? u->failed : rc;
	if (rc)
		unpack_free(u);
	else
		*out = u;
	return rc;
}

struct str unpack_key(const struct unpack *u)
{
	return u->age ? age_in_extra(u->age) : STR("");
}

bool unpack_sealed(const struct unpack *u)
{
	return u->age != NULL;
}

void unpack_allow(struct unpack *u, uint64_t bytes)
{
	u->left = bytes;
}

/* Behind the end of a tar there are zeroes, and few of them. */
static enum err nothing_behind(struct unpack *u)
{
	size_t n = 1;

	while (n) {
		uint8_t rest[512];
		enum err rc = plain(u, rest, sizeof(rest), &n);

		if (rc)
			return rc;
		for (size_t i = 0; i < n; i++)
			if (rest[i])
				return ERR_CORRUPT;
	}
	return ERR_NOTFOUND;
}

enum err unpack_next(struct unpack *u, struct str *path, struct buf *content)
{
	enum err rc = tar_in_next(u->tar, path, content);

	if (rc == ERR_NOTFOUND && !u->failed)
		return nothing_behind(u);
	return rc && u->failed ? u->failed : rc;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	tar_in_free(u->tar);
	age_in_free(u->age);
	ZSTD_freeDCtx(u->z);
	dict_release(&u->own);
	free(u);
}
