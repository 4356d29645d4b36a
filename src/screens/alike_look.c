/* SPDX-License-Identifier: MIT */
#include "alike_look.h"

#include "pilar/i18n.h"
#include "pilar/search.h"

#define HITS_MAX 20

static bool listed(const struct alike_screen *s, struct str id)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->list[i].id, id))
			return true;
	return false;
}

enum err alike_room(struct alike_screen *s, size_t n)
{
	s->n = 0;
	s->list = arena_array(&s->arena, n + 1, sizeof(*s->list));
	return s->list ? ERR_NONE : ERR_NOMEM;
}

static void add(struct alike_screen *s, struct str id, struct str why)
{
	if (!listed(s, id))
		s->list[s->n++] = (struct alike_row){ .id = id, .why = why };
}

/* Nearly the same names, then what the typed words find. */
static enum err look_typed(struct alike_screen *s)
{
	struct search_query q = { .text = s->typed,
				  .dataset = s->dataset,
				  .limit = HITS_MAX };
	struct search_result found = { 0 };
	struct alike *near = NULL;
	size_t n = 0;
	enum err rc = cases_alike_name(s->cases, s->dataset, s->typed,
				       &s->arena, &near, &n);

	if (!rc)
		rc = cases_search(s->cases, &q, &s->arena, &found);
	if (!rc)
		rc = alike_room(s, n + found.n);
	for (size_t i = 0; i < n && !rc; i++)
		add(s, near[i].id, near[i].why);
	for (size_t i = 0; i < found.n && !rc; i++)
		add(s, found.hits[i].id,
		    str_from(found.hits[i].how == HIT_CHILD
				     ? _("anggotanya cocok")
				     : _("kata cocok")));
	return rc;
}

/* Of a case, which may be merged into another one by now. */
static enum err look_case(struct alike_screen *s)
{
	struct alike *near = NULL;
	struct entity e;
	size_t n = 0;
	enum err rc =
		cases_entity(s->cases, s->dataset, s->self, &s->arena, &e);

	if (!rc)
		rc = cases_survivor(s->cases, &e, &s->arena);
	if (rc)
		return rc;
	s->self = arena_dup(&s->names, e.id);
	rc = cases_alike(s->cases, &e, &s->arena, &near, &n);
	if (!rc)
		rc = alike_room(s, n);
	for (size_t i = 0; i < n && !rc; i++)
		add(s, near[i].id, near[i].why);
	return rc;
}

enum err alike_look(struct alike_screen *s)
{
	return s->self.n ? look_case(s) : look_typed(s);
}
