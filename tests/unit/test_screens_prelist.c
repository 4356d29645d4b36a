/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "../../src/screens/open.h"
#include "../lib/stage.h"

static void put(struct stage *g, const char *name, const char *content)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", g->w.folder, name);
	assert_int_equal(file_write(path, str_from(content)), 0);
}

static void begin(struct stage *g)
{
	stage_make(g, NULL);
	assert_int_equal(setenv("HOME", g->w.folder, 1), 0);
	put(g, "daftar.csv",
	    "No;ID DTKS;Nama;Nomor;Catatan\n1;A-1;Mawar;11;x\n"
	    "2;A-2;Melati;1,87E+15;\n3;A-3;Kenanga;13;\n");
	terminal_open(&g->t, 24, 80);
	prelist_screen_open(g->t.ui, g->w.cases);
	terminal_keys(&g->t, "");
}

static void a_list_is_chosen_shown_tried_and_taken_in(void **state)
{
	struct stage g;
	char path[200];

	(void)state;
	begin(&g);
	assert_shows(&g.t, "Masukkan ke daftar mana");
	terminal_keys(&g.t, "Rumah<Enter>");
	assert_shows(&g.t, "daftar.csv  ");
	assert_shows(&g.t, "berkas lain: ketik letaknya");
	terminal_keys(&g.t, "daftar<Enter>");
	assert_shows(&g.t, " daftar.csv -> Rumah\n");
	assert_shows(&g.t, "   Nama                     Mawar                  "
			   "Nama\n");
	assert_shows(&g.t, "   Catatan                  x                      "
			   "-\n");
	terminal_keys(&g.t, "<Down>k");
	assert_shows(&g.t, " > ID DTKS                  A-1                    "
			   "-  kunci\n");
	terminal_keys(&g.t, "c");
	assert_shows(&g.t, "Percobaan. 3 baris: 2 baru, 0 diubah, 0 tetap, 1 "
			   "ditolak.");
	assert_int_equal(cases_count(g.w.cases, STR("rumah")), 0);
	terminal_keys(&g.t, "d");
	assert_shows(&g.t, "baris 3, Nomor: nomor rusak oleh lembar sebar "
			   "(seperti 1,87E+15)");
	terminal_keys(&g.t, "<Esc>m");
	assert_shows(&g.t, "Masukkan 2 baru dan ubah 0?");
	terminal_keys(&g.t, "y");
	assert_shows(&g.t, "Sudah masuk. 3 baris: 2 baru");
	assert_shows(&g.t, "daftar-ditolak.csv");
	assert_int_equal(cases_count(g.w.cases, STR("rumah")), 2);
	snprintf(path, sizeof(path), "%s/daftar-ditolak.csv", g.w.folder);
	assert_true(file_exists(path));
	terminal_keys(&g.t, "m");
	assert_shows(&g.t, "Tidak ada yang baru di berkas ini");
	stage_end(&g);
}

static void a_file_that_was_typed_has_its_refused_rows_beside_it(void **state)
{
	struct stage g;
	char path[200];

	(void)state;
	begin(&g);
	/* a place typed into the list is not typed again */
	terminal_keys(&g.t, "Rumah<Enter>~/daftar.csv<Enter>");
	assert_shows(&g.t, " Berkas: ~/daftar.csv\n");
	terminal_keys(&g.t, "<Esc>b");
	terminal_keys(&g.t, "lain<Enter>~/daftar.csv<Enter>");
	assert_shows(&g.t, " daftar.csv -> Rumah\n");
	terminal_keys(&g.t, "my");
	snprintf(path, sizeof(path), "%s/daftar-ditolak.csv", g.w.folder);
	assert_true(file_exists(path));
	stage_end(&g);
}

static void where_a_column_goes_is_changed_and_remembered(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Rumah<Enter>daftar<Enter>");
	terminal_keys(&g.t, "<End><Enter>");
	assert_shows(&g.t, "Kolom ini masuk ke");
	assert_shows(&g.t, "(dilewati)");
	terminal_keys(&g.t, "desa<Enter>");
	assert_shows(&g.t, " > Catatan                  x                      "
			   "Desa\n");
	terminal_keys(&g.t, "my");
	assert_shows(&g.t, "Sudah masuk.");
	put(&g, "lagi.csv", "catatan,nama\nSukarame,Anggrek\n");
	terminal_keys(&g.t, "blagi<Enter>");
	assert_shows(&g.t, " > catatan                  Sukarame               "
			   "Desa\n");
	stage_end(&g);
}

static void what_is_no_list_is_said_and_the_last_one_stays(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	put(&g, "rusak.xlsx", "PK\x03\x04 bukan");
	terminal_keys(&g.t, "Rumah<Enter>daftar<Enter>");
	terminal_keys(&g.t, "brusak<Enter>");
	assert_shows(&g.t, "bukan berkas .xlsx yang utuh");
	assert_shows(&g.t, " daftar.csv -> Rumah\n");
	terminal_keys(&g.t, "blain<Enter>~/tidak.csv<Enter>");
	assert_shows(&g.t, "berkas tidak bisa dibaca");
	stage_end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_chosen_shown_tried_and_taken_in),
		cmocka_unit_test(
			a_file_that_was_typed_has_its_refused_rows_beside_it),
		cmocka_unit_test(where_a_column_goes_is_changed_and_remembered),
		cmocka_unit_test(
			what_is_no_list_is_said_and_the_last_one_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
