/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <string.h>

#include "pilar/utf8.h"

#include "internal.h"

void edit_init(struct edit *e, size_t max)
{
	*e = (struct edit){ .text = BUF_INIT(max) };
}

void edit_release(struct edit *e)
{
	buf_release(&e->text);
}

struct str edit_text(const struct edit *e)
{
	return buf_str(&e->text);
}

void edit_set(struct edit *e, struct str text)
{
	size_t end = 0;

	while (end < text.n) {
		size_t next = utf8_cluster_next(text, end);

		if (next > e->text.max)
			break;
		end = next;
	}
	buf_reset(&e->text);
	buf_add(&e->text, text.p, end);
	e->at = e->text.n;
	e->left = 0;
}

/* Replaces [from, to) by `by`; the cursor goes behind it. */
static enum edit_result splice(struct edit *e, size_t from, size_t to,
			       struct str by)
{
	struct buf *b = &e->text;
	size_t old = b->n, tail = old - to;

	if (from == to && !by.n)
		return EDIT_TAKEN;
	if (old - (to - from) + by.n > b->max)
		return EDIT_FULL;
	if (by.n > to - from) { /* make room first */
		static const char room[8] = { 0 };

		buf_add(b, room, by.n - (to - from));
		if (b->failed) {
			buf_reset(b);
			return EDIT_FULL;
		}
	}
	memmove(b->p + from + by.n, b->p + to, tail);
	memcpy(b->p + from, by.p, by.n);
	b->n = from + by.n + tail;
	b->p[b->n] = '\0';
	e->at = from + by.n;
	return EDIT_CHANGED;
}

static enum edit_result insert(struct edit *e, uint32_t cp)
{
	char bytes[4];
	size_t n = utf8_encode(cp, bytes);
	bool mark = cp >= 0x80 && wcwidth((wchar_t)cp) == 0;

	if (!n || (cp >= 0x80 && wcwidth((wchar_t)cp) < 0))
		return EDIT_TAKEN;
	if (e->accept && !e->accept(e, cp))
		return EDIT_TAKEN;
	if (mark) {
		size_t base = utf8_cluster_prev(edit_text(e), e->at);
		struct str with = str_sub(edit_text(e), base, e->at);

		/* No mark without a base, nor more than a cell can hold. */
		if (e->at == 0 || utf8_count(with) > 4)
			return EDIT_TAKEN;
	}
	return splice(e, e->at, e->at, str_of(bytes, n));
}

static size_t word_start(const struct edit *e)
{
	size_t at = e->at;

	while (at > 0 && e->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && e->text.p[at - 1] != ' ')
		at--;
	return at;
}

static enum edit_result cursor_to(struct edit *e, size_t at)
{
	e->at = at;
	return EDIT_TAKEN;
}

static enum edit_result control(struct edit *e, uint32_t code)
{
	struct str s = edit_text(e);

	switch (code) {
	case UI_LEFT:
	case UI_CTRL('b'):
		return cursor_to(e, utf8_cluster_prev(s, e->at));
	case UI_RIGHT:
		return cursor_to(e, utf8_cluster_next(s, e->at));
	case UI_HOME:
	case UI_CTRL('a'):
		return cursor_to(e, 0);
	case UI_END:
	case UI_CTRL('e'):
		return cursor_to(e, s.n);
	case UI_BACKSPACE:
		return splice(e, utf8_cluster_prev(s, e->at), e->at, STR(""));
	case UI_DELETE:
	case UI_CTRL('d'):
		return splice(e, e->at, utf8_cluster_next(s, e->at), STR(""));
	case UI_CTRL('w'):
		return splice(e, word_start(e), e->at, STR(""));
	case UI_CTRL('u'):
		return splice(e, 0, e->at, STR(""));
	case UI_CTRL('k'):
		return splice(e, e->at, s.n, STR(""));
	default:
		return EDIT_NOT_TAKEN;
	}
}

/*
 * Deleting a base moves its marks onto what stands before; at the very start
 * there is nothing, so they go, too.
 */
static void drop_orphans(struct edit *e)
{
	struct str s = edit_text(e);
	size_t end = 0;

	while (end < s.n) {
		size_t next = end;
		uint32_t cp = utf8_next(s, &next);

		if (cp < 0x80 || wcwidth((wchar_t)cp) != 0)
			break;
		end = next;
	}
	if (!end)
		return;
	memmove(e->text.p, e->text.p + end, e->text.n - end + 1);
	e->text.n -= end;
	e->at = e->at > end ? e->at - end : 0;
}

enum edit_result edit_key(struct edit *e, struct key k)
{
	enum edit_result r;

	if (key_printable(k))
		return insert(e, k.code);
	r = control(e, k.code);
	if (r == EDIT_CHANGED)
		drop_orphans(e);
	return r;
}

/* ---- drawing */
static struct str stars(const struct edit *e, struct ui *u, struct str part)
{
	size_t n = 0;
	char *p;

	if (!e->masked)
		return part;
	for (size_t at = 0; at < part.n; n++)
		at = utf8_cluster_next(part, at);
	p = arena_alloc(ui_scratch(u), n + 1);
	if (!p)
		return STR("");
	memset(p, '*', n);
	return str_of(p, n);
}

static struct str part_of(const struct edit *e, struct ui *u, size_t from,
			  size_t to)
{
	return stars(e, u, str_sub(edit_text(e), from, to));
}

/* The cluster that stands `columns` before `at`. */
static size_t back_columns(const struct edit *e, struct ui *u, size_t at,
			   int columns)
{
	size_t from = at;

	while (from > 0) {
		size_t prev = utf8_cluster_prev(edit_text(e), from);

		if (ui_width(part_of(e, u, prev, at)) > columns)
			break;
		from = prev;
	}
	return from;
}

void edit_draw(struct edit *e, struct ui *u, int row, int col, int width)
{
	struct str rest;

	if (width < 2)
		return;
	if (e->left > e->text.n)
		e->left = 0;
	/* The cursor itself wants a column behind the text. */
	if (e->at < e->left || ui_width(part_of(e, u, e->left, e->at)) >= width)
		e->left = back_columns(e, u, e->at, width / 2);
	rest = part_of(e, u, e->left, e->text.n);
	ui_put(u, row, col, width, rest);
	ui_cursor(u, row, col + ui_width(part_of(e, u, e->left, e->at)));
}

void edit_show(const struct edit *e, struct ui *u, int row, int col, int width)
{
	ui_put(u, row, col, width, part_of(e, u, 0, e->text.n));
}

/* ---- wrapped */
/* End of the line that begins at `from`: a hard break, blanks kept. */
static size_t line_end(struct str s, size_t from, int cols)
{
	struct str rest = str_sub(s, from, s.n);
	size_t fit = ui_fit(rest, cols), blank = fit;

	if (fit == rest.n)
		return s.n;
	while (blank > 0 && rest.p[blank - 1] != ' ')
		blank--;
	return from + (blank > 0 ? blank : fit > 0 ? fit : 1);
}

/* Which line, counted from the start, the cursor is on. */
static int cursor_line(const struct edit *e, int cols, size_t *from)
{
	struct str s = edit_text(e);
	int line = 0;

	*from = 0;
	while (*from < s.n) {
		size_t end = line_end(s, *from, cols);

		if (e->at < end || end == s.n)
			break;
		*from = end;
		line++;
	}
	return line;
}

void edit_draw_box(struct edit *e, struct ui *u, struct ui_box box)
{
	struct str s = edit_text(e);
	size_t at = 0, start;
	int line, first;

	if (box.rows < 1 || box.cols < 2)
		return;
	/* one column is the cursor's at the end of a full line */
	line = cursor_line(e, box.cols - 1, &start);
	first = line < box.rows ? 0 : line - box.rows + 1;
	for (int i = 0; at < s.n && i < first + box.rows; i++) {
		size_t end = line_end(s, at, box.cols - 1);

		if (i >= first)
			ui_put(u, box.row + i - first, box.col, box.cols,
			       str_sub(s, at, end));
		at = end;
	}
	ui_cursor(u, box.row + line - first,
		  box.col + ui_width(str_sub(s, start, e->at)));
}
