/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_SHEET_H
#define XLSFORM_SHEET_H

#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"
#include "pilar/vec.h"
#include "pilar/xlsform.h"

/*
 * A workbook as tables of text, whatever file it came from. Only the cells
 * that say something are kept, trimmed. Everything lives in the book's arena
 * and vectors until book_release().
 */
struct cell {
	uint32_t column;
	struct str text;
};

struct row {
	uint32_t at;     /* as the person who opens the file counts */
	uint32_t number; /* as pyxform counts: for generated names */
	uint32_t n;
	const struct cell *cells; /* by rising column */
};

struct sheet {
	struct sheet *next;
	struct str name;
	uint32_t at; /* row of the header */
	uint32_t n_headers;
	const struct str *headers; /* NULL: the sheet has no header row */
	VEC(struct row) rows;
	const struct column *columns; /* column.h: once they are known */
};

struct book {
	struct arena *arena;
	struct sheet *sheets;
	size_t n_sheets;
	size_t text; /* bytes of all cells */
};

/*
 * Bytes of a file: no XForm above TREE_MAX_BYTES is ever loaded, so a larger
 * source makes no sense. Rows, columns and cells: csv.h.
 */
#define SHEET_MAX_BYTES ((size_t)16 << 20)
/* Bytes of all cells: those of a workbook may share one text. */
#define SHEET_MAX_TEXT ((size_t)32 << 20)

/* Problems are in `rep`, with sheet and row. */
enum err book_read(struct book *b, struct str bytes, enum sheet_format format,
		   struct report *rep) MUST_CHECK;
enum err book_read_csv(struct book *b, struct str bytes,
		       struct report *rep) MUST_CHECK;
enum err book_read_md(struct book *b, struct str bytes,
		      struct report *rep) MUST_CHECK;
void book_release(struct book *b);

/* NULL when there is none; names are the same in capitals. */
struct sheet *book_sheet(const struct book *b, const char *name);
/* A new, empty sheet; ERR_EXISTS when the name is taken. */
enum err book_add(struct book *b, struct str name,
		  struct sheet **out) MUST_CHECK;
/*
 * The first row becomes the header, the others data. `at` as in struct row,
 * number 0: one more than the row before. ERR_TOOBIG: SHEET_MAX_TEXT.
 */
enum err sheet_add(struct book *b, struct sheet *s, uint32_t at,
		   uint32_t number, const struct str *cells,
		   size_t n) MUST_CHECK;

#endif
