/* SPDX-License-Identifier: MIT */
#ifndef PILAR_TREE_H
#define PILAR_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * XML documents as trees of nodes, read and written by libxml2. A tree owns
 * its nodes, names and texts; everything dies with tree_free(). Removed nodes
 * keep their memory until then (so an undo can put them back).
 *
 * Attributes are nodes in a list of their own (`attrs`). Names are interned:
 * two nodes of one tree have the same name when the pointers are equal.
 */
enum node_kind {
	NODE_ROOT, /* the document; its children are the root element, ... */
	NODE_ELEMENT,
	NODE_ATTR,
	NODE_TEXT,
	NODE_COMMENT,
	NODE_PI,
	NODE_NS,     /* a namespace declaration; name->local is the prefix */
	NODE_DOCTYPE /* <!DOCTYPE text>; node() of XPath finds it */
};

struct qname {
	struct str prefix, local, uri; /* uri empty: in no namespace */
};

#define TREE_NO_SLOT UINT32_MAX

struct node {
	/* What reading a form's values looks at stands together. */
	struct node *parent, *first, *next;
	/*
	 * Attribute, text, comment, PI; NODE_NS: its uri. An element with one
	 * text and nothing else may have that here, too, for node_value():
	 * whoever says so keeps it so.
	 */
	struct str text;
	/*
	 * For instances of a form (see struct shape): the first child of each
	 * child slot, by its ordinal; which node of the definition this is,
	 * whether it is not relevant now (its value then reads as empty), and
	 * its place among its siblings of that slot (from 1).
	 */
	struct node **kids;
	void *data; /* the owner's, for whatever hangs on the node */
	uint32_t slot;
	uint8_t kind; /* enum node_kind */
	bool hidden;
	bool indexed;
	uint32_t position;
	/* Place among the siblings, valid while the parent is `indexed`. */
	uint32_t index;
	uint32_t line; /* of the file it was read from; 0: none */
	struct node *prev, *last;
	struct node *attrs;       /* linked by next */
	struct node *decls;       /* NODE_NS as written, linked by next */
	const struct qname *name; /* element, attribute; of a PI its target */
};

struct tree {
	struct node *root;    /* NODE_ROOT */
	struct node *element; /* its only element child, or NULL */
	struct arena arena;
	struct tree_names *names;
};

/*
 * Limits of RELIABILITY F13: a file over them is refused with its line while
 * it is read. A DOCTYPE with a subset or external id is refused; no entity but
 * the five and character references; nothing is ever fetched; UTF-8 only.
 * Namespaces: declarations in scope at one place (each name is looked up
 * among them), attributes: declarations counted too. Names: different ones
 * and all declarations (libxml2's dictionary has 16,384 places: 900,000 names
 * took 30 seconds).
 */
#define TREE_MAX_BYTES  ((size_t)16 << 20)
#define TREE_MAX_DEPTH  64
#define TREE_MAX_NODES  2000000
#define TREE_MAX_ATTRS  256
#define TREE_MAX_SPACES 128
#define TREE_MAX_NAMES  50000

/* `name` stands for the document in messages ("form.xml"). */
enum err tree_parse(struct tree **out, struct str xml, const char *name,
		    struct report *rep) MUST_CHECK;
struct tree *tree_new(void);
void tree_free(struct tree *t);

/*
 * The interned name, or NULL when memory is out. An attribute in a namespace
 * needs a prefix.
 */
const struct qname *tree_name(struct tree *t, struct str prefix,
			      struct str local, struct str uri);

/*
 * New nodes are detached until one of the inserts puts them somewhere. The
 * text is copied. NULL when memory is out.
 */
struct node *node_new(struct tree *t, enum node_kind kind,
		      const struct qname *name, struct str text);
void node_append(struct node *parent, struct node *child);
void node_insert_after(struct node *where, struct node *child);
void node_insert_first(struct node *parent, struct node *child);
void node_remove(struct node *n); /* detach; attributes too */
/*
 * Deep copy into `t` (which may be another tree), detached, with slots,
 * positions and hidden; `kids` and `data` are not copied.
 * NULL when memory is out.
 */
struct node *node_copy(struct tree *t, const struct node *n);

/* An attribute by local name; uri empty: in no namespace. */
struct node *node_attr(const struct node *n, const char *local, struct str uri);
struct str node_attr_text(const struct node *n, const char *local);
enum err node_set_attr(struct tree *t, struct node *n, const struct qname *name,
		       struct str value) MUST_CHECK;
/*
 * First element child / next element sibling: any (local NULL) or this local
 * name in this uri.
 */
struct node *node_child(const struct node *n, const char *local,
			struct str uri);
struct node *node_next(const struct node *n, const char *local, struct str uri);

/*
 * String-value (XPath 1.0, 5). Text of a leaf is lent; text put together from
 * several nodes is in `a`. Hidden nodes are empty.
 */
struct str node_value(const struct node *n, struct arena *a);
/* Makes `text` the only child of an element (or the value of an attribute). */
enum err node_set_value(struct tree *t, struct node *n,
			struct str text) MUST_CHECK;
/* How many nodes it stands below. */
size_t node_depth(const struct node *n);
/*
 * Document order: <0, 0, >0. Declarations, then attributes, come after their
 * element and before its children. Amortised O(depth); between trees the
 * order is some fixed one.
 */
int node_order(const struct node *a, const struct node *b);

/*
 * Writes `n` and what is below it with the prefixes it has: declarations as
 * they were written, and on `n` those that names below need besides. `keep`
 * (may be NULL) decides node by node what is written. A character that XML
 * cannot hold is written as U+FFFD.
 */
typedef bool (*node_filter)(const struct node *n, void *arg);
enum err tree_write(struct buf *out, const struct node *n, node_filter keep,
		    void *arg) MUST_CHECK;
void xml_escape(struct buf *out, struct str text);
void xml_escape_attr(struct buf *out, struct str text); /* newlines too */

/*
 * The form of an instance, known when the form is compiled: one slot for
 * every node of the primary instance. Slot 0 is the root element. A shape is
 * immutable and outlives the trees bound to it.
 */
struct shape_slot {
	const struct qname *name;
	uint32_t parent;  /* TREE_NO_SLOT for the root element */
	uint32_t ordinal; /* among the child slots of its parent */
	uint32_t depth;
	uint32_t n_kids; /* child slots; kids[ordinal] of an instance node */
	const uint32_t *kids;
	bool repeat;    /* may stand several times among its siblings */
	bool attribute; /* an attribute of its parent, not an element */
};

struct shape {
	const struct shape_slot *slots;
	size_t n;
};

#endif
