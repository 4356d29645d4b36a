/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pilar/screens.h"
#include "pilar/sync.h"
#include "pilar/xlsform.h"

#define FORM_BYTES ((size_t)1 << 20)

void stage_make(struct stage *g, const char *datasets)
{
	*g = (struct stage){ .t = { .ui = NULL } };
	world_make(&g->w);
	if (datasets)
		world_datasets_put(&g->w, datasets);
	assert_int_equal(cases_refresh(g->w.cases), 0);
}

void stage_form(struct stage *g, struct str markdown)
{
	struct buf xml = BUF_INIT(FORM_BYTES);
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc =
		xlsform_convert(markdown, SHEETS_MD, STR("uji"), &xml, &rep);

	if (!rc)
		rc = cases_form_add(g->w.cases, buf_str(&xml), "uji", &rep);
	if (rc)
		fail_msg("%.*s", STR_ARG(report_first(&rep, &a)));
	arena_release(&a);
	report_release(&rep);
	buf_release(&xml);
	assert_int_equal(cases_refresh(g->w.cases), 0);
}

void stage_home(struct stage *g)
{
	if (!g->t.ui)
		terminal_open(&g->t, 24, 80);
	assert_int_equal(screens_home(g->t.ui, g->w.cases), 0);
}

void stage_begin(struct stage *g, const char *markdown)
{
	stage_make(g, NULL);
	stage_form(g, str_from(markdown));
	stage_home(g);
}

struct str stage_family(struct stage *g, const char *datasets)
{
	static const char *const people[] = { "Siti", "Wati" };
	struct submission s;
	struct str id;

	stage_make(g, datasets);
	id = world_uuid(&g->w);
	s = world_family(&g->w, id, "Melati", people, ARRAY_LEN(people), NULL);
	world_submit(&g->w, &s);
	s = world_visit(&g->w, id, "2026-11-24", NULL);
	world_submit(&g->w, &s);
	stage_home(g);
	terminal_keys(&g->t, "kmel<Enter><Enter>");
	return id;
}

void stage_again(struct stage *g)
{
	terminal_close(&g->t);
	world_close(&g->w);
	world_open(&g->w);
	g->t = (struct terminal){ .ui = NULL };
	stage_home(g);
}

void stage_end(struct stage *g)
{
	terminal_close(&g->t);
	world_remove(&g->w);
}

struct str stage_house(struct stage *g, const char *name, const char *number,
		       const char *village)
{
	return world_put_house(&g->w, name, number, village);
}

struct str stage_saved(struct stage *g)
{
	struct str xml = STR("");

	assert_int_equal(
		cases_last_saved(g->w.cases, STR("uji"), &g->w.arena, &xml), 0);
	return xml;
}

static const char *stick;

void stage_stick(const char *folder)
{
	stick = folder;
}

enum err __wrap_sync_places(struct arena *a, struct str **out, size_t *n);
enum err __wrap_sync_places(struct arena *a, struct str **out, size_t *n)
{
	*n = stick ? 1 : 0;
	*out = arena_array(a, *n + 1, sizeof(**out));
	if (*n && *out)
		(*out)[0] = str_from(stick);
	return *out ? ERR_NONE : ERR_NOMEM;
}
