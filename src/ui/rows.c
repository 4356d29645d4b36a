/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#define MARK_COL 1

void rows_set(struct rows *r, size_t n)
{
	r->n = n;
	if (r->at >= n)
		r->at = n ? n - 1 : 0;
	if (r->top > r->at)
		r->top = r->at;
}

static void step(struct rows *r, bool down, size_t by)
{
	if (!down)
		r->at = r->at > by ? r->at - by : 0;
	else if (r->n)
		r->at = r->n - 1 - r->at > by ? r->at + by : r->n - 1;
}

bool rows_key(struct rows *r, struct key k)
{
	size_t page = r->height > 1 ? (size_t)r->height - 1 : 1;

	if (k.pasted)
		return false;
	switch (k.code) {
	case UI_UP:
		step(r, false, 1);
		return true;
	case UI_DOWN:
		step(r, true, 1);
		return true;
	case UI_PGUP:
		step(r, false, page);
		return true;
	case UI_PGDN:
		step(r, true, page);
		return true;
	case UI_HOME:
		r->at = 0;
		return true;
	case UI_END:
		step(r, true, r->n);
		return true;
	default:
		return false;
	}
}

size_t rows_window(struct rows *r, int height)
{
	size_t h = height > 1 ? (size_t)height : 1, end;

	r->height = (int)h;
	/* Half a window at once costs fewer bytes than row by row. */
	if (r->at < r->top)
		r->top = r->at > h / 2 ? r->at - h / 2 : 0;
	else if (r->at >= r->top + h)
		r->top = r->at - h / 2;
	if (r->n <= h)
		r->top = 0;
	end = r->top + h;
	return end < r->n ? end : r->n;
}

void rows_mark(const struct rows *r, struct ui *u, int first_row)
{
	int row = first_row + (int)(r->at - r->top);

	if (!r->n)
		return;
	ui_puts(u, row, MARK_COL, 1, ">");
	ui_cursor(u, row, MARK_COL + 1);
}
