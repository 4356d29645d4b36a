/* SPDX-License-Identifier: MIT */
#include "ses.h"

/* What expressions ask of the session while they are evaluated. */

static struct session *session_of(struct xpath_env *env)
{
	return env->owner;
}

static enum err find_instance(struct xpath_env *env, struct str id,
			      struct node **element, struct list **list)
{
	struct session *s = session_of(env);
	const struct instance *i = form_instance(s->form, id);

	*element = NULL;
	*list = NULL;
	if (!i)
		return ERR_NOTFOUND;
	*list = i->list;
	*element = i->element;
	if (i->last_saved && s->last_saved)
		*element = s->last_saved->root;
	/* A list that is missing, and was allowed to be, has no rows. */
	if (!*list && !*element)
		*element = s->nowhere;
	return ERR_NONE;
}

static enum err find_itext(struct xpath_env *env, struct str id,
			   struct node *context, struct arena *a,
			   struct str *out)
{
	return itext_eval(session_of(env), id, context, FORM_PLAIN, a, out);
}

static enum err find_choice(struct xpath_env *env, struct str value,
			    struct str path, struct node *context,
			    struct arena *a, struct str *out)
{
	struct session *s = session_of(env);
	uint32_t slot = TREE_NO_SLOT;
	struct node *n = NULL;

	*out = STR("");
	if (context && context->slot != TREE_NO_SLOT)
		slot = slot_resolve(s->form, context->slot, path);
	if (slot != TREE_NO_SLOT)
		n = node_near(s, slot, context);
	if (!n || !value.n)
		return ERR_NONE;
	return choice_label(s, n, value, a, out);
}

/* Names that mean the same, beside upper and lower case. */
static const struct {
	const char *asked, *given, *scheme;
} aliases[] = {
	{ "phone number", "phonenumber", "" },
	{ "uri:deviceid", "deviceid", "" },
	{ "uri:username", "username", "username:" },
	{ "uri:email", "email", "mailto:" },
	{ "uri:phonenumber", "phonenumber", "tel:" },
};

static struct str given(const struct session *s, struct str name)
{
	for (size_t i = 0; i < s->n_props; i++)
		if (str_eq_nocase(s->props[i].name, name))
			return s->props[i].value;
	return STR("");
}

struct str property_of(struct session *s, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		struct str value;

		if (!str_eq_nocase(name, str_from(aliases[i].asked)))
			continue;
		value = given(s, str_from(aliases[i].given));
		if (!value.n || !aliases[i].scheme[0])
			return value;
		return arena_printf(&s->arena, "%s%.*s", aliases[i].scheme,
				    STR_ARG(value));
	}
	return given(s, name);
}

static struct str find_property(struct xpath_env *env, struct str name)
{
	return property_of(session_of(env), name);
}

void env_init(struct session *s)
{
	s->env.owner = s;
	s->env.sys = s->sys;
	s->env.tree = s->tree;
	s->env.instance = find_instance;
	s->env.itext = find_itext;
	s->env.choice_name = find_choice;
	s->env.property = find_property;
	s->env.version = s->form->version;
	s->env.why = &s->why;
}
