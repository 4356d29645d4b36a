/* SPDX-License-Identifier: MIT */
#include "recap.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/recap.h"
#include "pilar/search.h"
#include "pilar/when.h"

#include "text.h"

/*
 * This month, those before it, two years, the whole time; and what is typed
 * where that is a period itself.
 */
#define MONTHS  24
#define CHOICES (MONTHS + 3)
#define ROWS    14
#define COLUMNS 54

struct offer {
	struct str from, to, line, folded;
};

struct picking {
	struct days days;
	struct arena arena;
	struct offer all[CHOICES], typed;
	size_t n;
	const struct offer *found[CHOICES + 1];
	size_t n_found;
};

static void add(struct picking *p, struct str period, struct str line)
{
	struct offer *c = &p->all[p->n];

	if (period.n && !recap_period(period, &p->arena, &c->from, &c->to))
		return;
	c->line = line;
	c->folded = search_fold(&p->arena, line, false);
	p->n++;
}

static void add_month(struct picking *p, int year, int month)
{
	struct arena *a = &p->arena;
	struct str day = text_day_short(a, when_days(year, month, 1));
	struct str period = arena_printf(a, "%04d-%02d", year, month);

	add(p, period,
	    arena_printf(a, "%.*s  %.*s", STR_ARG(period),
			 STR_ARG(str_sub(day, 3, day.n))));
}

static void add_year(struct picking *p, int year)
{
	struct arena *a = &p->arena;
	struct str period = arena_printf(a, "%04d", year);

	add(p, period,
	    arena_printf(a, _("%.*s     seluruh tahun"), STR_ARG(period)));
}

static void fill(struct picking *p)
{
	struct when w;

	when_local(p->days.sys, sys_now(p->days.sys), &w);
	for (int i = 0; i < MONTHS; i++) {
		int month = w.year * 12 + w.month - 1 - i;

		add_month(p, month / 12, month % 12 + 1);
	}
	add_year(p, w.year);
	add_year(p, w.year - 1);
	add(p, STR(""), str_from(_("seluruh masa")));
}

static bool take_typed(struct picking *p, struct str typed)
{
	struct offer *c = &p->typed;

	if (!recap_period(typed, &p->arena, &c->from, &c->to))
		return false;
	c->line = recap_period_text(c->from, c->to, &p->arena);
	return true;
}

static size_t narrow(void *self, struct str typed)
{
	struct picking *p = self;
	struct str folded = search_fold(&p->arena, str_trim(typed), true);

	p->n_found = 0;
	if (take_typed(p, typed))
		p->found[p->n_found++] = &p->typed;
	for (size_t i = 0; i < p->n; i++)
		if (str_find(p->all[i].folded, folded, 0) != SIZE_MAX)
			p->found[p->n_found++] = &p->all[i];
	return p->n_found;
}

static void row(void *self, size_t i, struct buf *out)
{
	buf_addstr(out, ((struct picking *)self)->found[i]->line);
}

static void take(void *self, struct ui *u, size_t i)
{
	struct picking *p = self;

	p->days.take(p->days.owner, u, p->found[i]->from, p->found[i]->to);
}

static void close_pick(void *self)
{
	struct picking *p = self;

	arena_release(&p->arena);
	free(p);
}

void recap_days_pick(struct ui *u, const struct days *d)
{
	struct picking *p = calloc(1, sizeof(*p));
	const struct pick pick = {
		.source = { .narrow = narrow,
			    .row = row,
			    .take = take,
			    .close = close_pick,
			    .self = p },
		.title = str_from(_("Masa, atau ketik 2026-11 atau "
				    "1-11-2026 15-11-2026")),
		.box = { 2, 12, ROWS, COLUMNS },
	};

	if (!p)
		return;
	p->days = *d;
	fill(p);
	if (ui_pick(u, &pick))
		ui_message(u, "%s", text_error(ERR_NOMEM));
}
