/* SPDX-License-Identifier: MIT */
#ifndef PILAR_MINISIGN_H
#define PILAR_MINISIGN_H

#include <stddef.h>
#include <stdint.h>

#include "pilar/age.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/seal.h"
#include "pilar/str.h"

/*
 * Signatures in the format of minisign: Ed25519 over the BLAKE2b-512 of the
 * text, with a trusted comment that is signed, too. `minisign -V` checks what
 * this signs, and what `minisign -S` signs is checked here.
 *
 * The secret is a `struct seal_key`, the seed of the Ed25519 key. The number of
 * a key is the first 8 bytes of its BLAKE2b.
 */
struct minisign_key {
	uint8_t id[8], key[32];
};
void minisign_public(const struct seal_key *seed, struct minisign_key *out);
/* "RW..." as in a .pub file, without its comment. */
#define MINISIGN_KEY_LEN 56
void minisign_key_text(struct buf *out, const struct minisign_key *k);
/* That text, or a whole .pub file; ERR_SYNTAX. */
enum err minisign_key_parse(struct str text,
			    struct minisign_key *out) MUST_CHECK;
/* Its number, made again of the key alone. */
void minisign_number(struct minisign_key *k);

/* Appends a whole .minisig file. The comment has no line end. */
enum err minisign_sign(struct buf *out, const struct seal_key *seed,
		       struct str text, struct str comment) MUST_CHECK;
/*
 * ERR_SYNTAX: no such file. ERR_NOTFOUND: by another key. ERR_CORRUPT: the
 * text, the comment or the signature was altered. `comment` (may be NULL) is
 * lent from `sig`.
 */
enum err minisign_check(struct str sig, const struct minisign_key *k,
			struct str text, struct str *comment) MUST_CHECK;

/*
 * One key for both: what is sealed for the holder of a signing key. ERR_INVALID
 * where the bytes are no point of the curve.
 */
enum err minisign_recipient(const struct minisign_key *k,
			    struct age_recipient *out) MUST_CHECK;
enum err minisign_identity(struct seal_key **out,
			   const struct seal_key *seed) MUST_CHECK;

/* Fingerprint for reading aloud: 8 groups of 3 digits, 24 + 7 letters. */
#define MINISIGN_SPOKEN 31
void minisign_spoken(const struct minisign_key *k,
		     char out[MINISIGN_SPOKEN + 1]);

#endif
