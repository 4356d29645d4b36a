/* SPDX-License-Identifier: MIT */
#ifndef PILAR_SESSION_H
#define PILAR_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/form.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/sys.h"
#include "pilar/vec.h"

/*
 * A session is one form being filled in. It belongs to the caller and keeps a
 * reference to its form, which must outlive it. Text it returns is valid until
 * the next call that changes the session: copy it to keep it.
 *
 * A small client, whole, stands in tests/unit/test_client.c.
 *
 * It knows no screen, no file and no database. What is typed goes in through
 * session_answer(); out come the value of every node, what is asked next, and
 * a list of what each act changed.
 */
struct session;

/*
 * One node of the instance. Good until the repeat instance it stands in is
 * removed; keep session_path() to find it again later.
 */
struct ref {
	struct node *node; /* NULL: no such node */
};
#define REF_NONE ((struct ref){ NULL })
bool ref_eq(struct ref a, struct ref b);

struct session_options {
	const struct sys *sys; /* NULL: sys_real() */
	/* What preloads and property() ask: pairs of name, value (copied). */
	const struct entity_prop *props;
	size_t n_props;
	struct str language; /* one of the form's, a code like "id", or empty */
	struct str last_saved; /* XML of instance('__last-saved'), or empty */
	struct report *report; /* why session_new() failed; may be NULL */
};

/*
 * A new instance: defaults, preloads, first-load actions, calculations done.
 * `opt` may be NULL. ERR_INVALID: an expression of the form fails at once.
 */
enum err session_new(struct session **out, const struct form *f,
		     const struct session_options *opt) MUST_CHECK;
void session_free(struct session *s);
const struct form *session_form(const struct session *s);

/* ---- finding one's way */
struct ref session_root(const struct session *s);
/* TRY.md references: "/data/anggota[2]/nama", "/data/x/@attr". */
struct ref session_find(struct session *s, struct str path);
struct str session_path(struct session *s, struct ref r, struct arena *a);
/* The repeat at "/data/anggota" and the node that holds it; NULL: no such. */
const struct item *session_find_repeat(struct session *s, struct str path,
				       struct ref *holder);
const struct item *session_item(const struct session *s, struct ref r);
/* The n-th (from 1) instance of a repeat in its holder `within`; REF_NONE when
 * there are fewer. */
struct ref session_repeat(struct session *s, const struct item *repeat,
			  struct ref within, size_t n);
/* The node that holds the instances of a repeat near `near`. */
struct ref session_holder(struct session *s, const struct item *repeat,
			  struct ref near);
/* The node of a body item in the same repeat instances as `near`. */
struct ref session_near(struct session *s, const struct item *i,
			struct ref near);

/* ---- what a person meets */
enum step_kind { STEP_QUESTION, STEP_GROUP, STEP_REPEAT, STEP_PROMPT };
struct step {
	enum step_kind kind;
	const struct item *item;
	struct ref ref;  /* PROMPT: the node that holds the repeat */
	size_t instance; /* REPEAT: from 1; PROMPT: how many there are */
	unsigned depth;  /* of groups and repeats around it */
};
/* All steps in order, not relevant ones left out; in the arena. */
enum err session_walk(struct session *s, struct arena *a, struct step **steps,
		      size_t *n) MUST_CHECK;
/* The same in the order of the instance, which a form written by hand need not
 * share with its body. Groups without a node are not in it. */
enum err session_outline(struct session *s, struct arena *a,
			 struct step **steps, size_t *n) MUST_CHECK;

/* ---- state of one node */
/* Has it a value of its own (a leaf or an attribute)? */
bool session_is_leaf(const struct session *s, struct ref r);
struct str session_value(struct session *s, struct ref r);
bool session_relevant(struct session *s, struct ref r);
bool session_required(struct session *s, struct ref r);
bool session_readonly(struct session *s, struct ref r);
/* MISSING: required and empty; VIOLATED: against its constraint. */
enum verdict { VALID, MISSING, VIOLATED };
enum verdict session_verdict(struct session *s, struct ref r);
/* The form's own message for that verdict; empty when it has none. */
struct str session_message(struct session *s, struct ref r);
/* Texts in the active language with outputs filled in; markdown as written.
 * p == NULL when there is none. */
struct str session_label(struct session *s, struct ref r);
struct str session_hint(struct session *s, struct ref r);
struct str session_guidance(struct session *s, struct ref r);
/* A group or repeat without a node of its own has a label, too. */
struct str session_item_label(struct session *s, const struct item *i,
			      struct ref near);
/* The answer as a person reads it: labels of choices, dates as stored. */
struct str session_display(struct session *s, struct ref r, struct arena *a);

/*
 * After choice filters, in order; lent until the next change. ERR_NOTFOUND:
 * no such node; ERR_REFUSED: nothing is chosen there.
 */
enum err session_choices(struct session *s, struct ref r, struct arena *a,
			 const struct choice **choices, size_t *n) MUST_CHECK;

/* ---- acts */
enum change_kind {
	CHANGE_VALUE = 1,
	CHANGE_STATE = 2,
	CHANGE_ADDED = 4,
	CHANGE_REMOVED = 8,
	/* What is looked up when asked for and may be another now: */
	CHANGE_TEXT = 16,    /* label, hint, message, a choice's label */
	CHANGE_CHOICES = 32, /* which choices there are */
	CHANGE_VERDICT = 64  /* the constraint reads what changed */
};
struct change {
	struct ref ref; /* REMOVED: the holder of the repeat */
	unsigned kind;  /* STATE: relevance, read-only or required moved */
};
/*
 * What one act moved, in document order. Zero it before first use; a call
 * forgets the act before.
 */
struct changes {
	VEC(struct change) list;
	struct arena arena;
	struct str record; /* the act for a draft: see session_replay */
};
void changes_release(struct changes *c);

/*
 * Tries `text` as the answer at `ref`. On ERR_CONSTRAINT the answer is stored
 * all the same and session_message() says why, in the form's language; a text
 * the type cannot take leaves the node empty. On ERR_REFUSED (read-only, not
 * relevant, no such choice, not a question) nothing changes.
 * Unless refused, `changed` lists every node whose value or relevance moved.
 */
enum err session_answer(struct session *s, struct ref ref, struct str text,
			struct changes *changed) MUST_CHECK;
/*
 * The same before the question is asked: where it is not relevant yet it holds
 * the answer until it is.
 */
enum err session_preset(struct session *s, struct ref ref, struct str text,
			struct changes *changed) MUST_CHECK;
/* Can `text` become a value of the node's type? For messages while typing. */
bool session_castable(struct session *s, struct ref ref, struct str text);

/* A new instance after the n-th (0: before the first; SIZE_MAX: at the end).
 * ERR_REFUSED when the count is fixed. */
enum err session_add(struct session *s, const struct item *repeat,
		     struct ref within, size_t after,
		     struct changes *changed) MUST_CHECK;
enum err session_remove(struct session *s, struct ref instance,
			struct changes *changed) MUST_CHECK;
/*
 * All instances in another order: order[i] says which one (from 1, as they are
 * now) is to stand at place i + 1. ERR_REFUSED when the count is fixed or the
 * order does not name each of the `n` once.
 */
enum err session_reorder(struct session *s, const struct item *repeat,
			 struct ref within, const size_t *order, size_t n,
			 struct changes *changed) MUST_CHECK;
size_t session_count(struct session *s, const struct item *repeat,
		     struct ref within, bool *fixed);
/* The last act undone / done again. ERR_REFUSED when there is none. */
enum err session_undo(struct session *s, struct changes *changed) MUST_CHECK;
enum err session_redo(struct session *s, struct changes *changed) MUST_CHECK;
/* What was done so far is what a person begins with: it is not undone. */
void session_begin_here(struct session *s);

/* One of form_language(), or its code ("id" of "Bahasa Indonesia (id)"); else
 * ERR_NOTFOUND. What labels and choices say from now on; values that were
 * computed in the language before stay. */
enum err session_set_language(struct session *s, struct str lang) MUST_CHECK;
struct str session_language(const struct session *s);

/* ---- the whole */
struct violation {
	struct ref ref;
	enum verdict verdict;
	struct str message;
};
/* Relevant nodes only, in document order, in the arena. */
enum err session_validate(struct session *s, struct arena *a,
			  struct violation **v, size_t *n) MUST_CHECK;

/*
 * The instance as it would be sent: non-relevant nodes and templates left out,
 * end time set. Also when it is not valid.
 */
enum err session_submit_xml(struct session *s, struct buf *out) MUST_CHECK;
/* As a draft: values of non-relevant nodes kept. */
enum err session_save_xml(struct session *s, struct buf *out) MUST_CHECK;
/*
 * The instance becomes the one in `xml`. First-load actions and preloads do
 * not run again, load actions do; ERR_INVALID when it is no instance of this
 * form. With `edit` the instanceID moves to deprecatedID and a new one is made.
 */
enum err session_restore(struct session *s, struct str xml, bool edit,
			 struct report *rep) MUST_CHECK;
/* The instanceID of the record this one is the edit of; or empty. */
struct str session_edits(struct session *s, struct arena *a);

/*
 * Drafts: session_save_xml() once, then changes.record of every act. A record
 * holds the values of every node the act changed, not the operation. Call
 * session_restore(), session_replay() for each record in order, then
 * session_resume(), which runs load actions and settles relevance without
 * drawing time or random values again.
 */
enum err session_replay(struct session *s, struct str record) MUST_CHECK;
enum err session_resume(struct session *s) MUST_CHECK;

/* ---- finalising */
struct submission {
	struct arena arena;             /* everything below lives in it */
	struct str instance_id;         /* "uuid:..." */
	struct str deprecated_id, name; /* instanceName; or empty */
	struct str form_id, form_version;
	struct str xml;
	struct str audit; /* audit.csv beside it (paradata.h); or empty */
	struct entity_op *ops;
	size_t n_ops;
	int64_t at; /* when it was made; 0: when it is submitted */
};
/* ERR_CONSTRAINT when session_validate() finds anything. */
enum err session_finalise(struct session *s, struct submission *out,
			  struct report *rep) MUST_CHECK;
void submission_release(struct submission *sub);

/* ---- for tools */
struct xpath_value;
enum err session_eval(struct session *s, struct str expression,
		      struct ref context, struct arena *a,
		      struct xpath_value *out, struct report *rep) MUST_CHECK;
/* Expressions evaluated since the session was made. */
uint64_t session_evaluations(const struct session *s);

#endif
