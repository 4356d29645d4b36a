/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <stdarg.h>
#include <wchar.h>

#include "pilar/utf8.h"

#include "internal.h"

/* Columns are drawn in runs of at most this many characters. */
#define RUN         128
#define REPLACEMENT 0xfffdU

/*
 * ncurses measures with wcwidth(), so we do, too: what it cannot place is
 * shown as the replacement character.
 */
static int cp_columns(uint32_t cp)
{
	int w;

	if (cp < 0x7f)
		return cp < 32 ? -1 : 1;
	w = wcwidth((wchar_t)cp);
	return w;
}

static uint32_t shown(uint32_t cp, int *columns)
{
	*columns = cp_columns(cp);
	if (*columns >= 0)
		return cp;
	*columns = 1;
	return cp < 32 ? ' ' : REPLACEMENT;
}

int ui_width(struct str text)
{
	int sum = 0, w;

	for (size_t at = 0; at < text.n;) {
		(void)shown(utf8_next(text, &at), &w);
		sum += w;
	}
	return sum;
}

size_t ui_fit(struct str s, int width)
{
	size_t at = 0, end = 0;
	int sum = 0, w;

	while (at < s.n) {
		(void)shown(utf8_next(s, &at), &w);
		sum += w;
		if (sum > width)
			break;
		end = at;
	}
	return end;
}

/* Where the locale has no UTF-8: the nearest ASCII sign. */
static uint32_t plain_ascii(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
		char sign;
	} near[] = {
		{ 0xc0, 0xc5, 'A' },      { 0xc8, 0xcb, 'E' },
		{ 0xcc, 0xcf, 'I' },      { 0xd2, 0xd6, 'O' },
		{ 0xd9, 0xdc, 'U' },      { 0xe0, 0xe5, 'a' },
		{ 0xe8, 0xeb, 'e' },      { 0xec, 0xef, 'i' },
		{ 0xf2, 0xf6, 'o' },      { 0xf9, 0xfc, 'u' },
		{ 0xb7, 0xb7, '.' },      { 0x2010, 0x2015, '-' },
		{ 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' },
	};

	if (cp < 0x7f)
		return cp;
	for (size_t i = 0; i < ARRAY_LEN(near); i++) {
		if (cp >= near[i].from && cp <= near[i].to)
			return (uint32_t)near[i].sign;
	}
	return '?';
}

/* Takes cleaned text off `*at` into `run` until `width` columns are full. */
static int fill_run(const struct ui *u, struct str s, size_t *at, int width,
		    wchar_t run[RUN + 1])
{
	int used = 0, w;
	size_t n = 0;

	while (*at < s.n && n < RUN) {
		size_t next = *at;
		uint32_t cp = utf8_next(s, &next);

		if (!u->utf8)
			cp = plain_ascii(cp);
		cp = shown(cp, &w);
		if (used + w > width)
			break;
		used += w;
		run[n++] = (wchar_t)cp;
		*at = next;
	}
	run[n] = L'\0';
	return used;
}

int ui_put(struct ui *u, int row, int col, int width, struct str text)
{
	int used = 0, room = ui_cols(u) - col;
	wchar_t run[RUN + 1];
	struct str s;
	size_t at = 0;

	/* The last cell of the last row would scroll some terminals. */
	if (row == ui_rows(u) - 1)
		room--;
	if (width < 0 || width > room)
		width = room;
	if (row < 0 || row >= ui_rows(u) || col < 0 || width <= 0 || !text.n)
		return 0;
	buf_reset(&u->clean);
	utf8_clean(&u->clean, str_sub(text, 0, (size_t)width * 24));
	s = buf_str(&u->clean);
	while (at < s.n) {
		size_t before = at;
		int got = fill_run(u, s, &at, width - used, run);

		if (at == before)
			break;
		mvaddwstr(row, col + used, run);
		used += got;
	}
	return used;
}

int ui_puts(struct ui *u, int row, int col, int width, const char *text)
{
	return ui_put(u, row, col, width, str_from(text));
}

int ui_put_right(struct ui *u, int row, int end, int width, struct str text)
{
	int w = ui_width(text);

	if (width >= 0 && w > width) {
		text = str_sub(text, 0, ui_fit(text, width));
		w = ui_width(text);
	}
	return ui_put(u, row, end - w, w, text);
}

void ui_blank(struct ui *u, int row, int col, int width)
{
	int room = ui_cols(u) - col;

	if (width < 0 || width > room)
		width = room;
	if (row < 0 || row >= ui_rows(u) || col < 0)
		return;
	move(row, col);
	for (int i = 0; i < width; i++)
		addch(' ');
}

void ui_attr(struct ui *u, enum ui_attr attr)
{
	(void)u;
	attrset(attr == UI_BOLD ? (int)A_BOLD : (int)A_NORMAL);
}

void ui_title(struct ui *u, struct str left, struct str right)
{
	int room = ui_cols(u) - 2, l = ui_width(left), r = ui_width(right);

	/* Where both do not fit, a short right one stays whole. */
	if (l + 2 + r > room && r > room / 3)
		r = l + 2 > room - room / 3 ? room / 3 : room - l - 2;
	ui_attr(u, UI_BOLD);
	ui_put(u, 0, 1, r ? room - r - 2 : room, left);
	ui_attr(u, UI_PLAIN);
	ui_put_right(u, 0, ui_cols(u) - 1, r, right);
}

void ui_cursor(struct ui *u, int row, int col)
{
	u->cursor_row = row;
	u->cursor_col = col;
}

bool ui_wrap(struct str *rest, int width, struct str *line)
{
	return utf8_wrap(rest, width > 0 ? (size_t)width : 1, line);
}

int ui_wrap_count(struct str text, int width)
{
	struct str line;
	int n = 0;

	while (ui_wrap(&text, width, &line))
		n++;
	return n;
}

/* What is too long even so ends where the room does. */
#define BOTTOM_ROWS 3

int bottom_draw(struct ui *u, struct str text, int from)
{
	int width = ui_cols(u) - 2, end = ui_rows(u) - 1;
	int n = ui_wrap_count(text, width), used = 0;
	struct str line;

	n = n < BOTTOM_ROWS ? n : BOTTOM_ROWS;
	if (end - n < from)
		n = end - from;
	if (n <= 1)
		return ui_put(u, end - 1, 1, width, text);
	for (int row = end - n; row < end && ui_wrap(&text, width, &line);
	     row++) {
		ui_blank(u, row, 0, -1);
		used = ui_put(u, row, 1, -1, line);
	}
	return used;
}

void ui_message(struct ui *u, const char *format, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	buf_reset(&u->message);
	if (n > 0)
		buf_adds(&u->message, text);
}
