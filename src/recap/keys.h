/* SPDX-License-Identifier: MIT */
#ifndef RECAP_KEYS_H
#define RECAP_KEYS_H

#include "recap.h"

/*
 * What records are counted under: rows, columns or parts, each once. They are
 * gathered as they are met; then they are put in the order of their list, or
 * of the alphabet.
 */
#define KEYS_MAX 5000 /* rows, columns or parts */

struct key {
	struct str text, label; /* a code and its name; or the same twice */
	size_t rank;
	bool drawn; /* of a column: see struct column */
};

struct keys {
	VEC(struct key) list;
	struct map at; /* text to place + 1 */
	bool given;    /* by a list: only what is in it has a label */
};

enum err key_at(struct keys *k, struct arena *a, struct str text,
		size_t *at) MUST_CHECK;
/* "code|name" is counted under the code and called by the name. */
enum err key_split(struct keys *k, struct arena *a, struct str text,
		   size_t *at) MUST_CHECK;
/* The rows of that list, for their order and labels; without a name none. */
enum err keys_given(struct keys *k, struct cases *cases, struct str name,
		    struct arena *out) MUST_CHECK;
/* In the arena; NULL when memory is out. */
struct key **keys_in_order(const struct keys *k, struct arena *a);
/* What a computer is told: the code in front. */
struct str key_name_of(const struct keys *k, const struct key *key,
		       struct arena *a);
void keys_release(struct keys *k);

#endif
