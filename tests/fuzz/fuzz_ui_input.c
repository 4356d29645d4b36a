/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <fcntl.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "pilar/ui.h"
#include "pilar/utf8.h"

/*
 * Any bytes on the keyboard: nothing falls over, and what stands in the field
 * afterwards is text that may be shown. 0xff in the input changes the size.
 */
#define MOST 4096

struct line {
	struct screen screen;
	struct edit edit;
};

static void draw(struct screen *s, struct ui *u)
{
	struct line *l = (struct line *)s;

	ui_put(u, 1, 0, -1, edit_text(&l->edit));
	edit_draw(&l->edit, u, 2, 3, 12);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return edit_key(&((struct line *)s)->edit, k) != EDIT_NOT_TAKEN;
}

static void leave(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_message(u, "Esc");
}

struct stage {
	struct ui *ui;
	int keys;
	struct line line;
};

static struct stage *stage(void)
{
	static struct stage only;
	static const struct screen_ops ops = { .draw = draw, .key = key };
	static const struct binding bindings[] = {
		{ UI_ESC, 0, "Esc", NULL, leave, NULL, false, NULL },
		BINDING_END,
	};
	struct ui_files files = { .term = "xterm-256color",
				  .rows = 24,
				  .cols = 80 };
	struct report rep = { 0 };
	int pipes[2];
	enum err rc;

	if (only.ui)
		return &only;
	if (!setlocale(LC_CTYPE, "C.UTF-8") || pipe(pipes) ||
	    fcntl(pipes[0], F_SETFL, O_NONBLOCK))
		abort();
	files.in = fdopen(pipes[0], "r");
	files.out = fopen("/dev/null", "w");
	only.keys = pipes[1];
	rc = ui_open_on(&only.ui, &files, &rep);
	if (rc)
		abort();
	only.line.screen.ops = &ops;
	only.line.screen.bindings = bindings;
	edit_init(&only.line.edit, 200);
	ui_push(only.ui, &only.line.screen);
	return &only;
}

static bool may_stand(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		if (!utf8_printable(utf8_next(s, &at)))
			return false;
	}
	return utf8_valid(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stage *s = stage();
	size_t from = 0;

	if (size > MOST)
		size = MOST;
	edit_set(&s->line.edit, STR(""));
	for (size_t i = 0; i <= size; i++) {
		if (i < size && data[i] != 0xff)
			continue;
		if (write(s->keys, data + from, i - from) < 0)
			abort();
		ui_step(s->ui);
		if (i + 1 < size)
			ui_resized(s->ui, data[i + 1] % 40, data[i + 1]);
		from = i + 1;
	}
	/* what is still under way ends here */
	if (write(s->keys, "\033[201~", 6) != 6)
		abort();
	ui_step(s->ui);
	assert(may_stand(edit_text(&s->line.edit)));
	assert(s->line.edit.at <= s->line.edit.text.n);
	while (ui_top(s->ui) != &s->line.screen)
		ui_pop(s->ui);
	return 0;
}
