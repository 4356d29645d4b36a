/* SPDX-License-Identifier: MIT */
#ifndef CASES_KEYING_ROWS_H
#define CASES_KEYING_ROWS_H

#include "pilar/keying.h"

/* What keying.c does for keying_rows.c, and the other way round. */

/* A mark whose question stands nowhere now. */
#define KEYING_NOWHERE 0

uint32_t keying_hash(struct str path);
void keying_unreach(struct keying *k, uint32_t hash);
bool keying_reach_hash(struct keying *k, uint32_t hash);
/* The question there was reached; where it stands in a row its node is kept. */
void keying_mark_row(struct keying *k, struct str path, uint32_t hash);

#endif
