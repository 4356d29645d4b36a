/* SPDX-License-Identifier: MIT */
#include "pilar/ui.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "internal.h"

#define HELP_MAX 16384
#define KEY_COL  3
#define HELP_COL 16

/* What works everywhere and stands in no screen's table. */
static const struct {
	const char *key, *help;
} everywhere[] = {
	{ "^L", N_("gambar ulang layar") },
	{ "^Z", N_("simpan dan jeda (kembali dengan fg)") },
	{ "^C", N_("sama dengan Esc") },
};

struct help {
	struct screen screen;
	const char *of;  /* title of the screen that is explained */
	struct buf text; /* lines; a key and its help parted by a tab */
	struct rows rows;
	size_t end; /* of what the window shows */
};

/* What does not fit goes on below itself. */
static void add_key(struct help *h, struct ui *u, const char *key,
		    const char *also, const char *help)
{
	struct str rest = str_from(ui_translate(help)), line;

	buf_addf(&h->text, "%s%s%s", key, also[0] ? " " : "", also);
	while (ui_wrap(&rest, ui_cols(u) - HELP_COL - 1, &line))
		buf_addf(&h->text, "\t%.*s\n", STR_ARG(line));
}

/* What the screen says, as wide as the window, and an empty line. */
static void explain(struct help *h, struct ui *u, struct screen *of)
{
	struct buf b = BUF_INIT(HELP_MAX);
	struct str rest, line;

	of->ops->help(of, u, &b);
	rest = str_trim(buf_str(&b));
	while (ui_wrap(&rest, ui_cols(u) - 4, &line)) {
		buf_addstr(&h->text, line);
		buf_addc(&h->text, '\n');
	}
	if (h->text.n)
		buf_addc(&h->text, '\n');
	buf_release(&b);
}

static void collect(struct help *h, struct ui *u, struct screen *of)
{
	const struct binding *b = of->bindings;

	if (of->ops->help)
		explain(h, u, of);
	for (; b && b->act; b++) {
		struct binding second = { .key = b->also };
		char name[16], also[16] = "";

		if ((!b->help && !b->hint) || (b->when && !b->when(of)))
			continue;
		add_key(h, u, binding_name(b, name).p,
			b->also > 32 ? binding_name(&second, also).p : "",
			b->help ? b->help : b->hint);
	}
	for (size_t i = 0; i < ARRAY_LEN(everywhere); i++)
		add_key(h, u, everywhere[i].key, "", everywhere[i].help);
}

static void draw(struct screen *s, struct ui *u)
{
	struct help *h = (struct help *)s;
	struct str rest = buf_str(&h->text), line;
	size_t i = 0;

	ui_title(u,
		 arena_printf(ui_scratch(u), "%s%s%s", _("Bantuan"),
			      h->of ? ": " : "", ui_translate(h->of)),
		 STR(""));
	h->end = rows_window(&h->rows, ui_rows(u) - 5);
	for (; i < h->end && str_split(&rest, '\n', &line); i++) {
		int row = 2 + (int)(i - h->rows.top);
		struct str text = line, key;

		if (i < h->rows.top || !str_split(&text, '\t', &key))
			continue;
		if (key.n == line.n) {
			ui_put(u, row, 2, -1, line);
			continue;
		}
		ui_put(u, row, KEY_COL, HELP_COL - KEY_COL - 1, key);
		ui_put(u, row, HELP_COL, -1, text);
	}
	ui_cursor(u, 2 + (int)(h->rows.at - h->rows.top), 0);
}

/* There is no marker to be seen, so each key moves the window. */
static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct help *h = (struct help *)s;

	(void)u;
	if (k.code == UI_DOWN || k.code == UI_PGDN)
		h->rows.at = h->end ? h->end - 1 : 0;
	else if (k.code == UI_UP || k.code == UI_PGUP)
		h->rows.at = h->rows.top;
	return rows_key(&h->rows, k);
}

static bool longer(const struct screen *s)
{
	const struct help *h = (const struct help *)s;

	return h->rows.n > h->end - h->rows.top;
}

static void stay(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)u;
	(void)b;
}

static void leave(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_pop(u);
}

static void release(struct screen *s)
{
	struct help *h = (struct help *)s;

	buf_release(&h->text);
	free(h);
}

void ui_help(struct ui *u)
{
	static const struct binding bindings[] = {
		{ UI_ESC, UI_ENTER, N_("kembali"), NULL, leave, NULL, false,
		  NULL },
		{ UI_PGDN, UI_PGUP, N_("lainnya"), NULL, stay, longer, false,
		  NULL },
		{ UI_F1, '?', NULL, N_("kembali"), leave, NULL, false, NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct help *h = calloc(1, sizeof(*h));
	size_t lines = 0;

	if (!h)
		return;
	h->screen.ops = &ops;
	h->of = u->top->ops->title;
	h->screen.bindings = bindings;
	h->text = BUF_INIT(HELP_MAX);
	collect(h, u, u->top);
	for (size_t i = 0; i < h->text.n; i++)
		lines += h->text.p[i] == '\n';
	rows_set(&h->rows, lines);
	ui_push(u, &h->screen);
}
