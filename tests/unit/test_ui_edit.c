/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/sys.h"

#include "../lib/screen.h"

/* A screen that is one line editor, 12 columns wide at column 3 of row 2. */
struct editor {
	struct screen screen;
	struct edit edit;
	bool box;
};

static void draw(struct screen *s, struct ui *u)
{
	struct editor *e = (struct editor *)s;

	if (e->box)
		edit_draw_box(
			&e->edit, u,
			(struct ui_box){
				.row = 2, .col = 3, .rows = 3, .cols = 12 });
	else
		edit_draw(&e->edit, u, 2, 3, 12);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return edit_key(&((struct editor *)s)->edit, k) != EDIT_NOT_TAKEN;
}

static void release(struct screen *s)
{
	edit_release(&((struct editor *)s)->edit);
	free(s);
}

static struct editor *editor_on(struct terminal *t, size_t max)
{
	static const struct screen_ops ops = { .draw = draw,
					       .key = key,
					       .free = release };
	struct editor *e = calloc(1, sizeof(*e));

	assert_non_null(e);
	e->screen.ops = &ops;
	edit_init(&e->edit, max);
	ui_push(t->ui, &e->screen);
	return e;
}

struct row {
	const char *keys, *text;
	int cursor; /* column */
};

/* keys, what is in the field then, and where the cursor stands */
static const struct row rows[] = {
	{ "abc", "abc", 6 },
	{ "abc<Left><Left>x", "axbc", 5 },
	{ "abc<Home>x", "xabc", 4 },
	{ "abc<C-a>x<C-e>y", "xabcy", 8 },
	{ "abc<BS>", "ab", 5 },
	{ "abc<Home><Del>", "bc", 3 },
	{ "abc<Home><BS>", "abc", 3 },
	{ "abc<End><Del>", "abc", 6 },
	{ "dua kata<C-w>", "dua ", 7 },
	{ "dua kata <C-w>", "dua ", 7 },
	{ "dua kata<Home><Right><C-u>", "ua kata", 3 },
	{ "dua kata<Home><Right><C-k>", "d", 4 },
	{ "<C-w><C-u><C-k><BS><Del>", "", 3 },
	{ "\xc3\xa9\xe4\xb8\xad", "\xc3\xa9\xe4\xb8\xad", 6 },
	/* a mark goes with its letter; without a letter it is not taken */
	{ "xe\xcc\x81z<Left><BS>", "xz", 4 },
	{ "xe\xcc\x81z<Left><Left><Del>", "xz", 4 },
	{ "\xcc\x81z", "z", 4 },
	{ "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
	  "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 4 },
	/* nothing that steers a terminal is taken */
	{ "a<xc2><x9b>b", "ab", 5 },
	{ "a\xe2\x80\xae-", "a-", 5 },
	{ "a<x01>b", "ba", 4 },
	/* bytes that are no letter are dropped, their neighbours are not */
	{ "a<xff>b", "ab", 5 },
	{ "a<xc3>b", "ab", 5 },
	{ "a<xe4><xb8>\xc3\xa9", "a\xc3\xa9", 5 },
	{ "a<xed><xa0><x80>b", "ab", 5 },
	{ "a<xc0><xaf>b", "ab", 5 },
};

static void keys_edit_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct terminal t;
		struct editor *e;
		struct str text;
		int row, col;

		terminal_open(&t, 16, 60);
		e = editor_on(&t, 100);
		terminal_keys(&t, rows[i].keys);
		text = edit_text(&e->edit);
		if (!str_is(text, rows[i].text))
			fail_msg("%s gives %.*s", rows[i].keys, STR_ARG(text));
		terminal_cursor(&t, &row, &col);
		assert_int_equal(row, 2);
		if (col != rows[i].cursor)
			fail_msg("%s: column %d", rows[i].keys, col);
		terminal_close(&t);
	}
}

static void a_long_text_moves_its_window_by_half(void **state)
{
	struct terminal t;

	(void)state;
	terminal_open(&t, 16, 60);
	editor_on(&t, 100);
	terminal_keys(&t, "abcdefghijk");
	assert_string_equal(terminal_row(&t, 2), "   abcdefghijk");
	terminal_keys(&t, "l");
	assert_string_equal(terminal_row(&t, 2), "   ghijkl");
	terminal_keys(&t, "<Home>");
	assert_string_equal(terminal_row(&t, 2), "   abcdefghijkl");
	terminal_close(&t);
}

static void a_letter_at_the_end_is_one_byte(void **state)
{
	struct terminal t;

	(void)state;
	terminal_open_counting(&t, 24, 80);
	editor_on(&t, 100);
	terminal_keys(&t, "a");
	terminal_bytes(&t);
	terminal_keys(&t, "b");
	assert_int_equal(terminal_bytes(&t), 1);
	terminal_keys(&t, "\xc3\xa9");
	assert_int_equal(terminal_bytes(&t), 2);
	terminal_keys(&t, "<C-l>");
	assert_true(terminal_bytes(&t) > 0);
	ui_step(t.ui);
	ui_step(t.ui);
	assert_int_equal(terminal_bytes(&t), 0);
	terminal_close(&t);
}

static void the_limit_stops_before_it_is_passed(void **state)
{
	struct terminal t;
	struct editor *e;

	(void)state;
	terminal_open(&t, 16, 60);
	e = editor_on(&t, 5);
	terminal_keys(&t, "abcd\xc3\xa9");
	assert_true(str_is(edit_text(&e->edit), "abcd"));
	terminal_keys(&t, "ef");
	assert_true(str_is(edit_text(&e->edit), "abcde"));
	edit_set(&e->edit, STR("abcd\xc3\xa9"));
	assert_true(str_is(edit_text(&e->edit), "abcd"));
	terminal_close(&t);
}

static void a_masked_text_shows_stars(void **state)
{
	struct terminal t;
	struct editor *e;

	(void)state;
	terminal_open(&t, 16, 60);
	e = editor_on(&t, 50);
	e->edit.masked = true;
	terminal_keys(&t, "r\xc3\xa9hasia");
	assert_string_equal(terminal_row(&t, 2), "   *******");
	assert_true(str_is(edit_text(&e->edit), "r\xc3\xa9hasia"));
	terminal_close(&t);
}

static void a_box_wraps_at_blanks_and_follows_the_cursor(void **state)
{
	struct terminal t;
	struct editor *e;
	int row, col;

	(void)state;
	terminal_open(&t, 16, 60);
	e = editor_on(&t, 200);
	e->box = true;
	terminal_keys(&t, "satu dua tiga empat");
	assert_screen(&t, "   satu dua\n   tiga empat\n");
	terminal_cursor(&t, &row, &col);
	assert_int_equal(row, 3);
	assert_int_equal(col, 13);
	terminal_keys(&t, " lima enam tujuh");
	assert_screen(&t, "   tiga empat\n   lima enam\n   tujuh\n");
	terminal_keys(&t, "<C-a>");
	assert_screen(&t, "   satu dua\n   tiga empat\n   lima enam\n");
	terminal_close(&t);
}

static void a_paste_is_text_and_nothing_else(void **state)
{
	struct terminal t;
	struct editor *e;

	(void)state;
	terminal_open(&t, 16, 60);
	e = editor_on(&t, 200);
	terminal_burst(&t, "a<Esc>[200~b<Enter>c<Tab>d<C-a><Down>e<C-u>"
			   "<Esc>[Df<Esc>[201~g");
	assert_true(str_is(edit_text(&e->edit), "ab c defg"));
	terminal_close(&t);
}

/*
 * Types two pieces of a sequence and a letter. Where the machine stood still
 * for so long that the rest was no more the key's, once more.
 */
static void late(struct terminal *t, struct edit *e, const char *pieces[3])
{
	int64_t begun;

	do {
		terminal_keys(t, "<C-a><C-k>");
		begun = sys_now(sys_real());
		for (int i = 0; i < 3; i++)
			terminal_keys(t, pieces[i]);
	} while (edit_text(e).n != 1 && sys_now(sys_real()) - begun > 900);
}

/* The rest of a sequence that came too late is swallowed. */
static void a_late_sequence_leaves_no_letters(void **state)
{
	struct terminal t;
	struct editor *e;

	(void)state;
	terminal_open(&t, 16, 60);
	e = editor_on(&t, 200);
	late(&t, &e->edit, (const char *[]){ "<Esc>", "[", "Bb" });
	assert_true(str_is(edit_text(&e->edit), "b"));
	late(&t, &e->edit, (const char *[]){ "<Esc>", "O", "Ac" });
	assert_true(str_is(edit_text(&e->edit), "c"));
	terminal_keys(&t, "<C-a><C-k>abc");
	terminal_keys(&t, "<Esc>");
	terminal_keys(&t, "x");
	assert_true(str_is(edit_text(&e->edit), "abcx"));
	/* one nobody knows */
	terminal_burst(&t, "<Esc>[99;5qd");
	assert_true(str_is(edit_text(&e->edit), "abcxd"));
	/* a mouse that another program left switched on */
	terminal_burst(&t, "<Esc>[<lt>0;10;10Me");
	assert_true(str_is(edit_text(&e->edit), "abcxde"));
	terminal_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_edit_the_text),
		cmocka_unit_test(a_long_text_moves_its_window_by_half),
		cmocka_unit_test(a_letter_at_the_end_is_one_byte),
		cmocka_unit_test(the_limit_stops_before_it_is_passed),
		cmocka_unit_test(a_masked_text_shows_stars),
		cmocka_unit_test(a_box_wraps_at_blanks_and_follows_the_cursor),
		cmocka_unit_test(a_paste_is_text_and_nothing_else),
		cmocka_unit_test(a_late_sequence_leaves_no_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
