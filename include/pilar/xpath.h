/* SPDX-License-Identifier: MIT */
#ifndef PILAR_XPATH_H
#define PILAR_XPATH_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/lists.h"
#include "pilar/map.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/sys.h"
#include "pilar/tree.h"
#include "pilar/vec.h"

/*
 * The ODK dialect of XPath (ODK.md 9). An expression is compiled once: syntax,
 * function names and arity are checked, location paths into a form's instance
 * are bound to slots, and the slots it reads are listed. Evaluating it then
 * needs no look-up by name.
 *
 * A compiled expression is immutable and lives in the arena it was compiled
 * into. All limits of RELIABILITY F13 hold.
 */
struct xpath;

#define XPATH_MAX_DEPTH  200
#define XPATH_MAX_TOKENS 10000
#define XPATH_MAX_STEPS  20000000 /* evaluation steps of one call */
#define XPATH_MAX_LOOKS  50000000 /* slots looked at while compiling */

/*
 * The names of a shape's slots, hashed: a form of thousands of questions has
 * as many expressions. Free it after the last compile.
 */
struct xpath_names;
enum err xpath_names_new(struct xpath_names **out,
			 const struct shape *shape) MUST_CHECK;
void xpath_names_free(struct xpath_names *names);

/* What an expression is compiled against. Zeroed: a plain document. */
/*
 * What an evaluation reads stands together in `hot`, in the order of the
 * calls, and steps that binding made needless are used again. `hot` lives as
 * long as the expressions; zeroed is empty.
 */
struct xpath_pool {
	struct arena hot;
	struct step *steps;
};

struct xpath_scope {
	const struct shape *shape; /* binds paths; NULL: walks names */
	uint32_t slot;             /* of the context node, or TREE_NO_SLOT */
	const struct xpath_names *names; /* of the shape, or NULL: slower */
	/* Prefixes beside jr orx odk xhtml h xf enk entities: pairs of
	 * prefix, uri; prefix "" binds unprefixed names too. */
	const struct qname *prefixes; /* .prefix and .uri are used */
	size_t n_prefixes;
	/*
	 * Counts slots looked at (a wildcard looks at all), over all
	 * expressions that share it; NULL: each on its own.
	 */
	uint64_t *looks;
	struct str place; /* for messages: "/data/umur, relevant" */
	/* Ids that instance('x') may name, others are warned of; NULL: any. */
	const struct map *instances;
	/*
	 * Unknown functions and wrong numbers of arguments fail when they are
	 * evaluated, not when they are compiled (`form xpath`).
	 */
	bool late;
	/*
	 * For the many expressions of one form, evaluated on nodes of their
	 * slots only: memory they share. NULL: none.
	 */
	struct xpath_pool *pool;
	/* events('form') is known: a formula on an entity, not a form's. */
	bool events;
};

/*
 * ERR_SYNTAX, ERR_INVALID or ERR_TOOBIG with problems in `rep`, each naming
 * scope->place, the expression and the column where it breaks.
 */
enum err xpath_compile(struct xpath **out, struct arena *a, struct str text,
		       const struct xpath_scope *scope,
		       struct report *rep) MUST_CHECK;
struct str xpath_text(const struct xpath *x);

/*
 * What the value depends on. A slot dependency says that the expression reads
 * nodes of that slot; `same` says how: the instance is reached from the
 * context node through common ancestors only (so that an answer inside one
 * repeat instance concerns that instance's expressions only), or any instance
 * (sum over a repeat).
 */
struct xpath_dep {
	uint32_t slot;
	bool same;
};
const struct xpath_dep *xpath_deps(const struct xpath *x, size_t *n);

enum {
	XPATH_USES_NOW = 1,    /* now(), today() */
	XPATH_USES_RANDOM = 2, /* random(), uuid(), randomize without seed */
	XPATH_USES_ONCE = 4,   /* once() */
	XPATH_USES_LANG = 8,   /* jr:itext, jr:choice-name, format-date names */
	XPATH_USES_POSITION = 16, /* position(..) of a repeat, count of one */
	XPATH_USES_LISTS = 32,    /* instance(...) */
	XPATH_USES_EVENTS = 64    /* events(...) */
};
unsigned xpath_uses(const struct xpath *x);
/* The expression's only step path when it is nothing but a path, else NULL:
 * the slot it is bound to, or TREE_NO_SLOT. */
uint32_t xpath_path_slot(const struct xpath *x);

/* The world around an evaluation: given by the form or by `form xpath`. */
struct xpath_env {
	const struct sys *sys;
	struct tree *tree; /* the primary instance */
	/*
	 * instance('id'): the element node of a tree, or a list (then *list is
	 * set), or ERR_NOTFOUND. NULL: there are none.
	 */
	enum err (*instance)(struct xpath_env *env, struct str id,
			     struct node **element, struct list **list);
	/*
	 * events('form'): an element whose children are the roots of the
	 * entity's submissions of that form, the earliest first; *all stays
	 * NULL when there are none. NULL: nobody has any.
	 */
	enum err (*events)(struct xpath_env *env, struct str form,
			   struct node **all);
	/* jr:itext('id') in the active language, short form preferred. */
	enum err (*itext)(struct xpath_env *env, struct str id,
			  struct node *context, struct arena *a,
			  struct str *out);
	/* jr:choice-name(value, path): the label of that choice. */
	enum err (*choice_name)(struct xpath_env *env, struct str value,
				struct str path, struct node *context,
				struct arena *a, struct str *out);
	struct str (*property)(struct xpath_env *env, struct str name);
	struct str version; /* of the form */
	struct str lang;    /* active language, for month and day names */
	struct xpath_cache *cache; /* rows as nodes; xpath_cache_new */
	uint64_t evaluations; /* counted up by each xpath_eval, for benches */
	uint64_t steps;       /* counted up, too: what they cost */
	struct buf *why;      /* the reason of a failed evaluation */
	void *owner;          /* for the functions above */
};

/* Keeps the rows of lists that were seen as nodes. One per session. */
struct xpath_cache *xpath_cache_new(void);
void xpath_cache_free(struct xpath_cache *c);

enum xpath_type { XPATH_STRING, XPATH_NUMBER, XPATH_BOOLEAN, XPATH_NODESET };

struct xpath_value {
	enum xpath_type type;
	struct str string; /* of a date, which is a number of days, its text */
	double number;
	bool boolean;
	struct node **nodes; /* document order, in the arena */
	size_t n;
};

/*
 * Evaluates at `context`. Results live in `a` and in the trees. `current` is
 * what current() answers (usually the same node). ERR_INVALID with a reason in
 * env->why for an error at run time (e.g. too many steps).
 */
enum err xpath_eval(const struct xpath *x, struct xpath_env *env,
		    struct node *context, struct arena *a,
		    struct xpath_value *out) MUST_CHECK;

/*
 * The XPath conversions. A text that is a date counts as days since
 * 1970-01-01T00:00Z, so a date without zone needs to know the zone of `sys`
 * (NULL: the machine's).
 */
struct str xpath_string(const struct xpath_value *v, struct arena *a);
double xpath_number(const struct xpath_value *v, const struct sys *sys,
		    struct arena *a);
bool xpath_boolean(const struct xpath_value *v);
double xpath_to_number(struct str s, const struct sys *sys);
struct str xpath_number_text(double n, struct arena *a);

/*
 * Itemsets: the nodes of `x` without building a whole list: as xpath_eval, but
 * rows of a list come as (list, row). Both `nodes` and rows may be given, in
 * order; exactly one of them has elements.
 */
struct xpath_rows {
	struct list *list;
	const uint32_t *rows;
	size_t n_rows;
	struct node **nodes;
	size_t n_nodes;
};
enum err xpath_eval_rows(const struct xpath *x, struct xpath_env *env,
			 struct node *context, struct arena *a,
			 struct xpath_rows *out) MUST_CHECK;
/*
 * Of those rows the ones whose column is the value, found by the list's index
 * without looking at the others. `list` is NULL when `x` is no plain
 * instance('..')/root/item[..] on a list, or counts its rows: then
 * xpath_eval_rows() must be asked.
 */
struct xpath_equal {
	struct str column, value;
};
enum err xpath_eval_row(const struct xpath *x, struct xpath_env *env,
			struct node *context, struct xpath_equal which,
			struct arena *a, struct xpath_rows *out) MUST_CHECK;

/*
 * An expression in words, for a person who has no screen: "no. 5 = 1 Ya dan
 * no. 7 terisi". Any of the functions may be NULL. Text in the arena.
 */
struct xpath_reader {
	void *arg;
	/* What a node is called; p == NULL: by its name. */
	struct str (*node)(void *arg, uint32_t slot, struct arena *a);
	/* A value it is compared with; p == NULL: as it is. */
	struct str (*value)(void *arg, uint32_t slot, struct str value,
			    struct arena *a);
	/* The formula of a node nobody answers: if(C, 1, 0) is read as C. */
	const struct xpath *(*formula)(void *arg, uint32_t slot);
};
struct str xpath_words(const struct xpath *x, const struct xpath_reader *how,
		       struct arena *a);

#endif
