/* SPDX-License-Identifier: MIT */
#include "pilar/draft.h"

/* The list that the submission chose from first, and what it chose there. */
static void started_from(struct session *s, struct str *dataset,
			 struct str *entity)
{
	const struct form *f = session_form(s);

	for (size_t i = 0; i < form_dataset_count(f) && !entity->n; i++) {
		const struct item *item = form_select_of(f, form_dataset(f, i));
		struct ref at = item ? session_near(s, item, session_root(s))
				     : REF_NONE;

		if (!at.node || !session_value(s, at).n)
			continue;
		*dataset = form_dataset(f, i);
		*entity = session_value(s, at);
	}
}

static enum err make(struct cases *c, struct session *s, struct draft **out)
{
	struct str dataset = STR(""), entity = STR("");
	struct arena a = { 0 };
	enum err rc;

	started_from(s, &dataset, &entity);
	rc = draft_new(out, c, s, dataset, arena_dup(&a, entity));
	/* What it was about may be gone with it. */
	if (rc == ERR_NOTFOUND)
		rc = draft_new(out, c, s, STR(""), STR(""));
	arena_release(&a);
	return rc;
}

static enum err again(struct cases *c, const struct event *e,
		      const struct str *kept, struct arena *a, struct str *id,
		      struct report *rep)
{
	struct session *s = NULL;
	struct draft *d = NULL;
	enum err rc = cases_session(c, e->form_id, e->form_version, &s, rep);

	if (!rc)
		rc = session_restore(s, e->xml, kept != NULL, rep);
	if (!rc)
		rc = make(c, s, &d);
	if (!rc && kept)
		rc = draft_keep(d, *kept, true);
	if (!rc)
		*id = arena_dup(a, draft_id(d));
	draft_close(d);
	session_free(s);
	return rc;
}

enum err draft_again(struct cases *c, const struct event *e, struct arena *a,
		     struct str *id, struct report *rep)
{
	return again(c, e, NULL, a, id, rep);
}

enum err draft_edit(struct cases *c, const struct event *e, struct str kept,
		    struct arena *a, struct str *id, struct report *rep)
{
	return again(c, e, &kept, a, id, rep);
}
