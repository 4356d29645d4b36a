/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/i18n.h"

#include "def.h"

/* The second look at the body: texts, choices, counts and bounds. */

static enum err column_parse(struct form *f, struct str ref, const char *what,
			     struct column *out)
{
	struct str argument;

	ref = str_trim(ref);
	if (itext_call(ref, &argument)) {
		out->itext = true;
		ref = str_trim(argument);
	}
	if (str_starts(ref, STR("./")))
		ref = str_sub(ref, 2, ref.n);
	if (str_is_name(ref, "-.")) {
		out->name = ref;
		return ERR_NONE;
	}
	return def_compile(f, ref, TREE_NO_SLOT, what, &out->x);
}

static enum err label_parse(struct form *f, const struct item_def *i,
			    const struct node *n, struct itemset *set)
{
	const struct node *label = part(n, "label");

	set->label.name = set->value.name;
	set->label.x = set->value.x;
	if (!label)
		return ERR_NONE;
	if (!has_attr(label, "ref")) {
		def_error(f, def_place(f, i->pub.slot, "itemset"),
			  _("label tanpa ref"));
		return ERR_NONE;
	}
	set->label.name = STR("");
	set->label.x = NULL;
	return column_parse(f, part_attr(label, "ref", NO_URI), "label",
			    &set->label);
}

/* instance('x') at the front of an itemset, also inside randomize(). */
static struct str list_of(struct str nodes)
{
	const struct str call = STR("instance(");
	struct str inside = str_trim(nodes), id;
	size_t end;

	if (str_starts(inside, STR("randomize(")))
		inside = str_trim(str_sub(inside, 10, inside.n));
	if (!str_starts(inside, call))
		return STR("");
	end = str_find(inside, STR(")"), 0);
	if (end == SIZE_MAX || !unquote(str_sub(inside, call.n, end), &id))
		return STR("");
	return id;
}

/* An answer is filtered when the choices change, and who shows them is told. */
static enum err choices_read(struct form *f, const struct item_def *i)
{
	const struct xpath *nodes = i->itemset->nodes;
	enum err rc = vertex_add(f, V_CHOICES, i->pub.slot, nodes);

	return rc ? rc : watcher_add(f, WATCH_CHOICES, i->pub.slot, nodes);
}

static enum err itemset_parse(struct form *f, struct item_def *i,
			      const struct node *n)
{
	struct itemset *set = arena_alloc(&f->arena, sizeof(*set));
	struct str nodes = part_attr(n, "nodeset", NO_URI);
	const struct node *value = part(n, "value");
	enum err rc;

	if (!set)
		return ERR_NOMEM;
	if (!nodes.n)
		nodes = part_attr(n, "ref", NO_URI);
	i->pub.external = list_of(nodes);
	rc = def_compile(f, nodes, i->pub.slot, "itemset", &set->nodes);
	if (rc || !set->nodes)
		return rc;
	rc = column_parse(f, value ? part_attr(value, "ref", NO_URI) : STR(""),
			  "value", &set->value);
	if (!rc)
		rc = label_parse(f, i, n, set);
	set->rows = set->value.name.n && !set->value.itext && set->label.name.n;
	i->itemset = set;
	if (rc)
		return rc;
	itemset_check(f, i);
	return choices_read(f, i);
}

/* select_one_external: query="instance('L')/root/item[...]". */
static enum err query_parse(struct form *f, struct item_def *i,
			    struct str query)
{
	struct itemset *set = arena_alloc(&f->arena, sizeof(*set));
	enum err rc;

	if (!set)
		return ERR_NOMEM;
	rc = def_compile(f, query, i->pub.slot, "query", &set->nodes);
	if (rc || !set->nodes)
		return rc;
	set->value.name = STR("name");
	set->label.name = STR("label");
	set->rows = true;
	i->itemset = set;
	i->pub.kind = ITEM_SELECT1;
	i->pub.external = list_of(query);
	return choices_read(f, i);
}

static size_t count_parts(const struct node *n, const char *local)
{
	size_t count = 0;

	for (const struct node *k = part(n, local); k; k = part_next(k, local))
		count++;
	return count;
}

static enum err options_parse(struct form *f, struct item_def *i)
{
	const struct node *n = i->pub.control;
	size_t count = count_parts(n, "item");
	enum err rc = ERR_NONE;

	i->options = arena_array(&f->arena, count, sizeof(*i->options));
	if (!i->options)
		return ERR_NOMEM;
	for (const struct node *k = part(n, "item"); k && !rc;
	     k = part_next(k, "item")) {
		struct option *o = &i->options[i->n_options++];
		const struct node *value = part(k, "value");
		const struct node *label = part(k, "label");

		if (value)
			o->value = str_trim(node_value(value, &f->arena));
		if (label)
			rc = text_of_element(f, label, i->pub.slot, &o->label);
	}
	return rc;
}

static enum err choices_parse(struct form *f, struct item_def *i)
{
	const struct node *set = part(i->pub.control, "itemset");

	if (set)
		return itemset_parse(f, i, set);
	if (part(i->pub.control, "item"))
		return options_parse(f, i);
	return ERR_NONE;
}

/* ---- ranges */

static double bound(struct form *f, const struct item_def *i, const char *name)
{
	struct str text = str_trim(part_attr(i->pub.control, name, NO_URI));
	double n = xpath_to_number(text, NULL);

	if (text.n && isfinite(n))
		return n;
	def_error(f, def_place(f, i->pub.slot, name),
		  _("bukan angka: \"%.*s\""), STR_ARG(text));
	return 0;
}

static enum err range_parse(struct form *f, struct item_def *i)
{
	i->start = bound(f, i, "start");
	i->end = bound(f, i, "end");
	i->step = bound(f, i, "step");
	return ERR_NONE;
}

static enum err count_parse(struct form *f, struct item_def *i)
{
	const struct xpath *x;
	enum err rc;

	if (!i->count_text.n)
		return ERR_NONE;
	rc = def_compile(f, i->count_text, i->pub.slot, "jr:count", &x);
	if (rc || !x)
		return rc;
	return vertex_add(f, V_COUNT, i->pub.slot, x);
}

static enum err input_parse(struct form *f, struct item_def *i)
{
	struct str query = part_attr(i->pub.control, "query", NO_URI);

	return query.n ? query_parse(f, i, query) : ERR_NONE;
}

static const struct {
	enum err (*parse)(struct form *f, struct item_def *i);
	enum data_type type; /* TYPE_STRING: the bind says */
} kinds[] = {
	[ITEM_INPUT] = { input_parse, TYPE_STRING },
	[ITEM_SELECT1] = { choices_parse, TYPE_SELECT1 },
	[ITEM_SELECT] = { choices_parse, TYPE_SELECT },
	[ITEM_RANK] = { choices_parse, TYPE_RANK },
	[ITEM_RANGE] = { range_parse, TYPE_STRING },
	[ITEM_UPLOAD] = { NULL, TYPE_BINARY },
	[ITEM_REPEAT] = { count_parse, TYPE_STRING },
	[ITEM_TRIGGER] = { NULL, TYPE_STRING },
};

static enum err texts_parse(struct form *f, struct item_def *i)
{
	uint32_t slot = i->pub.slot;
	enum err rc = ERR_NONE;

	/* A group without a node of its own speaks from where it stands. */
	for (const struct item *p = i->pub.parent; slot == ITEM_NO_SLOT && p;
	     p = p->parent)
		slot = p->slot;
	if (i->label_element)
		rc = text_of_element(f, i->label_element, slot, &i->label);
	if (!rc && i->hint_element)
		rc = text_of_element(f, i->hint_element, slot, &i->hint);
	return rc;
}

static enum err item_compile(struct form *f, struct item_def *i)
{
	enum item_kind kind = i->pub.kind;
	enum err rc;

	rc = texts_parse(f, i);
	if (rc || i->pub.slot == ITEM_NO_SLOT)
		return rc;
	rc = actions_of(f, i->pub.control, i->pub.slot);
	if (!rc && i->dress)
		rc = actions_of(f, i->dress, i->pub.slot);
	if (!rc && kind < ARRAY_LEN(kinds) && kinds[kind].parse)
		rc = kinds[kind].parse(f, i);
	kind = i->pub.kind;
	if (kind < ARRAY_LEN(kinds) && kinds[kind].type != TYPE_STRING)
		f->slots[i->pub.slot].type = kinds[kind].type;
	i->pub.type = f->slots[i->pub.slot].type;
	return rc;
}

struct item_def *item_next(struct item_def *i)
{
	const struct item *p = &i->pub;

	if (p->first)
		return (struct item_def *)(uintptr_t)p->first;
	while (p && !p->next)
		p = p->parent;
	return p ? (struct item_def *)(uintptr_t)p->next : NULL;
}

enum err body_compile(struct form *f)
{
	enum err rc = actions_of(f, f->model, TREE_NO_SLOT);

	for (struct item_def *i = item_next(f->root); i && !rc;
	     i = item_next(i))
		rc = item_compile(f, i);
	return rc;
}
