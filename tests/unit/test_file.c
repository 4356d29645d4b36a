/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/json.h"
#include "pilar/tar.h"

static int make_folder(void **state)
{
	char *dir = strdup("/tmp/pilar-file-XXXXXX");

	*state = dir ? mkdtemp(dir) : NULL;
	return *state ? 0 : -1;
}

static int remove_folder(void **state)
{
	enum err rc = dir_remove(*state);

	free(*state);
	return rc;
}

static void a_file_appears_whole_and_private(void **state)
{
	struct arena a = { 0 };
	char *path = path_join(&a, *state, "berkas");
	struct buf b = BUF_INIT(100);
	struct stat st;
	struct str *names;
	size_t n;

	assert_int_equal(file_write(path, STR("isi")), ERR_NONE);
	assert_int_equal(file_read(path, &b), ERR_NONE);
	assert_string_equal(b.p, "isi");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(dir_list(*state, &a, &names, &n), ERR_NONE);
	assert_int_equal(n, 1);
	buf_release(&b);
	arena_release(&a);
}

static void a_file_over_the_limit_is_refused(void **state)
{
	struct arena a = { 0 };
	char *path = path_join(&a, *state, "besar");
	struct buf b = BUF_INIT(2);

	assert_int_equal(file_write(path, STR("isi")), ERR_NONE);
	assert_int_equal(file_read(path, &b), ERR_TOOBIG);
	assert_int_equal(file_read(*state, &b), ERR_INVALID);
	assert_int_equal(file_read("/tidak/ada", &b), ERR_NOTFOUND);
	buf_release(&b);
	arena_release(&a);
}

static void an_abandoned_file_leaves_nothing(void **state)
{
	struct arena a = { 0 };
	char *path = path_join(&a, *state, "batal");
	struct file_out o;
	struct str *names;
	size_t n;

	assert_int_equal(file_out_open(&o, path), ERR_NONE);
	assert_int_equal(file_out_add(&o, "x", 1), ERR_NONE);
	file_out_abort(&o);
	assert_int_equal(dir_list(*state, &a, &names, &n), ERR_NONE);
	for (size_t i = 0; i < n; i++)
		assert_false(str_starts(names[i], STR("batal")));
	arena_release(&a);
}

static enum err collect(void *arg, const void *p, size_t n)
{
	struct buf *b = arg;

	buf_add(b, p, n);
	return b->failed;
}

static void make_tar(struct buf *out, const char *path, struct str content)
{
	struct tar_out *t = NULL;

	assert_int_equal(tar_out_new(&t, collect, out), ERR_NONE);
	assert_int_equal(tar_out_add(t, str_from(path), content), ERR_NONE);
	assert_int_equal(tar_out_end(t), ERR_NONE);
	tar_out_free(t);
}

static enum err give(void *arg, void *p, size_t max, size_t *n)
{
	struct str *rest = arg;

	*n = rest->n < max ? rest->n : max;
	if (*n)
		memcpy(p, rest->p, *n);
	*rest = str_sub(*rest, *n, rest->n);
	return ERR_NONE;
}

static void tar_round_trip_is_reproducible(void **state)
{
	struct buf one = BUF_INIT(1 << 20), two = BUF_INIT(1 << 20);
	struct buf content = BUF_INIT(1000);
	struct tar_in *in = NULL;
	struct str path, bytes;

	(void)state;
	make_tar(&one, "a/b.xml", STR("<a/>"));
	make_tar(&two, "a/b.xml", STR("<a/>"));
	assert_true(str_eq(buf_str(&one), buf_str(&two)));
	bytes = buf_str(&one);
	assert_int_equal(tar_in_stream(&in, give, &bytes, 4), ERR_NONE);
	assert_int_equal(tar_in_next(in, &path, &content), ERR_NONE);
	assert_true(str_is(path, "a/b.xml"));
	assert_string_equal(content.p, "<a/>");
	assert_int_equal(tar_in_next(in, &path, &content), ERR_NOTFOUND);
	tar_in_free(in);
	bytes = buf_str(&one);
	assert_int_equal(tar_in_stream(&in, give, &bytes, 3), ERR_NONE);
	assert_int_equal(tar_in_next(in, &path, &content), ERR_TOOBIG);
	tar_in_free(in);
	buf_release(&one);
	buf_release(&two);
	buf_release(&content);
}

static void paths_that_leave_the_folder_are_refused(void **state)
{
	static const char *const bad[] = { "/abs", "../x", "a/../b", "a//b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf bytes = BUF_INIT(1 << 20), c = BUF_INIT(10);
		struct tar_in *in = NULL;
		struct str path, rest;

		make_tar(&bytes, bad[i], STR("x"));
		rest = buf_str(&bytes);
		assert_int_equal(tar_in_stream(&in, give, &rest, 10), ERR_NONE);
		assert_int_equal(tar_in_next(in, &path, &c), ERR_INVALID);
		tar_in_free(in);
		buf_release(&bytes);
		buf_release(&c);
	}
}

static void json_keeps_the_order_of_keys(void **state)
{
	struct str text = STR("{\"b\":1,\"a\":[true,\"x\"]}");
	struct json *j = NULL, *value = NULL;
	struct str key = { 0 };
	void *at = NULL;
	struct buf b = BUF_INIT(1000);

	(void)state;
	assert_int_equal(json_parse(&j, text, NULL), ERR_NONE);
	assert_int_equal(json_int(json_get(j, "b")), 1);
	assert_true(str_is(json_str(json_at(json_get(j, "a"), 1)), "x"));
	assert_true(json_next(j, &at, &key, &value));
	assert_true(str_is(key, "b") && json_int(value) == 1);
	assert_true(json_next(j, &at, &key, &value));
	assert_true(str_is(key, "a") && json_len(value) == 2);
	assert_false(json_next(j, &at, &key, &value));
	assert_int_equal(json_write(&b, j), ERR_NONE);
	assert_true(str_eq(buf_str(&b), text));
	json_free(j);
	assert_int_equal(json_parse(&j, STR("{"), NULL), ERR_SYNTAX);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_appears_whole_and_private),
		cmocka_unit_test(a_file_over_the_limit_is_refused),
		cmocka_unit_test(an_abandoned_file_leaves_nothing),
		cmocka_unit_test(tar_round_trip_is_reproducible),
		cmocka_unit_test(paths_that_leave_the_folder_are_refused),
		cmocka_unit_test(json_keeps_the_order_of_keys),
	};

	return cmocka_run_group_tests_name("file", tests, make_folder,
					   remove_folder);
}
