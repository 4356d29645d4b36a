/* SPDX-License-Identifier: MIT */
#include "pilar/workbook.h"

#include "origin.h"

static struct str path_text(struct conv *cv, const struct element *e)
{
	struct buf b = BUF_INIT(SHEET_MAX_BYTES);
	struct str out;

	element_path(&b, e);
	out = conv_dup(cv, buf_str(&b));
	if (b.failed)
		cv->failed = b.failed;
	buf_release(&b);
	return out;
}

enum err paths_collect(struct conv *cv, struct map *by_path)
{
	size_t text = 0;

	for (struct element *e = cv->root; e && !cv->failed;
	     e = element_next(e, cv->root)) {
		struct str path;

		if (e->kind == KIND_EXTERNAL || e->flat)
			continue;
		path = path_text(cv, e);
		text += path.n;
		if (text > SHEET_MAX_TEXT)
			cv->failed = ERR_TOOBIG;
		else if (!cv->failed && map_put(by_path, path, e))
			cv->failed = ERR_NOMEM;
	}
	return cv->failed;
}

/* What an attribute of <entity> is called in the entities sheet. */
static const struct {
	const char *node, *column;
} entity_parts[] = {
	{ "create", "create_if" },
	{ "update", "update_if" },
	{ "id", "entity_id" },
	{ "baseVersion", "entity_id" },
	{ "trunkVersion", "entity_id" },
	{ "branchId", "entity_id" },
	{ "label", "label" },
};

static struct str entity_origin(struct arena *a, const struct element *e)
{
	const char *column = "list_name";

	for (size_t i = 0; i < ARRAY_LEN(entity_parts); i++)
		if (str_is(e->name, entity_parts[i].node))
			column = entity_parts[i].column;
	return workbook_place(a, STR("entities"), e->parent->entity->at,
			      str_from(column));
}

/* Columns whose cells become something else than an attribute. */
static const struct {
	const char *what, *column;
} others[] = {
	{ "label", "label" },         { "hint", "hint" },
	{ "output", "label" },        { "setvalue", "default" },
	{ "query", "choice_filter" }, { "itemset", "choice_filter" },
	{ "start", "parameters" },    { "end", "parameters" },
	{ "step", "parameters" },
};

static struct str column_of(const struct element *e, struct str what)
{
	struct attr *lists[] = { e->bind, e->control };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (const struct attr *a = lists[i]; a; a = a->next)
			if (str_eq(a->key, what) && a->column.n)
				return a->column;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_is(what, others[i].what))
			return str_from(others[i].column);
	return (struct str){ 0 };
}

struct str path_origin(const struct map *by_path, struct arena *a,
		       struct str place)
{
	size_t comma = str_find(place, STR(", "), 0);
	struct str path = str_sub(place, 0, comma), what = { 0 };
	const struct element *e = map_get(by_path, path);

	if (!e)
		return place;
	if (comma != SIZE_MAX)
		what = str_sub(place, comma + 2, place.n);
	if (e->parent && e->parent->entity && e->parent->kind == KIND_ENTITY)
		return entity_origin(a, e);
	if (str_is(e->name, "instanceName"))
		return arena_dup(a, STR("settings, instance_name"));
	if (!e->at)
		return place;
	return workbook_place(a, STR("survey"), e->at, column_of(e, what));
}
