/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "pilar/age.h"

#include "paper.h"

#define MAGIC       STR("PILAR\r\n\x1a")
#define SUM_BYTES   16
#define HEAD_MAX    256
#define SLOT_MAX    4096
#define RING_BYTES  ((size_t)2 * SEAL_KEY_LEN)
#define SLOT_NAME   64
#define OPEN_WORDS  "pilar: slot of kind open, no passphrase"
#define PAPER_WORDS "pilar: slot of kind paper"

/* OWASP's floor is 19 MiB and 2 passes; this takes 0.2 s here. */
#define COST_MEM_KIB 65536
#define COST_PASSES  3

/* Both kinds of record end with a sum: damage is told from a wrong key. */
static void add_sum(struct buf *out)
{
	uint8_t sum[32];

	sha256(sum, buf_str(out));
	buf_add(out, sum, SUM_BYTES);
}

void head_write(struct buf *out, const struct head *h)
{
	buf_addstr(out, MAGIC);
	buf_u32(out, h->schema);
	buf_u32(out, h->reader);
	buf_add(out, h->uuid, UUID_BYTES);
	buf_u64(out, (uint64_t)h->created);
	add_sum(out);
}

static bool sum_ok(struct str record)
{
	uint8_t sum[32];

	if (record.n < SUM_BYTES)
		return false;
	sha256(sum, str_sub(record, 0, record.n - SUM_BYTES));
	return memcmp(sum, record.p + record.n - SUM_BYTES, SUM_BYTES) == 0;
}

enum err head_read(struct head *h, struct str record)
{
	struct rd r = RD_INIT(record);
	struct str uuid;

	if (!str_eq(rd_bytes(&r, MAGIC.n), MAGIC) || !sum_ok(record))
		return ERR_CORRUPT;
	h->schema = rd_u32(&r);
	h->reader = rd_u32(&r);
	uuid = rd_bytes(&r, UUID_BYTES);
	h->created = (int64_t)rd_u64(&r);
	if (r.failed)
		return ERR_CORRUPT;
	memcpy(h->uuid, uuid.p, UUID_BYTES);
	return h->reader > STORE_SCHEMA ? ERR_VERSION : ERR_NONE;
}

/* Without effort to undo: nothing is known of an open slot that its reader
 * does not know, and a code is drawn by chance. */
static void quick_key(uint8_t raw[SEAL_KEY_LEN], const char *words,
		      const uint8_t *uuid, struct str more)
{
	struct sha256_ctx c;

	sha256_init(&c);
	sha256_add(&c, str_from(words));
	sha256_add(&c, str_of((const char *)uuid, UUID_BYTES));
	sha256_add(&c, more);
	sha256_final(&c, raw);
}

static enum err paper_key(uint8_t raw[SEAL_KEY_LEN], const uint8_t *uuid,
			  const struct slot *s, struct str code)
{
	uint8_t both[SALT_BYTES + PAPER_BYTES];

	memcpy(both, s->salt, SALT_BYTES);
	if (!paper_parse(code, both + SALT_BYTES))
		return ERR_LOCKED;
	quick_key(raw, PAPER_WORDS, uuid,
		  str_of((const char *)both, sizeof(both)));
	seal_wipe(both, sizeof(both));
	return ERR_NONE;
}

/* The key that wraps the data key. */
static enum err wrapping_key(struct seal_key **out, const uint8_t *uuid,
			     const struct slot *s, struct str secret)
{
	uint8_t raw[SEAL_KEY_LEN];
	enum err rc = ERR_NONE;

	if (s->kind == SLOT_PASSPHRASE) {
		rc = seal_pwhash(raw, secret, s->salt, s->cost);
		if (rc == ERR_INVALID) /* a slot that asks for 4 GiB */
			rc = ERR_CORRUPT;
	} else if (s->kind == SLOT_PAPER) {
		rc = paper_key(raw, uuid, s, secret);
	} else {
		quick_key(raw, OPEN_WORDS, uuid, STR(""));
	}
	if (!rc)
		rc = seal_key_new(out, raw);
	seal_wipe(raw, sizeof(raw));
	return rc;
}

/* What stands before the wrapped key, and is covered by its seal. */
static void slot_front(struct buf *out, const struct slot *s)
{
	buf_u8(out, (uint8_t)s->kind);
	buf_text(out, s->name);
	buf_u32(out, s->cost.mem_kib);
	buf_u32(out, s->cost.passes);
	buf_add(out, s->salt, SALT_BYTES);
}

static struct str slot_place(struct buf *b, const uint8_t *uuid,
			     struct str front)
{
	buf_add(b, uuid, UUID_BYTES);
	buf_adds(b, "slot");
	buf_addstr(b, front);
	return buf_str(b);
}

struct str slot_key(char out[SLOT_KEY_MAX], size_t n)
{
	int len = snprintf(out, SLOT_KEY_MAX, "slot%zu", n);

	return str_of(out, len > 0 ? (size_t)len : 0);
}

/* ---- an office: its recipient, then an age file */
static enum err into_buf(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

static enum err wrap_office(struct buf *out, const struct age_recipient *to,
			    struct str bundle)
{
	struct age_out *age = NULL;
	enum err rc;

	buf_add(out, to->key, sizeof(to->key));
	rc = age_out_new(&age, to, 1, into_buf, out);
	if (!rc)
		rc = age_out_add(age, bundle.p, bundle.n);
	if (!rc)
		rc = age_out_end(age);
	age_out_free(age);
	return rc;
}

static enum err from_str(void *arg, void *p, size_t max, size_t *n)
{
	struct str *rest = arg;

	*n = rest->n < max ? rest->n : max;
	if (*n)
		memcpy(p, rest->p, *n);
	*rest = str_sub(*rest, *n, rest->n);
	return ERR_NONE;
}

static enum err open_office(struct buf *raw, const struct slot *s,
			    const struct seal_key *office)
{
	struct str rest =
		str_sub(s->wrapped, sizeof(struct age_recipient), s->wrapped.n);
	uint8_t piece[SEAL_KEY_LEN];
	struct age_in *age = NULL;
	size_t n = 1;
	enum err rc = age_in_new(&age, &office, 1, from_str, &rest);

	while (!rc && n) {
		rc = age_in_read(age, piece, sizeof(piece), &n);
		if (!rc)
			buf_add(raw, piece, n);
	}
	seal_wipe(piece, sizeof(piece));
	age_in_free(age);
	return rc == ERR_NOTFOUND ? ERR_LOCKED : rc;
}

/* ---- a slot as it is stored */
static enum err wrap(struct buf *out, const uint8_t *uuid, const struct slot *s,
		     const struct slot_new *how, struct str place,
		     const struct ring *ring)
{
	uint8_t both[RING_BYTES];
	struct str bundle = str_of((const char *)both, sizeof(both));
	struct seal_key *kek = NULL;
	enum err rc;

	memcpy(both, seal_key_raw(ring->dek), SEAL_KEY_LEN);
	memcpy(both + SEAL_KEY_LEN, seal_key_raw(ring->root), SEAL_KEY_LEN);
	if (s->kind == SLOT_OFFICE) {
		rc = wrap_office(out, how->to, bundle);
	} else {
		rc = wrapping_key(&kek, uuid, s, how->secret);
		if (!rc)
			rc = seal(out, kek, place, bundle);
	}
	seal_wipe(both, sizeof(both));
	seal_key_free(kek);
	return rc;
}

enum err slot_write(struct buf *out, const uint8_t *uuid, const struct sys *sys,
		    const struct ring *ring, const struct slot_new *how)
{
	struct buf front = BUF_INIT(SLOT_MAX), ad = BUF_INIT(SLOT_MAX);
	struct buf wrapped = BUF_INIT(SLOT_MAX);
	struct slot s = { .kind = how->kind,
			  .name = str_sub(how->name, 0, SLOT_NAME),
			  .cost = { COST_MEM_KIB, COST_PASSES } };
	enum err rc;

	sys->random(sys->self, s.salt, sizeof(s.salt));
	slot_front(&front, &s);
	rc = wrap(&wrapped, uuid, &s, how,
		  slot_place(&ad, uuid, buf_str(&front)), ring);
	if (!rc) {
		buf_addstr(out, buf_str(&front));
		buf_text(out, buf_str(&wrapped));
		add_sum(out);
		rc = front.failed ? front.failed : ad.failed;
		rc = rc ? rc : wrapped.failed;
		rc = rc ? rc : out->failed;
	}
	buf_release(&front);
	buf_release(&wrapped);
	buf_release(&ad);
	return rc;
}

enum err slot_read(struct slot *s, struct str record)
{
	struct rd r = RD_INIT(record);
	struct str salt;

	*s = (struct slot){ 0 };
	if (record.n > SLOT_MAX || !sum_ok(record))
		return ERR_CORRUPT;
	s->kind = rd_u8(&r);
	s->name = rd_text(&r);
	s->cost.mem_kib = rd_u32(&r);
	s->cost.passes = rd_u32(&r);
	salt = rd_bytes(&r, SALT_BYTES);
	s->bound = str_sub(record, 0, record.n - r.rest.n);
	s->wrapped = rd_text(&r);
	if (r.failed || r.rest.n != SUM_BYTES || s->name.n > SLOT_NAME)
		return ERR_CORRUPT;
	if (s->kind < SLOT_OPEN || s->kind > SLOT_OFFICE)
		return ERR_CORRUPT;
	memcpy(s->salt, salt.p, SALT_BYTES);
	return ERR_NONE;
}

/* Could it be the one? Says nothing of what it costs to try. */
static bool slot_fits(const struct slot *s, const struct opener *with)
{
	uint8_t raw[PAPER_BYTES];
	bool fits = true;

	switch (s->kind) {
	case SLOT_OPEN:
		break;
	case SLOT_PASSPHRASE:
		fits = with->secret.n &&
		       (!with->name.n || str_eq(with->name, s->name));
		break;
	case SLOT_PAPER:
		fits = paper_parse(with->secret, raw);
		seal_wipe(raw, sizeof(raw));
		break;
	case SLOT_OFFICE:
		fits = with->office != NULL;
		break;
	}
	return fits;
}

static enum err open_wrapped(struct buf *raw, const uint8_t *uuid,
			     const struct slot *s, const struct opener *with)
{
	struct buf ad = BUF_INIT(SLOT_MAX);
	struct seal_key *kek = NULL;
	enum err rc;

	if (s->kind == SLOT_OFFICE)
		return open_office(raw, s, with->office);
	rc = wrapping_key(&kek, uuid, s, with->secret);
	if (!rc)
		rc = unseal(raw, kek, slot_place(&ad, uuid, s->bound),
			    s->wrapped);
	seal_key_free(kek);
	buf_release(&ad);
	return rc == ERR_CORRUPT ? ERR_LOCKED : rc;
}

void ring_free(struct ring *r)
{
	seal_key_free(r->dek);
	seal_key_free(r->root);
	*r = (struct ring){ NULL, NULL };
}

static enum err ring_of(struct ring *out, struct str raw)
{
	const uint8_t *p = (const uint8_t *)raw.p;
	size_t root = raw.n == RING_BYTES ? SEAL_KEY_LEN : 0;
	enum err rc = ERR_NONE;

	if (raw.n != RING_BYTES && raw.n != SEAL_KEY_LEN)
		rc = ERR_CORRUPT;
	if (!rc)
		rc = seal_key_new(&out->dek, p);
	if (!rc)
		rc = seal_key_new(&out->root, p + root);
	if (rc)
		ring_free(out);
	return rc;
}

enum err slot_open(struct ring *out, const uint8_t *uuid, const struct slot *s,
		   const struct opener *with)
{
	struct buf raw = BUF_INIT(SLOT_MAX);
	enum err rc = ERR_LOCKED;

	if (slot_fits(s, with))
		rc = open_wrapped(&raw, uuid, s, with);
	if (!rc)
		rc = ring_of(out, buf_str(&raw));
	if (raw.p)
		seal_wipe(raw.p, raw.cap);
	buf_release(&raw);
	return rc;
}

struct str place_of(struct place *at, const uint8_t *uuid, const char *table,
		    struct str key)
{
	size_t name = strlen(table) + 1; /* with its NUL: it ends there */

	assert(name <= 32 && key.n <= STORE_KEY_MAX);
	memcpy(at->p, uuid, UUID_BYTES);
	memcpy(at->p + UUID_BYTES, table, name);
	if (key.n)
		memcpy(at->p + UUID_BYTES + name, key.p, key.n);
	return str_of(at->p, UUID_BYTES + name + key.n);
}
