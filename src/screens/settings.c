/* SPDX-License-Identifier: MIT */
#include "open.h"

#include <stdlib.h>
#include <string.h>

#include "pilar/i18n.h"
#include "pilar/verify.h"

#include "prompt.h"
#include "text.h"

#define FIRST_ROW 2
#define VALUE_COL 25
/* Bytes of a name, role or village; the store takes twice as many. */
#define VALUE_MAX 200

enum setting {
	SET_NAME,
	SET_ROLE,
	SET_VILLAGE,
	SET_LANGUAGE,
	SET_IDLE,
	SET_STATS,
	SET_VERIFY,
	SET_LISTS,
	SET_FORMS,
	SET_COUNT
};

struct settings {
	struct screen screen;
	struct cases *cases;
	struct arena arena;
	size_t forms;
	struct rows rows;
};

static void shown(struct screen *s, struct ui *u)
{
	struct settings *e = (struct settings *)s;
	struct form_row *forms = NULL;
	size_t n = 0;
	enum err rc;

	arena_reset(&e->arena);
	e->forms = 0;
	rc = cases_refresh(e->cases);
	if (!rc)
		rc = cases_forms(e->cases, &e->arena, &forms, &n);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	for (size_t i = 0; !rc && i < n; i++)
		e->forms += forms[i].current;
	rows_set(&e->rows, SET_COUNT);
}

/* What is spoken now, which --lang may have chosen. */
static bool english(void)
{
	return strcmp(i18n_lang(), "en") == 0;
}

/* ---- drawing */
static struct str value_of(const struct settings *e, enum setting which,
			   struct arena *a)
{
	const struct worker *w = cases_worker(e->cases);

	switch (which) {
	case SET_NAME:
		return w->name;
	case SET_ROLE:
		return w->role.n ? w->role : STR("-");
	case SET_VILLAGE:
		return w->village.n ? w->village : STR("-");
	case SET_LANGUAGE:
		return str_from(english() ? "English" : "Bahasa Indonesia");
	case SET_IDLE:
		return arena_printf(a, _("setelah %u menit tanpa tombol"),
				    w->idle_min ? w->idle_min : WORKER_IDLE);
	case SET_STATS:
		return str_from(_("ketikan per jam, salah, waktu"));
	case SET_VERIFY:
		return arena_printf(a, _("ketik ulang 1 dari %u isian"),
				    verify_sample(e->cases));
	case SET_LISTS:
		return str_from(_("BDT, DTKS, DTSEN, BNBA: .csv, .xlsx"));
	case SET_FORMS:
	case SET_COUNT:
		break;
	}
	return arena_printf(a, _("%zu formulir"), e->forms);
}

static const char *label_of(enum setting which)
{
	static const char *const labels[SET_COUNT] = {
		[SET_NAME] = N_("Nama"),
		[SET_ROLE] = N_("Peran"),
		[SET_VILLAGE] = N_("Desa atau kelurahan"),
		[SET_LANGUAGE] = N_("Bahasa"),
		[SET_IDLE] = N_("Kunci layar"),
		[SET_FORMS] = N_("Formulir"),
		[SET_LISTS] = N_("Daftar dari kantor"),
		[SET_STATS] = N_("Angka kerja"),
		[SET_VERIFY] = N_("Verifikasi"),
	};

	return _(labels[which]);
}

static void draw_fact(struct ui *u, int *row, const char *label,
		      struct str text)
{
	struct str line;

	ui_puts(u, *row, 3, VALUE_COL - 4, label);
	while (ui_wrap(&text, ui_cols(u) - VALUE_COL - 1, &line))
		ui_put(u, (*row)++, VALUE_COL, -1, line);
}

static void draw(struct screen *s, struct ui *u)
{
	struct settings *e = (struct settings *)s;
	struct store *st = cases_store(e->cases);
	struct arena *a = ui_scratch(u);
	int row = FIRST_ROW + SET_COUNT + 1;

	ui_title(u, str_from(_("Pengaturan")), STR(""));
	rows_window(&e->rows, SET_COUNT);
	for (int i = 0; i < SET_COUNT; i++) {
		ui_puts(u, FIRST_ROW + i, 3, VALUE_COL - 4,
			label_of((enum setting)i));
		ui_put(u, FIRST_ROW + i, VALUE_COL, -1,
		       value_of(e, (enum setting)i, a));
	}
	draw_fact(u, &row, _("Kode petugas"), cases_worker(e->cases)->code);
	draw_fact(u, &row, _("Letak data"), str_from(store_dir(st)));
	draw_fact(u, &row, _("Ukuran data"),
		  text_bytes(a, store_file_size(st)));
	rows_mark(&e->rows, u, FIRST_ROW);
}

/* ---- changing */
static void keep(struct settings *e, struct ui *u, const struct worker *w)
{
	enum err rc = cases_worker_put(e->cases, w);
	struct str said = str_from(_("Disimpan"));

	if (rc)
		said = text_unsaved(ui_scratch(u), e->cases, STORE_MAIN, rc);
	ui_message(u, "%.*s", STR_ARG(said));
}

static void take_name(struct screen *s, struct ui *u, struct str text)
{
	struct settings *e = (struct settings *)s;
	struct worker w = *cases_worker(e->cases);

	w.name = text;
	if (text.n)
		keep(e, u, &w);
	else
		ui_message(u, "%s", _("Nama wajib diisi"));
}

static void take_role(struct screen *s, struct ui *u, struct str text)
{
	struct settings *e = (struct settings *)s;
	struct worker w = *cases_worker(e->cases);

	w.role = text;
	keep(e, u, &w);
}

static void take_village(struct screen *s, struct ui *u, struct str text)
{
	struct settings *e = (struct settings *)s;
	struct worker w = *cases_worker(e->cases);

	w.village = text;
	keep(e, u, &w);
}

static void take_idle(struct screen *s, struct ui *u, struct str text)
{
	struct settings *e = (struct settings *)s;
	struct worker w = *cases_worker(e->cases);
	uint64_t minutes;

	if (!str_to_u64(str_trim(text), &minutes) || !minutes ||
	    minutes > WORKER_IDLE_MAX) {
		ui_message(u, "%s", _("Isi 1 sampai 240 menit"));
		return;
	}
	w.idle_min = (unsigned)minutes;
	keep(e, u, &w);
	screen_lock_arm(u, e->cases);
}

/* Spoken from the next paint on. */
static void change_language(struct settings *e, struct ui *u)
{
	struct worker w = *cases_worker(e->cases);
	const char *lang = english() ? "id" : "en";
	enum err rc = i18n_init(lang);

	w.language = str_from(lang);
	if (rc)
		ui_message(u, "%s", text_error(rc));
	else
		keep(e, u, &w);
}

static void act_change(struct screen *s, struct ui *u, const struct binding *b)
{
	struct settings *e = (struct settings *)s;
	const struct worker *w = cases_worker(e->cases);
	const struct prompt prompts[SET_COUNT] = {
		[SET_NAME] = { .start = w->name, .take = take_name },
		[SET_ROLE] = { .start = w->role, .take = take_role },
		[SET_VILLAGE] = { .start = w->village, .take = take_village },
		[SET_IDLE] = { .start = STR(""), .take = take_idle },
	};
	static void (*const opens[SET_COUNT])(struct ui * u,
					      struct cases * c) = {
		[SET_STATS] = stats_open,
		[SET_VERIFY] = verify_open,
		[SET_FORMS] = forms_open,
		[SET_LISTS] = prelist_screen_open,
	};
	struct prompt p = prompts[e->rows.at];

	(void)b;
	if (e->rows.at == SET_LANGUAGE) {
		change_language(e, u);
	} else if (opens[e->rows.at]) {
		opens[e->rows.at](u, e->cases);
	} else {
		p.owner = s;
		p.label = label_of((enum setting)e->rows.at);
		p.max = VALUE_MAX;
		prompt_open(u, &p);
	}
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct settings *)s)->rows, k);
}

static void release(struct screen *s)
{
	struct settings *e = (struct settings *)s;

	arena_release(&e->arena);
	free(e);
}

void settings_open(struct ui *u, struct cases *c)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("ubah"), N_("ubah baris ini"), act_change,
		  NULL, false, NULL },
		BINDINGS_BACK,
	};
	static const struct screen_ops ops = {
		.title = N_("Pengaturan"),
		.draw = draw,
		.key = key,
		.shown = shown,
		.free = release,
	};
	struct settings *e = calloc(1, sizeof(*e));

	if (!e)
		return;
	e->screen.ops = &ops;
	e->screen.bindings = bindings;
	e->cases = c;
	ui_push(u, &e->screen);
}
