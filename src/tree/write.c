/* SPDX-License-Identifier: MIT */
#include "pilar/tree.h"
#include "pilar/utf8.h"
#include "pilar/vec.h"

/* More prefixes than this are declared where they are used. */
#define HOIST_MAX 16

struct binding {
	struct str prefix, uri;
};

struct writer {
	struct buf *out;
	node_filter keep;
	void *arg;
	VEC(struct binding) scope; /* the nearest last */
	enum err rc;
};

static const char *escape_of(unsigned char c, bool attr)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r':
		return "&#13;";
	case '\n':
		return attr ? "&#10;" : "\n";
	case '\t':
		return attr ? "&#9;" : "\t";
	default:
		return "\xef\xbf\xbd";
	}
}

static bool plain(unsigned char c)
{
	return c >= ' ' && c < 0x80 && c != '&' && c != '<' && c != '>' &&
	       c != '"';
}

/* Everything from `at` that can stand as it is. */
static size_t plain_run(struct str s, size_t at)
{
	while (at < s.n && plain((unsigned char)s.p[at]))
		at++;
	return at;
}

static void escape_wide(struct buf *out, struct str s, size_t *at)
{
	char bytes[4];
	uint32_t cp = utf8_next(s, at);

	if (cp == 0xfffe || cp == 0xffff)
		cp = 0xfffd;
	buf_add(out, bytes, utf8_encode(cp, bytes));
}

static void escape(struct buf *out, struct str s, bool attr)
{
	for (size_t at = 0; at < s.n;) {
		size_t end = plain_run(s, at);

		buf_add(out, s.p + at, end - at);
		at = end;
		if (at == s.n)
			return;
		if ((unsigned char)s.p[at] >= 0x80)
			escape_wide(out, s, &at);
		else
			buf_adds(out,
				 escape_of((unsigned char)s.p[at++], attr));
	}
}

void xml_escape(struct buf *out, struct str text)
{
	escape(out, text, false);
}

void xml_escape_attr(struct buf *out, struct str text)
{
	escape(out, text, true);
}

static const struct binding *bound(const struct writer *w, struct str prefix)
{
	for (size_t i = w->scope.n; i > 0; i--)
		if (str_eq(w->scope.at[i - 1].prefix, prefix))
			return &w->scope.at[i - 1];
	return NULL;
}

/* Makes the prefix mean the uri here, unless it already does. */
static void declare(struct writer *w, struct str prefix, struct str uri)
{
	const struct binding *now = bound(w, prefix);
	struct binding *b;

	if (now ? str_eq(now->uri, uri) : !uri.n)
		return;
	if (str_is(prefix, "xml"))
		return;
	b = vec_push(&w->scope);
	if (!b) {
		w->rc = ERR_NOMEM;
		return;
	}
	*b = (struct binding){ prefix, uri };
	buf_adds(w->out, prefix.n ? " xmlns:" : " xmlns");
	buf_addstr(w->out, prefix);
	buf_adds(w->out, "=\"");
	escape(w->out, uri, true);
	buf_addc(w->out, '"');
}

static bool kept(const struct writer *w, const struct node *n)
{
	return !w->keep || w->keep(n, w->arg);
}

static void hoist_name(struct writer *w, const struct qname *q)
{
	if (q->prefix.n && w->scope.n < HOIST_MAX && !bound(w, q->prefix))
		declare(w, q->prefix, q->uri);
}

/* Prefixes used below `n`, so that each is declared once, at the top. */
static void hoist(struct writer *w, const struct node *n)
{
	if (n->kind != NODE_ELEMENT || !kept(w, n))
		return;
	hoist_name(w, n->name);
	for (const struct node *a = n->attrs; a; a = a->next)
		if (kept(w, a))
			hoist_name(w, a->name);
	for (const struct node *k = n->first; k; k = k->next)
		hoist(w, k);
}

static void write_name(struct writer *w, const struct qname *q)
{
	if (q->prefix.n) {
		buf_addstr(w->out, q->prefix);
		buf_addc(w->out, ':');
	}
	buf_addstr(w->out, q->local);
}

static void write_decls(struct writer *w, const struct node *n, bool top)
{
	for (const struct node *d = n->decls; d; d = d->next)
		declare(w, d->name->local, d->text);
	declare(w, n->name->prefix, n->name->uri);
	for (const struct node *a = n->attrs; a; a = a->next)
		if (a->name->uri.n && kept(w, a))
			declare(w, a->name->prefix, a->name->uri);
	if (top)
		hoist(w, n);
}

static void write_attrs(struct writer *w, const struct node *n)
{
	for (const struct node *a = n->attrs; a; a = a->next) {
		if (!kept(w, a))
			continue;
		buf_addc(w->out, ' ');
		write_name(w, a->name);
		buf_adds(w->out, "=\"");
		escape(w->out, a->text, true);
		buf_addc(w->out, '"');
	}
}

static void write_node(struct writer *w, const struct node *n, bool top);

static void write_element(struct writer *w, const struct node *n, bool top)
{
	size_t outer = w->scope.n, before;

	buf_addc(w->out, '<');
	write_name(w, n->name);
	write_decls(w, n, top);
	write_attrs(w, n);
	buf_addc(w->out, '>');
	before = w->out->n;
	for (const struct node *k = n->first; k; k = k->next)
		write_node(w, k, false);
	w->scope.n = outer;
	if (w->out->n == before && !w->out->failed) {
		w->out->n--;
		buf_adds(w->out, "/>");
		return;
	}
	buf_adds(w->out, "</");
	write_name(w, n->name);
	buf_addc(w->out, '>');
}

static void write_pi(struct writer *w, const struct node *n)
{
	buf_adds(w->out, "<?");
	buf_addstr(w->out, n->name->local);
	if (n->text.n)
		buf_addc(w->out, ' ');
	buf_addstr(w->out, n->text);
	buf_adds(w->out, "?>");
}

static void write_node(struct writer *w, const struct node *n, bool top)
{
	if (!kept(w, n))
		return;
	switch (n->kind) {
	case NODE_ROOT:
		for (const struct node *k = n->first; k; k = k->next)
			write_node(w, k, top);
		break;
	case NODE_ELEMENT:
		write_element(w, n, top);
		break;
	case NODE_TEXT:
		escape(w->out, n->text, false);
		break;
	case NODE_COMMENT:
		buf_adds(w->out, "<!--");
		buf_addstr(w->out, n->text);
		buf_adds(w->out, "-->");
		break;
	case NODE_PI:
		write_pi(w, n);
		break;
	case NODE_DOCTYPE:
		buf_adds(w->out, "<!DOCTYPE ");
		buf_addstr(w->out, n->text);
		buf_addc(w->out, '>');
		break;
	case NODE_ATTR:
	case NODE_NS:
		break;
	}
}

enum err tree_write(struct buf *out, const struct node *n, node_filter keep,
		    void *arg)
{
	struct writer w = { .out = out, .keep = keep, .arg = arg };

	write_node(&w, n, true);
	vec_release(&w.scope);
	return w.rc ? w.rc : out->failed;
}
