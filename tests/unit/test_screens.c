/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/draft.h"
#include "pilar/file.h"
#include "pilar/screens.h"
#include "pilar/xlsform.h"

#include "../lib/screen.h"

/* Sunday 22 November 2026, 10.00 in Lampung. */
#define NOW INT64_C(1795316400000)

/* Every kind of question there is, on four pages. */
static const char form_md[] =
	"| survey |\n"
	"| | type | name | label | hint | required | relevant | constraint | "
	"constraint_message | calculation | appearance | save_to |\n"
	"| | begin_group | a | A. Toko | | | | | | | field-list | |\n"
	"| | text | nama | Nama toko | Seperti di papan. | yes | | "
	"string-length(.) > 1 | Paling sedikit 2 huruf. | | | nama |\n"
	"| | integer | luas | Luas (m2) | | | | . < 1000 | Di bawah 1000. | "
	"| | |\n"
	"| | date | buka | Buka sejak | | | | | | | | |\n"
	"| | text | kode | Kode | | | | | | | numbers len4 | |\n"
	"| | calculate | luas2 | | | | | | | ${luas} * 2 | | |\n"
	"| | note | n2 | Dua kali: ${luas2} | | | ${luas} != '' | | | | | |\n"
	"| | end_group | | | | | | | | | | |\n"
	"| | begin_group | b | B. Barang | | | | | | | field-list | |\n"
	"| | select_one jenis | jenis | Jenis | | yes | | | | | | |\n"
	"| | text | lain | Jenis lain | | | ${jenis} = '3' | | | | | |\n"
	"| | select_multiple hari | hari | Hari buka | | | | | | | | |\n"
	"| | acknowledge | baca | Sudah dibacakan | | | | | | | | |\n"
	"| | end_group | | | | | | | | | | |\n"
	"| | begin_repeat | pegawai | C. Pegawai | | | | | | | | |\n"
	"| | text | siapa | Nama pegawai | | yes | | | | | | |\n"
	"| | integer | umur | Umur | | | | | | | | |\n"
	"| | end_repeat | | | | | | | | | | |\n"
	"| | begin_group | d | D. Penutup | | | | | | | "
	"field-list ringkasan | |\n"
	"| | note | r | Toko ${nama} punya ${n} pegawai. | | | | | | | | |\n"
	"| | calculate | n | | | | | | | count(${pegawai}) | | |\n"
	"| | text | catatan | Catatan | | | | | | | multiline | |\n"
	"| | end_group | | | | | | | | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | jenis | 1 | Makanan |\n"
	"| | jenis | 2 | Pakaian |\n"
	"| | jenis | 3 | Lainnya |\n"
	"| | hari | sen | Senin |\n"
	"| | hari | sel | Selasa |\n"
	"| | hari | rab | Rabu |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | Daftar toko | toko | 1 |\n"
	"| entities |\n"
	"| | list_name | label |\n"
	"| | toko | ${nama} |\n";

/* A visit to a shop: begins from one. */
static const char visit_md[] =
	"| survey |\n"
	"| | type | name | label | required | save_to |\n"
	"| | begin_group | a | A. Kunjungan | | |\n"
	"| | select_one_from_file toko.csv | toko_id | Toko | yes | |\n"
	"| | text | temuan | Temuan | yes | temuan |\n"
	"| | end_group | | | | |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | Kunjungan toko | kunjung | 1 |\n"
	"| entities |\n"
	"| | list_name | entity_id |\n"
	"| | toko | ${toko_id} |\n";

static const char datasets_csv[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"toko,menu,t,Toko,Shops,,,,,\n"
	"toko,title,nama,Toko,Shop,,,,,nama\n"
	"toko,column,nama,Nama,Name,1,name,,,nama\n"
	"toko,column,temuan,Temuan,Finding,2,,,,temuan\n"
	"toko,detail,temuan,Temuan,Finding,1,,,,temuan\n"
	"toko,action,kunjung,kunjungan,visit,n,,,,visit\n"
	"toko,action,toko,daftar baru,register,b,,,,new\n";

struct stage {
	char dir[64];
	struct sys_fixed clock;
	struct store *store;
	struct cases *cases;
	struct terminal t;
};

static void add_form(struct stage *g, const char *md, const char *name)
{
	struct buf xml = BUF_INIT((size_t)1 << 20);
	struct report rep = { 0 };
	struct arena a = { 0 };
	enum err rc = xlsform_convert(str_from(md), SHEETS_MD, str_from(name),
				      &xml, &rep);

	if (!rc)
		rc = cases_form_add(g->cases, buf_str(&xml), name, &rep);
	if (rc)
		fail_msg("%s: %.*s", name, STR_ARG(report_first(&rep, &a)));
	arena_release(&a);
	report_release(&rep);
	buf_release(&xml);
}

static void begin_on(struct stage *g, bool counting, int rows, int cols)
{
	struct store_create create = { .dir = NULL };
	struct store_open open = { .dir = NULL };
	struct cases_setup setup = { .worker_code = STR("dewi"),
				     .worker_name = STR("Dewi"),
				     .worker_role = STR("PSM"),
				     .village = STR("Kaliawi"),
				     .language = STR("id") };
	struct report rep = { 0 };

	*g = (struct stage){ .dir = "/tmp/pilar-screens-XXXXXX" };
	assert_non_null(mkdtemp(g->dir));
	memcpy(g->dir + strlen(g->dir), "/s", 3);
	sys_fixed_init(&g->clock, NOW, 420, 7);
	create.dir = open.dir = g->dir;
	create.sys = open.sys = &g->clock.sys;
	assert_int_equal(store_create(&create, &rep), 0);
	assert_int_equal(store_open(&g->store, &open, &rep), 0);
	assert_int_equal(cases_setup(g->store, &g->clock.sys, &setup, &rep), 0);
	assert_int_equal(
		cases_open(&g->cases, g->store, &g->clock.sys, STR(""), &rep),
		0);
	assert_int_equal(cases_media_put(g->cases, STR("datasets.csv"),
					 str_from(datasets_csv), &rep),
			 0);
	add_form(g, form_md, "toko");
	add_form(g, visit_md, "kunjung");
	assert_int_equal(cases_refresh(g->cases), 0);
	report_release(&rep);
	if (counting)
		terminal_open_counting(&g->t, rows, cols);
	else
		terminal_open(&g->t, rows, cols);
	assert_int_equal(screens_home(g->t.ui, g->cases), 0);
}

static void begin(struct stage *g)
{
	begin_on(g, false, 24, 80);
}

static void remove_store(struct stage *g)
{
	char sub[80];

	snprintf(sub, sizeof(sub), "%s/drafts", g->dir);
	if (dir_remove(sub) || dir_remove(g->dir))
		return; /* left for the system to clean */
	g->dir[strlen(g->dir) - 2] = '\0';
	if (dir_remove(g->dir))
		return;
}

static void end(struct stage *g)
{
	terminal_close(&g->t);
	cases_close(g->cases);
	store_close(g->store);
	remove_store(g);
}

/* The program ends without a word and is started again. */
static void start_again(struct stage *g)
{
	struct store_open open = { .dir = g->dir, .sys = &g->clock.sys };
	struct report rep = { 0 };

	terminal_close(&g->t);
	cases_close(g->cases);
	store_close(g->store);
	assert_int_equal(store_open(&g->store, &open, &rep), 0);
	assert_int_equal(
		cases_open(&g->cases, g->store, &g->clock.sys, STR(""), &rep),
		0);
	report_release(&rep);
	terminal_open(&g->t, 24, 80);
	assert_int_equal(screens_home(g->t.ui, g->cases), 0);
}

/* ---- home */
static void home_shows_what_can_be_done(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	assert_screen(
		&g.t,
		" PILAR                                                     "
		"Kaliawi - Dewi (PSM)\n"
		" Minggu 22 November 2026\n\n"
		"   Draf belum selesai              0\n"
		"   Belum diekspor                  0\n\n"
		"   t  Toko                       cari, buka kasus, kunjungan, "
		"daftar baru\n"
		"   b  Formulir baru              Kunjungan toko, Daftar toko\n"
		"   d  Draf                       lanjutkan pengisian\n"
		"   s  Sinkronisasi               ekspor, kirim, terima\n"
		"   r  Rekap                      hitungan, daftar, laporan "
		"bulanan\n"
		"   a  Pengaturan                 profil, bahasa, formulir\n"
		"   x  Kunci layar                juga ^X, di layar mana "
		"pun\n\n"
		" / cari di mana saja  ? bantuan  q keluar\n");
	terminal_keys(&g.t, "?");
	assert_shows(&g.t, "Bantuan: Beranda");
	assert_shows(&g.t, "   s            Sinkronisasi\n");
	terminal_keys(&g.t, "<Esc>d");
	assert_shows(&g.t, "Tidak ada draf.");
	terminal_keys(&g.t, "<Esc>s");
	assert_shows(&g.t, "Belum diekspor           0");
	terminal_keys(&g.t, "<Esc>q");
	end(&g);
}

/* ---- form entry */
static void form(struct stage *g)
{
	terminal_keys(&g->t, "b");
	assert_shows(&g->t, "   2   Daftar toko");
	terminal_keys(&g->t, "2");
}

static void a_page_shows_its_questions(void **state)
{
	struct stage g;
	int row, col;

	(void)state;
	begin(&g);
	form(&g);
	assert_screen(
		&g.t,
		" Daftar toko                                               "
		" wawancara  hal. 1/4\n"
		" A. Toko\n\n"
		"   Nama toko *                      [                       "
		"                  ]\n"
		"     Seperti di papan.\n\n"
		"   Luas (m2)                        [          ]\n"
		"   Buka sejak                       [          ]\n"
		"   Kode                             [    ]\n\n"
		" Enter lanjut  ^P mundur  ^F lompat  ^R tinjau  ^O lain  "
		"^G bantuan  Esc keluar\n");
	terminal_cursor(&g.t, &row, &col);
	assert_int_equal(row, 3);
	assert_int_equal(col, 37);
	end(&g);
}

static void answers_recompute_what_follows_in_place(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "Maju<Enter>36<Enter>");
	assert_shows(&g.t, "Dua kali: 72\n");
	terminal_keys(&g.t, "<C-p><C-u>5<Enter>");
	assert_shows(&g.t, "Dua kali: 10\n");
	terminal_keys(&g.t, "<C-p><C-u><Enter>");
	assert_hides(&g.t, "Dua kali");
	end(&g);
}

static void a_failing_answer_is_said_once_and_lets_go(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "M<Enter>");
	assert_shows(&g.t, "  [M  ");
	assert_shows(&g.t, "     ! Paling sedikit 2 huruf.\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "     ! Paling sedikit 2 huruf.\n");
	assert_shows(&g.t, "Luas (m2)                        [");
	/* a date that is none, too */
	terminal_keys(&g.t, "<Enter>3102<Enter>");
	assert_shows(&g.t, "Tanggal belum lengkap");
	assert_shows(&g.t, "  [3102      ]");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t,
		     "\n # Buka sejak                       -          ]");
	assert_shows(&g.t, "Bukan jawaban; disimpan sebagai catatan");
	/* what was typed is not lost: the review has it, once */
	terminal_keys(&g.t, "<C-p>3102<Enter><Enter><C-r>");
	assert_shows(&g.t, "1 catatan\n");
	assert_shows(&g.t, "Diketik: 3102\n");
	end(&g);
}

static void a_code_answers_and_moves_on(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "Maju<Enter><Enter><Enter>1871");
	assert_shows(&g.t, " B. Barang\n");
	assert_shows(&g.t, "   Jenis *                          [ ] 1 Makanan  "
			   "2 Pakaian  3 Lainnya\n");
	terminal_keys(&g.t, "9");
	assert_shows(&g.t, "Tidak ada pilihan 9");
	terminal_keys(&g.t, "3");
	assert_shows(&g.t, "   Jenis *                          [3] 1");
	assert_shows(&g.t, "   Jenis lain                       [");
	terminal_keys(&g.t, "<C-p>1");
	assert_hides(&g.t, "Jenis lain");
	terminal_keys(&g.t, "31");
	assert_shows(&g.t, "  [1 3 ");
	terminal_keys(&g.t, "3");
	assert_shows(&g.t, "  [1  ");
	terminal_keys(&g.t, "<BS>2<Enter>");
	assert_shows(&g.t, "[2  ");
	assert_shows(&g.t, "  [ ] 1 Ya, sudah");
	terminal_keys(&g.t, "1");
	assert_shows(&g.t, " C. Pegawai\n");
	end(&g);
}

static void a_paste_answers_no_choice(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "Maju<Enter><Enter><Enter>1871");
	terminal_burst(&g.t, "<Esc>[200~1<Enter>2<Esc>[201~");
	assert_shows(&g.t, "   Jenis *                          [ ] 1");
	end(&g);
}

static void undo_takes_back_and_redo_does_again(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "Maju<Enter>36<Enter>");
	terminal_keys(&g.t, "<C-t>");
	assert_shows(&g.t, "  -          ]\n");
	assert_shows(&g.t, "Dibatalkan\n");
	assert_hides(&g.t, "Dua kali");
	terminal_keys(&g.t, "<C-v>");
	assert_shows(&g.t, "  [36        ]\n");
	assert_shows(&g.t, "   Dua kali: 72\n");
	terminal_keys(&g.t, "<C-t><C-t><C-t>");
	assert_shows(&g.t, "Tidak ada yang dibatalkan");
	end(&g);
}

static void a_table_takes_rows_and_asks_before_removing(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "<PgDn><PgDn>");
	assert_shows(&g.t, "        Nama pegawai            Umur\n"
			   " > 1    (belum diisi)\n"
			   "   Enter di sini: lanjut   + tambah lagi\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Daftar toko - baru ");
	terminal_keys(&g.t, "Siti<Enter>40<Enter>");
	assert_shows(&g.t, "   1    Siti                    40\n"
			   " > Enter di sini: lanjut   + tambah lagi\n");
	terminal_keys(&g.t, "+Budi<Enter><Enter>");
	assert_shows(&g.t, "   2    Budi\n > Enter di sini");
	terminal_keys(&g.t, "<Up><Up>-");
	assert_shows(&g.t, "Hapus Siti dari daftar ini? (y/t)\n");
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, " > 1    Siti");
	terminal_keys(&g.t, "-y");
	assert_shows(&g.t, " > 1    Budi\n   Enter di sini");
	/* what is half typed in a row is kept when one steps back */
	terminal_keys(&g.t, "<Enter>man<Esc>");
	assert_shows(&g.t, "   1    Budiman\n");
	terminal_keys(&g.t, "<C-t>");
	assert_shows(&g.t, "  [Budi ");
	/* and what was removed comes back in the table */
	terminal_keys(&g.t, "<C-t>");
	assert_shows(&g.t, "1    Siti");
	end(&g);
}

static void jumping_goes_by_a_few_letters(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "<C-f>hari");
	assert_shows(&g.t, "> ");
	assert_shows(&g.t, "Hari buka");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " B. Barang\n");
	terminal_keys(&g.t, "2");
	assert_shows(&g.t, "  [2 ");
	end(&g);
}

static void help_says_what_the_form_says(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "apa?<F1>");
	assert_shows(&g.t, " Bantuan: Mengisi formulir\n\n  Nama toko\n"
			   "  Seperti di papan.\n");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "  [apa? ");
	end(&g);
}

/* ---- review and case */
static void fill_in(struct stage *g, const char *name)
{
	form(g);
	terminal_keys(&g->t, name);
	terminal_keys(&g->t, "<Enter><PgDn>1<PgDn><Enter>Siti<Enter><Enter>");
	assert_shows(&g->t, "1    Siti");
	terminal_keys(&g->t, "<C-r>");
}

static void the_review_lists_what_must_be_mended(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "M<Enter><Enter><C-r>");
	assert_shows(
		&g.t,
		" Tinjau: Daftar toko\n\n"
		"  3 harus diperbaiki\n"
		" >  Nama toko                               Paling sedikit "
		"2 huruf.\n"
		"    Jenis                                   wajib diisi\n"
		"    baris 1: Nama pegawai                   wajib diisi\n\n"
		"  D. Penutup\n"
		"    Toko M punya 1 pegawai.\n\n"
		"  1 isian, ");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, "  [M  ");
	terminal_keys(&g.t, "<C-r><Down><Enter>");
	assert_shows(&g.t, "Jenis *                          [ ]");
	/* from now on what lacks says so */
	assert_shows(&g.t, "     ! wajib diisi\n");
	end(&g);
}

static void what_is_finished_becomes_a_case(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	fill_in(&g, "Maju Jaya");
	assert_shows(&g.t, "Semua benar. Tekan f untuk menyimpan.");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " Tersimpan\n");
	assert_shows(&g.t, "Draf belum selesai              0\n");
	assert_shows(&g.t, "Belum diekspor                  1");
	terminal_keys(&g.t, "tmaj");
	assert_shows(&g.t, " Toko                                            "
			   "                   1 - 1 cocok\n"
			   " / maj\n"
			   "   Nama                  Temuan\n"
			   "   Maju Jaya\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " > Maju Jaya\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Maju Jaya                                      "
			   "                           Toko\n\n");
	assert_shows(&g.t,
		     " Riwayat\n"
		     " > 22 Nov 2026   Daftar toko                           "
		     "dewi");
	terminal_keys(&g.t, "v");
	assert_shows(&g.t,
		     " A. Toko\n"
		     "   Nama toko                             Maju Jaya\n");
	assert_shows(&g.t,
		     "   Jenis                                 Makanan\n");
	end(&g);
}

static void a_visit_starts_from_its_case(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	fill_in(&g, "Maju Jaya");
	terminal_keys(&g.t, "ft<Enter>n");
	assert_shows(&g.t, " Kunjungan toko - Maju Jaya ");
	assert_shows(&g.t, " = Toko: Maju Jaya\n");
	terminal_keys(&g.t, "Ramai<Enter>f");
	assert_shows(&g.t, " Tersimpan\n");
	assert_shows(&g.t, " > Maju Jaya             Ramai\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "   Temuan: Ramai\n");
	assert_shows(&g.t, "Kunjungan toko                        dewi");
	end(&g);
}

static void searching_anywhere_opens_the_case(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	fill_in(&g, "Maju Jaya");
	terminal_keys(&g.t, "f/jaya");
	assert_shows(&g.t, "   Toko          Maju Jaya\n");
	terminal_keys(&g.t, "xx");
	assert_shows(&g.t, "Tidak ada yang cocok.");
	terminal_keys(&g.t, "<BS><BS><Down><Enter>");
	assert_shows(&g.t, " Riwayat\n");
	end(&g);
}

/* ---- drafts */
static void a_draft_is_taken_up_where_it_was(void **state)
{
	struct stage g;
	int row, col;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "Maju Jaya<Enter>36<Enter><Enter>18");
	ui_hangup(g.t.ui);
	start_again(&g);
	assert_shows(&g.t, "Draf belum selesai              1    terakhir "
			   "10.00: Daftar toko\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Nama toko *                      [Maju Jaya ");
	assert_shows(&g.t, "Dua kali: 72");
	assert_shows(&g.t, "Kode                             [18  ]");
	terminal_cursor(&g.t, &row, &col);
	assert_int_equal(col, 39);
	terminal_keys(&g.t, "71");
	assert_shows(&g.t, " B. Barang\n");
	end(&g);
}

static void leaving_keeps_the_draft_unless_nothing_was_done(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "<Enter><Esc>");
	assert_shows(&g.t, "Draf belum selesai              0\n");
	form(&g);
	terminal_keys(&g.t, "Ma<Esc>");
	assert_shows(&g.t, "Draf belum selesai              1");
	terminal_keys(&g.t, "d");
	assert_shows(&g.t, " > Daftar toko");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "  [Ma  ");
	terminal_keys(&g.t, "<Esc>x");
	assert_shows(&g.t, "Hapus draf Daftar toko (0 isian)? (y/t)");
	terminal_keys(&g.t, "y");
	assert_shows(&g.t, "Tidak ada draf.");
	end(&g);
}

static void saving_on_request_says_so(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_keys(&g.t, "Ma<C-s>");
	assert_shows(&g.t, " Draf tersimpan\n");
	terminal_keys(&g.t, "j");
	assert_hides(&g.t, "Draf tersimpan");
	end(&g);
}

/* ---- sizes and bytes */
static void the_smallest_screen_still_works(void **state)
{
	struct stage g;

	(void)state;
	begin_on(&g, false, 16, 60);
	assert_shows(&g.t, "   t  Toko");
	terminal_keys(&g.t, "?");
	assert_shows(&g.t, " Esc kembali  PgDn lainnya");
	assert_hides(&g.t, "sama dengan Esc");
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, "tarik kembali isian terakhir yang belum\n"
			   "                diekspor\n");
	terminal_keys(&g.t, "<PgDn>");
	assert_shows(&g.t, "^C           sama dengan Esc");
	terminal_keys(&g.t, "<Esc>");
	form(&g);
	assert_shows(&g.t, "   Nama toko *              [");
	ui_resized(g.t.ui, 24, 80);
	assert_shows(&g.t, "   Nama toko *                      [");
	ui_resized(g.t.ui, 10, 30);
	ui_resized(g.t.ui, 16, 60);
	terminal_keys(&g.t, "Maju<Enter>");
	assert_shows(&g.t, "   Luas (m2)                [          ]");
	end(&g);
}

static void keys_cost_few_bytes(void **state)
{
	struct stage g;
	static const char *const moves[] = { "<Enter>", "<Enter>", "<Enter>" };

	(void)state;
	begin_on(&g, true, 24, 80);
	ui_step(g.t.ui);
	assert_true(terminal_bytes(&g.t) <= 1300);
	form(&g);
	terminal_keys(&g.t, "M");
	terminal_bytes(&g.t);
	terminal_keys(&g.t, "a");
	assert_int_equal(terminal_bytes(&g.t), 1);
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		terminal_keys(&g.t, moves[i]);
		assert_true(terminal_bytes(&g.t) <= 8);
	}
	terminal_keys(&g.t, "<C-p>1");
	for (int i = 0; i < 6; i++) { /* of a date, its signs come last */
		terminal_bytes(&g.t);
		terminal_keys(&g.t, "1");
		assert_int_equal(terminal_bytes(&g.t), 1);
	}
	terminal_keys(&g.t, "<Enter><Enter><C-p><Enter>"); /* no message */
	terminal_bytes(&g.t);
	terminal_keys(&g.t, "<C-p>"); /* up: the row it leaves goes first */
	assert_true(terminal_bytes(&g.t) <= 8);
	terminal_keys(&g.t, "<Enter>");
	terminal_keys(&g.t, "1871");
	terminal_bytes(&g.t);
	terminal_keys(&g.t, "1");
	assert_true(terminal_bytes(&g.t) <= 24);
	terminal_keys(&g.t, "1");
	assert_true(terminal_bytes(&g.t) <= 4);
	end(&g);
}

/* A long list, chosen by its codes or by words, one choice or several. */
static const char long_md[] =
	"| survey |\n"
	"| | type | name | label | appearance |\n"
	"| | begin_group | a | A. Barang | field-list |\n"
	"| | select_multiple barang | ada | Yang ada | minimal |\n"
	"| | select_one barang | utama | Yang utama | minimal |\n"
	"| | end_group | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | barang | 01 | Beras |\n"
	"| | barang | 02 | Gula |\n"
	"| | barang | 11 | Garam |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | Aneka barang | aneka | 1 |\n";

static void a_typed_code_stands_where_the_words_stood(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	add_form(&g, long_md, "aneka");
	terminal_keys(&g.t, "b1");
	assert_shows(&g.t, "[(ketik untuk mencari)  ");
	terminal_keys(&g.t, "0");
	assert_shows(&g.t, "[0     ");
	terminal_keys(&g.t, "2");
	assert_shows(&g.t, "[02 Gula  ");
	terminal_keys(&g.t, "1"); /* another code begins behind it */
	assert_shows(&g.t, "[02 Gula 1   ");
	terminal_keys(&g.t, "1<Enter>0");
	assert_shows(&g.t, "Yang utama                       [0    ");
	terminal_keys(&g.t, "1"); /* taken without Enter */
	assert_shows(&g.t, "Tinjau: Aneka barang");
	end(&g);
}

/* Data that would steer the terminal is shown, not obeyed. */
static void hostile_names_are_shown_harmless(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	form(&g);
	terminal_burst(&g.t, "<Esc>[200~a<Esc>]0;x<x07>%s%n<Esc>[201~");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "[a]0;x%s%n ");
	terminal_keys(&g.t, "<PgDn>1<PgDn><Enter>Siti<Enter><Enter><C-r>f");
	terminal_keys(&g.t, "t<Enter>");
	assert_shows(&g.t, " > a]0;x%s%n");
	end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(home_shows_what_can_be_done),
		cmocka_unit_test(a_page_shows_its_questions),
		cmocka_unit_test(answers_recompute_what_follows_in_place),
		cmocka_unit_test(a_failing_answer_is_said_once_and_lets_go),
		cmocka_unit_test(a_code_answers_and_moves_on),
		cmocka_unit_test(a_paste_answers_no_choice),
		cmocka_unit_test(undo_takes_back_and_redo_does_again),
		cmocka_unit_test(a_table_takes_rows_and_asks_before_removing),
		cmocka_unit_test(jumping_goes_by_a_few_letters),
		cmocka_unit_test(help_says_what_the_form_says),
		cmocka_unit_test(the_review_lists_what_must_be_mended),
		cmocka_unit_test(what_is_finished_becomes_a_case),
		cmocka_unit_test(a_visit_starts_from_its_case),
		cmocka_unit_test(searching_anywhere_opens_the_case),
		cmocka_unit_test(a_draft_is_taken_up_where_it_was),
		cmocka_unit_test(
			leaving_keeps_the_draft_unless_nothing_was_done),
		cmocka_unit_test(saving_on_request_says_so),
		cmocka_unit_test(the_smallest_screen_still_works),
		cmocka_unit_test(keys_cost_few_bytes),
		cmocka_unit_test(a_typed_code_stands_where_the_words_stood),
		cmocka_unit_test(hostile_names_are_shown_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
