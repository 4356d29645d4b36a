/* SPDX-License-Identifier: MIT */
#include "entry.h"

#include <stdlib.h>

#include "pilar/i18n.h"

#include "open.h"
#include "text.h"

/* ---- keys */
static bool on_roster(const struct screen *s)
{
	const struct page *p = entry_page((const struct entry *)s);

	return p && p->repeat && !((const struct entry *)s)->cells;
}

/* A table whose form says how many rows it has is not changed by hand. */
static bool on_growing(const struct screen *s)
{
	struct entry *e = (struct entry *)(uintptr_t)s;
	bool fixed = true;

	if (on_roster(s))
		roster_count(e, &fixed);
	return !fixed;
}

static bool on_cells(const struct screen *s)
{
	return ((const struct entry *)s)->cells;
}

static bool off_cells(const struct screen *s)
{
	return !on_cells(s);
}

static bool on_questions(const struct screen *s)
{
	return !on_roster(s);
}

static void act_next(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (entry_pass(e, u) && entry_commit(e, u))
		entry_next(e, u);
}

static void act_prev(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (!entry_commit(e, u))
		return;
	if (e->keying.mode == KEYING_VISIT && !e->cells)
		entry_retrace(e, u);
	else
		entry_prev(e, u);
}

static void act_end_part(struct screen *s, struct ui *u,
			 const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (entry_commit(e, u))
		entry_end_part(e, u);
}

static void act_more(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	entry_more((struct entry *)s, u);
}

static void act_next_page(struct screen *s, struct ui *u,
			  const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (entry_commit(e, u))
		entry_next_page(e, u);
}

static void act_prev_page(struct screen *s, struct ui *u,
			  const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (entry_commit(e, u))
		entry_prev_page(e, u);
}

static void act_jump(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (entry_commit(e, u))
		entry_jump(e, u);
}

static void act_review(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (entry_commit(e, u))
		review_open(e, u);
}

static void act_undo(struct screen *s, struct ui *u, const struct binding *b)
{
	entry_undo((struct entry *)s, u, b->arg != NULL);
}

static void act_save(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	ui_message(u, "%s", _("Draf tersimpan"));
	entry_store(s, u); /* says so when it is not */
}

static void act_add(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)b;
	roster_add((struct entry *)s, u);
}

/* From the table into its cells, and from a row to its page. */
static void act_cells(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	grid_enter(e, u, e->roster.at, 0);
}

static void act_page(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	entry_enter_instance(e, u, e->roster.at + 1);
}

static void act_rows(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (!entry_commit(e, u))
		return;
	entry_depart(e);
	e->cells = false;
	e->at = NOTHING;
	entry_make_paper(e, u);
	e->away = false;
}

/* Out of a row of a table, or out of the form; the draft stays. */
static void act_leave(struct screen *s, struct ui *u, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	(void)b;
	if (!pages_instance(&e->pages).node) {
		entry_log_close(e);
		entry_log(e, "form save", STR(""));
		entry_log(e, "form exit", STR(""));
		entry_store(s, u);
		entry_tell(e, u);
		ui_pop(u);
	} else if (entry_commit(e, u)) {
		entry_leave_instance(e, u);
	}
}

static const struct binding bindings[] = {
	{ UI_ENTER, UI_DOWN, N_("lanjut"), N_("simpan jawaban dan lanjut"),
	  act_next, on_questions, false, NULL },
	{ UI_TAB, 0, NULL, N_("lanjut"), act_next, on_questions, false, NULL },
	{ '+', '=', N_("tambah"), N_("tambah baris baru"), act_add, on_growing,
	  false, NULL },
	{ UI_ENTER, 0, N_("buka"),
	  N_("di baris: ubah isinya; di baris terakhir: lanjut"), act_next,
	  on_roster, false, NULL },
	{ '-', UI_DELETE, N_("hapus"), N_("hapus baris ini"), roster_remove,
	  on_growing, false, NULL },
	{ 'i', UI_INSERT, NULL, N_("sisipkan baris baru di sini"),
	  roster_insert, on_growing, false, NULL },
	{ 'k', UI_RIGHT, NULL, N_("ketik di tabel, sel demi sel"), act_cells,
	  on_roster, false, NULL },
	{ 'h', 0, NULL, N_("buka baris ini sebagai halaman"), act_page,
	  on_roster, false, NULL },
	{ UI_INSERT, 0, NULL, N_("sisipkan baris baru di sini"), roster_insert,
	  on_cells, false, NULL },
	{ 'u', 0, NULL, N_("urutkan; sekali lagi: menurut kolom berikut"),
	  roster_sort, on_growing, false, NULL },
	{ UI_DOWN, UI_TAB, NULL, N_("lanjut"), act_next, on_roster, false,
	  NULL },
	{ UI_CTRL('p'), UI_UP, N_("mundur"), N_("ke pertanyaan sebelumnya"),
	  act_prev, NULL, false, NULL },
	{ UI_BACKTAB, 0, NULL, N_("ke pertanyaan sebelumnya"), act_prev, NULL,
	  false, NULL },
	{ UI_CTRL('f'), 0, N_("lompat"),
	  N_("lompat ke pertanyaan: ketik beberapa hurufnya"), act_jump,
	  on_questions, false, NULL },
	{ UI_CTRL('f'), 0, NULL,
	  N_("lompat ke pertanyaan: ketik beberapa hurufnya"), act_jump,
	  on_roster, false, NULL },
	{ UI_CTRL('q'), 0, N_("akhiri"),
	  N_("akhiri daftar ini, ke bagian berikut"), act_end_part, on_cells,
	  false, NULL },
	{ UI_CTRL('r'), 0, N_("tinjau"), N_("tinjau isian dan selesaikan"),
	  act_review, NULL, false, NULL },
	{ UI_CTRL('o'), 0, N_("lain"),
	  N_("perintah lain: cara mengisi, cari yang kosong, ..."), act_more,
	  NULL, false, NULL },
	{ UI_CTRL('n'), 0, NULL, N_("catatan pada pertanyaan ini"),
	  entry_remark, on_questions, false, NULL },
	{ UI_CTRL('y'), 0, NULL,
	  N_("salin jawaban dari catatan atau baris sebelumnya"), entry_copy,
	  on_questions, false, NULL },
	{ UI_CTRL('q'), 0, NULL,
	  N_("akhiri bagian atau daftar ini, ke bagian berikut"), act_end_part,
	  off_cells, false, NULL },
	{ '/', 0, NULL, N_("akhiri daftar ini, ke bagian berikut"),
	  act_end_part, on_roster, false, NULL },
	{ UI_CTRL('t'), 0, NULL, N_("batalkan perbuatan terakhir"), act_undo,
	  NULL, false, NULL },
	{ UI_CTRL('v'), 0, NULL, N_("ulangi yang dibatalkan"), act_undo, NULL,
	  false, "redo" },
	{ UI_CTRL('s'), 0, NULL, N_("simpan draf sekarang"), act_save, NULL,
	  false, NULL },
	{ UI_PGDN, 0, NULL, N_("halaman berikut"), act_next_page, NULL, false,
	  NULL },
	{ UI_PGUP, 0, NULL, N_("halaman sebelumnya"), act_prev_page, NULL,
	  false, NULL },
	{ UI_CTRL('g'), UI_F1, N_("bantuan"), NULL, screen_help, NULL, false,
	  NULL },
	{ UI_ESC, 0, N_("baris"),
	  N_("keluar dari sel: di baris + menambah, i menyisipkan, - "
	     "menghapus"),
	  act_rows, on_cells, false, NULL },
	{ UI_ESC, 0, N_("keluar"),
	  N_("satu langkah kembali; isian tetap tersimpan sebagai draf"),
	  act_leave, off_cells, false, NULL },
	BINDING_END,
};

/* ---- drawing */
static struct str title_of(struct entry *e, struct ui *u)
{
	struct arena *a = ui_scratch(u);
	struct ref in = pages_instance(&e->pages);
	struct str name;

	if (!in.node)
		return e->title;
	name = roster_name(e, in, a);
	if (!name.n)
		name = str_from(_("baru"));
	return arena_printf(a, "%.*s - %.*s", STR_ARG(e->title), STR_ARG(name));
}

static struct str heading_of(struct entry *e, struct ui *u)
{
	const struct page *p = entry_page(e);

	if (!p || !p->group)
		return STR("");
	return text_plain(ui_scratch(u),
			  session_item_label(e->session, p->group, p->near));
}

/* Page and screenful; how it is filled in where that would not cut them. */
static struct str place_of(struct entry *e, struct ui *u, struct str title)
{
	struct arena *a = ui_scratch(u);
	struct str page = arena_printf(a, _("hal. %zu/%zu"), e->page + 1,
				       e->pages.list.n);
	int room = ui_cols(u) - 2;
	struct str both;

	if (e->paper.leaves > 1)
		page = arena_printf(a, "%.*s (%zu/%zu)", STR_ARG(page),
				    e->leaf + 1, e->paper.leaves);
	both = arena_printf(a, "%.*s  %.*s", STR_ARG(entry_mode(e, a)),
			    STR_ARG(page));
	if (ui_width(title) + 2 + ui_width(both) <= room ||
	    ui_width(both) <= room / 3)
		return both;
	return page;
}

static void draw(struct screen *s, struct ui *u)
{
	struct entry *e = (struct entry *)s;
	struct paper_view view = { .top = PAGE_TOP,
				   .field = &e->field,
				   .sys = cases_sys(e->cases) };
	struct str title = title_of(e, u);

	entry_layout(e, u); /* the size may have changed */
	ui_title(u, title, place_of(e, u, title));
	ui_attr(u, UI_BOLD);
	ui_put(u, 1, 1, -1, heading_of(e, u));
	ui_attr(u, UI_PLAIN);
	if (grid_on(e)) {
		grid_draw(e, u);
		return;
	}
	if (on_roster(s)) {
		roster_draw(e, u);
		return;
	}
	view.leaf = e->leaf;
	view.current = e->at;
	paper_draw(&e->paper, u, &view);
}

/* How this kind of question is answered. */
static struct str how_to(const struct block *b)
{
	static const struct {
		enum field_kind kind;
		const char *text;
	} rows[] = {
		{ FIELD_DATE, N_("Ketik angka saja: 12071985. Titik = hari "
				 "ini, + dan - = sehari.") },
		{ FIELD_DATETIME, N_("Ketik angka saja: 120719850930. Titik "
				     "= sekarang, + dan - = sehari.") },
		{ FIELD_MONTH, N_("Ketik bulan dan tahun: 071985.") },
		{ FIELD_YEAR, N_("Ketik tahunnya: 1985.") },
		{ FIELD_TIME, N_("Ketik jam dan menit: 0930.") },
		{ FIELD_CODE, N_("Ketik angka pilihannya.") },
	};

	if (b->listed)
		return str_from(_("Ketik beberapa hurufnya, lalu Enter; spasi "
				  "membuka daftarnya."));
	if (b->many)
		return str_from(_("Ketik angka setiap pilihan; sekali lagi "
				  "membatalkannya. Enter lanjut."));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == b->field)
			return str_from(_(rows[i].text));
	}
	return STR("");
}

/* What the form says of the question, then the keys. */
static void help(struct screen *s, struct ui *u, struct buf *out)
{
	struct entry *e = (struct entry *)s;
	const struct block *b = entry_block(e);
	struct str texts[4], line;

	if (!b)
		return;
	if (entry_blind(e))
		buf_adds(out, _("Ketik jawaban dari kertasnya, kosong: Enter. "
				"Bila berbeda, ketik\nsekali lagi: yang dua "
				"kali sama yang berlaku. ^O lalu k: ke yang "
				"belum.\n\n"));
	texts[0] = b->label;
	texts[1] = b->hint;
	texts[2] = text_plain(ui_scratch(u),
			      session_guidance(e->session, b->step->ref));
	texts[3] = how_to(b);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		while (ui_wrap(&texts[i], ui_cols(u) - 4, &line)) {
			buf_addstr(out, line);
			buf_addc(out, '\n');
		}
	}
	if (entry_special(b->step->item))
		buf_adds(out, _("Tidak tahu: ^O lalu t. Menolak menjawab: ^O "
				"lalu m.\n"));
	if (e->cells)
		buf_adds(out, _("Di tabel: panah ke sel lain; mengetik di "
				"baris terakhir menambah; Enter di\nbaris "
				"kosong: selesai; Esc: ke baris (+ i - u).\n"));
	buf_addc(out, '\n');
	buf_adds(out,
		 _("Tanda: ? diisi formulir, - dilewati kosong, ! salah, # "
		   "ada catatan,"));
	buf_addc(out, '\n');
	buf_adds(out, _("= terkunci, + ikut ke formulir berikut, ~ dilewati "
			"aturan"));
	buf_adds(out, "\n\n");
}

/* An empty draft that stays in the list would do no harm. */
static void forget_empty(struct cases *c, struct str draft)
{
	if (draft.n && draft_delete(c, draft))
		return;
}

void entry_free(struct screen *s)
{
	struct entry *e = (struct entry *)s;
	struct arena a = { 0 };
	struct str id = STR("");

	if (e->draft && e->fresh_draft && !e->done)
		id = arena_dup(&a, draft_id(e->draft));
	if (e->draft)
		draft_close(e->draft);
	session_free(e->session);
	session_free(e->before);
	keying_release(&e->keying);
	vec_release(&e->trail);
	arena_release(&e->trail_texts);
	/* Nothing was typed: there is nothing to keep. */
	forget_empty(e->cases, id);
	changes_release(&e->changes);
	pages_release(&e->pages);
	paper_release(&e->paper);
	field_release(&e->field);
	vec_release(&e->unsaved);
	arena_release(&e->records);
	arena_release(&e->arena);
	arena_release(&e->differing_text);
	arena_release(&a);
	free(e);
}

/* ---- opening */
struct entry *entry_new(struct cases *c)
{
	static const struct screen_ops ops = {
		.title = N_("Mengisi formulir"),
		.draw = draw,
		.key = entry_key,
		.settle = entry_settle,
		.tick = entry_tick,
		.store = entry_store,
		.help = help,
		.free = entry_free,
	};
	struct entry *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->screen.ops = &ops;
	e->screen.bindings = bindings;
	e->cases = c;
	e->at = NOTHING;
	e->away = true;
	edit_init(&e->field.edit, 1);
	return e;
}
