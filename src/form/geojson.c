/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/json.h"

#include "def.h"

/*
 * A GeoJSON file as an instance: root/item with the geometry in ODK's
 * spelling, the id and the properties of each feature.
 */

struct geo {
	struct tree *tree;
	struct node *item;
	struct arena arena;
	struct report *rep;
	const char *name;
};

static struct node *element(struct geo *g, struct str name, struct str text)
{
	const struct qname *q = tree_name(g->tree, STR(""), name, STR(""));
	struct node *n = q ? node_new(g->tree, NODE_ELEMENT, q, STR("")) : NULL;

	if (!n || node_set_value(g->tree, n, text))
		return NULL;
	return n;
}

static enum err child(struct geo *g, struct node *parent, struct str name,
		      struct str text)
{
	struct node *n = element(g, name, text);

	if (!n)
		return ERR_NOMEM;
	node_append(parent, n);
	return ERR_NONE;
}

/* A value as JavaScript's String() writes it. */
static struct str scalar(struct geo *g, const struct json *j)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str out;

	if (json_is_str(j))
		return json_str(j);
	if (json_write(&b, j))
		buf_reset(&b);
	out = buf_str(&b);
	if (out.n && (ascii_digit(out.p[0]) || out.p[0] == '-'))
		out = xpath_number_text(json_num(j), &g->arena);
	else
		out = arena_dup(&g->arena, out);
	buf_release(&b);
	return out;
}

static enum err refuse(struct geo *g, const char *why)
{
	report_add(g->rep, PROBLEM_ERROR, str_from(g->name), "%s", why);
	return ERR_INVALID;
}

static enum err point_add(struct geo *g, struct buf *b, const struct json *p)
{
	if (!json_is_array(p) || json_len(p) < 2)
		return refuse(g, _("koordinat GeoJSON tidak sah"));
	if (b->n)
		buf_adds(b, "; ");
	buf_addstr(b, xpath_number_text(json_num(json_at(p, 1)), &g->arena));
	buf_addc(b, ' ');
	buf_addstr(b, xpath_number_text(json_num(json_at(p, 0)), &g->arena));
	buf_adds(b, " 0 0");
	return ERR_NONE;
}

static enum err points_add(struct geo *g, struct buf *b, const struct json *all)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < json_len(all) && !rc; i++)
		rc = point_add(g, b, json_at(all, i));
	return rc;
}

static enum err geometry(struct geo *g, const struct json *geometry)
{
	struct buf b = BUF_INIT(TREE_MAX_BYTES);
	struct str type = json_get_str(geometry, "type");
	const struct json *at = json_get(geometry, "coordinates");
	enum err rc;

	if (str_is(type, "Point"))
		rc = point_add(g, &b, at);
	else if (str_is(type, "LineString"))
		rc = points_add(g, &b, at);
	else if (str_is(type, "Polygon"))
		rc = points_add(g, &b, json_at(at, 0));
	else
		rc = refuse(g, _("geometri GeoJSON tidak didukung"));
	if (!rc)
		rc = b.failed;
	if (!rc)
		rc = child(g, g->item, STR("geometry"), buf_str(&b));
	buf_release(&b);
	return rc;
}

static enum err properties(struct geo *g, const struct json *props)
{
	void *at = NULL;
	struct str key;
	struct json *value;
	enum err rc = ERR_NONE;

	while (!rc && json_next(props, &at, &key, &value))
		if (!str_is(key, "id"))
			rc = child(g, g->item, key, scalar(g, value));
	return rc;
}

static enum err feature(struct geo *g, struct node *root,
			const struct json *feature)
{
	const struct json *props = json_get(feature, "properties");
	const struct json *id = json_get(feature, "id");
	enum err rc;

	if (!json_is_object(json_get(feature, "geometry")))
		return refuse(g, _("fitur GeoJSON tanpa geometri"));
	g->item = element(g, STR("item"), STR(""));
	if (!g->item)
		return ERR_NOMEM;
	node_append(root, g->item);
	rc = geometry(g, json_get(feature, "geometry"));
	if (!id)
		id = json_get(props, "id");
	if (!rc && id)
		rc = child(g, g->item, STR("id"), scalar(g, id));
	if (!rc && json_is_object(props))
		rc = properties(g, props);
	return rc;
}

static enum err collection(struct geo *g, const struct json *j)
{
	const struct json *features = json_get(j, "features");
	struct node *root = element(g, STR("root"), STR(""));
	enum err rc = ERR_NONE;

	if (!root)
		return ERR_NOMEM;
	if (!str_is(json_get_str(j, "type"), "FeatureCollection") ||
	    !json_is_array(features))
		return refuse(g, _("bukan FeatureCollection GeoJSON"));
	node_append(g->tree->root, root);
	g->tree->element = root;
	for (size_t i = 0; i < json_len(features) && !rc; i++)
		rc = feature(g, root, json_at(features, i));
	return rc;
}

enum err geojson_tree(struct tree **out, struct str text, const char *name,
		      struct report *rep)
{
	struct geo g = { .tree = tree_new(), .rep = rep, .name = name };
	struct buf why = BUF_INIT(1000);
	struct json *j = NULL;
	enum err rc;

	*out = NULL;
	if (!g.tree)
		return ERR_NOMEM;
	rc = json_parse(&j, text, &why);
	if (rc) {
		report_add(rep, PROBLEM_ERROR, str_from(name),
			   _("bukan JSON: %.*s"), STR_ARG(buf_str(&why)));
		goto out;
	}
	rc = collection(&g, j);
	if (rc)
		goto out;
	*out = g.tree;
	g.tree = NULL;
out:
	tree_free(g.tree);
	json_free(j);
	buf_release(&why);
	arena_release(&g.arena);
	return rc;
}
