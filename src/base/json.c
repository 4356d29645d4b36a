/* SPDX-License-Identifier: MIT */
#include "pilar/json.h"

#include <math.h>
#include <stdio.h>

#include <jansson.h>

#include "pilar/utf8.h"

/* Macros of the library under names that are ours. */
#undef json_is_object
#undef json_is_array

/* One line of input or one manifest: nothing we read is near this. */
#define JSON_MAX_BYTES ((size_t)64 << 20)

/* A struct json is jansson's value under our name. */
static json_t *in(const struct json *j)
{
	return (json_t *)(uintptr_t)j;
}

static struct json *out(json_t *j)
{
	return (struct json *)j;
}

enum err json_parse(struct json **result, struct str text, struct buf *why)
{
	json_error_t e = { .line = 0 };
	json_t *j = NULL;

	if (text.n > JSON_MAX_BYTES)
		return ERR_TOOBIG;
	j = json_loadb(text.p ? text.p : "", text.n,
		       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (!j) {
		if (why)
			utf8_clean(why, str_from(e.text));
		return ERR_SYNTAX;
	}
	*result = out(j);
	return ERR_NONE;
}

void json_free(struct json *j)
{
	json_decref(in(j));
}

struct json *json_object_new(void)
{
	return out(json_object());
}

struct json *json_array_new(void)
{
	return out(json_array());
}

struct json *json_str_new(struct str s)
{
	json_t *j = json_stringn(s.p ? s.p : "", s.n);
	struct arena a = { 0 };

	if (!j) {
		s = utf8_nfc(&a, s);
		j = s.p ? json_stringn(s.p, s.n) : NULL;
		arena_release(&a);
	}
	return out(j);
}

struct json *json_num_new(double n)
{
	return out(isfinite(n) ? json_real(n) : json_null());
}

struct json *json_int_new(int64_t n)
{
	return out(json_integer(n));
}

struct json *json_bool_new(bool b)
{
	return out(json_boolean(b));
}

struct json *json_null_new(void)
{
	return out(json_null());
}

enum err json_set(struct json *object, const char *key, struct json *value)
{
	return json_object_set_new(in(object), key, in(value)) ? ERR_NOMEM
							       : ERR_NONE;
}

enum err json_push(struct json *array, struct json *value)
{
	return json_array_append_new(in(array), in(value)) ? ERR_NOMEM
							   : ERR_NONE;
}

struct json *json_object_of(const struct json_member *m, size_t n)
{
	struct json *j = json_object_new();
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n; i++) {
		enum err one = json_set(j, m[i].name, m[i].value);

		rc = rc ? rc : one;
	}
	if (!rc)
		return j;
	json_free(j);
	return NULL;
}

struct json *json_ints_new(const uint64_t *at, size_t n)
{
	struct json *list = json_array_new();
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < n; i++)
		rc = json_push(list, json_int_new((int64_t)at[i]));
	if (!rc)
		return list;
	json_free(list);
	return NULL;
}

struct json *json_get(const struct json *object, const char *key)
{
	return out(json_object_get(in(object), key));
}

bool json_next(const struct json *object, void **at, struct str *key,
	       struct json **value)
{
	json_t *o = in(object);

	*at = *at ? json_object_iter_next(o, *at) : json_object_iter(o);
	if (!*at)
		return false;
	*key = str_from(json_object_iter_key(*at));
	*value = out(json_object_iter_value(*at));
	return true;
}

size_t json_len(const struct json *array)
{
	return json_array_size(in(array));
}

struct json *json_at(const struct json *array, size_t i)
{
	return out(json_array_get(in(array), i));
}

bool json_is_str(const struct json *j)
{
	return json_is_string(in(j));
}

bool json_is_object(const struct json *j)
{
	return j && json_typeof(in(j)) == JSON_OBJECT;
}

bool json_is_array(const struct json *j)
{
	return j && json_typeof(in(j)) == JSON_ARRAY;
}

struct str json_str(const struct json *j)
{
	return str_of(json_string_value(in(j)), json_string_length(in(j)));
}

struct str json_get_str(const struct json *object, const char *key)
{
	return json_str(json_get(object, key));
}

double json_num(const struct json *j)
{
	return json_number_value(in(j));
}

int64_t json_int(const struct json *j)
{
	return json_integer_value(in(j));
}

/* What steers a terminal is written as \uXXXX, two of them above U+FFFF. */
static void add_escaped(struct buf *b, uint32_t cp)
{
	char text[16];

	if (cp > 0xffff)
		(void)snprintf(text, sizeof(text), "\\u%04x\\u%04x",
			       0xd7c0 + (unsigned)(cp >> 10),
			       0xdc00 + ((unsigned)cp & 0x3ff));
	else
		(void)snprintf(text, sizeof(text), "\\u%04x", (unsigned)cp);
	buf_adds(b, text);
}

/* The library gives whole letters only. */
static int add(const char *p, size_t n, void *arg)
{
	struct str s = str_of(p, n);
	size_t from = 0;

	for (size_t at = 0; at < n;) {
		size_t here = at;
		uint32_t cp = utf8_next(s, &at);

		if (cp < 0x7f || utf8_printable(cp))
			continue;
		buf_add(arg, p + from, here - from);
		add_escaped(arg, cp);
		from = at;
	}
	buf_add(arg, p + from, n - from);
	return 0;
}

enum err json_write(struct buf *b, const struct json *j)
{
	if (json_dump_callback(in(j), add, b, JSON_COMPACT | JSON_ENCODE_ANY))
		return ERR_NOMEM;
	return b->failed;
}
