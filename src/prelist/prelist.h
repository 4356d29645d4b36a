/* SPDX-License-Identifier: MIT */
#ifndef PRELIST_PRELIST_H
#define PRELIST_PRELIST_H

#include "pilar/buf.h"
#include "pilar/csv.h"
#include "pilar/map.h"
#include "pilar/prelist.h"
#include "pilar/vec.h"
#include "pilar/workbook.h"

#define LABEL "label" /* of the entity, as forms call it */
/* Head of the column with the reasons in a file of refused rows. */
#define REASON_HEAD N_("alasan ditolak")

/* ---- rules.c: what PRELIST_FILE says of one dataset */
enum rule_kind {
	RULE_HEAD,
	RULE_KEY,
	RULE_DATE,
	RULE_DIGITS,
	RULE_CODE,
	RULE_EMPTY,
	RULE_SKIP,
	RULE_PART,
	RULE_JOIN,
	RULE_MAKE,
	RULE_GIVE,
	RULE_FIRST,
	RULE_LOOKUP,
	RULE_COUNT
};

struct rule {
	enum rule_kind kind;
	struct str property;
	struct str value;  /* words: folded */
	struct str called; /* the first of them as it is written */
	struct str code;   /* RULE_CODE: what stands before = */
	size_t digits;
};

struct rules {
	VEC(struct rule) all;
};

/* What datasets.csv calls a property, folded. */
struct word {
	struct str folded, property;
};

/* `dataset` empty: of all. Texts are in the arena. */
enum err rules_read(struct rules *r, struct str csv, struct str dataset,
		    struct arena *a, struct report *rep) MUST_CHECK;
/* The i-th rule (from 0) of that kind and property; property empty: any. */
const struct rule *rules_get(const struct rules *r, enum rule_kind kind,
			     struct str property, size_t i);
/* Letters and digits, folded: "No. 7" and "no_7" are no7. */
struct str words_fold(struct arena *a, struct str text);
/* Which of the words in "a|b" is `folded`? SIZE_MAX: none. */
size_t words_at(struct str words, struct str folded);
bool words_have(struct str words, struct str folded);

/* ---- text.c: any file as CSV */

/* A cell over several rows; see merged.c. */
struct merged {
	size_t column;
	uint32_t first, last; /* rows */
	struct str value;     /* of the first, when it has been read */
};

struct source {
	struct buf text; /* UTF-8 */
	bool sheet;      /* of a workbook: rows have no cells behind the last */
	struct str names[WORKBOOK_MAX_SHEETS]; /* in the arena */
	size_t n_names, name;
	VEC(struct merged) merged; /* by column and row */
};
enum err source_read(struct source *t, const struct prelist_file *file,
		     struct arena *a, struct report *rep) MUST_CHECK;
void source_release(struct source *t);

/* ---- a list under way */

/* A dataset that rows go into, and what PRELIST_FILE says of it. */
struct side {
	const struct dataset *dataset; /* NULL: none */
	struct rules rules;
	VEC(struct word) words;
};

#define WHOLE SIZE_MAX
struct column {
	struct prelist_column shown;
	struct str folded;            /* its head */
	struct side *side;            /* of `to`; see side_of() */
	struct str to;                /* what is shown, without its parent */
	size_t part;                  /* of several that make one; WHOLE */
	const struct dataset *parent; /* its values are ids of that list */
	bool makes;                   /* which are made where there are none */
	bool numbered;                /* and get the number as a property */
	const struct rule *digits;    /* or NULL, as the next */
	const struct rule *date;
	bool coded;
	bool unique;   /* warned of when two have the same */
	size_t length; /* of its numbers, or of most of them */
	bool zeros;    /* all of which end with 0 */
};

struct prelist {
	struct cases *cases;
	struct str path;
	struct arena arena;
	/* What rows are, and what those of one number make together. */
	struct side own, up;
	const struct rule *make; /* NULL: nothing */
	struct source source;
	struct csv csv;
	struct column *columns;
	size_t n_columns;
	size_t key; /* SIZE_MAX: the row as a whole */
	bool key_chosen;
	bool key_own; /* a number of its own: every row has one */
	size_t label; /* column */
	size_t body;  /* where the rows begin: byte, line, row */
	size_t body_line, body_row;
	/* Of the last run. */
	struct arena memory; /* of one row */
	struct arena kept;   /* of all rows */
	VEC(struct list_row) rows;
	VEC(struct prelist_refusal) refusals;
	VEC(size_t) places; /* of the refused rows in the text */
	struct map ids;     /* those met, to their number in `rows` plus 1 */
	size_t twice, seen;
	/* Made by rows of one number, by that number; in their order. */
	struct map group_of;
	VEC(struct group *) groups;
	VEC(struct lookup *) lookups;
};

/* A problem of the file, at that place in it; ERR_INVALID. */
enum err prelist_say(struct prelist *p, struct report *rep, struct str place,
		     const char *text);

/* ---- words.c: what heads mean */
enum err words_begin(struct prelist *p, struct side *side) MUST_CHECK;
/* The property there that a column of that head would go to, or empty. */
struct str words_to(const struct prelist *p, const struct side *side,
		    struct str head, struct str folded) MUST_CHECK;
bool words_key(const struct prelist *p, struct str folded);
/* Nothing is said of it: a number of the line and the like. */
bool words_skip(const struct prelist *p, struct str folded);
/* Which of the heads that make the property together; or WHOLE. */
size_t words_part(const struct side *side, struct str property,
		  struct str folded);
/* "parent/property" is of what the row's parent is, else of the row; the
 * first part is taken off. NULL: there is no such parent. */
struct side *side_of(struct prelist *p, struct str *property);

/* ---- head.c: which line has the heads, and where its columns go */
enum err heads_read(struct prelist *p, struct report *rep) MUST_CHECK;
/* What a property says of the values in its column. */
void column_rules(struct prelist *p, struct column *c);
bool property_known(struct prelist *p, struct str property);
/* May both go there: parts of one? */
bool columns_agree(const struct column *a, const struct column *b);
/* Back to the first row under the heads. */
enum err body_begin(struct prelist *p) MUST_CHECK;
/* The next row with something in it; cells as many as columns. ERR_NOTFOUND at
 * the end. `short_row`: it has fewer or more than the heads. */
enum err body_row(struct prelist *p, bool *short_row) MUST_CHECK;

/* ---- merged.c: what a merged cell says of each of its rows */
enum err merged_add(struct source *t,
		    const struct workbook_merged *m) MUST_CHECK;
void merged_sort(struct source *t);
/* Fills in the row that was read last. */
enum err merged_fill(struct prelist *p) MUST_CHECK;

/* ---- memory.c: what was chosen the last time */
enum err memory_take(struct prelist *p) MUST_CHECK;
enum err memory_keep(struct prelist *p) MUST_CHECK;

/* ---- value.c: a cell as a value; a reason, or NULL. `*value` is lent. */
const char *value_take(struct prelist *p, const struct column *c,
		       struct str *value);
/* What numbers of the columns look like, before any is refused. */
enum err value_measure(struct prelist *p) MUST_CHECK;

/* ---- rows.c: all rows, checked */
struct taking {
	struct prelist *p;
	struct list_row row;
	struct entity_prop *props;
	size_t *from;        /* the columns of the props */
	struct str *values;  /* of the columns, made ready */
	struct str key;      /* the value of the key's column, made ready */
	struct group *group; /* or NULL */
};
/* The whole of a value in parts: theirs, in their order. */
struct str parts_join(struct taking *t, const struct column *c) MUST_CHECK;
/* Is it the column that stands for the others of its property? */
bool parts_lead(const struct prelist *p, const struct column *c);
/* Texts of the file stay where they are, others move to what outlives it. */
struct str rows_kept(struct prelist *p, struct str s);

/* ---- group.c: what rows of one number make together */
struct group {
	struct str id, number;
	struct str *values; /* of the columns of `up` */
	struct str *given;  /* of the rules of kind `give` */
	size_t row;
	bool led, used;
	bool known; /* registered otherwise, and called so */
	struct str known_as;
};
/* What the row says of its group, which goes to the taking; a reason, with the
 * column, or NULL. */
const char *group_take(struct taking *t, const struct column **bad,
		       enum err *rc);
/* Those that come in with the rows; in the arena `kept`. */
enum err group_rows(struct prelist *p, struct list_row **out,
		    size_t *n) MUST_CHECK;
void groups_forget(struct prelist *p);

/* ---- lookup.c: names that are codes here; `props` has room for as many more
 * as there are rules */
enum err lookups_put(struct prelist *p, const struct side *side,
		     struct entity_prop *props, size_t *n) MUST_CHECK;
/* Of a run: names without a code, and the property that has the first. */
void lookups_begin(struct prelist *p);
size_t lookups_lost(const struct prelist *p, struct str *of);
void lookups_end(struct prelist *p);

enum err rows_take(struct prelist *p, struct report *rep) MUST_CHECK;
/* The id of the entity of that dataset which a number stands for. */
enum err rows_id(struct prelist *p, const struct dataset *d, struct str number,
		 struct str *id) MUST_CHECK;

#endif
