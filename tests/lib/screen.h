/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include <stdio.h>

#include "pilar/buf.h"
#include "pilar/ui.h"

/*
 * A terminal in memory: keys go in as text, the screen comes out as text.
 *
 *	struct terminal t;
 *	terminal_open(&t, 16, 60);
 *	ui_push(t.ui, ...);
 *	terminal_keys(&t, "siti<Down><Enter>");
 *	assert_screen(&t, " Keluarga\n\n > Siti Aminah\n");
 *	terminal_close(&t);
 *
 * Keys: letters as they are; <Enter> <Esc> <Tab> <BS> <Del> <Up> <Down> <Left>
 * <Right> <Home> <End> <PgUp> <PgDn> <S-Tab> <F1> <lt>, <C-x>, and <x1b> for
 * any byte in hexadecimal.
 */
struct terminal {
	struct ui *ui;
	FILE *in, *out;
	int keys, master; /* master: of a pseudo terminal, or -1 */
	struct buf text;
};

void terminal_open(struct terminal *t, int rows, int cols);
/* Counts bytes: what is written goes to a pseudo terminal. */
void terminal_open_counting(struct terminal *t, int rows, int cols);
void terminal_close(struct terminal *t);

/* Types the keys one after another, a round for each. */
void terminal_keys(struct terminal *t, const char *keys);
/* All of them in one write, one round. */
void terminal_burst(struct terminal *t, const char *keys);
/* Bytes written to the terminal since the last call. */
size_t terminal_bytes(struct terminal *t);

/*
 * The screen as text: blanks at the end of lines gone, empty lines at the end
 * gone, several empty lines as one. Good until the next call.
 */
const char *terminal_screen(struct terminal *t);
/* One row, from 0; negative counts from the last. */
const char *terminal_row(struct terminal *t, int row);
void terminal_cursor(struct terminal *t, int *row, int *col);

#define assert_screen(t, expected) \
	assert_screen_at((t), (expected), __FILE__, __LINE__)
void assert_screen_at(struct terminal *t, const char *expected,
		      const char *file, int line);
#define assert_shows(t, part) assert_shows_at((t), (part), __FILE__, __LINE__)
void assert_shows_at(struct terminal *t, const char *part, const char *file,
		     int line);
#define assert_hides(t, part) assert_hides_at((t), (part), __FILE__, __LINE__)
void assert_hides_at(struct terminal *t, const char *part, const char *file,
		     int line);

#endif
