/* SPDX-License-Identifier: MIT */
#ifndef BASE_AGE_H
#define BASE_AGE_H

#include "pilar/age.h"

/* What the reading and the writing side of age share. */
#define AGE_FILE_KEY 16
#define AGE_NONCE    16
#define AGE_TAG      16
#define AGE_CHUNK    ((size_t)64 << 10)
#define AGE_WRAPPED  (AGE_FILE_KEY + AGE_TAG)
#define AGE_COLUMNS  64 /* of a line of a stanza's body */

/* The key that wraps the file key for one recipient. ERR_SYNTAX when the
 * secret both share would be zero. */
enum err age_wrap_key(uint8_t out[32], const uint8_t scalar[32],
		      const uint8_t point[32], const uint8_t share[32],
		      const uint8_t recipient[32]) MUST_CHECK;
/* The HMAC of a header up to and with its "---". */
void age_header_mac(uint8_t out[32], const uint8_t file_key[AGE_FILE_KEY],
		    struct str header);

/* The nonce of a piece of the payload: its number, and is it the last? */
struct age_stream {
	uint8_t key[32];
	uint64_t number;
};
void age_stream_init(struct age_stream *s, const uint8_t file_key[AGE_FILE_KEY],
		     const uint8_t nonce[AGE_NONCE]);
void age_stream_nonce(const struct age_stream *s, bool last, uint8_t out[12]);

#endif
