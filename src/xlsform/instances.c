/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include "pilar/i18n.h"

#include "lex.h"
#include "refs.h"
#include "type.h"

static struct instance *instance_new(struct conv *cv, struct str id,
				     struct str src)
{
	struct instance *i = conv_alloc(cv, sizeof(*i));

	if (!i)
		return NULL;
	i->id = id;
	i->src = src;
	if (map_put(&cv->instance_by_id, id, i)) {
		cv->failed = ERR_NOMEM;
		return NULL;
	}
	if (cv->last_instance)
		cv->last_instance->next = i;
	else
		cv->instances = i;
	cv->last_instance = i;
	return i;
}

/* One id is one thing; asking twice for the same is fine. */
static struct instance *instance_add(struct conv *cv, struct str id,
				     struct str src, struct str place)
{
	struct instance *known = map_get(&cv->instance_by_id, id);

	if (!known)
		return instance_new(cv, id, src);
	if (!str_eq(known->src, src))
		FAIL(cv, place,
		     _("nama \"%.*s\" dipakai untuk dua sumber data yang "
		       "berbeda"),
		     STR_ARG(quoted(id)));
	return known;
}

static void chosen_add(struct conv *cv, struct str id, struct str src,
		       struct str place)
{
	struct instance *i = instance_add(cv, id, src, place);

	if (i)
		i->chosen = true;
}

static struct str csv_src(struct conv *cv, struct str id)
{
	return conv_printf(cv, "jr://file-csv/%.*s.csv", STR_ARG(id));
}

/* The first argument of pulldata() names a file; quotes may be missing. */
static bool pulldata_next(struct str text, size_t *at, struct str *file)
{
	struct str call = STR("pulldata(");
	size_t comma;

	*file = (struct str){ 0 };
	*at = str_find(text, call, *at);
	if (*at == SIZE_MAX)
		return false;
	*at += call.n;
	comma = str_find(text, STR(","), *at);
	if (comma == SIZE_MAX)
		return false;
	*file = str_trim(str_sub(text, *at, comma));
	if (file->n > 2 && (file->p[0] == '\'' || file->p[0] == '"'))
		*file = str_trim(str_sub(*file, 1, file->n - 1));
	return true;
}

static void expression_instances(struct conv *cv, struct str text,
				 struct str place)
{
	struct str file;
	struct ref ref;
	size_t at = 0;

	while (pulldata_next(text, &at, &file))
		if (lex_is_name(file))
			instance_add(cv, file, csv_src(cv, file), place);
	for (at = 0; ref_next(text, at, &ref); at = ref.to)
		if (ref.valid && ref.last_saved)
			instance_add(cv, STR("__last-saved"),
				     STR("jr://instance/last-saved"), place);
}

static void file_instance(struct conv *cv, const struct element *e,
			  struct str place)
{
	struct str extension = file_extension(e->itemset), id = e->itemset;

	if (e->list || !file_known(e->itemset) || ref_any(e->itemset))
		return;
	id.n -= extension.n;
	chosen_add(cv, id,
		   conv_printf(cv, "jr://%s/%.*s",
			       str_is(extension, ".csv") ? "file-csv" : "file",
			       STR_ARG(e->itemset)),
		   place);
}

static void external_instance(struct conv *cv, const struct element *e,
			      struct str place)
{
	struct str src;

	if (str_is(e->type_text, "csv-external"))
		src = csv_src(cv, e->name);
	else
		src = conv_printf(cv, "jr://file/%.*s.xml", STR_ARG(e->name));
	if (map_get(&cv->external_by_name, e->name))
		FAIL(cv, place, _("nama berkas ini sudah dipakai"));
	else if (map_put(&cv->external_by_name, e->name, cv))
		cv->failed = ERR_NOMEM;
	chosen_add(cv, e->name, src, place);
}

static void element_instances(struct conv *cv, const struct element *e)
{
	struct str place = at_cell(cv, "survey", e->at, "");

	for (const struct attr *a = e->bind; a; a = a->next)
		if (a->value && one_of("calculate|constraint|readonly|"
				       "required|relevant",
				       a->key))
			expression_instances(cv, a->value->text, place);
	expression_instances(cv, e->choice_filter, place);
	expression_instances(cv, e->value, place);
	if (e->kind == KIND_EXTERNAL)
		external_instance(cv, e, place);
	else if (e->type && e->type->rule == RULE_SELECT)
		file_instance(cv, e, place);
}

void instances_collect(struct conv *cv)
{
	struct instance *i;

	map_release(&cv->external_by_name);
	cv->external_by_name = (struct map){ 0 };
	for (const struct element *e = cv->root; e && !cv->failed;
	     e = element_next(e, cv->root))
		element_instances(cv, e);
	for (const struct entity *e = cv->entities; e; e = e->next)
		if (e->id.n)
			chosen_add(cv, e->list, csv_src(cv, e->list),
				   at_row(cv, "entities", e->at));
	for (const struct list *l = cv->choices.first; l && !cv->failed;
	     l = l->next) {
		if (l->search)
			continue;
		i = instance_add(cv, l->name, (struct str){ 0 },
				 at_row(cv, "choices", l->first->at));
		if (i && !i->src.n)
			i->list = l;
	}
}

static void leaf(struct emit *em, struct str name, struct str text)
{
	xml_open_str(&em->x, name);
	xml_text(&em->x, text);
	xml_close_str(&em->x, name);
}

static void list_write(struct emit *em, const struct list *list)
{
	size_t n = 0;

	xml_open(&em->x, "root");
	for (const struct choice *c = list->first; c && !em->x.b->failed;
	     c = c->next) {
		xml_open(&em->x, "item");
		if (list->itext)
			leaf(em, STR("itextId"),
			     conv_printf(em->cv, "%.*s-%zu",
					 STR_ARG(list->name), n++));
		leaf(em, STR("name"), c->name);
		if (!list->itext && c->label)
			leaf(em, STR("label"), c->label->text);
		for (const struct attr *a = c->extra; a; a = a->next)
			leaf(em, a->key, lingual_plain(a->value));
		xml_close(&em->x, "item");
	}
	xml_close(&em->x, "root");
}

void instances_write(struct emit *em)
{
	for (const struct instance *i = em->cv->instances; i; i = i->next) {
		xml_open(&em->x, "instance");
		xml_attr(&em->x, "id", i->id);
		if (i->list)
			list_write(em, i->list);
		else
			xml_attr(&em->x, "src", i->src);
		xml_close(&em->x, "instance");
	}
}
