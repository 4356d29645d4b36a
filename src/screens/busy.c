/* SPDX-License-Identifier: MIT */
#include "busy.h"

#include "pilar/i18n.h"

#define BAR_COLUMNS 30
/* Drawn anew so many times at the most. */
#define BAR_STEPS 20

void busy_begin(struct busy *b, struct ui *u, const char *doing)
{
	*b = (struct busy){ .ui = u, .doing = doing };
	ui_refresh(u);
}

void busy_end(struct busy *b)
{
	b->doing = NULL;
}

void busy_progress(void *busy, size_t done, size_t total)
{
	struct busy *b = busy;
	size_t was = b->total ? b->done * BAR_STEPS / b->total : 0;
	size_t now = total ? done * BAR_STEPS / total : 0;

	b->done = done;
	b->total = total;
	if (now != was)
		ui_refresh(b->ui);
}

bool busy_stopped(void *busy)
{
	return ui_stopped(((struct busy *)busy)->ui);
}

void busy_draw(const struct busy *b, struct ui *u, int row)
{
	struct arena *a = ui_scratch(u);
	size_t full = b->total ? b->done * BAR_COLUMNS / b->total : 0;

	full = full < BAR_COLUMNS ? full : BAR_COLUMNS;
	ui_put(u, row, 3, -1,
	       arena_printf(a, "%s  [%.*s%*s]  %zu%%", b->doing, (int)full,
			    "##############################",
			    BAR_COLUMNS - (int)full, "",
			    b->total ? b->done * 100 / b->total : 0));
	ui_puts(u, row + 1, 3, -1, _("Esc menghentikan"));
}
