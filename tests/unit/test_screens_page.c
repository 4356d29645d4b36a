/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/shop.h"

/* The pages of a form being filled in. */

static void a_page_shows_its_questions(void **state)
{
	struct stage g;
	int row, col;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
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
	stage_end(&g);
}

static void answers_recompute_what_follows_in_place(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "Maju<Enter>36<Enter>");
	assert_shows(&g.t, "Dua kali: 72\n");
	terminal_keys(&g.t, "<C-p><C-u>5<Enter>");
	assert_shows(&g.t, "Dua kali: 10\n");
	terminal_keys(&g.t, "<C-p><C-u><Enter>");
	assert_hides(&g.t, "Dua kali");
	stage_end(&g);
}

static void a_failing_answer_is_said_once_and_lets_go(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
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
	stage_end(&g);
}

static void a_code_answers_and_moves_on(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
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
	stage_end(&g);
}

static void a_paste_answers_no_choice(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "Maju<Enter><Enter><Enter>1871");
	terminal_burst(&g.t, "<Esc>[200~1<Enter>2<Esc>[201~");
	assert_shows(&g.t, "   Jenis *                          [ ] 1");
	stage_end(&g);
}

static void undo_takes_back_and_redo_does_again(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
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
	stage_end(&g);
}

static void a_table_takes_rows_and_asks_before_removing(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
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
	stage_end(&g);
}

static void jumping_goes_by_a_few_letters(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "<C-f>hari");
	assert_shows(&g.t, "> ");
	assert_shows(&g.t, "Hari buka");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " B. Barang\n");
	terminal_keys(&g.t, "2");
	assert_shows(&g.t, "  [2 ");
	stage_end(&g);
}

static void help_says_what_the_form_says(void **state)
{
	struct stage g;

	(void)state;
	shop_begin(&g);
	shop_form(&g);
	terminal_keys(&g.t, "apa?<F1>");
	assert_shows(&g.t, " Bantuan: Mengisi formulir\n\n  Nama toko\n"
			   "  Seperti di papan.\n");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "  [apa? ");
	stage_end(&g);
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
	shop_begin(&g);
	stage_form(&g, str_from(long_md));
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
	stage_end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_page_shows_its_questions),
		T(answers_recompute_what_follows_in_place),
		T(a_failing_answer_is_said_once_and_lets_go),
		T(a_code_answers_and_moves_on),
		T(a_paste_answers_no_choice),
		T(undo_takes_back_and_redo_does_again),
		T(a_table_takes_rows_and_asks_before_removing),
		T(jumping_goes_by_a_few_letters),
		T(help_says_what_the_form_says),
		T(a_typed_code_stands_where_the_words_stood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
