/* SPDX-License-Identifier: MIT */
#ifndef FORM_DEF_H
#define FORM_DEF_H

#include "pilar/form.h"
#include "pilar/map.h"
#include "pilar/xpath.h"

/*
 * The inside of a form definition. It is built once, by the files parse.c
 * calls in order, and only read afterwards; everything lives in form->arena.
 *
 * A slot is a node of the primary instance. A vertex is one expression that
 * is kept up to date on the nodes of one slot; vertices are numbered in the
 * order in which they must be evaluated.
 */

/* Limits of RELIABILITY F13. */
#define FORM_MAX_SLOTS   200000
#define FORM_MAX_REPEATS 5000 /* instances of one repeat below one node */
#define FORM_MAX_ITEMS   200000
#define FORM_MAX_TEXTS   1000000  /* texts of itext times languages */
#define FORM_MAX_READS   5000000  /* slots read, over all expressions */
#define FORM_MAX_EDGES   20000000 /* between expressions */

/* ---- texts: labels, hints, messages */
struct piece {
	struct str text;
	const struct xpath *x; /* NULL: the text as it is */
};

struct pieces {
	const struct piece *at;
	size_t n;
};

enum text_form { FORM_PLAIN, FORM_SHORT, FORM_GUIDANCE, TEXT_FORMS };

/* One text of the itext block in one language. */
struct wording {
	struct pieces form[TEXT_FORMS];
	const struct node *element; /* NULL: not in this language */
	bool outputs;
};

struct itext {
	struct str id;
	struct wording *in; /* by language */
	bool outputs;
};

enum text_kind {
	TEXT_NONE,
	TEXT_PIECES, /* in the form itself */
	TEXT_ITEXT,  /* jr:itext('id') */
	TEXT_NAMED,  /* jr:itext(expression) */
	TEXT_VALUE   /* ref="expression" */
};

struct text {
	enum text_kind kind;
	struct pieces pieces;
	const struct wording *in; /* TEXT_ITEXT: bound to its slot */
	const struct xpath *x;    /* TEXT_NAMED, TEXT_VALUE */
};

/* ---- what a bind says */
enum preload {
	PRELOAD_NONE,
	PRELOAD_UID,
	PRELOAD_START,
	PRELOAD_END,
	PRELOAD_TODAY,
	PRELOAD_PROPERTY
};

struct bind {
	struct bind *next;
	const struct node *element;
	struct str id, nodeset;
	uint32_t slot;
};

/* ---- events and actions */
enum {
	EVENT_FIRST_LOAD = 1,
	EVENT_LOAD = 2,
	EVENT_NEW_REPEAT = 4,
	EVENT_CHANGED = 8,
	EVENT_REVALIDATE = 16
};

struct action {
	unsigned events;
	uint32_t source; /* slot of what it stands in, or TREE_NO_SLOT */
	const struct xpath *target;
	uint32_t target_slot;      /* or TREE_NO_SLOT */
	const struct xpath *value; /* NULL: `literal` */
	struct str literal;
};

/* A list of actions, in document order. */
struct trigger {
	const struct action *action;
	struct trigger *next;
};

struct triggers {
	struct trigger *first, *last;
};

/* ---- the body */
struct option {
	struct str value;
	struct text label;
};

/* Where the value or the label of an itemset's rows is found. */
struct column {
	struct str name;       /* a plain child name; else empty */
	bool itext;            /* jr:itext(name): the cell is an id */
	const struct xpath *x; /* relative to a row that is a node */
};

struct itemset {
	const struct xpath *nodes;
	struct column value, label;
	bool rows; /* columns are plain: rows of a list need no nodes */
};

struct item_def {
	struct item pub; /* first: a struct item is a struct item_def */
	struct item_def *last_child;
	const struct node *label_element, *hint_element;
	const struct node *dress; /* the group around a repeat */
	struct text label, hint;
	struct option *options;
	size_t n_options;
	const struct itemset *itemset;
	/* repeats */
	struct str count_text;
	bool fixed; /* jr:noAddRemove */
	/* ranges */
	double start, end, step;
};

static inline const struct item_def *item_def(const struct item *i)
{
	return (const struct item_def *)(const void *)i;
}

/* ---- vertices */
enum vertex_kind {
	V_RELEVANT,
	V_CALCULATE,
	V_READONLY,
	V_REQUIRED,
	V_CHOICES, /* an answer that its choices no longer offer is hidden */
	V_COUNT,   /* instances of a repeat */
	VERTEX_KINDS
};

struct vertex {
	enum vertex_kind kind;
	uint32_t slot;
	const struct xpath *x;
	bool loop; /* reads what it writes, in other instances */
};

/*
 * The vertex must be evaluated when a node of some slot changes: on all its
 * nodes below the ancestor `climb` levels above the changed node.
 */
struct dependent {
	uint32_t vertex, climb;
	bool place; /* it reads its own place among the instances */
};

/* The dependents of every slot: to[at[slot]] up to to[at[slot + 1]]. */
struct readers {
	uint32_t *at;
	struct dependent *to;
};

/*
 * What is looked up when somebody looks, and not kept: a text with outputs, a
 * list of choices, a constraint. It is only told to be read again; for a
 * watcher `vertex` of a dependent is its number.
 */
enum watch_kind { WATCH_TEXT, WATCH_CHOICES, WATCH_VERDICT };

struct watcher {
	enum watch_kind kind;
	uint32_t slot;
	const struct xpath *x;
};

struct slot {
	/* What an answer looks at stands together. */
	enum data_type type;
	uint32_t vertex[VERTEX_KINDS]; /* TREE_NO_SLOT: none */
	bool leaf;   /* has a value: an attribute, or no elements below */
	bool clear;  /* a repeat without template: new nodes are empty */
	bool silent; /* not written while it is empty */
	const struct item_def *item; /* the first control on it */
	struct triggers changed;     /* on xforms-value-changed */

	const struct item_def *repeat; /* when the body repeats it */
	const struct xpath *constraint;
	struct text constraint_msg, required_msg;
	enum preload preload;
	struct str params;          /* of the preload */
	struct str saveto;          /* property; or empty */
	struct triggers born;       /* on odk-new-repeat */
	const struct node *blank;   /* its first node in the definition */
	const struct node *pattern; /* what a new node is made like */
	uint32_t nth_repeat;        /* among the repeats of its parent */
	uint32_t entity; /* slot + 1 of the meta/entity it owns; or 0 */
};

/* ---- secondary instances */
struct instance {
	struct str id, src;
	struct node *element; /* internal, or of `tree` */
	struct tree *tree;    /* owned */
	struct list *list;    /* owned */
	bool last_saved;
	const struct item_def *select; /* the first select_one that uses it */
	bool chosen;                   /* by some select */
};

/* meta/entity of the root, a group or a repeat. */
struct entity_def {
	uint32_t entity; /* slot of the element named entity */
	uint32_t owner;  /* what its meta stands in */
	struct str dataset;
};

struct form {
	struct arena arena;
	struct xpath_pool pool;
	struct tree *doc;
	struct str xml, name;
	struct str id, version, title;
	struct report *rep; /* while it is built */
	const struct form_options *opt;
	struct arena scratch; /* while it is built */

	const struct node *head, *model, *body, *primary;

	struct shape shape;
	struct shape_slot *shape_slots; /* of `shape`, while it is built */
	struct slot *slots;
	struct map children; /* parent slot and name to slot + 1 */
	uint32_t instance_id, deprecated_id; /* slots */
	uint32_t fingerprint;                /* of the shape, for drafts */

	struct xpath_names *names; /* while it is built */
	struct qname *prefixes;
	size_t n_prefixes;

	struct bind *binds;
	struct item_def *root;
	size_t n_items;

	struct str *languages;
	size_t n_languages;
	struct map itext;

	struct instance *instances;
	size_t n_instances;
	struct map instance_ids, bind_ids;

	struct triggers loads; /* actions that answer a load */

	VEC(struct vertex) draft; /* vertices while they are found */
	struct vertex *vertices;  /* in evaluation order */
	size_t n_vertices;
	struct readers deps, shifts; /* of vertices; by slot, by repeat */
	VEC(struct watcher) watchers;
	struct readers watches, watched_repeats; /* of watchers */
	size_t n_expressions, n_reads, n_texts;
	uint64_t looks; /* of all expressions, against XPATH_MAX_LOOKS */

	struct entity_def *entities;
	size_t n_entities;
	struct str *datasets;
	size_t n_datasets;
	struct str *media;
	size_t n_media;
	/* The form has no instanceID, no deprecatedID of its own. */
	bool add_uid, add_deprecated;
};

#define NS_XFORMS   STR("http://www.w3.org/2002/xforms")
#define NS_JR       STR("http://openrosa.org/javarosa")
#define NS_ORX      STR("http://openrosa.org/xforms")
#define NS_ODK      STR("http://www.opendatakit.org/xforms")
#define NS_ENTITIES STR("http://www.opendatakit.org/xforms/entities")
#define NO_URI      ((struct str){ NULL, 0 })

/* ---- problems */
void def_error(struct form *f, struct str place, const char *format, ...)
	PRINTF_LIKE(3, 4);
void def_warn(struct form *f, struct str place, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* "/data/umur", in the form's arena while it is built. */
struct str slot_path(const struct form *f, uint32_t slot, struct arena *a);
/* "/data/umur, relevant" */
struct str def_place(struct form *f, uint32_t slot, const char *what);

/* ---- elements of the form, whatever namespace their author chose */
struct node *part(const struct node *n, const char *local);
struct node *part_next(const struct node *n, const char *local);
/* An attribute by local name in any namespace, `uri` first. */
struct str part_attr(const struct node *n, const char *local, struct str uri);
bool has_attr(const struct node *n, const char *local);

/* ---- building, in the order of the calls */
enum err model_parse(struct form *f) MUST_CHECK;     /* model.c */
enum err itext_parse(struct form *f) MUST_CHECK;     /* itext.c */
enum err instances_parse(struct form *f) MUST_CHECK; /* instances.c */
enum err binds_parse(struct form *f) MUST_CHECK;     /* binds.c */
enum err body_parse(struct form *f) MUST_CHECK;      /* body.c */
enum err patterns_find(struct form *f) MUST_CHECK;   /* patterns.c */
enum err itext_bind(struct form *f) MUST_CHECK;
enum err binds_compile(struct form *f) MUST_CHECK;
enum err body_compile(struct form *f) MUST_CHECK; /* controls.c */
/* The item after `i` in document order, or NULL. */
struct item_def *item_next(struct item_def *i);
enum err entities_parse(struct form *f) MUST_CHECK; /* entity_def.c */
enum err deps_build(struct form *f) MUST_CHECK;     /* deps.c */
void items_number(struct form *f);                  /* blank.c */

/* ---- patterns.c */
/* Is this node of the definition a jr:template? */
bool is_template(const struct node *n);
/*
 * Gives the nodes of another document of this form their slots and first
 * children by slot; what the form does not know has none.
 */
enum err source_bind(const struct form *f, struct arena *a, struct node *n,
		     uint32_t slot) MUST_CHECK;

/* ---- shape.c */
enum err shape_build(struct form *f, struct node *root) MUST_CHECK;
/* `uri` of NULL: the first of that name in any namespace. */
uint32_t shape_find(const struct form *f, uint32_t parent, struct str local,
		    const struct str *uri, bool attribute);
/*
 * The slot of a path without predicates that count: absolute, or relative to
 * `context`; TREE_NO_SLOT when there is no such node.
 */
uint32_t slot_resolve(const struct form *f, uint32_t context, struct str path);
bool slot_below(const struct form *f, uint32_t slot, uint32_t ancestor);
uint32_t slot_common(const struct form *f, uint32_t a, uint32_t b);
bool slot_is_leaf(const struct form *f, uint32_t slot);

/* ---- expressions */
enum err def_compile(struct form *f, struct str text, uint32_t slot,
		     const char *what, const struct xpath **out) MUST_CHECK;
/* Adds a vertex; deps_build() sorts them. */
enum err vertex_add(struct form *f, enum vertex_kind kind, uint32_t slot,
		    const struct xpath *x) MUST_CHECK;

enum err watcher_add(struct form *f, enum watch_kind kind, uint32_t slot,
		     const struct xpath *x) MUST_CHECK;

/* The slot whose nodes a vertex is evaluated on: of a count, the holder. */
uint32_t vertex_home(const struct form *f, const struct vertex *v);

/* ---- texts: text.c */
enum err text_of_element(struct form *f, const struct node *n, uint32_t slot,
			 struct text *out) MUST_CHECK;
enum err text_of_message(struct form *f, struct str message, uint32_t slot,
			 const char *what, struct text *out) MUST_CHECK;
enum err pieces_of(struct form *f, const struct node *n, uint32_t slot,
		   struct pieces *out) MUST_CHECK;
/* jr:itext('x'): the argument; false when `s` is something else. */
bool itext_call(struct str s, struct str *argument);
/* 'x' or "x": what stands between the quotes. */
bool unquote(struct str s, struct str *inside);
/* The wording of one text bound to a slot. */
enum err itext_for(struct form *f, const struct itext *t, uint32_t slot,
		   const struct wording **out) MUST_CHECK;

/* ---- actions.c */
/* Actions nested in an element of the body or (TREE_NO_SLOT) in the model. */
enum err actions_of(struct form *f, const struct node *element,
		    uint32_t source) MUST_CHECK;

/* ---- order.c: sorts the vertices and finds cycles. */
enum err order_vertices(struct form *f) MUST_CHECK;

/* ---- entity_def.c */
/* A list or property name that ODK and Central take. */
bool entity_name_valid(struct str s);

/* ---- instances.c */
struct instance *form_instance(const struct form *f, struct str id);
struct bind *form_bind(const struct form *f, struct str id);
/* Refuses columns that the list of an itemset does not have. */
void itemset_check(struct form *f, const struct item_def *i);
enum err geojson_tree(struct tree **out, struct str text, const char *name,
		      struct report *rep) MUST_CHECK;

#endif
