/* SPDX-License-Identifier: MIT */
#include "pilar/screens.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"

#define FIRST_ROW  5
#define FIELD_COL  30
#define CODE_MAX   32
#define VALUE_MAX  200
#define PASS_LEAST 8

enum stage { STEP_LANGUAGE, STEP_KIND, STEP_WHO };
enum who {
	WHO_NAME,
	WHO_CODE,
	WHO_ROLE,
	WHO_VILLAGE,
	WHO_PASS, /* from here on only where the store is open */
	WHO_AGAIN,
	WHO_COUNT
};

/* Three questions; the last one has four fields. */
struct start {
	struct screen screen;
	struct first *first;
	enum stage step, from; /* `from`: where leaving ends it */
	struct rows rows;      /* of a choice */
	struct edit fields[WHO_COUNT];
	enum who at;
};

/* ---- choices */
static const char *const choices[][2] = {
	[STEP_LANGUAGE] = { "Bahasa Indonesia", "English" },
	[STEP_KIND] = { N_("Mulai bekerja dengan data sendiri"),
			N_("Coba dulu dengan data latihan") },
};

static void to_step(struct start *s, enum stage step)
{
	s->step = step;
	s->rows.at = s->rows.top = 0;
	rows_set(&s->rows, ARRAY_LEN(choices[0]));
}

static void choose(struct start *s, struct ui *u, size_t which)
{
	static const char *const langs[] = { "id", "en" };

	if (s->step == STEP_KIND && which) {
		s->first->choice = FIRST_PRACTICE;
		ui_quit(u);
		return;
	}
	if (s->step == STEP_KIND) {
		to_step(s, STEP_WHO);
		return;
	}
	s->first->how.language = str_from(langs[which]);
	if (i18n_init(langs[which]))
		ui_message(u, "--lang id | en");
	to_step(s, STEP_KIND);
}

/* ---- fields */
static bool code_letter(const struct edit *e, uint32_t cp)
{
	(void)e;
	return (cp >= 'a' && cp <= 'z') || ascii_digit(cp) || cp == '-' ||
	       cp == '_';
}

/* "Dewi Lestari" is proposed as dewi. */
static void propose_code(struct start *s)
{
	struct str name = str_trim(edit_text(&s->fields[WHO_NAME])), word;
	char code[CODE_MAX];
	size_t n = 0;

	if (edit_text(&s->fields[WHO_CODE]).n || !str_word(&name, &word))
		return;
	for (size_t i = 0; i < word.n && n < sizeof(code); i++) {
		char c = word.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (code_letter(NULL, (unsigned char)c))
			code[n++] = c;
	}
	edit_set(&s->fields[WHO_CODE], str_of(code, n));
}

static struct str value(const struct start *s, enum who which)
{
	return arena_dup(&s->first->arena,
			 str_trim(edit_text(&s->fields[which])));
}

static int n_fields(const struct start *s)
{
	return s->first->open ? WHO_COUNT : WHO_PASS;
}

static bool has_pass(const struct start *s)
{
	return s->first->open && s->fields[WHO_PASS].text.n > 0;
}

/* What is wrong with the passphrase, and where; NULL: nothing. */
static const char *bad_pass(const struct start *s, enum who *at)
{
	struct str pass = edit_text(&s->fields[WHO_PASS]);

	*at = WHO_PASS;
	if (!has_pass(s))
		return NULL;
	if (pass.n < PASS_LEAST)
		return N_("kata sandi paling sedikit 8 huruf");
	*at = WHO_AGAIN;
	return str_eq(pass, edit_text(&s->fields[WHO_AGAIN]))
		       ? NULL
		       : N_("kata sandi tidak sama");
}

static void finish(struct start *s, struct ui *u)
{
	enum who at;
	const char *wrong = bad_pass(s, &at);
	struct cases_setup *how = &s->first->how;

	for (int i = WHO_NAME; i <= WHO_CODE; i++) {
		if (str_trim(edit_text(&s->fields[i])).n)
			continue;
		s->at = (enum who)i;
		ui_message(u, "%s", _("wajib diisi"));
		return;
	}
	if (wrong) {
		s->at = at;
		ui_message(u, "%s", _(wrong));
		return;
	}
	if (has_pass(s))
		buf_addstr(&s->first->pass, edit_text(&s->fields[WHO_PASS]));
	how->worker_name = value(s, WHO_NAME);
	how->worker_code = value(s, WHO_CODE);
	how->worker_role = value(s, WHO_ROLE);
	how->village = value(s, WHO_VILLAGE);
	s->first->choice = FIRST_STORE;
	ui_quit(u);
}

static void next_field(struct start *s, struct ui *u)
{
	if (s->at == WHO_NAME)
		propose_code(s);
	if ((int)s->at + 1 == n_fields(s) ||
	    (s->at == WHO_PASS && !has_pass(s)))
		finish(s, u); /* nothing to type again */
	else
		s->at++;
}

/* ---- drawing */
static int draw_text(struct ui *u, int row, const char *text)
{
	struct str rest = str_from(text), line;

	while (ui_wrap(&rest, ui_cols(u) - 6, &line))
		ui_put(u, row++, 3, -1, line);
	return row;
}

static void draw_choice(struct start *s, struct ui *u)
{
	rows_window(&s->rows, (int)s->rows.n);
	for (size_t i = 0; i < s->rows.n; i++) {
		char digit[2] = { (char)('1' + i), '\0' };

		ui_puts(u, FIRST_ROW + (int)i, 3, 1, digit);
		ui_puts(u, FIRST_ROW + (int)i, 6, -1, _(choices[s->step][i]));
	}
	if (s->step == STEP_KIND)
		draw_text(u, FIRST_ROW + 3,
			  _("Data latihan berisi keluarga buatan dan disimpan "
			    "terpisah: data sendiri bisa dimulai kapan saja."));
	rows_mark(&s->rows, u, FIRST_ROW);
}

static void draw_who(struct start *s, struct ui *u)
{
	static const char *const labels[WHO_COUNT] = {
		[WHO_NAME] = N_("Nama"),
		[WHO_CODE] = N_("Kode petugas"),
		[WHO_ROLE] = N_("Peran"),
		[WHO_VILLAGE] = N_("Desa atau kelurahan"),
		[WHO_PASS] = N_("Kata sandi (bila mau)"),
		[WHO_AGAIN] = N_("Kata sandi sekali lagi"),
	};
	int width = ui_cols(u) - FIELD_COL - 4;

	for (int i = 0; i < n_fields(s); i++) {
		int row = FIRST_ROW + i;

		ui_puts(u, row, 3, FIELD_COL - 6, _(labels[i]));
		ui_puts(u, row, FIELD_COL - 1, 1, "[");
		ui_puts(u, row, FIELD_COL + width, 1, "]");
		if (i != (int)s->at)
			edit_show(&s->fields[i], u, row, FIELD_COL, width);
		else
			ui_puts(u, row, FIELD_COL - 3, 1, ">");
	}
	if (s->at <= WHO_CODE)
		draw_text(u, FIRST_ROW + n_fields(s) + 1,
			  _("Kode petugas: huruf kecil, angka, - dan _. Kode "
			    "ini tertulis pada setiap isian."));
	else if (s->first->open && !has_pass(s))
		draw_text(u, FIRST_ROW + n_fields(s) + 1,
			  _("Tanpa kata sandi: jika laptop hilang, data dapat "
			    "dibaca siapa saja."));
	edit_draw(&s->fields[s->at], u, FIRST_ROW + (int)s->at, FIELD_COL,
		  width);
}

static void draw(struct screen *screen, struct ui *u)
{
	static const char *const questions[] = {
		[STEP_LANGUAGE] = "Bahasa / Language",
		[STEP_KIND] = N_("Belum ada data di sini. Apa yang ingin "
				 "dilakukan?"),
		[STEP_WHO] = N_("Siapa yang bekerja dengan program ini?"),
	};
	struct start *s = (struct start *)screen;

	ui_title(u, STR("PILAR"), str_from(_("mulai pertama kali")));
	ui_put(u, 1, 3, -1,
	       arena_printf(ui_scratch(u), "%s: %s", _("Letak data"),
			    s->first->dir));
	ui_attr(u, UI_BOLD);
	ui_puts(u, 3, 3, -1, _(questions[s->step]));
	ui_attr(u, UI_PLAIN);
	if (s->step == STEP_WHO)
		draw_who(s, u);
	else
		draw_choice(s, u);
}

/* ---- keys */
static bool who_key(struct start *s, struct ui *u, struct key k)
{
	if (k.code == UI_TAB || k.code == UI_DOWN) {
		if ((int)s->at + 1 < n_fields(s))
			next_field(s, u);
		return true;
	}
	return edit_key(&s->fields[s->at], k) != EDIT_NOT_TAKEN;
}

static bool key(struct screen *screen, struct ui *u, struct key k)
{
	struct start *s = (struct start *)screen;

	if (s->step == STEP_WHO)
		return who_key(s, u, k);
	if (!k.pasted && k.code >= '1' && k.code < '1' + s->rows.n) {
		choose(s, u, k.code - '1');
		return true;
	}
	return rows_key(&s->rows, k);
}

static void act_next(struct screen *screen, struct ui *u,
		     const struct binding *b)
{
	struct start *s = (struct start *)screen;

	(void)b;
	if (s->step == STEP_WHO)
		next_field(s, u);
	else
		choose(s, u, s->rows.at);
}

static bool behind(const struct screen *screen)
{
	const struct start *s = (const struct start *)screen;

	return s->step == STEP_WHO && s->at > 0;
}

static void act_before(struct screen *screen, struct ui *u,
		       const struct binding *b)
{
	(void)u;
	(void)b;
	((struct start *)screen)->at--;
}

static void act_back(struct screen *screen, struct ui *u,
		     const struct binding *b)
{
	struct start *s = (struct start *)screen;

	(void)b;
	if (s->step == s->from)
		ui_quit(u);
	else
		to_step(s, (enum stage)(s->step - 1));
}

static void release(struct screen *screen)
{
	struct start *s = (struct start *)screen;

	for (int i = WHO_PASS; i < WHO_COUNT; i++)
		if (s->fields[i].text.p)
			seal_wipe(s->fields[i].text.p, s->fields[i].text.n);
	for (int i = 0; i < WHO_COUNT; i++)
		edit_release(&s->fields[i]);
	free(s);
}

enum err screens_first(struct ui *u, struct first *f)
{
	static const struct binding bindings[] = {
		{ UI_ENTER, 0, N_("lanjut"),
		  N_("ke isian berikut; yang terakhir membuat data baru"),
		  act_next, NULL, false, NULL },
		{ UI_CTRL('p'), UI_UP, N_("mundur"), N_("ke isian sebelumnya"),
		  act_before, behind, false, NULL },
		{ UI_CTRL('g'), UI_F1, N_("bantuan"), NULL, screen_help, NULL,
		  false, NULL },
		{ UI_ESC, 0, N_("kembali"), NULL, act_back, NULL, false, NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Mulai pertama kali"),
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct start *s = calloc(1, sizeof(*s));

	if (!s)
		return ERR_NOMEM;
	s->screen.ops = &ops;
	s->screen.bindings = bindings;
	s->first = f;
	s->from = f->how.language.n ? STEP_KIND : STEP_LANGUAGE;
	for (int i = 0; i < WHO_COUNT; i++)
		edit_init(&s->fields[i], i == WHO_CODE ? CODE_MAX : VALUE_MAX);
	s->fields[WHO_CODE].accept = code_letter;
	s->fields[WHO_PASS].masked = s->fields[WHO_AGAIN].masked = true;
	edit_set(&s->fields[WHO_ROLE], STR("PSM"));
	to_step(s, s->from);
	ui_push(u, &s->screen);
	return ERR_NONE;
}
