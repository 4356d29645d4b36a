/* SPDX-License-Identifier: MIT */
#ifndef RECAP_RECAP_H
#define RECAP_RECAP_H

#include "pilar/map.h"
#include "pilar/recap.h"
#include "pilar/vec.h"
#include "pilar/when.h"

/* What a row of recaps.csv says. */
enum line_kind {
	LINE_TITLE,
	LINE_SOURCE,
	LINE_FILTER,
	LINE_LET,
	LINE_WHEN,
	LINE_MOVES,
	LINE_BY,
	LINE_ALL,
	LINE_ROWS,
	LINE_MEASURE,
	LINE_EACH,
	LINE_COLUMN,
	LINE_SORT,
	LINE_SEPARATOR,
	LINE_FOR,
	LINE_HEADING,
	LINE_NOTE,
	LINE_TEXT,
	LINE_PAIR,
	LINE_PART,
	LINE_SIGN,
	LINE_KINDS
};

struct line {
	enum line_kind kind;
	struct str name, label_id, label_en, value;
	struct formula *formula;
	size_t at; /* line of the file */
};

struct recap {
	struct str name;
	const struct line *lines; /* in the order of the file */
	size_t n;
	enum recap_kind kind;
};

/* The label in the language spoken; else the other, else the name. */
struct str line_label(const struct line *l);
const struct line *recap_line(const struct recap *r, enum line_kind kind);

/*
 * ---- walk.c: the records of a source, one after the other
 *
 * A source is the lines from a LINE_SOURCE to the next one.
 */
struct source {
	const struct line *lines;
	size_t n;
};
bool recap_source(const struct recap *r, size_t i, struct source *out);
/*
 * What a row costs is its texts: the names that the lines of a source look at,
 * and what was found of each place, since records are much alike.
 */
struct need {
	struct str name;
	bool is;
};
struct needs {
	struct arena arena;
	struct map names;
	VEC(struct str) list; /* the same */
	bool all;             /* a line looks at `*` */
	VEC(struct need) places;
};
enum err needs_of(struct needs *n, const struct source *s) MUST_CHECK;
bool needs_name(struct needs *n, size_t place, struct str name);
/* All of them into one table. */
enum err needs_add(const struct needs *n, struct map *names) MUST_CHECK;
void needs_release(struct needs *n);
const struct line *source_line(const struct source *s, enum line_kind kind);

/* Does the value of the line look at that name? */
bool line_uses(const struct line *l, const char *name);

/* One record: its expressions are asked in the arena, which goes with it. */
struct record {
	struct formula_row *row;
	struct arena arena;
	bool holds; /* the filter and the period let it through */
	/* Of a source with `moves`: as it was before the period. */
	struct record *was;
};
/* Names every record has in front of its own. */
enum {
	PROP_FROM,
	PROP_TO,
	PROP_ROW,
	PROP_BEFORE,
	PROP_NOW,
	PROP_ABOUT,
	PROPS_ASKED
};
/* Their values, of PROPS_ASKED places; texts in the arena. */
void record_asked(const struct recap_ask *ask, struct arena *a,
		  struct entity_prop *props);
/* From now on the expressions see that text under that name. */
enum err record_set(struct record *r, size_t prop, struct str text) MUST_CHECK;
/* Empty without a line; an expression that fails gives nothing. */
struct str record_text(struct record *r, const struct line *l);

/*
 * What is made of the records of a source: `each` gets those that the filter
 * and the period let through, now or before it. Several are met in one walk,
 * so that a report reads every record once.
 */
struct pass {
	struct source source;
	enum err (*each)(void *arg, struct record *r);
	void *arg;
	bool moves;
	/* Of the walk. */
	struct needs needs;
	struct formula_env env, env_before;
	struct record now, before;
};
struct passes {
	VEC(struct pass) list;
};
/* In their order, those of one source together; `ask` says of which days. */
enum err recap_walk(const struct recap_ask *ask,
		    struct passes *passes) MUST_CHECK;
void passes_release(struct passes *passes);
/* ---- answers.c: what a submission says of itself, and its answers by the
 * name of their node; of several the first one counts. */
struct entity_prop *put_envelope(const struct event *e, struct entity_prop *p,
				 char day[WHEN_MAX]);
enum err put_answers(struct pass *p, const struct node *top,
		     struct entity_prop *props, size_t *n,
		     size_t max) MUST_CHECK;
/* A record of pairs that are given: of the paper's entity, or worker. */
enum err record_of(struct record *r, const struct entity_prop *props, size_t n,
		   const struct formula_env *env) MUST_CHECK;
void record_end(struct record *r);
/* Names and values of an entity as expressions see them, in the arena. */
enum err recap_props(const struct recap_ask *ask, const struct entity *e,
		     struct arena *a, struct entity_prop **props,
		     size_t *n) MUST_CHECK;

/* ---- count.c, list.c: tables; in the arena */
struct column {
	struct str name, label;
	bool right;
	bool drawn; /* bars show the sum of these */
};
struct grid {
	struct str part;       /* label of this part; or empty */
	struct str part_named; /* with its code in front */
	const struct column *columns;
	size_t n_columns;
	const struct str *cells;
	const struct str *names; /* of counts: of each row, with its code */
	size_t n_rows;
	bool counted, total; /* total: the last row is the sums */
};
struct grids {
	struct arena arena;
	VEC(struct grid) list;
	struct grid whole; /* of several parts of a count; no rows: none */
	char separator;
};
/* Of each of the recaps, none of which is a paper, in one walk. */
enum err recap_grids(const struct recap_ask *asks, size_t n, struct grids *out,
		     struct report *rep) MUST_CHECK;
void grids_release(struct grids *t);
/* A table under way: what it is made of is in the arena of its grids. Its
 * passes are added, walked, and then it is ended, whatever `rc` was. */
struct counting;
enum err count_begin(const struct recap_ask *ask, struct grids *out,
		     struct passes *passes, struct counting **c,
		     struct report *rep) MUST_CHECK;
enum err count_end(struct counting *c, enum err rc,
		   struct report *rep) MUST_CHECK;
struct listing;
enum err list_begin(const struct recap_ask *ask, struct grids *out,
		    struct passes *passes, struct listing **l) MUST_CHECK;
enum err list_end(struct listing *l, enum err rc) MUST_CHECK;

/* ---- period.c: as people here write a day; what is none stays */
struct str recap_day_text(struct str day, struct arena *a);

/* ---- paper.c */
enum err paper_write(const struct recap_ask *ask, struct doc *d,
		     struct report *rep) MUST_CHECK;
/* write.c: a count or list as a part of a document. */
enum err grids_write(const struct recap_ask *ask, const struct grids *all,
		     struct doc *d, unsigned level) MUST_CHECK;

#endif
