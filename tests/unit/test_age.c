/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "pilar/age.h"
#include "pilar/file.h"

#define LARGE ((size_t)32 << 20)
#define IDENTITY                                                      \
	"AGE-SECRET-KEY-1WESP4QTVXNW636RD5V3C227HYR2EYZ0JJHAMNC6SFE3" \
	"KNE5WJAFS6VQEL0"
#define RECIPIENT \
	"age183zd65ljrmdzt5u0vhhu59meqn66n99l59lmxqfajgs88js6gf3q53pppe"

/* Bytes given out a few at a time, as a slow line does. */
struct feed {
	struct str bytes;
	size_t step;
};

static enum err feed(void *arg, void *p, size_t max, size_t *n)
{
	struct feed *f = arg;

	*n = f->bytes.n < max ? f->bytes.n : max;
	*n = f->step && f->step < *n ? f->step : *n;
	if (*n)
		memcpy(p, f->bytes.p, *n);
	f->bytes = str_sub(f->bytes, *n, f->bytes.n);
	return ERR_NONE;
}

static enum err collect(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

/* What the file releases, and how reading it ended. */
struct opened {
	enum err head, body;
	struct buf plain;
};

static struct opened open_all(struct str file, const struct seal_key *id,
			      size_t step)
{
	struct opened o = { .plain = BUF_INIT(LARGE) };
	struct feed f = { file, step };
	struct age_in *in = NULL;
	size_t n = 1;

	o.head = age_in_new(&in, &id, 1, feed, &f);
	while (!o.head && !o.body && n) {
		uint8_t block[5000];

		o.body = age_in_read(in, block, sizeof(block), &n);
		buf_add(&o.plain, block, n);
	}
	age_in_free(in);
	return o;
}

static struct seal_key *identity(const char *text)
{
	struct seal_key *id = NULL;

	assert_int_equal(age_identity_parse(str_from(text), &id), ERR_NONE);
	return id;
}

static void keys_are_read_and_written_as_age_does(void **state)
{
	static const char *const bad[] = {
		"",
		"age1",
		RECIPIENT "x",
		"AGE183ZD65LJRMDZT5U0VHHU59MEQN66N99L59LMXQFAJGS88JS6GF3Q53PPP"
		"E",
		"age183zd65ljrmdzt5u0vhhu59meqn66n99l59lmxqfajgs88js6gf3q53ppp"
		"f",
		"bge183zd65ljrmdzt5u0vhhu59meqn66n99l59lmxqfajgs88js6gf3q53ppp"
		"e",
	};
	struct seal_key *id = identity(IDENTITY), *none = NULL;
	struct buf b = BUF_INIT(200);
	struct age_recipient r, mine;

	(void)state;
	assert_int_equal(age_recipient_parse(str_from(RECIPIENT), &r),
			 ERR_NONE);
	age_identity_recipient(id, &mine);
	assert_memory_equal(r.key, mine.key, sizeof(r.key));
	age_recipient_text(&b, &r);
	assert_string_equal(b.p, RECIPIENT);
	assert_int_equal(b.n, AGE_RECIPIENT_LEN);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(age_recipient_parse(str_from(bad[i]), &r),
				 ERR_SYNTAX);
	assert_int_equal(age_identity_parse(str_from(RECIPIENT), &none),
			 ERR_SYNTAX);
	buf_release(&b);
	seal_key_free(id);
}

/* Written by age 1.1.1. */
static const char stock[] =
	"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBOS3h1RndIcVhVZnM5MDU5WjdDNl"
	"JsVzZJMkplalVEWGw0ZkFCM3h1NlNrCmhnRmtYalBwd1lzWkRUOVRjSDJMcGRkYmk1SFNu"
	"dUxhcmlZRUljT2x3OTAKLS0tIDFzcEdXN3VGdjJxVG1KWGpDOHY5dzVGQnJHcFNKZmR1ZW"
	"Y0K0dENUJUT0UKLtQqLVU/Ad17oo7GapaXX+r62oemW724ut4xZiyx7fpzRoVKMPoXZ1LZ"
	"k5m7+t4EOZ7A1bUw";
#define STOCK_TEXT "Salam dari kecamatan.\n"

static void every_flipped_byte_and_every_cut_is_refused(void **state)
{
	struct seal_key *id = identity(IDENTITY);
	struct buf file = BUF_INIT(1000);
	struct opened o;

	(void)state;
	assert_int_equal(unbase64(&file, str_from(stock)), ERR_NONE);
	o = open_all(buf_str(&file), id, 1);
	assert_int_equal(o.head, ERR_NONE);
	assert_int_equal(o.body, ERR_NONE);
	assert_string_equal(o.plain.p, STOCK_TEXT);
	buf_release(&o.plain);
	for (size_t i = 0; i < file.n; i++) {
		file.p[i] ^= 1;
		o = open_all(buf_str(&file), id, 0);
		assert_true(o.head || o.body);
		assert_int_equal(o.plain.n, 0);
		buf_release(&o.plain);
		file.p[i] ^= 1;
		o = open_all(str_of(file.p, i), id, 0);
		assert_true(o.head || o.body);
		assert_int_equal(o.plain.n, 0);
		buf_release(&o.plain);
	}
	buf_release(&file);
	seal_key_free(id);
}

static void seal_for(struct buf *out, const struct age_recipient *to, size_t n,
		     struct str plain, size_t step)
{
	struct age_out *a = NULL;

	assert_int_equal(age_out_new(&a, to, n, collect, out), ERR_NONE);
	while (plain.n) {
		size_t k = step < plain.n ? step : plain.n;

		assert_int_equal(age_out_add(a, plain.p, k), ERR_NONE);
		plain = str_sub(plain, k, plain.n);
	}
	assert_int_equal(age_out_end(a), ERR_NONE);
	age_out_free(a);
}

/* Around the edges of pieces of 64 KiB. */
static const size_t sizes[] = { 0,     1,      100,    65535,  65536,
				65537, 131071, 131072, 131073, 300000 };

static void what_we_seal_each_recipient_opens(void **state)
{
	struct seal_key *ids[3] = { NULL };
	struct age_recipient to[3];
	struct buf text = BUF_INIT(LARGE);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(seal_key_new(&ids[i], NULL), ERR_NONE);
		age_identity_recipient(ids[i], &to[i]);
	}
	for (size_t i = 0; i < 300000; i++)
		buf_addc(&text, (char)(i * 7 + i / 251));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct str plain = str_of(text.p, sizes[i]);
		struct buf file = BUF_INIT(LARGE);

		seal_for(&file, to, 2, plain, i % 2 ? 977 : LARGE);
		for (size_t k = 0; k < 3; k++) {
			struct opened o =
				open_all(buf_str(&file), ids[k], 4099);

			assert_int_equal(o.head,
					 k < 2 ? ERR_NONE : ERR_NOTFOUND);
			assert_int_equal(o.body, ERR_NONE);
			if (k < 2)
				assert_true(str_eq(buf_str(&o.plain), plain));
			buf_release(&o.plain);
		}
		buf_release(&file);
	}
	for (size_t i = 0; i < 3; i++)
		seal_key_free(ids[i]);
	buf_release(&text);
}

static void the_header_is_limited(void **state)
{
	struct seal_key *id = identity(IDENTITY);
	struct buf file = BUF_INIT(LARGE);
	struct opened o;

	(void)state;
	buf_adds(&file, AGE_MAGIC);
	while (file.n < AGE_HEADER_MAX)
		buf_adds(&file, "-> lain\nQUJD\n");
	o = open_all(buf_str(&file), id, 0);
	assert_int_equal(o.head, ERR_SYNTAX);
	buf_release(&o.plain);
	buf_release(&file);
	seal_key_free(id);
}

static void a_stanza_of_ours_that_says_nothing_is_stepped_over(void **state)
{
	struct seal_key *id = identity(IDENTITY);
	struct opened o =
		open_all(STR(AGE_MAGIC "-> " AGE_EXTRA "\nQUJD\n"), id, 0);

	(void)state;
	assert_int_equal(o.head, ERR_SYNTAX);
	buf_release(&o.plain);
	seal_key_free(id);
}

/* ---- against the command age */
static bool command_there(const char *name)
{
	char line[200];

	snprintf(line, sizeof(line), "command -v %s >/dev/null 2>&1", name);
	return system(line) == 0;
}

/* What we seal opened by age, what it seals of that opened by us. */
static void there_and_back(const char *folder, const struct seal_key *id,
			   size_t size, size_t step)
{
	struct buf plain = BUF_INIT(LARGE), file = BUF_INIT(LARGE);
	struct age_recipient to;
	char line[400], path[100];
	struct opened o;

	age_identity_recipient(id, &to);
	for (size_t k = 0; k < size; k++)
		buf_addc(&plain, (char)(k * 31 + k / 253 + size));
	seal_for(&file, &to, 1, buf_str(&plain), step);
	snprintf(path, sizeof(path), "%s/ours", folder);
	assert_int_equal(file_write(path, buf_str(&file)), ERR_NONE);
	snprintf(line, sizeof(line),
		 "cd %s && age -d -i key ours >plain && "
		 "age -r " RECIPIENT " plain >theirs",
		 folder);
	assert_int_equal(system(line), 0);
	buf_reset(&file);
	snprintf(path, sizeof(path), "%s/theirs", folder);
	assert_int_equal(file_read(path, &file), ERR_NONE);
	o = open_all(buf_str(&file), id, step);
	assert_int_equal(o.head, ERR_NONE);
	assert_int_equal(o.body, ERR_NONE);
	assert_true(str_eq(buf_str(&o.plain), buf_str(&plain)));
	buf_release(&o.plain);
	buf_release(&plain);
	buf_release(&file);
}

/* A size at most 40 bytes from a multiple of a piece; of chance. */
static size_t near_an_edge(uint32_t *seed)
{
	size_t edge, off;

	*seed = *seed * 1664525 + 1013904223;
	edge = (size_t)(*seed >> 30) * 65536;
	off = (*seed >> 16) % 81;
	return edge + off < 40 ? off : edge + off - 40;
}

/* AGE_SIZES=1000: so many sizes of chance beside those above. */
static void age_opens_what_we_seal_and_we_what_it_seals(void **state)
{
	char folder[] = "/tmp/pilar-age-XXXXXX", path[100];
	const char *wanted = getenv("AGE_SIZES");
	struct seal_key *id = identity(IDENTITY);
	uint32_t seed = 11;
	uint64_t more = 5;

	(void)state;
	if (!command_there("age"))
		skip();
	if (wanted)
		assert_true(str_to_u64(str_from(wanted), &more));
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	assert_int_equal(file_write(path, str_from(IDENTITY "\n")), ERR_NONE);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		there_and_back(folder, id, sizes[i], LARGE);
	for (uint64_t i = 0; i < more; i++) {
		size_t size = near_an_edge(&seed);

		there_and_back(folder, id, size, 1 + seed % 70000);
	}
	assert_int_equal(dir_remove(folder), ERR_NONE);
	seal_key_free(id);
}

/* ---- the vectors of C2SP */
#define VECTORS "../shared/conformance/age"

struct vector {
	struct str expect, identity, payload, body;
	bool zlib, skip; /* armor, passphrases and other keys are not ours */
};

static void read_vector(struct str file, struct vector *v)
{
	struct str line, key;

	*v = (struct vector){ .skip = false };
	while (str_split(&file, '\n', &line) && line.n) {
		str_split(&line, ':', &key);
		line = str_trim(line);
		if (str_is(key, "expect"))
			v->expect = line;
		else if (str_is(key, "payload"))
			v->payload = line;
		else if (str_is(key, "identity"))
			v->identity = line;
		else if (str_is(key, "compressed"))
			v->zlib = true;
		else if (str_is(key, "armored") || str_is(key, "passphrase"))
			v->skip = true;
	}
	v->body = file;
	if (v->identity.n && !str_starts(v->identity, STR("AGE-SECRET-KEY-1")))
		v->skip = true;
}

static const char *verdict(const struct opened *o)
{
	switch ((int)o->head) {
	case ERR_SYNTAX:
	case ERR_VERSION:
		return "header failure";
	case ERR_NOTFOUND:
		return "no match";
	case ERR_CORRUPT:
		return "HMAC failure";
	default:
		return o->body ? "payload failure" : "success";
	}
}

static void run_vector(const struct vector *v, const char *name)
{
	struct seal_key *id = NULL;
	struct buf raw = BUF_INIT(LARGE), sum = BUF_INIT(100);
	struct str body = v->body;
	struct opened o;
	uint8_t hash[32];

	if (v->zlib) {
		uLongf n = LARGE;
		Bytef *p = malloc(n);

		assert_non_null(p);
		assert_int_equal(
			uncompress(p, &n, (const Bytef *)body.p, body.n), Z_OK);
		buf_add(&raw, p, n);
		free(p);
		body = buf_str(&raw);
	}
	if (v->identity.n)
		assert_int_equal(age_identity_parse(v->identity, &id),
				 ERR_NONE);
	else
		assert_int_equal(seal_key_new(&id, NULL), ERR_NONE);
	o = open_all(body, id, 0);
	if (!str_is(v->expect, verdict(&o)))
		fail_msg("%s: %s", name, verdict(&o));
	sha256(hash, buf_str(&o.plain));
	hex(&sum, hash, sizeof(hash));
	if (v->payload.n && !str_eq(v->payload, buf_str(&sum)))
		fail_msg("%s: released %zu bytes, others", name, o.plain.n);
	buf_release(&o.plain);
	buf_release(&raw);
	buf_release(&sum);
	seal_key_free(id);
}

static void the_vectors_behave_as_they_say(void **state)
{
	struct arena a = { 0 };
	struct str *names = NULL;
	size_t n = 0, ran = 0;

	(void)state;
	if (dir_list(VECTORS, &a, &names, &n))
		skip();
	for (size_t i = 0; i < n; i++) {
		struct buf file = BUF_INIT(LARGE);
		struct vector v;

		assert_int_equal(
			file_read(path_join(&a, VECTORS, names[i].p), &file),
			ERR_NONE);
		read_vector(buf_str(&file), &v);
		if (v.expect.n && !v.skip) {
			run_vector(&v, names[i].p);
			ran++;
		}
		buf_release(&file);
	}
	assert_true(ran >= 67);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_read_and_written_as_age_does),
		cmocka_unit_test(every_flipped_byte_and_every_cut_is_refused),
		cmocka_unit_test(what_we_seal_each_recipient_opens),
		cmocka_unit_test(the_header_is_limited),
		cmocka_unit_test(
			a_stanza_of_ours_that_says_nothing_is_stepped_over),
		cmocka_unit_test(age_opens_what_we_seal_and_we_what_it_seals),
		cmocka_unit_test(the_vectors_behave_as_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
