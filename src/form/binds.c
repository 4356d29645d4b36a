/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/* Binds: what is known about a node besides its place. */

struct type_name {
	const char *name;
	enum data_type type;
};

static const struct type_name types[] = {
	{ "string", TYPE_STRING },     { "int", TYPE_INT },
	{ "integer", TYPE_INT },       { "boolean", TYPE_BOOLEAN },
	{ "decimal", TYPE_DECIMAL },   { "date", TYPE_DATE },
	{ "time", TYPE_TIME },         { "dateTime", TYPE_DATETIME },
	{ "geopoint", TYPE_GEOPOINT }, { "geotrace", TYPE_GEOTRACE },
	{ "geoshape", TYPE_GEOSHAPE }, { "binary", TYPE_BINARY },
	{ "barcode", TYPE_BARCODE },   { "intent", TYPE_INTENT },
	{ "select", TYPE_SELECT },     { "select1", TYPE_SELECT1 },
	{ "rank", TYPE_RANK },
};

/* "xsd:int" and "odk:rank" mean what stands behind the colon. */
static enum data_type type_of(struct str s)
{
	size_t colon = str_find(s, STR(":"), 0);

	if (colon != SIZE_MAX)
		s = str_sub(s, colon + 1, s.n);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_is(s, types[i].name))
			return types[i].type;
	return TYPE_STRING;
}

struct bind *form_bind(const struct form *f, struct str id)
{
	return map_get(&f->bind_ids, id);
}

/* ---- first: which node each bind is about */

static struct bind *bind_new(struct form *f, const struct node *n,
			     const struct bind *outer, struct bind ***end)
{
	struct bind *b = arena_alloc(&f->arena, sizeof(*b));
	uint32_t context = outer ? outer->slot : 0;

	if (!b)
		return NULL;
	b->element = n;
	b->id = part_attr(n, "id", NO_URI);
	b->nodeset = part_attr(n, "nodeset", NO_URI);
	if (!b->nodeset.n)
		b->nodeset = part_attr(n, "ref", NO_URI);
	b->slot = context == TREE_NO_SLOT
			  ? TREE_NO_SLOT
			  : slot_resolve(f, context, b->nodeset);
	if (b->slot == TREE_NO_SLOT)
		def_warn(f, f->name,
			 _("bind di baris %u merujuk simpul yang tidak ada: "
			   "%.*s"),
			 (unsigned)n->line, STR_ARG(b->nodeset));
	if (b->id.n && !form_bind(f, b->id) && map_put(&f->bind_ids, b->id, b))
		return NULL;
	**end = b;
	*end = &b->next;
	return b;
}

static enum err collect(struct form *f, const struct node *n,
			const struct bind *outer, struct bind ***end)
{
	enum err rc = ERR_NONE;

	for (const struct node *k = part(n, "bind"); k && !rc;
	     k = part_next(k, "bind")) {
		const struct bind *b = bind_new(f, k, outer, end);

		rc = b ? collect(f, k, b, end) : ERR_NOMEM;
	}
	return rc;
}

enum err binds_parse(struct form *f)
{
	struct bind **end = &f->binds;

	return collect(f, f->model, NULL, &end);
}

/* ---- then: what it says */

static const struct {
	const char *attr;
	enum vertex_kind kind;
} states[] = {
	{ "calculate", V_CALCULATE },
	{ "relevant", V_RELEVANT },
	{ "readonly", V_READONLY },
	{ "required", V_REQUIRED },
};

static enum err states_compile(struct form *f, const struct bind *b)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(states) && !rc; i++) {
		struct str text = part_attr(b->element, states[i].attr, NO_URI);
		const struct xpath *x = NULL;

		if (!str_trim(text).n)
			continue;
		rc = def_compile(f, text, b->slot, states[i].attr, &x);
		if (!rc && x)
			rc = vertex_add(f, states[i].kind, b->slot, x);
	}
	return rc;
}

static enum err messages_compile(struct form *f, const struct bind *b)
{
	struct slot *s = &f->slots[b->slot];
	struct str msg = part_attr(b->element, "constraintMsg", NS_JR);
	enum err rc = ERR_NONE;

	if (msg.n)
		rc = text_of_message(f, msg, b->slot, "constraintMsg",
				     &s->constraint_msg);
	msg = part_attr(b->element, "requiredMsg", NS_JR);
	if (!rc && msg.n)
		rc = text_of_message(f, msg, b->slot, "requiredMsg",
				     &s->required_msg);
	return rc;
}

static enum err constraint_compile(struct form *f, const struct bind *b)
{
	struct str text = part_attr(b->element, "constraint", NO_URI);
	const struct xpath **x = &f->slots[b->slot].constraint;
	enum err rc;

	if (!str_trim(text).n)
		return ERR_NONE;
	rc = def_compile(f, text, b->slot, "constraint", x);
	return rc ? rc : watcher_add(f, WATCH_VERDICT, b->slot, *x);
}

static enum preload preload_of(struct str name, struct str params)
{
	if (str_is(name, "uid"))
		return PRELOAD_UID;
	if (str_is(name, "timestamp"))
		return str_is(params, "end") ? PRELOAD_END : PRELOAD_START;
	if (str_is(name, "date"))
		return str_is(params, "today") ? PRELOAD_TODAY : PRELOAD_NONE;
	if (str_is(name, "property"))
		return PRELOAD_PROPERTY;
	return PRELOAD_NONE;
}

static enum err bind_compile(struct form *f, const struct bind *b)
{
	struct slot *s = &f->slots[b->slot];
	struct str type = part_attr(b->element, "type", NO_URI);
	struct str name = part_attr(b->element, "preload", NS_JR);
	enum err rc;

	if (type.n)
		s->type = type_of(type);
	s->params = part_attr(b->element, "preloadParams", NS_JR);
	if (name.n)
		s->preload = preload_of(name, s->params);
	s->saveto = part_attr(b->element, "saveto", NS_ENTITIES);
	rc = states_compile(f, b);
	if (!rc)
		rc = constraint_compile(f, b);
	if (!rc)
		rc = messages_compile(f, b);
	return rc;
}

enum err binds_compile(struct form *f)
{
	enum err rc = ERR_NONE;

	for (const struct bind *b = f->binds; b && !rc; b = b->next)
		if (b->slot != TREE_NO_SLOT)
			rc = bind_compile(f, b);
	return rc;
}
