/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "../lib/stage.h"

/* Houses by village and condition; which were new is told by the clock. */
static const char recaps[] =
	"recap,kind,name,label::id,label::en,value\n"
	"rumah,title,,Rumah per kondisi,Houses by condition,\n"
	"rumah,source,rumah,,,\n"
	"rumah,by,desa,Desa,Village,desa\n"
	"rumah,rows,,Kondisi,Condition,\"coalesce(kondisi, 'belum')\"\n"
	"rumah,measure,bar,Jumlah,Count,1\n"
	"bulanan,title,,Laporan bulanan,Monthly report,\n"
	"bulanan,pair,,Petugas,Worker,name\n"
	"bulanan,part,rumah,,,\n"
	"bulanan,sign,,Pelapor,Reported by,name\n"
	"surat,for,rumah,,,\n"
	"surat,title,,Surat,Letter,\n"
	"surat,pair,,Nama,Name,nama\n";

static void house(struct stage *g, const char *name, const char *village)
{
	(void)stage_house(g, name, "1871010203040003", village);
}

static void begin(struct stage *g, int rows, int cols)
{
	stage_make(g, NULL);
	assert_int_equal(cases_media_put(g->w.cases, STR("recaps.csv"),
					 str_from(recaps), &g->w.report),
			 0);
	assert_int_equal(cases_refresh(g->w.cases), 0);
	terminal_open(&g->t, rows, cols);
	stage_home(g);
}

static void what_is_counted_is_chosen_from_a_list(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	terminal_keys(&g.t, "r");
	assert_shows(&g.t, "2\n\n > Rumah per kondisi\n"
			   "   Laporan bulanan\n\n"
			   " Enter buka  ? bantuan  Esc kembali\n");
	stage_end(&g);
}

static void nothing_is_said_of_an_empty_store(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	terminal_keys(&g.t, "r<Enter>");
	assert_shows(&g.t, "Tidak ada.");
	terminal_keys(&g.t, "<Esc><Down><Enter>");
	assert_shows(&g.t, "Laporan bulanan");
	assert_shows(&g.t, "Tidak ada.");
	stage_end(&g);
}

static void p_parts_it_or_counts_the_whole(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	house(&g, "Satu", "Palapa");
	house(&g, "Dua", "Enggal");
	terminal_keys(&g.t, "r<Enter>");
	assert_shows(&g.t, "Seluruhnya\n----------\n");
	assert_shows(&g.t, "Enggal\n------\n");
	terminal_keys(&g.t, "<End>");
	assert_shows(&g.t, "Palapa\n------\n");
	terminal_keys(&g.t, "p");
	assert_hides(&g.t, "Enggal");
	assert_shows(&g.t, "Kondisi Jumlah\n------- ------\nbelum        2\n");
	stage_end(&g);
}

/* The clock of the world says 21 November 2026. */
static void a_period_is_chosen_typed_or_turned_to(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	house(&g, "Satu", "Palapa");
	terminal_keys(&g.t, "r<Enter>");
	assert_shows(&g.t, "Masa: seluruh masa.");
	terminal_keys(&g.t, "m");
	assert_shows(&g.t, "2026-11  Nov 2026");
	terminal_keys(&g.t, "okt<Enter>");
	assert_shows(&g.t, "Masa: 01-10-2026 sampai 31-10-2026.");
	assert_shows(&g.t, "Tidak ada.");
	terminal_keys(&g.t, "<Right>");
	assert_shows(&g.t, "Masa: 01-11-2026 sampai 30-11-2026.");
	assert_shows(&g.t, "Palapa");
	terminal_keys(&g.t, "<Left><Left>");
	assert_shows(&g.t, "Masa: 01-09-2026 sampai 30-09-2026.");
	terminal_keys(&g.t, "m3-2-2026 15-11-2026<Enter>");
	assert_shows(&g.t, "Masa: 03-02-2026 sampai 15-11-2026.");
	terminal_keys(&g.t, "mseluruh masa<Enter>");
	assert_shows(&g.t, "Masa: seluruh masa.");
	stage_end(&g);
}

static void a_report_is_of_this_month(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	terminal_keys(&g.t, "r<Down><Enter>t");
	assert_shows(&g.t, "bulanan-2026-11.txt");
	stage_end(&g);
}

static void the_name_of_the_file_is_proposed_and_told(void **state)
{
	struct stage g;
	char path[300];
	struct buf b = BUF_INIT((size_t)1 << 20);

	(void)state;
	begin(&g, 24, 80);
	house(&g, "Satu", "Palapa");
	terminal_keys(&g.t, "r<Enter>c");
	snprintf(path, sizeof(path), "%s-cetak/rumah-semua.csv", g.w.dir);
	assert_shows(&g.t, "Tulis ke: ");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Ditulis: ");
	assert_int_equal(file_read(path, &b), 0);
	buf_addc(&b, '\0');
	assert_string_equal(b.p, "bagian,Kondisi,Jumlah\n"
				 "Palapa,belum,1\nPalapa,Jumlah,1\n");
	terminal_keys(&g.t, "c<Enter>");
	assert_shows(&g.t, "sudah ada. Ganti? (y/t)");
	terminal_keys(&g.t, "t");
	assert_hides(&g.t, "Ditulis");
	terminal_keys(&g.t, "h<Enter>");
	assert_shows(&g.t, "rumah-semua.html");
	terminal_keys(&g.t, "t<C-u>/tidak/ada/x.txt<Enter>");
	assert_shows(&g.t, "tidak bisa ditulis");
	buf_release(&b);
	stage_end(&g);
}

static void the_only_paper_about_a_record_is_opened_at_once(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	house(&g, "Satu", "Palapa");
	terminal_keys(&g.t, "/satu<Down><Enter>l");
	assert_shows(&g.t, "Nama                  : Satu");
	terminal_keys(&g.t, "<Esc>");
	assert_hides(&g.t, "> Surat");
	stage_end(&g);
}

static void a_narrow_screen_gets_narrow_tables(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 16, 60);
	house(&g, "Satu", "Palapa");
	terminal_keys(&g.t, "r<Enter>");
	assert_shows(&g.t, " m masa  p pilah  c CSV  h HTML  t teks");
	terminal_keys(&g.t, "?");
	assert_shows(&g.t, "pilih bulan, tahun atau tanggal");
	assert_shows(&g.t, "bulan sebelumnya");
	stage_end(&g);
}

static void counting_stops_at_esc_and_what_was_shown_stands(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, 24, 80);
	house(&g, "Satu", "Palapa");
	terminal_keys(&g.t, "r");
	terminal_burst(&g.t, "<Enter><Esc>");
	assert_shows(&g.t, " > Rumah per kondisi");
	assert_shows(&g.t, "Dihentikan");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Palapa\n------\n");
	terminal_burst(&g.t, "p<Esc>");
	assert_shows(&g.t, "Dihentikan");
	assert_shows(&g.t, "Palapa\n------\n");
	terminal_keys(&g.t, "<Right>");
	assert_shows(&g.t, "Masa: 01-11-2026 sampai 30-11-2026.");
	terminal_burst(&g.t, "<Left><Esc>");
	assert_shows(&g.t, "Masa: 01-11-2026 sampai 30-11-2026.");
	terminal_keys(&g.t, "c");
	assert_shows(&g.t, "rumah-2026-11.csv");
	terminal_burst(&g.t, "<Enter><Esc>");
	assert_shows(&g.t, "Dihentikan; tidak ada yang ditulis");
	stage_end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_counted_is_chosen_from_a_list),
		cmocka_unit_test(nothing_is_said_of_an_empty_store),
		cmocka_unit_test(p_parts_it_or_counts_the_whole),
		cmocka_unit_test(a_period_is_chosen_typed_or_turned_to),
		cmocka_unit_test(a_report_is_of_this_month),
		cmocka_unit_test(the_name_of_the_file_is_proposed_and_told),
		cmocka_unit_test(
			the_only_paper_about_a_record_is_opened_at_once),
		cmocka_unit_test(a_narrow_screen_gets_narrow_tables),
		cmocka_unit_test(
			counting_stops_at_esc_and_what_was_shown_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
