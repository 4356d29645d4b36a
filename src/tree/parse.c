/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/tree.h"

#include "feed.h"
#include "names.h"
#include "scan.h"

/* libxml2 calls the functions below while it reads; they build the tree. */
struct reader {
	struct feed feed;
	struct tree *tree;
	struct node *at;  /* the element that is open */
	struct buf text;  /* what was read of a text node that may go on */
	struct buf value; /* the last value() */
	bool cdata;       /* `text` is of a CDATA section */
	size_t nodes, depth, spaces, decls;
	size_t opened[TREE_MAX_DEPTH + 1]; /* declarations by depth */
};

static struct str str_xml(const xmlChar *s)
{
	return str_from((const char *)s);
}

static void stop(struct reader *r, enum err rc, const char *why)
{
	feed_stop(&r->feed, rc, why);
}

/* NULL after the reader has stopped. */
static struct node *new_node(struct reader *r, enum node_kind kind,
			     const struct qname *name, struct str text)
{
	struct node *n;

	if (r->feed.rc)
		return NULL;
	if (r->nodes++ == TREE_MAX_NODES) {
		stop(r, ERR_TOOBIG,
		     _("terlalu banyak elemen, atribut dan teks"));
		return NULL;
	}
	n = node_new(r->tree, kind, name, text);
	if (!n) {
		stop(r, ERR_NOMEM, NULL);
		return NULL;
	}
	n->parent = r->at;
	if (r->feed.ctxt->input->line > 0)
		n->line = (uint32_t)r->feed.ctxt->input->line;
	return n;
}

/*
 * Without entity replacement libxml2 hands over "&#38;" for an ampersand in an
 * attribute (and never a bare one), as a tree's text would have it.
 */
static struct str value(struct reader *r, struct str raw)
{
	struct str amp = STR("&#38;");
	size_t at = 0, hit = str_find(raw, amp, 0);

	if (hit == SIZE_MAX)
		return raw;
	buf_reset(&r->value);
	for (; hit != SIZE_MAX; hit = str_find(raw, amp, at)) {
		buf_addstr(&r->value, str_sub(raw, at, hit + 1));
		at = hit + amp.n;
	}
	buf_addstr(&r->value, str_sub(raw, at, raw.n));
	if (r->value.failed)
		stop(r, r->value.failed, NULL);
	return buf_str(&r->value);
}

static const struct qname *new_name(struct reader *r, const xmlChar *prefix,
				    const xmlChar *local, const xmlChar *uri)
{
	const struct qname *q =
		tree_name(r->tree, str_xml(prefix), str_xml(local),
			  value(r, str_xml(uri)));

	if (!q)
		stop(r, ERR_NOMEM, NULL);
	else if (tree_count_names(r->tree) + r->decls > TREE_MAX_NAMES)
		stop(r, ERR_TOOBIG, _("terlalu banyak nama yang berbeda"));
	return q;
}

static void end_text(struct reader *r)
{
	struct node *n;

	r->cdata = false;
	if (!r->text.n)
		return;
	n = new_node(r, NODE_TEXT, NULL, buf_str(&r->text));
	if (n)
		node_append(r->at, n);
	buf_reset(&r->text);
}

static void add_text(struct reader *r, const xmlChar *p, int n)
{
	buf_add(&r->text, p, (size_t)n);
	if (r->text.failed)
		stop(r, r->text.failed, NULL);
}

static void on_text(void *arg, const xmlChar *p, int n)
{
	struct reader *r = arg;

	if (r->cdata)
		end_text(r);
	add_text(r, p, n);
}

/* A node of its own, which may come in several pieces. */
static void on_cdata(void *arg, const xmlChar *p, int n)
{
	struct reader *r = arg;

	if (!r->cdata)
		end_text(r);
	add_text(r, p, n);
	r->cdata = true;
}

static void on_comment(void *arg, const xmlChar *text)
{
	struct reader *r = arg;
	struct node *n;

	end_text(r);
	n = new_node(r, NODE_COMMENT, NULL, str_xml(text));
	if (n)
		node_append(r->at, n);
}

static void on_pi(void *arg, const xmlChar *target, const xmlChar *data)
{
	struct reader *r = arg;
	const struct qname *q = new_name(r, NULL, target, NULL);
	struct node *n;

	end_text(r);
	n = q ? new_node(r, NODE_PI, q, str_xml(data)) : NULL;
	if (n)
		node_append(r->at, n);
}

/* An attribute or declaration of `e`; where the next one goes, or NULL. */
static struct node **add_own(struct reader *r, struct node *e,
			     struct node **tail, enum node_kind kind,
			     const struct qname *name, struct str raw)
{
	*tail = name ? new_node(r, kind, name, value(r, raw)) : NULL;
	if (!*tail)
		return NULL;
	(*tail)->parent = e;
	return &(*tail)->next;
}

/* Five pointers an attribute: local name, prefix, uri, value, its end. */
static void add_attrs(struct reader *r, struct node *e, int count,
		      const xmlChar **attrs)
{
	struct node **tail = &e->attrs;

	for (int i = 0; i < count && tail; i++, attrs += 5)
		tail = add_own(r, e, tail, NODE_ATTR,
			       new_name(r, attrs[1], attrs[0], attrs[2]),
			       str_of((const char *)attrs[3],
				      (size_t)(attrs[4] - attrs[3])));
}

/* Two pointers a declaration: prefix, uri. */
static void add_decls(struct reader *r, struct node *e, int count,
		      const xmlChar **decls)
{
	struct node **tail = &e->decls;

	for (int i = 0; i < count && tail; i++, decls += 2)
		tail = add_own(r, e, tail, NODE_NS,
			       new_name(r, NULL, decls[0], NULL),
			       str_xml(decls[1]));
}

static bool may_open(struct reader *r, int n_decls)
{
	if (r->feed.rc)
		return false;
	if (r->depth == TREE_MAX_DEPTH) {
		stop(r, ERR_TOOBIG,
		     _("elemen bersarang terlalu dalam (paling dalam 64)"));
		return false;
	}
	if ((size_t)n_decls > TREE_MAX_SPACES - r->spaces) {
		stop(r, ERR_TOOBIG,
		     _("terlalu banyak xmlns (paling banyak 128)"));
		return false;
	}
	return true;
}

/* The signature is libxml2's. NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *arg, const xmlChar *local, const xmlChar *prefix,
		     const xmlChar *uri, int n_decls, const xmlChar **decls,
		     int n_attrs, int n_defaulted, const xmlChar **attrs)
{
	struct reader *r = arg;
	const struct qname *q;
	struct node *e;

	(void)n_defaulted;
	end_text(r);
	if (!may_open(r, n_decls))
		return;
	q = new_name(r, prefix, local, uri);
	e = q ? new_node(r, NODE_ELEMENT, q, (struct str){ NULL, 0 }) : NULL;
	if (!e)
		return;
	node_append(r->at, e);
	add_decls(r, e, n_decls, decls);
	add_attrs(r, e, n_attrs, attrs);
	r->opened[r->depth++] = (size_t)n_decls;
	r->spaces += (size_t)n_decls;
	r->decls += (size_t)n_decls;
	r->at = e;
}

static void on_end(void *arg, const xmlChar *local, const xmlChar *prefix,
		   const xmlChar *uri)
{
	struct reader *r = arg;

	(void)local;
	(void)prefix;
	(void)uri;
	end_text(r);
	if (r->feed.rc || !r->depth)
		return;
	r->spaces -= r->opened[--r->depth];
	r->at = r->at->parent;
}

/* Called before the subset is read: the parser stands at its bracket. */
static void on_doctype(void *arg, const xmlChar *name, const xmlChar *public,
		       const xmlChar *system)
{
	struct reader *r = arg;
	struct node *n;

	if (public || system || *r->feed.ctxt->input->cur == '[')
		stop(r, ERR_INVALID, _("DOCTYPE dengan isi tidak diterima"));
	n = new_node(r, NODE_DOCTYPE, NULL, str_xml(name));
	if (n)
		node_append(r->at, n);
}

static const xmlSAXHandler handlers = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_cdata,
	.comment = on_comment,
	.processingInstruction = on_pi,
	.serror = feed_error,
};

static enum err read_all(struct reader *r, struct str xml)
{
	enum err rc;

	r->at = r->tree->root;
	rc = feed_run(&r->feed, &handlers, xml);
	buf_release(&r->text);
	buf_release(&r->value);
	return rc;
}

enum err tree_parse(struct tree **out, struct str xml, const char *name,
		    struct report *rep)
{
	struct reader r = { .feed = { .report = rep, .name = name },
			    .text = BUF_INIT(TREE_MAX_BYTES),
			    .value = BUF_INIT(TREE_MAX_BYTES) };
	enum err rc;

	*out = NULL;
	rc = xml_scan(xml, TREE_MAX_BYTES, name, rep);
	if (rc)
		return rc;
	r.tree = tree_new();
	if (!r.tree)
		return ERR_NOMEM;
	rc = read_all(&r, xml);
	if (rc) {
		tree_free(r.tree);
		return rc;
	}
	r.tree->element =
		node_child(r.tree->root, NULL, (struct str){ NULL, 0 });
	*out = r.tree;
	return ERR_NONE;
}
