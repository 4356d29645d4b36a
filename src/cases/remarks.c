/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/keying.h"

#include "internal.h"

/* Its last step without the instance: what is left of a form nobody has. */
static struct str last_step(struct str path)
{
	size_t at = path.n, end;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	path = str_sub(path, at, path.n);
	end = str_find(path, STR("["), 0);
	return str_sub(path, 0, end == SIZE_MAX ? path.n : end);
}

/* Neither the root nor anything that is no question has a label. */
static struct str question_of(struct session *s, struct str path,
			      struct arena *a)
{
	struct ref r = s ? session_find(s, path) : REF_NONE;

	if (s && r.node == session_root(s).node)
		return STR("");
	if (r.node && session_item(s, r))
		return arena_dup(a, session_label(s, r));
	return last_step(path);
}

static enum err name_questions(struct cases *c, const struct event *e,
			       struct arena *a, struct event_remark *list,
			       size_t n)
{
	struct report rep = { 0 };
	struct session *s = NULL;
	enum err rc = cases_session(c, e->form_id, e->form_version, &s, &rep);

	if (!rc)
		rc = session_restore(s, e->xml, false, &rep);
	if (!rc && session_set_language(s, str_from(i18n_lang())))
		rc = ERR_NONE; /* it stays with its own */
	for (size_t i = 0; i < n; i++)
		list[i].question = question_of(rc ? NULL : s, list[i].path, a);
	session_free(s);
	report_release(&rep);
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

enum err cases_remarks(struct cases *c, struct str instance_id, struct arena *a,
		       struct event_remark **out, size_t *n)
{
	struct event e = { .seq = 0 };
	struct remark *all = NULL;
	struct event_remark *list;
	size_t found = 0;
	enum err rc = cases_event(c, instance_id, a, &e);

	*n = 0;
	*out = NULL;
	if (rc || str_find(e.xml, STR(KEYING_NS), 0) == SIZE_MAX)
		return rc;
	rc = keying_remarks_of(e.xml, a, &all, &found);
	list = arena_array(a, found + 1, sizeof(*list));
	if (rc || !list)
		return rc ? rc : ERR_NOMEM;
	for (size_t i = 0; i < found; i++)
		list[i] = (struct event_remark){ .path = all[i].path,
						 .text = all[i].text };
	rc = name_questions(c, &e, a, list, found);
	*out = list;
	*n = rc ? 0 : found;
	return rc;
}
