/* SPDX-License-Identifier: MIT */
/*
 * Where each entity is declared: in the section its save_to cells are in, or
 * the one its expressions speak of, one entity a section. A repeat is a
 * boundary: what is declared outside knows nothing of one of its instances.
 */
#include "conv.h"

#include <assert.h>

#include "pilar/i18n.h"

#include "lex.h"

/* One thing that ties an entity to a place. */
struct tie {
	struct entity *entity;
	struct element *home; /* the section the question stands in */
	struct element *question;
	struct str property; /* empty: a reference in an expression */
};

struct placing {
	struct conv *cv;
	VEC(struct tie) ties;
};

static size_t count_of(const struct element *e, bool repeats)
{
	size_t n = 0;

	for (; e; e = e->parent)
		n += !repeats || e->kind == KIND_REPEAT;
	return n;
}

/* The nearest repeat, itself included, or the root. */
static struct element *boundary(struct element *e)
{
	while (e->parent && e->kind != KIND_REPEAT)
		e = e->parent;
	return e;
}

static bool inside(const struct element *e, const struct element *section)
{
	while (e && e != section)
		e = e->parent;
	return e != NULL;
}

static struct element *common_section(struct element *a, struct element *b)
{
	while (!inside(b, a))
		a = a->parent;
	return a;
}

static struct tie *tie_add(struct placing *p, struct entity *entity,
			   struct element *question)
{
	struct tie *t = vec_push(&p->ties);

	if (!t) {
		p->cv->failed = ERR_NOMEM;
		return NULL;
	}
	t->entity = entity;
	t->home = question->parent;
	t->question = question;
	return t;
}

static struct str save_at(struct conv *cv, const struct element *e)
{
	return at_cell(cv, "survey", e->at, "save_to");
}

static const char *property_fault(struct str name)
{
	if (str_eq_nocase(name, STR("name")) ||
	    str_eq_nocase(name, STR("label")))
		return N_("sifat tidak boleh bernama name atau label");
	if (str_starts(name, STR("__")))
		return N_("nama sifat tidak boleh mulai dengan __");
	if (!lex_is_name(name))
		return N_("nama sifat tidak sah");
	return NULL;
}

/* `list#property`, or `property` when there is one list only. */
static const char *save_to_split(struct conv *cv, struct str text,
				 struct str *list, struct str *property)
{
	size_t hash = str_find(text, STR("#"), 0);

	if (!cv->entities)
		return N_("save_to memerlukan lembar entities");
	*list = cv->entities->list;
	*property = text;
	if (hash == SIZE_MAX)
		return cv->entities->next
			       ? N_("dengan beberapa daftar tulislah "
				    "daftar#sifat")
			       : NULL;
	*list = str_sub(text, 0, hash);
	*property = str_sub(text, hash + 1, text.n);
	if (str_find(*property, STR("#"), 0) != SIZE_MAX)
		return N_("save_to memuat lebih dari satu #");
	return NULL;
}

static struct entity *entity_find(const struct conv *cv, struct str list)
{
	for (struct entity *e = cv->entities; e; e = e->next)
		if (str_eq(e->list, list))
			return e;
	return NULL;
}

static void save_to(struct placing *p, struct element *e)
{
	struct attr *a = attr_find(e->bind, "entities:saveto");
	struct str list = { 0 }, property = { 0 };
	struct entity *entity = NULL;
	const char *fault;
	struct tie *t;

	if (!a || !a->value)
		return;
	fault = save_to_split(p->cv, a->value->text, &list, &property);
	if (!fault && element_section(e))
		fault = N_("kelompok dan pengulangan tidak bisa disimpan");
	if (!fault) {
		entity = entity_find(p->cv, list);
		fault = entity ? property_fault(property)
			       : N_("daftar ini tidak ada di lembar entities");
	}
	if (fault) {
		FAIL(p->cv, save_at(p->cv, e), "%s", _(fault));
		return;
	}
	a->value->text = property;
	t = tie_add(p, entity, e);
	if (t)
		t->property = property;
}

static void ties_of_text(struct placing *p, struct entity *entity,
			 struct str text)
{
	struct ref ref;

	for (size_t at = 0; ref_next(text, at, &ref); at = ref.to) {
		struct element *e = element_by_name(p->cv, ref.name);

		if (e && e != &p->cv->twice && e->parent)
			tie_add(p, entity, e);
	}
}

static void ties_collect(struct placing *p)
{
	struct conv *cv = p->cv;

	for (struct element *e = cv->root; e; e = element_next(e, cv->root))
		save_to(p, e);
	for (struct entity *e = cv->entities; e; e = e->next) {
		ties_of_text(p, e, e->id);
		ties_of_text(p, e, e->create_if);
		ties_of_text(p, e, e->update_if);
		ties_of_text(p, e, e->label);
	}
}

static void properties_distinct(struct placing *p, const struct entity *entity)
{
	struct map seen = { 0 };

	vec_each (t, &p->ties) {
		const struct element *other;

		if (t->entity != entity || !t->property.n)
			continue;
		other = map_get(&seen, t->property);
		if (other)
			FAIL(p->cv, save_at(p->cv, t->question),
			     _("sifat ini sudah diisi di baris %u"),
			     (unsigned)other->at);
		else if (map_put(&seen, t->property, t->question))
			p->cv->failed = ERR_NOMEM;
	}
	map_release(&seen);
}

/* What one entity asks for. */
struct request {
	struct element *scope; /* the deepest boundary it is tied to */
	struct element *wanted;
};

static bool deeper(struct element *a, struct element *b)
{
	size_t ra = count_of(a, true), rb = count_of(b, true);

	return ra > rb || (ra == rb && count_of(a, false) > count_of(b, false));
}

/* The deeper one; of two as deep, the one higher up in the sheet. */
static bool tie_before(const struct tie *a, const struct tie *b)
{
	if (deeper(a->home, b->home))
		return true;
	return !deeper(b->home, a->home) && a->question->at < b->question->at;
}

/* Questions that are saved decide; else the deepest one spoken of. */
static struct request request_of(struct placing *p, const struct entity *entity)
{
	struct request r = { .scope = p->cv->root, .wanted = p->cv->root };
	struct element *saved = NULL;
	const struct tie *spoken = NULL;

	vec_each (t, &p->ties) {
		if (t->entity != entity)
			continue;
		if (deeper(boundary(t->home), r.scope))
			r.scope = boundary(t->home);
		if (t->property.n)
			saved = saved ? common_section(saved, t->home)
				      : t->home;
		else if (!spoken || tie_before(t, spoken))
			spoken = t;
	}
	if (saved)
		r.wanted = saved;
	else if (spoken)
		r.wanted = spoken->home;
	return r;
}

/* Ties in another repeat than the one the entity is declared in. */
static bool ties_fit(struct placing *p, const struct entity *entity,
		     const struct request *r)
{
	struct conv *cv = p->cv;
	bool ok = true;

	vec_each (t, &p->ties) {
		struct element *b = boundary(t->home);

		if (t->entity != entity)
			continue;
		if (t->property.n ? b == r->scope : inside(r->scope, b))
			continue;
		ok = false;
		if (t->property.n)
			FAIL(cv, save_at(cv, t->question),
			     _("daftar %.*s juga dipakai di pengulangan lain"),
			     STR_ARG(quoted(entity->list)));
		else
			FAIL(cv, at_row(cv, "entities", entity->at),
			     _("${%.*s} berada di pengulangan lain"),
			     STR_ARG(quoted(t->question->name)));
	}
	return ok;
}

/* Sections between an entity and what it saves are its own. */
static void own(struct placing *p, struct entity *entity, struct element *home)
{
	entity->home = home;
	home->entity = entity;
	vec_each (t, &p->ties) {
		if (t->entity != entity || !t->property.n)
			continue;
		for (struct element *e = t->home; e != home && e; e = e->parent)
			e->entity = entity;
	}
}

/* Do questions it saves stand in a section that another one owns? */
static bool saves_blocked(struct placing *p, const struct entity *entity)
{
	vec_each (t, &p->ties)
		if (t->entity == entity && t->property.n && t->home->entity)
			return true;
	return false;
}

/* As low as wanted, else the first free section above, up to its scope. */
static void settle(struct placing *p, struct entity *entity,
		   const struct request *r)
{
	struct element *home = r->wanted;

	assert(home && r->scope);
	while (home->entity && home != r->scope)
		home = home->parent;
	if (!home->entity && (home == r->wanted || !saves_blocked(p, entity))) {
		own(p, entity, home);
		return;
	}
	FAIL(p->cv, at_row(p->cv, "entities", entity->at),
	     _("tidak ada kelompok atau pengulangan yang masih bebas untuk "
	       "daftar %.*s"),
	     STR_ARG(quoted(entity->list)));
}

static void attribute(struct conv *cv, struct element *parent, const char *name,
		      struct str value, struct str calculate, bool bound)
{
	struct element *e = element_new(cv, KIND_ATTRIBUTE, str_from(name));

	if (!e)
		return;
	e->value = value;
	if (calculate.n)
		attr_set(cv, &e->bind, "calculate", calculate);
	if (bound || calculate.n) {
		attr_set(cv, &e->bind, "type", STR("string"));
		attr_set(cv, &e->bind, "readonly", STR("true()"));
	}
	element_append(parent, e);
}

/* What an update must say about the entity it starts from. */
static void versions(struct conv *cv, struct element *node,
		     const struct entity *entity)
{
	static const char *const rows[][2] = {
		{ "baseVersion", "__version" },
		{ "trunkVersion", "__trunkVersion" },
		{ "branchId", "__branchId" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		attribute(cv, node, rows[i][0], (struct str){ 0 },
			  conv_printf(cv,
				      "instance('%.*s')/root/item[name=%.*s]"
				      "/%s",
				      STR_ARG(entity->list),
				      STR_ARG(entity->id), rows[i][1]),
			  true);
}

static struct element *meta_of(struct conv *cv, struct element *home)
{
	struct element *meta;

	if (home == cv->root)
		return cv->meta;
	meta = element_new(cv, KIND_META, STR("meta"));
	if (meta)
		element_append(home, meta);
	return meta;
}

/* <meta><entity ..><label/></entity></meta> in the entity's section. */
static void declare(struct conv *cv, struct entity *entity)
{
	const struct str none = { 0 }, one = STR("1");
	struct element *meta = meta_of(cv, entity->home);
	struct element *node = element_new(cv, KIND_ENTITY, STR("entity"));
	struct element *label;

	if (!meta || !node)
		return;
	element_prepend(meta, node);
	node->entity = entity;
	attribute(cv, node, "dataset", entity->list, none, false);
	if (!entity->id.n || entity->create_if.n)
		attribute(cv, node, "create", one, entity->create_if, false);
	if (entity->id.n) {
		attribute(cv, node, "update", one, entity->update_if, false);
		versions(cv, node, entity);
	}
	attribute(cv, node, "id", none, entity->id, true);
	if (!entity->id.n && node->last)
		node->last->fresh = STR("uuid()");
	if (!entity->label.n)
		return;
	label = element_new(cv, KIND_QUESTION, STR("label"));
	if (!label)
		return;
	attr_set(cv, &label->bind, "type", STR("string"));
	attr_set(cv, &label->bind, "readonly", STR("true()"));
	attr_set(cv, &label->bind, "calculate", entity->label);
	element_append(node, label);
}

static bool in_repeat(const struct entity *e)
{
	return e->home && boundary(e->home)->kind == KIND_REPEAT;
}

void entities_place(struct conv *cv)
{
	struct placing p = { .cv = cv };

	ties_collect(&p);
	for (struct entity *e = cv->entities; e && !cv->failed; e = e->next) {
		struct request r = request_of(&p, e);

		properties_distinct(&p, e);
		if (!ties_fit(&p, e, &r))
			continue;
		/* One list outside of repeats stands at the root, which older
		 * clients understand. */
		if (!cv->entities->next && r.scope == cv->root)
			r.wanted = cv->root;
		settle(&p, e, &r);
	}
	for (struct entity *e = cv->entities; e && !cv->failed; e = e->next)
		if (e->home)
			declare(cv, e);
	if (cv->entities)
		cv->entities_version =
			cv->entities->next || in_repeat(cv->entities)
				? "2025.1.0"
				: "2024.1.0";
	vec_release(&p.ties);
}
