/* SPDX-License-Identifier: MIT */
#ifndef WORKBOOK_XLS_H
#define WORKBOOK_XLS_H

#include "pilar/buf.h"
#include "pilar/vec.h"
#include "pilar/workbook.h"

enum err xls_read(struct str bytes, const struct workbook_to *to,
		  struct report *rep) MUST_CHECK;

/* The records of a BIFF8 stream (MS-XLS). */
struct record {
	unsigned type;
	struct str data;
	size_t next; /* where the one behind it begins */
};
bool record_at(struct str stream, size_t at, struct record *out);

enum {
	RECORD_FORMULA = 0x06,
	RECORD_EOF = 0x0a,
	RECORD_DATEMODE = 0x22,
	RECORD_CONTINUE = 0x3c,
	RECORD_SHEET = 0x85,
	RECORD_MULRK = 0xbd,
	RECORD_RSTRING = 0xd6,
	RECORD_XF = 0xe0,
	RECORD_MERGED = 0xe5,
	RECORD_SST = 0xfc,
	RECORD_LABELSST = 0xfd,
	RECORD_NUMBER = 0x203,
	RECORD_LABEL = 0x204,
	RECORD_BOOLERR = 0x205,
	RECORD_STRING = 0x207,
	RECORD_RK = 0x27e,
	RECORD_FORMAT = 0x41e,
	RECORD_BOF = 0x809
};

/* What the cells of all sheets share. */
struct xls_globals {
	struct arena *arena;
	struct str stream;
	struct str *strings;
	size_t n_strings;
	struct xls_format *formats;
	unsigned char *dates; /* by style */
	size_t n_formats, n_styles;
	bool since_1904;
	struct xls_sheet {
		struct str name;
		bool hidden;
		size_t at; /* of its records */
	} sheets[WORKBOOK_MAX_SHEETS];
	size_t n_sheets;
};

/* A text: its length in 1 or 2 bytes, a byte of flags, its characters. */
struct str xls_text(struct arena *a, struct str data, size_t length_bytes);

/* ERR_VERSION: a workbook older than BIFF8. */
enum err xls_globals_read(struct xls_globals *g, struct arena *a,
			  struct str stream) MUST_CHECK;
/* The rows from g->stream at `at` on. */
enum err xls_rows_read(const struct xls_globals *g, size_t at,
		       const struct workbook_to *to, void *handle) MUST_CHECK;

#endif
