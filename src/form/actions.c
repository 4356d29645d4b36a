/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/* Actions: what happens to which node on which event. */

static const struct {
	const char *name;
	unsigned event;
} events[] = {
	{ "odk-instance-first-load", EVENT_FIRST_LOAD },
	{ "odk-instance-load", EVENT_LOAD },
	{ "odk-new-repeat", EVENT_NEW_REPEAT },
	{ "xforms-value-changed", EVENT_CHANGED },
	{ "xforms-revalidate", EVENT_REVALIDATE },
	{ "xforms-ready", EVENT_FIRST_LOAD }, /* older name */
	{ "jr-insert", EVENT_NEW_REPEAT },    /* older name */
};

static unsigned event_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (str_is(name, events[i].name))
			return events[i].event;
	return 0;
}

static struct str action_place(struct form *f, const struct node *n)
{
	return arena_printf(&f->arena, "%.*s, baris %u",
			    STR_ARG(n->name->local), (unsigned)n->line);
}

static unsigned events_parse(struct form *f, const struct node *n)
{
	struct str list = part_attr(n, "event", NO_URI), word;
	unsigned all = 0;

	while (str_word(&list, &word)) {
		unsigned e = event_of(word);

		if (!e)
			def_error(f, action_place(f, n),
				  _("peristiwa tidak dikenal: %.*s"),
				  STR_ARG(word));
		all |= e;
	}
	return all;
}

static enum err trigger_add(struct form *f, struct triggers *list,
			    const struct action *a)
{
	struct trigger *t = arena_alloc(&f->arena, sizeof(*t));

	if (!t)
		return ERR_NOMEM;
	t->action = a;
	if (list->last)
		list->last->next = t;
	else
		list->first = t;
	list->last = t;
	return ERR_NONE;
}

static uint32_t repeat_around(const struct form *f, uint32_t slot)
{
	while (slot != 0 && slot != TREE_NO_SLOT && !f->slots[slot].repeat)
		slot = f->shape.slots[slot].parent;
	return slot == 0 ? TREE_NO_SLOT : slot;
}

static enum err register_birth(struct form *f, const struct node *n,
			       const struct action *a)
{
	uint32_t repeat = repeat_around(f, a->source);

	if (repeat == TREE_NO_SLOT) {
		def_error(f, action_place(f, n),
			  _("odk-new-repeat hanya boleh di dalam pengulangan"));
		return ERR_NONE;
	}
	return trigger_add(f, &f->slots[repeat].born, a);
}

static enum err action_register(struct form *f, const struct node *n,
				const struct action *a)
{
	enum err rc = ERR_NONE;

	if (a->events & (EVENT_FIRST_LOAD | EVENT_LOAD | EVENT_REVALIDATE))
		rc = trigger_add(f, &f->loads, a);
	if (!rc && (a->events & EVENT_CHANGED) && a->source != TREE_NO_SLOT)
		rc = trigger_add(f, &f->slots[a->source].changed, a);
	if (!rc && (a->events & EVENT_NEW_REPEAT))
		rc = register_birth(f, n, a);
	return rc;
}

static struct str target_text(const struct form *f, const struct node *n)
{
	struct str ref = part_attr(n, "ref", NO_URI);
	const struct bind *b;

	b = ref.n ? NULL : form_bind(f, part_attr(n, "bind", NO_URI));
	return b ? b->nodeset : ref;
}

static enum err value_parse(struct form *f, const struct node *n,
			    struct action *a)
{
	struct str text = part_attr(n, "value", NO_URI);

	if (!has_attr(n, "value")) {
		a->literal = node_value(n, &f->arena);
		return ERR_NONE;
	}
	if (!str_trim(text).n)
		return ERR_NONE;
	return def_compile(f, text, a->target_slot, "setvalue", &a->value);
}

static enum err target_parse(struct form *f, const struct node *n,
			     struct action *a)
{
	struct str ref = target_text(f, n);
	uint32_t from = a->source == TREE_NO_SLOT ? 0 : a->source;
	enum err rc;

	a->target_slot = TREE_NO_SLOT;
	if (!ref.n) {
		def_error(f, action_place(f, n), _("tanpa ref"));
		return ERR_NONE;
	}
	rc = def_compile(f, ref, from, "setvalue", &a->target);
	if (rc || !a->target)
		return rc;
	a->target_slot = xpath_path_slot(a->target);
	if (a->target_slot == TREE_NO_SLOT)
		a->target_slot = slot_resolve(f, from, ref);
	if (a->target_slot == TREE_NO_SLOT)
		def_error(f, action_place(f, n),
			  _("merujuk simpul yang tidak ada: %.*s"),
			  STR_ARG(ref));
	return ERR_NONE;
}

/* A place or a sound cannot be taken here: the node stays empty. */
static bool is_sensor(const struct node *n)
{
	return str_is(n->name->local, "setgeopoint") ||
	       str_is(n->name->local, "recordaudio");
}

static enum err action_parse(struct form *f, const struct node *n,
			     uint32_t source)
{
	struct action *a = arena_alloc(&f->arena, sizeof(*a));
	enum err rc;

	if (!a)
		return ERR_NOMEM;
	a->source = source;
	a->events = events_parse(f, n);
	if (source == TREE_NO_SLOT && (a->events & EVENT_NEW_REPEAT)) {
		def_error(f, action_place(f, n),
			  _("odk-new-repeat hanya boleh di dalam pengulangan"));
		return ERR_NONE;
	}
	if (is_sensor(n))
		return ERR_NONE;
	rc = target_parse(f, n, a);
	if (rc || a->target_slot == TREE_NO_SLOT)
		return rc;
	rc = value_parse(f, n, a);
	return rc ? rc : action_register(f, n, a);
}

enum err actions_of(struct form *f, const struct node *element, uint32_t source)
{
	enum err rc = ERR_NONE;

	for (const struct node *k = element->first; k && !rc; k = k->next)
		if (k->kind == NODE_ELEMENT &&
		    (str_is(k->name->local, "setvalue") || is_sensor(k)))
			rc = action_parse(f, k, source);
	return rc;
}
