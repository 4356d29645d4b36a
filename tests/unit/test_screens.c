/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/shop.h"

/* ---- home */
static void home_shows_what_can_be_done(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	assert_screen(
		&g.t,
		" PILAR                                                      "
		"Palapa - Dewi (PSM)\n"
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
	stage_end(&g);
}

/* ---- review and case */
static void fill_in(struct stage *g, const char *name)
{
	shop_form(g);
	terminal_keys(&g->t, name);
	terminal_keys(&g->t, "<Enter><PgDn>1<PgDn><Enter>Siti<Enter><Enter>");
	assert_shows(&g->t, "1    Siti");
	terminal_keys(&g->t, "<C-r>");
}

static void the_review_lists_what_must_be_mended(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
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
	stage_end(&g);
}

static void what_is_finished_becomes_a_case(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
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
	stage_end(&g);
}

static void a_visit_starts_from_its_case(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
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
	stage_end(&g);
}

static void searching_anywhere_opens_the_case(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	fill_in(&g, "Maju Jaya");
	terminal_keys(&g.t, "f/jaya");
	assert_shows(&g.t, "   Toko          Maju Jaya\n");
	terminal_keys(&g.t, "xx");
	assert_shows(&g.t, "Tidak ada yang cocok.");
	terminal_keys(&g.t, "<BS><BS><Down><Enter>");
	assert_shows(&g.t, " Riwayat\n");
	stage_end(&g);
}

/* ---- drafts */
static void a_draft_is_taken_up_where_it_was(void **state)
{
	struct stage g;
	int row, col;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "Maju Jaya<Enter>36<Enter><Enter>18");
	ui_hangup(g.t.ui);
	stage_again(&g);
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
	stage_end(&g);
}

static void leaving_keeps_the_draft_unless_nothing_was_done(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "<Enter><Esc>");
	assert_shows(&g.t, "Draf belum selesai              0\n");
	shop_form(&g);
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
	stage_end(&g);
}

static void saving_on_request_says_so(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "Ma<C-s>");
	assert_shows(&g.t, " Draf tersimpan\n");
	terminal_keys(&g.t, "j");
	assert_hides(&g.t, "Draf tersimpan");
	stage_end(&g);
}

/* ---- sizes and bytes */
static void the_smallest_screen_still_works(void **state)
{
	struct stage g;

	(void)state;
	shop_begin_on(&g, false, 16, 60);
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
	shop_form(&g);
	assert_shows(&g.t, "   Nama toko *              [");
	ui_resized(g.t.ui, 24, 80);
	assert_shows(&g.t, "   Nama toko *                      [");
	ui_resized(g.t.ui, 10, 30);
	ui_resized(g.t.ui, 16, 60);
	terminal_keys(&g.t, "Maju<Enter>");
	assert_shows(&g.t, "   Luas (m2)                [          ]");
	stage_end(&g);
}

static void keys_cost_few_bytes(void **state)
{
	struct stage g;
	static const char *const moves[] = { "<Enter>", "<Enter>", "<Enter>" };

	(void)state;
	shop_begin_on(&g, true, 24, 80);
	ui_step(g.t.ui);
	assert_true(terminal_bytes(&g.t) <= 1300);
	shop_form(&g);
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
	stage_end(&g);
}

/* Data that would steer the terminal is shown, not obeyed. */
static void hostile_names_are_shown_harmless(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_burst(&g.t, "<Esc>[200~a<Esc>]0;x<x07>%s%n<Esc>[201~");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "[a]0;x%s%n ");
	terminal_keys(&g.t, "<PgDn>1<PgDn><Enter>Siti<Enter><Enter><C-r>f");
	terminal_keys(&g.t, "t<Enter>");
	assert_shows(&g.t, " > a]0;x%s%n");
	stage_end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(home_shows_what_can_be_done),
		T(the_review_lists_what_must_be_mended),
		T(what_is_finished_becomes_a_case),
		T(a_visit_starts_from_its_case),
		T(searching_anywhere_opens_the_case),
		T(a_draft_is_taken_up_where_it_was),
		T(leaving_keeps_the_draft_unless_nothing_was_done),
		T(saving_on_request_says_so),
		T(the_smallest_screen_still_works),
		T(keys_cost_few_bytes),
		T(hostile_names_are_shown_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
