/* SPDX-License-Identifier: MIT */
#include <sys/types.h>

#include <md5.h>
#include <sha1.h>
#include <sha2.h>

#include "pilar/i18n.h"
#include "pilar/seal.h"

#include "fn.h"

#define DIGEST_MAX    64
#define KEY_LEN       32
#define SIGNATURE_LEN 64

static void md5(uint8_t out[DIGEST_MAX], const uint8_t *p, size_t n)
{
	MD5_CTX c;

	MD5Init(&c);
	MD5Update(&c, p, n);
	MD5Final(out, &c);
}

static void sha1(uint8_t out[DIGEST_MAX], const uint8_t *p, size_t n)
{
	SHA1_CTX c;

	SHA1Init(&c);
	SHA1Update(&c, p, n);
	SHA1Final(out, &c);
}

static void sha2_256(uint8_t out[DIGEST_MAX], const uint8_t *p, size_t n)
{
	SHA2_CTX c;

	SHA256Init(&c);
	SHA256Update(&c, p, n);
	SHA256Final(out, &c);
}

static void sha2_384(uint8_t out[DIGEST_MAX], const uint8_t *p, size_t n)
{
	SHA2_CTX c;

	SHA384Init(&c);
	SHA384Update(&c, p, n);
	SHA384Final(out, &c);
}

static void sha2_512(uint8_t out[DIGEST_MAX], const uint8_t *p, size_t n)
{
	SHA2_CTX c;

	SHA512Init(&c);
	SHA512Update(&c, p, n);
	SHA512Final(out, &c);
}

/* With and without the dash, in any case, as JavaRosa takes them. */
static const struct algorithm {
	struct str name, bare;
	size_t len;
	void (*run)(uint8_t out[DIGEST_MAX], const uint8_t *p, size_t n);
} algorithms[] = {
	{ STR_INIT("MD5"), STR_INIT("MD-5"), 16, md5 },
	{ STR_INIT("SHA-1"), STR_INIT("SHA1"), 20, sha1 },
	{ STR_INIT("SHA-256"), STR_INIT("SHA256"), 32, sha2_256 },
	{ STR_INIT("SHA-384"), STR_INIT("SHA384"), 48, sha2_384 },
	{ STR_INIT("SHA-512"), STR_INIT("SHA512"), 64, sha2_512 },
};

static const struct algorithm *algorithm(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (str_eq_nocase(name, algorithms[i].name) ||
		    str_eq_nocase(name, algorithms[i].bare))
			return &algorithms[i];
	return NULL;
}

static enum err fn_digest(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	struct buf b = BUF_INIT(FN_TEXT_MAX);
	struct str s = val_str(e, &args[0]);
	struct str encoding = fn_text(e, args, n, 2);
	const struct algorithm *a = algorithm(val_str(e, &args[1]));
	uint8_t raw[DIGEST_MAX];

	if (!s.p || !a)
		return s.p ? eval_fail(e, _("digest: cara tidak dikenal"))
			   : ERR_NOMEM;
	a->run(raw, (const uint8_t *)s.p, s.n);
	if (str_eq_nocase(encoding, STR("hex")))
		hex(&b, raw, a->len);
	else if (!encoding.n || str_eq_nocase(encoding, STR("base64")))
		base64(&b, raw, a->len);
	else
		return eval_fail(e, _("digest: hanya base64 atau hex"));
	return fn_take(e, &b, out);
}

/* What is not base64 decodes to nothing. */
static enum err decoded(struct eval *e, const struct val *v, struct buf *b)
{
	struct str s = val_str(e, v);
	enum err rc = s.p ? unbase64(b, s) : ERR_NOMEM;

	return rc == ERR_SYNTAX ? ERR_NONE : rc;
}

static enum err fn_base64_decode(struct eval *e, const struct val *args,
				 size_t n, struct val *out)
{
	struct buf b = BUF_INIT(FN_TEXT_MAX);
	enum err rc = decoded(e, &args[0], &b);

	(void)n;
	if (!rc)
		return fn_take_bytes(e, &b, out);
	buf_release(&b);
	return rc;
}

static enum err fn_extract_signed(struct eval *e, const struct val *args,
				  size_t n, struct val *out)
{
	struct buf b = BUF_INIT(FN_TEXT_MAX), key = BUF_INIT(FN_TEXT_MAX);
	struct buf text = BUF_INIT(FN_TEXT_MAX);
	enum err rc = decoded(e, &args[0], &b);

	(void)n;
	if (!rc)
		rc = decoded(e, &args[1], &key);
	if (!rc && b.n >= SIGNATURE_LEN && key.n == KEY_LEN) {
		struct str message = str_sub(buf_str(&b), SIGNATURE_LEN, b.n);

		if (seal_signed((const uint8_t *)key.p, message,
				(const uint8_t *)b.p))
			buf_addstr(&text, message);
	}
	if (!rc)
		rc = fn_take_bytes(e, &text, out);
	buf_release(&b);
	buf_release(&key);
	buf_release(&text);
	return rc;
}

static const struct func rows[] = {
	{ STR_INIT("digest"), 2, 3, FN_STRING, 0, fn_digest, NULL },
	{ STR_INIT("base64-decode"), 1, 1, FN_STRING, 0, fn_base64_decode,
	  NULL },
	{ STR_INIT("extract-signed"), 2, 2, FN_STRING, 0, fn_extract_signed,
	  NULL },
	{ .min = 0 },
};

const struct func *func_digest(void)
{
	return rows;
}
