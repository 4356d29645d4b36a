/* SPDX-License-Identifier: MIT */
#include "pilar/sync.h"

#include <stdlib.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

/* Beside the store, so that nobody has to look for a place first. */
/* Beside the store, never in it: what lies there anyone can read. */
#define EXPORT_SUFFIX "-ekspor"
#define VALUE_COL     28

struct sync_screen {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	struct sync_status status;
	struct arena result_arena;
	struct sync_result result;
	bool tried, wrote;
};

static void shown(struct screen *s, struct ui *u)
{
	struct sync_screen *y = (struct sync_screen *)s;
	enum err rc;

	arena_reset(&y->arena);
	rc = sync_status(y->cases, &y->arena, &y->status);
	if (rc)
		ui_message(u, "%s", text_error(rc));
}

/* ---- drawing */
static int draw_value(struct ui *u, int row, const char *label,
		      struct str value)
{
	ui_puts(u, row, 3, VALUE_COL - 4, label);
	ui_put(u, row, VALUE_COL, -1, value);
	return row + 1;
}

/* A path may be longer than the row. */
static int draw_path(struct ui *u, int row, const char *label, struct str path)
{
	struct str line;

	ui_puts(u, row, 3, VALUE_COL - 4, label);
	while (ui_wrap(&path, ui_cols(u) - 1 - VALUE_COL, &line))
		ui_put(u, row++, VALUE_COL, -1, line);
	return row;
}

static struct str last_file(const struct sync_screen *y, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	const struct sys *sys = cases_sys(y->cases);

	if (!y->status.last_at)
		return str_from(_("belum ada"));
	return arena_printf(a, "%.*s, %.*s %.*s", STR_ARG(y->status.last_file),
			    STR_ARG(text_date(a, sys, y->status.last_at)),
			    STR_ARG(text_time(a, sys, y->status.last_at)));
}

static void draw_status(const struct sync_screen *y, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	const struct sync_status *s = &y->status;

	draw_value(u, 2, _("Belum diekspor"), text_count(a, s->waiting));
	draw_value(u, 3, _("Sudah diekspor"),
		   arena_printf(a, _("%.*s dalam %.*s berkas"),
				STR_ARG(text_count(a, s->exported)),
				STR_ARG(text_count(a, s->files))));
	draw_value(u, 4, _("Berkas terakhir"), last_file(y, u));
}

static void draw_result(const struct sync_screen *y, struct ui *u)
{
	const char *open = _("Siapa pun yang memegang berkas ini bisa membaca "
			     "isinya: berkas belum disandi. Serahkan langsung "
			     "kepada petugas dinas.");
	struct arena *a = ui_scratch(u);
	struct str rest = str_from(open), line;
	int row = 6;

	if (!y->wrote) {
		ui_puts(u, row, 3, -1, _("Tidak ada yang baru."));
		return;
	}
	row = draw_path(u, row, _("Berkas"), y->result.file);
	row = draw_value(u, row, _("Isi"),
			 arena_printf(a, _("%.*s isian, %.*s"),
				      STR_ARG(text_count(a, y->result.events)),
				      STR_ARG(text_bytes(a, y->result.bytes))));
	row++;
	while (ui_wrap(&rest, ui_cols(u) - 6, &line))
		ui_put(u, row++, 3, -1, line);
}

static void draw(struct screen *s, struct ui *u)
{
	const struct sync_screen *y = (const struct sync_screen *)s;

	ui_title(u, str_from(_("Sinkronisasi")), STR(""));
	draw_status(y, u);
	if (y->tried)
		draw_result(y, u);
	ui_cursor(u, 2, 1);
}

/* ---- exporting */
struct progress {
	struct ui *ui;
	size_t said; /* tenths */
};

/* In words, ten times at most. */
static void say_progress(void *arg, size_t done, size_t total)
{
	struct progress *p = arg;
	size_t tenth = total ? done * 10 / total : 10;

	if (tenth <= p->said || tenth >= 10)
		return;
	p->said = tenth;
	ui_message(p->ui, _("Mengekspor: %zu dari %zu"), done, total);
	ui_refresh(p->ui);
}

static void act_export(struct screen *s, struct ui *u, const struct binding *b)
{
	struct sync_screen *y = (struct sync_screen *)s;
	struct report rep = { 0 };
	struct progress p = { .ui = u };
	struct sync_export how = { .progress = say_progress, .arg = &p };
	enum err rc;

	(void)b;
	arena_reset(&y->result_arena);
	how.folder = arena_printf(&y->result_arena, "%s" EXPORT_SUFFIX,
				  store_dir(cases_store(y->cases)));
	rc = how.folder.p ? dir_make(how.folder.p) : ERR_NOMEM;
	if (!rc)
		rc = sync_export(y->cases, &how, &y->result_arena, &y->result,
				 &rep);
	y->tried = !rc;
	y->wrote = !rc && y->result.file.n;
	if (rc)
		screen_says(u, &rep, rc);
	else
		ui_message(u, "%s", y->wrote ? _("Selesai diekspor") : "");
	report_release(&rep);
	shown(s, u);
}

static void release(struct screen *s)
{
	struct sync_screen *y = (struct sync_screen *)s;

	arena_release(&y->arena);
	arena_release(&y->result_arena);
	free(y);
}

void sync_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ 'e', 0, N_("ekspor"),
		  N_("tulis yang belum diekspor ke satu berkas"), act_export,
		  NULL, false, NULL },
		{ '?', UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
		  NULL },
		{ UI_ESC, 'q', N_("kembali"), NULL, screen_back, NULL, false,
		  NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Sinkronisasi"),
		.draw = draw,
		.shown = shown,
		.free = release,
	};
	struct sync_screen *y = calloc(1, sizeof(*y));

	if (!y)
		return;
	y->screen.ops = &ops;
	y->screen.bindings = bindings;
	y->cases = c;
	ui_push(u, &y->screen);
}
