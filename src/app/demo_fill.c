/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/when.h"
#include "pilar/xpath.h"

#include "demo.h"

/* No repeat of a practice record has more instances. */
#define INSTANCES_MAX 100.0

struct want {
	const struct item *repeat;
	struct ref within;
	size_t n;
};

struct fill {
	const struct demo_spec *d;
	struct session *s;
	const struct sys *sys;
	struct report *rep;
	struct str form;
	struct arena arena; /* of one step */
	struct changes changed;
	VEC(struct want) wants;
	struct step at; /* the step done last */
	bool begun;
};

static void blame(struct fill *f, const struct demo_row *row, struct str name,
		  const char *text)
{
	struct str place =
		row ? arena_printf(&f->arena, _("%s, baris %zu, isian %.*s"),
				   f->d->file, row->line, STR_ARG(name))
		    : arena_printf(&f->arena,
				   _("%s, formulir %.*s, isian "
				     "%.*s"),
				   f->d->file, STR_ARG(f->form), STR_ARG(name));

	report_add(f->rep, PROBLEM_ERROR, place, "%s", text);
}

static bool same_step(const struct step *a, const struct step *b)
{
	return a->kind == b->kind && a->item == b->item &&
	       ref_eq(a->ref, b->ref) && a->instance == b->instance;
}

/*
 * Answers change what is asked, so the walk is taken anew after each; what
 * stood before the last step is done with.
 */
static enum err next_step(struct fill *f, struct step *out, bool *more)
{
	struct step *steps = NULL;
	size_t n = 0, i = 0;
	enum err rc;

	arena_reset(&f->arena);
	rc = session_walk(f->s, &f->arena, &steps, &n);
	if (rc)
		return rc;
	while (f->begun && i < n && !same_step(&steps[i], &f->at))
		i++;
	i += f->begun;
	*more = i < n;
	if (*more)
		*out = steps[i];
	return ERR_NONE;
}

static enum err evaluate(struct fill *f, const struct demo_row *row,
			 struct ref at, struct xpath_value *out)
{
	enum err rc =
		session_eval(f->s, row->value, at, &f->arena, out, f->rep);

	if (rc)
		blame(f, row, row->name, _("rumusnya tidak bisa dihitung"));
	return rc;
}

static enum err any_choice(struct fill *f, struct ref at, struct str *out)
{
	const struct choice *choices = NULL;
	size_t n = 0;
	enum err rc = session_choices(f->s, at, &f->arena, &choices, &n);

	if (!rc && n)
		*out = choices[(size_t)(sys_random01(f->sys) * (double)n)]
			       .value;
	return rc;
}

/* What a required question gets that the table does not speak of. */
static struct str filler(struct fill *f, enum data_type type)
{
	char text[WHEN_MAX];
	struct when now;

	when_local(f->sys, sys_now(f->sys), &now);
	if (type == TYPE_STRING)
		return STR("Contoh");
	if (type == TYPE_DATE)
		return arena_dup(&f->arena, when_date_text(&now, text));
	return STR("1");
}

static enum err unspoken(struct fill *f, const struct step *step,
			 struct str *out)
{
	enum item_kind kind = step->item->kind;
	bool required = session_required(f->s, step->ref);

	*out = session_value(f->s, step->ref);
	if (out->n)
		return ERR_NONE;
	if (kind == ITEM_SELECT1 || (kind == ITEM_SELECT && required))
		return any_choice(f, step->ref, out);
	if (required)
		*out = filler(f, step->item->type);
	return ERR_NONE;
}

static enum err answer(struct fill *f, const struct step *step)
{
	struct str name = step->item->name, text = { 0 };
	const struct demo_row *row =
		demo_find(f->d, DEMO_ANSWER, f->form, name);
	struct xpath_value value;
	enum err rc;

	if (session_readonly(f->s, step->ref))
		return ERR_NONE;
	if (!row) {
		rc = unspoken(f, step, &text);
	} else if (str_is(row->value, "?")) {
		rc = any_choice(f, step->ref, &text);
	} else if (row->value.n) {
		rc = evaluate(f, row, step->ref, &value);
		if (!rc)
			text = xpath_string(&value, &f->arena);
	} else {
		rc = ERR_NONE;
	}
	if (rc || str_eq(text, session_value(f->s, step->ref)))
		return rc;
	text = arena_dup(&f->arena, text);
	rc = session_answer(f->s, step->ref, text, &f->changed);
	if (rc == ERR_CONSTRAINT || rc == ERR_REFUSED)
		blame(f, row, name, _("jawabannya tidak diterima formulir"));
	return rc;
}

static enum err wanted(struct fill *f, const struct step *step, size_t *out)
{
	const struct demo_row *row =
		demo_find(f->d, DEMO_REPEAT, f->form, step->item->name);
	struct xpath_value value;
	struct want *w;
	double n = 0;
	enum err rc = ERR_NONE;

	*out = 0;
	vec_each (old, &f->wants) {
		if (old->repeat == step->item && ref_eq(old->within, step->ref))
			*out = old->n;
		if (*out)
			return ERR_NONE;
	}
	if (row)
		rc = evaluate(f, row, step->ref, &value);
	if (row && !rc)
		n = xpath_number(&value, f->sys, &f->arena);
	if (!rc && !(n <= INSTANCES_MAX))
		rc = ERR_TOOBIG;
	if (rc)
		return rc;
	w = vec_push(&f->wants);
	if (!w)
		return ERR_NOMEM;
	*w = (struct want){ step->item, step->ref, n > 1 ? (size_t)n : 1 };
	*out = w->n;
	return ERR_NONE;
}

/* At "add another?": adds, or lets the walk go on. */
static enum err prompt(struct fill *f, const struct step *step, bool *added)
{
	size_t want;
	enum err rc = wanted(f, step, &want);

	*added = false;
	if (rc || step->instance >= want)
		return rc;
	*added = true;
	return session_add(f->s, step->item, step->ref, SIZE_MAX, &f->changed);
}

enum err demo_fill(const struct demo_spec *d, struct session *s,
		   const struct sys *sys, struct report *rep)
{
	struct fill f = { .d = d, .s = s, .sys = sys, .rep = rep };
	struct step step = { 0 };
	bool more = true, added = false;
	enum err rc;

	f.form = form_id(session_form(s));
	do {
		rc = next_step(&f, &step, &more);
		if (rc || !more)
			break;
		added = false;
		if (step.kind == STEP_QUESTION)
			rc = answer(&f, &step);
		else if (step.kind == STEP_PROMPT)
			rc = prompt(&f, &step, &added);
		if (added)
			continue;
		f.at = step;
		f.begun = true;
	} while (!rc);
	changes_release(&f.changed);
	vec_release(&f.wants);
	arena_release(&f.arena);
	return rc;
}
