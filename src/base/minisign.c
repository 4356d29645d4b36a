/* SPDX-License-Identifier: MIT */
#include "pilar/minisign.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#define SIG_LEN     64
#define ID_LEN      8
#define PACKED_SIG  (2 + ID_LEN + SIG_LEN)
#define PACKED_KEY  (2 + ID_LEN + 32)
#define UNTRUSTED   "untrusted comment: "
#define TRUSTED     "trusted comment: "
#define COMMENT_MAX 1024

void minisign_number(struct minisign_key *k)
{
	uint8_t hash[32];

	crypto_generichash(hash, sizeof(hash), k->key, sizeof(k->key), NULL, 0);
	memcpy(k->id, hash, ID_LEN);
}

static void key_pair(const struct seal_key *seed, uint8_t pk[32],
		     uint8_t sk[64])
{
	crypto_sign_seed_keypair(pk, sk, seal_key_raw(seed));
}

void minisign_public(const struct seal_key *seed, struct minisign_key *out)
{
	uint8_t sk[64];

	key_pair(seed, out->key, sk);
	sodium_memzero(sk, sizeof(sk));
	minisign_number(out);
}

void minisign_key_text(struct buf *out, const struct minisign_key *k)
{
	uint8_t packed[PACKED_KEY] = { 'E', 'd' };

	memcpy(packed + 2, k->id, ID_LEN);
	memcpy(packed + 2 + ID_LEN, k->key, 32);
	base64(out, packed, sizeof(packed));
}

/* A line of base64 that holds exactly `n` bytes. */
static bool unpack(struct str line, uint8_t *out, size_t n)
{
	size_t got = 0;

	return base64_exact(line, true, out, n, &got) && got == n;
}

/* The next line without its end, also one of Windows. */
static struct str next_line(struct str *rest)
{
	struct str line = { NULL, 0 };

	str_split(rest, '\n', &line);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

enum err minisign_key_parse(struct str text, struct minisign_key *out)
{
	uint8_t packed[PACKED_KEY];
	struct str line;

	text = str_trim(text);
	line = next_line(&text);
	if (str_starts(line, STR(UNTRUSTED)))
		line = next_line(&text);
	if (!unpack(str_trim(line), packed, sizeof(packed)) ||
	    memcmp(packed, "Ed", 2) != 0)
		return ERR_SYNTAX;
	memcpy(out->id, packed + 2, ID_LEN);
	memcpy(out->key, packed + 2 + ID_LEN, 32);
	return ERR_NONE;
}

/* The signature of a text's hash, and both together with the comment. */
static void digest(uint8_t out[64], struct str text)
{
	crypto_generichash(out, 64, (const uint8_t *)text.p, text.n, NULL, 0);
}

static size_t global_text(uint8_t *out, const uint8_t sig[SIG_LEN],
			  struct str comment)
{
	memcpy(out, sig, SIG_LEN);
	if (comment.n)
		memcpy(out + SIG_LEN, comment.p, comment.n);
	return SIG_LEN + comment.n;
}

enum err minisign_sign(struct buf *out, const struct seal_key *seed,
		       struct str text, struct str comment)
{
	uint8_t packed[PACKED_SIG] = { 'E', 'D' }, hash[64], global[SIG_LEN];
	uint8_t both[SIG_LEN + COMMENT_MAX], sk[64], *sig = packed + 2 + ID_LEN;
	struct minisign_key k;

	if (comment.n > COMMENT_MAX)
		return ERR_TOOBIG;
	key_pair(seed, k.key, sk);
	minisign_number(&k);
	memcpy(packed + 2, k.id, ID_LEN);
	digest(hash, text);
	crypto_sign_detached(sig, NULL, hash, sizeof(hash), sk);
	crypto_sign_detached(global, NULL, both,
			     global_text(both, sig, comment), sk);
	sodium_memzero(sk, sizeof(sk));
	buf_adds(out, UNTRUSTED "pilar\n");
	base64(out, packed, sizeof(packed));
	buf_adds(out, "\n" TRUSTED);
	buf_addstr(out, comment);
	buf_addc(out, '\n');
	base64(out, global, sizeof(global));
	buf_addc(out, '\n');
	return out->failed;
}

enum err minisign_check(struct str sig, const struct minisign_key *k,
			struct str text, struct str *comment)
{
	uint8_t packed[PACKED_SIG], hash[64], global[SIG_LEN];
	uint8_t both[SIG_LEN + COMMENT_MAX], *inner = packed + 2 + ID_LEN;
	struct str untrusted = next_line(&sig), line = next_line(&sig);
	struct str trusted = next_line(&sig), last = next_line(&sig);

	if (!str_starts(untrusted, STR(UNTRUSTED)) ||
	    !str_starts(trusted, STR(TRUSTED)) ||
	    !unpack(line, packed, sizeof(packed)) ||
	    !unpack(last, global, sizeof(global)) || sig.n)
		return ERR_SYNTAX;
	trusted = str_sub(trusted, strlen(TRUSTED), trusted.n);
	if (memcmp(packed, "ED", 2) != 0 || trusted.n > COMMENT_MAX)
		return ERR_SYNTAX;
	if (memcmp(packed + 2, k->id, ID_LEN) != 0)
		return ERR_NOTFOUND;
	digest(hash, text);
	if (crypto_sign_verify_detached(inner, hash, sizeof(hash), k->key) ||
	    crypto_sign_verify_detached(
		    global, both, global_text(both, inner, trusted), k->key))
		return ERR_CORRUPT;
	if (comment)
		*comment = trusted;
	return ERR_NONE;
}

enum err minisign_recipient(const struct minisign_key *k,
			    struct age_recipient *out)
{
	return crypto_sign_ed25519_pk_to_curve25519(out->key, k->key)
		       ? ERR_INVALID
		       : ERR_NONE;
}

enum err minisign_identity(struct seal_key **out, const struct seal_key *seed)
{
	uint8_t pk[32], sk[64], raw[SEAL_KEY_LEN];
	enum err rc;

	key_pair(seed, pk, sk);
	crypto_sign_ed25519_sk_to_curve25519(raw, sk);
	rc = seal_key_new(out, raw);
	sodium_memzero(sk, sizeof(sk));
	sodium_memzero(raw, sizeof(raw));
	return rc;
}

void minisign_spoken(const struct minisign_key *k,
		     char out[MINISIGN_SPOKEN + 1])
{
	uint8_t hash[32];

	crypto_generichash(hash, sizeof(hash), k->key, sizeof(k->key),
			   (const uint8_t *)UNTRUSTED, strlen(UNTRUSTED));
	for (size_t i = 0; i < 8; i++)
		snprintf(out + 4 * i, 5, i < 7 ? "%03d " : "%03d",
			 (hash[2 * i] << 8 | hash[2 * i + 1]) % 1000);
}
