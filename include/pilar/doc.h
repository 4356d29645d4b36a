/* SPDX-License-Identifier: MIT */
#ifndef PILAR_DOC_H
#define PILAR_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "pilar/buf.h"
#include "pilar/str.h"

/*
 * A document for paper: a form, a letter, a report. Whoever writes one calls
 * the functions below from top to bottom and need not know whether it becomes
 * plain text of 80 columns or one self-contained HTML page that prints on A4.
 *
 * Texts are escaped and cleaned here, so that nothing in a record can steer a
 * terminal or a browser. Failures are kept in `out` (buf.failed).
 */
enum doc_format { DOC_TEXT, DOC_HTML };

#define DOC_COLUMNS 80
#define DOC_MAX     ((size_t)64 << 20) /* bytes of one document */

struct doc {
	enum doc_format format;
	struct buf *out;
	size_t columns; /* of text; DOC_COLUMNS unless set after doc_open() */
	bool english;
};

/* "172.000.000", "30,5", as they are written in the document's language. */
#define DOC_NUMBER_MAX 48
struct str doc_number(const struct doc *d, double n, char out[DOC_NUMBER_MAX]);

/* "x.html" and "x.htm" are pages, every other name is text. */
enum doc_format doc_format_of(const char *file_name);
/* `lang`: "id", "en". The title is not printed, see doc_heading(). */
void doc_open(struct doc *d, enum doc_format format, struct buf *out,
	      const char *lang, struct str title);
void doc_close(struct doc *d);

/* Level 1 stands once, at the top. */
void doc_heading(struct doc *d, unsigned level, struct str text);
void doc_text(struct doc *d, struct str text);
/* A small remark under what stands above. */
void doc_note(struct doc *d, struct str text);
/* "Nama      : Sari", the values of neighbours in one column. */
void doc_pair(struct doc *d, struct str label, struct str value);

/*
 * A table; text wraps in its cells, heads are repeated on each page. Widths
 * follow the texts; `share` > 0 asks for that part of the width instead.
 */
struct doc_column {
	struct str head;
	bool right; /* numbers */
	int share;  /* per cent */
};
struct doc_table {
	const struct doc_column *columns;
	size_t n_columns;
	const struct str *cells; /* row by row */
	size_t n_rows;
	bool last_is_total;
	bool ruled; /* lines between the rows: to write in */
};
#define DOC_MAX_COLUMNS 40
void doc_table(struct doc *d, const struct doc_table *t);

/* Horizontal bars, the number beside each. */
struct doc_bar {
	struct str label;
	double value;
};
void doc_bars(struct doc *d, struct str title, const struct doc_bar *bars,
	      size_t n);

/* A question to be answered with a pen. */
struct doc_choice {
	struct str code, label;
};
struct doc_question {
	struct str number, label, hint, condition;
	bool required;
	const struct doc_choice *choices;
	size_t n_choices;
	size_t boxes; /* one a digit or letter; 0 and no choices: lines */
	size_t lines;
};
void doc_question(struct doc *d, const struct doc_question *q);

/* Room to sign, side by side: what stands over it and the name under it. */
struct doc_signature {
	struct str over, name;
};
void doc_signatures(struct doc *d, const struct doc_signature *s, size_t n);

#endif
