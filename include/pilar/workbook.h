/* SPDX-License-Identifier: MIT */
#ifndef PILAR_WORKBOOK_H
#define PILAR_WORKBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * Workbooks of Excel and LibreOffice (.xlsx, and .xls since 1997), told row by
 * row, for forms and for lists alike. Cells are text: 3 for 3.0, TRUE,
 * 2024-01-31 00:00:00 for a day, 1.87105510222e+15 for a number whose last
 * digits are lost. What a formula last came to stands for it. Nothing is kept
 * in memory of what was told.
 *
 * Rows, columns and cells: csv.h.
 */
#define WORKBOOK_MAX_BYTES ((size_t)64 << 20)
/* All parts together, unpacked; one part: SAX_MAX_BYTES. */
#define WORKBOOK_MAX_UNPACKED ((size_t)256 << 20)
/* The texts that cells share. */
#define WORKBOOK_MAX_SHARED ((size_t)64 << 20)
#define WORKBOOK_MAX_SHEETS 64

struct workbook_sheet {
	struct str name;
	bool only;   /* the workbook has no other */
	bool hidden; /* from who opens it */
};

/* Cells that are one on the screen; only the first of them has a value. Rows
 * as in row(), columns from 0; the last ones are of it. */
struct workbook_merged {
	uint32_t row, last_row;
	size_t column, last_column;
};

struct workbook_to {
	void *arg;
	/* Begins a sheet; what is put into `*handle` stands for it in row().
	 * Left NULL it is passed over. */
	enum err (*sheet)(void *arg, const struct workbook_sheet *s,
			  void **handle);
	/* A row with something in it, numbered as who opens the file counts;
	 * cells are lent for the call, empty ones among them. */
	enum err (*row)(void *arg, void *handle, uint32_t at,
			const struct str *cells, size_t n);
	/* What was merged in that sheet, told after its rows; may be NULL. */
	enum err (*merged)(void *arg, void *handle,
			   const struct workbook_merged *m);
};

enum workbook_kind { WORKBOOK_XLSX, WORKBOOK_XLS };

/* Problems are in `rep`, with sheet and row. */
enum err workbook_read(struct str bytes, enum workbook_kind kind,
		       const struct workbook_to *to,
		       struct report *rep) MUST_CHECK;

/*
 * An .xlsx of one sheet whose cells are texts and stay so when they are typed
 * over: long numbers keep their digits. `next` gives row after row, lent until
 * it is called again; ERR_NOTFOUND ends them.
 */
struct workbook_from {
	void *arg;
	enum err (*next)(void *arg, const struct str **cells, size_t *n);
};
enum err workbook_write(struct buf *out,
			const struct workbook_from *from) MUST_CHECK;

/* "survey, baris 12, kolom relevant"; row 0 and an empty column: left out. */
struct str workbook_place(struct arena *a, struct str sheet, uint32_t row,
			  struct str column);

#endif
