/* SPDX-License-Identifier: MIT */
#ifndef STORE_PAGE_H
#define STORE_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"

/* The layouts of LMDB's pages, for this machine's size_t and byte order. */
enum { P_BRANCH = 1, P_LEAF = 2, P_OVERFLOW = 4, P_META = 8 };
enum { N_BIG = 1, N_TABLE = 2 };

/* Behind the head of the first two pages; even transactions write the first. */
struct meta {
	uint32_t magic, version;
	size_t address, map_size;
	struct image_db free, main;
	size_t last, txn;
};

struct page_head {
	size_t number;
	uint16_t pad, flags;
	union {
		struct {
			uint16_t lower, upper;
		} part;
		uint32_t pages; /* of a run of overflow pages */
	} room;
};
#define HEAD (sizeof(size_t) + 8)

struct node_head {
	uint16_t lo, hi, flags, key_size;
};
#define NODE sizeof(struct node_head)

#endif
