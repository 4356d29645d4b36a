/* SPDX-License-Identifier: MIT */
#ifndef PILAR_AGE_H
#define PILAR_AGE_H

#include <stddef.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/seal.h"
#include "pilar/str.h"
#include "pilar/stream.h"

/*
 * The age file format, version 1, for X25519 recipients: `age -d` opens what
 * this writes, and what `age -r` writes opens here. No armor, no passphrases,
 * no plugins. Everything streams; a reader gives out nothing that was not
 * authenticated.
 *
 * An identity is a `struct seal_key` that holds the X25519 secret.
 */
struct age_recipient {
	uint8_t key[32];
};

/* "age1..." and back; ERR_SYNTAX for anything else. */
#define AGE_RECIPIENT_LEN 62
enum err age_recipient_parse(struct str text,
			     struct age_recipient *out) MUST_CHECK;
void age_recipient_text(struct buf *out, const struct age_recipient *r);
/* "AGE-SECRET-KEY-1..." of another program, read into a new key; ERR_SYNTAX. */
enum err age_identity_parse(struct str text, struct seal_key **out) MUST_CHECK;
/* The public half: for whom to seal, so that this identity opens it. */
void age_identity_recipient(const struct seal_key *identity,
			    struct age_recipient *out);

/*
 * Writing: everything added goes, sealed for each recipient, into the sink.
 * Nothing may be added after age_out_end(), which writes the last piece.
 */
#define AGE_RECIPIENTS_MAX 20
struct age_out;
/*
 * `extra` (may be empty) is a word of ASCII that stands in the header for any
 * holder of the file to read, in a stanza that other programs step over.
 */
#define AGE_EXTRA     "pilar-key"
#define AGE_EXTRA_MAX 100
enum err age_out_new(struct age_out **out, const struct age_recipient *to,
		     size_t n, byte_sink sink, void *arg) MUST_CHECK;
enum err age_out_extra(struct age_out **out, const struct age_recipient *to,
		       size_t n, struct str extra, byte_sink sink,
		       void *arg) MUST_CHECK;
enum err age_out_add(struct age_out *a, const void *p, size_t n) MUST_CHECK;
enum err age_out_end(struct age_out *a) MUST_CHECK;
void age_out_free(struct age_out *a);

/*
 * Reading. age_in_new() takes in the header: ERR_SYNTAX when it is none or a
 * malformed one (or longer than AGE_HEADER_MAX), ERR_VERSION for another
 * version of age, ERR_NOTFOUND when no identity opens it, ERR_CORRUPT when it
 * was altered. age_in_read() is a byte_source: ERR_CORRUPT where the rest was
 * altered or cut off; after any failure it gives nothing more.
 */
#define AGE_MAGIC      "age-encryption.org/v1\n"
#define AGE_HEADER_MAX ((size_t)64 << 10)
struct age_in;
enum err age_in_new(struct age_in **out, const struct seal_key *const *ids,
		    size_t n, byte_source source, void *arg) MUST_CHECK;
/* That word, once the header is known to be whole; or empty. */
struct str age_in_extra(const struct age_in *a);
enum err age_in_read(void *age_in, void *p, size_t max, size_t *n) MUST_CHECK;
void age_in_free(struct age_in *a);

#endif
