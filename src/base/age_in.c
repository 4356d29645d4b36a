/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "pilar/vec.h"

#include "age.h"

/* "-> X25519", a share, and a body of one line that has the file key. */
struct stanza {
	uint8_t share[32], body[AGE_WRAPPED];
};

struct age_in {
	byte_source source;
	void *arg;
	struct age_stream stream;
	uint8_t sealed[AGE_CHUNK + AGE_TAG +
		       1]; /* one piece, and is there more? */
	size_t n_sealed;
	uint8_t chunk[AGE_CHUNK];
	size_t n, at;
	bool last; /* the piece in `chunk` is */
	char extra[AGE_EXTRA_MAX];
	size_t n_extra;
	enum err failed;
};

/* ---- bytes */

/* As many as there are, up to `max`. */
static enum err fill(struct age_in *a, uint8_t *p, size_t max, size_t *n)
{
	enum err rc = ERR_NONE;
	size_t got = 1;

	while (*n < max && got && !rc) {
		rc = a->source(a->arg, p + *n, max - *n, &got);
		if (!rc)
			*n += got;
	}
	return rc;
}

/* Exactly `n`, one at a time where only the header knows how many. */
static enum err take(struct age_in *a, uint8_t *p, size_t n)
{
	size_t got = 0;
	enum err rc = fill(a, p, n, &got);

	if (rc)
		return rc;
	return got == n ? ERR_NONE : ERR_SYNTAX;
}

/* ---- the header */
struct header {
	struct buf all; /* every line read so far */
	VEC(struct stanza) stanzas;
};

/* The next line without its end; it stands in `all`. */
static enum err next_line(struct age_in *a, struct header *h, struct str *line)
{
	size_t from = h->all.n;
	uint8_t c = 0;

	while (c != '\n') {
		enum err rc = take(a, &c, 1);

		if (rc)
			return rc;
		buf_addc(&h->all, (char)c);
		if (h->all.failed)
			return h->all.failed == ERR_TOOBIG ? ERR_SYNTAX
							   : h->all.failed;
	}
	*line = str_of(h->all.p + from, h->all.n - from - 1);
	return ERR_NONE;
}

/* Exactly `n` bytes in canonical base64 without padding? */
static bool from_base64(struct str text, uint8_t *out, size_t n)
{
	size_t got = 0;

	return base64_exact(text, false, out, n, &got) && got == n;
}

/* Words of visible ASCII, one blank between two. */
static bool arguments_ok(struct str line)
{
	struct str word;

	if (!line.n || line.p[line.n - 1] == ' ')
		return false;
	while (str_split(&line, ' ', &word)) {
		if (!word.n)
			return false;
		for (size_t i = 0; i < word.n; i++)
			if (word.p[i] < 33 || word.p[i] > 126)
				return false;
	}
	return true;
}

/* Lines of 64 columns up to one that is shorter. */
static enum err read_body(struct age_in *a, struct header *h,
			  uint8_t first[AGE_COLUMNS], size_t *total)
{
	uint8_t bytes[AGE_COLUMNS];
	struct str line;

	*total = 0;
	do {
		size_t got = 0;
		enum err rc = next_line(a, h, &line);

		if (rc)
			return rc;
		if (line.n > AGE_COLUMNS ||
		    !base64_exact(line, false, bytes, sizeof(bytes), &got))
			return ERR_SYNTAX;
		if (!*total)
			memcpy(first, bytes, got);
		*total += got;
	} while (line.n == AGE_COLUMNS);
	return ERR_NONE;
}

static enum err read_stanza(struct age_in *a, struct header *h, struct str line)
{
	static const char kind[] = "X25519";
	uint8_t body[AGE_COLUMNS] = { 0 };
	struct stanza s = { { 0 }, { 0 } }, *slot;
	struct str word;
	bool ours, good;
	size_t n;
	enum err rc;

	if (!arguments_ok(line))
		return ERR_SYNTAX;
	/* `line` moves when more is read: all of it is looked at first. */
	str_split(&line, ' ', &word);
	if (str_is(word, AGE_EXTRA) && line.n && line.n <= AGE_EXTRA_MAX) {
		memcpy(a->extra, line.p, line.n);
		a->n_extra = line.n;
	}
	ours = str_is(word, kind);
	good = from_base64(line, s.share, sizeof(s.share));
	rc = read_body(a, h, body, &n);
	if (rc || !ours)
		return rc;
	if (!good || n != AGE_WRAPPED)
		return ERR_SYNTAX;
	memcpy(s.body, body, sizeof(s.body));
	slot = vec_push(&h->stanzas);
	if (!slot)
		return ERR_NOMEM;
	*slot = s;
	return ERR_NONE;
}

static enum err read_magic(struct age_in *a, struct header *h)
{
	static const char magic[] = AGE_MAGIC, front[] = "age-encryption.org/";
	uint8_t got[sizeof(magic) - 1];
	enum err rc = take(a, got, sizeof(got));

	if (rc)
		return rc;
	if (memcmp(got, front, sizeof(front) - 1) != 0)
		return ERR_SYNTAX;
	if (memcmp(got, magic, sizeof(got)) != 0)
		return ERR_VERSION;
	buf_add(&h->all, got, sizeof(got));
	return h->all.failed;
}

/* Up to and with "---"; `mac` is what stands behind it. */
static enum err read_header(struct age_in *a, struct header *h, uint8_t mac[32])
{
	struct str line;
	enum err rc = read_magic(a, h);

	while (!rc) {
		rc = next_line(a, h, &line);
		if (rc)
			break;
		if (str_starts(line, STR("--- "))) {
			h->all.n -= line.n + 1 - 3;
			return from_base64(str_sub(line, 4, line.n), mac, 32)
				       ? ERR_NONE
				       : ERR_SYNTAX;
		}
		rc = str_starts(line, STR("-> "))
			     ? read_stanza(a, h, str_sub(line, 3, line.n))
			     : ERR_SYNTAX;
	}
	return rc;
}

/* ---- the file key */
static enum err unwrap(const struct stanza *s, const struct seal_key *id,
		       uint8_t file_key[AGE_FILE_KEY])
{
	static const uint8_t nonce[12];
	struct age_recipient me;
	uint8_t key[32];
	enum err rc;

	age_identity_recipient(id, &me);
	rc = age_wrap_key(key, seal_key_raw(id), s->share, s->share, me.key);
	if (!rc && crypto_aead_chacha20poly1305_ietf_decrypt(
			   file_key, NULL, NULL, s->body, sizeof(s->body), NULL,
			   0, nonce, key))
		rc = ERR_NOTFOUND;
	sodium_memzero(key, sizeof(key));
	return rc;
}

/* Every stanza is looked at: also one behind the match may be malformed. */
static enum err find_key(const struct header *h,
			 const struct seal_key *const *ids, size_t n,
			 uint8_t file_key[AGE_FILE_KEY])
{
	uint8_t trial[AGE_FILE_KEY];
	enum err rc = ERR_NOTFOUND;

	for (size_t i = 0; i < h->stanzas.n * n; i++) {
		enum err one = unwrap(&h->stanzas.at[i / n], ids[i % n], trial);

		if (one && one != ERR_NOTFOUND)
			return one;
		if (one || !rc)
			continue;
		memcpy(file_key, trial, sizeof(trial));
		rc = ERR_NONE;
	}
	sodium_memzero(trial, sizeof(trial));
	return rc;
}

static enum err open_payload(struct age_in *a,
			     const struct seal_key *const *ids, size_t n)
{
	struct header h = { .all = BUF_INIT(AGE_HEADER_MAX) };
	uint8_t file_key[AGE_FILE_KEY] = { 0 }, mac[32], right[32];
	uint8_t nonce[AGE_NONCE];
	enum err rc = read_header(a, &h, mac);

	if (!rc)
		rc = find_key(&h, ids, n, file_key);
	if (!rc) {
		age_header_mac(right, file_key, buf_str(&h.all));
		rc = sodium_memcmp(mac, right, 32) ? ERR_CORRUPT : ERR_NONE;
	}
	if (!rc)
		rc = take(a, nonce, sizeof(nonce));
	if (!rc)
		age_stream_init(&a->stream, file_key, nonce);
	sodium_memzero(file_key, sizeof(file_key));
	vec_release(&h.stanzas);
	buf_release(&h.all);
	return rc;
}

enum err age_in_new(struct age_in **out, const struct seal_key *const *ids,
		    size_t n, byte_source source, void *arg)
{
	struct age_in *a;
	enum err rc;

	if (sodium_init() < 0)
		return ERR_IO;
	a = calloc(1, sizeof(*a));
	if (!a)
		return ERR_NOMEM;
	a->source = source;
	a->arg = arg;
	rc = open_payload(a, ids, n);
	if (rc)
		age_in_free(a);
	else
		*out = a;
	return rc;
}

struct str age_in_extra(const struct age_in *a)
{
	return str_of(a->extra, a->n_extra);
}

/* ---- the payload */
static bool open_piece(struct age_in *a, size_t n, bool last)
{
	uint8_t nonce[12];

	age_stream_nonce(&a->stream, last, nonce);
	return !crypto_aead_chacha20poly1305_ietf_decrypt(a->chunk, NULL, NULL,
							  a->sealed, n, NULL, 0,
							  nonce, a->stream.key);
}

/*
 * A piece is read together with the byte behind it: where there is none it is
 * the last. Only a payload of nothing ends with an empty piece.
 */
static enum err next_piece(struct age_in *a)
{
	size_t whole = AGE_CHUNK + AGE_TAG, n;
	bool more;
	enum err rc = fill(a, a->sealed, whole + 1, &a->n_sealed);

	if (rc)
		return rc;
	more = a->n_sealed > whole;
	n = more ? whole : a->n_sealed;
	if (n < AGE_TAG || (n == AGE_TAG && a->stream.number))
		return ERR_CORRUPT;
	if (!open_piece(a, n, !more)) {
		/* A whole piece is authentic also where the file goes on or
		 * ends otherwise than it says: that is found behind it. */
		if (n != whole || !open_piece(a, n, more))
			return ERR_CORRUPT;
		a->failed = ERR_CORRUPT;
	}
	a->last = !more;
	a->n = n - AGE_TAG;
	a->at = 0;
	a->stream.number++;
	a->sealed[0] = a->sealed[whole];
	a->n_sealed = more;
	return ERR_NONE;
}

enum err age_in_read(void *age_in, void *p, size_t max, size_t *n)
{
	struct age_in *a = age_in;
	size_t k;

	*n = 0;
	while (a->at == a->n) {
		enum err rc;

		if (a->failed || a->last)
			return a->failed;
		rc = next_piece(a);
		if (rc)
			a->failed = rc;
	}
	k = a->n - a->at < max ? a->n - a->at : max;
	memcpy(p, a->chunk + a->at, k);
	a->at += k;
	*n = k;
	return ERR_NONE;
}

void age_in_free(struct age_in *a)
{
	if (!a)
		return;
	sodium_memzero(a, sizeof(*a));
	free(a);
}
