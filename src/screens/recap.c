/* SPDX-License-Identifier: MIT */
#include "recap.h"

#include <stdlib.h>

#include "pilar/i18n.h"
#include "pilar/recap.h"

#include "open.h"
#include "text.h"

#define FIRST_ROW 2

/* Which recap, or which paper about a record. */
struct choice_screen {
	struct screen screen;
	struct cases *cases;
	struct recaps *recaps;
	struct arena arena;
	struct entity about;
	bool has_about;
	VEC(const struct recap *) list;
	struct rows rows;
};

static void draw(struct screen *s, struct ui *u)
{
	struct choice_screen *v = (struct choice_screen *)s;
	size_t end = rows_window(&v->rows, ui_rows(u) - FIRST_ROW - 2);

	ui_title(u, v->has_about ? v->about.label : str_from(_("Rekap")),
		 text_count(ui_scratch(u), v->list.n));
	for (size_t i = v->rows.top; i < end; i++)
		ui_put(u, FIRST_ROW + (int)(i - v->rows.top), 3, -1,
		       recap_title(v->list.at[i]));
	rows_mark(&v->rows, u, FIRST_ROW);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct choice_screen *)s)->rows, k);
}

static void act_open(struct screen *s, struct ui *u, const struct binding *b)
{
	struct choice_screen *v = (struct choice_screen *)s;

	(void)b;
	if (v->rows.at < v->list.n)
		recap_page_open(u, v->cases, recap_name(v->list.at[v->rows.at]),
				v->has_about ? &v->about : NULL);
}

static void release(struct screen *s)
{
	struct choice_screen *v = (struct choice_screen *)s;

	vec_release(&v->list);
	recaps_free(v->recaps);
	arena_release(&v->arena);
	free(v);
}

/* Papers about its kind of record; else everything that needs none. */
static enum err fill(struct choice_screen *v, struct report *rep)
{
	struct str dataset = v->has_about ? v->about.dataset : STR("");
	enum err rc = recaps_open(&v->recaps, v->cases, rep);

	for (size_t i = 0; !rc && i < recaps_count(v->recaps); i++) {
		const struct recap *r = recaps_at(v->recaps, i), **slot;

		if (!str_eq(recap_dataset(r), dataset) || recap_inner(r))
			continue;
		slot = vec_push(&v->list);
		if (!slot)
			return ERR_NOMEM;
		*slot = r;
	}
	rows_set(&v->rows, v->list.n);
	return rc;
}

static void choice_open(struct ui *u, struct cases *c,
			const struct entity *about)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("buka"), N_("hitung dan tampilkan"), act_open,
		  NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Rekap"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct choice_screen *v = calloc(1, sizeof(*v));
	struct report rep = { 0 };
	enum err rc = ERR_NONE;

	if (!v)
		return;
	v->screen.ops = &ops;
	v->screen.bindings = bindings;
	v->cases = c;
	v->has_about = about != NULL;
	if (about)
		rc = cases_entity(c, about->dataset, about->id, &v->arena,
				  &v->about);
	if (!rc)
		rc = fill(v, &rep);
	if (rc || !v->list.n) {
		if (rc)
			screen_says(u, &rep, rc);
		else
			ui_message(u, "%s", _("Tidak ada yang bisa dicetak"));
		release(&v->screen);
	} else if (v->has_about && v->list.n == 1) {
		act_open(&v->screen, u, NULL); /* nothing to choose from */
		release(&v->screen);
	} else {
		ui_push(u, &v->screen);
	}
	report_release(&rep);
}

void recap_open(struct ui *u, struct cases *c)
{
	choice_open(u, c, NULL);
}

void papers_open(struct ui *u, struct cases *c, const struct entity *about)
{
	choice_open(u, c, about);
}
