/* SPDX-License-Identifier: MIT */
#ifndef TEST_BARE_H
#define TEST_BARE_H

#include "pilar/store.h"

/*
 * A store with nothing in it but what a test puts, one at a time. What fails
 * fails the test. It is the folder s in a folder of its own.
 */
int bare_setup(void **state);
int bare_teardown(void **state);
const char *bare_folder(void); /* that holds the store */
const char *bare_dir(void);    /* of the store */
/* In the folder that holds the store. */
void bare_shell(const char *commands);

void bare_create(void);
/* `dir` and `sys` are filled in. */
struct store *bare_open(struct store_open how);
struct store *bare_again(void); /* open what was made */
struct store *bare_make(void);  /* create and open it */

struct txn *bare_begin(struct store *st, enum txn_mode mode);
/* In a table of words, each a transaction of its own. */
void bare_put(struct store *st, const char *key, const char *value);
void bare_is(struct store *st, const char *key, const char *value);
bool bare_has(struct store *st, const char *key);

#endif
