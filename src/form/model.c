/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "pilar/i18n.h"

#include "def.h"

/*
 * Finds the parts of an XForm and turns the primary instance into the shape.
 * Authors and old tools differ in the namespaces of html, head and model, so
 * parts are known by their local names.
 */

struct node *part(const struct node *n, const char *local)
{
	struct node *k = n ? n->first : NULL;

	while (k && !(k->kind == NODE_ELEMENT && str_is(k->name->local, local)))
		k = k->next;
	return k;
}

struct node *part_next(const struct node *n, const char *local)
{
	struct node *k = n->next;

	while (k && !(k->kind == NODE_ELEMENT && str_is(k->name->local, local)))
		k = k->next;
	return k;
}

static const struct node *find_attr(const struct node *n, const char *local,
				    struct str uri)
{
	const struct node *found = NULL;

	for (const struct node *a = n->attrs; a; a = a->next) {
		if (!str_is(a->name->local, local))
			continue;
		if (str_eq(a->name->uri, uri))
			return a;
		found = found ? found : a;
	}
	return found;
}

struct str part_attr(const struct node *n, const char *local, struct str uri)
{
	const struct node *a = find_attr(n, local, uri);

	return a ? a->text : STR("");
}

bool has_attr(const struct node *n, const char *local)
{
	return find_attr(n, local, NO_URI) != NULL;
}

static void add_words(struct buf *b, struct str s)
{
	struct str word;

	while (str_word(&s, &word)) {
		if (b->n)
			buf_addc(b, ' ');
		buf_addstr(b, word);
	}
}

static struct str plain_text(struct form *f, const struct node *n)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);

	add_words(&b, node_value(n, &f->scratch));
	return buf_give(&b, &f->arena);
}

/* ---- problems */

static void problem(struct form *f, enum severity how, struct str place,
		    const char *format, va_list args) PRINTF_LIKE(4, 0);

static void problem(struct form *f, enum severity how, struct str place,
		    const char *format, va_list args)
{
	char text[600];

	/* A message longer than this is cut; its start says enough. */
	vsnprintf(text, sizeof(text), format, args);
	report_add(f->rep, how, place, "%s", text);
}

void def_error(struct form *f, struct str place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	problem(f, PROBLEM_ERROR, place, format, args);
	va_end(args);
}

void def_warn(struct form *f, struct str place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	problem(f, PROBLEM_WARNING, place, format, args);
	va_end(args);
}

struct str def_place(struct form *f, uint32_t slot, const char *what)
{
	struct str path = slot_path(f, slot, &f->scratch);

	return arena_printf(&f->arena, "%.*s, %s", STR_ARG(path), what);
}

/* ---- prefixes that expressions may use */

static enum err prefix_add(struct form *f, struct str prefix, struct str uri)
{
	struct qname *grown;

	for (size_t i = 0; i < f->n_prefixes; i++)
		if (str_eq(f->prefixes[i].prefix, prefix))
			return ERR_NONE;
	if (f->n_prefixes == TREE_MAX_SPACES)
		return ERR_NONE;
	if (!f->prefixes) {
		grown = arena_array(&f->arena, TREE_MAX_SPACES, sizeof(*grown));
		if (!grown)
			return ERR_NOMEM;
		f->prefixes = grown;
	}
	f->prefixes[f->n_prefixes].prefix = prefix;
	f->prefixes[f->n_prefixes++].uri = uri;
	return ERR_NONE;
}

/* Declarations in scope at `n`, the nearest first. */
static enum err prefixes_above(struct form *f, const struct node *n)
{
	enum err rc = ERR_NONE;

	for (; n; n = n->parent)
		for (const struct node *d = n->decls; d && !rc; d = d->next)
			if (d->name && d->name->local.n)
				rc = prefix_add(f, d->name->local, d->text);
	return rc;
}

/* Names used within the instance bring their prefix along. */
static enum err prefixes_within(struct form *f, const struct node *n)
{
	enum err rc = ERR_NONE;

	if (n->name->prefix.n)
		rc = prefix_add(f, n->name->prefix, n->name->uri);
	for (const struct node *k = n->first; k && !rc; k = k->next)
		if (k->kind == NODE_ELEMENT)
			rc = prefixes_within(f, k);
	return rc;
}

static enum err prefixes_parse(struct form *f, const struct node *root)
{
	enum err rc;

	rc = prefixes_above(f, root);
	if (!rc)
		rc = prefixes_within(f, root);
	/* Names without prefix: of the form, or of no namespace at all. */
	if (!rc)
		rc = prefix_add(f, STR(""),
				root->name->prefix.n || !root->name->uri.n
					? NS_XFORMS
					: root->name->uri);
	return rc;
}

/* ---- the meta block */

static bool meta_uri(struct str uri)
{
	return !uri.n || str_eq(uri, NS_ORX) || str_eq(uri, NS_XFORMS);
}

static struct node *child_named(const struct node *n, const char *local)
{
	struct node *k = part(n, local);

	while (k && !meta_uri(k->name->uri))
		k = part_next(k, local);
	return k;
}

static struct node *child_added(struct form *f, struct node *parent,
				struct str prefix, const char *local,
				struct str uri)
{
	const struct qname *q = tree_name(f->doc, prefix, str_from(local), uri);
	struct node *n = q ? node_new(f->doc, NODE_ELEMENT, q, STR("")) : NULL;

	if (n)
		node_append(parent, n);
	return n;
}

static struct node *child_or_added(struct form *f, struct node *meta,
				   const char *local, bool *added)
{
	struct node *n = child_named(meta, local);

	*added = n == NULL;
	if (n)
		return n;
	return child_added(f, meta, meta->name->prefix, local, meta->name->uri);
}

/*
 * Every record needs an instanceID, and an edited one a deprecatedID: a form
 * without them gets them.
 */
static enum err meta_complete(struct form *f, struct node *root)
{
	struct node *meta = child_named(root, "meta");

	if (!meta)
		meta = child_added(f, root, STR("orx"), "meta", NS_ORX);
	if (!meta || !child_or_added(f, meta, "instanceID", &f->add_uid) ||
	    !child_or_added(f, meta, "deprecatedID", &f->add_deprecated))
		return ERR_NOMEM;
	return ERR_NONE;
}

static void find_meta(struct form *f)
{
	struct node *root = node_child(f->primary, NULL, NO_URI);
	struct node *meta = child_named(root, "meta");

	f->instance_id = child_named(meta, "instanceID")->slot;
	f->deprecated_id = child_named(meta, "deprecatedID")->slot;
	f->slots[f->deprecated_id].silent = f->add_deprecated;
	if (f->add_uid)
		f->slots[f->instance_id].preload = PRELOAD_UID;
}

/* ---- */

static enum err refuse(struct form *f, const char *why)
{
	def_error(f, f->name, "%s", why);
	return ERR_INVALID;
}

static enum err find_parts(struct form *f)
{
	const struct node *html = f->doc->element;

	f->head = part(html, "head");
	f->model = part(f->head, "model");
	f->body = part(html, "body");
	if (!html || !str_is(html->name->local, "html") || !f->model)
		return refuse(f, _("bukan XForm: tidak ada html/head/model"));
	if (!f->body)
		return refuse(f, _("bukan XForm: tidak ada body"));
	f->primary = part(f->model, "instance");
	if (!f->primary)
		return refuse(f, _("bukan XForm: model tanpa instance"));
	return ERR_NONE;
}

static void names_parse(struct form *f, const struct node *root)
{
	const struct node *title = part(f->head, "title");

	f->title = title ? plain_text(f, title) : STR("");
	f->id = part_attr(root, "id", NO_URI);
	f->version = part_attr(root, "version", NO_URI);
}

enum err model_parse(struct form *f)
{
	struct node *root;
	enum err rc;

	rc = find_parts(f);
	if (rc)
		return rc;
	root = node_child(f->primary, NULL, NO_URI);
	if (!root)
		return refuse(f, _("instance utama kosong"));
	if (node_next(root, NULL, NO_URI))
		return refuse(f, _("instance utama berisi lebih dari satu "
				   "simpul akar"));
	names_parse(f, root);
	rc = prefixes_parse(f, root);
	if (!rc)
		rc = meta_complete(f, root);
	if (!rc)
		rc = shape_build(f, root);
	if (!rc)
		find_meta(f);
	return rc;
}
