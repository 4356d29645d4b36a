/* SPDX-License-Identifier: MIT */
#include "pilar/sax.h"

#include "pilar/i18n.h"
#include "pilar/tree.h"

#include "feed.h"
#include "scan.h"

struct teller {
	struct feed feed;
	const struct sax_to *to;
	size_t depth, spaces;
};

static struct str str_xml(const xmlChar *s)
{
	return str_from((const char *)s);
}

static bool may_open(struct teller *t, int n_decls)
{
	t->spaces += (size_t)n_decls;
	if (++t->depth > TREE_MAX_DEPTH)
		feed_stop(&t->feed, ERR_TOOBIG,
			  _("elemen bersarang terlalu dalam (paling dalam "
			    "64)"));
	else if (t->spaces > TREE_MAX_SPACES)
		feed_stop(&t->feed, ERR_TOOBIG,
			  _("terlalu banyak xmlns (paling banyak 128)"));
	else if (xmlDictSize(t->feed.ctxt->dict) > TREE_MAX_NAMES)
		feed_stop(&t->feed, ERR_TOOBIG,
			  _("terlalu banyak nama yang berbeda"));
	return !t->feed.rc;
}

static void heard(struct teller *t, enum err rc)
{
	if (rc)
		feed_stop(&t->feed, rc, NULL);
}

/* Five pointers an attribute: local name, prefix, uri, value, its end. */
/* The signature is libxml2's. NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *arg, const xmlChar *local, const xmlChar *prefix,
		     const xmlChar *uri, int n_decls, const xmlChar **decls,
		     int n_attrs, int n_defaulted, const xmlChar **attrs)
{
	struct sax_attr all[TREE_MAX_ATTRS];
	struct teller *t = arg;
	size_t n = 0;

	(void)prefix;
	(void)uri;
	(void)decls;
	(void)n_defaulted;
	if (!may_open(t, n_decls))
		return;
	for (; n < (size_t)n_attrs && n < ARRAY_LEN(all); n++, attrs += 5)
		all[n] = (struct sax_attr){
			.name = str_xml(attrs[0]),
			.value = str_of((const char *)attrs[3],
					(size_t)(attrs[4] - attrs[3])),
		};
	heard(t, t->to->open(t->to->arg, str_xml(local), all, n));
}

static void on_end(void *arg, const xmlChar *local, const xmlChar *prefix,
		   const xmlChar *uri)
{
	struct teller *t = arg;

	(void)prefix;
	(void)uri;
	if (t->feed.rc || !t->depth)
		return;
	t->depth--;
	heard(t, t->to->close(t->to->arg, str_xml(local)));
}

static void on_text(void *arg, const xmlChar *p, int n)
{
	struct teller *t = arg;

	if (!t->feed.rc)
		heard(t, t->to->text(t->to->arg,
				     str_of((const char *)p, (size_t)n)));
}

/* Called before the subset is read. */
static void on_doctype(void *arg, const xmlChar *name, const xmlChar *public,
		       const xmlChar *system)
{
	struct teller *t = arg;

	(void)name;
	(void)public;
	(void)system;
	feed_stop(&t->feed, ERR_INVALID,
		  _("DOCTYPE dengan isi tidak diterima"));
}

static const xmlSAXHandler handlers = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = feed_error,
};

enum err sax_read(const struct sax_to *to, struct str xml, const char *name,
		  struct report *rep)
{
	struct teller t = { .feed = { .report = rep, .name = name }, .to = to };
	enum err rc = xml_scan(xml, SAX_MAX_BYTES, name, rep);

	return rc ? rc : feed_run(&t.feed, &handlers, xml);
}
