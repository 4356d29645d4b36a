/* SPDX-License-Identifier: MIT */
#include "open.h"

#include "text.h"

void screen_back(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_pop(u);
}

void screen_stay(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)u;
	(void)b;
}

void screen_help(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_help(u);
}

void screen_says(struct ui *u, const struct report *rep, enum err rc)
{
	struct str first = report_first(rep, ui_scratch(u));

	if (first.n)
		ui_message(u, "%.*s", STR_ARG(first));
	else if (rc)
		ui_message(u, "%s", text_error(rc));
}
