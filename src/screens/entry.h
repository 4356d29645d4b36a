/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_ENTRY_H
#define SCREENS_ENTRY_H

#include "pilar/cases.h"
#include "pilar/draft.h"
#include "pilar/keying.h"
#include "pilar/session.h"
#include "pilar/ui.h"

#include "field.h"
#include "pages.h"
#include "paper.h"

/* Rows above and below the page. */
#define PAGE_TOP    3
#define PAGE_BOTTOM 2

#define NOTHING SIZE_MAX

/*
 * A form being filled in. Where the person is: a page of the scope, a
 * screenful of it, and a question there (NOTHING: only notes to read, or a
 * table of instances).
 *
 * An act goes: session_answer, then what it changed is painted, then
 * draft_act, then the next key.
 */
struct entry {
	struct screen screen;
	struct cases *cases;
	struct session *session;
	struct draft *draft;
	struct ref fixed;   /* answered by where the form was started */
	struct arena arena; /* of the title */
	struct str title;
	struct pages pages;
	struct paper paper;
	size_t page, leaf, at;
	struct field field;
	struct rows roster;
	size_t sorted_by; /* column of the table, from 1; 0: none yet */
	/* In the cells of the table: the paper holds the questions of the row
	 * the marker is on, and `at` is one of them; NOTHING: the row behind
	 * the last, which typing begins. */
	bool cells;
	size_t column;
	struct ref from_row; /* whose page was opened from a cell, and which */
	size_t from_column;
	struct changes changes;
	struct keying keying;
	struct session *before; /* the last record, once it was asked for */
	VEC(struct str) trail;  /* paths of where one has been, to go back */
	struct arena trail_texts;
	bool retracing;
	bool away; /* between two places: leaving was noted already */
	VEC(struct str) unsaved; /* records not on the disk yet */
	struct arena records;    /* theirs */
	bool insisted;           /* the field has been complained about */
	bool strict;             /* the review has been seen: say what lacks */
	bool fresh_draft;        /* nothing done since it was made */
	bool done;               /* submitted: the draft is gone */
	/* What may be there already was looked at; what is merged once it is
	 * saved, in the arena; or empty. */
	bool compared;
	struct str twin_dataset, twin_stays, twin_goes, twin_why;
	/* verifying: what was keyed here first and differs */
	bool differs;
	struct str differing; /* in its arena */
	struct arena differing_text;
};

struct entry *entry_new(struct cases *c);
void entry_free(struct screen *s);

const struct page *entry_page(const struct entry *e);
/* The question under the cursor, or NULL. */
const struct block *entry_block(const struct entry *e);
struct ref entry_ref(const struct entry *e);
/* The path of where the person is; in the arena. */
struct str entry_path(struct entry *e, struct arena *a);

/* ---- entry_move.c */
void entry_first(struct entry *e, struct ui *u);
void entry_enter_page(struct entry *e, struct ui *u, size_t page, bool at_end);
void entry_next(struct entry *e, struct ui *u);
void entry_prev(struct entry *e, struct ui *u);
void entry_next_page(struct entry *e, struct ui *u);
void entry_prev_page(struct entry *e, struct ui *u);
void entry_goto(struct entry *e, struct ui *u, struct str path);
/* Into the n-th instance of the table, and out again. */
void entry_enter_instance(struct entry *e, struct ui *u, size_t n);
void entry_leave_instance(struct entry *e, struct ui *u);
/* The page anew after an act; the question stays the same one. */
void entry_reload(struct entry *e, struct ui *u);
void entry_layout(struct entry *e, const struct ui *u);
/* The page as it is now, with the cursor and what is typed where they are. */
void entry_show_again(struct entry *e, struct ui *u);
/* A person goes from where the cursor is, and comes to a question (or NOTHING)
 * of the paper. */
void entry_depart(struct entry *e);
void entry_arrive(struct entry *e, size_t at);
void entry_make_paper(struct entry *e, struct ui *u);
/* From now on what is required and missing says so. */
void entry_strict(struct entry *e, struct ui *u);

/* One step back on the way one came, or in order where that is not known. */
void entry_retrace(struct entry *e, struct ui *u);
/* To the page behind the table or part one is in. */
void entry_end_part(struct entry *e, struct ui *u);

/* ---- entry_open.c: an event for the audit log, where the form asks for it */
void entry_log(struct entry *e, const char *event, struct str path);
/* The question and the page a person is at are left. */
void entry_log_close(struct entry *e);

/* ---- entry_act.c */
/* Gives this answer to the question there; says why it cannot. */
enum err entry_answer(struct entry *e, struct ui *u, struct ref r,
		      struct str value);
/* Remarks, marks and counts reach the disk. */
void entry_keep(struct entry *e, struct ui *u, bool now);
/* The form is done or left: what it cost goes to the statistics. */
void entry_tell(struct entry *e, struct ui *u);
/* What is typed becomes the answer. False: stay, the field says why. */
bool entry_commit(struct entry *e, struct ui *u);
/* Gives this answer and, unless it is refused or fails, goes on. */
void entry_choose(struct entry *e, struct ui *u, struct str value, bool go_on);
/* Keeps the record of the last act for the draft and shows what it changed. */
void entry_acted(struct entry *e, struct ui *u);
void entry_typed(struct entry *e, struct ui *u);
void entry_undo(struct entry *e, struct ui *u, bool redo);
void entry_settle(struct screen *s, struct ui *u);
void entry_tick(struct screen *s, struct ui *u);
void entry_store(struct screen *s, struct ui *u);

/* ---- entry_keys.c */
bool entry_key(struct screen *s, struct ui *u, struct key k);

/* ---- entry_list.c */
/* Opens the list of the question, narrowed by what was typed already. */
void entry_list(struct entry *e, struct ui *u, struct key first);
void entry_jump(struct entry *e, struct ui *u);

/* ---- entry_more.c: what is asked for less often */
/* To the first step from `from` on, then from the start, that is such a one. */
bool entry_seek(struct entry *e, struct ui *u, size_t from,
		bool (*such)(struct entry *e, const struct step *step));
void entry_more(struct entry *e, struct ui *u);
void entry_remark(struct screen *s, struct ui *u, const struct binding *b);
/* May one say of it that one does not know, or refuses? */
bool entry_special(const struct item *i);
void entry_copy(struct screen *s, struct ui *u, const struct binding *b);
/* "wawancara", "kertas 12" or "verifikasi". */
struct str entry_mode(const struct entry *e, struct arena *a);
/* How the question of a step stands, as one sign. */
char entry_sign(struct entry *e, const struct step *step);

/* ---- entry_stack.c: one form after another */
/*
 * Begins the next form of a stack after this one, which is done and off the
 * screen, with what stays the same in it.
 */
void entry_next_form(struct entry *e, struct ui *u);
/* The answers that stay the same, out of `from`. */
void entry_carry(struct entry *e, struct entry *from);
/* entry_start() with what came before; `from` may be NULL. */
void entry_start_after(struct ui *u, struct cases *c,
		       const struct cases_start *how, struct str title,
		       struct entry *from);

/* ---- entry_verify.c: the second keying */
/* Is the question one that is keyed again without seeing its answer? */
bool entry_blind(const struct entry *e);
bool entry_unverified(struct entry *e, const struct step *step);
/* True: it agrees, or was said twice; one may go on. */
bool entry_verify(struct entry *e, struct ui *u, struct str value);
/* Choices picked so far, before they are compared. */
void entry_pick(struct entry *e, struct str value);
/* Enter without a letter: the answer is what was picked, or none. */
bool entry_pass(struct entry *e, struct ui *u);
/* All is keyed again: the edit is submitted, or the record stands. */
void entry_verified(struct entry *e, struct ui *u);

/* ---- roster.c */
size_t roster_count(struct entry *e, bool *fixed);
/* The first row whose first column is empty, or their number. */
size_t roster_unnamed(struct entry *e);
struct ref roster_row(struct entry *e, size_t n);
void roster_draw(struct entry *e, struct ui *u);
/* What stands below the last row. */
void roster_draw_last(struct ui *u, int row, size_t n, bool fixed);
void roster_add(struct entry *e, struct ui *u);
/* A new row before the one of the marker. */
void roster_insert(struct screen *s, struct ui *u, const struct binding *b);
/* By the next column in turn. */
void roster_sort(struct screen *s, struct ui *u, const struct binding *b);
void roster_remove(struct screen *s, struct ui *u, const struct binding *b);
struct str roster_name(struct entry *e, struct ref instance, struct arena *a);

/* ---- grid.c: the table keyed cell by cell */
/* The questions of a row that stand in the table; what is behind them is
 * answered on the row's page. */
#define GRID_COLUMNS 64
struct grid_column {
	const struct item *item;
	int width;
	bool page; /* too long for a cell: it opens as a page */
};
struct grid {
	struct grid_column at[GRID_COLUMNS];
	size_t n;
};
void grid_columns(const struct entry *e, struct grid *g);
/* Is this form's table keyed in its cells, or looked at so? */
bool grid_on(const struct entry *e);
/* Into row `row` (from 0) at the first question from that column on. */
void grid_enter(struct entry *e, struct ui *u, size_t row, size_t column);
/* True: the question with this path stands in a cell, and one is there. */
bool grid_goto(struct entry *e, struct ui *u, struct str path);
void grid_next(struct entry *e, struct ui *u);
void grid_prev(struct entry *e, struct ui *u);
/* The steps of the row one is in, as a page; false: there is no such row. */
bool grid_row_page(struct entry *e, struct page *out);
/* After an act: the cursor stays with the question it is at. */
void grid_again(struct entry *e, struct ui *u, struct ref was);
bool grid_key(struct entry *e, struct ui *u, struct key k);

/* ---- grid_draw.c */
void grid_draw(struct entry *e, struct ui *u);

/* ---- review.c */
void review_open(struct entry *e, struct ui *u);

#endif
