/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "ses.h"

/* What each kind of vertex does with its expression. */

enum err eval_text(struct session *s, const struct xpath *x, struct node *n,
		   struct arena *a, struct str *out)
{
	struct xpath_value v = { .type = XPATH_STRING };
	enum err rc;

	*out = STR("");
	rc = xpath_eval(x, &s->env, n, a, &v);
	if (rc)
		return rc;
	*out = xpath_string(&v, a);
	if (!out->n)
		*out = STR("");
	return ERR_NONE;
}

enum err eval_truth(struct session *s, const struct xpath *x, struct node *n,
		    bool *out)
{
	struct xpath_value v = { .type = XPATH_BOOLEAN };
	enum err rc;

	rc = xpath_eval(x, &s->env, n, &s->scratch, &v);
	if (!rc)
		*out = xpath_boolean(&v);
	return rc;
}

struct node *ghost(struct session *s, uint32_t slot, struct node *holder)
{
	struct node **g = &s->ghosts[slot];

	if (!*g && node_make(s, slot, STR(""), g))
		return NULL;
	(*g)->parent = holder;
	(*g)->position = 0;
	return *g;
}

/* ---- relevance */

/* A value that depends on nothing in the form is computed only once. */
static bool settled_once(const struct session *s, const struct node *n)
{
	uint32_t v = s->form->slots[n->slot].vertex[V_CALCULATE];
	size_t deps;

	xpath_deps(s->form->vertices[v].x, &deps);
	return deps == 0 && raw_value(n).n > 0;
}

/* Coming back, a node is computed and offered again. */
static enum err wake(struct session *s, struct node *n)
{
	const uint32_t *v = s->form->slots[n->slot].vertex;
	enum err rc = ERR_NONE;

	if (v[V_CALCULATE] != TREE_NO_SLOT && !settled_once(s, n))
		rc = work_add(s, v[V_CALCULATE], n);
	if (!rc && cell(n)->choice && raw_value(n).n) {
		if (v[V_CHOICES] != TREE_NO_SLOT)
			rc = work_add(s, v[V_CHOICES], n);
		else
			rc = value_filter(s, n);
	}
	return rc;
}

static enum err hide_kids(struct session *s, struct node *n, bool hidden)
{
	enum err rc = ERR_NONE;

	for (struct node *a = n->attrs; a && !rc; a = a->next)
		if (a->data)
			rc = hide(s, a, hidden || cell(a)->self_hidden);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data)
			rc = hide(s, k, hidden || cell(k)->self_hidden);
	return rc;
}

enum err hide(struct session *s, struct node *n, bool hidden)
{
	enum err rc;

	if (n->hidden == hidden)
		return ERR_NONE;
	rc = act_touch(s, n);
	if (rc)
		return rc;
	n->hidden = hidden;
	rc = work_readers(s, n);
	if (!rc && !hidden)
		rc = wake(s, n);
	return rc ? rc : hide_kids(s, n, hidden);
}

static enum err run_relevant(struct session *s, const struct vertex *v,
			     struct node *n)
{
	bool relevant = !cell(n)->self_hidden;
	enum err rc;

	rc = eval_truth(s, v->x, n, &relevant);
	if (rc || relevant == !cell(n)->self_hidden)
		return rc;
	rc = act_touch(s, n);
	if (rc)
		return rc;
	cell(n)->self_hidden = !relevant;
	return hide(s, n, !relevant || (n->parent && n->parent->hidden));
}

/* ---- values */

static enum err run_calculate(struct session *s, const struct vertex *v,
			      struct node *n)
{
	struct str text;
	enum err rc;

	/* Nobody sees it; it is computed when it comes back. */
	if (n->hidden)
		return ERR_NONE;
	if (s->reopening && raw_value(n).n &&
	    (xpath_uses(v->x) & (XPATH_USES_RANDOM | XPATH_USES_ONCE)))
		return ERR_NONE;
	rc = eval_text(s, v->x, n, &s->scratch, &text);
	if (!rc)
		rc = cast(s, n->slot, text, false, &s->scratch, &text);
	return rc ? rc : value_put(s, n, text);
}

static enum err run_choices(struct session *s, const struct vertex *v,
			    struct node *n)
{
	(void)v;
	return n->hidden ? ERR_NONE : value_filter(s, n);
}

/* ---- states */

/* What a group says of read-only holds for everything in it. */
static enum err touch_below(struct session *s, struct node *n)
{
	enum err rc;

	rc = act_touch(s, n);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data)
			rc = touch_below(s, k);
	return rc;
}

static enum err run_readonly(struct session *s, const struct vertex *v,
			     struct node *n)
{
	bool readonly = cell(n)->readonly;
	enum err rc;

	rc = eval_truth(s, v->x, n, &readonly);
	if (rc || readonly == cell(n)->readonly)
		return rc;
	rc = touch_below(s, n);
	cell(n)->readonly = readonly;
	return rc;
}

static enum err run_required(struct session *s, const struct vertex *v,
			     struct node *n)
{
	bool required = cell(n)->required;
	enum err rc;

	rc = eval_truth(s, v->x, n, &required);
	if (rc || required == cell(n)->required)
		return rc;
	rc = act_touch(s, n);
	cell(n)->required = required;
	return rc;
}

static enum err run_count(struct session *s, const struct vertex *v,
			  struct node *holder)
{
	struct node *g = ghost(s, v->slot, holder);
	struct xpath_value value = { .type = XPATH_NUMBER };
	double count;
	enum err rc;

	if (!g)
		return ERR_NOMEM;
	rc = xpath_eval(v->x, &s->env, g, &s->scratch, &value);
	if (rc)
		return rc;
	count = xpath_number(&value, s->sys, &s->scratch);
	return repeat_set_count(s, v->slot, holder, count);
}

static enum err (*const run[VERTEX_KINDS])(struct session *s,
					   const struct vertex *v,
					   struct node *n) = {
	[V_RELEVANT] = run_relevant, [V_CALCULATE] = run_calculate,
	[V_READONLY] = run_readonly, [V_REQUIRED] = run_required,
	[V_CHOICES] = run_choices,   [V_COUNT] = run_count,
};

/* One act may cost so much and no more, whoever wrote the form. */
static enum err check_cost(struct session *s, const struct vertex *v)
{
	if (s->env.steps - s->steps_from <= SESSION_MAX_STEPS)
		return ERR_NONE;
	buf_reset(&s->why);
	buf_adds(&s->why, _("perhitungan terlalu berat: "));
	buf_addstr(&s->why, xpath_text(v->x));
	return ERR_TOOBIG;
}

enum err vertex_run(struct session *s, uint32_t vertex, struct node *n)
{
	const struct vertex *v = &s->form->vertices[vertex];
	enum err rc = run[v->kind](s, v, n);

	arena_reset(&s->scratch);
	/*
	 * While a form is opened, a failing expression is a fault of the form
	 * and said; later the node keeps what it has.
	 */
	if (rc == ERR_INVALID && !s->loading)
		rc = ERR_NONE;
	return rc ? rc : check_cost(s, v);
}
