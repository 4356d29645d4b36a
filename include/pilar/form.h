/* SPDX-License-Identifier: MIT */
#ifndef PILAR_FORM_H
#define PILAR_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/lists.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/tree.h"
#include "pilar/vec.h"

/*
 * A form definition: an ODK XForm, compiled. Immutable; shared by all sessions
 * that fill it. Everything returned is lent and lives as long as the form.
 *
 * Loading finds every fault at once: each problem names the node, the
 * expression and the column. A form that loads never fails later for a reason
 * that lies in the form.
 */
struct form;

/*
 * `xml` is copied. `lists` (may be NULL) answers secondary instances; with
 * `allow_missing` an instance that is not there is empty and a warning.
 * `lists` must outlive the form.
 */
struct form_options {
	struct lists *lists;
	bool allow_missing;
	const char *name; /* of the file, for messages */
};
enum err form_new(struct form **out, struct str xml,
		  const struct form_options *opt,
		  struct report *rep) MUST_CHECK;
void form_free(struct form *f);

/* As the XForm says; the XML as it was given. */
struct str form_id(const struct form *f);
struct str form_version(const struct form *f); /* may be empty */
struct str form_title(const struct form *f);
/* May a record of it be edited after it was finalised (client-editable)? */
bool form_editable(const struct form *f);
struct str form_xml(const struct form *f);
/* The default language first, then document order. */
size_t form_language_count(const struct form *f);
struct str form_language(const struct form *f, size_t i);
/* src of every external instance and of media named in labels. */
size_t form_media_count(const struct form *f);
struct str form_media(const struct form *f, size_t i);
/* Does it ask for an audit log (meta/audit), and what shall stand in it? */
struct form_audit {
	bool wanted, changes, reasons, user;
};
struct form_audit form_audit(const struct form *f);
/* Expressions compiled, and edges of the dependency order; for benches. */
size_t form_expression_count(const struct form *f);

/*
 * The body: what a person meets, as a tree of items in document order.
 */
enum item_kind {
	ITEM_ROOT,
	ITEM_GROUP,
	ITEM_REPEAT,
	ITEM_INPUT, /* text, numbers, dates, notes: see type and readonly */
	ITEM_SELECT1,
	ITEM_SELECT,
	ITEM_RANK,
	ITEM_TRIGGER,
	ITEM_RANGE,
	ITEM_UPLOAD
};

enum data_type {
	TYPE_STRING,
	TYPE_INT,
	TYPE_BOOLEAN,
	TYPE_DECIMAL,
	TYPE_DATE,
	TYPE_TIME,
	TYPE_DATETIME,
	TYPE_GEOPOINT,
	TYPE_GEOTRACE,
	TYPE_GEOSHAPE,
	TYPE_BINARY,
	TYPE_BARCODE,
	TYPE_INTENT,
	TYPE_SELECT1,
	TYPE_SELECT,
	TYPE_RANK
};

#define ITEM_NO_SLOT UINT32_MAX

struct item {
	enum item_kind kind;
	enum data_type type;   /* of the bind */
	uint32_t slot;         /* of its node; a group may have none */
	struct str name;       /* local name of its node; may be empty */
	struct str appearance; /* as written, lower case */
	struct str external;   /* select: id of the list it chooses from, when
				  the itemset is instance('id')...; or empty */
	const struct item *parent;
	const struct item *first, *next; /* children, next sibling */
	const struct node *control;      /* the body element, for attributes */
	bool labelled;
	/* Questions a person is asked, counted in the order of the body from
	 * 1; 0: a note, or no question. */
	uint32_t number;
};

/* The root item, whose children are the body. */
const struct item *form_body(const struct form *f);
/* The item of the node in that slot, or NULL when the body has none. */
const struct item *form_item(const struct form *f, uint32_t slot);
/* The first question of that name, or NULL. */
const struct item *form_question(const struct form *f, struct str name);
/* An attribute of the body element: "rows", "start", "end", "step". */
struct str item_attr(const struct item *i, const char *local);
/* Does the appearance have this word? */
bool item_has(const struct item *i, const char *word);
/* The slots of its instance. */
const struct shape *form_shape(const struct form *f);

/*
 * The form without a session, for paper: nothing is known of any answer.
 */
enum item_text { ITEM_LABEL, ITEM_HINT };
/* In the language of that index, with `gap` where a value would stand. */
struct str form_text(const struct form *f, const struct item *i,
		     enum item_text which, size_t language, struct str gap,
		     struct arena *a);
struct choice {
	struct str value, label;
};
/* All choices of a select, whatever its filter, in the arena; none when they
 * come from a file or an entity list. */
enum err form_choices(const struct form *f, const struct item *i,
		      size_t language, struct arena *a,
		      const struct choice **choices, size_t *n) MUST_CHECK;
/* Are all values whole numbers of at most CHOICE_DIGITS digits? Then they are
 * the codes a person writes, else 1 to n are. */
#define CHOICE_DIGITS 3
bool choices_coded(const struct choice *choices, size_t n);
/* When a node is relevant, and how it is calculated; NULL: always, never. */
struct xpath;
const struct xpath *form_relevant(const struct form *f, uint32_t slot);
const struct xpath *form_formula(const struct form *f, uint32_t slot);
const struct xpath *form_constraint(const struct form *f, uint32_t slot);
bool form_required(const struct form *f, uint32_t slot); /* ever? */

/*
 * Entity operations (ODK.md 15) of one submission. Both sides of the program
 * use the same function: finalising, and applying an event.
 */
enum entity_verb { ENTITY_CREATE = 1, ENTITY_UPDATE = 2, ENTITY_UPSERT = 3 };

struct entity_prop {
	struct str name, value;
};

struct entity_op {
	enum entity_verb verb;
	struct str dataset, id; /* id: 36 characters, lower case */
	struct str label;       /* empty: keep */
	struct str base_version;
	const struct entity_prop *props; /* relevant saveto fields only */
	size_t n_props;
	struct str path; /* of the node that holds meta/entity */
};

/*
 * Reads the operations from a submission's tree (bound to the form's shape or
 * not), in document order, into the arena. ERR_INVALID for an id that is not a
 * UUID version 4 or a name that ODK forbids, with the path in `rep`.
 */
enum err form_entities(const struct form *f, const struct node *root,
		       struct arena *a, struct entity_op **ops, size_t *n,
		       struct report *rep) MUST_CHECK;
/* Does any question save into that property of an entity? */
bool form_saves(const struct form *f, struct str property);
/* The first question that saves into that property of that list; or NULL. */
const struct item *form_saver(const struct form *f, struct str dataset,
			      struct str property);
/* Datasets the form declares, and those its selects choose from. */
size_t form_dataset_count(const struct form *f);
struct str form_dataset(const struct form *f, size_t i);
/* The first select_one whose itemset is the list `id`; NULL when none. */
const struct item *form_select_of(const struct form *f, struct str id);

/* Parts of a submission's meta block, found by local name; or empty. */
struct str submission_meta(const struct node *root, const char *local,
			   struct arena *a);

#endif
