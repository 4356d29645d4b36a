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
	RULE_COUNT
};

struct rule {
	enum rule_kind kind;
	struct str property;
	struct str value;
	struct str code; /* RULE_CODE: what stands before = */
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
/* Letters and digits, folded: "NO. KK" and "no_kk" are nokk. */
struct str words_fold(struct arena *a, struct str text);
/* Which of the words in "a|b" is `folded`? SIZE_MAX: none. */
size_t words_at(struct str words, struct str folded);
bool words_have(struct str words, struct str folded);

/* ---- text.c: any file as CSV */
struct source {
	struct buf text; /* UTF-8 */
	bool sheet;      /* of a workbook: rows have no cells behind the last */
	struct str names[WORKBOOK_MAX_SHEETS]; /* in the arena */
	size_t n_names, name;
};
enum err source_read(struct source *t, const struct prelist_file *file,
		     struct arena *a, struct report *rep) MUST_CHECK;
void source_release(struct source *t);

/* ---- a list under way */
struct column {
	struct prelist_column shown;
	struct str folded;            /* its head */
	const struct dataset *parent; /* its values are ids of that list */
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
	const struct dataset *dataset;
	struct rules rules;
	VEC(struct word) words;
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
};

/* A problem of the file, at that place in it; ERR_INVALID. */
enum err prelist_say(struct prelist *p, struct report *rep, struct str place,
		     const char *text);

/* ---- head.c: which line has the heads, and where its columns go */
enum err words_begin(struct prelist *p) MUST_CHECK;
/* Where a column of that head would go, or empty. */
struct str words_to(struct prelist *p, struct str head,
		    struct str folded) MUST_CHECK;
bool words_key(const struct prelist *p, struct str folded);
enum err heads_read(struct prelist *p, struct report *rep) MUST_CHECK;
/* What a property says of the values in its column. */
void column_rules(struct prelist *p, struct column *c);
bool property_known(const struct prelist *p, struct str property);
/* Back to the first row under the heads. */
enum err body_begin(struct prelist *p) MUST_CHECK;
/* The next row with something in it; cells as many as columns. ERR_NOTFOUND at
 * the end. `short_row`: it has fewer or more than the heads. */
enum err body_row(struct prelist *p, bool *short_row) MUST_CHECK;

/* ---- memory.c: what was chosen the last time */
enum err memory_take(struct prelist *p) MUST_CHECK;
enum err memory_keep(struct prelist *p) MUST_CHECK;

/* ---- value.c: a cell as a value; a reason, or NULL. `*value` is lent. */
const char *value_take(struct prelist *p, const struct column *c,
		       struct str *value);
/* What numbers of the columns look like, before any is refused. */
enum err value_measure(struct prelist *p) MUST_CHECK;

/* ---- rows.c: all rows, checked */
enum err rows_take(struct prelist *p, struct report *rep) MUST_CHECK;
/* The id of the entity of that dataset which a number stands for. */
enum err rows_id(struct prelist *p, const struct dataset *d, struct str number,
		 struct str *id) MUST_CHECK;

#endif
