/* SPDX-License-Identifier: MIT */
#include "pilar/when.h"

#include "ses.h"

/* Preloads and actions. */

/* Setvalues that one act may set off; a circle of them ends here. */
#define FIRINGS_MAX 10000

/* ---- preloads */

static struct str when_now(const struct session *s, char text[WHEN_MAX],
			   struct str (*write)(const struct when *w,
					       char out[WHEN_MAX]))
{
	struct when w;

	when_local(s->sys, sys_now(s->sys), &w);
	return write(&w, text);
}

enum err uid_new(struct session *s, struct node *n)
{
	char text[5 + UUID_LEN + 1] = "uuid:";

	sys_uuid(s->sys, text + 5);
	return value_put(s, n, str_from(text));
}

static enum err preload_put(struct session *s, struct node *n, struct str text)
{
	enum err rc;

	if (!text.n)
		return ERR_NONE;
	rc = cast(s, n->slot, text, false, &s->scratch, &text);
	return rc ? rc : value_put(s, n, text);
}

static enum err preload(struct session *s, struct node *n)
{
	const struct slot *def = &s->form->slots[n->slot];
	char text[WHEN_MAX];

	switch (def->preload) {
	case PRELOAD_UID:
		return uid_new(s, n);
	case PRELOAD_START:
		return preload_put(s, n, when_now(s, text, when_datetime_text));
	case PRELOAD_TODAY:
		return preload_put(s, n, when_now(s, text, when_date_text));
	case PRELOAD_PROPERTY:
		return preload_put(s, n, property_of(s, def->params));
	case PRELOAD_END:
	case PRELOAD_NONE:
		break;
	}
	return ERR_NONE;
}

static enum err preload_finish(struct session *s, struct node *n)
{
	char text[WHEN_MAX];

	if (s->form->slots[n->slot].preload != PRELOAD_END)
		return ERR_NONE;
	return preload_put(s, n, when_now(s, text, when_datetime_text));
}

static enum err each_node(struct session *s, struct node *n,
			  enum err (*visit)(struct session *s, struct node *n))
{
	enum err rc;

	rc = visit(s, n);
	for (struct node *a = n->attrs; a && !rc; a = a->next)
		if (a->data)
			rc = visit(s, a);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data)
			rc = each_node(s, k, visit);
	return rc;
}

enum err preload_all(struct session *s, struct node *n)
{
	return each_node(s, n, preload);
}

enum err preload_end(struct session *s, struct node *n)
{
	return each_node(s, n, preload_finish);
}

/* ---- actions */

static enum err act_on(struct session *s, const struct action *a,
		       struct node *target)
{
	struct str text = a->literal;
	enum err rc = ERR_NONE;

	if (!target->data)
		return ERR_NONE;
	if (a->value)
		rc = eval_text(s, a->value, target, &s->scratch, &text);
	if (!rc)
		rc = cast(s, target->slot, text, false, &s->scratch, &text);
	return rc ? rc : value_put(s, target, text);
}

static bool below(const struct node *n, const struct node *top)
{
	while (n && n != top)
		n = n->parent;
	return n != NULL;
}

/* All targets seen from `source`; with `within` only those below it. */
static enum err fire(struct session *s, const struct action *a,
		     struct node *source, const struct node *within)
{
	struct xpath_value v = { .type = XPATH_NODESET };
	enum err rc;

	s->acting = true;
	rc = xpath_eval(a->target, &s->env, source, &s->scratch, &v);
	if (rc || v.type != XPATH_NODESET)
		goto out;
	for (size_t i = 0; i < v.n && !rc; i++)
		if (!within || below(v.nodes[i], within))
			rc = act_on(s, a, v.nodes[i]);
out:
	s->acting = false;
	arena_reset(&s->scratch);
	if (rc == ERR_INVALID && !s->loading)
		rc = ERR_NONE;
	return rc;
}

static enum err fire_everywhere(struct session *s, const struct action *a,
				struct node *n)
{
	enum err rc = ERR_NONE;

	if (n->slot == a->source)
		return fire(s, a, n, NULL);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data && slot_below(s->form, a->source, k->slot))
			rc = fire_everywhere(s, a, k);
	return rc;
}

enum err fire_load(struct session *s, unsigned event)
{
	enum err rc = ERR_NONE;

	for (const struct trigger *t = s->form->loads.first; t && !rc;
	     t = t->next) {
		const struct action *a = t->action;

		if (!(a->events & event))
			continue;
		if (a->source == TREE_NO_SLOT)
			rc = fire(s, a, s->root, NULL);
		else
			rc = fire_everywhere(s, a, s->root);
		if (!rc)
			rc = settle_all(s);
	}
	return rc;
}

static enum err fire_own_birth(struct session *s, struct node *instance)
{
	const struct trigger *t = s->form->slots[instance->slot].born.first;
	enum err rc = ERR_NONE;

	for (; t && !rc; t = t->next) {
		struct node *source = node_near(s, t->action->source, instance);

		if (source)
			rc = fire(s, t->action, source, instance);
	}
	return rc;
}

/* The instances that a new one brings along are new, too. */
enum err fire_birth(struct session *s, struct node *n)
{
	enum err rc = ERR_NONE;

	if (s->form->slots[n->slot].born.first)
		rc = fire_own_birth(s, n);
	for (struct node *k = n->first; k && !rc; k = k->next)
		if (k->data)
			rc = fire_birth(s, k);
	return rc;
}

enum err queue_changed(struct session *s, struct node *source)
{
	const struct trigger *t = s->form->slots[source->slot].changed.first;

	/* What opening a form computes is no change; what its actions set
	 * is. */
	if ((s->loading && !s->acting) || s->work.states_only)
		return ERR_NONE;
	for (; t; t = t->next) {
		struct firing *f;

		if (s->fired++ >= FIRINGS_MAX)
			return ERR_NONE;
		f = vec_push(&s->firings);
		if (!f)
			return ERR_NOMEM;
		*f = (struct firing){ t->action, source };
	}
	return ERR_NONE;
}

enum err settle_all(struct session *s)
{
	size_t next = 0;
	enum err rc;

	rc = settle(s);
	while (!rc && next < s->firings.n) {
		struct firing f = s->firings.at[next++];

		if (attached(s, f.source))
			rc = fire(s, f.action, f.source, NULL);
		if (!rc)
			rc = settle(s);
	}
	vec_reset(&s->firings);
	s->fired = 0;
	return rc;
}
