/* SPDX-License-Identifier: MIT */
#ifndef STORE_PROOF_H
#define STORE_PROOF_H

#include "pilar/store.h"

/*
 * Records found genuine last: that one belongs under its key has to be proved
 * once, and between two of them all keys that are not there are proved absent.
 * What is sealed has a nonce of its own, so the same one in the same place is
 * the same value.
 */
#define PROOFS    1024
#define PROOF_KEY 100 /* longer keys are proved each time */

struct proof {
	uint8_t tag[STORE_TAG];
	uint8_t table, key_n; /* 0: nothing here */
	char key[PROOF_KEY];
};

bool proof_known(const struct proof *all, enum table table, struct str key,
		 struct str sealed);
void proof_keep(struct proof *all, enum table table, struct str key,
		struct str sealed);

#endif
