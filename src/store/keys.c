/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include <assert.h>
#include <string.h>

#define MAGIC      STR("PILAR\r\n\x1a")
#define SUM_BYTES  16
#define HEAD_MAX   256
#define SLOT_MAX   4096
#define SLOT_NAME  64
#define OPEN_WORDS "pilar: slot of kind open, no passphrase"

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

/* The key that wraps the data key. */
static enum err wrapping_key(struct seal_key **out, const uint8_t *uuid,
			     const struct slot *s, struct str passphrase)
{
	uint8_t raw[SEAL_KEY_LEN];
	struct sha256_ctx c;
	enum err rc;

	if (s->kind == SLOT_PASSPHRASE) {
		rc = seal_pwhash(raw, passphrase, s->salt, s->cost);
		if (rc) /* ERR_INVALID: a slot that asks for 4 GiB */
			return rc == ERR_INVALID ? ERR_CORRUPT : rc;
	} else {
		sha256_init(&c);
		sha256_add(&c, STR(OPEN_WORDS));
		sha256_add(&c, str_of((const char *)uuid, UUID_BYTES));
		sha256_final(&c, raw);
	}
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

enum err slot_write(struct buf *out, const uint8_t *uuid,
		    const struct seal_key *dek, const struct slot *how,
		    struct str passphrase)
{
	struct buf front = BUF_INIT(SLOT_MAX), ad = BUF_INIT(SLOT_MAX);
	struct buf wrapped = BUF_INIT(SLOT_MAX);
	struct seal_key *kek = NULL;
	struct slot s = *how;
	enum err rc;

	s.kind = passphrase.n ? SLOT_PASSPHRASE : SLOT_OPEN;
	s.name = str_sub(s.name, 0, SLOT_NAME);
	slot_front(&front, &s);
	rc = wrapping_key(&kek, uuid, &s, passphrase);
	if (rc)
		goto out;
	rc = seal(&wrapped, kek, slot_place(&ad, uuid, buf_str(&front)),
		  str_of((const char *)seal_key_raw(dek), SEAL_KEY_LEN));
	if (rc)
		goto out;
	buf_addstr(out, buf_str(&front));
	buf_text(out, buf_str(&wrapped));
	add_sum(out);
	rc = front.failed ? front.failed : ad.failed;
	rc = rc ? rc : out->failed;
out:
	seal_key_free(kek);
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
	if (s->kind != SLOT_OPEN && s->kind != SLOT_PASSPHRASE)
		return ERR_CORRUPT;
	memcpy(s->salt, salt.p, SALT_BYTES);
	return ERR_NONE;
}

enum err slot_open(struct seal_key **dek, const uint8_t *uuid,
		   const struct slot *s, struct str passphrase)
{
	struct buf raw = BUF_INIT(SLOT_MAX), ad = BUF_INIT(SLOT_MAX);
	struct seal_key *kek = NULL;
	enum err rc = wrapping_key(&kek, uuid, s, passphrase);

	if (rc)
		goto out;
	rc = unseal(&raw, kek, slot_place(&ad, uuid, s->bound), s->wrapped);
	if (rc == ERR_CORRUPT)
		rc = ERR_LOCKED;
	else if (!rc && raw.n != SEAL_KEY_LEN)
		rc = ERR_CORRUPT;
	if (!rc)
		rc = seal_key_new(dek, (const uint8_t *)raw.p);
out:
	if (raw.p)
		seal_wipe(raw.p, raw.cap);
	seal_key_free(kek);
	buf_release(&raw);
	buf_release(&ad);
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
