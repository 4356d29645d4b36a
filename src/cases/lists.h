/* SPDX-License-Identifier: MIT */
#ifndef CASES_LISTS_H
#define CASES_LISTS_H

#include "internal.h"

/*
 * `struct lists` on the store. Lists are made at first use and stay until the
 * whole is freed, so whoever opened one releases nothing.
 *
 * There are two of these: what sessions look into, which changes only in
 * store_lists_refresh(), and what expressions of datasets.csv look into while
 * entities are computed, which is told before every event.
 */
struct store_lists;

enum err store_lists_new(struct store_lists **out, struct cases *c,
			 int64_t until) MUST_CHECK;
void store_lists_free(struct store_lists *l);
struct lists *store_lists(struct store_lists *l);
/* Entities read so far are void when the store has moved on to `txn`. */
void store_lists_refresh(struct store_lists *l, uint64_t txn);
/* Entities read so far are void, in any case. */
void store_lists_void(struct store_lists *l);
/* Files are void, too. */
void store_lists_forget(struct store_lists *l);

/* One dataset of the store as a list. */
struct list *entity_list_new(struct cases *c, struct str dataset,
			     int64_t until);
void entity_list_void(struct list *base);
/* Lets go of the rows that were read when they are many; indexes stay. */
#define LIST_KEPT ((size_t)24 << 20)
void entity_list_trim(struct list *base);
/* Names of columns that will be asked for, lent: see cases_lists_want(). */
void entity_list_want(struct list *base, const struct map *names);
/* `kept`: they were not too many and `each` was called. */
enum err entity_list_each(struct list *base,
			  enum err (*each)(void *arg, const struct entity *e),
			  void *arg, bool *kept) MUST_CHECK;
void entity_list_free(struct list *base);

#endif
