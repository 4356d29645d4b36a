/* SPDX-License-Identifier: MIT */
#ifndef CASES_ENTITY_LIST_H
#define CASES_ENTITY_LIST_H

#include "event.h"
#include "lists.h"

/* What the files of a dataset as a list share; see entity_list.c. */

/* Of a row only the cells that are asked for are kept: rows come by the ten
 * thousand, with a few columns of many. */
struct entity_row {
	struct id *id;
	int64_t changed_at;
	enum entity_conflict conflict;
	struct str *cells; /* as many columns as were asked for then */
	uint32_t n_cells;
	bool read;
};

struct entity_column {
	struct str name;
	uint32_t slot; /* among the cells that are kept, from 1; 0: none */
};

/* A value and the rows that have it, in order. */
struct cell_at {
	struct str value;
	uint32_t row, place;
};

struct column_index {
	size_t column;
	struct cell_at *cells;
	uint32_t *rows; /* the same order */
	size_t n;
};

struct entity_list {
	struct list base;
	struct cases *c;
	char *dataset;
	int64_t until;      /* as it was when that was over; CASES_NOW */
	struct arena cells; /* of the rows that were read */
	struct arena arena; /* everything else below */
	VEC(struct entity_column) columns;
	VEC(size_t) asked; /* the column of each slot */
	VEC(struct entity_row) rows;
	struct arena last; /* of the state that was read last */
	struct state state;
	uint32_t state_of; /* its row; NO_ROW */
	struct map by_id;
	uint32_t *all; /* in order of creation; NULL: not read */
	size_t n_all;
	VEC(struct column_index) indexes;
	/* Names of columns that will be asked for, lent; NULL: not known. Then
	 * the first pass over the dataset keeps the cells of them all. */
	const struct map *wants;
	size_t reads;     /* of single rows, while `wants` is known */
	uint32_t *stored; /* rows as they are stored; NULL: not all are kept */
	size_t n_stored;
	bool walked; /* now, so nothing may go */
};

/* Columns that are no properties. */
enum {
	FIXED_NAME,
	FIXED_LABEL,
	FIXED_VERSION,
	FIXED_TRUNK,
	FIXED_BRANCH,
	FIXED_CLOSED,
	FIXED_COUNT
};

#define NO_ROW UINT32_MAX

void entity_columns_need(struct entity_list *l);
enum err entity_row_of(struct entity_list *l, const struct id *id,
		       uint32_t *row) MUST_CHECK;
struct str entity_cell_of(const struct entity_list *l, const struct state *s,
			  size_t column, struct arena *a);
/* The place of the column among the cells that are kept, from 1; 0: no room. */
uint32_t entity_slot_of(struct entity_list *l, size_t at);
/* The cells of that state that anybody asked for so far. */
enum err entity_row_keep(struct entity_list *l, uint32_t row,
			 const struct state *s) MUST_CHECK;

/* ---- entity_index.c: passes over the whole dataset */
/* `all`, in order of creation. */
enum err entity_order_need(struct entity_list *l) MUST_CHECK;
enum err entity_index_of(struct entity_list *l, size_t at,
			 const struct column_index **out) MUST_CHECK;
/* All rows with the columns that are wanted, where they are not too many. */
enum err entity_load(struct entity_list *l) MUST_CHECK;
/* Of what was loaded: entities with the columns that are kept, absent ones as
 * a NULL text. */
enum err entity_each(struct entity_list *l,
		     enum err (*each)(void *arg, const struct entity *e),
		     void *arg) MUST_CHECK;

#endif
