/* SPDX-License-Identifier: MIT */
#include "decide.h"

#include "pilar/i18n.h"

/*
 * The dataset's row of kind `conflict` names the question that lists what is
 * decided, and its choice for what the form cannot ask. Else the choice is the
 * question that saves the property, and that question takes the value.
 */
struct asked {
	struct str list, question;
	const struct item *item; /* NULL: it stays as it is */
};

static struct asked asked_of(const struct dataset *d, const struct form *f,
			     struct str property)
{
	const struct dataset_row *r = dataset_row(d, DATASET_CONFLICT, 0);
	struct asked out = { .item = NULL };
	struct str words;

	if (!r)
		return out;
	words = r->value;
	str_word(&words, &out.list);
	str_word(&words, &out.question);
	if (f && property.n)
		out.item = form_saver(f, d->name, property);
	if (out.item)
		out.question = out.item->name;
	return out;
}

static const struct dataset_row *action_of(const struct dataset *d)
{
	return dataset_action(d, "conflict", 0);
}

/* The form of the action; NULL where it has none that can be read. */
static const struct form *form_of(struct cases *c, const struct dataset *d)
{
	const struct dataset_row *r = action_of(d);
	struct report rep = { 0 };
	const struct form *f = NULL;
	struct str words, id;

	if (!r)
		return NULL;
	words = r->name;
	if (!str_word(&words, &id) || cases_form(c, id, STR(""), &f, &rep))
		f = NULL;
	report_release(&rep);
	return f;
}

static size_t language_of(const struct form *f)
{
	struct arena a = { 0 };
	struct str code = arena_printf(&a, "(%s)", i18n_lang());
	size_t i = 0, n = form_language_count(f);

	while (i < n && str_find(form_language(f, i), code, 0) == SIZE_MAX)
		i++;
	arena_release(&a);
	return i < n ? i : 0;
}

static struct str choice_text(const struct choice *list, size_t n,
			      struct str value)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].value, value) && list[i].label.n)
			return list[i].label;
	return value;
}

/* What a property and its values are called, as one question has it. */
struct wording {
	const struct item *item;
	struct str label;
	const struct choice *choices;
	size_t n;
};

struct words {
	struct cases *c;
	const struct dataset *d;
	const struct form *f; /* of the action; NULL: properties' own names */
	size_t language;
	struct arena *a;
};

static struct words words_of(struct cases *c, const struct entity *e,
			     struct arena *a)
{
	struct words w = { .c = c, .a = a };

	w.d = datasets_find(cases_datasets(c), e->dataset);
	w.f = form_of(c, w.d);
	w.language = w.f ? language_of(w.f) : 0;
	return w;
}

static enum err wording_of(const struct words *w, struct str property,
			   struct wording *out)
{
	*out = (struct wording){ .n = 0 };
	out->item = asked_of(w->d, w->f, property).item;
	out->label =
		out->item ? form_text(w->f, out->item, ITEM_LABEL, w->language,
				      STR("..."), w->a)
			  : arena_dup(w->a, dataset_property(w->d, property));
	return out->item ? form_choices(w->f, out->item, w->language, w->a,
					&out->choices, &out->n)
			 : ERR_NONE;
}

enum err decide_texts(struct cases *c, const struct entity *e, struct arena *a,
		      struct conflict_side *sides, size_t n)
{
	struct words w = words_of(c, e, a);
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		struct conflict_side *s = &sides[i];
		struct wording said;

		rc = wording_of(&w, s->property, &said);
		s->asked = said.item != NULL;
		s->label = said.label;
		s->before_text = choice_text(said.choices, said.n, s->before);
		s->first_text = choice_text(said.choices, said.n, s->first);
		s->second_text = choice_text(said.choices, said.n, s->second);
	}
	return rc;
}

/* Of several choices each; of an entity its title. */
static struct str value_text(const struct words *w, const struct wording *said,
			     struct str value)
{
	struct str out = STR(""), word;
	struct entity e;
	struct id id;

	if (id_parse(value, &id) && !cases_entity_any(w->c, value, w->a, &e))
		return cases_title(w->c, &e);
	if (!said->item || said->item->kind != ITEM_SELECT)
		return choice_text(said->choices, said->n, value);
	while (str_word(&value, &word))
		out = arena_printf(
			w->a, "%.*s%s%.*s", STR_ARG(out), out.n ? ", " : "",
			STR_ARG(choice_text(said->choices, said->n, word)));
	return out;
}

enum err decide_words(struct cases *c, const struct entity *e, struct arena *a,
		      struct prop_change *list, size_t n)
{
	struct words w = words_of(c, e, a);
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		struct str own = dataset_property(w.d, list[i].property);
		struct wording said;

		rc = wording_of(&w, list[i].property, &said);
		/* A name that the case view has, too, is the shorter one. */
		list[i].label =
			str_eq(own, list[i].property) ? said.label : own;
		list[i].was_text = value_text(&w, &said, list[i].was);
		list[i].value_text = value_text(&w, &said, list[i].value);
	}
	return rc;
}

/* ---- the answers it begins with */
struct answers {
	struct arena *a;
	struct entity_prop *at;
	size_t n;
};

/* One more choice of a list, whose answer is one text with blanks. */
static void also(struct answers *to, const struct asked *asked)
{
	size_t i = 0;
	struct str rest, word;

	while (i < to->n && !str_eq(to->at[i].name, asked->list))
		i++;
	if (i == to->n) {
		to->at[to->n++] =
			(struct entity_prop){ arena_dup(to->a, asked->list),
					      arena_dup(to->a,
							asked->question) };
		return;
	}
	rest = to->at[i].value;
	while (str_word(&rest, &word))
		if (str_eq(word, asked->question))
			return;
	to->at[i].value =
		arena_printf(to->a, "%.*s %.*s", STR_ARG(to->at[i].value),
			     STR_ARG(asked->question));
}

enum err cases_decide(struct cases *c, const struct entity *e,
		      const struct entity_prop *values, size_t n,
		      struct arena *a, struct cases_start *out)
{
	const struct dataset *d = datasets_find(cases_datasets(c), e->dataset);
	const struct dataset_row *action = action_of(d);
	const struct form *f = form_of(c, d);
	struct answers to = { .a = a };

	if (!action)
		return ERR_NOTFOUND;
	to.at = arena_array(a, 2 * n + 1, sizeof(*to.at));
	if (!to.at)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct asked asked = asked_of(d, f, values[i].name);

		if (asked.list.n)
			also(&to, &asked);
	}
	/* The lists come first: they make the questions relevant. */
	for (size_t i = 0; i < n; i++) {
		struct asked asked = asked_of(d, f, values[i].name);

		if (asked.item)
			to.at[to.n++] = (struct entity_prop){
				arena_dup(a, asked.question),
				arena_dup(a, values[i].value)
			};
	}
	*out = (struct cases_start){ .form = arena_dup(a, action->name),
				     .dataset = arena_dup(a, e->dataset),
				     .entity = arena_dup(a, e->id),
				     .answers = to.at,
				     .n_answers = to.n };
	return ERR_NONE;
}
