/* SPDX-License-Identifier: MIT */
#include "age.h"

#include <string.h>

#include <sodium.h>

#include "bech32.h"

#define RECIPIENT_HRP "age"
#define IDENTITY_HRP  "age-secret-key-"
#define X25519_INFO   "age-encryption.org/v1/X25519"

/* ---- keys as text */
enum err age_recipient_parse(struct str text, struct age_recipient *out)
{
	if (!text.n || text.p[0] != 'a') /* one case, and that the lower */
		return ERR_SYNTAX;
	return bech32_read(text, RECIPIENT_HRP, out->key, sizeof(out->key));
}

void age_recipient_text(struct buf *out, const struct age_recipient *r)
{
	bech32_write(out, RECIPIENT_HRP, r->key, sizeof(r->key));
}

enum err age_identity_parse(struct str text, struct seal_key **out)
{
	uint8_t raw[SEAL_KEY_LEN] = { 0 };
	enum err rc = ERR_SYNTAX;

	if (text.n && text.p[0] == 'A')
		rc = bech32_read(text, IDENTITY_HRP, raw, sizeof(raw));
	if (!rc)
		rc = seal_key_new(out, raw);
	seal_wipe(raw, sizeof(raw));
	return rc;
}

void age_identity_recipient(const struct seal_key *identity,
			    struct age_recipient *out)
{
	crypto_scalarmult_base(out->key, seal_key_raw(identity));
}

/* ---- derived keys */
/* HKDF-SHA256 with a key of 32 bytes as its result. */
static void hkdf(uint8_t out[32], struct str secret, struct str salt,
		 const char *info)
{
	static const uint8_t one = 1;
	crypto_auth_hmacsha256_state s;
	uint8_t prk[32];

	crypto_auth_hmacsha256_init(&s, (const uint8_t *)salt.p, salt.n);
	crypto_auth_hmacsha256_update(&s, (const uint8_t *)secret.p, secret.n);
	crypto_auth_hmacsha256_final(&s, prk);
	crypto_auth_hmacsha256_init(&s, prk, sizeof(prk));
	crypto_auth_hmacsha256_update(&s, (const uint8_t *)info, strlen(info));
	crypto_auth_hmacsha256_update(&s, &one, 1);
	crypto_auth_hmacsha256_final(&s, out);
	sodium_memzero(prk, sizeof(prk));
	sodium_memzero(&s, sizeof(s));
}

enum err age_wrap_key(uint8_t out[32], const uint8_t scalar[32],
		      const uint8_t point[32], const uint8_t share[32],
		      const uint8_t recipient[32])
{
	uint8_t shared[32], salt[64];

	if (crypto_scalarmult(shared, scalar, point))
		return ERR_SYNTAX;
	memcpy(salt, share, 32);
	memcpy(salt + 32, recipient, 32);
	hkdf(out, str_of((const char *)shared, sizeof(shared)),
	     str_of((const char *)salt, sizeof(salt)), X25519_INFO);
	sodium_memzero(shared, sizeof(shared));
	return ERR_NONE;
}

void age_header_mac(uint8_t out[32], const uint8_t file_key[AGE_FILE_KEY],
		    struct str header)
{
	crypto_auth_hmacsha256_state s;
	uint8_t key[32];

	hkdf(key, str_of((const char *)file_key, AGE_FILE_KEY), STR(""),
	     "header");
	crypto_auth_hmacsha256_init(&s, key, sizeof(key));
	crypto_auth_hmacsha256_update(&s, (const uint8_t *)header.p, header.n);
	crypto_auth_hmacsha256_final(&s, out);
	sodium_memzero(key, sizeof(key));
}

void age_stream_init(struct age_stream *s, const uint8_t file_key[AGE_FILE_KEY],
		     const uint8_t nonce[AGE_NONCE])
{
	hkdf(s->key, str_of((const char *)file_key, AGE_FILE_KEY),
	     str_of((const char *)nonce, AGE_NONCE), "payload");
	s->number = 0;
}

void age_stream_nonce(const struct age_stream *s, bool last, uint8_t out[12])
{
	memset(out, 0, 12);
	for (size_t i = 0; i < 8; i++)
		out[10 - i] = (uint8_t)(s->number >> 8 * i);
	out[11] = last;
}
