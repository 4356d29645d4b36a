/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include "lex.h"
#include "refs.h"
#include "type.h"

static void label_write(struct emit *em, const struct element *e)
{
	struct str text = lingual_plain(e->label);

	xml_open(&em->x, "label");
	if (itext_label(e))
		xml_attr(&em->x, "ref", itext_ref(em->cv, e, STR("label")));
	else if (text.n)
		refs_label(em->cv, xml_raw(&em->x), text, e);
	xml_close(&em->x, "label");
}

static void hint_write(struct emit *em, const struct element *e)
{
	struct str text = lingual_plain(e->hint);

	if (!text.n && e->type && e->type->hint)
		text = str_from(e->type->hint);
	if (!text.n && !itext_hint(e))
		return;
	xml_open(&em->x, "hint");
	if (itext_hint(e))
		xml_attr(&em->x, "ref", itext_ref(em->cv, e, STR("hint")));
	else
		refs_label(em->cv, xml_raw(&em->x), text, e);
	xml_close(&em->x, "hint");
}

static void control_attributes(struct emit *em, const struct element *e,
			       const struct element *context)
{
	for (const struct attr *a = e->control; a; a = a->next)
		if (a->value)
			refs_attr(em, a->key, a->value->text, context);
}

/* Where the items come from, and their value and label in it. */
struct items {
	struct str nodeset, filter, value, label;
};

/* Replaces every `what` in `text`. */
static struct str replace(struct conv *cv, struct str text, struct str what,
			  const char *with)
{
	struct buf b = BUF_INIT(SHEET_MAX_BYTES);
	struct str out;
	size_t at = 0, hit;

	while (what.n && (hit = str_find(text, what, at)) != SIZE_MAX) {
		buf_addstr(&b, str_sub(text, at, hit));
		buf_adds(&b, with);
		at = hit + what.n;
	}
	buf_addstr(&b, str_sub(text, at, text.n));
	out = conv_dup(cv, buf_str(&b));
	if (b.failed)
		cv->failed = b.failed;
	buf_release(&b);
	return out;
}

/* The filter says which instances of the repeat; without one, those that
 * have an answer. */
static void filter_within(struct emit *em, struct items *items)
{
	struct conv *cv = em->cv;
	struct str here =
		conv_printf(cv, "current()/%.*s", STR_ARG(items->nodeset));

	if (!items->filter.n) {
		items->filter =
			conv_printf(cv, "./%.*s != ''", STR_ARG(items->value));
		return;
	}
	items->filter = replace(cv, items->filter, here, ".");
	items->filter = replace(cv, items->filter, items->nodeset, ".");
}

/* select_one ${name}: the answers in the instances of a repeat. */
static void items_of_answers(struct emit *em, const struct element *e,
			     struct items *items)
{
	struct str path =
		str_trim(refs_text(em->cv, e->itemset, e, REFS_PARENT));
	size_t slash = path.n;

	while (slash && path.p[slash - 1] != '/')
		slash--;
	items->nodeset = str_sub(path, 0, slash ? slash - 1 : 0);
	items->value = items->label = str_sub(path, slash, path.n);
	filter_within(em, items);
}

/* A map draws the geometry of each instance of a repeat. */
static void items_of_repeat(struct emit *em, const struct element *e,
			    struct items *items)
{
	items->nodeset =
		str_trim(refs_text(em->cv, e->itemset, e, REFS_PARENT));
	items->value = items->label = STR("geometry");
	filter_within(em, items);
}

static bool is_geo(const struct element *e)
{
	return e->type->rule == RULE_GEOPOINT || e->type->rule == RULE_GEOLINE;
}

static void items_of_instance(struct emit *em, const struct element *e,
			      struct items *items)
{
	struct str file = e->itemset, value, label;
	bool geojson = str_ends(file, STR(".geojson"));

	if (!e->list && file_known(file))
		file.n -= file_extension(file).n;
	items->nodeset = conv_printf(em->cv, "instance('%.*s')/root/item",
				     STR_ARG(file));
	value = attr_text(e->params, "value");
	label = attr_text(e->params, "label");
	items->value = geojson ? STR("id") : STR("name");
	items->label = geojson ? STR("title") : STR("label");
	if (value.n)
		items->value = value;
	if (label.n)
		items->label = label;
	if (e->list && e->list->itext)
		items->label = STR("jr:itext(itextId)");
}

static struct str nodeset_text(struct emit *em, const struct element *e,
			       const struct items *items)
{
	struct conv *cv = em->cv;
	struct str seed = attr_text(e->params, "seed"), out = items->nodeset;

	if (items->filter.n)
		out = conv_printf(cv, "%.*s[%.*s]", STR_ARG(out),
				  STR_ARG(items->filter));
	if (yes_no(attr_text(e->params, "randomize")) != 1)
		return out;
	if (!seed.n)
		return conv_printf(cv, "randomize(%.*s)", STR_ARG(out));
	seed = str_trim(refs_text(cv, seed, e, 0));
	return conv_printf(cv, "randomize(%.*s, %.*s)", STR_ARG(out),
			   STR_ARG(seed));
}

static void itemset_write(struct emit *em, const struct element *e)
{
	bool answers = ref_any(e->itemset);
	struct items items = { 0 };

	items.filter = refs_text(em->cv, e->choice_filter, e,
				 REFS_CURRENT | (answers ? REFS_PARENT : 0));
	if (answers && is_geo(e))
		items_of_repeat(em, e, &items);
	else if (answers)
		items_of_answers(em, e, &items);
	else
		items_of_instance(em, e, &items);
	xml_open(&em->x, "itemset");
	xml_attr(&em->x, "nodeset", nodeset_text(em, e, &items));
	xml_open(&em->x, "value");
	xml_attr(&em->x, "ref", items.value);
	xml_close(&em->x, "value");
	xml_open(&em->x, "label");
	xml_attr(&em->x, "ref", items.label);
	xml_close(&em->x, "label");
	xml_close(&em->x, "itemset");
}

/* search() looks for its items in the body. */
static void items_write(struct emit *em, const struct element *e)
{
	size_t n = 0;

	for (const struct choice *c = e->list->first; c; c = c->next) {
		xml_open(&em->x, "item");
		xml_open(&em->x, "label");
		if (e->list->itext)
			xml_attr(&em->x, "ref",
				 conv_printf(em->cv, "jr:itext('%.*s-%zu')",
					     STR_ARG(e->list->name), n++));
		else
			xml_text(&em->x, lingual_plain(c->label));
		xml_close(&em->x, "label");
		xml_open(&em->x, "value");
		xml_text(&em->x, c->name);
		xml_close(&em->x, "value");
		xml_close(&em->x, "item");
	}
}

static void query_attr(struct emit *em, const struct element *e)
{
	struct str filter;

	if (e->type->rule != RULE_SELECT_EXTERNAL || !e->choice_filter.n)
		return;
	filter = refs_text(em->cv, e->choice_filter, e, REFS_CURRENT);
	xml_attr(&em->x, "query",
		 conv_printf(em->cv, "instance('%.*s')/root/item[%.*s]",
			     STR_ARG(e->itemset), STR_ARG(filter)));
}

/* What a map of buildings and roads may be tagged with. */
static void tags_write(struct emit *em, const struct list *list)
{
	for (const struct choice *c = list ? list->first : NULL; c;
	     c = c->next) {
		xml_open(&em->x, "tag");
		xml_attr(&em->x, "key", c->name);
		xml_open(&em->x, "label");
		xml_text(&em->x, c->label ? c->label->text : c->name);
		xml_close(&em->x, "label");
		xml_close(&em->x, "tag");
	}
}

static void choices_write(struct emit *em, const struct element *e)
{
	if (e->type->rule == RULE_OSM)
		tags_write(em, e->list);
	if (!e->itemset.n || e->type->rule == RULE_SELECT_EXTERNAL)
		return;
	if (e->list && e->list->search)
		items_write(em, e);
	else
		itemset_write(em, e);
}

/* What changes when this question's answer does. */
static void triggered_write(struct emit *em, const struct element *e)
{
	const struct trigger_list *l = map_get(&em->cv->triggered, e->name);

	for (int geo = 0; geo < 2; geo++) {
		for (const struct triggered *t = l ? l->first : NULL; t;
		     t = t->next) {
			bool is_place =
				t->e->type->rule == RULE_BACKGROUND_GEOPOINT;

			if (is_place != geo)
				continue;
			action_write(em,
				     is_place ? "odk:setgeopoint" : "setvalue",
				     t->e, "xforms-value-changed",
				     attr_text(t->e->bind, "calculate"), e);
		}
	}
}

static void question_write(struct emit *em, const struct element *e)
{
	if (!element_visible(e))
		return;
	xml_open(&em->x, e->type->tag);
	path_attr(em, "ref", e);
	control_attributes(em, e, e);
	if (e->type->media && !attr_find(e->control, "mediatype"))
		xml_attr(&em->x, "mediatype", str_from(e->type->media));
	query_attr(em, e);
	label_write(em, e);
	hint_write(em, e);
	choices_write(em, e);
	triggered_write(em, e);
	xml_close(&em->x, e->type->tag);
}

static void controls_write(struct emit *em, const struct element *parent);

static void group_write(struct emit *em, const struct element *e)
{
	xml_open(&em->x, "group");
	if (!e->flat)
		path_attr(em, "ref", e);
	control_attributes(em, e, e);
	if (e->label)
		label_write(em, e);
	controls_write(em, e);
	xml_close(&em->x, "group");
}

/* What a new instance of the repeat begins with. */
static void fresh_write(struct emit *em, const struct element *repeat)
{
	const char *event = "odk-new-repeat";

	for (const struct element *e = repeat->first; e;
	     e = element_next(e, repeat)) {
		if (!e->dynamic && !e->fresh.n)
			continue;
		if (element_repeat(e) == repeat)
			action_write(em, "setvalue", e, event,
				     e->dynamic ? e->value : e->fresh, e);
	}
}

static void repeat_write(struct emit *em, const struct element *e)
{
	xml_open(&em->x, "group");
	path_attr(em, "ref", e);
	label_write(em, e);
	xml_open(&em->x, "repeat");
	path_attr(em, "nodeset", e);
	control_attributes(em, e, e);
	controls_write(em, e);
	fresh_write(em, e);
	xml_close(&em->x, "repeat");
	xml_close(&em->x, "group");
}

static void controls_write(struct emit *em, const struct element *parent)
{
	for (const struct element *e = parent->first; e && !em->x.b->failed;
	     e = e->next) {
		if (e->kind == KIND_QUESTION)
			question_write(em, e);
		else if (e->kind == KIND_GROUP)
			group_write(em, e);
		else if (e->kind == KIND_REPEAT)
			repeat_write(em, e);
	}
}

void body_write(struct emit *em)
{
	struct str style = setting(em->cv, "style");

	xml_open(&em->x, "h:body");
	if (style.n)
		xml_attr(&em->x, "class", style);
	controls_write(em, em->cv->root);
	xml_close(&em->x, "h:body");
}
