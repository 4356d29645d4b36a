/* SPDX-License-Identifier: MIT */
#ifndef SYNC_NESTED_H
#define SYNC_NESTED_H

#include "pilar/vec.h"

#include "fork.h"
#include "has.h"
#include "incoming.h"
#include "parcel.h"

/* A kit or parcel that is taken in. */
struct taking {
	struct incoming *in;
	struct json *j;
	struct arriving *arriving; /* while events are taken */
	bool begun;                /* something may have changed */
	struct arena arena;        /* of one entry */
	uint64_t entries, bytes;
	uint64_t left;          /* bytes its files may still unpack to */
	VEC(struct note) notes; /* kept with them */
	struct fresh fresh;     /* of these, what is looked up */
	struct dict dict;       /* of its files */
};

/* A file of others in a parcel: checked, then applied. */
enum err nested_look(struct taking *t, struct str path,
		     struct str bytes) MUST_CHECK;
enum err nested_put(struct taking *t, struct str path,
		    struct str bytes) MUST_CHECK;
/* The one who brought it has it. */
enum err nested_brought(struct taking *t,
			const struct carried *what) MUST_CHECK;
/* Keeps the key of one who was accepted just now. */
enum err nested_maker(struct taking *t) MUST_CHECK;

#endif
