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

/* Stored all the same when it fails its constraint: the review lists it. */
static enum err give(struct session *s, struct ref at, struct str value)
{
	struct changes changes = { 0 };
	enum err rc = session_answer(s, at, value, &changes);

	changes_release(&changes);
	return rc == ERR_CONSTRAINT ? ERR_NONE : rc;
}

/* What it belongs to, where the form asks for that, too. */
static enum err answer_parent(struct cases *c, const struct entity *e,
			      struct session *s, struct arena *a,
			      struct ref *at)
{
	struct entity parent = { 0 };
	enum err rc = cases_parent(c, e, a, &parent);

	if (rc)
		return rc == ERR_NOMEM ? rc : ERR_NONE;
	*at = start_select(s, parent.dataset);
	rc = at->node ? give(s, *at, parent.id) : ERR_NONE;
	if (rc != ERR_REFUSED)
		return rc;
	*at = REF_NONE;
	return ERR_NONE;
}

static void not_offered(struct report *rep, struct session *s,
			const struct entity *e)
{
	struct str form = form_title(session_form(s));

	if (e->closed)
		report_add(rep, PROBLEM_ERROR, form,
			   _("sudah ditutup (%.*s); bila itu keliru, buka lagi "
			     "dulu"),
			   STR_ARG(dataset_label(e->closed)));
	else
		report_add(rep, PROBLEM_ERROR, form,
			   _("data itu tidak ditawarkan formulir ini"));
}

static enum err answer(struct cases *c, const struct cases_start *how,
		       struct session *s, struct ref at, struct report *rep)
{
	struct ref parent = REF_NONE;
	struct arena a = { 0 };
	struct entity e;
	enum err rc = cases_entity(c, how->dataset, how->entity, &a, &e);

	if (rc == ERR_NOTFOUND)
		rc = refuse(rep, how, _("data yang dipilih tidak ada"), rc);
	else if (!rc && !at.node)
		rc = refuse(rep, how,
			    _("formulir ini tidak memilih dari daftar itu"),
			    ERR_REFUSED);
	if (!rc)
		rc = answer_parent(c, &e, s, &a, &parent);
	if (!rc) {
		rc = give(s, at, how->entity);
		/* A form that asks for the one or the other. */
		if (rc == ERR_REFUSED && parent.node &&
		    !give(s, parent, STR("")))
			rc = give(s, at, how->entity);
		if (rc == ERR_REFUSED)
			not_offered(rep, s, &e);
	}
	arena_release(&a);
	return rc;
}

static enum err answer_named(const struct cases_start *how, struct str name,
			     struct str value, struct session *s,
			     struct report *rep)
{
	const struct item *item = form_question(session_form(s), name);
	enum err rc = ERR_REFUSED;

	if (item)
		rc = give(s, session_near(s, item, session_root(s)), value);
	if (rc == ERR_REFUSED)
		refuse(rep, how,
		       _("formulir ini tidak bisa dimulai begitu untuk data "
			 "itu"),
		       rc);
	return rc;
}

/* What the form does not let this person begin with, it says itself. */
static enum err answer_word(const struct cases_start *how, struct str name,
			    struct str value, struct session *s,
			    struct report *rep)
{
	const struct item *item = form_question(session_form(s), name);
	enum err rc = answer_named(how, name, value, s, rep);
	struct ref at;

	if (rc)
		return rc;
	at = session_near(s, item, session_root(s));
	if (session_verdict(s, at) != VIOLATED)
		return ERR_NONE;
	report_add(rep, PROBLEM_ERROR, form_title(session_form(s)), "%.*s",
		   STR_ARG(session_message(s, at)));
	return ERR_REFUSED;
}

/* "question=value" words: what the row of datasets.csv begins it with. */
static enum err answer_words(const struct cases_start *how, struct str words,
			     struct session *s, struct report *rep)
{
	struct str word;
	enum err rc = ERR_NONE;

	while (!rc && str_word(&words, &word)) {
		size_t eq = str_find(word, STR("="), 0);

		rc = answer_word(how, str_sub(word, 0, eq),
				 eq == SIZE_MAX ? STR("")
						: str_sub(word, eq + 1, word.n),
				 s, rep);
	}
	for (size_t i = 0; !rc && i < how->n_answers; i++)
		rc = answer_named(how, how->answers[i].name,
				  how->answers[i].value, s, rep);
	return rc;
}

/* ---- what was searched for before */

/* "siti aminah" as it is written; what has capitals is written already. */
static struct str typed_name(struct str typed, struct arena *a)
{
	bool begins = true, wrote = false;
	char *p;

	for (size_t i = 0; i < typed.n; i++)
		wrote |= typed.p[i] >= 'A' && typed.p[i] <= 'Z';
	p = wrote ? NULL : arena_alloc(a, typed.n + 1);
	if (!p)
		return typed;
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];
		bool small = c >= 'a' && c <= 'z';

		p[i] = c;
		if (begins && small)
			p[i] = (char)(c - 'a' + 'A');
		begins = c == ' ';
	}
	return str_of(p, typed.n);
}

static enum err preset(struct session *s, struct str name, struct str value)
{
	const struct item *item = form_question(session_form(s), name);
	struct changes changes = { 0 };
	struct ref at = REF_NONE;
	enum err rc;

	if (item)
		at = session_near(s, item, session_root(s));
	if (!at.node || !value.n)
		return ERR_NONE;
	rc = session_preset(s, at, value, &changes);
	changes_release(&changes);
	return rc == ERR_CONSTRAINT || rc == ERR_REFUSED ? ERR_NONE : rc;
}

static enum err answer_typed(struct cases *c, const struct cases_start *how,
			     struct session *s)
{
	const struct dataset *d =
		how->typed_in.n
			? datasets_find(cases_datasets(c), how->typed_in)
			: NULL;
	const struct formula_env env = { .sys = c->sys,
					 .lang = str_from(i18n_lang()) };
	struct formula_row *texts = NULL;
	struct entity_prop props[2] = { { STR("typed"), str_trim(how->typed) },
					{ STR("typed_name"), STR("") } };
	const struct dataset_row *r;
	struct arena a = { 0 };
	enum err rc;

	if (!props[0].value.n || !dataset_row(d, DATASET_TYPED, 0))
		return ERR_NONE;
	props[1].value = typed_name(props[0].value, &a);
	rc = formula_row_new(&texts, &env, props, ARRAY_LEN(props));
	for (size_t i = 0; !rc && (r = dataset_row(d, DATASET_TYPED, i)); i++) {
		struct str value = STR("");

		rc = formula_row_text(texts, r->formula, &a, &value);
		if (!rc)
			rc = preset(s, r->name, value);
	}
	formula_row_free(texts);
	arena_release(&a);
	/* A row that does not fit gives nothing. */
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

enum err cases_start(struct cases *c, const struct cases_start *how,
		     struct session **out, struct ref *fixed,
		     struct report *rep)
{
	struct str words = how->form, form = how->form;
	struct session *s = NULL;
	enum err rc;

	/* An id may hold blanks, but no "=". */
	if (str_find(words, STR("="), 0) == SIZE_MAX ||
	    !str_word(&words, &form))
		words.n = 0;
	rc = cases_session(c, form, how->version, &s, rep);

	*fixed = REF_NONE;
	if (!rc && how->entity.n) {
		*fixed = start_select(s, how->dataset);
		rc = answer(c, how, s, *fixed, rep);
	}
	if (!rc)
		rc = answer_words(how, words, s, rep);
	if (!rc)
		rc = answer_typed(c, how, s);
	if (rc) {
		session_free(s);
		return rc;
	}
	session_begin_here(s);
	*out = s;
	return ERR_NONE;
}
