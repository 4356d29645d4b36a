/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>

#include "pilar/draft.h"
#include "pilar/i18n.h"

#include "text.h"

/* Of so many cases it was about the titles are said. */
#define NAMED_MAX 3

/* What was finalised last, between the question and its answer. */
struct undo {
	struct cases *cases;
	struct arena arena;
	struct event event;
};

static void forget(struct undo *z)
{
	arena_release(&z->arena);
	free(z);
}

/* ", Umi Aminah, Parman Wijaya": each once. */
static struct str whom(struct cases *c, const struct event *e, struct arena *a)
{
	struct str names[NAMED_MAX], out = STR("");
	size_t n = 0;

	for (size_t i = 0; i < e->n_touched && n < NAMED_MAX; i++) {
		const struct touch *t = &e->touched[i];
		struct entity of;
		size_t k = 0;

		if (cases_entity(c, t->dataset, t->id, a, &of))
			continue;
		names[n] = cases_title(c, &of);
		while (k < n && !str_eq(names[k], names[n]))
			k++;
		if (k < n)
			continue;
		out = arena_printf(a, "%.*s, %.*s", STR_ARG(out),
				   STR_ARG(names[n]));
		n++;
	}
	return out;
}

static void yes(struct screen *owner, struct ui *u, void *arg)
{
	struct undo *z = arg;
	struct report rep = { 0 };
	struct str draft;
	enum err rc = cases_undo(z->cases, z->event.instance_id, &rep);

	if (!rc)
		rc = draft_again(z->cases, &z->event, &z->arena, &draft, &rep);
	if (rc)
		screen_says(u, &rep, rc);
	else
		ui_message(u, "%s", _("Ditarik: isiannya menjadi draf lagi"));
	if (owner->ops->shown)
		owner->ops->shown(owner, u);
	report_release(&rep);
	forget(z);
}

static void no(struct screen *owner, struct ui *u, void *arg)
{
	(void)owner;
	(void)u;
	forget(arg);
}

void undo_ask(struct ui *u, struct cases *c)
{
	struct undo *z = calloc(1, sizeof(*z));
	struct ask ask = { .owner = ui_top(u), .yes = yes, .no = no, .arg = z };
	struct arena *a = ui_scratch(u);
	struct report rep = { 0 };
	const struct event *e;
	struct str gist;
	enum err rc;

	if (!z)
		return;
	z->cases = c;
	e = &z->event;
	rc = cases_undo_last(c, &z->arena, &z->event, &rep);
	if (rc) {
		screen_says(u, &rep, rc);
		forget(z);
	} else {
		gist = event_gist(e, STR(""), a);
		ui_ask(u, &ask, _("Tarik %.*s%s%.*s (%.*s)%.*s?"),
		       STR_ARG(e->title), gist.n ? ": " : "", STR_ARG(gist),
		       STR_ARG(text_time(a, cases_sys(c), e->at)),
		       STR_ARG(whom(c, e, a)));
	}
	report_release(&rep);
}
