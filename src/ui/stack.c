/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <stdlib.h>
#include <wchar.h>

#include "pilar/i18n.h"

#include "internal.h"

/* A move up changes the row it leaves, the one it comes to, and a count. */
#define FEW_ROWS 3
/* Columns in which rows are compared. */
#define COMPARED 512

struct screen *ui_top(const struct ui *u)
{
	return u->top;
}

void ui_push(struct ui *u, struct screen *s)
{
	s->below = u->top;
	u->top = s;
	u->shown_pending = true;
}

/* The screen may still be running: it is freed after the key. */
void ui_pop(struct ui *u)
{
	struct screen *s = u->top;

	if (!s)
		return;
	u->top = s->below;
	s->below = u->dead;
	u->dead = s;
	u->shown_pending = true;
}

void ui_pop_to(struct ui *u, const struct screen *s)
{
	while (u->top && u->top != s)
		ui_pop(u);
}

void ui_quit(struct ui *u)
{
	u->quit = true;
}

void ui_settle(struct ui *u)
{
	u->settle = true;
}

void ui_wake(struct ui *u, int ms)
{
	int64_t at = ui_now() + ms;

	if (!u->wake_at || at < u->wake_at)
		u->wake_at = at;
	u->waker = u->top;
}

struct arena *ui_scratch(struct ui *u)
{
	return &u->scratch;
}

const char *ui_translate(const char *text)
{
	return text && *text ? _(text) : "";
}

static void bury(struct ui *u)
{
	while (u->dead) {
		struct screen *s = u->dead;

		u->dead = s->below;
		if (u->waker == s)
			u->waker = NULL;
		if (s->ops->free)
			s->ops->free(s);
	}
}

/* A screen may push or pop another while it hears that it is on top. */
static void tell_shown(struct ui *u)
{
	while (u->shown_pending && u->top) {
		u->shown_pending = false;
		if (u->top->ops->shown)
			u->top->ops->shown(u->top, u);
	}
}

void stack_free(struct ui *u)
{
	while (u->top)
		ui_pop(u);
	bury(u);
}

void ui_on_lock(struct ui *u, void (*lock)(struct ui *u, void *arg), void *arg,
		int idle_ms)
{
	u->lock = lock;
	u->lock_arg = arg;
	u->idle_ms = idle_ms;
	u->idle_at = idle_ms ? ui_now() + idle_ms : 0;
}

void stack_lock(struct ui *u)
{
	if (!u->lock)
		return;
	stack_store(u);
	u->lock(u, u->lock_arg);
	u->idle_at = 0;
}

/* ---- keys */
static bool run_binding(struct ui *u, struct key k)
{
	struct screen *s = u->top;
	const struct binding *b = s->bindings;

	for (; b && b->act; b++) {
		if (b->key != k.code && (!b->also || b->also != k.code))
			continue;
		if (b->when && !b->when(s))
			continue;
		b->act(s, u, b);
		return true;
	}
	return false;
}

/* Keys that are the same everywhere and reach no screen. */
static bool own_key(struct ui *u, struct key k)
{
	if (k.pasted)
		return false;
	switch (k.code) {
	case UI_CTRL('l'):
		u->repaint = true;
		return true;
	case UI_CTRL('x'):
		stack_lock(u);
		return true;
	case UI_CTRL('z'):
		stack_store(u);
		ui_suspend(u);
		return true;
	case UI_CTRL('\\'):
		return true;
	default:
		return false;
	}
}

void stack_key(struct ui *u, struct key k)
{
	struct screen *s;

	tell_shown(u);
	s = u->top;
	if (!s || own_key(u, k))
		return;
	arena_reset(&u->scratch);
	buf_reset(&u->message);
	if (s->ops->key && s->ops->key(s, u, k))
		k.code = KEY_CODE_NONE;
	if (k.code != KEY_CODE_NONE && !k.pasted && !run_binding(u, k) &&
	    (k.code == UI_F1 || k.code == UI_CTRL('g') || k.code == '?'))
		ui_help(u);
	bury(u);
	tell_shown(u);
}

void stack_settle(struct ui *u)
{
	struct screen *s = u->top;

	u->settle = false;
	/* What was answered may have opened another screen since. */
	while (s) {
		struct screen *below = s->below; /* it may leave the stack */

		if (s->ops->settle)
			s->ops->settle(s, u);
		s = below;
	}
	bury(u);
}

void stack_tick(struct ui *u)
{
	const struct screen *w = u->waker;
	struct screen *s = u->top;

	u->waker = NULL;
	while (s && s != w)
		s = s->below;
	if (s && s->ops->tick)
		s->ops->tick(s, u);
	bury(u);
}

void stack_store(struct ui *u)
{
	for (struct screen *s = u->top; s; s = s->below) {
		if (s->ops->store)
			s->ops->store(s, u);
	}
}

/* ---- the two last rows */
static struct str key_text(uint32_t code, char out[16])
{
	static const struct {
		uint32_t code;
		const char *name;
	} names[] = {
		{ UI_TAB, "Tab" },         { UI_ENTER, "Enter" },
		{ UI_ESC, "Esc" },         { UI_UP, N_("Atas") },
		{ UI_DOWN, N_("Bawah") },  { UI_LEFT, N_("Kiri") },
		{ UI_RIGHT, N_("Kanan") }, { UI_HOME, "Home" },
		{ UI_END, "End" },         { UI_PGUP, "PgUp" },
		{ UI_PGDN, "PgDn" },       { UI_DELETE, "Del" },
		{ UI_BACKTAB, "S-Tab" },   { UI_F1, "F1" },
		{ ' ', N_("Spasi") },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].code == code)
			return str_from(ui_translate(names[i].name));
	}
	if (code < 32)
		snprintf(out, 16, "^%c", (int)(code + '@'));
	else
		snprintf(out, 16, "%c", (int)(code & 0x7f));
	return str_from(out);
}

struct str binding_name(const struct binding *b, char out[16])
{
	return key_text(b->key, out);
}

/* Whether the binding has a hint now. */
static bool hinted(const struct screen *s, const struct binding *b)
{
	return b->hint && (!b->when || b->when(s));
}

static void add_hint(struct buf *line, const struct binding *b, bool *in_rows)
{
	char name[16];

	if (b->in_rows != *in_rows) {
		buf_adds(line, *in_rows ? ")" : "  (");
		buf_adds(line, b->in_rows ? _("baris: ") : "  ");
		*in_rows = b->in_rows;
	} else if (line->n) {
		buf_adds(line, "  ");
	}
	buf_addstr(line, binding_name(b, name));
	buf_addc(line, ' ');
	buf_adds(line, ui_translate(b->hint));
}

/*
 * The line of hints without the last `dropped` but one: the way back is the
 * last and always stays.
 */
static void make_hints(const struct screen *s, struct buf *line, size_t dropped)
{
	const struct binding *b = s->bindings;
	size_t n = 0, i = 0;
	bool in_rows = false;

	for (const struct binding *c = b; c && c->act; c++)
		n += hinted(s, c);
	for (; b && b->act; b++) {
		if (!hinted(s, b))
			continue;
		i++;
		if (i == n || i + dropped < n)
			add_hint(line, b, &in_rows);
	}
	if (in_rows)
		buf_addc(line, ')');
}

static void draw_hints(struct ui *u)
{
	const struct screen *s = u->top;
	struct buf line = BUF_INIT(1024);
	int room = ui_cols(u) - 2;

	while (s->ops->through && s->below)
		s = s->below;

	for (size_t dropped = 0; dropped < 16; dropped++) {
		buf_reset(&line);
		make_hints(s, &line, dropped);
		if (ui_width(buf_str(&line)) <= room)
			break;
	}
	ui_put(u, ui_rows(u) - 1, 1, -1, buf_str(&line));
	buf_release(&line);
}

static void draw_from(struct ui *u, struct screen *s)
{
	if (s->ops->over && s->below)
		draw_from(u, s->below);
	ui_attr(u, UI_PLAIN);
	s->ops->draw(s, u);
	ui_attr(u, UI_PLAIN);
}

static void draw_small(struct ui *u)
{
	char text[80];

	snprintf(text, sizeof(text), _("Layar terlalu kecil (min %dx%d)"),
		 UI_MIN_COLS, UI_MIN_ROWS);
	ui_puts(u, 0, 0, -1, text);
	ui_cursor(u, 0, 0);
}

/* How many rows are not what stands on the terminal. */
static int rows_changed(const struct ui *u)
{
	wchar_t want[COMPARED], there[COMPARED];
	int y = getcury(curscr), x = getcurx(curscr), n = 0;

	for (int row = 0; row < ui_rows(u); row++) {
		mvwinnwstr(stdscr, row, 0, want, COMPARED - 1);
		mvwinnwstr(curscr, row, 0, there, COMPARED - 1);
		n += wcscmp(want, there) != 0;
	}
	wmove(curscr, y, x);
	return n;
}

/*
 * Rows are sent from the top down. When the cursor goes up, what changes in
 * the row it leaves goes first, from where it stands: otherwise it would travel
 * up, down again and back. Not for that row alone, nor where much is to be
 * sent: these are two writes, and may be two packets.
 */
static void send_row_left(const struct ui *u)
{
	int row = getcury(curscr), changed;

	if (u->repaint || u->cursor_row >= row || row >= ui_rows(u))
		return;
	changed = rows_changed(u);
	if (changed < 2 || changed > FEW_ROWS)
		return;
	untouchwin(stdscr);
	wtouchln(stdscr, row, 1, 1);
	leaveok(stdscr, TRUE);
	wnoutrefresh(stdscr);
	doupdate();
	leaveok(stdscr, FALSE);
	touchwin(stdscr);
}

void stack_paint(struct ui *u)
{
	tell_shown(u);
	if (!u->top)
		return;
	arena_reset(&u->scratch);
	erase();
	if (ui_rows(u) < UI_MIN_ROWS || ui_cols(u) < UI_MIN_COLS) {
		draw_small(u);
	} else {
		u->cursor_row = ui_rows(u) - 1;
		u->cursor_col = 0;
		draw_from(u, u->top);
		draw_hints(u);
		if (u->message.n)
			bottom_draw(u, buf_str(&u->message), u->cursor_row + 1);
	}
	send_row_left(u);
	if (u->repaint)
		clearok(curscr, TRUE);
	u->repaint = false;
	move(u->cursor_row, u->cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
}

void ui_refresh(struct ui *u)
{
	stack_paint(u);
}
