/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "age.h"

struct age_out {
	byte_sink sink;
	void *arg;
	struct age_stream stream;
	uint8_t chunk[AGE_CHUNK]; /* what is not sealed yet */
	size_t n;
	uint8_t sealed[AGE_CHUNK + AGE_TAG];
};

static void add_base64(struct buf *out, const uint8_t *p, size_t n)
{
	char text[sodium_base64_ENCODED_LEN(
		32, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];

	sodium_bin2base64(text, sizeof(text), p, n,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	buf_adds(out, text);
}

/* One stanza: the file key wrapped for one recipient. */
static enum err add_stanza(struct buf *head, const struct age_recipient *to,
			   const uint8_t file_key[AGE_FILE_KEY])
{
	static const uint8_t nonce[12];
	uint8_t secret[32], share[32], key[32], wrapped[AGE_WRAPPED];
	enum err rc;

	randombytes_buf(secret, sizeof(secret));
	crypto_scalarmult_base(share, secret);
	rc = age_wrap_key(key, secret, to->key, share, to->key);
	if (!rc) {
		crypto_aead_chacha20poly1305_ietf_encrypt(
			wrapped, NULL, file_key, AGE_FILE_KEY, NULL, 0, NULL,
			nonce, key);
		buf_adds(head, "-> X25519 ");
		add_base64(head, share, sizeof(share));
		buf_addc(head, '\n');
		add_base64(head, wrapped, sizeof(wrapped));
		buf_addc(head, '\n');
	}
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(key, sizeof(key));
	return rc == ERR_SYNTAX ? ERR_INVALID : rc;
}

static enum err put_header(struct age_out *a, const struct age_recipient *to,
			   size_t n, struct str extra,
			   const uint8_t file_key[AGE_FILE_KEY])
{
	struct buf head = BUF_INIT(AGE_HEADER_MAX);
	uint8_t mac[32], nonce[AGE_NONCE];
	enum err rc = ERR_NONE;

	buf_adds(&head, AGE_MAGIC);
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_stanza(&head, &to[i], file_key);
	if (extra.n)
		buf_addf(&head, "-> " AGE_EXTRA " %.*s\n\n", STR_ARG(extra));
	buf_adds(&head, "---");
	age_header_mac(mac, file_key, buf_str(&head));
	buf_addc(&head, ' ');
	add_base64(&head, mac, sizeof(mac));
	buf_addc(&head, '\n');
	randombytes_buf(nonce, sizeof(nonce));
	buf_add(&head, nonce, sizeof(nonce));
	age_stream_init(&a->stream, file_key, nonce);
	rc = rc ? rc : head.failed;
	if (!rc)
		rc = a->sink(a->arg, head.p, head.n);
	buf_release(&head);
	return rc;
}

static bool word_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 33 || s.p[i] > 126)
			return false;
	return s.n <= AGE_EXTRA_MAX;
}

enum err age_out_new(struct age_out **out, const struct age_recipient *to,
		     size_t n, byte_sink sink, void *arg)
{
	return age_out_extra(out, to, n, STR(""), sink, arg);
}

enum err age_out_extra(struct age_out **out, const struct age_recipient *to,
		       size_t n, struct str extra, byte_sink sink, void *arg)
{
	uint8_t file_key[AGE_FILE_KEY];
	struct age_out *a;
	enum err rc;

	if (!n || n > AGE_RECIPIENTS_MAX || !word_ok(extra))
		return ERR_INVALID;
	if (sodium_init() < 0)
		return ERR_IO;
	a = calloc(1, sizeof(*a));
	if (!a)
		return ERR_NOMEM;
	a->sink = sink;
	a->arg = arg;
	randombytes_buf(file_key, sizeof(file_key));
	rc = put_header(a, to, n, extra, file_key);
	sodium_memzero(file_key, sizeof(file_key));
	if (rc)
		age_out_free(a);
	else
		*out = a;
	return rc;
}

static enum err put_chunk(struct age_out *a, bool last)
{
	uint8_t nonce[12];
	enum err rc;

	age_stream_nonce(&a->stream, last, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(a->sealed, NULL, a->chunk,
						  a->n, NULL, 0, NULL, nonce,
						  a->stream.key);
	rc = a->sink(a->arg, a->sealed, a->n + AGE_TAG);
	a->stream.number++;
	a->n = 0;
	return rc;
}

/* A full piece waits until more comes: the last one is marked. */
enum err age_out_add(struct age_out *a, const void *p, size_t n)
{
	const uint8_t *from = p;
	enum err rc = ERR_NONE;

	while (n && !rc) {
		size_t k = AGE_CHUNK - a->n;

		if (!k) {
			rc = put_chunk(a, false);
			continue;
		}
		k = k < n ? k : n;
		memcpy(a->chunk + a->n, from, k);
		a->n += k;
		from += k;
		n -= k;
	}
	return rc;
}

enum err age_out_end(struct age_out *a)
{
	return put_chunk(a, true);
}

void age_out_free(struct age_out *a)
{
	if (!a)
		return;
	sodium_memzero(a, sizeof(*a));
	free(a);
}
