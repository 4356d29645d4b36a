/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_PAPER_H
#define SCREENS_PAPER_H

#include "pilar/keying.h"
#include "pilar/ui.h"

#include "choices.h"
#include "field.h"
#include "pages.h"

/*
 * One page as blocks: a block is a question, a note or a heading with all the
 * text it shows, fetched once after every act. Where its parts stand follows
 * from the width of the screen.
 */
enum block_kind { BLOCK_NOTE, BLOCK_HEADING, BLOCK_QUESTION };

/*
 * Signs beside the labels and, in place of the left bracket, of a field: they
 * say without colour how a question stands.
 */
#define SIGN_FAILING   '!'
#define SIGN_REMARKED  '#'
#define SIGN_PROTECTED '='
#define SIGN_LASTING   '+' /* goes on into the next form of a stack */
#define SIGN_SKIPPED   '~'
#define SIGN_FILLED    '?' /* by the form, not yet seen by a person */
#define SIGN_PASSED    '-' /* reached and left empty */
#define SIGN_FIELD     '['

struct block {
	enum block_kind kind;
	const struct step *step;
	struct str label, hint, message, value, shown, beside;
	bool required;
	bool reached; /* by a person */
	bool remarked;
	bool failing;
	char sign; /* of a note: protected or skipped; or 0 */
	enum field_kind field;
	struct choices choices;
	bool many;   /* several choices, or their order */
	bool listed; /* chosen from a list that opens */
	bool boxed;  /* text over several rows */
	/* set by paper_layout(), in rows from the block's first */
	int height, field_row, field_col, field_width, box_rows;
	int choices_row, choices_col, choices_rows;
	int message_row, hint_row, hint_col;
	int row;     /* from the top of its screenful */
	size_t leaf; /* which screenful of the page */
};

struct paper {
	struct arena arena;
	struct block *blocks;
	size_t n, leaves;
};

/* Choices of more columns than this (six lines) open as a list. */
#define INLINE_COLUMNS ((size_t)6 * 68)

struct paper_source {
	struct session *session;
	const struct sys *sys;
	struct ref fixed;
	const struct keying *keying;
	bool strict;  /* what is required and missing says so */
	bool skipped; /* what the logic skips is named in a line */
};
enum err paper_make(struct paper *p, const struct paper_source *src,
		    const struct pages *pages,
		    const struct page *page) MUST_CHECK;
bool paper_from_file(const struct form *f, const struct item *i);
/* Is a list opened for it, because it comes from a file or fits no lines? */
bool paper_opens_list(const struct item *i, bool file, const struct choices *c);
/* What is wrong where the form itself does not say it. */
struct str paper_wrong(enum verdict v);
void paper_release(struct paper *p);
void paper_layout(struct paper *p, int rows, int cols);

/* The next (or previous) question from `at`; SIZE_MAX: there is none. */
size_t paper_next(const struct paper *p, size_t at);
size_t paper_prev(const struct paper *p, size_t at);
/* The first thing of a screenful that has a path, or NULL. */
const struct block *paper_note(const struct paper *p, size_t leaf);

/* What is typed into a question's field, with the cursor. */
void paper_edit(const struct block *b, struct field *f, struct ui *u, int row);
/* Puts choices in lines from (row, col); only counts without `u`. */
int paper_choices(const struct choices *c, struct ui *u, int row, int col,
		  int right);
/* Draws the screenful `leaf` from `top` on; `current` is drawn by the caller's
 * field. */
struct paper_view {
	int top;
	size_t leaf, current;
	struct field *field; /* of `current` */
	const struct sys *sys;
};
void paper_draw(const struct paper *p, struct ui *u,
		const struct paper_view *view);

#endif
