/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "start.h"

/* What preloads and property() ask of this device and worker. */
enum { PROPS = 4 };

static enum err new_session(struct cases *c, const struct form *f,
			    struct session **out, struct report *rep)
{
	const struct entity_prop props[PROPS] = {
		{ STR("deviceID"), STR("") },
		{ STR("username"), c->worker.code },
		{ STR("email"), STR("") },
		{ STR("phoneNumber"), STR("") },
	};
	struct entity_prop given[PROPS];
	struct session_options opt = { .sys = c->sys,
				       .props = given,
				       .n_props = PROPS,
				       .language = str_from(i18n_lang()) };
	struct arena a = { 0 };
	enum err rc;

	for (size_t i = 0; i < PROPS; i++)
		given[i] = props[i];
	given[0].value = arena_printf(&a, "pilar:%s", c->device_text);
	rc = cases_last_saved(c, form_id(f), &a, &opt.last_saved);
	if (!rc || rc == ERR_NOTFOUND || rc == ERR_CORRUPT)
		rc = session_new(out, f, &opt);
	if (rc)
		report_add(rep, PROBLEM_ERROR, form_id(f),
			   _("formulir ini tidak dapat dimulai"));
	arena_release(&a);
	return rc;
}

enum err cases_session(struct cases *c, struct str form, struct str version,
		       struct session **out, struct report *rep)
{
	const struct form *f = NULL;
	enum err rc = cases_refresh(c);

	if (!rc)
		rc = cases_form(c, form, version, &f, rep);
	return rc ? rc : new_session(c, f, out, rep);
}

struct ref start_select(struct session *s, struct str dataset)
{
	const struct item *item =
		dataset.n ? form_select_of(session_form(s), dataset) : NULL;

	return item ? session_near(s, item, session_root(s)) : REF_NONE;
}

static enum err refuse(struct report *rep, const struct cases_start *how,
		       const char *why, enum err rc)
{
	report_add(rep, PROBLEM_ERROR, how->form, "%s", why);
	return rc;
}

static enum err answer(struct cases *c, const struct cases_start *how,
		       struct session *s, struct ref at, struct report *rep)
{
	struct changes changes = { 0 };
	struct arena a = { 0 };
	struct entity e;
	enum err rc = cases_entity(c, how->dataset, how->entity, &a, &e);

	if (rc == ERR_NOTFOUND)
		rc = refuse(rep, how, _("data yang dipilih tidak ada"), rc);
	else if (!rc && !at.node)
		rc = refuse(rep, how,
			    _("formulir ini tidak memilih dari daftar itu"),
			    ERR_REFUSED);
	if (!rc) {
		rc = session_answer(s, at, how->entity, &changes);
		/* Stored all the same: the review lists it. */
		if (rc == ERR_CONSTRAINT)
			rc = ERR_NONE;
		if (rc == ERR_REFUSED)
			refuse(rep, how,
			       _("data itu tidak ditawarkan formulir ini"), rc);
	}
	changes_release(&changes);
	arena_release(&a);
	return rc;
}

enum err cases_start(struct cases *c, const struct cases_start *how,
		     struct session **out, struct ref *fixed,
		     struct report *rep)
{
	struct session *s = NULL;
	enum err rc = cases_session(c, how->form, how->version, &s, rep);

	*fixed = REF_NONE;
	if (!rc && how->entity.n) {
		*fixed = start_select(s, how->dataset);
		rc = answer(c, how, s, *fixed, rep);
	}
	if (rc)
		session_free(s);
	else
		*out = s;
	return rc;
}
