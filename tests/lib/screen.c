/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>

#include "pilar/utf8.h"

/* A test that cannot set its stage ends the program with a sentence. */
static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "not ok - %s\n", what);
	abort();
}

static void open_on(struct terminal *t, int rows, int cols)
{
	struct ui_files files = { .term = "xterm-256color",
				  .rows = rows,
				  .cols = cols };
	struct report rep = { 0 };
	int pipes[2];

	need(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "no C.UTF-8");
	need(pipe(pipes) == 0, "pipe");
	need(fcntl(pipes[0], F_SETFL, O_NONBLOCK) == 0, "fcntl");
	t->keys = pipes[1];
	t->in = fdopen(pipes[0], "r");
	t->text = BUF_INIT((size_t)1 << 20);
	files.in = t->in;
	files.out = t->out;
	need(ui_open_on(&t->ui, &files, &rep) == 0, "newterm");
	report_release(&rep);
}

void terminal_open(struct terminal *t, int rows, int cols)
{
	*t = (struct terminal){ .master = -1 };
	t->out = fopen("/dev/null", "w");
	open_on(t, rows, cols);
}

void terminal_open_counting(struct terminal *t, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
				.ws_col = (unsigned short)cols };
	struct termios mode;
	int slave;

	*t = (struct terminal){ .master = -1 };
	need(openpty(&t->master, &slave, NULL, NULL, &size) == 0, "openpty");
	need(tcgetattr(slave, &mode) == 0, "tcgetattr");
	cfmakeraw(&mode);
	need(tcsetattr(slave, TCSANOW, &mode) == 0, "tcsetattr");
	need(fcntl(t->master, F_SETFL, O_NONBLOCK) == 0, "fcntl");
	t->out = fdopen(slave, "w");
	open_on(t, rows, cols);
}

void terminal_close(struct terminal *t)
{
	ui_close(t->ui);
	close(t->keys);
	fclose(t->in);
	fclose(t->out);
	if (t->master >= 0)
		close(t->master);
	buf_release(&t->text);
}

/* "<Down>" to what the terminal sends. */
static const char *sequence(const char *name, size_t n, char out[8])
{
	static const struct {
		const char *name, *bytes;
	} table[] = {
		{ "Enter", "\r" },     { "Esc", "\033" },
		{ "Tab", "\t" },       { "BS", "\177" },
		{ "Del", "\033[3~" },  { "Up", "\033OA" },
		{ "Down", "\033OB" },  { "Right", "\033OC" },
		{ "Left", "\033OD" },  { "Home", "\033OH" },
		{ "End", "\033OF" },   { "PgUp", "\033[5~" },
		{ "PgDn", "\033[6~" }, { "S-Tab", "\033[Z" },
		{ "F1", "\033OP" },    { "lt", "<" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strlen(table[i].name) == n &&
		    !strncmp(table[i].name, name, n))
			return table[i].bytes;
	}
	if (n == 3 && name[0] == 'C' && name[1] == '-')
		snprintf(out, 8, "%c", name[2] & 31);
	else if (n == 3 && name[0] == 'x')
		snprintf(out, 8, "%c", (int)strtol(name + 1, NULL, 16));
	else
		need(false, "no such key name");
	return out;
}

/* The next key of `*keys`: its bytes, and `*keys` behind it. */
static size_t next_key(const char **keys, char out[8])
{
	const char *end = **keys == '<' ? strchr(*keys, '>') : NULL;
	size_t n = 1;

	if (end) {
		char own[8];

		snprintf(out, 8, "%s",
			 sequence(*keys + 1, (size_t)(end - *keys - 1), own));
		*keys = end + 1;
		return strlen(out);
	}
	while (((*keys)[n] & 0xc0) == 0x80)
		n++;
	memcpy(out, *keys, n);
	*keys += n;
	return n;
}

void terminal_keys(struct terminal *t, const char *keys)
{
	char bytes[8];

	ui_step(t->ui);
	while (*keys) {
		size_t n = next_key(&keys, bytes);

		need(write(t->keys, bytes, n) == (ssize_t)n, "write");
		ui_step(t->ui);
	}
}

void terminal_burst(struct terminal *t, const char *keys)
{
	char bytes[8];

	while (*keys) {
		size_t n = next_key(&keys, bytes);

		need(write(t->keys, bytes, n) == (ssize_t)n, "write");
	}
	ui_step(t->ui);
}

size_t terminal_bytes(struct terminal *t)
{
	char junk[4096];
	size_t sum = 0;
	ssize_t n;

	while ((n = read(t->master, junk, sizeof(junk))) > 0)
		sum += (size_t)n;
	return sum;
}

static void add_cells(struct buf *out, int row)
{
	wchar_t cells[512];
	size_t from = out->n;
	int n = mvwinnwstr(curscr, row, 0, cells, 511);

	for (int i = 0; i < n; i++) {
		char bytes[4];

		buf_add(out, bytes, utf8_encode((uint32_t)cells[i], bytes));
	}
	while (out->n > from && out->p[out->n - 1] == ' ')
		out->p[--out->n] = '\0';
}

const char *terminal_row(struct terminal *t, int row)
{
	buf_reset(&t->text);
	buf_adds(&t->text, "");
	add_cells(&t->text, row < 0 ? LINES + row : row);
	return t->text.p ? t->text.p : "";
}

const char *terminal_screen(struct terminal *t)
{
	struct buf *b = &t->text;

	ui_step(t->ui);
	buf_reset(b);
	for (int row = 0; row < LINES; row++) {
		add_cells(b, row);
		/* At most one empty line in a row, none at the top. */
		if (b->n && !(b->n > 1 && b->p[b->n - 1] == '\n' &&
			      b->p[b->n - 2] == '\n'))
			buf_addc(b, '\n');
	}
	while (b->n > 1 && b->p[b->n - 1] == '\n' && b->p[b->n - 2] == '\n')
		b->p[--b->n] = '\0';
	return b->p ? b->p : "";
}

void terminal_cursor(struct terminal *t, int *row, int *col)
{
	ui_step(t->ui);
	getyx(curscr, *row, *col);
}

static void fail(struct terminal *t, const char *expected, const char *file,
		 int line, const char *how)
{
	fprintf(stderr, "%s:%d: the screen %s\n%s\nbut is\n%s\n", file, line,
		how, expected, terminal_screen(t));
	abort();
}

void assert_screen_at(struct terminal *t, const char *expected,
		      const char *file, int line)
{
	if (strcmp(terminal_screen(t), expected) != 0)
		fail(t, expected, file, line, "should be");
}

void assert_shows_at(struct terminal *t, const char *part, const char *file,
		     int line)
{
	if (!strstr(terminal_screen(t), part))
		fail(t, part, file, line, "should show");
}

void assert_hides_at(struct terminal *t, const char *part, const char *file,
		     int line)
{
	if (strstr(terminal_screen(t), part))
		fail(t, part, file, line, "should not show");
}
