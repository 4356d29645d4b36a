/* SPDX-License-Identifier: MIT */
#ifndef PILAR_CSV_H
#define PILAR_CSV_H

#include <stdbool.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/str.h"
#include "pilar/vec.h"

/*
 * RFC 4180, a row at a time, over text in memory. A byte order mark is
 * skipped, CR LF and LF end rows, quoted cells may hold both. Cells without
 * quotes in them are lent from the text; the others live in the reader until
 * the next row. Limits: RELIABILITY F14.
 */
#define CSV_MAX_BYTES   ((size_t)64 << 20)
#define CSV_MAX_ROWS    1000000
#define CSV_MAX_COLUMNS 256
#define CSV_MAX_CELL    ((size_t)64 << 10)

struct csv {
	struct str text;
	char separator, newline; /* ',' and '\n' unless csv_detect() says */
	size_t at;
	size_t line;           /* on which the current row begins, from 1 */
	size_t row;            /* rows read so far */
	VEC(struct str) cells; /* the current row */
	struct arena unquoted;
	size_t next_line;
	const char *problem; /* after a failure, in Indonesian, marked N_() */
};

/* `text` is lent until csv_release(). */
void csv_init(struct csv *c, struct str text);
/*
 * For files that other programs wrote: the separator is whichever of , ; TAB
 * | the first row has most of, and rows end with CR where there is no LF.
 */
void csv_detect(struct csv *c);
/*
 * Reads the next row into `cells`. ERR_NOTFOUND at the end; ERR_SYNTAX or
 * ERR_TOOBIG with `problem` and `line` set. A line with nothing on it is a row
 * of one empty cell.
 */
enum err csv_row(struct csv *c) MUST_CHECK;
/* Of the current row, without blanks around it; empty behind the last cell. */
struct str csv_cell(const struct csv *c, size_t i);
/* Where that cell stands in the current row, or SIZE_MAX: for headers. */
size_t csv_column(const struct csv *c, const char *header);
void csv_release(struct csv *c);

/* Appends one cell, quoted where RFC 4180 asks for it (no separator). */
void csv_put(struct buf *out, struct str text);

#endif
