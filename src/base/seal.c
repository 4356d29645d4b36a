/* SPDX-License-Identifier: MIT */
#include "pilar/seal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <sodium.h>

#include "pilar/arena.h"

#define SEAL_VERSION 1
#define SEAL_EPOCH   1
#define NONCE_LEN    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN      crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD_LEN     (2 + NONCE_LEN)

/* Plaintext is a 4-byte length, the value, zeroes up to the size class. */
#define LENGTH_LEN  4
#define PAD_SMALL   64
#define PAD_LARGE   256
#define SMALL_LIMIT 1024

struct seal_key {
	uint8_t raw[SEAL_KEY_LEN];
};

enum err seal_key_new(struct seal_key **out, const uint8_t raw[SEAL_KEY_LEN])
{
	struct seal_key *k;

	if (sodium_init() < 0)
		return ERR_IO;
	k = sodium_malloc(sizeof(*k));
	if (!k)
		return ERR_NOMEM;
	if (raw)
		memcpy(k->raw, raw, SEAL_KEY_LEN);
	else
		randombytes_buf(k->raw, SEAL_KEY_LEN);
	*out = k;
	return ERR_NONE;
}

void seal_key_free(struct seal_key *k)
{
	sodium_free(k);
}

const uint8_t *seal_key_raw(const struct seal_key *k)
{
	return k->raw;
}

enum err seal_key_derive(struct seal_key **out, const struct seal_key *k,
			 uint64_t id, const char context[8])
{
	enum err rc = seal_key_new(out, NULL);

	if (rc)
		return rc;
	crypto_kdf_derive_from_key((*out)->raw, SEAL_KEY_LEN, id, context,
				   k->raw);
	return ERR_NONE;
}

static size_t padded(size_t n)
{
	size_t step = n + LENGTH_LEN <= SMALL_LIMIT ? PAD_SMALL : PAD_LARGE;

	return (n + LENGTH_LEN + step - 1) / step * step;
}

static void put_length(uint8_t *p, size_t n)
{
	for (int i = 0; i < LENGTH_LEN; i++)
		p[i] = (uint8_t)(n >> (8 * i));
}

static size_t get_length(const uint8_t *p)
{
	size_t n = 0;

	for (int i = 0; i < LENGTH_LEN; i++)
		n |= (size_t)p[i] << (8 * i);
	return n;
}

/* Room for `n` bytes at the end of `b`, counted in; NULL when it failed. */
static uint8_t *extend(struct buf *b, size_t n)
{
	static const char zeroes[PAD_LARGE];
	size_t from = b->n;

	for (size_t left = n; left;) {
		size_t k = left < sizeof(zeroes) ? left : sizeof(zeroes);

		buf_add(b, zeroes, k);
		left -= k;
	}
	return b->failed ? NULL : (uint8_t *)b->p + from;
}

/* Version and epoch are part of what the tag covers: they go behind `ad`. */
static struct str full_ad(struct buf *b, struct str ad, const uint8_t head[2])
{
	buf_addstr(b, ad);
	buf_add(b, head, 2);
	return buf_str(b);
}

enum err seal(struct buf *out, const struct seal_key *k, struct str ad,
	      struct str plain)
{
	size_t inner = padded(plain.n);
	struct buf ad_buf = BUF_INIT(4096);
	struct str bound;
	uint8_t *p;

	if (plain.n > UINT32_MAX - 2 * PAD_LARGE)
		return ERR_TOOBIG;
	p = extend(out, HEAD_LEN + inner + TAG_LEN);
	if (!p)
		return out->failed;
	p[0] = SEAL_VERSION;
	p[1] = SEAL_EPOCH;
	randombytes_buf(p + 2, NONCE_LEN);
	put_length(p + HEAD_LEN, plain.n);
	if (plain.n)
		memcpy(p + HEAD_LEN + LENGTH_LEN, plain.p, plain.n);
	bound = full_ad(&ad_buf, ad, p);
	if (!ad_buf.failed)
		crypto_aead_xchacha20poly1305_ietf_encrypt(
			p + HEAD_LEN, NULL, p + HEAD_LEN, inner,
			(const uint8_t *)bound.p, bound.n, NULL, p + 2, k->raw);
	buf_release(&ad_buf);
	return bound.p ? ERR_NONE : ERR_NOMEM;
}

/* Checks only when `p` is NULL. */
static enum err open_into(uint8_t *p, const struct seal_key *k, struct str ad,
			  struct str sealed)
{
	const uint8_t *in = (const uint8_t *)sealed.p;
	struct buf ad_buf = BUF_INIT(4096);
	struct str bound = full_ad(&ad_buf, ad, in);
	int bad = ad_buf.failed ||
		  crypto_aead_xchacha20poly1305_ietf_decrypt(
			  p, NULL, NULL, in + HEAD_LEN, sealed.n - HEAD_LEN,
			  (const uint8_t *)bound.p, bound.n, in + 2, k->raw);

	buf_release(&ad_buf);
	return bad ? ERR_CORRUPT : ERR_NONE;
}

static bool sealed_ok(struct str sealed)
{
	return sealed.n >= HEAD_LEN + TAG_LEN + LENGTH_LEN &&
	       sealed.p[0] == SEAL_VERSION;
}

enum err seal_check(const struct seal_key *k, struct str ad, struct str sealed)
{
	return sealed_ok(sealed) ? open_into(NULL, k, ad, sealed) : ERR_CORRUPT;
}

enum err unseal(struct buf *out, const struct seal_key *k, struct str ad,
		struct str sealed)
{
	size_t from = out->n, inner, n;
	uint8_t *p;
	enum err rc;

	if (!sealed_ok(sealed))
		return ERR_CORRUPT;
	inner = sealed.n - HEAD_LEN - TAG_LEN;
	p = extend(out, inner);
	if (!p)
		return out->failed;
	rc = open_into(p, k, ad, sealed);
	n = rc ? 0 : get_length(p);
	if (!rc && n > inner - LENGTH_LEN)
		rc = ERR_CORRUPT;
	if (rc)
		n = 0;
	memmove(p, p + LENGTH_LEN, n);
	p[n] = '\0';
	out->n = from + n;
	return rc;
}

enum err seal_pwhash(uint8_t out[SEAL_KEY_LEN], struct str passphrase,
		     const uint8_t salt[16], struct pwhash_cost cost)
{
	if (cost.mem_kib < 19456 || cost.mem_kib > 262144 || cost.passes < 1 ||
	    cost.passes > 10)
		return ERR_INVALID;
	if (crypto_pwhash(out, SEAL_KEY_LEN, passphrase.p ? passphrase.p : "",
			  passphrase.n, salt, cost.passes,
			  (size_t)cost.mem_kib * 1024,
			  crypto_pwhash_ALG_ARGON2ID13))
		return ERR_NOMEM;
	return ERR_NONE;
}

void seal_index_hash(uint8_t out[16], const struct seal_key *k, struct str s)
{
	crypto_generichash(out, 16, (const uint8_t *)s.p, s.n, k->raw,
			   SEAL_KEY_LEN);
}

void sha256(uint8_t out[32], struct str s)
{
	crypto_hash_sha256(out, (const uint8_t *)s.p, s.n);
}

_Static_assert(sizeof(struct sha256_ctx) >= sizeof(crypto_hash_sha256_state),
	       "struct sha256_ctx holds libsodium's state");

static crypto_hash_sha256_state *state(struct sha256_ctx *c)
{
	return (void *)c->opaque;
}

void sha256_init(struct sha256_ctx *c)
{
	crypto_hash_sha256_init(state(c));
}

void sha256_add(struct sha256_ctx *c, struct str s)
{
	crypto_hash_sha256_update(state(c), (const uint8_t *)s.p, s.n);
}

void sha256_final(struct sha256_ctx *c, uint8_t out[32])
{
	crypto_hash_sha256_final(state(c), out);
}

void hex(struct buf *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%02x", p[i]);
}

enum err unhex(uint8_t *out, size_t n, struct str text)
{
	size_t got = 0;

	if (text.n != n * 2 ||
	    sodium_hex2bin(out, n, text.p, text.n, NULL, &got, NULL) ||
	    got != n)
		return ERR_SYNTAX;
	return ERR_NONE;
}

#define BASE64      sodium_base64_VARIANT_ORIGINAL
#define BASE64_BARE sodium_base64_VARIANT_ORIGINAL_NO_PADDING

void base64(struct buf *out, const uint8_t *p, size_t n)
{
	size_t len = sodium_base64_encoded_len(n, BASE64);
	char *text = malloc(len);

	if (!text) {
		out->failed = ERR_NOMEM;
		return;
	}
	sodium_bin2base64(text, len, p, n, BASE64);
	buf_adds(out, text);
	free(text);
}

static const char base64_letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/*
 * The last letter may carry bits that belong to no byte; libsodium wants them
 * to be 0, other decoders look away.
 */
static void clear_spare_bits(char *text)
{
	const char *at, *letter = NULL;
	char *last = NULL;
	size_t n = 0;

	for (; *text; text++) {
		at = strchr(base64_letters, *text);
		if (!at)
			continue;
		n++;
		last = text;
		letter = at;
	}
	if (n % 4 >= 2)
		*last = base64_letters[(letter - base64_letters) &
				       (n % 4 == 2 ? 0x30 : 0x3c)];
}

/* libsodium takes every byte from 0x80 on for a '/'. */
static bool has_high_bytes(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return true;
	return false;
}

bool base64_exact(struct str text, bool padded, uint8_t *out, size_t max,
		  size_t *n)
{
	*n = 0;
	return !has_high_bytes(text) &&
	       !sodium_base642bin(
		       out, max, text.p ? text.p : "", text.n, NULL, n, NULL,
		       padded ? sodium_base64_VARIANT_ORIGINAL : BASE64_BARE);
}

enum err unbase64(struct buf *out, struct str text)
{
	struct arena a = { 0 };
	uint8_t *bytes;
	char *bare;
	size_t n = 0;
	enum err rc = ERR_NOMEM;

	text = str_trim(text);
	while (str_ends(text, STR("=")))
		text.n--;
	bytes = arena_alloc(&a, text.n + 1);
	bare = arena_cstr(&a, text);
	if (!bytes || !bare)
		goto out;
	clear_spare_bits(bare);
	rc = ERR_SYNTAX;
	if (has_high_bytes(text) ||
	    sodium_base642bin(bytes, text.n, bare, text.n, " \t\r\n", &n, NULL,
			      BASE64_BARE))
		goto out;
	buf_add(out, bytes, n);
	rc = out->failed;
out:
	arena_release(&a);
	return rc;
}

bool seal_signed(const uint8_t key[32], struct str message,
		 const uint8_t sig[64])
{
	const uint8_t *m = (const uint8_t *)(message.p ? message.p : "");

	return crypto_sign_verify_detached(sig, m, message.n, key) == 0;
}

void seal_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

void seal_process_harden(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
