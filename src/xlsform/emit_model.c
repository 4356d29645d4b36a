/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include "refs.h"
#include "type.h"

void path_attr(struct emit *em, const char *name, const struct element *e)
{
	buf_addf(em->x.b, " %s=\"", name);
	element_path(em->x.b, e); /* names need no escaping */
	buf_addc(em->x.b, '"');
}

void refs_attr(struct emit *em, struct str name, struct str value,
	       const struct element *context)
{
	xml_attr_str(&em->x, name, refs_text(em->cv, value, context, 0));
}

void action_write(struct emit *em, const char *tag, const struct element *e,
		  const char *event, struct str value,
		  const struct element *context)
{
	xml_open(&em->x, tag);
	path_attr(em, "ref", e);
	xml_attr(&em->x, "event", str_from(event));
	if (value.n)
		refs_attr(em, STR("value"), value, context);
	xml_close(&em->x, tag);
}

static void node_write(struct emit *em, const struct element *e, bool within);

static void attributes_write(struct emit *em, const struct element *e)
{
	for (const struct attr *a = e->instance; a; a = a->next)
		refs_attr(em, a->key, lingual_plain(a->value), e);
	for (const struct element *k = e->first; k; k = k->next)
		if (k->kind == KIND_ATTRIBUTE)
			xml_attr_str(&em->x, k->name, k->value);
}

static bool has_node(const struct element *e)
{
	return e->kind != KIND_ATTRIBUTE && e->kind != KIND_EXTERNAL &&
	       (e->kind != KIND_META || e->first);
}

/* The instance that a client copies when a repeat gets one more. */
static void template_write(struct emit *em, const struct element *e)
{
	xml_open_str(&em->x, e->name);
	xml_attr(&em->x, "jr:template", (struct str){ 0 });
	for (const struct element *k = e->first; k; k = k->next) {
		if (k->kind == KIND_REPEAT)
			template_write(em, k);
		else if (has_node(k))
			node_write(em, k, false);
	}
	xml_close_str(&em->x, e->name);
}

/* `within` the first instance of a repeat no more templates are written. */
static void child_write(struct emit *em, const struct element *e, bool within)
{
	if (e->kind == KIND_REPEAT && !within)
		template_write(em, e);
	node_write(em, e, within || e->kind == KIND_REPEAT);
}

static void children_write(struct emit *em, const struct element *e,
			   bool within)
{
	for (const struct element *k = e->first; k && !em->x.b->failed;
	     k = k->next) {
		if (k->flat)
			children_write(em, k, within);
		else if (has_node(k))
			child_write(em, k, within);
	}
}

static void node_write(struct emit *em, const struct element *e, bool within)
{
	xml_open_str(&em->x, e->name);
	attributes_write(em, e);
	if (!e->dynamic)
		xml_text(&em->x, e->value);
	children_write(em, e, within);
	xml_close_str(&em->x, e->name);
}

static void root_attributes(struct emit *em)
{
	static const struct {
		const char *setting, *attribute;
	} rows[] = {
		{ "instance_xmlns", "xmlns" },
		{ "version", "version" },
		{ "prefix", "odk:prefix" },
		{ "delimiter", "odk:delimiter" },
	};
	struct conv *cv = em->cv;
	struct str id = setting(cv, "id");

	for (const struct attr *a = cv->root_attributes; a; a = a->next) {
		bool taken = str_is(a->key, "id");

		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			taken |= str_is(a->key, rows[i].attribute) &&
				 setting(cv, rows[i].setting).n;
		if (!taken)
			xml_attr_str(&em->x, a->key, lingual_plain(a->value));
	}
	xml_attr(&em->x, "id", id.n ? id : cv->name);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (setting(cv, rows[i].setting).n)
			xml_attr(&em->x, rows[i].attribute,
				 setting(cv, rows[i].setting));
}

static void primary_write(struct emit *em)
{
	struct element *root = em->cv->root;

	xml_open(&em->x, "instance");
	xml_open_str(&em->x, root->name);
	root_attributes(em);
	children_write(em, root, false);
	xml_close_str(&em->x, root->name);
	xml_close(&em->x, "instance");
}

static void submission_write(struct emit *em)
{
	struct conv *cv = em->cv;
	struct str url = setting(cv, "submission_url");
	struct str key = setting(cv, "public_key");
	struct str send = setting(cv, "auto_send");
	struct str delete = setting(cv, "auto_delete");
	bool editable = yes_no(setting(cv, "client_editable")) == 1;

	if (!url.n && !key.n && !send.n && !delete.n && !editable)
		return;
	xml_open(&em->x, "submission");
	if (url.n) {
		xml_attr(&em->x, "action", url);
		xml_attr(&em->x, "method", STR("post"));
	}
	if (key.n)
		xml_attr(&em->x, "base64RsaPublicKey", key);
	if (send.n)
		xml_attr(&em->x, "orx:auto-send", send);
	if (delete.n)
		xml_attr(&em->x, "orx:auto-delete", delete);
	if (editable)
		xml_attr(&em->x, "odk:client-editable", STR("true"));
	xml_close(&em->x, "submission");
}

/* What a bind has from its question's type, unless the row has its own. */
static void type_attributes(struct emit *em, const struct element *e)
{
	const struct qtype *t = e->type;
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "type", t->bind },
		{ "readonly", t->readonly },
		{ "constraint", t->constraint },
		{ "jr:preload", t->preload },
		{ "jr:preloadParams", t->preload_params },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].value && !attr_find(e->bind, rows[i].name))
			xml_attr(&em->x, rows[i].name, str_from(rows[i].value));
}

/* "yes" in a logical column is true(). */
static struct str logical(struct str key, struct str value)
{
	int yes = yes_no(value);

	if (yes < 0 ||
	    !one_of("readonly|required|relevant|constraint|calculate", key))
		return value;
	return yes ? STR("true()") : STR("false()");
}

static void bind_attribute(struct emit *em, const struct element *e,
			   const struct attr *a)
{
	if (e->triggers && str_is(a->key, "calculate"))
		return; /* set when the trigger changes */
	if (itext_message(a))
		xml_attr_str(&em->x, a->key, itext_ref(em->cv, e, a->key));
	else if (a->value)
		refs_attr(em, a->key, logical(a->key, a->value->text), e);
}

static void bind_write(struct emit *em, const struct element *e)
{
	bool typed = e->kind == KIND_QUESTION && e->type;

	if (e->flat || (!typed && !e->bind))
		return;
	xml_open(&em->x, "bind");
	path_attr(em, "nodeset", e);
	if (typed)
		type_attributes(em, e);
	for (const struct attr *a = e->bind; a; a = a->next)
		bind_attribute(em, e, a);
	xml_close(&em->x, "bind");
}

static void actions_write(struct emit *em, const struct element *e)
{
	const char *load = "odk-instance-first-load";
	enum rule rule = e->type ? e->type->rule : RULE_NONE;
	struct str quality;

	if (e->dynamic)
		action_write(em, "setvalue", e, load, e->value, e);
	if (e->fresh.n)
		action_write(em, "setvalue", e, load, e->fresh, e);
	if (rule == RULE_START_GEOPOINT)
		action_write(em, "odk:setgeopoint", e, load, (struct str){ 0 },
			     e);
	if (rule != RULE_BACKGROUND_AUDIO)
		return;
	quality = attr_text(e->params, "quality");
	xml_open(&em->x, "odk:recordaudio");
	path_attr(em, "ref", e);
	xml_attr(&em->x, "event", STR("odk-instance-load"));
	if (quality.n)
		xml_attr(&em->x, "odk:quality", quality);
	xml_close(&em->x, "odk:recordaudio");
}

void model_write(struct emit *em)
{
	struct conv *cv = em->cv;

	xml_open(&em->x, "model");
	xml_attr(&em->x, "odk:xforms-version", STR("1.0.0"));
	if (cv->entities_version)
		xml_attr(&em->x, "entities:entities-version",
			 str_from(cv->entities_version));
	submission_write(em);
	itext_write(em);
	primary_write(em);
	instances_write(em);
	for (const struct element *e = cv->root; e && !em->x.b->failed;
	     e = element_next(e, cv->root)) {
		if (e->kind == KIND_EXTERNAL)
			continue;
		bind_write(em, e);
		actions_write(em, e);
	}
	xml_close(&em->x, "model");
}
