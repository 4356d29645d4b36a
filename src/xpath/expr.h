/* SPDX-License-Identifier: MIT */
#ifndef XPATH_EXPR_H
#define XPATH_EXPR_H

#include "func.h"

/*
 * A compiled expression: a tree in the arena, immutable once xpath_compile()
 * returns. Operators of one precedence in a row are one node with a list of
 * operands, so that only nesting makes the tree deep, never length.
 */
enum op {
	OP_NUMBER,
	OP_STRING,
	OP_OR,
	OP_AND,
	OP_COMPARE, /* operands joined by = != < <= > >= */
	OP_ARITH,   /* operands joined by + - * div mod */
	OP_NEGATE,
	OP_UNION,
	OP_CALL,
	OP_PATH,
	OP_BROKEN /* an unknown function of a scope with `late` */
};

/* How an operand is joined to what stands left of it. */
enum join {
	JOIN_NONE,
	JOIN_EQ,
	JOIN_NE,
	JOIN_LT,
	JOIN_LE,
	JOIN_GT,
	JOIN_GE,
	JOIN_ADD,
	JOIN_SUB,
	JOIN_MUL,
	JOIN_DIV,
	JOIN_MOD
};

enum axis {
	AXIS_CHILD,
	AXIS_DESCENDANT,
	AXIS_DESCENDANT_OR_SELF,
	AXIS_PARENT,
	AXIS_ANCESTOR,
	AXIS_ANCESTOR_OR_SELF,
	AXIS_FOLLOWING_SIBLING,
	AXIS_PRECEDING_SIBLING,
	AXIS_FOLLOWING,
	AXIS_PRECEDING,
	AXIS_ATTRIBUTE,
	AXIS_NAMESPACE,
	AXIS_SELF
};

enum test {
	TEST_NAME,    /* name, p:name */
	TEST_ANY,     /* * */
	TEST_ANY_IN,  /* p:* */
	TEST_NODE,    /* node() */
	TEST_TEXT,    /* text() */
	TEST_COMMENT, /* comment() */
	TEST_PI       /* processing-instruction('target'?) */
};

/*
 * A step of a location path. Where the shape tells which slot it leads to,
 * `slot` and `ordinal` say so and the name is not looked at.
 */
struct step {
	struct step *next;
	struct pred *preds;
	struct str local, uri; /* local also holds the target of a PI */
	uint32_t slot, ordinal;
	uint8_t axis, test; /* enum axis, enum test */
	bool prefixed, repeat;
};

enum start {
	START_CONTEXT, /* the context node */
	START_CURRENT, /* current() */
	START_ROOT,    /* / */
	START_LIST,    /* instance('literal') */
	START_EXPR     /* any other expression */
};

/*
 * How a path is walked. One: `up` parents of `from`, then one child an
 * ordinal of `down`: at most one node and no allocation. Set: the same, and
 * every instance of the repeats on the way. Steps: step by step.
 */
enum walk { WALK_STEPS, WALK_ONE, WALK_SET };
enum from { FROM_CONTEXT, FROM_CURRENT, FROM_ROOT };

struct hop {
	uint32_t ordinal, slot;
	bool repeat;
};

struct path {
	/* What a walk to one node reads stands together. */
	uint8_t start, walk, from; /* enum start, enum walk, enum from */
	uint32_t up, n_down;
	uint32_t slot; /* bound to; TREE_NO_SLOT */
	struct hop *down;
	/* What is left to be walked step by step after up and down. */
	struct step *rest;
	struct step *steps;
	struct pred *filters; /* predicates of the head */
	union {
		struct expr *head; /* START_EXPR */
		struct str list;   /* START_LIST: id */
	};
};

/*
 * Part of a predicate that an index can answer: `column` = `value`, where the
 * value does not look at the row. One an operand of `and`.
 */
struct key {
	struct key *next;
	const struct step *column; /* one child step */
	const struct expr *value;
};

struct pred {
	struct pred *next;
	struct expr *test;
	struct key *keys;
	bool all_keys;   /* the keys are the whole predicate */
	bool positional; /* a number, or it asks position() or last() */
	bool flat;       /* of the row it looks at cells only */
};

struct expr {
	uint8_t op;   /* enum op */
	uint8_t join; /* enum join: to the operand before it in a list */
	bool closed;  /* in parentheses: its list does not grow */
	uint32_t at;  /* byte where it stands */
	struct expr *next;
	union {
		double number;
		struct str text;
		struct path *path;
		struct {
			struct expr *args; /* operands, arguments */
			const struct func *func;
			uint32_t n_args;
		};
	};
};

struct xpath {
	/* What every evaluation reads stands together. */
	struct expr *root;
	uint32_t slot;
	unsigned uses;
	uint32_t path_slot;
	bool pooled; /* not for nodes of another slot */
	const struct shape *shape;
	const struct xpath_dep *deps;
	size_t n_deps;
	struct str text;
	struct str uri; /* that names without prefix may be in, too */
};

#endif
