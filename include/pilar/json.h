/* SPDX-License-Identifier: MIT */
#ifndef PILAR_JSON_H
#define PILAR_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"

/* jansson behind the words we need. A `struct json` is a reference. */
struct json;

/* Depth and size are limited. `why` (may be NULL) gets a short reason. */
enum err json_parse(struct json **result, struct str text,
		    struct buf *why) MUST_CHECK;
void json_free(struct json *j); /* gives the reference back; NULL is fine */

/* Constructors give a new reference, or NULL when memory is out. */
struct json *json_object_new(void);
struct json *json_array_new(void);
struct json *json_str_new(struct str s); /* invalid UTF-8 is replaced */
struct json *json_num_new(double n);
struct json *json_int_new(int64_t n);
struct json *json_bool_new(bool b);
struct json *json_null_new(void);

/* These take the reference of `value`, even when they fail. NULL fails. */
enum err json_set(struct json *object, const char *key, struct json *value);
enum err json_push(struct json *array, struct json *value);
/* An object of these, in their order; NULL where one of them is. */
struct json_member {
	const char *name;
	struct json *value;
};
struct json *json_object_of(const struct json_member *m, size_t n);
/* A list of numbers. */
struct json *json_ints_new(const uint64_t *at, size_t n);

/* Lent; NULL or the empty value when absent or of another type. */
struct json *json_get(const struct json *object, const char *key);
/* Members one after the other: start with *at == NULL; false at the end. */
bool json_next(const struct json *object, void **at, struct str *key,
	       struct json **value);
size_t json_len(const struct json *array);
struct json *json_at(const struct json *array, size_t i);
bool json_is_str(const struct json *j);
bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
struct str json_str(const struct json *j);
struct str json_get_str(const struct json *object, const char *key);
double json_num(const struct json *j);
int64_t json_int(const struct json *j);

/* One line, keys in the order they were set; no sign in it steers a terminal.
 */
enum err json_write(struct buf *b, const struct json *j) MUST_CHECK;

#endif
