/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "../lib/stage.h"

static void begin(struct stage *g)
{
	stage_make(g, NULL);
	stage_home(g);
	terminal_keys(&g->t, "a");
}

static void end(struct stage *g)
{
	stage_end(g);
	assert_int_equal(i18n_init("id"), 0);
}

/* Types the path of a file of the test's folder with that content. */
static void add_file(struct stage *g, const char *name, const char *content)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", g->w.folder, name);
	assert_int_equal(file_write(path, str_from(content)), 0);
	terminal_keys(&g->t, "+");
	terminal_keys(&g->t, path);
	terminal_keys(&g->t, "<Enter>");
}

static void settings_show_who_works_and_where_the_data_lies(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	assert_shows(&g.t, " Pengaturan\n\n"
			   " > Nama                  Dewi\n"
			   "   Peran                 PSM\n"
			   "   Desa atau kelurahan   Palapa\n"
			   "   Bahasa                Bahasa Indonesia\n"
			   "   Kunci layar           setelah 10 menit tanpa "
			   "tombol\n"
			   "   Angka kerja           ketikan per jam, salah, "
			   "waktu\n"
			   "   Verifikasi            ketik ulang 1 dari 1 "
			   "isian\n"
			   "   Daftar dari kantor    BDT, DTKS, DTSEN, "
			   "BNBA: .csv, .xlsx\n"
			   "   Formulir              3 formulir\n\n"
			   "   Kode petugas          dewi\n"
			   "   Letak data            /tmp/pilar-cases-");
	assert_shows(&g.t, "   Ukuran data           ");
	assert_shows(&g.t, " Enter ubah  ? bantuan  Esc kembali\n");
	terminal_keys(&g.t, "?");
	assert_shows(&g.t, "Bantuan: Pengaturan");
	end(&g);
}

static void the_profile_can_be_changed(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Nama: Dewi\n");
	terminal_keys(&g.t, "<C-u>Dewi Lestari<Enter>");
	assert_shows(&g.t, "> Nama                  Dewi Lestari\n");
	terminal_keys(&g.t, "<Down><Enter><C-u>TKSK<Enter>");
	terminal_keys(&g.t, "<Down><Enter><C-u>Kaliawi<Enter>");
	/* left without a change */
	terminal_keys(&g.t, "<Enter>xyz<Esc>");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "Kaliawi - Dewi Lestari (TKSK)\n");
	end(&g);
}

static void the_minutes_until_the_lock_are_kept(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<Down><Down><Down><Down><Enter>0<Enter>");
	assert_shows(&g.t, "Isi 1 sampai 240 menit");
	terminal_keys(&g.t, "<Enter>241<Enter>");
	assert_shows(&g.t, "Isi 1 sampai 240 menit");
	terminal_keys(&g.t, "<Enter>240<Enter>");
	assert_shows(&g.t, "setelah 240 menit tanpa tombol");
	terminal_keys(&g.t, "<Esc>a");
	assert_shows(&g.t, "setelah 240 menit tanpa tombol");
	end(&g);
}

static void a_name_cannot_be_taken_away(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<Enter><C-u>  <Enter>");
	assert_shows(&g.t, "Nama wajib diisi");
	assert_shows(&g.t, "> Nama                  Dewi\n");
	end(&g);
}

static void the_language_changes_at_once(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<Down><Down><Down><Enter>");
	assert_shows(&g.t, "English\n");
	assert_string_equal(i18n_lang(), "en");
	assert_true(str_is(cases_worker(g.w.cases)->language, "en"));
	terminal_keys(&g.t, "<Esc>");
	/* what datasets.csv says in English */
	assert_shows(&g.t, "   k  Houses");
	terminal_keys(&g.t, "a<Down><Down><Down><Enter><Esc>");
	assert_shows(&g.t, "   k  Rumah");
	assert_string_equal(i18n_lang(), "id");
	end(&g);
}

static const char form_md[] = "| survey |\n"
			      "| | type | name | label |\n"
			      "| | text | nama | Nama |\n"
			      "| settings |\n"
			      "| | form_title | form_id | version |\n"
			      "| | Daftar toko | toko | 1 |\n";

static void a_form_is_added_from_a_file_and_removed(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<End><Enter>");
	assert_shows(&g.t, "   Judul                           Id");
	assert_hides(&g.t, "Daftar toko");
	add_file(&g, "toko.md", form_md);
	assert_shows(&g.t, "Formulir dipasang");
	assert_shows(&g.t, " Daftar toko                     toko             "
			   "         1\n");
	terminal_keys(&g.t, "<Esc><Esc>");
	assert_shows(&g.t, "Daftar toko");
	terminal_keys(&g.t, "a<End><Enter><Home>");
	for (int i = 0;
	     i < 4 && !strstr(terminal_screen(&g.t), "> Daftar toko"); i++)
		terminal_keys(&g.t, "<Down>");
	terminal_keys(&g.t, "x");
	assert_shows(&g.t, "Lepas formulir Daftar toko, semua versinya?");
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "Daftar toko");
	terminal_keys(&g.t, "xy");
	assert_shows(&g.t, "Formulir dilepas");
	assert_hides(&g.t, "Daftar toko");
	end(&g);
}

static void what_is_wrong_with_a_form_is_shown(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<End><Enter>");
	add_file(&g, "rusak.md",
		 "| survey |\n"
		 "| | type | name | label |\n"
		 "| | teks | nama | Nama |\n"
		 "| | select_one tiada | x | X |\n"
		 "| settings |\n"
		 "| | form_id |\n"
		 "| | rusak |\n");
	assert_shows(&g.t, " Masalah pada formulir");
	assert_shows(&g.t, "survey, baris 4, kolom type");
	terminal_keys(&g.t, "<Down><PgDn><Esc>");
	assert_shows(&g.t, "   Judul  ");
	assert_hides(&g.t, "rusak");
	end(&g);
}

static void a_file_that_is_no_form_is_said_to_be_none(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<End><Enter>");
	add_file(&g, "x.pdf", "%PDF");
	assert_shows(&g.t, "   Judul  ");
	terminal_keys(&g.t, "+/tmp/tidak-ada-di-sini.csv<Enter>");
	assert_shows(&g.t, "/tmp/tidak-ada-di-sini.csv: "
			   "berkas tidak bisa dibaca\n");
	terminal_keys(&g.t, "+<Enter>");
	assert_shows(&g.t, "   Judul  ");
	end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(settings_show_who_works_and_where_the_data_lies),
		T(the_profile_can_be_changed),
		T(the_minutes_until_the_lock_are_kept),
		T(a_name_cannot_be_taken_away),
		T(the_language_changes_at_once),
		T(a_form_is_added_from_a_file_and_removed),
		T(what_is_wrong_with_a_form_is_shown),
		T(a_file_that_is_no_form_is_said_to_be_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
