/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "pilar/i18n.h"

#include "def.h"

static enum err (*const steps[])(struct form *f) = {
	model_parse,  itext_parse,   instances_parse, binds_parse,
	body_parse,   patterns_find, itext_bind,      binds_compile,
	body_compile, deps_build,    entities_parse,
};

static enum err build(struct form *f)
{
	size_t before = f->rep->errors;
	enum err rc;

	rc = tree_parse(&f->doc, f->xml, f->opt->name ? f->opt->name : "",
			f->rep);
	for (size_t i = 0; i < ARRAY_LEN(steps) && !rc; i++)
		rc = steps[i](f);
	if (!rc && f->rep->errors > before)
		rc = ERR_INVALID;
	if (!rc)
		items_number(f);
	return rc;
}

enum err form_new(struct form **out, struct str xml,
		  const struct form_options *opt, struct report *rep)
{
	static const struct form_options none = { 0 };
	struct form *f = calloc(1, sizeof(*f));
	enum err rc = ERR_NOMEM;

	*out = NULL;
	if (!f)
		return ERR_NOMEM;
	f->opt = opt ? opt : &none;
	f->rep = rep;
	f->xml = arena_dup(&f->arena, xml);
	f->name = arena_dup(&f->arena, str_from(f->opt->name));
	if (f->xml.p)
		rc = build(f);
	f->rep = NULL;
	f->opt = NULL;
	arena_release(&f->scratch);
	vec_release(&f->draft);
	xpath_names_free(f->names);
	f->names = NULL;
	if (rc)
		form_free(f);
	else
		*out = f;
	return rc;
}

void form_free(struct form *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_instances; i++) {
		struct instance *in = &f->instances[i];

		tree_free(in->tree);
		if (in->list)
			in->list->ops->release(in->list);
	}
	vec_release(&f->watchers);
	map_release(&f->children);
	map_release(&f->itext);
	map_release(&f->instance_ids);
	map_release(&f->bind_ids);
	tree_free(f->doc);
	arena_release(&f->pool.hot);
	arena_release(&f->arena);
	free(f);
}

struct str form_id(const struct form *f)
{
	return f->id;
}

struct str form_version(const struct form *f)
{
	return f->version;
}

bool form_editable(const struct form *f)
{
	const struct node *n = part(f->model, "submission");

	return n && str_is(part_attr(n, "client-editable", NS_ODK), "true");
}

struct str form_title(const struct form *f)
{
	return f->title;
}

struct str form_xml(const struct form *f)
{
	return f->xml;
}

size_t form_language_count(const struct form *f)
{
	return f->n_languages;
}

struct str form_language(const struct form *f, size_t i)
{
	return i < f->n_languages ? f->languages[i] : STR("");
}

/* External instances first, then what labels name. */
size_t form_media_count(const struct form *f)
{
	size_t n = f->n_media;

	for (size_t i = 0; i < f->n_instances; i++)
		n += f->instances[i].src.n > 0;
	return n;
}

struct str form_media(const struct form *f, size_t i)
{
	for (size_t k = 0; k < f->n_instances; k++) {
		if (!f->instances[k].src.n)
			continue;
		if (i-- == 0)
			return f->instances[k].src;
	}
	return i < f->n_media ? f->media[i] : STR("");
}

static const struct bind *audit_bind(const struct form *f)
{
	const struct shape_slot *meta;

	for (const struct bind *b = f->binds; b; b = b->next) {
		const struct shape_slot *s;

		if (b->slot == TREE_NO_SLOT)
			continue;
		s = &form_shape(f)->slots[b->slot];
		if (!str_is(s->name->local, "audit") ||
		    s->parent == TREE_NO_SLOT)
			continue;
		meta = &form_shape(f)->slots[s->parent];
		if (str_is(meta->name->local, "meta"))
			return b;
	}
	return NULL;
}

struct form_audit form_audit(const struct form *f)
{
	const struct bind *b = audit_bind(f);
	const struct node *n;

	if (!b)
		return (struct form_audit){ .wanted = false };
	n = b->element;
	return (struct form_audit){
		.wanted = true,
		.changes =
			str_is(part_attr(n, "track-changes", NS_ODK), "true"),
		.reasons = str_is(part_attr(n, "track-changes-reasons", NS_ODK),
				  "on-form-edit"),
		.user = str_is(part_attr(n, "identify-user", NS_ODK), "true"),
	};
}

size_t form_expression_count(const struct form *f)
{
	return f->n_expressions;
}

const struct item *form_body(const struct form *f)
{
	return &f->root->pub;
}

const struct item *form_question(const struct form *f, struct str name)
{
	for (uint32_t i = 0; i < form_shape(f)->n; i++) {
		const struct item *item = form_item(f, i);

		if (item && str_eq(item->name, name))
			return item;
	}
	return NULL;
}

const struct item *form_item(const struct form *f, uint32_t slot)
{
	const struct slot *s;

	if (slot >= f->shape.n)
		return NULL;
	s = &f->slots[slot];
	if (s->repeat)
		return &s->repeat->pub;
	return s->item ? &s->item->pub : NULL;
}

struct str item_attr(const struct item *i, const char *local)
{
	return part_attr(i->control, local, NO_URI);
}

bool item_has(const struct item *i, const char *word)
{
	struct str rest = i->appearance, w;

	while (str_word(&rest, &w))
		if (str_is(w, word))
			return true;
	return false;
}

const struct shape *form_shape(const struct form *f)
{
	return &f->shape;
}

size_t form_dataset_count(const struct form *f)
{
	return f->n_datasets;
}

struct str form_dataset(const struct form *f, size_t i)
{
	return i < f->n_datasets ? f->datasets[i] : STR("");
}

const struct item *form_select_of(const struct form *f, struct str id)
{
	const struct instance *i = form_instance(f, id);

	return i && i->select ? &i->select->pub : NULL;
}

struct str submission_meta(const struct node *root, const char *local,
			   struct arena *a)
{
	for (const struct node *m = part(root, "meta"); m;
	     m = part_next(m, "meta")) {
		const struct node *n = part(m, local);

		if (n)
			return node_value(n, a);
	}
	return STR("");
}
