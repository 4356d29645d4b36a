/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "../lib/screen.h"

/* A screen that counts its keys, and work in parts. */
struct board {
	struct screen screen;
	struct terminal t;
	int keys, parts, parts_wanted, keys_before;
};

static void draw(struct screen *s, struct ui *u)
{
	(void)s;
	ui_title(u, STR("Papan"), STR(""));
}

static bool take_key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	(void)k;
	((struct board *)s)->keys++;
	return true;
}

static void no_free(struct screen *s)
{
	(void)s;
}

static const struct screen_ops ops = {
	.title = "Papan", .draw = draw, .key = take_key, .free = no_free
};

static void begin(struct board *b)
{
	*b = (struct board){ .screen = { .ops = &ops } };
	terminal_open(&b->t, 24, 80);
	ui_push(b->t.ui, &b->screen);
}

/* The terminal's other end goes away. */
static void hang_up(struct board *b)
{
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	assert_true(dup2(nothing, b->t.keys) >= 0);
	close(nothing);
}

static bool do_part(void *arg)
{
	struct board *b = arg;

	b->keys_before = b->keys;
	if (++b->parts < b->parts_wanted)
		return true;
	hang_up(b);
	return false;
}

static void what_can_wait_is_done_while_nobody_types(void **state)
{
	struct board b;

	(void)state;
	begin(&b);
	b.parts_wanted = 3;
	ui_spare(b.t.ui, do_part, &b);
	assert_int_equal(write(b.t.keys, "ab", 2), 2);
	assert_int_equal(ui_run(b.t.ui), ERR_CANCELLED);
	assert_int_equal(b.parts, 3);
	assert_int_equal(b.keys_before, 2); /* the keys came first */
	terminal_close(&b.t);
}

static bool type_and_go_on(void *arg)
{
	struct board *b = arg;

	if (b->parts++ == 0)
		assert_int_equal(write(b->t.keys, "c", 1), 1);
	if (!b->keys)
		return true;
	hang_up(b);
	return false;
}

static void a_key_is_taken_between_two_parts(void **state)
{
	struct board b;

	(void)state;
	begin(&b);
	ui_spare(b.t.ui, type_and_go_on, &b);
	assert_int_equal(ui_run(b.t.ui), ERR_CANCELLED);
	assert_int_equal(b.parts, 2);
	terminal_close(&b.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_wait_is_done_while_nobody_types),
		cmocka_unit_test(a_key_is_taken_between_two_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
