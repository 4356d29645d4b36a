/* SPDX-License-Identifier: MIT */
#ifndef CASES_KEY_H
#define CASES_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/seal.h"
#include "pilar/store.h"
#include "pilar/str.h"
#include "pilar/sys.h"

/*
 * Keys of the tables. They stand in the clear, so they hold numbers, UUIDs,
 * names of lists, and of values only keyed hashes. Parts of variable length
 * end with a NUL, so keys of one kind sort by their parts.
 */
#define DEVICE_BYTES ((size_t)8)
#define ID_BYTES     ((size_t)16)
/* Names of lists and properties that stand in keys; of forms and versions. */
#define KEY_NAME_MAX 128
#define KEY_FORM_MAX 200

struct device {
	uint8_t b[DEVICE_BYTES];
};
struct id {
	uint8_t b[ID_BYTES];
};

/* Where an event stands: the device that made it, its number there. */
struct stamp {
	struct device device;
	uint64_t seq; /* 0: none */
};
#define STAMP_BYTES (DEVICE_BYTES + 8)
int stamp_cmp(const struct stamp *a, const struct stamp *b);
bool stamp_eq(const struct stamp *a, const struct stamp *b);
struct str device_text(struct device d, char out[2 * DEVICE_BYTES + 1]);
enum err device_parse(struct str text, struct device *out) MUST_CHECK;

/* `text` is the canonical text of an id: lower case, without "uuid:". */
bool id_parse(struct str text, struct id *out) MUST_CHECK;
bool id_eq(const struct id *a, const struct id *b);
struct str id_text(const struct id *id, char out[UUID_LEN + 1]);

struct key {
	char p[STORE_KEY_MAX];
	size_t n;
};
struct str key_str(const struct key *k);

/* The `index` table holds several indexes, told apart by the first byte. */
enum index_kind {
	INDEX_BLOCK = 'B',    /* of the search index: number -> page */
	INDEX_CONFLICT = 'X', /* dataset, entity -> '1' soft, '2' hard */
	INDEX_DUE = 'D',      /* day, entity, row of datasets.csv, dataset */
	INDEX_EVENT = 'E',    /* stamp -> the event without what is long */
	INDEX_FORM = 'F',     /* form -> last event made here */
	INDEX_HEAD = 'H',     /* the search index as a whole */
	INDEX_LINK = 'K',     /* dataset, property, parent, created, child */
	INDEX_COUNT = 'N',    /* dataset -> entities */
	INDEX_NUMBER = 'R',   /* of the search index before version 2 */
	INDEX_PROP = 'P',     /* dataset, property seen */
	INDEX_SEARCH = 'S',   /* of the search index before version 4 */
	INDEX_UNIQUE = 'U'    /* keyed hash of a value, entity */
};

void key_event(struct key *k, const struct stamp *s);
void key_instance(struct key *k, struct str instance_id);
void key_entity(struct key *k, struct str dataset, const struct id *id);
/* Its search record stands right behind an entity: a save that writes both
 * writes one page. */
void key_record(struct key *k, struct str dataset, const struct id *id);
bool key_is_record(struct str key); /* of those of the table of entities */
void key_touch(struct key *k, const struct id *id, const struct stamp *s);
void key_index(struct key *k, enum index_kind kind);
/* Parts, appended. */
void key_name(struct key *k, struct str name); /* with a NUL behind it */
void key_id(struct key *k, const struct id *id);
void key_u64(struct key *k, uint64_t v);
void key_u32(struct key *k, uint32_t v);
void key_stamp(struct key *k, const struct stamp *s);

/* Taking a key apart again; `failed` as with rd_text(). */
struct str rd_name(struct rd *r);
struct id rd_id(struct rd *r);
struct stamp rd_stamp(struct rd *r);
void buf_id(struct buf *b, const struct id *id);
void buf_stamp(struct buf *b, const struct stamp *s);

#endif
