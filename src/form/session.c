/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/i18n.h"

#include "ses.h"

/* The life of a session, and the acts of a person. */

static enum err copy_props(struct session *s, const struct session_options *o)
{
	if (!o || !o->n_props)
		return ERR_NONE;
	s->props = arena_array(&s->arena, o->n_props, sizeof(*s->props));
	if (!s->props)
		return ERR_NOMEM;
	for (size_t i = 0; i < o->n_props; i++) {
		s->props[i].name = arena_dup(&s->arena, o->props[i].name);
		s->props[i].value = arena_dup(&s->arena, o->props[i].value);
		if (!s->props[i].name.p || !s->props[i].value.p)
			return ERR_NOMEM;
	}
	s->n_props = o->n_props;
	return ERR_NONE;
}

/* A last record that cannot be read is no last record. */
static enum err read_last_saved(struct session *s, struct str xml)
{
	struct report quiet = { 0 };
	enum err rc = ERR_NONE;

	if (xml.n)
		rc = tree_parse(&s->last_saved, xml, "last-saved", &quiet);
	report_release(&quiet);
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

enum err tree_start(struct session *s)
{
	const struct qname *q;

	s->tree = tree_new();
	if (!s->tree)
		return ERR_NOMEM;
	s->nodes = 0;
	s->steps_from = s->env.steps;
	q = tree_name(s->tree, STR(""), STR("instance"), STR(""));
	s->nowhere = q ? node_new(s->tree, NODE_ELEMENT, q, STR("")) : NULL;
	s->ghosts =
		arena_array(&s->arena, s->form->shape.n, sizeof(struct node *));
	s->env.tree = s->tree;
	return s->nowhere && s->ghosts ? ERR_NONE : ERR_NOMEM;
}

enum err tree_fill(struct session *s, const struct node *src)
{
	struct build b = { .s = s, .src = src };
	const struct node *def = node_child(s->form->primary, NULL, NO_URI);
	enum err rc;

	rc = build_node(&b, 0, def, &s->root);
	if (rc)
		return rc;
	node_append(s->tree->root, s->root);
	s->tree->element = s->root;
	return ERR_NONE;
}

static enum err start(struct session *s)
{
	enum err rc;

	s->loading = true;
	rc = tree_fill(s, NULL);
	if (!rc)
		rc = preload_all(s, s->root);
	if (!rc)
		rc = work_subtree(s, s->root);
	if (!rc)
		rc = settle(s);
	if (!rc)
		rc = fire_load(s, EVENT_FIRST_LOAD | EVENT_LOAD);
	s->loading = false;
	if (!rc)
		choices_warm(s, form_body(s->form));
	return rc;
}

static enum err prepare(struct session *s, const struct session_options *o)
{
	enum err rc;

	s->env.cache = xpath_cache_new();
	if (!s->env.cache)
		return ERR_NOMEM;
	rc = tree_start(s);
	if (!rc)
		rc = copy_props(s, o);
	if (!rc && o)
		rc = read_last_saved(s, o->last_saved);
	if (!rc)
		rc = work_init(s);
	if (rc)
		return rc;
	env_init(s);
	if (s->form->n_languages)
		s->env.lang = s->form->languages[0];
	if (o && o->language.n && session_set_language(s, o->language))
		s->language = 0; /* not one of the form's */
	return ERR_NONE;
}

enum err session_new(struct session **out, const struct form *f,
		     const struct session_options *opt)
{
	struct session *s = calloc(1, sizeof(*s));
	enum err rc;

	*out = NULL;
	if (!s)
		return ERR_NOMEM;
	s->form = f;
	s->sys = opt && opt->sys ? opt->sys : sys_real();
	s->why = BUF_INIT(2000);
	rc = prepare(s, opt);
	if (!rc)
		rc = start(s);
	if (rc && opt && opt->report && s->why.n)
		report_add(opt->report, PROBLEM_ERROR, f->name, "%.*s",
			   STR_ARG(buf_str(&s->why)));
	if (rc)
		session_free(s);
	else
		*out = s;
	return rc;
}

void parked_clear(struct session *s)
{
	vec_each (p, &s->parked)
		vec_release(&p->nodes);
	vec_reset(&s->parked);
	map_release(&s->parked_at);
}

void session_free(struct session *s)
{
	if (!s)
		return;
	act_drop(s);
	acts_clear(&s->done);
	acts_clear(&s->undone);
	act_release(&s->this_act);
	free(s->rewind);
	parked_clear(s);
	vec_release(&s->done);
	vec_release(&s->undone);
	vec_release(&s->parked);
	vec_release(&s->firings);
	work_release(s);
	xpath_cache_free(s->env.cache);
	tree_free(s->last_saved);
	tree_free(s->tree);
	buf_release(&s->why);
	arena_release(&s->lent);
	arena_release(&s->choice_arena);
	arena_release(&s->scratch);
	arena_release(&s->arena);
	free(s);
}

const struct form *session_form(const struct session *s)
{
	return s->form;
}

uint64_t session_evaluations(const struct session *s)
{
	return s->env.evaluations;
}

/* ---- acts */

void call_begin(struct session *s)
{
	arena_reset(&s->lent);
	buf_reset(&s->why);
	s->steps_from = s->env.steps;
}

static void begin(struct session *s)
{
	call_begin(s);
	free(s->rewind);
	s->rewind = NULL;
	act_begin(s);
}

/* What a person did ends what could have been done again. */
static enum err finish(struct session *s, struct changes *c, enum err rc)
{
	if (!rc)
		rc = act_end(s, c);
	if (rc) {
		act_drop(s);
		return rc;
	}
	acts_clear(&s->undone);
	return act_keep(s, &s->done);
}

static bool is_question(const struct session *s, struct ref r)
{
	const struct item *i = session_item(s, r);

	return i && cell(r.node)->leaf && i->kind != ITEM_GROUP &&
	       i->kind != ITEM_REPEAT && i->kind != ITEM_ROOT;
}

/* A person says yes to a trigger with any text. */
static struct str typed_text(const struct item *i, struct str text)
{
	return i->kind == ITEM_TRIGGER && text.n ? STR("OK") : text;
}

static enum err check_offered(struct session *s, struct node *n,
			      struct str text, struct str *out)
{
	bool all = true;
	enum err rc;

	*out = text;
	if (!cell(n)->choice || !text.n)
		return ERR_NONE;
	rc = choices_filter(s, n, text, &s->scratch, out, &all);
	if (!rc && !all)
		rc = ERR_REFUSED;
	return rc ? rc : choices_sort(s, n, text, &s->scratch, out);
}

static enum err answer(struct session *s, struct node *n, struct str text)
{
	enum err rc;

	rc = cast(s, n->slot, text, true, &s->scratch, &text);
	if (!rc)
		rc = check_offered(s, n, text, &text);
	if (!rc)
		rc = value_put(s, n, text);
	arena_reset(&s->scratch);
	return rc ? rc : settle_all(s);
}

enum err session_answer(struct session *s, struct ref ref, struct str text,
			struct changes *changed)
{
	changes_forget(changed);
	if (!is_question(s, ref) || !session_relevant(s, ref))
		return ERR_REFUSED;
	return session_preset(s, ref, text, changed);
}

enum err session_preset(struct session *s, struct ref ref, struct str text,
			struct changes *changed)
{
	enum err rc;

	changes_forget(changed);
	if (!is_question(s, ref) || session_readonly(s, ref))
		return ERR_REFUSED;
	begin(s);
	text = typed_text(session_item(s, ref), text);
	rc = finish(s, changed, answer(s, ref.node, text));
	if (!rc && session_verdict(s, ref) == VIOLATED)
		rc = ERR_CONSTRAINT;
	return rc;
}

bool session_castable(struct session *s, struct ref ref, struct str text)
{
	struct str out = STR("");
	bool ok;

	if (!is_question(s, ref))
		return false;
	text = typed_text(session_item(s, ref), text);
	ok = !cast(s, ref.node->slot, text, true, &s->scratch, &out) &&
	     (out.n || !text.n);
	arena_reset(&s->scratch);
	return ok;
}

enum err session_add(struct session *s, const struct item *repeat,
		     struct ref within, size_t after, struct changes *changed)
{
	struct node *holder = session_holder(s, repeat, within).node;
	struct node *prev;
	size_t n;
	enum err rc;

	changes_forget(changed);
	if (!holder || holder->hidden || repeat_fixed(s, repeat->slot))
		return ERR_REFUSED;
	n = count_of(holder, s, repeat->slot);
	if (n >= FORM_MAX_REPEATS || (after != SIZE_MAX && after > n))
		return ERR_REFUSED;
	after = after == SIZE_MAX ? n : after;
	prev = after ? nth_of(holder, s, repeat->slot, after) : NULL;
	begin(s);
	rc = repeat_insert(s, repeat->slot, holder, prev, NULL);
	if (!rc)
		rc = settle_all(s);
	return finish(s, changed, rc);
}

enum err session_remove(struct session *s, struct ref instance,
			struct changes *changed)
{
	const struct item *i = session_item(s, instance);
	enum err rc;

	changes_forget(changed);
	if (!i || i->kind != ITEM_REPEAT || repeat_fixed(s, i->slot) ||
	    !instance.node->parent || !attached(s, instance.node))
		return ERR_REFUSED;
	begin(s);
	rc = repeat_delete(s, instance.node);
	if (!rc)
		rc = settle_all(s);
	return finish(s, changed, rc);
}

/* Is every number from 1 to n there once? */
static bool permutation(struct session *s, const size_t *order, size_t n)
{
	bool *seen = arena_array(&s->scratch, n + 1, sizeof(*seen));
	bool ok = seen != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		ok = order[i] >= 1 && order[i] <= n && !seen[order[i]];
		if (ok)
			seen[order[i]] = true;
	}
	arena_reset(&s->scratch);
	return ok;
}

static enum err reorder(struct session *s, struct node **rows, size_t n)
{
	struct node *last = NULL, *now;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && !rc; i++) {
		now = last ? next_of(last)
			   : first_of(rows[0]->parent, s, rows[0]->slot);
		if (now != rows[i])
			rc = repeat_move(s, rows[i], last);
		last = rows[i];
	}
	return rc;
}

enum err session_reorder(struct session *s, const struct item *repeat,
			 struct ref within, const size_t *order, size_t n,
			 struct changes *changed)
{
	struct node *holder = session_holder(s, repeat, within).node, **rows;
	struct arena a = { 0 };
	enum err rc;

	changes_forget(changed);
	if (!holder || holder->hidden || repeat_fixed(s, repeat->slot) || !n ||
	    n != count_of(holder, s, repeat->slot) || !permutation(s, order, n))
		return ERR_REFUSED;
	rows = arena_array(&a, n, sizeof(struct node *));
	if (!rows)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		rows[i] = nth_of(holder, s, repeat->slot, order[i]);
	begin(s);
	rc = reorder(s, rows, n);
	arena_release(&a);
	if (!rc)
		rc = settle_all(s);
	return finish(s, changed, rc);
}

/* ---- undo */

/* Takes the last act off `from`, and puts its opposite on `to`. */
static enum err go_back(struct session *s, struct past_list *from,
			struct past_list *to, struct changes *changed)
{
	struct past *p;
	enum err rc;

	changes_forget(changed);
	if (!from->n)
		return ERR_REFUSED;
	begin(s);
	p = act_last(from);
	rc = act_revert(s, p);
	free(p);
	if (!rc)
		rc = act_end(s, changed);
	if (rc) {
		act_drop(s);
		return rc;
	}
	return act_keep(s, to);
}

void session_begin_here(struct session *s)
{
	acts_clear(&s->done);
	acts_clear(&s->undone);
}

enum err session_undo(struct session *s, struct changes *changed)
{
	return go_back(s, &s->done, &s->undone, changed);
}

enum err session_redo(struct session *s, struct changes *changed)
{
	return go_back(s, &s->undone, &s->done, changed);
}

/* ---- for tools */

enum err session_eval(struct session *s, struct str expression,
		      struct ref context, struct arena *a,
		      struct xpath_value *out, struct report *rep)
{
	const struct form *f = s->form;
	struct node *n = context.node ? context.node : s->root;
	struct xpath_scope scope = { .shape = &f->shape,
				     .slot = n->slot,
				     .prefixes = f->prefixes,
				     .n_prefixes = f->n_prefixes };
	struct xpath *x;
	enum err rc;

	buf_reset(&s->why);
	rc = xpath_compile(&x, a, expression, &scope, rep);
	if (!rc)
		rc = xpath_eval(x, &s->env, n, a, out);
	if (rc == ERR_INVALID && s->why.n)
		report_add(rep, PROBLEM_ERROR, STR(""), "%.*s",
			   STR_ARG(buf_str(&s->why)));
	return rc;
}
