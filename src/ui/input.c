/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <string.h>

#include "pilar/utf8.h"

#include "internal.h"

/* Function keys nobody has stand for the two ends of a paste. */
#define CODE_PASTE_ON  KEY_F(61)
#define CODE_PASTE_OFF KEY_F(62)

/* What terminals send in either cursor mode, where terminfo names only one. */
static const struct sequence {
	const char *text;
	int code;
} sequences[] = {
	{ "\033[200~", CODE_PASTE_ON }, { "\033[201~", CODE_PASTE_OFF },
	{ "\033[A", KEY_UP },           { "\033[B", KEY_DOWN },
	{ "\033[C", KEY_RIGHT },        { "\033[D", KEY_LEFT },
	{ "\033OA", KEY_UP },           { "\033OB", KEY_DOWN },
	{ "\033OC", KEY_RIGHT },        { "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME },         { "\033OH", KEY_HOME },
	{ "\033[1~", KEY_HOME },        { "\033[F", KEY_END },
	{ "\033OF", KEY_END },          { "\033[4~", KEY_END },
	{ "\033[2~", KEY_IC },          { "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE },       { "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },         { "\033OP", KEY_F(1) },
	{ "\033[11~", KEY_F(1) },       { "\033[[A", KEY_F(1) },
};

/* Keys of ncurses and control characters by their name here. */
static const struct {
	int from;
	uint32_t to;
} names[] = {
	{ KEY_UP, UI_UP },
	{ KEY_DOWN, UI_DOWN },
	{ KEY_LEFT, UI_LEFT },
	{ KEY_RIGHT, UI_RIGHT },
	{ KEY_HOME, UI_HOME },
	{ KEY_FIND, UI_HOME },
	{ KEY_END, UI_END },
	{ KEY_SELECT, UI_END },
	{ KEY_PPAGE, UI_PGUP },
	{ KEY_NPAGE, UI_PGDN },
	{ KEY_BACKSPACE, UI_BACKSPACE },
	{ KEY_DC, UI_DELETE },
	{ KEY_IC, UI_INSERT },
	{ KEY_BTAB, UI_BACKTAB },
	{ KEY_F(1), UI_F1 },
	{ KEY_ENTER, UI_ENTER },
	{ '\n', UI_ENTER },
	{ '\b', UI_BACKSPACE },
	{ 127, UI_BACKSPACE },
	{ 3, UI_ESC },
};

void input_setup(struct ui *u)
{
	const char *cup = tigetstr("cup");

	u->input.held = ERR;
	if (!cup || strncmp(cup, "\033[", 2) != 0)
		return;
	/* Begins a report whose rest would be letters: it is read whole. */
	define_key(NULL, KEY_MOUSE);
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++) {
		if (key_defined(sequences[i].text) <= 0)
			define_key(sequences[i].text, sequences[i].code);
	}
}

bool key_printable(struct key k)
{
	return k.code >= 32 && k.code != 127 && k.code < UI_UP &&
	       utf8_printable(k.code);
}

static struct key plain(uint32_t code)
{
	return (struct key){ .code = code };
}

static struct key skip(void)
{
	return plain(KEY_CODE_SKIP);
}

static int read_raw(struct ui *u)
{
	int c = u->input.held;

	u->input.held = ERR;
	return c != ERR ? c : wgetch(u->pad);
}

static void paste(struct input *in, bool on)
{
	in->pasting = on;
	in->paste_at = ui_now();
	in->need = 0;
}

static struct key name_of(struct input *in, int c)
{
	if (c == CODE_PASTE_ON || c == CODE_PASTE_OFF) {
		paste(in, c == CODE_PASTE_ON);
		return skip();
	}
	if (in->pasting)
		return skip();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].from == c)
			return plain(names[i].to);
	}
	return c < 32 ? plain((uint32_t)c) : skip();
}

/* `[` ... final byte, or `O` and one more: is the tail whole? */
static bool tail_whole(const struct input *in)
{
	char last = in->tail[in->tail_n - 1];

	if (in->tail_n < 2)
		return false;
	if (in->tail_n == TAIL_MAX - 1)
		return true;
	return last >= '@' && last <= '~' &&
	       !(in->tail_n == 2 && in->tail[0] == '[' && last == '[');
}

/*
 * A key's sequence that came too late was an Esc already: its rest must not
 * become letters. Only the ends of a paste still count.
 */
static struct key tail_add(struct input *in, int c)
{
	in->tail[in->tail_n++] = (char)c;
	in->esc_at = ui_now();
	if (!tail_whole(in))
		return skip();
	in->tail[in->tail_n] = '\0';
	if (!strcmp(in->tail, "[200~"))
		paste(in, true);
	else if (!strcmp(in->tail, "[201~"))
		paste(in, false);
	in->tail_n = 0;
	in->esc_at = 0;
	return skip();
}

static struct key escape(struct ui *u)
{
	struct input *in = &u->input;
	int c = in->pasting ? ERR : read_raw(u);

	in->need = 0;
	in->esc_at = ui_now();
	in->tail_n = 0;
	if (c == '[' || c == 'O') /* a sequence terminfo does not know */
		return tail_add(in, c);
	in->held = c;
	if (in->pasting)
		return skip();
	return plain(UI_ESC);
}

static struct key control(struct input *in, int c)
{
	in->need = 0;
	if (!in->pasting)
		return name_of(in, c);
	if (c == '\r' || c == '\n' || c == '\t')
		return (struct key){ .code = ' ', .pasted = true };
	return skip();
}

/* How many bytes follow this first byte, and the least it may then mean. */
static void letter_begins(struct input *in, unsigned c)
{
	in->need = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	in->cp = c & (0x3fU >> in->need);
	in->lowest = in->need == 3 ? 0x10000 : in->need == 2 ? 0x800 : 0x80;
}

static struct key letter_done(const struct input *in)
{
	if (in->cp < in->lowest || in->cp >= UI_UP ||
	    (in->cp >= 0xd800 && in->cp <= 0xdfff) || !utf8_printable(in->cp))
		return skip();
	return (struct key){ .code = in->cp, .pasted = in->pasting };
}

/* One byte of text. A byte that does not fit is dropped, never its follower. */
static struct key letter(struct input *in, unsigned c)
{
	if (in->need > 0 && (c & 0xc0) == 0x80) {
		in->cp = in->cp << 6 | (c & 0x3f);
		return --in->need == 0 ? letter_done(in) : skip();
	}
	in->need = 0;
	if (c < 0x80)
		return (struct key){ .code = c, .pasted = in->pasting };
	if (c >= 0xc2 && c <= 0xf4)
		letter_begins(in, c);
	return skip();
}

static void forget_old(struct input *in)
{
	int64_t now = ui_now();

	if (in->pasting && now - in->paste_at > PASTE_QUIET_MS)
		in->pasting = false;
	if (in->esc_at && now - in->esc_at > TAIL_MS) {
		in->esc_at = 0;
		in->tail_n = 0;
	}
}

struct key input_next(struct ui *u)
{
	struct input *in = &u->input;
	int c;

	forget_old(in);
	c = read_raw(u);
	if (c == ERR)
		return plain(KEY_CODE_NONE);
	if (in->pasting)
		in->paste_at = ui_now();
	if (in->esc_at && c < 256) {
		if (in->tail_n > 0 ? c >= 32 && c < 127 : c == '[' || c == 'O')
			return tail_add(in, c);
		in->esc_at = 0;
		in->tail_n = 0;
	}
	if (c > 255)
		return name_of(in, c);
	if (c == UI_ESC)
		return escape(u);
	if (c < 32 || c == 127)
		return control(in, c);
	return letter(in, (unsigned)c);
}

int input_timeout(const struct ui *u)
{
	return u->input.pasting ? PASTE_QUIET_MS + 1 : -1;
}
