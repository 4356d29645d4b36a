/* SPDX-License-Identifier: MIT */
#ifndef PILAR_UI_H
#define PILAR_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * The terminal and a stack of screens. It knows text, keys and rows; it knows
 * no form and no person.
 *
 * A screen draws itself whole, plainly, every time: what has not changed costs
 * no byte, because only differences are sent. Nothing is sent but after a key,
 * a resize or a signal. All text passes utf8_clean() on its way.
 *
 * Rows and columns count from 0. The last row is the line of keys, the row
 * above it the message line; both belong to the stack.
 */
struct ui;

/* Below this one line says so, and keys do nothing. */
#define UI_MIN_ROWS 16
#define UI_MIN_COLS 60

/* ---- keys */
/*
 * A key is the code point that was typed, a control character, or a name from
 * here. ^C is UI_ESC, ^J UI_ENTER, ^H and DEL are UI_BACKSPACE. ^L, ^X, ^Z,
 * ^\ and resizing never reach a screen.
 */
enum {
	UI_TAB = 9,
	UI_ENTER = 13,
	UI_ESC = 27,
	UI_UP = 0x110000,
	UI_DOWN,
	UI_LEFT,
	UI_RIGHT,
	UI_HOME,
	UI_END,
	UI_PGUP,
	UI_PGDN,
	UI_BACKSPACE,
	UI_DELETE,
	UI_INSERT,
	UI_BACKTAB,
	UI_F1
};
#define UI_CTRL(letter) ((uint32_t)(letter)&31)

/*
 * What a paste brings (bracketed paste) has `pasted` set: it is data, only
 * printable code points, and never reaches a binding.
 */
struct key {
	uint32_t code;
	bool pasted;
};
/* Is it a letter, digit, sign or blank, which goes into a text? */
bool key_printable(struct key k);

/* ---- screens */
struct screen;

/* One row is one key: its hint, its help and its function. */
struct binding {
	uint32_t key, also; /* `also`: a second name, or 0 */
	const char *hint;   /* on the bottom line; NULL: only in the help */
	const char *help;   /* one sentence; NULL: as the hint */
	void (*act)(struct screen *s, struct ui *u, const struct binding *b);
	bool (*when)(const struct screen *s); /* NULL: always */
	bool in_rows;    /* works on the rows of a searching list */
	const void *arg; /* the screen's own */
};
#define BINDING_END \
	{           \
		0   \
	}

struct screen_ops {
	const char *title; /* of its help page, N_(); may be NULL */
	bool over;         /* what is below stays visible */
	bool through;      /* ... with its line of keys */
	void (*draw)(struct screen *s, struct ui *u);
	/* Asked before the bindings; true: taken. */
	bool (*key)(struct screen *s, struct ui *u, struct key k);
	/* On top, for the first time or again: fetch what may have changed. */
	void (*shown)(struct screen *s, struct ui *u);
	/* Asked for by ui_settle(): what is shown next is stored first. */
	void (*settle)(struct screen *s, struct ui *u);
	/* ui_wake() has run out. */
	void (*tick)(struct screen *s, struct ui *u);
	/* Hung up, told to end or stopped: store what stands half typed. */
	void (*store)(struct screen *s, struct ui *u);
	/* What the help page says before the keys. */
	void (*help)(struct screen *s, struct ui *u, struct buf *out);
	void (*free)(struct screen *s);
};

/* Embedded at the head of every screen's own structure. */
struct screen {
	const struct screen_ops *ops;
	const struct binding *bindings; /* ended by BINDING_END */
	struct screen *below;           /* the stack's */
};

/* The screen belongs to the stack from here on and is freed by it. */
void ui_push(struct ui *u, struct screen *s);
/* Paints now, in the middle of long work. */
void ui_refresh(struct ui *u);
/* In the middle of long work: does an Esc wait, or is the program told to end?
 * The other keys are for afterwards. */
bool ui_stopped(struct ui *u);
/* Takes the top screen off; it is freed after the key has been dealt with. */
void ui_pop(struct ui *u);
/* Takes off everything above `s`. */
void ui_pop_to(struct ui *u, const struct screen *s);
struct screen *ui_top(const struct ui *u);
/* Ends ui_run() after this key. */
void ui_quit(struct ui *u);

/*
 * `lock` is to hide what is shown: after ^X on any screen, and when no key has
 * come for `idle_ms` (0: never). What is half typed is stored first.
 */
void ui_on_lock(struct ui *u, void (*lock)(struct ui *u, void *arg), void *arg,
		int idle_ms);

/* Call the top screen's `settle` after this key, before anything is painted. */
void ui_settle(struct ui *u);
/* Call `tick` of the screen that is on top in `ms`; sooner calls stand. */
void ui_wake(struct ui *u, int ms);

/* Something to do while nobody types, in parts of a few milliseconds, until it
 * gives false. It takes the place of the one before. */
void ui_spare(struct ui *u, bool (*work)(void *arg), void *arg);

/* ---- start, run, end */
/*
 * Takes over the terminal on standard input and output. ERR_REFUSED with a
 * sentence in `rep` where there is none fit for screens.
 */
enum err ui_open(struct ui **out, struct report *rep) MUST_CHECK;
/* Only asks whether ui_open() would, and touches nothing. */
enum err ui_fit_terminal(struct report *rep) MUST_CHECK;
/* The same on any files with any size, without signals: for tests. */
struct ui_files {
	FILE *in, *out;
	const char *term;
	int rows, cols;
};
enum err ui_open_on(struct ui **out, const struct ui_files *files,
		    struct report *rep) MUST_CHECK;
void ui_close(struct ui *u);

/*
 * Until the stack is empty or ui_quit(). ERR_CANCELLED: hung up or told to
 * end; everything was stored, nothing may be written to the terminal.
 */
enum err ui_run(struct ui *u) MUST_CHECK;
/* One round for tests: takes the keys that wait, then paints. */
void ui_step(struct ui *u);
/* For tests: a new size, a passed timer, a hang-up. */
void ui_resized(struct ui *u, int rows, int cols);
void ui_ticked(struct ui *u);
void ui_hangup(struct ui *u);
void ui_idled(struct ui *u);

/* ---- drawing, only inside `draw` */
int ui_rows(const struct ui *u);
int ui_cols(const struct ui *u);
/* Memory that is emptied before the next key and the next paint. */
struct arena *ui_scratch(struct ui *u);

enum ui_attr { UI_PLAIN, UI_BOLD };
/* For what is put from here on, until the end of this `draw`. */
void ui_attr(struct ui *u, enum ui_attr attr);
/*
 * Puts text in at most `width` columns (negative: to the right edge) and
 * answers how many it took. Outside the screen nothing happens.
 */
int ui_put(struct ui *u, int row, int col, int width, struct str text);
int ui_puts(struct ui *u, int row, int col, int width, const char *text);
/* Right-justified, ending before column `end`. */
int ui_put_right(struct ui *u, int row, int end, int width, struct str text);
/* Blanks from (row, col), to the right edge when width is negative. */
void ui_blank(struct ui *u, int row, int col, int width);
/* Title line: left in bold, `right` at the right edge. */
void ui_title(struct ui *u, struct str left, struct str right);
/* Where the cursor stands after the paint. */
void ui_cursor(struct ui *u, int row, int col);

/* Columns that `text` takes on this terminal. */
int ui_width(struct str text);
/* Takes the next line of at most `width` columns off `rest`, at a blank where
 * there is one. False at the end. A newline ends a line. */
bool ui_wrap(struct str *rest, int width, struct str *line);
int ui_wrap_count(struct str text, int width);

/* On the message line until the next key. Copied. */
void ui_message(struct ui *u, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- the line editor */
/*
 * Text being typed. Cursor and deletion go by cluster (a letter with what
 * stands on it); what cannot be shown is not taken. Bytes are valid UTF-8.
 */
struct edit {
	struct buf text;
	size_t at;   /* byte index of the cursor */
	size_t left; /* first byte in the window */
	bool masked;
	/* NULL: everything. Asked with the text as it is. */
	bool (*accept)(const struct edit *e, uint32_t cp);
};
enum edit_result { EDIT_NOT_TAKEN, EDIT_TAKEN, EDIT_CHANGED, EDIT_FULL };

/* `max`: bytes. */
void edit_init(struct edit *e, size_t max);
void edit_release(struct edit *e);
/* Cursor at the end. Too long a text is cut at a cluster. */
void edit_set(struct edit *e, struct str text);
struct str edit_text(const struct edit *e);
/* Left Right Home End ^A ^E ^B Backspace Del ^D ^W ^U ^K and text. */
enum edit_result edit_key(struct edit *e, struct key k);
/* In one row; the window jumps by half when the cursor leaves it. */
void edit_draw(struct edit *e, struct ui *u, int row, int col, int width);
/* Without cursor, from the start. */
void edit_show(const struct edit *e, struct ui *u, int row, int col, int width);
/* Wrapped over `rows` rows. */
struct ui_box {
	int row, col, rows, cols;
};
void edit_draw_box(struct edit *e, struct ui *u, struct ui_box box);

/* ---- rows with a marker */
struct rows {
	size_t n, at, top;
	int height; /* of the window, set when drawn */
};
void rows_set(struct rows *r, size_t n); /* keeps `at` inside */
/* Up Down PgUp PgDn Home End; false: not taken. */
bool rows_key(struct rows *r, struct key k);
/* The part to draw: [top, end). The window jumps by half. */
size_t rows_window(struct rows *r, int height);
/* The marker of the current row, in column 1, with the cursor behind it. */
void rows_mark(const struct rows *r, struct ui *u, int first_row);

/* ---- ready-made screens on top of another */
/* Help made from the bindings of the top screen. */
void ui_help(struct ui *u);

/* A question on the message line; y answers yes, t, n and Esc no. */
struct ask {
	struct screen *owner;
	void (*yes)(struct screen *owner, struct ui *u, void *arg);
	void (*no)(struct screen *owner, struct ui *u, void *arg); /* or NULL */
	void *arg;
};
void ui_ask(struct ui *u, const struct ask *ask, const char *format, ...)
	PRINTF_LIKE(3, 4);

/*
 * A list to choose from, narrowed by typing. `take` gets the number of the row
 * in the narrowed list: with the list gone already or, with `many`, still
 * open for the next. `close` comes last and frees `self`.
 */
struct pick_source {
	size_t (*narrow)(void *self, struct str typed); /* how many match */
	void (*row)(void *self, size_t i, struct buf *out);
	bool (*marked)(void *self, size_t i); /* NULL: none ever is */
	void (*take)(void *self, struct ui *u, size_t i);
	void (*close)(void *self);
	void *self;
};
struct pick {
	struct pick_source source;
	struct str title;  /* copied; may be empty */
	struct ui_box box; /* where it wants to be; rows with title and line */
	size_t start;      /* row the marker stands on at first */
	struct key first;  /* typed already; code 0: nothing */
	bool many;
	/* The line of keys stays that of the screen below, and its keys work:
	 * they close the list first. */
	bool through;
};
enum err ui_pick(struct ui *u, const struct pick *p) MUST_CHECK;

#endif
