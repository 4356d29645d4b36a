/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/* What a form says about entities, checked when it is loaded (ODK.md 15). */

/* The newest version of the entities specification that is known here. */
#define ENTITIES_YEAR 2025
#define ENTITIES_PART 1

bool entity_name_valid(struct str s)
{
	return !str_starts(s, STR("__")) && str_is_name(s, "-");
}

/* YYYY.NN.MM; the last part is of no interest. */
static bool version_parse(struct str s, int64_t *year, int64_t *number)
{
	struct str field;

	if (!str_split(&s, '.', &field) || !str_to_i64(field, year))
		return false;
	if (!str_split(&s, '.', &field))
		return false;
	return str_to_i64(field, number);
}

static void version_check(struct form *f)
{
	struct str v = part_attr(f->model, "entities-version", NS_ENTITIES);
	int64_t year = 0, number = 0;

	if (!v.n)
		def_warn(f, f->name,
			 _("entity tanpa entities-version di model"));
	else if (!version_parse(v, &year, &number))
		def_error(f, f->name, _("entities-version tidak dikenal: %.*s"),
			  STR_ARG(v));
	else if (year > ENTITIES_YEAR ||
		 (year == ENTITIES_YEAR && number > ENTITIES_PART))
		def_error(f, f->name,
			  _("entities-version %.*s lebih baru daripada "
			    "program ini"),
			  STR_ARG(v));
}

static bool is_entity(const struct form *f, uint32_t slot)
{
	const struct shape_slot *s = &f->shape.slots[slot];

	return !s->attribute && slot != 0 && s->parent != 0 &&
	       str_is(s->name->local, "entity") &&
	       str_is(f->shape.slots[s->parent].name->local, "meta");
}

static enum err entity_add(struct form *f, uint32_t slot,
			   struct entity_def *out)
{
	const struct shape_slot *s = &f->shape.slots[slot];

	out->entity = slot;
	out->owner = f->shape.slots[s->parent].parent;
	out->dataset = part_attr(f->slots[slot].blank, "dataset", NO_URI);
	f->slots[out->owner].entity = slot + 1;
	if (!entity_name_valid(out->dataset))
		def_error(f, slot_path(f, slot, &f->scratch),
			  _("nama daftar tidak sah: \"%.*s\""),
			  STR_ARG(out->dataset));
	return ERR_NONE;
}

static bool owned(const struct form *f, uint32_t slot)
{
	for (; slot != TREE_NO_SLOT; slot = f->shape.slots[slot].parent)
		if (f->slots[slot].entity)
			return true;
	return false;
}

static void saveto_check(struct form *f, uint32_t slot)
{
	struct str name = f->slots[slot].saveto;

	if (!name.n)
		return;
	if (!entity_name_valid(name) || str_eq_nocase(name, STR("name")) ||
	    str_eq_nocase(name, STR("label")))
		def_error(f, slot_path(f, slot, &f->scratch),
			  _("nama sifat entitas tidak sah: \"%.*s\""),
			  STR_ARG(name));
	else if (!owned(f, slot))
		def_error(f, slot_path(f, slot, &f->scratch),
			  _("saveto tanpa entity di atasnya"));
}

static enum err dataset_add(struct form *f, struct map *known, struct str name)
{
	if (map_get(known, name))
		return ERR_NONE;
	f->datasets[f->n_datasets++] = name;
	return map_put(known, name, f);
}

static enum err datasets_find(struct form *f)
{
	struct map known = { 0 };
	enum err rc = ERR_NONE;

	f->datasets = arena_array(&f->arena, f->n_entities + f->n_instances,
				  sizeof(*f->datasets));
	if (!f->datasets)
		return ERR_NOMEM;
	for (size_t i = 0; i < f->n_entities && !rc; i++)
		rc = dataset_add(f, &known, f->entities[i].dataset);
	for (size_t i = 0; i < f->n_instances && !rc; i++)
		if (f->instances[i].src.n && f->instances[i].chosen)
			rc = dataset_add(f, &known, f->instances[i].id);
	map_release(&known);
	return rc;
}

enum err entities_parse(struct form *f)
{
	enum err rc = ERR_NONE;
	size_t n = 0;

	for (uint32_t i = 1; i < f->shape.n; i++)
		n += is_entity(f, i);
	f->entities = arena_array(&f->arena, n, sizeof(*f->entities));
	if (!f->entities)
		return ERR_NOMEM;
	for (uint32_t i = 1; i < f->shape.n && !rc; i++)
		if (is_entity(f, i))
			rc = entity_add(f, i, &f->entities[f->n_entities++]);
	if (n)
		version_check(f);
	for (uint32_t i = 1; i < f->shape.n; i++)
		saveto_check(f, i);
	return rc ? rc : datasets_find(f);
}

bool form_saves(const struct form *f, struct str property)
{
	for (uint32_t i = 0; i < form_shape(f)->n; i++)
		if (f->slots[i].saveto.n &&
		    str_eq(f->slots[i].saveto, property))
			return true;
	return false;
}

/* The entity that its saveto belongs to: the nearest one above. */
static struct str dataset_above(const struct form *f, uint32_t slot)
{
	for (; slot != TREE_NO_SLOT; slot = f->shape.slots[slot].parent) {
		uint32_t entity = f->slots[slot].entity;

		if (entity)
			return part_attr(f->slots[entity - 1].blank, "dataset",
					 NO_URI);
	}
	return STR("");
}

const struct item *form_saver(const struct form *f, struct str dataset,
			      struct str property)
{
	for (uint32_t i = 0; i < f->shape.n; i++) {
		const struct item *item = form_item(f, i);

		if (item && str_eq(f->slots[i].saveto, property) &&
		    str_eq(dataset_above(f, i), dataset))
			return item;
	}
	return NULL;
}
