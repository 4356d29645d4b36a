/* SPDX-License-Identifier: MIT */
#ifndef FORM_SES_H
#define FORM_SES_H

#include "pilar/session.h"

#include "def.h"

/*
 * The inside of a session: an instance tree bound to the form's shape, a cell
 * behind every node, the worklist of what must be evaluated, and the acts
 * that can be undone.
 *
 * Three values of a node: what was answered (raw), what its choices still
 * offer of it (shown: the text in the tree), and what others see (shown, or
 * nothing while it is hidden). Only selects and ranks have a raw value of
 * their own.
 */

struct held {
	char *p;
	uint32_t n;
	uint8_t size; /* class + 1 of the memory at p; 0: none */
};

/* Behind every element and attribute of the instance: node->data. */
struct cell {
	struct held shown, raw;
	struct node *text; /* of a leaf element, also while it is empty */
	uint32_t touched;  /* where among the nodes of an act; see act.c */
	uint8_t queued;    /* bit by vertex kind */
	uint64_t counted;  /* bit by repeat: its jr:count has been looked at */
	bool leaf, choice, fresh;
	bool unborn; /* of the form's instances, not yet wanted by a count */
	bool self_hidden, readonly, required;
};

static inline struct cell *cell(const struct node *n)
{
	return n->data;
}

/* ---- what one act did */
struct touched {
	struct node *node;
	const char *shown, *raw; /* as they were, in the act's arena */
	uint32_t shown_n, raw_n;
	bool hidden, readonly, required;
};

static inline struct str was_shown(const struct touched *t)
{
	return str_of(t->shown, t->shown_n);
}

static inline struct str was_raw(const struct touched *t)
{
	return str_of(t->raw, t->raw_n);
}

/* An instance of a repeat came or went. */
struct shift {
	bool added;
	struct node *node, *holder;
	uint32_t position;
};

/* The act in progress; the next one uses its memory again. */
struct act {
	struct arena arena;
	VEC(struct touched) nodes;
	VEC(struct shift) shifts;
	struct buf record;
};

/* What is kept of an act to undo it, in one piece of memory. */
struct was {
	struct node *node;
	uint32_t n; /* of its raw text */
};

struct past {
	size_t n, n_shifts, bytes;
	struct shift *shifts;
	struct was *nodes;
	const char *end; /* of the texts, which lie in the order of the nodes */
};

struct past_list {
	struct past **at;
	size_t n, cap;
	size_t bytes; /* of all of them */
};

/* ---- the worklist: for every vertex a queue of nodes */
struct entry {
	struct node *node;
	uint32_t next; /* index + 1 */
};

struct work {
	VEC(struct entry) entries;
	uint32_t *first, *last; /* by vertex: index + 1, 0: none */
	uint64_t *waiting;      /* bit by vertex */
	uint16_t *rounds;       /* by vertex, in this settling */
	VEC(uint32_t) used;     /* vertices with rounds */
	VEC(struct ref) batch;
	size_t from;      /* no vertex before this one waits */
	bool states_only; /* values are given: nothing is computed */
	bool removed;     /* something was taken off: look before use */
};

/* Instances that a falling jr:count took away, the last on top. */
struct parked {
	VEC(struct ref) nodes;
};

/* A setvalue waiting until all is settled. */
struct firing {
	const struct action *action;
	struct node *source;
};

/*
 * Limits of RELIABILITY F13: nodes of one instance, and evaluation steps of
 * one act, which is a key pressed.
 */
#define SESSION_MAX_NODES 1000000
#define SESSION_MAX_STEPS 20000000

#define VALUE_SIZES 12 /* 16, 32, ... bytes; larger values are not reused */

struct session {
	struct xpath_env env;
	const struct form *form;
	const struct sys *sys;
	struct tree *tree;
	struct node *root;
	struct arena arena, scratch, choice_arena;
	struct arena lent; /* texts given to the caller */
	char *free[VALUE_SIZES];
	struct node *
		*ghosts; /* by slot of a repeat: an instance that is none */
	struct entity_prop *props;
	size_t n_props;
	size_t language;
	struct tree *last_saved;
	struct node *nowhere; /* an instance that is empty */
	struct work work;
	struct act *act; /* &this_act while one is in progress */
	struct act this_act;
	struct past_list done, undone;
	struct past *rewind; /* what session_restore() computed */
	VEC(struct parked) parked;
	struct map parked_at; /* holder and slot to index + 1 */
	VEC(struct firing) firings;
	size_t fired;        /* in this act */
	size_t nodes;        /* ever made for this tree */
	uint64_t steps_from; /* of the env, when the act began */
	bool loading;        /* no xforms-value-changed */
	bool acting;         /* an action sets values */
	bool reopening;      /* chance is not drawn again */
	struct buf why;
};

/* ---- session.c */
enum err tree_start(struct session *s) MUST_CHECK;
/* The whole instance, with the values of `src` (may be NULL). */
enum err tree_fill(struct session *s, const struct node *src) MUST_CHECK;
void parked_clear(struct session *s);
/* At the start of every call that changes something. */
void call_begin(struct session *s);

/* ---- cells and values: value.c */
/* A new node of `slot` with its cell; `text` is its value. */
enum err node_make(struct session *s, uint32_t slot, struct str text,
		   struct node **out) MUST_CHECK;
struct str raw_value(const struct node *n);
struct str shown_value(const struct node *n); /* also while hidden */
struct str seen_value(const struct node *n);  /* empty while hidden */
/*
 * Gives a node its answer, already cast: remembers what was, filters by
 * choices, and queues whoever reads it.
 */
enum err value_put(struct session *s, struct node *n,
		   struct str text) MUST_CHECK;
/* Another text in the tree while it is written; the shown value stays. */
enum err value_expose(struct session *s, struct node *n,
		      struct str text) MUST_CHECK;
/* What is shown of the raw value, anew. */
enum err value_filter(struct session *s, struct node *n) MUST_CHECK;

/* ---- cast.c */
/*
 * `text` as the node's type writes it; empty when the type cannot take it.
 * `typed`: by a person, whose dates must be dates.
 */
enum err cast(struct session *s, uint32_t slot, struct str text, bool typed,
	      struct arena *a, struct str *out) MUST_CHECK;

/* ---- act.c */
void act_begin(struct session *s);
/* Tells what happened in `c` (may be NULL); drops the act when it cannot. */
enum err act_end(struct session *s, struct changes *c) MUST_CHECK;
/* Ends it; what is to be kept of it is the caller's to free(). */
enum err act_take(struct session *s, struct past **out) MUST_CHECK;
/* Ends it and puts it on a list, unless nothing happened. */
enum err act_keep(struct session *s, struct past_list *list) MUST_CHECK;
void acts_clear(struct past_list *list);
/* Takes the newest off the list, which must not be empty; free() it. */
struct past *act_last(struct past_list *list);
void changes_forget(struct changes *c); /* NULL is fine */
void act_drop(struct session *s);       /* forgets it, nothing is undone */
void act_release(struct act *a);
/* Call before a node changes. */
enum err act_touch(struct session *s, struct node *n) MUST_CHECK;
enum err act_shift(struct session *s, bool added, struct node *n,
		   struct node *holder) MUST_CHECK;
/* Puts back what the act found. */
enum err act_revert(struct session *s, const struct past *p) MUST_CHECK;

/* ---- watch.c */
/* Adds whose texts, choices or verdicts the act in progress may have moved. */
enum err watch_tell(struct session *s, struct changes *c) MUST_CHECK;

/* ---- record.c */
enum err record_write(struct session *s, const struct act *a,
		      struct buf *out) MUST_CHECK;

/* ---- work.c */
enum err work_init(struct session *s) MUST_CHECK;
void work_release(struct session *s);
enum err work_add(struct session *s, uint32_t vertex,
		  struct node *n) MUST_CHECK;
/* Everything that reads this node. */
enum err work_readers(struct session *s, struct node *n) MUST_CHECK;
/* Everything that an instance of the repeat coming or going concerns; did
 * others move to another place by it? */
enum err work_shift(struct session *s, struct node *holder, uint32_t repeat,
		    bool moved) MUST_CHECK;
/* All expressions of this node and what is below it. */
enum err work_subtree(struct session *s, struct node *n) MUST_CHECK;
void work_forget(struct session *s);
/* `number` is handed on: of a vertex or a watcher. */
struct visit {
	enum err (*node)(struct session *s, uint32_t number, struct node *n,
			 void *arg);
	uint32_t number;
	void *arg;
};
/* Every node of `slot` that is `top` or lies below it. */
enum err each_below(struct session *s, uint32_t slot, struct node *top,
		    const struct visit *v) MUST_CHECK;
/* The ancestor so many levels up; NULL: none of the instance. */
struct node *climb(struct node *n, uint32_t levels);
/* Evaluates until nothing waits. */
enum err settle(struct session *s) MUST_CHECK;

/* ---- evaluate.c */
enum err vertex_run(struct session *s, uint32_t vertex,
		    struct node *n) MUST_CHECK;
/* Evaluates for its text / truth / number in s->scratch. */
enum err eval_text(struct session *s, const struct xpath *x, struct node *n,
		   struct arena *a, struct str *out) MUST_CHECK;
enum err eval_truth(struct session *s, const struct xpath *x, struct node *n,
		    bool *out) MUST_CHECK;
/* Hides a node and what is in it, or shows what is relevant of it. */
enum err hide(struct session *s, struct node *n, bool hidden) MUST_CHECK;
/* The instance that is none of repeat `slot`, placed below `holder`. */
struct node *ghost(struct session *s, uint32_t slot, struct node *holder);

/* ---- env.c: what expressions ask of the session */
void env_init(struct session *s);
struct str property_of(struct session *s, struct str name);

/* ---- build.c */
/*
 * A new element of `slot`, made like node `def` of the definition, with the
 * values of `src` (an element of another document) where it has them.
 */
struct build {
	struct session *s;
	const struct node *src; /* NULL: the definition's values */
	bool clear;             /* leave values empty */
};
enum err build_node(const struct build *b, uint32_t slot,
		    const struct node *def, struct node **out) MUST_CHECK;
/* The children of `slot` below `parent`, in order. */
struct node *first_of(const struct node *parent, const struct session *s,
		      uint32_t slot);
struct node *next_of(const struct node *n);
/* The n-th instance, from 1. */
struct node *nth_of(const struct node *parent, const struct session *s,
		    uint32_t slot, size_t n);
size_t count_of(const struct node *parent, const struct session *s,
		uint32_t slot);

/* ---- repeat.c */
enum err repeat_insert(struct session *s, uint32_t slot, struct node *holder,
		       struct node *after, struct node **out) MUST_CHECK;
enum err repeat_delete(struct session *s, struct node *n) MUST_CHECK;
/* To behind another instance of the same holder (NULL: to the start). */
enum err repeat_move(struct session *s, struct node *n,
		     struct node *after) MUST_CHECK;
/* Puts an instance where it was / takes it off, without any event. */
void instance_attach(struct session *s, struct node *n, struct node *holder,
		     struct node *after);
void instance_detach(struct session *s, struct node *n);
enum err repeat_set_count(struct session *s, uint32_t slot, struct node *holder,
			  double count) MUST_CHECK;
bool repeat_fixed(const struct session *s, uint32_t slot);

/* ---- events.c */
enum err preload_all(struct session *s, struct node *n) MUST_CHECK;
enum err preload_end(struct session *s, struct node *n) MUST_CHECK;
enum err fire_load(struct session *s, unsigned event) MUST_CHECK;
enum err fire_birth(struct session *s, struct node *n) MUST_CHECK;
enum err queue_changed(struct session *s, struct node *source) MUST_CHECK;
/* Settles, runs what was queued, and so on until nothing is left. */
enum err settle_all(struct session *s) MUST_CHECK;
enum err uid_new(struct session *s, struct node *n) MUST_CHECK;

/* ---- choices.c */
/* Leaves of `text` what is offered; `all`: was everything offered? */
enum err choices_filter(struct session *s, struct node *n, struct str text,
			struct arena *a, struct str *out, bool *all) MUST_CHECK;
enum err choices_sort(struct session *s, struct node *n, struct str text,
		      struct arena *a, struct str *out) MUST_CHECK;
void choices_warm(struct session *s, const struct item *within);
enum err choice_label(struct session *s, struct node *n, struct str value,
		      struct arena *a, struct str *out) MUST_CHECK;

/* ---- labels.c */
enum err text_eval(struct session *s, const struct text *t, struct node *n,
		   enum text_form form, struct arena *a,
		   struct str *out) MUST_CHECK;
enum err itext_eval(struct session *s, struct str id, struct node *n,
		    enum text_form form, struct arena *a,
		    struct str *out) MUST_CHECK;

/* ---- find.c */
/* The node of `slot` in the same repeat instances as `near`. */
struct node *node_near(const struct session *s, uint32_t slot,
		       struct node *near);
bool attached(const struct session *s, const struct node *n);

#endif
