/* SPDX-License-Identifier: MIT */
#ifndef UI_INTERNAL_H
#define UI_INTERNAL_H

#include <curses.h>
#include <poll.h>

#include "pilar/ui.h"
#include "pilar/vec.h"

/* After a delivered Esc, how long a `[` or `O` still belongs to it. */
#define TAIL_MS 1000
/* ncurses waits this long for the rest of a key's sequence. */
#define ESC_MS 50
/* A paste without its end is over after this much quiet. */
#define PASTE_QUIET_MS 1000
/* Keys taken between two paints, so that a huge paste cannot starve them. */
#define KEYS_A_ROUND 4096
/* A sequence longer than this is none: terminals' own are under ten. */
#define TAIL_MAX 16

/*
 * Bytes and key names of ncurses become keys. Kept between reads: a letter or
 * a sequence may come in pieces.
 */
struct input {
	uint32_t cp;         /* letter under way */
	uint32_t lowest;     /* smallest code point of that length */
	int need;            /* bytes it still wants */
	char tail[TAIL_MAX]; /* what followed an Esc */
	size_t tail_n;
	int64_t esc_at; /* when Esc was delivered or the tail grew; 0: no */
	bool pasting;
	int64_t paste_at; /* last byte of the paste */
	int held;         /* raw, read ahead; ERR: none */
};

struct ui {
	SCREEN *terminal;
	WINDOW *pad; /* keys are read from it: reading redraws its window */
	FILE *in, *out;
	int signals; /* signalfd, or -1 */
	bool utf8;
	struct input input;
	VEC(struct key) ahead; /* read in the middle of long work */
	size_t ahead_at;       /* the next of them */
	struct screen *top, *dead;
	struct arena scratch;
	struct buf clean;   /* for ui_put */
	struct buf message; /* cleaned when shown */
	int cursor_row, cursor_col;
	int64_t wake_at; /* 0: no */
	const struct screen *waker;
	void (*lock)(struct ui *u, void *arg);
	void *lock_arg;
	int idle_ms;              /* 0: never locks by itself */
	int64_t idle_at;          /* when it will; 0: not until the next key */
	bool (*spare)(void *arg); /* of ui_spare() */
	void *spare_arg;
	bool settle, quit, hung, terminated, repaint;
	bool shown_pending; /* the top has not heard that it is on top */
};

int64_t ui_now(void); /* monotonic milliseconds */

/* Nothing waits; something was read but is no key (yet). */
enum { KEY_CODE_NONE = 0, KEY_CODE_SKIP = 0x120000 };
struct key input_next(struct ui *u);
/* Milliseconds until something must be decided without a byte; -1: never. */
int input_timeout(const struct ui *u);
/* Above the hints, on as many rows as it needs, but on none above `from`. The
 * columns that its last row took. */
int bottom_draw(struct ui *u, struct str text, int from);
void input_setup(struct ui *u);

void stack_key(struct ui *u, struct key k);
void stack_paint(struct ui *u);
void stack_settle(struct ui *u);
void stack_tick(struct ui *u);
void stack_store(struct ui *u);
void stack_lock(struct ui *u);
void stack_free(struct ui *u);
void ui_suspend(struct ui *u);
/* "Enter", "^F", "+": what the key is called. */
struct str binding_name(const struct binding *b, char out[16]);
/* NULL-safe, because gettext("") answers its header. */
const char *ui_translate(const char *text);

/* The longest start of `s` that takes at most `width` columns, in bytes. */
size_t ui_fit(struct str s, int width);

#endif
