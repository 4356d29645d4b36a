/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SEAL_H
#define PILAR_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"

/*
 * Sealing of stored values with libsodium (DESIGN 5, RELIABILITY 2.3).
 * A sealed value is: version 1, epoch 1, nonce 24, XChaCha20-Poly1305 of the
 * plaintext padded to 64 bytes up to 1 KiB, then to 256.
 */
#define SEAL_KEY_LEN  32
#define SEAL_OVERHEAD (1 + 1 + 24 + 16)

/* A key in guarded memory, wiped when freed. */
struct seal_key;

enum err seal_key_new(struct seal_key **out, const uint8_t raw[SEAL_KEY_LEN])
	MUST_CHECK; /* raw == NULL draws a new one */
void seal_key_free(struct seal_key *k);
const uint8_t *seal_key_raw(const struct seal_key *k);
/* Sub-key `id` of `k` for the 8-character context (crypto_kdf). */
enum err seal_key_derive(struct seal_key **out, const struct seal_key *k,
			 uint64_t id, const char context[8]) MUST_CHECK;

/* Appends the sealed value to `out`. `ad` binds it to its place. */
enum err seal(struct buf *out, const struct seal_key *k, struct str ad,
	      struct str plain) MUST_CHECK;
/* Appends the plaintext. ERR_CORRUPT when anything was altered. */
enum err unseal(struct buf *out, const struct seal_key *k, struct str ad,
		struct str sealed) MUST_CHECK;

/* The same judgement without the plaintext. */
enum err seal_check(const struct seal_key *k, struct str ad,
		    struct str sealed) MUST_CHECK;

/* argon2id; limits are checked so that a hostile slot cannot ask for 4 GiB. */
struct pwhash_cost {
	uint32_t mem_kib; /* 19456 to 262144 */
	uint32_t passes;  /* 1 to 10 */
};
enum err seal_pwhash(uint8_t out[SEAL_KEY_LEN], struct str passphrase,
		     const uint8_t salt[16],
		     struct pwhash_cost cost) MUST_CHECK;

/* Keyed BLAKE2b-128 for blind indexes, SHA-256 for content hashes. */
void seal_index_hash(uint8_t out[16], const struct seal_key *k, struct str s);
void sha256(uint8_t out[32], struct str s);
struct sha256_ctx {
	_Alignas(8) uint8_t opaque[128];
};
void sha256_init(struct sha256_ctx *c);
void sha256_add(struct sha256_ctx *c, struct str s);
void sha256_final(struct sha256_ctx *c, uint8_t out[32]);

/* Lower case; reading takes exactly `n` bytes, either case, else ERR_SYNTAX. */
void hex(struct buf *out, const uint8_t *p, size_t n);
enum err unhex(uint8_t *out, size_t n, struct str text) MUST_CHECK;
/* RFC 4648; reading takes blanks and missing padding, else ERR_SYNTAX. */
void base64(struct buf *out, const uint8_t *p, size_t n);
enum err unbase64(struct buf *out, struct str text) MUST_CHECK;
/*
 * The one way to write at most `max` bytes, `*n` of them, and no other: no
 * blanks, spare bits 0, padding if and only if `padded`. False for all else.
 */
bool base64_exact(struct str text, bool padded, uint8_t *out, size_t max,
		  size_t *n) MUST_CHECK;

/* Is `sig` the Ed25519 signature of `message` by the owner of `key`? */
bool seal_signed(const uint8_t key[32], struct str message,
		 const uint8_t sig[64]) MUST_CHECK;

/* Forgets a secret, also where the compiler thinks nobody looks. */
void seal_wipe(void *p, size_t n);

/* Core dumps off, not dumpable. Called once at start. */
void seal_process_harden(void);

#endif
