/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"
#include "prompt.h"
#include "special.h"
#include "text.h"

struct str entry_mode(const struct entry *e, struct arena *a)
{
	static const char *const names[] = {
		[KEYING_VISIT] = N_("wawancara"),
		[KEYING_PAPER] = N_("kertas"),
		[KEYING_VERIFY] = N_("verifikasi"),
	};

	if (e->keying.nth)
		return arena_printf(a, "%s %u", _(names[e->keying.mode]),
				    (unsigned)e->keying.nth);
	return str_from(_(names[e->keying.mode]));
}

/* ---- how questions stand */
char entry_sign(struct entry *e, const struct step *step)
{
	struct arena a = { 0 };
	struct str path = session_path(e->session, step->ref, &a);
	bool reached = keying_reached(&e->keying, path);
	bool value = session_value(e->session, step->ref).n > 0;
	enum verdict v = session_verdict(e->session, step->ref);
	char sign = ' ';

	if (v == VIOLATED && value)
		sign = SIGN_FAILING;
	else if (keying_remark(&e->keying, path).n)
		sign = SIGN_REMARKED;
	else if (!pages_asks(e->session, step, e->fixed))
		sign = SIGN_PROTECTED;
	else if (reached && !value)
		sign = SIGN_PASSED;
	else if (!reached && value)
		sign = SIGN_FILLED;
	arena_release(&a);
	return sign;
}

static bool is_empty(struct entry *e, const struct step *step)
{
	return pages_asks(e->session, step, e->fixed) &&
	       !session_value(e->session, step->ref).n;
}

static bool is_failing(struct entry *e, const struct step *step)
{
	return pages_asks(e->session, step, e->fixed) &&
	       session_verdict(e->session, step->ref) != VALID;
}

/* The step the cursor is at; SIZE_MAX: at none. */
static size_t step_here(const struct entry *e)
{
	const struct block *b = entry_block(e);

	return b ? (size_t)(b->step - e->pages.steps) : SIZE_MAX;
}

bool entry_seek(struct entry *e, struct ui *u, size_t from,
		bool (*such)(struct entry *e, const struct step *step))
{
	size_t n = e->pages.n_steps;

	for (size_t k = 0; k < n; k++) {
		const struct step *step = &e->pages.steps[(from + k) % n];

		if (step->kind != STEP_QUESTION || !such(e, step))
			continue;
		entry_goto(e, u,
			   session_path(e->session, step->ref, ui_scratch(u)));
		return true;
	}
	return false;
}

/* ---- remarks */
static void take_remark(struct screen *s, struct ui *u, struct str text)
{
	struct entry *e = (struct entry *)s;
	struct str path = entry_path(e, ui_scratch(u));
	enum err rc = keying_set_remark(&e->keying, path, text);

	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	e->fresh_draft = false;
	entry_keep(e, u, true);
	entry_show_again(e, u);
	ui_message(u, "%s",
		   text.n ? _("Catatan disimpan") : _("Catatan dihapus"));
}

void entry_remark(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	struct prompt p = { .owner = &e->screen,
			    .label = _("Catatan"),
			    .max = KEYING_REMARK_MAX,
			    .take = take_remark };

	(void)b;
	if (!entry_block(e))
		return;
	p.start = keying_remark(&e->keying, entry_path(e, ui_scratch(u)));
	prompt_open(u, &p);
}

/* ---- special answers */
bool entry_special(const struct item *i)
{
	struct str value;

	return special_value(i, SPECIAL_UNKNOWN, &value) ||
	       special_value(i, SPECIAL_REFUSED, &value);
}

static void act_special(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	const struct block *at = entry_block(e);
	enum special which = b->key == 'm' ? SPECIAL_REFUSED : SPECIAL_UNKNOWN;
	struct str value = STR("");
	enum err rc = ERR_NONE;

	if (!at || !special_value(at->step->item, which, &value)) {
		ui_message(u, "%s",
			   _("Pertanyaan ini tidak punya jawaban khusus itu"));
		return;
	}
	if (!value.n)
		rc = special_remark(&e->keying, entry_path(e, ui_scratch(u)),
				    which);
	if (rc) {
		ui_message(u, "%s", text_error(rc));
		return;
	}
	if (!value.n) {
		e->fresh_draft = false;
		entry_keep(e, u, true);
		entry_show_again(e, u);
	}
	entry_choose(e, u, value, true);
}

/* ---- the way of filling */
static void act_mode(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (e->keying.mode == KEYING_VERIFY)
		return;
	e->keying.mode =
		e->keying.mode == KEYING_VISIT ? KEYING_PAPER : KEYING_VISIT;
	entry_keep(e, u, !e->fresh_draft);
	entry_show_again(e, u);
	ui_message(u, "%s",
		   e->keying.mode == KEYING_PAPER
			   ? _("Kertas: bebas ke mana saja, diperiksa saat "
			       "lewat dan saat ditinjau")
			   : _("Wawancara: urut, ^P menelusuri kembali "
			       "jalannya"));
}

static void act_empty(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (!entry_seek(e, u, 0,
			e->keying.mode == KEYING_VERIFY ? entry_unverified
							: is_empty))
		ui_message(u, "%s", _("Tidak ada yang kosong"));
}

static void act_failing(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	size_t here = step_here(e);

	(void)b;
	if (!entry_seek(e, u, here == SIZE_MAX ? 0 : here + 1, is_failing))
		ui_message(u, "%s", _("Tidak ada yang salah"));
	else
		entry_strict(e, u);
}

static void act_last(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;
	struct str path = entry_path(e, ui_scratch(u));
	enum err rc;

	(void)b;
	if (!entry_block(e) || str_find(path, STR("["), 0) != SIZE_MAX) {
		ui_message(u, "%s", _("Hanya untuk pertanyaan di luar daftar"));
		return;
	}
	rc = keying_toggle_lasting(&e->keying, path);
	entry_keep(e, u, !e->fresh_draft);
	entry_show_again(e, u);
	ui_message(u, "%s",
		   rc ? text_error(rc)
		   : keying_lasts(&e->keying, path)
			   ? _("Jawaban ini ikut ke formulir berikut")
			   : _("Jawaban ini tidak lagi ikut"));
}

/* ---- rows, from within a cell of the table */
static void act_row(struct screen *s, struct ui *u, const struct binding *b)
{
	static const struct {
		uint32_t key;
		void (*act)(struct screen *s, struct ui *u,
			    const struct binding *b);
	} acts[] = { { 'b', roster_insert },
		     { 'h', roster_remove },
		     { 'u', roster_sort } };

	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (acts[i].key == b->key)
			acts[i].act(s, u, b);
}

static bool in_table(const struct screen *s)
{
	const struct page *p = entry_page((const struct entry *)s);

	return p && p->repeat;
}

/* ---- the menu */
/* Rows are the screen's own bindings; they act on the entry below. */
struct more {
	struct screen screen;
	struct entry *entry;
};

static const struct binding rows[] = {
	{ 'c', 0, N_("cara: wawancara / kertas"), NULL, act_mode, NULL, false,
	  NULL },
	{ 'k', 0, N_("ke yang kosong pertama"), NULL, act_empty, NULL, false,
	  NULL },
	{ 's', 0, N_("ke yang salah atau kurang berikut"), NULL, act_failing,
	  NULL, false, NULL },
	{ 'n', 0, N_("catatan pada pertanyaan ini (^N)"), NULL, entry_remark,
	  NULL, false, NULL },
	{ 'y', 0, N_("salin dari sebelumnya (^Y)"), NULL, entry_copy, NULL,
	  false, NULL },
	{ 'i', 0, N_("jawaban ini ikut ke formulir berikut"), NULL, act_last,
	  NULL, false, NULL },
	{ 't', 0, N_("jawaban khusus: tidak tahu"), NULL, act_special, NULL,
	  false, NULL },
	{ 'm', 0, N_("jawaban khusus: menolak menjawab"), NULL, act_special,
	  NULL, false, NULL },
	{ 'b', 0, N_("sisipkan baris di sini"), NULL, act_row, in_table, false,
	  NULL },
	{ 'h', 0, N_("hapus baris ini"), NULL, act_row, in_table, false, NULL },
	{ 'u', 0, N_("urutkan baris menurut kolom ini"), NULL, act_row,
	  in_table, false, NULL },
	BINDING_END,
};

#define MORE_COLS 44

static void draw(struct screen *s, struct ui *u)
{
	const struct screen *of = &((struct more *)s)->entry->screen;
	int row = ui_rows(u) - 2, col = ui_cols(u) - MORE_COLS;

	for (size_t i = ARRAY_LEN(rows) - 1; i-- > 0;) {
		char letter = (char)rows[i].key;

		if (rows[i].when && !rows[i].when(of))
			continue;
		ui_blank(u, --row, col, MORE_COLS);
		ui_put(u, row, col + 1, 1, str_of(&letter, 1));
		ui_puts(u, row, col + 4, MORE_COLS - 5, _(rows[i].hint));
	}
	ui_blank(u, ui_rows(u) - 2, 0, -1);
	ui_puts(u, ui_rows(u) - 2, 1, -1, _("Perintah lain: tekan hurufnya"));
	ui_cursor(u, row, col + 1);
}

static bool key(struct screen *s, struct ui *u, struct key k)
{
	struct entry *e = ((struct more *)s)->entry;

	for (size_t i = 0; !k.pasted && rows[i].act; i++) {
		if (rows[i].key != k.code ||
		    (rows[i].when && !rows[i].when(&e->screen)))
			continue;
		ui_pop(u);
		if (entry_commit(e, u))
			rows[i].act(&e->screen, u, &rows[i]);
		return true;
	}
	return false;
}

static void release(struct screen *s)
{
	free(s);
}

void entry_more(struct entry *e, struct ui *u)
{
	static const struct binding bindings[] = {
		{ UI_F1, UI_CTRL('g'), N_("bantuan"), NULL, screen_help, NULL,
		  false, NULL },
		{ UI_ESC, UI_CTRL('o'), N_("batal"), NULL, screen_back, NULL,
		  false, NULL },
		BINDING_END,
	};
	static const struct screen_ops ops = {
		.title = N_("Perintah lain"),
		.over = true,
		.draw = draw,
		.key = key,
		.free = release,
	};
	struct more *m = calloc(1, sizeof(*m));

	if (!m)
		return;
	m->screen.ops = &ops;
	m->screen.bindings = bindings;
	m->entry = e;
	ui_push(u, &m->screen);
}
