/* SPDX-License-Identifier: MIT */
#include "key.h"

#include <string.h>

int stamp_cmp(const struct stamp *a, const struct stamp *b)
{
	int c = memcmp(a->device.b, b->device.b, DEVICE_BYTES);

	if (c)
		return c;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

bool stamp_eq(const struct stamp *a, const struct stamp *b)
{
	return stamp_cmp(a, b) == 0;
}

static const char digits[] = "0123456789abcdef";

struct str device_text(struct device d, char out[2 * DEVICE_BYTES + 1])
{
	for (size_t i = 0; i < DEVICE_BYTES; i++) {
		out[2 * i] = digits[d.b[i] >> 4];
		out[2 * i + 1] = digits[d.b[i] & 15];
	}
	out[2 * DEVICE_BYTES] = '\0';
	return str_of(out, 2 * DEVICE_BYTES);
}

enum err device_parse(struct str text, struct device *out)
{
	if (text.n != 2 * DEVICE_BYTES)
		return ERR_INVALID;
	return unhex(out->b, DEVICE_BYTES, text);
}

/* Asked for every row that is drawn, so not by uuid_from_text(). */
bool id_parse(struct str text, struct id *out)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	char bare[2 * ID_BYTES], again[UUID_LEN + 1];
	size_t n = 0;

	if (text.n != UUID_LEN)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		memcpy(bare + n, text.p + n + i, groups[i]);
		n += groups[i];
	}
	return !unhex(out->b, ID_BYTES, str_of(bare, n)) &&
	       str_eq(text, id_text(out, again));
}

bool id_eq(const struct id *a, const struct id *b)
{
	return memcmp(a->b, b->b, ID_BYTES) == 0;
}

struct str id_text(const struct id *id, char out[UUID_LEN + 1])
{
	uuid_to_text(id->b, out);
	return str_of(out, UUID_LEN);
}

/* ---- building */
struct str key_str(const struct key *k)
{
	return str_of(k->p, k->n);
}

/*
 * Callers keep names within KEY_NAME_MAX and KEY_FORM_MAX, so this never cuts;
 * a key that would be too long becomes one that the store refuses.
 */
static void add(struct key *k, const void *p, size_t n)
{
	if (n > sizeof(k->p) - k->n) {
		k->n = 0;
		return;
	}
	if (n)
		memcpy(k->p + k->n, p, n);
	k->n += n;
}

void key_name(struct key *k, struct str name)
{
	add(k, name.p, name.n);
	add(k, "", 1);
}

void key_id(struct key *k, const struct id *id)
{
	add(k, id->b, ID_BYTES);
}

static void add_big_endian(struct key *k, uint64_t v, size_t bytes)
{
	uint8_t b[8];

	for (size_t i = 0; i < bytes; i++)
		b[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
	add(k, b, bytes);
}

void key_u64(struct key *k, uint64_t v)
{
	add_big_endian(k, v, 8);
}

void key_u32(struct key *k, uint32_t v)
{
	add_big_endian(k, v, 4);
}

void key_stamp(struct key *k, const struct stamp *s)
{
	add(k, s->device.b, DEVICE_BYTES);
	key_u64(k, s->seq);
}

void key_event(struct key *k, const struct stamp *s)
{
	k->n = 0;
	key_stamp(k, s);
}

/* Most are UUIDs; what another program made may be any text. */
void key_instance(struct key *k, struct str instance_id)
{
	uint8_t id[ID_BYTES], hash[32];

	k->n = 0;
	if (!uuid_from_text(instance_id, id)) {
		add(k, id, sizeof(id));
		return;
	}
	sha256(hash, instance_id);
	add(k, hash, sizeof(hash));
}

void key_entity(struct key *k, struct str dataset, const struct id *id)
{
	k->n = 0;
	key_name(k, dataset);
	key_id(k, id);
}

#define RECORD_MARK 's'

void key_record(struct key *k, struct str dataset, const struct id *id)
{
	static const char mark = RECORD_MARK;

	key_entity(k, dataset, id);
	add(k, &mark, 1);
}

bool key_is_record(struct str key)
{
	size_t name = 0;

	while (name < key.n && key.p[name])
		name++;
	return key.n == name + 1 + ID_BYTES + 1;
}

void key_touch(struct key *k, const struct id *id, const struct stamp *s)
{
	k->n = 0;
	key_id(k, id);
	key_stamp(k, s);
}

void key_index(struct key *k, enum index_kind kind)
{
	char c = (char)kind;

	k->n = 0;
	add(k, &c, 1);
}

/* ---- taking apart */
struct str rd_name(struct rd *r)
{
	const char *end = r->rest.n ? memchr(r->rest.p, '\0', r->rest.n) : NULL;
	struct str name = { NULL, 0 };

	if (!end) {
		r->failed = ERR_CORRUPT;
		return name;
	}
	name = rd_bytes(r, (size_t)(end - r->rest.p));
	rd_bytes(r, 1);
	return name;
}

struct id rd_id(struct rd *r)
{
	struct str s = rd_bytes(r, ID_BYTES);
	struct id id = { { 0 } };

	if (s.n)
		memcpy(id.b, s.p, ID_BYTES);
	return id;
}

struct stamp rd_stamp(struct rd *r)
{
	struct str s = rd_bytes(r, DEVICE_BYTES);
	struct stamp out = { { { 0 } }, 0 };

	if (s.n)
		memcpy(out.device.b, s.p, DEVICE_BYTES);
	out.seq = rd_u64(r);
	return out;
}

void buf_id(struct buf *b, const struct id *id)
{
	buf_add(b, id->b, ID_BYTES);
}

void buf_stamp(struct buf *b, const struct stamp *s)
{
	buf_add(b, s->device.b, DEVICE_BYTES);
	buf_u64(b, s->seq);
}
