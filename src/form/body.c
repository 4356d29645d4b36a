/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"

#include "def.h"

/*
 * The body becomes a tree of items, each bound to its slot. A group that only
 * dresses a repeat (same node) is no item: its label and appearance go to the
 * repeat. Texts and expressions come later, when repeats are known.
 */

struct control {
	const char *local;
	enum item_kind kind;
};

static const struct control controls[] = {
	{ "input", ITEM_INPUT },     { "select1", ITEM_SELECT1 },
	{ "select", ITEM_SELECT },   { "rank", ITEM_RANK },
	{ "group", ITEM_GROUP },     { "repeat", ITEM_REPEAT },
	{ "trigger", ITEM_TRIGGER }, { "range", ITEM_RANGE },
	{ "upload", ITEM_UPLOAD },
};

/* W3C controls that ODK does not have. */
static const char *const foreign[] = { "secret", "textarea", "switch" };

static const struct control *control_of(const struct node *n)
{
	for (size_t i = 0; i < ARRAY_LEN(controls); i++)
		if (str_is(n->name->local, controls[i].local))
			return &controls[i];
	return NULL;
}

static bool is_foreign(const struct node *n)
{
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++)
		if (str_is(n->name->local, foreign[i]))
			return true;
	return false;
}

static struct str ref_of(const struct form *f, const struct node *n)
{
	struct str ref = part_attr(n, "ref", NO_URI);
	const struct bind *b;

	if (!ref.n)
		ref = part_attr(n, "nodeset", NO_URI);
	b = ref.n ? NULL : form_bind(f, part_attr(n, "bind", NO_URI));
	return b ? b->nodeset : ref;
}

static struct str lower(struct form *f, struct str s)
{
	char *p = arena_cstr(&f->arena, s);

	for (size_t i = 0; p && i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + ('a' - 'A'));
	return p ? str_of(p, s.n) : STR("");
}

/* Where the children of an item look for relative references. */
static uint32_t context_of(const struct item_def *i)
{
	while (i->pub.slot == ITEM_NO_SLOT && i->pub.parent)
		i = item_def(i->pub.parent);
	return i->pub.slot == ITEM_NO_SLOT ? 0 : i->pub.slot;
}

static struct item_def *item_new(struct form *f, struct item_def *parent,
				 enum item_kind kind, const struct node *n)
{
	struct item_def *i = arena_alloc(&f->arena, sizeof(*i));

	if (!i)
		return NULL;
	i->pub.kind = kind;
	i->pub.slot = ITEM_NO_SLOT;
	i->pub.control = n;
	i->pub.parent = parent ? &parent->pub : NULL;
	i->pub.appearance = lower(f, part_attr(n, "appearance", NO_URI));
	i->label_element = part(n, "label");
	i->hint_element = part(n, "hint");
	f->n_items++;
	return i;
}

static void item_append(struct item_def *parent, struct item_def *child)
{
	if (parent->last_child)
		parent->last_child->pub.next = &child->pub;
	else
		parent->pub.first = &child->pub;
	parent->last_child = child;
}

static bool needs_slot(enum item_kind kind)
{
	return kind != ITEM_GROUP && kind != ITEM_ROOT;
}

static void item_bind(struct form *f, struct item_def *i, uint32_t context)
{
	struct str ref = ref_of(f, i->pub.control);
	struct str name = i->pub.control->name->local;
	uint32_t slot = slot_resolve(f, context, ref);

	if (slot == TREE_NO_SLOT) {
		if (ref.n)
			def_warn(f, f->name,
				 _("<%.*s> di baris %u merujuk simpul yang "
				   "tidak ada: %.*s"),
				 STR_ARG(name), (unsigned)i->pub.control->line,
				 STR_ARG(ref));
		else if (needs_slot(i->pub.kind))
			def_error(f, f->name, _("<%.*s> di baris %u tanpa ref"),
				  STR_ARG(name),
				  (unsigned)i->pub.control->line);
		return;
	}
	i->pub.slot = slot;
	i->pub.name = f->shape.slots[slot].name->local;
	if (!f->slots[slot].item && i->pub.kind != ITEM_REPEAT)
		f->slots[slot].item = i;
}

static bool is_true(struct str s)
{
	s = str_trim(s);
	return str_starts(s, STR("true")) || str_is(s, "1");
}

static void repeat_parse(struct form *f, struct item_def *i)
{
	const struct node *n = i->pub.control;

	i->count_text = str_trim(part_attr(n, "count", NS_JR));
	i->fixed = is_true(part_attr(n, "noAddRemove", NS_JR));
	if (i->pub.slot == ITEM_NO_SLOT)
		return;
	if (i->pub.slot == 0) {
		def_error(f, f->name, _("simpul akar tidak dapat berulang"));
		return;
	}
	f->shape_slots[i->pub.slot].repeat = true;
	if (!f->slots[i->pub.slot].repeat)
		f->slots[i->pub.slot].repeat = i;
}

/* The repeat that a group is only the dress of. */
static const struct node *dressed(const struct form *f, const struct node *n,
				  uint32_t context)
{
	uint32_t slot = slot_resolve(f, context, ref_of(f, n));

	if (slot == TREE_NO_SLOT)
		return NULL;
	for (const struct node *r = part(n, "repeat"); r;
	     r = part_next(r, "repeat"))
		if (slot_resolve(f, slot, ref_of(f, r)) == slot)
			return r;
	return NULL;
}

static enum err children_parse(struct form *f, struct item_def *into,
			       const struct node *n, const struct node *group,
			       const struct node *repeat);

static void dress(struct form *f, struct item_def *i, const struct node *group)
{
	const struct node *label = part(group, "label");
	struct str appearance = part_attr(group, "appearance", NO_URI);

	if (label)
		i->label_element = label;
	if (appearance.n)
		i->pub.appearance = lower(f, appearance);
	i->dress = group;
}

static enum err item_parse(struct form *f, struct item_def *parent,
			   const struct node *n, enum item_kind kind,
			   const struct node *group)
{
	struct item_def *i;

	if (f->n_items >= FORM_MAX_ITEMS) {
		def_error(f, f->name, _("lebih dari %d pertanyaan"),
			  FORM_MAX_ITEMS);
		return ERR_TOOBIG;
	}
	i = item_new(f, parent, kind, n);
	if (!i)
		return ERR_NOMEM;
	if (group)
		dress(f, i, group);
	i->pub.labelled = i->label_element != NULL;
	item_append(parent, i);
	item_bind(f, i, context_of(parent));
	if (kind == ITEM_REPEAT)
		repeat_parse(f, i);
	if (kind != ITEM_GROUP && kind != ITEM_REPEAT)
		return ERR_NONE;
	return children_parse(f, i, n, NULL, NULL);
}

static enum err child_parse(struct form *f, struct item_def *into,
			    const struct node *k)
{
	const struct control *c = control_of(k);
	const struct node *repeat = NULL;

	if (!c) {
		if (is_foreign(k))
			def_error(f, f->name,
				  _("<%.*s> di baris %u tidak ada "
				    "dalam ODK XForms"),
				  STR_ARG(k->name->local), (unsigned)k->line);
		return ERR_NONE;
	}
	if (c->kind == ITEM_GROUP)
		repeat = dressed(f, k, context_of(into));
	if (repeat)
		return children_parse(f, into, k, k, repeat);
	return item_parse(f, into, k, c->kind, NULL);
}

/* The children of `n`; `repeat` is the one that the group `group` dresses. */
static enum err children_parse(struct form *f, struct item_def *into,
			       const struct node *n, const struct node *group,
			       const struct node *repeat)
{
	enum err rc = ERR_NONE;

	for (const struct node *k = n->first; k && !rc; k = k->next) {
		if (k->kind != NODE_ELEMENT)
			continue;
		if (k == repeat)
			rc = item_parse(f, into, k, ITEM_REPEAT, group);
		else
			rc = child_parse(f, into, k);
	}
	return rc;
}

enum err body_parse(struct form *f)
{
	f->root = item_new(f, NULL, ITEM_ROOT, f->body);
	if (!f->root)
		return ERR_NOMEM;
	f->root->pub.slot = 0;
	f->root->pub.name = f->shape.slots[0].name->local;
	f->root->label_element = NULL;
	return children_parse(f, f->root, f->body, NULL, NULL);
}
